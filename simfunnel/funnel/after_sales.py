"""All laws of what comes after the sale, and the calendar that contacts with customers keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.calendar import Calendar
from simfunnel.funnel.care import CareLaw, care_law
from simfunnel.funnel.customers import FateLaw, fate_law
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.loyalty import LoyaltyLaw, loyalty_law
from simfunnel.funnel.referral import ReferralLaw, referral_law
from simfunnel.scenario.after_sales import AfterSales, Dates
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Interval

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST_DATES: Final = 4_000
"""Dates of one kind that a customer has at most, and occasions."""
MONTHS: Final = {"months": 1, "years": 12}


@dataclass
class Schedule:
    """The dates of one kind of contact, by day of the sale; the calendar's length stands for days beyond it.

    First come the stated times after the sale, then every so often after the last of them: dates that do not
    drift, for a date moved from a day off moves no other.
    """

    plan: Dates
    calendar: Calendar
    _made: int = 0
    _days: npt.NDArray[np.int16] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int16))

    def due(self, number: int) -> Integers:
        """The day of date `number` (from 0) by day of the sale: shape (days,)."""
        if len(self._days) <= number:
            rows = np.zeros((2 * number + 8, self.calendar.days), dtype=np.int16)
            if self._made:
                rows[: self._made] = self._days[: self._made]
            self._days = rows
        for each in range(self._made, number + 1):
            self._days[each] = self._table(each)
            self._made = each + 1
        found: Integers = self._days[number].astype(np.int64)
        return found

    def _table(self, number: int) -> Integers:
        days, every, stated = self.calendar.days, self.plan.every, len(self.plan.days)
        if number >= MOST_DATES:
            return np.full(days, days)
        if number < stated:
            return self.calendar.due(self.plan.days[number])
        if every is None:
            return np.full(days, days)
        later = Interval(every.count * (number - stated + 1), every.unit)
        return self._later_than(stated - 1, later) if stated else self.calendar.due(later)

    def _later_than(self, number: int, later: Interval) -> Integers:
        """So much later than a stated date, be that a day off or not: shape (days,)."""
        first = self.plan.days[number]
        if first.unit in MONTHS and later.unit in MONTHS:
            months = first.count * MONTHS[first.unit] + later.count * MONTHS[later.unit]
            return self.calendar.due(Interval(months, "months"))
        if "working days" in (first.unit, later.unit):
            return np.asarray(np.append(self.calendar.due(later), self.calendar.days)[self.due(number)])
        return self.calendar.due(first, later)

    def after(self, number: Integers, sold: Integers, day: int) -> tuple[Integers, Integers]:
        """The next dates after those numbered `number` that are later than `day`: their numbers, their days (n,)."""
        number, due = number + 1, np.full(number.size, day)
        open_ = np.arange(number.size)
        while open_.size:
            if (most := int(number[open_].max())) >= self._made:
                self.due(most)
            due[open_] = self._days[number[open_], sold[open_]]
            open_ = open_[due[open_] <= day]
            number[open_] += 1
        return number, due


@dataclass(frozen=True)
class AfterLaws:
    """The laws after the sale, for one block of histories; None for what a scenario does not have.

    `dates` are those of each kind of contact that has any, by its name in the scenario.
    """

    dates: Mapping[str, Schedule]
    fate: FateLaw
    care: CareLaw
    loyalty: LoyaltyLaw | None
    referral: ReferralLaw | None

    def column(self, column: int) -> AfterLaws:
        """The same for one history."""
        return AfterLaws(
            self.dates,
            self.fate.column(column),
            self.care.column(column),
            None if self.loyalty is None else self.loyalty.column(column),
            None if self.referral is None else self.referral.column(column),
        )


def after_laws(
    scenario: Scenario, plan: AfterSales, calendar: Calendar, inputs: Inputs, streams: draws.Words
) -> AfterLaws:
    """The laws as the scenario states them."""
    minor, members = minor_units(scenario.currency), scenario.teams[plan.team].size
    named = {
        name: getattr(plan, name) for name in ("seller_initiated", "cooperative", "friendly", "marketing", "survey")
    }
    return AfterLaws(
        dates={name: Schedule(dates, calendar) for name, dates in named.items() if dates is not None},
        fate=fate_law(plan, members, inputs, streams),
        care=care_law(plan, inputs, streams, minor),
        loyalty=None if plan.repeat is None else loyalty_law(scenario, plan, plan.repeat, calendar, inputs, streams),
        referral=None if plan.referral is None else referral_law(plan, plan.referral, inputs, streams),
    )
