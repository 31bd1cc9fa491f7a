"""Everything that nature decides by, made once for a block of histories: tables that both engines read.

`Nature` knows no clock and no queue. Its tables' last axis are the histories (columns) of the block,
or has length 1 where they are all alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.calendar import Calendar
from simfunnel.funnel import durations
from simfunnel.funnel.after_sales import AfterLaws, after_laws
from simfunnel.funnel.arrivals import Arrivals, arrivals_of
from simfunnel.funnel.closing import ClosingLaw, closing_law
from simfunnel.funnel.demo import MOST_DAYS_WAITED, Seating, Whole, bookable, days_waited
from simfunnel.funnel.dialling import CallLaw, call_law
from simfunnel.funnel.durations import one
from simfunnel.funnel.inbound import InboundLaw, inbound_law
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.meeting import MeetingLaw, meeting_law
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Routing, Segments, segments_of
from simfunnel.funnel.touch import TouchLaw, touch_law
from simfunnel.funnel.undecided import UndecidedLaw, undecided_law
from simfunnel.scenario.offers import Demo
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Interval

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Nature:
    """The laws' tables for one block of histories."""

    streams: draws.Words
    segments: Segments
    routing: Routing
    answering: Routing
    arrivals: Arrivals
    calling: CallLaw | None
    inbound: InboundLaw | None
    attended: Levels
    interested: Levels
    seating: Seating
    dates: Integers
    meeting: MeetingLaw | None
    closing: ClosingLaw
    touch: TouchLaw | None
    undecided: UndecidedLaw
    after: AfterLaws | None
    pace: Mapping[int, Floats]

    def column(self, column: int) -> Nature:
        """The same tables for one history."""
        closing = self.closing.column(column)
        return replace(
            self,
            streams=self.streams[column : column + 1],
            arrivals=self.arrivals.column(column),
            calling=None if self.calling is None else self.calling.column(column),
            inbound=None if self.inbound is None else self.inbound.column(column),
            attended=self.attended.column(column),
            interested=self.interested.column(column),
            meeting=None if self.meeting is None else self.meeting.column(column, closing),
            closing=closing,
            touch=None if self.touch is None else self.touch.column(column),
            undecided=self.undecided.column(column),
            after=None if self.after is None else self.after.column(column),
            pace={team: one(pace, column) for team, pace in self.pace.items()},
        )

    def coming(self, segment: Integers, team: Integers, column: Integers, booked: Whole, day: int) -> Integers:
        """Thresholds of coming to the event of `day`, of leads booked on the days `booked` (common shape).

        A circumstance of `attended` is the number of days waited.
        """
        waited = days_waited(booked, day, self.dates, self.attended.table.shape[2] - 1)
        return self.attended.at(segment, team, column, waited)

    def lasts(self, base: Floats, team: int, seat: Integers, column: Integers) -> Integers:
        """Whole ms of tasks that take `base` ms (overwritten) at the pace of 1, done by `seat` of `team`."""
        pace = self.pace.get(team)
        if pace is not None:
            base = base * pace[seat, column if pace.shape[1] > 1 else 0]
        return durations.whole(base)


def nature_of(scenario: Scenario, calendar: Calendar, inputs: Inputs, streams: draws.Words) -> Nature:
    """The tables of `scenario` for the histories whose streams and inputs are given."""
    rates, segments = Rates(scenario, inputs), segments_of(scenario)
    calling, inbound, meeting = scenario.calling, scenario.inbound, scenario.meeting
    answering = Routing.of(scenario, segments, hot=True)
    plan, after = scenario.follow_up, scenario.after_sales
    undecided = undecided_law(scenario, plan, rates, inputs, streams, segments)
    closing, pace = closing_law(scenario, rates, inputs, streams, segments), pace_of(scenario, inputs)
    return Nature(
        streams=streams,
        segments=segments,
        routing=Routing.of(scenario, segments, hot=False),
        answering=answering,
        arrivals=arrivals_of(scenario, calendar, inputs, streams, segments, answering),
        calling=None if calling is None else call_law(scenario, calling, rates, inputs, streams, segments, pace),
        inbound=None if inbound is None else inbound_law(scenario, inbound, rates, inputs, streams, segments),
        attended=rates.attended(longest_wait(scenario, calendar)),
        interested=rates.interested(),
        seating=seating_of(scenario, calendar),
        dates=dates_of(calendar),
        meeting=None if meeting is None else meeting_law(meeting, rates, inputs, streams, segments, closing),
        closing=closing,
        touch=None if plan is None else touch_law(scenario, plan, rates, inputs, streams, segments, undecided),
        undecided=undecided,
        after=None if after is None else after_laws(scenario, after, calendar, inputs, streams),
        pace=pace,
    )


def pace_of(scenario: Scenario, inputs: Inputs) -> dict[int, Floats]:
    """The pace of the members (seats, columns or 1) of the teams where they are unlike."""
    paces = {}
    for number, (name, team) in enumerate(scenario.teams.items()):
        if team.pace:
            each = [inputs.value(f"teams.{name}.pace.{i}", q) for i, q in enumerate(team.pace)]
            paces[number] = np.array(np.broadcast_arrays(*each))
    return paces


def seating_of(scenario: Scenario, calendar: Calendar) -> Seating:
    """The events and who may be booked on which."""
    demo = scenario.demo
    if demo is None:
        nothing = np.zeros(calendar.days, dtype=np.int64)
        return Seating((), nothing, nothing - 1, 0)
    days, room = calendar.event_days(demo), bookable(demo.seats, demo.overbooking)
    first = np.searchsorted(days, calendar.due(demo.notice), side="left").astype(np.int64)
    last = np.full(calendar.days, len(days), dtype=np.int64)
    if demo.max_wait is not None:
        last = _last_events(demo, calendar, demo.max_wait, len(days))
    return Seating(days, first, last, room)


def _last_events(demo: Demo, calendar: Calendar, max_wait: Interval, inside: int) -> Integers:
    """The last event that each day's leads wait for; `inside` if that is one beyond the horizon."""
    longer = calendar.longer(max_wait)
    days = longer.event_days(demo)
    first = np.searchsorted(days, longer.due(demo.notice)[: calendar.days], side="left")
    end = np.searchsorted(days, longer.due(max_wait)[: calendar.days], side="right")
    return np.where(end > np.maximum(first, inside), inside, np.minimum(end, inside) - 1).astype(np.int64)


def dates_of(calendar: Calendar) -> Integers:
    """The ordinal date of each working day."""
    return np.array([date.toordinal() for date in calendar.dates], dtype=np.int64)


def longest_wait(scenario: Scenario, calendar: Calendar) -> int:
    """The most calendar days from booking to event that change anything: 0 where waiting does not."""
    if scenario.demo is None or scenario.demo.odds_per_day_waited == fixed(1):
        return 0
    seating, dates = seating_of(scenario, calendar), dates_of(calendar)
    if not seating.days:
        return 0
    last = np.array(seating.days)[np.clip(seating.last, 0, len(seating.days) - 1)]
    return int(np.clip((dates[last] - dates).max(), 0, MOST_DAYS_WAITED))
