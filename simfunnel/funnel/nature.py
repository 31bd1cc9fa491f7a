"""Everything that nature decides by, made once for a block of histories: tables that both engines read.

`Nature` knows no clock and no queue. Its tables' last axis are the histories (columns) of the block,
or has length 1 where they are all alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.calendar import Calendar
from simfunnel.funnel import visits
from simfunnel.funnel.calling import Durations
from simfunnel.funnel.demo import MOST_DAYS_WAITED, Seating, Whole, bookable, days_waited, waiting_ratio
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.odds import odds
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.schema import Calling, Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Parts = Callable[[str, str], tuple[Floats, list[Floats]]]


@dataclass(frozen=True)
class Segments:
    """Leads are numbered through all segments: lead i is in the segment with bounds[s] <= i < bounds[s + 1]."""

    names: tuple[str, ...]
    bounds: Integers

    @property
    def leads(self) -> int:
        """Leads on all lists."""
        return int(self.bounds[-1])

    def of(self, lead: Integers) -> Integers:
        """The segment of each lead (shape of `lead`)."""
        return np.asarray(np.searchsorted(self.bounds, lead, side="right") - 1)

    def dense(self, lead: Integers) -> Integers | None:
        """The segment of each lead, or None where there is only one; ids beyond the last lead are clipped."""
        if len(self.names) == 1:
            return None
        segment = np.zeros(lead.shape, dtype=np.int64)
        for bound in self.bounds[1:-1]:
            segment += lead >= bound
        return segment


@dataclass(frozen=True)
class Routing:
    """The team that gets a lead for good: a draw by the teams' shares."""

    teams: tuple[int, ...]
    thresholds: Integers

    @classmethod
    def of(cls, calling: Calling | None, names: tuple[str, ...]) -> Routing:
        """From the scenario's calling teams (equal shares) or their shares."""
        if calling is None:
            return cls((), np.zeros(0, dtype=np.int64))
        if isinstance(calling.teams, dict):
            shares = {name: share.best for name, share in calling.teams.items()}
        else:
            shares = {name: 1.0 / len(calling.teams) for name in calling.teams}
        upper = np.cumsum(list(shares.values()))
        upper[-1] = 1.0
        return cls(tuple(names.index(name) for name in shares), draws.threshold(np.minimum(upper, 1.0)))

    def team(self, streams: draws.Words, lead: Integers) -> Integers:
        """The team of each lead (`streams` and `lead` broadcast)."""
        if len(self.teams) == 1:
            return np.full(np.broadcast_shapes(streams.shape, lead.shape), self.teams[0])
        word, _ = draws.pair(draws.visit(streams, lead, visits.TRAITS), 0)
        return np.asarray(self.teams)[np.searchsorted(self.thresholds, word, side="right")]


@dataclass(frozen=True)
class Nature:
    """The laws' tables for one block of histories."""

    streams: draws.Words
    segments: Segments
    routing: Routing
    answered: Levels
    listened: Levels
    accepted: Levels
    attended: Levels
    interested: Levels
    sold: Levels
    durations: Durations | None
    seating: Seating
    dates: Integers
    revenue_family: str
    revenue: tuple[Floats, ...]
    minor_units: int

    def thresholds(self, team: int, segment: Integers | None) -> tuple[Integers, Integers, Integers]:
        """Thresholds of a dial by `team`, dense."""
        return (
            self.answered.dense(team, segment),
            self.listened.dense(team, segment),
            self.accepted.dense(team, segment),
        )

    def column(self, column: int) -> Nature:
        """The same tables for one history."""
        levels = ("answered", "listened", "accepted", "attended", "interested", "sold")
        return replace(
            self,
            streams=self.streams[column : column + 1],
            durations=None if self.durations is None else self.durations.column(column),
            revenue=tuple(p[column : column + 1] if p.size > 1 else p for p in self.revenue),
            **{name: getattr(self, name).column(column) for name in levels},
        )

    def coming(self, segment: Integers, team: Integers, column: Integers, booked: Whole, day: int) -> Integers:
        """Thresholds of coming to the event of `day`, of leads booked on the days `booked` (common shape).

        `attended` has a row for each segment on each number of days waited, segments fastest.
        """
        segments = len(self.segments.names)
        waited = days_waited(booked, day, self.dates, self.attended.table.shape[0] // segments - 1)
        return self.attended.at(waited * segments + segment, team, column)

    def revenue_at(self, column: Integers) -> tuple[Floats, ...]:
        """The parameters of a sale's revenue, for each of the columns."""
        return tuple(p if p.size == 1 else p[column] for p in self.revenue)


def nature_of(scenario: Scenario, calendar: Calendar, inputs: Inputs, streams: draws.Words) -> Nature:
    """The tables of `scenario` for the histories whose streams and inputs are given."""
    names = tuple(scenario.teams)
    step = _Steps(scenario, inputs)
    answered, listened, accepted = (step.calling(name) for name in ("answered", "listened", "accepted"))
    return Nature(
        streams=streams,
        segments=segments_of(scenario),
        routing=Routing.of(scenario.calling, names),
        answered=answered,
        listened=listened,
        accepted=accepted,
        attended=step.attended(longest_wait(scenario, calendar)),
        interested=step.interested(),
        sold=step.sold(),
        durations=_durations(scenario, inputs, (answered, listened, accepted)),
        seating=seating_of(scenario, calendar),
        dates=dates_of(calendar),
        revenue_family=scenario.money.revenue_per_sale.family,
        revenue=inputs.variable("money.revenue_per_sale", scenario.money.revenue_per_sale),
        minor_units=minor_units(scenario.currency),
    )


def segments_of(scenario: Scenario) -> Segments:
    """The numbering of the leads."""
    sizes = [segment.leads for segment in scenario.segments.values()]
    return Segments(tuple(scenario.segments), np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64))


def seating_of(scenario: Scenario, calendar: Calendar) -> Seating:
    """The events and who may be booked on which."""
    demo = scenario.demo
    days = calendar.event_days(demo) if demo is not None else ()
    first = np.zeros(calendar.days, dtype=np.int64)
    if demo is not None:
        first = np.searchsorted(days, calendar.due(demo.notice), side="left").astype(np.int64)
    last = np.full(calendar.days, len(days), dtype=np.int64)
    if demo is None:
        last[:] = -1
    elif demo.max_wait is not None:
        limit = calendar.due(demo.max_wait)
        inside = np.searchsorted(days, limit, side="right") - 1
        last = np.where(limit >= calendar.days, len(days), inside).astype(np.int64)
    return Seating(days, first, last, bookable(demo.seats, demo.overbooking) if demo is not None else 0)


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


def _durations(scenario: Scenario, inputs: Inputs, levels: tuple[Levels, Levels, Levels]) -> Durations | None:
    if scenario.calling is None:
        return None
    answered, listened, accepted = (level.largest() for level in levels)
    shares = (1.0, answered, answered * listened, answered * listened * accepted)
    return Durations.of(scenario.calling.minutes, inputs, shares)


def _never(_: str, __: str) -> tuple[Floats, list[Floats]]:
    return np.zeros(1), []


class _Steps:
    """The probability of each step by segment and team: the scenario's rate times the odds ratios."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self._scenario = scenario
        self._inputs = inputs

    def calling(self, name: str) -> Levels:
        """A step of the call: rate, segment, warmth, team."""
        calling = self._scenario.calling
        if calling is None:
            return self._levels(_never)
        rate = self._value("calling", calling, name)
        warm = self._value("calling.warm", calling.warm, name)

        def parts(segment: str, team: str) -> tuple[Floats, list[Floats]]:
            is_warm = self._scenario.segments[segment].temperature == "warm"
            return rate, [self._segment(segment, name), *([warm] if is_warm else []), self._team(team, name)]

        return self._levels(parts)

    def attended(self, longest: int) -> Levels:
        """Coming to the demo: rate, segment, inviting team, reminder, days waited up to `longest` (in the rows)."""
        demo = self._scenario.demo
        if demo is None:
            return self._levels(_never)
        rate, reminder = self._value("demo", demo, "attended"), self._value("demo.reminder", demo.reminder, "odds")
        waited = waiting_ratio(self._value("demo", demo, "odds_per_day_waited"), longest)

        def after(ratio: Floats) -> Levels:
            return self._levels(
                lambda segment, team: (
                    rate, [self._segment(segment, "attended"), self._team(team, "attended"), reminder, ratio]
                )
            )  # fmt: skip

        return Levels.stacked([after(ratio) for ratio in waited])

    def interested(self) -> Levels:
        """Being interested: the segment's share, inviting team."""

        def parts(segment: str, team: str) -> tuple[Floats, list[Floats]]:
            share = self._value(f"segments.{segment}", self._scenario.segments[segment], "interested")
            return share, [self._team(team, "interested")]

        return self._levels(parts)

    def sold(self) -> Levels:
        """Buying: rate, segment."""
        rate = self._value("closing", self._scenario.closing, "sold_if_interested")

        def parts(segment: str, _: str) -> tuple[Floats, list[Floats]]:
            return rate, [self._segment(segment, "sold")]

        return self._levels(parts)

    def _levels(self, parts: Parts) -> Levels:
        table = []
        for segment in self._scenario.segments:
            row = [reduce(odds, ratios, rate) for rate, ratios in (parts(segment, t) for t in self._scenario.teams)]
            table.append(row or [np.zeros(1)])
        return Levels.of(table or [[np.zeros(1)]])

    def _segment(self, segment: str, name: str) -> Floats:
        return self._value(f"segments.{segment}.odds", self._scenario.segments[segment].odds, name)

    def _team(self, team: str, name: str) -> Floats:
        return self._value(f"teams.{team}.odds", self._scenario.teams[team].odds, name)

    def _value(self, path: str, block: object, name: str) -> Floats:
        value = getattr(block, name)
        assert isinstance(value, Quantity)
        return self._inputs.value(f"{path}.{name}", value)
