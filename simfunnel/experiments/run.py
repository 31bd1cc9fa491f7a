"""A run is summed up by numbers that carry their uncertainty, and nothing in the summary depends on how fast it ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from simfunnel.estimates import Estimate, Interval, ignorance
from simfunnel.experiments.advice import advise
from simfunnel.experiments.against import against_base
from simfunnel.experiments.estimating import Summary, Worlds
from simfunnel.experiments.gates import NOTHING_REQUIRED, Gates
from simfunnel.experiments.origin import origin
from simfunnel.experiments.parts import metrics_of, part, parts
from simfunnel.experiments.run_doubts import DOUBTS, leads
from simfunnel.experiments.stated import inputs
from simfunnel.experiments.targets import Target
from simfunnel.metrics import Columns
from simfunnel.scenario.alternatives import Alternative
from simfunnel.scenario.layers import Layers
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

EXPLAINED: Final = ("sold", "profit")
VAGUE: Final = 0.4


def summarise(
    result: Result, *, file: str = "", overrides: Sequence[str] = (), targets: Sequence[Target] = (),
    alternative: Alternative | None = None, base: Result | None = None, written: Sequence[Scenario] = (),
    told: Sequence[str] = (), layers: Layers | None = None, gates: Gates = NOTHING_REQUIRED,
) -> Summary:  # fmt: skip
    """The run as plain data, ready for JSON: no NaN, one order, the same for any workers and blocks.

    Its parts are told where they are made (`parts.parts`); `segments.<name>` hold estimates like those of teams;
    `requirements` the verdicts of `gates`, `looks` the numbers of histories at which they were looked for, and `look`
    which of these was the last (from 1; 0 where nothing is required);
    `variance` the split of the spread of one history; `against_base` what an alternative changes
    (`against.against_base`), empty without `base`; money is in the scenario's currency. Of `written`, see
    `advice.advise`; what is `told` of the request itself comes before all other warnings; `inputs` is what the
    scenario states (`stated.inputs`), with what the files say beside it where their `layers` are given.
    """
    columns, worlds = result.columns, result.worlds
    metrics = metrics_of(columns, worlds)
    return {
        **_heading(result, file, overrides, alternative),
        **parts(result, targets),
        "segments": {name: part(columns, f"segments.{name}", worlds) for name in result.scenario.segments},
        **gates.to_json(),
        "variance": {name: _variance(name, columns, worlds, metrics[name].standard_error) for name in EXPLAINED},
        "against_base": {} if base is None else against_base(result, base),
        "warnings": [*told, *_warnings(result, metrics, written)],
        "inputs": inputs(result.scenario, layers),
    }


def _heading(result: Result, file: str, overrides: Sequence[str], alternative: Alternative | None) -> Summary:
    """What was run, and how to run it again."""
    scenario = result.scenario
    return {
        "scenario": scenario.name,
        "description": scenario.description,
        "question": scenario.decision.question,
        "file": file,
        "alternative": None if alternative is None else alternative.name,
        "alternative_description": "" if alternative is None else alternative.description,
        "overrides": list(overrides),
        **origin(scenario, result.settings, result.worlds),
        "leads": leads(scenario),
    }


def _variance(name: str, columns: Columns, worlds: Worlds, simulation_error: float | None) -> Summary:
    """The split of the spread of one history, and apart from it the error of the simulation."""
    inputs, ci95 = ignorance(columns[name], worlds)
    return {
        "luck": None if inputs is None else 1 - inputs,
        "inputs": inputs,
        "inputs_ci95": None if ci95 is None else list(ci95),
        "simulation_error": simulation_error,
        "text": _in_words(name, inputs, ci95),
    }


def _in_words(name: str, inputs: float | None, ci95: Interval | None) -> str:
    if inputs is None or ci95 is None:
        return f"{name} does not vary between histories, or there are too few of them to tell why"
    if ci95[1] == 0:
        return f"all of the spread of {name} between histories is luck"
    low, known, high = (round(100 * share) for share in (ci95[0], inputs, ci95[1]))
    if ci95[1] - ci95[0] > VAGUE:
        return f"too few worlds to tell luck from not knowing the inputs ({low} to {high} % of the variance of {name})"
    return (
        f"{100 - known} % of the variance of {name} is luck, {known} % (95 % interval {low} to {high}) is not knowing "
        "the inputs exactly"
    )


def _warnings(result: Result, metrics: dict[str, Estimate], written: Sequence[Scenario]) -> Iterator[str]:
    """What a planner should know before trusting the numbers."""
    yield from advise(result.scenario, *written).warnings
    for doubt in DOUBTS:
        yield from doubt(result, metrics)
