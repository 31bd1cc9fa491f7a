"""Where it matters who works when, the clock and the laws take turns: one task of every replication a step.

A free member takes the hot lead that came first, if one has come by then, else the next contact that is its own, else
the next task of the list. The place of each replication in the list is its own, so that one may answer a hot lead
while another dials. A step in which a replication has nothing to do does nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from simfunnel.engines.accepted import Accepted
from simfunnel.engines.care import Own
from simfunnel.engines.hot import NOBODY_COMES, HotQueue
from simfunnel.engines.seats import SeatClock
from simfunnel.engines.worklist import Rows
from simfunnel.funnel import durations
from simfunnel.hours import SEAT_BITS, SEAT_MASK
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

LOOK: Final = 4
"""Whether all is done is looked at in every fourth step."""
FEW: Final = 0.75
NARROW: Final = 64
"""With less than this share of the columns still busy, the others are left out, unless there are few anyway."""


class Work(Protocol):
    """A kind of task: `foresee` a batch, `settle` single tasks as they begin, `finish` the batch.

    What is foreseen holds for tasks begun before `until` (ms); later ones must be settled.
    """

    until: int

    def foresee(self, rows: Rows, begin: tuple[int, int]) -> Floats:
        """Ms of the tasks before pace and rounding; NaN where it matters who does them when.

        `begin` are the earliest and the latest clock (ms) at which a replication begins the first of them.
        """

    def settle(self, place: Integers, column: Integers, clock: Integers, seat: Integers) -> Floats:
        """Ms before pace and rounding of single tasks, by their places in the batch."""

    def finish(self, day: int, started: Integers, milliseconds: Integers, begun: Mask, accepted: Accepted) -> Integers:
        """Report the batch; tasks begun, by column."""


class Aside(Protocol):
    """What comes before the list, for some members at some times."""

    def due(self, free: Integers, column: Integers) -> Mask:
        """In which of the columns is there some for the member who is free at the packed time `free` (n,)?"""

    def begin(self, column: Integers, start: Integers) -> tuple[Integers, Floats]:
        """It is begun at the packed time `start` in each of these columns: its place, and its ms (0: nothing)."""

    def lasts(self, place: Integers, milliseconds: Integers) -> None:
        """How long those at these places last."""


Chosen = tuple[Aside, Integers]


class Steps:
    """Some rows of a class of the list, done step by step; `base` as `Work.foresee` gives it."""

    def __init__(
        self, base: Floats, rows: Rows, work: Work, clock: SeatClock, aside: Sequence[Aside], pace: Floats | None,
        scratch: Scratch,
    ) -> None:  # fmt: skip
        self._work = work
        self._clock = clock
        self._aside = aside
        self._pace = pace
        self._size, self._columns = base.shape
        self._until = work.until << SEAT_BITS
        self._early = min(self._until, clock.end)
        shape = (self._size + 1, self._columns)  # the last row is for who has nothing to do
        lengths = scratch.take("steps.lengths", shape, np.float64)
        np.maximum(base, durations.SOMETHING, out=lengths[: self._size])
        lengths[self._size] = 0.0
        self._lengths = lengths.ravel()
        self._started = scratch.take("steps.started", shape, np.int64)
        self._started[:] = clock.end
        self._lasted = scratch.take("steps.lasted", shape, np.int64)
        self._lasted[:] = 0
        self._column = np.arange(self._columns)
        self._place = self._column.copy()
        self._nowhere = self._column + self._size * self._columns
        height = self._size if rows.present is None else rows.present.sum(axis=0)
        self._after = height * self._columns + self._column

    def run(self) -> tuple[Integers, Integers]:
        """Packed starts and ms of all tasks; the start of one that is not begun is the end of the day."""
        whole = self._clock
        while True:
            active = self._advance()
            whole.take_back(self._clock, self._column)
            if not active.any():
                return self._started[: self._size], self._lasted[: self._size]
            for name in ("_column", "_place", "_nowhere", "_after"):
                setattr(self, name, getattr(self, name)[active])
            self._clock = whole.narrow(self._column)

    def _advance(self) -> Mask:
        """Do step after step, until too few replications have something left to do: those that have."""
        started, lasted, columns = self._started.ravel(), self._lasted.ravel(), self._columns
        few = self._column.size * FEW if self._column.size > NARROW else 1
        for step in itertools.count():
            free = self._clock.earliest()
            is_early = int(free.max()) < self._early
            listed = self._place < self._after
            if not is_early:
                listed &= free < self._clock.end
            if step % LOOK == 0 and np.count_nonzero(listed) < few:
                break
            before = list(self._before_the_list(free, listed)) if self._aside else []
            task = np.where(listed, self._place, self._nowhere)
            seat = free & SEAT_MASK
            milliseconds = self._do(task, free, seat, listed, before, is_early)
            started[task], lasted[task] = free, milliseconds
            self._clock.occupy(free, milliseconds, seat=seat)
            self._place += listed * columns
        return np.asarray(listed)

    def _before_the_list(self, free: Integers, listed: Mask) -> Iterator[Chosen]:
        """What comes before the list, and the places of the columns where it does: they are taken from the `listed`."""
        for aside in self._aside:
            due = aside.due(free, self._column)
            due &= listed
            some = due.nonzero()[0]
            if some.size:
                listed ^= due
                yield aside, some

    def _do(
        self, task: Integers, free: Integers, seat: Integers, listed: Mask, before: Sequence[Chosen], is_early: bool
    ) -> Integers:
        """Ms of the tasks of one step, 0 where there is none."""
        length = self._lengths.take(task)
        if not is_early:
            length[(free >= self._until) & (length > 0)] = np.nan
        self._settle(length, task, free)
        if not before:
            return paced(length, listed, seat, self._column, self._pace)
        spots = []
        for aside, some in before:
            spot, length[some] = aside.begin(self._column.take(some), free.take(some))
            spots.append(spot)
        milliseconds = paced(length, length > 0, seat, self._column, self._pace)
        for (aside, some), spot in zip(before, spots, strict=True):
            aside.lasts(spot, milliseconds[some])
        return milliseconds

    def _settle(self, length: Floats, task: Integers, free: Integers) -> None:
        """Fill in what could not be foreseen."""
        open_ = (length != length).nonzero()[0]
        if open_.size:
            start, column = free.take(open_), self._column.take(open_)
            settled = self._work.settle(task.take(open_), column, start >> SEAT_BITS, start & SEAT_MASK)
            length[open_] = np.maximum(settled, durations.SOMETHING)


def answer(hot: HotQueue | None, own: Own | None, clock: SeatClock, pace: Floats | None) -> None:
    """When the list is done, members make the contacts that are their own, and wait for the next hot lead."""
    while True:
        hot_start, own_start = _first_hot(hot, clock), _first_own(own, clock)
        chosen: tuple[tuple[HotQueue | Own | None, Integers, Mask], ...] = (
            (hot, hot_start, hot_start <= own_start),
            (own, own_start, own_start < hot_start),
        )
        some_left = False
        for source, start, first in chosen:
            column = np.flatnonzero(first & (start < clock.end)) if source is not None else start[:0]
            if source is not None and column.size:
                some_left = True
                _begin(source, column, start[column], clock, pace)
        if not some_left:
            return


def _first_hot(hot: HotQueue | None, clock: SeatClock) -> Integers:
    """When somebody is free for the next hot lead, who may not have come yet; NOBODY_COMES without one (columns,)."""
    start = np.full(clock.free.shape[1], NOBODY_COMES)
    if hot is not None and hot.waits:
        column, arrived = hot.coming()
        start[column] = clock.earliest_from(arrived, column)
    return start


def _first_own(own: Own | None, clock: SeatClock) -> Integers:
    """When the first member with a contact of its own is free; later than NOBODY_COMES without one (columns,)."""
    if own is None or not own.waits:
        return np.full(clock.free.shape[1], NOBODY_COMES)
    return np.minimum(own.earliest(clock.free), NOBODY_COMES)


def _begin(source: HotQueue | Own, column: Integers, start: Integers, clock: SeatClock, pace: Floats | None) -> None:
    """Who is free at `start` in these columns begins what comes first."""
    spot, length = source.begin(column, start)
    milliseconds = paced(length, length > 0, start & SEAT_MASK, column, pace)
    source.lasts(spot, milliseconds)
    clock.occupy(start, milliseconds, column)


def paced(length: Floats, something: Mask, seat: Integers, column: Integers, pace: Floats | None) -> Integers:
    """Whole ms of tasks of such lengths (overwritten), done by `seat`; 0 where there is not `something` to do."""
    if pace is not None:
        width = pace.shape[1]
        length *= pace.take(seat if width == 1 else seat * width + column)
    return durations.whole(length, least=something)
