"""A chance stays within 0 and 1, and so does its interval, which keeps its width where all histories hit, or none."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simfunnel.estimates.units import (
    Floats,
    Interval,
    Json,
    Worlds,
    keep,
    mean_of,
    normal_quantile,
    plain,
    standard_error,
    t_quantile,
)


class Chance(NamedTuple):
    """The share of histories that reached a target, and its interval (of 95 %, or as asked), both within [0, 1]."""

    share: float | None
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """`share` and `ci95` as a float and [low, high], or None."""
        return {"share": self.share, "ci95": plain(self.ci95)}


def chance(hits: npt.NDArray[np.bool_], worlds: Worlds | None = None, *, confidence: float = 0.95) -> Chance:
    """Estimate the chance of reaching a target, from the histories that did.

    `hits`, shape (R,): settle before the call whether an undefined value is a miss. Interval: Wilson's
    score (1927, JASA 22:209), which keeps its width at 0 and 1. With worlds, n is the effective sample
    size and z is Student's t of worlds - 1 (Dean and Pagano 2015, J. Survey Statistics and Methodology
    3:484; the t of Korn and Graubard 1998, Survey Methodology 24:193). `ci95` is None in a single world;
    with fewer than 100 worlds a chance below 5 % (or above 95 %) may be covered only 90 % of the time.
    Raises ValueError as `estimate` does.
    """
    array, groups = keep(np.ones(np.shape(hits), dtype=np.bool_), np.asarray(hits, dtype=np.float64), worlds)
    if array.size == 0:
        return Chance(None, None)
    share = mean_of(array)
    if groups is None:
        return Chance(share, wilson(share, normal_quantile(confidence) ** 2 / array.size))
    independent = int(np.count_nonzero(np.bincount(groups)))
    if independent < 2:
        return Chance(share, None)
    k = t_quantile(independent - 1, confidence) ** 2 * design_effect(array, share, groups) / array.size
    return Chance(share, wilson(share, k))


def design_effect(hits: Floats, share: float, worlds: Worlds) -> float:
    """Histories needed per independent one (Kish 1965): from 1 to what identical histories in a world would cost.

    Where all hit, or none, nothing shows how alike the histories of a world are: the worst is assumed.
    """
    sizes = np.bincount(worlds)
    worst = float(sizes @ sizes) / hits.size
    error = standard_error(hits, worlds)
    if error is None or not 0.0 < share < 1.0:
        return worst
    return min(worst, max(1.0, error**2 * hits.size / (share * (1 - share))))


def wilson(share: float, k: float) -> Interval:
    """Wilson's score interval, which depends on quantile and sample size only through k = z^2 / n."""
    centre = (share + k / 2) / (1 + k)
    half = sqrt(k * (share * (1 - share) + k / 4)) / (1 + k)
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))
