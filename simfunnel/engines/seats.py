"""Where it matters who works when, or a team is large, every member keeps the time from which it may start again.

The earliest starts next; a time is packed with its seat (see `hours`), so that ties settle themselves,
lowest seat first. One row for each seat, one column for each replication.
"""

from __future__ import annotations

from copy import copy
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.engines.clock import Call, cost_of_heaps, cost_of_pairs
from simfunnel.hours import SEAT_BITS, SEAT_MASK, Hours

Integers = npt.NDArray[np.int64]


SEATS_COST: Final = 8.0
SEATS_COST_OF_COLUMN: Final = 0.012
SEATS_COST_OF_CELL: Final = 0.0004


def prefers_seats(members: int, columns: int) -> bool:
    """Is this shape of the clock faster than those of `TeamClock`? Microseconds a row, as measured."""
    mine = SEATS_COST + columns * (SEATS_COST_OF_COLUMN + SEATS_COST_OF_CELL * members)
    return mine < min(cost_of_pairs(members, columns), cost_of_heaps(columns))


class SeatClock:
    """The packed times (members, columns) from which a team's members may start; GONE and more for who has left."""

    def __init__(self, hours: Hours, members: int, columns: int, call: Call | None = None) -> None:
        self._hours = hours
        self._call = call
        self._gated = call is not None or hours.pause < hours.resume
        self.end = hours.end << SEAT_BITS
        self._columns = np.arange(columns)
        seat = np.arange(members, dtype=np.int64)[:, None]
        free = np.repeat((hours.start << SEAT_BITS) | seat, columns, axis=1)
        if call is not None:
            opening = min(hours.start, call.leave)
            free = np.where(seat < call.seats, (opening << SEAT_BITS) | seat, free)
        self.free = np.ascontiguousarray(self._available(free, self._columns))
        self._flat = self.free.ravel()
        self._earliest = np.empty(columns, dtype=np.int64)

    def _available(self, free: Integers, column: Integers) -> Integers:
        """From when on each may start, whose times (..., n) belong to the columns `column` (n,)."""
        if self._call is None:
            return np.asarray(self._hours.resumed(free)) if self._gated else free
        called = (free & SEAT_MASK) < self._call.seats[column]
        return np.asarray(self._hours.available(free, called, self._call.leave))

    def narrow(self, column: Integers) -> SeatClock:
        """A clock of some columns only; what happens on it, this one must `take_back`."""
        some = copy(self)
        some._columns = np.arange(column.size)
        some.free = np.ascontiguousarray(self.free[:, column])
        some._flat = some.free.ravel()
        some._earliest = np.empty(column.size, dtype=np.int64)
        if self._call is not None:
            some._call = Call(self._call.seats[column], self._call.leave)
        return some

    def take_back(self, some: SeatClock, column: Integers) -> None:
        """What happened on the clock of these columns."""
        if some is not self:
            self.free[:, column] = some.free

    def earliest(self) -> Integers:
        """Who starts next, and from when on, by column."""
        return np.minimum.reduce(self.free, axis=0, out=self._earliest)

    def earliest_from(self, clock: Integers, column: Integers) -> Integers:
        """Who starts next, and when, if there is nothing to do before `clock` (n,), in the columns `column` (n,)."""
        free = self.free[:, column]
        seat = np.arange(len(free), dtype=np.int64)[:, None]
        return np.asarray(self._available(np.maximum(free, (clock << SEAT_BITS) | seat), column).min(axis=0))

    def occupy(
        self, start: Integers, milliseconds: Integers, column: Integers | None = None, seat: Integers | None = None
    ) -> None:
        """Who starts at `start` (on `seat`, if that is known) is busy for so long; a duration of 0 does nothing.

        All (n,), by default all columns.
        """
        column, seat = self._columns if column is None else column, start & SEAT_MASK if seat is None else seat
        free = start + (milliseconds << SEAT_BITS)
        if self._gated and not self._before_pause(free):
            free = self._available(free, column)
            self._gated = self._call is not None or not self._after_pause
        self._flat[seat * self._columns.size + column] = free

    def run(self, durations: Integers, starts: Integers) -> None:
        """Fill `starts` (rows, columns), packed, from `durations` (rows, columns) in ms; 0 is a gap."""
        for duration, start in zip(durations, starts, strict=True):
            np.copyto(start, self.earliest())
            self.occupy(start, duration * (start < self.end))

    def _before_pause(self, free: Integers) -> bool:
        """Is no time near the pause, and nobody called? Saves most of the work of a morning."""
        return self._call is None and bool(free.max(initial=0) < self._hours.pause << SEAT_BITS)

    @property
    def _after_pause(self) -> bool:
        """Is the pause over for all? Saves most of the work of an afternoon."""
        return bool(self.free.min() >= self._hours.resume << SEAT_BITS)
