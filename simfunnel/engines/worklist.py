"""The morning's list of a team, in every replication: retries by (due day, lead), fresh leads in their order.

A waiting retry is one packed number, column | due day | lead | attempt, so that sorting numbers is
sorting lists. Fresh leads are never stored where all of them are the team's: a column only remembers
how many it has begun.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.facts import Scalar
from simfunnel.funnel.nature import Nature

Integers = npt.NDArray[np.int64]

ATTEMPT_BITS: Final = 6
LEAD_BITS: Final = 26
DUE_BITS: Final = 14
DUE_SHIFT: Final = ATTEMPT_BITS + LEAD_BITS
COLUMN_SHIFT: Final = DUE_SHIFT + DUE_BITS
MAX_COLUMNS: Final = 1 << 12


@dataclass(frozen=True)
class Rows:
    """Some steps of every replication: `lead` (rows, columns), and which of the cells hold a task (None: all)."""

    lead: Integers
    attempt: Scalar
    present: npt.NDArray[np.bool_] | None


class Fresh:
    """The fresh leads of one team: all of them, or (`leads`, `offsets`) each column's own list."""

    def __init__(self, total: int, columns: int, lists: tuple[npt.NDArray[np.int32], Integers] | None = None) -> None:
        self._lists = lists
        self.begun = np.zeros(columns, dtype=np.int64)
        self.count = np.full(columns, total) if lists is None else np.diff(lists[1])

    @property
    def left(self) -> int:
        """The most fresh leads that any replication has left."""
        return int((self.count - self.begun).max(initial=0))

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today, counted from what was begun before today."""
        position = self.begun + np.arange(first, first + size)[:, None]
        inside = int(self.begun.max()) + first + size <= int(self.count.min())
        present = None if inside else position < self.count
        if self._lists is None:
            return Rows(position, 0, present)
        leads, offsets = self._lists
        return Rows(leads.take(position + offsets[:-1], mode="clip").astype(np.int64), 0, present)

    def settle(self, begun: Integers) -> None:
        """Count what was begun today, by column."""
        self.begun += begun


class Retries:
    """The waiting retries of one team, by due day."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._due: dict[int, list[Integers]] = {}
        self._left = np.zeros(0, dtype=np.int64)
        self._today = self._left
        self._offsets = np.zeros(columns + 1, dtype=np.int64)

    def add(self, due: int, column: Integers, lead: Integers, attempt: Scalar) -> None:
        """Leads to be dialled for the `attempt`-th time (from 0) on day `due`."""
        packed = (column << COLUMN_SHIFT) | (due << DUE_SHIFT) | (lead << ATTEMPT_BITS) | attempt
        self._due.setdefault(due, []).append(packed)

    def is_due(self, day: int) -> bool:
        """Is anything due or left over?"""
        return bool(self._left.size) or day in self._due

    @property
    def waits(self) -> bool:
        """Does anything wait, today or later?"""
        return bool(self._left.size or self._due)

    def open(self, day: int) -> None:
        """Make the list of `day`."""
        parts = self._due.pop(day, [])
        merged = np.concatenate([self._left, *parts]) if parts else self._left
        order = np.argsort((merged >> COLUMN_SHIFT).astype(np.uint16), kind="stable")
        self._today = np.sort(merged.take(order), kind="stable")
        bounds = np.arange(self._columns + 1, dtype=np.int64) << COLUMN_SHIFT
        self._offsets = np.searchsorted(self._today, bounds)

    @property
    def left(self) -> int:
        """The longest list of today."""
        return int(np.diff(self._offsets).max(initial=0))

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today's list."""
        position = np.arange(first, first + size)[:, None]
        count = np.diff(self._offsets)
        packed = self._today.take(self._offsets[:-1] + position, mode="clip")
        attempt = packed & ((1 << ATTEMPT_BITS) - 1)
        lead = (packed >> ATTEMPT_BITS) & ((1 << LEAD_BITS) - 1)
        present = None if first + size <= int(count.min()) else position < count
        return Rows(lead, attempt, present)

    def settle(self, begun: Integers) -> None:
        """What was not begun today stays due, with its original due day."""
        rank = np.arange(self._today.size) - np.repeat(self._offsets[:-1], np.diff(self._offsets))
        self._left = self._today[rank >= np.repeat(begun, np.diff(self._offsets))]
        self._today = self._left


def chunks(source: Fresh | Retries, size: int) -> Iterator[Rows]:
    """Today's list in steps of at most `size` rows."""
    left = source.left
    for first in range(0, left, size):
        yield source.rows(first, min(size, left - first))


def fresh_lists(nature: Nature) -> dict[int, Fresh]:
    """The fresh leads of each calling team, by the routing draw of each lead."""
    total, columns, teams = nature.segments.leads, nature.streams.size, nature.routing.teams
    if len(teams) == 1:
        return {teams[0]: Fresh(total, columns)}
    lead = np.arange(total, dtype=np.int64)
    of_team: dict[int, list[npt.NDArray[np.int32]]] = {team: [] for team in teams}
    for column in range(columns):
        routed = nature.routing.team(nature.streams[column : column + 1], lead)
        for team, lists in of_team.items():
            lists.append(np.flatnonzero(routed == team).astype(np.int32))
    return {team: Fresh(total, columns, _joined(lists)) for team, lists in of_team.items()}


def _joined(lists: list[npt.NDArray[np.int32]]) -> tuple[npt.NDArray[np.int32], Integers]:
    return np.concatenate(lists), np.concatenate(([0], np.cumsum([part.size for part in lists]))).astype(np.int64)
