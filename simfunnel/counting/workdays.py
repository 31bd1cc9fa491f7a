"""How busy a team is day by day: time worked, without overtime, as a share of all shift hours of the day.

A day on which a team has nothing to do counts too, with 0. Where the horizon has more days than can be told apart,
they are pooled into weeks, months, quarters or years. A share is kept to a hundredth of a percent, in two bytes, so
that long runs stay small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.counting.work import begun_time, worked
from simfunnel.facts import Dials, Integers, Scalar
from simfunnel.hours import Hours
from simfunnel.scenario.schema import Scenario
from simfunnel.scratch import Scratch

NAME: Final = "utilisation_by_day"
MOST: Final = 80
"""Periods that are told apart."""
WHOLE: Final = 10_000
UNITS: Final[dict[str, Callable[[dt.date], tuple[int, ...]]]] = {
    "days": lambda date: (date.toordinal(),),
    "weeks": lambda date: tuple(date.isocalendar()[:2]),
    "months": lambda date: (date.year, date.month),
    "quarters": lambda date: (date.year, (date.month - 1) // 3),
    "years": lambda date: (date.year,),
}


@dataclass(frozen=True, eq=False)
class Periods:
    """Days, or what they are pooled into: `of_day` (days,) is the period of each; `days` and `ends` are by period."""

    unit: str
    of_day: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    ends: tuple[tuple[dt.date, dt.date], ...]


def periods(calendar: Calendar) -> Periods:
    """The shortest unit of which the horizon has few enough; years in any case."""
    named = {unit: [of(date) for date in calendar.dates] for unit, of in UNITS.items()}
    unit = next((unit for unit, names in named.items() if len(set(names)) <= MOST), "years")
    places = {name: place for place, name in enumerate(dict.fromkeys(named[unit]))}
    of_day = np.array([places[name] for name in named[unit]], dtype=np.int64)
    days = np.bincount(of_day, minlength=len(places))
    last = np.cumsum(days) - 1
    ends = tuple((calendar.dates[end - count + 1], calendar.dates[end]) for end, count in zip(last, days, strict=True))
    return Periods(unit, of_day, days, ends)


def shares_per_history(scenario: Scenario, calendar: Calendar) -> int:
    """How many numbers are kept of one history: they must fit into memory for a whole block."""
    return len(scenario.teams) * periods(calendar).days.size


class Workdays:
    """Time worked by team and period of a block of histories, overtime apart."""

    def __init__(self, scenario: Scenario, calendar: Calendar, columns: int) -> None:
        teams = scenario.teams.values()
        self._hours = tuple(Hours.of(team) for team in teams)
        self._periods = periods(calendar)
        self._busy = np.zeros((len(teams), self._periods.days.size, columns), dtype=np.int64)
        shifts = np.array([Hours.of(team).paid * team.size for team in teams], dtype=np.int64)
        self._there = shifts[:, None] * self._periods.days
        self._scratch = Scratch()

    def dials(self, batch: Dials) -> None:
        """Count a batch of dials, all of one day."""
        mine = self._busy[batch.team, self._periods.of_day[batch.day]]
        mine += begun_time(batch, self._scratch)
        overtime = batch.overtime(self._hours[batch.team])
        if overtime is not None:
            mine -= overtime

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Count facts of one kind, if they are work."""
        work = worked(column, facts_)
        if work is None:
            return
        column, facts_ = work
        named = (np.broadcast_to(np.asarray(facts_[name]), column.shape) for name in ("team", "day", "clock"))
        team, day, clock = named
        duration = np.broadcast_to(np.asarray(facts_["duration"]), column.shape)
        period = self._periods.of_day[day]
        for number in np.unique(team).tolist():
            mine = team == number
            inside = duration[mine] - self._hours[number].overtime(clock[mine], duration[mine])
            np.add.at(self._busy[number], (period[mine], column[mine]), inside)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """The share of the shift hours that was worked, in hundredths of a percent: (columns, teams, periods)."""
        shares = np.rint(WHOLE * (self._busy / self._there[:, :, None]))
        return {NAME: np.ascontiguousarray(shares.astype(np.uint16).transpose(2, 0, 1))}
