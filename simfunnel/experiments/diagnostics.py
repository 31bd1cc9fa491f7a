"""A manager is told where to look only where the whole interval says so; where it does not, nothing is claimed.

The borders are the contract's (MODEL.md section 8): interested fewer than a fifth of contacted, healthy a half
to a third; hot 10-15 % of those who bought. Where it says "several times fewer" and "a wide gap", the choice is
ours: contacted fewer than a third of potential, price talks with fewer than a half of the willing.

The interval is that of the mean, as everywhere: it says how exactly the simulation knows its number. More
histories decide what it leaves undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np

from simfunnel.estimates import Estimate, Interval
from simfunnel.experiments.estimating import share
from simfunnel.experiments.roles import leads_come, offers
from simfunnel.funnel.segments import arrives
from simfunnel.metrics import SKIPPED
from simfunnel.scenario.diagnostics import COMPARED
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

Verdict = Literal["healthy", "low", "high", "fair", "undecided"]


@dataclass(frozen=True)
class Rule:
    """A share is healthy in one range, ends included, and a reason to look below `low` and above `high`."""

    healthy: Interval
    low: float
    high: float = 1.0
    if_low: str = ""
    if_high: str = ""

    def verdict(self, ci95: Interval | None) -> Verdict:
        """What holds in the whole interval; fair is neither healthy nor a reason to look."""
        if ci95 is None:
            return "undecided"
        least, most = ci95
        apart = most < self.healthy[0] or self.healthy[1] < least
        zones: dict[Verdict, bool] = {
            "healthy": self.healthy[0] <= least and most <= self.healthy[1],
            "low": most < self.low,
            "high": least > self.high,
            "fair": apart and self.low <= least and most <= self.high,
        }
        return next((verdict for verdict, holds in zones.items() if holds), "undecided")

    def look_at(self, verdict: Verdict) -> str | None:
        """Where to look, if anywhere."""
        return {"low": self.if_low, "high": self.if_high}.get(verdict)


RULES: Final = {
    "contacted": Rule(
        (1 / 3, 1.0), 1 / 3, if_low="fewer than a third of the potential leads: look at the list or the team"
    ),
    "interested": Rule(
        (1 / 3, 1 / 2), 1 / 5, if_low="fewer than a fifth of those contacted: look at positioning and PR"
    ),
    "price_talk": Rule(
        (1 / 2, 1.0), 1 / 2,
        if_low="fewer than half of the willing: the product does not solve the problem, or the market is full",
    ),
}  # fmt: skip
HOT: Final = Rule(
    (0.10, 0.15), 0.10, 0.15,
    if_low="fewer than 10 % of those who bought came unasked: look at marketing",
    if_high="more than 15 % of those who bought came unasked: look at calling",
)  # fmt: skip
NO_HOT: Final = "nobody comes unasked: no marketing, only pushing"


@dataclass(frozen=True)
class Diagnostic:
    """A level as a share of the one before, or of those who bought the hot ones: `stage` over `of`, from 0 to 1.

    `look_at` is None where there is no reason to look, or none that the interval bears out.
    """

    name: str
    stage: str
    of: str
    share: float
    ci95: Interval | None
    healthy: Interval
    verdict: Verdict
    look_at: str | None

    def to_json(self) -> dict[str, Any]:
        """Every field under its name, intervals as [low, high]."""
        fields = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def diagnose(result: Result) -> tuple[Diagnostic, ...]:
    """The manager's diagnostics of a run; what its funnel has no stages for, or nobody came to, is left out."""
    return (*_levels(result), *_hot_share(result))


def _levels(result: Result) -> Iterator[Diagnostic]:
    plan, columns = result.scenario.diagnostics, result.columns
    for before, level in COMPARED:
        of, stage = getattr(plan, before), getattr(plan, level)
        if not _comparable(result.scenario, of, stage) or not columns[of].any():
            continue
        found = share(columns[stage], columns[of], result.worlds)
        yield _judged(level, stage, of, found, RULES[level])


def _hot_share(result: Result) -> Iterator[Diagnostic]:
    """By segment of origin; exactly 0, and not by chance, where no lead is hot."""
    scenario, columns, of = result.scenario, result.columns, result.scenario.diagnostics.bought
    if not _comparable(scenario, of, "sold" if of in SKIPPED else of) or not columns[of].any():
        return
    hot = [f"segments.{name}.{of}" for name in scenario.segments if _is_hot(scenario, name)]
    if not hot:
        yield Diagnostic("hot_share", "hot", of, 0.0, (0.0, 0.0), HOT.healthy, "low", _nobody_hot(result))
        return
    found = share(np.sum([columns[name] for name in hot], axis=0), columns[of], result.worlds)
    yield _judged("hot_share", "hot", of, found, HOT)


def _nobody_hot(result: Result) -> str:
    """Nobody comes unasked, but perhaps for those who come back."""
    back = float(result.columns["came_back"].mean()) if "came_back" in result.columns else 0.0
    decimals = 0 if back >= 1000 else 1 if back >= 2 else 2
    return f"no hot leads; {back:,.{decimals}f} came back by themselves" if back else NO_HOT


def _judged(name: str, stage: str, of: str, found: Estimate, rule: Rule) -> Diagnostic:
    """There is a whole."""
    assert found.mean is not None
    verdict = rule.verdict(found.ci95)
    return Diagnostic(name, stage, of, found.mean, found.ci95, rule.healthy, verdict, rule.look_at(verdict))


def _comparable(scenario: Scenario, *stages: str) -> bool:
    """Does the funnel have these stages, and does nobody who buys by phone skip some of them only?"""
    by_phone, come = "sale" in offers(scenario), leads_come(scenario)
    in_person = {stage in SKIPPED for stage in stages}
    there = come or (True not in in_person and (by_phone or "sold" not in stages))
    return there and (len(in_person) == 1 or not by_phone)


def _is_hot(scenario: Scenario, name: str) -> bool:
    segment = scenario.segments[name]
    return segment.temperature == "hot" and (segment.leads > 0 or arrives(scenario, name))
