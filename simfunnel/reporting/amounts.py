"""An amount of any metric is told in its unit, with as many digits as its size deserves, and a difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simfunnel.reporting.rows import words
from simfunnel.reporting.units import SHARE, unit_of
from simfunnel.reporting.wording import UNKNOWN, Summary, number

SMALL: Final = 5.0
"""Amounts of money below this are told with their minor units."""


def figure(value: float | None, metric: str, currency: str) -> str:
    """A value of a metric in its unit, without it: money in whole units where it is not small, a share in percent."""
    if value is None:
        return UNKNOWN
    unit = unit_of(metric, currency)
    if unit == SHARE:
        return number(100 * value, 1)
    return number(value, _decimals(value) if unit.startswith(currency) else None)


def _decimals(amount: float) -> int:
    return 2 if 0 < abs(amount) < SMALL else 0


def ends(interval: Sequence[float] | None, metric: str, currency: str) -> str:
    """Both ends of an interval, with as many digits as the larger one deserves."""
    if interval is None:
        return UNKNOWN
    unit, largest = unit_of(metric, currency), max(map(abs, interval))
    if unit == SHARE:
        return " to ".join(number(100 * end, 1) for end in interval)
    decimals = _decimals(largest) if unit.startswith(currency) else 0 if largest >= 1000 else 1 if largest >= 2 else 2
    return " to ".join(number(end, decimals) for end in interval)


def in_unit(comparison: Summary, value: float) -> str:
    """A difference of the decision metric with its unit: 250 EUR, 1.5 sales, 2.0 points."""
    metric, currency = comparison["metric"], comparison["currency"]
    unit = unit_of(metric, currency)
    if unit == SHARE:
        return f"{figure(value, metric, currency)} points"
    shown = currency if unit.startswith(currency) else "sales" if _last(metric) == "sold" else unit
    return f"{figure(value, metric, currency)} {shown}"


def level_of(comparison: Summary, value: float) -> str:
    """A value of the decision metric in a sentence: 657 EUR of profit, a cost per sale of 1,240 EUR, 45.0 days."""
    metric, currency = comparison["metric"], comparison["currency"]
    shown, unit = figure(value, metric, currency), unit_of(metric, currency)
    if unit == currency:
        return f"{shown} {currency} of {named(metric)}"
    if unit == SHARE or unit.startswith(currency):
        return f"a {named(metric)} of {shown} {'%' if unit == SHARE else currency}"
    return f"{shown} {counted(metric, currency)}"


def more_or_less(comparison: Summary, difference: float) -> str:
    """A difference of the decision metric in words: 657 EUR more profit, 0.81 fewer sales, 2.0 fewer working days."""
    metric, currency = comparison["metric"], comparison["currency"]
    unit, size = unit_of(metric, currency), figure(abs(difference), metric, currency)
    more = "more" if difference >= 0 else "less"
    if unit.startswith(currency):
        return f"{size} {currency} {more} {named(metric)}"
    if unit == SHARE:
        return f"{size} points {more} {named(metric)}"
    return f"{size} {'more' if difference >= 0 else 'fewer'} {counted(metric, currency)}"


def signless(comparison: Summary, interval: Sequence[float]) -> str:
    """The interval of a difference that words tell: 66 to 523; with two signs, 624 less to 58 more."""
    low, high = interval
    metric, currency = comparison["metric"], comparison["currency"]
    if not low < 0 < high:
        return ends(sorted((abs(low), abs(high))), metric, currency)
    least, most = ends((-low, high), metric, currency).split(" to ")
    unit = unit_of(metric, currency)
    fewer = "less" if unit == SHARE or unit.startswith(currency) else "fewer"
    return f"{least} {fewer} to {most} more"


def named(metric: str) -> str:
    """What a metric is called in a sentence: cost per sale, wages (costs), utilisation (teams.callers)."""
    *group, last = metric.split(".")
    return words(last) + (f" ({words('.'.join(group))})" if group else "")


def counted(metric: str, currency: str) -> str:
    """What a metric counts: sales, dials, leads booked, days (teams.callers)."""
    last, unit = _last(metric), unit_of(metric, currency)
    of = named(metric).removeprefix(words(last))
    if last == "sold":
        return f"sales{of}"
    is_noun = last.endswith("s") or any(word in last.split("_") for word in unit.split())
    return named(metric) if is_noun else f"{unit} {named(metric)}"


def _last(metric: str) -> str:
    return metric.split(".")[-1]


def less_is_better(comparison: Summary) -> str:
    """Added to the decision metric where that is so."""
    return " (less is better)" if comparison["better"] == "lower" else ""
