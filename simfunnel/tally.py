"""Counting facts as they come keeps memory bounded: a tally has one number per history, never one per fact.

Arrays are indexed (outcome, segment, team, column) as far as they go; columns are the histories of a
block. Times are ms, money is in minor units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.facts import Dials, Integers, Scalar, count_outcomes, count_rows
from simfunnel.funnel import calling, demo
from simfunnel.funnel.segments import Segments
from simfunnel.hours import Hours
from simfunnel.scenario.schema import Scenario
from simfunnel.scratch import Scratch

Mask = npt.NDArray[np.bool_]


class Tally:
    """The counts of a block of histories."""

    def __init__(self, scenario: Scenario, segments: Segments, columns: int) -> None:
        self._segments = segments
        self._hours = tuple(Hours.of(team) for team in scenario.teams.values())
        self._attempts = scenario.calling.attempts if scenario.calling is not None else 1
        self._columns = columns
        self._scratch = Scratch()
        shape = (len(segments.names), len(self._hours), columns)
        self.dialled = np.zeros(shape, dtype=np.int64)
        self.never_reached = np.zeros(shape, dtype=np.int64)
        self.dials_by_outcome = np.zeros((len(calling.OUTCOMES), *shape), dtype=np.int64)
        self.bookings = np.zeros((len(demo.BOOKINGS), *shape), dtype=np.int64)
        self.visits = np.zeros((len(demo.VISITS), *shape), dtype=np.int64)
        self.talks = np.zeros((len(demo.TALKS), *shape), dtype=np.int64)
        self.revenue = np.zeros(shape, dtype=np.int64)
        self.busy = np.zeros(shape[1:], dtype=np.int64)
        self.overtime = np.zeros(shape[1:], dtype=np.int64)
        self.last_day = np.full(shape[1:], -1, dtype=np.int64)
        self.last_dial = np.full(shape[1:], -1, dtype=np.int64)
        self.events = np.zeros((len(demo.EVENTS), columns), dtype=np.int64)

    def dials(self, batch: Dials) -> None:
        """Count a batch of dials."""
        team = batch.team
        self.busy[team] += self._begun_time(batch)
        for segment, begun in self._by_segment(batch):
            self._count_outcomes(batch, segment, begun)
        for last in (self.last_day, self.last_dial):
            np.copyto(last[team], batch.day, where=batch.count > 0)
        overtime = batch.overtime(self._hours[team])
        if overtime is not None:
            self.overtime[team] += overtime

    def _begun_time(self, batch: Dials) -> Integers:
        begun = batch.milliseconds
        if not batch.all_begun:
            spare = self._scratch.take("busy", batch.begun.shape, np.int64)
            begun = np.multiply(batch.milliseconds, batch.begun, out=spare)
        return np.asarray(np.add.reduce(begun, axis=0))

    def _by_segment(self, batch: Dials) -> Iterator[tuple[int, Mask]]:
        """The segments in a batch, and which of its begun dials are theirs; lists are dialled in order, so few."""
        if batch.segment is None:
            yield 0, batch.begun
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
            self.never_reached[where] += count_rows(mask)
        else:
            self.dialled[where] += counts.sum(axis=0)
            self.never_reached[where] += counts[calling.NO_ANSWER] if self._attempts == 1 else 0

    def _count_dials(
        self, column: Integers, segment: Integers, team: Scalar, attempt: Integers, outcome: Integers
    ) -> None:
        self._add(self.dials_by_outcome, column, segment, team, outcome=outcome)
        first, last = attempt == 0, (attempt == self._attempts - 1) & (outcome == calling.NO_ANSWER)
        teams = np.broadcast_to(team, column.shape)
        self._add(self.dialled, column[first], segment[first], teams[first])
        self._add(self.never_reached, column[last], segment[last], teams[last])

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Count facts of one kind."""
        kind = facts_["kind"]
        if kind in (facts.EVENT, facts.HOST):
            self._count_event(column, facts_)
            return
        lead = np.asarray(facts_["lead"])
        segment, outcome = self._segments.of(lead), np.asarray(facts_["outcome"])
        if kind == facts.DIAL:
            attempt = np.asarray(facts_["occurrence"])
            self._count_dials(column, segment, facts_["team"], attempt, outcome)
            self._work(column, facts_, self.last_dial)
            return
        counts = {facts.BOOKING: self.bookings, facts.VISIT: self.visits, facts.TALK: self.talks}[int(kind)]
        self._add(counts, column, segment, facts_["team"], outcome=outcome)
        if kind == facts.TALK:
            self._add(self.revenue, column, segment, facts_["team"], weight=np.asarray(facts_["amount"]))

    def _count_event(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        if facts_["kind"] == facts.EVENT:
            np.add.at(self.events, (np.asarray(facts_["outcome"]), column), 1)
        else:
            self._work(column, facts_)

    def _work(self, column: Integers, facts_: Mapping[str, Scalar], *last: Integers) -> None:
        """Time of work by (team, column), and the last day of it."""
        team = np.broadcast_to(np.asarray(facts_["team"]), column.shape)
        duration = np.asarray(facts_["duration"])
        clock, day = np.asarray(facts_["clock"]), np.broadcast_to(np.asarray(facts_["day"]), column.shape)
        np.add.at(self.busy, (team, column), duration)
        for number, hours in enumerate(self._hours):
            mine = team == number
            over = np.broadcast_to(hours.overtime(clock, duration), column.shape)
            np.add.at(self.overtime[number], column[mine], over[mine])
        for array in (self.last_day, *last):
            np.maximum.at(array, (team, column), day)

    def _add(
        self, counts: Integers, column: Integers, segment: Integers, team: Scalar, *,
        outcome: Integers | None = None, weight: Integers | int = 1,
    ) -> None:  # fmt: skip
        where = (segment, np.broadcast_to(np.asarray(team), column.shape), column)
        np.add.at(counts, where if outcome is None else (outcome, *where), weight)

    @property
    def dials_made(self) -> npt.NDArray[np.int64]:
        """Dials by (segment, team, column)."""
        return np.asarray(self.dials_by_outcome.sum(axis=0))
