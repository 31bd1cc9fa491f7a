"""Two policies tie where the better one changes, and a tie is known only as well as their difference is around it.

All is found on the same histories, where the difference is a smooth function of the value. The interval of a tie are
the values at which the 95 % interval of the difference holds 0 (a test is inverted, as Fieller did for ratios: 1954,
J. Royal Statistical Society B 16:175): at the true tie it does so in 95 of 100 runs, whatever the slope. Where it does
so up to an end of the range, that end of the interval is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from simfunnel.experiments.crossing import Gap, Line, crossing
from simfunnel.experiments.varying import Point, Varying

Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class Tie:
    """Where two policies tie, the ends of its 95 % interval (None: beyond the range), and who is better on either side.

    Of whole numbers it is the first at which `above` is better.
    """

    value: float
    ci95: Ends
    below: int
    above: int


@dataclass(frozen=True)
class Duel:
    """Two policies of a question, by their places, at any value of its key."""

    varying: Varying
    line: Line
    one: int
    other: int
    higher: bool

    def lead(self, value: float) -> float:
        """By how much the second is better than the first, on average; 0 where nothing is known."""
        found = self._at(value).less(self.other, self.one).mean or 0.0
        return found if self.higher else -found

    def surely(self, value: float, confidence: float = 0.95) -> int:
        """1 where the second is better, -1 where the first is, 0 where that is not decided."""
        return next((side for side in (1, -1) if self.bound(value, side, confidence) > 0), 0)

    def bound(self, value: float, side: int, confidence: float = 0.95) -> float:
        """The least lead of one side that its interval allows, above 0 where that side is surely better."""
        found = self._at(value).less(self.other, self.one, confidence)
        if found.ci95 is None:
            return -abs(self.lead(value))
        half = (found.ci95[1] - found.ci95[0]) / 2
        return side * self.lead(value) - half

    def _at(self, value: float) -> Point:
        return self.varying.at(value, (self.one, self.other))

    def better(self, side: int) -> int:
        """The place of the policy that is better on that side of 0."""
        return self.other if side > 0 else self.one


def ties(duel: Duel, grid: Sequence[float]) -> list[Tie]:
    """All ties that the values of a grid give away, in order; two in one cell of the grid are not seen.

    Between two values of the grid with different policies surely better there is one. Before the first such value,
    or after the last, or where there is none, there is one if the lead changes sides.
    """
    sure = [duel.surely(value) for value in grid]
    decided = [place for place, side in enumerate(sure) if side]
    stops = [0, *decided, len(grid) - 1]
    found = [_middle_change(duel, grid, *pair) for pair in pairwise(stops)]
    return [tie_in(duel, grid, cell) for cell in found if cell is not None]


def _middle_change(duel: Duel, grid: Sequence[float], first: int, last: int) -> int | None:
    """The cell in which the lead changes sides for good, a middle one of several; None where it comes back.

    Every second change is back again: of an odd number the first, the third and so on lead to where the last one ends.
    """
    sides = [_side(duel.lead(value)) for value in grid[first : last + 1]]
    known = next((side for side in sides if side), 0)
    changes = []
    for place, side in enumerate(sides):
        if side and side != known:
            known = side
            changes.append(first + place - 1)
    return changes[len(changes) // 4 * 2] if len(changes) % 2 else None


def _side(lead: float) -> int:
    return (lead > 0) - (lead < 0)


def tie_in(duel: Duel, grid: Sequence[float], cell: int) -> Tie:
    """The tie between a value of the grid and the next, at which the lead has changed sides."""
    low, high = grid[cell], grid[cell + 1]
    side = _side(duel.lead(low)) or -_side(duel.lead(high))
    first, last = _root(duel.lead, duel.line, low, high)
    value = duel.line.meeting(duel.lead, first, last)
    if duel.line.whole:
        value = last if last - first == 1 else float(ceil(value))
    below = next((at for at in range(cell, -1, -1) if duel.surely(grid[at])), None)
    above = next((at for at in range(cell + 1, len(grid)) if duel.surely(grid[at])), None)
    ends = (
        None if below is None or duel.surely(grid[below]) != side
        else _end(duel, side, grid[below], grid[below + 1] if below < cell else last, value),
        None if above is None or duel.surely(grid[above]) == side
        else _end(duel, -side, grid[above], grid[above - 1] if above > cell + 1 else first, value),
    )  # fmt: skip
    return Tie(value, ends, duel.better(side), duel.better(-side))


def _root(lead: Gap, line: Line, low: float, high: float) -> tuple[float, float]:
    """Two values around the root, neighbours if they are whole; the same twice where it is exact."""
    exact = next((value for value in (low, high) if lead(value) == 0), None)
    return crossing(lead, line, low, high, next_to=line.to_neighbours) if exact is None else (exact, exact)


def _end(duel: Duel, side: int, sure: float, beyond: float, tie: float) -> float:
    """Where the policy that is surely better at `sure` ceases to be so, on the way to `beyond`, where it is not."""

    def bound(value: float) -> float:
        return duel.bound(value, side)

    ends = crossing(bound, duel.line, min(sure, beyond), max(sure, beyond))
    found = duel.line.meeting(bound, *ends)
    if duel.line.whole:
        found = float(ceil(found) if sure < beyond else floor(found))
    return min(found, tie) if sure < beyond else max(found, tie)
