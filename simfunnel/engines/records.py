"""What is kept of many leads or customers is a row number, given once and never again, of arrays over all rows.

The arrays are small ones, for there may be many rows. What is to happen on a later day is noted under that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Kinds = Mapping[str, tuple[type, Any]]

FEW: Final = 8
"""Days up to which it is faster to look for each than to sort."""


class Records:
    """Rows of named columns, each of its own kind and with a default: `columns` are those of `kinds`, by name."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self.size = 0
        self.columns: dict[str, npt.NDArray[Any]] = {name: np.zeros(0, dtype=kind) for name, (kind, _) in kinds.items()}

    def add(self, count: int, **values: Any) -> Integers:
        """So many new rows; what is not given has its default. Gives their numbers."""
        rows = np.arange(self.size, self.size + count)
        self.size += count
        for name, (_, default) in self._kinds.items():
            self._grown(name)[rows] = values.get(name, default)
        return rows

    def _grown(self, name: str) -> npt.NDArray[Any]:
        """The column of that name, with room for all rows."""
        old = self.columns[name]
        if old.size < self.size:
            grown = np.zeros(max(self.size, old.size * 3 // 2), dtype=old.dtype)
            grown[: old.size] = old
            self.columns[name] = grown
        return self.columns[name]

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """A whole column; it may have room for more rows."""
        return self.columns[name]

    def of(self, name: str, rows: Integers) -> Integers:
        """The whole numbers of some rows."""
        return self.columns[name][rows].astype(np.int64)


class Due:
    """Rows noted under the days on which something is due, as far as these lie within the horizon."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._rows: dict[int, list[Integers]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __contains__(self, day: int) -> bool:
        return day in self._rows

    def note(self, rows: Integers, days: Integers) -> None:
        """Note rows under their days (n,)."""
        counts = np.bincount(np.minimum(days, self._days), minlength=self._days + 1)[: self._days]
        some = np.flatnonzero(counts)
        if some.size > FEW:
            rows = rows[np.argsort(days, kind="stable")]
            parts = np.split(rows[: counts.sum()], np.cumsum(counts[some])[:-1])
        else:
            parts = [rows if counts[day] == rows.size else rows[days == day] for day in some]
        for day, part in zip(some.tolist(), parts, strict=True):
            self._rows.setdefault(day, []).append(part)

    def pop(self, day: int) -> Integers:
        """What is due on `day`, which is then forgotten."""
        parts = self._rows.pop(day, [])
        return np.concatenate([np.zeros(0, dtype=np.int64), *parts]) if len(parts) != 1 else parts[0]


def once(rows: Integers) -> Integers:
    """Each row once, ascending: by sorting, which is faster here than hashing."""
    rows = np.sort(rows)
    return rows[np.diff(rows, prepend=-1) > 0]
