"""Policies are compared history by history, on the same chance, until it is decided between them or enough have lived.

What is told of a comparison is plain data: the same for any workers and blocks, and no word of it is here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.errors import RequestError
from simfunnel.estimates import looks
from simfunnel.experiments.axis import OPTION, along, followers, key_and_range
from simfunnel.experiments.compared import Facts, heading, told, worlds_of
from simfunnel.experiments.directions import higher_is_better
from simfunnel.experiments.estimating import Summary, values_of
from simfunnel.experiments.judging import Rules, judge, matters_by_default
from simfunnel.experiments.policies import Policies
from simfunnel.experiments.targets import metric_named
from simfunnel.experiments.where import in_file, settings_for, sweep
from simfunnel.metrics import Columns
from simfunnel.scenario.decision import Range
from simfunnel.simulation import MOST_REPLICATIONS, Progress, Result, Settings
from simfunnel.together import Together
from simfunnel.workers import Hands, hands

SHOWN: Final = ("sold", "profit", "cost_per_sale", "revenue", "cost", "dials")
"""Metrics of every comparison, in order."""


@dataclass(frozen=True)
class Asked:
    """What is asked: metrics besides those of every comparison, and at how many histories to look, first and last.

    `vary` are keys with ranges, such as `segments.list.leads=300:12000`, along which to look for where the answer
    changes, besides those that the file says.
    """

    metrics: tuple[str, ...] = ()
    first: int = 500
    most: int = 16_000
    vary: tuple[str, ...] = ()


DETAILS: Final = ("segments.", "by_touch.", "cohorts.", "pipeline.", "response.")
NOTHING_MORE: Final = Asked()
DEFAULTS: Final = Settings()


@dataclass(frozen=True)
class Compared:
    """The results of all policies, the baseline's first, and what is told of them."""

    results: tuple[Result, ...]
    summary: Summary

    @property
    def columns(self) -> dict[str, Columns]:
        """The columns of each policy, by its name."""
        names = (policy["name"] for policy in self.summary["policies"])
        return {name: result.columns for name, result in zip(names, self.results, strict=True)}


def compare(
    policies: Policies, settings: Settings = DEFAULTS, asked: Asked = NOTHING_MORE, progress: Progress | None = None,
    files: Sequence[str] = (), overrides: Sequence[str] = (),
) -> Compared:  # fmt: skip
    """Live histories until all is decided, or `asked.most` of them; raises RequestError on what cannot be asked.

    `progress(done, total)` counts histories, of all policies at once, as if the last look were needed.
    """
    decision = policies.decision
    metric, metrics = _metrics(policies, asked)
    lines, seen = _lines(policies, asked, overrides), _looks(asked, settings)
    higher = higher_is_better(metric, decision.better)
    rules: Rules | None = None
    worth = frozenset(metrics)
    with hands(settings.workers) as live:
        together = Together(policies.scenarios, settings, live, matched=True, kept=lambda name: _is_kept(name, worth))
        for look in seen:
            seen_so_far = None if progress is None else lambda done, _: progress(done, seen[-1])
            results = together.until(look, seen_so_far)
            values = [_values(result, metric) for result in results]
            if rules is None:
                _check_defined(policies, results, metric)
                matters = matters_by_default(values) if decision.matters is None else decision.matters.best
                rules = Rules(len(results), seen, higher, matters)
            judged = judge(values, worlds_of(results), rules)
            if judged.is_decided:
                break
        where = tuple(_where(policies, lines, settings, live, overrides, progress))
    assert rules is not None
    facts = Facts(policies, results, together.head(), metric, metrics, worlds_of(results), rules, judged, where)
    return Compared(results, {**heading(facts, files, overrides), **told(facts)})


def _where(
    policies: Policies, lines: Mapping[str, Range], settings: Settings, live: Hands, overrides: Sequence[str],
    progress: Progress | None,
) -> Iterator[Summary]:  # fmt: skip
    """Along which keys the answer changes, and where: those that the file says, and those asked for."""
    few = settings_for(settings)
    for key, span in lines.items():
        yield sweep(policies, key, span, few, live, overrides=overrides, progress=progress)


def _check_defined(policies: Policies, results: Sequence[Result], metric: str) -> None:
    """A mean would leave out the histories in which there is no value; a ratio of sums forgets nobody."""
    for name, result in zip(policies.names, results, strict=True):
        values = _values(result, metric)
        undefined = int(np.count_nonzero(~np.isfinite(values)))
        if undefined:
            raise RequestError(
                f"{policies.file}: decision.metric must be defined in all histories, found {metric}, which is not in "
                f"{undefined:,} of {values.size:,} of {name}: decide by another one"
            )


def _values(result: Result, metric: str) -> npt.NDArray[Any]:
    return values_of(metric, result.columns, result.settings.replications)


def _lines(policies: Policies, asked: Asked, overrides: Sequence[str]) -> dict[str, Range]:
    """The keys to vary, with their ranges; raises ScenarioError or RequestError, before anything is simulated."""
    said, wanted = policies.decision.vary, dict(map(key_and_range, asked.vary))
    for key, span in {**said, **wanted}.items():
        where = OPTION if key in wanted else in_file(policies, key)
        followers(policies.all, overrides, along(key, span, policies.scenarios[0].currency, where))
    return {**said, **wanted}


def _metrics(policies: Policies, asked: Asked) -> tuple[str, tuple[str, ...]]:
    """The metric to decide by, and all that are told, each known to one policy at least; raises RequestError."""
    where = f"{policies.file}: decision.metric"
    decided = metric_named(policies.decision.metric, policies.scenarios, where)
    more = [metric_named(name, policies.scenarios, "--metric") for name in asked.metrics]
    return decided, tuple(dict.fromkeys([*SHOWN, decided, *more]))


def _looks(asked: Asked, settings: Settings) -> tuple[int, ...]:
    """At how many histories to look: whole worlds, always."""
    if asked.most < asked.first:
        raise RequestError(f"--at-most must be at least --replications, {asked.first}, found {asked.most}")
    if asked.most > MOST_REPLICATIONS:
        raise RequestError(f"--at-most must be at most {MOST_REPLICATIONS:,}, found {asked.most}")
    each = settings.histories
    first, most = (-(-number // each) * each for number in (asked.first, asked.most))
    return looks(first, most)


def _is_kept(name: str, worth: Set[str]) -> bool:
    """Is a column worth its memory in all histories? Details are not, unless they were asked for."""
    return not name.startswith(DETAILS) or name in worth
