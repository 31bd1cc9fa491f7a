"""How bad the worst histories are is their mean, not the mildest of them, and it has an error like any other mean.

The mean of the worst 5 % (expected shortfall, conditional value at risk: Rockafellar and Uryasev 2000,
J. Risk 2:21) sees how far losses reach; the 5 % quantile sees only where they begin.
"""

from __future__ import annotations

from math import ceil
from typing import Literal

import numpy as np
import numpy.typing as npt

from simfunnel.estimates.units import Floats, Known, Worlds, error_of, finite, keep, overflow_is_unknown, t_quantile

Worst = Literal["low", "high"]


def shortfall(
    values: npt.ArrayLike,
    worlds: Worlds | None = None,
    *,
    share: float = 0.05,
    worst: Worst = "low",
    confidence: float = 0.95,
) -> Known:
    """Estimate the mean of the worst `share` of histories: the lowest, or the highest where high is bad.

    `values`, shape (R,); undefined ones (NaN, infinity) are left out; the result is in their unit. Where
    share * R is not whole, the last history counts in part. Interval: from the influence of each history,
    quantile + excess / share, summed by world; t with one degree of freedom less than histories in the tail.
    Measured for the worst 5 % of normal and of exponential values: covers 93 to 95 % from 500 histories, 90
    to 92 % with 200, 86 to 89 % with 40 to 100, where the worst has mostly not been seen yet.
    Fewer than 1 / share histories: the value of the worst one, and no interval; nor is there one where
    fewer than two histories are in the tail. Raises ValueError as `estimate` does.
    """
    array = np.asarray(values, dtype=np.float64)
    defined, groups = keep(np.isfinite(array), array, worlds)
    return _known([defined], [1.0], groups, share, worst, confidence)


def shortfall_difference(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    worlds: Worlds | None = None,
    *,
    share: float = 0.05,
    worst: Worst = "low",
    confidence: float = 0.95,
) -> Known:
    """Estimate the shortfall of `a` less that of `b`: each has worst histories of its own, but chance is shared.

    Both of shape (R,), paired; a history in which either is undefined is left out of both. The interval is
    from the difference of the influences in the same history, so that it gains from pairing; otherwise as
    in `shortfall`. Raises ValueError as `estimate` does.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    both = np.isfinite(first) & np.isfinite(second)
    (one, groups), (other, _) = keep(both, first, worlds), keep(both, second, worlds)
    return _known([one, other], [1.0, -1.0], groups, share, worst, confidence)


@overflow_is_unknown
def _known(
    columns: list[Floats], signs: list[float], worlds: Worlds | None, share: float, worst: Worst, confidence: float
) -> Known:
    """The signed sum of the shortfalls of columns of equal length, with the interval of their summed influences."""
    size = columns[0].size
    if size == 0:
        return Known(None, None)
    low = 1.0 if worst == "low" else -1.0
    tails = [_influence(low * values, share) for values in columns]
    value = sum(sign * low * tail for sign, (tail, _) in zip(signs, tails, strict=True))
    if _in_tail(size, share) < 2.0:
        return Known(finite(value), None)
    residuals = np.sum([sign * low * influence for sign, (_, influence) in zip(signs, tails, strict=True)], axis=0)
    error = error_of(value, residuals, float(size), worlds)[0]
    if error is None:
        return Known(finite(value), None)
    units = size if worlds is None else int(np.count_nonzero(np.bincount(worlds)))
    half = t_quantile(min(units, int(_in_tail(size, share))) - 1, confidence) * error
    return Known(value, (value - half, value + half))


def _in_tail(size: int, share: float) -> float:
    return round(size * share, 9)  # .07 * 100 is a little more than 7


def _influence(values: Floats, share: float) -> tuple[float, Floats]:
    """The mean of the lowest `share`, or the lowest value where that is less than one; and what each value adds."""
    number = max(1.0, _in_tail(values.size, share))
    quantile = np.partition(values, ceil(number) - 1)[ceil(number) - 1]
    excess = np.minimum(values - quantile, 0.0) * (values.size / number)
    return float(quantile + excess.mean()), np.asarray(excess - excess.mean(), dtype=np.float64)
