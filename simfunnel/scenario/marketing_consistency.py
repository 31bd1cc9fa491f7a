"""What marketing does, it does to somebody: hot leads of a segment that there is, cold leads that are dialled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.scenario.marketing import MarketedArrivals
from simfunnel.scenario.routing_consistency import lacks_table
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.shape import Path
from simfunnel.scenario.values import one_line, show
from simfunnel.scenario.wording import Complaint, nearest


def _marketing(scenario: Scenario) -> Iterator[Complaint]:
    plan = scenario.marketing
    if plan is None:
        return
    if plan.arrivals is not None:
        yield from _hot_segment(plan.arrivals, scenario)
    if plan.warms is not None:
        yield from _cold_leads(scenario)
    if plan.sell_through is not None and (scenario.after_sales is None or scenario.after_sales.resale is None):
        yield lacks_table(("marketing", "sell_through"), "after_sales.resale", "which says who resells")


def _hot_segment(plan: MarketedArrivals, scenario: Scenario) -> Iterator[Complaint]:
    """Who comes by marketing comes unasked; how hot leads are answered is asked of the segment."""
    path: Path = ("marketing", "arrivals", "segment")
    hot = [name for name, segment in scenario.segments.items() if segment.temperature == "hot"]
    if plan.segment in hot:
        return
    known = f"one of {', '.join(map(one_line, hot))}" if hot else "a hot segment, and there are none"
    named = scenario.segments.get(plan.segment)
    found = show(plan.segment) if named is None else f"{show(plan.segment)}, which is {named.temperature}"
    hint = (nearest(plan.segment, hot) if named is None else "") or (
        "" if hot else 'give a segment temperature = "hot"'
    )
    because: tuple[Path, ...] = (("segments", plan.segment), ("segments", plan.segment, "temperature"))
    yield Complaint(path, f"must name {one_line(known, 100)}, found {found}", hint, because)


def _cold_leads(scenario: Scenario) -> Iterator[Complaint]:
    path: Path = ("marketing", "warms")
    if not any(segment.temperature == "cold" for segment in scenario.segments.values()):
        because = (("segments",), *(("segments", name, "temperature") for name in scenario.segments))
        yield Complaint(path, "must come with a segment of cold leads, found none", "", because)
    elif scenario.calling is None:
        yield lacks_table(path, "calling", "which says how cold leads are dialled")


MARKETING_CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (_marketing,)
