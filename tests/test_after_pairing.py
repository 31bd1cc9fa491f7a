"""A policy after the sale changes no draw: a customer has the same luck in all of nature's, and so have friends.

Callers sell by phone, sellers look after customers, and a desk calls who is named: nobody's time is taken from another,
so all that happens to the list is equal to the last fact. What is drawn after the sale is equal wherever it is used in
both runs; of friends without the day, for they may be named earlier or later. One draw that differs is noticed.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, facts_of, of_kind
from test_pairing import Known, by

from simfunnel import facts, parse_scenario, simulate
from simfunnel.facts import NOBODY
from simfunnel.funnel import care, customers, loyalty, referral
from simfunnel.funnel.referral import referred
from simfunnel.funnel.segments import REFERRAL

FUNNEL = """
horizon = "80 working days"
[segments.list]
leads = 250
fit = 0.8
[segments.friends]
temperature = "warm"
team = "desk"
[calling]
teams = ["callers"]
offer = "sale"
attempts = 2
answered = 0.6
listened = 0.8
accepted = 0.6
minutes = { talk = { low = 2, high = 9 } }
[teams.callers]
size = 2
[teams.desk]
size = 9
[teams.sellers]
size = 6
[money]
revenue_per_sale = { low = 1500, likely = 2400, high = 5000 }
unit_cost = 300
[after_sales]
team = "sellers"
consistency = [0.9, 0.8, 0.7, 0.9, 0.8, 0.7]
[after_sales.satisfaction]
reality = { mean = 0.6, sd = 0.15 }
bad_fit = 0.1
[after_sales.delivery]
days = { exponential = { mean = 4 } }
promised = 5
per_day_late = 0.01
[after_sales.defect]
rate = 0.4
shows_after = { exponential = { mean = 20 } }
drop = 0.1
satisfied = 2
[after_sales.remorse]
window = 14
cancels = 0.2
satisfied = 2
[after_sales.customer_initiated]
suggestions_every = { exponential = { mean = 40 } }
lift = 1.5
odds_per_day = 0.9
minutes = { low = 5, high = 40 }
[after_sales.seller_initiated]
days = ["3 days"]
every = "2 weeks"
reached = 0.8
finds = 0.5
lift = 1.1
approves = 0.5
asks = true
minutes = { talk = { low = 3, high = 20 }, not_reached = { low = 1, high = 3 } }
[after_sales.friendly]
every = "3 weeks"
odds_referral = 1.2
minutes = { talk = { low = 3, high = 20 } }
[after_sales.survey]
every = "1 month"
responds = 0.5
finds = 0.3
[after_sales.repeat]
every = { exponential = { mean = 15 } }
bought = 0.5
satisfied = 2
leaves = 0.05
revenue = { low = 50, high = 300 }
[after_sales.cross_sale]
sold = 0.2
satisfied = 2
most = 3
revenue = { low = 10, high = 99 }
[after_sales.referral]
segment = "friends"
given = 0.3
satisfied = 2
names = 0.6
"""
SELLER = "after_sales.seller_initiated"
POLICIES = {
    "a forgetful member": ("after_sales.consistency=[0.9, 0.8, 0.7, 0, 0.8, 0.7]",),
    "all keep to it": ("after_sales.consistency=[]",),
    "a quality programme": ("after_sales.quality={ odds_per_month = 2 }",),
    "anyone": ("after_sales.by=anyone",),
    "nobody asks how it goes": (f"{SELLER}=off",),
    "nobody asks for names": (f"{SELLER}.asks=false",),
    "more often": (f"{SELLER}.every='1 week'",),
    "no friendly words": ("after_sales.friendly=off",),
    "no surveys": ("after_sales.survey=off",),
    "messages": ("after_sales.marketing={ every = '1 week', lift = 2 }",),
    "working together, for nothing": ("after_sales.cooperative={ every = '1 month' }",),
    "a promise": ("after_sales.satisfaction.promise=0.2",),
    "nothing else to sell": ("after_sales.cross_sale=off",),
    "nobody buys again": ("after_sales.repeat=off",),
    "a cut circle": ("after_sales.referral.circle=false",),
    "a better lift": (f"{SELLER}.lift=2",),
    "dearer": (f"{SELLER}.cost=5", "after_sales.defect.cost=50"),
}  # fmt: skip
HISTORIES = 4
NEVER = 9999
LEAD = ("history", "lead")
NTH = (*LEAD, "occurrence")


def lived(*overrides: str, **settings: object) -> Facts:
    return facts_of(parse_scenario(FUNNEL, overrides=overrides), HISTORIES, **settings)[1]


def those(some: Facts, mask: np.ndarray) -> Facts:
    return {name: values[mask] for name, values in some.items()}


def before_the_sale(some: Facts) -> Facts:
    """All that happens to leads of the list until they have bought."""
    return those(some, (some["kind"] < facts.DELIVERY) & (some["lead"] < REFERRAL))


def contacts(some: Facts, kind: int) -> Known:
    """Of each date of a kind that was not forgotten: was the customer reached, and how long did it take?"""
    made = of_kind(some, facts.CARE)
    made = those(made, (made["outcome"] // len(care.RESULTS) == kind) & (made["seat"] != NOBODY))
    reached = {**made, "met": made["outcome"] % len(care.RESULTS) != care.NOT_REACHED}
    return by(reached, NTH, ("met", "duration"))


def purchases(some: Facts, *outcomes: int) -> Facts:
    bought = of_kind(some, facts.PURCHASE)
    return those(bought, np.isin(bought["outcome"], outcomes))


def unseen(sent: Facts, ends: Facts) -> np.ndarray:
    """Is it sent to somebody who has left without a word, and answers nothing whatever its luck?"""
    left = by(those(ends, np.isin(ends["outcome"], customers.UNSEEN)), LEAD, ("day",))
    pairs = zip(sent["history"].tolist(), sent["lead"].tolist(), strict=True)
    last = [left.get(pair, (NEVER,))[0] for pair in pairs]
    return np.array(sent["day"] >= last, dtype=np.bool_)


def luck(some: Facts) -> dict[str, Known]:
    """What nature draws after the sale, by what it is drawn for."""
    some = {**some, "day": np.where(some["lead"] < REFERRAL, some["day"], 0)}
    named, ends, asked = (of_kind(some, kind) for kind in (facts.REFERRAL, facts.CUSTOMER, facts.ASKED))
    surveys = of_kind(some, facts.MESSAGE)
    surveys = those(surveys, (surveys["outcome"] != care.MAILING) & ~unseen(surveys, ends))
    answered = {**surveys, "answers": surveys["outcome"] != care.UNANSWERED}
    friends = those(some, some["lead"] >= REFERRAL)
    return {
        "deliveries": by(of_kind(some, facts.DELIVERY), LEAD, ("day", "occurrence", "outcome")),
        "temptations": by(those(ends, ends["outcome"] == customers.CANCELLED), LEAD, ("day", "amount")),
        "seller": contacts(some, care.SELLER),
        "friendly": contacts(some, care.FRIENDLY),
        "answers": contacts(some, care.ANSWER),
        "surveys": by(answered, NTH, ("day", "answers")),
        "occasions": by(purchases(some, loyalty.REPEAT, loyalty.PASSED), NTH, ("day",)),
        "amounts": by(purchases(some, loyalty.REPEAT), NTH, ("amount",)),
        "names": by(those(asked, asked["outcome"] == referral.GAVE), NTH, ("amount",)),
        "friends": by(named, ("history", "amount", "occurrence"), ("lead",)),
        "their dials": by(of_kind(friends, facts.DIAL), NTH, ("outcome", "duration")),
        "their talks": by(of_kind(friends, facts.TALK), LEAD, ("outcome", "amount")),
    }


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_a_policy_after_the_sale_changes_no_draw(policy: tuple[str, ...], engine: str):
    plain, changed = lived(), lived(*policy, engine=engine)
    first, second = before_the_sale(plain), before_the_sale(changed)
    for name, values in first.items():
        np.testing.assert_array_equal(second[name], values, err_msg=name)
    compared = 0
    for what, before in luck(plain).items():
        after = luck(changed)[what]
        shared = before.keys() & after.keys()
        compared += len(shared)
        unequal = [key for key in shared if before[key] != after[key]]
        assert not unequal, what
    assert compared > 1000


def test_working_together_only_takes_defects_away():
    plain, better = lived(), lived("after_sales.cooperative={ every = '1 week', odds_defect = 0.9 }")
    bad = [by(of_kind(some, facts.DELIVERY), (*LEAD, "day", "occurrence"), ("outcome",)) for some in (plain, better)]
    shared = bad[0].keys() & bad[1].keys()
    gained = sum(bad[0][key] > bad[1][key] for key in shared)
    assert gained > 20
    assert not any(bad[0][key] < bad[1][key] for key in shared)


def test_a_forgetful_member_changes_nothing_for_the_customers_of_others():
    plain, changed = lived(), lived(*POLICIES["a forgetful member"])
    kept = [of_kind(some, facts.CARE) for some in (plain, changed)]
    # Owners are dealt, and told by every contact that was made.
    of_fourth = {(h, n) for h, n, seat in zip(*(kept[0][c].tolist() for c in ("history", "lead", "seat")), strict=True)
                 if seat == 3}  # fmt: skip
    assert len(of_fourth) > 20
    lists = []
    for made in kept:
        other = np.array(
            [(h, n) not in of_fourth and n < REFERRAL for h, n in zip(made["history"], made["lead"], strict=True)]
        )
        lists.append(those(made, other & (made["seat"] != 3)))
    forgotten = [each["outcome"] for each in lists]
    assert forgotten[0].size > 1000
    known = [
        by({**each, "what": each["outcome"] // 5}, (*NTH, "day", "what"), ("seat", "outcome", "amount"))
        for each in lists
    ]
    # Not told apart are those who had nothing but forgotten contacts, less than 2 %: all others are equal.
    shared = known[0].keys() & known[1].keys()
    assert len(shared) > 0.98 * len(known[0])
    assert all(known[0][key] == known[1][key] for key in shared)


def test_the_named_are_who_they_are_by_parent_and_number():
    named = of_kind(lived(), facts.REFERRAL)
    assert named["lead"].size > 100
    np.testing.assert_array_equal(named["lead"], referred(named["amount"], named["occurrence"]))
    assert (named["amount"] >= REFERRAL).any()  # friends of friends
    pairs = np.stack([named["history"], named["lead"]])
    assert np.unique(pairs, axis=1).shape[1] == named["lead"].size


@pytest.mark.parametrize(
    "settings", [{"block_size": 1}, {"block_size": 7}, {"workers": 2, "block_size": 2}, {"engine": "simpy"}]
)
def test_blocks_workers_and_engines_change_no_digest(settings: dict[str, object]):
    scenario = parse_scenario(FUNNEL, overrides=["after_sales.cooperative={ every = '1 week', odds_defect = 0.9 }"])
    whole = simulate(scenario, replications=9, digest=True, workers=1)
    cut = simulate(scenario, replications=9, digest=True, **{"workers": 1, **settings})
    assert whole.digests is not None
    assert cut.digests is not None
    np.testing.assert_array_equal(whole.digests, cut.digests)
    assert np.unique(whole.digests).size == 9


@pytest.mark.parametrize("override", [f"{SELLER}.lift=1.3", "after_sales.satisfaction.promise=0.02"])
def test_pairing_lowers_the_error_of_a_difference_in_repeat_revenue(override: str):
    # Unpaired histories differ by who buys at all; with 60 pairs a ratio of variances is known to some 37 %: the bound
    # stands at a third of the 88 and 113 that were measured, or less.
    def revenue(some: Facts) -> np.ndarray:
        bought = purchases(some, loyalty.REPEAT)
        return np.bincount(bought["history"], bought["amount"], minlength=60)

    before, after = (revenue(facts_of(parse_scenario(FUNNEL, overrides=o), 60)[1]) for o in ((), (override,)))
    other = revenue(facts_of(parse_scenario(FUNNEL, overrides=[override]), 60, seed=77)[1])
    gain = np.var(other - before, ddof=1) / np.var(after - before, ddof=1)
    assert gain > 25
