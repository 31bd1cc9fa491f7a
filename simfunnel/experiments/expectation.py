"""What the best guesses lead one to expect, by segment and team, before anything is simulated.

Means only: no queue, no room, no end of the horizon. Advice is judged by them, results never.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from simfunnel.calendar import Calendar
from simfunnel.funnel.odds import odds
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Calling, CallMinutes, Scenario, Segment, Team
from simfunnel.scenario.values import DAYS_IN, MINUTE, Interval


def after_odds(share: Quantity, *ratios: Quantity) -> float:
    """The best guess of a share under the best guesses of odds ratios."""
    result = share.best
    for ratio in ratios:
        result = float(odds(result, ratio.best))
    return result


def working_days(interval: Interval, scenario: Scenario) -> float:
    """About how many working days an interval spans."""
    if interval.unit == "working days":
        return interval.count
    return interval.count * DAYS_IN[interval.unit] * len(scenario.working_days) / 7


def shares(calling: Calling) -> dict[str, float]:
    """The share of the leads that each team dials."""
    if isinstance(calling.teams, dict):
        return {name: share.best for name, share in calling.teams.items()}
    return {name: 1 / len(calling.teams) for name in calling.teams}


def step(scenario: Scenario, segment: Segment, name: str) -> float:
    """The best guess of answered, listened or accepted for a segment's leads, before the odds of segment and team."""
    assert scenario.calling is not None
    share: Quantity = getattr(scenario.calling, name)
    return after_odds(share, getattr(scenario.calling.warm, name)) if segment.temperature == "warm" else share.best


@dataclass(frozen=True)
class Expected:
    """The leads of one segment that one team dials: how many, and their shares at each step of a call."""

    segment: str
    team: str
    leads: float
    attempts: int
    answered: float
    listened: float
    accepted: float
    minutes: CallMinutes

    @property
    def dials(self) -> float:
        """Dials until each lead is reached or given up: a truncated geometric number for each."""
        if self.answered == 0:
            return self.leads * self.attempts
        return self.leads * (1 - (1 - self.answered) ** self.attempts) / self.answered

    @property
    def bookings(self) -> float:
        """Leads who accept the invitation."""
        return self.dials * self.answered * self.listened * self.accepted

    @property
    def minutes_per_dial(self) -> float:
        """Working time of one dial, over its outcomes."""
        m, heard = self.minutes, self.listened
        call = m.wrap_up.best + (1 - heard) * m.hang_up.mean() + heard * m.talk.mean()
        return (m.ring.best + (1 - self.answered) * m.no_answer.mean() + self.answered * call) / MINUTE


def _cell(scenario: Scenario, segment: tuple[str, Segment], team: tuple[str, Team], share: float) -> Expected:
    calling = scenario.calling
    assert calling is not None
    answered, listened, accepted = (
        float(odds(step(scenario, segment[1], name), ratio.best * other.best))
        for name, ratio, other in (
            ("answered", segment[1].odds.answered, team[1].odds.answered),
            ("listened", segment[1].odds.listened, team[1].odds.listened),
            ("accepted", segment[1].odds.accepted, team[1].odds.accepted),
        )
    )
    leads = segment[1].leads * share
    return Expected(segment[0], team[0], leads, calling.attempts, answered, listened, accepted, calling.minutes)


@dataclass(frozen=True)
class Expectation:
    """What is expected of a whole scenario."""

    scenario: Scenario

    @cached_property
    def calendar(self) -> Calendar:
        """The working days."""
        return Calendar.of(self.scenario)

    @cached_property
    def cells(self) -> tuple[Expected, ...]:
        """Each segment in each team that dials."""
        calling, teams = self.scenario.calling, self.scenario.teams
        if calling is None:
            return ()
        return tuple(
            _cell(self.scenario, segment, (name, teams[name]), share)
            for segment in self.scenario.segments.items()
            for name, share in shares(calling).items()
        )

    @property
    def leads(self) -> int:
        """All leads."""
        return sum(segment.leads for segment in self.scenario.segments.values())

    @property
    def bookings(self) -> float:
        """Leads who accept the invitation."""
        return sum(cell.bookings for cell in self.cells)

    @cached_property
    def events(self) -> tuple[int, ...]:
        """The days of the events that a lead of this scenario can still be booked on."""
        demo = self.scenario.demo
        if demo is None or not self.calendar.days:
            return ()
        earliest = int(self.calendar.due(demo.notice)[0])
        return tuple(day for day in self.calendar.event_days(demo) if day >= earliest)

    def work_minutes(self, team: str, *, first_dials_only: bool = False) -> float:
        """Minutes of dialling that a team's list takes."""
        cells = (cell for cell in self.cells if cell.team == team)
        return sum((c.leads if first_dials_only else c.dials) * c.minutes_per_dial for c in cells)

    def minutes_a_day(self, team: str) -> int:
        """Minutes that all members of a team have in a day, without pause."""
        block = self.scenario.teams[team]
        pause = block.pause.minutes if block.pause is not None else 0
        return block.size * (block.shift.minutes - pause)

    def hosting_minutes(self, team: str) -> int:
        """Minutes of their shift that a team's members give to the events."""
        demo = self.scenario.demo
        if demo is None or demo.team != team:
            return 0
        shift = self.scenario.teams[team].shift
        left = min(shift.minutes, max(0, shift.end - (demo.at - demo.set_up)))
        return len(self.events) * demo.hosts * left
