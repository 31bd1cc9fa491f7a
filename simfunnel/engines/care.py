"""A contact with a customer is a task of its day: on the list of the team, or on that of the member it belongs to.

How long it takes does not depend on who makes it, but for the pace; what it achieves is decided when the day's
batch is told. Who has contacts of its own makes them before it joins the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.engines.after_sales import AfterSales, Tasks
from simfunnel.engines.timed import Timed
from simfunnel.engines.worklist import DayList
from simfunnel.funnel import care, durations
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, SEAT_MASK

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEVER: Final = 1 << 61


class Contacts(Timed):
    """One class of contacts that anyone makes, in every replication: answers, or what the calendar says."""

    def __init__(self, after: AfterSales, nature: Nature, *, answers: bool) -> None:
        self._after = after
        self._answers = answers
        self._columns = nature.streams.size
        self.depends_on_start = after.team in nature.pace

    def lists(self) -> Iterator[DayList]:
        """Today's list, if there is any."""
        today = self._after.today
        self._tasks = today.those((today.kind == care.ANSWER) == self._answers)
        if self._tasks.row.size:
            yield DayList(self._columns, self._tasks.column, self._tasks.lead)

    def prepare(self, place: Integers) -> Floats:
        """Take these contacts as the batch: their ms."""
        self._batch = self._tasks.those(place)
        self._contact = self._after.prepare(self._batch)
        return self._contact.length

    def tell(self, day: int, number: Integers, clock: Integers, milliseconds: Integers, seat: Integers) -> None:
        """Report those of the batch that were begun."""
        self._after.made(day, self._batch.those(number), self._contact.those(number), clock, milliseconds, seat)


class Own:
    """The contacts that belong to the members of one team, in every replication, each member's in its order."""

    def __init__(self, after: AfterSales, size: int, columns: int) -> None:
        self._after = after
        self._size = size
        self._columns = columns
        self._left = 0
        self._next = np.zeros(size * columns, dtype=np.int64)
        self._end = np.zeros(size * columns, dtype=np.int64)

    @property
    def waits(self) -> bool:
        """Is any of today's not begun?"""
        return self._left > 0

    def open(self) -> None:
        """Lay out today's."""
        self._tasks: Tasks = self._after.today
        size = self._left = self._tasks.row.size
        if not size:
            return
        self._contact = self._after.prepare(self._tasks)
        self._length = np.maximum(self._contact.length, durations.SOMETHING)
        self._started, self._lasted = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self._begun = np.zeros(size, dtype=np.bool_)
        counts = np.bincount(self._tasks.column * self._size + self._tasks.owner, minlength=self._next.size)
        self._end = np.cumsum(counts)
        self._next = self._end - counts

    def due(self, free: Integers, column: Integers) -> Mask:
        """In which of the columns has the member who is free at the packed time `free` (n,) one of its own?"""
        slot = column * self._size + (free & SEAT_MASK)
        return np.asarray(self._next.take(slot) < self._end.take(slot))

    def earliest(self, free: Integers) -> Integers:
        """When the first member with one of its own is free, of all columns (columns,); `free` (members, columns)."""
        some = (self._next < self._end).reshape(self._columns, self._size).T
        return np.asarray(np.where(some, free, NEVER).min(axis=0))

    def begin(self, column: Integers, start: Integers) -> tuple[Integers, Floats]:
        """The next one is begun at the packed time `start` in each of these columns: its place, and its ms."""
        slot = column * self._size + (start & SEAT_MASK)
        place = self._next[slot]
        self._next[slot] = place + 1
        self._started[place] = start
        self._begun[place] = True
        self._left -= place.size
        return place, self._length[place]

    def lasts(self, place: Integers, milliseconds: Integers) -> None:
        """How long those at these places last."""
        self._lasted[place] = milliseconds

    def close(self, day: int) -> None:
        """Report the day; what was not begun stays due."""
        if not self._tasks.row.size:
            return
        mine = np.flatnonzero(self._begun)
        tasks, contact, start = self._tasks.those(mine), self._contact.those(mine), self._started[mine]
        self._after.made(day, tasks, contact, start >> SEAT_BITS, self._lasted[mine], start & SEAT_MASK)
        self._left = 0
