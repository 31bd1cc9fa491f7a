"""What cannot fit together when selling face to face is said before a run: closers, patience, the moment to ask."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simfunnel.experiments.closing_expectation import talk_minutes
from simfunnel.experiments.expectation import Expectation, after_odds, mean_pace
from simfunnel.experiments.phrasing import about
from simfunnel.experiments.roles import FACE_TO_FACE, met_by_nobody, offers, room_of
from simfunnel.funnel.demo import NIGHT, bookable
from simfunnel.funnel.marketing import warms
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE

LONG_EVENING = 180  # minutes of talks after the event


@dataclass(frozen=True)
class _Queue:
    """The comers of an event before its closers, in means; times in minutes, `night` being those until 28:00."""

    closers: int
    comers: float
    talk: float
    patience: float
    night: float

    @property
    def wait(self) -> float:
        """Who waits longer has left."""
        return min(self.patience, self.night)

    @property
    def begun(self) -> float:
        """Talks that can begin before who waits has left."""
        return self.closers * (1 + self.wait / self.talk) if self.talk else self.comers

    @property
    def lasts(self) -> float:
        """From the first talk's begin to the last one's end."""
        return min(self.talk * self.comers / self.closers, self.wait + self.talk)

    @property
    def kept_till_night(self) -> bool:
        """Does only the night end the wait?"""
        return self.patience >= self.night

    @property
    def too_long(self) -> bool:
        """Do more than half leave, or any of those who would stay till night?"""
        return self.begun < (self.comers if self.kept_till_night else self.comers / 2)


def _queue(expected: Expectation) -> _Queue | None:
    """The queue after an event, if there is one."""
    plan, demo, comers = expected.scenario.closing, expected.scenario.demo, _comers(expected)
    if demo is None or not plan.closers or not comers:
        return None
    patience = math.inf if plan.patience is None else plan.patience.mean() / MINUTE
    night = NIGHT / MINUTE - (demo.at + demo.length)
    return _Queue(plan.closers, comers, _talk(expected), patience, night)


def _too_few_closers(expected: Expectation) -> Iterator[str]:
    """Comers who leave before a closer is free, or who keep the closers half the night."""
    queue = _queue(expected)
    if queue is None or not (queue.too_long or queue.lasts > LONG_EVENING):
        return
    said, come = f"closing.closers {queue.closers}", f"about {about(queue.comers)} come to an event"
    talks = f"about {about(queue.begun)} talks of {about(queue.talk)} minutes"
    do = "call more closers, invite fewer, or shorten the talk."
    if not queue.too_long:
        yield (
            f"{said} talk for about {about(queue.lasts / 60)} hours after an event, {about(queue.talk)} minutes a "
            f"talk, as {come}: {do}"
        )
    elif queue.kept_till_night:
        yield (
            f"{said} can begin {talks} until 28:00 (04:00 next morning), when all who still wait leave, but {come}: "
            f"{do}"
        )
    else:
        yield f"{said} can begin {talks} before a patience of {about(queue.patience)} minutes ends, but {come}: {do}"


def _order(expected: Expectation) -> Iterator[str]:
    """Who is talked to first, where others leave."""
    queue, segments = _queue(expected), expected.scenario.segments
    if queue is None or not queue.too_long:
        return
    coming = [name for name, leads in expected.by_segment.items() if leads and _invited(expected.scenario, name)]
    if len(coming) > 1:
        first = min(coming, key=lambda name: not segments[name].leads)  # the first listed one, if any is
        yield (
            f"closing.closers {queue.closers} are too few, and comers of segments.{first} are talked to first, as "
            "comers are talked to in order of their number (leads on a list before arrivals, segments in the file's "
            "order), so at the same event those of the others leave more often: call more closers before you compare "
            "segments, or name first whom you want to be heard."
        )


def _invited(scenario: Scenario, name: str) -> bool:
    """Are a segment's leads offered the demo?"""
    room = room_of(scenario, scenario.segments[name])
    return room is not None and room.offer == "demo"


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
    if met_by_nobody(expected.scenario):
        return
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
    if met_by_nobody(expected.scenario):
        return
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
    there |= {"warm"} if "cold" in there and warms(scenario) else set()
    return {t for t in there if (room := rooms[t]) is not None and room.offer in FACE_TO_FACE}


CLOSING_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _too_few_closers, _order, _no_comers, _moment, _helpful_harm, _idle_methods,
)  # fmt: skip
