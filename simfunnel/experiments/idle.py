"""A key that an alternative or --set left without effect is not doubted: its author knows, and the base needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import listed
from simfunnel.scenario.keys import Block


@dataclass(frozen=True)
class Idle:
    """Keys that do nothing, by their paths, for one reason: what is said of them, and what to do about it."""

    keys: tuple[str, ...]
    why: str
    do: str

    def said(self) -> str:
        """The doubt as a sentence; `{them}` in it stands for the keys."""
        does, them = ("does", "it") if len(self.keys) == 1 else ("do", "them")
        return f"{listed(self.keys)} {does} nothing, {self.why}: {self.do.format(them=them)}."


Finder = Callable[[Expectation], Iterable[Idle]]


def doubting(*finders: Finder) -> Callable[[Expectation], Iterator[str]]:
    """The doubts about idle keys, but for those that act in what is written in the files."""

    def doubts(expected: Expectation) -> Iterator[str]:
        for find in finders:
            for idle in find(expected):
                if keys := tuple(key for key in idle.keys if not _taken_away(key, expected, find)):
                    yield Idle(keys, idle.why, idle.do).said()

    return doubts


def _taken_away(key: str, expected: Expectation, find: Finder) -> bool:
    """Does the key act in what is written, with the same value?"""
    if expected.written is None or _at(expected.written, key) != _at(expected.scenario, key):
        return False
    return not any(key in idle.keys for idle in find(Expectation(expected.written)))


def _at(value: Any, path: str) -> Any:
    """What stands at a path of a scenario; None where a block on the way is absent."""
    for key in path.split("."):
        value = getattr(value, key, None) if isinstance(value, Block) else (value or {}).get(key)
    return value
