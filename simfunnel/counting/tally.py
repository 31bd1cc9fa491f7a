"""Counting facts as they come keeps memory bounded: a tally has one number per history, never one per fact.

Arrays are indexed (outcome, segment, team, column) as far as they go; columns are the histories of a
block. Times are ms, money is in minor units. The team of a lead is the one that calls or answers it;
time belongs to the team that spends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import intake_of
from simfunnel.counting.after_tally import AfterTally
from simfunnel.counting.cells import add, flat
from simfunnel.counting.pursuit_tally import PursuitTally
from simfunnel.counting.work import begun_time, worked
from simfunnel.facts import Dials, Integers, Scalar, count_outcomes, count_rows
from simfunnel.funnel import calling, closing, customers, demo, inbound, referral
from simfunnel.funnel.duty import to_the_end
from simfunnel.funnel.segments import Segments, is_arrival
from simfunnel.hours import Hours
from simfunnel.scenario.schema import Scenario
from simfunnel.scratch import Scratch

Mask = npt.NDArray[np.bool_]
TIME_ALONE: Final = (facts.HOST, facts.CLOSING)
"""Kinds of facts that count as work, and as nothing else."""


class Tally:
    """The counts of a block of histories.

    `arrived` are the leads that came (one on a list has not), `given_up` who answered at no attempt,
    `dead_number` those of them whose number is dead, `comers` who got a seat at a demo,
    `closed_for_others` the revenue of sales that a team closed to leads of other teams, `last_call` the
    last day of a dial or of a talk with a hot lead, `last_dial` that of a dial, `last_day` that of any work,
    and no earlier than the intake's for teams that are needed `to_the_end`; `pursuit` counts what becomes of the
    undecided, None where nobody follows them up, and `after` what becomes of customers, None where nobody looks
    after them. `revenue` is that of first purchases, less what is paid back to who cancels.
    """

    def __init__(self, scenario: Scenario, segments: Segments, columns: int) -> None:
        self._segments = segments
        self._hours = tuple(Hours.of(team) for team in scenario.teams.values())
        self._attempts = scenario.calling.attempts if scenario.calling is not None else 1
        self._columns = columns
        self._scratch = Scratch()
        self._takers: Final[dict[int, Callable[[Integers, Mapping[str, Scalar]], None]]] = {
            facts.DIAL: self._dial, facts.ARRIVAL: self._arrival, facts.INBOUND: self._inbound,
            facts.BOOKING: self._booking, facts.EVENT: self._event, facts.VISIT: self._visit,
            facts.MEETING: self._meeting, facts.TALK: self._talk, facts.MISFIT: self._misfit,
        }  # fmt: skip
        shape = (len(segments.names), len(self._hours), columns)
        self.arrived = np.zeros(shape, dtype=np.int64)
        self.dialled = np.zeros(shape, dtype=np.int64)
        self.given_up = np.zeros(shape, dtype=np.int64)
        self.dead_number = np.zeros(shape, dtype=np.int64)
        self.dials_by_outcome = np.zeros((len(calling.OUTCOMES), *shape), dtype=np.int64)
        self.inbound = np.zeros((len(inbound.OUTCOMES), *shape), dtype=np.int64)
        self.bookings = np.zeros((len(demo.BOOKINGS), *shape), dtype=np.int64)
        self.visits = np.zeros((len(demo.VISITS), *shape), dtype=np.int64)
        self.talks = np.zeros((len(closing.TALKS), *shape), dtype=np.int64)
        self.revenue = np.zeros(shape, dtype=np.int64)
        self.meetings = np.zeros((len(demo.VISITS), *shape[1:]), dtype=np.int64)
        self.closed_for_others = np.zeros(shape[1:], dtype=np.int64)
        self.busy = np.zeros(shape[1:], dtype=np.int64)
        self.overtime = np.zeros(shape[1:], dtype=np.int64)
        self.last_day = np.full(shape[1:], -1, dtype=np.int64)
        self.last_day[list(to_the_end(scenario))] = intake_of(scenario) - 1
        self.last_call = np.full(shape[1:], -1, dtype=np.int64)
        self.last_dial = np.full(shape[1:], -1, dtype=np.int64)
        self.events = np.zeros((len(demo.EVENTS), columns), dtype=np.int64)
        self.comers = np.zeros(columns, dtype=np.int64)
        self.misfits = np.zeros(shape, dtype=np.int64)
        self.pursuit: PursuitTally | None = None
        if scenario.follow_up is not None:
            self.pursuit = PursuitTally(scenario.follow_up, segments, len(self._hours), columns)
            self._takers.update(self.pursuit.takers)
        self.after: AfterTally | None = None
        if scenario.after_sales is not None:
            self.after = AfterTally(segments, len(self._hours), columns)
            self._takers.update(self.after.takers)

    def dials(self, batch: Dials) -> None:
        """Count a batch of dials."""
        team = batch.team
        self.busy[team] += begun_time(batch, self._scratch)
        for segment, begun in self._by_segment(batch):
            self._count_outcomes(batch, segment, begun)
        for last in (self.last_day, self.last_call, self.last_dial):
            np.maximum(last[team], batch.day, out=last[team], where=batch.count > 0)
        overtime = batch.overtime(self._hours[team])
        if overtime is not None:
            self.overtime[team] += overtime

    def _by_segment(self, batch: Dials) -> Iterator[tuple[int, Mask]]:
        """The segments in a batch, and which of its begun dials are theirs; lists are dialled in order, so few."""
        if not isinstance(batch.segment, np.ndarray):
            yield int(batch.segment), batch.begun
            return
        for segment in range(int(batch.segment.min()), int(batch.segment.max()) + 1):
            mine = np.equal(batch.segment, segment, out=self._scratch.take("mine", batch.begun.shape, np.bool_))
            yield segment, np.logical_and(mine, batch.begun, out=mine)

    def _count_outcomes(self, batch: Dials, segment: int, begun: Mask) -> None:
        """Column sums of masks. A batch is all first dials or all retries."""
        where, attempt = (segment, batch.team), batch.attempt
        counts = count_outcomes(batch.codes, begun, len(calling.OUTCOMES))
        self.dials_by_outcome[:, *where] += counts
        if isinstance(attempt, np.ndarray):
            mask = np.equal(attempt, self._attempts - 1, out=self._scratch.take("mask", begun.shape, np.bool_))
            np.logical_and(mask, begun, out=mask)
            np.logical_and(mask, batch.codes == calling.NO_ANSWER, out=mask)
            self._give_up(where, count_rows(mask), mask, batch.dead)
        else:
            self.dialled[where] += counts.sum(axis=0)
            if self._attempts == 1:
                self._give_up(where, counts[calling.NO_ANSWER], begun, batch.dead)

    def _give_up(self, where: tuple[int, int], count: Integers, mask: Mask, dead: Mask | None) -> None:
        """So many leads answered at no attempt; those of them whose number is dead are within `mask`."""
        self.given_up[where] += count
        if dead is not None:
            self.dead_number[where] += count_rows(dead & mask)

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Count facts of one kind."""
        kind = int(facts_["kind"])
        if kind not in TIME_ALONE:
            self._takers[kind](column, facts_)
        if kind == facts.REFERRAL:
            self._named(column, facts_)
        elif kind == facts.CUSTOMER:
            self._lost(column, facts_)
        work = worked(column, facts_)
        if work is not None:
            self._work(kind, *work)

    def _dial(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        where, attempt = self._place(facts_), np.asarray(facts_["occurrence"])
        outcome = np.asarray(facts_["outcome"])
        add(self.dials_by_outcome, column, outcome, *where)
        add(self.dialled, column, *where, weight=attempt == 0)
        last = (attempt == self._attempts - 1) & (outcome == calling.NO_ANSWER)
        add(self.given_up, column, *where, weight=last)
        add(self.dead_number, column, *where, weight=last * np.asarray(facts_["amount"]))

    def _arrival(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.arrived, column, *self._place(facts_), weight=is_arrival(np.asarray(facts_["lead"])))

    def _inbound(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        (segment, team), outcome = self._place(facts_), np.asarray(facts_["outcome"])
        add(self.inbound, column, outcome, segment, np.maximum(team, 0))  # who gave up may be nobody's

    def _booking(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.bookings, column, facts_["outcome"], *self._place(facts_))

    def _visit(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.visits, column, facts_["outcome"], *self._place(facts_))

    def _meeting(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.meetings, column, facts_["outcome"], facts_["team"])

    def _talk(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        where, outcome, amount = self._place(facts_), np.asarray(facts_["outcome"]), np.asarray(facts_["amount"])
        add(self.talks, column, outcome, *where)
        self._earn(column, facts_, where, amount * ((outcome == closing.SOLD) | (outcome == closing.CONCEDED)))

    def _earn(
        self, column: Integers, facts_: Mapping[str, Scalar], where: tuple[Scalar, Scalar], won: Integers
    ) -> None:
        """Revenue of who buys, or less of it of who cancels."""
        closer, inviting = np.asarray(facts_["occurrence"]), np.asarray(facts_["team"])
        add(self.revenue, column, *where, weight=won)
        add(self.closed_for_others, column, np.maximum(closer, 0), weight=won * ((closer != inviting) & (closer >= 0)))

    def _lost(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        cancelled = np.asarray(facts_["outcome"]) == customers.CANCELLED
        if cancelled.any():
            self._earn(column, facts_, self._place(facts_), -np.asarray(facts_["amount"]) * cancelled)

    def _named(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Who is named by a customer, and is to be called, has arrived."""
        segment, team = self._place(facts_)
        noted = np.asarray(facts_["outcome"]) == referral.NOTED
        add(self.arrived, column, segment, np.maximum(team, 0), weight=noted)

    def _misfit(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.misfits, column, *self._place(facts_))

    def _event(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        outcome = np.asarray(facts_["outcome"])
        add(self.events, column, outcome)
        add(self.comers, column, weight=np.asarray(facts_["amount"]) * (outcome == demo.HELD))

    def _place(self, facts_: Mapping[str, Scalar]) -> tuple[Integers, Scalar]:
        """Segment and team of each lead."""
        return self._segments.of(np.asarray(facts_["lead"])), facts_["team"]

    def _work(self, kind: int, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Time of work by (team, column), and the last day of it."""
        team, day = np.asarray(facts_["team"]), np.asarray(facts_["day"])
        clock, duration = np.asarray(facts_["clock"]), np.asarray(facts_["duration"])
        add(self.busy, column, team, weight=duration)
        for number in np.unique(team).tolist():
            mine = team == number
            over = self._hours[number].overtime(clock, duration) * mine
            if over.any():
                add(self.overtime, column, number, weight=over)
        last = {facts.DIAL: (self.last_call, self.last_dial), facts.INBOUND: (self.last_call,)}
        for array in (self.last_day, *last.get(kind, ())):
            np.maximum.at(array.reshape(-1), flat(array, column, team), day)

    @property
    def dials_made(self) -> npt.NDArray[np.int64]:
        """Dials by (segment, team, column)."""
        return np.asarray(self.dials_by_outcome.sum(axis=0))
