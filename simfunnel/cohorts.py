"""A customer is worth what it pays over time, less what its goods cost; customers who came together are a cohort.

A cohort are those whose first purchase was in one period: a calendar quarter, while the horizon touches twelve of them
at most, else a year or as many years as make it twelve. Who pays in which period is known up to the horizon only, so
that later cohorts seem to be worth less. What leads pay whom a customer named belongs to their own cohort, and is
besides told with that of the customer who named them, but not with that of who named this one in turn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar, intake_of
from simfunnel.counting.cells import add
from simfunnel.facts import NOBODY, Dials, Integers, Scalar
from simfunnel.funnel import closing, customers, loyalty, referral
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.loyalty import WHOLE_ORDER
from simfunnel.funnel.segments import LEAD_BITS
from simfunnel.metrics import per
from simfunnel.prices import Floats, Prices
from simfunnel.scenario.schema import Scenario

Mask = npt.NDArray[np.bool_]

MOST_PERIODS: Final = 12
PERIOD_BITS: Final = 4
COUNTS: Final = ("revenue", "kept", "first", "repeat", "cross", "cancelled")
"""What is kept of a customer in a period: all that it pays and what of that is for its first purchase, both less what
is paid back, in minor units; and how often it bought what (repeat purchases in thousandths of whole orders)."""
REVENUE, KEPT, FIRST, REPEAT, CROSS, CANCELLED = range(len(COUNTS))
MANY: Final = 500_000
"""Facts after which those of the same customer and period are put together, or more if they are fewer than these."""


def period_names(calendar: Calendar) -> tuple[list[str], Integers]:
    """The periods of a horizon, in order, and the number of the period of each day: shape (days,)."""
    quarters = [_quarter(date) for date in calendar.dates]
    names = list(dict.fromkeys(quarters))
    if len(names) <= MOST_PERIODS:
        return names, np.array([names.index(name) for name in quarters], dtype=np.int64)
    years = np.array([date.year for date in calendar.dates])
    each = -(-(years[-1] - years[0] + 1) // MOST_PERIODS)
    group = (years - years[0]) // each
    firsts = range(int(years[0]), int(years[-1]) + 1, int(each))
    return [_span(first, min(first + int(each), int(years[-1]) + 1) - 1) for first in firsts], np.asarray(group)


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def _quarter(date: dt.date) -> str:
    return f"{date:%Y}-Q{(date.month + 2) // 3}"


def taking_in(scenario: Scenario, calendar: Calendar) -> list[str]:
    """The periods, from the second on, that begin before the intake ends: in these new customers may still come."""
    names, of_day = period_names(calendar)
    return names[1 : 1 + int(of_day[: intake_of(scenario)].max(initial=0))]


def cut_short(calendar: Calendar) -> set[str]:
    """The periods that have working days before the start or after the end of the horizon: the first, the last."""
    names, _ = period_names(calendar)
    if not names:
        return set()
    same = _quarter if "Q" in names[0] else lambda date: f"{date.year}"
    ends = ((names[0], calendar.dates[0], -1), (names[-1], calendar.dates[-1], 1))
    return {name for name, date, step in ends if same(_next(calendar, date, step)) == same(date)}


def _next(calendar: Calendar, date: dt.date, step: int) -> dt.date:
    """The next working day after a date or, with step -1, the last before it; any later than a year does."""
    days = (date + dt.timedelta(days=step * number) for number in range(1, 367))
    return next((day for day in days if calendar.works(day)), date + dt.timedelta(days=step * 367))


def cells_per_history(scenario: Scenario, calendar: Calendar) -> int:
    """How many numbers are kept of one history, whoever buys: it must fit into memory for a whole block."""
    periods = len(period_names(calendar)[0])
    return 0 if scenario.after_sales is None else periods * (2 * periods + len(COUNTS))


class Cohorts:
    """What every customer of a block of histories pays, by period, put together by cohort at the end.

    A customer has one row for each period in which it pays or is paid back; `key` is column, period and lead.
    """

    def __init__(self, scenario: Scenario, calendar: Calendar, columns: int) -> None:
        self._scenario = scenario
        self._names, self._of_day = period_names(calendar)
        self._later = taking_in(scenario, calendar)
        self._columns = columns
        self._keys: list[Integers] = []
        self._rows: list[Integers] = []
        self._waiting = 0
        self._children: list[Integers] = []

    def dials(self, batch: Dials) -> None:
        """No dial is a purchase."""

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Take purchases, refunds, and who is named by whom."""
        outcome = np.broadcast_to(np.asarray(facts_.get("outcome", 0)), column.shape)
        if facts_["kind"] == facts.TALK:
            self._take(column, facts_, np.isin(outcome, closing.WON), FIRST)
        elif facts_["kind"] == facts.PURCHASE:
            self._take(column, facts_, outcome == loyalty.REPEAT, REPEAT)
            self._take(column, facts_, outcome == loyalty.CROSS, CROSS)
        elif facts_["kind"] == facts.CUSTOMER:
            self._take(column, facts_, outcome == customers.CANCELLED, CANCELLED)
        elif facts_["kind"] == facts.REFERRAL:
            noted = np.flatnonzero(outcome == referral.NOTED)
            named = [np.broadcast_to(np.asarray(facts_[name]), column.shape)[noted] for name in ("lead", "amount")]
            self._children.append(np.stack([column[noted] << LEAD_BITS | lead for lead in named]))

    def _take(self, column: Integers, facts_: Mapping[str, Scalar], which: Mask, what: int) -> None:
        if not which.any():
            return
        lead, day, amount, part = (
            np.broadcast_to(np.asarray(facts_.get(name, 0)), column.shape)[which]
            for name in ("lead", "day", "amount", "duration")
        )
        rows = np.zeros((lead.size, len(COUNTS)), dtype=np.int64)
        rows[:, REVENUE] = -amount if what == CANCELLED else amount
        rows[:, KEPT] = rows[:, REVENUE] * (what in (FIRST, CANCELLED))
        rows[:, what] = part if what == REPEAT else 1
        self._keys.append((column[which] << PERIOD_BITS | self._of_day[day]) << LEAD_BITS | lead)
        self._rows.append(rows)
        self._waiting += lead.size
        if self._waiting > max(MANY, self._keys[0].size):
            self._put_together()

    def _put_together(self) -> None:
        """One row for each customer and period."""
        key, place = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *self._keys]), return_inverse=True)
        rows = np.zeros((key.size, len(COUNTS)), dtype=np.int64)
        np.add.at(rows, place.reshape(-1), np.concatenate([rows[:0], *self._rows]))
        self._keys, self._rows, self._waiting = [key], [rows], 0

    def columns(self, inputs: Inputs) -> dict[str, npt.NDArray[Any]]:
        """Customers and money (in the scenario's currency) of each history, by name: each of shape (columns,)."""
        return dict(self._named(inputs))

    def _named(self, inputs: Inputs) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        prices = Prices(self._scenario, inputs)
        counts, revenue, referred, earlier = self._by_cohort()
        kept, goods = self._kept_and_goods(prices, counts)
        value, customers_ = (counts[REVENUE] - goods) / prices.minor, counts[FIRST]
        yield "customer_value", per(value.sum(axis=0), customers_.sum(axis=0))
        yield "customer_value.first", per(kept.sum(axis=0) / prices.minor, customers_.sum(axis=0))
        every, later = revenue.sum(axis=0), np.isin(self._names, self._later)
        yield "later_revenue", every[later].sum(axis=0) / prices.minor
        yield "later_revenue_earlier", earlier[later].sum(axis=0) / prices.minor
        yield "later_share", per(earlier[later].sum(axis=0), every[later].sum(axis=0))
        for cohort, name in enumerate(self._names):
            yield f"cohorts.{name}.customers", customers_[cohort]
            yield f"cohorts.{name}.value", per(value[cohort], customers_[cohort])
            yield f"cohorts.{name}.all_revenue", every[cohort] / prices.minor
            if cohort:
                yield f"cohorts.{name}.earlier_revenue", earlier[cohort] / prices.minor
                yield f"cohorts.{name}.from_earlier", per(earlier[cohort], every[cohort])
            for period in range(cohort, len(self._names)):
                yield f"cohorts.{name}.revenue.{self._names[period]}", revenue[cohort, period] / prices.minor
                yield f"cohorts.{name}.referred.{self._names[period]}", referred[cohort, period] / prices.minor

    def _by_cohort(self) -> tuple[Integers, Integers, Integers, Integers]:
        """By (what, cohort, column): `COUNTS`; by (cohort, period, column): revenue, and that of who was named.

        And by (period, column) what comes from customers of earlier periods, and from leads whom they named.
        """
        self._put_together()
        (key,), (rows,), periods = self._keys, self._rows, len(self._names)
        column, period = key >> (PERIOD_BITS + LEAD_BITS), key >> LEAD_BITS & (1 << PERIOD_BITS) - 1
        customer = column << LEAD_BITS | key & (1 << LEAD_BITS) - 1
        bought = rows[:, FIRST] > 0
        cohort_of = _Book(customer[bought], period[bought])
        cohort, parents = cohort_of[customer], cohort_of[_Book(*self._family())[customer]]
        counts = np.zeros((len(COUNTS), periods, self._columns), dtype=np.int64)
        for number, values in enumerate(rows.T):
            add(counts[number], column, cohort, weight=values)
        revenue = np.zeros((periods, periods, self._columns), dtype=np.int64)
        referred, earlier, paid = np.zeros_like(revenue), np.zeros_like(revenue[0]), rows[:, REVENUE]
        add(revenue, column, cohort, period, weight=paid)
        add(referred, column, np.maximum(parents, 0), period, weight=paid * (parents != NOBODY))
        add(earlier, column, period, weight=paid * ((cohort < period) | ((parents != NOBODY) & (parents < period))))
        return counts, revenue, referred, earlier

    def _family(self) -> Integers:
        """Who was named, and by whom: shape (2, leads)."""
        return np.concatenate([np.zeros((2, 0), dtype=np.int64), *self._children], axis=1)

    def _kept_and_goods(self, prices: Prices, counts: Integers) -> tuple[Floats, Floats]:
        """What first purchases leave, and what all goods cost, less what comes back: minor units (cohorts, columns)."""
        plan, each = self._scenario.after_sales, prices.of("money", self._scenario.money)("unit_cost")
        assert plan is not None
        goods = counts[FIRST] * each
        if plan.remorse is not None:
            part = prices.shares("after_sales.remorse", plan.remorse)("recovered")
            goods = goods - counts[CANCELLED] * each * part
        kept = counts[KEPT] - goods
        if plan.repeat is not None:
            goods = goods + counts[REPEAT] / WHOLE_ORDER * prices.of("after_sales.repeat", plan.repeat)("unit_cost")
        if plan.cross_sale is not None:
            goods = goods + counts[CROSS] * prices.of("after_sales.cross_sale", plan.cross_sale)("unit_cost")
        return kept, goods


class _Book:
    """What is said of each of many keys, none of them twice; `NOBODY` of all others."""

    def __init__(self, keys: Integers, said: Integers) -> None:
        order = np.argsort(keys)
        self._keys, self._said = np.append(keys[order], np.iinfo(np.int64).max), np.append(said[order], NOBODY)

    def __getitem__(self, keys: Integers) -> Integers:
        """What is said of some keys (n,)."""
        place = np.searchsorted(self._keys, keys)
        return np.where(self._keys[place] == keys, self._said[place], NOBODY)
