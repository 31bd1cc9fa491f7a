"""The morning's list of a team, in every replication: retries by (due day, lead), fresh leads in their order.

A waiting retry is one packed number, due day | lead | attempt, so that sorting numbers is sorting
lists. Retries wait in piles, a dense column for each replication. Fresh leads are never stored where
all of them are the team's: a column only remembers how many it has begun.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.facts import Scalar
from simfunnel.funnel.nature import Nature
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ATTEMPT_BITS: Final = 6
LEAD_BITS: Final = 26
DUE_SHIFT: Final = ATTEMPT_BITS + LEAD_BITS
COLUMN_SHIFT: Final = DUE_SHIFT + 14
NOTHING: Final = np.iinfo(np.int64).max
WIDE: Final = 128


@dataclass(frozen=True)
class Rows:
    """Some steps of every replication: `lead` (rows, columns), and which of the cells hold a task (None: all)."""

    lead: Integers
    attempt: Scalar
    present: Mask | None


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
        inside = int((self.count - self.begun).min()) >= first + size
        present = None if inside else position < self.count
        if self._lists is None:
            return Rows(position, 0, present)
        leads, offsets = self._lists
        return Rows(leads.take(position + offsets[:-1], mode="clip").astype(np.int64), 0, present)

    def settle(self, begun: Integers) -> None:
        """Count what was begun today, by column."""
        self.begun += begun


class Pile:
    """Packed tasks, one dense column for each replication: `keys` (rows, columns), NOTHING where a column ends."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._flat = np.zeros(0, dtype=np.int64)
        self._end = np.arange(columns, dtype=np.int64)

    @property
    def height(self) -> Integers:
        """Tasks by column."""
        return self._end // self._columns

    @property
    def keys(self) -> Integers:
        """The tasks, as far as the longest column goes."""
        rows = int(self.height.max(initial=0))
        return self._flat[: rows * self._columns].reshape(rows, self._columns)

    def add(self, chosen: Mask, keys: Integers, where: Integers, scratch: Scratch) -> None:
        """Append to each column its `chosen` cells (rows, columns), in order; `keys` and `where` are theirs, flat."""
        rows = chosen.shape[0]
        self._reserve(int(self._end.max()) // self._columns + rows + 1)
        spots = scratch.take("pile.spots", (rows + 1, self._columns), np.int64)
        spots[0] = self._end
        np.multiply(chosen, self._columns, out=spots[1:])
        if self._columns >= WIDE:
            each = list(spots)
            for above, below in pairwise(each):
                np.add(above, below, out=below)
        else:
            np.add.accumulate(spots, axis=0, out=spots)
        self._flat[spots[:-1].ravel().take(where)] = keys
        self._end = spots[-1].copy()

    def clear(self) -> None:
        """Make it empty, to be filled again."""
        self.keys[:] = NOTHING
        self._end = np.arange(self._columns, dtype=np.int64)

    def _reserve(self, rows: int) -> None:
        size = rows * self._columns
        if size > self._flat.size:
            grown = np.full(max(size, self._flat.size * 3 // 2), NOTHING)
            grown[: self._flat.size] = self._flat
            self._flat = grown

    @property
    def is_ordered(self) -> bool:
        """Is every column ascending?"""
        keys = self.keys
        return not (keys[1:] < keys[:-1]).any()

    def entries(self, begun: Integers | int = 0) -> tuple[Integers, Integers]:
        """(column, key) of the tasks, without the first `begun` of each column; by row, then column."""
        keys = self.keys
        wanted = (keys != NOTHING) & (np.arange(keys.shape[0])[:, None] >= begun)
        where = np.flatnonzero(wanted)
        return where % self._columns, keys.ravel().take(where)

    @classmethod
    def ordered(cls, columns: int, column: Integers, key: Integers) -> Pile:
        """A pile of the given tasks, each column ascending."""
        pile = cls(columns)
        packed = np.sort((column << COLUMN_SHIFT) | key)
        column = packed >> COLUMN_SHIFT
        counts = np.bincount(column, minlength=columns)
        rank = np.arange(packed.size) - np.repeat(np.cumsum(counts) - counts, counts)
        pile._reserve(int(counts.max(initial=0)))
        pile._flat[rank * columns + column] = packed & ((1 << COLUMN_SHIFT) - 1)
        pile._end += counts * columns
        return pile


class Retries:
    """The waiting retries of one team, by due day."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._due: dict[int, Pile] = {}
        self._today = Pile(columns)
        self._left: tuple[Integers, Integers] | None = None
        self._empty: list[Pile] = []
        self._scratch = Scratch()

    def add(self, due: int, chosen: Mask, lead: Integers, attempt: Scalar) -> None:
        """The `chosen` leads (rows, columns) are due on day `due`, after `attempt` earlier dials and this one."""
        where = np.flatnonzero(chosen)
        if not where.size:
            return
        keys = lead.ravel().take(where) << ATTEMPT_BITS
        keys += (due << DUE_SHIFT) + 1
        keys += attempt.ravel().take(where) if isinstance(attempt, np.ndarray) else attempt
        pile = self._due.get(due)
        if pile is None:
            pile = self._due[due] = self._empty.pop() if self._empty else Pile(self._columns)
        pile.add(chosen, keys, where, self._scratch)

    def is_due(self, day: int) -> bool:
        """Is anything due or left over?"""
        return self._left is not None or day in self._due

    @property
    def waits(self) -> bool:
        """Does anything wait, today or later?"""
        return self._left is not None or bool(self._due)

    def open(self, day: int) -> None:
        """Make the list of `day`: what was left over and what is due, by (due day, lead)."""
        pile = self._due.pop(day, Pile(self._columns))
        if self._left is not None or not pile.is_ordered:
            column, key = pile.entries()
            if self._left is not None:
                column, key = (np.concatenate(pair) for pair in zip(self._left, (column, key), strict=True))
            pile = Pile.ordered(self._columns, column, key)
        self._today, self._left = pile, None

    @property
    def left(self) -> int:
        """The longest list of today."""
        return len(self._today.keys)

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today's list."""
        packed = self._today.keys[first : first + size]
        inside = first + size <= int(self._today.height.min())
        lead = (packed >> ATTEMPT_BITS) & ((1 << LEAD_BITS) - 1)
        present = None if inside else packed != NOTHING
        if present is not None:
            np.multiply(lead, present, out=lead)
        return Rows(lead, packed & ((1 << ATTEMPT_BITS) - 1), present)

    def settle(self, begun: Integers) -> None:
        """What was not begun today stays due, with its original due day."""
        if (begun < self._today.height).any():
            self._left = self._today.entries(begun)
        self._today.clear()
        self._empty.append(self._today)
        self._today = Pile(self._columns)


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
