"""Talks that one member has with one lead: hot leads in the order in which they come, meetings by (due day, lead).

As with dials, what is begun is decided for a whole list at once, and told when the day is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.office import Guests, Night, Office
from simfunnel.engines.simpy_tasks import Entry, Later
from simfunnel.funnel import demo, inbound
from simfunnel.funnel.arrivals import Arrived
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.waiting import gone, gone_by_midnight
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import DAY

Integers = npt.NDArray[np.int64]
Hot = tuple[int, int, int, "ByMember[int]", int]
T = TypeVar("T")

EVERYONE: Final = 1 << 20


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


class HotLeads:
    """Hot leads wait in the order in which they arrived, over night too, until their patience ends.

    A moment is absolute: date * DAY + clock. A waiting lead is (moment, lead, patience, durations, row).
    """

    def __init__(self, team: int, scenario: Scenario, nature: Nature, office: Office) -> None:
        self._team = team
        self._plan = scenario.inbound
        self._nature = nature
        self._office = office
        self._midnight = 0
        self.coming: deque[tuple[int, Hot]] = deque()
        self._queue: deque[Hot] = deque()
        self._talks: list[tuple[int, ...]] = []
        self._gone: list[tuple[int, ...]] = []

    def arrive(self, day: int, arrived: Arrived) -> None:
        """These will arrive today."""
        column, lead, midnight = arrived.column, arrived.lead, int(self._nature.dates[day]) * DAY
        patience = self._nature.arrivals.patience_of(column, lead).tolist()
        lasts = ByMember(lambda seat: self._lasts(lead, seat), self._team in self._nature.pace)
        for row, (clock, number) in enumerate(zip(arrived.clock.tolist(), lead.tolist(), strict=True)):
            self.coming.append((clock, (midnight + clock, number, patience[row], lasts, row)))

    def _lasts(self, lead: Integers, seat: int) -> list[int]:
        column = np.zeros_like(lead)
        assert self._nature.inbound is not None
        base = self._nature.inbound.milliseconds(column, lead)
        durations: list[int] = self._nature.lasts(base, self._team, np.full(lead.size, seat), column).tolist()
        return durations

    def join(self) -> None:
        """The next who comes joins the queue."""
        self._queue.append(self.coming.popleft()[1])

    @property
    def waits(self) -> bool:
        """Is there any?"""
        return bool(self._queue)

    def open(self, day: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""
        self._midnight = int(self._nature.dates[day]) * DAY
        return EVERYONE if self._queue or self.coming else 0

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next talk at `start`: its ms, 0 if nobody waits any more."""
        while self._queue:
            moment, lead, patience, lasts, row = self._queue.popleft()
            waited = self._midnight + start - moment
            if not gone(waited, patience):
                duration = lasts.of(seat)[row]
                self._talks.append((lead, start, duration, seat, waited))
                return duration
            self._gone.append((lead, start, patience))
        return 0

    def close(self, day: int, night: Night) -> None:
        """Tell the talks and who gave up; who is not that patient is found gone at midnight."""
        midnight, waiting = self._midnight + DAY, self._queue
        self._queue = deque()
        for hot in waiting:
            moment, lead, patience, *_ = hot
            if gone_by_midnight(moment, patience, midnight):
                self._gone.append((lead, demo.NIGHT, patience))
            else:
                self._queue.append(hot)
        if self._gone:
            lead, clock, patience = np.array(self._gone, dtype=np.int64).T
            self._tell(day, lead, clock, 0, facts.NOBODY, inbound.GAVE_UP, patience)
        if self._talks:
            self._talked(day, night)
        self._gone, self._talks = [], []

    def _talked(self, day: int, night: Night) -> None:
        """How the day's talks ended."""
        assert self._plan is not None
        assert self._nature.inbound is not None
        lead, clock, duration, seat, waited = np.array(self._talks, dtype=np.int64).T
        outcome = self._nature.inbound.outcome(np.zeros_like(lead), lead, self._team, waited, seat)
        self._tell(day, lead, clock, duration, seat, outcome, waited)
        yes = np.flatnonzero(outcome == inbound.ACCEPTED)
        if yes.size:
            night.accepted[self._plan.offer].add(np.zeros_like(yes), (clock + duration)[yes], lead[yes], self._team)

    def _tell(
        self, day: int, lead: Integers, clock: Integers, duration: int | Integers, seat: int | Integers,
        outcome: int | Integers, amount: Integers,
    ) -> None:  # fmt: skip
        self._office.report(
            np.zeros_like(lead), kind=facts.INBOUND, lead=lead, day=day, clock=clock, duration=duration,
            team=self._team, seat=seat, outcome=outcome, amount=amount,
        )  # fmt: skip


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
        self._office.told(day, guests, (start + duration)[keen], ended[keen], amount, self._team)
