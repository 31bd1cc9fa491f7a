"""Cohorts on paper: who came when pays what when, and what of a quarter's business earlier customers bring."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from after_funnel import AFTER
from made_facts import Fact, counted
from test_after_money import CALLERS, FRIEND, SHOP, bought, ends, sold, told

from simfunnel import Settings, facts, parse_scenario, simulate, simulation
from simfunnel.calendar import Calendar
from simfunnel.cohorts import Cohorts, cells_per_history, cut_short, period_names, taking_in
from simfunnel.experiments.after_sales import cohorts
from simfunnel.experiments.estimating import net_share
from simfunnel.funnel import customers, loyalty, referral
from simfunnel.simulation import Result, blocks, weight_of_leads

# 2026-01-12 to 2026-10-30: four quarters. Days 0-56 lie in the first, 57-121 in the second, 122-187 in the third.
YEAR = SHOP.replace('horizon = "35 working days"', 'horizon = "210 working days"')
Q1, Q2, Q3, Q4 = (f"2026-Q{number}" for number in (1, 2, 3, 4))
CHILD = FRIEND + 9


def named(child: int, parent: int, day: int) -> Fact:
    return told(facts.REFERRAL, child, day, referral.NOTED, parent, team=CALLERS)


HISTORY = [
    # 0 buys in the first quarter, again in the second and third, and names a friend, who buys in the second.
    sold(0, 10, 1000_00), bought(0, 60, loyalty.REPEAT, 300_00), bought(0, 130, loyalty.CROSS, 90_00),
    bought(0, 140, loyalty.PASSED, 0, 1), named(FRIEND, 0, 50), sold(FRIEND, 70, 800_00),
    # The friend names one, too, in the third quarter, who buys at once, and cancels in the fourth.
    named(CHILD, FRIEND, 150), sold(CHILD, 180, 500_00), ends(CHILD, 190, customers.CANCELLED, 500_00),
    # 1 is a new customer of the third quarter.
    sold(1, 125, 400_00),
    ends(0, 209, customers.STAYS, 800), ends(1, 209, customers.STAYS, 500), ends(FRIEND, 209, customers.STAYS, 500),
]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return {name: v[0] for name, v in counted(parse_scenario(YEAR), HISTORY).items() if v.ndim == 1}


def of(found: dict[str, Any], cohort: str, what: str) -> dict[str, float]:
    prefix = f"cohorts.{cohort}.{what}."
    return {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}


def test_what_each_cohort_pays_by_quarter(found: dict[str, Any]) -> None:
    assert of(found, Q1, "revenue") == {Q1: 1000, Q2: 300, Q3: 90, Q4: 0}
    assert of(found, Q2, "revenue") == {Q2: 800, Q3: 0, Q4: 0}
    assert of(found, Q3, "revenue") == {Q3: 900, Q4: -500}
    assert [found[f"cohorts.{name}.customers"] for name in (Q1, Q2, Q3, Q4)] == [1, 1, 2, 0]
    assert [found[f"cohorts.{name}.all_revenue"] for name in (Q1, Q2, Q3, Q4)] == [1000, 1100, 990, -500]


def test_what_the_leads_pay_whom_a_cohort_named_itself(found: dict[str, Any]) -> None:
    """The grandchild of the first customer counts with its own parent only."""
    assert of(found, Q1, "referred") == {Q1: 0, Q2: 800, Q3: 0, Q4: 0}
    assert of(found, Q2, "referred") == {Q2: 0, Q3: 500, Q4: -500}
    assert of(found, Q3, "referred") == {Q3: 0, Q4: 0}


def test_how_much_of_a_quarter_comes_from_customers_of_earlier_ones(found: dict[str, Any]) -> None:
    """All of the second; of the third 90 of a customer of the first, and 500 of whom one of the second named."""
    assert found[f"cohorts.{Q2}.from_earlier"] == 1
    assert found[f"cohorts.{Q3}.from_earlier"] == pytest.approx((90 + 500) / 990)
    assert np.isnan(found[f"cohorts.{Q4}.from_earlier"]), "of what is paid back there is no share"
    assert f"cohorts.{Q1}.from_earlier" not in found
    assert [found[f"cohorts.{name}.earlier_revenue"] for name in (Q2, Q3, Q4)] == [1100, 590, -500]
    assert found["later_revenue_earlier"] == 1100 + 590 - 500
    assert found["later_revenue"] == 1100 + 990 - 500
    assert found["later_share"] == pytest.approx((1100 + 590 - 500) / (1100 + 990 - 500))


def test_a_customer_is_worth_what_it_pays_less_goods(found: dict[str, Any]) -> None:
    """Goods are 200, 70 and 30; of the goods of who cancels 150 come back."""
    values = {Q1: 1000 + 300 + 90 - 200 - 70 - 30, Q2: 600, Q3: (400 - 200 + 500 - 500 - 200 + 150) / 2}
    assert {name: found[f"cohorts.{name}.value"] for name in values} == pytest.approx(values)
    assert found["customer_value"] == pytest.approx((values[Q1] + values[Q2] + 2 * values[Q3]) / 4)
    assert found["customer_value.first"] == pytest.approx((800 + 600 + 2 * values[Q3]) / 4)


def test_cohorts_are_put_together_in_any_order_and_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    told_ = [{**each, "history": history} for history in (0, 2) for each in HISTORY]
    whole = counted(parse_scenario(YEAR), told_, 3)
    monkeypatch.setattr("simfunnel.cohorts.MANY", 1)
    for again in (told_, told_[::-1]):
        parts = counted(parse_scenario(YEAR), again, 3, one_by_one=True)
        for name in whole:
            if name.startswith(("cohorts", "customer_value", "later")):
                np.testing.assert_allclose(parts[name], whole[name], err_msg=name)
    assert whole[f"cohorts.{Q1}.customers"].tolist() == [1, 0, 1]
    assert np.isnan(whole["customer_value"][1])


def test_revenue_by_cohort_and_period_is_all_revenue(found: dict[str, Any]) -> None:
    by_cohort = sum(value for name in (Q1, Q2, Q3, Q4) for value in of(found, name, "revenue").values())
    assert by_cohort == found["revenue"] == sum(found[f"cohorts.{name}.all_revenue"] for name in (Q1, Q2, Q3, Q4))


@pytest.mark.parametrize(
    ("horizon", "start", "names"),
    [
        ("1 month", "2026-01-05", [Q1]),
        ("6 months", "2026-03-30", [Q1, Q2, Q3]),
        ("3 years", "2026-01-01", [f"{year}-Q{quarter}" for year in (2026, 2027, 2028) for quarter in (1, 2, 3, 4)]),
        ("3 years", "2026-01-05", ["2026", "2027", "2028", "2029"]),
        ("12 years", "2026-01-01", [str(year) for year in range(2026, 2038)]),
        ("13 years", "2026-01-01", [*(f"{year}-{year + 1}" for year in range(2026, 2038, 2)), "2038"]),
    ],
)  # fmt: skip
def test_there_are_twelve_periods_at_most(horizon: str, start: str, names: list[str]) -> None:
    overrides = [f"horizon='{horizon}'", f"start={start}", "intake='5 working days'"]
    calendar = Calendar.of(parse_scenario(SHOP, overrides=overrides))
    found, of_day = period_names(calendar)
    assert found == names
    assert (np.diff(of_day) >= 0).all()
    assert of_day.size == calendar.days
    assert set(of_day.tolist()) == set(range(len(names)))
    assert calendar.dates[0] >= dt.date.fromisoformat(start)


def test_the_summary_adds_up_for_every_period() -> None:
    columns = counted(parse_scenario(YEAR), [{**each, "history": h} for h in range(2) for each in HISTORY], 3)
    one_each = {name: values for name, values in columns.items() if values.ndim == 1}
    found = cohorts(Result(parse_scenario(YEAR), Settings(replications=3), one_each, None))
    assert list(found) == [Q1, Q2, Q3, Q4]
    third = found[Q3]
    means = {what: third[what]["mean"] * 3 / 2 for what in ("all_revenue", "new", "earlier", "named", "customers")}
    assert means == pytest.approx({"all_revenue": 990, "new": 900, "earlier": 90, "named": 500, "customers": 2})
    assert third["from_earlier"]["mean"] == pytest.approx(590 / 990)
    assert third["value"]["mean"] == pytest.approx(75)
    assert found[Q4]["value"]["mean"] is None
    assert found[Q4]["from_earlier"]["mean"] is None
    assert [found[name]["named"]["mean"] for name in (Q2, Q3, Q4)] == pytest.approx([800 * 2 / 3, 500 * 2 / 3, 0])
    assert [name for name in found if found[name]["cut_short"]] == [Q1, Q4]
    assert [name for name in found if found[name]["taking_in"]] == [Q2, Q3, Q4]


def test_a_history_that_pays_back_more_than_it_takes_counts_too() -> None:
    """One takes 900 from new customers, the other pays 300 back to earlier ones, so 600 in all, of it -300 earlier."""
    scenario = parse_scenario(YEAR)
    columns = simulate(scenario, replications=2, workers=1).columns
    nothing = {name: np.zeros(2) for name in columns if name.startswith("cohorts.")}
    back = {f"cohorts.{Q1}.revenue.{Q3}": np.array([0.0, -300.0]), f"cohorts.{Q3}.earlier_revenue": [0.0, -300.0]}
    taken = {f"cohorts.{Q3}.revenue.{Q3}": [900.0, 0.0], f"cohorts.{Q3}.all_revenue": [900.0, -300.0]}
    made = {name: np.asarray(values) for name, values in {**nothing, **back, **taken}.items()}
    third = cohorts(Result(scenario, Settings(replications=2), made, None))[Q3]
    assert [third[what]["mean"] for what in ("all_revenue", "new", "named", "earlier")] == [300, 450, 0, -150]
    assert third["from_earlier"]["mean"] == 0


def test_a_share_of_net_amounts_stays_within_its_bounds() -> None:
    part, whole = np.array([100.0, 90.0, 120.0]), np.array([100.0, 80.0, 110.0])
    over = net_share(part, whole, None)
    assert over.mean == 1
    assert over.ci95 == (pytest.approx(0.913, abs=0.001), 1)
    exact = net_share(np.array([50.0, 60.0, 10.0]), np.array([100.0, 110.0, -10.0]), None)
    assert exact.mean == pytest.approx(120 / 200)
    assert exact.ci95 is not None
    assert 0 <= exact.ci95[0] < 0.6 < exact.ci95[1] <= 1
    assert net_share(part, -whole, None).mean is None


@pytest.mark.parametrize(("intake", "later"), [(210, [Q2, Q3, Q4]), (122, [Q2]), (123, [Q2, Q3]), (57, []), (58, [Q2])])
def test_new_customers_come_until_the_intake_ends(intake: int, later: list[str]) -> None:
    """Day 57 is the first of the second quarter, and day 122 that of the third."""
    scenario = parse_scenario(YEAR, overrides=[f"intake='{intake} working days'"])
    assert taking_in(scenario, Calendar.of(scenario)) == later
    columns = counted(scenario, HISTORY)
    revenue = {Q2: 1100, Q3: 990, Q4: -500}
    assert columns["later_revenue"][0] == sum(revenue[name] for name in later)
    assert np.isnan(columns["later_share"][0]) == (not later)


@pytest.mark.parametrize(
    ("start", "horizon", "short"),
    [
        ("2026-01-01", "1 year", []),
        ("2026-01-05", "1 year", ["2026-Q1", "2027-Q1"]),
        ("2026-08-01", "2 months", [Q3]),
        ("2026-07-01", "3 months", []),
        ("2026-07-01", "65 working days", [Q3]),
        ("2026-07-01", "66 working days", []),
        ("2026-08-01", "5 months", [Q3]),
        ("2026-01-01", "4 years", []),
        ("2026-02-01", "4 years", ["2026", "2030"]),
    ],
)
def test_a_quarter_may_lie_only_partly_within_the_horizon(start: str, horizon: str, short: list[str]) -> None:
    overrides = [f"horizon='{horizon}'", f"start={start}", "intake='5 working days'"]
    assert cut_short(Calendar.of(parse_scenario(SHOP, overrides=overrides))) == set(short)


# ---------------------------------------------------------------- memory


def test_customers_and_whom_they_name_make_blocks_smaller_not_memory_larger() -> None:
    scenario = parse_scenario(AFTER, overrides=["segments.list.leads=20_000", "after_sales.referral.limit=20_000"])
    plain = scenario.model_copy(update={"after_sales": None})
    calendar = Calendar.of(scenario)
    weights = [weight_of_leads(each, calendar) for each in (plain, scenario)]
    assert weights[1] > 3 * weights[0]
    sizes = [blocks(each, Settings(replications=100_000))[0][1] for each in (plain, scenario)]
    assert sizes[1] < sizes[0] / 3
    assert [cells_per_history(each, calendar) for each in (plain, scenario)] == [0, 2 * (2 * 2 + 6)]


def test_of_each_customer_and_period_one_row_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simfunnel.cohorts.MANY", 100)
    scenario = parse_scenario(SHOP)
    sink = Cohorts(scenario, Calendar.of(scenario), 2)
    column = np.array([0, 1])
    for number in range(1000):
        each = {
            "kind": facts.PURCHASE,
            "lead": 7,
            "day": 3,
            "outcome": loyalty.REPEAT,
            "amount": 5,
            "occurrence": number,
        }
        sink.rows(column, each)
    assert sum(part.size for part in sink._keys) <= 102


def test_blocks_and_workers_do_not_matter() -> None:
    scenario = parse_scenario(AFTER)
    one, other = (simulate(scenario, replications=7, block_size=size, workers=1) for size in (7, 2))
    assert set(one.columns) == set(other.columns)
    for name, values in one.columns.items():
        np.testing.assert_array_equal(values, other.columns[name], err_msg=name)
    assert simulation.WEIGHT_OF_CUSTOMER > 0
