"""What care does to a satisfaction of one half is told, and what is bought, given or cancelled as satisfaction goes.

A share "at satisfaction one half" is told beside those at the start, reality less promise at the best guess, and at 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simfunnel.experiments.expectation import after_odds
from simfunnel.experiments.phrasing import percent
from simfunnel.funnel import satisfaction
from simfunnel.funnel.odds import odds
from simfunnel.reproduction import kept
from simfunnel.scenario.after_sales import AfterSales
from simfunnel.scenario.quantities import Quantity, fixed

BY_SATISFACTION: Final = (
    ("defect", "complains", 1), ("remorse", "cancels", -1), ("repeat", "bought", 1), ("cross_sale", "sold", 1),
    ("referral", "given", 1),
)  # fmt: skip
"""Shares at satisfaction one half: -1 where the odds ratio of the satisfied is on the opposite."""


def echo(path: str, ratio: Quantity, name: str, before: float) -> str:
    """An odds ratio at its best guess, and a share before and after it."""
    after = after_odds(fixed(before), ratio)
    doubt = "" if ratio.is_fixed else " (best guess)"
    return f"{path} {ratio.best:g}{doubt}: {name} {percent(before)} → {percent(after)}"


def care_echoes(plan: AfterSales) -> Iterator[str]:
    """Each odds ratio after the sale that is not 1; then each share that depends on satisfaction."""
    for path, ratio, name, before in _of_contacts(plan):
        if ratio.best != 1:
            yield echo(f"after_sales.{path}", ratio, name, before)
    yield from _by_satisfaction(plan)


def _of_contacts(plan: AfterSales) -> Iterator[tuple[str, Quantity, str, float]]:
    """What contacts do to a customer's satisfaction of one half, and keeping to a calendar."""
    lifts = (("seller_initiated", plan.seller_initiated), ("customer_initiated", plan.customer_initiated),
             ("marketing", plan.marketing))  # fmt: skip
    for name, block in lifts:
        if block is not None:
            yield f"{name}.lift", block.lift, "satisfaction", 0.5
    yield "customer_initiated.odds_per_day", plan.customer_initiated.odds_per_day, "satisfaction", 0.5
    if plan.cooperative is not None:
        yield "cooperative.odds_defect", plan.cooperative.odds_defect, "defects", plan.defect.rate.best
    if plan.remorse is not None:
        cancels = plan.remorse.cancels.best
        yield "remorse.conceded", plan.remorse.conceded, "cancelled", cancels
        if plan.seller_initiated is not None:
            yield "seller_initiated.approves", plan.seller_initiated.approves, "cancelled", cancels
    if plan.referral is not None and plan.friendly is not None:
        yield "friendly.odds_referral", plan.friendly.odds_referral, "gave names", plan.referral.given.best
    if plan.quality is not None and plan.consistency:
        yield "quality.odds_per_month", plan.quality.odds_per_month, "kept to", kept(plan)


def starts_at(plan: AfterSales) -> float:
    """The satisfaction with which customers start, on average: reality less promise, in whole hundredths."""
    mean = np.array(plan.satisfaction.reality.mean())
    return float(satisfaction.level(satisfaction.started(mean, plan.satisfaction.promise.best, 0.0, 0.0))) / 100


def _by_satisfaction(plan: AfterSales) -> Iterator[str]:
    """Each share that depends on satisfaction: at one half, as customers start, and of the wholly satisfied."""
    start, told = starts_at(plan), []
    for name, key, sign in BY_SATISFACTION:
        block = getattr(plan, name)
        share: Quantity | None = getattr(block, key, None)
        if share is None or block.satisfied.best == 1 or share.best in (0, 1):
            continue
        ratio = block.satisfied.best**sign
        levels = (start, 1.0) if start not in (0.5, 1.0) else (1.0,)
        each = [f"{percent(_at(level, share.best, ratio))} at {100 * level:.0f} %" for level in levels]
        told.append(f"after_sales.{name}.{key} {percent(share.best)} at 50 %: {', '.join(each)}")
    if told:
        yield f"by satisfaction, which starts at {100 * start:.0f} % on average (reality less promise):"
    yield from told


def _at(level: float, share: float, ratio: float) -> float:
    """The share at a satisfaction."""
    return float(odds(share, ratio ** ((level - 0.5) / 0.5)))
