"""What those who bought lead one to expect: how many they are, how much work care is, whom each of them brings.

Averages from above, as nobody cancels, leaves or is lost; sales are made evenly from the start until the last
lead is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from simfunnel.experiments.expectation import Expectation, after_odds, mean_pace
from simfunnel.experiments.pursuit_expectation import OPENINGS, opening_days, pursued, undecided
from simfunnel.experiments.roles import FACE_TO_FACE
from simfunnel.reproduction import contact_days, days_until, kept, names_each, reproduction_number
from simfunnel.scenario.after_sales import AfterSales, Visit
from simfunnel.scenario.schema import Calling, Inbound, Scenario
from simfunnel.scenario.values import MINUTE

VISITS: Final = ("seller_initiated", "cooperative", "friendly")
"""Contacts that are work."""


@dataclass(frozen=True)
class Reproduction:
    """How customers multiply: a customer who buys at the start is asked `askings` times until the intake ends.

    Each time it gives `names` names on average over these times, and the share `bought` of those buys.
    """

    askings: int
    names: float
    bought: float

    @property
    def number(self) -> float:
        """New customers that a customer brings."""
        return reproduction_number(self.askings, self.names, self.bought)


def reproduction(expected: Expectation) -> Reproduction | None:
    """How customers multiply by naming others; None where they name nobody, or nobody comes of it."""
    scenario, plan = expected.scenario, expected.scenario.after_sales
    if plan is None or plan.referral is None or plan.seller_initiated is None or not plan.referral.circle:
        return None
    intake = expected.calendar.length(scenario.intake or scenario.horizon)
    days = contact_days(plan.seller_initiated, scenario, days_until(expected.calendar, intake) - 1)
    names = names_each(scenario, days)
    if not names.any():
        return None
    return Reproduction(days.size, float(names.mean()), bought_each(scenario, plan.referral.segment))


def bought_each(scenario: Scenario, name: str) -> float:
    """Of the leads of a segment: buy, at once or later; as if there were one such lead beside the others."""
    one = scenario.segments[name].model_copy(update={"leads": 1})
    segments = {**scenario.segments, name: one}
    alone = Expectation(scenario.model_copy(update={"segments": segments, "after_sales": None}))
    return customers(alone)[name] / alone.by_segment[name]


def customers(expected: Expectation) -> dict[str, float]:
    """Leads of each segment that buy within the horizon."""
    scenario, found = expected.scenario, dict.fromkeys(expected.scenario.segments, 0.0)
    for cell in expected.cells:
        assert scenario.calling is not None
        found[cell.segment] += cell.bookings * _bought(scenario, scenario.calling, cell.segment, cell.team)
    for hot in expected.awaited:
        assert scenario.inbound is not None
        found[hot.segment] += hot.bookings * _bought(scenario, scenario.inbound, hot.segment, hot.team)
    if scenario.follow_up is not None and any(undecided(expected).values()):
        for each in pursued(expected):
            found[each.segment] += each.sold
    return found


def _bought(scenario: Scenario, room: Calling | Inbound, name: str, team: str) -> float:
    """Of those who accept: buy, on the phone or face to face."""
    segment, ratios = scenario.segments[name], scenario.teams[team].odds
    if room.offer not in FACE_TO_FACE:
        return segment.qualified.best
    came, demo, meeting = 0.0, scenario.demo, scenario.meeting
    if room.offer == "demo" and demo is not None:
        once = after_odds(demo.attended, demo.reminder.odds, segment.odds.attended, ratios.attended)
        came = 1 - (1 - once) ** (1 + demo.invite_again)
    if room.offer == "meeting" and meeting is not None:
        came = after_odds(meeting.attended, segment.odds.attended, ratios.attended)
    interested = after_odds(segment.interested, ratios.interested)
    closing = scenario.closing
    sold = after_odds(closing.sold_if_interested, segment.odds.sold, closing.pressure, closing.paper.odds)
    return came * interested * segment.qualified.best * sold


def care_minutes(expected: Expectation, team: str) -> float:
    """Minutes of a team's contacts with customers and of its answers to them, within the horizon."""
    plan, scenario = expected.scenario.after_sales, expected.scenario
    if plan is None or plan.team != team:
        return 0.0
    number = sum(customers(expected).values())
    if not number:
        return 0.0
    last = days_until(expected.calendar, expected.calendar.days)
    left = last - OPENINGS * opening_days(expected) * 7 / len(scenario.working_days)
    each = sum(_visited(plan, visit, scenario, left) for visit in visits(plan)) + _answered(plan, left)
    return number * each * mean_pace(scenario.teams[team].pace)


def visits(plan: AfterSales) -> Iterator[Visit]:
    """The kinds of contact that are work, and that are made."""
    yield from (visit for kind in VISITS if (visit := getattr(plan, kind)) is not None)


def _visited(plan: AfterSales, visit: Visit, scenario: Scenario, left: np.ndarray) -> float:
    """Minutes of one kind of contact with a customer, over customers who have so many days left."""
    days = contact_days(visit, scenario, float(left.max(initial=0.0)))
    number = float(np.searchsorted(days, left, side="right").mean())
    share, minutes = visit.reached.best, visit.minutes
    return number * kept(plan) * (share * minutes.talk.mean() + (1 - share) * minutes.not_reached.mean()) / MINUTE


def _answered(plan: AfterSales, left: np.ndarray) -> float:
    """Minutes of answers to a customer: its suggestions, and the complaint of some."""
    calls = plan.defect.rate.best * plan.defect.complains.best
    every = plan.customer_initiated.suggestions_every
    if every is not None:
        calls += float(np.maximum(0.0, left).mean()) / max(1.0, every.mean())
    return calls * plan.customer_initiated.minutes.mean() / MINUTE
