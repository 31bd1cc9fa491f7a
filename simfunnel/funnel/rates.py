"""The probability of a step is the scenario's rate times the odds ratios of segment, warmth, team and circumstance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt

from simfunnel.funnel.demo import MOST_DAYS_WAITED, waiting_ratio
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels, rows_of
from simfunnel.funnel.marketing import Warmth, warms, warmth_of
from simfunnel.funnel.odds import odds
from simfunnel.funnel.traits import REACHES, reach_odds
from simfunnel.scenario.offers import Meeting
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.schema import Calling, Inbound, Scenario

Floats = npt.NDArray[np.float64]

HOURS = 24
NOT_AT_ALL = np.zeros(1)
ALIKE = np.ones(1)


def has_dead_numbers(scenario: Scenario) -> bool:
    """May a number be dead?"""
    return any(s.dead_number.support[1] > 0 for s in scenario.segments.values())


def spreads_reach(scenario: Scenario) -> bool:
    """Do leads differ in being reached?"""
    return has_dead_numbers(scenario) or any(s.reach.support[1] > 0 for s in scenario.segments.values())


def circumstances(scenario: Scenario) -> int:
    """The most circumstances that any table has, by segment and team."""
    calling, waited, answered = scenario.calling, 1, 1
    if scenario.demo is not None and scenario.demo.odds_per_day_waited != fixed(1):
        waited = MOST_DAYS_WAITED + 1
    if calling is not None:
        reaches = REACHES + 1 if spreads_reach(scenario) else 1
        answered = (1 + len(calling.by_attempt)) * reaches * (HOURS if calling.by_hour else 1)
    members = max(1, *(len(team.skill) for team in scenario.teams.values()))
    steps = 1 + len(scenario.inbound.waiting.odds) if scenario.inbound is not None else 1
    return max(answered * (2 if warms(scenario) else 1), waited, members * steps)


Cell = Callable[[str, str], Sequence[Floats] | Floats]
CellOfCalls = Callable[[str, str, bool], Sequence[Floats] | Floats]


class Rates:
    """Makes the tables of thresholds of one scenario and block of histories."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self._scenario = scenario
        self._inputs = inputs

    def answered(self, calling: Calling) -> Levels:
        """By (attempt, reach, hour): circumstance (attempt * reaches + reach) * hours + hour."""
        attempts = [
            ALIKE,
            *(self._inputs.value(f"calling.by_attempt.{i}", q) for i, q in enumerate(calling.by_attempt)),
        ]
        by_hour = {h: self._inputs.value(f"calling.by_hour.{h}", q) for h, q in calling.by_hour.items()}
        hours = [by_hour.get(hour, ALIKE) for hour in range(HOURS)] if by_hour else [ALIKE]

        by_attempt, by_hours = rows_of(attempts), rows_of(hours)

        def cell(segment: str, team: str, warmed: bool) -> Floats:
            base = self._step(calling, "answered", segment, team, warmed)
            reaches = self._reaches(segment)
            by_reach = rows_of([ALIKE if reach is None else reach for reach in reaches])
            dead = np.array([reach is None for reach in reaches])
            found = odds(odds(odds(base, by_attempt[:, None, None]), by_reach[:, None]), by_hours)
            found[:, dead] = 0.0
            return found.reshape(-1, found.shape[-1])

        return self._of_calls(cell, self._dialling)

    @cached_property
    def _dialling(self) -> frozenset[str]:
        """The teams that dial, or get what others do not get round to."""
        scenario, calling = self._scenario, self._scenario.calling
        named = set() if calling is None else {*calling.teams}
        named |= {s.team for s in scenario.segments.values() if s.team is not None}
        return frozenset(named | {t.overflow.to for t in scenario.teams.values() if t.overflow is not None})

    def _reaches(self, segment: str) -> Sequence[Floats | None]:
        """Odds ratios of the levels of reach, None for the dead number; one level where leads are alike."""
        if not spreads_reach(self._scenario):
            return [ALIKE]
        spread = self._value(f"segments.{segment}", self._scenario.segments[segment], "reach")
        return [*reach_odds(spread), None] if spread.any() else [*[ALIKE] * REACHES, None]

    def by_skill(self, calling: Calling, name: str) -> Levels:
        """Listening or accepting, by the seat of the member who calls."""
        members = max((len(team.skill) for team in self._scenario.teams.values()), default=0)

        def cell(segment: str, team: str, warmed: bool) -> list[Floats]:
            base = self._step(calling, name, segment, team, warmed)
            skills = self.skill(team)
            return [odds(base, skills[i]) if i < len(skills) else base for i in range(max(1, members))]

        return self._of_calls(cell)

    @cached_property
    def warmth(self) -> Warmth | None:
        """Which cold leads marketing has warmed, if it may have."""
        return warmth_of(self._scenario, self._inputs)

    def _of_calls(self, cell: CellOfCalls, named: frozenset[str] | None = None) -> Levels:
        """A table of calls by segment, and below, if there is warmth, by segment for its warmed leads."""
        as_they_are = self._levels(lambda s, t: cell(s, t, False), named)
        if self.warmth is None:
            return as_they_are
        return as_they_are.above(self._levels(lambda s, t: cell(s, t, True), named))

    def _step(self, calling: Calling, name: str, segment: str, team: str, warmed: bool) -> Floats:
        rate = self._value("calling", calling, name)
        warm = warmed or self._scenario.segments[segment].temperature == "warm"
        ratios = [self._of_segment(segment, name), self._of_team(team, name)]
        return reduce(odds, [*ratios, *([self._value("calling.warm", calling.warm, name)] if warm else [])], rate)

    def attended(self, longest: int) -> Levels:
        """Coming to the demo, by calendar days waited up to `longest`: rate, segment, inviting team, reminder."""
        demo = self._scenario.demo
        if demo is None:
            return self._levels(lambda _, __: [NOT_AT_ALL])
        rate, reminder = self._value("demo", demo, "attended"), self._value("demo.reminder", demo.reminder, "odds")
        waited = waiting_ratio(self._value("demo", demo, "odds_per_day_waited"), longest)

        def cell(segment: str, team: str) -> list[Floats]:
            ratios = (self._of_segment(segment, "attended"), self._of_team(team, "attended"), reminder)
            return [reduce(odds, (*ratios, ratio), rate) for ratio in waited]

        return self._levels(cell)

    def interested(self) -> Levels:
        """Being interested: the segment's share, inviting team."""
        return self._levels(lambda s, t: [odds(self.trait(s, "interested"), self._of_team(t, "interested"))])

    def accepted_inbound(self, plan: Inbound) -> Levels:
        """Accepting after a wait: circumstance (step of the waiting curve) * seats + seat."""
        members = max((len(team.skill) for team in self._scenario.teams.values()), default=0)
        curve = [(m, self._inputs.value(f"inbound.waiting.odds.{m}", q)) for m, q in sorted(plan.waiting.odds.items())]
        waited = [ALIKE, *(ratio for _, ratio in curve)]

        def cell(segment: str, team: str) -> list[Floats]:
            ratios = (self._of_segment(segment, "accepted"), self._of_team(team, "accepted"))
            base = reduce(odds, ratios, self._value("inbound", plan, "accepted"))
            skills = self.skill(team)
            skills += [ALIKE] * (max(1, members) - len(skills))
            return [odds(odds(base, ratio), skill) for ratio in waited for skill in skills]

        return self._levels(cell)

    def skill(self, team: str) -> list[Floats]:
        """The skill of a team's members, by seat; none where they are alike."""
        return [
            self._inputs.value(f"teams.{team}.skill.{i}", q) for i, q in enumerate(self._scenario.teams[team].skill)
        ]

    def attended_meeting(self, plan: Meeting) -> Levels:
        """Coming to a meeting: rate, segment, inviting team."""
        rate = self._value("meeting", plan, "attended")
        return self._levels(
            lambda s, t: [odds(odds(rate, self._of_segment(s, "attended")), self._of_team(t, "attended"))]
        )

    def sold(self) -> list[Floats]:
        """Buying, by segment: rate, segment."""
        rate = self._value("closing", self._scenario.closing, "sold_if_interested")
        return [odds(rate, self._of_segment(segment, "sold")) for segment in self._scenario.segments]

    def sold_later(self, plan: FollowUp) -> list[Floats]:
        """Buying at a touch, by segment: rate, segment."""
        rate = self._value("follow_up", plan, "sold")
        return [odds(rate, self._of_segment(segment, "sold")) for segment in self._scenario.segments]

    def each_segment(self, name: str) -> list[Floats]:
        """A trait's share, by segment."""
        return [self.trait(segment, name) for segment in self._scenario.segments]

    def traits(self, name: str) -> Levels:
        """A trait's share, by segment."""
        return self._levels(lambda s, _: [self.trait(s, name)])

    def share(self, path: str, value: Quantity) -> Levels:
        """A share that is the same for all."""
        rate = self._inputs.value(path, value)
        return self._levels(lambda _, __: [rate])

    def trait(self, segment: str, name: str) -> Floats:
        """A segment's share of a trait."""
        return self._value(f"segments.{segment}", self._scenario.segments[segment], name)

    def _levels(self, cell: Cell, named: frozenset[str] | None = None) -> Levels:
        """A table from the probabilities of each segment and team, by circumstance; 0 but for the teams `named`."""
        segments, teams = self._scenario.segments, self._scenario.teams
        if not segments or not teams:
            return Levels.of([[[NOT_AT_ALL]] * max(1, len(teams))] * max(1, len(segments)))
        if named is None:
            return Levels.of([[cell(segment, team) for team in teams] for segment in segments])
        nothing = np.zeros((len(cell(next(iter(segments)), next(iter(teams)))), 1))
        return Levels.of([[cell(s, t) if t in named else nothing for t in teams] for s in segments])

    def _of_segment(self, segment: str, name: str) -> Floats:
        return self._value(f"segments.{segment}.odds", self._scenario.segments[segment].odds, name)

    def _of_team(self, team: str, name: str) -> Floats:
        return self._value(f"teams.{team}.odds", self._scenario.teams[team].odds, name)

    def _value(self, path: str, block: object, name: str) -> Floats:
        value = getattr(block, name)
        assert isinstance(value, Quantity)
        return self._inputs.value(f"{path}.{name}", value)
