"""What is legal but surely wrong is said before a run, with numbers and with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simfunnel.experiments.after_sales_advice import AFTER_SALES_DOUBTS
from simfunnel.experiments.after_sales_idle_advice import AFTER_SALES_IDLE_DOUBTS
from simfunnel.experiments.after_sales_silence_advice import AFTER_SALES_SILENCE_DOUBTS
from simfunnel.experiments.closing_advice import CLOSING_DOUBTS
from simfunnel.experiments.dealing_advice import DEALING_DOUBTS
from simfunnel.experiments.demo_advice import DEMO_DOUBTS
from simfunnel.experiments.expectation import Expectation, working_days
from simfunnel.experiments.idle_advice import IDLE_DOUBTS
from simfunnel.experiments.inbound_advice import INBOUND_DOUBTS
from simfunnel.experiments.marketing_advice import MARKETING_DOUBTS
from simfunnel.experiments.odds_advice import ODDS_DOUBTS, echoes
from simfunnel.experiments.offer_advice import OFFER_DOUBTS
from simfunnel.experiments.phrasing import about
from simfunnel.experiments.pursuit_advice import PURSUIT_DOUBTS
from simfunnel.experiments.pursuit_idle_advice import PURSUIT_IDLE_DOUBTS
from simfunnel.experiments.roles import FACE_TO_FACE, leads_undecided, offers
from simfunnel.experiments.slip_advice import SLIP_DOUBTS
from simfunnel.experiments.work_advice import PAY_DOUBTS, WORK_DOUBTS, cost_of_no_work
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.routing_consistency import is_for_the_named
from simfunnel.scenario.schema import Scenario


@dataclass(frozen=True)
class Advice:
    """One sentence for each doubt, and for each odds ratio what it means."""

    warnings: tuple[str, ...]
    odds: tuple[str, ...]


def advise(scenario: Scenario, *written: Scenario) -> Advice:
    """What a planner should know about a valid scenario before running it.

    `written` is what else its files say, the base without overrides and other alternatives: of keys that act in one of
    them, and not here, nothing is said.
    """
    expected = Expectation(scenario, written)
    warnings = [warning for doubt in DOUBTS for warning in doubt(expected)]
    return Advice(tuple(warnings), tuple(echoes(scenario)))


def _stages(expected: Expectation) -> Iterator[str]:
    """Stages that nothing reaches, because a room of the funnel is absent."""
    scenario = expected.scenario
    if not expected.leads:
        said = f"segments hold 0 leads, so nothing happens{_paid_all_the_same(expected)}: "
        yield f"{said}add a table [segments.list] with leads = 1500."
    elif scenario.calling is None and (cold := _to_dial(expected)):
        yield f"calling is absent, so none of the {about(cold)} leads is ever dialled: add a table [calling]."
    elif scenario.demo is None and "demo" in offers(scenario):
        yield f"demo is absent, so about {about(expected.bookings)} who accept have nowhere to come: add [demo]."
    if expected.leads and scenario.calling is not None and not _to_dial(expected):
        yield "calling has 0 leads to dial, as all are hot: remove it or add a list."
    yield from _uninvited(scenario)


def _to_dial(expected: Expectation) -> float:
    """Leads that are not hot."""
    segments = expected.scenario.segments.items()
    return sum(expected.by_segment[name] for name, segment in segments if segment.temperature != "hot")


def _uninvited(scenario: Scenario) -> Iterator[str]:
    """Rooms to which no offer leads; a demo beside another offer is taken for a plan that was, or will be."""
    if scenario.demo is not None and scenario.calling is None and scenario.inbound is None:
        yield "demo invites 0 leads, because calling is absent: add a table [calling] or remove [demo]."
    if scenario.meeting is not None and "meeting" not in offers(scenario):
        yield 'meeting is offered to 0 leads: set calling.offer or inbound.offer = "meeting", or remove [meeting].'


def _paid_all_the_same(expected: Expectation) -> str:
    """What is spent though nobody is called."""
    spent = sum(cost_of_no_work(expected, name) for name in expected.scenario.teams)
    return f", but hiring and shifts are paid, {spent:,.0f} {expected.scenario.currency}" if spent else ""


def _empty_segments(expected: Expectation) -> Iterator[str]:
    for name, leads in expected.by_segment.items():
        if expected.leads and not leads and not is_for_the_named(name, expected.scenario):
            yield f"segments.{name} has 0 leads: give it leads or remove it."


def _shares_of_zero(expected: Expectation) -> Iterator[str]:
    """Stages that nothing reaches, because a share is 0."""
    for path, share, stage in _shares(expected.scenario):
        if share.best == 0 and not (path == "closing.sold_if_interested" and leads_undecided(expected.scenario)):
            yield f"{path} is 0 at the best guess, so the stage `{stage}` is never reached: give a share above 0."


def _shares(scenario: Scenario) -> Iterator[tuple[str, Quantity, str]]:
    """Every share without which a stage is never reached, and the stage."""
    offered = offers(scenario)
    if scenario.calling is not None:
        for name in ("answered", "listened"):
            yield f"calling.{name}", getattr(scenario.calling, name), name
    for path, room in (("calling", scenario.calling), ("inbound", scenario.inbound)):
        if room is not None and (scenario.follow_up is None or room.undecided.best == 0):
            yield f"{path}.accepted", room.accepted, "accepted"
    if scenario.demo is not None and "demo" in offered:
        yield "demo.attended", scenario.demo.attended, "attended"
    if scenario.meeting is not None and "meeting" in offered:
        yield "meeting.attended", scenario.meeting.attended, "attended"
    met = bool(offered & FACE_TO_FACE)
    if met and (scenario.demo is not None or scenario.meeting is not None):
        yield "closing.sold_if_interested", scenario.closing.sold_if_interested, "sold"
    for name, segment in scenario.segments.items():
        if met:
            yield f"segments.{name}.interested", segment.interested, "interested"
        yield f"segments.{name}.qualified", segment.qualified, "sold"


def _retries(expected: Expectation) -> Iterator[str]:
    calling, days = expected.scenario.calling, expected.calendar.days
    if calling is None or calling.attempts == 1:
        return
    gap = max(1.0, working_days(calling.retry_after, expected.scenario))
    most = 1 + int((days - 1) / gap)
    if most < calling.attempts:
        yield (
            f"calling.attempts is {calling.attempts}, but with retry_after {calling.retry_after} only {most} fit into "
            f"the horizon of {days} working days: retry sooner or lengthen the horizon."
        )


def _intake(expected: Expectation) -> Iterator[str]:
    scenario, days = expected.scenario, expected.calendar.days
    if scenario.intake is not None and expected.calendar.length(scenario.intake) >= days:
        yield f"intake {scenario.intake} does not end before the horizon of {days} working days: remove or shorten it."


def _money(expected: Expectation) -> Iterator[str]:
    money, currency = expected.scenario.money, expected.scenario.currency
    revenue, cost = money.revenue_per_sale.mean(), money.unit_cost.best
    if revenue == 0:
        yield f"money.revenue_per_sale is 0 {currency}, so there is no revenue: say what a sale brings."
    elif revenue < cost:
        yield (
            f"money.revenue_per_sale is {revenue:,.2f} {currency} on average, below money.unit_cost "
            f"{cost:,.2f}, so every sale loses money: check both."
        )


def _gatekeepers(expected: Expectation) -> Iterator[str]:
    calling, segments = expected.scenario.calling, expected.scenario.segments.values()
    if calling is None or calling.asked_through.best == 0:
        return
    if all(segment.decision_maker.support[0] == 1 for segment in segments if segment.temperature != "hot"):
        yield (
            "calling.asked_through acts on 0 leads, as no segment has gatekeepers: "
            "give a segment decision_maker below 1 or remove it."
        )


DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _stages, _empty_segments, _shares_of_zero, *WORK_DOUBTS, _retries, _intake, *INBOUND_DOUBTS, *DEALING_DOUBTS,
    *DEMO_DOUBTS, *CLOSING_DOUBTS, *PURSUIT_DOUBTS, *OFFER_DOUBTS, _money, *PAY_DOUBTS, *ODDS_DOUBTS, *IDLE_DOUBTS,
    *PURSUIT_IDLE_DOUBTS, *AFTER_SALES_DOUBTS, *AFTER_SALES_IDLE_DOUBTS, *AFTER_SALES_SILENCE_DOUBTS, *MARKETING_DOUBTS,
    _gatekeepers, *SLIP_DOUBTS,
)  # fmt: skip
