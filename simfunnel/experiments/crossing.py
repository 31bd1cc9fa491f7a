"""Where something changes its sign is found between two values at which it is known, in few steps, as each is dear.

It knows no funnel. Steps are those of false position in its Illinois form (Dowell and Jarratt 1971, BIT 11:168), every
third one halves; a step that would end nearer to a known value than is asked for goes beyond it instead, so that where
neighbours are asked for, one on either side, the last two are found at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

RATIO: Final = 16.0
"""From this ratio of its ends on a line is walked in equal ratios."""
NEAR: Final = 1e-3
"""The part of the line that need not be told apart, if nobody says which."""


FORESEEN: Final = 0.1
"""What may be left of a gap where a straight line foresaw none."""

Gap = Callable[[float], float]


@dataclass(frozen=True)
class Line:
    """The numbers from `low` to `high`, all or the whole ones; those at most `near` of it apart are as good as one."""

    low: float
    high: float
    whole: bool = False
    near: float = NEAR

    @property
    def to_neighbours(self) -> bool:
        """Is it asked which of two whole numbers that follow each other?"""
        return self.whole and self.near <= NEAR

    @property
    def is_geometric(self) -> bool:
        """Do its ends lie so far apart that equal ratios say more than equal steps?"""
        return self.low > 0 and self.high >= RATIO * self.low

    def grid(self, points: int) -> tuple[float, ...]:
        """So many values from end to end, fewer where whole numbers fall together."""
        return tuple(sorted({self.at(place / (points - 1)) for place in range(points)}))

    def at(self, place: float) -> float:
        """The value at a place from 0 to 1."""
        if place <= 0 or place >= 1:
            return self.high if place >= 1 else self.low
        if self.is_geometric:
            value = self.low * (self.high / self.low) ** place
        else:
            value = self.low + (self.high - self.low) * place
        return float(round(value)) if self.whole else value

    def place(self, value: float) -> float:
        """Where on the line a value is, from 0 to 1."""
        if self.is_geometric:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)

    def are_near(self, low: float, high: float, *, next_to: bool = False) -> bool:
        """Is there nothing to be found between two values? By `next_to` there is until whole numbers are neighbours."""
        if self.whole and (next_to or high - low <= 1):
            return high - low <= 1
        return self.is_close(low, high)

    def is_close(self, value: float, other: float) -> bool:
        """Are two values as good as one?"""
        return abs(self.place(value) - self.place(other)) <= self.near

    def inside(self, low: float, high: float, part: float) -> float:
        """The value a part of the way from `low` to `high`, but not as near to one of them as need not be."""
        start, end = self.place(low), self.place(high)
        margin = min(0.9 * self.near, (end - start) / 2)
        value = self.at(min(max(start + part * (end - start), start + margin), end - margin))
        return min(max(value, low + 1), high - 1) if self.whole else value

    def meeting(self, gap: Gap, low: float, high: float) -> float:
        """Where a straight line between two values of `gap`, on either side of 0, crosses it."""
        at_low, at_high = gap(low), gap(high)
        return low if at_low == at_high else low + (high - low) * at_low / (at_low - at_high)


def crossing(gap: Gap, line: Line, low: float, high: float, *, next_to: bool = False) -> tuple[float, float]:
    """Two values, lower first, between which `gap` crosses 0 (as it does between `low` and `high`), see `meeting`.

    Both are the same where it is exactly 0. They are near each other, or the last value tried is near the root, as far
    as a straight line tells that foresaw it well; by `next_to` they are neighbours.
    """
    at_low, at_high = gap(low), gap(high)
    above, step, last = at_low > 0, 0, 0
    while not line.are_near(low, high, next_to=next_to):
        step += 1
        value = line.inside(low, high, 0.5 if step % 3 == 0 else at_low / (at_low - at_high))
        found = gap(value)
        if found == 0:
            return value, value
        if (found > 0) == above:
            before, low, at_low, at_high = gap(low), value, found, at_high / 2 if last < 0 else at_high
            last = -1
        else:
            before, high, at_high, at_low = gap(high), value, found, at_low / 2 if last > 0 else at_low
            last = 1
        foreseen = abs(found) <= FORESEEN * abs(before) and line.is_close(value, line.meeting(gap, low, high))
        if foreseen and not next_to:
            break
    return low, high
