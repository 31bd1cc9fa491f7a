"""What cannot fit together when selling face to face is said before a run: closers, patience, the moment to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.closing_expectation import talk_minutes
from simfunnel.experiments.expectation import Expectation, after_odds, mean_pace
from simfunnel.experiments.phrasing import about
from simfunnel.experiments.roles import FACE_TO_FACE, offers
from simfunnel.funnel.demo import bookable
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE


def _too_few_closers(expected: Expectation) -> Iterator[str]:
    """Comers of whom more than half leave before a closer is free."""
    plan = expected.scenario.closing
    comers = _comers(expected)
    if not plan.closers or plan.patience is None or not comers:
        return
    talk, patience = _talk(expected), plan.patience.mean() / MINUTE
    served = plan.closers * (1 + patience / talk) if talk else comers
    if served < comers / 2:
        yield (
            f"closing.closers {plan.closers} can begin about {about(served)} talks of {about(talk)} minutes before a "
            f"patience of {about(patience)} minutes ends, but about {about(comers)} come to an event: call more "
            "closers, invite fewer, or shorten the talk."
        )


def _comers(expected: Expectation) -> float:
    """Comers of an event, if bookings spread evenly over all of them."""
    demo = expected.scenario.demo
    if demo is None or not expected.events:
        return 0.0
    booked = min(expected.bookings / len(expected.events), bookable(demo.seats, demo.overbooking))
    return min(demo.seats, booked * after_odds(demo.attended, demo.reminder.odds))


def _talk(expected: Expectation) -> float:
    """Minutes of a talk of the members that are called."""
    scenario = expected.scenario
    assert scenario.demo is not None
    paces = scenario.teams[scenario.demo.team].pace[: scenario.closing.closers]
    return talk_minutes(scenario.closing, expected.interested) * mean_pace(paces)


def _no_comers(expected: Expectation) -> Iterator[str]:
    scenario = expected.scenario
    if scenario.closing.closers and scenario.demo is not None and offers(scenario) and "demo" not in offers(scenario):
        yield (
            f"closing.closers {scenario.closing.closers} talk to 0 comers, as neither calling nor inbound offers "
            "the demo: set it to 0 or change an offer."
        )


def _moment(expected: Expectation) -> Iterator[str]:
    """Keys of the moment to ask that the others leave without effect."""
    plan = expected.scenario.closing
    errs = plan.misread.best > 0 and plan.reads_signals.best < 1
    if plan.reads_signals.best and not plan.misread.best:
        yield "closing.reads_signals avoids an error of 0 minutes, as closing.misread is 0: give it or remove this."
    if plan.odds_per_minute_early.best != 1 and not errs and not plan.haste.best:
        yield "closing.odds_per_minute_early acts on 0 minutes, as closers ask at the peak: give misread or haste."
    if plan.odds_per_minute_late.best != 1 and not errs:
        yield "closing.odds_per_minute_late acts on 0 minutes, as no closer asks late: give misread or remove it."
    if plan.haste.best and plan.haste.best >= plan.minutes.peak.mean():
        haste, peak = (about(ms / MINUTE) for ms in (plan.haste.best, plan.minutes.peak.mean()))
        yield (
            f"closing.haste {haste} minutes is no less than the {peak} minutes to the peak on average, so most are "
            "asked as soon as they sit down: hurry less."
        )


def _helpful_harm(expected: Expectation) -> Iterator[str]:
    """Odds ratios by which what harms helps."""
    plan = expected.scenario.closing
    harms: tuple[tuple[str, Quantity, str], ...] = (
        ("odds_per_minute_waited", plan.odds_per_minute_waited, "waiting makes people buy"),
        ("odds_per_minute_early", plan.odds_per_minute_early, "asking too early makes people buy"),
        ("odds_per_minute_late", plan.odds_per_minute_late, "asking too late makes people buy"),
        ("paper.odds", plan.paper.odds, "forms make people buy"),
    )
    for name, ratio, claim in harms:
        if ratio.best > 1:
            yield f"closing.{name} {ratio.best:g} says that {claim}: give a ratio of at most 1."


def _idle_methods(expected: Expectation) -> Iterator[str]:
    """What a method is worth to leads of a temperature that there are none of."""
    scenario = expected.scenario
    there = _temperatures_met(scenario)
    for name, method in scenario.closing.methods.items() if there else ():
        for temperature in ("cold", "warm", "hot"):
            if temperature not in there and getattr(method, temperature).best != 1:
                yield (
                    f"closing.methods.{name}.{temperature} acts on 0 leads: give a segment temperature = "
                    f'"{temperature}" that is met, or remove it.'
                )


def _temperatures_met(scenario: Scenario) -> set[str]:
    """The temperatures of the leads whom somebody meets face to face."""
    rooms = {"hot": scenario.inbound, "cold": scenario.calling, "warm": scenario.calling}
    there = {segment.temperature for segment in scenario.segments.values()}
    return {t for t in there if (room := rooms[t]) is not None and room.offer in FACE_TO_FACE}


CLOSING_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _too_few_closers, _no_comers, _moment, _helpful_harm, _idle_methods,
)  # fmt: skip
