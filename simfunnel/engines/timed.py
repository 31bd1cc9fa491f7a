"""A task of the day whose length does not depend on who begins it, but for the pace, is foreseen with its whole batch.

What comes of it is decided when the day's batch is told.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from simfunnel.engines.worklist import Rows
from simfunnel.funnel.foresight import FOREVER
from simfunnel.hours import SEAT_BITS, SEAT_MASK

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Timed(ABC):
    """One class of such tasks, in every replication; `rows.attempt` is the place of each on today's list."""

    until = FOREVER

    @abstractmethod
    def prepare(self, place: Integers) -> Floats:
        """Take the tasks at these places of today's list as the batch: their ms before pace and rounding."""

    @abstractmethod
    def tell(self, day: int, number: Integers, clock: Integers, milliseconds: Integers, seat: Integers) -> None:
        """Report those of the batch that were begun, by their numbers in it."""

    def foresee(self, rows: Rows, _: tuple[int, int]) -> Floats:
        """Ms of the tasks in `rows` before pace and rounding."""
        assert rows.present is not None
        where = np.flatnonzero(rows.present)
        self._length = self.prepare(np.asarray(rows.attempt).ravel()[where])
        self._number = np.zeros(rows.lead.size, dtype=np.int64)
        self._number[where] = np.arange(where.size)
        base = np.zeros(rows.lead.shape)
        base.ravel()[where] = self._length
        return base

    def settle(self, place: Integers, _: Integers, __: Integers, ___: Integers) -> Floats:
        """Ms of single tasks, by their places in the batch."""
        return self._length[self._number[place]]

    def finish(self, day: int, started: Integers, milliseconds: Integers, begun: Mask, _: object) -> Integers:
        """Report the batch, `begun` of which was begun. Tasks begun, by column."""
        where = np.flatnonzero(begun)
        start = started.ravel()[where]
        self.tell(day, self._number[where], start >> SEAT_BITS, milliseconds.ravel()[where], start & SEAT_MASK)
        return np.bincount(where % begun.shape[1], minlength=begun.shape[1])
