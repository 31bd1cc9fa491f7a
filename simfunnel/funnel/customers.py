"""Who bought gets it, may regret it, and may find that it does not work: the fate of a first purchase.

All of it is drawn once for each customer. Days are calendar days, counted up. A defect that nobody mends shows some
time after the delivery: then the customer complains, as all do who were told that it would be mended, or is
lost in silence. In the remorse window a customer is tempted once to cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import satisfaction, visits
from simfunnel.funnel.closing import cell
from simfunnel.funnel.durations import Varying, at
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.narrowing import of_column
from simfunnel.funnel.odds import odds, times
from simfunnel.funnel.undecided import NEVER, day_reached
from simfunnel.scenario.after_sales import AfterSales

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CANCELLED: Final = 0
SILENT: Final = 1
LEFT: Final = 2
GAVE_UP: Final = 3
STAYS: Final = 4
ENDS: Final = ("cancelled", "lost in silence", "left for another", "gave up on an answer", "still a customer")
"""What becomes of a customer."""
UNSEEN: Final = (SILENT, LEFT)
"""Who leaves so says nothing."""

SOUND: Final = 0
DEFECTIVE: Final = 1
DELIVERIES: Final = ("sound", "with a hidden defect")

MOST_COOPERATIVE: Final = 1000


@dataclass(frozen=True)
class FateLaw:
    """The fate of first purchases, for one block of histories; the last axis are columns, or has length 1.

    `defective` are thresholds by earlier cooperative contacts, `complains` by level of satisfaction, `cancels`
    probabilities by level of satisfaction; `members` is the size of the team that looks after customers.
    """

    streams: draws.Words
    reality: Varying
    promise: Floats
    pressure: Floats
    bad_fit: Floats
    delivery: Varying
    promised: Floats
    per_day_late: Floats
    defective: Integers
    shows_after: Varying
    drop: Floats
    complains: Integers
    window: Floats
    cancels: Floats
    conceded: Floats
    approves: Floats
    members: int

    def starts(self, column: Integers, lead: Integers, conceded: Mask, unfit: Mask) -> Integers:
        """Points of satisfaction at the sale (common shape)."""
        word, _ = self._pair(column, lead, 0)
        pressure, bad_fit = at(self.pressure, column) * conceded, at(self.bad_fit, column) * unfit
        return satisfaction.started(self.reality.at(word, column), at(self.promise, column), pressure, bad_fit)

    def dealt(self, column: Integers, lead: Integers) -> Integers:
        """The seat that looks after a customer whom nobody of the team sold to (common shape)."""
        _, word = self._pair(column, lead, 3)
        return np.asarray(word * self.members >> 32)

    def delivered(self, column: Integers, lead: Integers) -> tuple[Integers, Integers]:
        """Days from the sale to the delivery, and by how many it is late (common shape)."""
        _, word = self._pair(column, lead, 0)
        days = day_reached(self.delivery.at(word, column))
        return days, np.maximum(0, days - day_reached(np.broadcast_to(at(self.promised, column), days.shape)))

    def after_delivery(self, column: Integers, points: Integers, late: Integers) -> Integers:
        """Points when it was so many days late (common shape)."""
        return satisfaction.lowered(points, at(self.per_day_late, column) * late)

    def is_defective(self, column: Integers, lead: Integers, cooperative: Integers) -> Mask:
        """Has what is delivered a defect, after so many cooperative contacts with anybody (common shape)?"""
        word, _ = self._pair(column, lead, 1)
        return np.asarray(word < cell(self.defective, np.minimum(cooperative, MOST_COOPERATIVE), column))

    def shows(self, column: Integers, lead: Integers) -> Integers:
        """Days from the delivery until a defect shows (common shape)."""
        _, word = self._pair(column, lead, 1)
        return day_reached(self.shows_after.at(word, column))

    def complains_of_it(self, column: Integers, lead: Integers, points: Integers) -> Mask:
        """Whose defect shows: complains, or is lost in silence (common shape)."""
        word, _ = self._pair(column, lead, 2)
        return np.asarray(word < cell(self.complains, satisfaction.level(points), column))

    def disappointed(self, column: Integers, points: Integers) -> Integers:
        """Points when a defect has shown (common shape)."""
        return satisfaction.lowered(points, at(self.drop, column))

    def tempted(self, column: Integers, lead: Integers) -> Integers:
        """The day after the sale on which the customer is tempted to cancel, NEVER where it cannot (common shape)."""
        _, word = self._pair(column, lead, 2)
        day = day_reached(draws.uniform(word) * at(self.window, column))
        return np.where(at(self.window, column) > 0, day, NEVER)

    def regrets(self, column: Integers, lead: Integers, points: Integers, conceded: Mask, approved: Mask) -> Mask:
        """Who is tempted: cancels (common shape)."""
        word, _ = self._pair(column, lead, 3)
        chance = cell(self.cancels, satisfaction.level(points), column)
        ratio = np.where(conceded, at(self.conceded, column), 1.0) * np.where(approved, at(self.approves, column), 1.0)
        return np.asarray(word < draws.threshold(odds(chance, ratio)))

    def _pair(self, column: Integers, lead: Integers, number: int) -> tuple[Integers, Integers]:
        return draws.pair(draws.visit(self.streams[column], lead, visits.FATE), number)

    def column(self, column: int) -> FateLaw:
        """The same for one history."""
        narrowed: FateLaw = of_column(self, column)
        return narrowed


def fate_law(plan: AfterSales, members: int, inputs: Inputs, streams: draws.Words) -> FateLaw:
    """The law as the scenario states it."""
    defect, remorse, contact, together = plan.defect, plan.remorse, plan.seller_initiated, plan.cooperative
    one, nothing = np.ones(1), np.zeros(1)

    def value(path: str, block: object, name: str) -> Floats:
        return inputs.value(f"after_sales.{path}.{name}", getattr(block, name))

    better = one if together is None else value("cooperative", together, "odds_defect")
    rate, complains = value("defect", defect, "rate"), value("defect", defect, "complains")
    cancels = nothing if remorse is None else odds(
        value("remorse", remorse, "cancels"),
        1 / satisfaction.of_the_satisfied(value("remorse", remorse, "satisfied")),
    )  # fmt: skip
    return FateLaw(
        streams=streams,
        reality=Varying.of("after_sales.satisfaction.reality", plan.satisfaction.reality, inputs),
        promise=value("satisfaction", plan.satisfaction, "promise"),
        pressure=value("satisfaction", plan.satisfaction, "pressure"),
        bad_fit=value("satisfaction", plan.satisfaction, "bad_fit"),
        delivery=Varying.of("after_sales.delivery.days", plan.delivery.days, inputs),
        promised=value("delivery", plan.delivery, "promised"),
        per_day_late=value("delivery", plan.delivery, "per_day_late"),
        defective=draws.threshold(odds(rate, times(better, MOST_COOPERATIVE))),
        shows_after=Varying.of("after_sales.defect.shows_after", defect.shows_after, inputs),
        drop=value("defect", defect, "drop"),
        complains=draws.threshold(
            odds(complains, satisfaction.of_the_satisfied(value("defect", defect, "satisfied")))
        ),
        window=nothing if remorse is None else value("remorse", remorse, "window"),
        cancels=np.atleast_2d(cancels) if remorse is not None else np.zeros((satisfaction.LEVELS, 1)),
        conceded=one if remorse is None else value("remorse", remorse, "conceded"),
        approves=one if contact is None else value("seller_initiated", contact, "approves"),
        members=members,
    )  # fmt: skip
