"""All histories of a block live the same day at the same time: numpy in lock-step.

In the morning leads arrive; then each team has its day, and the demo; what follows is settled at night.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simfunnel import facts, hours
from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Night
from simfunnel.engines.clock import Call
from simfunnel.engines.floor import Clock, Floor
from simfunnel.engines.fresh import fresh_lists
from simfunnel.engines.office import Guests, Office
from simfunnel.facts import Sink
from simfunnel.funnel import closing
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.waiting import gone
from simfunnel.hours import SEAT_BITS, SEAT_MASK
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]


def run(scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink]) -> None:
    """Live the histories of `nature`'s columns, reporting every fact to the sinks."""
    if calendar.days:
        Block(scenario, calendar, nature, sinks).run()


class Block:
    """One block of histories, from the first day to the horizon."""

    def __init__(self, scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink]) -> None:
        self._nature = nature
        self._office = Office(scenario, calendar, nature, sinks)
        self._days = calendar.days
        self._names = list(scenario.teams)
        self._meets = self._names.index(scenario.meeting.team) if scenario.meeting is not None else -1
        fresh = fresh_lists(nature)
        self._floors = {
            team: Floor(team, scenario, calendar, nature, self._office, sinks, fresh.get(team))
            for team in working_teams(scenario, nature, self._office)
        }

    def run(self) -> None:
        """Live every day, as long as there is something to do."""
        for day in range(self._days):
            guests, night = self._office.guests(day), Night()
            self._come_back(day)
            fresh = self._arrive(day)
            free: Integers | None = None
            for team, floor in self._floors.items():
                here = self._team_day(day, floor, guests if team == self._office.host_team else None, night)
                free = here if here is not None else free
            if guests is not None:
                self._demo(day, guests, free)
            self._overflow(day)
            for team, column, lead in fresh:
                self._floors[team].fresh.add(day + 1, column, lead)
            agreed = self._office.settle(day, night)
            if agreed is not None:
                self._floors[self._meets].agenda.add(agreed)
            self._refer(day)
            if not self._goes_on(day + 1):
                break
        if self._office.after is not None:
            self._office.after.end()

    def _goes_on(self, day: int) -> bool:
        """May anything happen on `day` or later?"""
        arrivals = bool(self._nature.segments.arrivals) and day < self._nature.arrivals.weekdays.size
        return arrivals or self._office.waits or any(floor.waits(day) for floor in self._floors.values())

    def _come_back(self, day: int) -> None:
        """The day of customers and of the undecided begins; of these, who come back join the queue of hot leads."""
        if self._office.after is not None:
            self._office.after.open(day)
        pipeline = self._office.pipeline
        comers = None if pipeline is None else pipeline.open(day)
        if pipeline is not None and comers is not None:
            queue = self._floors[pipeline.team].hot
            assert queue is not None
            queue.come_back(day, comers)

    def _arrive(self, day: int) -> list[tuple[int, Integers, Integers]]:
        """Hot leads join their queues; the others are to be dialled from tomorrow on: team, columns, leads."""
        nature, arrived, fresh = self._nature, self._nature.arrivals.of_day(day), []
        if arrived is None:
            return []
        hot = nature.segments.hot[nature.segments.of(arrived.lead)]
        for routing, chosen, is_hot in ((nature.answering, hot, True), (nature.routing, ~hot, False)):
            mine = arrived.those(chosen)
            if not mine.lead.size:
                continue
            teams = routing.team(nature.streams[mine.column], mine.lead)
            self._office.report(
                mine.column, kind=facts.ARRIVAL, lead=mine.lead, day=day, clock=mine.clock, team=teams,
                seat=facts.NOBODY,
            )  # fmt: skip
            for team in np.unique(teams).tolist():
                those = mine.those(teams == team)
                queue = self._floors[team].hot
                if is_hot and queue is not None:
                    queue.arrive(day, those)
                else:
                    fresh.append((team, those.column, those.lead))
        return fresh

    def _team_day(self, day: int, floor: Floor, guests: Guests | None, night: Night) -> Integers | None:
        """One team's day; the packed times at which called members got free, (called, columns), if any are."""
        call = None
        if guests is not None and self._office.called:
            call = Call(self._office.hosts(guests), self._office.leave)
        clock = floor.work(day, call, night)
        if clock is None or call is None:
            return None
        return self._called(day, clock, call)

    def _called(self, day: int, clock: Clock, call: Call) -> Integers:
        """The members whom the demo called join it."""
        free = clock.free
        row, column = np.nonzero((free & SEAT_MASK) < call.seats)
        seat, left = free[row, column] & SEAT_MASK, free[row, column]
        self._office.host(day, column, seat, left)
        joined = np.full((self._office.called, free.shape[1]), self._office.leave << SEAT_BITS)
        joined[seat, column] = left
        return joined

    def _demo(self, day: int, guests: Guests, free: Integers | None) -> None:
        """The event, and the talks after it."""
        if free is None:
            free = np.full((self._office.called, self._office.columns), self._office.leave << SEAT_BITS)
            seat, column = np.nonzero(np.arange(self._office.called)[:, None] < self._office.hosts(guests))
            self._office.host(day, column, seat, free[seat, column])
        comers = self._office.hold(day, guests)
        if self._office.closers:
            self._close(day, comers, hours.joined(free[: self._office.closers], self._office.leave))
        else:
            self._office.close_at_once(day, comers)

    def _close(self, day: int, comers: Guests, joined: Integers) -> None:
        """The comers' talks, in order of lead, each with the closer free first; `joined` is (closers, columns)."""
        office, law, team = self._office, self._nature.closing, self._office.host_team
        seats = np.arange(len(joined))[:, None]
        free = (np.maximum(joined, office.event_end) << SEAT_BITS) | seats
        talks, column = office.talks(comers), comers.column
        rank = np.arange(column.size) - np.searchsorted(column, column)
        ended, begun, lasted, seat = (np.zeros(column.size, dtype=np.int64) for _ in range(4))
        for step in range(int(rank.max(initial=-1)) + 1):
            mine = np.flatnonzero(rank == step)
            start = free[:, column[mine]].min(axis=0)
            begun[mine], seat[mine] = start >> SEAT_BITS, start & SEAT_MASK
            waited = begun[mine] - office.event_end
            end, length = law.decide(talks.those(mine), waited, team, seat[mine])
            left = gone(waited, talks.patience[mine])
            ended[mine] = np.where(left, closing.LEFT, end)
            lasted[mine] = np.where(left, 0, self._nature.lasts(length, team, seat[mine], column[mine]))
            free[seat[mine], column[mine]] = start + (lasted[mine] << SEAT_BITS)
        office.closed(day, comers, talks, ended, begun, lasted, seat)

    def _refer(self, day: int) -> None:
        """The night of the customers; whom they name is to be dialled from tomorrow on."""
        named = None if self._office.after is None else self._office.after.settle(day)
        for team in () if named is None else np.unique(named.team).tolist():
            assert named is not None
            mine = named.team == team
            self._floors[team].fresh.add(day + 1, named.column[mine], named.lead[mine])

    def _overflow(self, day: int) -> None:
        """Dials that a team did not get round to in time move, for good; all teams look before anything moves."""
        for moved in [floor.overdue(day) for floor in self._floors.values()]:
            if moved is not None:
                self._floors[self._names.index(moved.to)].take(moved)


def working_teams(scenario: Scenario, nature: Nature, office: Office) -> list[int]:
    """The teams with a list: who dial, who answer, who meet, who follow up or care, who get overflow."""
    names = list(scenario.teams)
    meets = [names.index(scenario.meeting.team)] if scenario.meeting is not None else []
    meets += [room.team for room in (office.pipeline, office.after) if room is not None]
    dial = list(nature.routing.teams)
    overflow = [team.overflow for number, team in enumerate(scenario.teams.values()) if number in dial]
    more = [names.index(there.to) for there in overflow if there is not None]
    return list(dict.fromkeys([*dial, *nature.answering.teams, *meets, *more]))
