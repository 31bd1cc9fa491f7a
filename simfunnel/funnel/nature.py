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
from simfunnel.funnel.demo import Seating
from simfunnel.funnel.dialling import CallLaw, call_law
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Routing, Segments, segments_of
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.schema import Scenario

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
        attended=rates.attended(),
        interested=rates.interested(),
        qualified=rates.traits("qualified"),
        sold=rates.sold(),
        seating=seating_of(scenario, calendar),
        revenue_family=scenario.money.revenue_per_sale.family,
        revenue=inputs.variable("money.revenue_per_sale", scenario.money.revenue_per_sale),
        minor_units=minor_units(scenario.currency),
    )


def seating_of(scenario: Scenario, calendar: Calendar) -> Seating:
    """The events and who may be booked on which."""
    demo = scenario.demo
    days = calendar.event_days(demo) if demo is not None else ()
    today = np.arange(calendar.days)
    first = np.searchsorted(days, today, side="right").astype(np.int64)
    last = np.full(calendar.days, len(days), dtype=np.int64)
    if demo is None:
        last[:] = -1
    elif demo.max_wait is not None:
        limit = calendar.due(demo.max_wait)
        inside = np.searchsorted(days, limit, side="right") - 1
        last = np.where(limit >= calendar.days, len(days), inside).astype(np.int64)
    return Seating(days, first, last, demo.seats if demo is not None else 0)
