"""Hot leads queue for the next free member of their team, in the order of arrival, and stay over night.

Who was not answered before its patience ended is found gone: by the member who would have called it, which
takes no time, or at night. An undecided lead that comes back by itself queues with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.accepted import Accepted
from simfunnel.engines.pipeline import Comers, Pipeline
from simfunnel.facts import Sink
from simfunnel.funnel import demo, durations, inbound
from simfunnel.funnel.arrivals import Arrived
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.waiting import deadline, gone_by_midnight
from simfunnel.hours import SEAT_BITS, SEAT_MASK
from simfunnel.scenario.values import DAY

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NOBODY_COMES: Final = 1 << 61
NO_FILE: Final = -1


@dataclass(frozen=True)
class Waiting:
    """Hot leads by (column, arrival, lead): arrays (n,); `arrived` is ms since the first of all dates began.

    `length` is the talk's ms before pace and rounding, `patience` ms; `row` is the file of a lead that comes
    back, else NO_FILE.
    """

    column: Integers
    lead: Integers
    arrived: Integers
    patience: Integers
    length: Floats
    row: Integers

    @classmethod
    def joined(cls, parts: Sequence[Waiting]) -> Waiting:
        """Who comes on one day, in order."""
        if len(parts) == 1:
            return parts[0]
        names = cls.__dataclass_fields__
        every = cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
        return every.those(np.lexsort((every.lead, every.arrived, every.column)))

    def those(self, which: Any) -> Waiting:
        """Some of them."""
        return Waiting(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def then(self, later: Waiting) -> Waiting:
        """All of them, and in each column those who came later behind."""
        if not self.lead.size:
            return later
        both = Waiting(
            *(np.concatenate([getattr(self, name), getattr(later, name)]) for name in self.__dataclass_fields__)
        )
        return both.those(np.argsort(both.column, kind="stable"))


class HotQueue:
    """The hot leads of one team, in every replication, and their day."""

    def __init__(self, team: int, nature: Nature, sinks: Sequence[Sink], pipeline: Pipeline | None) -> None:
        self._team = team
        self._pipeline = pipeline
        self._coming: list[Waiting] = []
        self._nature = nature
        self._law = nature.inbound
        self._keeps_refused = nature.closing.some_undecided_by_phone[1]
        self._sinks = sinks
        self._columns = nature.streams.size
        nobody = np.zeros(0, dtype=np.int64)
        self._waiting = Waiting(nobody, nobody, nobody, nobody, np.zeros(0), nobody)

    @property
    def waits(self) -> bool:
        """Does anybody wait, or come today?"""
        return bool(self._waiting.lead.size or self._coming)

    def arrive(self, day: int, arrived: Arrived) -> None:
        """These leads arrive on `day`; to be said before the day begins."""
        assert self._law is not None
        column, lead = arrived.column, arrived.lead
        patience = self._nature.arrivals.patience_of(column, lead)
        length = self._law.milliseconds(column, lead)
        self._come(day, column, lead, arrived.clock, patience, length, np.full(lead.size, NO_FILE))

    def come_back(self, day: int, comers: Comers) -> None:
        """These undecided leads come back on `day`; to be said before the day begins."""
        self._come(day, comers.column, comers.lead, comers.clock, comers.patience, comers.length, comers.row)

    def _come(
        self, day: int, column: Integers, lead: Integers, clock: Integers, patience: Integers, length: Floats,
        row: Integers,
    ) -> None:  # fmt: skip
        moment, length = clock + int(self._nature.dates[day]) * DAY, np.maximum(length, durations.SOMETHING)
        self._coming.append(Waiting(column, lead, moment, patience, length, row))

    def open(self, day: int) -> None:
        """Line up for the day."""
        self._day = day
        if self._coming:
            self._waiting = self._waiting.then(Waiting.joined(self._coming))
            self._coming = []
        waiting, size = self._waiting, self._waiting.lead.size
        self._midnight = int(self._nature.dates[day]) * DAY
        counts = np.bincount(waiting.column, minlength=self._columns)
        self._last = np.cumsum(counts)
        self._first = self._last - counts
        self._head = self._first.copy()
        clock = waiting.arrived - self._midnight
        self._clock = clock
        self._deadline = deadline(clock, waiting.patience)
        came = np.append(clock << SEAT_BITS, NOBODY_COMES)
        self._following = np.where(np.diff(waiting.column, append=-1) == 0, came[1:], NOBODY_COMES)
        self._started = np.zeros(size, dtype=np.int64)
        self._lasted = np.zeros(size, dtype=np.int64)
        self._gone = np.zeros(size, dtype=np.bool_)
        self._next = np.where(counts > 0, came[self._head], NOBODY_COMES)

    def due(self, free: Integers, column: Integers) -> Mask:
        """In which of the columns has somebody arrived by the packed time `free` (n,)?"""
        return np.asarray((self._next if column.size == self._columns else self._next.take(column)) <= free)

    def coming(self) -> tuple[Integers, Integers]:
        """The columns in which somebody waits or is yet to come, and when the first did (ms, maybe before today)."""
        column = np.flatnonzero(self._next < NOBODY_COMES)
        return column, self._next[column] >> SEAT_BITS

    def begin(self, column: Integers, start: Integers) -> tuple[Integers, Floats]:
        """The first in each of these columns is taken at the packed time `start`: its place, and the talk's ms.

        A talk with who is gone takes none.
        """
        place = self._head[column]
        self._started[place] = start
        gone = start > self._deadline.take(place)
        self._gone[place] = gone
        self._head[column] = place + 1
        self._next[column] = self._following.take(place)
        return place, self._waiting.length.take(place) * ~gone

    def lasts(self, place: Integers, milliseconds: Integers) -> None:
        """How long the talks at these places last."""
        self._lasted[place] = milliseconds

    def close(self, accepted: Accepted | None) -> None:
        """Report the day: who was answered and how it ended, who was gone; the others wait for tomorrow."""
        waiting = self._waiting
        begun = np.arange(waiting.lead.size) < self._head[waiting.column]
        self._answered(np.flatnonzero(begun & ~self._gone), accepted)
        self._left(waiting.those(self._gone), self._started[self._gone] >> SEAT_BITS)
        rest = waiting.those(~begun)
        gone = gone_by_midnight(rest.arrived, rest.patience, self._midnight + DAY)
        self._left(rest.those(gone), np.full(np.count_nonzero(gone), demo.NIGHT))
        self._waiting = rest.those(~gone)

    def _answered(self, place: Integers, accepted: Accepted | None) -> None:
        """Who was answered, of the hot leads and of those who had come back."""
        back = self._waiting.row[place] != NO_FILE
        if accepted is not None and not back.all():
            self._talked(place[~back], accepted)
        if self._pipeline is not None and back.any():
            place = place[back]
            start, lasted, waited = self._times(place)
            rows = self._waiting.row[place]
            self._pipeline.answer(self._day, rows, start >> SEAT_BITS, lasted, start & SEAT_MASK, waited)

    def _times(self, place: Integers) -> tuple[Integers, Integers, Integers]:
        """Packed begin, ms and ms waited of these talks."""
        start = self._started[place]
        return start, self._lasted[place], (start >> SEAT_BITS) - self._clock[place]

    def _talked(self, place: Integers, accepted: Accepted) -> None:
        """Hot leads were answered."""
        assert self._law is not None
        mine, (start, lasted, waited) = self._waiting.those(place), self._times(place)
        clock, seat = start >> SEAT_BITS, start & SEAT_MASK
        ended = self._law.outcome(mine.column, mine.lead, self._team, waited, seat)
        self._report(
            mine.column, lead=mine.lead, clock=clock, duration=lasted, seat=seat, outcome=ended, amount=waited
        )  # fmt: skip
        yes, no = ended == inbound.ACCEPTED, ended == inbound.REFUSED
        if yes.any():
            accepted.add(mine.column[yes], clock[yes] + lasted[yes], mine.lead[yes], self._team, seat[yes])
        if self._keeps_refused and no.any():
            accepted.refuse(mine.column[no], clock[no] + lasted[no], mine.lead[no], self._team)

    def _left(self, mine: Waiting, clock: Integers) -> None:
        """Who was gone."""
        back = mine.row != NO_FILE
        hot, clock_of_hot = (mine, clock) if not back.any() else (mine.those(~back), clock[~back])
        self._report(
            hot.column, lead=hot.lead, clock=clock_of_hot, seat=facts.NOBODY, outcome=inbound.GAVE_UP,
            amount=hot.patience,
        )  # fmt: skip
        if self._pipeline is not None and back.any():
            gone = mine.those(back)
            self._pipeline.gave_up(self._day, gone.row, clock[back], gone.patience)

    def _report(self, column: Integers, **columns: int | Integers) -> None:
        if column.size:
            for sink in self._sinks:
                sink.rows(column, {"kind": facts.INBOUND, "day": self._day, "team": self._team, **columns})
