"""A dial is decided by its words, by whom it reaches, and by who dials when: this room puts the call's laws together.

What is known before the clock runs (`Dialling`) is drawn for whole batches. `decide` adds the hour and the
member; `foresight` says what they cannot change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import calling, visits
from simfunnel.funnel.calling import Codes, Durations
from simfunnel.funnel.durations import one
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.marketing import Warmth
from simfunnel.funnel.rates import HOURS, Rates, has_dead_numbers, spreads_reach
from simfunnel.funnel.segments import Segments
from simfunnel.funnel.traits import DEAD, passes_gatekeeper, reach_level, unless_qualified
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.schema import Calling, Scenario, Team
from simfunnel.scenario.values import HOUR
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

REACH_LEVELS: Final = DEAD + 1


@dataclass(frozen=True)
class Dialling:
    """What is known of some dials before anyone makes them; arrays of shape (..., columns).

    `passes` says who gets past the gatekeeper (None: there are none), `dead` whose number is dead (None:
    nobody's; no caller sees it); `circumstance` is the level of attempt and reach; `segment` and `row`, the
    segment or what marketing made of it in the tables of calls, are one number where all are of one.
    """

    team: int
    answered: Integers
    listened: Integers
    accepted: Integers
    minutes: Integers
    passes: Mask | None
    circumstance: Integers | int
    segment: Integers | int
    row: Integers | int
    dead: Mask | None

    def cells(self, where: Integers) -> Dialling:
        """Single dials of the batch, by their places in its flat arrays: (n,)."""
        parts = (self.passes, self.circumstance, self.segment, self.row, self.dead)
        rest = (part.ravel().take(where) if isinstance(part, np.ndarray) else part for part in parts)
        words = (word.ravel().take(where) for word in (self.answered, self.listened, self.accepted, self.minutes))
        return Dialling(self.team, *words, *rest)  # type: ignore[arg-type]

    def kept(self) -> Dialling:
        """The same in memory of its own: a new draw with the same scratch does not change it."""
        return replace(
            self,
            answered=self.answered.copy(),
            listened=self.listened.copy(),
            accepted=self.accepted.copy(),
            minutes=self.minutes.copy(),
        )


@dataclass(frozen=True)
class CallLaw:
    """The laws of a call, for one block of histories.

    `by_hour` says whether the odds of answering have hours; `hourly` are the teams in whose shift they differ,
    `opening` is the hour of day in which each team's shift begins.
    """

    streams: draws.Words
    segments: Segments
    answered: Levels
    listened: Levels
    accepted: Levels
    dead_number: Levels
    decision_maker: Levels
    asked_through: Levels
    qualified: Levels | None
    warmth: Warmth | None
    durations: Durations
    attempts: int
    spreads_reach: bool
    has_dead_numbers: bool
    has_gatekeepers: bool
    by_hour: bool
    hourly: frozenset[int]
    opening: tuple[int, ...]
    skilled: frozenset[int]
    pace: dict[int, Floats]

    def depends_on_start(self, team: int) -> bool:
        """Must hour and member be known to decide a dial of `team`?"""
        return team in self.hourly or team in self.skilled or team in self.pace

    def start_levels(self, team: int, clock: int, seat: int) -> tuple[int, int]:
        """The levels of hour and member that matter for a dial of `team`: dials that share them are decided alike."""
        unlike = team in self.skilled or team in self.pace
        return (clock // HOUR if team in self.hourly else 0, seat if unlike else 0)

    @property
    def reads_traits(self) -> bool:
        """Do leads differ in what matters for a dial?"""
        return self.spreads_reach or self.has_gatekeepers or self.qualified is not None or self.warmth is not None

    def prepare(self, team: int, lead: Integers, attempt: Integers | int, scratch: Scratch) -> Dialling:
        """Draw the words of dials to `lead` (..., columns) after `attempt` earlier ones."""
        states = scratch.take("dialling.states", lead.shape, np.uint64)
        draws.visit_into(states, self.streams, lead, visits.DIAL, attempt)
        segment = self.segments.dense(lead)
        answered, listened = draws.pair(states, 0, scratch)
        accepted, minutes = draws.pair(states, 1, scratch)
        circumstance = np.minimum(attempt, self.attempts - 1) if self.attempts > 1 else 0
        passes, dead, row = None, None, segment
        if self.reads_traits:
            traits = draws.visit(self.streams, lead, visits.TRAITS)
            if self.qualified is not None:
                accepted = unless_qualified(accepted, traits, self.qualified.dense(team, segment))
            if self.spreads_reach:
                reach = reach_level(traits, self.dead_number.dense(team, segment))
                circumstance = circumstance * REACH_LEVELS + reach
                dead = reach == DEAD if self.has_dead_numbers else None
            if self.has_gatekeepers:
                direct, asked = (level.dense(team, segment) for level in (self.decision_maker, self.asked_through))
                passes = passes_gatekeeper(traits, states, direct, asked)
            if self.warmth is not None:
                row = self.warmth.row(traits, segment)
        if isinstance(circumstance, np.generic):
            circumstance = int(circumstance)
        return Dialling(team, answered, listened, accepted, minutes, passes, circumstance, segment, row, dead)

    def decide(
        self, dials: Dialling, scratch: Scratch, clock: Integers | int = 0, seat: Integers | int = 0
    ) -> tuple[Codes, Integers]:
        """Outcome code and whole ms of each dial, started at `clock` (ms) by `seat`.

        Both results are scratch memory: valid until the next call with the same `scratch`.
        """
        codes = self.codes(dials, scratch, self._thresholds(dials, clock, seat))
        pace = self.pace.get(dials.team)
        factor = None if pace is None else _of_seat(pace, seat)
        return codes, self.durations.milliseconds(codes, dials.minutes, scratch, factor)

    def decide_some(
        self, dials: Dialling, column: Integers, clock: Integers, seat: Integers, scratch: Scratch
    ) -> tuple[Codes, Floats]:
        """Outcome code and ms (before pace and rounding) of single dials, all arrays (n,). Scratch memory."""
        codes = self.codes(dials, scratch, self._thresholds(dials, clock, seat, column))
        return codes, self.durations.at(column).base(codes, dials.minutes, scratch)

    def _thresholds(
        self, dials: Dialling, clock: Integers | int, seat: Integers | int, column: Integers | None = None
    ) -> tuple[Integers, ...]:
        circumstance = dials.circumstance
        if self.by_hour:
            hour = clock // HOUR if dials.team in self.hourly else self.opening[dials.team]
            circumstance = circumstance * HOURS + hour
        skill = seat if dials.team in self.skilled else 0
        return (
            self.answered.dense(dials.team, dials.row, circumstance, column),
            self.listened.dense(dials.team, dials.row, skill, column),
            self.accepted.dense(dials.team, dials.row, skill, column),
        )

    def codes(self, dials: Dialling, scratch: Scratch, thresholds: tuple[Integers, ...]) -> Codes:
        """The outcome codes of dials, given the thresholds (answered, listened, accepted). Scratch memory."""
        words = (dials.answered, dials.listened, dials.accepted)
        return calling.outcome(words, thresholds, dials.passes, scratch)  # type: ignore[arg-type]

    def column(self, column: int) -> CallLaw:
        """The same for one history."""
        levels = ("answered", "listened", "accepted", "dead_number", "decision_maker", "asked_through")
        return replace(
            self,
            streams=self.streams[column : column + 1],
            durations=self.durations.column(column),
            pace={team: one(pace, column) for team, pace in self.pace.items()},
            qualified=None if self.qualified is None else self.qualified.column(column),
            warmth=None if self.warmth is None else self.warmth.column(column),
            **{name: getattr(self, name).column(column) for name in levels},
        )


def _of_seat(pace: Floats, seat: Integers | int) -> Floats:
    """The pace (seats, columns or 1) of the members on `seat` (..., columns)."""
    if pace.shape[1] == 1:
        return np.asarray(pace[:, 0][seat])
    return np.asarray(pace[seat, np.arange(pace.shape[1])])


def call_law(
    scenario: Scenario,
    plan: Calling,
    rates: Rates,
    inputs: Inputs,
    streams: draws.Words,
    segments: Segments,
    pace: dict[int, Floats],
) -> CallLaw:
    """The laws of a call as the scenario states them; `pace` is that of the members of unlike teams."""
    return CallLaw(
        streams=streams,
        segments=segments,
        answered=rates.answered(plan),
        listened=rates.by_skill(plan, "listened"),
        accepted=rates.by_skill(plan, "accepted"),
        dead_number=rates.traits("dead_number"),
        decision_maker=rates.traits("decision_maker"),
        asked_through=rates.share("calling.asked_through", plan.asked_through),
        qualified=rates.traits("qualified") if plan.offer == "sale" else None,
        warmth=rates.warmth,
        durations=Durations.of(plan.minutes, inputs),
        attempts=1 + len(plan.by_attempt),
        spreads_reach=spreads_reach(scenario),
        has_dead_numbers=has_dead_numbers(scenario),
        has_gatekeepers=any(s.decision_maker.support[0] < 1 for s in scenario.segments.values()),
        by_hour=bool(plan.by_hour),
        hourly=frozenset(n for n, team in enumerate(scenario.teams.values()) if len(_odds_by_hour(plan, team)) > 1),
        opening=tuple(team.shift.start // 60 for team in scenario.teams.values()),
        skilled=frozenset(number for number, team in enumerate(scenario.teams.values()) if team.skill),
        pace=pace,
    )


def _odds_by_hour(plan: Calling, team: Team) -> set[Quantity]:
    """The different odds of the hours in which the team may start a dial."""
    hours = range(team.shift.start // 60, (team.shift.end - 1) // 60 + 1)
    odds = [plan.by_hour.get(hour, fixed(1)) for hour in hours]
    return {*odds} if all(each.is_fixed for each in odds) else {*odds, fixed(-1)}
