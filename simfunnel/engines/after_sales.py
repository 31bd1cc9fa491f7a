"""Customers are looked after from the day after the sale on, by who sold to them or by who is free.

Both engines keep the same customers, one with a column for every history of a block, one with a single column: this
room says which contacts are due, applies the laws of a contact, and lets the night take its course. Who makes
which contact when is the engines' part. A customer is contacted once a day at most: what it waits an answer to
comes first, else the contact that has been due longest. A contact that its member does not think of on the morning
of its date is not made at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.engines.aftermath import ANSWER, Aftermath
from simfunnel.engines.customers import HIDDEN, MENDED, NOTHING, Customers, Report
from simfunnel.engines.records import Due, once
from simfunnel.funnel import care, customers, demo, loyalty, referral
from simfunnel.funnel.care import Contact
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.undecided import NEVER
from simfunnel.scenario.after_sales import AfterSales as Plan
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MORNING: Final = 0
DUE: Final = tuple(f"due_{kind}" for kind in range(len(care.KINDS)))


@dataclass(frozen=True)
class Tasks:
    """Contacts that are due today, in the order in which they are to be made: arrays (n,).

    `row` is the customer's, `owner` the seat that looks after it; `number` is the contact's in its kind.
    """

    row: Integers
    column: Integers
    lead: Integers
    owner: Integers
    kind: Integers
    number: Integers
    due: Integers

    def those(self, which: Any) -> Tasks:
        """Some of them."""
        return Tasks(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Named:
    """Leads that customers named today: arrays (n,)."""

    column: Integers
    lead: Integers
    team: Integers


class AfterSales:
    """The customers of a block of histories, and the care that they get."""

    def __init__(self, scenario: Scenario, plan: Plan, calendar: Calendar, nature: Nature, report: Report) -> None:
        assert nature.after is not None
        self.team = list(scenario.teams).index(plan.team)
        self.owned = plan.by == "closer"
        self._plan = plan
        self._nature = nature
        self._laws = nature.after
        self._report = report
        self._months = calendar.months.of_day
        self._last = calendar.days - 1
        self._intake = calendar.length(scenario.intake or scenario.horizon)
        named = {"seller_initiated": care.SELLER, "cooperative": care.COOPERATIVE, "friendly": care.FRIENDLY}
        self._schedules = {named[name]: dates for name, dates in nature.after.dates.items() if name in named}
        self._work = Due(calendar.days)
        self._cooperative = np.zeros(nature.streams.size, dtype=np.int64)
        self._noted = np.zeros(nature.streams.size, dtype=np.int64)
        self._pending = np.zeros(0, dtype=np.int64)
        self._names: list[tuple[Integers, Integers, Integers]] = []
        self.them = Customers(nature.after, nature, self.team, report)
        self._night = Aftermath(calendar.days, self.them, self._cooperative, self._work)
        self.today = self._tasks(self._pending, self._pending, self._pending)
        self._day = 0

    @property
    def waits(self) -> bool:
        """Is anything to come that can be seen by now?"""
        return bool(self._work) or self._pending.size > 0 or self._night.waits

    def enter(
        self, day: int, column: Integers, lead: Integers, team: Integers, closers: Integers, seat: Integers,
        amount: Integers, conceded: Mask, fits: Mask,
    ) -> None:  # fmt: skip
        """These leads bought today from the member on `seat` of the team `closers`; `team` invited them (n,)."""
        fate = self._laws.fate
        face = np.where(closers == self.team, seat, NOTHING)
        rows = self.them.add(
            lead.size, column=column, lead=lead, team=team, closers=closers, face=face, sold=day, ordered=day,
            owner=np.where(face != NOTHING, face, fate.dealt(column, lead)), paid=amount, conceded=conceded,
            points=fate.starts(column, lead, conceded, ~fits),
        )  # fmt: skip
        for kind in self._schedules:
            self._plan_next(day, kind, rows)
        self._night.begin(day, rows)

    def _plan_next(self, day: int, kind: int, rows: Integers) -> None:
        """The next contact of a kind, if there is one."""
        them, number = self.them, f"number_{kind}"
        them[number][rows], due = self._schedules[kind].after(them.of(number, rows), them.of("sold", rows), day)
        them[DUE[kind]][rows] = np.where(due > self._last, NEVER, due)
        self._work.note(rows, due)

    def open(self, day: int) -> None:
        """Begin the day: `today` are the contacts that are due, in order."""
        self._day, them = day, self.them
        new = self._work.pop(day)
        if not (new.size or self._pending.size):
            self.today = self._tasks(new, new, new)
            return
        for kind in self._schedules:
            self._think(day, kind, once(new))
        rows = them.stay(once(np.concatenate([self._pending, new])))
        due = np.array([them.of(name, rows) for name in DUE])
        due[care.ANSWER] -= NEVER * (due[care.ANSWER] <= day)  # comes before all others
        kind = due.argmin(axis=0)
        due = due[kind, np.arange(rows.size)]
        mine = due <= day
        self._pending = rows[mine]
        self.today = self._tasks(rows[mine], kind[mine], due[mine])

    def _think(self, day: int, kind: int, rows: Integers) -> None:
        """Contacts of a kind that are due today for the first time are forgotten, or not."""
        them, name = self.them, f"number_{kind}"
        rows = them.stay(rows[them[DUE[kind]][rows] == day])
        (column, lead), number, month = them.who(rows), them.of(name, rows), int(self._months[day])
        kept = self._laws.care.keeps(kind, column, lead, number, them.of("owner", rows), month)
        code = kind * len(care.RESULTS) + care.FORGOTTEN
        them.tell(day, rows[~kept], facts.CARE, clock=MORNING, occurrence=number[~kept], outcome=code)
        self._plan_next(day, kind, rows[~kept])

    def _tasks(self, rows: Integers, kind: Integers, due: Integers) -> Tasks:
        """Tasks in order: by history, owner (if the work is owned), class, original due day and lead."""
        them = self.them
        (column, lead), owner = them.who(rows), them.of("owner", rows)
        number = np.select([kind == each for each in self._schedules] or [kind < 0],
                           [them.of(f"number_{each}", rows) for each in self._schedules] or [kind],
                           them.of("raises", rows) - 1)  # fmt: skip
        due = np.where(kind == care.ANSWER, due + NEVER, due)
        order = np.lexsort((lead, due, kind != care.ANSWER, owner * self.owned, column))
        return Tasks(rows, column, lead, owner, kind, number, due).those(order)

    def prepare(self, tasks: Tasks) -> Contact:
        """Draw these contacts."""
        return self._laws.care.prepare(tasks.kind, tasks.column, tasks.lead, tasks.number)

    def made(self, day: int, tasks: Tasks, contact: Contact, start: Integers, lasted: Integers, seat: Integers) -> None:
        """These contacts were made: clock (ms) of the begin, ms, and by whom (n,)."""
        them, rows = self.them, tasks.row
        face = them.is_familiar(rows, seat)
        for kind, act in ((care.SELLER, self._ask_how_it_goes), (care.ANSWER, self._answer)):
            mine = np.flatnonzero((tasks.kind == kind) & contact.reached)
            if mine.size:
                act(day, tasks.those(mine), face[mine], (start + lasted)[mine], seat[mine])
        met = (tasks.kind == care.COOPERATIVE) & contact.reached
        np.add.at(self._cooperative, tasks.column[met], 1)
        them["friendly"][rows[(tasks.kind == care.FRIENDLY) & contact.reached]] += 1
        mended = them["defect"][rows] == MENDED
        them["defect"][rows[mended]] = 0
        result = np.where(contact.reached, np.where(mended, care.MENDED, care.DONE), care.NOT_REACHED)
        them.tell(
            day, rows, facts.CARE, clock=start, duration=lasted, seat=seat, occurrence=tasks.number,
            outcome=tasks.kind * len(care.RESULTS) + result,
        )  # fmt: skip
        for kind in self._schedules:
            self._plan_next(day, kind, rows[tasks.kind == kind])

    def _ask_how_it_goes(self, day: int, tasks: Tasks, face: Mask, clock: Integers, seat: Integers) -> None:
        """What a seller-initiated contact does that reaches the customer."""
        them, law, rows, column, lead = self.them, self._laws.care, tasks.row, tasks.column, tasks.lead
        found = (them["defect"][rows] == HIDDEN) & law.finds_it(column, lead, tasks.number)
        them["defect"][rows[found]] = MENDED
        them["points"][rows] = law.lifted(column, them.of("points", rows), face)
        them["approved"][rows] = True
        felt = them.felt(day, rows)
        self._offer_more(day, tasks, felt, face, clock)
        if self._laws.referral is not None and self._plan.seller_initiated and self._plan.seller_initiated.asks:
            self._ask_for_names(day, tasks, felt, face, clock, seat)

    def _offer_more(self, day: int, tasks: Tasks, felt: Integers, face: Mask, clock: Integers) -> None:
        """The cross-sale, if there is one, to who has not bought it often enough."""
        if self._plan.cross_sale is None:
            return
        them, law, crossed = self.them, self._laws.care, self.them.of("crossed", tasks.row)
        buys = law.buys_more(tasks.column, tasks.lead, tasks.number, felt, face)
        buys &= crossed < self._plan.cross_sale.most
        rows, amount = tasks.row[buys], law.paid_more(tasks.column, tasks.lead, tasks.number)[buys]
        them["crossed"][rows] += 1
        them.buys(day, rows, loyalty.CROSS, crossed[buys], amount, loyalty.WHOLE_ORDER, clock=clock[buys])

    def _ask_for_names(
        self, day: int, tasks: Tasks, felt: Integers, face: Mask, clock: Integers, seat: Integers
    ) -> None:
        """Asking is an act, not done to who conceded; the named are leads from tomorrow on."""
        them = self.them
        assert self._laws.referral is not None
        asks = ~them["conceded"][tasks.row]
        tasks, felt, face, clock, seat = tasks.those(asks), felt[asks], face[asks], clock[asks], seat[asks]
        rows = tasks.row
        asked, friendly = them.of("asked", rows), them.of("friendly", rows)
        names = self._laws.referral.named(tasks.column, tasks.lead, asked, felt, friendly, face, them["conceded"][rows])
        them["asked"][rows] += 1
        gave = np.where(names > 0, referral.GAVE, referral.REFUSED)
        them.tell(day, rows, facts.ASKED, clock=clock, seat=seat, occurrence=asked, outcome=gave, amount=names)
        self._names.append((rows[names > 0], clock[names > 0], names[names > 0]))

    def _answer(self, day: int, tasks: Tasks, face: Mask, clock: Integers, seat: Integers) -> None:
        """What the customer waited for is answered; a defect that it knows of is mended."""
        them, rows = self.them, tasks.row
        days, what = them.days_since("raised_on", day, rows), them.of("raised", rows)
        them["points"][rows] = self._laws.care.answered(tasks.column, them.of("points", rows), days, face)
        them["defect"][rows[what != care.SUGGESTION]] = MENDED
        them["raised"][rows] = NOTHING
        them[ANSWER][rows] = NEVER
        them.tell(day, rows, facts.ANSWERED, clock=clock, seat=seat, occurrence=tasks.number, outcome=what, amount=days)

    def settle(self, day: int) -> Named | None:
        """The night: what nature does with customers; gives the new leads that they named."""
        self._night.settle(day)
        names, self._names = self._names, []
        rows, clock, count = (
            (np.concatenate(part) for part in zip(*names, strict=True)) if names else [self._pending[:0]] * 3
        )
        if not rows.size:
            return None
        them = self.them
        column, lead = them.who(rows)
        order = np.lexsort((lead, clock, column))
        rows, count = rows[order], count[order]
        each = np.repeat(rows, count)
        number = them.of("named", each) + np.arange(each.size) - np.repeat(np.cumsum(count) - count, count)
        them["named"][rows] += count
        return self._note(day, each, number)

    def _note(self, day: int, rows: Integers, number: Integers) -> Named | None:
        """Names become leads while the circle is closed, the intake lasts and the limit is not reached."""
        plan, (column, parent) = self._plan.referral, self.them.who(rows)
        assert plan is not None
        lead, outcome = referral.referred(parent, number), np.full(rows.size, referral.NOTED)
        rank = np.arange(rows.size) - np.searchsorted(column, column)
        outcome[self._noted[column] + rank >= plan.limit] = referral.BEYOND
        if day + 1 >= self._intake:
            outcome[:] = referral.TOO_LATE
        if not plan.circle:
            outcome[:] = referral.CUT
        noted = outcome == referral.NOTED
        np.add.at(self._noted, column[noted], 1)
        team = np.full(rows.size, facts.NOBODY)
        team[noted] = self._nature.routing.team(self._nature.streams[column[noted]], lead[noted])
        self._report(
            column, kind=facts.REFERRAL, lead=lead, day=day, clock=demo.NIGHT, team=team, seat=facts.NOBODY,
            occurrence=number, outcome=outcome, amount=parent,
        )  # fmt: skip
        return Named(column[noted], lead[noted], team[noted]) if noted.any() else None

    def end(self) -> None:
        """The horizon: who is still a customer."""
        self.them.end(self._last, self.them.stay(np.arange(self.them.size)), customers.STAYS)
