"""A follow-up that never stops, never begins, or comes too often or too late, is said before a run, with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.experiments.expectation import Expectation, working_days
from simfunnel.experiments.phrasing import about, listed
from simfunnel.experiments.pursuit_expectation import (
    first_after,
    gap,
    has_end,
    opening_days,
    pursued,
    touch_days,
    touch_minutes,
    undecided,
)
from simfunnel.experiments.pursuit_habit_advice import HABIT_DOUBTS, median, tolerances
from simfunnel.experiments.roles import FACE_TO_FACE, offers
from simfunnel.scenario.keys import MAX_TOUCHES
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.schema import Scenario

FEW: Final = 1.0
"""Of less than one open file there is nothing to say."""


def _nobody(expected: Expectation) -> Iterator[str]:
    """A plan for leads that there are none of."""
    scenario = expected.scenario
    if scenario.follow_up is None or any(undecided(expected).values()) or not expected.leads or not offers(scenario):
        return
    keys = ["closing.undecided"] if offers(scenario) & FACE_TO_FACE else []
    rooms = (("calling", scenario.calling), ("inbound", scenario.inbound))
    keys += [f"{name}.undecided" for name, room in rooms if room is not None and room.offer == "sale"]
    yield (
        f"follow_up follows up 0 leads, as nobody is left undecided: give a share above 0 in {' or '.join(keys)}, or "
        "remove it."
    )


def _never_stops(expected: Expectation) -> Iterator[str]:
    """Leads that never buy, and are touched for ever."""
    plan = expected.scenario.follow_up
    if plan is None or not _followed(expected) or has_end(plan) or plan.reads_signals.support[1] > 0:
        return
    days = touch_days(plan, expected.scenario, float(expected.calendar.days))
    if days.size > 1:
        yield (
            "follow_up has no stop rule (neither touches nor stop_after nor reads_signals), so who never buys is "
            f"touched until the horizon, about {about(float(days.size))} times: give one of them."
        )


def tells_of_open_files(scenario: Scenario) -> bool:
    """Does advice say already that files will be open at the horizon?"""
    expected = Expectation(scenario)
    return any(told for doubt in (_never_stops, _begins, _cut_short) for told in doubt(expected))


def _followed(expected: Expectation) -> bool:
    """Is anybody followed up, as far as one can tell?"""
    return any(undecided(expected).values())


def _begins(expected: Expectation) -> Iterator[str]:
    """Touches that the time rule, or the horizon, leaves no room for."""
    plan, scenario, days = expected.scenario.follow_up, expected.scenario, expected.calendar.days
    if plan is None or not _followed(expected):
        return
    first, key = first_after(plan, scenario), "interval" if plan.first_after is None else "first_after"
    begins = f"the first is due {plan.first_after or plan.interval} after the talk (follow_up.{key})"
    stop = None if plan.stop_after is None else working_days(plan.stop_after, scenario)
    if stop is not None and stop < first:
        yield f"follow_up.stop_after {plan.stop_after} leaves no room for a touch, as {begins}: stop later."
    elif first >= days:
        yield f"no touch fits into the horizon of {days} working days, as {begins}: touch sooner or lengthen it."
    else:
        yield from _fit(plan, scenario, days, stop)


def _fit(plan: FollowUp, scenario: Scenario, days: int, stop: float | None) -> Iterator[str]:
    """The count that is allowed against the touches that fit."""
    if plan.touches == MAX_TOUCHES:
        return
    fit = touch_days(plan, scenario, float(days - 1)).size
    if fit >= plan.touches:
        return
    by_time = stop is not None and stop < days - 1
    where = f"before stop_after {plan.stop_after}" if by_time else f"into the horizon of {days} working days"
    do = "stop later" if by_time else "touch more often or lengthen the horizon"
    yield f"follow_up.touches is {plan.touches:,}, but only about {fit:,} fit {where}: {do}, or allow fewer."


def _cut_short(expected: Expectation) -> Iterator[str]:
    """Files that the horizon cuts short."""
    plan, scenario, days = expected.scenario.follow_up, expected.scenario, expected.calendar.days
    if plan is None or not has_end(plan) or sum(undecided(expected).values()) < FEW:
        return
    whole = touch_days(plan, scenario, 1e6)
    fit = touch_days(plan, scenario, float(days - 1))
    if not whole.size or fit.size < whole.size:
        return  # which is said of the touches
    last, length = opening_days(expected), float(whole[-1])
    if last + length > days:
        yield (
            f"follow_up lasts up to about {about(length)} working days, and talks go on until about day {about(last)} "
            f"of {days}, so later ones are cut short by the horizon: lengthen it, or end the intake sooner."
        )


def _quota(expected: Expectation) -> Iterator[str]:
    """A number that is made by touching who would rather be left alone, or that cannot be made at all."""
    plan, scenario = expected.scenario.follow_up, expected.scenario
    if plan is None or not plan.quota or not _followed(expected):
        return
    team = scenario.teams[plan.team]
    minutes, have = plan.quota * touch_minutes(plan), expected.minutes_a_day(plan.team) / team.size
    if minutes > have:
        yield (
            f"follow_up.quota {plan.quota:,} is about {about(minutes)} minutes a day for each member, who has "
            f"{about(have)}: ask for fewer."
        )
    files, each = sum(undecided(expected).values()), plan.quota * team.size
    tolerance = median(*tolerances(expected))
    every = max(1.0, files / each) * 7 / len(scenario.working_days)
    if every < tolerance and every < _calendar_days(gap(plan, scenario), scenario):
        yield (
            f"follow_up.quota {plan.quota:,} touches each open lead about every {about(every)} days, even if all "
            f"{about(files)} undecided were open at once, but half of them tolerate a touch only every "
            f"{about(tolerance)} days or more: lower it."
        )


def _calendar_days(days: float, scenario: Scenario) -> float:
    return days * 7 / len(scenario.working_days)


def _sells_nothing(expected: Expectation) -> Iterator[str]:
    """Follow-up that cannot sell, and irritation that helps."""
    plan = expected.scenario.follow_up
    if plan is None or not _followed(expected):
        return
    if plan.sold.best == 0:
        yield "follow_up.sold is 0 at the best guess, so no touch ever sells: give a share above 0."
    if plan.odds_per_irritation.best > 1:
        ratio = plan.odds_per_irritation.best
        yield f"follow_up.odds_per_irritation {ratio:g} says that irritation makes people buy: give at most 1."
    found = list(pursued(expected))
    touches, sold = sum(each.touches for each in found), sum(each.sold for each in found)
    if plan.sold.best and touches >= FEW and not sold:
        names = listed([f"segments.{each.segment}" for each in found])
        yield (
            f"none of the about {about(touches)} touches can sell, as the leads of {names} are able to buy before the "
            "first touch, after the last or never: check ready, window, never_ready and the interval."
        )


PURSUIT_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _nobody, _never_stops, _begins, _cut_short, _quota, *HABIT_DOUBTS, _sells_nothing,
)  # fmt: skip
