"""A run is summed up by numbers that carry their uncertainty, and nothing in the summary depends on how fast it ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import __version__
from simfunnel.calendar import Calendar
from simfunnel.estimates import Estimate, chance, estimate, ratio
from simfunnel.experiments.advice import advise
from simfunnel.experiments.targets import GAIN, SALE, Target
from simfunnel.metrics import STAGES, Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

Summary = dict[str, Any]
Worlds = npt.NDArray[np.int64] | None

FIRST: Final = ("dials", *STAGES, "revenue", "cost", "profit", "cost_per_sale", "days_until_done", "events")
EXPLAINED: Final = ("sold", "profit")
MANY_OPEN: Final = 0.05
MANY_UNDEFINED: Final = 0.05


def summarise(
    result: Result, *, file: str = "", overrides: Sequence[str] = (), targets: Sequence[Target] = ()
) -> Summary:
    """The run as plain data, ready for JSON: no NaN, one order, the same for any workers and blocks.

    `metrics`, `rates`, `losses`, `costs`, `teams.<name>` and `segments.<name>` hold estimates (see
    `estimates.Estimate`); `chances` shares of histories that reach a target; `variance` the split of
    the spread of one history; money is in the scenario's currency.
    """
    columns, worlds = result.columns, result.worlds
    metrics = _metrics(columns, worlds)
    return {
        **_heading(result, file, overrides),
        "metrics": {name: estimated.to_json() for name, estimated in metrics.items()},
        "rates": _rates(result),
        "losses": _estimates(_below(columns, "losses"), worlds),
        "costs": _estimates(_below(columns, "costs"), worlds),
        "teams": {name: _part(columns, f"teams.{name}", worlds) for name in result.scenario.teams},
        "segments": {name: _part(columns, f"segments.{name}", worlds) for name in result.scenario.segments},
        "chances": _chances((SALE, GAIN, *targets), columns, worlds),
        "variance": {name: _variance(name, metrics[name], worlds) for name in EXPLAINED},
        "warnings": list(_warnings(result, metrics)),
    }


def _heading(result: Result, file: str, overrides: Sequence[str]) -> Summary:
    """What was run, and how to run it again."""
    scenario, settings, calendar = result.scenario, result.settings, Calendar.of(result.scenario)
    return {
        "scenario": scenario.name,
        "file": file,
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


def leads(scenario: Scenario) -> int:
    """Leads on all lists."""
    return sum(segment.leads for segment in scenario.segments.values())


def _below(columns: Columns, path: str) -> Columns:
    """The columns under `path`, by what follows it."""
    return {name.removeprefix(f"{path}."): values for name, values in columns.items() if name.startswith(f"{path}.")}


def _metrics(columns: Columns, worlds: Worlds) -> dict[str, Estimate]:
    """Every metric of the whole scenario: the contract's first, in its order."""
    top = [name for name in columns if "." not in name]
    names = [name for name in FIRST if name in columns] + [name for name in top if name not in FIRST]
    return {name: _estimate(name, columns, worlds) for name in names}


def _estimate(name: str, columns: Columns, worlds: Worlds) -> Estimate:
    """A mean over histories; the cost per sale is a ratio of means, for a mean of ratios forgets who sold nothing."""
    if name == "cost_per_sale":
        return ratio(columns["cost"], columns["sold"], worlds)
    return estimate(columns[name], worlds)


def _estimates(columns: Columns, worlds: Worlds) -> Summary:
    return {name: estimate(values, worlds).to_json() for name, values in columns.items()}


def _part(columns: Columns, path: str, worlds: Worlds) -> Summary:
    """The metrics of one team or segment, what is nested deeper last."""
    mine = _below(columns, path)
    part: Summary = _estimates({name: values for name, values in mine.items() if "." not in name}, worlds)
    for group in dict.fromkeys(name.split(".")[0] for name in mine if "." in name):
        part[group] = _estimates(_below(mine, group), worlds)
    return part


def _rates(result: Result) -> Summary:
    """Each stage as a share of the one before (the first: of all leads), and the last of the first."""
    columns, worlds = result.columns, result.worlds
    before = np.full(columns["sold"].shape, leads(result.scenario))
    rates: Summary = {}
    for name in STAGES:
        rates[name] = ratio(columns[name], before, worlds).to_json()
        before = columns[name]
    return {**rates, "overall": ratio(columns["sold"], columns["dialled"], worlds).to_json()}


def _chances(targets: Sequence[Target], columns: Columns, worlds: Worlds) -> Summary:
    return {target.text: chance(target.hits(columns), worlds).to_json() for target in targets}


def _variance(name: str, estimated: Estimate, worlds: Worlds) -> Summary:
    """The split of the spread of one history, and apart from it the error of the simulation."""
    luck, inputs = _shares(estimated, worlds)
    return {
        "luck": luck,
        "inputs": inputs,
        "simulation_error": estimated.standard_error,
        "text": _in_words(name, luck, inputs),
    }


def _shares(estimated: Estimate, worlds: Worlds) -> tuple[float | None, float | None]:
    """Shares of luck and of ignorance of the inputs in the variance of one history; None where unknown."""
    luck, inputs = estimated.sd_luck, 0.0 if worlds is None else estimated.sd_inputs
    if luck is None or inputs is None or luck + inputs == 0:
        return None, None
    share = inputs**2 / (luck**2 + inputs**2)
    return 1 - share, share


def _in_words(name: str, luck: float | None, inputs: float | None) -> str:
    if luck is None or inputs is None:
        return f"{name} does not vary between histories, or there are too few of them to tell why"
    if inputs == 0:
        return f"all of the spread of {name} between histories is luck"
    known = round(100 * inputs)
    return f"{100 - known} % of the variance of {name} is luck, {known} % is not knowing the inputs exactly"


def _warnings(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    """What a planner should know before trusting the numbers."""
    yield from advise(result.scenario).warnings
    for doubt in DOUBTS:
        yield from doubt(result, metrics)


def _still_open(result: Result, _: dict[str, Estimate]) -> Iterator[str]:
    total, still_open = leads(result.scenario), float(result.columns["losses.still_open"].mean())
    if still_open > MANY_OPEN * total:
        yield (
            f"{still_open:,.0f} of {total:,} leads ({100 * still_open / total:.0f} %) are still open at the horizon, "
            "so results are cut short: lengthen the horizon, or end the intake before it."
        )


def _not_done(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    share = metrics["days_until_done"].undefined / result.settings.replications
    if share > MANY_UNDEFINED:
        yield (
            f"the list is not done within the horizon in {100 * share:.0f} % of histories; days_until_done describes "
            "the others."
        )


def _nothing_sold(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    share = metrics["cost_per_sale"].undefined / result.settings.replications
    if share > MANY_UNDEFINED:
        yield (
            f"nothing is sold in {100 * share:.0f} % of histories; cost_per_sale is the cost of all histories over the "
            "sales of all, its percentiles describe the others."
        )


def _few(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    if metrics["sold"].ci95 is None:
        required = (
            "2 replications" if result.worlds is None else f"2 worlds ({2 * result.settings.histories} replications)"
        )
        yield f"one history or one world gives no interval: run at least {required}."


DOUBTS: tuple[Callable[[Result, dict[str, Estimate]], Iterator[str]], ...] = (
    _still_open,
    _not_done,
    _nothing_sold,
    _few,
)
