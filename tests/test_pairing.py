"""The same lead has the same luck under every policy, so that a comparison sees the policy and not the dice.

What a policy does not touch is exactly equal; what it changes, it changes in one direction. The paired
difference then has a far smaller error than two independent runs.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, facts_of, of_kind

from simfunnel import facts, parse_scenario, simulate
from simfunnel.estimates import difference
from simfunnel.funnel import calling, closing

FUNNEL = """
horizon = "20 working days"
[segments.list]
leads = 400
interested = 0.7
[calling]
teams = ["callers"]
attempts = 2
answered = 0.5
listened = 0.6
accepted = 0.6
minutes = { no_answer = 1, hang_up = { exponential = { mean = 2 } }, talk = { lognormal = { mean = 20, sd = 10 } } }
[teams.callers]
size = 2
[teams.hosts]
[demo]
team = "hosts"
attended = 0.7
seats = 60
[closing]
sold_if_interested = 0.5
[money]
revenue_per_sale = { low = 1500, likely = 2400, high = 5000 }
"""
POLICIES = {
    "more members": "teams.callers.size=5",
    "more attempts": "calling.attempts=4",
    "fresh first": "calling.order=['fresh', 'retries']",
    "later retries": "calling.retry_after='1 week'",
    "shorter shift": "teams.callers.shift='10:00-14:00'",
    "more demos": "demo.every='2 working days'",
    "fewer seats": "demo.seats=20",
    "another list after it": "segments.old={ leads = 100 }",
    "another team": "teams.idle={ size = 3 }",
    "dearer": "money.unit_cost=5",
}
HISTORIES = 8

Known = dict[tuple[int, ...], tuple[int, ...]]


def lived(*overrides: str, **settings: object) -> Facts:
    return facts_of(parse_scenario(FUNNEL, overrides=overrides), HISTORIES, **settings)[1]


def by(some: Facts, keys: tuple[str, ...], values: tuple[str, ...]) -> Known:
    """Each fact's `values` under its `keys`, which must be unique."""
    rows = zip(*(some[name].tolist() for name in keys + values), strict=True)
    found = {row[: len(keys)]: row[len(keys) :] for row in rows}
    assert len(found) == some["lead"].size
    return found


def luck(some: Facts) -> dict[str, Known]:
    """What happened to each lead, without when and by whom."""
    lead = ("history", "lead")
    return {
        "dials": by(of_kind(some, facts.DIAL), (*lead, "occurrence"), ("outcome", "duration")),
        "visits": by(of_kind(some, facts.VISIT), lead, ("outcome",)),
        "talks": by(of_kind(some, facts.TALK), lead, ("outcome", "amount")),
    }


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_a_policy_changes_no_draw(policy: str, engine: str):
    # All that happens to the same lead for the same time is the same, to the millisecond and the cent.
    before, after = luck(lived()), luck(lived(policy, engine=engine))
    for kind, known in before.items():
        shared = known.keys() & after[kind].keys()
        assert len(shared) > 0.3 * len(known), kind
        assert all(known[key] == after[kind][key] for key in shared), kind


def test_more_attempts_only_add_dials():
    one, four = (luck(lived(f"calling.attempts={attempts}"))["dials"] for attempts in (1, 4))
    assert {key: value for key, value in four.items() if key[2] == 0} == one
    assert all(four[(*key[:2], 0)][0] == calling.NO_ANSWER for key in four if key[2] > 0)


def answered_leads(*overrides: str) -> set[tuple[int, ...]]:
    dials = luck(lived("calling.attempts=1", *overrides))["dials"]
    return {key[:2] for key, (outcome, _) in dials.items() if outcome != calling.NO_ANSWER}


def test_better_odds_lose_no_lead():
    # An event of probability p is `word < p`: with p up, all who answered still do, and some more.
    assert answered_leads() < answered_leads("segments.list.odds.answered=1.5") < answered_leads("calling.answered=1")


def test_a_better_price_changes_no_sale_but_moves_its_amount():
    # Revenue is drawn by the inverse function at the same uniform: twice the price, twice the amount.
    plain, twice = (
        luck(lived(f"money.revenue_per_sale={price}"))["talks"]
        for price in ("{ low = 100, high = 300 }", "{ low = 200, high = 600 }")
    )
    assert plain.keys() == twice.keys()
    sold = [key for key in plain if plain[key][0] == closing.SOLD]
    assert len(sold) > 100
    for key in sold:
        assert plain[key][0] == twice[key][0]
        assert abs(2 * plain[key][1] - twice[key][1]) <= 1  # rounding to cents


PRICES = (
    "teams.callers.wage_per_hour=14", "teams.callers.overhead=0.35", "teams.callers.hiring=400", "demo.room=250",
    "demo.catering_per_head=9", "money.unit_cost=900", "teams.callers.paid='worked'",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_money_changes_no_fact(engine: str):
    run = {"replications": HISTORIES, "digest": True, "workers": 1, "engine": engine}
    contract = "{ set_up=1, per_hour=2, per_dial=3, per_connect=4, per_accepted=5, per_attended=6, per_sale=7 }"
    outsourced = ("teams.callers.kind='outsourced'", f"teams.callers.contract={contract}")
    plain = simulate(parse_scenario(FUNNEL), **run)
    assert plain.digests is not None
    for overrides in (PRICES, outsourced):
        priced = simulate(parse_scenario(FUNNEL, overrides=overrides), **run)
        assert priced.digests is not None
        assert priced.digests.tolist() == plain.digests.tolist()
        assert (priced.columns["cost"] > plain.columns["cost"]).all()


def test_histories_and_seeds_differ():
    first, second = lived(), lived(seed=2)
    outcomes = of_kind(first, facts.DIAL)
    by_history = [tuple(outcomes["outcome"][outcomes["history"] == h].tolist()) for h in range(HISTORIES)]
    assert len(set(by_history)) == HISTORIES
    assert luck(first)["dials"] != luck(second)["dials"]


@pytest.mark.parametrize(
    ("policy", "metric", "gain"),
    [
        ("calling.attempts=3", "answered", 1.4),
        ("segments.list.odds.listened=1.2", "sold", 10.0),
        ("segments.list.odds.sold=1.2", "sold", 10.0),
        ("teams.callers.size=3", "teams.callers.busy_minutes", 100.0),
    ],
)
def test_pairing_lowers_the_error_of_a_difference(policy: str, metric: str, gain: float):
    # The gain is how many times the histories two independent runs would need. With 600 pairs a ratio of
    # variances is known to some 12 %; the bounds stand at half of what was measured, or less.
    run = {"replications": 600, "workers": 1}
    before, after = (simulate(parse_scenario(FUNNEL, overrides=o), **run).columns[metric] for o in ((), (policy,)))
    other = simulate(parse_scenario(FUNNEL, overrides=[policy]), seed=77, **run).columns[metric]
    paired = np.var(np.asarray(after, float) - before, ddof=1)
    unpaired = np.var(np.asarray(other, float) - before, ddof=1)
    assert gain * paired < unpaired
    found = difference(after, before).pairing_gain
    assert found is None or found > gain  # None: nothing is left of the difference but rounding
