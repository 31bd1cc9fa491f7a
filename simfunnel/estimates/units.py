"""The error of a number comes from the totals of its residuals over independent units, and from nothing else.

A unit is a world (a draw of the uncertain inputs, with all histories in it) or, where all inputs are
known, a single history. Histories that share a world are not independent; counting them as if they were
makes intervals too narrow. `Known` is a number with such an interval and no more.
"""

from __future__ import annotations

from math import isfinite, sqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Worlds = npt.NDArray[np.integer[Any]]
Interval = tuple[float, float]
Json = float | int | list[float] | None

overflow_is_unknown = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class Known(NamedTuple):
    """A number about the whole run, and its interval: of 95 %, or of the `confidence` that was asked for."""

    value: float | None
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """`value` and `ci95` as a float and [low, high], or None."""
        return {"value": self.value, "ci95": plain(self.ci95)}


def plain(value: float | int | Interval | None) -> Json:
    """As JSON has it: an interval is a list."""
    return list(value) if isinstance(value, tuple) else value


def finite(number: float) -> float | None:
    """The number, or None where it is not one."""
    return float(number) if isfinite(number) else None


def keep(mask: npt.NDArray[np.bool_], values: Floats, worlds: Worlds | None) -> tuple[Floats, Worlds | None]:
    """The masked values and their worlds, as they are where nothing is masked out."""
    if worlds is not None and np.shape(worlds) != values.shape:
        raise ValueError(f"worlds must have the shape of the values, {values.shape}, found {np.shape(worlds)}")
    if mask.all():
        return values, worlds
    return values[mask], None if worlds is None else worlds[mask]


def mean_of(values: Floats) -> float:
    """The mean, never outside the range of the values, of which there is at least one."""
    # A rounded mean can leave the range of its values; held inside, constant values have residuals of exactly 0.
    return float(min(max(values.mean(), values.min()), values.max()))


def unit_totals(residuals: Floats, worlds: Worlds | None) -> Floats:
    """Residuals summed over independent units: worlds that hold a history, or single histories."""
    if worlds is None:
        return residuals
    return world_totals(residuals, worlds)[np.bincount(worlds) > 0]


def world_totals(values: Floats, worlds: Worlds) -> Floats:
    """The values summed by world, shape (largest number of a world + 1,)."""
    return np.asarray(np.bincount(worlds, weights=values), dtype=np.float64)


def error_of(
    mean: float, residuals: Floats, divisor: float, worlds: Worlds | None, confidence: float = 0.95
) -> tuple[float | None, Interval | None]:
    """Standard error and t interval of `mean` = sum / divisor; (None, None) with fewer than two units."""
    totals = unit_totals(residuals, worlds)
    if totals.size < 2:
        return None, None
    error = finite(sqrt(totals.size / (totals.size - 1) * (totals @ totals)) / divisor)
    if error is None:
        return None, None
    half = t_quantile(totals.size - 1, confidence) * error
    return error, (mean - half, mean + half)


def standard_error(values: Floats, worlds: Worlds | None) -> float | None:
    """The standard error of the mean of defined values; None where it cannot be known."""
    if values.size == 0:
        return None
    mean = mean_of(values)
    return error_of(mean, values - mean, float(values.size), worlds)[0]


def t_quantile(df: int, confidence: float = 0.95) -> float:
    """How many standard errors a two-sided interval of `confidence` reaches, by Student's t."""
    from scipy.special import stdtrit  # late: most commands need no scipy, and importing it is slow

    return float(stdtrit(df, (1 + confidence) / 2))


def normal_quantile(confidence: float = 0.95) -> float:
    """The same where the standard error is known."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))
