"""A run is summed up by numbers that carry their uncertainty, and nothing in the summary depends on how fast it ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from simfunnel import __version__
from simfunnel.calendar import Calendar
from simfunnel.counting.responses import PERCENTILES, Waits
from simfunnel.estimates import Estimate, Interval, Known, chance, estimate, ignorance, pooled_quantile, ratio
from simfunnel.experiments.advice import advise
from simfunnel.experiments.after_sales import after_sales, cohorts
from simfunnel.experiments.against import against_base
from simfunnel.experiments.diagnostics import diagnose
from simfunnel.experiments.estimating import Summary, Worlds, below, estimate_of, estimates_of, not_below_0, rate_of
from simfunnel.experiments.pursuit import follow_up, pipeline, sold_later
from simfunnel.experiments.run_doubts import DOUBTS, leads
from simfunnel.experiments.stated import inputs
from simfunnel.experiments.targets import GAIN, SALE, Target
from simfunnel.experiments.workdays import by_day
from simfunnel.metrics import STAGE_OF_LOSS, STAGES, Columns
from simfunnel.scenario.alternatives import Alternative
from simfunnel.scenario.layers import Layers
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

FIRST: Final = (
    "dials", *STAGES, "hot_share", "revenue", "cost", "profit", "cost_per_sale", "days_until_done", "events",
)  # fmt: skip
LATER: Final = ("sold_follow_up", "sold_came_back")
EXPLAINED: Final = ("sold", "profit")
VAGUE: Final = 0.4


def summarise(
    result: Result, *, file: str = "", overrides: Sequence[str] = (), targets: Sequence[Target] = (),
    alternative: Alternative | None = None, base: Result | None = None, written: Sequence[Scenario] = (),
    told: Sequence[str] = (), layers: Layers | None = None,
) -> Summary:  # fmt: skip
    """The run as plain data, ready for JSON: no NaN, one order, the same for any workers and blocks.

    `metrics`, `rates`, `losses`, `costs`, `hot`, `teams.<name>` and `segments.<name>` hold estimates (see
    `estimates.Estimate`; an interval of what cannot lie below 0 is cut there); `hot` tells how far hot
    leads get, `response` their waits, in minutes, both empty where there are none; `follow_up` what touches
    come to, bring and cost (`pursuit.follow_up`), empty where nobody is followed up; `after_sales` and `cohorts` what
    becomes of customers and what they are worth, empty where nobody looks after them; `days` how busy teams are
    (`workdays.by_day`), empty where not asked for; `diagnostics` where a manager would look (see
    `diagnostics.Diagnostic`); `chances` shares of histories that reach a target;
    `variance` the split of the spread of one history; `against_base` what an alternative changes
    (`against.against_base`), empty without `base`; money is in the scenario's currency. Of `written`, see
    `advice.advise`; what is `told` of the request itself comes before all other warnings; `inputs` is what the
    scenario states (`stated.inputs`), with what the files say beside it where their `layers` are given.
    """
    columns, worlds = result.columns, result.worlds
    metrics = _metrics(columns, worlds)
    return {
        **_heading(result, file, overrides, alternative),
        "metrics": {name: estimated.to_json() for name, estimated in metrics.items()},
        "rates": _rates(result),
        "hot": _hot(result),
        "response": _response(result),
        "follow_up": follow_up(result),
        "pipeline": pipeline(result),
        "after_sales": after_sales(result),
        "cohorts": cohorts(result),
        "losses": _losses(columns, worlds),
        "costs": estimates_of(below(columns, "costs"), worlds),
        "teams": {name: _part(columns, f"teams.{name}", worlds) for name in result.scenario.teams},
        "days": by_day(result),
        "segments": {name: _part(columns, f"segments.{name}", worlds) for name in result.scenario.segments},
        "diagnostics": [found.to_json() for found in diagnose(result)],
        "chances": _chances((SALE, GAIN, *targets), columns, worlds),
        "variance": {name: _variance(name, columns, worlds, metrics[name].standard_error) for name in EXPLAINED},
        "against_base": {} if base is None else against_base(result, base),
        "warnings": [*told, *_warnings(result, metrics, written)],
        "inputs": inputs(result.scenario, layers),
    }


def _heading(result: Result, file: str, overrides: Sequence[str], alternative: Alternative | None) -> Summary:
    """What was run, and how to run it again."""
    scenario, settings, calendar = result.scenario, result.settings, Calendar.of(result.scenario)
    return {
        "scenario": scenario.name,
        "description": scenario.description,
        "question": "" if scenario.decision is None else scenario.decision.question,
        "file": file,
        "alternative": None if alternative is None else alternative.name,
        "alternative_description": "" if alternative is None else alternative.description,
        "overrides": list(overrides),
        "version": __version__,
        "seed": settings.seed,
        "replications": settings.replications,
        "worlds": None if result.worlds is None else int(result.worlds[-1]) + 1,
        "histories": settings.histories,
        "fix_inputs": settings.fix_inputs,
        "engine": settings.engine,
        "horizon": str(scenario.horizon),
        "working_days": calendar.days,
        "first_day": calendar.dates[0].isoformat() if calendar.days else None,
        "last_day": calendar.dates[-1].isoformat() if calendar.days else None,
        "currency": scenario.currency,
        "leads": leads(scenario),
    }


def _metrics(columns: Columns, worlds: Worlds) -> dict[str, Estimate]:
    """Every metric of the whole scenario: the contract's first, in its order."""
    top = [name for name in columns if "." not in name]
    names = [name for name in FIRST if name in columns] + [name for name in top if name not in FIRST]
    found = {name: estimate_of(name, columns, worlds) for name in names}
    if "sold_by_phone" in columns:
        face_to_face = columns["sold"] - columns["sold_by_phone"] - sold_later(columns)
        found["sold_face_to_face"] = not_below_0(estimate(face_to_face, worlds))
    return found


def _losses(columns: Columns, worlds: Worlds) -> Summary:
    """Where leads were lost: how many, and at which stage."""
    found = estimates_of(below(columns, "losses"), worlds)
    return {name: {**estimated, "stage": STAGE_OF_LOSS[name]} for name, estimated in found.items()}


def _part(columns: Columns, path: str, worlds: Worlds) -> Summary:
    """The metrics of one team or segment, what is nested deeper last."""
    mine = below(columns, path)
    part: Summary = estimates_of({name: values for name, values in mine.items() if "." not in name}, worlds)
    for group in dict.fromkeys(name.split(".")[0] for name in mine if "." in name):
        part[group] = estimates_of(below(mine, group), worlds)
    return part


def _rates(result: Result) -> Summary:
    """Each stage as a share of the one before (the first: of all leads), and the last of the first.

    Who accepts the sale itself skips the stages between `accepted` and `sold`: it is not among those who
    could be booked, but it is among those who could buy. Where the sale is offered by phone, `sold_by_phone`
    is its share of the accepted and `sold_face_to_face` that of the other sales of the interested. Who was
    undecided on the phone could buy too, and does so later: `sold_follow_up` and `sold_came_back` are of sales.
    """
    columns, worlds = result.columns, result.worlds
    nobody, later = np.zeros_like(columns["sold"]), sold_later(columns)
    by_phone, asked = columns.get("sold_by_phone", nobody), columns.get("undecided_by_phone", nobody)
    skipping = {"booked": -by_phone, "sold": by_phone + asked}
    rates, before = dict[str, Any](), columns["leads"]
    for name in STAGES:
        rates[name] = rate_of(columns[name], before + skipping.get(name, 0), worlds)
        before = columns[name]
    if "sold_by_phone" in columns:
        rates["sold_by_phone"] = rate_of(by_phone, columns["accepted"], worlds)
        rates["sold_face_to_face"] = rate_of(columns["sold"] - by_phone - later, columns["interested"], worlds)
    rates.update({name: rate_of(columns[name], columns["sold"], worlds) for name in LATER if name in columns})
    rates["conceded"] = rate_of(columns["conceded"], columns["sold"], worlds)
    return {**rates, "overall": rate_of(columns["sold"], columns["dialled"], worlds)}


def _hot(result: Result) -> Summary:
    """How far hot leads get, and under `rates` each as a share of the one before; who gave up of who arrived.

    `attended` is missing where they are offered the sale itself; `sold` is of the answered there, if the
    undecided are followed up, for these buy without having accepted.
    """
    scenario, columns, worlds = result.scenario, result.columns, result.worlds
    names = [name for name, segment in scenario.segments.items() if segment.temperature == "hot"]
    if not names or scenario.inbound is None:
        return {}
    steps = ("answered", "accepted", *(() if scenario.inbound.offer == "sale" else ("attended",)), "sold")
    before = {"gave_up": "arrived", **dict(zip(steps, ("arrived", *steps), strict=False))}
    if scenario.follow_up is not None and "attended" not in steps:
        before["sold"] = "answered"
    of = {"arrived": "leads", "gave_up": "losses.gave_up_waiting", **{name: name for name in steps}}
    counts = {name: np.sum([columns[f"segments.{s}.{column}"] for s in names], axis=0) for name, column in of.items()}
    rates = {name: rate_of(counts[name], counts[previous], worlds) for name, previous in before.items()}
    return {**estimates_of(counts, worlds), "rates": rates}


def _response(result: Result) -> Summary:
    """How long hot leads waited, by clock and in working time: `mean`, `p50`, `p90`, `p95`, each with `value`, `ci95`.

    All hot leads of all histories that were answered count alike: the mean is all minutes over all leads,
    the percentiles are those of the pool (intervals: `ratio` and `pooled_quantile`, Woodruff 1952). Means
    of the numbers of single histories would be too short, as who comes in a crowd waits longer.
    """
    if "response.answered" not in result.columns:
        return {}
    return {f"{what}_minutes": dict(_waits(result, what)) for what in ("clock", "working")}


def _waits(result: Result, what: str) -> Iterator[tuple[str, Summary]]:
    answered, waits = result.columns["response.answered"], Waits(result.histograms[f"response.{what}_histogram"])
    minutes = np.where(answered > 0, result.columns[f"response.{what}_minutes"] * answered, 0.0)
    mean = not_below_0(ratio(minutes, answered, result.worlds))
    yield "mean", Known(mean.mean, mean.ci95).to_json()
    for percent in PERCENTILES:
        found = pooled_quantile(percent / 100, waits.quantile, waits.within, answered, result.worlds)
        yield f"p{percent}", found.to_json()


def _chances(targets: Sequence[Target], columns: Columns, worlds: Worlds) -> Summary:
    return {target.text: chance(target.hits(columns), worlds).to_json() for target in targets}


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
