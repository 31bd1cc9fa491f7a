"""A team's floor: its members are processes that take the first waiting hot lead, else the head of the day's list.

An instant is settled by event priority: arrivals join the queue and ring all idle members, then free
members choose, lowest seat first. A member is idle only while more hot leads can come today. What was
begun is noted when it begins, and told when the day is over.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import simpy
from simpy.events import Event, EventPriority

from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Night
from simfunnel.engines.office import Office
from simfunnel.engines.simpy_care import OWN, contacts
from simfunnel.engines.simpy_hot import HotLeads
from simfunnel.engines.simpy_talks import Meetings
from simfunnel.engines.simpy_tasks import Calls, Fresh, Retries, Work
from simfunnel.engines.simpy_touches import Touches
from simfunnel.funnel.duty import order_of_classes
from simfunnel.funnel.nature import Nature
from simfunnel.hours import GONE, SEAT_BITS, Hours
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Process = Generator[Event, Any, Any]

ARRIVAL: Final = 2
FIRST_SEAT: Final = 10


class Turn(Event):
    """A member's next turn, `delay` ms from now; at the same instant the lowest seat comes first."""

    def __init__(self, env: simpy.Environment, delay: int, seat: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        env.schedule(self, cast(EventPriority, FIRST_SEAT + seat), delay)


class Arrival(Event):
    """A hot lead arrives `delay` ms from now, before any member's turn at that instant."""

    def __init__(self, env: simpy.Environment, delay: int) -> None:
        super().__init__(env)
        self._value = None
        self._ok = True
        env.schedule(self, cast(EventPriority, ARRIVAL), delay)


class Bell(Event):
    """What an idle member waits for; when it rings, the member's turn is at that instant."""

    def ring(self, seat: int) -> None:
        """It is the turn of who waits."""
        self._value = None
        self._ok = True
        self.env.schedule(self, cast(EventPriority, FIRST_SEAT + seat))


class Floor:
    """One team: its waiting work, and its members' day."""

    def __init__(
        self, env: simpy.Environment, team: int, scenario: Scenario, calendar: Calendar, nature: Nature, office: Office
    ) -> None:
        crew = list(scenario.teams.values())[team]
        self._env = env
        self._size = crew.size
        self._hours = Hours.of(crew)
        self._idle: dict[int, Bell] = {}
        self.hot = HotLeads(team, scenario, nature, office)
        self.meetings = Meetings(team, nature, office)
        self.calls = Calls(team, scenario, calendar, nature, office)
        self._retries = Retries(self.calls)
        self.fresh = Fresh(self.calls, scenario, calendar, _listed(team, nature))
        self._touches = _touches(team, nature, office)
        self._care = contacts(team, crew.size, nature, office.after)
        kinds: dict[str, Work] = {
            "meetings": self.meetings, "retries": self._retries, "fresh": self.fresh, **self._touches, **self._care,
        }  # fmt: skip
        self._all = [self.hot, *(kinds[name] for name in (OWN, *order_of_classes(scenario)) if name in kinds)]
        self._today: list[Work] = []
        self._busy = 0

    def waits(self, day: int) -> bool:
        """Is there work on `day` or later?"""
        return self.hot.waits or self.meetings.waits or self._retries.waits or self.fresh.waits(day)

    def open(self, day: int) -> bool:
        """Make the morning's list; is there anything to do?"""
        sizes = [work.open(day) for work in self._all]
        self._busy = sum(sizes)
        self._today = [work for work, size in zip(self._all, sizes, strict=True) if size]
        return bool(self._today)

    def present(self, called: int) -> int:
        """Members whose day matters: the called ones, and as many others as there are tasks."""
        return min(self._size, called + self._busy)

    def arrivals(self) -> Process:
        """Hot leads come one by one, and each rings all idle members."""
        midnight = int(self._env.now)
        while self.hot.coming:
            yield Arrival(self._env, midnight + self.hot.next_clock - int(self._env.now))
            self.hot.join()
            self.ring(self._size)

    def ring(self, seats: int) -> None:
        """It is the turn of all idle members on the lowest `seats`."""
        for seat in [seat for seat in self._idle if seat < seats]:
            self._idle.pop(seat).ring(seat)

    def member(self, seat: int, leave: int = GONE) -> Process:
        """A member's day, until nothing is left or it is called away at `leave`; returns when it got free last."""
        midnight, end = int(self._env.now), self._hours.end
        free = now = min(self._hours.start, leave)
        yield Turn(self._env, now, seat)
        while (start := self._start(now, seat, leave)) < end:
            if start > now:
                yield Turn(self._env, start - now, seat)
            if duration := self._begin(start, seat):
                yield Turn(self._env, duration, seat)
                free = now = start + duration
            elif self.hot.coming:
                yield self._rest(seat)
                now = int(self._env.now) - midnight
            else:
                break
        return free

    def _rest(self, seat: int) -> Bell:
        bell = self._idle[seat] = Bell(self._env)
        return bell

    def _start(self, now: int, seat: int, leave: int) -> int:
        """From when on (ms) a member that is free `now` may start a task; never, if it leaves for the demo first."""
        if leave == GONE and self._hours.pause == self._hours.resume:
            return now
        return int(self._hours.available(now << SEAT_BITS | seat, leave < GONE, leave)) >> SEAT_BITS

    def _begin(self, start: int, seat: int) -> int:
        """`seat` begins what comes first: its ms, 0 if there is nothing to do."""
        for work in self._today:
            if duration := work.begin(start, seat):
                return duration
        return 0

    def close(self, day: int, night: Night) -> None:
        """Tell what was done; what was not begun stays due."""
        self._retries.close()
        self.calls.close(day, night)
        self.hot.close(day, night)
        self.meetings.close(day)
        for touches in self._touches.values():
            touches.close(day)
        for contacts_ in self._care.values():
            contacts_.close(day)


def _touches(team: int, nature: Nature, office: Office) -> dict[str, Touches]:
    """The classes of the follow-up, if it is the team's."""
    pipeline = office.pipeline
    if pipeline is None or pipeline.team != team:
        return {}
    return {name: Touches(pipeline, nature, quota=name == "quota") for name in ("follow_ups", "quota")}


def _listed(team: int, nature: Nature) -> Integers:
    """The leads on lists that are the team's."""
    listed, teams = nature.segments.listed(hot=False), nature.routing.teams
    if team not in teams:
        return listed[:0]
    return listed if len(teams) == 1 else listed[nature.routing.team(nature.streams, listed) == team]
