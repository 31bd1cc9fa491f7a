"""Where a scenario is silent about what decides after the sale, or seems to say more than it means, that is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.experiments.after_sales_idle_advice import first_day, given, moves
from simfunnel.experiments.care_odds import BY_SATISFACTION, starts_at
from simfunnel.experiments.expectation import Expectation, after_odds
from simfunnel.experiments.idle import Idle, doubting
from simfunnel.experiments.phrasing import listed, percent
from simfunnel.scenario.after_sales import AfterSales, Dates
from simfunnel.scenario.after_sales_consistency import DATED, calendar_days
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import Quantity, fixed

MUCH: Final = 10.0
"""An odds ratio from which on a share in percent may have been meant."""


def _plan(expected: Expectation) -> AfterSales | None:
    """What is said of customers, if there are leads who may be some."""
    return expected.scenario.after_sales if any(expected.by_segment.values()) else None


def _unknown_reality(expected: Expectation) -> Iterator[str]:
    """Satisfaction on which much depends, of a product of which nothing is said.

    Where nothing else moves it either, what depends on it is idle, which is said elsewhere.
    """
    plan = _plan(expected)
    if plan is None or "reality" in plan.satisfaction.model_fields_set:
        return
    keys = [f"after_sales.{name}.satisfied" for name, _, _ in BY_SATISFACTION if _given(plan, name, "satisfied")]
    if keys and moves(plan, expected.scenario):
        depends = "depends" if len(keys) == 1 else "depend"
        yield (
            f"after_sales.satisfaction.reality is not given, so all customers start at {100 * starts_at(plan):.0f} %, "
            f"though {listed(keys)} {depends} on satisfaction: say how good the product turns out to be."
        )


def _given(plan: AfterSales, name: str, key: str) -> bool:
    block: Block | None = getattr(plan, name)
    return bool(given(block, key))


def _never_due(expected: Expectation) -> Iterator[Idle]:
    """Dates of contacts after the end, of those that begin before it."""
    plan, calendar, scenario = _plan(expected), expected.calendar, expected.scenario
    within = (calendar.dates[-1] - calendar.start).days if calendar.days else 0
    for kind in DATED if plan is not None else ():
        dates: Dates | None = getattr(plan, kind)
        late = [str(day) for day in dates.days if calendar_days(day, scenario) > within] if dates is not None else []
        if dates is not None and late and first_day(dates, scenario) <= within:
            what = "at " + listed([f'"{day}"' for day in late])
            why = f"as the horizon of {calendar.days:,} working days ends before"
            them = "it" if len(late) == 1 else "them"
            yield Idle((f"after_sales.{kind}.days",), why, f"leave {them} out or lengthen the horizon", what)


def _much(expected: Expectation) -> Iterator[str]:
    """Odds ratios so large that percents may be meant."""
    plan = _plan(expected)
    for path, ratio in _lifts(plan) if plan is not None else ():
        if ratio.best >= MUCH:
            yield (
                f"after_sales.{path} {ratio.best:g} is an odds ratio, by which one half becomes "
                f"{percent(after_odds(fixed(0.5), ratio))}: if odds {ratio.best:g} % higher are meant, give "
                f"{1 + ratio.best / 100:g}."
            )


def _lifts(plan: AfterSales) -> Iterator[tuple[str, Quantity]]:
    """Odds ratios that act again and again."""
    blocks = (("seller_initiated", "lift"), ("customer_initiated", "lift"), ("marketing", "lift"),
              ("friendly", "odds_referral"), ("quality", "odds_per_month"))  # fmt: skip
    yield "familiar", plan.familiar
    for name, key in blocks:
        if (block := getattr(plan, name)) is not None:
            yield f"{name}.{key}", getattr(block, key)


def _harmless_defects(expected: Expectation) -> Iterator[str]:
    """Defects that cost neither money nor satisfaction, of customers from whom nothing more is to come."""
    plan = _plan(expected)
    if plan is None or not plan.defect.rate.support[1] or plan.defect.drop.support[1] or plan.defect.cost.support[1]:
        return
    if plan.repeat is None and plan.cross_sale is None and plan.referral is None and plan.remorse is None:
        yield (
            "after_sales.defect.rate brings complaints to answer and nothing else, as drop and cost are 0 and "
            "customers neither buy again nor name others: give after_sales.defect.drop and cost, or add "
            "[after_sales.repeat]."
        )


def _nobody_leaves(expected: Expectation) -> Iterator[str]:
    """Customers who buy again for ever; who gives leaves = 0 knows it."""
    plan = _plan(expected)
    if plan is None or plan.repeat is None or plan.repeat.every is None or "leaves" in plan.repeat.model_fields_set:
        return
    cancels = plan.remorse is not None and plan.remorse.cancels.support[1] > 0
    if not cancels and not plan.defect.rate.support[1]:
        yield (
            "after_sales.repeat.leaves is not given, and there is neither [after_sales.remorse] nor "
            "after_sales.defect.rate, so no customer is ever lost: give leaves, or leaves = 0 if that is meant."
        )


AFTER_SALES_SILENCE_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _unknown_reality, _harmless_defects, _nobody_leaves, _much, doubting(_never_due),
)  # fmt: skip
