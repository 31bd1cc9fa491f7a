"""The shipped question of outsourcing: contracts bill what they say, own callers cost what they cost, volume decides.

Invoices and wages are recomputed from the facts of one history, in plain Python. Differences are paired, history by
history, on the same chance, and clustered by world; each interval that must exclude 0 is of 4 standard errors: a false
alarm in 3e-5 of all seeds each (the tie by price: of 95 %).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lived import Facts, facts_of, of_kind

from simfunnel import facts, simulate
from simfunnel.calendar import Calendar
from simfunnel.errors import ScenarioError
from simfunnel.estimates import difference
from simfunnel.experiments.advice import advise
from simfunnel.funnel import calling, demo
from simfunnel.scenario.loading import load
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Result

FILE = Path(__file__).parents[1] / "scenarios" / "outsourcing.toml"
BASE = "in-house"
ALTERNATIVES = tuple(load(FILE).alternatives)
HOUR = 3_600_000
FEW, MANY = 300, 12_000
LINES = {
    "outsourced": {"per_accepted": 45}, "per-attended": {"per_accepted": 25, "per_attended": 40, "claw_back": -25},
    "per-hour": {"per_hour": 24}, "per-dial": {"per_dial": 0.7}, "per-connect": {"per_connect": 1},
    "minimum": {"per_accepted": 25, "minimum_per_month": 9000}, "hybrid": {"per_hour": 26},
}  # fmt: skip
"""The price of one of each, as the scenario says it."""


@cache
def policy(name: str, *overrides: str) -> Scenario:
    return load(FILE, overrides, None if name == BASE else name).scenario


@cache
def lived(name: str, leads: int, histories: int, *overrides: str) -> Result:
    if leads != 1500:
        overrides = (f"segments.list.leads={leads}", *overrides)
    return simulate(policy(name, *overrides), replications=histories, workers=1)


def surely_more(more: Result, less: Result, metric: str = "profit") -> bool:
    found = difference(more.columns[metric], less.columns[metric], more.worlds)
    assert found.mean is not None
    assert found.standard_error is not None
    return found.mean > 4 * found.standard_error


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_every_policy_has_the_price_of_an_acceptance(name: str) -> None:
    price = policy(name).teams["centre"].contract.per_accepted.best
    assert price == (45 if name == "sellers" else LINES[name].get("per_accepted", 0))


@pytest.mark.parametrize("name", ["outsourced", "hybrid", "sellers"])
def test_nothing_is_doubted(name: str) -> None:
    loaded = load(FILE, (), name)
    assert advise(loaded.scenario, *loaded.as_written).warnings == ()


def test_who_is_not_needed_costs_nothing() -> None:
    assert not lived(BASE, 1500, 800).columns["teams.centre.cost"].any()
    for name in ("per-hour", "outsourced", "sellers"):
        there = lived(name, 1500, 800).columns
        assert not any(there[f"costs.{line}"].any() for line in ("hiring", "training", "notice", "minimum_employment"))
        assert there["teams.centre.cost"].all() == (name != "sellers")


def test_it_is_the_elephants_list() -> None:
    elephant = load(FILE.with_name("elephant.toml")).scenario
    here = policy(BASE)
    assert here.calling is not None
    assert elephant.calling is not None
    for name in ("attempts", "answered", "listened", "accepted", "minutes"):
        assert getattr(here.calling, name) == getattr(elephant.calling, name)
    assert (here.closing.sold_if_interested, here.money) == (elephant.closing.sold_if_interested, elephant.money)
    assert here.segments["list"].leads == elephant.segments["list"].leads == 1500


# ---------------------------------------------------------------- what is paid, by hand, in one history


def of_team(scenario: Scenario, team: str, found: Facts, kind: int) -> Facts:
    """What one team did of one kind, or what became of the leads it invited."""
    of_all = of_kind(found, kind)
    return {name: values[of_all["team"] == list(scenario.teams).index(team)] for name, values in of_all.items()}


def counted(scenario: Scenario, found: Facts) -> dict[str, float]:
    """How many of each thing the centre is paid for; of the minimum, the part of the month that is served."""
    dials, visits = (of_team(scenario, "centre", found, kind) for kind in (facts.DIAL, facts.VISIT))
    return {
        "per_hour": dials["duration"].sum() / HOUR,
        "per_dial": dials["lead"].size,
        "per_connect": (dials["outcome"] != calling.NO_ANSWER).sum(),
        "per_accepted": (dials["outcome"] == calling.ACCEPTED).sum(),
        "per_attended": (visits["outcome"] != demo.DID_NOT_COME).sum(),
        "claw_back": (visits["outcome"] == demo.DID_NOT_COME).sum(),
        "minimum_per_month": (dials["day"].max() + 1) / 22,  # January 2026 has 22 working days; it starts on the 12th
    }


@pytest.mark.parametrize("name", LINES)
def test_each_contract_bills_what_it_says(name: str) -> None:
    scenario = policy(name)
    columns, found = facts_of(scenario, seed=5)
    things = counted(scenario, found)
    assert things["per_dial"] == 1500 or name == "hybrid"
    bill = {line: price * things[line] for line, price in LINES[name].items()}
    if name == "minimum":
        bill["minimum_per_month"] -= bill["per_accepted"]  # what the month lacks of it
        assert bill["minimum_per_month"] > 0
    if name == "per-attended":
        assert bill["claw_back"] < 0 < bill["per_attended"]
    for line, amount in {"set_up": 400, **bill}.items():
        assert columns[f"costs.contract_{line}"][0] == pytest.approx(amount, abs=0.005001), line
    assert columns["teams.centre.cost"][0] == pytest.approx(400 + sum(bill.values()), abs=0.02)


@pytest.mark.parametrize(("leads", "days", "unworked"), [(300, 1, 2), (1500, 3, 0), (2500, 5, 0)])
def test_own_callers_cost_what_hiring_them_means(leads: int, days: int, unworked: int) -> None:
    # Two callers, 7.5 paid hours a day at 15 EUR are 225 EUR a day. One day of training, two of notice; a list of one
    # day leaves two days of the first week of five.
    scenario = policy(BASE, f"segments.list.leads={leads}")
    columns, found = facts_of(scenario, seed=5)
    dials = of_team(scenario, "own", found, facts.DIAL)
    assert dials["day"].max() + 1 == days
    overtime = columns["teams.own.overtime_minutes"][0] / 60 * 15
    wages = 225 * days + overtime
    paid = {"hiring": 600, "training": 225, "notice": 450, "minimum_employment": 225 * unworked}
    for line, amount in paid.items():
        assert columns[f"costs.{line}"][0] == amount, line
    with_overhead = 600 + 1.35 * (wages + 225 + 450 + 225 * unworked)
    assert columns["teams.own.cost"][0] == pytest.approx(with_overhead, abs=0.02)
    assert Calendar.of(scenario).dates[0].isoformat() == "2026-01-12"


# ---------------------------------------------------------------- what it does to the work


def test_sellers_who_dial_neglect_their_own_work() -> None:
    # As good on the telephone as own callers, so that nothing but their time is taken.
    base, dialling = lived(BASE, MANY, 200), lived("sellers", MANY, 200, "teams.sellers.odds.listened=1")
    assert surely_more(dialling, base, "response.working_minutes"), "who asks on the web waits longer"
    assert surely_more(dialling, base, "losses.bought_elsewhere"), "follow-up comes too late"
    assert surely_more(base, dialling, "touches")
    assert surely_more(base, dialling, "segments.web.sold")


def test_the_quality_of_bought_appointments() -> None:
    base, bought = lived(BASE, 1500, 800), lived("outsourced", 1500, 800)
    assert surely_more(bought, base, "segments.list.accepted")
    assert surely_more(base, bought, "segments.list.interested")
    assert surely_more(lived("per-attended", 1500, 800), bought, "segments.list.attended")
    slow = lived("per-hour", 1500, 800).columns["teams.centre.busy_minutes"]
    assert (slow > base.columns["teams.own.busy_minutes"]).all()


# ---------------------------------------------------------------- the answer


@pytest.mark.parametrize(
    ("leads", "histories", "best", "others"),
    [
        (FEW, 400, "sellers", (BASE, "per-hour")),
        (1500, 800, "per-hour", (BASE, "outsourced", "sellers")),
        (MANY, 200, BASE, ("per-hour", "sellers")),
    ],
)
def test_the_best_changes_with_volume(leads: int, histories: int, best: str, others: tuple[str, ...]) -> None:
    won = lived(best, leads, histories)
    for other in others:
        assert surely_more(won, lived(other, leads, histories)), other


def test_the_volumes_that_the_file_compares() -> None:
    vary = {key: str(span) for key, span in policy(BASE).decision.vary.items()}
    assert vary == {"segments.list.leads": f"{FEW}:{MANY}"}


@pytest.mark.parametrize(("key", "right"), [("segments.list.leads", True), ("a b", False), ("a..b", False)])
def test_what_varies_is_a_key(key: str, right: bool) -> None:
    overrides = [f'decision.vary={{ "{key}" = "1:2" }}']
    if right:
        assert str(load(FILE, overrides).scenario.decision.vary[key]) == "1:2"
        return
    with pytest.raises(ScenarioError, match="must be a key such as"):
        load(FILE, overrides)


@pytest.mark.parametrize(("price", "sign"), [(0, 1), (60, -1)])
def test_a_price_between_0_and_60_ties_outsourced_with_in_house(price: float, sign: int) -> None:
    base = lived(BASE, 1500, 800)
    bought = lived("outsourced", 1500, 800, f"teams.centre.contract.per_accepted={price}")
    found = difference(sign * bought.columns["profit"], sign * base.columns["profit"], bought.worlds)
    assert found.ci95 is not None
    assert found.ci95[0] > 0
