"""Policies are judged only as far as the histories carry it, by intervals that hold however often one has looked.

Two questions are asked at each look. Is a policy better than the baseline? Its paired difference has an interval of
so much confidence that those of all policies at all looks hold at once (`estimates.confidence_each`): outside 0 it is
better or worse, inside what matters it is alike. Which policy is the best? That is for the procedure of Kim and Nelson
(`estimates.select`), whose observations are worlds, or batches of histories where all inputs are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from simfunnel.estimates import Interval, confidence_each, difference, select, units
from simfunnel.estimates.selection import FEWEST

Worlds = npt.NDArray[np.int64] | None
Values = npt.NDArray[Any]
Verdict = Literal["better", "worse", "alike", "not decided"]

BATCH: Final = 10
"""Histories whose mean is one observation, where all inputs are known: near enough to normal."""
CONFIDENCE: Final = 0.95
LOWER: Final = ("cost", "losses", "touches_wasted", "irritations", "complaints", "misfits", "events_cancelled")
"""First words of names of metrics of which less is better."""
SMALL: Final = 0.1
"""Of the standard deviation of one history, the part that matters if nobody says what does."""


@dataclass(frozen=True)
class Rules:
    """What counts: the number of policies, the looks, which is better, and the smallest difference that matters."""

    policies: int
    looks: tuple[int, ...]
    higher: bool
    matters: float
    confidence: float = CONFIDENCE

    @property
    def confidence_of_each(self) -> float:
        """That of one interval of one policy at one look."""
        return confidence_each(self.confidence, len(self.looks), self.policies - 1)


@dataclass(frozen=True)
class Judgement:
    """By policy but the baseline, in order, the verdict and its interval; of all, who may be the best, and who is."""

    verdicts: tuple[Verdict, ...]
    intervals: tuple[Interval | None, ...]
    survivors: tuple[int, ...]
    best: int | None

    @property
    def is_decided(self) -> bool:
        """Is there nothing left to ask?"""
        return self.best is not None and "not decided" not in self.verdicts


def judge(values: Sequence[Values], worlds: Worlds, rules: Rules) -> Judgement:
    """What the histories so far say of policies with these `values`, each (R,), the baseline's first."""
    baseline, *others = values
    intervals = [difference(each, baseline, worlds, confidence=rules.confidence_of_each).ci95 for each in others]
    survivors, best = _best(values, worlds, rules)
    return Judgement(tuple(verdict(each, rules) for each in intervals), tuple(intervals), survivors, best)


def verdict(interval: Interval | None, rules: Rules) -> Verdict:
    """What an interval of the difference to the baseline says."""
    if interval is None:
        return "not decided"
    low, high = interval if rules.higher else (-interval[1], -interval[0])
    if -rules.matters < low and high < rules.matters:
        return "alike"
    return "better" if low > 0 else "worse" if high < 0 else "not decided"


def _best(values: Sequence[Values], worlds: Worlds, rules: Rules) -> tuple[tuple[int, ...], int | None]:
    """Who may be the best, and who is; everybody may where there are too few observations to begin with."""
    everybody = tuple(range(len(values)))
    signed = np.array([units(each if rules.higher else -each, worlds, BATCH) for each in values])
    size = values[0].size // max(1, signed.shape[1])
    seen = [look // size for look in rules.looks if look // size >= FEWEST]
    if not seen or signed.shape[1] < seen[0] or not np.isfinite(signed).all():
        return everybody, None
    found = select(signed, rules.matters, confidence=rules.confidence, first=seen[0], looks=seen)
    return found.survivors, found.best


def matters_by_default(values: Sequence[Values]) -> float:
    """A tenth of the standard deviation of one history, to two digits: the baseline's, or the first that varies."""
    spreads = [float(np.std(each[np.isfinite(each)])) for each in values if np.isfinite(each).any()]
    spread = SMALL * next((found for found in spreads if found > 0), 1 / SMALL)
    return float(f"{spread:.1e}")


def higher_is_better(metric: str, stated: str | None = None) -> bool:
    """Is more of a metric better, if nobody has `stated` it ("higher" or "lower")?"""
    if stated is not None:
        return stated == "higher"
    return not metric.startswith(LOWER) and not metric.split(".")[-1].startswith(LOWER)
