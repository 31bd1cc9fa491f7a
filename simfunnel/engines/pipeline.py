"""The undecided are followed up from the day after their talk on, until they buy, walk away or are let go.

Both engines keep the same pipeline, one with a column for every history of a block, one with a single
column: it makes the morning's lists, says who comes back by itself today, applies the laws of a touch, and
reports the facts. Who makes which touch when is the engines' part. The file of a lead that is let go by count,
time or signals is closed, and reopened if the lead comes back by itself; one that was closed because the firm
found the lead not worth it, or because the lead walked away, stays closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.engines.files import ACTIVE, BACK, CLOSED, RESTING, Files
from simfunnel.engines.records import Due, once
from simfunnel.funnel import closing, demo, habits, touch, undecided
from simfunnel.funnel.arrivals import clock_within
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.touch import Contact, Moment
from simfunnel.funnel.undecided import COMES, STAYS
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MORNING: Final = 0


@dataclass(frozen=True)
class Comers:
    """Leads that come back by themselves today: arrays (n,); clock and patience in ms, `length` before rounding."""

    row: Integers
    column: Integers
    lead: Integers
    clock: Integers
    patience: Integers
    length: Floats

    def those(self, which: Any) -> Comers:
        """Some of them."""
        return Comers(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


class Pipeline:
    """The files of the undecided, and what becomes of them."""

    def __init__(
        self, scenario: Scenario, plan: FollowUp, calendar: Calendar, nature: Nature, report: Callable[..., None],
        talks: Callable[..., None],
    ) -> None:  # fmt: skip
        assert nature.touch is not None
        self._plan = plan
        self._nature = nature
        self._law = nature.touch
        self._report = report
        self._talks = talks
        self._timing = habits.Timing.of(plan, calendar)
        self._days = calendar.days
        self._columns = nature.streams.size
        self.team = list(scenario.teams).index(plan.team)
        self._members = scenario.teams[plan.team].size
        self._channel = list(plan.channels).index(plan.channel)
        hours = [segment.arrival_hours for segment in scenario.segments.values()]
        self._hours = np.array([(h.start * MINUTE, h.end * MINUTE) for h in hours], dtype=np.int64)
        self._due, self._back = Due(self._days), Due(self._days)
        self.files = Files()
        nobody = np.zeros(0, dtype=np.int64)
        self.today, self.topped_up = nobody, nobody
        self._day = 0

    @property
    def some_come_back(self) -> bool:
        """May any lead come back by itself?"""
        return bool(self._nature.undecided.nurtured.any())

    @property
    def waits(self) -> bool:
        """Is any touch to come, or anybody to come back, that can be seen by now? A quota is met while it can be."""
        return bool(self._due or self._back or self.today.size or (self._plan.quota and self.files.active.size))

    def enter(self, day: int, clock: Integers, column: Integers, lead: Integers, team: Integers) -> None:
        """These leads stayed undecided today; `team` invited them. (n,)"""
        amount, law = self._nature.closing.amount(column, lead), self._nature.undecided
        who = law.traits(column, lead, amount)
        timing, today = self._timing, np.full(lead.size, day)
        back = np.where(who.comes_back == STAYS, self._days, timing.day_after(today, who.ready))
        rows = self.files.open(
            who, column=column, lead=lead, team=team, talked=day, opened=day, touched=day, contact=day, back=back
        )
        self._file(rows, day, clock, undecided.OPENED)
        self._back.note(rows, back)
        self._plan_next(day, rows, np.full(rows.size, timing.first[day]))

    def open(self, day: int) -> Comers | None:
        """Begin the day: `today` are the rows due, `topped_up` those the quota adds, in order. Gives who comes back."""
        self._day = day
        comers = self._come_back(day)
        due = np.concatenate([self.today, self._due.pop(day)])
        if due.size:
            files, due = self.files, once(due)
            due = due[(files["status"][due] == ACTIVE) & (files["due"][due] <= day)]
            late = day > self._timing.latest[files["talked"][due]]
            self._let_go(day, due[late], MORNING)
            due = due[~late]
            due = due[habits.in_order(files["column"][due], files["due"][due], files["lead"][due])]
        self.today = due
        self.topped_up = self._top_up(day) if self._plan.quota else due[:0]
        return comers

    def _come_back(self, day: int) -> Comers | None:
        if day not in self._back:
            return None
        rows = self._back.pop(day)
        rows = rows[(self.files["status"][rows] < BACK) & self._returns(rows)]
        if not rows.size:
            return None
        rested = rows[self.files["status"][rows] == RESTING]
        self.files["status"][rows] = BACK
        self.files["opened"][rested] = day
        self._file(rested, day, MORNING, undecided.REOPENED)
        column, lead = self.files.of("column", rows), self.files["lead"][rows]
        word, patience, length = self._law.coming(column, lead)
        start, end = self._hours[self._nature.segments.of(lead)].T
        clock = clock_within(word, start, end)
        self._report(
            column, kind=facts.RETURN, lead=lead, day=day, clock=clock, team=self.team, seat=facts.NOBODY,
            occurrence=self.files.of("touches", rows),
        )  # fmt: skip
        comers = Comers(rows, column, lead, clock, patience, length)
        return comers.those(np.lexsort((lead, clock, column)))

    def _top_up(self, day: int) -> Integers:
        """The rows that a quota adds to the morning's list."""
        files, rows = self.files, self.files.active
        due = np.bincount(files["column"][self.today], minlength=self._columns)
        wanted = habits.lacking(self._plan.quota, self._members, due)
        able = (
            (files["due"][rows] > day)
            & (files["touched"][rows] < day)
            & (day <= self._timing.latest[files["talked"][rows]])
        )
        rows = rows[able & (wanted[files["column"][rows]] > 0)]
        if self._plan.ask:
            agreed, keeps = self._agreed(rows)
            rows = rows[~keeps | (agreed <= day)]
        chosen = habits.longest_untouched(files["column"][rows], files["touched"][rows], files["lead"][rows], wanted)
        return np.asarray(rows[chosen])

    def prepare(self, rows: Integers) -> Contact:
        """Draw today's touches of these files."""
        day, files, who = self._day, self.files, self.files.who(rows)
        column, lead, touches = files.of("column", rows), files["lead"][rows], files.of("touches", rows)
        keeps = np.zeros(rows.size, dtype=np.bool_)
        if self._plan.ask:
            keeps = self._law.keeps_to_it(column, lead, touches)
        when = Moment(
            column=column,
            lead=lead,
            days=self._days_since("talked", day, rows),
            since=self._days_since("contact", day, rows),
            touches=touches,
            irritations=files.of("irritations", rows),
            gone=self._gone(rows),
            channel=habits.channel_for(self._channel, who.preferred, keeps),
            asks=~files["asked"][rows] if self._plan.qualify is not None else np.zeros(rows.size, dtype=np.bool_),
        )
        return self._law.prepare(who, when)

    def touch(
        self, day: int, rows: Integers, contact: Contact, start: Integers, lasted: Integers, seat: Integers, quota: bool
    ) -> None:
        """These files were touched: clock (ms) of the begin, ms, and who did it (n,); was it for the quota alone?"""
        files, code = self.files, self._law.decide(contact, self.team, seat)
        self._report(
            contact.column, kind=facts.TOUCH, lead=files["lead"][rows], day=day, clock=start, duration=lasted,
            team=self.team, seat=seat, occurrence=files.of("touches", rows), outcome=code,
            amount=contact.channel << 2 | int(quota) << 1 | contact.irritated,
        )  # fmt: skip
        spoke = code > touch.GATEKEEPER
        files["touches"][rows] += 1
        files["touched"][rows] = day
        files["contact"][rows[spoke]] = day
        files["irritations"][rows] += contact.irritated
        files["signals"][rows] += contact.noticed
        files["asked"][rows] |= code >= touch.DISQUALIFIED
        self._nurture(day, rows, code)
        end = start + lasted
        self._buy(day, rows, end, seat, code)
        for ends, cause in ((touch.WALKED_AWAY, undecided.IRRITATED), (touch.DECLINED, undecided.BAD_FIT)):
            self._close(rows[code == ends], day, end[code == ends], cause)
        unfit = code == touch.DISQUALIFIED
        self._close(rows[unfit], day, end[unfit], self._why(day, rows[unfit]))
        goes_on = files["status"][rows] == ACTIVE
        self._plan_next(day, rows[goes_on], self._timing.next_due(day, code[goes_on]))

    def _nurture(self, day: int, rows: Integers, code: Integers) -> None:
        """Series of messages begin."""
        if self._plan.nurture is None:
            return
        begin = rows[habits.said_not_ready(code, self.files.of("series", rows))]
        self.files["series"][begin] = day
        self._report(
            self.files.of("column", begin), kind=facts.SERIES, lead=self.files["lead"][begin], day=day,
            clock=demo.NIGHT, team=self.team, seat=facts.NOBODY, occurrence=self.files.of("touches", begin),
            amount=int(self._timing.messages[day]),
        )  # fmt: skip

    def answer(
        self, day: int, rows: Integers, start: Integers, lasted: Integers, seat: Integers, waited: Integers
    ) -> None:
        """Leads that had come back were answered: clock, ms, by whom, after so many ms (n,)."""
        files, column = self.files, self.files.of("column", rows)
        no = np.zeros(rows.size, dtype=np.int64)
        when = Moment(
            column=column, lead=files["lead"][rows], days=self._days_since("talked", day, rows), since=no,
            touches=files.of("touches", rows), irritations=files.of("irritations", rows), gone=self._gone(rows),
            channel=no, asks=no.astype(np.bool_),
        )  # fmt: skip
        code = self._law.decide(self._law.came_back(files.who(rows), when, waited), self.team, seat)
        self._answered(day, rows, start, lasted, seat, code, waited)
        files["contact"][rows] = day
        files["touched"][rows] = day
        self._buy(day, rows, start + lasted, seat, code)
        unsold = rows[files["status"][rows] == BACK]
        self._resume(day, unsold, np.full(unsold.size, self._timing.again[day]))

    def gave_up(self, day: int, rows: Integers, clock: Integers, patience: Integers) -> None:
        """Leads that had come back were gone before anybody answered (n,)."""
        no = np.zeros(rows.size, dtype=np.int64)
        self._answered(day, rows, clock, no, no + facts.NOBODY, no + touch.GAVE_UP, patience)
        self._resume(day, rows, np.clip(self.files["due"][rows], day + 1, np.maximum(day + 1, self._timing.again[day])))

    def _answered(
        self, day: int, rows: Integers, clock: Integers, lasted: Integers, seat: Integers, code: Integers,
        waited: Integers,
    ) -> None:  # fmt: skip
        self._report(
            self.files.of("column", rows), kind=facts.ANSWER, lead=self.files["lead"][rows], day=day, clock=clock,
            duration=lasted, team=self.team, seat=seat, occurrence=self.files.of("touches", rows), outcome=code,
            amount=waited,
        )  # fmt: skip

    def _resume(self, day: int, rows: Integers, due: Integers) -> None:
        """Who came back and did not buy is followed up as before, or was let go already; it comes back only once."""
        self.files["status"][rows] = ACTIVE
        self.files["back"][rows] = day
        over = self.files["over"][rows]
        self._let_go(day, rows[over], demo.NIGHT)
        self._plan_next(day, rows[~over], due[~over])

    def _plan_next(self, day: int, rows: Integers, due: Integers) -> None:
        """The next touch is due on these days at the earliest, or there is none."""
        files, timing, touches = self.files, self._timing, self.files.of("touches", rows)
        if self._plan.ask:
            due = habits.not_sooner(due, *self._agreed(rows))
        latest, signals = timing.latest[files["talked"][rows]], files.of("signals", rows)
        over = habits.is_over(touches, self._plan.touches, due, latest, signals, self._plan.signals)
        files["due"][rows] = due
        self._due.note(rows[~over], due[~over])
        self._let_go(day, rows[over], demo.NIGHT)

    def _agreed(self, rows: Integers) -> tuple[Integers, Mask]:
        """The day before which each lead, when asked, wanted no touch; and whether the firm keeps to that."""
        files = self.files
        tolerated = undecided.day_reached(files.trait("tolerance", rows))
        agreed = self._timing.day_after(files.of("contact", rows), tolerated)
        column, lead, touches = files.of("column", rows), files["lead"][rows], files.of("touches", rows)
        return agreed, self._law.keeps_to_it(column, lead, touches)

    def _let_go(self, day: int, rows: Integers, clock: int) -> None:
        """No touch is to come, but who will come back by itself rests until then."""
        files = self.files
        rests = (files["back"][rows] > day) & (files["back"][rows] < self._days) & self._returns(rows)
        files["over"][rows] = True
        self._close(rows, day, clock, self._why(day, rows))
        files["status"][rows[rests]] = RESTING

    def _buy(self, day: int, rows: Integers, clock: Integers, seat: Integers, code: Integers) -> None:
        """Some of these bought from the members on `seat`."""
        for won, sold in ((touch.SOLD, closing.SOLD), (touch.CONCEDED, closing.CONCEDED)):
            mine = rows[code == won]
            if mine.size:
                column, lead, team = (self.files.of(name, mine) for name in ("column", "lead", "team"))
                ended, amount = np.full(mine.size, sold), self.files.trait("amount", mine)
                self._talks(day, column, lead, clock[code == won], team, self.team, seat[code == won], ended, amount)
                self._close(mine, day, clock[code == won], undecided.SOLD)

    def _close(self, rows: Integers, day: int, clock: int | Integers, cause: int | Integers) -> None:
        self.files["status"][rows] = CLOSED
        self._file(rows, day, clock, cause)

    def _file(self, rows: Integers, day: int, clock: int | Integers, outcome: int | Integers) -> None:
        """Files are opened, or closed."""
        files = self.files
        self._report(
            files.of("column", rows), kind=facts.FILE, lead=files["lead"][rows], day=day, clock=clock,
            duration=day - files.of("opened", rows), team=files.of("team", rows), seat=facts.NOBODY,
            occurrence=files.of("touches", rows), outcome=outcome, amount=files.trait("amount", rows),
        )  # fmt: skip

    def _why(self, day: int, rows: Integers) -> Integers:
        """Why, in truth, leads that are let go had not bought."""
        gone = self._days_since("talked", day, rows) >= self._gone(rows)
        qualified, never = self.files.trait("qualified", rows), self.files.trait("never_ready", rows)
        return undecided.why_not(qualified, gone, never)

    def _days_since(self, what: str, day: int, rows: Integers) -> Integers:
        """Calendar days since a file's talk or last contact."""
        return np.asarray(self._timing.dates[day] - self._timing.dates[self.files.of(what, rows)])

    def _gone(self, rows: Integers) -> Integers:
        """The day since the talk on which each lead has bought elsewhere."""
        return np.where(self._nurtured(rows), *(self.files.trait(name, rows) for name in ("gone_nurtured", "gone")))

    def _nurtured(self, rows: Integers) -> Mask:
        """Were they, or are they by now to be, sent messages until they are ready?"""
        series, dates = self.files.of("series", rows), self._timing.dates
        ready = dates[self.files.of("talked", rows)] + self.files.trait("ready", rows)
        begun = np.maximum(series, 0)
        return np.asarray((series != habits.NOT_BEGUN) & (ready <= dates[begun] + self._timing.lasts[begun]))

    def _returns(self, rows: Integers) -> Mask:
        """Would they come back by themselves, once they are ready, and have not bought elsewhere by that day?"""
        comes, nurtured, dates = self.files.trait("comes_back", rows), self._nurtured(rows), self._timing.dates
        back = dates[np.minimum(self.files.of("back", rows), self._days - 1)]
        in_time = back - dates[self.files.of("talked", rows)] < self._gone(rows)
        return np.asarray(((comes == COMES) | ((comes != STAYS) & nurtured)) & in_time)
