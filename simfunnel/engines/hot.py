"""Hot leads queue for the next free member of their team, in the order of arrival, and stay over night.

Who was not answered before its patience ended is found gone: by the member who would have called it, which
takes no time, or at night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.office import Accepted
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


@dataclass(frozen=True)
class Waiting:
    """Hot leads by (column, arrival, lead): arrays (n,); `arrived` is ms since the first of all dates began.

    `length` is the talk's ms before pace and rounding, `patience` ms.
    """

    column: Integers
    lead: Integers
    arrived: Integers
    patience: Integers
    length: Floats

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

    def __init__(self, team: int, nature: Nature, sinks: Sequence[Sink]) -> None:
        assert nature.inbound is not None
        self._team = team
        self._nature = nature
        self._law = nature.inbound
        self._sinks = sinks
        self._columns = nature.streams.size
        nobody = np.zeros(0, dtype=np.int64)
        self._waiting = Waiting(nobody, nobody, nobody, nobody, np.zeros(0))

    @property
    def waits(self) -> bool:
        """Does anybody wait?"""
        return bool(self._waiting.lead.size)

    def arrive(self, day: int, arrived: Arrived) -> None:
        """These leads arrive on `day`; to be said before the day begins."""
        column, lead = arrived.column, arrived.lead
        moment = arrived.clock + int(self._nature.dates[day]) * DAY
        patience = self._nature.arrivals.patience_of(column, lead)
        length = np.maximum(self._law.milliseconds(column, lead), durations.SOMETHING)
        came = Waiting(column, lead, moment, patience, length)
        self._waiting = self._waiting.then(came)

    def open(self, day: int) -> None:
        """Line up for the day."""
        self._day = day
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

    def close(self, accepted: Accepted) -> None:
        """Report the day: who was answered and how it ended, who was gone; the others wait for tomorrow."""
        waiting = self._waiting
        begun = np.arange(waiting.lead.size) < self._head[waiting.column]
        self._answered(waiting.those(begun & ~self._gone), np.flatnonzero(begun & ~self._gone), accepted)
        self._left(waiting.those(self._gone), self._started[self._gone] >> SEAT_BITS)
        rest = waiting.those(~begun)
        gone = gone_by_midnight(rest.arrived, rest.patience, self._midnight + DAY)
        self._left(rest.those(gone), demo.NIGHT)
        self._waiting = rest.those(~gone)

    def _answered(self, mine: Waiting, place: Integers, accepted: Accepted) -> None:
        start, lasted = self._started[place], self._lasted[place]
        clock, seat = start >> SEAT_BITS, start & SEAT_MASK
        waited = clock - self._clock[place]
        ended = self._law.outcome(mine.column, mine.lead, self._team, waited, seat)
        self._report(
            mine.column, lead=mine.lead, clock=clock, duration=lasted, seat=seat, outcome=ended, amount=waited
        )  # fmt: skip
        yes = ended == inbound.ACCEPTED
        if yes.any():
            accepted.add(mine.column[yes], clock[yes] + lasted[yes], mine.lead[yes], self._team)

    def _left(self, mine: Waiting, clock: int | Integers) -> None:
        self._report(
            mine.column, lead=mine.lead, clock=clock, seat=facts.NOBODY, outcome=inbound.GAVE_UP, amount=mine.patience
        )  # fmt: skip

    def _report(self, column: Integers, **columns: int | Integers) -> None:
        if column.size:
            for sink in self._sinks:
                sink.rows(column, {"kind": facts.INBOUND, "day": self._day, "team": self._team, **columns})
