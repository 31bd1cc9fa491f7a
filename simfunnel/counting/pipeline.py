"""A pipeline is worth what its open files turn into, and not what they would pay if all of them did.

A file is open at the end of a month if it was opened in it or before, and not closed by then. Its face value
is what its lead would pay; what it turns into is what it pays by the horizon, so that months before it are
told too small where many files are open at the end. Who was let go and comes back by itself opens its file
anew, so what it pays then is not counted for the months before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.facts import Dials, Integers, Scalar
from simfunnel.funnel import undecided
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.schema import Scenario

MEASURES: Final = ("open", "face_value", "turned_into")
"""Of each month's end: open files, what they would pay, what they pay by the horizon."""


def files_per_history(scenario: Scenario, calendar: Calendar) -> int:
    """How many numbers a pipeline keeps of one history: it must fit into memory for a whole block."""
    return 0 if scenario.follow_up is None else 2 * len(MEASURES) * calendar.months.first.size


def month_names(calendar: Calendar) -> list[str]:
    """The months of the horizon, as 2026-01."""
    return [f"{calendar.dates[day]:%Y-%m}" for day in calendar.months.first.tolist()]


class Pipeline:
    """The files of a block of histories: how much more is open at the end of each month than at that before."""

    def __init__(self, scenario: Scenario, calendar: Calendar, columns: int) -> None:
        self._minor = minor_units(scenario.currency)
        self._names = month_names(calendar)
        self._month = calendar.months.of_day
        self._more = np.zeros((len(MEASURES), len(self._names), columns), dtype=np.int64)
        self._opened = np.zeros((len(MEASURES), columns), dtype=np.int64)

    def dials(self, batch: Dials) -> None:
        """No dial opens or closes a file."""

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Take files that are opened or closed."""
        if facts_["kind"] != facts.FILE:
            return
        named = (np.broadcast_to(np.asarray(facts_[name]), column.shape) for name in ("outcome", "day", "amount"))
        outcome, day, amount = named
        begun = day - np.asarray(facts_["duration"])
        opened, sold = outcome == undecided.OPENED, outcome == undecided.SOLD
        sign, paid = np.where(opened | (outcome == undecided.REOPENED), 1, -1), amount * sold
        for measure, change in enumerate((sign, sign * amount, -paid)):
            np.add.at(self._more[measure], (self._month[day], column), change)
        np.add.at(self._more[-1], (self._month[begun], column), paid)
        for measure, total in enumerate((opened, opened * amount, paid)):
            np.add.at(self._opened[measure], column, total)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Files and money (in the scenario's currency) of each history, by name: each of shape (columns,)."""
        return {f"pipeline.{name}": values for name, values in self._columns()}

    def _columns(self) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        at_end = self._more.cumsum(axis=1)
        opened, face_value, turned_into = self._opened
        yield "opened", opened
        yield "face_value", face_value / self._minor
        yield "turned_into", turned_into / self._minor
        yield "open", self._more[0].sum(axis=0)
        yield "open_value", self._more[1].sum(axis=0) / self._minor
        for month, name in enumerate(self._names):
            for measure, what in enumerate(MEASURES):
                values = at_end[measure, month]
                yield f"months.{name}.{what}", values / self._minor if measure else values
