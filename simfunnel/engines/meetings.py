"""A meeting is a task of its day: the list holds (due day, lead), the law says who comes and how the talk ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.office import Guests, Office
from simfunnel.engines.worklist import DayList, Rows
from simfunnel.funnel import demo
from simfunnel.funnel.foresight import FOREVER
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, SEAT_MASK

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Agenda:
    """The meetings that one team is to hold, in every replication."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._waiting: list[Guests] = []

    @property
    def waits(self) -> bool:
        """Is any meeting to come?"""
        return bool(self._waiting)

    def add(self, agreed: Guests) -> None:
        """More meetings; `booked` is their day."""
        self._waiting.append(agreed)

    def open(self, day: int) -> bool:
        """Make the list of `day`: what is due, by (due day, lead); is there anything?"""
        if not self._waiting:
            return False
        all_ = Guests.joined(self._waiting)
        due = all_.booked <= day
        self._waiting = [all_.those(~due)] if not due.all() else []
        today = all_.those(due)
        self.today = today.those(np.lexsort((today.lead, today.booked, today.column)))
        self._list = DayList(self._columns, self.today.column, self.today.lead)
        return self._list.left > 0

    @property
    def left(self) -> int:
        """The longest list of today."""
        return self._list.left

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today's list."""
        return self._list.rows(first, size)

    def settle(self, begun: Integers) -> None:
        """What was not begun stays due, with its original day."""
        left = self._list.undone(begun)
        if left.any():
            self._waiting.append(self.today.those(left))


@dataclass
class Meetings:
    """The meetings of one team, as they are held."""

    team: int
    nature: Nature
    office: Office
    agenda: Agenda
    unlike: bool
    until: int = FOREVER

    def foresee(self, rows: Rows, _: tuple[int, int]) -> Floats:
        """Ms of the meetings in `rows` before pace and rounding; NaN where it matters who holds them."""
        assert self.nature.meeting is not None
        assert rows.present is not None
        self._where = np.flatnonzero(rows.present)
        column = self._where % rows.lead.shape[1]
        self._guests = self.agenda.today.those(np.asarray(rows.attempt).ravel()[self._where])
        self._drawn = self.nature.meeting.prepare(column, self._guests.lead, self._guests.team)
        self._number = np.zeros(rows.lead.size, dtype=np.int64)
        self._number[self._where] = np.arange(self._where.size)
        self._ended = np.zeros(self._where.size, dtype=np.int64)
        base = np.zeros(rows.lead.shape)
        base.ravel()[self._where] = np.nan if self.unlike else self._decide(slice(None), np.zeros_like(column))
        return base

    def settle(self, place: Integers, _: Integers, __: Integers, seat: Integers) -> Floats:
        """Decide single meetings, by their places in the batch, as they begin: ms before pace and rounding."""
        return self._decide(self._number[place], seat)

    def _decide(self, which: Integers | slice, seat: Integers) -> Floats:
        assert self.nature.meeting is not None
        self._ended[which], base = self.nature.meeting.decide(self._drawn.those(which), self.team, seat)
        return base

    def finish(self, day: int, started: Integers, milliseconds: Integers, begun: Mask, _: object) -> Integers:
        """Report the batch, `begun` of which was begun. Meetings begun, by column."""
        where = np.flatnonzero(begun)
        number, column = self._number[where], where % begun.shape[1]
        visit, lead, inviting = self._drawn.visit[number], self._guests.lead[number], self._guests.team[number]
        start, lasted = started.ravel()[where], milliseconds.ravel()[where]
        clock, seat = start >> SEAT_BITS, start & SEAT_MASK
        self.office.report(
            column, kind=facts.MEETING, lead=lead, day=day, clock=clock, duration=lasted, team=self.team,
            seat=seat, outcome=visit,
        )  # fmt: skip
        self.office.report(
            column, kind=facts.VISIT, lead=lead, day=day, clock=clock, team=inviting, seat=facts.NOBODY, outcome=visit
        )
        keen = visit == demo.INTERESTED
        missed = np.zeros(where.size, dtype=np.int16)
        guests = Guests(column, lead, inviting, missed, missed).those(keen)
        amount = self._drawn.talks.amount[number][keen]
        self.office.told(day, guests, (clock + lasted)[keen], self._ended[number][keen], amount, self.team, seat[keen])
        return np.bincount(column, minlength=begun.shape[1])
