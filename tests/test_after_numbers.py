"""What is counted after the sale is what the facts say, one by one and in both engines; what is undefined is NaN."""

from __future__ import annotations

import pytest
from after_funnel import AFTER
from lived import both_engines
from test_conservation import check

from simfunnel import parse_scenario

VARIED = {
    "all of it": (),
    "by anyone": ("after_sales.by='anyone'", "after_sales.consistency=[]"),
    "too much to do": (
        "teams.sellers.pace=[0.1, 0.1, 0.1]", "teams.sellers.shift='16:00-18:00'",
        "after_sales.customer_initiated.patience='1 day'",
    ),
    "billed": ("teams.sellers.kind='outsourced'", "teams.sellers.contract={ set_up = 7, per_hour = 30, "
               "minimum_per_month = 900 }"),
    "for commission": ("teams.sellers.commission=0.1", "teams.callers.commission=0.03"),
    "cut": ("after_sales.referral.circle=false",),
    "unknown": ("after_sales.repeat.unit_cost={ low = 10, high = 70 }", "money.unit_cost={ low = 100, high = 400 }",
                "after_sales.remorse.recovered={ low = 0, high = 1 }", "currency='JPY'"),
}  # fmt: skip


@pytest.mark.parametrize("overrides", VARIED.values(), ids=VARIED)
def test_everything_adds_up_after_the_sale(overrides: tuple[str, ...]) -> None:
    columns, lived = both_engines(AFTER, *overrides, replications=6)
    check(parse_scenario(AFTER, overrides=overrides), columns, lived)
    for name in ("customers.cancelled", "customers.kept", "contacts", "answers", "repeat_purchases", "cross_sales"):
        assert columns[name].sum() > 0, f"{name}: nothing is shown"
