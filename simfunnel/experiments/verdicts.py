"""A requirement passes or fails only where the whole interval says so; what the interval leaves open is undecided.

An interval is believed only where it can be: of at least a hundred independent histories (or worlds), not
ruled by a few of them (Cochran 1977, Sampling Techniques, 2.15), and of a ratio only where what it is
divided by is known within some 10 % (6.8 there). What is alike in all of so many histories is taken for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from simfunnel.estimates import Floats, Interval, exact_chance, percentile
from simfunnel.estimates.units import unit_totals
from simfunnel.experiments.estimating import SIGNED, Worlds, estimate_of, sums_of
from simfunnel.experiments.requirements import CHANCE, MEAN, Requirement
from simfunnel.metrics import Columns

Verdict = Literal["pass", "fail", "undecided"]
PASS: Final = "pass"
FAIL: Final = "fail"
UNDECIDED: Final = "undecided"
WITHIN: Final = "what is required lies within the interval"

ENOUGH: Final = 100
"""Independent histories, or worlds, before which nothing is decided."""
PER_SKEWNESS: Final = 25
"""Cochran's rule: at least so many independent histories for each squared skewness of theirs."""
KNOWN_WITHIN: Final = 0.1
"""A ratio's interval is good where the standard error of the sum it is divided by is at most so large a part of it."""


@dataclass(frozen=True)
class Judged:
    """A requirement with its verdict; the ends of `interval`, which is of `confidence`, may be infinite.

    `reason` is empty where the interval speaks for itself; `hopeless` says that more histories would not decide.
    """

    requirement: Requirement
    estimate: float | None
    interval: Interval | None
    confidence: float
    verdict: Verdict
    reason: str = ""
    hopeless: bool = False

    @property
    def settled(self) -> bool:
        """Is there nothing to be learnt from more histories?"""
        return self.verdict != UNDECIDED or self.hopeless

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
    estimate, interval = _estimated(required, columns, worlds, confidence)
    if reason := _unfit(required, estimate, columns, worlds):
        return Judged(required, estimate, interval, confidence, UNDECIDED, reason)
    verdict = verdict_on(required, interval)
    if verdict == PASS and (left_out := _left_out(required, columns)):
        return Judged(required, estimate, interval, confidence, UNDECIDED, left_out, hopeless=True)
    if interval is not None and interval[0] == interval[1] and required.statistic == MEAN:
        return Judged(required, estimate, interval, confidence, verdict, f"alike in all {_histories(columns)}")
    return Judged(required, estimate, interval, confidence, verdict, WITHIN if verdict == UNDECIDED else "")


def _estimated(
    required: Requirement, columns: Columns, worlds: Worlds, confidence: float
) -> tuple[float | None, Interval | None]:
    """The number required and its interval; an undefined value is a miss."""
    if required.target is not None:
        hits = required.target.hits(columns).astype(np.float64)
        return exact_chance(hits, worlds, confidence=confidence)
    if required.statistic == MEAN:
        found = estimate_of(required.bound.metric, columns, worlds, confidence=confidence)
        return found.mean, found.ci95
    return _percentile(required, columns, worlds, confidence)


def _percentile(
    required: Requirement, columns: Columns, worlds: Worlds, confidence: float
) -> tuple[float | None, Interval | None]:
    values = np.asarray(required.column(columns), dtype=np.float64)
    miss = inf if required.bound.comparison in ("<", "<=") else -inf
    found = percentile(np.where(np.isfinite(values), values, miss), required.quantile, worlds, confidence=confidence)
    if found.ci95 is None or required.bound.metric in SIGNED or (miss == -inf and not np.isfinite(values).all()):
        return found
    return found.value, (max(0.0, found.ci95[0]), found.ci95[1])


def _unfit(required: Requirement, estimate: float | None, columns: Columns, worlds: Worlds) -> str:
    """Why the interval is not to be believed; empty if it is."""
    values = required.column(columns)
    if required.target is None and not np.isfinite(values).any():
        return f"undefined in all {_histories(columns)}"
    units = values.size if worlds is None else np.unique(worlds).size
    if units < ENOUGH:
        what = "histories" if worlds is None else "worlds"
        return f"an interval of {units:,} {what} is not to be relied on: it takes {ENOUGH}"
    if required.statistic != MEAN or estimate is None:
        return ""
    above, of = sums_of(required.bound.metric, columns)
    if of is not None and _too_few(of, worlds):
        return "too little to divide by in so few histories"
    skewed = _skewed(above - estimate * (1.0 if of is None else of), worlds)
    return "a few histories weigh so much that its interval is not to be relied on" if skewed else ""


def _too_few(of: npt.NDArray[Any], worlds: Worlds) -> bool:
    """Is the sum of what is divided by not known within some 10 %?"""
    totals = unit_totals(of.astype(np.float64), worlds)
    return bool(totals.std(ddof=1) * np.sqrt(totals.size) > KNOWN_WITHIN * abs(totals.sum()))


def _skewed(residuals: npt.NDArray[Any], worlds: Worlds) -> bool:
    """Are the independent histories too few for how skew they are?"""
    known = np.isfinite(residuals)
    totals = unit_totals(residuals[known].astype(np.float64), None if worlds is None else worlds[known])
    largest = np.abs(totals).max(initial=0.0)
    if not largest:
        return False
    scaled: Floats = totals / largest
    return bool(scaled.size * np.mean(scaled**2) ** 3 < PER_SKEWNESS * np.mean(scaled**3) ** 2)


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
