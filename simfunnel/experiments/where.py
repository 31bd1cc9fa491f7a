"""Which policy is best depends on where the firm stands: who leads at each value of a key, and where that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from simfunnel.estimates import confidence_each
from simfunnel.experiments.axis import along
from simfunnel.experiments.directions import higher_is_better
from simfunnel.experiments.estimating import Summary
from simfunnel.experiments.judging import CONFIDENCE
from simfunnel.experiments.policies import Policies
from simfunnel.experiments.ties import Duel, Tie, tie_in
from simfunnel.experiments.today import doubts, today
from simfunnel.experiments.varying import Point, Question, Varying
from simfunnel.scenario.decision import Range
from simfunnel.simulation import Progress, Settings
from simfunnel.workers import Hands

HISTORIES: Final = 400
"""At each value: few, as there are many values and policies."""
POINTS: Final = 7
NEAR: Final = 0.02
"""Ties are found to this part of the range: the interval of one is wider by far."""
DEEPEST: Final = 3
"""How often a cell of the grid is cut again because a third policy leads inside it."""


def sweep(
    chosen: Policies, key: str, span: Range, settings: Settings, live: Hands, *, overrides: Sequence[str] = (),
    metric: str | None = None, progress: Progress | None = None,
) -> Summary:  # fmt: skip
    """Who is best along a key, all policies on the same `settings.replications` histories at each value.

    `key` and `span` are as in `decision.vary`, `live` are hands that are at work. `best` at a value is the policy that
    is surely better than each of the others (together 95 %), `leading` the one that is ahead (None where nothing is
    known of any); `differences` are those to the first policy. `ties` are where the lead changes. Raises ScenarioError
    or RequestError on what cannot be varied so.
    """
    line = replace(along(key, span, chosen.scenarios[0].currency, in_file(chosen, key)), near=NEAR)
    by = metric or chosen.decision.metric
    better = chosen.decision.better if by == chosen.decision.metric else None
    question = Question(chosen.all, tuple(overrides), by, higher_is_better(by, better), line)
    varying, grid = Varying(question, settings, live, progress), line.grid(POINTS)
    varying.expect(len(grid))
    points = [varying.at(value) for value in grid]
    said = today(chosen.all[varying.moved[0]], question.overrides, line)
    changes = [tie for cell in range(len(grid) - 1) for tie in _changes(varying, question, grid, cell)]
    return {
        "key": line.key, "unit": line.unit, "metric": by, "from": line.low, "to": line.high, "whole": line.whole,
        "geometric": line.is_geometric, "replications": settings.replications,
        "stated": None if said is None else said.value, "said": None if said is None else said.text,
        "doubts": [] if said is None else list(doubts({"": said}, line)),
        "points": [_told(point, question) for point in points],
        "ties": [_tie(tie, chosen.names) for tie in changes],
    }  # fmt: skip


def in_file(chosen: Policies, key: str) -> str:
    """Where a file says that a key is to be varied."""
    return f"{chosen.all[0].file}: decision.vary.{key}"


def settings_for(settings: Settings) -> Settings:
    """Settings with as few histories as do for a sweep, in whole worlds."""
    worlds = -(-min(HISTORIES, settings.replications) // settings.histories)
    return replace(settings, replications=worlds * settings.histories, by_day=False)


def _leading(point: Point, question: Question) -> int:
    """The policy that is best on average; the first of several."""
    means = [point.mean(place) for place in range(len(question.policies))]
    signed = [-float("inf") if mean is None else mean if question.higher else -mean for mean in means]
    return signed.index(max(signed))


def _best(point: Point, question: Question) -> int | None:
    """The policy that is surely better than each of the others."""
    ahead, others = _leading(point, question), len(question.policies) - 1
    each = confidence_each(CONFIDENCE, 1, others)
    for place in range(len(question.policies)):
        ends = None if place == ahead else point.less(ahead, place, each).ci95
        if place != ahead and (ends is None or (ends[0] <= 0 if question.higher else ends[1] >= 0)):
            return None
    return ahead


def _told(point: Point, question: Question) -> Summary:
    names, best = [policy.name for policy in question.policies], _best(point, question)
    means = {name: point.mean(place) for place, name in enumerate(names)}
    return {
        "value": point.value,
        "best": None if best is None else names[best],
        "leading": names[_leading(point, question)] if any(mean is not None for mean in means.values()) else None,
        "means": means,
        "differences": {name: _difference(point, place) for place, name in enumerate(names) if place},
    }


def _difference(point: Point, place: int) -> Summary:
    found = point.less(place, 0)
    return {"difference": found.mean, "ci95": None if found.ci95 is None else list(found.ci95)}


def _changes(varying: Varying, question: Question, grid: Sequence[float], cell: int, deep: int = 0) -> Iterator[Tie]:
    """The ties in a cell between the policies that lead at its ends, and those of a third that leads in between."""
    below, above = (_leading(varying.at(grid[place]), question) for place in (cell, cell + 1))
    if below == above:
        return
    tie = tie_in(Duel(varying, question.axis, below, above, question.higher), grid, cell)
    known = [value for value in varying.known if grid[cell] < value < grid[cell + 1]]
    at = min(known, key=lambda value: abs(value - tie.value), default=None)
    if at is None or deep == DEEPEST or _leading(varying.at(at), question) in (below, above):
        yield tie
        return
    finer = [*grid[: cell + 1], at, *grid[cell + 1 :]]
    yield from _changes(varying, question, finer, cell, deep + 1)
    yield from _changes(varying, question, finer, cell + 1, deep + 1)


def _tie(tie: Tie, names: Sequence[str]) -> dict[str, Any]:
    return {"value": tie.value, "ci95": list(tie.ci95), "below": names[tie.below], "above": names[tie.above]}
