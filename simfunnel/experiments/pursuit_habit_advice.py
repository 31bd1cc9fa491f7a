"""Habits that irritate most leads, miss who says no for good, or try again too late, are said before a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.experiments.expectation import Expectation, working_days
from simfunnel.experiments.phrasing import about
from simfunnel.experiments.pursuit_expectation import drawn, has_end, opening_days, reached, touch_days, undecided
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Interval

Floats = npt.NDArray[np.float64]

MOST: Final = 0.5
MANY_CALLS: Final = 10.0
"""Fewer calls to a lead that can no longer buy are not worth a word."""


def _too_soon(expected: Expectation) -> Iterator[str]:
    """Intervals that most leads do not bear; who asks keeps to what they bear."""
    plan, scenario = expected.scenario.follow_up, expected.scenario
    if plan is None or not any(undecided(expected).values()) or not _matters(expected, plan):
        return
    each, weights = tolerances(expected)
    for key, interval in _intervals(plan, scenario, expected.calendar.days):
        days = _calendar_days(interval, scenario)
        share = float(weights[each > days].sum() / weights.sum())
        if share * _unheeded(plan) > MOST:
            yield (
                f"follow_up.{key} {interval} is sooner than {100 * share:.0f} % of the undecided tolerate (half of all "
                f"only every {about(median(each, weights))} days or more), so it irritates them: touch later, or ask "
                "them and keep to the answer (follow_up.ask)."
            )


def _matters(expected: Expectation, plan: FollowUp) -> bool:
    """Does irritation cost sales?"""
    segments = expected.scenario.segments.values()
    return plan.odds_per_irritation != fixed(1) or any(segment.walks_away.support[1] for segment in segments)


def _unheeded(plan: FollowUp) -> float:
    """Of the touches: made without keeping to what the lead answered."""
    return 1 - plan.keeps.best if plan.ask else 1.0


def _intervals(plan: FollowUp, scenario: Scenario, days: int) -> Iterator[tuple[str, Interval]]:
    """The intervals that come to pass: after the talk, and after a touch that reached the lead."""
    if plan.first_after is not None:
        yield "first_after", plan.first_after
    if plan.first_after is None or touch_days(plan, scenario, days - 1).size > 1:
        yield "interval", plan.interval


def tolerances(expected: Expectation) -> tuple[Floats, Floats]:
    """What the undecided tolerate, in days, ascending, with how many leads each stands for: (n,) each."""
    files = {name: number for name, number in undecided(expected).items() if number}
    found = [drawn(expected.scenario.segments[name].tolerance) for name in files]
    weights = np.repeat(np.fromiter(files.values(), dtype=np.float64), [days.size for days in found])
    each = np.concatenate(found)
    order = np.argsort(each, kind="stable")
    return each[order], weights[order]


def median(each: Floats, weights: Floats) -> float:
    """Half of the weights are at or below it; `each` is ascending."""
    middle = np.searchsorted(np.cumsum(weights), weights.sum() / 2)
    return float(each[min(int(middle), each.size - 1)])


def _calendar_days(interval: Interval, scenario: Scenario) -> float:
    return max(1.0, working_days(interval, scenario)) * 7 / len(scenario.working_days)


def _late_retry(expected: Expectation) -> Iterator[str]:
    """Who is not reached waits longer than who is."""
    plan, scenario = expected.scenario.follow_up, expected.scenario
    if plan is None or plan.retry_after is None or plan.channels[plan.channel].reached.support[0] == 1:
        return
    if working_days(plan.retry_after, scenario) > working_days(plan.interval, scenario):
        yield (
            f"follow_up.retry_after {plan.retry_after} is longer than follow_up.interval {plan.interval}, so who is "
            "not reached is tried later than who is: retry sooner or remove it."
        )


def _blind(expected: Expectation) -> Iterator[str]:
    """Calls to leads that have said no for good, where nobody notices it."""
    plan, scenario = expected.scenario.follow_up, expected.scenario
    if plan is None or plan.reads_signals.support[1] > 0 or not has_end(plan):
        return  # without any stop rule all are called for ever, which is said
    left = expected.calendar.days - opening_days(expected) / 2
    days = touch_days(plan, scenario, left) * 7 / len(scenario.working_days)
    files = [(scenario.segments[name], number) for name, number in undecided(expected).items() if number]
    for said, calls in (("it has bought elsewhere", _gone), ("it can never buy", _unqualified)):
        each = [(calls(plan, segment, days), number) for segment, number in files]
        leads = sum(number * share for (share, _), number in each)
        more = sum(number * share * calls for (share, calls), number in each) / leads if leads else 0.0
        if more >= MANY_CALLS:
            yield (
                f"nobody lets go of a lead that says {said}, as follow_up.reads_signals is 0, so each of these is "
                f"called about {about(more)} more times: give it a share above 0."
            )


def _gone(plan: FollowUp, segment: Segment, days: Floats) -> tuple[float, float]:
    """The share that buys elsewhere before the last touch, and the touches of each after the one that tells it."""
    if segment.window is None:
        return 0.0, 0.0
    gone = drawn(segment.ready) + float(drawn(segment.window).mean())
    after = days.size - np.searchsorted(days, gone)
    share = segment.qualified.best * (1 - segment.never_ready.best) * float((after > 0).mean())
    return share, _more(plan, segment, after[after > 0]) if share else 0.0


def _unqualified(plan: FollowUp, segment: Segment, days: Floats) -> tuple[float, float]:
    """The share that is not qualified, unless the seller asks for it, and the touches of each, but for the first."""
    share = 1 - segment.qualified.best if plan.qualify is None else 0.0
    return share, _more(plan, segment, np.array([days.size]))


def _more(plan: FollowUp, segment: Segment, touches: npt.NDArray[np.int64]) -> float:
    """Of so many touches, those after the first that reaches the lead, on average; none reaches it for ever."""
    share = reached(plan, plan.channels[plan.channel], segment)
    return float(np.maximum(0.0, touches - 1 / share).mean()) if share else 0.0


HABIT_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_too_soon, _late_retry, _blind)
