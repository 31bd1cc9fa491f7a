"""What marketing brings saturates: `most * spend / (spend + half)`, so that spend of `half` brings half of the most.

It brings hot leads, on top of a segment's own, on every working day until the intake ends. It has warmed a
share of the cold leads: a trait of the lead, drawn once, for good. Such a lead stays in its segment, but every
call to it has the odds of a warm one, and a closer's method is worth to it what it is worth to the warm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.scenario.marketing import MarketedArrivals, Marketing, SellThrough, Warming
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Effect = MarketedArrivals | Warming | SellThrough

SMALLEST: Final = 1e-300


def saturated(most: npt.ArrayLike, spend: npt.ArrayLike, half: npt.ArrayLike) -> Floats:
    """What a spend >= 0 brings, if endless spend brings `most` and `half` half of it; the arrays broadcast."""
    whole = np.maximum(np.add(spend, half), SMALLEST)
    return np.asarray(np.multiply(most, np.divide(spend, whole)), dtype=np.float64)


def arrivals_brought(scenario: Scenario, segment: str, inputs: Inputs) -> Floats:
    """Mean hot leads a working day that marketing adds to a segment: shape (columns,) or (1,)."""
    plan = scenario.marketing
    if plan is None or plan.arrivals is None or plan.arrivals.segment != segment:
        return np.zeros(1)
    return _brought(plan, "arrivals", plan.arrivals, inputs)


def share_warmed(scenario: Scenario, inputs: Inputs) -> Floats:
    """The share of cold leads that marketing has warmed: shape (columns,) or (1,)."""
    plan = scenario.marketing
    return np.zeros(1) if plan is None or plan.warms is None else _brought(plan, "warms", plan.warms, inputs)


def sell_through_factor(scenario: Scenario, inputs: Inputs) -> Floats:
    """How many times as fast those who resell sell, 1 without marketing: shape (columns,) or (1,)."""
    plan = scenario.marketing
    if plan is None or plan.sell_through is None:
        return np.ones(1)
    return 1 + _brought(plan, "sell_through", plan.sell_through, inputs)


def _brought(plan: Marketing, name: str, effect: Effect, inputs: Inputs) -> Floats:
    path = f"marketing.{name}"
    most, half = inputs.value(f"{path}.most", effect.most), inputs.value(f"{path}.half", effect.half)
    return saturated(most, inputs.value("marketing.spend", plan.spend), half)


def brings(plan: Marketing | None, effect: Effect | None) -> bool:
    """May an effect of marketing come to anything?"""
    return plan is not None and effect is not None and plan.spend.support[1] > 0 and effect.most.support[1] > 0


def brings_to(scenario: Scenario, segment: str) -> bool:
    """May marketing bring hot leads to the segment?"""
    plan = scenario.marketing
    effect = None if plan is None else plan.arrivals
    return effect is not None and effect.segment == segment and brings(plan, effect)


def warms(scenario: Scenario) -> bool:
    """May marketing have warmed cold leads?"""
    return scenario.marketing is not None and brings(scenario.marketing, scenario.marketing.warms)


@dataclass(frozen=True)
class Warmth:
    """Which leads marketing has warmed, for one block of histories.

    `share` are the thresholds by segment, 0 but for cold ones. A table of calls has a row for each of the
    segments, and below these for each another one, of its leads if they are warm.
    """

    share: Levels

    def row(self, traits: draws.Words, segment: Integers | int) -> Integers:
        """The row of each lead in the tables of calls; `traits` (..., columns) are states of the TRAITS visits."""
        word, _ = draws.pair(traits, 3)
        return np.asarray(segment + (word < self.share.dense(0, segment)) * np.int64(len(self.share.table)))

    def warmed(self, traits: draws.Words, segment: Integers, column: Integers) -> Mask:
        """Which leads are warmed (common shape)?"""
        word, _ = draws.pair(traits, 3)
        return np.asarray(word < self.share.at(segment, np.zeros_like(segment), column))

    def column(self, column: int) -> Warmth:
        """The same for one history."""
        return replace(self, share=self.share.column(column))


def warmth_of(scenario: Scenario, inputs: Inputs) -> Warmth | None:
    """The warmth that the scenario's marketing gives; None if it gives none."""
    if not warms(scenario):
        return None
    share, none = share_warmed(scenario, inputs), np.zeros(1)
    cold = [segment.temperature == "cold" for segment in scenario.segments.values()]
    return Warmth(Levels.of([[[share if is_cold else none]] for is_cold in cold]))
