"""Contacts with customers are made one after the other, each member's own first, or by who is free.

What comes of them is drawn for the whole morning at once; the night is told of those that were begun, and the
others stay due.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.engines.after_sales import AfterSales, Tasks
from simfunnel.engines.simpy_talks import lengths
from simfunnel.funnel import care
from simfunnel.funnel.nature import Nature

Integers = npt.NDArray[np.int64]

ANYONE: Final = -1
OWN: Final = "own"


class Contacts:
    """Some of the contacts of the day: by owner, or, by `answers`, one class of those that anyone makes."""

    def __init__(self, after: AfterSales, nature: Nature, members: int, answers: bool | None) -> None:
        self._members = members
        self._after = after
        self._nature = nature
        self._answers = answers
        self._waiting: dict[int, deque[int]] = {}
        self._made: list[tuple[int, int, int, int]] = []

    def open(self, _: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""
        tasks = self._after.today
        if self._answers is not None:
            tasks = tasks.those((tasks.kind == care.ANSWER) == self._answers)
        self._lay_out(tasks)
        if self._answers is None and tasks.row.size:
            return self._members
        return int(tasks.row.size)

    def _lay_out(self, tasks: Tasks) -> None:
        self._tasks, self._waiting = tasks, defaultdict(deque)
        for place, owner in enumerate(tasks.owner.tolist()):
            self._waiting[ANYONE if self._answers is not None else owner].append(place)
        if tasks.row.size:
            self._contact = self._after.prepare(tasks)
            self._lasts = lengths(self._contact.length, self._after.team, self._nature)

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next contact at `start`: its ms, 0 if there is none."""
        waiting = self._waiting.get(ANYONE if self._answers is not None else seat)
        if not waiting:
            return 0
        place = waiting.popleft()
        duration = self._lasts.of(seat)[place]
        self._made.append((place, start, duration, seat))
        return duration

    def close(self, day: int) -> None:
        """Tell the day's contacts."""
        if not self._made:
            return
        place, start, lasted, seat = np.array(self._made, dtype=np.int64).T
        self._after.made(day, self._tasks.those(place), self._contact.those(place), start, lasted, seat)
        self._made = []


def contacts(team: int, members: int, nature: Nature, after: AfterSales | None) -> dict[str, Contacts]:
    """The contacts that belong to members, or the classes of those that anyone makes, if they are the team's."""
    if after is None or after.team != team:
        return {}
    kinds = {OWN: None} if after.owned else {"complaints": True, "care": False}
    return {name: Contacts(after, nature, members, answers) for name, answers in kinds.items()}
