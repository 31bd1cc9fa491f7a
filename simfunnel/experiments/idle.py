"""A key that does nothing here is not doubted where it acts in the base as written, or in another alternative.

Its author knows: an alternative or --set left it without effect, or it is there for an alternative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import listed
from simfunnel.scenario.keys import Block


@dataclass(frozen=True)
class Idle:
    """Keys that do nothing, by their paths, for one reason: what is said of them, and what to do about it.

    `what` is the part of them that does nothing, if not all of it does: "with ...".
    """

    keys: tuple[str, ...]
    why: str
    do: str
    what: str = ""

    def said(self) -> str:
        """The doubt as a sentence; `{them}` in it stands for the keys."""
        does, them = ("does", "it") if len(self.keys) == 1 else ("do", "them")
        does = f"{does} nothing{self.what and ' '}{self.what}"
        return f"{listed(self.keys)} {does}, {self.why}: {self.do.format(them=them)}."


Finder = Callable[[Expectation], Iterable[Idle]]


def doubting(*finders: Finder) -> Callable[[Expectation], Iterator[str]]:
    """The doubts about idle keys, but for those that act in something that is written in the files."""

    def doubts(expected: Expectation) -> Iterator[str]:
        for find in finders:
            for idle in find(expected):
                if keys := tuple(key for key in idle.keys if not _acts_elsewhere(key, expected, find)):
                    yield replace(idle, keys=keys).said()

    return doubts


def _acts_elsewhere(key: str, expected: Expectation, find: Finder) -> bool:
    """Does the key act in what else is written, with the same value?"""
    value = _at(expected.scenario, key)
    return any(
        _at(other, key) == value and not any(key in idle.keys for idle in find(Expectation(other)))
        for other in expected.written
    )


def _at(value: Any, path: str) -> Any:
    """What stands at a path of a scenario; None where a block on the way is absent."""
    for key in path.split("."):
        value = getattr(value, key, None) if isinstance(value, Block) else (value or {}).get(key)
    return value
