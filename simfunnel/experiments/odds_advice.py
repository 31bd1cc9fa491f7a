"""An odds ratio is told with the share before and after it, at the best guess; one that acts on nobody is doubted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.care_odds import care_echoes, echo
from simfunnel.experiments.expectation import Expectation, step
from simfunnel.experiments.phrasing import clock_minutes
from simfunnel.experiments.roles import FACE_TO_FACE, answering, calling_or_answering, dialling, offers, receiving
from simfunnel.experiments.roles import room_of as room_that_talks_to
from simfunnel.funnel.marketing import warms
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.routing_consistency import is_for_the_named
from simfunnel.scenario.schema import Calling, Inbound, Scenario
from simfunnel.scenario.shape import dotted

BEFORE_THE_OFFER = ("answered", "listened")
OF_ANSWERS = ("accepted", "attended", "interested")
PER_MINUTE = ("odds_per_minute_waited", "odds_per_minute_early", "odds_per_minute_late", "pressure")
OF_TOUCHES = ("odds_per_touch", "odds_per_irritation", "pressure", "odds_returned")


def echoes(scenario: Scenario) -> Iterator[str]:
    """Each odds ratio that is not 1 and acts on somebody, with the share before and after."""
    if scenario.calling is not None:
        for name, ratio in _ratios(scenario.calling.warm):
            yield echo(f"calling.warm.{name}", ratio, name, getattr(scenario.calling, name).best)
    yield from _echoes_of_waiting(scenario)
    yield from _echoes_of_segments(scenario)
    yield from _echoes_of_teams(scenario)
    yield from _echoes_of_closing(scenario)
    yield from _echoes_of_pursuit(scenario)
    if scenario.after_sales is not None:
        yield from care_echoes(scenario.after_sales)


def _echoes_of_waiting(scenario: Scenario) -> Iterator[str]:
    """What waiting for an answer, or for the demo, does."""
    plan, demo = scenario.inbound, scenario.demo
    if plan is not None:
        for minute, ratio in sorted(plan.waiting.odds.items()):
            path = dotted(("inbound", "waiting", "odds", clock_minutes(minute)))
            yield echo(path, ratio, "accepted", plan.accepted.best)
    if demo is not None:
        for name, ratio in (("reminder.odds", demo.reminder.odds), ("odds_per_day_waited", demo.odds_per_day_waited)):
            if ratio.best != 1:
                yield echo(f"demo.{name}", ratio, "attended", demo.attended.best)


def _echoes_of_segments(scenario: Scenario) -> Iterator[str]:
    for owner, segment in scenario.segments.items():
        room = room_that_talks_to(scenario, segment)
        for name, ratio in _ratios(segment.odds):
            before = _share(scenario, room, name)
            if before is not None and name in (*BEFORE_THE_OFFER, "accepted") and isinstance(room, Calling):
                before = step(scenario, segment, name)  # a warm segment's calls are warm already
            if before is not None:
                yield echo(f"segments.{owner}.odds.{name}", ratio, name, before)


def _echoes_of_teams(scenario: Scenario) -> Iterator[str]:
    calls = {*dialling(scenario), *receiving(scenario)}
    for owner, team in scenario.teams.items():
        room: Calling | Inbound | None = scenario.calling if owner in calls else None
        room = room or (scenario.inbound if owner in answering(scenario) else None)
        for name, ratio in _ratios(team.odds):
            before = Expectation(scenario).interested if name == "interested" else _share(scenario, room, name)
            if before is not None and room is not None:
                yield echo(f"teams.{owner}.odds.{name}", ratio, name, before)


def _echoes_of_closing(scenario: Scenario) -> Iterator[str]:
    plan = scenario.closing
    if not offers(scenario) & FACE_TO_FACE:
        return
    ratios = [(name, getattr(plan, name)) for name in PER_MINUTE] + [("paper.odds", plan.paper.odds)]
    for method, block in plan.methods.items():
        ratios += [(f"methods.{method}.{name}", ratio) for name, ratio in _ratios(block) if name != "share"]
    for name, ratio in ratios:
        if ratio.best != 1:
            yield echo(f"closing.{name}", ratio, "sold", plan.sold_if_interested.best)


def _echoes_of_pursuit(scenario: Scenario) -> Iterator[str]:
    """What touches, irritation, pressing and coming back do to a touch; what messages do to coming back."""
    plan = scenario.follow_up
    if plan is None:
        return
    for name in OF_TOUCHES:
        if (ratio := getattr(plan, name)).best != 1:
            yield echo(f"follow_up.{name}", ratio, "sold", plan.sold.best)
    returning = [segment.returns.best for segment in scenario.segments.values() if segment.returns.best]
    if plan.nurture is not None and returning and plan.nurture.odds_returning.best != 1:
        for share in dict.fromkeys(returning):
            yield echo("follow_up.nurture.odds_returning", plan.nurture.odds_returning, "returns", share)


def _share(scenario: Scenario, room: Calling | Inbound | None, name: str) -> float | None:
    """The share at a step, of those to whom a room talks; None where there is no such step."""
    if room is None or (name in BEFORE_THE_OFFER and isinstance(room, Inbound)):
        return None
    if name == "attended":
        event = {"demo": scenario.demo, "meeting": scenario.meeting, "sale": None}[room.offer]
        return None if event is None else event.attended.best
    if name == "sold":
        if room.offer in FACE_TO_FACE:
            return scenario.closing.sold_if_interested.best
        return None if scenario.follow_up is None or not room.undecided.best else scenario.follow_up.sold.best
    return float(getattr(room, name).best)


def _ratios(block: Block) -> Iterator[tuple[str, Quantity]]:
    for name, ratio in block:
        if ratio.best != 1:
            yield name, ratio


def _idle_odds_of_teams(expected: Expectation) -> Iterator[str]:
    scenario = expected.scenario
    if not expected.leads or not offers(scenario):
        return
    dials, answers = {*dialling(scenario), *receiving(scenario)}, answering(scenario)
    for name, team in scenario.teams.items() if calling_or_answering(scenario) else ():
        for odd, _ in _ratios(team.odds):
            if name not in dials and not (name in answers and odd in OF_ANSWERS):
                works = "dial" if not answers or odd in BEFORE_THE_OFFER else "dial or answer"
                yield f"teams.{name}.odds.{odd} acts on 0 leads, as the team does not {works}: remove it."


def _idle_odds_of_segments(expected: Expectation) -> Iterator[str]:
    """Traits and odds of dialling, of leads that are never dialled."""
    for name, segment in expected.scenario.segments.items():
        if segment.temperature != "hot":
            continue
        touched = expected.scenario.follow_up is not None  # who may be hard to reach, or behind a gatekeeper
        traits = (("dead_number", 0), *(() if touched else (("reach", 0), ("decision_maker", 1))))
        idle = [trait for trait, inert in traits if getattr(segment, trait) != fixed(inert)]
        idle += [f"odds.{odd}" for odd, _ in _ratios(segment.odds) if odd in BEFORE_THE_OFFER]
        for key in idle:
            yield f"segments.{name}.{key} acts on 0 leads, as hot leads are not dialled: remove it."


def _idle_warmth(expected: Expectation) -> Iterator[str]:
    """Odds of warm leads, where there are none; whether anybody is named is doubted where customers are asked."""
    scenario, calling = expected.scenario, expected.scenario.calling
    warm = [name for name, segment in scenario.segments.items() if segment.temperature == "warm"]
    some = any(expected.by_segment[name] or is_for_the_named(name, scenario) for name in warm)
    if calling is not None and not some and not warms(scenario):
        for name, _ in _ratios(calling.warm):
            yield f'calling.warm.{name} acts on 0 leads: give a segment temperature = "warm" or remove it.'


ODDS_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _idle_odds_of_teams, _idle_odds_of_segments, _idle_warmth,
)  # fmt: skip
