"""Hot leads wait in the order in which they arrived, over night too, until their patience ends.

An undecided lead that comes back by itself waits among them. As with dials, how long a talk lasts is decided
for all who come on one day at once, and what was begun is told when the day is over.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.accepted import Night
from simfunnel.engines.office import Office
from simfunnel.engines.pipeline import Comers
from simfunnel.engines.simpy_talks import ByMember
from simfunnel.funnel import demo, inbound
from simfunnel.funnel.arrivals import Arrived
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.waiting import gone, gone_by_midnight
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import DAY

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

EVERYONE: Final = 1 << 20
NO_FILE: Final = -1


class Waiting(NamedTuple):
    """A lead that waits for an answer since `moment` (date * DAY + clock), for `patience` ms at most.

    Its talk is number `row` of `lasts`; `file` is the file of a lead that has come back, else NO_FILE.
    """

    moment: int
    lead: int
    patience: int
    file: int
    row: int
    lasts: ByMember[int]


class HotLeads:
    """Who comes to one team unasked, and who answers."""

    def __init__(self, team: int, scenario: Scenario, nature: Nature, office: Office) -> None:
        self._team = team
        self._plan = scenario.inbound
        self._nature = nature
        self._office = office
        self._keeps_refused = nature.closing.some_undecided_by_phone[1]
        self._midnight = 0
        self.coming: deque[Waiting] = deque()
        self._queue: deque[Waiting] = deque()
        self._talks: list[tuple[int, ...]] = []
        self._gone: list[tuple[int, ...]] = []

    def arrive(self, day: int, arrived: Arrived) -> None:
        """These hot leads will arrive today."""
        assert self._nature.inbound is not None
        column, lead = arrived.column, arrived.lead
        patience, length = self._nature.arrivals.patience_of(column, lead), self._nature.inbound.milliseconds
        self._come(day, arrived.clock, lead, patience, np.full(lead.size, NO_FILE), length(column, lead))

    def come_back(self, day: int, comers: Comers) -> None:
        """These undecided leads will come back by themselves today."""
        self._come(day, comers.clock, comers.lead, comers.patience, comers.row, comers.length)

    def _come(
        self, day: int, clock: Integers, lead: Integers, patience: Integers, file: Integers, length: Floats
    ) -> None:
        """More who come today, among the others in order of clock and lead; `length` is ms before pace and rounding."""
        lasts = ByMember(lambda seat: self._lasts(length.copy(), seat), self._team in self._nature.pace)
        moment = int(self._nature.dates[day]) * DAY + clock
        each = zip(*(values.tolist() for values in (moment, lead, patience, file)), strict=True)
        more = [Waiting(came, who, limit, its, row, lasts) for row, (came, who, limit, its) in enumerate(each)]
        self.coming = deque(sorted([*self.coming, *more]))

    def _lasts(self, length: Floats, seat: int) -> list[int]:
        nobody = np.zeros(length.size, dtype=np.int64)
        durations: list[int] = self._nature.lasts(length, self._team, nobody + seat, nobody).tolist()
        return durations

    @property
    def next_clock(self) -> int:
        """When the next one comes."""
        return self.coming[0].moment - self._midnight

    def join(self) -> None:
        """The next who comes joins the queue."""
        self._queue.append(self.coming.popleft())

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
            moment, lead, patience, file, row, lasts = self._queue.popleft()
            waited = self._midnight + start - moment
            if not gone(waited, patience):
                duration = lasts.of(seat)[row]
                self._talks.append((lead, file, start, duration, seat, waited))
                return duration
            self._gone.append((lead, file, start, patience))
        return 0

    def close(self, day: int, night: Night) -> None:
        """Tell the talks and who gave up; who is not that patient is found gone at midnight."""
        midnight, waiting = self._midnight + DAY, self._queue
        self._queue = deque()
        for one in waiting:
            if gone_by_midnight(one.moment, one.patience, midnight):
                self._gone.append((one.lead, one.file, demo.NIGHT, one.patience))
            else:
                self._queue.append(one)
        if self._talks:
            self._talked(day, np.array(self._talks, dtype=np.int64), night)
        if self._gone:
            self._left(day, np.array(self._gone, dtype=np.int64))
        self._gone, self._talks = [], []

    def _talked(self, day: int, talks: Integers, night: Night) -> None:
        """How the day's talks ended, with hot leads and with those who had come back: rows as in `begin`."""
        back = talks[:, 1] != NO_FILE
        if back.any():
            assert self._office.pipeline is not None
            self._office.pipeline.answer(day, *talks[back, 1:].T)
        if not back.all():
            self._answered(day, talks[~back], night)

    def _answered(self, day: int, talks: Integers, night: Night) -> None:
        """How the talks with hot leads ended."""
        assert self._plan is not None
        assert self._nature.inbound is not None
        lead, _, clock, duration, seat, waited = talks.T
        outcome = self._nature.inbound.outcome(np.zeros_like(lead), lead, self._team, waited, seat)
        self._tell(day, lead, clock, duration, seat, outcome, waited)
        accepted, end = night.accepted[self._plan.offer], clock + duration
        yes, no = outcome == inbound.ACCEPTED, outcome == inbound.REFUSED
        if yes.any():
            accepted.add(np.zeros_like(lead[yes]), end[yes], lead[yes], self._team, seat[yes])
        if self._keeps_refused and no.any():
            accepted.refuse(np.zeros_like(lead[no]), end[no], lead[no], self._team)

    def _left(self, day: int, left: Integers) -> None:
        """Who gave up: rows as in `begin`."""
        back = left[:, 1] != NO_FILE
        if back.any():
            assert self._office.pipeline is not None
            self._office.pipeline.gave_up(day, *left[back, 1:].T)
        lead, _, clock, patience = left[~back].T
        self._tell(day, lead, clock, 0, facts.NOBODY, inbound.GAVE_UP, patience)

    def _tell(
        self, day: int, lead: Integers, clock: Integers, duration: int | Integers, seat: int | Integers,
        outcome: int | Integers, amount: Integers,
    ) -> None:  # fmt: skip
        self._office.report(
            np.zeros_like(lead), kind=facts.INBOUND, lead=lead, day=day, clock=clock, duration=duration,
            team=self._team, seat=seat, outcome=outcome, amount=amount,
        )  # fmt: skip
