"""The firm keeps a file on every undecided lead of every history: what was tried, and what nature drew for it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.engines.records import Records
from simfunnel.funnel.habits import NOT_BEGUN
from simfunnel.funnel.undecided import Undecided

Integers = npt.NDArray[np.int64]

ACTIVE: Final = 0
RESTING: Final = 1
BACK: Final = 2
CLOSED: Final = 3
"""A file is worked on; rests, closed, as its lead may return; waits for an answer, as it is back; is closed."""

STATE: Final[dict[str, tuple[type, Any]]] = {
    "column": (np.int32, 0), "lead": (np.int64, 0), "team": (np.int16, 0), "status": (np.int8, ACTIVE),
    "talked": (np.int16, 0), "opened": (np.int16, 0), "touched": (np.int16, 0), "contact": (np.int16, 0),
    "due": (np.int64, 0), "touches": (np.int16, 0), "irritations": (np.int16, 0), "signals": (np.int16, 0),
    "asked": (np.bool_, 0), "over": (np.bool_, 0), "series": (np.int16, NOT_BEGUN), "back": (np.int32, 0),
}  # fmt: skip
NARROW: Final = {
    "ready": np.int32, "gone": np.int32, "gone_nurtured": np.int32, "preferred": np.int8, "reach": np.int8,
    "comes_back": np.int8, "tolerance": np.float64, "amount": np.int64,
}  # fmt: skip
EXACT: Final = ("tolerance",)
TRAITS: Final[dict[str, tuple[type, Any]]] = {
    field.name: (NARROW.get(field.name, np.bool_), 0) for field in fields(Undecided)
}


class Files(Records):
    """All files of a block of histories, by row.

    Days are working days: of the talk, when the file was opened last, of the last touch and the last contact, when
    the next touch is due, when a series of messages began, when the lead would come back by itself. `over` says that
    no touch is to come. The traits are `Undecided`'s.
    """

    def __init__(self) -> None:
        super().__init__({**STATE, **TRAITS})

    def open(self, who: Undecided, **state: Any) -> Integers:
        """New files of leads with these traits; gives their rows."""
        return self.add(who.ready.size, **state, **{name: getattr(who, name) for name in TRAITS})

    def who(self, rows: Integers) -> Undecided:
        """The traits of the leads of these files."""
        return Undecided(**{name: self.trait(name, rows) for name in TRAITS})

    def trait(self, name: str, rows: Integers) -> npt.NDArray[Any]:
        """One trait of theirs."""
        values = self[name][rows]
        return values.astype(np.int64) if name in NARROW and name not in EXACT else values

    @property
    def active(self) -> Integers:
        """The rows of the files that are worked on."""
        return np.flatnonzero(self["status"][: self.size] == ACTIVE)
