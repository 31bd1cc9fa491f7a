"""A meeting is a talk of its day that one member has with one lead, in the order of (due day, lead).

As with dials, what is begun is decided for a whole list at once, and told when the day is over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.office import Guests, Office
from simfunnel.engines.simpy_tasks import Entry, Later
from simfunnel.funnel import demo
from simfunnel.funnel.nature import Nature

Integers = npt.NDArray[np.int64]
T = TypeVar("T")


class ByMember(Generic[T]):
    """What is decided for a whole list at once by who does it: for each member that matters, when first asked for."""

    def __init__(self, decide: Callable[[int], list[T]], unlike: bool) -> None:
        self._decide = decide
        self._unlike = unlike
        self._tables: dict[int, list[T]] = {}

    def of(self, seat: int) -> list[T]:
        """The list as `seat` would do it."""
        seat = seat if self._unlike else 0
        if seat not in self._tables:
            self._tables[seat] = self._decide(seat)
        return self._tables[seat]


def lengths(base: npt.NDArray[np.float64], team: int, nature: Nature) -> ByMember[int]:
    """Ms of the tasks of a list whose length is known but for the pace, as each member would take."""

    def by(seat: int) -> list[int]:
        nobody = np.zeros(base.size, dtype=np.int64)
        taken: list[int] = nature.lasts(base.copy(), team, nobody + seat, nobody).tolist()
        return taken

    return ByMember(by, team in nature.pace)


class Meetings:
    """Meetings with single leads, by (due day, lead)."""

    def __init__(self, team: int, nature: Nature, office: Office) -> None:
        self._team = team
        self._nature = nature
        self._office = office
        self._later = Later()
        self._entries: list[Entry] = []
        self._held: list[tuple[int, ...]] = []

    def agree(self, meetings: Guests) -> None:
        """These will be held on a later day, the same for all."""
        self._later.add(int(meetings.booked[0]), meetings.lead, meetings.team)

    @property
    def waits(self) -> bool:
        """Is there any?"""
        return self._later.waits

    def open(self, day: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""
        self._entries = self._later.open(day)
        self._next = iter(range(len(self._entries)))
        if self._entries:
            self._draw()
        return len(self._entries)

    def _draw(self) -> None:
        assert self._nature.meeting is not None
        _, self._lead, self._inviting = np.array(self._entries, dtype=np.int64).T
        self._drawn = self._nature.meeting.prepare(np.zeros_like(self._lead), self._lead, self._inviting)
        unlike = self._team in self._nature.pace or self._team in self._nature.closing.skill
        self._decided = ByMember(self._decide, unlike)

    def _decide(self, seat: int) -> list[tuple[int, int]]:
        """End of the talk and ms of each of today's meetings, if `seat` holds it."""
        seats = np.full(self._lead.size, seat)
        assert self._nature.meeting is not None
        ended, base = self._nature.meeting.decide(self._drawn, self._team, seats)
        lasts = self._nature.lasts(base, self._team, seats, np.zeros_like(seats))
        return list(zip(ended.tolist(), lasts.tolist(), strict=True))

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next meeting at `start`: its ms, 0 if there is none."""
        row = next(self._next, None)
        if row is None:
            return 0
        ended, duration = self._decided.of(seat)[row]
        self._held.append((start, duration, seat, ended))
        return duration

    def close(self, day: int) -> None:
        """Tell the day's meetings and what they led to; what was not begun stays due."""
        begun = len(self._held)
        self._later.close(len(self._entries) - begun)
        if begun:
            self._tell(day, self._lead[:begun], self._inviting[:begun], self._drawn.visit[:begun])
        self._held = []

    def _tell(self, day: int, lead: Integers, inviting: Integers, visit: Integers) -> None:
        start, duration, seat, ended = np.array(self._held, dtype=np.int64).T
        nobody, keen = np.zeros_like(lead), visit == demo.INTERESTED
        self._office.report(
            nobody, kind=facts.MEETING, lead=lead, day=day, clock=start, duration=duration, team=self._team, seat=seat,
            outcome=visit,
        )  # fmt: skip
        self._office.report(
            nobody, kind=facts.VISIT, lead=lead, day=day, clock=start, team=inviting, seat=facts.NOBODY, outcome=visit
        )
        none = nobody.astype(np.int16)
        guests = Guests(nobody, lead, inviting, none, none + np.int16(day)).those(keen)
        amount = self._drawn.talks.amount[: lead.size][keen]
        self._office.told(day, guests, (start + duration)[keen], ended[keen], amount, self._team, seat[keen])
