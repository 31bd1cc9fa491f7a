"""Most dials end as they must, whoever makes them within the next hours: only the others wait for their turn.

Higher thresholds never lower an outcome code, so what the lowest and the highest thresholds (over members,
and over some hours of the day) agree on is certain. What begins after those hours is decided as if
nothing had been foreseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.funnel import calling
from simfunnel.funnel.calling import Codes
from simfunnel.funnel.dialling import CallLaw, Dialling
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.rates import HOURS
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import HOUR
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Extremes = tuple[Levels, Levels]

WORD: Final = 32
FOREVER: Final = 1 << 40


@dataclass(frozen=True)
class Doubts:
    """Dials of a batch whose end hour and member decide.

    `number` says which of them stands at a flat place of the batch. Bit h of `answered` (1, n) says
    whether it is answered in hour h, bit s % 32 of row s // 32 of `listened` and `accepted` what happens if
    seat s made it (`by_seat`; else seat 0 stands for all). `lengths` (outcomes, n) are ms, NaN where impossible.
    """

    number: Integers
    hour: int
    by_hour: bool
    by_seat: bool
    answered: Integers
    listened: Integers
    accepted: Integers
    passes: Mask | None
    lengths: Floats


@dataclass(frozen=True)
class Foreseen:
    """A batch before it begins: codes and ms (before pace and rounding; NaN where in doubt) of (rows, columns).

    It holds for dials begun before `until` (ms).
    """

    codes: Codes
    base: Floats
    doubts: Doubts | None
    until: int


@dataclass(frozen=True)
class Foresight:
    """What can be known of dials before they begin, for one block of histories.

    `answered` are the lowest and highest thresholds by (first hour, last hour), as far as they were asked for,
    `listened` and `accepted` those over members; `seats` are the members of each team that matter.
    """

    law: CallLaw
    answered: dict[tuple[int, int], Extremes]
    listened: Extremes
    accepted: Extremes
    seats: tuple[int, ...]

    @classmethod
    def of(cls, scenario: Scenario, law: CallLaw) -> Foresight:
        """The foresight that a scenario allows."""
        seats = tuple(max(1, len(team.skill)) for team in scenario.teams.values())
        members = [range(size) for size in seats]
        width = law.listened.table.shape[2]
        return cls(
            law=law,
            answered={},
            listened=law.listened.extremes(members, width),
            accepted=law.accepted.extremes(members, width),
            seats=seats,
        )

    def foresee(self, dials: Dialling, begin: tuple[int, int], scratch: Scratch) -> Foreseen:
        """What is known of dials the first of which begin at the clocks (ms) from `begin[0]` to `begin[1]`.

        None begins earlier, and most by the end of the hour after. Codes and ms are scratch memory.
        """
        law = self.law
        hours, until = self._span(dials.team, begin)
        low, high = (self._thresholds(dials, hours, side) for side in (0, 1))
        codes = law.codes(dials, scratch, high)
        if dials.team not in law.hourly and dials.team not in law.skilled:
            return Foreseen(codes, law.durations.base(codes, dials.minutes, scratch), None, until)
        highest = scratch.take("foresight.highest", codes.shape, np.uint8)
        np.copyto(highest, codes)
        codes = law.codes(dials, scratch, low)
        base = law.durations.base(codes, dials.minutes, scratch)
        where = np.flatnonzero(codes != highest)
        if not where.size:
            return Foreseen(codes, base, None, until)
        base.ravel()[where] = np.nan
        doubts = self._doubts(dials, hours, where, codes.ravel().take(where), highest.ravel().take(where))
        return Foreseen(codes, base, doubts, until)

    def _span(self, team: int, begin: tuple[int, int]) -> tuple[tuple[int, int], int]:
        """The hours of day that are looked at, and the clock (ms) until which they last."""
        law = self.law
        if team not in law.hourly:
            opening = law.opening[team] if law.by_hour else 0
            return (opening, opening), FOREVER
        first, last = (min(hour, HOURS - 1) for hour in (begin[0] // HOUR, begin[1] // HOUR + 1))
        return (first, last), (last + 1) * HOUR

    def _thresholds(self, dials: Dialling, hours: tuple[int, int], side: int) -> tuple[Integers, ...]:
        """The lowest (side 0) or highest thresholds of a batch."""
        if hours not in self.answered:
            fast = [range(hours[0], hours[1] + 1)] * len(self.seats)
            self.answered[hours] = self.law.answered.extremes(fast, HOURS if self.law.by_hour else 1)
        levels = (self.answered[hours][side], self.listened[side], self.accepted[side])
        circumstances = (dials.circumstance, 0, 0)
        return tuple(level.dense(dials.team, dials.row, c) for level, c in zip(levels, circumstances, strict=True))

    def _doubts(
        self, dials: Dialling, hours: tuple[int, int], where: Integers, lowest: Codes, highest: Codes
    ) -> Doubts:
        """The dials at the flat places `where`, which end in a code from `lowest` to `highest`."""
        cells, column = dials.cells(where), where % dials.answered.shape[-1]
        number = np.empty(dials.answered.size, dtype=np.int64)
        number[where] = np.arange(where.size)
        return Doubts(
            number,
            hours[0],
            cells.team in self.law.hourly,
            cells.team in self.law.skilled,
            *self._by_start(cells, hours, column),
            cells.passes,
            self._lengths(cells, column, lowest, highest),
        )

    def _lengths(self, cells: Dialling, column: Integers, lowest: Codes, highest: Codes) -> Floats:
        """Ms of doubtful dials by outcome, as far as it is possible."""
        lengths, scratch = np.full((len(calling.OUTCOMES), column.size), np.nan), Scratch()
        for code in range(len(calling.OUTCOMES)):
            may = np.flatnonzero((lowest <= code) & (code <= highest))
            if may.size:
                codes, minutes = np.full(may.size, code, dtype=np.uint8), cells.minutes.take(may)
                lengths[code, may] = self.law.durations.at(column[may]).base(codes, minutes, scratch)
        return lengths

    def _by_start(
        self, cells: Dialling, hours: tuple[int, int], column: Integers
    ) -> tuple[Integers, Integers, Integers]:
        """Bits: is each dial answered in one of the hours, listened to and accepted if some seat made it?"""
        law, team, row = self.law, cells.team, cells.row
        by_hour = cells.circumstance * HOURS if law.by_hour else cells.circumstance
        span = range(hours[0], hours[1] + 1)
        answered = {h: law.answered.dense(team, row, by_hour + h, column) for h in span}
        listened, accepted = (
            {seat: level.dense(team, row, seat, column) for seat in range(self.seats[team])}
            for level in (law.listened, law.accepted)
        )
        return _bits(cells.answered, answered), _bits(cells.listened, listened), _bits(cells.accepted, accepted)

    def settle(self, doubts: Doubts, place: Integers, clock: Integers, seat: Integers) -> tuple[Integers, Floats]:
        """Outcome code and ms (before pace and rounding) of the doubtful dials at some places of the batch (n,)."""
        number = doubts.number.take(place)
        size = doubts.lengths.shape[1]
        answered = doubts.answered.take(number) >> (clock // HOUR if doubts.by_hour else doubts.hour)
        member = seat % WORD if doubts.by_seat else 0
        spot = number if len(doubts.listened) == 1 else number + seat // WORD * size
        listened, accepted = (bits.take(spot) >> member for bits in (doubts.listened, doubts.accepted))
        passes = 1 if doubts.passes is None else doubts.passes.take(number)
        codes = calling.code_of(answered & 1, passes, listened & 1, accepted & 1)
        return codes, doubts.lengths.take(codes * size + number)


def _bits(word: Integers, thresholds: Mapping[int, Integers]) -> Integers:
    """Bit i % 32 of row i // 32: is the word (n,) below the threshold of level i?"""
    rows = np.zeros((1 + max(thresholds) // WORD, word.size), dtype=np.int64)
    for level, threshold in thresholds.items():
        rows[level // WORD] |= (word < threshold) * np.int64(1 << level % WORD)
    return rows
