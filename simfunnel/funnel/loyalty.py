"""A customer buys again when an occasion comes and satisfaction makes it take it, or as BG/NBD says.

By the rate law occasions come one after the other, and who is more satisfied takes more of them; who passes
one may be lost to another firm for good. By BG/NBD (Fader, Hardie and Lee, Marketing Science 24, 2005) a
customer buys at a rate of its own, gamma distributed, and after each repeat purchase drops out for good with a
probability of its own, beta distributed: nobody sees that. Who resells orders only as much as has sold through
since the last order, which marketing makes faster until the intake ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.calendar import Calendar
from simfunnel.funnel import satisfaction, visits
from simfunnel.funnel.closing import cell
from simfunnel.funnel.durations import Varying, at
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.marketing import sell_through_factor
from simfunnel.funnel.narrowing import of_column
from simfunnel.funnel.odds import odds
from simfunnel.funnel.undecided import NEVER
from simfunnel.scenario.after_sales import AfterSales, BgNbd, Repeat
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.quantities import exponential_quantile
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

REPEAT: Final = 0
CROSS: Final = 1
PASSED: Final = 2
PURCHASES: Final = ("bought again", "bought something else", "occasion passed")
DAYS_IN: Final = {"day": 1.0, "week": 7.0}
SLOWEST: Final = 1e-300
WHOLE_ORDER: Final = 1000
"""Parts of an order are told in thousandths."""


def purchase_rate(word: Integers, r: Floats, alpha: Floats) -> Floats:
    """BG/NBD: each customer's rate of purchases, gamma distributed with shape r and rate alpha (common shape)."""
    from scipy.special import gammaincinv

    return np.asarray(gammaincinv(r, draws.uniform(word)) / alpha)


def dropout(word: Integers, a: Floats, b: Floats) -> Floats:
    """BG/NBD: each customer's chance to drop out after a repeat purchase, beta distributed (common shape)."""
    from scipy.special import betaincinv

    return np.asarray(betaincinv(a, b, draws.uniform(word)))


@dataclass(frozen=True)
class Pool:
    """The parameters of BG/NBD by column (or 1); `alpha` in days."""

    r: Floats
    alpha: Floats
    a: Floats
    b: Floats


@dataclass(frozen=True)
class LoyaltyLaw:
    """The law of buying again, for one block of histories; the last axis are columns, or has length 1.

    `bought` and the ratio `stays` are by level of satisfaction; `every` is None with BG/NBD, `pool` without;
    `sells_in` is None where nobody resells; marketing makes selling `faster` by that factor until the ordinal date
    `unspent`.
    """

    streams: draws.Words
    every: Varying | None
    bought: Integers
    leaves: Integers
    r: Floats
    alpha: Floats
    a: Floats
    b: Floats
    stays: Floats
    revenue: Varying
    resells: Integers
    sells_in: Varying | None
    faster: Floats
    unspent: int
    minor_units: int

    def next_occasion(self, column: Integers, lead: Integers, number: Integers) -> Floats:
        """Calendar days from occasion (or sale, 0) `number` to the next (common shape)."""
        word, _ = self._pair(column, lead, number, 0)
        if self.every is not None:
            return np.asarray(np.minimum(self.every.at(word, column), float(NEVER)))
        rate = purchase_rate(self._of_customer(column, lead, 4)[0], at(self.r, column), at(self.alpha, column))
        mean = 1 / np.maximum(rate, SLOWEST)
        return np.asarray(np.minimum(exponential_quantile(draws.uniform(word), mean), float(NEVER)))

    def takes(self, column: Integers, lead: Integers, number: Integers, points: Integers) -> Mask:
        """Is occasion `number` (from 0) taken (common shape)? With BG/NBD each is."""
        if self.every is None:
            return np.ones(lead.shape, dtype=np.bool_)
        _, word = self._pair(column, lead, number, 0)
        return np.asarray(word < cell(self.bought, satisfaction.level(points), column))

    def is_lost(self, column: Integers, lead: Integers, number: Integers) -> Mask:
        """Is who passed occasion `number` lost for good (common shape)?"""
        word, _ = self._pair(column, lead, number, 1)
        return np.asarray(word < at(self.leaves, column))

    def drops_out(self, column: Integers, lead: Integers, number: Integers, points: Integers) -> Mask:
        """Does the customer, unseen, buy no more after purchase `number` (common shape)? Only with BG/NBD."""
        if self.every is not None:
            return np.zeros(lead.shape, dtype=np.bool_)
        word, _ = self._pair(column, lead, number, 1)
        chance = dropout(self._of_customer(column, lead, 4)[1], at(self.a, column), at(self.b, column))
        ratio = 1 / cell(self.stays, satisfaction.level(points), column)
        return np.asarray(word < draws.threshold(odds(chance, ratio)))

    def amount(self, column: Integers, lead: Integers, number: Integers, part: Integers) -> Integers:
        """What occasion `number` brings, in minor units, if `part` thousandths of it are needed (common shape)."""
        _, word = self._pair(column, lead, number, 1)
        return np.rint(self.revenue.at(word, column) * self.minor_units * part / WHOLE_ORDER).astype(np.int64)

    def sold_through(self, column: Integers, lead: Integers, since: Integers, date: int) -> Integers:
        """Thousandths of an order of date `since` (ordinal) that have sold through by `date`; all if nobody resells."""
        if self.sells_in is None:
            return np.full(lead.shape, WHOLE_ORDER)
        marketed = np.maximum(0, np.minimum(date, self.unspent) - since)
        days = date - since + marketed * (at(self.faster, column) - 1)
        word, pace = self._of_customer(column, lead, 5)
        part = np.minimum(1.0, days / np.maximum(self.sells_in.at(pace, column), SLOWEST))
        return np.where(word < at(self.resells, column), np.rint(part * WHOLE_ORDER), WHOLE_ORDER).astype(np.int64)

    def _pair(self, column: Integers, lead: Integers, number: Integers, pair: int) -> tuple[Integers, Integers]:
        return draws.pair(draws.visit(self.streams[column], lead, visits.OCCASION, number), pair)

    def _of_customer(self, column: Integers, lead: Integers, pair: int) -> tuple[Integers, Integers]:
        return draws.pair(draws.visit(self.streams[column], lead, visits.FATE), pair)

    def column(self, column: int) -> LoyaltyLaw:
        """The same for one history."""
        narrowed: LoyaltyLaw = of_column(self, column)
        return narrowed


def loyalty_law(
    scenario: Scenario, plan: AfterSales, repeat: Repeat, calendar: Calendar, inputs: Inputs, streams: draws.Words
) -> LoyaltyLaw:
    """The law as the scenario states it."""
    intake = calendar.dates[: calendar.length(scenario.intake or scenario.horizon)]
    path = "after_sales.repeat"
    satisfied = satisfaction.of_the_satisfied(inputs.value(f"{path}.satisfied", repeat.satisfied))
    bought = np.zeros(1) if repeat.bought is None else inputs.value(f"{path}.bought", repeat.bought)
    pool, resale = _pool(repeat.bg_nbd, inputs), plan.resale
    share = np.zeros(1) if resale is None else inputs.value("after_sales.resale.share", resale.share)
    return LoyaltyLaw(
        streams=streams,
        every=None if repeat.every is None else Varying.of(f"{path}.every", repeat.every, inputs),
        bought=draws.threshold(odds(bought, satisfied)),
        leaves=draws.threshold(inputs.value(f"{path}.leaves", repeat.leaves)),
        r=pool.r,
        alpha=pool.alpha,
        a=pool.a,
        b=pool.b,
        stays=satisfied,
        revenue=Varying.of(f"{path}.revenue", repeat.revenue, inputs),
        resells=draws.threshold(share),
        sells_in=None if resale is None else Varying.of("after_sales.resale.sells_in", resale.sells_in, inputs),
        faster=sell_through_factor(scenario, inputs),
        unspent=intake[-1].toordinal() + 1 if intake else 0,
        minor_units=minor_units(scenario.currency),
    )


def _pool(plan: BgNbd | None, inputs: Inputs) -> Pool:
    if plan is None:
        return Pool(*[np.ones(1)] * 4)
    r, alpha, a, b = (
        inputs.value(f"after_sales.repeat.bg_nbd.{n}", getattr(plan, n)) for n in ("r", "alpha", "a", "b")
    )
    return Pool(r, alpha * DAYS_IN[plan.per], a, b)
