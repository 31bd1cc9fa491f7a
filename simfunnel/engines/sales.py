"""When a talk has ended who bought is a customer, who stayed undecided is followed up, and the others are lost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.engines.after_sales import AfterSales
from simfunnel.engines.customers import Report
from simfunnel.engines.pipeline import Pipeline
from simfunnel.funnel import closing
from simfunnel.funnel.nature import Nature
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Sales:
    """The ends of talks in the histories of a block, and who goes where from there."""

    def __init__(self, scenario: Scenario, nature: Nature, report: Report) -> None:
        self._nature = nature
        self._report = report
        self.pipeline: Pipeline | None = None
        self.after: AfterSales | None = None
        self._has_misfits = any(segment.fit.support[0] < 1 for segment in scenario.segments.values())

    def talks_ended(
        self, day: int, column: Integers, lead: Integers, clock: Integers, team: Integers, closers: int | Integers,
        seat: Integers, ended: Integers, amount: Integers,
    ) -> None:  # fmt: skip
        """Talks with members on `seat` of `closers` have ended; who bought pays `amount`, `team` invited them (n,).

        Who is undecided is followed up from tomorrow on, who bought is looked after.
        """
        won = np.isin(ended, closing.WON)
        self._report(
            column, kind=facts.TALK, lead=lead, day=day, clock=clock, team=team, seat=facts.NOBODY,
            occurrence=closers, outcome=ended, amount=amount * won,
        )  # fmt: skip
        if won.any():
            closers = np.broadcast_to(closers, lead.shape)
            self._won(day, *(of[won] for of in (column, lead, clock, team, closers, seat, ended, amount)))
        if self.pipeline is not None:
            stay = np.isin(ended, (closing.UNDECIDED, closing.UNDECIDED_BY_PHONE))
            if stay.any():
                self.pipeline.enter(day, clock[stay], column[stay], lead[stay], team[stay])

    def _won(
        self, day: int, column: Integers, lead: Integers, clock: Integers, team: Integers, closers: Integers,
        seat: Integers, ended: Integers, amount: Integers,
    ) -> None:  # fmt: skip
        """These bought; the product may not be right for some of them."""
        fits = np.ones(lead.shape, dtype=np.bool_)
        if self._has_misfits:
            fits = self._nature.undecided.fits(column, lead)
            self._report(
                column[~fits], kind=facts.MISFIT, lead=lead[~fits], day=day, clock=clock[~fits], team=team[~fits],
                seat=facts.NOBODY,
            )  # fmt: skip
        if self.after is not None:
            self.after.enter(day, column, lead, team, closers, seat, amount, ended == closing.CONCEDED, fits)
