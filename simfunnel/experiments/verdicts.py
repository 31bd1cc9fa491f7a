"""A requirement passes or fails only where the whole interval says so; what the interval leaves open is undecided.

An interval is believed only where it can be: of at least a hundred independent histories (or worlds), not
ruled by a few of them (Cochran 1977, Sampling Techniques, 2.15), and of a ratio only where what it is
divided by is known within some 10 % (6.8 there). What is alike in all of so many histories is taken for certain,
unless something rare that none of them shows would matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from simfunnel.estimates import (
    Floats,
    Interval,
    exact_chance,
    percentile,
    rare_at_most,
    wider_if_skewed,
)
from simfunnel.estimates.exact import ENOUGH, too_skewed
from simfunnel.estimates.units import unit_totals
from simfunnel.experiments.estimating import Worlds, estimate_of, may_be_below_0, sums_of
from simfunnel.experiments.requirements import CHANCE, MEAN, Requirement
from simfunnel.metrics import Columns

Verdict = Literal["pass", "fail", "undecided"]
PASS: Final = "pass"
FAIL: Final = "fail"
UNDECIDED: Final = "undecided"
WITHIN: Final = "what is required lies within the interval"

KNOWN_WITHIN: Final = 0.1
"""A ratio's interval is good where the standard error of the sum it is divided by is at most so large a part of it."""
STAKES: Final = ("revenue", "cost", "profit")
MONEY: Final = frozenset(("revenue", "cost", "costs", "profit", "value"))
"""One of these words is in the name of what is money."""


@dataclass(frozen=True)
class Judged:
    """A requirement with its verdict; the ends of `interval`, which is of `confidence`, may be infinite.

    `reason` is empty where the interval speaks for itself; `settled` says that more histories need not be asked.
    """

    requirement: Requirement
    estimate: float | None
    interval: Interval | None
    confidence: float
    verdict: Verdict
    reason: str = ""
    settled: bool = True

    def to_json(self) -> dict[str, Any]:
        """Under their names; an end of the interval that so few histories do not bound is None."""
        required, ends = self.requirement, self.interval
        told: dict[str, Any] = {
            "text": required.text,
            "statistic": required.statistic,
            "bound": required.bound.value,
            "estimate": self.estimate,
            "interval": None if ends is None else [end if isfinite(end) else None for end in ends],
            "confidence": self.confidence,
            "verdict": self.verdict,
        }
        in_words = {} if required.statistic in (CHANCE, MEAN) else {"as_chance": required.as_chance}
        return {**told, **in_words, **({"reason": self.reason} if self.reason else {})}


def judge(required: Sequence[Requirement], columns: Columns, worlds: Worlds, confidence: float) -> list[Judged]:
    """Each requirement judged by an interval of `confidence`, on the histories in `columns`."""
    return [_judged(requirement, columns, worlds, confidence) for requirement in required]


def verdict_on(required: Requirement, interval: Interval | None) -> Verdict:
    """What holds in the whole interval."""
    if interval is None:
        return UNDECIDED
    ends = {required.holds(end) for end in interval}
    return UNDECIDED if len(ends) == 2 else PASS if ends == {True} else FAIL


def _judged(required: Requirement, columns: Columns, worlds: Worlds, confidence: float) -> Judged:
    if required.statistic == MEAN:
        return _mean(required, columns, worlds, confidence)
    if required.target is not None:
        hits = required.target.hits(columns).astype(np.float64)
        estimate, interval = exact_chance(hits, worlds, confidence=confidence)
    else:
        estimate, interval = _percentile(required, columns, worlds, confidence)
    reason = _unfit(required, columns, worlds)
    return _by_interval(required, estimate, interval, confidence, reason)


def _by_interval(
    required: Requirement, estimate: float | None, interval: Interval | None, confidence: float, reason: str
) -> Judged:
    """The verdict of an interval, if there is no reason not to believe it."""
    verdict = UNDECIDED if reason else verdict_on(required, interval)
    open_ = verdict == UNDECIDED
    return Judged(required, estimate, interval, confidence, verdict, reason or open_ * WITHIN, settled=not open_)


def _percentile(
    required: Requirement, columns: Columns, worlds: Worlds, confidence: float
) -> tuple[float | None, Interval | None]:
    """A percentile and its interval, all that is undefined on the wrong side."""
    values = np.asarray(required.column(columns), dtype=np.float64)
    defined = np.isfinite(values)
    miss = inf if required.bound.comparison in ("<", "<=") else -inf
    found = percentile(np.where(defined, values, miss), required.quantile, worlds, confidence=confidence)
    if found.ci95 is None or may_be_below_0(required.bound.metric, columns) or (miss < 0 and not defined.all()):
        return found
    return found.value, (max(0.0, found.ci95[0]), found.ci95[1])


def _unfit(required: Requirement, columns: Columns, worlds: Worlds) -> str:
    """Why no interval of these histories is to be believed; empty if one may be."""
    values = required.column(columns)
    if required.target is None and not np.isfinite(values).any():
        return f"undefined in all {_histories(columns)}"
    if (units := _units(columns, worlds)) < ENOUGH:
        what = "histories" if worlds is None else "worlds"
        return f"an interval of {units:,} {what} is not to be relied on: it takes {ENOUGH}"
    return ""


def _units(columns: Columns, worlds: Worlds) -> int:
    return columns["sold"].size if worlds is None else int(np.unique(worlds).size)


def _mean(required: Requirement, columns: Columns, worlds: Worlds, confidence: float) -> Judged:
    """A mean, or a ratio of means: what is alike in all histories is certain, unless something rare may be missing."""
    found = estimate_of(required.bound.metric, columns, worlds, confidence=confidence)
    reason = _unfit(required, columns, worlds)
    if found.mean is None or found.ci95 is None or found.standard_error is None or reason:
        return Judged(required, found.mean, found.ci95, confidence, UNDECIDED, reason, settled=False)
    above, of = sums_of(required.bound.metric, columns)
    if not found.standard_error:
        return _certain(required, found.mean, columns, worlds, confidence)
    totals = _totals(above - found.mean * (1.0 if of is None else of), worlds)
    interval = wider_if_skewed(found.mean, found.standard_error, found.ci95, totals, confidence)
    if not may_be_below_0(required.bound.metric, columns):
        interval = max(0.0, interval[0]), interval[1]
    if of is not None and _too_few(of, worlds):
        reason = "too little to divide by in so few histories"
    elif too_skewed(totals):
        reason = "a few histories weigh so much that its interval is not to be relied on"
    judged = _by_interval(required, found.mean, interval, confidence, reason)
    left_out = _left_out(required, columns) if judged.verdict == PASS else ""
    return replace(judged, verdict=UNDECIDED, reason=left_out, settled=True) if left_out else judged


def _certain(required: Requirement, mean: float, columns: Columns, worlds: Worlds, confidence: float) -> Judged:
    """All histories are alike, so far: a bound that something rare might cross is not settled, and no other is.

    Something rare is thought to change a number by as much as it is, and by 1 at least; money by all that a history
    is about.
    """
    largest = _stakes(required.bound.metric, columns)
    reach = rare_at_most(_units(columns, worlds), confidence) * max(1.0, abs(mean), largest)
    near, alike = abs(mean - required.bound.value) <= reach, f"alike in all {_histories(columns)}"
    judged = _by_interval(required, mean, (mean, mean), confidence, "")
    if left_out := _left_out(required, columns) if judged.verdict == PASS else "":
        return replace(judged, verdict=UNDECIDED, reason=left_out, settled=True)
    if near and mean != required.bound.value:
        return replace(judged, verdict=UNDECIDED, reason=f"{alike}, but something rare might change it", settled=False)
    return replace(judged, reason=alike, settled=not near)


def _stakes(metric: str, columns: Columns) -> float:
    """Of money the most that a history took, spent, earned or lost, or that per sale; 0 of all else."""
    if MONEY.isdisjoint(re.split(r"[._]", metric)):
        return 0.0
    most = max((float(np.abs(columns[name]).max(initial=0)) for name in STAKES if name in columns), default=0.0)
    _, of = sums_of(metric, columns)
    return most if of is None else most / float(np.mean(of))


def _totals(residuals: npt.NDArray[Any], worlds: Worlds) -> Floats:
    """Residuals by independent unit."""
    known = np.isfinite(residuals)
    return unit_totals(residuals[known].astype(np.float64), None if worlds is None else worlds[known])


def _too_few(of: npt.NDArray[Any], worlds: Worlds) -> bool:
    """Is the sum of what is divided by not known within some 10 %?"""
    totals = _totals(of, worlds)
    return bool(totals.std(ddof=1) * np.sqrt(totals.size) > KNOWN_WITHIN * abs(totals.sum()))


def _left_out(required: Requirement, columns: Columns) -> str:
    """A mean leaves out histories in which there is no value, and these are misses; a ratio of sums forgets nobody."""
    if required.statistic != MEAN or sums_of(required.bound.metric, columns)[1] is not None:
        return ""
    undefined = int(np.count_nonzero(~np.isfinite(required.column(columns))))
    if not undefined:
        return ""
    return (
        f"undefined in {undefined:,} of {_histories(columns)}, which a mean leaves out: require a chance instead, "
        f"such as P({required.bound.text}) >= 90 %"
    )


def _histories(columns: Columns) -> str:
    return f"{columns['sold'].size:,} histories"
