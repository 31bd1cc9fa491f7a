"""What the members of one team have to do, in one history: each kind of work hands out its next task.

`begin` takes the next task for a member and says how long it lasts, 0 if there is none. Laws are drawn in
the morning, for all tasks in one call, and decided for all of them when it first matters who does one
and when. What was begun is written down, and told when the day is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Night
from simfunnel.engines.office import Office
from simfunnel.funnel import calling
from simfunnel.funnel.dialling import CallLaw, Dialling
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.segments import LEAD_BITS
from simfunnel.scenario.schema import Scenario
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Entry = tuple[int, int, int]
Dial = tuple[int, int, "Batch", int]

MORNING: Final = 512
LEAD_MASK: Final = (1 << LEAD_BITS) - 1


class Work(Protocol):
    """One kind of a team's work."""

    def open(self, day: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next task at `start`: its ms, 0 if there is none."""


class Later:
    """Tasks (due day, lead, note) by due day; those of a morning are ordered, and keep their due day if not begun."""

    def __init__(self) -> None:
        self._due: dict[int, list[Entry]] = {}
        self._today: list[Entry] = []
        self._left: list[Entry] = []

    @property
    def waits(self) -> bool:
        """Is there any?"""
        return bool(self._left or self._due)

    def add(self, due: int, lead: Integers, note: Integers) -> None:
        """More tasks for the day `due`."""
        if lead.size:
            self._due.setdefault(due, []).extend(
                (due, *both) for both in zip(lead.tolist(), note.tolist(), strict=True)
            )

    def open(self, day: int) -> list[Entry]:
        """Today's tasks."""
        self._today, self._left = sorted(self._left + self._due.pop(day, [])), []
        return self._today

    def close(self, undone: int) -> None:
        """The last `undone` of today's tasks stay due."""
        self._left = self._today[len(self._today) - undone :]

    def overdue(self, latest: int) -> list[Entry]:
        """Take away what was left over and had been due by day `latest`."""
        late = [entry for entry in self._left if entry[0] <= latest]
        self._left = [entry for entry in self._left if entry[0] > latest]
        return late

    def take(self, entries: list[Entry]) -> None:
        """What another team did not get round to."""
        self._left = self._left + entries


class Batch:
    """Dials drawn together; for each hour and member that matter they are decided together, when first asked for."""

    def __init__(self, law: CallLaw, dials: Dialling) -> None:
        self._law = law
        self._dials = dials
        self.dead = [0] * dials.answered.size if dials.dead is None else dials.dead.ravel().astype(int).tolist()
        self._tables: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._settled = None if law.depends_on_start(dials.team) else self._decide(0, 0)

    def decided(self, row: int, clock: int, seat: int) -> tuple[int, int]:
        """Outcome and ms of the dial in `row` if `seat` begins it at `clock` (ms)."""
        if self._settled is not None:
            return self._settled[row]
        start = self._law.start_levels(self._dials.team, clock, seat)
        table = self._tables.get(start)
        if table is None:
            table = self._tables[start] = self._decide(clock, seat)
        return table[row]

    def _decide(self, clock: int, seat: int) -> list[tuple[int, int]]:
        codes, milliseconds = self._law.decide(self._dials, Scratch(), clock, seat)
        return list(zip(codes.ravel().tolist(), milliseconds.ravel().tolist(), strict=True))


class Calls:
    """The dials of one team, whatever list they are from."""

    def __init__(self, team: int, scenario: Scenario, calendar: Calendar, nature: Nature, office: Office) -> None:
        self._team = team
        self._plan = scenario.calling
        self._due = [] if self._plan is None else calendar.due(self._plan.retry_after).tolist()
        self._law = nature.calling
        self._office = office
        self._keeps_refused = nature.closing.some_undecided_by_phone[0]
        self._scratch = Scratch()
        self._made: list[tuple[int, ...]] = []
        self.retries = Later()

    def drawn(self, lead: Integers, attempt: Integers) -> Iterator[Dial]:
        """Dials drawn in one call of the laws."""
        assert self._law is not None
        batch = Batch(self._law, self._law.prepare(self._team, lead[:, None], attempt[:, None], self._scratch).kept())
        return ((*dial, batch, row) for row, dial in enumerate(zip(lead.tolist(), attempt.tolist(), strict=True)))

    def make(self, dial: Dial, start: int, seat: int) -> int:
        """Begin a dial; gives its ms."""
        lead, attempt, batch, row = dial
        code, duration = batch.decided(row, start, seat)
        self._made.append((lead, start, duration, seat, attempt, code, batch.dead[row]))
        return duration

    def close(self, day: int, night: Night) -> None:
        """Tell the day's dials, and what follows from them."""
        if not self._made:
            return
        assert self._plan is not None
        lead, start, duration, seat, attempt, code, dead = np.array(self._made, dtype=np.int64).T
        self._made = []
        nobody = np.zeros_like(lead)
        self._office.report(
            nobody, kind=facts.DIAL, lead=lead, day=day, clock=start, duration=duration, team=self._team, seat=seat,
            occurrence=attempt, outcome=code, amount=dead,
        )  # fmt: skip
        again = calling.comes_back(code, attempt, self._plan.attempts)
        if self._due[day] < len(self._due):
            self.retries.add(self._due[day], lead[again], attempt[again] + 1)
        accepted, end = night.accepted[self._plan.offer], start + duration
        yes, no = code == calling.ACCEPTED, code == calling.REFUSED
        if yes.any():
            accepted.add(nobody[yes], end[yes], lead[yes], self._team, seat[yes])
        if self._keeps_refused and no.any():
            accepted.refuse(nobody[no], end[no], lead[no], self._team)


class Retries:
    """Leads that are dialled again, by (due day, lead)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._dials: deque[Dial] = deque()

    @property
    def waits(self) -> bool:
        """Is there any?"""
        return self._calls.retries.waits

    def open(self, day: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""
        due = self._calls.retries.open(day)
        if due:
            _, lead, attempt = np.array(due, dtype=np.int64).T
            self._dials.extend(self._calls.drawn(lead, attempt))
        return len(due)

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next dial at `start`: its ms, 0 if there is none."""
        return self._calls.make(self._dials.popleft(), start, seat) if self._dials else 0

    def close(self) -> None:
        """What was not begun stays due."""
        self._calls.retries.close(len(self._dials))
        self._dials.clear()


class Fresh:
    """Leads that were never dialled, by (due day, lead), packed into one number; begun until the intake ends."""

    def __init__(self, calls: Calls, scenario: Scenario, calendar: Calendar, listed: Integers) -> None:
        self._calls = calls
        self._keys = listed
        self._intake = calendar.length(scenario.intake or scenario.horizon)
        self._drawn = 0
        self._dials: deque[Dial] = deque()

    def waits(self, day: int) -> bool:
        """Is there some on `day` or later?"""
        return day < self._intake and self._undone > 0

    @property
    def _undone(self) -> int:
        return self._rest.size

    def open(self, day: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""
        return self._undone if day < self._intake else 0

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next dial at `start`: its ms, 0 if there is none."""
        if not self._dials and not self._draw():
            return 0
        return self._calls.make(self._dials.popleft(), start, seat)

    def _draw(self) -> bool:
        lead = self._keys[self._drawn : self._drawn + MORNING] & LEAD_MASK
        self._drawn += lead.size
        if lead.size:
            self._dials.extend(self._calls.drawn(lead, np.zeros_like(lead)))
        return bool(lead.size)

    def take(self, keys: Integers) -> None:
        """More leads, packed as due day << LEAD_BITS | lead."""
        if self._keys.size and keys.size and keys.min() < self._keys[-1]:
            self._put_back(np.sort(np.concatenate([self._rest, keys])))
        else:
            self._keys = np.concatenate([self._keys, np.sort(keys)])

    @property
    def _rest(self) -> Integers:
        """What was not begun."""
        return self._keys[self._drawn - len(self._dials) :]

    def _put_back(self, keys: Integers) -> None:
        self._keys, self._drawn = keys, 0
        self._dials.clear()

    def overdue(self, latest: int) -> Integers:
        """Take away what had been due by day `latest`."""
        keys = self._rest
        late = int(np.searchsorted(keys, (latest + 1) << LEAD_BITS))
        if late:
            self._put_back(keys[late:])
        return keys[:late]
