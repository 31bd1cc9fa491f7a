"""Fresh leads are dialled in the order (due day, lead): listed ones are due on the first day, arrivals the day after.

Each due day has its own list. Listed leads are never stored where all of them are the team's: a column
only remembers how many it has begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simfunnel.engines.worklist import Rows
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.segments import LEAD_BITS

Integers = npt.NDArray[np.int64]
Leads = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Lists:
    """Leads of every column: those of column c are `leads[offsets[c] : offsets[c + 1]]`, ascending."""

    leads: Leads
    offsets: Integers

    @classmethod
    def of(cls, each: Sequence[Leads]) -> Lists:
        """From the leads of each column."""
        offsets = np.concatenate(([0], np.cumsum([part.size for part in each])))
        return cls(np.concatenate(each), offsets.astype(np.int64))


class Fresh:
    """Fresh leads of one due day: the first `total` of all, or each column's own (`lists`)."""

    def __init__(self, total: int, columns: int, lists: Lists | None = None) -> None:
        self._lists = lists
        self.begun = np.zeros(columns, dtype=np.int64)
        self.count = np.full(columns, total) if lists is None else np.diff(lists.offsets)

    @property
    def left(self) -> int:
        """The most fresh leads that any replication has left."""
        return int((self.count - self.begun).max(initial=0))

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today, counted from what was begun before today."""
        position = self.begun + np.arange(first, first + size)[:, None]
        inside = int((self.count - self.begun).min()) >= first + size
        present = None if inside else position < self.count
        if self._lists is None:
            return Rows(position, 0, present)
        leads, offsets = self._lists.leads, self._lists.offsets
        return Rows(leads.take(position + offsets[:-1], mode="clip").astype(np.int64), 0, present)

    def settle(self, begun: Integers) -> None:
        """Count what was begun today, by column."""
        self.begun += begun

    def rest(self) -> list[Leads]:
        """What was not begun, by column, ascending."""
        spans = zip(self.begun.tolist(), self.count.tolist(), strict=True)
        if self._lists is None:
            return [np.arange(*span, dtype=np.int32) for span in spans]
        leads, first = self._lists.leads, self._lists.offsets.tolist()
        return [leads[start + begun : start + count] for start, (begun, count) in zip(first, spans, strict=False)]

    def entries(self) -> tuple[Integers, Integers]:
        """Column and lead of what was not begun."""
        rest = self.rest()
        column = np.repeat(np.arange(self.count.size), [part.size for part in rest])
        return column, np.concatenate(rest).astype(np.int64)


class FreshLists:
    """All fresh leads of one team, by due day."""

    def __init__(self, columns: int, listed: Fresh | None) -> None:
        self._columns = columns
        self._due: dict[int, Fresh] = {} if listed is None else {0: listed}

    @property
    def waits(self) -> bool:
        """Is any lead not begun?"""
        return any(fresh.left for fresh in self._due.values())

    def due(self, day: int) -> Iterator[Fresh]:
        """The lists of the leads that are due, the earliest first."""
        self._due = {due: fresh for due, fresh in sorted(self._due.items()) if fresh.left}
        return (fresh for due, fresh in list(self._due.items()) if due <= day)

    def add(self, due: int, column: Integers, lead: Integers) -> None:
        """More leads that are due on a day, in any order."""
        there = self._due.get(due)
        if there is not None:
            column, lead = (np.concatenate(both) for both in zip((column, lead), there.entries(), strict=True))
        packed = np.sort(column << LEAD_BITS | lead)  # much faster than lexsort
        offsets = np.concatenate(([0], np.cumsum(np.bincount(column, minlength=self._columns))))
        self._due[due] = Fresh(0, self._columns, Lists(packed & ((1 << LEAD_BITS) - 1), offsets))

    def take(self, due: int, more: list[Leads]) -> None:
        """More leads that are due on a day, by column, ascending."""
        there = self._due.get(due)
        if there is not None:
            more = [_merged(*both) for both in zip(there.rest(), more, strict=True)]
        self._due[due] = Fresh(0, self._columns, Lists.of(more))

    def overdue(self, latest: int) -> Iterator[tuple[int, list[Leads]]]:
        """Take away the leads that had been due by day `latest` and were not begun: due day, and leads by column."""
        for due in [due for due, fresh in self._due.items() if due <= latest and fresh.left]:
            yield due, self._due.pop(due).rest()


def _merged(some: Leads, more: Leads) -> Leads:
    """Both of two ascending lists, ascending."""
    if not more.size or not some.size:
        return some if some.size else more
    return np.sort(np.concatenate([some, more]), kind="stable")  # which merges


def fresh_lists(nature: Nature) -> dict[int, FreshLists]:
    """The fresh leads of each calling team, by the routing draw of each lead."""
    listed, columns, teams = nature.segments.listed(hot=False), nature.streams.size, nature.routing.teams
    if len(teams) == 1 and (not listed.size or int(listed[-1]) == listed.size - 1):
        return {teams[0]: FreshLists(columns, Fresh(listed.size, columns))}
    of_team: dict[int, list[Leads]] = {team: [] for team in teams}
    short = listed.astype(np.int32)
    for column in range(columns):
        routed = nature.routing.team(nature.streams[column : column + 1], listed)
        for team, lists in of_team.items():
            lists.append(short[routed == team])
    return {team: FreshLists(columns, Fresh(0, columns, Lists.of(lists))) for team, lists in of_team.items()}
