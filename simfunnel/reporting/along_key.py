"""Where the answer changes along a key is told of who leads, how surely, and of no more values than were looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from simfunnel.reporting.rows import words
from simfunnel.reporting.verdicts import called
from simfunnel.reporting.wording import Summary, number, whole

PLACES: Final = {"segments": "in", "teams": "of"}
"""Blocks whose keys are told with the name of what they are of."""
UNSEEN: Final = "Who leads only between two neighbouring values that were looked at is not seen."


def where(comparison: Summary) -> Iterator[str]:
    """Where the lead changes with each key, or that it does not; then what that cannot show."""
    yield from map(along, comparison["where"])
    if comparison["where"]:
        yield UNSEEN


def along(key: Summary) -> str:
    """Who leads from where to where along a key, at how many values of it that was looked at, and how surely."""
    ties, points = sorted(key["ties"], key=lambda tie: float(tie["value"])), key["points"]
    low, high = (value_of(key[end]) for end in ("from", "to"))
    ends = f"{low} to {high} {key['unit']}".rstrip()
    today = f" (the scenario says {key['said']})" if key.get("said") and not key.get("doubts") else ""
    each, sure = f"{key['replications']:,} histories at each", sum(point["best"] is not None for point in points)
    surely = f"{each}; sure at {sure} of {len(points)}"
    if ties:
        told = f"{', '.join(_changes(key, ties))} ({len(points)} values looked at, {surely})"
    else:
        told = _unchanged(points, each, surely)
    sentences = [f"{plain(key['key'])}, {ends}{today}: {told}.", *key.get("doubts", [])]
    return " ".join(sentences)


def _changes(key: Summary, ties: Sequence[Summary]) -> Iterator[str]:
    yield f"up to {_tie(key, ties[0], key['unit'])} {called(ties[0]['below'])} is ahead"
    for tie, after in pairwise(ties):
        yield f"from there to {_tie(key, after)} {called(tie['above'])}"
    yield f"beyond that {called(ties[-1]['above'])}"


def _unchanged(points: Sequence[Summary], each: str, surely: str) -> str:
    looked, leading = f"at all {len(points)} values looked at", leaders(points)
    if len(leading) != 1:
        return f"no change was found {looked} ({surely})"
    if {point["best"] for point in points} == set(leading):
        return f"{called(leading[0])} is best {looked} ({each})"
    return f"{called(leading[0])} is ahead {looked} ({surely})"


def leaders(points: Sequence[Summary]) -> list[str]:
    """All who lead at some of the values."""
    return list(dict.fromkeys(str(point["leading"]) for point in points if point["leading"] is not None))


def plain(key: str) -> str:
    """A key as one would say it, and as it is written: Leads in the list (segments.list.leads)."""
    return f"{spoken(key)} ({key})"


def spoken(key: str, unit: str = "") -> str:
    """A key as one would say it, with its unit if that says more: Leads in the list; Wage per hour of the own, EUR."""
    first, *path = key.split(".")
    last = words(path[-1] if path else first)
    place = f" {PLACES[first]} the {path[0]}" if first in PLACES and len(path) > 1 else ""
    measure = f", {unit}" if unit and unit != last else ""
    return f"{last[:1].upper()}{last[1:]}{place}{measure}"


def bounds(key: Summary, tie: Summary) -> tuple[float, float]:
    """The ends of the interval of a tie; of one that is open, that of the range."""
    low, high = tie["ci95"] or (tie["value"], tie["value"])
    return float(key["from"] if low is None else low), float(key["to"] if high is None else high)


def _tie(key: Summary, tie: Summary, unit: str = "") -> str:
    """A tie with its interval, whose ends may lie beyond the range."""
    value = f"{value_of(tie['value'])} {unit}".rstrip()
    if tie["ci95"] is None:
        return value
    low, high = tie["ci95"]
    lowest = f"below {value_of(key['from'])}" if low is None else value_of(low)
    highest = f"beyond {value_of(key['to'])}" if high is None else value_of(high)
    return f"{value} ({lowest} to {highest})"


def value_of(value: Any) -> str:
    """A value of a key: a number as numbers are shown, else as it is written."""
    return str(value) if isinstance(value, str) else whole(value) if float(value).is_integer() else number(value)
