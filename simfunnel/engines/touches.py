"""A touch is a task of its day: the pipeline's list says who is due, its law what comes of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from simfunnel.engines.pipeline import Pipeline
from simfunnel.engines.timed import Timed
from simfunnel.engines.worklist import DayList
from simfunnel.funnel.nature import Nature

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Touches(Timed):
    """One class of the follow-up, in every replication: what is due, or what a quota adds."""

    def __init__(self, pipeline: Pipeline, nature: Nature, *, quota: bool) -> None:
        self._pipeline = pipeline
        self._quota = quota
        self._columns = nature.streams.size
        self._paced = pipeline.team in nature.pace

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

    def prepare(self, place: Integers) -> Floats:
        """Take these touches as the batch: their ms."""
        self._files = self._rows[place]
        self._contact = self._pipeline.prepare(self._files)
        return self._contact.length

    def tell(self, day: int, number: Integers, clock: Integers, milliseconds: Integers, seat: Integers) -> None:
        """Report those of the batch that were begun."""
        files, contact = self._files[number], self._contact.those(number)
        self._pipeline.touch(day, files, contact, clock, milliseconds, seat, self._quota)
