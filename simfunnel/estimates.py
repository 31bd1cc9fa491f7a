"""No number leaves without its uncertainty, and the risk of one history is never mixed up with the error of a mean.

One kernel serves all: a mean and a ratio of means are both `sum / sum`, their error comes from the
totals of their residuals over independent units, and a unit is a world (a draw of the uncertain inputs,
with all histories in it) or, where all inputs are known, a single history. Histories that share a world
are not independent; counting them as if they were makes intervals too narrow.

`worlds` numbers the world of each history, shape (R,), whole numbers from 0 without large gaps (memory
grows with the largest); None where all inputs are known. Groups may be of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from math import isfinite, sqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simfunnel.variance import anova

Floats = npt.NDArray[np.float64]
Worlds = npt.NDArray[np.integer[Any]]
Interval = tuple[float, float]
Json = float | int | list[float] | None

_overflow_is_unknown = np.errstate(over="ignore", invalid="ignore", divide="ignore")


@dataclass(frozen=True)
class Estimate:
    """A mean over histories, its error, and the spread of single histories; None is what cannot be known.

    All but `n` and `undefined` are in the unit of the values.

    - `mean`, `standard_error`, `ci95`: the long-run mean, and how far the simulation may be from it
      (simulation error: more worlds shrink it; fewer than two leave it unknown).
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
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True)
class Difference(Estimate):
    """The estimate of `a - b` in the same histories, and what was won by sharing chance.

    `pairing_gain`: how many times more histories two independent runs would need for the same error
    (> 1: pairing helped; None: the difference has no error, or none that is known).
    """

    pairing_gain: float | None


class Chance(NamedTuple):
    """The share of histories that reached a target, and its 95 % interval, both within [0, 1]."""

    share: float | None
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """`share` and `ci95` as a float and [low, high], or None."""
        return {"share": self.share, "ci95": _plain(self.ci95)}


class Ignorance(NamedTuple):
    """The share of ignorance of the inputs in the variance of one history, and its 95 % interval, within [0, 1]."""

    share: float | None
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """`share` and `ci95` as a float and [low, high], or None."""
        return {"share": self.share, "ci95": _plain(self.ci95)}


class Known(NamedTuple):
    """A number about the whole run, and its 95 % interval."""

    value: float | None
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """`value` and `ci95` as a float and [low, high], or None."""
        return {"value": self.value, "ci95": _plain(self.ci95)}


@_overflow_is_unknown
def estimate(values: npt.ArrayLike, worlds: Worlds | None = None) -> Estimate:
    """Estimate the mean of `values`, its error, and the spread of single histories.

    `values`, shape (R,): one number per history; NaN (or infinity) = undefined in that history, left out
    and counted. The interval is Student's t with units - 1 degrees of freedom; with worlds the standard
    error is that of a mean over clusters of unequal size (Cochran 1977, Sampling Techniques, 3rd ed.,
    chapter 9A). `p05`..`p95` are where single histories fall; `ci95` is where their mean lies.
    Raises ValueError where `worlds` has another length, or a number below 0.
    """
    array = np.asarray(values, dtype=np.float64)
    defined, groups = _keep(np.isfinite(array), array, worlds)
    if defined.size == 0:
        return replace(_NOTHING, undefined=array.size)
    mean = _mean(defined)
    error, ci95 = _error(mean, defined - mean, float(defined.size), groups)
    sd = _sd(defined - mean)
    luck, inputs = (sd, None) if groups is None else _split(defined - mean, groups)
    p05, p50, p95 = (_known(q) for q in np.quantile(defined, (0.05, 0.50, 0.95)))
    undefined = array.size - defined.size
    return Estimate(_known(mean), error, ci95, sd, p05, p50, p95, defined.size, undefined, luck, inputs)


@_overflow_is_unknown
def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike, worlds: Worlds | None = None) -> Estimate:
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
    spread = estimate(per_history, worlds)
    known = np.isfinite(above) & np.isfinite(below)
    (top, groups), (bottom, _) = _keep(known, above, worlds), _keep(known, below, worlds)
    total = float(bottom.sum())
    mean = float(top.sum() / np.float64(total))
    if not isfinite(mean):
        return replace(spread, mean=None, standard_error=None, ci95=None)
    error, ci95 = _error(mean, top - mean * bottom, abs(total), groups)
    return replace(spread, mean=mean, standard_error=error, ci95=ci95)


def pooled_quantile(
    q: float,
    quantile: Callable[[float], float],
    within: Callable[[float], Floats],
    of: npt.NDArray[Any],
    worlds: Worlds | None = None,
) -> Known:
    """Estimate a quantile of things of which histories have several, such as leads, all of them pooled.

    `quantile(share)` is that of the pool; `within(value)` and `of`, shape (R,), how many of each
    history's things are at most `value`, and how many it has. Interval: Woodruff's (1952, Confidence
    intervals for medians and other position measures, JASA 47:635): the share of the pool up to the
    value is a ratio of means; the ends are the pool's quantiles at q -+ half of the width of its
    interval. `ci95` is None where q -+ that leaves (0, 1): the things are too few to bound the quantile.
    """
    if not of.any():
        return Known(None, None)
    share = ratio(within(value := quantile(q)), of, worlds)
    half = np.inf if share.ci95 is None else (share.ci95[1] - share.ci95[0]) / 2
    ends = (quantile(q - half), quantile(q + half)) if half < min(q, 1 - q) else None
    return Known(value, ends)


def chance(hits: npt.NDArray[np.bool_], worlds: Worlds | None = None) -> Chance:
    """Estimate the chance of reaching a target, from the histories that did.

    `hits`, shape (R,): settle before the call whether an undefined value is a miss. Interval: Wilson's
    score (1927, JASA 22:209), which keeps its width at 0 and 1. With worlds, n is the effective sample
    size and z is Student's t of worlds - 1 (Dean and Pagano 2015, J. Survey Statistics and Methodology
    3:484; the t of Korn and Graubard 1998, Survey Methodology 24:193). `ci95` is None in a single world;
    with fewer than 100 worlds a chance below 5 % (or above 95 %) may be covered only 90 % of the time.
    Raises ValueError as `estimate` does.
    """
    array, groups = _keep(np.ones(np.shape(hits), dtype=np.bool_), np.asarray(hits, dtype=np.float64), worlds)
    if array.size == 0:
        return Chance(None, None)
    share = _mean(array)
    if groups is None:
        return Chance(share, _wilson(share, _normal_quantile() ** 2 / array.size))
    independent = int(np.count_nonzero(np.bincount(groups)))
    if independent < 2:
        return Chance(share, None)
    k = _t_quantile(independent - 1) ** 2 * _design_effect(array, share, groups) / array.size
    return Chance(share, _wilson(share, k))


@_overflow_is_unknown
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
    defined, groups = _keep(np.isfinite(array), array, worlds)
    residuals = defined - _mean(defined) if defined.size else defined
    if groups is None:
        return Ignorance(0.0, (0.0, 0.0)) if residuals.any() else Ignorance(None, None)
    found = anova(residuals, groups) if defined.size else None
    share = found.share() if found is not None else None
    return Ignorance(share, found.interval() if found is not None and share is not None else None)


@_overflow_is_unknown
def difference(a: npt.ArrayLike, b: npt.ArrayLike, worlds: Worlds | None = None) -> Difference:
    """Estimate `a - b` over paired histories: same place in both arrays, same chance (and same world).

    Both of shape (R,). A history in which either is undefined is left out of everything and counted.
    Gain: squared standard errors, (a alone + b alone) / paired. Raises ValueError as `estimate` does.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    paired = estimate(first - second, worlds)
    both = np.isfinite(first - second)
    alone = [_standard_error(*_keep(both, values, worlds)) for values in (first, second)]
    return Difference(**vars(paired), pairing_gain=_gain(alone, paired.standard_error))


_ROUNDING_GAIN = 1e20  # a paired SD 1e10 times smaller than either alone is the rounding of a - b
_NOTHING = Estimate(None, None, None, None, None, None, None, 0, 0, None, None)


def _plain(value: float | int | Interval | None) -> Json:
    return list(value) if isinstance(value, tuple) else value


def _known(number: float) -> float | None:
    return float(number) if isfinite(number) else None


def _keep(mask: npt.NDArray[np.bool_], values: Floats, worlds: Worlds | None) -> tuple[Floats, Worlds | None]:
    """The masked values and their worlds, as they are where nothing is masked out."""
    if worlds is not None and np.shape(worlds) != values.shape:
        raise ValueError(f"worlds must have the shape of the values, {values.shape}, found {np.shape(worlds)}")
    if mask.all():
        return values, worlds
    return values[mask], None if worlds is None else worlds[mask]


def _mean(values: Floats) -> float:
    # A rounded mean can leave the range of its values; held inside, constant values have residuals of exactly 0.
    return float(min(max(values.mean(), values.min()), values.max()))


def _sd(residuals: Floats) -> float | None:
    return _known(sqrt(residuals @ residuals / (residuals.size - 1))) if residuals.size > 1 else None


def _unit_totals(residuals: Floats, worlds: Worlds | None) -> Floats:
    """Residuals summed over independent units: worlds that hold a history, or single histories."""
    if worlds is None:
        return residuals
    return _world_totals(residuals, worlds)[np.bincount(worlds) > 0]


def _world_totals(values: Floats, worlds: Worlds) -> Floats:
    return np.asarray(np.bincount(worlds, weights=values), dtype=np.float64)


def _error(
    mean: float, residuals: Floats, divisor: float, worlds: Worlds | None
) -> tuple[float | None, Interval | None]:
    """Standard error and 95 % t interval of `mean` = sum / divisor; (None, None) with fewer than two units."""
    totals = _unit_totals(residuals, worlds)
    if totals.size < 2:
        return None, None
    error = _known(sqrt(totals.size / (totals.size - 1) * (totals @ totals)) / divisor)
    if error is None:
        return None, None
    half = _t_quantile(totals.size - 1) * error
    return error, (mean - half, mean + half)


def _standard_error(values: Floats, worlds: Worlds | None) -> float | None:
    if values.size == 0:
        return None
    mean = _mean(values)
    return _error(mean, values - mean, float(values.size), worlds)[0]


def _split(residuals: Floats, worlds: Worlds) -> tuple[float | None, float | None]:
    """SDs of luck and of inputs."""
    found = anova(residuals, worlds)
    if found is None:
        return None, None
    return _root(found.within), None if found.inputs is None else _root(found.inputs)


def _root(variance: float) -> float | None:
    return _known(sqrt(variance))


def _design_effect(hits: Floats, share: float, worlds: Worlds) -> float:
    """Histories needed per independent one (Kish 1965): from 1 to what identical histories in a world would cost.

    Where all hit, or none, nothing shows how alike the histories of a world are: the worst is assumed.
    """
    sizes = np.bincount(worlds)
    worst = float(sizes @ sizes) / hits.size
    error = _standard_error(hits, worlds)
    if error is None or not 0.0 < share < 1.0:
        return worst
    return min(worst, max(1.0, error**2 * hits.size / (share * (1 - share))))


def _wilson(share: float, k: float) -> Interval:
    """Wilson's score interval, which depends on quantile and sample size only through k = z^2 / n."""
    centre = (share + k / 2) / (1 + k)
    half = sqrt(k * (share * (1 - share) + k / 4)) / (1 + k)
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def _gain(alone: Sequence[float | None], paired: float | None) -> float | None:
    """Squared errors alone over the squared paired error; None where that is 0, but for rounding, or unknown."""
    ratios = [error / paired for error in alone if error is not None and paired]
    gain = sum(ratio * ratio for ratio in ratios)
    return gain if len(ratios) == 2 and gain < _ROUNDING_GAIN else None


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit  # late: most commands need no scipy, and importing it is slow

    return float(stdtrit(df, 0.975))


def _normal_quantile() -> float:
    from scipy.special import ndtri

    return float(ndtri(0.975))
