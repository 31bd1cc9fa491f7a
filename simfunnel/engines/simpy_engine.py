"""One history at a time, told event by event: members, hot leads, demos and the office are SimPy processes.

An instant is settled in the contract's order by event priority: who arrives joins the queue, then members
act, lowest seat first. A working day begins at midnight, which is when the simulation's clock (ms) shows
that all work of the day before is over, however late that is; the clock of a day counts from its midnight.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import simpy

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Night
from simfunnel.engines.office import Guests, Office
from simfunnel.engines.simpy_floor import Floor, Process, Turn
from simfunnel.engines.simpy_tasks import Entry
from simfunnel.facts import Scalar, Sink
from simfunnel.funnel import closing
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.segments import LEAD_BITS
from simfunnel.funnel.waiting import gone
from simfunnel.hours import SEAT_BITS
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]


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
        self._office = Office(scenario, calendar, nature, [sink])
        self._nature = nature
        self._days = calendar.days
        self._meeting_team = _number(scenario, None if scenario.meeting is None else scenario.meeting.team)
        self._overflow = Overflow(scenario, calendar)
        working = {*nature.routing.teams, *nature.answering.teams, *self._overflow.targets}
        working |= {room.team for room in (self._office.pipeline, self._office.after) if room is not None}
        working |= {self._office.host_team, self._meeting_team} - {-1}
        self._floors = {
            team: Floor(self._env, team, scenario, calendar, nature, self._office) for team in sorted(working)
        }
        self._reception: Reception | None = None

    def run(self) -> None:
        """Live until nothing waits or the horizon is reached."""
        self._env.process(self._office_days())
        self._env.run()
        if self._office.after is not None:
            self._office.after.end()

    def _office_days(self) -> Process:
        for day in range(self._days):
            guests = self._office.guests(day)
            self._come_back(day)
            fresh = self._arrive(day)
            busy = [floor.open(day) for floor in self._floors.values()]
            if guests is not None or any(busy):
                yield self._env.all_of([self._env.process(each) for each in self._open(day, guests)])
            self._settle(day, fresh)
            if not self._waits(day + 1):
                return

    def _waits(self, day: int) -> bool:
        """Can anything still happen on `day` or later?"""
        arrivals = bool(self._nature.segments.arrivals) and day < self._nature.arrivals.weekdays.size
        return arrivals or self._office.waits or any(floor.waits(day) for floor in self._floors.values())

    def _come_back(self, day: int) -> None:
        """The day of customers and of the undecided begins: some of these will come back by themselves."""
        if self._office.after is not None:
            self._office.after.open(day)
        pipeline = self._office.pipeline
        comers = None if pipeline is None else pipeline.open(day)
        if pipeline is not None and comers is not None:
            self._floors[pipeline.team].hot.come_back(day, comers)

    def _arrive(self, day: int) -> dict[int, Integers]:
        """Who arrives today: hot leads will come in their time, gives the others by the team that gets them."""
        arrived = self._nature.arrivals.of_day(day)
        if arrived is None:
            return {}
        lead = arrived.lead
        hot, team = self._nature.segments.hot[self._nature.segments.of(lead)], np.zeros_like(lead)
        for routing, which in ((self._nature.answering, hot), (self._nature.routing, ~hot)):
            if which.any():
                team[which] = routing.team(self._nature.streams, lead[which])
        self._office.report(
            arrived.column, kind=facts.ARRIVAL, lead=lead, day=day, clock=arrived.clock, team=team, seat=facts.NOBODY
        )
        for number in np.unique(team[hot]).tolist():
            self._floors[number].hot.arrive(day, arrived.those(hot & (team == number)))
        return {number: lead[~hot & (team == number)] for number in np.unique(team[~hot]).tolist()}

    def _open(self, day: int, guests: Guests | None) -> list[Process]:
        """The day's processes: the members of each team, who comes to them, and the demo."""
        called = int(self._office.hosts(guests)[0]) if guests is not None else 0
        processes = []
        for team, floor in self._floors.items():
            hosts = called if team == self._office.host_team else 0
            processes += [self._host(day, seat, floor) for seat in range(hosts)]
            processes += [floor.member(seat) for seat in range(hosts, floor.present(hosts))]
            if floor.hot.coming:
                processes.append(floor.arrivals())
        if guests is not None:
            self._reception = Reception(self._office, self._nature)
            processes.append(self._demo(day, guests, self._reception))
        return processes

    def _demo(self, day: int, guests: Guests, reception: Reception) -> Process:
        """The demo calls its members, and is held whether they join in time or not."""
        yield self._env.timeout(self._office.leave)
        self._floors[self._office.host_team].ring(self._office.called)
        yield self._env.timeout(self._office.plan.at * MINUTE - self._office.leave)
        comers = self._office.hold(day, guests)
        if self._office.closers:
            reception.open(comers)
        else:
            self._office.close_at_once(day, comers)

    def _host(self, day: int, seat: int, floor: Floor) -> Process:
        """A called member's day: the list, the demo, and the talks after it, if it closes."""
        midnight = int(self._env.now)
        free = yield from floor.member(seat, self._office.leave)
        joined = max(free, self._office.leave)
        yield Turn(self._env, midnight + joined - int(self._env.now), seat)
        self._office.host(day, np.zeros(1, dtype=np.int64), np.array([seat]), np.array([joined << SEAT_BITS]))
        if seat < self._office.closers:
            yield from self._close(max(joined, self._office.event_end), midnight, seat)

    def _close(self, start: int, midnight: int, seat: int) -> Process:
        """A closer's talks, one comer after the other."""
        assert self._reception is not None
        yield Turn(self._env, midnight + start - int(self._env.now), seat)
        while duration := self._reception.begin(start, seat):
            yield Turn(self._env, duration, seat)
            start += duration

    def _settle(self, day: int, fresh: dict[int, Integers]) -> None:
        """The night: what was done is told, overflow moves, offers are settled, tomorrow's work is noted."""
        night = Night()
        for floor in self._floors.values():
            floor.close(day, night)
        if self._reception is not None:
            self._reception.close(day)
            self._reception = None
        self._overflow.move(day, self._floors)
        agreed = self._office.settle(day, night)
        if agreed is not None:
            self._floors[self._meeting_team].meetings.agree(agreed)
        for team, lead in fresh.items():
            self._floors[team].fresh.take((day + 1) << LEAD_BITS | lead)
        self._refer(day)

    def _refer(self, day: int) -> None:
        """The night of the customers; whom they name is to be dialled from tomorrow on."""
        named = None if self._office.after is None else self._office.after.settle(day)
        for team in () if named is None else np.unique(named.team).tolist():
            assert named is not None
            self._floors[team].fresh.take((day + 1) << LEAD_BITS | named.lead[named.team == team])


class Overflow:
    """Dials not begun in time move to another team at night; all teams look before any work moves."""

    def __init__(self, scenario: Scenario, calendar: Calendar) -> None:
        plans = {number: team.overflow for number, team in enumerate(scenario.teams.values())}
        self._plans = {
            number: (_number(scenario, plan.to), calendar.overdue(plan.after).tolist())
            for number, plan in plans.items()
            if plan is not None
        }
        self.targets = [to for to, _ in self._plans.values()]

    def move(self, day: int, floors: Mapping[int, Floor]) -> None:
        """Move what was not begun by the end of `day` and had been due so long ago."""
        moving: list[tuple[Floor, Integers, list[Entry]]] = []
        for number, (to, overdue) in self._plans.items():
            latest = overdue[day]
            if number in floors and latest >= 0:
                floor = floors[number]
                moving.append((floors[to], floor.fresh.overdue(latest), floor.calls.retries.overdue(latest)))
        for floor, fresh, retries in moving:
            floor.fresh.take(fresh)
            floor.calls.retries.take(retries)


class Reception:
    """After the demo its comers wait for a closer, in order of lead, until their patience ends."""

    def __init__(self, office: Office, nature: Nature) -> None:
        self._office = office
        self._nature = nature
        self._waiting: deque[int] = deque()
        self._ends: list[tuple[int, int, int, int]] = []

    def open(self, comers: Guests) -> None:
        """They have come."""
        self._comers = comers
        self._talks = self._office.talks(comers)
        self._waiting.extend(range(comers.lead.size))

    def begin(self, start: int, seat: int) -> int:
        """`seat` takes the next comer at `start`: the ms of the talk, 0 if nobody waits any more."""
        while self._waiting:
            comer = self._waiting.popleft()
            waited = start - self._office.event_end
            ended, duration = closing.LEFT, 0
            if not gone(waited, self._talks.patience[comer]):
                ended, duration = self._talk(comer, waited, seat)
            self._ends.append((ended, start, duration, seat))
            if duration:
                return duration
        return 0

    def _talk(self, comer: int, waited: int, seat: int) -> tuple[int, int]:
        """How the talk ends, and its ms."""
        talk, seats, team = self._talks.those(np.array([comer])), np.array([seat]), self._office.host_team
        ended, base = self._nature.closing.decide(talk, np.array([waited]), team, seats)
        return int(ended[0]), int(self._nature.lasts(base, team, seats, np.zeros_like(seats))[0])

    def close(self, day: int) -> None:
        """Tell the talks."""
        if self._ends:
            ended, begun, lasted, seat = np.array(self._ends, dtype=np.int64).T
            self._office.closed(day, self._comers, self._talks, ended, begun, lasted, seat)


def _number(scenario: Scenario, team: str | None) -> int:
    """The number of a team, -1 for none."""
    return -1 if team is None else list(scenario.teams).index(team)
