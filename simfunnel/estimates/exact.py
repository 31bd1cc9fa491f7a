"""What must hold is judged by intervals that keep their word in the tails too, however sure they are to be.

Wilson's score does so on average, not there: of a chance of 9 in 100,000 one hit in 1,000 histories shuts out
the truth, and there is one in every twelfth run; 99.7 % are claimed.
"""

from __future__ import annotations

from math import ceil, floor, inf, isnan, sqrt
from typing import Final

import numpy as np

from simfunnel.estimates.chances import Chance, design_effect
from simfunnel.estimates.units import Floats, Interval, Known, Worlds, finite, mean_of, normal_quantile, t_quantile

ENOUGH: Final = 100
"""Independent histories, or worlds, before which nothing is decided."""
PER_SKEWNESS: Final = 25
"""Cochran's rule: at least so many independent histories for each squared skewness of theirs."""


def exact_chance(hits: Floats, worlds: Worlds | None = None, *, confidence: float = 0.95) -> Chance:
    """Estimate the chance of reaching a target by an interval that is never too narrow.

    `hits`, shape (R,), R >= 1, are 0 or 1. Interval: Clopper and Pearson's (1934, Biometrika 26:404); with worlds that
    of the effective sample size, with Student's t (Korn and Graubard 1998, Survey Methodology 24:193).
    `ci95` is None in a single world.
    """
    share = mean_of(hits)
    effective = effective_size(hits, worlds, confidence)
    return Chance(share, None if effective is None else _clopper_pearson(share, effective, confidence))


def percentile(values: Floats, q: float, worlds: Worlds | None = None, *, confidence: float = 0.95) -> Known:
    """Estimate the `q` quantile of single histories, with an interval between two of their values.

    `values`, shape (R,), R >= 1, hold no NaN; where what is undefined is infinite, a quantile among these is None.
    The interval supposes no distribution (David and Nagaraja 2003, Order Statistics, 7.1): its ends are the values
    at the ranks between which a binomial number of values lies below the quantile. With worlds, ranks are those
    of the effective sample size (Woodruff 1952, JASA 47:635). An end that so few values do not bound is infinite.
    """
    ordered = np.sort(values)
    with np.errstate(invalid="ignore"):
        found = float(np.quantile(ordered, q))
    middle = float(ordered[max(0, ceil(q * ordered.size) - 1)])
    effective = effective_size((values <= middle).astype(np.float64), worlds, confidence)
    ends = None if effective is None else _ends(ordered, q, max(1, int(effective)), confidence)
    return Known(finite(middle if isnan(found) else found), ends)


def wider_if_skewed(mean: float, standard_error: float, ci95: Interval, totals: Floats, confidence: float) -> Interval:
    """The t interval of a mean, made so wide that it holds Hall's too, who removes the skewness by a cubic.

    `totals` are the residuals of independent units (`units.unit_totals`); Hall 1992, J. Royal Statistical Society B
    54:221. Where a few values are large, a sample without them has both a small mean and a small error.
    """
    tilt = skewness(totals) / sqrt(totals.size)
    if not tilt:
        return ci95
    reach = t_quantile(totals.size - 1, confidence)
    ends = [mean - standard_error * _untransformed(side * reach, tilt) for side in (1, -1)]
    return min(ci95[0], *ends), max(ci95[1], *ends)


def _untransformed(x: float, tilt: float) -> float:
    return 3 / tilt * (float(np.cbrt(1 + tilt * (x - tilt / 6))) - 1)


def skewness(totals: Floats) -> float:
    """The third moment about 0 over the second to the power of 3/2; 0 where all are 0."""
    largest = np.abs(totals).max(initial=0.0)
    if not largest:
        return 0.0
    scaled = totals / largest
    return float(np.mean(scaled**3) / np.mean(scaled**2) ** 1.5)


def too_skewed(totals: Floats) -> bool:
    """Do a few of these residuals of independent units weigh so much that no interval is to be believed?"""
    return bool(totals.size < PER_SKEWNESS * skewness(totals) ** 2)


def rare_at_most(n: int, confidence: float) -> float:
    """How likely something may be that happened in none of `n` independent histories."""
    return float(1 - ((1 - confidence) / 2) ** (1 / n))


def effective_size(hits: Floats, worlds: Worlds | None, confidence: float) -> float | None:
    """Independent histories that would tell as much; None in a single world."""
    if worlds is None:
        return float(hits.size)
    independent = int(np.count_nonzero(np.bincount(worlds)))
    if independent < 2:
        return None
    for_few = (normal_quantile(confidence) / t_quantile(independent - 1, confidence)) ** 2
    return hits.size / design_effect(hits, mean_of(hits), worlds) * for_few


def _clopper_pearson(share: float, n: float, confidence: float) -> Interval:
    from scipy.special import betaincinv

    error, hit = (1 - confidence) / 2, share * n
    low = float(betaincinv(hit, n - hit + 1, error)) if share > 0 else 0.0
    high = float(betaincinv(hit + 1, n - hit, 1 - error)) if share < 1 else 1.0
    return min(share, low), max(share, high)


def _ends(ordered: Floats, q: float, n: int, confidence: float) -> Interval:
    """The values at the ranks that `n` independent histories would give, ranks counting from 1."""
    from scipy.special import bdtr

    error, at_most = (1 - confidence) / 2, bdtr(np.arange(n + 1), n, q)
    first = int(np.searchsorted(at_most, error, side="right"))
    last = int(np.searchsorted(at_most, 1 - error, side="left")) + 1
    low, high = floor(first / n * ordered.size), ceil(last / n * ordered.size)
    return float(ordered[low - 1]) if low > 0 else -inf, float(ordered[high - 1]) if high <= ordered.size else inf
