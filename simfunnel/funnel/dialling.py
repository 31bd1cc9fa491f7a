"""A dial is decided by its words, by whom it reaches, and by who dials when: this room puts the call's laws together.

What is known before the clock runs (`Dialling`) is drawn for whole batches. Where hour and member do not
matter, `decide` ends the matter for a whole batch; else `foresee` says what they cannot change, which is
most of it, and `settle` decides the rest when its time has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from simfunnel.funnel.rates import HOURS, Rates, spreads_reach
from simfunnel.funnel.segments import Segments
from simfunnel.funnel.traits import DEAD, passes_gatekeeper, reach_level, unless_qualified
from simfunnel.scenario.schema import Calling, Scenario
from simfunnel.scenario.values import HOUR
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

Foreseen = tuple[tuple[Levels, ...], Levels, Levels]

WORD: Final = 32
REACH_LEVELS: Final = DEAD + 1


@dataclass(frozen=True)
class Dialling:
    """What is known of some dials before anyone makes them; arrays of shape (..., columns).

    `passes` says who gets past the gatekeeper (None: there are none); `circumstance` is the level of
    attempt and reach; `segment` is None where there is one.
    """

    team: int
    answered: Integers
    listened: Integers
    accepted: Integers
    minutes: Integers
    passes: Mask | None
    circumstance: Integers | int
    segment: Integers | None

    def cells(self, where: Integers) -> Dialling:
        """Single dials of the batch, by their places in its flat arrays: (n,)."""
        parts = (self.passes, self.circumstance, self.segment)
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
class Doubts:
    """Dials of a batch whose end hour and member decide.

    `number` says which of them stands at a flat place of the batch. Bit h of `answered` (1, n) says
    whether it is answered in hour h, bit s % 32 of row s // 32 of `listened` and `accepted` what happens if
    seat s made it (`by_seat`; else seat 0 stands for all). `lengths` (outcomes, n) are ms, NaN where impossible.
    """

    number: Integers
    by_seat: bool
    answered: Integers
    listened: Integers
    accepted: Integers
    passes: Mask | None
    lengths: Floats


@dataclass(frozen=True)
class CallLaw:
    """The laws of a call, for one block of histories.

    `foreseen` are the lowest and highest thresholds (answered by the first hour, listened, accepted) over the
    hours from the first on, and over members;
    `starts` the levels of hour and member that matter, by team.
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
    foreseen: tuple[Foreseen, Foreseen]
    durations: Durations
    attempts: int
    spreads_reach: bool
    has_gatekeepers: bool
    by_hour: bool
    skilled: frozenset[int]
    starts: tuple[tuple[Sequence[int], Sequence[int]], ...]
    pace: dict[int, Floats]

    def depends_on_start(self, team: int) -> bool:
        """Must hour and member be known to decide a dial of `team`?"""
        return self.by_hour or team in self.skilled or team in self.pace

    def start_levels(self, team: int, clock: int, seat: int) -> tuple[int, int]:
        """The levels of hour and member that matter for a dial of `team`: dials that share them are decided alike."""
        unlike = team in self.skilled or team in self.pace
        return (clock // HOUR if self.by_hour else 0, seat if unlike else 0)

    def prepare(self, team: int, lead: Integers, attempt: Integers | int, scratch: Scratch) -> Dialling:
        """Draw the words of dials to `lead` (..., columns) after `attempt` earlier ones."""
        states = scratch.take("dialling.states", lead.shape, np.uint64)
        draws.visit_into(states, self.streams, lead, visits.DIAL, attempt)
        segment = self.segments.dense(lead)
        answered, listened = draws.pair(states, 0, scratch)
        accepted, minutes = draws.pair(states, 1, scratch)
        circumstance = np.minimum(attempt, self.attempts - 1) if self.attempts > 1 else 0
        passes = None
        if self.spreads_reach or self.has_gatekeepers or self.qualified is not None:
            traits = draws.visit(self.streams, lead, visits.TRAITS)
            if self.qualified is not None:
                accepted = unless_qualified(accepted, traits, self.qualified.dense(team, segment))
            if self.spreads_reach:
                circumstance = circumstance * REACH_LEVELS + reach_level(traits, self.dead_number.dense(team, segment))
            if self.has_gatekeepers:
                direct, asked = (level.dense(team, segment) for level in (self.decision_maker, self.asked_through))
                passes = passes_gatekeeper(traits, states, direct, asked)
        if isinstance(circumstance, np.generic):
            circumstance = int(circumstance)
        return Dialling(team, answered, listened, accepted, minutes, passes, circumstance, segment)

    def decide(
        self, dials: Dialling, scratch: Scratch, clock: Integers | int = 0, seat: Integers | int = 0
    ) -> tuple[Codes, Integers]:
        """Outcome code and whole ms of each dial, started at `clock` (ms) by `seat`.

        Both results are scratch memory: valid until the next call with the same `scratch`.
        """
        codes = self._codes(dials, scratch, self._thresholds(dials, clock, seat))
        pace = self.pace.get(dials.team)
        factor = None if pace is None else _of_seat(pace, seat)
        return codes, self.durations.milliseconds(codes, dials.minutes, scratch, factor)

    def foresee(self, dials: Dialling, clock: int, scratch: Scratch) -> tuple[Codes, Floats, Doubts | None]:
        """Outcome code and ms (before pace and rounding) of each dial, as far as hour and member leave no choice.

        None of the dials is begun before `clock` (ms).

        Where they do, the ms are NaN, and the dial is among the doubts. Higher thresholds never lower a
        code, so what the lowest and the highest agree on is certain. Codes and ms are scratch memory.
        """
        first = min(clock // HOUR, HOURS - 1) if self.by_hour else 0
        low, high = (
            tuple(
                level.dense(dials.team, dials.segment, c)
                for level, c in zip((each[0][first], *each[1:]), (dials.circumstance, 0, 0), strict=True)
            )
            for each in self.foreseen
        )
        codes = self._codes(dials, scratch, high)
        if not self.by_hour and dials.team not in self.skilled:
            return codes, self.durations.base(codes, dials.minutes, scratch), None
        highest = scratch.take("dialling.highest", codes.shape, np.uint8)
        np.copyto(highest, codes)
        codes = self._codes(dials, scratch, low)
        base = self.durations.base(codes, dials.minutes, scratch)
        where = np.flatnonzero(codes != highest)
        if not where.size:
            return codes, base, None
        lowest = codes.ravel().take(where)
        base.ravel()[where] = np.nan
        return codes, base, self._doubts(dials, first, where, lowest, highest.ravel().take(where))

    def _doubts(self, dials: Dialling, first: int, where: Integers, lowest: Codes, highest: Codes) -> Doubts:
        """The dials at the flat places `where`, which end in a code from `lowest` to `highest`."""
        cells, column = dials.cells(where), where % dials.answered.shape[-1]
        lengths, scratch = np.full((len(calling.OUTCOMES), where.size), np.nan), Scratch()
        for code in range(len(calling.OUTCOMES)):
            may = np.flatnonzero((lowest <= code) & (code <= highest))
            if may.size:
                codes, minutes = np.full(may.size, code, dtype=np.uint8), cells.minutes.take(may)
                lengths[code, may] = self.durations.at(column[may]).base(codes, minutes, scratch)
        number = np.zeros(dials.answered.size, dtype=np.int64)
        number[where] = np.arange(where.size)
        return Doubts(number, cells.team in self.skilled, *self._by_start(cells, first, column), cells.passes, lengths)

    def _by_start(self, cells: Dialling, first: int, column: Integers) -> tuple[Integers, Integers, Integers]:
        """Bits: is each dial answered in an hour from `first` on, listened to and accepted if some seat made it?"""
        team, segment, circumstance = cells.team, cells.segment, cells.circumstance
        hours, seats = self.starts[team]
        by_hour = circumstance * HOURS if self.by_hour else circumstance
        answered = {h: self.answered.dense(team, segment, by_hour + h, column) for h in hours if h >= first}
        listened, accepted = (
            {seat: level.dense(team, segment, seat, column) for seat in seats}
            for level in (self.listened, self.accepted)
        )
        return _bits(cells.answered, answered), _bits(cells.listened, listened), _bits(cells.accepted, accepted)

    def settle(self, doubts: Doubts, place: Integers, clock: Integers, seat: Integers) -> tuple[Integers, Floats]:
        """Outcome code and ms (before pace and rounding) of the doubtful dials at some places of the batch (n,)."""
        number = doubts.number.take(place)
        size = doubts.lengths.shape[1]
        answered = doubts.answered.take(number) >> (clock // HOUR if self.by_hour else 0)
        member = seat % WORD if doubts.by_seat else 0
        spot = number if len(doubts.listened) == 1 else number + seat // WORD * size
        listened, accepted = (bits.take(spot) >> member for bits in (doubts.listened, doubts.accepted))
        passes = 1 if doubts.passes is None else doubts.passes.take(number)
        codes = calling.code_of(answered & 1, passes, listened & 1, accepted & 1)
        return codes, doubts.lengths.take(codes * size + number)

    def _thresholds(
        self, dials: Dialling, clock: Integers | int, seat: Integers | int, column: Integers | None = None
    ) -> tuple[Integers, ...]:
        circumstance = dials.circumstance
        if self.by_hour:
            circumstance = circumstance * HOURS + clock // HOUR
        skill = seat if dials.team in self.skilled else 0
        return (
            self.answered.dense(dials.team, dials.segment, circumstance, column),
            self.listened.dense(dials.team, dials.segment, skill, column),
            self.accepted.dense(dials.team, dials.segment, skill, column),
        )

    def _codes(self, dials: Dialling, scratch: Scratch, thresholds: tuple[Integers, ...]) -> Codes:
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
            **{name: getattr(self, name).column(column) for name in levels},
        )


def _of_seat(pace: Floats, seat: Integers | int) -> Floats:
    """The pace (seats, columns or 1) of the members on `seat` (..., columns)."""
    if pace.shape[1] == 1:
        return np.asarray(pace[:, 0][seat])
    return np.asarray(pace[seat, np.arange(pace.shape[1])])


def _bits(word: Integers, thresholds: Mapping[int, Integers]) -> Integers:
    """Bit i % 32 of row i // 32: is the word (n,) below the threshold of level i?"""
    rows = np.zeros((1 + max(thresholds) // WORD, word.size), dtype=np.int64)
    for level, threshold in thresholds.items():
        rows[level // WORD] |= (word < threshold).astype(np.int64) << (level % WORD)
    return rows


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
    answered, listened, accepted = (
        rates.answered(plan),
        rates.by_skill(plan, "listened"),
        rates.by_skill(plan, "accepted"),
    )
    starts = tuple(_starts(scenario, plan))
    return CallLaw(
        streams=streams,
        segments=segments,
        answered=answered,
        listened=listened,
        accepted=accepted,
        dead_number=rates.traits("dead_number"),
        decision_maker=rates.traits("decision_maker"),
        asked_through=rates.share("calling.asked_through", plan.asked_through),
        qualified=rates.traits("qualified") if plan.offer == "sale" else None,
        foreseen=_foreseen(plan, starts, (answered, listened, accepted)),
        durations=Durations.of(plan.minutes, inputs, (answered.largest(), listened.largest(), accepted.largest())),
        attempts=1 + len(plan.by_attempt),
        spreads_reach=spreads_reach(scenario),
        has_gatekeepers=any(s.decision_maker.support[0] < 1 for s in scenario.segments.values()),
        by_hour=bool(plan.by_hour),
        skilled=frozenset(number for number, team in enumerate(scenario.teams.values()) if team.skill),
        starts=starts,
        pace=pace,
    )


def _starts(scenario: Scenario, plan: Calling) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """For each team, the hours in which it dials, and the seats, as far as they matter."""
    for team in scenario.teams.values():
        hours = range(team.shift.start // 60, (team.shift.end - 1) // 60 + 1) if plan.by_hour else range(1)
        yield hours, range(max(1, len(team.skill)))


def _foreseen(
    plan: Calling, starts: Sequence[tuple[Sequence[int], Sequence[int]]], levels: tuple[Levels, Levels, Levels]
) -> tuple[Foreseen, Foreseen]:
    """The lowest and highest thresholds over the rest of the hours of each team's shift, and over its members."""
    seats, (answered, listened, accepted) = [each[1] for each in starts], levels
    most, members = HOURS if plan.by_hour else 1, listened.table.shape[2]
    rest = [
        answered.extremes([[h for h in hours if h >= first] or hours[-1:] for hours, _ in starts], most)
        for first in range(most)
    ]
    heard, agreed = listened.extremes(seats, members), accepted.extremes(seats, members)
    low, high = ((tuple(each[side] for each in rest), heard[side], agreed[side]) for side in (0, 1))
    return low, high
