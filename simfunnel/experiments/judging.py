"""Policies are judged only as far as the histories carry it, by intervals that hold however often one has looked.

Two questions are asked at each look. Is a policy better than the baseline? Its paired difference has an interval of
so much confidence that those of all policies at all looks hold at once (`estimates.confidence_each`): outside 0 it is
better or worse, inside what matters it is alike. Where histories are few, or a few of them weigh much, no interval is
to be believed, and nothing is decided. Which policy is the best? That is for the procedure of Kim and Nelson
(`estimates.select`), whose observations are worlds, or batches of histories where all inputs are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from simfunnel.estimates import (
    Interval,
    confidence_each,
    difference,
    rare_at_most,
    select,
    units,
    wider_if_skewed,
)
from simfunnel.estimates.exact import ENOUGH, too_skewed
from simfunnel.estimates.selection import FEWEST
from simfunnel.estimates.units import unit_totals

Worlds = npt.NDArray[np.int64] | None
Values = npt.NDArray[Any]
Verdict = Literal["better", "worse", "alike", "not decided"]

ROUNDING: Final = 1e-12
"""Of the spread of one history: an error so small is that of the last digits."""
BATCH: Final = 10
"""Histories whose mean is one observation, where all inputs are known: near enough to normal."""
CONFIDENCE: Final = 0.95
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
    gaps = [gap(each, baseline, worlds, rules.confidence_of_each) for each in others]
    verdicts = tuple(verdict(interval if believed else None, rules) for interval, believed in gaps)
    survivors, best = _best(values, worlds, rules)
    return Judgement(verdicts, tuple(interval for interval, _ in gaps), survivors, best)


def gap(mine: Values, base: Values, worlds: Worlds, confidence: float) -> tuple[Interval | None, bool]:
    """The interval of the difference of two policies' means, and whether it is to be believed.

    It is made wider where differences are skewed (`estimates.wider_if_skewed`). Where all differences are alike,
    something rare may be missing: as likely as may be seen in none of so many, and as large as one history is spread.
    """
    found = difference(mine, base, worlds, confidence=confidence)
    if found.mean is None or found.standard_error is None or found.ci95 is None:
        return found.ci95, False
    known = np.isfinite(mine - base)
    totals = unit_totals((mine - base)[known] - found.mean, None if worlds is None else worlds[known])
    spread = float(np.std(base[known]))
    if found.standard_error <= ROUNDING * spread:
        reach = rare_at_most(totals.size, confidence) * spread
        return (found.mean - reach, found.mean + reach), totals.size >= ENOUGH
    interval = wider_if_skewed(found.mean, found.standard_error, found.ci95, totals, confidence)
    return interval, totals.size >= ENOUGH and not too_skewed(totals)


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
