"""The firm keeps a file on every undecided lead of every history: what was tried, and what nature drew for it.

A file is a row number, given once and never again; columns are arrays over all rows, small ones, for there may
be many.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.funnel.habits import NOT_BEGUN
from simfunnel.funnel.undecided import Undecided

Integers = npt.NDArray[np.int64]

ACTIVE: Final = 0
RESTING: Final = 1
BACK: Final = 2
CLOSED: Final = 3
"""A file is worked on; rests, closed, as its lead may return; waits for an answer, as it is back; is closed."""

STATE: Final[dict[str, tuple[type, int]]] = {
    "column": (np.int32, 0), "lead": (np.int64, 0), "team": (np.int16, 0), "status": (np.int8, ACTIVE),
    "talked": (np.int16, 0), "opened": (np.int16, 0), "touched": (np.int16, 0), "contact": (np.int16, 0),
    "due": (np.int64, 0), "touches": (np.int16, 0), "irritations": (np.int16, 0), "signals": (np.int16, 0),
    "asked": (np.bool_, 0), "over": (np.bool_, 0), "series": (np.int16, NOT_BEGUN), "back": (np.int32, 0),
}  # fmt: skip
NARROW: Final = {
    "ready": np.int32, "gone": np.int32, "gone_nurtured": np.int32, "preferred": np.int8, "reach": np.int8,
    "comes_back": np.int8,
}  # fmt: skip
TRAITS: Final[dict[str, type]] = {field.name: NARROW.get(field.name, np.bool_) for field in fields(Undecided)} | {
    "tolerance": np.float64,
    "amount": np.int64,
}


class Files:
    """All files of a block of histories, by row.

    Days are working days: of the talk, when the file was opened last, of the last touch and the last contact, when
    the next touch is due, when a series of messages began, when the lead would come back by itself. `over` says that
    no touch is to come. The traits are `Undecided`'s.
    """

    column: npt.NDArray[Any]
    lead: Integers
    team: npt.NDArray[Any]
    status: npt.NDArray[Any]
    talked: npt.NDArray[Any]
    opened: npt.NDArray[Any]
    touched: npt.NDArray[Any]
    contact: npt.NDArray[Any]
    due: Integers
    touches: npt.NDArray[Any]
    irritations: npt.NDArray[Any]
    signals: npt.NDArray[Any]
    asked: npt.NDArray[np.bool_]
    over: npt.NDArray[np.bool_]
    series: npt.NDArray[Any]
    back: npt.NDArray[Any]

    def __init__(self) -> None:
        self.size = 0
        for name, (kind, _) in STATE.items():
            setattr(self, name, np.zeros(0, dtype=kind))
        self._traits: dict[str, npt.NDArray[Any]] = {name: np.zeros(0, dtype=kind) for name, kind in TRAITS.items()}

    def open(self, who: Undecided, **state: Any) -> Integers:
        """New files of leads with these traits; gives their rows."""
        rows = np.arange(self.size, self.size + who.ready.size)
        self.size += rows.size
        for name, (_, default) in STATE.items():
            self._grow(self.__dict__, name)[rows] = state.get(name, default)
        for name in TRAITS:
            self._grow(self._traits, name)[rows] = getattr(who, name)
        return rows

    def _grow(self, arrays: dict[str, Any], name: str) -> npt.NDArray[Any]:
        """The array of that name, with room for all rows."""
        old: npt.NDArray[Any] = arrays[name]
        if old.size < self.size:
            arrays[name] = np.zeros(max(self.size, old.size * 3 // 2), dtype=old.dtype)
            arrays[name][: old.size] = old
        grown: npt.NDArray[Any] = arrays[name]
        return grown

    def who(self, rows: Integers) -> Undecided:
        """The traits of the leads of these files."""
        return Undecided(**{name: self.trait(name, rows) for name in TRAITS})

    def trait(self, name: str, rows: Integers) -> npt.NDArray[Any]:
        """One trait of theirs."""
        values = self._traits[name][rows]
        return values.astype(np.int64) if name in NARROW else values

    def state(self, name: str, rows: Integers) -> Integers:
        """One whole number of theirs."""
        values: npt.NDArray[Any] = getattr(self, name)
        return values[rows].astype(np.int64)

    @property
    def active(self) -> Integers:
        """The rows of the files that are worked on."""
        return np.flatnonzero(self.status[: self.size] == ACTIVE)
