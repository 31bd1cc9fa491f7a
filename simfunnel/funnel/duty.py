"""Whoever answers hot leads, or dials leads that arrive, must be there until the intake ends, come what may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from simfunnel.funnel.segments import Routing, segments_of
from simfunnel.scenario.schema import Scenario

CLASSES: Final = ("meetings", "complaints", "care", "follow_ups", "quota", "retries", "fresh")
"""The classes of a day's list, in the order in which a scenario that says nothing works through them."""


def order_of_classes(scenario: Scenario) -> tuple[str, ...]:
    """The classes of a day's list in their order; those that the scenario does not name come before the others."""
    named = scenario.calling.order if scenario.calling is not None else CLASSES
    return (*(name for name in CLASSES if name not in named), *named)


def sharing(scenario: Scenario, number: int) -> tuple[int, ...]:
    """The teams among which work overflows from or to team `number`, itself among them, ascending."""
    names, found = list(scenario.teams), {number}
    links = [{names.index(n), names.index(t.overflow.to)} for n, t in scenario.teams.items() if t.overflow is not None]
    for _ in links:
        found.update(*(link for link in links if link & found))
    return tuple(sorted(found))


def answering(scenario: Scenario) -> frozenset[int]:
    """The teams that answer hot leads, if there are any."""
    segments = segments_of(scenario)
    return _getting(Routing.of(scenario, segments, hot=True), segments.hot.nonzero()[0].tolist())


def dialling_arrivals(scenario: Scenario) -> frozenset[int]:
    """The teams that dial leads which arrive."""
    segments = segments_of(scenario)
    arriving = [segment for segment in segments.arrivals if not segments.hot[segment]]
    arriving += [segments.referrals] if segments.referrals >= 0 else []
    return _getting(Routing.of(scenario, segments, hot=False), arriving)


def _getting(routing: Routing, segments: Iterable[int]) -> frozenset[int]:
    """The teams that get leads of these segments."""
    if not routing.teams:
        return frozenset()
    owners = {int(routing.owner[segment]) for segment in segments}
    return frozenset(owners - {-1}) | frozenset(routing.shared if -1 in owners else ())


def to_the_end(scenario: Scenario) -> frozenset[int]:
    """The teams that are needed until the intake ends, and not only until their list is done."""
    dialling = dialling_arrivals(scenario)
    return answering(scenario) | {team for number in dialling for team in sharing(scenario, number)}
