"""A team's day is one queue: hot leads first, then the list, class by class, to whoever gets free next.

Where nothing depends on who works when, the durations of many rows are known at once and the clock runs
after them. Else the clock and the laws take turns, one task of every replication a step: the place of each
replication in the list is its own, so that one may answer a hot lead while another dials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Accepted, Night
from simfunnel.engines.calls import Calls
from simfunnel.engines.care import Contacts, Own
from simfunnel.engines.clock import Call, TeamClock
from simfunnel.engines.fresh import FreshLists, Leads
from simfunnel.engines.hot import HotQueue
from simfunnel.engines.meetings import Agenda, Meetings
from simfunnel.engines.office import Office
from simfunnel.engines.seats import SeatClock, prefers_seats
from simfunnel.engines.steps import Aside, Steps, Work, answer
from simfunnel.engines.touches import Touches
from simfunnel.engines.worklist import Retries, Rows, Source
from simfunnel.facts import Sink
from simfunnel.funnel import durations
from simfunnel.funnel.duty import order_of_classes
from simfunnel.funnel.foresight import Foresight
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, Hours
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Clock = TeamClock | SeatClock

CELLS: Final = 48 * 1024
STEP_CELLS: Final = 112 * 1024
MAX_ROWS: Final = 4096
SMALLEST: Final = 4


class Floor:
    """One team in every history of the block: its waiting work and its days."""

    def __init__(
        self, number: int, scenario: Scenario, calendar: Calendar, nature: Nature, office: Office,
        sinks: Sequence[Sink], fresh: FreshLists | None,
    ) -> None:  # fmt: skip
        team = list(scenario.teams.values())[number]
        self._number = number
        self._columns = nature.streams.size
        self._stepwise = False
        self._size = team.size
        self._hours = Hours.of(team)
        self._pace = nature.pace.get(number)
        self._order = order_of_classes(scenario)
        self._offers = offers_of(scenario)
        self._intake = calendar.length(scenario.intake or scenario.horizon)
        self._scratch = Scratch()
        self._retries = Retries(self._columns, nature.segments.lead_bits)
        self.fresh = FreshLists(self._columns, None) if fresh is None else fresh
        self.agenda = Agenda(self._columns)
        pipeline = office.pipeline if office.pipeline is not None and office.pipeline.team == number else None
        self._touches: dict[str, Touches] = {}
        if pipeline is not None:
            classes = (("follow_ups", False), ("quota", True))
            self._touches = {name: Touches(pipeline, nature, quota=quota) for name, quota in classes}
        self._own: Own | None = None
        self._contacts: dict[str, Contacts] = {}
        if office.after is not None and office.after.team == number:
            if office.after.owned:
                self._own = Own(office.after, team.size, self._columns)
            else:
                kinds = (("complaints", True), ("care", False))
                self._contacts = {name: Contacts(office.after, nature, answers=answers) for name, answers in kinds}
        answers = number in nature.answering.teams or (pipeline is not None and pipeline.some_come_back)
        self.hot = HotQueue(number, nature, sinks, pipeline) if answers else None
        self._calls = None
        if scenario.calling is not None and nature.calling is not None:
            foresight = Foresight.of(scenario, nature.calling)
            self._calls = Calls(number, scenario.calling, calendar, nature, foresight, self._retries, sinks)
        self._meetings = Meetings(number, nature, office, self.agenda, bool(team.skill))
        self._overflow = overflow_of(team, calendar)

    def waits(self, day: int) -> bool:
        """Is there work on `day` or later, that has come by now?"""
        hot = self.hot is not None and self.hot.waits
        return hot or self.agenda.waits or self._retries.waits or (day < self._intake and self.fresh.waits)

    def work(self, day: int, call: Call | None, night: Night) -> Clock | None:
        """Work through the day; the clock at its end, or None where there was nothing to do."""
        sources = list(self._sources(day))
        hot, own = self.hot, self._own
        if hot is not None:
            hot.open(day)
        if own is not None:
            own.open()
        waits = (hot is not None and hot.waits) or (own is not None and own.waits)
        if not sources and call is None and not waits:
            return None
        self._stepwise = waits or any(self._in_steps(name) for name, _ in sources)
        by_seat = self._stepwise or prefers_seats(self._size, self._columns)
        clock = (SeatClock if by_seat else TeamClock)(self._hours, self._size, self._columns, call)
        for name, source in sources:
            self._work_through(day, name, source, clock, night)
        if waits:
            assert isinstance(clock, SeatClock)
            answer(hot, own, clock, self._pace)
        if own is not None:
            own.close(day)
        if hot is not None and hot.waits:
            hot.close(night.accepted[self._offers["inbound"]] if "inbound" in self._offers else None)
        return clock

    def _sources(self, day: int) -> Iterator[tuple[str, Source]]:
        """The classes of the day's list, in their order."""
        for name in self._order:
            if name == "meetings" and self.agenda.open(day):
                yield name, self.agenda
            elif name in self._touches:
                yield from ((name, touches) for touches in self._touches[name].lists())
            elif name in self._contacts:
                yield from ((name, contacts) for contacts in self._contacts[name].lists())
            elif name == "retries" and self._retries.is_due(day):
                self._retries.open(day)
                yield name, self._retries
            elif name == "fresh" and day < self._intake:
                yield from ((name, fresh) for fresh in self.fresh.due(day))

    def _in_steps(self, name: str) -> bool:
        """Does it matter for tasks of this class who does them when?"""
        if name == "meetings":
            return self._meetings.unlike or self._pace is not None
        if name in self._touches:
            return self._touches[name].depends_on_start
        if name in self._contacts:
            return self._contacts[name].depends_on_start
        assert self._calls is not None
        return self._calls.depends_on_start

    def _work_through(self, day: int, name: str, source: Source, clock: Clock, night: Night) -> None:
        """Work through one class of the list, until it is done or the day is."""
        work, accepted = self._kind(name), night.accepted["demo"]
        if isinstance(work, Calls):
            accepted = night.accepted[self._offers["calling"]]
        begun = np.zeros(self._columns, dtype=np.int64)
        cells = STEP_CELLS if self._stepwise else CELLS
        first, size, span = 0, min(MAX_ROWS, max(1, cells // self._columns)), span_of(clock)
        while first < source.left and span[0] < clock.end:
            rows = source.rows(first, min(size, source.left - first))
            begun += self._batch(day, work, rows, span, clock, accepted)
            first, before, span = first + len(rows.lead), span, span_of(clock)
            size = min(size, rows_left(len(rows.lead), before[0], span[0], clock.end))
        source.settle(begun)

    def _kind(self, name: str) -> Work:
        """The work of a class."""
        kinds: dict[str, Work] = {"meetings": self._meetings, **self._touches, **self._contacts}
        work = kinds.get(name, self._calls)
        assert work is not None
        return work

    def _batch(
        self, day: int, work: Work, rows: Rows, span: tuple[int, int], clock: Clock, accepted: Accepted
    ) -> Integers:
        """Some rows of a class, the first of them begun within a packed `span` of time; tasks begun, by column."""
        base = work.foresee(rows, (span[0] >> SEAT_BITS, span[1] >> SEAT_BITS))
        if isinstance(clock, SeatClock) and self._stepwise:
            started, milliseconds = Steps(base, rows, work, clock, self._aside(), self._pace, self._scratch).run()
        else:
            started, milliseconds = self._at_once(base, rows, clock)
        begun = self._scratch.take("floor.begun", started.shape, np.bool_)
        np.less(started, clock.end, out=begun)
        if rows.present is not None:
            np.logical_and(begun, rows.present, out=begun)
        return work.finish(day, started, milliseconds, begun, accepted)

    def _aside(self) -> list[Aside]:
        """What comes before the list today."""
        hot = [self.hot] if self.hot is not None and self.hot.waits else []
        return [*hot, *([self._own] if self._own is not None and self._own.waits else [])]

    def _at_once(self, base: Floats, rows: Rows, clock: Clock) -> tuple[Integers, Integers]:
        """All durations first, then the clock."""
        milliseconds = durations.whole(base, self._scratch.take("floor.milliseconds", base.shape, np.int64))
        if rows.present is not None:
            np.multiply(milliseconds, rows.present, out=milliseconds)
        started = self._scratch.take("floor.started", base.shape, np.int64)
        clock.run(milliseconds, started)
        return started, milliseconds

    def overdue(self, day: int) -> Overdue | None:
        """Take away, at the night of `day`, the dials that move to another team."""
        if self._overflow is None:
            return None
        to, latest = self._overflow[0], int(self._overflow[1][day])
        return Overdue(to, list(self.fresh.overdue(latest)), self._retries.overdue(latest))

    def take(self, moved: Overdue) -> None:
        """Dials that another team did not get round to."""
        for due, leads in moved.fresh:
            self.fresh.take(due, leads)
        if moved.retries is not None:
            self._retries.take(*moved.retries)


def span_of(clock: Clock) -> tuple[int, int]:
    """The earliest and the latest packed time at which a replication begins its next task, if it still does today."""
    free = clock.earliest()
    return int(free.min()), int(np.where(free < clock.end, free, 0).max())


def rows_left(rows: int, begin: int, now: int, end: int) -> int:
    """About how many rows the slowest history has left of its day, if `rows` took it from `begin` to `now`."""
    return max(SMALLEST, int(1.1 * rows * max(0, end - now) / max(1, now - begin)))


class Overdue:
    """Dials that move to the team `to`."""

    def __init__(
        self, to: str, fresh: list[tuple[int, list[Leads]]], retries: tuple[Integers, Integers] | None
    ) -> None:
        self.to = to
        self.fresh = fresh
        self.retries = retries


def offers_of(scenario: Scenario) -> dict[str, str]:
    """What is offered to whom is dialled, and to who comes unasked."""
    plans = {"calling": scenario.calling, "inbound": scenario.inbound}
    return {name: plan.offer for name, plan in plans.items() if plan is not None}


def overflow_of(team: Team, calendar: Calendar) -> tuple[str, Integers] | None:
    """Where a team's dials go, and by day the latest due day of those that go at its night (-1: none)."""
    if team.overflow is None:
        return None
    return team.overflow.to, calendar.overdue(team.overflow.after)
