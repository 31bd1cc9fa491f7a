"""The morning's list of a team, in every replication, is worked through class by class, each by (due day, lead).

A waiting retry is one packed number, due day | lead | attempt, so that sorting numbers is sorting
lists. Retries wait in piles, a dense column for each replication.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from simfunnel.facts import Scalar
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ATTEMPT_BITS: Final = 6
DUE_BITS: Final = 14
COLUMN_BITS: Final = 13
WIDE: Final = 128


@dataclass(frozen=True)
class Rows:
    """Some steps of every replication: `lead` (rows, columns), and which of the cells hold a task (None: all).

    A column's tasks are its first cells. `attempt` counts earlier dials; of other tasks it is their place in the list.
    """

    lead: Integers
    attempt: Scalar
    present: Mask | None


class Source(Protocol):
    """One class of a day's list."""

    @property
    def left(self) -> int:
        """The longest list of today."""

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today's list."""

    def settle(self, begun: Integers) -> None:
        """Keep what was not begun today; `begun` counts by column what was."""


class DayList:
    """The tasks of one day, in order within each column; a task is its place in the arrays (n,) `column` and `lead`."""

    def __init__(self, columns: int, column: Integers, lead: Integers) -> None:
        self._lead = lead
        self._count = np.bincount(column, minlength=columns)
        self._first = np.cumsum(self._count) - self._count

    @property
    def left(self) -> int:
        """The longest list of today."""
        return int(self._count.max(initial=0))

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today's list."""
        step = np.arange(first, first + size)[:, None]
        present, place = step < self._count, self._first + step
        return Rows(self._lead.take(place, mode="clip") * present, place, present)

    def undone(self, begun: Integers) -> Mask:
        """Which tasks (n,) were not begun, if so many of each column were."""
        rank = np.arange(self._lead.size) - np.repeat(self._first, self._count)
        return np.asarray(rank >= np.repeat(begun, self._count))

    def settle(self, _: Integers) -> None:
        """What was not begun is known to who made the list."""


class Pile:
    """Packed tasks, one dense column for each replication: `keys` (rows, columns), anything beyond a column's end."""

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

    @property
    def present(self) -> Mask:
        """Which cells of `keys` hold a task."""
        height = self.height
        return np.asarray(np.arange(int(height.max(initial=0)))[:, None] < height)

    def append(self, other: Pile, scratch: Scratch) -> None:
        """All tasks of another pile behind those of this one."""
        chosen = other.present
        where = np.flatnonzero(chosen)
        self.add(chosen, other.keys.ravel().take(where), where, scratch)

    def drop(self, rows: int) -> None:
        """Forget the first so many rows, which all columns have."""
        keys = self.keys
        keys[: len(keys) - rows] = keys[rows:].copy()
        self._end -= rows * self._columns

    def at(self, row: Integers) -> Integers:
        """The tasks at such rows of every column (any rows, columns); whatever where a column has ended."""
        return self._flat.take(row * self._columns + np.arange(self._columns), mode="clip")

    def clear(self) -> None:
        """Make it empty, to be filled again."""
        self._end = np.arange(self._columns, dtype=np.int64)

    def _reserve(self, rows: int) -> None:
        size = rows * self._columns
        if size > self._flat.size:
            grown = np.empty(max(size, self._flat.size * 3 // 2), dtype=np.int64)
            grown[: self._flat.size] = self._flat
            self._flat = grown

    @property
    def is_ordered(self) -> bool:
        """Is every column ascending?"""
        keys, height = self.keys, self.height
        falls = keys[1:] < keys[:-1]
        if int(height.min(initial=0)) < len(keys):
            falls &= self.present[1:]
        return not falls.any()

    def entries(self, begun: Integers | int = 0) -> tuple[Integers, Integers]:
        """(column, key) of the tasks, without the first `begun` of each column; by row, then column."""
        keys = self.keys
        where = np.flatnonzero(self.present & (np.arange(keys.shape[0])[:, None] >= begun))
        return where % self._columns, keys.ravel().take(where)

    @classmethod
    def ordered(cls, columns: int, column: Integers, key: Integers, bits: int) -> Pile:
        """A pile of the given tasks, each column ascending; keys have at most `bits` bits."""
        pile = cls(columns)
        column, key = _sorted(column, key, bits)
        counts = np.bincount(column, minlength=columns)
        rank = np.arange(key.size) - np.repeat(np.cumsum(counts) - counts, counts)
        pile._reserve(int(counts.max(initial=0)))
        pile._flat[rank * columns + column] = key
        pile._end += counts * columns
        return pile


def _sorted(column: Integers, key: Integers, bits: int) -> tuple[Integers, Integers]:
    """By (column, key): one sort of packed numbers where they fit into 63 bits, which is much faster."""
    if bits + COLUMN_BITS <= 63:
        packed = np.sort((column << bits) | key)
        return packed >> bits, packed & ((1 << bits) - 1)
    order = np.lexsort((key, column))
    return column[order], key[order]


class Retries:
    """The waiting retries of one team, by due day; a lead takes at most `lead_bits` bits.

    What is not begun stays where it is, and what is due later is put behind it: so nothing is sorted but what
    another team did not get round to.
    """

    def __init__(self, columns: int, lead_bits: int) -> None:
        self._columns = columns
        self._lead_bits = lead_bits
        self._due_shift = lead_bits + ATTEMPT_BITS
        self._due: dict[int, Pile] = {}
        self._list = Pile(columns)
        self._begun = np.zeros(columns, dtype=np.int64)
        self._moved: list[tuple[Integers, Integers]] = []
        self._empty: list[Pile] = []
        self._scratch = Scratch()

    def add(self, due: int, chosen: Mask, lead: Integers, attempt: Scalar) -> None:
        """The `chosen` leads (rows, columns) are due on day `due`, after `attempt` earlier dials and this one."""
        where = np.flatnonzero(chosen)
        if not where.size:
            return
        keys = lead.ravel().take(where) << ATTEMPT_BITS
        keys += (due << self._due_shift) + 1
        keys += attempt.ravel().take(where) if isinstance(attempt, np.ndarray) else attempt
        pile = self._due.get(due)
        if pile is None:
            pile = self._due[due] = self._empty.pop() if self._empty else Pile(self._columns)
        pile.add(chosen, keys, where, self._scratch)

    def is_due(self, day: int) -> bool:
        """Is anything due or left over?"""
        return self._is_left or bool(self._moved) or day in self._due

    @property
    def waits(self) -> bool:
        """Does anything wait, today or later?"""
        return self._is_left or bool(self._moved or self._due)

    @property
    def _is_left(self) -> bool:
        return len(self._list.keys) > 0

    def open(self, day: int) -> None:
        """Make the list of `day`: what was left over and what is due, by (due day, lead)."""
        pile = self._due.pop(day, Pile(self._columns))
        if not pile.is_ordered:
            pile = self._ordered(*pile.entries())
        if self._moved:
            parts = [self._list.entries(self._begun), pile.entries(), *self._moved]
            self._replace(self._ordered(*(np.concatenate(part) for part in zip(*parts, strict=True))))
            self._moved = []
        elif self._is_left:
            self._list.append(pile, self._scratch)
            pile.clear()
            self._empty.append(pile)
        else:
            self._empty.append(self._list)
            self._replace(pile)

    def _ordered(self, column: Integers, key: Integers) -> Pile:
        return Pile.ordered(self._columns, column, key, self._due_shift + DUE_BITS)

    def _replace(self, pile: Pile) -> None:
        self._list = pile
        self._begun[:] = 0

    @property
    def left(self) -> int:
        """The longest list of today."""
        return int((self._list.height - self._begun).max(initial=0))

    def rows(self, first: int, size: int) -> Rows:
        """Steps `first` to `first + size - 1` of today's list."""
        height = self._list.height
        if self._begun.any():
            row = self._begun + np.arange(first, first + size)[:, None]
            packed = self._list.at(row)
        else:
            row = np.arange(first, min(first + size, len(self._list.keys)))[:, None]
            packed = self._list.keys[first : first + size]
        lead = (packed >> ATTEMPT_BITS) & ((1 << self._lead_bits) - 1)
        present = None if first + size <= int((height - self._begun).min()) else row < height
        if present is not None:
            np.multiply(lead, present, out=lead)
        return Rows(lead, packed & ((1 << ATTEMPT_BITS) - 1), present)

    def settle(self, begun: Integers) -> None:
        """What was not begun today stays due, with its original due day."""
        self._begun += begun
        height = self._list.height
        if (self._begun >= height).all():
            self._list.clear()
            self._begun[:] = 0
        elif 2 * (low := int(self._begun.min())) >= int(height.max()):
            self._list.drop(low)
            self._begun -= low

    def overdue(self, latest: int) -> tuple[Integers, Integers] | None:
        """Take away what was left over and had been due by day `latest`: (column, key), None if nothing."""
        if not self._is_left:
            return None
        waiting = self._begun < self._list.height
        if (self._list.at(self._begun)[waiting] >> self._due_shift > latest).all():
            return None
        column, key = self._list.entries(self._begun)
        late = key >> self._due_shift <= latest
        self._replace(self._ordered(column[~late], key[~late]))
        return column[late], key[late]

    def take(self, column: Integers, key: Integers) -> None:
        """Tasks that another team did not get round to; they count as left over."""
        self._moved.append((column, key))
