"""A probability that depends on segment and team is a table of thresholds, made once and read by both engines.

The table's last axis are the columns (histories of a block), each reading its own world; it has
length 1 where all worlds are alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel import draws

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Levels:
    """Thresholds of one decision: `table` has shape (segments, teams, columns or 1)."""

    table: Integers

    @classmethod
    def of(cls, probabilities: list[list[Floats]]) -> Levels:
        """From probabilities [segment][team], each of shape (columns,) or (1,)."""
        width = max((p.size for row in probabilities for p in row), default=1)
        table = np.array([[np.broadcast_to(p, width) for p in row] for row in probabilities])
        return cls(draws.threshold(table))

    @classmethod
    def stacked(cls, levels: list[Levels]) -> Levels:
        """The rows of several tables below each other."""
        width = max(level.table.shape[2] for level in levels)
        return cls(np.concatenate([np.broadcast_to(t.table, (*t.table.shape[:2], width)) for t in levels]))

    def dense(self, team: int, segment: Integers | None) -> Integers:
        """Thresholds that broadcast against (rows, columns), the shape of `segment` (None: there is one segment)."""
        rows = self.table[:, team, :]
        if segment is None:
            return np.asarray(rows[0])
        width = rows.shape[1]
        if width == 1:
            return np.asarray(rows[:, 0].take(segment))
        return np.asarray(rows.ravel().take(segment * width + np.arange(width)))

    def at(self, segment: Integers, team: Integers, column: Integers) -> Integers:
        """Thresholds of single leads, in the common shape of the three index arrays."""
        return np.asarray(self.table[segment, team, column if self.table.shape[2] > 1 else 0])

    def column(self, column: int) -> Levels:
        """The same table for one history."""
        return Levels(self.table[:, :, column : column + 1]) if self.table.shape[2] > 1 else self

    def largest(self) -> float:
        """The largest probability in the table."""
        return float(self.table.max(initial=0)) * 2.0**-32
