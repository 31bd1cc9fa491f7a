"""An invitation becomes a booked seat and a comer.

A lead asks for a seat when it accepts, when its event is cancelled, and when it did not come and is
invited again. Each time it gets the first event with room that is `notice` away, in the order of
asking; notice, `max_wait` and the days waited count from that day anew. Who finds no seat within
`max_wait` is lost: for want of a seat, or (a no-show) because it did not come.

An event that somebody is booked on is held, unless it has fewer bookings than its minimum the night
before: then it is cancelled, and its leads ask for a seat that night, after all others of the day, in
the order in which they were booked on it. The hosts called to an event leave their list at its start
minus set-up. Who comes is interested or a freeloader. If more come than there
are seats, the last booked are turned away: they are lost, eat nothing and do not count as attended.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.scenario.values import HOUR

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer]

NIGHT: Final = 28 * HOUR
"""Clock (ms) at which the office settles what only the end of the day shows: when all work is over."""

BOOKED: Final = 0
NO_SEAT: Final = 1
WAITING: Final = 2
SEATED: Final = ("booked", "no seat", "waiting at the end")

ACCEPTED: Final = 0
MOVED: Final = 3
AGAIN: Final = 6
MEETING: Final = 9
CAUSES: Final = {ACCEPTED: "", MOVED: "moved: ", AGAIN: "invited again: ", MEETING: "meeting: "}
"""Why a seat was asked for; a booking's code is the cause plus what came of it."""
BOOKINGS: Final = tuple(cause + seated for cause in CAUSES.values() for seated in SEATED)

DID_NOT_COME: Final = 0
FREELOADER: Final = 1
INTERESTED: Final = 2
TURNED_AWAY: Final = 3
VISITS: Final = ("did not come", "came, not interested", "came, interested", "turned away")

HELD: Final = 0
CANCELLED: Final = 1
EVENTS: Final = ("held", "cancelled")

MOST_DAYS_WAITED: Final = 90
LARGEST_RATIO: Final = 1e300


@dataclass(frozen=True)
class Seating:
    """Which events a lead who asks today may get: those of `first[day]` to `last[day]`.

    `days` are the events' days; number `len(days)` stands for all events beyond the horizon, which are
    taken to have room. `room` is how many bookings an event takes. Shapes of `first` and `last`: (days of
    the horizon,).
    """

    days: tuple[int, ...]
    first: Integers
    last: Integers
    room: int

    def book(self, day: int, column: Integers, taken: Integers, after: int = -1) -> tuple[Integers, Integers]:
        """Event and what came of it (a code of SEATED) for each who asks on `day`, on events numbered above `after`.

        `column` is the history of each, ascending, in the order of asking within a history; `taken`
        (events + 1, columns) is brought up to date.
        """
        rank = np.arange(column.size) - np.searchsorted(column, column)
        event = np.full(column.size, -1, dtype=np.int64)
        for number in range(max(int(self.first[day]), after + 1), int(self.last[day]) + 1):
            room = self._left(number, taken)[column]
            seated = (event < 0) & (rank < room)
            event[seated] = number
            taken[number] += np.bincount(column[seated], minlength=taken.shape[1])
            rank -= room
            if (event >= 0).all():
                break
        beyond = len(self.days)
        return event, np.where(event < 0, NO_SEAT, np.where(event == beyond, WAITING, BOOKED))

    def _left(self, number: int, taken: Integers) -> Integers:
        if number == len(self.days):
            return np.full(taken.shape[1], np.iinfo(np.int64).max // 2)
        return np.asarray(self.room - taken[number])


def bookable(seats: int, overbooking: float) -> int:
    """How many bookings an event takes: floor(seats * (1 + overbooking)), the share taken as it is written."""
    return int(seats * (1 + Fraction(repr(overbooking))))


def cancelled(bookings: Integers, minimum: int) -> npt.NDArray[np.bool_]:
    """Which events are cancelled the night before: those with some bookings, but fewer than the minimum."""
    return np.asarray((bookings > 0) & (bookings < minimum))


def days_waited(booked: Whole, event: int, dates: Integers, most: int) -> Integers:
    """Whole calendar days from the day of booking to that of the event, at most `most` (shape of `booked`).

    `dates` is the ordinal date of each working day; `booked` and `event` are working days.
    """
    return np.asarray(np.minimum(dates[event] - dates[booked], most))


def waiting_ratio(per_day: Floats, most: int) -> Floats:
    """The odds ratio of having waited 0, 1, ..., `most` calendar days: shape (most + 1, *per_day.shape)."""
    days = np.arange(most + 1.0).reshape(-1, *(1,) * per_day.ndim)
    with np.errstate(over="ignore"):
        return np.asarray(np.minimum(np.power(per_day, days), LARGEST_RATIO))


def attend(states: draws.Words, traits: draws.Words, attended: Integers, interested: Integers) -> Integers:
    """Visit code of each booked lead: did not come, came as a freeloader, came interested (common shape)."""
    came = draws.pair(states, 0)[0] < attended
    keen = draws.pair(traits, 0)[1] < interested
    return np.where(came, np.where(keen, INTERESTED, FREELOADER), DID_NOT_COME)


def turn_away(outcome: Integers, column: Integers, seats: int) -> Integers:
    """The visit codes, but comers beyond the seats are turned away: the last booked (shape of `outcome`).

    `column` is the history of each lead, ascending, in the order of booking within a history.
    """
    came = outcome != DID_NOT_COME
    through = np.cumsum(came)
    before = np.concatenate(([0], through))[np.searchsorted(column, column)]
    return np.where(came & (through - before > seats), TURNED_AWAY, outcome)


def invited_again(outcome: Integers, missed: Whole, most: int) -> npt.NDArray[np.bool_]:
    """Which leads are booked again: no-shows that missed fewer than `most` events before (common shape)."""
    return np.asarray((outcome == DID_NOT_COME) & (missed < most))
