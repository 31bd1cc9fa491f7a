"""What happened is a set of facts, whole numbers in fixed columns; both engines report nothing else.

A fact says what kind of thing happened, to which lead, on which working day, at which clock (ms since
midnight), for how long (ms), by which team and seat, for the how-manieth time, with which outcome and
amount (minor units of money, a count, or ms waited). A history's digest is the sum of its facts' hashes,
so it does not depend on their order.

| kind | lead | team, seat | clock, duration | occurrence | outcome | amount |
|---|---|---|---|---|---|---|
| DIAL | who is dialled | who dials | the dial | earlier dials | calling.OUTCOMES | 1: the number is dead |
| ARRIVAL | who arrives | who gets it, nobody | when | | | |
| INBOUND | who is answered or gone | who answers; nobody | the talk; when found gone | | inbound.OUTCOMES | ms waited |
| BOOKING | who asks | inviting team, nobody | when | event, or day of the meeting | demo.BOOKINGS | |
| EVENT | nobody | host team, nobody | the event | event | demo.EVENTS | comers, or bookings |
| HOST | nobody | who hosts | the time there | | | |
| VISIT | who is expected | inviting team, nobody | begin of event or meeting | events missed | demo.VISITS | |
| MEETING | who is met | who meets | the task | | as its VISIT | |
| CLOSING | who is talked to | who closes | the talk | | | ms waited |
| TALK | who decides | inviting team, nobody | end of the talk | number of the closing team | closing.TALKS | revenue |
| TOUCH | who is contacted | who contacts | the touch | earlier touches | touch.TOUCHES | see below |
| RETURN | who comes back | who gets it, nobody | when | earlier touches | | |
| ANSWER | who had come back | who answers; nobody | as INBOUND | earlier touches | touch.TOUCHES | ms waited |
| FILE | who is undecided | inviting team, nobody | when | touches | undecided.FILES | what it would pay |
| SERIES | who gets messages | who follows up, nobody | when | touches | | messages |
| MISFIT | who bought | inviting team, nobody | when | | | |
| DELIVERY | who gets it | who looks after it, nobody | at night | days late | customers.DELIVERIES | points |
| CARE | who is contacted | who makes it; nobody | the contact | number of the date | care.CARES | points |
| RAISED | who waits for an answer | who looks after it, nobody | at night | earlier ones | care.RAISED | points |
| ANSWERED | who is answered | who answers | when | earlier ones | care.RAISED | days waited |
| MESSAGE | who gets it | who looks after it, nobody | at night | number of the date | care.MESSAGES | points |
| PURCHASE | who buys again | inviting team, nobody | at night, or end | see below | loyalty.PURCHASES | revenue |
| ASKED | who is asked for names | who asks | end of the contact | earlier askings | referral.ASKED | names |
| REFERRAL | who is named | who gets it, nobody | at night | earlier names | referral.REFERRALS | who names it |
| CUSTOMER | who bought | inviting team, nobody | at night | closing team | customers.ENDS | refund, or points |

A talk that no closer's time was spent on (`closing.closers` is 0) is closed by the host team, and one by
phone by the team that called or answered. Who leaves before a closer is free has a TALK with outcome LEFT
at that moment. The amount of a TOUCH is channel * 4 + 2 (if only the quota called for it) + 1 (if it irritated).
The duration of a FILE that is closed is the number of working days since it was opened, or reopened. A SERIES
is told when it begins, with the messages that it sends within the horizon. MISFIT says of a sale that the
product is not right for the lead. Points are the customer's satisfaction afterwards, in thousandths. Contacts
that are forgotten are nobody's, in the morning. The occurrence of a PURCHASE is the number of the occasion, or
of the cross-sale; its duration is the part of a whole order, in thousandths. CUSTOMER says who is lost, and why,
and on the last day who stays; the amount of one who cancelled is what is paid back.
That a number is dead is nature's truth, which nobody who dials it sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.hours import SEAT_BITS, SEAT_MASK, Hours
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Scalar = int | Integers

COLUMNS: Final = (
    "kind", "lead", "day", "clock", "duration", "team", "seat", "occurrence", "outcome", "amount",
)  # fmt: skip

DIAL: Final = 1
BOOKING: Final = 2
VISIT: Final = 3
TALK: Final = 4
EVENT: Final = 5
HOST: Final = 6
ARRIVAL: Final = 7
INBOUND: Final = 8
MEETING: Final = 9
CLOSING: Final = 10
TOUCH: Final = 11
RETURN: Final = 12
ANSWER: Final = 13
FILE: Final = 14
SERIES: Final = 15
MISFIT: Final = 16
DELIVERY: Final = 17
CARE: Final = 18
RAISED: Final = 19
ANSWERED: Final = 20
MESSAGE: Final = 21
PURCHASE: Final = 22
ASKED: Final = 23
REFERRAL: Final = 24
CUSTOMER: Final = 25
KINDS: Final = {
    DIAL: "dial", BOOKING: "booking", VISIT: "visit", TALK: "talk", EVENT: "event", HOST: "host", ARRIVAL: "arrival",
    INBOUND: "inbound", MEETING: "meeting", CLOSING: "closing", TOUCH: "touch", RETURN: "return", ANSWER: "answer",
    FILE: "file", SERIES: "series", MISFIT: "misfit", DELIVERY: "delivery", CARE: "care", RAISED: "raised",
    ANSWERED: "answered", MESSAGE: "message", PURCHASE: "purchase", ASKED: "asked", REFERRAL: "referral",
    CUSTOMER: "customer",
}  # fmt: skip

NOBODY: Final = -1

_ODD: Final = {
    name: np.uint64(int(value) | 1)
    for name, value in zip(COLUMNS, draws.outputs(0x51F0_FAC7, 0, len(COLUMNS)), strict=True)
}
_ODD["clock"] = np.uint64((int(_ODD["seat"]) << SEAT_BITS) & 0xFFFFFFFFFFFFFFFF)


def fact_hashes(columns: Mapping[str, Scalar]) -> npt.NDArray[np.uint64]:
    """One 64-bit hash per fact: a linear form of its columns, mixed. The columns broadcast; absent ones are 0."""
    total: npt.NDArray[np.uint64] | np.uint64 = np.uint64(0)
    with np.errstate(over="ignore"):
        for name, values in columns.items():
            total = total + np.asarray(values, dtype=np.int64).astype(np.uint64) * _ODD[name]
    return draws.mix(np.atleast_1d(np.asarray(total, dtype=np.uint64)))


def count_rows(mask: npt.NDArray[np.bool_]) -> Integers:
    """How many cells of each column are true, summed in bytes while they fit (much faster)."""
    narrow = np.uint8 if mask.shape[0] < 256 else np.int64
    return np.asarray(np.add.reduce(mask.view(np.uint8), axis=0, dtype=narrow), dtype=np.int64)


def count_outcomes(codes: npt.NDArray[np.uint8], begun: npt.NDArray[np.bool_], outcomes: int) -> Integers:
    """How many begun cells of each column have each outcome: shape (outcomes, columns).

    The first outcome, the most common, is what the others leave.
    """
    counts = np.empty((outcomes, begun.shape[1]), dtype=np.int64)
    mask = np.empty(begun.shape, dtype=np.bool_)
    for outcome in range(1, outcomes):
        np.equal(codes, outcome, out=mask)
        counts[outcome] = count_rows(np.logical_and(mask, begun, out=mask))
    counts[0] = count_rows(begun) - counts[1:].sum(axis=0)
    return counts


@dataclass(frozen=True)
class Dials:
    """A batch of dials of one team on one day, as rows of a step of every history: arrays (rows, columns).

    `started` is clock << SEAT_BITS | seat. A cell counts only where `begun`. `segment` and
    `attempt` may be plain numbers. `dead` says whose number is dead (None: nobody's).
    """

    day: int
    team: int
    lead: Integers
    segment: Scalar
    attempt: Scalar
    started: Integers
    milliseconds: Integers
    codes: npt.NDArray[np.uint8]
    begun: npt.NDArray[np.bool_]
    dead: npt.NDArray[np.bool_] | None = None

    @cached_property
    def all_begun(self) -> bool:
        """Does every cell count?"""
        return bool(self.begun.all())

    @cached_property
    def count(self) -> Integers:
        """Begun dials by column."""
        return count_rows(self.begun)

    def overtime(self, hours: Hours) -> Integers | None:
        """Ms of overtime by column; None where the batch comes near neither the end nor the pause."""
        longest = int(self.milliseconds.max())
        latest = (self.started.max(axis=1) >> SEAT_BITS) + longest
        earliest = self.started.min(axis=1) >> SEAT_BITS
        rows = np.flatnonzero((latest > hours.end) | ((latest > hours.pause) & (earliest < hours.resume)))
        if not rows.size:
            return None
        near = slice(int(rows[0]), int(rows[-1]) + 1)
        over = hours.overtime(self.started[near] >> SEAT_BITS, self.milliseconds[near]) * self.begun[near]
        return np.asarray(np.add.reduce(over, axis=0))

    def attempts_at(self, where: Integers) -> Scalar:
        """The attempts of the cells `where` (flat indices)."""
        return self.attempt.ravel().take(where) if isinstance(self.attempt, np.ndarray) else self.attempt

    def rows(self) -> tuple[Integers, dict[str, Scalar]]:
        """The begun dials as (column, fact columns)."""
        where = np.flatnonzero(self.begun)
        started = self.started.ravel().take(where)
        return where % self.begun.shape[1], {
            "kind": DIAL,
            "lead": self.lead.ravel().take(where),
            "day": self.day,
            "clock": started >> SEAT_BITS,
            "duration": self.milliseconds.ravel().take(where),
            "team": self.team,
            "seat": started & SEAT_MASK,
            "occurrence": self.attempts_at(where),
            "outcome": self.codes.ravel().take(where).astype(np.int64),
            "amount": 0 if self.dead is None else self.dead.ravel().take(where).astype(np.int64),
        }


class Sink(Protocol):
    """Something that takes facts as they come."""

    def dials(self, batch: Dials) -> None:
        """Take a batch of dials."""

    def rows(self, column: Integers, facts: Mapping[str, Scalar]) -> None:
        """Take facts of one kind: `column` (n,) is the history of each, fact columns are (n,) or plain numbers."""


class Keeper:
    """Keeps every fact of every history (for tests, stories and small runs)."""

    def __init__(self) -> None:
        self._parts: list[Integers] = []

    def dials(self, batch: Dials) -> None:
        """Keep a batch of dials."""
        self.rows(*batch.rows())

    def rows(self, column: Integers, facts: Mapping[str, Scalar]) -> None:
        """Keep facts of one kind."""
        part = np.zeros((column.size, 1 + len(COLUMNS)), dtype=np.int64)
        part[:, 0] = column
        for index, name in enumerate(COLUMNS):
            part[:, 1 + index] = facts.get(name, 0)
        self._parts.append(part)

    def table(self) -> Integers:
        """All facts, sorted: shape (facts, 1 + len(COLUMNS)), the first column the history."""
        if not self._parts:
            return np.zeros((0, 1 + len(COLUMNS)), dtype=np.int64)
        table = np.concatenate(self._parts)
        return np.asarray(table[np.lexsort(table.T[::-1])])


class Digester:
    """Sums the hashes of each history's facts: equal facts, equal digest, in whatever order they came."""

    def __init__(self, columns: int) -> None:
        self.digests = np.zeros(columns, dtype=np.uint64)
        self._scratch = Scratch()

    def dials(self, batch: Dials) -> None:
        """Add a batch of dials."""
        shape = batch.begun.shape
        total = self._scratch.take("total", shape, np.uint64)
        spare = self._scratch.take("spare", shape, np.uint64)
        fixed = DIAL * int(_ODD["kind"]) + batch.day * int(_ODD["day"]) + batch.team * int(_ODD["team"])
        np.multiply(batch.lead.view(np.uint64), _ODD["lead"], out=total)
        np.add(total, np.uint64(fixed & 0xFFFFFFFFFFFFFFFF), out=total)
        parts: list[tuple[str, npt.NDArray[Any]]] = [
            ("seat", batch.started),
            ("duration", batch.milliseconds),
            ("outcome", batch.codes),
        ]
        if isinstance(batch.attempt, np.ndarray):
            parts.append(("occurrence", batch.attempt))
        if batch.dead is not None:
            parts.append(("amount", batch.dead))
        for name, values in parts:
            np.copyto(spare, values, casting="unsafe")
            np.multiply(spare, _ODD[name], out=spare)
            np.add(total, spare, out=total)
        draws.mix(total, spare)
        np.multiply(total, batch.begun, out=total)
        np.add(self.digests, np.add.reduce(total, axis=0), out=self.digests)

    def rows(self, column: Integers, facts: Mapping[str, Scalar]) -> None:
        """Add facts of one kind."""
        np.add.at(self.digests, column, np.broadcast_to(fact_hashes(facts), column.shape))
