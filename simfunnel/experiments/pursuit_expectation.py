"""What the undecided lead one to expect if nothing but the stop rules ends a follow-up: averages from above.

No irritation, no signal and no question whether a lead is worth it ends anything here, and who is able to buy
now is as able at the next touch, so more is touched and more is sold than will be. Files are opened
evenly from the start until the dialling, or the arrivals, end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel.experiments.expectation import Expectation, after_odds, mean_pace, working_days
from simfunnel.experiments.roles import FACE_TO_FACE, dialling
from simfunnel.funnel.odds import odds
from simfunnel.funnel.segments import arrive
from simfunnel.scenario.keys import MAX_TOUCHES
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.pursuit import Channel, FollowUp
from simfunnel.scenario.quantities import FAMILIES, Variable
from simfunnel.scenario.schema import Calling, Inbound, Scenario
from simfunnel.scenario.values import MINUTE

Floats = npt.NDArray[np.float64]

LEVELS = (np.arange(1024) + 0.5) / 1024
OPENINGS = (np.arange(16) + 0.5) / 16


@dataclass(frozen=True)
class Pursued:
    """The undecided of one segment: how many files, and for each of them touches, sales and minutes of work."""

    segment: str
    files: float
    touches_each: float
    sold_each: float
    minutes_each: float

    @property
    def touches(self) -> float:
        """All touches within the horizon."""
        return self.files * self.touches_each

    @property
    def sold(self) -> float:
        """All sales within the horizon, at touches and to those who come back."""
        return self.files * self.sold_each


def drawn(variable: Variable) -> Floats:
    """A variable at equal steps of its distribution, ascending, at the best guess of its parameters."""
    each = FAMILIES[variable.family].quantile(LEVELS, *(p.best for p in variable.parameters))
    return np.sort(np.broadcast_to(each, LEVELS.shape))


def most(variable: Variable) -> float:
    """The largest value that is possible."""
    return float(FAMILIES[variable.family].support(*(p.support[1] for p in variable.parameters))[1])


def least(variable: Variable) -> float:
    """The smallest value that is possible."""
    return float(FAMILIES[variable.family].support(*(p.support[0] for p in variable.parameters))[0])


def first_after(plan: FollowUp, scenario: Scenario) -> float:
    """Working days from a talk to the first touch, about."""
    return max(1.0, working_days(plan.first_after or plan.interval, scenario))


def gap(plan: FollowUp, scenario: Scenario) -> float:
    """Working days from a touch to the next one, about: some reach nobody."""
    retry = max(1.0, working_days(plan.retry_after or plan.interval, scenario))
    reached = plan.channels[plan.channel].reached.best
    return reached * max(1.0, working_days(plan.interval, scenario)) + (1 - reached) * retry


def has_end(plan: FollowUp) -> bool:
    """Is every lead let go in the end, by count or by time?"""
    return plan.touches < MAX_TOUCHES or plan.stop_after is not None


def touch_days(plan: FollowUp, scenario: Scenario, days: float) -> Floats:
    """When a lead is touched that never buys, in working days since its talk, within `days` of it."""
    first, each = first_after(plan, scenario), gap(plan, scenario)
    if plan.stop_after is not None:
        days = min(days, working_days(plan.stop_after, scenario))
    number = min(plan.touches, max(0, 1 + int((days - first) / each + 1e-9)) if days >= first else 0)
    return np.asarray(first + each * np.arange(number), dtype=np.float64)


def opening_days(expected: Expectation) -> float:
    """Working days until the last file is opened, about."""
    scenario, days = expected.scenario, expected.calendar.days
    intake = expected.calendar.length(scenario.intake or scenario.horizon)
    if arrive(scenario):
        last = float(intake)
    else:
        needs = (expected.dial_minutes(name) / (expected.minutes_a_day(name) or 1) for name in dialling(scenario))
        last = min(float(intake), 1 + max(needs, default=0.0))
    until_event = days / len(expected.events) if expected.events and expected.bookings else 0.0
    return min(float(days), last + until_event)


def pursued(expected: Expectation) -> Iterator[Pursued]:
    """The undecided of each segment that has some."""
    plan, scenario = expected.scenario.follow_up, expected.scenario
    if plan is None or plan.channel not in plan.channels:
        return
    left = expected.calendar.days - OPENINGS * opening_days(expected)
    minutes = touch_minutes(plan) * mean_pace(scenario.teams[plan.team].pace)
    for name, files in undecided(expected).items():
        if files:
            days = touch_days(plan, scenario, float(left.max(initial=0.0)))
            made, sold = _course(plan, scenario, scenario.segments[name], days)
            within = np.searchsorted(days, left, side="right")
            touches, bought = float(made[within].mean()), float(sold[within].mean())
            yield Pursued(name, files, touches, bought, touches * minutes)


def _course(plan: FollowUp, scenario: Scenario, segment: Segment, days: Floats) -> tuple[Floats, Floats]:
    """Touches and sales of an average lead after 0, 1, 2, ... touches on these days: (touches + 1,) each."""
    able = segment.qualified.best * (1 - segment.never_ready.best)
    since = days * 7 / len(scenario.working_days)
    ready = drawn(segment.ready)
    gone = ready + (np.inf if segment.window is None else float(drawn(segment.window).mean()))
    open_ = (np.searchsorted(ready, since, side="right") - np.searchsorted(gone, since, side="right")) / ready.size
    chance = odds(after_odds(plan.sold, segment.odds.sold), np.power(plan.odds_per_touch.best, np.arange(days.size)))
    sells = reached(plan, plan.channels[plan.channel], segment) * open_ * chance
    stays = np.concatenate([[1.0], np.cumprod(1 - sells)])
    made = np.concatenate([[0.0], np.cumsum((1 - able) + able * stays[:-1])])
    return made, able * (1 - stays)


def reached(plan: FollowUp, channel: Channel, segment: Segment) -> float:
    """Of the touches to a segment's leads: reach the decision maker."""
    direct = segment.decision_maker.best
    return float(channel.reached.best * (direct + (1 - direct) * plan.insist.best))


def touch_minutes(plan: FollowUp) -> float:
    """Minutes of a touch on average, by the firm's own channel; asking comes once, and is left out."""
    minutes, share = plan.channels[plan.channel].minutes, plan.channels[plan.channel].reached.best
    return (share * minutes.talk.mean() + (1 - share) * minutes.not_reached.mean()) / MINUTE


def pursuit_minutes(expected: Expectation, team: str) -> float:
    """Minutes of a team's touches within the horizon."""
    plan = expected.scenario.follow_up
    return sum(each.files * each.minutes_each for each in pursued(expected)) if plan and plan.team == team else 0.0


def undecided(expected: Expectation) -> dict[str, float]:
    """Leads of each segment that are left undecided by a talk or by phone."""
    scenario, files = expected.scenario, dict.fromkeys(expected.scenario.segments, 0.0)
    for cell in expected.cells:
        assert scenario.calling is not None
        asked = cell.leads * cell.reached_each * cell.passes * cell.listened
        files[cell.segment] += _files(expected, scenario.calling, cell.segment, asked, cell.bookings)
    for hot in expected.awaited:
        assert scenario.inbound is not None
        asked = hot.listed + hot.arrivals * hot.stay
        files[hot.segment] += _files(expected, scenario.inbound, hot.segment, asked, hot.bookings)
    return files


def _files(expected: Expectation, room: Calling | Inbound, name: str, asked: float, accepted: float) -> float:
    """Files of leads of whom so many were asked and accepted."""
    scenario, segment = expected.scenario, expected.scenario.segments[name]
    if room.offer not in FACE_TO_FACE:
        return max(0.0, asked - accepted * segment.qualified.best) * room.undecided.best
    came = 0.0
    if room.offer == "demo" and scenario.demo is not None:
        came = after_odds(scenario.demo.attended, scenario.demo.reminder.odds, segment.odds.attended)
    if room.offer == "meeting" and scenario.meeting is not None:
        came = after_odds(scenario.meeting.attended, segment.odds.attended)
    bought = segment.qualified.best * after_odds(scenario.closing.sold_if_interested, segment.odds.sold)
    return accepted * came * segment.interested.best * (1 - bought) * scenario.closing.undecided.best
