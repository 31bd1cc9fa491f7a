"""Everything that nature decides by, made once for a block of histories: tables that both engines read.

`Nature` knows no clock and no queue. Its tables' last axis are the histories (columns) of the block,
or has length 1 where they are all alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.calendar import Calendar
from simfunnel.funnel.demo import MOST_DAYS_WAITED, Seating, Whole, bookable, days_waited
from simfunnel.funnel.dialling import CallLaw, call_law
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Routing, Segments, segments_of
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Demo, Scenario
from simfunnel.scenario.values import Interval

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Nature:
    """The laws' tables for one block of histories."""

    streams: draws.Words
    segments: Segments
    routing: Routing
    calling: CallLaw | None
    attended: Levels
    interested: Levels
    qualified: Levels
    sold: Levels
    seating: Seating
    dates: Integers
    revenue_family: str
    revenue: tuple[Floats, ...]
    minor_units: int

    def column(self, column: int) -> Nature:
        """The same tables for one history."""
        levels = ("attended", "interested", "qualified", "sold")
        return replace(
            self,
            streams=self.streams[column : column + 1],
            calling=None if self.calling is None else self.calling.column(column),
            revenue=tuple(p[column : column + 1] if p.size > 1 else p for p in self.revenue),
            **{name: getattr(self, name).column(column) for name in levels},
        )

    def coming(self, segment: Integers, team: Integers, column: Integers, booked: Whole, day: int) -> Integers:
        """Thresholds of coming to the event of `day`, of leads booked on the days `booked` (common shape).

        A circumstance of `attended` is the number of days waited.
        """
        waited = days_waited(booked, day, self.dates, self.attended.table.shape[2] - 1)
        return self.attended.at(segment, team, column, waited)

    def revenue_at(self, column: Integers) -> tuple[Floats, ...]:
        """The parameters of a sale's revenue, for each of the columns."""
        return tuple(p if p.size == 1 else p[column] for p in self.revenue)


def nature_of(scenario: Scenario, calendar: Calendar, inputs: Inputs, streams: draws.Words) -> Nature:
    """The tables of `scenario` for the histories whose streams and inputs are given."""
    rates, segments, calling = Rates(scenario, inputs), segments_of(scenario), scenario.calling
    return Nature(
        streams=streams,
        segments=segments,
        routing=Routing.of(scenario, segments),
        calling=None if calling is None else call_law(scenario, calling, rates, inputs, streams, segments),
        attended=rates.attended(longest_wait(scenario, calendar)),
        interested=rates.interested(),
        qualified=rates.traits("qualified"),
        sold=rates.sold(),
        seating=seating_of(scenario, calendar),
        dates=dates_of(calendar),
        revenue_family=scenario.money.revenue_per_sale.family,
        revenue=inputs.variable("money.revenue_per_sale", scenario.money.revenue_per_sale),
        minor_units=minor_units(scenario.currency),
    )


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
