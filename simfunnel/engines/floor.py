"""A team's day is one queue: hot leads first, then the list, class by class, to whoever gets free next.

Where nothing depends on who works when, the durations of many rows are known at once and the clock runs
after them. Else the clock and the laws take turns, one task of every replication a step: the place of each
replication in the list is its own, so that one may answer a hot lead while another dials.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.engines.calls import Calls
from simfunnel.engines.clock import Call, TeamClock
from simfunnel.engines.fresh import FreshLists
from simfunnel.engines.hot import HotQueue
from simfunnel.engines.meetings import Agenda, Meetings
from simfunnel.engines.office import Accepted, Night, Office
from simfunnel.engines.seats import SeatClock
from simfunnel.engines.worklist import Retries, Rows, Source, chunks
from simfunnel.facts import Sink
from simfunnel.funnel import durations
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, SEAT_MASK, Hours
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Clock = TeamClock | SeatClock

CELLS: Final = 48 * 1024
MAX_ROWS: Final = 4096
LOOK: Final = 4
"""Whether all is done is looked at in every fourth step; a step in which nothing is left to do does nothing."""


class Work(Protocol):
    """A kind of task: `foresee` a batch, `settle` single tasks as they begin, `finish` the batch."""

    def foresee(self, rows: Rows, clock: int) -> Floats:
        """Ms of the tasks before pace and rounding; NaN where it matters who does them when, from `clock` (ms) on."""

    def settle(self, place: Integers, clock: Integers, seat: Integers) -> Floats:
        """Ms before pace and rounding of single tasks, by their places in the batch."""

    def finish(self, day: int, started: Integers, milliseconds: Integers, begun: Mask, accepted: Accepted) -> Integers:
        """Report the batch; tasks begun, by column."""


class Floor:
    """One team in every history of the block: its waiting work and its days."""

    def __init__(
        self, number: int, scenario: Scenario, calendar: Calendar, nature: Nature, office: Office,
        sinks: Sequence[Sink], fresh: FreshLists | None,
    ) -> None:  # fmt: skip
        team = list(scenario.teams.values())[number]
        self._number = number
        self._columns = nature.streams.size
        self._size = team.size
        self._hours = Hours.of(team)
        self._pace = nature.pace.get(number)
        self._order = order_of(scenario)
        self._offers = offers_of(scenario)
        self._intake = calendar.length(scenario.intake or scenario.horizon)
        self._scratch = Scratch()
        self._retries = Retries(self._columns, nature.segments.lead_bits)
        self.fresh = FreshLists(self._columns, None) if fresh is None else fresh
        self.agenda = Agenda(self._columns)
        self.hot = HotQueue(number, nature, sinks) if number in nature.answering.teams else None
        self._calls = None
        if scenario.calling is not None and nature.calling is not None:
            self._calls = Calls(number, scenario.calling, calendar, nature, self._retries, sinks)
        self._meetings = Meetings(number, nature, office, bool(team.skill))
        self._overflow = overflow_of(team, calendar)

    def waits(self, day: int) -> bool:
        """Is there work on `day` or later, that has come by now?"""
        hot = self.hot is not None and self.hot.waits
        return hot or self.agenda.waits or self._retries.waits or (day < self._intake and self.fresh.waits)

    def work(self, day: int, call: Call | None, night: Night) -> Clock | None:
        """Work through the day; the clock at its end, or None where there was nothing to do."""
        sources = list(self._sources(day))
        hot = self.hot
        if hot is not None:
            hot.open(day)
        if not sources and call is None and (hot is None or not hot.waits):
            return None
        stepwise = hot is not None or any(self._in_steps(name) for name, _ in sources)
        clock = (SeatClock if stepwise else TeamClock)(self._hours, self._size, self._columns, call)
        for name, source in sources:
            self._work_through(day, name, source, clock, night)
        if hot is not None:
            assert isinstance(clock, SeatClock)
            self._answer(hot, clock)
            hot.close(night.accepted[self._offers["inbound"]])
        return clock

    def _sources(self, day: int) -> Iterator[tuple[str, Source]]:
        """The classes of the day's list, in their order."""
        for name in self._order:
            if name == "meetings" and self.agenda.open(day):
                yield name, self.agenda
            elif name == "retries" and self._retries.is_due(day):
                self._retries.open(day)
                yield name, self._retries
            elif name == "fresh" and day < self._intake:
                yield from ((name, fresh) for fresh in self.fresh.due(day))

    def _in_steps(self, name: str) -> bool:
        """Does it matter for tasks of this class who does them when?"""
        if name == "meetings":
            return self._meetings.unlike or self._pace is not None
        assert self._calls is not None
        return self._calls.depends_on_start

    def _work_through(self, day: int, name: str, source: Source, clock: Clock, night: Night) -> None:
        """Work through one class of the list, until it is done or the day is."""
        work: Work = self._meetings
        accepted = night.accepted["demo"]
        if name != "meetings":
            assert self._calls is not None
            work, accepted = self._calls, night.accepted[self._offers["calling"]]
        begun = np.zeros(self._columns, dtype=np.int64)
        for rows in chunks(source, min(MAX_ROWS, max(1, CELLS // self._columns))):
            earliest = int(clock.earliest().min())
            if earliest >= clock.end:
                break
            begun += self._batch(day, work, rows, earliest >> SEAT_BITS, clock, accepted)
        source.settle(begun)

    def _batch(self, day: int, work: Work, rows: Rows, earliest: int, clock: Clock, accepted: Accepted) -> Integers:
        """Some rows of a class, begun from `earliest` (ms) on; tasks begun, by column."""
        base = work.foresee(rows, earliest)
        if isinstance(clock, TeamClock):
            started, milliseconds = self._at_once(base, rows, clock)
        else:
            started, milliseconds = self._step_by_step(base, rows, clock, work.settle)
        begun = self._scratch.take("floor.begun", started.shape, np.bool_)
        np.less(started, clock.end, out=begun)
        if rows.present is not None:
            np.logical_and(begun, rows.present, out=begun)
        return work.finish(day, started, milliseconds, begun, accepted)

    def _at_once(self, base: Floats, rows: Rows, clock: TeamClock) -> tuple[Integers, Integers]:
        """All durations first, then the clock."""
        milliseconds = durations.whole(base, self._scratch.take("floor.milliseconds", base.shape, np.int64))
        if rows.present is not None:
            np.multiply(milliseconds, rows.present, out=milliseconds)
        started = self._scratch.take("floor.started", base.shape, np.int64)
        clock.run(milliseconds, started)
        return started, milliseconds

    def _step_by_step(
        self, base: Floats, rows: Rows, clock: SeatClock, settle: Callable[..., Floats]
    ) -> tuple[Integers, Integers]:
        """One task of every history at a time: a hot lead that has arrived by then, else the next of the list.

        The arrays have one row more than there are steps, for histories that have nothing to do.
        """
        hot, (size, columns) = self.hot, base.shape
        lengths = self._scratch.take("floor.lengths", (size + 1, columns), np.float64)
        started = self._scratch.take("floor.started", (size + 1, columns), np.int64)
        lasted = self._scratch.take("floor.lasted", (size + 1, columns), np.int64)
        np.maximum(base, durations.SOMETHING, out=lengths[:size])
        lengths[size] = 0.0
        started[:] = clock.end
        lengths_, started_, lasted_ = lengths.ravel(), started.ravel(), lasted.ravel()
        uncertain = bool(np.isnan(base).any())
        column = np.arange(columns)
        place, nowhere = column.copy(), column + size * columns
        height = size if rows.present is None else rows.present.sum(axis=0)
        after = height * columns + column
        for step in itertools.count():
            free = clock.earliest()
            listed = (place < after) & (free < clock.end)
            if step % LOOK == 0 and not listed.any():
                break
            answering = None
            if hot is not None:
                due = hot.due(free) & listed
                listed ^= due
                answering = due.nonzero()[0]
            task = np.where(listed, place, nowhere)
            length = lengths_.take(task)
            if uncertain:
                open_ = (length != length).nonzero()[0]
                if open_.size:
                    at = free.take(open_)
                    length[open_] = np.maximum(
                        settle(task[open_], at >> SEAT_BITS, at & SEAT_MASK), durations.SOMETHING
                    )
            spot = None
            if hot is not None and answering is not None and answering.size:
                spot, length[answering] = hot.begin(answering, free.take(answering))
            milliseconds = self._paced(length, free, column)
            started_[task], lasted_[task] = free, milliseconds
            if hot is not None and spot is not None:
                hot.lasts(spot, milliseconds[answering])
            clock.occupy(free, milliseconds)
            place += listed * columns
        return started[:size], lasted[:size]

    def _answer(self, hot: HotQueue, clock: SeatClock) -> None:
        """The list is done: who is free waits for the next hot lead."""
        while True:
            column, arrived = hot.coming()
            start = clock.earliest_from(arrived, column)
            able = start < clock.end
            column, start = column[able], start[able]
            if not column.size:
                break
            spot, length = hot.begin(column, start)
            milliseconds = self._paced(length, start, column)
            hot.lasts(spot, milliseconds)
            clock.occupy(start, milliseconds, column)

    def _paced(self, length: Floats, start: Integers, column: Integers) -> Integers:
        """Whole ms of tasks of such lengths (overwritten), begun at the packed times `start`; 0 stays 0."""
        if self._pace is not None:
            seat, width = start & SEAT_MASK, self._pace.shape[1]
            length *= self._pace.take(seat if width == 1 else seat * width + column)
        something = length > 0
        np.rint(length, out=length)
        np.maximum(length, something, out=length)
        np.minimum(length, durations.LONGEST, out=length)
        return length.astype(np.int64)

    def overdue(self, day: int) -> Overdue | None:
        """Take away, at the night of `day`, the dials that move to another team."""
        if self._overflow is None:
            return None
        to, latest = self._overflow[0], int(self._overflow[1][day])
        return Overdue(to, list(self.fresh.overdue(latest)), self._retries.overdue(latest))

    def take(self, moved: Overdue) -> None:
        """Dials that another team did not get round to."""
        for due, column, lead in moved.fresh:
            self.fresh.add(due, column, lead)
        if moved.retries is not None:
            self._retries.take(*moved.retries)


class Overdue:
    """Dials that move to the team `to`."""

    def __init__(
        self, to: str, fresh: list[tuple[int, Integers, Integers]], retries: tuple[Integers, Integers] | None
    ) -> None:
        self.to = to
        self.fresh = fresh
        self.retries = retries


def order_of(scenario: Scenario) -> tuple[str, ...]:
    """The classes of a day's list; meetings come first where the scenario does not name them."""
    named = scenario.calling.order if scenario.calling is not None else ("retries", "fresh")
    return named if "meetings" in named else ("meetings", *named)


def offers_of(scenario: Scenario) -> dict[str, str]:
    """What is offered to whom is dialled, and to who comes unasked."""
    plans = {"calling": scenario.calling, "inbound": scenario.inbound}
    return {name: plan.offer for name, plan in plans.items() if plan is not None}


def overflow_of(team: Team, calendar: Calendar) -> tuple[str, Integers] | None:
    """Where a team's dials go, and by day the latest due day of those that go at its night (-1: none)."""
    if team.overflow is None:
        return None
    moves = calendar.due(team.overflow.after)
    latest = np.searchsorted(moves, np.arange(1, calendar.days + 1), side="right") - 1
    return team.overflow.to, latest.astype(np.int64)
