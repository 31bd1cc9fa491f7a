"""A member's day: when a task may start, who leaves for the demo, and what is overtime.

A task starts inside the shift and not in the pause [from, until): who gets free in it is free at its
end. A member called to a demo leaves the list at `leave`: it starts nothing from then on, and joins
the demo at `leave`, or when the task it was on has ended; the pause keeps nobody from the demo.

A time is packed as clock << SEAT_BITS | seat, so that equal clocks settle themselves, lowest seat
first. The functions take plain numbers and arrays alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.scenario.schema import Team
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]

SEAT_BITS: Final = 14
SEAT_MASK: Final = (1 << SEAT_BITS) - 1
GONE: Final = 1 << 60


@dataclass(frozen=True)
class Hours:
    """A team's hours in ms since midnight; without a pause, `pause` and `resume` are the end of the shift."""

    start: int
    end: int
    pause: int
    resume: int

    @classmethod
    def of(cls, team: Team) -> Hours:
        """The hours of a team."""
        end = team.shift.end * MINUTE
        if team.pause is None:
            return cls(team.shift.start * MINUTE, end, end, end)
        return cls(team.shift.start * MINUTE, end, team.pause.start * MINUTE, team.pause.end * MINUTE)

    @property
    def paid(self) -> int:
        """Ms of one member's shift without the pause."""
        return self.end - self.start - (self.resume - self.pause)

    def overtime(self, clock: Integers, duration: Integers) -> Integers:
        """Ms of work at [clock, clock + duration) outside the paid hours (same shape)."""
        finish = clock + duration
        before = np.maximum(0, np.minimum(finish, self.start) - clock)
        after = np.maximum(0, finish - np.maximum(clock, self.end))
        inside = np.maximum(0, np.minimum(finish, self.resume) - np.maximum(clock, self.pause))
        return np.asarray(before + after + inside)

    def resumed(self, free: Any) -> Any:
        """The packed time from which who gets free at `free` may start a task."""
        inside = (free >= self.pause << SEAT_BITS) & (free < self.resume << SEAT_BITS)
        return free + (((self.resume << SEAT_BITS) | (free & SEAT_MASK)) - free) * inside

    def available(self, free: Any, called: Any, leave: int) -> Any:
        """`resumed`, or, for a `called` member that cannot start before `leave` (ms), GONE + `free`."""
        start = self.resumed(free)
        leaves = called & (start >= leave << SEAT_BITS) & (free < GONE)
        return start + (GONE + free - start) * leaves


def joined(free: Any, leave: int) -> Any:
    """When (ms) a called member joins the demo: `free` is the packed time at which it left its list (GONE or not)."""
    return np.maximum((free & (GONE - 1)) >> SEAT_BITS, leave)
