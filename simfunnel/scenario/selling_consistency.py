"""What is offered is there to be had: the meeting that an offer leads to, the closers who wait after the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.routing_consistency import lacks_table, named_team, sum_to_one
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.shape import Path
from simfunnel.scenario.wording import Complaint


def _meeting(scenario: Scenario) -> Iterator[Complaint]:
    if scenario.meeting is not None:
        yield from named_team(("meeting", "team"), scenario.meeting.team, scenario)
        return
    for name, plan in (("calling", scenario.calling), ("inbound", scenario.inbound)):
        if plan is not None and plan.offer == "meeting":
            yield lacks_table((name, "offer"), "meeting", "which says who meets the leads, and when")


def _closers(scenario: Scenario) -> Iterator[Complaint]:
    """Closers are members of the team that hosts the demo; only who waits for one loses patience."""
    plan, demo, path = scenario.closing, scenario.demo, ("closing", "closers")
    if plan.closers and demo is None:
        yield lacks_table(path, "demo", "whose comers they talk to")
    elif plan.closers and demo is not None:
        yield from called_of_team(path, plan.closers, scenario)
    for key, idle in (("patience", plan.patience is None), ("odds_per_minute_waited", _is_one(scenario))):
        if not plan.closers and not idle:
            message = "must come with closers, the members for whom a comer waits, found 0"
            yield Complaint(("closing", key), message, "", (path,))


def _is_one(scenario: Scenario) -> bool:
    return scenario.closing.odds_per_minute_waited == fixed(1)


def called_of_team(path: Path, called: int, scenario: Scenario) -> Iterator[Complaint]:
    """No more members are called to the demo than its team has."""
    team = scenario.teams.get(scenario.demo.team) if scenario.demo is not None else None
    if scenario.demo is not None and team is not None and called > team.size:
        size: Path = ("teams", scenario.demo.team, "size")
        message = f"must be at most the size of team {scenario.demo.team}, {team.size}, found {called}"
        yield Complaint(path, message, "", (size, ("demo", "team")))


def _methods(scenario: Scenario) -> Iterator[Complaint]:
    methods = scenario.closing.methods
    if methods:
        yield from sum_to_one(("closing", "methods"), {name: method.share for name, method in methods.items()})


SELLING_CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (_meeting, _closers, _methods)
