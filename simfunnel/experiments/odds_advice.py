"""An odds ratio is told with the share before and after it, at the best guess; one that acts on nobody is doubted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.expectation import Expectation, after_odds, step
from simfunnel.experiments.phrasing import clock_minutes, percent
from simfunnel.experiments.roles import FACE_TO_FACE, answering, calling_or_answering, dialling, offers, receiving
from simfunnel.experiments.roles import room_of as room_that_talks_to
from simfunnel.funnel.marketing import warms
from simfunnel.reproduction import kept
from simfunnel.scenario.after_sales import AfterSales
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import Quantity, fixed
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
            yield _echo(f"calling.warm.{name}", ratio, name, getattr(scenario.calling, name).best)
    yield from _echoes_of_waiting(scenario)
    yield from _echoes_of_segments(scenario)
    yield from _echoes_of_teams(scenario)
    yield from _echoes_of_closing(scenario)
    yield from _echoes_of_pursuit(scenario)
    for path, ratio, name, before in _of_care(scenario.after_sales) if scenario.after_sales is not None else ():
        if ratio.best != 1:
            yield _echo(f"after_sales.{path}", ratio, name, before)


def _echoes_of_waiting(scenario: Scenario) -> Iterator[str]:
    """What waiting for an answer, or for the demo, does."""
    plan, demo = scenario.inbound, scenario.demo
    if plan is not None:
        for minute, ratio in sorted(plan.waiting.odds.items()):
            path = dotted(("inbound", "waiting", "odds", clock_minutes(minute)))
            yield _echo(path, ratio, "accepted", plan.accepted.best)
    if demo is not None:
        for name, ratio in (("reminder.odds", demo.reminder.odds), ("odds_per_day_waited", demo.odds_per_day_waited)):
            if ratio.best != 1:
                yield _echo(f"demo.{name}", ratio, "attended", demo.attended.best)


def _echoes_of_segments(scenario: Scenario) -> Iterator[str]:
    for owner, segment in scenario.segments.items():
        room = room_that_talks_to(scenario, segment)
        for name, ratio in _ratios(segment.odds):
            before = _share(scenario, room, name)
            if before is not None and name in (*BEFORE_THE_OFFER, "accepted") and isinstance(room, Calling):
                before = step(scenario, segment, name)  # a warm segment's calls are warm already
            if before is not None:
                yield _echo(f"segments.{owner}.odds.{name}", ratio, name, before)


def _echoes_of_teams(scenario: Scenario) -> Iterator[str]:
    calls = {*dialling(scenario), *receiving(scenario)}
    for owner, team in scenario.teams.items():
        room: Calling | Inbound | None = scenario.calling if owner in calls else None
        room = room or (scenario.inbound if owner in answering(scenario) else None)
        for name, ratio in _ratios(team.odds):
            before = Expectation(scenario).interested if name == "interested" else _share(scenario, room, name)
            if before is not None and room is not None:
                yield _echo(f"teams.{owner}.odds.{name}", ratio, name, before)


def _echoes_of_closing(scenario: Scenario) -> Iterator[str]:
    plan = scenario.closing
    if not offers(scenario) & FACE_TO_FACE:
        return
    ratios = [(name, getattr(plan, name)) for name in PER_MINUTE] + [("paper.odds", plan.paper.odds)]
    for method, block in plan.methods.items():
        ratios += [(f"methods.{method}.{name}", ratio) for name, ratio in _ratios(block) if name != "share"]
    for name, ratio in ratios:
        if ratio.best != 1:
            yield _echo(f"closing.{name}", ratio, "sold", plan.sold_if_interested.best)


def _echoes_of_pursuit(scenario: Scenario) -> Iterator[str]:
    """What touches, irritation, pressing and coming back do to a touch; what messages do to coming back."""
    plan = scenario.follow_up
    if plan is None:
        return
    for name in OF_TOUCHES:
        if (ratio := getattr(plan, name)).best != 1:
            yield _echo(f"follow_up.{name}", ratio, "sold", plan.sold.best)
    returning = [segment.returns.best for segment in scenario.segments.values() if segment.returns.best]
    if plan.nurture is not None and returning and plan.nurture.odds_returning.best != 1:
        for share in dict.fromkeys(returning):
            yield _echo("follow_up.nurture.odds_returning", plan.nurture.odds_returning, "returns", share)


def _of_care(plan: AfterSales) -> Iterator[tuple[str, Quantity, str, float]]:
    """What contacts do to a customer's satisfaction of one half, what satisfaction does, and keeping to a calendar."""
    lifts = (("seller_initiated", plan.seller_initiated), ("customer_initiated", plan.customer_initiated),
             ("marketing", plan.marketing))  # fmt: skip
    for name, block in lifts:
        if block is not None:
            yield f"{name}.lift", block.lift, "satisfaction", 0.5
    yield "customer_initiated.odds_per_day", plan.customer_initiated.odds_per_day, "satisfaction", 0.5
    if plan.cooperative is not None:
        yield "cooperative.odds_defect", plan.cooperative.odds_defect, "defects", plan.defect.rate.best
    if plan.remorse is not None:
        cancels = plan.remorse.cancels.best
        yield "remorse.conceded", plan.remorse.conceded, "cancelled", cancels
        yield "remorse.satisfied", plan.remorse.satisfied, "of the wholly satisfied: kept", 1 - cancels
        if plan.seller_initiated is not None:
            yield "seller_initiated.approves", plan.seller_initiated.approves, "cancelled", cancels
    yield "defect.satisfied", plan.defect.satisfied, "of the wholly satisfied: complained", plan.defect.complains.best
    if plan.repeat is not None and plan.repeat.bought is not None:
        yield (
            "repeat.satisfied",
            plan.repeat.satisfied,
            "of the wholly satisfied: bought again",
            plan.repeat.bought.best,
        )
    if plan.cross_sale is not None:
        yield (
            "cross_sale.satisfied",
            plan.cross_sale.satisfied,
            "of the wholly satisfied: took it",
            plan.cross_sale.sold.best,
        )
    if plan.referral is not None:
        given = plan.referral.given.best
        yield "referral.satisfied", plan.referral.satisfied, "of the wholly satisfied: gave names", given
        if plan.friendly is not None:
            yield "friendly.odds_referral", plan.friendly.odds_referral, "gave names", given
    if plan.quality is not None and plan.consistency:
        yield "quality.odds_per_month", plan.quality.odds_per_month, "kept to", kept(plan)


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


def _echo(path: str, ratio: Quantity, name: str, before: float) -> str:
    after = after_odds(fixed(before), ratio)
    doubt = "" if ratio.is_fixed else " (best guess)"
    return f"{path} {ratio.best:g}{doubt}: {name} {percent(before)} → {percent(after)}"


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
    calling, segments = expected.scenario.calling, expected.scenario.segments.items()
    warm = sum(expected.by_segment[name] for name, segment in segments if segment.temperature == "warm")
    if calling is not None and not warm and not warms(expected.scenario):
        for name, _ in _ratios(calling.warm):
            yield f'calling.warm.{name} acts on 0 leads: give a segment temperature = "warm" or remove it.'


ODDS_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _idle_odds_of_teams, _idle_odds_of_segments, _idle_warmth,
)  # fmt: skip
