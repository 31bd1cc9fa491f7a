"""What becomes of the undecided is counted like all else, and only where somebody follows them up.

A touch counts for the team that makes it, a file for the team that had invited the lead, and all of
them for the lead's own segment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np

from simfunnel import facts
from simfunnel.counting.cells import add, flat
from simfunnel.facts import Integers, Scalar
from simfunnel.funnel import touch, undecided
from simfunnel.funnel.segments import Segments
from simfunnel.scenario.pursuit import FollowUp

CHANNEL_SHIFT: Final = 2
FOR_QUOTA: Final = 2
IRRITATES: Final = 1
"""How the amount of a TOUCH is put together."""
ANSWERS: Final = (
    touch.NOT_QUALIFIED, touch.BOUGHT_ELSEWHERE, touch.NOT_CONVINCED, touch.SOLD, touch.CONCEDED, touch.GAVE_UP,
)  # fmt: skip
"""How a talk with who came back can end."""


def column_name(outcome: str) -> str:
    """An outcome as part of a column's name."""
    return outcome.replace(" ", "_")


class PursuitTally:
    """The counts of a block of histories: arrays by (result, segment, team, column), as far as they go.

    `by_channel` are touches by channel of the plan, `returned` leads that came back by themselves, `answers` the
    talks with them, `messages` those of all series; `last` is the last day of a touch or such a talk, by team.
    """

    def __init__(self, plan: FollowUp, segments: Segments, teams: int, columns: int) -> None:
        self._segments = segments
        by_segment = (len(segments.names), columns)
        by_team = (len(segments.names), teams, columns)
        self.touches = np.zeros((len(touch.TOUCHES), *by_team), dtype=np.int64)
        self.files = np.zeros((len(undecided.FILES), *by_team), dtype=np.int64)
        self.answers = np.zeros((len(touch.TOUCHES), *by_team), dtype=np.int64)
        self.quota = np.zeros(by_segment, dtype=np.int64)
        self.irritations = np.zeros(by_segment, dtype=np.int64)
        self.returned = np.zeros(by_segment, dtype=np.int64)
        self.by_channel = np.zeros((len(plan.channels), columns), dtype=np.int64)
        self.messages = np.zeros(columns, dtype=np.int64)
        self.last = np.full((teams, columns), -1, dtype=np.int64)
        self.takers: Final[dict[int, Callable[[Integers, Mapping[str, Scalar]], None]]] = {
            facts.TOUCH: self._touch, facts.RETURN: self._return, facts.ANSWER: self._answer, facts.FILE: self._file,
            facts.SERIES: self._series,
        }  # fmt: skip

    def _touch(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        segment, amount = self._segment(facts_), np.asarray(facts_["amount"])
        add(self.touches, column, facts_["outcome"], segment, facts_["team"])
        add(self.quota, column, segment, weight=(amount & FOR_QUOTA) > 0)
        add(self.irritations, column, segment, weight=(amount & IRRITATES) > 0)
        add(self.by_channel, column, amount >> CHANNEL_SHIFT)
        self._at_work(column, facts_, facts_["day"])

    def _at_work(self, column: Integers, facts_: Mapping[str, Scalar], day: Scalar) -> None:
        np.maximum.at(self.last.reshape(-1), flat(self.last, column, facts_["team"]), day)

    def _return(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.returned, column, self._segment(facts_))

    def _answer(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        outcome = np.asarray(facts_["outcome"])
        add(self.answers, column, outcome, self._segment(facts_), facts_["team"])
        self._at_work(column, facts_, np.where(outcome != touch.GAVE_UP, facts_["day"], -1))

    def _file(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.files, column, facts_["outcome"], self._segment(facts_), facts_["team"])

    def _series(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        add(self.messages, column, weight=facts_["amount"])

    def _segment(self, facts_: Mapping[str, Scalar]) -> Integers:
        return self._segments.of(np.asarray(facts_["lead"]))

    def columns(self) -> dict[str, Integers]:
        """Touches and returns of a history, by name; each of shape (columns,)."""
        return dict(self._columns())

    def _columns(self) -> Iterator[tuple[str, Integers]]:
        touches, answers = self.touches.sum(axis=(1, 2)), self.answers.sum(axis=(1, 2))
        yield "touches", touches.sum(axis=0)
        yield "touches_unanswered", touches[touch.NOT_REACHED]
        yield "touches_wasted", touches[list(touch.WASTED)].sum(axis=0)
        yield "touches_quota", self.quota.sum(axis=0)
        yield "irritations", self.irritations.sum(axis=0)
        yield "came_back", self.returned.sum(axis=0)
        yield "sold_follow_up", touches[list(touch.WON)].sum(axis=0)
        yield "sold_came_back", answers[list(touch.WON)].sum(axis=0)
        for code in range(touch.GAVE_UP):
            yield f"touches.{column_name(touch.TOUCHES[code])}", touches[code]
        for code in ANSWERS:
            yield f"came_back.{column_name(touch.TOUCHES[code])}", answers[code]

    def of_segment(self, number: int) -> dict[str, Integers]:
        """The same of one segment, without the results."""
        touches = np.asarray(self.touches[:, number].sum(axis=(0, 1)))
        return {"touches": touches, "irritations": self.irritations[number], "came_back": self.returned[number]}

    def of_team(self, number: int) -> dict[str, Integers]:
        """Touches by one team."""
        return {"touches": np.asarray(self.touches[:, :, number].sum(axis=(0, 1)))}
