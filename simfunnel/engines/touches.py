"""A touch is a task of its day: the pipeline's list says who is due, its law what comes of it.

How long a touch takes does not depend on who makes it, but for the pace; how it ends is decided when the
day's batch is told.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from simfunnel.engines.pipeline import Pipeline
from simfunnel.engines.worklist import DayList, Rows
from simfunnel.funnel.foresight import FOREVER
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, SEAT_MASK

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Touches:
    """One class of the follow-up, in every replication: what is due, or what a quota adds."""

    def __init__(self, pipeline: Pipeline, nature: Nature, *, quota: bool) -> None:
        self._pipeline = pipeline
        self._quota = quota
        self._columns = nature.streams.size
        self._paced = pipeline.team in nature.pace
        self.until = FOREVER

    @property
    def depends_on_start(self) -> bool:
        """Does it matter for the clock who makes which touch?"""
        return self._paced

    def lists(self) -> Iterator[DayList]:
        """Today's list, if there is any."""
        self._rows = self._pipeline.topped_up if self._quota else self._pipeline.today
        if self._rows.size:
            files = self._pipeline.files
            yield DayList(self._columns, files.of("column", self._rows), files["lead"][self._rows])

    def foresee(self, rows: Rows, _: tuple[int, int]) -> Floats:
        """Ms of the touches in `rows` before pace and rounding."""
        assert rows.present is not None
        where = np.flatnonzero(rows.present)
        self._files = self._rows[np.asarray(rows.attempt).ravel()[where]]
        self._contact = self._pipeline.prepare(self._files)
        self._number = np.zeros(rows.lead.size, dtype=np.int64)
        self._number[where] = np.arange(where.size)
        base = np.zeros(rows.lead.shape)
        base.ravel()[where] = self._contact.length
        return base

    def settle(self, place: Integers, _: Integers, __: Integers, ___: Integers) -> Floats:
        """Ms of single touches, by their places in the batch."""
        return self._contact.length[self._number[place]]

    def finish(self, day: int, started: Integers, milliseconds: Integers, begun: Mask, _: object) -> Integers:
        """Report the batch, `begun` of which was begun. Touches begun, by column."""
        where = np.flatnonzero(begun)
        number, start = self._number[where], started.ravel()[where]
        self._pipeline.touch(
            day, self._files[number], self._contact.those(number), start >> SEAT_BITS, milliseconds.ravel()[where],
            start & SEAT_MASK, self._quota,
        )  # fmt: skip
        return np.bincount(where % begun.shape[1], minlength=begun.shape[1])
