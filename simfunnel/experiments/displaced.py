"""What --set says lies over an alternative as it lies over its base, so they no longer differ in it, which is said."""

from __future__ import annotations

from simfunnel.experiments.phrasing import listed
from simfunnel.scenario.alternatives import Keys, changed_paths
from simfunnel.scenario.loading import Loaded
from simfunnel.scenario.shape import dotted


def displaced(loaded: Loaded) -> tuple[str, ...]:
    """A sentence where overrides take the place of what the alternative says; none where they leave it alone."""
    if loaded.alternative is None:
        return ()
    keys = [path for path, _ in changed_paths(loaded.alternative.changes)]
    taken = [path for path in loaded.overridden if any(_same(path, key) for key in keys)]
    if not taken:
        return ()
    takes, name = "takes" if len(taken) == 1 else "take", loaded.alternative.name
    rest = "in nothing" if loaded.scenario == loaded.base else "only in what else it says"
    return (
        f"--set {listed([dotted(path) for path in taken])} {takes} the place of what alternative {name} says, and "
        f"holds for the base as well, so they differ {rest}: set other keys, or set this without --alternative {name}.",
    )


def _same(one: Keys, other: Keys) -> bool:
    """Are they the same key, or is one of them inside the other?"""
    depth = min(len(one), len(other))
    return one[:depth] == other[:depth]
