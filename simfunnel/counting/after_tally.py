"""What becomes of customers is counted like all else, and only where somebody looks after them.

A contact counts for the team that makes it, or should have made it; what becomes of a customer, for the lead's own
segment. What a customer raises is told once, and answered once at most: it is never answered if the customer
is lost before, calls with something worse, or still waits at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np

from simfunnel import facts
from simfunnel.counting.cells import add, flat
from simfunnel.facts import Integers, Scalar
from simfunnel.funnel import care, customers, loyalty, referral
from simfunnel.funnel.segments import Segments

KINDS: Final = ("seller_initiated", "cooperative", "friendly", "answer")
RESULTS: Final = ("forgotten", "not_reached", "done", "mended", "found_lost")
"""The kinds of contacts and what they come to, as parts of columns' names, in the order of the codes of `care`."""
END_NAMES: Final = ("cancelled", "lost_in_silence", "left", "gave_up", "kept")
"""What becomes of a customer, in the order of `customers.ENDS`."""
RAISED_NAMES: Final = ("complaints", "suggestions", "repairs")
SURVEYS: Final = (care.UNANSWERED, care.ANSWERED, care.FOUND_BY)


class AfterTally:
    """The counts of a block of histories: arrays by (result, place, column), as far as they go.

    `contacts` are by (code of `care.CARES`, team, column), `ends` by (`customers.ENDS`, segment, column), all others
    by result and column. `paid` is what repeat purchases and cross-sales bring, `refunded` what is paid back, in
    minor units, `orders` are repeat purchases as parts of whole orders, in thousandths; `days_waited` are calendar
    days of all that was answered, `points` those of who stays; `last` is the last day of a contact, by team.
    """

    def __init__(self, segments: Segments, teams: int, columns: int) -> None:
        self._segments = segments

        def by(results: tuple[str, ...], *places: int) -> Integers:
            return np.zeros((len(results), *places, columns), dtype=np.int64)

        self.contacts = by(care.CARES, teams)
        self.ends = by(customers.ENDS, len(segments.names))
        self.deliveries = by(customers.DELIVERIES)
        self.raised, self.answered = by(care.RAISED), by(care.RAISED)
        self.messages = by(care.MESSAGES)
        self.purchases, self.paid = by(loyalty.PURCHASES), by(loyalty.PURCHASES)
        self.asked, self.names = by(referral.ASKED), by(referral.REFERRALS)
        self.late, self.days_waited, self.points, self.refunded, self.orders = np.zeros((5, columns), dtype=np.int64)
        self.last = np.full((teams, columns), -1, dtype=np.int64)
        self.takers: Final[dict[int, Callable[[Integers, Mapping[str, Scalar]], None]]] = {
            facts.DELIVERY: self._delivery, facts.CARE: self._care, facts.RAISED: self._raised,
            facts.ANSWERED: self._answered, facts.MESSAGE: self._message, facts.PURCHASE: self._purchase,
            facts.ASKED: self._asked, facts.REFERRAL: self._referral, facts.CUSTOMER: self._customer,
        }  # fmt: skip

    def _delivery(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.deliveries, column, facts_["outcome"])
        add(self.late, column, weight=np.asarray(facts_["occurrence"]) > 0)

    def _care(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        outcome, team = np.asarray(facts_["outcome"]), facts_["team"]
        add(self.contacts, column, outcome, team)
        day = np.where(outcome % len(care.RESULTS) != care.FORGOTTEN, facts_["day"], -1)
        np.maximum.at(self.last.reshape(-1), flat(self.last, column, team), day)

    def _raised(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.raised, column, facts_["outcome"])

    def _answered(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.answered, column, facts_["outcome"])
        add(self.days_waited, column, weight=facts_["amount"])

    def _message(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.messages, column, facts_["outcome"])

    def _purchase(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.purchases, column, facts_["outcome"])
        add(self.paid, column, facts_["outcome"], weight=facts_["amount"])
        add(
            self.orders,
            column,
            weight=np.asarray(facts_["duration"]) * (np.asarray(facts_["outcome"]) == loyalty.REPEAT),
        )

    def _asked(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.asked, column, facts_["outcome"])

    def _referral(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.names, column, facts_["outcome"])

    def _customer(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        outcome, amount = np.asarray(facts_["outcome"]), np.asarray(facts_["amount"])
        add(self.ends, column, outcome, self._segments.of(np.asarray(facts_["lead"])))
        add(self.refunded, column, weight=amount * (outcome == customers.CANCELLED))
        add(self.points, column, weight=amount * (outcome == customers.STAYS))

    @property
    def made(self) -> Integers:
        """Contacts that were made, by (kind, team, column)."""
        return np.asarray(self._by_kind()[:, care.FORGOTTEN + 1 :].sum(axis=1))

    @property
    def mended(self) -> Integers:
        """Defects that were found and mended: shape (columns,)."""
        return np.asarray(self._by_kind()[:, care.MENDED].sum(axis=(0, 1)))

    @property
    def surveys(self) -> Integers:
        """Surveys that were sent: shape (columns,)."""
        return np.asarray(self.messages[list(SURVEYS)].sum(axis=0))

    def _by_kind(self) -> Integers:
        """Contacts by (kind, result, team, column)."""
        return self.contacts.reshape(len(care.KINDS), len(care.RESULTS), *self.contacts.shape[1:])

    def counts(self) -> dict[str, Integers]:
        """All numbers of a history that are counts, by name; each of shape (columns,)."""
        return dict(self._counts())

    def _counts(self) -> Iterator[tuple[str, Integers]]:
        for name, ended in zip(END_NAMES, self.ends.sum(axis=1), strict=True):
            yield f"customers.{name}", ended
        yield "contacts", self.made.sum(axis=(0, 1))
        yield "contacts_forgotten", self._by_kind()[:, care.FORGOTTEN].sum(axis=(0, 1))
        for kind, of_kind in zip(KINDS, self._by_kind().sum(axis=2), strict=True):
            for result, count in zip(RESULTS, of_kind, strict=True):
                yield f"contacts.{kind}.{result}", count
        yield from zip(RAISED_NAMES, self.raised, strict=True)
        yield "answers", self.answered.sum(axis=0)
        yield "unanswered", self.raised.sum(axis=0) - self.answered.sum(axis=0)
        yield "complaints_unanswered", self.raised[care.COMPLAINT] - self.answered[care.COMPLAINT]
        yield "days_waited", self.days_waited
        yield "mailings", self.messages[care.MAILING]
        yield "surveys_sent", self.surveys
        yield "surveys_answered", self.messages[care.ANSWERED] + self.messages[care.FOUND_BY]
        yield "deliveries", self.deliveries.sum(axis=0)
        yield "deliveries_late", self.late
        yield "defects", self.deliveries[customers.DEFECTIVE]
        yield "defects_mended", self.mended
        yield "repeat_purchases", self.purchases[loyalty.REPEAT]
        yield "occasions_passed", self.purchases[loyalty.PASSED]
        yield "cross_sales", self.purchases[loyalty.CROSS]
        yield "asked", self.asked.sum(axis=0)
        yield "gave_names", self.asked[referral.GAVE]
        yield "referrals", self.names.sum(axis=0)
        yield "referred", self.names[referral.NOTED]
        yield "referrals_cut", self.names[referral.CUT]
        yield "referrals_too_late", self.names[referral.TOO_LATE]
        yield "referrals_beyond_limit", self.names[referral.BEYOND]

    def of_segment(self, number: int) -> dict[str, Integers]:
        """What became of the customers of one segment, and how many those are who have been lost or stay."""
        ends = self.ends[:, number]
        return {f"customers.{name}": count for name, count in zip(END_NAMES, ends, strict=True)}

    def of_team(self, number: int) -> dict[str, Integers]:
        """Contacts that one team made, and forgot."""
        forgotten = self._by_kind()[:, care.FORGOTTEN, number].sum(axis=0)
        return {"contacts": np.asarray(self.made[:, number].sum(axis=0)), "forgotten": np.asarray(forgotten)}
