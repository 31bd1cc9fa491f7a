"""A break-even is the value of a key at which two policies tie on average, told with its interval or not at all.

What is told is plain data, and one sentence that holds as far as the histories carry it: that there is a tie, and
where; that there is none, and who is better throughout (surely at all values looked at, together); or that it is not
decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simfunnel import __version__
from simfunnel.errors import RequestError
from simfunnel.estimates import confidence_each
from simfunnel.experiments.axis import axis
from simfunnel.experiments.directions import higher_is_better
from simfunnel.experiments.estimating import Summary
from simfunnel.experiments.judging import CONFIDENCE
from simfunnel.experiments.policies import Policies, policies
from simfunnel.experiments.targets import metric_named
from simfunnel.experiments.tie_telling import verdict
from simfunnel.experiments.ties import Duel, Tie, ties
from simfunnel.experiments.today import doubts, notes, today
from simfunnel.experiments.varying import Question, Varying
from simfunnel.scenario.values import one_line
from simfunnel.simulation import Progress, Settings
from simfunnel.workers import hands

POINTS: Final = 9
STEPS: Final = 7
"""Values that a tie and the ends of its interval are likely to take, besides those of the grid."""


@dataclass(frozen=True)
class Asked:
    """What is asked: a key and its range, two policies (None: there are just two), a metric (None: the file's)."""

    vary: str
    between: tuple[str, str] | None = None
    metric: str | None = None


def break_even(
    file: str, asked: Asked, settings: Settings, overrides: Sequence[str] = (), progress: Progress | None = None
) -> Summary:
    """Where two policies of a file tie; raises ScenarioError or RequestError on what cannot be asked.

    `progress(done, total)` counts histories, at all values together.
    """
    chosen = pair(file, overrides, asked.between)
    metric = asked.metric or chosen.decision.metric
    metric_named(metric, chosen.scenarios, f"{file}: decision.metric" if asked.metric is None else "--metric")
    stated = chosen.decision.better if metric == chosen.decision.metric else None
    along = axis(asked.vary, chosen.scenarios[0].currency)
    question = Question(chosen.all, tuple(overrides), metric, higher_is_better(metric, stated), along)
    with hands(settings.workers) as live:
        return _told(question, chosen, Varying(question, settings, live, progress), settings)


def pair(file: str, overrides: Sequence[str], between: tuple[str, str] | None) -> Policies:
    """The two policies to choose between; raises RequestError where it is not clear which."""
    if between is not None:
        if between[0] == between[1]:
            raise RequestError(f"--between must name two different policies, found {between[0]} twice")
        return policies([file], overrides, only=between[1:], baseline=between[0])
    chosen = policies([file], overrides)
    if len(chosen.all) != 2:
        names = one_line(", ".join(chosen.names), 200)
        raise RequestError(f"--between must name the two policies to compare, as {file} has {len(chosen.all)}: {names}")
    return chosen


def _told(question: Question, chosen: Policies, varying: Varying, settings: Settings) -> Summary:
    along = question.axis
    duel = Duel(varying, along, 0, 1, question.higher)
    grid = along.grid(POINTS)
    varying.expect(len(grid) + STEPS)
    for value in grid:
        varying.at(value)
    found = ties(duel, grid)
    asked = {name: today(chosen.all[place], question.overrides, along) for place, name in _followers(varying, chosen)}
    said = {name: each for name, each in asked.items() if each is not None}
    worlds = varying.at(grid[0]).worlds
    summary: Summary = {
        "kind": "break-even",
        "question": chosen.decision.question,
        "scenario": chosen.scenarios[0].name,
        "files": [chosen.all[0].file],
        "overrides": list(question.overrides),
        "policies": [
            {"name": policy.name, "description": policy.description, "file": policy.file,
             "alternative": policy.alternative, "changes": list(policy.changes)}
            for policy in chosen.all
        ],
        "between": list(chosen.names),
        "metric": question.metric,
        "better": "higher" if question.higher else "lower",
        "key": along.key,
        "unit": along.unit,
        "range": [along.low, along.high],
        "stated": {name: None if each is None else each.value for name, each in asked.items()},
        "said": {name: each.text for name, each in said.items()},
        "whole": along.whole,
        "decimals": along.decimals,
        "geometric": along.is_geometric,
        "replications": settings.replications,
        "worlds": None if worlds is None else int(worlds[-1]) + 1,
        "histories": settings.histories,
        "fix_inputs": settings.fix_inputs,
        "seed": settings.seed,
        "version": __version__,
        "currency": chosen.scenarios[0].currency,
        "points": [_point(duel, chosen.names, value, value in grid) for value in varying.known],
        "ties": [_tie(tie, chosen.names) for tie in found],
    }  # fmt: skip
    each = confidence_each(CONFIDENCE, 1, len(grid))
    together = {duel.surely(value, each) for value in grid}
    summary["throughout"] = chosen.names[duel.better(min(together))] if together in ({1}, {-1}) else None
    return {**summary, "verdict": verdict(summary, along), "notes": [*_unmoved(question, varying), *notes(said, along)],
            "warnings": [*doubts(said, along), *_warnings(question, varying, grid)]}  # fmt: skip


def _followers(varying: Varying, chosen: Policies) -> Iterator[tuple[int, str]]:
    return ((place, chosen.names[place]) for place in varying.moved)


def _unmoved(question: Question, varying: Varying) -> Iterator[str]:
    """Who does not follow the key."""
    for place, policy in enumerate(question.policies):
        if place not in varying.moved:
            yield f"{policy.name} has no {question.axis.key}, so it is the same at all values."


def _point(duel: Duel, names: Sequence[str], value: float, on_grid: bool) -> Summary:
    point = duel.varying.at(value)
    found, side = point.less(duel.other, duel.one), duel.surely(value)
    return {
        "value": value,
        "on_grid": on_grid,
        "means": {name: point.mean(place) for place, name in enumerate(names)},
        "difference": found.mean,
        "ci95": None if found.ci95 is None else list(found.ci95),
        "better": names[duel.better(side)] if side else None,
        "better_on_average": point.on_average(duel.other, duel.one, higher=duel.higher).to_json(),
    }


def _tie(tie: Tie, names: Sequence[str]) -> Summary:
    return {
        "value": tie.value, "ci95": list(tie.ci95), "below": names[tie.below], "above": names[tie.above],
    }  # fmt: skip


def _warnings(question: Question, varying: Varying, grid: Sequence[float]) -> Iterator[str]:
    """What to doubt."""
    first = varying.at(grid[0])
    same = (
        np.array_equal(varying.at(at).values[place], first.values[place], equal_nan=True)
        for at in grid
        for place in (0, 1)
    )
    if all(same):
        yield f"{question.axis.key} changes nothing here: every history comes to the same at all values."
    if first.less(1, 0).ci95 is None:
        yield "There are too few histories for an interval: run more of them."
