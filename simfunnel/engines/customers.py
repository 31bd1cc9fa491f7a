"""The firm keeps a record of every customer of every history; who is lost is never heard of again.

Days are working days. Times that nature draws are calendar days since the sale, counted up; what falls on
a day off happens on the next working day, and tomorrow at the earliest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.records import Records
from simfunnel.funnel import customers, demo
from simfunnel.funnel.after_sales import AfterLaws
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.undecided import NEVER

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Report = Callable[..., None]

NONE: Final = 0
HIDDEN: Final = 1
KNOWN: Final = 2
MENDED: Final = 3
"""A customer has no defect, one that nobody knows of, one that is to be mended, one that was."""
NOTHING: Final = -1
"""Nothing waits for an answer; no message was sent; nobody's face is known."""

STATE: Final[dict[str, tuple[type, Any]]] = {
    "column": (np.int32, 0), "lead": (np.int64, 0), "team": (np.int16, 0), "closers": (np.int16, 0),
    "face": (np.int16, NOTHING), "owner": (np.int16, 0), "sold": (np.int16, 0), "paid": (np.int64, 0),
    "conceded": (np.bool_, False), "points": (np.int16, 0), "gone": (np.bool_, False), "defect": (np.int8, NONE),
    "approved": (np.bool_, False), "raised": (np.int8, NOTHING), "raised_on": (np.int16, 0), "raises": (np.int16, 0),
    "due_0": (np.int32, NEVER), "due_1": (np.int32, NEVER), "due_2": (np.int32, NEVER), "due_3": (np.int32, NEVER),
    "number_0": (np.int16, NOTHING), "number_1": (np.int16, NOTHING), "number_2": (np.int16, NOTHING),
    "mailed": (np.int16, NOTHING), "mailings": (np.int16, NOTHING), "surveys": (np.int16, NOTHING),
    "friendly": (np.int16, 0), "asked": (np.int16, 0), "named": (np.int32, 0), "crossed": (np.int16, 0),
    "occasion": (np.int16, 0), "occasion_at": (np.float64, 0), "ordered": (np.int16, 0),
    "suggestion": (np.int16, 0), "suggestion_at": (np.float64, 0),
}  # fmt: skip


class Customers(Records):
    """All customers of a block of histories, by row, and how both engines tell of them.

    `due_0` to `due_3` are the days on which work of each kind of `care.KINDS` is due, `number_0` to `number_2` the
    numbers of their dates; `dates` are ordinal dates of the working days; `face` is the seat that sold, of the
    team that looks after customers.
    """

    def __init__(self, laws: AfterLaws, nature: Nature, team: int, report: Report) -> None:
        super().__init__(STATE)
        self.laws = laws
        self.team = team
        self.dates = nature.dates
        self._report = report

    def who(self, rows: Integers) -> tuple[Integers, Integers]:
        """Columns and leads of some customers."""
        return self.of("column", rows), self.of("lead", rows)

    def stay(self, rows: Integers) -> Integers:
        """Those of the rows who are still customers."""
        return np.asarray(rows[~self["gone"][rows]])

    def felt(self, day: int, rows: Integers) -> Integers:
        """Points of satisfaction today, with what is left of the lift of the last message (n,)."""
        points, mailed = self.of("points", rows), self.of("mailed", rows)
        since = self.dates[day] - self.dates[np.maximum(mailed, 0)]
        if (mailed == NOTHING).all():
            return points
        return np.where(mailed == NOTHING, points, self.laws.care.felt(self.of("column", rows), points, since))

    def days_since(self, what: str, day: int, rows: Integers) -> Integers:
        """Calendar days since a day of theirs (n,)."""
        return np.asarray(self.dates[day] - self.dates[self.of(what, rows)])

    def day_after(self, day: Integers | int, days: Integers) -> Integers:
        """The working day that is so many calendar days after `day`: tomorrow at the earliest (common shape)."""
        reached = np.searchsorted(self.dates, self.dates[day] + days).astype(np.int64)
        return np.asarray(np.maximum(reached, np.asarray(day) + 1))

    def is_familiar(self, rows: Integers, seat: Integers) -> Mask:
        """Is the member on `seat`, of the team that looks after customers, the one who sold to them (n,)?"""
        return np.asarray(self.of("face", rows) == seat)

    def tell(self, day: int, rows: Integers, kind: int, **values: Any) -> None:
        """Report facts of one kind about some customers; by default of the night, by nobody."""
        if rows.size:
            column, lead = self.who(rows)
            told = {"clock": demo.NIGHT, "team": self.team, "seat": facts.NOBODY, "amount": self.of("points", rows)}
            self._report(column, kind=kind, lead=lead, day=day, **{**told, **values})

    def buys(
        self, day: int, rows: Integers, outcome: int, number: Integers, amount: int | Integers, part: int | Integers,
        **values: Any,
    ) -> None:  # fmt: skip
        """Some bought something more, `part` of an order in thousandths, or passed."""
        self.tell(
            day, rows, facts.PURCHASE, team=self.of("team", rows), duration=part, occurrence=number, outcome=outcome,
            amount=amount, **values,
        )  # fmt: skip

    def leave(self, day: int, rows: Integers, why: int) -> None:
        """Some are lost."""
        self["gone"][rows] = True
        self.end(day, rows, why)

    def end(self, day: int, rows: Integers, why: int) -> None:
        """What becomes of some customers."""
        amount = self.of("paid", rows) if why == customers.CANCELLED else self.of("points", rows)
        closers, team = self.of("closers", rows), self.of("team", rows)
        self.tell(day, rows, facts.CUSTOMER, team=team, occurrence=closers, outcome=why, amount=amount)
