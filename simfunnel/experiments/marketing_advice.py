"""Marketing that changes nothing is said before a run: nothing is spent, or nothing comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.idle import Idle, doubting
from simfunnel.experiments.roles import FACE_TO_FACE
from simfunnel.funnel.marketing import brings, warms
from simfunnel.scenario.leads import CallingOdds
from simfunnel.scenario.marketing import Marketing
from simfunnel.scenario.schema import Scenario

EFFECTS = ("arrivals", "warms", "sell_through")


def _stated(plan: Marketing) -> list[str]:
    """The effects that marketing is said to have."""
    return [name for name in EFFECTS if getattr(plan, name) is not None]


def _paid_for_nothing(expected: Expectation) -> Iterator[str]:
    """Spend of which nothing comes."""
    plan = expected.scenario.marketing
    if plan is not None and plan.spend.support[1] > 0 and not _stated(plan):
        yield (
            f"marketing.spend is {plan.spend.best:,.0f} {expected.scenario.currency} a month for nothing, as no effect "
            "of it is stated: add [marketing.arrivals] or [marketing.warms], or remove [marketing]."
        )


def _effects(expected: Expectation) -> Iterator[Idle]:
    """Effects that come to nothing."""
    scenario, plan = expected.scenario, expected.scenario.marketing
    if plan is None:
        return
    idle = [name for name in _stated(plan) if not brings(plan, getattr(plan, name))]
    if not plan.spend.support[1] and idle:
        keys = tuple(f"marketing.{name}" for name in idle)
        yield Idle(keys, "as nothing is spent on marketing", "give marketing.spend or remove {them}")
    elif idle:
        keys = tuple(f"marketing.{name}" for name in idle)
        yield Idle(keys, "as even endless spend brings 0", "give most above 0 or remove {them}")
    if warms(scenario) and not _warmth_matters(scenario):
        why = "as warm leads are called and closed as cold ones are"
        yield Idle(("marketing.warms",), why, "give calling.warm odds ratios or remove {them}")


def _warmth_matters(scenario: Scenario) -> bool:
    """Is a warm lead worth more, or less, than a cold one, in a call or to a closing method?"""
    plan = scenario.calling
    if plan is None or plan.warm != CallingOdds():
        return True
    return plan.offer in FACE_TO_FACE and any(m.warm != m.cold for m in scenario.closing.methods.values())


MARKETING_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_paid_for_nothing, doubting(_effects))
