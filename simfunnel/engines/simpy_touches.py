"""The morning's touches are made one after the other, by who is free; each is a talk with one undecided lead.

What comes of them is drawn for the whole list at once; the night is told of those that were begun, and the
others stay due, or are topped up anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from simfunnel.engines.pipeline import Pipeline
from simfunnel.engines.simpy_talks import lengths
from simfunnel.funnel.nature import Nature

Integers = npt.NDArray[np.int64]


class Touches:
    """One class of the follow-up: the files that are due, or those that a quota adds."""

    def __init__(self, pipeline: Pipeline, nature: Nature, *, quota: bool) -> None:
        self._pipeline = pipeline
        self._nature = nature
        self._quota = quota
        self._next: Iterator[int] = iter(())
        self._made: list[tuple[int, int, int]] = []

    def open(self, _: int) -> int:
        """Lay out what is due; gives the number of members that could be busy with it."""
        self._files = self._pipeline.topped_up if self._quota else self._pipeline.today
        self._next = iter(range(self._files.size))
        if self._files.size:
            self._contact = self._pipeline.prepare(self._files)
            self._lasts = lengths(self._contact.length, self._pipeline.team, self._nature)
        return int(self._files.size)

    def begin(self, start: int, seat: int) -> int:
        """`seat` begins the next touch at `start`: its ms, 0 if there is none."""
        row = next(self._next, None)
        if row is None:
            return 0
        duration = self._lasts.of(seat)[row]
        self._made.append((start, duration, seat))
        return duration

    def close(self, day: int) -> None:
        """Tell the day's touches."""
        if not self._made:
            return
        start, lasted, seat = np.array(self._made, dtype=np.int64).T
        begun = slice(len(self._made))
        self._pipeline.touch(day, self._files[begun], self._contact.those(begun), start, lasted, seat, self._quota)
        self._made = []
