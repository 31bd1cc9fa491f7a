"""An invitation becomes a booked seat, a comer, a buyer.

Bookings take the first event with room, in the order of acceptance; who cannot be seated within
`max_wait` is lost. Who comes is interested or a freeloader; the interested may buy. A demo is held
when somebody is booked on it; the hosts called to it leave their list at its start minus set-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.scenario.quantities import FAMILIES

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BOOKED: Final = 0
NO_SEAT: Final = 1
WAITING: Final = 2
BOOKINGS: Final = ("booked", "no seat", "waiting at the end")

DID_NOT_COME: Final = 0
FREELOADER: Final = 1
INTERESTED: Final = 2
VISITS: Final = ("did not come", "came, not interested", "came, interested")

NOT_CONVINCED: Final = 0
SOLD: Final = 1
TALKS: Final = ("not convinced", "sold")


@dataclass(frozen=True)
class Seating:
    """Which events a lead who accepts today may get: those of `first[day]` to `last[day]`.

    `days` are the events' days; number `len(days)` stands for the events beyond the horizon, which
    always have room. Shapes of `first` and `last`: (days of the horizon,).
    """

    days: tuple[int, ...]
    first: Integers
    last: Integers
    seats: int

    def book(self, day: int, column: Integers, taken: Integers) -> tuple[Integers, Integers]:
        """Event and booking code of each acceptance of `day`; `taken` (events + 1, columns) is brought up to date.

        `column` is the history of each acceptance, ascending, in order of (clock of acceptance, lead
        id) within a history.
        """
        rank = np.arange(column.size) - np.searchsorted(column, column)
        event = np.full(column.size, -1, dtype=np.int64)
        for number in range(int(self.first[day]), int(self.last[day]) + 1):
            room = self._room(number, taken)[column]
            seated = (event < 0) & (rank < room)
            event[seated] = number
            taken[number] += np.bincount(column[seated], minlength=taken.shape[1])
            rank -= room
            if (event >= 0).all():
                break
        beyond = len(self.days)
        return event, np.where(event < 0, NO_SEAT, np.where(event == beyond, WAITING, BOOKED))

    def _room(self, number: int, taken: Integers) -> Integers:
        if number == len(self.days):
            return np.full(taken.shape[1], np.iinfo(np.int64).max // 2)
        return np.asarray(self.seats - taken[number])


def attend(states: draws.Words, traits: draws.Words, attended: Integers, interested: Integers) -> Integers:
    """Visit code of each booked lead: did not come, came as a freeloader, came interested (common shape)."""
    came = draws.pair(states, 0)[0] < attended
    keen = draws.pair(traits, 0)[1] < interested
    return np.where(came, np.where(keen, INTERESTED, FREELOADER), DID_NOT_COME)


def close(
    states: draws.Words, traits: draws.Words, sold: Integers, qualified: Integers,
    family: str, parameters: tuple[Floats, ...], minor: int,
) -> tuple[Integers, Integers]:  # fmt: skip
    """Talk code and revenue in whole minor units (0 if not sold) of each talk (common shape)."""
    decision, value = draws.pair(states, 0)
    bought = (decision < sold) & (draws.pair(traits, 2)[1] < qualified)
    amount = np.rint(np.asarray(FAMILIES[family].quantile(draws.uniform(value), *parameters)) * minor)
    return np.where(bought, SOLD, NOT_CONVINCED), np.where(bought, amount, 0.0).astype(np.int64)
