"""Customers who multiply, purchases at a loss, and care that drives away are said before a run, with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.experiments.after_sales_expectation import reproduction
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import about, percent
from simfunnel.experiments.pursuit_expectation import least
from simfunnel.experiments.roles import selling
from simfunnel.scenario.after_sales import AfterSales
from simfunnel.scenario.quantities import Quantity

NEAR_ONE: Final = 0.8
"""Customers bring about as many as they are."""


def _multiply(expected: Expectation) -> Iterator[str]:
    """A circle of referrals that keeps itself going."""
    plan, found = expected.scenario.after_sales, reproduction(expected)
    if plan is None or plan.referral is None or found is None or found.number < NEAR_ONE:
        return
    end = "the intake" if expected.scenario.intake is not None else "the horizon"
    asked = f"it is asked about {about(found.askings)} times, names about {about(found.names)} leads each time"
    over = found.number > 1
    so = "so customers multiply until" if over else "which is near 1: a little more, and customers multiply until"
    yield (
        f"after_sales.referral makes each customer bring about {about(found.number)} new ones ({asked}, and of these "
        f"{percent(found.bought)} buy), {so} {end} ends, or {plan.referral.limit:,} leads are named "
        "(after_sales.referral.limit): check given and names, or ask less often."
    )


def _backwards(expected: Expectation) -> Iterator[str]:
    """Odds ratios that say the opposite of what a contact is for."""
    plan = expected.scenario.after_sales
    for path, ratio, says in _meant_to_be_low(plan) if plan is not None else ():
        if ratio.best > 1:
            yield f"after_sales.{path} {ratio.best:g} says that {says}: give at most 1."


def _meant_to_be_low(plan: AfterSales) -> Iterator[tuple[str, Quantity, str]]:
    calls = plan.customer_initiated
    yield "customer_initiated.odds_per_day", calls.odds_per_day, "waiting for an answer satisfies"
    if plan.seller_initiated is not None:
        yield "seller_initiated.approves", plan.seller_initiated.approves, "approving the choice makes customers cancel"
    if plan.cooperative is not None:
        yield "cooperative.odds_defect", plan.cooperative.odds_defect, "working on the product together makes it worse"


def _worth(expected: Expectation) -> Iterator[str]:
    """Purchases that bring nothing, or less than they cost."""
    plan, currency = expected.scenario.after_sales, expected.scenario.currency
    for name in ("repeat", "cross_sale") if plan is not None else ():
        block = getattr(plan, name)
        if block is None:
            continue
        revenue, cost = block.revenue.mean(), block.unit_cost.best
        if revenue == 0:
            yield f"after_sales.{name}.revenue is 0 {currency}, so purchases bring nothing: say what one brings."
        elif revenue < cost:
            yield (
                f"after_sales.{name}.revenue is {revenue:,.2f} {currency} on average, below its unit_cost {cost:,.2f}, "
                "so every purchase loses money: check both."
            )


def _late_occasions(expected: Expectation) -> Iterator[str]:
    """Occasions to buy again that come after the end."""
    plan, calendar = expected.scenario.after_sales, expected.calendar
    if plan is None or plan.repeat is None or plan.repeat.every is None or not calendar.days:
        return
    within, first = (calendar.dates[-1] - calendar.start).days, least(plan.repeat.every)
    if first > within:
        yield (
            f"after_sales.repeat.every is {about(first)} days at least, but the horizon has {within:,}, so nobody buys "
            "again: lengthen the horizon or check it."
        )


def _owners(expected: Expectation) -> Iterator[str]:
    """Customers who are to stay with the member who sold, of a team that sells nothing."""
    plan, scenario = expected.scenario.after_sales, expected.scenario
    if plan is None or plan.by != "closer" or "by" not in plan.model_fields_set or plan.team in selling(scenario):
        return
    if not any(expected.by_segment.values()):
        return
    size = scenario.teams[plan.team].size
    if size > 1:
        yield (
            f'after_sales.by is "closer", but no member of teams.{plan.team} is the face that sells, so customers are '
            f"dealt out among its {size:,} members by chance: {let_sell(expected)}, or set anyone."
        )


def let_sell(expected: Expectation) -> str:
    """What to do for a team that looks after customers to be the one that sells to them."""
    plan, scenario = expected.scenario.after_sales, expected.scenario
    hosts = scenario.demo is not None and plan is not None and scenario.demo.team == plan.team
    return "give closing.closers" if hosts else "let a team that sells look after them"


AFTER_SALES_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _multiply, _backwards, _worth, _late_occasions, _owners,
)  # fmt: skip
