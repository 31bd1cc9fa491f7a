"""What is told of a comparison is plain data: every number with its uncertainty, by policy, and not a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from simfunnel.calendar import Calendar
from simfunnel.estimates import (
    Difference,
    better_in_one,
    better_on_average,
    chance,
    difference,
    estimate,
    shortfall,
    shortfall_difference,
)
from simfunnel.experiments.advice import advise
from simfunnel.experiments.against import against_base
from simfunnel.experiments.estimating import Summary, below, estimate_of, missing, values_of
from simfunnel.experiments.judging import CONFIDENCE, Judgement, Rules, Worlds
from simfunnel.experiments.origin import origin
from simfunnel.experiments.parts import parts
from simfunnel.experiments.policies import Policies, Policy
from simfunnel.experiments.roles import dialling
from simfunnel.experiments.run_doubts import leads
from simfunnel.experiments.stated import inputs
from simfunnel.experiments.targets import GAIN
from simfunnel.scenario.schema import Scenario, TeamOdds
from simfunnel.simulation import Result
from simfunnel.together import ONLY_HERE, ONLY_THERE

ONE_IN_TWENTY: Final = 0.05


@dataclass(frozen=True)
class Facts:
    """All that a comparison is told from."""

    policies: Policies
    results: tuple[Result, ...]
    head: tuple[Result, ...]
    metric: str
    metrics: tuple[str, ...]
    worlds: Worlds
    rules: Rules
    judged: Judgement
    where: tuple[Summary, ...] = ()

    def values(self, number: int, metric: str | None = None) -> Any:
        """A metric of a policy, by history, so that its mean is the estimate."""
        result = self.results[number]
        return values_of(self.metric if metric is None else metric, result.columns, result.settings.replications)

    @property
    def others(self) -> Iterator[tuple[int, str]]:
        """Number and name of each policy but the baseline."""
        yield from list(enumerate(self.policies.names))[1:]


def worlds_of(results: Sequence[Result]) -> Worlds:
    """The worlds of all policies: the same, as far as they have uncertain inputs."""
    return next((result.worlds for result in results if result.worlds is not None), None)


def heading(facts: Facts, files: Sequence[str], overrides: Sequence[str]) -> Summary:
    """What was compared, and how to do it again."""
    first = facts.results[0]
    return {
        "kind": "comparison",
        "question": facts.policies.decision.question,
        "scenario": first.scenario.name,
        "files": list(files),
        "overrides": list(overrides),
        **origin(first.scenario, first.settings, facts.worlds),
        "leads": {policy.name: leads(policy.scenario) for policy in facts.policies.all},
        "metric": facts.metric,
        "better": "higher" if facts.rules.higher else "lower",
        "matters": facts.rules.matters,
        "matters_stated": facts.policies.decision.matters is not None,
        "baseline": facts.policies.names[0],
        "policies": [_said(policy) for policy in facts.policies.all],
        "inputs": inputs(first.scenario, facts.policies.all[0].layers),
    }


def _said(policy: Policy) -> Summary:
    said = {name: value for name, value in vars(policy).items() if name not in ("scenario", "layers")}
    return {**said, "changes": list(policy.changes)}


def told(facts: Facts) -> Summary:
    """Every number of a comparison, by policy."""
    names, others = facts.policies.names, tuple(facts.others)
    base = facts.results[0]
    return {
        "outcomes": {name: _outcomes(facts, number) for number, name in enumerate(names)},
        "chances": {name: _chances(facts, number) for number, name in enumerate(names)},
        "downside": {name: _downside(facts, number) for number, name in enumerate(names)},
        "against": {name: dict(_against(facts, number)) for number, name in others},
        "better_on_average": {name: _on_average(facts, number) for number, name in others},
        "better_in_one": {name: _in_one(facts, number) for number, name in others},
        "runner_up": _runner_up(facts),
        "decision": _decision(facts),
        "lines": {name: against_base(facts.results[number], base) for number, name in others},
        "won": {name: _won(facts, number) for number, name in others},
        "where": list(facts.where),
        "runs": {name: _run(facts, number) for number, name in enumerate(names)},
        "warnings": list(_warnings(facts)),
    }


def _run(facts: Facts, number: int) -> Summary:
    """The parts of the run of a policy, from the first histories, of which everything is kept."""
    head = facts.head[number]
    worlds = None if facts.worlds is None else facts.worlds[: head.settings.replications]
    return {"replications": head.settings.replications, **parts(replace(head, worlds=worlds))}


def _outcomes(facts: Facts, number: int) -> Summary:
    columns = facts.results[number].columns
    return {name: estimate_of(name, columns, facts.worlds).to_json() for name in facts.metrics if name in columns}


def _chances(facts: Facts, number: int) -> Summary:
    return {GAIN.text: chance(GAIN.hits(facts.results[number].columns), facts.worlds).to_json()}


def _single(facts: Facts, number: int) -> Any:
    """The decision metric as single histories have it, undefined where it is."""
    columns = facts.results[number].columns
    return columns[facts.metric].astype(np.float64) if facts.metric in columns else facts.values(number)


def _filled(facts: Facts, *values: Any) -> list[Any]:
    """The same with what is undefined as the worst of all, and alike among themselves."""
    known = np.concatenate([each[np.isfinite(each)] for each in values])
    worst = 0.0 if not known.size else known.min() - 1 if facts.rules.higher else known.max() + 1
    return [np.where(np.isfinite(each), each, worst) for each in values]


def _undefined(*values: Any) -> int:
    """In how many histories one of them at least is."""
    return int(np.count_nonzero(~np.isfinite(values).all(axis=0)))


def _downside(facts: Facts, number: int) -> Summary:
    """The mean of the worst histories, one in twenty, and how it differs from the baseline's.

    Neither is there where the metric is undefined in some history, for these are the worst.
    """
    worst, worlds = "low" if facts.rules.higher else "high", facts.worlds
    mine, base = _single(facts, number), _single(facts, 0)
    if undefined := _undefined(mine, base):
        return {"value": None, "ci95": None, "undefined": undefined, "difference": None}
    found = shortfall(mine, worlds, share=ONE_IN_TWENTY, worst=worst).to_json()  # type: ignore[arg-type]
    if not number:
        return {**found, "undefined": 0, "difference": None}
    less = shortfall_difference(mine, base, worlds, share=ONE_IN_TWENTY, worst=worst)  # type: ignore[arg-type]
    return {**found, "undefined": 0, "difference": less.to_json()}


def _against(facts: Facts, number: int) -> Iterator[tuple[str, Summary]]:
    """The paired difference to the baseline, of each metric that one of the two has."""
    for name in facts.metrics:
        there = [name in facts.results[each].columns for each in (0, number)]
        if all(there) or (any(there) and missing(name) == 0):
            yield name, _difference(difference(facts.values(number, name), facts.values(0, name), facts.worlds))


def _difference(found: Difference) -> Summary:
    told = found.to_json()
    return {
        "difference": told["mean"],
        **{name: told[name] for name in ("ci95", "standard_error", "sd", "pairing_gain")},
    }


def _on_average(facts: Facts, number: int, other: int = 0) -> Summary:
    """With the inputs of these two: those of a third policy say nothing of them."""
    worlds = worlds_of([facts.results[other], facts.results[number]])
    return better_on_average(facts.values(number), facts.values(other), worlds, higher=facts.rules.higher).to_json()


def _in_one(facts: Facts, number: int) -> Summary:
    """Undefined is worse than any value, and equal to undefined."""
    mine, base = _single(facts, number), _single(facts, 0)
    undefined = _undefined(mine, base) / mine.size
    mine, base = _filled(facts, mine, base)
    higher, worlds = facts.rules.higher, facts.worlds
    same = better_in_one(mine, base, worlds, higher=higher, luck="same")
    independent = better_in_one(mine, base, worlds, higher=higher, luck="independent")
    return {
        "same_luck": {**same.to_json(), "undefined": undefined},
        "independent_luck": {**independent.to_json(), "undefined": undefined},
    }


def _runner_up(facts: Facts) -> Summary | None:
    """The best against the next, on average; None of two policies, and where nobody is the best."""
    best = facts.judged.best
    if best is None or len(facts.results) < 3:
        return None
    sign = 1 if facts.rules.higher else -1
    means = [sign * float(np.mean(facts.values(number))) for number in range(len(facts.results))]
    second = max((number for number in range(len(means)) if number != best), key=lambda number: means[number])
    return {
        "policy": facts.policies.names[second],
        "difference": _difference(difference(facts.values(best), facts.values(second), facts.worlds)),
        "better_on_average": _on_average(facts, best, second),
    }


def _decision(facts: Facts) -> Summary:
    names, judged, rules = facts.policies.names, facts.judged, facts.rules
    verdicts = zip(names[1:], judged.verdicts, judged.intervals, strict=True)
    return {
        "confidence": CONFIDENCE,
        "confidence_of_each": rules.confidence_of_each,
        "looks": list(rules.looks),
        "look": rules.looks.index(facts.results[0].settings.replications) + 1,
        "decided": judged.is_decided,
        "best": None if judged.best is None else names[judged.best],
        "survivors": [names[number] for number in judged.survivors],
        "verdicts": {
            name: {"verdict": said, "interval": None if found is None else list(found)}
            for name, said, found in verdicts
        },
    }


def _won(facts: Facts, number: int) -> Summary:
    """Leads that only one of the two won, by how the other lost them; only here - only there is the difference."""
    columns, base, worlds = facts.results[number].columns, facts.results[0].columns, facts.worlds
    sides = {where: below(columns, where) for where in (ONLY_HERE, ONLY_THERE)}
    return {
        **{where: {cause: _mean(leads_, worlds) for cause, leads_ in side.items()} for where, side in sides.items()},
        "totals": {where: _mean(np.sum(list(side.values()), axis=0), worlds) for where, side in sides.items()},
        "difference": _mean(columns["sold"] - base["sold"], worlds),
    }


def _mean(values: Any, worlds: Worlds) -> Summary:
    found = estimate(values, worlds).to_json()
    return {name: found[name] for name in ("mean", "ci95")}


def _warnings(facts: Facts) -> Iterator[str]:
    """What to doubt: of the comparison first, then of each policy, once where several share it."""
    yield from _unlike(facts.policies)
    yield from _as_good(facts.policies)
    told: dict[str, list[str]] = {}
    for policy in facts.policies.all:
        written = [other.scenario for other in facts.policies.all if other is not policy]
        for warning in advise(policy.scenario, *written).warnings:
            told.setdefault(warning, []).append(policy.name)
    for warning, names in told.items():
        shared = len(names) == len(facts.policies.all)
        yield warning if shared else f"{', '.join(names)}: {warning}"


def _unlike(policies: Policies) -> Iterator[str]:
    """Policies of unlike times or lists are compared, but not as they may seem to be."""
    first = policies.all[0]
    days, lists = Calendar.of(first.scenario).dates, _starts(first.scenario)
    for other in policies.all[1:]:
        theirs_days = Calendar.of(other.scenario).dates
        if theirs_days != days:
            yield (
                f"{other.name} has other working days than {first.name}, {len(theirs_days):,} from its start to its "
                f"horizon and not {len(days):,}: a difference may be that of the time."
            )
        if other.file != first.file and leads(other.scenario) != leads(first.scenario):
            yield (
                f"{other.name} has {leads(other.scenario):,.0f} leads and {first.name} {leads(first.scenario):,.0f}: a "
                "difference may be that of the market, and not of the plan."
            )
        theirs = _starts(other.scenario)
        if any(lists[name] != theirs[name] for name in lists.keys() & theirs.keys()):
            yield (
                f"{other.name} has other lists of leads than {first.name}, so a lead of one may be another one there: "
                "the luck is shared only in part, and what only one of them won is of different people."
            )


def _as_good(policies: Policies) -> Iterator[str]:
    """A centre of which nothing else is said sells as well as own people, and that is an assumption."""
    for policy in policies.all:
        teams = policy.scenario.teams
        for name in dialling(policy.scenario):
            if teams[name].kind == "outsourced" and teams[name].odds == TeamOdds():
                yield (
                    f"{policy.name}: {name} is taken to call as well as own people, as nothing else is said: state "
                    f"teams.{name}.odds, such as attended = 0.7, or the answer is surer than you can be."
                )


def _starts(scenario: Scenario) -> dict[str, tuple[int, int]]:
    """Of each segment with leads its place, and the number of the first lead on its list."""
    leads_ = [segment.leads for segment in scenario.segments.values()]
    starts = np.cumsum([0, *leads_]).tolist()
    return {name: (place, starts[place]) for place, name in enumerate(scenario.segments)}
