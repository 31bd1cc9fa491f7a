"""What both parts of the hand-written model share: its days, odds, and minutes drawn ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from math import log, sqrt

import numpy as np
import numpy.typing as npt

Draw = Callable[[], float]

HORIZON, INTAKE = 50, 40  # working days, from a Monday on, without holidays


def odds(p: float, *ratios: float) -> float:
    """The probability whose odds are those of `p` times the ratios."""
    for ratio in ratios:
        p = p * ratio / (1 - p + p * ratio)
    return p


def date(day: int) -> int:
    """Calendar days from the start to a working day."""
    return day // 5 * 7 + day % 5


def day_after(day: int, days: int) -> int:
    """The working day that is so many calendar days after `day`, tomorrow at the earliest."""
    week, rest = divmod(date(day) + days, 7)
    return max(week * 5 + min(rest, 5), day + 1)


class Ahead:
    """Draws made in numpy blocks and handed over one by one."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def endless(self, draw: Callable[[int], npt.NDArray[np.float64]], block: int = 1024) -> Draw:
        """One after the other, block after block."""
        blocks: Iterator[list[float]] = iter(lambda: draw(block).tolist(), None)
        return chain.from_iterable(blocks).__next__

    def lognormal(self, mean: float, sd: float, more: float = 0) -> Draw:
        """Lognormal ones of that mean and standard deviation, and something more."""
        sigma = sqrt(log(1 + (sd / mean) ** 2))
        return self.endless(lambda n: self.rng.lognormal(log(mean) - sigma**2 / 2, sigma, n) + more)

    def exponential(self, mean: float, more: float = 0) -> Draw:
        """Exponential ones of that mean, and something more."""
        return self.endless(lambda n: self.rng.standard_exponential(n) * mean + more)

    def triangular(self, low: float, likely: float, high: float) -> Draw:
        """Triangular ones."""
        return self.endless(lambda n: self.rng.triangular(low, likely, high, n))
