"""What is settled away from the phones is settled by the office: bookings at night, demos in their turn.

Both engines keep the same office, one with a column for every history of a block, one with a single
column. It applies the laws of the demo and of closing, and reports the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simfunnel import draws, facts, hours
from simfunnel.facts import Sink
from simfunnel.funnel import demo, visits
from simfunnel.funnel.nature import Nature
from simfunnel.scenario.schema import Demo, Scenario
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]


@dataclass
class Accepted:
    """The leads that accepted today: column, clock of acceptance (ms), lead and the team that called."""

    parts: list[tuple[Integers, Integers, Integers, Integers]] = field(default_factory=list)

    def add(self, column: Integers, clock: Integers, lead: Integers, team: int) -> None:
        """Note some acceptances."""
        self.parts.append((column, clock, lead, np.full(column.size, team)))

    def in_order(self) -> tuple[Integers, Integers, Integers, Integers]:
        """All of them by (column, clock, lead)."""
        column, clock, lead, team = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        order = np.lexsort((lead, clock, column))
        return column[order], clock[order], lead[order], team[order]


@dataclass(frozen=True)
class Guests:
    """The leads booked on one event: column, lead, and the team that called; all (n,)."""

    column: Integers
    lead: Integers
    team: Integers


class Office:
    """Bookings and demos of the histories of a block."""

    def __init__(self, scenario: Scenario, nature: Nature, sinks: Sequence[Sink]) -> None:
        self._nature = nature
        self._sinks = sinks
        self._plan = scenario.demo
        self.columns = nature.streams.size
        self.host_team = list(scenario.teams).index(scenario.demo.team) if scenario.demo is not None else -1
        self._events = {day: number for number, day in enumerate(nature.seating.days)}
        self._taken = np.zeros((len(nature.seating.days) + 1, self.columns), dtype=np.int64)
        self._booked: dict[int, list[Guests]] = {}

    @property
    def plan(self) -> Demo:
        """The scenario's demo; only asked for where there is one."""
        assert self._plan is not None
        return self._plan

    @property
    def waits(self) -> bool:
        """Does an event still have guests to come?"""
        return bool(self._booked)

    @property
    def leave(self) -> int:
        """Clock (ms) at which hosts leave their list."""
        return (self.plan.at - self.plan.set_up) * MINUTE

    def book(self, day: int, accepted: Accepted) -> None:
        """Seat the day's acceptances, in order of clock and lead."""
        if self._plan is None or not accepted.parts:
            return
        column, clock, lead, team = accepted.in_order()
        event, outcome = self._nature.seating.book(day, column, self._taken)
        self.report(
            column, kind=facts.BOOKING, lead=lead, day=day, clock=clock, team=team, seat=facts.NOBODY,
            occurrence=event, outcome=outcome,
        )  # fmt: skip
        for number in np.unique(event[outcome == demo.BOOKED]).tolist():
            mine = event == number
            self._booked.setdefault(number, []).append(Guests(column[mine], lead[mine], team[mine]))

    def guests(self, day: int) -> Guests | None:
        """Who is booked on today's event, if there is one with guests."""
        parts = self._booked.pop(self._events.get(day, -1), None)
        if parts is None:
            return None
        return Guests(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("column", "lead", "team")))

    def hosts(self, guests: Guests) -> Integers:
        """How many members each column's demo calls: shape (columns,), 0 where nobody is booked."""
        held = np.zeros(self.columns, dtype=np.int64)
        held[guests.column] = self.plan.hosts
        return held

    def host(self, day: int, column: Integers, seat: Integers, free: Integers) -> None:
        """The called members' work at the demo, if they join in time; `free` is when each left its list (packed)."""
        joined = hours.joined(free, self.leave)
        duration = (self.plan.at + self.plan.length) * MINUTE - joined
        some = duration > 0
        self.report(
            column[some], kind=facts.HOST, lead=facts.NOBODY, day=day, clock=joined[some], duration=duration[some],
            team=self.host_team, seat=seat[some],
        )  # fmt: skip

    def hold(self, day: int, guests: Guests) -> None:
        """The demo: who came, who was interested, who bought."""
        nature, column, lead, team = self._nature, guests.column, guests.lead, guests.team
        segment = nature.segments.of(lead)
        outcome = demo.attend(
            draws.visit(nature.streams[column], lead, visits.ATTEND),
            draws.visit(nature.streams[column], lead, visits.TRAITS),
            nature.attended.at(segment, team, column),
            nature.interested.at(segment, team, column),
        )
        clock = self.plan.at * MINUTE
        self.report(
            column, kind=facts.VISIT, lead=lead, day=day, clock=clock, team=team, seat=facts.NOBODY, outcome=outcome
        )
        came = np.bincount(column[outcome != demo.DID_NOT_COME], minlength=self.columns)
        held = np.unique(column)
        self.report(
            held, kind=facts.EVENT, lead=facts.NOBODY, day=day, clock=clock, duration=self.plan.length * MINUTE,
            team=self.host_team, seat=facts.NOBODY, occurrence=self._events[day], amount=came[held],
        )  # fmt: skip
        keen = outcome == demo.INTERESTED
        self._close(day, clock + self.plan.length * MINUTE, Guests(column[keen], lead[keen], team[keen]))

    def _close(self, day: int, clock: int, keen: Guests) -> None:
        nature, column, lead, team = self._nature, keen.column, keen.lead, keen.team
        segment = nature.segments.of(lead)
        outcome, amount = demo.close(
            draws.visit(nature.streams[column], lead, visits.CLOSE),
            draws.visit(nature.streams[column], lead, visits.TRAITS),
            nature.sold.at(segment, team, column),
            nature.qualified.at(segment, team, column),
            nature.revenue_family,
            nature.revenue_at(column),
            nature.minor_units,
        )
        self.report(
            column, kind=facts.TALK, lead=lead, day=day, clock=clock, team=team, seat=facts.NOBODY, outcome=outcome,
            amount=amount,
        )  # fmt: skip

    def report(self, column: Integers, **columns: int | Integers) -> None:
        """Report facts of one kind to every sink."""
        if column.size:
            for sink in self._sinks:
                sink.rows(column, columns)
