"""What the best guesses lead one to expect, by segment and team, before anything is simulated.

Means only: no queue, no room, no end of the horizon. Advice is judged by them, results never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simfunnel.calendar import Calendar
from simfunnel.experiments.closing_expectation import meeting_minutes
from simfunnel.experiments.inbound_expectation import Awaited, arrivals_of, awaited
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.marketing import share_warmed
from simfunnel.funnel.odds import odds
from simfunnel.funnel.traits import reach_odds
from simfunnel.reproduction import expected_referred
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Calling, CallMinutes, Scenario, Team
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


def routes(calling: Calling, segment: Segment | None = None) -> dict[str, float]:
    """The share of the leads (of a segment) that each team dials."""
    if segment is not None and segment.team is not None:
        return {segment.team: 1.0}
    if isinstance(calling.teams, dict):
        return {name: share.best for name, share in calling.teams.items()}
    return {name: 1 / len(calling.teams) for name in calling.teams}


def step(scenario: Scenario, segment: Segment, name: str, *, warmed: bool = False) -> float:
    """The best guess of answered, listened or accepted for a segment's leads, before the odds of segment and team.

    Or for those of its leads whom marketing has warmed.
    """
    assert scenario.calling is not None
    share: Quantity = getattr(scenario.calling, name)
    warm = warmed or segment.temperature == "warm"
    return after_odds(share, getattr(scenario.calling.warm, name)) if warm else share.best


def by_warmth(scenario: Scenario, segment: Segment) -> dict[bool, float]:
    """The shares of a segment's leads, at best guess, as they are (False), and warmed by marketing (True)."""
    warmed = float(share_warmed(scenario, Inputs.guessed())[0]) if segment.temperature == "cold" else 0.0
    return {False: 1 - warmed, True: warmed} if warmed else {False: 1.0}


@dataclass(frozen=True)
class Expected:
    """The leads of one segment, warmed or not, that one team dials: how many, and their shares at each step of a call.

    `dials_each` and `reached_each` are dials and answers per lead; `passes` get past the gatekeeper;
    `pace` multiplies the minutes.
    """

    segment: str
    team: str
    leads: float
    dials_each: float
    reached_each: float
    passes: float
    listened: float
    accepted: float
    minutes: CallMinutes
    pace: float

    @property
    def dials(self) -> float:
        """Dials until each lead is reached or given up."""
        return self.leads * self.dials_each

    @property
    def bookings(self) -> float:
        """Leads who accept the offer."""
        return self.leads * self.reached_each * self.passes * self.listened * self.accepted

    @property
    def minutes_per_dial(self) -> float:
        """Working time of one dial, over its outcomes."""
        m, heard, answered = self.minutes, self.listened, self.reached_each / self.dials_each
        talk = (1 - heard) * m.hang_up.mean() + heard * m.talk.mean()
        call = m.wrap_up.best + (1 - self.passes) * m.gatekeeper.mean() + self.passes * talk
        return self.pace * (m.ring.best + (1 - answered) * m.no_answer.mean() + answered * call) / MINUTE


def _attempted(calling: Calling, segment: Segment, team: Team, answered: float) -> tuple[float, float]:
    """Dials and answers per lead: over levels of reach, attempts, and the shift's hours as if all were alike busy."""
    ratios = [1.0, *(ratio.best for ratio in calling.by_attempt)]
    attempts = np.array([ratios[min(number, len(ratios) - 1)] for number in range(calling.attempts)])
    spread = segment.reach.best
    reach = np.array(reach_odds(np.array(spread))) if spread else np.ones(1)
    span = range(team.shift.start // 60, -(-team.shift.end // 60))
    hours = np.array([calling.by_hour[hour].best if hour in calling.by_hour else 1.0 for hour in span])
    each = odds(odds(answered, attempts[:, None]), hours).mean(axis=1)
    silent = np.cumprod(1 - odds(each, reach[:, None]), axis=1)
    dead = segment.dead_number.best
    dials, reached = float(1 + silent[:, :-1].sum(axis=1).mean()), float((1 - silent[:, -1]).mean())
    return (1 - dead) * dials + dead * calling.attempts, (1 - dead) * reached


def _skilled(team: Team, share: float) -> float:
    """A share under the members' skills, as if all had as many talks."""
    return float(np.mean([odds(share, skill.best) for skill in team.skill])) if team.skill else share


def mean_pace(paces: Sequence[Quantity]) -> float:
    """The pace of some members: they work at the same time, so this is their harmonic mean."""
    return len(paces) / sum(1 / pace.best for pace in paces) if paces else 1.0


def _cell(
    scenario: Scenario, segment: tuple[str, Segment], team: tuple[str, Team], leads: float, warmed: bool
) -> Expected:
    calling = scenario.calling
    assert calling is not None
    answered, listened, accepted = (
        float(odds(step(scenario, segment[1], name, warmed=warmed), ratio.best * other.best))
        for name, ratio, other in (
            ("answered", segment[1].odds.answered, team[1].odds.answered),
            ("listened", segment[1].odds.listened, team[1].odds.listened),
            ("accepted", segment[1].odds.accepted, team[1].odds.accepted),
        )
    )
    dials, reached = _attempted(calling, segment[1], team[1], answered)
    direct = segment[1].decision_maker.best
    return Expected(
        segment=segment[0], team=team[0], leads=leads, dials_each=dials, reached_each=reached,
        passes=direct + (1 - direct) * calling.asked_through.best, listened=_skilled(team[1], listened),
        accepted=_skilled(team[1], accepted), minutes=calling.minutes, pace=mean_pace(team[1].pace),
    )  # fmt: skip


@dataclass(frozen=True)
class Expectation:
    """What is expected of a whole scenario; `written` is what else its files say: the base, other alternatives."""

    scenario: Scenario
    written: tuple[Scenario, ...] = ()

    @cached_property
    def calendar(self) -> Calendar:
        """The working days."""
        return Calendar.of(self.scenario)

    @cached_property
    def by_segment(self) -> dict[str, float]:
        """The leads of each segment: those on its list, who arrive until the intake ends, or are named by customers."""
        segments = self.scenario.segments.items()
        found = {n: s.leads + arrivals_of(n, self.scenario, self.calendar) for n, s in segments}
        if (named := expected_referred(self.scenario, self.calendar)) and self.scenario.after_sales is not None:
            referral = self.scenario.after_sales.referral
            assert referral is not None
            found[referral.segment] += named
        return found

    @cached_property
    def cells(self) -> tuple[Expected, ...]:
        """Each segment that is dialled, its warmed leads apart, in each team; what overflows stays where it began."""
        calling, teams = self.scenario.calling, self.scenario.teams
        if calling is None:
            return ()
        return tuple(
            _cell(self.scenario, (name, segment), (team, teams[team]), self.by_segment[name] * share * part, warmed)
            for name, segment in self.scenario.segments.items()
            for team, share in routes(calling, segment).items()
            for warmed, part in by_warmth(self.scenario, segment).items()
            if segment.temperature != "hot"
        )

    @cached_property
    def awaited(self) -> tuple[Awaited, ...]:
        """Each hot segment, in each team that answers it."""
        paces = {name: mean_pace(team.pace) for name, team in self.scenario.teams.items()}
        return tuple(awaited(self.scenario, self.calendar, paces))

    @property
    def leads(self) -> float:
        """All leads."""
        return sum(self.by_segment.values())

    @property
    def interested(self) -> float:
        """The share of all leads that is interested."""
        segments = self.scenario.segments.items()
        interested = sum(self.by_segment[name] * segment.interested.best for name, segment in segments)
        return interested / self.leads if self.leads else 1.0

    def accepted(self, *offers: str) -> float:
        """Leads who accept one of the offers."""
        calling, inbound = self.scenario.calling, self.scenario.inbound
        called = sum(cell.bookings for cell in self.cells) if calling is not None and calling.offer in offers else 0.0
        answered = inbound is not None and inbound.offer in offers
        return called + (sum(hot.bookings for hot in self.awaited) if answered else 0.0)

    @property
    def bookings(self) -> float:
        """Leads who accept the invitation to the demo."""
        return self.accepted("demo")

    @cached_property
    def events(self) -> tuple[int, ...]:
        """The days of the events that a lead of this scenario can still be booked on."""
        demo = self.scenario.demo
        if demo is None or not self.calendar.days:
            return ()
        earliest = int(self.calendar.due(demo.notice)[0])
        return tuple(day for day in self.calendar.event_days(demo) if day >= earliest)

    def work_minutes(self, team: str) -> float:
        """Minutes of all tasks of a team: dials, talks with hot leads, meetings; not the demo."""
        return self.dial_minutes(team) + self.hot_minutes(team) + self.meeting_minutes(team)

    def dial_minutes(self, team: str, *, first_dials_only: bool = False) -> float:
        """Minutes of dialling that a team's list takes."""
        cells = (cell for cell in self.cells if cell.team == team)
        return sum((c.leads if first_dials_only else c.dials) * c.minutes_per_dial for c in cells)

    def hot_minutes(self, team: str) -> float:
        """Minutes of a team's talks with hot leads."""
        return sum(hot.work_minutes for hot in self.awaited if hot.team == team)

    def meeting_minutes(self, team: str) -> float:
        """Minutes of the meetings that a team holds."""
        meeting = self.scenario.meeting
        if meeting is None or meeting.team != team:
            return 0.0
        each = meeting_minutes(meeting, self.scenario.closing, self.interested)
        return self.accepted("meeting") * each * mean_pace(self.scenario.teams[team].pace)

    def minutes_a_day(self, team: str) -> int:
        """Minutes that all members of a team have in a day, without pause."""
        block = self.scenario.teams[team]
        pause = block.pause.minutes if block.pause is not None else 0
        return block.size * (block.shift.minutes - pause)

    def hosting_minutes(self, team: str) -> int:
        """Minutes of their shift that a team's members, hosts and closers, give to the events."""
        demo = self.scenario.demo
        if demo is None or demo.team != team or not self.bookings:
            return 0
        shift = self.scenario.teams[team].shift
        left = min(shift.minutes, max(0, shift.end - (demo.at - demo.set_up)))
        return len(self.events) * max(demo.hosts, self.scenario.closing.closers) * left
