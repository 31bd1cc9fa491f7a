"""What nature does with customers happens at night, each in its turn, when all work of the day is over.

First comes what was delivered, then who is tempted to cancel, then whose defect shows; then surveys and
messages are sent, occasions to buy again come, suggestions arise, and who waited too long for an answer gives up. What
must be answered is a task from tomorrow on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.customers import ANSWER, HERE, HIDDEN, KNOWN, NOTHING, Customers
from simfunnel.engines.records import Due
from simfunnel.funnel import care, customers, loyalty
from simfunnel.funnel.after_sales import MOST_DATES, Schedule
from simfunnel.funnel.durations import at
from simfunnel.funnel.undecided import day_reached

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SENT: Final = ("survey", "mailing")
"""What the firm sends, also to those of whom it does not know that they are lost."""


class Aftermath:
    """The nights of a block's customers; `work` notes when somebody must be contacted."""

    def __init__(self, days: int, them: Customers, cooperative: Integers, work: Due) -> None:
        self._them = them
        self._laws = them.laws
        self._cooperative = cooperative
        self._work = work
        self._mailing, self._survey = (them.laws.dates.get(name) for name in ("marketing", "survey"))
        self._turns: dict[str, Callable[[int, Integers], None]] = {
            "delivery": self._deliver, "temptation": self._tempt, "defect": self._show, "survey": self._ask,
            "mailing": self._mail, "occasion": self._occur, "suggestion": self._suggest,
            "patience": self._lose_patience,
        }  # fmt: skip
        self._due = {name: Due(days) for name in self._turns}

    @property
    def waits(self) -> bool:
        """Is anything to happen on a later night, within the horizon?"""
        return any(map(bool, self._due.values()))

    def begin(self, day: int, rows: Integers) -> None:
        """These have bought today: what is to come of it is noted."""
        them, fate = self._them, self._laws.fate
        column, lead = them.who(rows)
        delivered, _ = fate.delivered(column, lead)
        self._due["delivery"].note(rows, them.day_after(day, delivered))
        self._due["temptation"].note(rows, them.day_after(day, fate.tempted(column, lead)))
        for schedule, name, numbers in ((self._mailing, "mailing", "mailings"), (self._survey, "survey", "surveys")):
            if schedule is not None:
                self._next_date(day, rows, schedule, name, numbers)
        if self._laws.loyalty is not None:
            self._next_occasion(rows)
        if self._laws.care.suggestions is not None:
            self._next_suggestion(rows)

    def settle(self, day: int) -> None:
        """The night of `day`."""
        for name, turn in self._turns.items():
            while day in self._due[name]:
                rows = self._due[name].pop(day)
                turn(day, self._them.listed(rows) if name in SENT else self._them.stay(rows))

    def _deliver(self, day: int, rows: Integers) -> None:
        them, fate = self._them, self._laws.fate
        column, lead = them.who(rows)
        _, late = fate.delivered(column, lead)
        them["points"][rows] = fate.after_delivery(column, them.of("points", rows), late)
        defective = fate.is_defective(column, lead, self._cooperative[column])
        them["defect"][rows[defective]] = HIDDEN
        self._due["defect"].note(rows[defective], them.day_after(day, fate.shows(column, lead)[defective]))
        them.tell(day, rows, facts.DELIVERY, occurrence=late, outcome=defective.astype(np.int64))

    def _tempt(self, day: int, rows: Integers) -> None:
        them, (column, lead) = self._them, self._them.who(rows)
        conceded, approved = them["conceded"][rows], them["approved"][rows]
        regrets = self._laws.fate.regrets(column, lead, them.felt(day, rows), conceded, approved)
        them.leave(day, rows[regrets], customers.CANCELLED)

    def _show(self, day: int, rows: Integers) -> None:
        """A defect that nobody mended shows: some complain, the others are lost in silence.

        Who was told in answer to a survey that it would be mended complains.
        """
        them, fate = self._them, self._laws.fate
        told = them["raised"][rows] == care.FOUND
        rows, told = (each[(them["defect"][rows] == HIDDEN) | told] for each in (rows, told))
        column, lead = them.who(rows)
        complains = told | fate.complains_of_it(column, lead, them.felt(day, rows))
        them["points"][rows] = fate.disappointed(column, them.of("points", rows))
        them["defect"][rows] = KNOWN
        self._raise(day, rows[complains], care.COMPLAINT)
        them.leave(day, rows[~complains], customers.SILENT)

    def _ask(self, day: int, rows: Integers) -> None:
        """Surveys: a hidden defect may be found."""
        them, (column, lead), number = self._them, self._them.who(rows), self._them.of("surveys", rows)
        outcome = self._laws.care.surveyed(column, lead, number, them["defect"][rows] == HIDDEN)
        outcome = np.where(them["where"][rows] == HERE, outcome, care.UNANSWERED)
        them.tell(day, rows, facts.MESSAGE, occurrence=number, outcome=outcome)
        found = rows[outcome == care.FOUND_BY]
        them["defect"][found] = KNOWN
        self._raise(day, found, care.FOUND)
        assert self._survey is not None
        self._next_date(day, rows, self._survey, "survey", "surveys")

    def _mail(self, day: int, rows: Integers) -> None:
        """Messages that lift satisfaction for a while."""
        them = self._them
        them["mailed"][rows] = day
        number = them.of("mailings", rows)
        them.tell(day, rows, facts.MESSAGE, occurrence=number, outcome=care.MAILING, amount=them.felt(day, rows))
        assert self._mailing is not None
        self._next_date(day, rows, self._mailing, "mailing", "mailings")

    def _next_date(self, day: int, rows: Integers, schedule: Schedule, name: str, numbers: str) -> None:
        them = self._them
        number, due = schedule.after(them.of(numbers, rows), them.of("sold", rows), day)
        them[numbers][rows] = number
        self._due[name].note(rows, due)

    def _occur(self, day: int, rows: Integers) -> None:
        """Occasions to buy again; more of them may come in the same night."""
        them, law = self._them, self._laws.loyalty
        assert law is not None
        (column, lead), number, points = them.who(rows), them.of("occasion", rows), them.felt(day, rows)
        takes = law.takes(column, lead, number, points)
        part = law.sold_through(column, lead, them.dates[them.of("ordered", rows)], int(them.dates[day]))
        amount = law.amount(column, lead, number, part)
        them["ordered"][rows[takes]] = day
        them["occasion"][rows] += 1
        them.buys(day, rows[takes], loyalty.REPEAT, number[takes], amount[takes], part[takes])
        them.buys(day, rows[~takes], loyalty.PASSED, number[~takes], 0, 0)
        lost = ~takes & law.is_lost(column, lead, number)
        them.leave(day, rows[lost], customers.LEFT)
        ends = lost | (takes & law.drops_out(column, lead, number, points))
        self._next_occasion(rows[~ends])

    def _next_occasion(self, rows: Integers) -> None:
        them, law = self._them, self._laws.loyalty
        assert law is not None
        rows = rows[them["occasion"][rows] < MOST_DATES]
        (column, lead), number = them.who(rows), them.of("occasion", rows)
        them["occasion_at"][rows] += law.next_occasion(column, lead, number)
        self._due["occasion"].note(rows, self._on(rows, "occasion_at"))

    def _suggest(self, day: int, rows: Integers) -> None:
        """Suggestions; who waits for an answer already makes none."""
        them = self._them
        them["suggestion"][rows] += 1
        self._raise(day, rows[them["raised"][rows] == NOTHING], care.SUGGESTION)
        self._next_suggestion(rows)

    def _next_suggestion(self, rows: Integers) -> None:
        them = self._them
        rows = rows[them["suggestion"][rows] < MOST_DATES]
        column, lead = them.who(rows)
        them["suggestion_at"][rows] += self._laws.care.next_suggestion(column, lead, them.of("suggestion", rows))
        self._due["suggestion"].note(rows, self._on(rows, "suggestion_at"))

    def _on(self, rows: Integers, when: str) -> Integers:
        """The working day of a moment, in calendar days since the sale."""
        return self._them.day_after(self._them.of("sold", rows), day_reached(self._them[when][rows]))

    def _raise(self, day: int, rows: Integers, what: int) -> None:
        """Something is to be answered from tomorrow on; it takes the place of what the customer waited for."""
        them = self._them
        number = them.of("raises", rows)
        them["raised"][rows] = what
        them["raised_on"][rows] = day
        them["raises"][rows] += 1
        them[ANSWER][rows] = day + 1
        self._work.note(rows, np.full(rows.size, day + 1))
        them.tell(day, rows, facts.RAISED, occurrence=number, outcome=what)
        if self._laws.care.patience is not None and what == care.COMPLAINT:
            limit = np.broadcast_to(at(self._laws.care.patience, them.of("column", rows)), rows.shape)
            self._due["patience"].note(rows, them.day_after(day, day_reached(limit)))

    def _lose_patience(self, day: int, rows: Integers) -> None:
        """Who still waits for the answer to a complaint is lost; there is only one of each customer."""
        self._them.leave(day, rows[self._them["raised"][rows] == care.COMPLAINT], customers.GAVE_UP)
