"""Money after the sale on paper: two customers, one of whom cancels, and every line that looking after them costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_facts import Fact, counted, fact

from simfunnel import facts, parse_scenario
from simfunnel.funnel import care, closing, customers, loyalty, referral
from simfunnel.funnel.segments import REFERRAL

MINUTE, HOUR, NIGHT = 60_000, 3_600_000, 28 * 3_600_000

# 2026-01-12 to 2026-02-27: 15 of the 22 working days of January lie within, and all 20 of February.
SHOP = """
start = 2026-01-12
horizon = "35 working days"
[segments.list]
leads = 3
[segments.friends]
temperature = "warm"
[calling]
teams = ["callers"]
offer = "sale"
answered = 0.5
listened = 0.5
accepted = 0.5
[teams.callers]
commission = 0.1
[teams.sellers]
wage_per_hour = 30
paid = "worked"
commission = 0.01
[money]
revenue_per_sale = 1000
unit_cost = 200
[after_sales]
team = "sellers"
[after_sales.defect]
rate = 0.5
cost = 40
[after_sales.remorse]
window = 14
cancels = 0.5
recovered = 0.75
[after_sales.customer_initiated]
suggestions_every = 30
[after_sales.seller_initiated]
days = ["1 week"]
reached = 0.5
asks = true
cost = 2.5
[after_sales.cooperative]
days = ["2 weeks"]
cost = 20
[after_sales.friendly]
days = ["3 weeks"]
cost = 5
[after_sales.marketing]
days = ["1 week"]
cost = 0.25
[after_sales.survey]
days = ["1 week"]
cost = 0.125
[after_sales.repeat]
every = 30
bought = 0.5
revenue = 300
unit_cost = 70
[after_sales.cross_sale]
sold = 0.5
revenue = 90
unit_cost = 30
[after_sales.referral]
segment = "friends"
given = 0.5
[after_sales.quality]
cost_per_month = 220
"""
CALLERS, SELLERS = range(2)
FRIEND = REFERRAL | 77


def sold(lead: int, day: int, amount: int, closer: int = CALLERS) -> Fact:
    more = {"occurrence": closer, "outcome": closing.SOLD, "amount": amount}
    return fact(facts.TALK, lead, day, 10 * HOUR, team=CALLERS, **more)


def told(kind: int, lead: int, day: int, outcome: int, amount: int = 0, **more: int) -> Fact:
    """A fact of the night, by nobody."""
    return fact(kind, lead, day, NIGHT, **{"team": SELLERS, "outcome": outcome, "amount": amount, **more})


def contact(lead: int, day: int, kind: int, result: int) -> Fact:
    """A contact of 20 minutes by the first seller, of which 5 minutes are overtime; or a forgotten one."""
    code = kind * len(care.RESULTS) + result
    if result == care.FORGOTTEN:
        return fact(facts.CARE, lead, day, 0, team=SELLERS, outcome=code)
    return fact(facts.CARE, lead, day, 17 * HOUR - 15 * MINUTE, duration=20 * MINUTE, team=SELLERS, outcome=code) | {
        "seat": 0
    }


def ends(lead: int, day: int, outcome: int, amount: int, closer: int = CALLERS) -> Fact:
    return told(facts.CUSTOMER, lead, day, outcome, amount, team=CALLERS, occurrence=closer)


def bought(lead: int, day: int, outcome: int, amount: int, number: int = 0) -> Fact:
    part = 0 if outcome == loyalty.PASSED else loyalty.WHOLE_ORDER
    return told(facts.PURCHASE, lead, day, outcome, amount, team=CALLERS, occurrence=number, duration=part)


HISTORY = [
    # 0 is sold to by a seller, gets it late and with a defect, complains, is answered, buys again and names two.
    sold(0, 1, 1000_00, SELLERS), told(facts.DELIVERY, 0, 4, customers.DEFECTIVE, 600, occurrence=3),
    contact(0, 6, care.SELLER, care.NOT_REACHED), contact(0, 11, care.SELLER, care.DONE),
    told(facts.ASKED, 0, 11, referral.GAVE, 2, seat=0),
    told(facts.REFERRAL, FRIEND, 11, referral.NOTED, 0, team=CALLERS),
    told(facts.REFERRAL, FRIEND + 1, 11, referral.TOO_LATE, 0, team=facts.NOBODY, occurrence=1),
    bought(0, 11, loyalty.CROSS, 90_00), told(facts.RAISED, 0, 12, care.COMPLAINT, 400),
    contact(0, 15, care.ANSWER, care.MENDED), told(facts.ANSWERED, 0, 15, care.COMPLAINT, 3, seat=0),
    contact(0, 16, care.FRIENDLY, care.FORGOTTEN), contact(0, 17, care.COOPERATIVE, care.DONE),
    told(facts.MESSAGE, 0, 9, care.MAILING), told(facts.MESSAGE, 0, 9, care.FOUND_BY),
    bought(0, 20, loyalty.REPEAT, 300_00), bought(0, 30, loyalty.PASSED, 0, 1), ends(0, 34, customers.STAYS, 750),
    # 1 is sold to by a seller for the callers, and cancels.
    sold(1, 2, 500_00, SELLERS), ends(1, 8, customers.CANCELLED, 500_00, SELLERS),
    told(facts.MESSAGE, 1, 7, care.UNANSWERED),
    # The friend is sold to by phone.
    sold(FRIEND, 20, 800_00), told(facts.DELIVERY, FRIEND, 21, customers.SOUND, 500),
    told(facts.RAISED, FRIEND, 30, care.SUGGESTION, 500), ends(FRIEND, 34, customers.STAYS, 500),
]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return {name: v[0] for name, v in counted(parse_scenario(SHOP), HISTORY).items() if v.ndim == 1}


def test_revenue_is_first_purchases_less_refunds_and_what_is_bought_later(found: dict[str, Any]) -> None:
    parts = {"first": 2300, "refunded": 500, "repeat": 300, "cross": 90, "referred": 800}
    assert {name: found[f"revenue.{name}"] for name in parts} == parts
    assert found["revenue"] == 2300 - 500 + 300 + 90
    assert (found["sold"], found["customers"], found["sold_referred"]) == (3, 3, 1)


def test_each_line_of_what_customers_cost(found: dict[str, Any]) -> None:
    """Three of four quarters of the goods of the one who cancels come back; the forgotten contact costs nothing."""
    lines = {
        "goods": 3 * 200, "goods_returned": -150, "repeat_goods": 70, "cross_goods": 30, "care": 2 * 2.5 + 20,
        "messages": 0.25 + 2 * 0.125, "defects": 40, "quality": 220 * (15 / 22 + 1),
    }  # fmt: skip
    assert {name: found[f"costs.{name}"] for name in lines} == pytest.approx(lines)
    assert sum(value for name, value in found.items() if name.startswith("costs.")) == pytest.approx(found["cost"])
    assert found["profit"] == pytest.approx(found["revenue"] - found["cost"])


def test_the_cost_per_sale_is_that_of_what_is_sold_for_good(found: dict[str, Any]) -> None:
    """All but the goods of what was bought later, over the two of three who kept what they bought."""
    assert (found["sold"], found["sold_for_good"]) == (3, 2)
    assert found["cost_of_sales"] == pytest.approx(found["cost"] - 70 - 30)
    assert found["cost_per_sale"] == pytest.approx(found["cost_of_sales"] / 2)


def test_contacts_are_work_unless_they_are_forgotten(found: dict[str, Any]) -> None:
    """Four of 20 minutes; each runs five minutes beyond the shift, which ends at 17:00; the last on day 17."""
    assert (found["teams.sellers.contacts"], found["teams.sellers.forgotten"]) == (4, 1)
    assert (found["teams.sellers.busy_minutes"], found["teams.sellers.overtime_minutes"]) == (80, 20)
    assert (found["teams.sellers.days"], found["costs.wages"]) == (18, 80 / 60 * 30)


def test_commission_is_on_what_is_kept(found: dict[str, Any]) -> None:
    """10 % of 1,000 and 800 to who invited, 1 % of 1,000 to who closed; none of what is cancelled or bought later."""
    assert found["costs.commission"] == pytest.approx(180 + 10)


def test_shares_are_of_what_they_can_be(found: dict[str, Any]) -> None:
    shares = {
        "satisfaction": 0.625, "answer_days": 3, "survey_response_rate": 0.5, "defect_rate": 0.5,
        "repeat_per_customer": 1 / 3, "referred_share": 1 / 3,
    }  # fmt: skip
    assert {name: found[name] for name in shares} == pytest.approx(shares)
    counts = {"answers": 1, "unanswered": 1, "complaints_unanswered": 0, "referrals": 2, "referred": 1, "arrived": 1,
              "referrals_too_late": 1, "leads": 4, "deliveries_late": 1, "defects_mended": 1}  # fmt: skip
    assert {name: found[name] for name in counts} == counts


def test_what_is_undefined_is_no_number() -> None:
    nothing = counted(parse_scenario(SHOP), [], 2)
    ratios = ("satisfaction", "answer_days", "survey_response_rate", "defect_rate", "repeat_per_customer")
    for name in (*ratios, "referred_share", "customer_value", "later_share", "cohorts.2026-Q1.value"):
        assert np.isnan(nothing[name]).all(), name
    assert (nothing["costs.quality"] > 0).all(), "the programme is paid whether somebody buys or not"
    assert (nothing["costs.care"] == 0).all()


def test_one_fact_at_a_time_makes_the_same_numbers(found: dict[str, Any]) -> None:
    again = counted(parse_scenario(SHOP), HISTORY, one_by_one=True)
    for name, value in found.items():
        np.testing.assert_equal(again[name][0], value, err_msg=name)


OUTSOURCED = """[teams.sellers]
kind = "outsourced"
paid = "worked"
[teams.sellers.contract]
set_up = 100
per_hour = 30
per_connect = 9
minimum_per_month = 220
"""


def test_an_outsourced_team_bills_the_hours_of_contacts_and_its_minimum_until_the_last() -> None:
    """The last contact is on day 17, the third of February's 20: a minimum of 150 in January, and 33 in February.

    In January it worked 20 minutes twice, on days 6 and 11; on days 15 and 17, in February, as long.
    """
    columns = counted(
        parse_scenario(SHOP[: SHOP.index("[teams.sellers]")] + OUTSOURCED + SHOP[SHOP.index("[money]") :]), HISTORY
    )
    lines = {"set_up": 100, "per_hour": 40, "per_connect": 0, "minimum_per_month": 150 - 20 + 33 - 20}
    assert {name: columns[f"costs.contract_{name}"][0] for name in lines} == pytest.approx(lines)


def test_a_scenario_without_after_sales_has_none_of_it() -> None:
    plain = SHOP[: SHOP.index("[after_sales]")].replace('[segments.friends]\ntemperature = "warm"\n', "")
    columns = counted(parse_scenario(plain), [sold(0, 1, 1000_00)])
    after = ("customers", "contacts", "cohorts", "revenue.", "customer_value", "costs.care", "teams.sellers.contacts")
    assert not [name for name in columns if name.startswith(after)]
