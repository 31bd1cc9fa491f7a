"""No mean leaves without its uncertainty, and the risk of one history is never mixed up with the error of a mean.

A mean and a ratio of means are both `sum / sum`; their error comes from residuals over independent units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import isfinite, sqrt

import numpy as np
import numpy.typing as npt

from simfunnel.estimates.units import (
    Floats,
    Interval,
    Json,
    Worlds,
    error_of,
    finite,
    keep,
    mean_of,
    overflow_is_unknown,
    plain,
    standard_error,
)
from simfunnel.estimates.variance import anova


@dataclass(frozen=True)
class Estimate:
    """A mean over histories, its error, and the spread of single histories; None is what cannot be known.

    All but `n` and `undefined` are in the unit of the values.

    - `mean`, `standard_error`, `ci95`: the long-run mean, and how far the simulation may be from it
      (simulation error: more worlds shrink it; fewer than two leave it unknown). The interval is of 95 %
      unless another `confidence` was asked for.
    - `sd`, `p05`, `p50`, `p95`: how single histories differ: the risk the firm runs. No number of
      replications shrinks it.
    - `sd_luck`, `sd_inputs`: that spread split in two: chance within a world, and ignorance of the inputs
      between worlds. `sd_inputs` is None where all inputs are known (all is luck then) or where the
      worlds are too few, or too short, to tell the two apart.
    - `n`: histories in which the value is defined; `undefined`: those in which it is not.
    """

    mean: float | None
    standard_error: float | None
    ci95: Interval | None
    sd: float | None
    p05: float | None
    p50: float | None
    p95: float | None
    n: int
    undefined: int
    sd_luck: float | None
    sd_inputs: float | None

    def to_json(self) -> dict[str, Json]:
        """Every field under its name: floats, whole numbers, [low, high], or None; never NaN or infinity."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True)
class Difference(Estimate):
    """The estimate of `a - b` in the same histories, and what was won by sharing chance.

    `pairing_gain`: how many times more histories two independent runs would need for the same error
    (> 1: pairing helped; None: the difference has no error, or none that is known).
    """

    pairing_gain: float | None


@overflow_is_unknown
def estimate(values: npt.ArrayLike, worlds: Worlds | None = None, *, confidence: float = 0.95) -> Estimate:
    """Estimate the mean of `values`, its error, and the spread of single histories.

    `values`, shape (R,): one number per history; NaN (or infinity) = undefined in that history, left out
    and counted. The interval is Student's t with units - 1 degrees of freedom; with worlds the standard
    error is that of a mean over clusters of unequal size (Cochran 1977, Sampling Techniques, 3rd ed.,
    chapter 9A). `p05`..`p95` are where single histories fall; `ci95` is where their mean lies.
    Raises ValueError where `worlds` has another length, or a number below 0.
    """
    array = np.asarray(values, dtype=np.float64)
    defined, groups = keep(np.isfinite(array), array, worlds)
    if defined.size == 0:
        return replace(_NOTHING, undefined=array.size)
    mean = mean_of(defined)
    error, ci95 = error_of(mean, defined - mean, float(defined.size), groups, confidence)
    sd = _sd(defined - mean)
    luck, inputs = (sd, None) if groups is None else _split(defined - mean, groups)
    p05, p50, p95 = (finite(q) for q in np.quantile(defined, (0.05, 0.50, 0.95)))
    undefined = array.size - defined.size
    return Estimate(finite(mean), error, ci95, sd, p05, p50, p95, defined.size, undefined, luck, inputs)


@overflow_is_unknown
def ratio(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, worlds: Worlds | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Estimate a ratio of means: `mean` is sum / sum, with the error of the delta method.

    Both of shape (R,). A history with denominator 0 still counts in both sums (calls that sold nothing
    cost money); one with NaN in either is left out of both. `mean`, `standard_error` and `ci95` are None
    where the denominators add up to 0. The other fields describe the ratios of single histories, where
    these are defined: their mean is not `mean`. Error: residuals `numerator - mean * denominator`, summed
    by world (Cochran 1977, chapter 6); good where the sum of denominators is known within some 10 %.
    Raises ValueError as `estimate` does.
    """
    above, below = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    per_history = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    spread = estimate(per_history, worlds, confidence=confidence)
    known = np.isfinite(above) & np.isfinite(below)
    (top, groups), (bottom, _) = keep(known, above, worlds), keep(known, below, worlds)
    total = float(bottom.sum())
    mean = float(top.sum() / np.float64(total))
    if not isfinite(mean):
        return replace(spread, mean=None, standard_error=None, ci95=None)
    error, ci95 = error_of(mean, top - mean * bottom, abs(total), groups, confidence)
    return replace(spread, mean=mean, standard_error=error, ci95=ci95)


@overflow_is_unknown
def linearised(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """Values by history, shape (R,), whose mean is the ratio of means, and whose error is that of the ratio.

    Both of shape (R,). r + (numerator - r * denominator) / mean(denominator), with r = sum / sum: the
    pseudo-values of the delta method (Cochran 1977, chapter 6), in the unit of the ratio, so that ratios can be
    paired, selected from and so on as means are: `estimate` of them has the mean and standard error of `ratio`.
    They are not the ratios of single histories. NaN where either is undefined in a history, and everywhere
    where the denominators add up to 0.
    """
    top, bottom = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    known = np.isfinite(top) & np.isfinite(bottom)
    total = np.float64(bottom[known].sum())
    centre = top[known].sum() / total
    values = centre + (top - centre * bottom) * (np.count_nonzero(known) / total)
    return np.where(known & np.isfinite(values), values, np.nan)


@overflow_is_unknown
def difference(
    a: npt.ArrayLike, b: npt.ArrayLike, worlds: Worlds | None = None, *, confidence: float = 0.95
) -> Difference:
    """Estimate `a - b` over paired histories: same place in both arrays, same chance (and same world).

    Both of shape (R,). A history in which either is undefined is left out of everything and counted.
    Gain: squared standard errors, (a alone + b alone) / paired. Raises ValueError as `estimate` does.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    paired = estimate(first - second, worlds, confidence=confidence)
    both = np.isfinite(first - second)
    alone = [standard_error(*keep(both, values, worlds)) for values in (first, second)]
    return Difference(**vars(paired), pairing_gain=_gain(alone, paired.standard_error))


_ROUNDING_GAIN = 1e20  # a paired SD 1e10 times smaller than either alone is the rounding of a - b
_NOTHING = Estimate(None, None, None, None, None, None, None, 0, 0, None, None)


def _sd(residuals: Floats) -> float | None:
    return finite(sqrt(residuals @ residuals / (residuals.size - 1))) if residuals.size > 1 else None


def _split(residuals: Floats, worlds: Worlds) -> tuple[float | None, float | None]:
    """SDs of luck and of inputs."""
    found = anova(residuals, worlds)
    if found is None:
        return None, None
    return _root(found.within), None if found.inputs is None else _root(found.inputs)


def _root(variance: float) -> float | None:
    return finite(sqrt(variance))


def _gain(alone: Sequence[float | None], paired: float | None) -> float | None:
    """Squared errors alone over the squared paired error; None where that is 0, but for rounding, or unknown."""
    ratios = [error / paired for error in alone if error is not None and paired]
    gain = sum(ratio * ratio for ratio in ratios)
    return gain if len(ratios) == 2 and gain < _ROUNDING_GAIN else None
