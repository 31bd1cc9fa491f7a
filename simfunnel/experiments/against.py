"""An alternative is judged against its base on the same chance: history by history, so that luck cancels out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from simfunnel.estimates import difference, estimate
from simfunnel.metrics import Columns
from simfunnel.scenario.loading import Loaded
from simfunnel.simulation import Progress, Result, Settings, simulate

Summary = dict[str, Any]

FIRST: Final = ("sold", "profit", "revenue", "cost", "dials", "touches", "touches_wasted", "losses.irritated")
MOST: Final = 12
"""Metrics that are set side by side; the last to get a place are the losses that differ least."""


def lived_both(loaded: Loaded, progress: Progress | None = None, **options: Any) -> tuple[Result, Result | None]:
    """The run asked for, and that of its base if it is an alternative; options are the fields of `Settings`.

    `progress(done, total)` counts the histories of both. Raises RequestError as `simulate` does.
    """
    if loaded.alternative is None:
        return simulate(loaded.scenario, progress=progress, **options), None
    settings = replace(Settings(**options), digest=False)
    base = simulate(loaded.base, progress=_half(progress, 0), **vars(settings))
    return simulate(loaded.scenario, progress=_half(progress, settings.replications), **options), base


def _half(progress: Progress | None, before: int) -> Progress | None:
    """The progress of one of two equal runs, `before` histories of which are done already."""
    return None if progress is None else lambda done, total: progress(before + done, 2 * total)


def against_base(alternative: Result, base: Result) -> Summary:
    """By metric (the names and units of columns) the mean of either, and their paired `difference` with its `ci95`.

    The difference is the alternative's less the base's, its interval is clustered by world.
    """
    worlds = base.worlds if alternative.worlds is None else alternative.worlds
    found = {}
    for name in compared(alternative.columns, base.columns):
        new, old = alternative.columns[name], base.columns[name]
        paired = difference(new, old, worlds).to_json()
        means = {"base": estimate(old).mean, "alternative": estimate(new).mean}
        found[name] = {**means, "difference": paired["mean"], "ci95": paired["ci95"]}
    return found


def compared(alternative: Columns, base: Columns) -> tuple[str, ...]:
    """The metrics worth setting side by side, at most `MOST`, of those that both have."""
    both = [name for name in alternative if name in base]
    always = [*(name for name in FIRST if name in both), *_hours(both)]
    losses = [name for name in both if name.startswith("losses.") and name not in always]
    changes = {name: abs(float(alternative[name].mean() - base[name].mean())) for name in losses}
    largest = sorted((name for name in losses if changes[name]), key=lambda name: -changes[name])
    places = max(0, MOST - len(always))
    return (*always[:MOST], *(name for name in losses if name in largest[:places]))


def _hours(names: list[str]) -> Iterator[str]:
    """The time worked by each team."""
    return (name for name in names if name.startswith("teams.") and name.endswith(".busy_minutes"))
