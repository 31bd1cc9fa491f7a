"""How long hot leads waited for an answer: by the clock, and in the answering team's working time.

Working time is the time within the team's shift, without its pause, on working days: a lead that comes
at night and is answered at the opening has waited hours by the clock and none of the team's time. A
percentile is that of one history: the least wait such that at least that share of its answered leads
waited no longer.

Only leads that were answered count. Who gave up is a loss of its own (`losses.gave_up_waiting`), and who
still waits at the horizon is still open, so where many do, these times are too kind. Where nobody was
answered they are NaN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.facts import Dials, Integers, Scalar
from simfunnel.funnel import inbound
from simfunnel.hours import Hours
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import DAY, MINUTE

Floats = npt.NDArray[np.float64]

PERCENTILES: Final = (50, 90, 95)
COLUMN_SHIFT: Final = 48
"""A wait is kept as column << COLUMN_SHIFT | ms, in 8 bytes; in 48 bits fit 8,900 years."""


class Responses:
    """Keeps the wait of every hot lead that was answered, of a block of histories."""

    def __init__(self, scenario: Scenario, calendar: Calendar, columns: int) -> None:
        self._hours = tuple(Hours.of(team) for team in scenario.teams.values())
        self._dates = np.array([date.toordinal() for date in calendar.dates], dtype=np.int64)
        self._columns = columns
        self._waits: dict[str, list[Integers]] = {"clock": [], "working": []}

    def dials(self, batch: Dials) -> None:
        """Nobody waits for a dial."""

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Keep the waits of those that were answered."""
        if facts_["kind"] != facts.INBOUND:
            return
        answered = np.broadcast_to(np.asarray(facts_["outcome"]) != inbound.GAVE_UP, column.shape)
        named = (np.broadcast_to(np.asarray(facts_[name]), column.shape) for name in ("team", "day", "clock", "amount"))
        team, day, clock, waited = (values[answered] for values in named)
        high = column[answered] << COLUMN_SHIFT
        self._waits["clock"].append(high | waited)
        self._waits["working"].append(high | self._working(team, day, clock, waited))

    def _working(self, team: Integers, day: Integers, clock: Integers, waited: Integers) -> Integers:
        """Ms of the teams' working time between arrival and answer (common shape)."""
        date, came = np.divmod(self._dates[day] * DAY + clock - waited, DAY)
        first = np.searchsorted(self._dates, date)
        came = np.where(self._dates[first] == date, came, 0)
        total = np.zeros(waited.shape, dtype=np.int64)
        for number in np.unique(team).tolist():
            hours, mine = self._hours[number], team == number
            whole_days = (day[mine] - first[mine]) * hours.paid
            total[mine] = whole_days + worked_until(hours, clock[mine]) - worked_until(hours, came[mine])
        return total

    def columns(self) -> dict[str, Floats]:
        """`response.clock_minutes` and `response.working_minutes`: means and percentiles, each of shape (columns,)."""
        return {f"response.{name}": values for name, values in self._statistics()}

    def _statistics(self) -> Iterator[tuple[str, Floats]]:
        for what, parts in self._waits.items():
            kept = np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))
            ends = np.searchsorted(kept, np.arange(self._columns + 1) << COLUMN_SHIFT)
            begin, count, waits = ends[:-1], np.diff(ends), kept & ((1 << COLUMN_SHIFT) - 1)
            total = np.bincount(kept >> COLUMN_SHIFT, waits, self._columns)  # exact, as it is below 2^53
            yield f"{what}_minutes", _minutes(total / np.maximum(count, 1), count)
            for percentile in PERCENTILES:
                rank = -(-percentile * count // 100)
                at = waits.take(begin + rank - 1, mode="clip") if waits.size else np.zeros(self._columns)
                yield f"{what}_minutes_p{percentile}", _minutes(at, count)


def worked_until(hours: Hours, clock: Integers) -> Integers:
    """Ms of a shift, without its pause, that have passed at `clock` (same shape)."""
    pause = np.clip(clock - hours.pause, 0, hours.resume - hours.pause)
    return np.asarray(np.clip(clock, hours.start, hours.end) - hours.start - pause)


def _minutes(ms: Floats | Integers, count: Integers) -> Floats:
    """Minutes where anybody was answered, else NaN."""
    return np.where(count > 0, ms / MINUTE, np.nan)
