"""A quantile of things of which a history has several is that of the pool, and its error that of the share below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from simfunnel.estimates.means import ratio
from simfunnel.estimates.units import Floats, Known, Worlds


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
