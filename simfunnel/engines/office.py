"""What is settled away from the phones is settled by the office: what was accepted at night, demos in their turn.

Both engines keep the same office, one with a column for every history of a block, one with a single
column. It applies the laws of the demo and of closing, and reports the facts; which closer talks to whom
after a demo is the engines' part. Whether tomorrow's event
is held is settled after all of tonight's bookings, so the office may look at it when it opens again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from simfunnel import draws, facts, hours
from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Accepted, Night, order_of
from simfunnel.engines.after_sales import AfterSales
from simfunnel.engines.pipeline import Pipeline
from simfunnel.engines.sales import Sales
from simfunnel.facts import Sink
from simfunnel.funnel import closing, demo, durations, visits
from simfunnel.funnel.closing import Talks
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.segments import LEAD_BITS
from simfunnel.scenario.offers import Demo
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]
Small = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Guests:
    """Leads booked on an event or a meeting: column, lead, inviting team, events missed before, day booked; all (n,).

    `booked` of a meeting is its own day.
    """

    column: Integers
    lead: Integers
    team: Integers
    missed: Small
    booked: Small

    @classmethod
    def joined(cls, parts: Sequence[Guests]) -> Guests:
        """The guests of all parts, one part after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))

    def those(self, which: Integers | npt.NDArray[np.bool_]) -> Guests:
        """Some of them, by place or mask."""
        return Guests(*(getattr(self, f.name)[which] for f in fields(self)))


class Office:
    """Bookings and demos of the histories of a block."""

    def __init__(self, scenario: Scenario, calendar: Calendar, nature: Nature, sinks: Sequence[Sink]) -> None:
        self._nature = nature
        self._sinks = sinks
        self._plan = scenario.demo
        self.closers = scenario.closing.closers
        if scenario.meeting is not None:
            self._meeting_day = calendar.due(scenario.meeting.after)
        self.columns = nature.streams.size
        self.host_team = list(scenario.teams).index(scenario.demo.team) if scenario.demo is not None else -1
        self._events = {day: number for number, day in enumerate(nature.seating.days)}
        self._taken = np.zeros((len(nature.seating.days) + 1, self.columns), dtype=np.int64)
        self._booked: dict[int, list[Guests]] = {}
        self._no_shows: list[Guests] = []
        self.sales = Sales(scenario, nature, self.report)
        self.pipeline, self.after = None, None
        if scenario.follow_up is not None:
            self.pipeline = self.sales.pipeline = Pipeline(
                scenario, scenario.follow_up, calendar, nature, self.report, self.sales.talks_ended
            )
        if scenario.after_sales is not None:
            self.after = self.sales.after = AfterSales(scenario, scenario.after_sales, calendar, nature, self.report)

    @property
    def plan(self) -> Demo:
        """The scenario's demo; only asked for where there is one."""
        assert self._plan is not None
        return self._plan

    @property
    def waits(self) -> bool:
        """Does an event still have guests to come, is anybody followed up, is anything to come of a customer?"""
        rooms = (self.pipeline, self.after)
        return bool(self._booked) or any(room is not None and room.waits for room in rooms)

    @property
    def called(self) -> int:
        """Members that a demo calls: those who present it and those who close after it, the lowest seats."""
        return max(self.plan.hosts, self.closers)

    @property
    def event_end(self) -> int:
        """Clock (ms) at which the demo ends, and the comers begin to wait for a closer."""
        return (self.plan.at + self.plan.length) * MINUTE

    @property
    def leave(self) -> int:
        """Clock (ms) at which hosts leave their list."""
        return (self.plan.at - self.plan.set_up) * MINUTE

    def settle(self, day: int, night: Night) -> Guests | None:
        """Seat who asks for a seat, note who bought by phone; gives the meetings agreed today."""
        self._book(day, night.accepted["demo"])
        if night.accepted["sale"].parts:
            self._sell(day, night.accepted["sale"])
        for refused in night.accepted["sale"].refused:
            self._undecided_by_phone(day, *refused)
        return self._agree(day, night.accepted["meeting"]) if night.accepted["meeting"].parts else None

    def _book(self, day: int, accepted: Accepted) -> None:
        """Seat who asks for a seat today, in order of clock and lead: who accepted, and who is invited again."""
        again, self._no_shows = self._no_shows, []
        if not (accepted.parts or again):
            return
        if self._plan is None:
            return
        clock, asking = self._asking(day, accepted, again)
        self._seat(day, clock, asking, np.where(asking.missed > 0, demo.AGAIN, demo.ACCEPTED))

    def _sell(self, day: int, accepted: Accepted) -> None:
        """Sales by phone: the acceptance is the sale, and the team that called or answered closed it."""
        column, clock, lead, team, seat = accepted.in_order()
        amount = self._nature.closing.amount(column, lead)
        self.sales.talks_ended(day, column, lead, clock, team, team, seat, np.full(lead.size, closing.SOLD), amount)

    def _undecided_by_phone(self, day: int, column: Integers, clock: Integers, lead: Integers, team: Integers) -> None:
        """Who refused the sale by phone may be undecided."""
        stay = self._nature.closing.undecided_by_phone(column, lead)
        column, clock, lead, team = column[stay], clock[stay], lead[stay], team[stay]
        ended = np.full(lead.size, closing.UNDECIDED_BY_PHONE)
        nobody = np.full(lead.size, facts.NOBODY)
        self.sales.talks_ended(day, column, lead, clock, team, team, nobody, ended, np.zeros_like(ended))

    def _agree(self, day: int, accepted: Accepted) -> Guests | None:
        """Meetings are booked on the day that is `meeting.after` away; beyond the horizon they wait."""
        column, clock, lead, team, _ = accepted.in_order()
        inside = self._meeting_day[day] < self._meeting_day.size
        self.report(
            column, kind=facts.BOOKING, lead=lead, day=day, clock=clock, team=team, seat=facts.NOBODY,
            occurrence=int(self._meeting_day[day]), outcome=demo.MEETING + (demo.BOOKED if inside else demo.WAITING),
        )  # fmt: skip
        missed, booked = np.zeros(lead.size, np.int16), np.full(lead.size, self._meeting_day[day], np.int16)
        return Guests(column, lead, team, missed, booked) if inside else None

    def _asking(self, day: int, accepted: Accepted, again: Sequence[Guests]) -> tuple[Integers, Guests]:
        """Clock of asking and who asks, in order: no-shows ask at the clock of the event they missed."""
        if not accepted.parts:
            nobody = np.zeros(0, dtype=np.int64)
            accepted.add(nobody, nobody, nobody, 0, nobody)
        column, clock, lead, team, _ = accepted.in_order()
        asking = Guests(column, lead, team, np.zeros(lead.size, np.int16), np.full(lead.size, day, np.int16))
        if not again:
            return clock, asking
        asking = Guests.joined([asking, *again])
        clock = np.concatenate([clock, np.full(asking.lead.size - clock.size, self.plan.at * MINUTE)])
        order = order_of(asking.column, clock, asking.lead)
        return clock[order], asking.those(order)

    def _seat(self, day: int, clock: int | Integers, asking: Guests, cause: int | Integers, after: int = -1) -> None:
        """Book who asks, in this order, each on the first event with room (numbered above `after`)."""
        event, seated = self._nature.seating.book(day, asking.column, self._taken, after)
        self.report(
            asking.column, kind=facts.BOOKING, lead=asking.lead, day=day, clock=clock, team=asking.team,
            seat=facts.NOBODY, occurrence=event, outcome=cause + seated,
        )  # fmt: skip
        asking = replace(asking, booked=np.full(asking.lead.size, day, np.int16))
        for number in np.unique(event[seated == demo.BOOKED]).tolist():
            self._booked.setdefault(number, []).append(asking.those(event == number))

    def guests(self, day: int) -> Guests | None:
        """Who comes to today's event, if it is held: the night before, it was cancelled where too few were booked."""
        number = self._events.get(day, -1)
        parts = self._booked.pop(number, None)
        if parts is None:
            return None
        guests = Guests.joined(parts)
        if len(parts) > 1:
            guests = guests.those(np.argsort(guests.column, kind="stable"))
        bookings = np.bincount(guests.column, minlength=self.columns)
        cancelled = demo.cancelled(bookings, self.plan.minimum)
        if cancelled.any():
            self._cancel(number, day - 1, np.flatnonzero(cancelled), bookings)
            moved = cancelled[guests.column]
            self._seat(day - 1, demo.NIGHT, guests.those(moved), demo.MOVED, after=number)
            guests = guests.those(~moved)
        return guests if guests.lead.size else None

    def _cancel(self, number: int, day: int, column: Integers, bookings: Integers) -> None:
        self.report(
            column, kind=facts.EVENT, lead=facts.NOBODY, day=day, clock=demo.NIGHT, team=self.host_team,
            seat=facts.NOBODY, occurrence=number, outcome=demo.CANCELLED, amount=bookings[column],
        )  # fmt: skip

    def hosts(self, guests: Guests) -> Integers:
        """How many members each column's demo calls, to present or to close: (columns,), 0 where nobody is booked."""
        held = np.zeros(self.columns, dtype=np.int64)
        held[guests.column] = self.called
        return held

    def host(self, day: int, column: Integers, seat: Integers, free: Integers) -> None:
        """The called members' work at the demo, if they join in time; `free` is when each left its list (packed)."""
        joined = hours.joined(free, self.leave)
        duration = self.event_end - joined
        some = duration > 0
        self.report(
            column[some], kind=facts.HOST, lead=facts.NOBODY, day=day, clock=joined[some], duration=duration[some],
            team=self.host_team, seat=seat[some],
        )  # fmt: skip

    def hold(self, day: int, guests: Guests) -> Guests:
        """The demo: who came, who got a seat, who was interested; no-shows may be invited again. The seated comers.

        They are ordered by (column, lead); `missed` is 1 for the interested, else 0.
        """
        column, outcome, clock = guests.column, self._visits(day, guests), self.plan.at * MINUTE
        self.report(
            column, kind=facts.VISIT, lead=guests.lead, day=day, clock=clock, team=guests.team, seat=facts.NOBODY,
            occurrence=guests.missed.astype(np.int64), outcome=outcome,
        )  # fmt: skip
        seated = (outcome == demo.FREELOADER) | (outcome == demo.INTERESTED)
        came = np.bincount(column[seated], minlength=self.columns)
        held = np.unique(column)
        self.report(
            held, kind=facts.EVENT, lead=facts.NOBODY, day=day, clock=clock, duration=self.plan.length * MINUTE,
            team=self.host_team, seat=facts.NOBODY, occurrence=self._events[day], outcome=demo.HELD, amount=came[held],
        )  # fmt: skip
        again = guests.those(demo.invited_again(outcome, guests.missed, self.plan.invite_again))
        if again.lead.size:
            self._no_shows.append(replace(again, missed=again.missed + np.int16(1)))
        comers = replace(guests, missed=(outcome == demo.INTERESTED).astype(np.int16)).those(seated)
        return comers.those(np.argsort(comers.column << LEAD_BITS | comers.lead))

    def _visits(self, day: int, guests: Guests) -> Integers:
        """What each booked lead does, and what the room allows."""
        nature, column, lead, team = self._nature, guests.column, guests.lead, guests.team
        segment = nature.segments.of(lead)
        outcome = demo.attend(
            draws.visit(nature.streams[column], lead, visits.ATTEND, guests.missed),
            draws.visit(nature.streams[column], lead, visits.TRAITS),
            nature.coming(segment, team, column, guests.booked, day),
            nature.interested.at(segment, team, column),
        )
        return demo.turn_away(outcome, column, self.plan.seats)

    def talks(self, comers: Guests) -> Talks:
        """What is settled of the talks with the comers before they begin; nobody waits longer than until NIGHT."""
        talks = self._nature.closing.talks(comers.column, comers.lead, comers.missed > 0)
        return replace(talks, patience=np.minimum(talks.patience, demo.NIGHT - self.event_end))

    def close_at_once(self, day: int, comers: Guests) -> None:
        """Without called closers each interested comer has one at once, and nobody's time is counted."""
        keen = comers.those(comers.missed > 0)
        nobody = np.zeros(keen.lead.size, dtype=np.int64)
        talks = self.talks(keen)
        ended, length = self._nature.closing.decide(talks, nobody, facts.NOBODY, nobody)
        clock = self.event_end + durations.whole(length)
        self.told(day, keen, clock, ended, talks.amount, self.host_team, nobody + facts.NOBODY)

    def closed(
        self, day: int, comers: Guests, talks: Talks, ended: Integers, begun: Integers, lasted: Integers, seat: Integers
    ) -> None:
        """Talks by called closers: begun at `begun` (ms) for `lasted` ms by `seat`; who left waited in vain (n,)."""
        talked, waited = ended != closing.LEFT, begun - self.event_end
        self.report(
            comers.column[talked], kind=facts.CLOSING, lead=comers.lead[talked], day=day, clock=begun[talked],
            duration=lasted[talked], team=self.host_team, seat=seat[talked], amount=waited[talked],
        )  # fmt: skip
        clock = np.where(talked, begun + lasted, self.event_end + talks.patience)
        keen = talks.keen
        self.told(day, comers.those(keen), clock[keen], ended[keen], talks.amount[keen], self.host_team, seat[keen])

    def told(
        self, day: int, guests: Guests, clock: Integers, ended: Integers, amount: Integers, closers: int,
        seat: Integers,
    ) -> None:  # fmt: skip
        """The ends of talks with interested guests, held by the team `closers`, on `seat` if it took anybody's time."""
        self.sales.talks_ended(day, guests.column, guests.lead, clock, guests.team, closers, seat, ended, amount)

    def report(self, column: Integers, **columns: int | Integers) -> None:
        """Report facts of one kind to every sink."""
        if column.size:
            for sink in self._sinks:
                sink.rows(column, columns)
