"""A probability that depends on segment, team and circumstances is a table of thresholds that both engines read.

A circumstance is one of the few levels of what else matters (attempt, reach, hour of the day; the
member's skill). The table's last axis are the columns (histories of a block), each reading its own
world; it has length 1 where all worlds are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel import draws

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def rows_of(each: Sequence[Floats]) -> Floats:
    """Numbers of shape (columns,) or (1,) as the rows of one array."""
    width = max((values.size for values in each), default=1)
    return np.array([np.broadcast_to(values, width) for values in each])


@dataclass(frozen=True)
class Levels:
    """Thresholds of one decision: `table` has shape (segments, teams, circumstances, columns or 1)."""

    table: Integers

    @classmethod
    def of(cls, probabilities: Sequence[Sequence[Sequence[Floats] | Floats]]) -> Levels:
        """From probabilities [segment][team][circumstance], each of shape (columns,) or (1,)."""
        cells = [[cell if isinstance(cell, np.ndarray) else rows_of(cell) for cell in row] for row in probabilities]
        width = max((cell.shape[1] for row in cells for cell in row), default=1)
        table = [[np.broadcast_to(cell, (len(cell), width)) for cell in row] for row in cells]
        return cls(draws.threshold(np.array(table)))

    def dense(
        self, team: int, segment: Integers | int, circumstance: Integers | int = 0, column: Integers | None = None
    ) -> Integers:
        """Thresholds that broadcast against (..., columns), or against `column` (n,), where that is given.

        `segment` and `circumstance` have that shape, or are plain numbers.
        """
        rows = self.table[:, team]
        _, circumstances, width = rows.shape
        if not isinstance(segment, np.ndarray) and not isinstance(circumstance, np.ndarray):
            found = rows[segment, circumstance]
            return np.asarray(found if column is None or width == 1 else found[column])
        if not isinstance(segment, np.ndarray):
            rows, index = rows[segment], circumstance
        else:
            index = segment * circumstances + circumstance
        if width > 1:
            index = index * width + (np.arange(width) if column is None else column)
        return np.asarray(rows.ravel().take(index))

    def extremes(self, fast: Sequence[Sequence[int]], levels: int) -> tuple[Levels, Levels]:
        """The lowest and highest thresholds over the levels `fast[team]` of the fastest circumstance.

        The fastest has `levels` levels, and stands last in a circumstance.
        """
        segments, _, circumstances, width = self.table.shape
        shape = (segments, circumstances // levels, levels, width)
        each = [self.table[:, team].reshape(shape)[:, :, list(chosen)] for team, chosen in enumerate(fast)]
        low, high = (np.stack([found(part, axis=2) for part in each], axis=1) for found in (np.min, np.max))
        return Levels(low), Levels(high)

    def above(self, other: Levels) -> Levels:
        """This table with the rows of another one below its own."""
        tables = [self.table, other.table]
        width = max(table.shape[3] for table in tables)
        return Levels(np.concatenate([np.broadcast_to(t, (*t.shape[:3], width)) for t in tables]))

    def at(self, segment: Integers, team: Integers, column: Integers, circumstance: Integers | int = 0) -> Integers:
        """Thresholds of single leads, in the common shape of the index arrays."""
        return np.asarray(self.table[segment, team, circumstance, column if self.table.shape[3] > 1 else 0])

    def column(self, column: int) -> Levels:
        """The same table for one history."""
        return Levels(self.table[..., column : column + 1]) if self.table.shape[3] > 1 else self
