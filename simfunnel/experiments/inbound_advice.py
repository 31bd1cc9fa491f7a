"""What hot leads come upon is said before a run: nights, impatience, a curve that ends too soon or rises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.inbound_expectation import Awaited
from simfunnel.experiments.phrasing import about, clock_minutes, percent
from simfunnel.funnel.segments import arrives
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import WEEKDAYS, Hours

SOME = 0.1
CURVE_REACHES = 4  # a curve says enough about waits up to so many times its last step
ALL_DAY = Hours(0, 24 * 60)


def _nights(expected: Expectation) -> Iterator[str]:
    """Leads that arrive when nobody is there."""
    for hot in expected.awaited:
        if hot.arrivals and hot.outside >= SOME:
            yield from _short_curve(expected, hot)
            yield from _impatient(hot)


def _short_curve(expected: Expectation, hot: Awaited) -> Iterator[str]:
    assert expected.scenario.inbound is not None
    curve = expected.scenario.inbound.waiting.odds
    last = max(curve, default=0)
    if curve and last * CURVE_REACHES < hot.overnight:
        yield (
            f"{_outside(hot)} and wait about {about(hot.overnight / 60)} hours on average, but inbound.waiting.odds "
            f"ends at {clock_minutes(last)}: its last step, {curve[last].best:g}, counts for them; "
            "add steps or lengthen the shift."
        )


def _impatient(hot: Awaited) -> Iterator[str]:
    if hot.stay_overnight < 0.5:
        yield (
            f"{_outside(hot)}, and the patience of {percent(1 - hot.stay_overnight)} of them ends before it opens: "
            "lengthen the shift, or inbound.patience."
        )


def _outside(hot: Awaited) -> str:
    return f"{percent(hot.outside)} of segments.{hot.segment} arrive outside the shift of teams.{hot.team}"


def _curve(expected: Expectation) -> Iterator[str]:
    """A curve by which who waits longer is keener."""
    plan = expected.scenario.inbound
    if plan is None:
        return
    steps = [(0, 1.0), *((minute, ratio.best) for minute, ratio in sorted(plan.waiting.odds.items()))]
    for (_, before), (minute, after) in pairwise(steps):
        if after > before:
            yield (
                f"inbound.waiting.odds rises from {before:g} to {after:g} at {clock_minutes(minute)}, so that who "
                "waits longer accepts more readily: give ratios that fall."
            )


def _arrivals(expected: Expectation) -> Iterator[str]:
    """Keys that say when leads arrive, and mean nobody."""
    worked = expected.scenario.working_days
    for name, segment in expected.scenario.segments.items():
        for day, mean in segment.arrivals_by_weekday.items():
            if day not in worked and mean.best:
                yield (
                    f"segments.{name}.arrivals_by_weekday names {WEEKDAYS[day]}, which is not one of the "
                    f"{len(worked)} working_days, so its {about(mean.best)} leads never come: add them to another day."
                )
        if segment.arrival_hours != ALL_DAY and (why := _hours_mean_nothing(expected.scenario, name)):
            yield f"segments.{name}.arrival_hours acts on 0 leads, as {why}: remove it."


def _hours_mean_nothing(scenario: Scenario, name: str) -> str:
    if not arrives(scenario, name):
        return "none arrive"
    return "" if scenario.segments[name].temperature == "hot" else "who is not hot is dialled from the next day on"


INBOUND_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_nights, _curve, _arrivals)
