"""Who does what in a scenario: which teams get leads to dial, to answer, to meet or to host, and what is offered."""

from __future__ import annotations

from simfunnel.experiments.expectation import routes
from simfunnel.experiments.inbound_expectation import shares
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.schema import Calling, Inbound, Scenario

FACE_TO_FACE = frozenset({"demo", "meeting"})


def dialling(scenario: Scenario) -> list[str]:
    """The teams that dial from the first day on."""
    calling = scenario.calling
    if calling is None:
        return []
    listed = [segment for segment in scenario.segments.values() if segment.temperature != "hot"]
    routed = [routes(calling, segment) for segment in listed] or [routes(calling)]
    return list(dict.fromkeys(name for shares in routed for name, share in shares.items() if share > 0))


def receiving(scenario: Scenario) -> list[str]:
    """The teams that dial what others do not get round to."""
    flows = [scenario.teams[name].overflow for name in dialling(scenario)]
    return list(dict.fromkeys(flow.to for flow in flows if flow is not None))


def answering(scenario: Scenario) -> list[str]:
    """The teams that answer hot leads."""
    plan = scenario.inbound
    if plan is None:
        return []
    hot = [shares(plan, segment) for segment in scenario.segments.values() if segment.temperature == "hot"]
    return list(dict.fromkeys(name for routed in hot for name, share in routed.items() if share > 0))


def calling_or_answering(scenario: Scenario) -> set[str]:
    """The teams that talk to leads first."""
    return {*dialling(scenario), *receiving(scenario), *answering(scenario)}


def offers(scenario: Scenario) -> set[str]:
    """What is offered at all."""
    return {room.offer for room in (scenario.calling, scenario.inbound) if room is not None}


def met_by_nobody(scenario: Scenario) -> bool:
    """Is the sale itself all that is offered, and no room there that another offer could lead to?"""
    return offers(scenario) == {"sale"} and scenario.demo is None and scenario.meeting is None


def leads_come(scenario: Scenario) -> bool:
    """Can a lead that accepts come to a demo or a meeting?"""
    offered = offers(scenario)
    return ("demo" in offered and scenario.demo is not None) or ("meeting" in offered and scenario.meeting is not None)


def hosting(scenario: Scenario) -> str | None:
    """The team that gives members to the demo, if it is offered."""
    demo = scenario.demo
    if demo is None or "demo" not in offers(scenario) or not max(demo.hosts, scenario.closing.closers):
        return None
    return demo.team


def meeting(scenario: Scenario) -> str | None:
    """The team that meets leads, if meetings are offered."""
    return scenario.meeting.team if scenario.meeting is not None and "meeting" in offers(scenario) else None


def room_of(scenario: Scenario, segment: Segment) -> Calling | Inbound | None:
    """The room in which a segment's leads are talked to first."""
    return scenario.inbound if segment.temperature == "hot" else scenario.calling


def following(scenario: Scenario) -> str | None:
    """The team that follows up the undecided."""
    return None if scenario.follow_up is None else scenario.follow_up.team


def selling(scenario: Scenario) -> set[str]:
    """The teams whose members may be the face that sells: at the demo, in meetings, by phone, at touches."""
    found = {hosting(scenario) if scenario.closing.closers else None, meeting(scenario), following(scenario)}
    for room, teams in ((scenario.calling, (*dialling(scenario), *receiving(scenario))),
                        (scenario.inbound, tuple(answering(scenario)))):  # fmt: skip
        found |= set(teams) if room is not None and room.offer == "sale" else set()
    return {name for name in found if name is not None}


def caring(scenario: Scenario) -> str | None:
    """The team that looks after customers, if there is anything to do."""
    plan = scenario.after_sales
    if plan is None:
        return None
    visited = any((plan.seller_initiated, plan.cooperative, plan.friendly))
    called = plan.customer_initiated.suggestions_every is not None or plan.defect.rate.support[1] > 0
    return plan.team if visited or called else None


def leads_undecided(scenario: Scenario) -> bool:
    """Can a talk leave leads undecided who are then followed up, and may buy?"""
    plan = scenario.follow_up
    return plan is not None and plan.sold.best > 0 and scenario.closing.undecided.best > 0
