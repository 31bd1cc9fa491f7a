"""What a run found after the sale that makes its numbers doubtful, or its plan, is said with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simfunnel.estimates import Estimate
from simfunnel.experiments.after_sales_advice import NEAR_ONE
from simfunnel.experiments.after_sales_expectation import reproduction
from simfunnel.experiments.expectation import Expectation
from simfunnel.simulation import Result

MANY_UNANSWERED: Final = 0.1
MANY_FORGOTTEN: Final = 0.3
LONG_WAIT: Final = 7.0
"""Calendar days until an answer."""
FEW: Final = 1.0
"""Complaints or contacts of a history, on average, that are worth a word."""


def after_the_sale(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    """All of them; none where nobody looks after customers."""
    if result.scenario.after_sales is None:
        return
    yield from _limit(result)
    yield from _multiply(result, metrics)
    yield from _unanswered(result, metrics)
    yield from _forgotten(result)


def _limit(result: Result) -> Iterator[str]:
    """The bound on names, which is no law of nature."""
    plan = result.scenario.after_sales
    reached = int((result.columns["referrals_beyond_limit"] > 0).sum())
    if plan is not None and plan.referral is not None and reached:
        yield (
            f"{plan.referral.limit:,} leads are named (after_sales.referral.limit) in {reached:,} of "
            f"{result.settings.replications:,} histories, and no more of them are taken, so sales are cut short there: "
            "raise the limit, or check given and names."
        )


def _multiply(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    """Customers who nearly replace themselves, where advice has not seen it."""
    found = metrics["referred_share"].mean
    expected = reproduction(Expectation(result.scenario))
    told = expected is not None and expected.number >= NEAR_ONE
    if found is not None and found >= NEAR_ONE and not told:
        yield (
            f"each customer brings {found:.2f} others within the horizon by naming them: so near 1 small changes of "
            "given, names or what is sold to them change everything, and the horizon decides how far it goes."
        )


def _unanswered(result: Result, metrics: dict[str, Estimate]) -> Iterator[str]:
    """Complaints that nobody answers, or too late."""
    plan = result.scenario.after_sales
    assert plan is not None
    do = "give it more members" + (", or complaints a place before other work (calling.order)" * (plan.by == "anyone"))
    complaints, open_ = (float(result.columns[name].mean()) for name in ("complaints", "complaints_unanswered"))
    if complaints >= FEW and open_ > MANY_UNANSWERED * complaints:
        yield (
            f"teams.{plan.team} never answers {open_:,.1f} of {complaints:,.1f} complaints "
            f"({100 * open_ / complaints:.0f} %): they still wait at the end, or the customer is lost before; {do}."
        )
    days = metrics["answer_days"].mean
    if days is not None and days > LONG_WAIT and float(result.columns["answers"].mean()) >= FEW:
        yield f"customers wait {days:.0f} days on average for an answer of teams.{plan.team}: {do}."


def _forgotten(result: Result) -> Iterator[str]:
    """Contacts that nobody thinks of; who never thinks of one means it, and no odds would change it."""
    plan = result.scenario.after_sales
    if plan is None or all(share.best in (0, 1) for share in plan.consistency):
        return
    made, forgotten = (float(np.mean(result.columns[name])) for name in ("contacts", "contacts_forgotten"))
    if forgotten >= FEW and forgotten > MANY_FORGOTTEN * (made + forgotten):
        yield (
            f"{100 * forgotten / (made + forgotten):.0f} % of the contacts with customers that are due are forgotten: "
            "the calendar says more than the members do (after_sales.consistency); a quality programme raises it."
        )
