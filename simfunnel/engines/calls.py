"""Dials are drawn for whole batches; what follows from them is a retry, an acceptance, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Accepted
from simfunnel.engines.worklist import Retries, Rows
from simfunnel.facts import Dials, Sink
from simfunnel.funnel import calling
from simfunnel.funnel.foresight import FOREVER, Foresight
from simfunnel.funnel.nature import Nature
from simfunnel.hours import SEAT_BITS, SEAT_MASK
from simfunnel.scenario.schema import Calling
from simfunnel.scratch import Scratch

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Calls:
    """The dials of one team, in every replication."""

    def __init__(
        self,
        team: int,
        plan: Calling,
        calendar: Calendar,
        nature: Nature,
        foresight: Foresight,
        retries: Retries,
        sinks: Sequence[Sink],
    ) -> None:
        assert nature.calling is not None
        self._team = team
        self._law = nature.calling
        self._sinks = sinks
        self._keeps_refused = nature.closing.some_undecided_by_phone[0]
        self._attempts = plan.attempts
        self._due = calendar.due(plan.retry_after)
        self._retries = retries
        self._foresight = foresight
        self.until = FOREVER
        self._scratch = Scratch()
        self._single = Scratch()

    @property
    def depends_on_start(self) -> bool:
        """Does it matter who dials when?"""
        return self._law.depends_on_start(self._team)

    def foresee(self, rows: Rows, begin: tuple[int, int]) -> Floats:
        """Ms of the dials in `rows`, as `Work.foresee` says."""
        self._rows = rows
        self._dials = self._law.prepare(self._team, rows.lead, rows.attempt, self._scratch)
        self._foreseen = self._foresight.foresee(self._dials, begin, self._scratch)
        self.until = self._foreseen.until
        return self._foreseen.base

    def settle(self, place: Integers, column: Integers, clock: Integers, seat: Integers) -> Floats:
        """Decide single dials, by their places in the batch, as they begin: ms before pace and rounding."""
        doubts = self._foreseen.doubts
        if doubts is not None and int(clock.max()) < self.until:
            self._foreseen.codes.ravel()[place], base = self._foresight.settle(doubts, place, clock, seat)
            return base
        dials = self._dials.cells(place)
        self._foreseen.codes.ravel()[place], base = self._law.decide_some(dials, column, clock, seat, self._single)
        return base

    def finish(self, day: int, started: Integers, milliseconds: Integers, begun: Mask, accepted: Accepted) -> Integers:
        """Report the batch, `begun` of which was begun; what follows waits. Dials begun, by column."""
        rows = self._rows
        batch = Dials(
            day,
            self._team,
            rows.lead,
            self._dials.segment,
            rows.attempt,
            started,
            milliseconds,
            self._foreseen.codes,
            begun,
            self._dials.dead,
        )
        for sink in self._sinks:
            sink.dials(batch)
        self._retry(day, batch)
        self._accept(batch, accepted)
        return batch.count

    def _retry(self, day: int, batch: Dials) -> None:
        """Who did not answer is due again, while attempts last and within the horizon."""
        due = int(self._due[day])
        if due >= len(self._due) or self._attempts == 1:
            return
        again = calling.comes_back(batch.codes, batch.attempt, self._attempts)
        np.logical_and(again, batch.begun, out=again)
        self._retries.add(due, again, batch.lead, batch.attempt)

    def _accept(self, batch: Dials, accepted: Accepted) -> None:
        """Note who accepted, and when the talk ended; and who refused, if that may leave a lead undecided."""
        for code in (calling.ACCEPTED, calling.REFUSED):
            if code == calling.REFUSED and not self._keeps_refused:
                continue
            chosen: Mask = self._scratch.take("calls.chosen", batch.begun.shape, np.bool_)
            np.equal(batch.codes, code, out=chosen)
            where = np.flatnonzero(np.logical_and(chosen, batch.begun, out=chosen))
            if where.size:
                clock = (batch.started.ravel().take(where) >> SEAT_BITS) + batch.milliseconds.ravel().take(where)
                column, lead = where % batch.begun.shape[1], batch.lead.ravel().take(where)
                if code == calling.ACCEPTED:
                    accepted.add(column, clock, lead, self._team, batch.started.ravel().take(where) & SEAT_MASK)
                else:
                    accepted.refuse(column, clock, lead, self._team)
