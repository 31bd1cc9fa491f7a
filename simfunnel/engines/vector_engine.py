"""All histories of a block live the same day at the same time: numpy in lock-step.

A team's day is rows of tasks, one step of every history each. Where nothing depends on who works
when, outcomes and durations of many rows are decided at once and the clock runs after them; else the
clock and the laws take turns, row by row. What follows is settled at night.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.engines.clock import Call, TeamClock
from simfunnel.engines.office import Accepted, Guests, Office
from simfunnel.engines.worklist import Fresh, Retries, Rows, chunks, fresh_lists
from simfunnel.facts import Dials, Sink
from simfunnel.funnel import calling
from simfunnel.funnel.calling import Codes
from simfunnel.funnel.dialling import Dialling
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, SEAT_MASK, Hours
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import DAY
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]

CELLS: Final = 48 * 1024
MAX_ROWS: Final = 4096
LAST_CLOCK: Final = DAY - 1


def run(scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink]) -> None:
    """Live the histories of `nature`'s columns, reporting every fact to the sinks."""
    if calendar.days:
        Block(scenario, calendar, nature, sinks).run()


class Block:
    """One block of histories, from the first day to the horizon."""

    def __init__(self, scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink]) -> None:
        self._office = Office(scenario, nature, sinks)
        self._days = calendar.days
        self._floors = {
            team: CallingFloor(team, scenario, calendar, nature, sinks, fresh)
            for team, fresh in fresh_lists(nature).items()
        }

    def run(self) -> None:
        """Live every day, as long as there is something to do."""
        for day in range(self._days):
            guests = self._office.guests(day)
            accepted = Accepted()
            for team, floor in self._floors.items():
                self._team_day(day, floor, guests if team == self._office.host_team else None, accepted)
            if guests is not None:
                self._demo(day, guests)
            self._office.book(day, accepted)
            if not (self._office.waits or any(floor.waits(day + 1) for floor in self._floors.values())):
                break

    def _team_day(self, day: int, floor: CallingFloor, guests: Guests | None, accepted: Accepted) -> None:
        call = None
        if guests is not None and self._office.plan.hosts:
            call = Call(self._office.hosts(guests), self._office.leave)
        clock = floor.work(day, call, accepted)
        if clock is not None and call is not None:
            self._office.host(day, *_called(clock, call))

    def _demo(self, day: int, guests: Guests) -> None:
        if self._office.host_team not in self._floors:
            seats = self._office.hosts(guests)
            seat, column = np.nonzero(np.arange(self._office.plan.hosts)[:, None] < seats)
            self._office.host(day, column, seat, np.full(column.size, self._office.leave << SEAT_BITS))
        self._office.hold(day, guests)


def _called(clock: TeamClock, call: Call) -> tuple[Integers, Integers, Integers]:
    """Column, seat and free time (packed) of the members whom the demo called."""
    free = clock.free
    row, column = np.nonzero((free & SEAT_MASK) < call.seats)
    return column, free[row, column] & SEAT_MASK, free[row, column]


class CallingFloor:
    """One calling team in every history of the block: its waiting work and its days."""

    def __init__(
        self, team: int, scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink], fresh: Fresh
    ) -> None:
        assert scenario.calling is not None
        assert nature.calling is not None
        self._team = team
        self._nature = nature
        self._sinks = sinks
        self._law = nature.calling
        self._columns = nature.streams.size
        self._size = list(scenario.teams.values())[team].size
        self._hours = Hours.of(list(scenario.teams.values())[team])
        self._attempts = scenario.calling.attempts
        self._order = scenario.calling.order
        self._due = calendar.due(scenario.calling.retry_after)
        self._intake = calendar.length(scenario.intake or scenario.horizon)
        self._fresh = fresh
        self._retries = Retries(self._columns)
        self._scratch = Scratch()

    def waits(self, day: int) -> bool:
        """Is there work on `day` or later?"""
        return self._retries.waits or (day < self._intake and self._fresh.left > 0)

    def work(self, day: int, call: Call | None, accepted: Accepted) -> TeamClock | None:
        """Work through the day's list; the clock at its end, or None where there was nothing to do."""
        sources: dict[str, Retries | Fresh] = {}
        if self._retries.is_due(day):
            self._retries.open(day)
            sources["retries"] = self._retries
        if day < self._intake and self._fresh.left:
            sources["fresh"] = self._fresh
        if not sources and call is None:
            return None
        clock = TeamClock(self._hours, self._size, self._columns, call)
        for name in self._order:
            if name in sources:
                self._work_through(day, sources[name], clock, accepted)
        return clock

    def _work_through(self, day: int, source: Retries | Fresh, clock: TeamClock, accepted: Accepted) -> None:
        """Work through one class of the list, until it is done or the day is."""
        begun = np.zeros(self._columns, dtype=np.int64)
        for rows in chunks(source, min(MAX_ROWS, max(1, CELLS // self._columns))):
            if int(clock.next_free.min()) >= clock.end:
                break
            batch = self._dial(day, rows, clock)
            begun += batch.count
            for sink in self._sinks:
                sink.dials(batch)
            self._retry(day, batch)
            self._accept(batch, accepted)
        source.settle(begun)

    def _dial(self, day: int, rows: Rows, clock: TeamClock) -> Dials:
        """The laws of a batch of dials, and the clock."""
        shape = rows.lead.shape
        dials = self._law.prepare(self._team, rows.lead, rows.attempt, self._scratch)
        started = self._scratch.take("floor.started", shape, np.int64)
        decide = self._step_by_step if self._law.depends_on_start(self._team) else self._at_once
        codes, milliseconds = decide(dials, rows, clock, started)
        begun = self._scratch.take("floor.begun", shape, np.bool_)
        np.less(started, clock.end, out=begun)
        if rows.present is not None:
            np.logical_and(begun, rows.present, out=begun)
        return Dials(day, self._team, rows.lead, dials.segment, rows.attempt, started, milliseconds, codes, begun)

    def _at_once(self, dials: Dialling, rows: Rows, clock: TeamClock, started: Integers) -> tuple[Codes, Integers]:
        """Outcomes first, then the clock: nothing depends on who dials when."""
        codes, milliseconds = self._law.decide(dials, self._scratch)
        if rows.present is not None:
            np.multiply(milliseconds, rows.present, out=milliseconds)
        clock.run(milliseconds, started)
        return codes, milliseconds

    def _step_by_step(self, dials: Dialling, rows: Rows, clock: TeamClock, started: Integers) -> tuple[Codes, Integers]:
        """One dial of every history at a time: who dials it, and when, is known only then."""
        codes = self._scratch.take("floor.codes", started.shape, np.uint8)
        milliseconds = self._scratch.take("floor.milliseconds", started.shape, np.int64)
        for step in range(len(started)):
            free = clock.next_free
            at = np.minimum(free >> SEAT_BITS, LAST_CLOCK)
            codes[step], milliseconds[step] = self._law.decide(dials.step(step), self._scratch, at, free & SEAT_MASK)
            if rows.present is not None:
                np.multiply(milliseconds[step], rows.present[step], out=milliseconds[step])
            clock.run(milliseconds[step : step + 1], started[step : step + 1])
        return codes, milliseconds

    def _chosen(self, batch: Dials, code: int) -> npt.NDArray[np.bool_]:
        chosen: npt.NDArray[np.bool_] = self._scratch.take("floor.chosen", batch.begun.shape, np.bool_)
        np.equal(batch.codes, code, out=chosen)
        np.logical_and(chosen, batch.begun, out=chosen)
        return chosen

    def _retry(self, day: int, batch: Dials) -> None:
        """Who did not answer is due again, while attempts last and within the horizon."""
        due = int(self._due[day])
        if due >= len(self._due) or self._attempts == 1:
            return
        again = calling.comes_back(batch.codes, batch.attempt, self._attempts)
        np.logical_and(again, batch.begun, out=again)
        self._retries.add(due, again, batch.lead, batch.attempt)

    def _accept(self, batch: Dials, accepted: Accepted) -> None:
        """Note who accepted, and when the talk ended."""
        where = np.flatnonzero(self._chosen(batch, calling.ACCEPTED))
        if where.size:
            clock = (batch.started.ravel().take(where) >> SEAT_BITS) + batch.milliseconds.ravel().take(where)
            accepted.add(where % self._columns, clock, batch.lead.ravel().take(where), self._team)
