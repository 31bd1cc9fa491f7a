"""Only working days exist for the funnel: every date that falls on a day off moves to the next working day.

Days are numbered 0, 1, 2, ... over working days from the start. All day tables are made once per
scenario; engines look up, they do no date arithmetic.
"""

from __future__ import annotations

import bisect
import calendar as gregorian
import datetime as dt
import itertools
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.scenario.offers import Demo
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Interval

NOTHING: Final = Interval(0, "days")

Dates = npt.NDArray[np.datetime64]


def add(date: dt.date, interval: Interval) -> dt.date:
    """`date` plus an interval of days, weeks, months or years (a month's last day stays its last at most)."""
    if interval.unit in ("days", "weeks"):
        return date + dt.timedelta(days=interval.count * (7 if interval.unit == "weeks" else 1))
    months = date.month - 1 + interval.count * (12 if interval.unit == "years" else 1)
    year, month = date.year + months // 12, months % 12 + 1
    return date.replace(year=year, month=month, day=min(date.day, gregorian.monthrange(year, month)[1]))


def added(dates: Dates, interval: Interval) -> Dates:
    """`add` of many dates at once (any shape)."""
    if interval.unit in ("days", "weeks"):
        return dates + interval.count * (7 if interval.unit == "weeks" else 1)
    months = dates.astype("datetime64[M]")
    later = months + interval.count * (12 if interval.unit == "years" else 1)
    lengths = (later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")
    return np.asarray(later.astype("datetime64[D]") + np.minimum(dates - months.astype("datetime64[D]"), lengths - 1))


def intake_of(scenario: Scenario) -> int:
    """Working days in which leads arrive and fresh ones are dialled."""
    return Calendar.of(scenario).length(scenario.intake or scenario.horizon)


@dataclass(frozen=True, eq=False)
class Months:
    """The calendar months that a horizon touches; arrays are (months,), `of_day` is (days,).

    `first` is a month's first day within the horizon, `days` its working days there, `working_days`
    those of the whole calendar month, before the start and after the horizon too.
    """

    of_day: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    working_days: npt.NDArray[np.int64]

    def until(self, end: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The days of each month that lie before day `end` (columns,): shape (months, columns)."""
        return np.asarray(np.clip(end - self.first[:, None], 0, self.days[:, None]))


@dataclass(frozen=True)
class Calendar:
    """The working days of one scenario, from its start to its horizon."""

    start: dt.date
    weekdays: frozenset[int]
    holidays: frozenset[dt.date]
    horizon: Interval

    @classmethod
    def of(cls, scenario: Scenario) -> Calendar:
        """The calendar that a scenario states."""
        return cls(scenario.start, frozenset(scenario.working_days), frozenset(scenario.holidays), scenario.horizon)

    def works(self, date: dt.date) -> bool:
        """Is it a working day?"""
        return date.weekday() in self.weekdays and date not in self.holidays

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """The date of each working day within the horizon."""
        return self._within(self.horizon)

    def _within(self, interval: Interval) -> tuple[dt.date, ...]:
        counted = interval.unit == "working days"
        last = dt.date.max if counted else add(self.start, interval)
        found: list[dt.date] = []
        date, idle = self.start, 0
        while date < last and not (counted and len(found) == interval.count) and idle < 3660:
            working = self.works(date)
            idle = 0 if working else idle + 1
            if working:
                found.append(date)
            date += dt.timedelta(days=1)
        return tuple(found)

    @cached_property
    def _ordinary(self) -> Dates:
        """The same dates as numpy's: shape (days,)."""
        return np.array(self.dates, dtype="datetime64[D]")

    @property
    def days(self) -> int:
        """Working days within the horizon."""
        return len(self.dates)

    def length(self, interval: Interval) -> int:
        """Working days within `interval` from the start, at most the horizon's."""
        return min(self.days, len(self._within(interval)))

    def longer(self, interval: Interval) -> Calendar:
        """The same calendar with a horizon that reaches at least `interval` beyond every day of this one."""
        more = int(self.after(interval).max(initial=0)) + 1
        return replace(self, horizon=Interval(self.days + more, "working days"))

    def span(self, interval: Interval) -> int:
        """Working days within `interval` from the start, beyond the horizon too."""
        return len(self._within(interval))

    def after(self, interval: Interval) -> npt.NDArray[np.int64]:
        """For each day, the working days within `interval` after it, beyond the horizon too: shape (days,)."""
        if interval.unit == "working days" or not self.days:
            return np.full(self.days, interval.count)
        begin, end = self.dates[0].toordinal(), add(self.dates[-1], interval).toordinal()
        until = np.cumsum([self.works(dt.date.fromordinal(number)) for number in range(begin, end + 1)])
        return np.array(
            [until[add(d, interval).toordinal() - begin] - until[d.toordinal() - begin] for d in self.dates]
        )

    @cached_property
    def months(self) -> Months:
        """The calendar months of the horizon."""
        named, first, days = np.unique([d.year * 12 + d.month - 1 for d in self.dates], True, return_counts=True)
        whole = [self._working_days_of(*divmod(int(month), 12)) for month in named]
        return Months(np.repeat(np.arange(named.size), days), first, days, np.array(whole, dtype=np.int64))

    def _working_days_of(self, year: int, month: int) -> int:
        """The working days of a whole calendar month; January is 0."""
        last = gregorian.monthrange(year, month + 1)[1]
        return sum(self.works(dt.date(year, month + 1, day)) for day in range(1, last + 1))

    def due(self, interval: Interval, then: Interval = NOTHING) -> npt.NDArray[np.int64]:
        """For each day, the day on which something `interval` later, and `then` later still, is due: tomorrow or later.

        Shape (days,); `days` itself stands for every day beyond the horizon. `then` is no number of working days.
        """
        today = np.arange(self.days)
        if interval.unit == "working days":
            later = today + interval.count
        else:
            later = np.searchsorted(self._ordinary, added(added(self._ordinary, interval), then))
        return np.minimum(later, self.days).astype(np.int64)

    def last_within(self, interval: Interval) -> npt.NDArray[np.int64]:
        """For each day, the last day that is no later than `interval` after it, beyond the horizon too: (days,)."""
        return np.asarray(np.arange(self.days) + self.after(interval))

    def series(self, every: Interval, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """What begins on each day and comes back `every` so often, `most` times: (days,) calendar days until the last.

        And how many of the times lie within the horizon. The first is one interval after the day.
        """
        lasts, within = np.zeros(self.days, dtype=np.int64), np.zeros(self.days, dtype=np.int64)
        numbers = range(1, most + 1)
        for day, date in enumerate(self.dates):
            lasts[day] = (self._later(date, every, most) - date).days
            within[day] = bisect.bisect_right(numbers, self.dates[-1], key=partial(self._later, date, every))
        return lasts, within

    def _later(self, date: dt.date, every: Interval, number: int) -> dt.date:
        """The date that is `number` intervals after a working day; working days count as they lie in a usual week."""
        if every.unit != "working days":
            return add(date, Interval(every.count * number, every.unit))
        weeks, rest = divmod(every.count * number, len(self.weekdays))
        date += dt.timedelta(days=7 * weeks)
        while rest:
            date += dt.timedelta(days=1)
            rest -= date.weekday() in self.weekdays
        return date

    def overdue(self, after: Interval) -> npt.NDArray[np.int64]:
        """For each day, the latest due day of what has been due for `after` by the next morning; -1 for none."""
        return np.asarray(np.searchsorted(self.due(after), np.arange(1, self.days + 1), side="right") - 1)

    def event_days(self, demo: Demo) -> tuple[int, ...]:
        """The days of the demos within the horizon, ascending and all different.

        With weekdays there is one on each of them from the start on (moved, if that is a day off). With
        a weekday the first is the first such weekday from the start on (moved, if that is a day
        off); without, one interval after the start. Dates count from the first, so months do not drift.
        """
        if demo.weekdays:
            return self._on_weekdays(frozenset(demo.weekdays))
        first = self.start
        while demo.weekday is not None and first.weekday() != demo.weekday:
            first += dt.timedelta(days=1)
        skipped = 0 if demo.weekday is not None else 1
        if demo.every.unit == "working days":
            day = bisect.bisect_left(self.dates, first) + skipped * demo.every.count
            return tuple(range(day, self.days, demo.every.count))
        found: list[int] = []
        for number in itertools.count(skipped):
            date = add(first, Interval(demo.every.count * number, demo.every.unit))
            if not self.days or date > self.dates[-1]:
                return tuple(found)
            day = bisect.bisect_left(self.dates, date)
            if day not in found[-1:]:
                found.append(day)
        raise AssertionError

    def _on_weekdays(self, weekdays: frozenset[int]) -> tuple[int, ...]:
        """The working days on which something on each of the weekdays is held; what moves to one day is one."""
        if not self.days:
            return ()
        dates = (self.start + dt.timedelta(days=n) for n in range((self.dates[-1] - self.start).days + 1))
        return tuple(sorted({bisect.bisect_left(self.dates, date) for date in dates if date.weekday() in weekdays}))
