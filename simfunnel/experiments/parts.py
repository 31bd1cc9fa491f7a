"""What a run comes to is told in parts, each a number with its uncertainty: for its summary, and for a comparison's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from simfunnel.counting.responses import PERCENTILES, Waits
from simfunnel.estimates import Estimate, Known, chance, estimate, pooled_quantile, ratio
from simfunnel.experiments.after_sales import after_sales, cohorts
from simfunnel.experiments.diagnostics import diagnose
from simfunnel.experiments.estimating import Summary, Worlds, below, estimate_of, estimates_of, not_below_0, rate_of
from simfunnel.experiments.pursuit import follow_up, pipeline, sold_later
from simfunnel.experiments.targets import GAIN, SALE, Target
from simfunnel.experiments.workdays import by_day
from simfunnel.metrics import STAGE_OF_LOSS, STAGES, Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

FIRST: Final = (
    "dials", *STAGES, "hot_share", "revenue", "cost", "profit", "cost_per_sale", "days_until_done", "events",
)  # fmt: skip
LATER: Final = ("sold_follow_up", "sold_came_back")
OF_HOT: Final = {"arrived": "leads", "gave_up": "losses.gave_up_waiting"}
"""What is told of hot leads under another name than that of its column."""


def parts(result: Result, targets: Sequence[Target] = ()) -> Summary:
    """The parts of a run, by name, but for its segments.

    `metrics`, `rates`, `losses`, `costs`, `hot` and `teams.<name>` hold estimates (see `estimates.Estimate`; an
    interval of what cannot lie below 0 is cut there); `hot` tells how far hot leads get, `response` their waits, in
    minutes, both empty where there are none; `follow_up` what touches come to, bring and cost (`pursuit.follow_up`),
    empty where nobody is followed up; `after_sales` and `cohorts` what becomes of customers and what they are worth,
    empty where nobody looks after them; `days` how busy teams are (`workdays.by_day`), empty where not asked for;
    `diagnostics` where a manager would look (see `diagnostics.Diagnostic`); `chances` shares of histories that reach
    a target.
    """
    columns, worlds = result.columns, result.worlds
    return {
        "metrics": {name: estimated.to_json() for name, estimated in metrics_of(columns, worlds).items()},
        "rates": _rates(result),
        "hot": _hot(result),
        "response": _response(result),
        "follow_up": follow_up(result),
        "pipeline": pipeline(result),
        "after_sales": after_sales(result),
        "cohorts": cohorts(result),
        "losses": _losses(columns, worlds),
        "costs": estimates_of(below(columns, "costs"), worlds),
        "teams": {name: part(columns, f"teams.{name}", worlds) for name in result.scenario.teams},
        "days": by_day(result),
        "diagnostics": [found.to_json() for found in diagnose(result)],
        "chances": _chances((SALE, GAIN, *targets), columns, worlds),
    }


def _hot_segments(scenario: Scenario) -> list[str]:
    return [name for name, segment in scenario.segments.items() if segment.temperature == "hot"]


def metrics_of(columns: Columns, worlds: Worlds) -> dict[str, Estimate]:
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


def part(columns: Columns, path: str, worlds: Worlds) -> Summary:
    """The metrics of one team or segment, what is nested deeper last."""
    mine = below(columns, path)
    found: Summary = estimates_of({name: values for name, values in mine.items() if "." not in name}, worlds)
    for group in dict.fromkeys(name.split(".")[0] for name in mine if "." in name):
        found[group] = estimates_of(below(mine, group), worlds)
    return found


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
    if scenario.inbound is None or not (names := _hot_segments(scenario)):
        return {}
    steps = ("answered", "accepted", *(() if scenario.inbound.offer == "sale" else ("attended",)), "sold")
    before = {"gave_up": "arrived", **dict(zip(steps, ("arrived", *steps), strict=False))}
    if scenario.follow_up is not None and "attended" not in steps:
        before["sold"] = "answered"
    of = {**OF_HOT, **{name: name for name in steps}}
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
