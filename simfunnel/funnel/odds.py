"""Every influence on a probability is an odds ratio, so influences multiply and stay bounded."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

LARGEST_RATIO: Final = 1e300
LARGEST_POWER: Final = 1e100
"""So that no product of such ratios and powers overflows."""


def odds(probability: npt.ArrayLike, ratio: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The probability whose odds are `ratio` times those of `probability`; the arrays broadcast.

    `p m / (1 - p + p m)`: 0 stays 0, 1 stays 1, a ratio of 1 changes nothing.
    """
    p = np.asarray(probability, dtype=np.float64)
    m = np.asarray(ratio, dtype=np.float64)
    return np.where(m == 1.0, p, p * m / (1.0 - p + p * m))


def powers(ratio: npt.NDArray[np.float64], exponents: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """An odds ratio so many times, within bounds: shape (exponents, *ratio.shape)."""
    with np.errstate(over="ignore", under="ignore"):
        power = np.power(ratio, exponents.reshape(-1, *(1,) * ratio.ndim))
    return np.asarray(np.clip(power, 1 / LARGEST_POWER, LARGEST_POWER))


def times(ratio: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.float64]:
    """The odds ratio of 0, 1, ..., `most` times: shape (most + 1, *ratio.shape)."""
    return powers(ratio, np.arange(most + 1.0))
