"""How long hot leads waited for an answer: by the clock, and in the answering team's working time.

Working time is the time within the team's shift, without its pause, on working days: a lead that comes
at night and is answered at the opening has waited hours by the clock and none of the team's time. A
percentile in `columns` is that of one history: the least wait such that at least that share of its
answered leads waited no longer.

The mean of such numbers over histories is not what a lead meets: leads wait longest in the histories that
have most of them. For that each history also has a histogram of its waits, from which `Waits` pools all
leads of all histories.

Only leads that were answered count. Who gave up is a loss of its own (`losses.gave_up_waiting`), and who
still waits at the horizon is still open, so where many do, these times are too kind. Where nobody was
answered they are NaN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

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
NOTHING: Final = np.zeros(0, dtype=np.int64)


def _edges() -> Integers:
    """0, and a second and what follows it in steps of 5 % until more than 30 days; whole numbers, alike everywhere."""
    found = [0, 1000]
    while found[-1] <= 30 * DAY:
        found.append(1000 * 21 ** (len(found) - 1) // 20 ** (len(found) - 1))
    return np.array(found, dtype=np.int64)


EDGES: Final = _edges()
"""Upper ends of the histogram's bins, in ms; above the last is one that is open. Bin 0 is who did not wait at all."""
BINS: Final = EDGES.size + 1


@dataclass(frozen=True)
class Waits:
    """The waits of all leads of all histories, by their histograms: `counts` has shape (histories, BINS).

    Within a bin waits are taken as even in their logarithm (below a second: as even). So a quantile is
    exactly 0 where it falls among those who did not wait; else it is off by less than 5 %, the width of a
    bin, or below a second by less than that second, whatever the waits. Who waited longer than 30 days is
    told as 30 days.
    """

    counts: npt.NDArray[np.integer[Any]]

    def quantile(self, share: float) -> float:
        """Minutes that this share, within (0, 1), of all leads waited at most; there must be leads."""
        upto = np.cumsum(self.counts.sum(axis=0, dtype=np.int64))
        wanted = share * upto[-1] * (1 - 1e-12)  # 0.95 * 180 is more than 171
        at = int(np.searchsorted(upto, wanted))
        if at in (0, BINS - 1):
            return float(EDGES[min(at, BINS - 2)] / MINUTE)
        part = (wanted - upto[at - 1]) / (upto[at] - upto[at - 1])
        low, high = EDGES[at - 1 : at + 1] / MINUTE
        return float(low * (high / low) ** part if low else high * part)

    def within(self, minutes: float) -> Floats:
        """How many leads of each history waited at most so long, for a wait within the closed bins."""
        wait = minutes * MINUTE
        at = min(int(np.searchsorted(EDGES, wait * (1 - 1e-12))), BINS - 2)
        if at == 0:
            return self.counts[:, 0].astype(np.float64)
        low, high = EDGES[at - 1 : at + 1]
        part = np.log(wait / low) / np.log(high / low) if low else wait / high
        below = self.counts[:, :at].sum(axis=1, dtype=np.int64)
        return np.asarray(below + min(part, 1.0) * self.counts[:, at])


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

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """`response.answered`, and means and percentiles of the waits of these, each of shape (columns,).

        `response.clock_histogram` and `response.working_histogram` have shape (columns, BINS), int32.
        """
        return {f"response.{name}": values for name, values in self._statistics()}

    def _statistics(self) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        yield "answered", self._counted(np.concatenate([NOTHING, *self._waits["clock"]]) >> COLUMN_SHIFT, 1)[:, 0]
        for what, parts in self._waits.items():
            kept = np.sort(np.concatenate([NOTHING, *parts]))
            ends = np.searchsorted(kept, np.arange(self._columns + 1) << COLUMN_SHIFT)
            begin, count, waits = ends[:-1], np.diff(ends), kept & ((1 << COLUMN_SHIFT) - 1)
            column = kept >> COLUMN_SHIFT
            total = np.bincount(column, waits, self._columns)  # exact, as it is below 2^53
            yield f"{what}_minutes", _minutes(total / np.maximum(count, 1), count)
            for percentile in PERCENTILES:
                rank = -(-percentile * count // 100)
                at = waits.take(begin + rank - 1, mode="clip") if waits.size else np.zeros(self._columns)
                yield f"{what}_minutes_p{percentile}", _minutes(at, count)
            histogram = self._counted(column * BINS + np.searchsorted(EDGES, waits), BINS)
            yield f"{what}_histogram", histogram.astype(np.int32)

    def _counted(self, places: Integers, width: int) -> Integers:
        """How often each place of a table of shape (columns, width) is named."""
        return np.bincount(places, minlength=self._columns * width).reshape(self._columns, width)


def worked_until(hours: Hours, clock: Integers) -> Integers:
    """Ms of a shift, without its pause, that have passed at `clock` (same shape)."""
    pause = np.clip(clock - hours.pause, 0, hours.resume - hours.pause)
    return np.asarray(np.clip(clock, hours.start, hours.end) - hours.start - pause)


def _minutes(ms: Floats | Integers, count: Integers) -> Floats:
    """Minutes where anybody was answered, else NaN."""
    return np.where(count > 0, ms / MINUTE, np.nan)
