"""The variance of one history is luck within a world and ignorance of the inputs between worlds, and nothing else.

One-way analysis of variance with worlds as groups, which may be of any size; it knows no funnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Worlds = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Anova:
    """Mean squares `between` worlds (None: there is one alone) and `within` them, with their degrees of freedom.

    `typical_size` is n0 = (N - sum n^2 / N) / (W - 1), the size of a world where all are alike (Searle,
    Casella, McCulloch 1992, Variance Components, chapter 3).
    """

    between: float | None
    within: float
    typical_size: float
    df_between: int
    df_within: int

    @property
    def inputs(self) -> float | None:
        """The variance that ignorance of the inputs adds: (MSB - MSW) / n0, at least 0."""
        if self.between is None:
            return None
        return float(np.maximum(self.between - self.within, 0.0)) / self.typical_size

    def share(self, quantile: float = 1.0) -> float | None:
        """Share of ignorance in the variance of one history, if F = MSB / MSW is `quantile` times what it should be.

        None where nothing varies, or there is no second world.
        """
        if self.between is None or not 0.0 < self.between + self.within < inf:
            return None
        excess = max(0.0, self.between / quantile - self.within)
        return excess / (excess + self.typical_size * self.within) if excess else 0.0

    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of that share, from the quantiles of F."""
        from scipy.special import fdtri  # late: most commands need no scipy, and importing it is slow

        low, high = (self.share(float(fdtri(self.df_between, self.df_within, p))) for p in (0.975, 0.025))
        return None if low is None or high is None else (low, high)


def anova(residuals: Floats, worlds: Worlds) -> Anova | None:
    """The analysis of residuals from their mean, shape (R,); None where no world has two histories."""
    sizes = np.bincount(worlds)
    means = np.bincount(worlds, weights=residuals) / np.maximum(sizes, 1)
    number, groups = residuals.size, int(np.count_nonzero(sizes))
    if number == groups:
        return None
    from_mean = residuals - means[worlds]
    within = float(from_mean @ from_mean) / (number - groups)
    if groups < 2:
        return Anova(None, within, float(number), 0, number - groups)
    between = float(sizes @ means**2) / (groups - 1)
    typical_size = (number - float(sizes @ sizes) / number) / (groups - 1)
    return Anova(between, within, typical_size, groups - 1, number - groups)
