"""Fresh leads are dialled in the order (due day, lead): listed ones are due on the first day, arrivals the day after.

Each due day has its own list. Listed leads are never stored where all of them are the team's: a column
only remembers how many it has begun.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from simfunnel.engines.worklist import Rows
from simfunnel.funnel.nature import Nature
from simfunnel.funnel.segments import LEAD_BITS

Integers = npt.NDArray[np.int64]
Leads = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]


class Fresh:
    """Fresh leads of one due day: the first `total` of all, or (`leads`, `offsets`) each column's own list."""

    def __init__(self, total: int, columns: int, lists: tuple[Leads, Integers] | None = None) -> None:
        self._lists = lists
        self.begun = np.zeros(columns, dtype=np.int64)
        self.count = np.full(columns, total) if lists is None else np.diff(lists[1])

    @classmethod
    def of(cls, columns: int, packed: Integers) -> Fresh:
        """Leads as column << LEAD_BITS | lead, ascending."""
        counts = np.bincount(packed >> LEAD_BITS, minlength=columns)
        leads = packed & ((1 << LEAD_BITS) - 1)
        return cls(0, columns, (leads, np.concatenate(([0], np.cumsum(counts))).astype(np.int64)))

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
        leads, offsets = self._lists
        return Rows(leads.take(position + offsets[:-1], mode="clip").astype(np.int64), 0, present)

    def settle(self, begun: Integers) -> None:
        """Count what was begun today, by column."""
        self.begun += begun

    def rest(self) -> Integers:
        """What was not begun, as column << LEAD_BITS | lead, ascending."""
        left = self.count - self.begun
        column = np.repeat(np.arange(left.size) << LEAD_BITS, left)
        if self._lists is None:
            place = np.arange(column.size) - np.repeat(np.cumsum(left) - left - self.begun, left)
            return np.asarray(column | place)
        leads, offsets = self._lists
        return np.asarray(column | leads[_spans(offsets[:-1] + self.begun, offsets[1:], leads.size)])


def _spans(begin: Integers, end: Integers, size: int) -> Mask:
    """Which of `size` places lie in one of the spans from `begin` to `end` (n,), which do not overlap?"""
    edges = np.zeros(size + 1, dtype=np.int8)
    np.add.at(edges, begin, 1)
    np.add.at(edges, end, -1)
    return np.cumsum(edges[:-1], dtype=np.int8).view(np.bool_)


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
        self.take(due, np.sort(column << LEAD_BITS | lead))  # much faster than lexsort

    def take(self, due: int, packed: Integers) -> None:
        """More leads that are due on a day, as column << LEAD_BITS | lead, ascending."""
        there = self._due.get(due)
        if there is not None:
            packed = np.sort(np.concatenate([there.rest(), packed]), kind="stable")  # merges the two
        self._due[due] = Fresh.of(self._columns, packed)

    def overdue(self, latest: int) -> Iterator[tuple[int, Integers]]:
        """Take away the leads that had been due by day `latest` and were not begun: due day, and packed as `take`."""
        for due in [due for due, fresh in self._due.items() if due <= latest and fresh.left]:
            yield due, self._due.pop(due).rest()


def fresh_lists(nature: Nature) -> dict[int, FreshLists]:
    """The fresh leads of each calling team, by the routing draw of each lead."""
    listed, columns, teams = nature.segments.listed(hot=False), nature.streams.size, nature.routing.teams
    if len(teams) == 1 and (not listed.size or int(listed[-1]) == listed.size - 1):
        return {teams[0]: FreshLists(columns, Fresh(listed.size, columns))}
    of_team: dict[int, list[npt.NDArray[np.int32]]] = {team: [] for team in teams}
    for column in range(columns):
        routed = nature.routing.team(nature.streams[column : column + 1], listed)
        for team, lists in of_team.items():
            lists.append(listed[routed == team].astype(np.int32))
    return {team: FreshLists(columns, Fresh(0, columns, _joined(lists))) for team, lists in of_team.items()}


def _joined(lists: list[npt.NDArray[np.int32]]) -> tuple[npt.NDArray[np.int32], Integers]:
    return np.concatenate(lists), np.concatenate(([0], np.cumsum([part.size for part in lists]))).astype(np.int64)
