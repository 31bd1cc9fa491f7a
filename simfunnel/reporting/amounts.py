"""An amount of any metric is told in its unit, with as many digits as its size deserves, and a difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simfunnel.reporting.rows import words
from simfunnel.reporting.units import SHARE, unit_of
from simfunnel.reporting.wording import UNKNOWN, Summary, number

SMALL: Final = 5.0
"""Amounts of money below this are told with their minor units."""
MORE: Final = {"sold": ("more sales", "fewer sales"), "dials": ("more dials", "fewer dials")}


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
    """A value of the decision metric with its unit: 250 EUR, 1.5 sales."""
    metric, currency = comparison["metric"], comparison["currency"]
    unit = unit_of(metric, currency)
    if unit == SHARE:
        return f"{figure(value, metric, currency)} points"
    shown = currency if unit.startswith(currency) else "sales" if metric == "sold" else unit
    return f"{figure(value, metric, currency)} {shown}"


def more_or_less(comparison: Summary, difference: float) -> str:
    """A difference of the decision metric in words: 657 EUR more profit, 0.81 fewer sales."""
    metric, currency = comparison["metric"], comparison["currency"]
    unit = unit_of(metric, currency)
    which = MORE.get(metric, (f"more {words(metric)}", f"less {words(metric)}"))[0 if difference >= 0 else 1]
    size = figure(abs(difference), metric, currency)
    return f"{size}{f' {currency}' if unit.startswith(currency) else ' points' if unit == SHARE else ''} {which}"
