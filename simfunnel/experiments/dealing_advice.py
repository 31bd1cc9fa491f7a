"""Leads are dealt to teams for good: what waits beside an open team, and what never overflows, is said before a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.inbound_expectation import A_DAY, Floats
from simfunnel.experiments.phrasing import about, listed, percent
from simfunnel.experiments.roles import answering, dialling
from simfunnel.funnel.arrivals import arrivals_on
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Hours

SOME = 0.1
SURELY = 0.5  # of the minutes there are: chance does not double the work of a week


def _closed(expected: Expectation) -> Iterator[str]:
    """Hot leads that wait for the opening of their team while another one is open."""
    scenario = expected.scenario
    teams = {name: _minutes(scenario.teams[name].shift) for name in answering(scenario)}
    for name, at_work in teams.items():
        come = _coming(expected, name) * ~at_work
        others = [other for other, open_then in teams.items() if (come * open_then).any()]
        share = float(come @ np.logical_or.reduce([teams[other] for other in others])) if others else 0.0
        if share >= SOME:
            yield (
                f"{percent(share)} of the hot leads dealt to teams.{name} arrive while it is closed and "
                f"{listed([f'teams.{other}' for other in others])} {'is' if len(others) == 1 else 'are'} open: they "
                "wait for it; give each its own segment and arrival_hours."
            )


def _coming(expected: Expectation, name: str) -> Floats:
    """The share of the hot leads dealt to a team that arrives in each minute of a day."""
    come = np.zeros(A_DAY)
    for hot in expected.awaited:
        if hot.team == name:
            hours = expected.scenario.segments[hot.segment].arrival_hours
            come += _minutes(hours) * (hot.arrivals / hours.minutes)
    return come / (come.sum() or 1.0)


def _minutes(hours: Hours) -> npt.NDArray[np.bool_]:
    """Which minutes of a day are in some hours."""
    clock = np.arange(A_DAY)
    return (clock >= hours.start) & (clock < hours.end)


def _nothing_left(expected: Expectation) -> Iterator[str]:
    """An overflow where all that can fall due in a week is done long before it may move."""
    scenario, days = expected.scenario, expected.calendar.days
    for name in dialling(scenario):
        flow = scenario.teams[name].overflow
        if flow is None or expected.meeting_minutes(name) or expected.calendar.length(flow.after) >= days:
            continue
        have = expected.calendar.length(flow.after) * expected.minutes_a_day(name) - _events_of_a_week(expected, name)
        dials = _dials_of_a_week(expected, name)
        need = dials + _talks_of_a_week(expected, name)
        if dials and need <= SURELY * have:
            hold = "holds" if flow.after.count == 1 else "hold"
            yield (
                f"teams.{name}.overflow moves about 0 dials, as the list and the arrivals of a week are about "
                f"{about(need)} minutes of work, and {flow.after} {hold} {about(have)}: move sooner or remove it."
            )


def _dials_of_a_week(expected: Expectation, name: str) -> float:
    """Minutes of dialling the whole list, and the arrivals of a week, as often as may be."""
    minutes = 0.0
    for cell in expected.cells:
        segment, all_of_it = expected.scenario.segments[cell.segment], expected.by_segment[cell.segment]
        if cell.team == name and all_of_it:
            leads = (segment.leads + _arrivals_of_a_week(expected.scenario, cell.segment)) * cell.leads / all_of_it
            minutes += leads * cell.dials_each * cell.minutes_per_dial
    return minutes


def _talks_of_a_week(expected: Expectation, name: str) -> float:
    """Minutes of the talks with hot leads, those that wait at first and those of a week."""
    minutes = 0.0
    for hot in expected.awaited:
        segment, all_of_it = expected.scenario.segments[hot.segment], expected.by_segment[hot.segment]
        if hot.team == name and all_of_it:
            leads = (segment.leads + _arrivals_of_a_week(expected.scenario, hot.segment)) * hot.leads / all_of_it
            minutes += leads * hot.minutes
    return minutes


def _arrivals_of_a_week(scenario: Scenario, name: str) -> float:
    return sum(arrivals_on(scenario, name, day) for day in scenario.working_days)


def _events_of_a_week(expected: Expectation, name: str) -> float:
    """Minutes that the events of the fullest week take, if they are spread evenly."""
    events, days = len(expected.events), expected.calendar.days
    if not events:
        return 0.0
    in_a_week = math.ceil(events * len(expected.scenario.working_days) / days)
    return expected.hosting_minutes(name) / events * in_a_week


DEALING_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_closed, _nothing_left)
