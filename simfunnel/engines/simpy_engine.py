"""One history at a time, told event by event: members, demos and the office are SimPy processes.

An instant is settled in the contract's order by event priority: members act lowest seat first. Each
working day has its own stretch of the simulation's time (ms), two calendar days long, so that work
past midnight still belongs to its day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import simpy
from simpy.events import Event, EventPriority

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.engines.office import Accepted, Guests, Office
from simfunnel.facts import Scalar, Sink
from simfunnel.funnel import calling
from simfunnel.funnel.dialling import CallLaw, Dialling
from simfunnel.funnel.nature import Nature
from simfunnel.hours import GONE, SEAT_BITS, Hours
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import DAY, MINUTE
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Task = tuple[int, int, "Batch", int]
Process = Generator[Event, Any, None]

STRETCH: Final = 2 * DAY
FIRST_SEAT: Final = 10
MORNING: Final = 256


class Turn(Event):
    """A member's next turn, `delay` ms from now; at the same instant the lowest seat comes first."""

    def __init__(self, env: simpy.Environment, delay: int, seat: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        env.schedule(self, cast(EventPriority, FIRST_SEAT + seat), delay)


class _InColumn:
    """Passes the facts of one history on as those of column `column`."""

    def __init__(self, sinks: Sequence[Sink], column: int) -> None:
        self._sinks = sinks
        self._column = column

    def dials(self, batch: facts.Dials) -> None:
        raise NotImplementedError

    def rows(self, column: Integers, columns: Mapping[str, Scalar]) -> None:
        for sink in self._sinks:
            sink.rows(np.full(column.size, self._column), columns)


def run(scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink]) -> None:
    """Live the histories of `nature`'s columns one by one, reporting every fact to the sinks."""
    for column in range(nature.streams.size if calendar.days else 0):
        History(scenario, calendar, nature.column(column), _InColumn(sinks, column)).run()


class History:
    """One history: the office opens each day, the members work, the office settles the night."""

    def __init__(self, scenario: Scenario, calendar: Calendar, nature: Nature, sink: Sink) -> None:
        self._env = simpy.Environment()
        self._office = Office(scenario, nature, [sink])
        self._days = calendar.days
        self._sink = sink
        self._floors = {team: Floor(team, scenario, calendar, nature) for team in nature.routing.teams}

    def run(self) -> None:
        """Live until nothing waits or the horizon is reached."""
        self._env.process(self._office_days())
        self._env.run()

    def _office_days(self) -> Process:
        for day in range(self._days):
            guests = self._office.guests(day)
            if guests is not None or any(floor.has_work(day) for floor in self._floors.values()):
                yield self._env.timeout(day * STRETCH - self._env.now)
                accepted = Accepted()
                yield self._env.all_of(self._open(day, guests, accepted))
                for floor in self._floors.values():
                    floor.close()
                    floor.report(self._sink)
                self._office.book(day, accepted)
            if not (self._office.waits or any(floor.waits(day + 1) for floor in self._floors.values())):
                return

    def _open(self, day: int, guests: Guests | None, accepted: Accepted) -> list[simpy.Process]:
        """The day's processes: the members of each team, and the demo."""
        called = int(self._office.hosts(guests)[0]) if guests is not None else 0
        processes = []
        for team, floor in self._floors.items():
            floor.open(day)
            hosts = called if team == self._office.host_team else 0
            for seat in range(floor.present(hosts)):
                host = self._host(day, seat) if seat < hosts else None
                processes.append(self._env.process(floor.member(self._env, day, seat, host, accepted)))
        if guests is not None:
            if self._office.host_team not in self._floors:
                processes += [self._env.process(self._waiting_host(day, seat)) for seat in range(called)]
            processes.append(self._env.process(self._demo(day, guests)))
        return processes

    def _host(self, day: int, seat: int) -> tuple[int, Callable[[int], None]]:
        """When a called member leaves the list, and what to do at the time it is free to."""

        def join(free: int) -> None:
            self._office.host(day, np.zeros(1, dtype=np.int64), np.array([seat]), np.array([free << SEAT_BITS]))

        return self._office.leave, join

    def _waiting_host(self, day: int, seat: int) -> Process:
        leave, join = self._host(day, seat)
        yield Turn(self._env, leave, seat)
        join(leave)

    def _demo(self, day: int, guests: Guests) -> Process:
        yield self._env.timeout(self._office.plan.at * MINUTE)
        self._office.hold(day, guests)


class Batch:
    """Dials drawn together; for each hour and member that matter they are decided together, when first asked for."""

    def __init__(self, law: CallLaw, dials: Dialling) -> None:
        self._law = law
        self._dials = dials
        self._tables: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def decided(self, row: int, clock: int, seat: int) -> tuple[int, int]:
        """Outcome and ms of the dial in `row` if `seat` begins it at `clock` (ms)."""
        start = self._law.start_levels(self._dials.team, clock, seat)
        table = self._tables.get(start)
        if table is None:
            codes, milliseconds = self._law.decide(self._dials, Scratch(), clock, seat)
            table = list(zip(codes.ravel().tolist(), milliseconds.ravel().tolist(), strict=True))
            self._tables[start] = table
        return table[row]


class Floor:
    """One calling team: its waiting work, its members' day, the dials it made."""

    def __init__(self, team: int, scenario: Scenario, calendar: Calendar, nature: Nature) -> None:
        assert scenario.calling is not None
        assert nature.calling is not None
        self._team = team
        self._nature = nature
        self._law = nature.calling
        self._size = list(scenario.teams.values())[team].size
        self._hours = Hours.of(list(scenario.teams.values())[team])
        self._attempts = scenario.calling.attempts
        self._order = scenario.calling.order
        self._due_days = calendar.due(scenario.calling.retry_after).tolist()
        self._intake = calendar.length(scenario.intake or scenario.horizon)
        self._scratch = Scratch()
        self._leads = self._routed()
        self._drawn = 0
        self._due: dict[int, list[tuple[int, int, int]]] = {}
        self._left: list[tuple[int, int, int]] = []
        self._fresh: deque[Task] = deque()
        self._retries: deque[Task] = deque()
        self._original: dict[int, int] = {}
        self._fresh_today = False
        self._dials: list[tuple[int, ...]] = []

    def _routed(self) -> Integers:
        lead = np.arange(self._nature.segments.leads, dtype=np.int64)
        if len(self._nature.routing.teams) == 1:
            return lead
        return np.flatnonzero(self._nature.routing.team(self._nature.streams, lead) == self._team)

    def has_work(self, day: int) -> bool:
        """Is there something to do on `day`?"""
        return bool(self._left) or day in self._due or (day < self._intake and self._fresh_left)

    def waits(self, day: int) -> bool:
        """Is there work on `day` or later?"""
        return bool(self._left or self._due) or (day < self._intake and self._fresh_left)

    @property
    def _fresh_left(self) -> bool:
        return bool(self._fresh) or self._drawn < self._leads.size

    def present(self, hosts: int) -> int:
        """Members whose day matters: the called ones, and as many others as there are tasks."""
        work = len(self._retries) + (self._leads.size - self._drawn + len(self._fresh) if self._fresh_today else 0)
        return min(self._size, hosts + work)

    def open(self, day: int) -> None:
        """Make the morning's list: retries by (due day, lead), fresh leads in their order."""
        due = sorted(self._left + self._due.pop(day, []))
        self._left = []
        self._original = {lead: day for day, lead, _ in due}
        lead, attempt = np.array([d[1] for d in due], dtype=np.int64), np.array([d[2] for d in due], dtype=np.int64)
        self._retries = deque(self._drawn_tasks(lead, attempt)) if due else deque()
        self._fresh_today = day < self._intake

    def _drawn_tasks(self, lead: Integers, attempt: Integers) -> list[Task]:
        """The dials of a list, drawn in one call of the laws."""
        batch = Batch(self._law, self._law.prepare(self._team, lead[:, None], attempt[:, None], self._scratch).kept())
        return [(*dial, batch, row) for row, dial in enumerate(zip(lead.tolist(), attempt.tolist(), strict=True))]

    def _next(self) -> Task | None:
        """The head of the list."""
        for name in self._order:
            if name == "retries" and self._retries:
                return self._retries.popleft()
            if name == "fresh" and self._fresh_today:
                if not self._fresh and self._drawn < self._leads.size:
                    lead = self._leads[self._drawn : self._drawn + MORNING]
                    self._drawn += lead.size
                    self._fresh.extend(self._drawn_tasks(lead, np.zeros_like(lead)))
                if self._fresh:
                    return self._fresh.popleft()
        return None

    def member(
        self, env: simpy.Environment, day: int, seat: int, host: tuple[int, Callable[[int], None]] | None,
        accepted: Accepted,
    ) -> Process:  # fmt: skip
        """A member's day: work through the list, rest in the pause, leave for the demo if called to it."""
        hours, midnight = self._hours, day * STRETCH
        leave = host[0] if host is not None else STRETCH
        free = min(hours.start, leave)
        yield Turn(env, free, seat)
        while (start := self._start(free, seat, host)) < STRETCH:
            if start > free:
                yield Turn(env, start + midnight - int(env.now), seat)
            task = self._next() if start < hours.end else None
            if task is None:
                free = start
                break
            lead, attempt, batch, row = task
            code, duration = batch.decided(row, start, seat)
            self._dials.append((lead, day, start, duration, seat, attempt, code))
            yield Turn(env, duration, seat)
            free = int(env.now) - midnight
            self._finish(day, lead, attempt, code, free, accepted)
        if host is not None:
            join = max(free, leave)
            yield Turn(env, join + midnight - int(env.now), seat)
            host[1](join)

    def _start(self, free: int, seat: int, host: tuple[int, Callable[[int], None]] | None) -> int:
        """From when on (ms) a member free at `free` may start a task; STRETCH and more if it has left for the demo."""
        if host is None and self._hours.pause == self._hours.resume:
            return free
        packed = free << SEAT_BITS | seat
        if host is None:
            return int(self._hours.resumed(packed)) >> SEAT_BITS
        at = int(self._hours.available(packed, True, host[0]))
        return STRETCH if at >= GONE else at >> SEAT_BITS

    def _finish(self, day: int, lead: int, attempt: int, code: int, clock: int, accepted: Accepted) -> None:
        """What follows from a dial."""
        due = self._due_days[day]
        if calling.comes_back(code, attempt, self._attempts) and due < len(self._due_days):
            self._due.setdefault(due, []).append((due, lead, attempt + 1))
        elif code == calling.ACCEPTED:
            accepted.add(np.zeros(1, dtype=np.int64), np.array([clock]), np.array([lead]), self._team)

    def close(self) -> None:
        """What was not begun stays due, with its original due day."""
        self._left = [(self._original[lead], lead, attempt) for lead, attempt, *_ in self._retries]
        self._retries.clear()

    def report(self, sink: Sink) -> None:
        """Hand over the day's dials."""
        if self._dials:
            lead, day, clock, duration, seat, attempt, code = np.array(self._dials, dtype=np.int64).T
            sink.rows(
                np.zeros(lead.size, dtype=np.int64),
                {
                    "kind": facts.DIAL, "lead": lead, "day": day, "clock": clock, "duration": duration,
                    "team": self._team, "seat": seat, "occurrence": attempt, "outcome": code,
                },
            )  # fmt: skip
            self._dials = []
