"""A team's day is one queue: the next task of the list goes to the member who gets free first.

With like members the starts follow the recursion of Kiefer and Wolfowitz (1955): keep the members'
free times sorted, start the next task at the smallest, add its duration, sort again. A free time is
packed with its seat (see `hours`), so that ties settle themselves, lowest seat first. Replications
run in lock-step, one row of durations after the other; a duration of 0 does nothing, so a row may
have gaps. Two shapes give the same starts: min/max pairs over all replications at once for small
teams, a heap for each replication for huge ones or few replications; a third, for all between, is in
`seats`. Costs are microseconds a row, as measured.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.hours import SEAT_BITS, SEAT_MASK, Hours
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]

PAIR_COST: Final = 0.9
PAIR_COST_OF_COLUMN: Final = 0.0005
HEAP_COST: Final = 0.35


def cost_of_pairs(members: int, columns: int) -> float:
    """One row of a team's day in min/max pairs."""
    return members * (PAIR_COST + PAIR_COST_OF_COLUMN * columns)


def cost_of_heaps(columns: int) -> float:
    """One row of a team's day in heaps."""
    return columns * HEAP_COST


@dataclass(frozen=True)
class Call:
    """Members called off their list: in column c the seats below `seats[c]`, at `leave` (ms)."""

    seats: Integers
    leave: int


class TeamClock:
    """The free times of one team's members on one day, in every replication.

    `members` is the team's size; with a `call`, called seats leave the list and keep, past GONE, the
    time at which they got free.
    """

    def __init__(self, hours: Hours, members: int, columns: int, call: Call | None = None) -> None:
        self._hours = hours
        self.end = hours.end << SEAT_BITS
        self._call = call
        self._gated = call is not None or hours.pause < hours.resume
        self._scratch = Scratch()
        self._spare = np.empty(columns, dtype=np.int64)
        seat = np.arange(members, dtype=np.int64)[:, None]
        opening = hours.start if call is None else min(hours.start, call.leave)
        free = np.repeat((hours.start << SEAT_BITS) | seat, columns, axis=1)
        if call is not None:
            free = np.where(seat < call.seats, (opening << SEAT_BITS) | seat, free)
        free = self._available(free)
        free.sort(axis=0)
        self._heap = cost_of_pairs(members, columns) > cost_of_heaps(columns)
        self._heaps = free.T.tolist() if self._heap else []
        self._free = [] if self._heap else list(free)

    def _available(self, free: Integers) -> Integers:
        """From when on each may start, by column (last axis); GONE and more for who has left."""
        if self._call is None:
            return np.asarray(self._hours.resumed(free))
        called = (free & SEAT_MASK) < self._call.seats
        return np.asarray(self._hours.available(free, called, self._call.leave))

    def earliest(self) -> Integers:
        """The packed time at which the next member gets free, by column."""
        if self._heap:
            return np.array([heap[0] for heap in self._heaps], dtype=np.int64)
        return np.asarray(self._free[0])

    @property
    def free(self) -> Integers:
        """All packed free times, ascending: shape (members, columns)."""
        return np.array([sorted(heap) for heap in self._heaps]).T if self._heap else np.array(self._free)

    def run(self, durations: Integers, starts: Integers) -> None:
        """Fill `starts` (rows, columns), packed, from `durations` (at least one row, columns) in ms; 0 is a gap."""
        if self._heap:
            self._run_heaps(durations, starts)
        else:
            self._run_pairs(durations, starts)

    def _run_pairs(self, durations: Integers, starts: Integers) -> None:
        steps = np.left_shift(durations, SEAT_BITS, out=self._scratch.take("steps", durations.shape, np.int64))
        first, later = self._free[0], self._free[1:]
        rows = [*starts, first]
        starts[0] = first
        for step, (start, following) in zip(steps, pairwise(rows), strict=True):
            if self._call is not None:
                np.multiply(step, start < self.end, out=step)
            busy = np.add(start, step, out=self._spare)
            if self._gated:
                busy[:] = self._available(busy)
            _insert(busy, following, later)

    def _run_heaps(self, durations: Integers, starts: Integers) -> None:
        for column, heap in enumerate(self._heaps):
            begun = []
            for duration in durations[:, column].tolist():
                start = heap[0]
                begun.append(start)
                if duration and start < self.end:
                    heapq.heapreplace(heap, self._free_again(start + (duration << SEAT_BITS), column))
            starts[:, column] = begun

    def _free_again(self, free: int, column: int) -> int:
        """`_available` for one member."""
        if self._call is None:
            return int(self._hours.resumed(free)) if self._gated else free
        called = free & SEAT_MASK < int(self._call.seats[column])
        return int(self._hours.available(free, called, self._call.leave))


def _insert(busy: Integers, following: Integers, later: list[Integers]) -> None:
    """Put `busy` among the ascending free times `later`; the smallest goes to `following`, `busy` is overwritten."""
    lower = following
    for upper in later[:-1]:
        np.minimum(busy, upper, out=lower)
        np.maximum(busy, upper, out=busy)
        lower = upper
    if later:
        np.minimum(busy, later[-1], out=lower)
        np.maximum(busy, later[-1], out=later[-1])
    else:
        lower[:] = busy
