"""What a run found that makes its own numbers doubtful is said beside them, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from simfunnel.calendar import Calendar
from simfunnel.estimates import Estimate
from simfunnel.experiments.after_doubts import after_the_sale
from simfunnel.experiments.pursuit_advice import tells_of_open_files
from simfunnel.experiments.pursuit_expectation import has_end
from simfunnel.funnel.segments import arrive, arrives
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

MANY_OPEN: Final = 0.05
MANY_FILES_OPEN: Final = 0.2
MANY_UNDEFINED: Final = 0.05
ENOUGH_FOR_PERCENTILES: Final = 100


def leads(scenario: Scenario) -> int:
    """Leads on all lists."""
    return sum(segment.leads for segment in scenario.segments.values())


def _never_dialled(result: Result, _: dict[str, Estimate]) -> Iterator[str]:
    """Leads on the list, or arrived, whose turn never came."""
    total, never = float(result.columns["leads"].mean()), _undialled(result)
    if never > MANY_OPEN * total and result.scenario.calling is not None and not _told_why(result.scenario):
        end = "intake" if _intake_ends(result.scenario) else "horizon"
        yield (
            f"{never:,.0f} of {total:,.0f} leads ({100 * never / total:.0f} %) were never dialled, as the {end} ended "
            f"before their turn: lengthen the {end} or add members."
        )


def _undialled(result: Result) -> float:
    """Leads that nobody has dialled, on average; hot ones are not dialled."""
    columns = result.columns
    return sum(
        float((columns[f"segments.{name}.leads"] - columns[f"segments.{name}.dialled"]).mean())
        for name in _to_dial(result.scenario)
    )


def _to_dial(scenario: Scenario) -> list[str]:
    return [name for name, segment in scenario.segments.items() if segment.temperature != "hot"]


def _intake_ends(scenario: Scenario) -> bool:
    """Is there an intake that ends before the horizon?"""
    calendar = Calendar.of(scenario)
    return scenario.intake is not None and calendar.length(scenario.intake) < calendar.days


def _still_open(result: Result, _: dict[str, Estimate]) -> Iterator[str]:
    """Leads that are being worked on at the end; of files that nothing would ever close another doubt tells."""
    scenario, total, files = result.scenario, float(result.columns["leads"].mean()), _files_open(result)
    still_open = float(result.columns["losses.still_open"].mean()) - _undialled(result)
    if _never_close(scenario):
        still_open, files = still_open - files, 0.0
    if still_open > MANY_OPEN * total and not _told_why(scenario):
        among = f" ({files:,.0f} of them undecided and not let go)" if files >= 1 else ""
        yield (
            f"{still_open:,.0f} of {total:,.0f} leads ({100 * still_open / total:.0f} %) are still open at the "
            f"horizon{among}, so results are cut short: {_longer(scenario)}."
        )


def _longer(scenario: Scenario) -> str:
    """What leaves more time for leads that are open; a list that is dialled is not shorter for a shorter intake."""
    if not arrive(scenario):
        return "lengthen the horizon"
    return f"lengthen the horizon, or end the intake {'sooner' if _intake_ends(scenario) else 'before it'}"


def _files_open(result: Result) -> float:
    return float(result.columns["pipeline.open"].mean()) if "pipeline.open" in result.columns else 0.0


def _never_close(scenario: Scenario) -> bool:
    """Is there no rule that closes every file in the end?"""
    return scenario.follow_up is not None and not has_end(scenario.follow_up)


def _open_files(result: Result, _: dict[str, Estimate]) -> Iterator[str]:
    """Undecided leads whom nobody has let go by the end: few of all leads, but much of the follow-up."""
    if "pipeline.open" not in result.columns or tells_of_open_files(result.scenario):
        return
    opened, still_open = (float(result.columns[f"pipeline.{name}"].mean()) for name in ("opened", "open"))
    if still_open > MANY_FILES_OPEN * opened:
        never = _never_close(result.scenario)
        why = ": who gives no signal is never let go, as follow_up has no stop rule" if never else ""
        do = "give follow_up.touches or follow_up.stop_after" if never else _longer(result.scenario)
        yield (
            f"{still_open:,.1f} of {opened:,.1f} undecided leads ({100 * still_open / opened:.0f} %) are still being "
            f"followed up at the horizon{why}, so what they buy later is not counted: {do}."
        )


def _not_done(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    histories = result.settings.replications
    undefined = metrics["days_until_done"].undefined - _without_list(result)
    if undefined <= 0 or _told_why(result.scenario) or _never_ends(result.scenario):
        return
    if undefined < histories:
        yield (
            f"the list is not done within the horizon in {undefined:,} of {histories:,} histories; the days until it "
            "is done are those of the other histories."
        )
    elif not any(_never_dialled(result, metrics)):
        yield (
            "the list is not done within the horizon in any history, as some leads are neither reached nor given up "
            "by then, so there is no number of days until it is done."
        )


def _without_list(result: Result) -> int:
    """Histories in which nobody is to be dialled."""
    cold = _to_dial(result.scenario)
    listed = sum((result.columns[f"segments.{name}.leads"] for name in cold), np.zeros(result.settings.replications))
    return int((listed == 0).sum())


def _nothing_sold(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    share = metrics["cost_per_sale"].undefined / result.settings.replications
    if share == 1 and not _told_why(result.scenario):
        yield "nothing is sold in any history; cost_per_sale is undefined."
    elif MANY_UNDEFINED < share < 1:
        yield (
            f"nothing is sold in {100 * share:.0f} % of histories; cost_per_sale is the cost of all histories over the "
            "sales of all, its percentiles describe the others."
        )


def _told_why(scenario: Scenario) -> bool:
    """Does advice say already that nobody can buy, as a part of the funnel is absent?"""
    works = [work for work in (scenario.calling, scenario.inbound) if work is not None]
    anybody = leads(scenario) or arrive(scenario)
    return not anybody or not any(_goes_on(work.offer, scenario) for work in works)


def _goes_on(offer: str, scenario: Scenario) -> bool:
    """Can a lead that accepts the offer buy?"""
    return offer == "sale" or (scenario.demo if offer == "demo" else scenario.meeting) is not None


def _never_ends(scenario: Scenario) -> bool:
    """Do leads to be dialled arrive until the last day, so that some are left by nature?"""
    calendar = Calendar.of(scenario)
    dialled = any(arrives(scenario, name) for name in _to_dial(scenario))
    return dialled and calendar.length(scenario.intake or scenario.horizon) == calendar.days


def _few(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    if metrics["sold"].ci95 is None:
        required = (
            "2 replications" if result.worlds is None else f"2 worlds ({2 * result.settings.histories} replications)"
        )
        yield f"one history or one world gives no interval: run at least {required}."
    if 1 < (histories := result.settings.replications) < ENOUGH_FOR_PERCENTILES:
        yield f"percentiles of {histories} histories are rough; run at least 1,000."


DOUBTS: tuple[Callable[[Result, dict[str, Estimate]], Iterator[str]], ...] = (
    _never_dialled,
    _still_open,
    _open_files,
    _not_done,
    _nothing_sold,
    after_the_sale,
    _few,
)
