"""How many leads arrive on a working day is Poisson; each comes at a uniform time within the segment's hours.

The number of a day is one draw of the segment and the day; clock and patience are draws of the lead. A
hot lead on a list waits from its team's first opening on. Who is to be dialled can be so from the next day
on, so such leads arrive until the day before the last of the intake. The hot leads whom marketing brings are
added to the mean of every working day of the intake, whatever the segment's weekdays say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.calendar import Calendar
from simfunnel.funnel import visits
from simfunnel.funnel.durations import Varying, one, patience
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.marketing import arrivals_brought
from simfunnel.funnel.segments import NUMBER_BITS, Routing, Segments, arrival
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PLACE_BITS: Final = 23
PLACES: Final = 1 << PLACE_BITS
CLOCK_BITS: Final = 27
GRAIN: Final = 1
"""The clock of an arrival is a whole multiple of so many ms."""


def poisson(word: Integers, mean: Floats) -> Integers:
    """The Poisson number at each word, by inversion: the least n with P(N <= n) >= u; `mean` (n,) or (1,)."""
    from scipy.special import pdtr, pdtrik

    u, most = draws.uniform(word), (1 << NUMBER_BITS) - 1
    if mean.size == 1:
        chances = pdtr(np.arange(10 * float(mean[0]) + 40), max(float(mean[0]), 1e-300))
        return np.asarray(np.minimum(np.searchsorted(chances, u), most))
    some = np.maximum(mean, 1e-300)
    number = np.maximum(np.ceil(np.nan_to_num(pdtrik(u, some))), 0)
    for _ in range(2):
        number = np.where((number > 0) & (pdtr(np.maximum(number - 1, 0), some) >= u), number - 1, number)
    number = np.where(pdtr(number, some) < u, number + 1, number)
    return np.asarray(np.minimum(number, most).astype(np.int64))


def clock_within(word: Integers, start: Any, end: Any) -> Integers:
    """The clock (ms) at which a lead comes within hours from `start` to `end` (ms), uniform, from its word."""
    return np.asarray(start + (word * ((end - start) // GRAIN) >> 32) * GRAIN)


@dataclass(frozen=True)
class Arrived:
    """Leads that came, ordered by (column, clock, lead); arrays (n,), clock in ms since midnight."""

    column: Integers
    clock: Integers
    lead: Integers

    @classmethod
    def of(cls, column: Integers, clock: Integers, lead: Integers) -> Arrived:
        """In order; within each column, lower leads must stand first."""
        place = np.arange(column.size)
        if column.size <= PLACES:
            packed = np.sort(((column << CLOCK_BITS | clock) << PLACE_BITS) | place)  # much faster than lexsort
            order = packed & (PLACES - 1)
        else:
            order = np.lexsort((lead, clock, column))
        return cls(column[order], clock[order], lead[order])

    def those(self, which: Integers | npt.NDArray[np.bool_]) -> Arrived:
        """Some of them."""
        return Arrived(self.column[which], self.clock[which], self.lead[which])


@dataclass(frozen=True)
class Arrivals:
    """The law of arrivals of one block of histories.

    `means` are arrivals by (arriving segment, weekday, columns or 1), `hours` (arriving segments, 2) in ms,
    `weekdays` (days of the intake,), `openings` the opening of each team in ms.
    """

    streams: draws.Words
    segments: Segments
    answering: Routing
    means: Floats
    hours: Integers
    weekdays: Integers
    openings: Integers
    patience: Varying | None

    def of_day(self, day: int) -> Arrived | None:
        """Who arrives on `day`, in all segments and histories; None if nobody can."""
        if day >= self.weekdays.size:
            return None
        parts = [self._waiting()] if day == 0 and self._listed.size else []
        last = day == self.weekdays.size - 1
        for slot, segment in enumerate(self.segments.arrivals):
            if self.segments.hot[segment] or not last:
                parts.append(self._of_segment(slot, day))
        if not parts:
            return None
        column, clock, lead = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Arrived.of(column, clock, lead)

    def _of_segment(self, slot: int, day: int) -> tuple[Integers, Integers, Integers]:
        segment, (start, end) = self.segments.arrivals[slot], self.hours[slot].tolist()
        first = arrival(segment, day, 0)
        count = poisson(
            draws.pair(draws.visit(self.streams, first, visits.ARRIVALS), 0)[0], self.means[slot, self.weekdays[day]]
        )
        column = np.repeat(np.arange(self.streams.size), count)
        lead = first + np.arange(column.size) - np.repeat(np.cumsum(count) - count, count)
        word, _ = draws.pair(draws.visit(self.streams[column], lead, visits.ARRIVE), 0)
        return column, clock_within(word, start, end), lead

    @cached_property
    def _listed(self) -> Integers:
        """The hot leads on lists; nobody answers them without inbound teams."""
        return self.segments.listed(hot=True) if self.answering.teams else np.zeros(0, dtype=np.int64)

    def _waiting(self) -> tuple[Integers, Integers, Integers]:
        """The hot leads on lists, at the opening of their teams."""
        columns = self.streams.size
        column, lead = np.repeat(np.arange(columns), self._listed.size), np.tile(self._listed, columns)
        return column, self.openings[self.answering.team(self.streams[column], lead)], lead

    def patience_of(self, column: Integers, lead: Integers) -> Integers:
        """Whole ms that each hot lead waits at most (common shape)."""
        _, word = draws.pair(draws.visit(self.streams[column], lead, visits.ARRIVE), 0)
        return patience(self.patience, word, column)

    def column(self, column: int) -> Arrivals:
        """The same for one history."""
        return replace(
            self,
            streams=self.streams[column : column + 1],
            means=one(self.means, column),
            patience=None if self.patience is None else self.patience.column(column),
        )


def arrivals_on(scenario: Scenario, name: str, weekday: int) -> float:
    """The best guess of a segment's arrivals on a working day, those by marketing among them."""
    segment = scenario.segments[name]
    own = segment.arrivals_by_weekday.get(weekday, fixed(0)) if segment.arrivals_by_weekday else segment.arrivals
    return own.best + float(arrivals_brought(scenario, name, Inputs.guessed())[0])


def arrivals_expected(scenario: Scenario, calendar: Calendar, name: str) -> float:
    """The best guess of a segment's arrivals in a history."""
    intake = calendar.length(scenario.intake or scenario.horizon)
    days = np.bincount([date.weekday() for date in calendar.dates[:intake]], minlength=7).tolist()
    return float(sum(number * arrivals_on(scenario, name, weekday) for weekday, number in enumerate(days)))


def arrivals_of(
    scenario: Scenario, calendar: Calendar, inputs: Inputs, streams: draws.Words, segments: Segments, answering: Routing
) -> Arrivals:
    """The arrivals as the scenario states them, until the intake ends."""
    arriving = [(name, s) for number, (name, s) in enumerate(scenario.segments.items()) if number in segments.arrivals]
    means = []
    for name, segment in arriving:
        path, by_weekday = f"segments.{name}", segment.arrivals_by_weekday
        if by_weekday:
            each = {d: inputs.value(f"{path}.arrivals_by_weekday.{d}", q) for d, q in by_weekday.items()}
            means.append([each.get(day, np.zeros(1)) for day in range(7)])
        else:
            means.append([inputs.value(f"{path}.arrivals", segment.arrivals)] * 7)
        brought = arrivals_brought(scenario, name, inputs)
        means[-1] = [mean + brought for mean in means[-1]]
    width = max((mean.size for week in means for mean in week), default=1)
    intake = calendar.length(scenario.intake or scenario.horizon)
    limit = None if scenario.inbound is None else scenario.inbound.patience
    return Arrivals(
        streams=streams,
        segments=segments,
        answering=answering,
        means=np.array([[np.broadcast_to(mean, width) for mean in week] for week in means]),
        hours=np.array([(s.arrival_hours.start * MINUTE, s.arrival_hours.end * MINUTE) for _, s in arriving]),
        weekdays=np.array([date.weekday() for date in calendar.dates[:intake]], dtype=np.int64),
        openings=np.array([team.shift.start * MINUTE for team in scenario.teams.values()], dtype=np.int64),
        patience=None if limit is None else Varying.of("inbound.patience", limit, inputs),
    )
