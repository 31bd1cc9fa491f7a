"""Satisfaction is reality less promise, pressure, bad fit and lateness, and is then moved by odds ratios.

It is kept in whole thousandths, so that it is the same number in both engines; laws that depend on it read
it in whole hundredths. A share is taken away from it, but never below nothing; an odds ratio moves it, and so never
out of its bounds. "The satisfied" have an odds ratio R: a customer of satisfaction s has R ** ((s - 1/2) / (1/2)).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.funnel.odds import LARGEST_RATIO, odds, powers

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MOST: Final = 1000
LEVELS: Final = 101
MOST_DAYS: Final = 1000
"""Days after which a lift fades no more; by then nothing is left of it, unless its half-life is of years."""


def whole(satisfaction: Floats) -> Integers:
    """Thousandths of a satisfaction, within its bounds (any shape)."""
    return np.rint(np.clip(satisfaction, 0.0, 1.0) * MOST).astype(np.int64)


def started(reality: Floats, promise: Any, pressure: Any, bad_fit: Any) -> Integers:
    """What satisfaction starts with (common shape); what is not lost is 0."""
    return whole(reality - promise - pressure - bad_fit)


def lowered(points: Integers, share: Any) -> Integers:
    """What is left of it when a share of all is lost (common shape)."""
    return whole(points / MOST - share)


def moved(points: Integers, ratio: Any) -> Integers:
    """What an odds ratio makes of it (common shape)."""
    return whole(odds(points / MOST, np.clip(ratio, 1 / LARGEST_RATIO, LARGEST_RATIO)))


def level(points: Integers) -> Integers:
    """Whole hundredths, rounded half up."""
    return np.asarray((points + 5) // 10)


def of_the_satisfied(ratio: Floats) -> Floats:
    """The odds ratio at each whole hundredth of satisfaction: shape (101, *ratio.shape)."""
    return powers(ratio, (np.arange(LEVELS) / (LEVELS - 1) - 0.5) / 0.5)


def fading(ratio: Floats, half_life: Floats) -> Floats:
    """What is left of a lift after 0, 1, ..., 1,000 days: its logarithm halves in each `half_life` (days)."""
    days = np.arange(MOST_DAYS + 1.0)[:, None]
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.exp(np.log(ratio) * np.exp2(-days / half_life)))
