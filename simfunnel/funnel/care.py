"""Each kind of contact with a customer has its own effect, and none other.

Seller-initiated ones find hidden defects, lift satisfaction, and are the occasion to offer more and to ask for names;
cooperative ones make later deliveries better, friendly ones make it easier to ask for names; answering what the
customer initiated is worth the less the longer it took; messages lift for a while; surveys only find. The face that
sold achieves more. A member keeps to the calendar with its consistency, which a quality programme raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import satisfaction, visits
from simfunnel.funnel.closing import MOST_MINUTES, cell
from simfunnel.funnel.durations import Varying, at
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import rows_of
from simfunnel.funnel.narrowing import of_column
from simfunnel.funnel.odds import LARGEST_RATIO, odds, times
from simfunnel.scenario.after_sales import AfterSales, Visit
from simfunnel.scenario.quantities import constant

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SELLER: Final = 0
COOPERATIVE: Final = 1
FRIENDLY: Final = 2
ANSWER: Final = 3
KINDS: Final = ("seller-initiated", "cooperative", "friendly", "answer")
"""The work of looking after customers; an answer is to what a customer initiated, or a repair after a survey."""
PLANNED: Final = (SELLER, COOPERATIVE, FRIENDLY)

FORGOTTEN: Final = 0
NOT_REACHED: Final = 1
DONE: Final = 2
MENDED: Final = 3
LOST: Final = 4
RESULTS: Final = ("forgotten", "not reached", "done", "done, and a defect mended", "found lost")
CARES: Final = tuple(f"{kind}: {result}" for kind in KINDS for result in RESULTS)
"""A contact's code is kind * 5 + result; who is found lost had left without a word, and is not contacted again."""

COMPLAINT: Final = 0
SUGGESTION: Final = 1
FOUND: Final = 2
RAISED: Final = ("complaint", "suggestion", "defect found by a survey")
"""What waits for an answer."""

MAILING: Final = 0
UNANSWERED: Final = 1
ANSWERED: Final = 2
FOUND_BY: Final = 3
MESSAGES: Final = ("marketing", "survey, unanswered", "survey, answered", "survey, a defect found")

VISITS: Final = (visits.SELLER, visits.COOPERATIVE, visits.FRIENDLY, visits.ANSWERING)
MOST_DAYS: Final = MOST_MINUTES
"""Days of waiting for an answer beyond which no odds change."""


@dataclass(frozen=True)
class Contact:
    """Contacts before it is known who makes them: does each reach the customer, and its ms before pace and rounding."""

    reached: Mask
    length: Floats

    def those(self, which: Integers | Mask | slice) -> Contact:
        """Some of them."""
        return Contact(self.reached[which], self.length[which])


@dataclass(frozen=True)
class CareLaw:
    """The law of contacts with customers, for one block of histories; the last axis are columns, or has length 1.

    `consistency` are thresholds by (seat, or one row for all; months of the quality programme), `reached` by planned
    kind, `per_day` odds ratios by days until an answer, `cross` probabilities by level of satisfaction (of 0, where
    nothing is offered), `patience` in calendar days (None: no end), `fading` the lift of messages by days since.
    """

    streams: draws.Words
    consistency: Integers
    reached: Integers
    talk: tuple[Varying, ...]
    not_reached: tuple[Varying, ...]
    finds: Integers
    lift: Floats
    answer_lift: Floats
    per_day: Floats
    familiar: Floats
    cross: Floats
    cross_revenue: Varying
    suggestions: Varying | None
    patience: Floats | None
    responds: Integers
    survey_finds: Integers
    fading: Floats
    minor_units: int

    def keeps(self, kind: int, column: Integers, lead: Integers, number: Integers, seat: Integers, month: int) -> Mask:
        """Are these contacts, date `number` of each, thought of by the members on `seat` (common shape)?"""
        word, _ = draws.pair(draws.visit(self.streams[column], lead, VISITS[kind], number), 0)
        seats, months, width = self.consistency.shape
        table = self.consistency[:, min(month, months - 1)]
        return np.asarray(word < table[np.minimum(seat, seats - 1), column if width > 1 else 0])

    def prepare(self, kind: Integers, column: Integers, lead: Integers, number: Integers) -> Contact:
        """Draw contacts of each kind and date `number` (of an answer: how many there were before) (common shape)."""
        reached, length = np.ones(lead.shape, dtype=np.bool_), np.zeros(lead.shape)
        for each, address in enumerate(VISITS):
            mine = np.flatnonzero(kind == each)
            if not mine.size:
                continue
            visit = draws.visit(self.streams[column[mine]], lead[mine], address, number[mine])
            (_, reaches), (minutes, _) = draws.pair(visit, 0), draws.pair(visit, 1)
            length[mine] = self.talk[each].at(minutes, column[mine])
            if each in PLANNED:
                reached[mine] = reaches < cell(self.reached, np.full(mine.size, each), column[mine])
                length[mine] = np.where(reached[mine], length[mine], self.not_reached[each].at(minutes, column[mine]))
        return Contact(reached, length)

    def finds_it(self, column: Integers, lead: Integers, number: Integers) -> Mask:
        """Would a hidden defect be found in the seller-initiated contact of date `number` (common shape)?"""
        _, word = draws.pair(draws.visit(self.streams[column], lead, visits.SELLER, number), 1)
        return np.asarray(word < at(self.finds, column))

    def lifted(self, column: Integers, points: Integers, face: Mask) -> Integers:
        """Points after a seller-initiated contact; `face` says by whom the customer was sold to (common shape)."""
        return satisfaction.moved(points, self._by_face(at(self.lift, column), face, column))

    def answered(self, column: Integers, points: Integers, days: Integers, face: Mask) -> Integers:
        """Points after an answer that took so many calendar days (common shape)."""
        ratio = at(self.answer_lift, column) * cell(self.per_day, np.minimum(days, MOST_DAYS), column)
        return satisfaction.moved(points, self._by_face(ratio, face, column))

    def buys_more(self, column: Integers, lead: Integers, number: Integers, points: Integers, face: Mask) -> Mask:
        """Is what is offered in the contact of date `number` bought (common shape)?"""
        word, _ = draws.pair(draws.visit(self.streams[column], lead, visits.SELLER, number), 2)
        chance = cell(self.cross, satisfaction.level(points), column)
        return np.asarray(word < draws.threshold(odds(chance, self._by_face(np.ones(1), face, column))))

    def paid_more(self, column: Integers, lead: Integers, number: Integers) -> Integers:
        """What it brings then, in whole minor units (common shape)."""
        _, word = draws.pair(draws.visit(self.streams[column], lead, visits.SELLER, number), 2)
        return np.rint(self.cross_revenue.at(word, column) * self.minor_units).astype(np.int64)

    def next_suggestion(self, column: Integers, lead: Integers, number: Integers) -> Floats:
        """Calendar days from suggestion (or sale, 0) `number` to the next (common shape)."""
        assert self.suggestions is not None
        word, _ = draws.pair(draws.visit(self.streams[column], lead, visits.SUGGESTION, number), 0)
        return self.suggestions.at(word, column)

    def surveyed(self, column: Integers, lead: Integers, number: Integers, hidden: Mask) -> Integers:
        """What survey `number` comes to, of customers with a hidden defect or without: MESSAGES (common shape)."""
        answers, finds = draws.pair(draws.visit(self.streams[column], lead, visits.SURVEYED, number), 0)
        found = hidden & (finds < at(self.survey_finds, column))
        return np.where(answers < at(self.responds, column), np.where(found, FOUND_BY, ANSWERED), UNANSWERED)

    def felt(self, column: Integers, points: Integers, since: Integers) -> Integers:
        """Points so many days `since` the last message (common shape)."""
        return satisfaction.moved(points, cell(self.fading, np.minimum(since, satisfaction.MOST_DAYS), column))

    def _by_face(self, ratio: Floats, face: Mask, column: Integers) -> Floats:
        ratio = ratio * np.where(face, at(self.familiar, column), 1.0)
        return np.asarray(np.clip(ratio, 1 / LARGEST_RATIO, LARGEST_RATIO))

    def column(self, column: int) -> CareLaw:
        """The same for one history."""
        narrowed: CareLaw = of_column(self, column)
        return narrowed


def care_law(plan: AfterSales, inputs: Inputs, streams: draws.Words, minor_units: int) -> CareLaw:
    """The law as the scenario states it."""
    named = {"seller_initiated": plan.seller_initiated, "cooperative": plan.cooperative, "friendly": plan.friendly}
    seller, mailing, survey, cross = plan.seller_initiated, plan.marketing, plan.survey, plan.cross_sale
    customer, one, nothing = plan.customer_initiated, np.ones(1), np.zeros(1)

    def value(path: str, block: object, name: str, otherwise: Floats = one) -> Floats:
        return otherwise if block is None else inputs.value(f"after_sales.{path}.{name}", getattr(block, name))

    def minutes(path: str, block: Visit | None, name: str) -> Varying:
        return Varying.of(
            f"after_sales.{path}.minutes.{name}", constant(0) if block is None else getattr(block.minutes, name), inputs
        )

    sold = nothing if cross is None else value("cross_sale", cross, "sold")
    return CareLaw(
        streams=streams,
        consistency=_consistency(plan, inputs),
        reached=draws.threshold(rows_of([value(name, block, "reached") for name, block in named.items()])),
        talk=(
            *(minutes(name, block, "talk") for name, block in named.items()),
            Varying.of("after_sales.customer_initiated.minutes", customer.minutes, inputs),
        ),
        not_reached=tuple(minutes(name, block, "not_reached") for name, block in named.items()),
        finds=draws.threshold(value("seller_initiated", seller, "finds")),
        lift=value("seller_initiated", seller, "lift"),
        answer_lift=value("customer_initiated", customer, "lift"),
        per_day=times(value("customer_initiated", customer, "odds_per_day"), MOST_DAYS),
        familiar=inputs.value("after_sales.familiar", plan.familiar),
        cross=np.atleast_2d(odds(sold, satisfaction.of_the_satisfied(value("cross_sale", cross, "satisfied")))),
        cross_revenue=Varying.of(
            "after_sales.cross_sale.revenue", constant(0) if cross is None else cross.revenue, inputs
        ),
        suggestions=None if customer.suggestions_every is None else Varying.of(
            "after_sales.customer_initiated.suggestions_every", customer.suggestions_every, inputs
        ),
        patience=None if customer.patience is None else value("customer_initiated", customer, "patience"),
        responds=draws.threshold(value("survey", survey, "responds")),
        survey_finds=draws.threshold(value("survey", survey, "finds")),
        fading=satisfaction.fading(value("marketing", mailing, "lift"), value("marketing", mailing, "half_life")),
        minor_units=minor_units,
    )  # fmt: skip


def _consistency(plan: AfterSales, inputs: Inputs) -> Integers:
    """Thresholds by seat (one row where all keep to everything), month of the programme, and column (or 1)."""
    if not plan.consistency:
        return draws.threshold(np.ones((1, 1, 1)))
    base = rows_of([inputs.value(f"after_sales.consistency.{i}", each) for i, each in enumerate(plan.consistency)])
    if plan.quality is None:
        return draws.threshold(base[:, None])
    better = inputs.value("after_sales.quality.odds_per_month", plan.quality.odds_per_month)
    return draws.threshold(odds(base[:, None], times(better, plan.quality.months)))
