"""The variance of one history is luck within a world and ignorance of the inputs between worlds, and nothing else.

One-way analysis of variance with worlds as groups, which may be of any size; it knows no funnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simfunnel.estimates.units import Floats, Interval, Json, Worlds, keep, mean_of, overflow_is_unknown, plain


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
        low, high = (self.share(quantile) for quantile in self._quantiles())
        return None if low is None or high is None else (low, high)

    def inputs_interval(self) -> tuple[float, float]:
        """The interval of the variance of ignorance that goes with it; (0, infinity) where there is one world alone."""
        if self.between is None:
            return 0.0, inf
        low, high = (max(0.0, self.between / q - self.within) / self.typical_size for q in self._quantiles())
        return low, high

    def _quantiles(self) -> tuple[float, float]:
        """Of F, .975 and .025."""
        from scipy.special import fdtri  # late: most commands need no scipy, and importing it is slow

        high, low = (float(fdtri(self.df_between, self.df_within, p)) for p in (0.975, 0.025))
        return high, low


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


class Ignorance(NamedTuple):
    """The share of ignorance of the inputs in the variance of one history, and its 95 % interval, within [0, 1]."""

    share: float | None
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """`share` and `ci95` as a float and [low, high], or None."""
        return {"share": self.share, "ci95": plain(self.ci95)}


@overflow_is_unknown
def ignorance(values: npt.ArrayLike, worlds: Worlds | None = None) -> Ignorance:
    """Estimate the share of ignorance of the inputs in the variance of one history (the intraclass correlation).

    `values`, shape (R,), as in `estimate`. Interval: that of F (Searle, Casella, McCulloch 1992,
    chapter 3; Burdick and Graybill 1992, Confidence Intervals on Variance Components), cut to [0, 1].
    It is exact where both parts are normal and all worlds equally large. Long tails make it too narrow,
    however many worlds there are: counts around gamma means of skewness 1 are covered 91 % of the time,
    of skewness 2 80 %, sales and profit of the shipped elephant 94 %. With known inputs the share is 0,
    exactly. None is what cannot be told: values that do not vary, one world, worlds of one history.
    Raises ValueError as `estimate` does.
    """
    array = np.asarray(values, dtype=np.float64)
    defined, groups = keep(np.isfinite(array), array, worlds)
    residuals = defined - mean_of(defined) if defined.size else defined
    if groups is None:
        return Ignorance(0.0, (0.0, 0.0)) if residuals.any() else Ignorance(None, None)
    found = anova(residuals, groups) if defined.size else None
    share = found.share() if found is not None else None
    return Ignorance(share, found.interval() if found is not None and share is not None else None)
