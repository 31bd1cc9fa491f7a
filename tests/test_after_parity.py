"""Looking after customers is the same in both engines: every rule of it, to the last fact.

One shop that does it all is varied, one rule at a time. The smallest fault these tests would notice is one
fact of one history that differs in one column by 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from after_funnel import AFTER
from lived import both_engines

from simfunnel import facts, parse_scenario
from simfunnel.simulation import simulate

SLOW = (
    "after_sales.seller_initiated.minutes.talk=200", "after_sales.friendly.minutes.talk=150",
    "after_sales.cooperative.minutes.talk=240",
)  # fmt: skip
BG_NBD = (
    "after_sales.repeat.every=off", "after_sales.repeat.bought=off", "after_sales.repeat.leaves=off",
    "after_sales.repeat.bg_nbd={ r = 0.8, alpha = 2, a = 0.8, b = 2.4 }",
)  # fmt: skip
VARIED: dict[str, tuple[str, ...]] = {
    "all of it": (),
    "by anyone": ("after_sales.by=anyone",),
    "by anyone, care last": (
        "after_sales.by=anyone",
        'calling.order=["meetings", "follow_ups", "quota", "retries", "fresh", "care", "complaints"]',
    ),
    "too much to do": SLOW,
    "too much to do for anyone": (*SLOW, "after_sales.by=anyone"),
    "looked after by who dials": ("after_sales.team=callers", "after_sales.consistency=[0.6]"),
    "who dials looks after, by anyone": (
        "after_sales.team=callers", "after_sales.consistency=[]", "after_sales.by=anyone"
    ),
    "who sells dials too": ('calling.teams=["sellers"]',),
    "sold by phone": ("calling.offer=sale", "calling.undecided=0.3", "inbound.offer=sale"),
    "nobody's closer": ("closing.closers=0",),
    "nobody keeps to anything": ("after_sales.consistency=[0, 0, 0]",),
    "all keep to all": ("after_sales.consistency=[]", "after_sales.quality=off"),
    "all defective": ("after_sales.defect.rate=1", "after_sales.defect.complains=1"),
    "lost in silence": ("after_sales.defect.rate=1", "after_sales.defect.complains=0"),
    "all regret": ("after_sales.remorse.cancels=1",),
    "no patience": ("after_sales.customer_initiated.patience=0", "after_sales.defect.rate=1"),
    "BG/NBD": BG_NBD,
    "BG/NBD by satisfaction": (*BG_NBD, "after_sales.repeat.satisfied=5"),
    "many occasions a day": ("after_sales.repeat.every={ exponential = { mean = 0.4 } }",),
    "all resell": ("after_sales.resale.share=1",),
    "everybody names five": ("after_sales.referral.given=1", "after_sales.referral.names=5", "horizon=50 working days"),
    "five at most": ("after_sales.referral.limit=5",),
    "the circle is cut": ("after_sales.referral.circle=false",),
    "intake ends soon": ("intake=30 working days",),
    "uncertain": (
        "after_sales.satisfaction.reality={ mean = { low = 0.4, high = 0.9 }, sd = 0.1 }",
        "after_sales.consistency=[{ low = 0, high = 1 }, 0.5, { mean = 0.5, sd = 0.2 }]",
        "after_sales.defect.rate=3 of 9", "after_sales.familiar={ low = 1, high = 3 }",
        "after_sales.referral.names={ low = 0, high = 2 }", "after_sales.repeat.satisfied={ low = 1, high = 8 }",
        "after_sales.marketing.half_life={ low = 2, high = 30 }",
        "after_sales.quality.odds_per_month={ low = 1, high = 2 }",
        "after_sales.customer_initiated.patience={ low = 1, high = 9 }",
    ),
    "every day is a working day": ('working_days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"]',),
    "two days a week": ('working_days=["tue", "sat"]', "horizon=9 months", "intake=8 months"),
}  # fmt: skip


@pytest.mark.parametrize("rule", VARIED)
def test_engines_agree_on_the_shop_with(rule: str) -> None:
    columns, told = both_engines(AFTER, *VARIED[rule], replications=3, seed=11)
    assert columns["sold"].sum() > 10
    assert np.isin(facts.CARE, told["kind"])


def test_each_rule_changes_something() -> None:
    """Else a variation would test nothing: no two shops live the same histories."""
    digests = {
        rule: tuple(simulate(parse_scenario(AFTER, overrides=VARIED[rule]), replications=2, digest=True).digests)
        for rule in VARIED
    }
    assert len({*digests.values()}) == len(digests)


@pytest.mark.parametrize("block", [1, 2, 7])
def test_block_size_changes_nothing(block: int) -> None:
    scenario = parse_scenario(AFTER)
    whole, cut = (simulate(scenario, replications=7, digest=True, workers=1, block_size=size) for size in (7, block))
    np.testing.assert_array_equal(whole.digests, cut.digests)
    for name, values in whole.columns.items():
        np.testing.assert_array_equal(values, cut.columns[name], err_msg=name)


def test_engines_agree_at_the_best_guess_of_all() -> None:
    """Engines agree at the best guess of all inputs, too."""
    scenario = parse_scenario(AFTER, overrides=VARIED["uncertain"])
    run = {"replications": 4, "digest": True, "fix_inputs": True}
    both = [simulate(scenario, engine=engine, **run) for engine in ("simpy", "vector")]
    np.testing.assert_array_equal(both[0].digests, both[1].digests)
