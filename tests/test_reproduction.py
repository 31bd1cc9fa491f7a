"""How customers multiply: against theory (Galton-Watson means, geometric growth), and worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest
from after_funnel import AFTER

from simfunnel import simulate
from simfunnel.calendar import Calendar
from simfunnel.experiments.after_sales_expectation import bought_each, care_minutes, customers, reproduction
from simfunnel.experiments.expectation import Expectation
from simfunnel.funnel.odds import odds
from simfunnel.reproduction import (
    buying_share,
    contact_days,
    expected_referred,
    named_by_day,
    names_each,
    referred_at_most,
    reproduction_number,
)
from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.schema import Scenario

# 1,000 leads listen, 1 in 20 buys: 50 customers on the first day. 60 working days are 82 calendar days, 0 to 81. Each
# is asked on days 28 and 56: half of that is not forgotten, half reached, 0.4 give 2 names: 0.2 a time.
CARED = """
start = 2026-01-05
horizon = "60 working days"
[segments.list]
leads = 1000
[segments.named]
temperature = "warm"
[calling]
teams = ["callers"]
offer = "sale"
answered = 1
listened = 1
accepted = 0.05
[calling.minutes]
talk = 1
[teams.callers]
[money]
revenue_per_sale = 100
[after_sales]
team = "callers"
consistency = [0.5]
[after_sales.seller_initiated]
every = "4 weeks"
reached = 0.5
asks = true
[after_sales.seller_initiated.minutes]
talk = 10
not_reached = 2
[after_sales.referral]
segment = "named"
given = 0.4
names = 2
"""
DEMO = ("calling.offer=demo", "demo={ team = 'callers', attended = 0.8 }", "closing.sold_if_interested=0.5")


def scenario(*overrides: str) -> Scenario:
    return parse_scenario(CARED, overrides=overrides)


def referred(*overrides: str) -> float:
    found = scenario(*overrides)
    return expected_referred(found, Calendar.of(found))


def test_the_number_is_a_product() -> None:
    assert reproduction_number(3, 0.5, 0.4) == pytest.approx(0.6)


@pytest.mark.parametrize("number", [0.0, 0.3, 0.9])
def test_a_family_that_dies_out_has_the_size_of_galton_and_watson(number: float) -> None:
    """1 / (1 - m) customers in all, its founder among them, if there is time enough."""
    buyers = np.zeros(4_000)
    buyers[0] = 1
    named = named_by_day(buyers, np.array([5.0, 9.0]), number, 0.5)
    assert 1 + 0.5 * named.sum() == pytest.approx(1 / (1 - number))


def test_above_one_it_grows_by_the_root_of_euler_and_lotka() -> None:
    """A customer brings m = 1.5 new ones, a week after its own sale (asked on day 6, bought on day 7)."""
    buyers = np.zeros(400)
    buyers[0] = 1
    weekly = named_by_day(buyers, np.array([6.0]), 3.0, 0.5)[6::7]
    np.testing.assert_allclose(weekly[1:] / weekly[:-1], 1.5)
    assert weekly[0] == 3


def test_it_ends_with_the_day_on_which_the_most_are_reached() -> None:
    buyers = np.zeros(400)
    buyers[0] = 1
    named = named_by_day(buyers, np.array([6.0]), 3.0, 0.5, most=7.0)  # 3, then 4.5 more
    assert named.nonzero()[0].tolist() == [6, 13]
    assert named_by_day(buyers[:0], np.array([6.0]), 3.0, 0.5).tolist() == []


def test_dates_worked_out_on_paper() -> None:
    def days(*overrides: str, within: float = 100) -> list[float]:
        found = scenario(*overrides)
        assert found.after_sales is not None
        assert found.after_sales.seller_initiated is not None
        return contact_days(found.after_sales.seller_initiated, found, within).tolist()

    assert days() == [28, 56, 84]
    assert days(within=84) == [28, 56, 84]
    assert days(within=83.5) == [28, 56]
    given = "after_sales.seller_initiated.days=['5 working days', '10 days']"
    assert days(given, "after_sales.seller_initiated.every=1 month") == [7, 10, 40.5, 71]
    assert days(given, "after_sales.seller_initiated.every=off") == [7, 10]
    assert days(given, "after_sales.seller_initiated.every=off", within=9) == [7]


def test_leads_who_are_named_worked_out_on_paper() -> None:
    # On day 28 the 50 name 10, one in 20 of whom buys on day 29; on day 56 10 more, and on day 57 those 0.5 name 0.1.
    assert referred() == pytest.approx(20.1)
    assert referred("after_sales.referral.limit=15") == 15
    assert referred("after_sales.referral.circle=false") == 0
    assert referred("after_sales.seller_initiated.asks=false") == 0
    assert referred("after_sales.referral=off", "segments.named=off") == 0
    # Four weeks and a day: 29 days, of which the last is number 28. A day less is too short.
    assert referred("horizon=10 weeks", "intake=29 days") == pytest.approx(10)
    assert referred("horizon=10 weeks", "intake=28 days") == 0
    # One a working day instead: 40 of them lie 28 days before the end or more, 20 of them 56 days.
    arriving = (
        "segments.list.leads=0",
        "segments.list.arrivals=20",
        "calling.accepted=0.05",
        "segments.named.qualified=0",
    )
    assert referred(*arriving) == pytest.approx(0.2 * (40 + 20))


def test_what_the_satisfied_give_worked_out_on_paper() -> None:
    def given(*overrides: str) -> float:
        return float(names_each(scenario(*overrides), np.array([28.0]))[0]) / 0.5  # two names, of a quarter

    assert given() == pytest.approx(0.4)
    three = "after_sales.referral.satisfied=3"
    assert given(three) == pytest.approx(0.4)  # at one half
    assert given(three, "after_sales.satisfaction.reality=1") == pytest.approx(2 / 3)  # odds of 2 to 3, times 3
    assert given(three, "after_sales.satisfaction.reality=0") == pytest.approx(2 / 11)  # odds of 2 to 9
    assert given(three, "after_sales.satisfaction={ reality = 1, promise = 0.5 }") == pytest.approx(0.4)
    mixed = "after_sales.satisfaction.reality={ discrete = [0, 1] }"
    assert given(three, mixed) == pytest.approx((2 / 3 + 2 / 11) / 2)
    assert given("after_sales.familiar=3") == pytest.approx(2 / 3)
    assert given("after_sales.familiar=3", "after_sales.by=anyone") == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("overrides", "share"),
    [
        ([], 0.05),
        (["segments.named.qualified=0.5"], 0.025),
        (["calling.answered=0.5", "calling.attempts=2"], 0.0375),
        (["calling.listened=0.2", "calling.warm.listened=4"], 0.025),
        (["segments.named.odds.accepted=19"], 0.5),
        (["segments.named.dead_number=0.2"], 0.04),
        (["segments.named.decision_maker=0.5", "calling.asked_through=0.5"], 0.0375),
        ([*DEMO], 0.05 * 0.8 * 0.5),
        ([*DEMO, "demo.invite_again=1", "segments.named.interested=0.5"], 0.05 * 0.96 * 0.5 * 0.5),
        ([*DEMO, "closing.pressure=3"], 0.05 * 0.8 * 0.75),
        (["calling.offer=meeting", "meeting={ team = 'callers', attended = 0.4 }", "closing.sold_if_interested=0.5"],
         0.05 * 0.4 * 0.5),
        (["calling.offer=meeting", "meeting={ team = 'callers', attended = 0.4 }"], 0),
    ],
)  # fmt: skip
def test_the_share_that_buys_worked_out_on_paper(overrides: list[str], share: float) -> None:
    """Both ways of telling it: the rough one that bounds memory, and the one that knows teams and hours."""
    found = scenario(*overrides)
    assert buying_share(found, found.segments["named"]) == pytest.approx(share)
    assert bought_each(found, "named") == pytest.approx(share)


def test_hot_leads_buy_too() -> None:
    hot = (
        "segments.web={ temperature = 'hot', leads = 10 }",
        "inbound={ teams = ['callers'], accepted = 0.3, offer = 'sale', waiting = { source = 'x', odds = {} } }",
    )
    found = scenario(*hot)
    assert buying_share(found, found.segments["web"]) == pytest.approx(0.3)
    assert customers(Expectation(found))["web"] == pytest.approx(3)
    assert buying_share(scenario(), found.segments["web"]) == 0


def test_who_is_followed_up_buys_later() -> None:
    plan = "follow_up={ team = 'callers', interval = '1 week', channel = 'phone', sold = 1, touches = 1 }"
    later = ("calling.undecided=0.5", plan, "follow_up.channels={ phone = { reached = 0.6 } }")
    assert bought_each(scenario(*later), "named") == pytest.approx(0.05 + 0.95 * 0.5 * 0.6)
    found = scenario(*later)
    assert buying_share(found, found.segments["named"]) == pytest.approx(0.05 + 0.95 * 0.5)  # from above


def test_customers_and_their_care_worked_out_on_paper() -> None:
    expected = Expectation(scenario())
    found = reproduction(expected)
    assert found is not None
    assert (found.askings, found.names, found.bought) == pytest.approx((2, 0.2, 0.05))
    assert found.number == pytest.approx(0.02)
    assert expected.by_segment == pytest.approx({"list": 1000, "named": 20.1})
    assert customers(expected) == pytest.approx({"list": 50, "named": 1.005})
    # Two contacts each (the third would be on day 84), half of them kept; half of these 10 minutes, half 2.
    assert care_minutes(expected, "callers") == pytest.approx(51.005 * 2 * 0.5 * 6)
    assert care_minutes(expected, "nobody") == 0
    # Half complain or so, of a fifth with a defect: 15 minutes each.
    answered = Expectation(scenario("after_sales.defect.rate=0.2"))
    assert care_minutes(answered, "callers") == pytest.approx(51.005 * (6 + 0.1 * 15))


def test_it_is_asked_until_the_intake_ends() -> None:
    found = reproduction(Expectation(scenario("intake=29 days")))
    assert found is not None
    assert found.askings == 1
    assert reproduction(Expectation(scenario("after_sales.referral.circle=false"))) is None


def test_a_simulation_agrees_from_below() -> None:
    """Forty-odd customers within 5 %; fewer are named than that, as some cancel, or are called too late."""
    no_limit = "after_sales.referral.limit=20000"
    alone = parse_scenario(AFTER, overrides=["after_sales.referral.given=0", no_limit])
    sold = simulate(alone, replications=200, workers=1).columns["sold"].mean()
    assert 0.95 * sum(customers(Expectation(alone)).values()) < sold < sum(customers(Expectation(alone)).values()) + 1
    circle = parse_scenario(AFTER, overrides=[no_limit])
    named = simulate(circle, replications=200, workers=1).columns["segments.friends.dialled"].mean()
    above = expected_referred(circle, Calendar.of(circle))
    assert above / 2 < named < above


# Each of the things that carry naming above what customers name as they start, in a circle of its own.
SMALL = ("segments.list.leads=200", "calling.accepted=0.2", "after_sales.seller_initiated.every=1 week",
         "teams.callers.size=20", "after_sales.consistency=[]", "after_sales.referral.limit=20000")  # fmt: skip
UNSATISFIED = ("after_sales.satisfaction.reality=0.4", "after_sales.referral.given=0.1", "calling.accepted=0.1",
               "after_sales.referral.satisfied=20")  # fmt: skip
PUSHED = {
    "friendly words": ("after_sales.friendly={ every = '1 week', odds_referral = 1.3 }",
                       "after_sales.referral.given=0.05"),
    "contacts that lift": ("after_sales.seller_initiated.lift=1.5", *UNSATISFIED),
    "messages": ("after_sales.marketing={ every = '1 week', lift = 50 }", *UNSATISFIED),
    "a quality programme": ("after_sales.quality={ odds_per_month = 3 }", f"after_sales.consistency={[0.05] * 20}"),
    "the face that sold": ("after_sales.familiar=4", "after_sales.referral.given=0.1"),
    "hot leads by marketing": (
        "segments.list.leads=0", "segments.web={ temperature = 'hot' }",
        "inbound={ teams = ['callers'], accepted = 0.5, offer = 'sale', waiting = { source = 'x', odds = {} } }",
        "marketing={ spend = 1000, arrivals = { segment = 'web', most = 4, half = 1000 } }"),
    "who knows how many give names": ("after_sales.referral.given={ low = 0.01, likely = 0.05, high = 0.9 }",),
    "who knows how many names": ("after_sales.referral.names={ low = 0.1, likely = 0.2, high = 6 }",),
    "a short month": ("start=2026-02-02", "intake=30 days", "after_sales.seller_initiated.every=1 month"),
    "a team that wins": ("calling.accepted=0.01", "teams.callers.odds.accepted=100", "after_sales.referral.given=0.2"),
}  # fmt: skip


@pytest.mark.parametrize("overrides", PUSHED.values(), ids=PUSHED)
def test_no_more_are_named_than_memory_is_bounded_for(overrides: tuple[str, ...]) -> None:
    """By 4 standard errors of 40 histories: a false alarm in some ten thousand runs, where the bound is the mean."""
    found = scenario(*SMALL, *overrides)
    named = simulate(found, replications=40, workers=1).columns["referred"]
    error = named.std(ddof=1) / np.sqrt(named.size)
    assert 10 < named.mean() < referred_at_most(found, Calendar.of(found)) + 4 * error


def test_what_lifts_worked_out_on_paper() -> None:
    """At one half, 20 times the odds of the satisfied: a satisfaction of 0.6 gives 20 ** 0.2 times the odds."""

    def names(*overrides: str) -> list[float]:
        every = (
            "after_sales.consistency=[1]",
            "after_sales.seller_initiated.reached=1",
            "after_sales.referral.names=1",
        )
        found = scenario(*every, "after_sales.referral.satisfied=20", *overrides)
        each: list[float] = names_each(found, np.array([28.0, 56.0])).tolist()
        return each

    def given(level: float, other: float = 1.0) -> float:
        return float(odds(0.4, 20 ** ((level - 0.5) / 0.5) * other))

    assert names() == pytest.approx([given(0.5), given(0.5)])
    assert names("after_sales.seller_initiated.lift=1.5") == pytest.approx([given(0.6), given(0.69)])  # 2.25 / 3.25
    assert names("after_sales.familiar=1.5") == pytest.approx([given(0.6, 1.5), given(0.69, 1.5)])
    friendly = "after_sales.friendly={ every = '2 weeks', odds_referral = 1.3 }"  # on days 14, 28, 42 and 56
    assert names(friendly) == pytest.approx([given(0.5, 1.3), given(0.5, 1.3**3)])
    mailing = "after_sales.marketing={ days = ['14 days'], lift = 4, half_life = 14 }"  # halves: 2, then an eighth
    assert names(mailing) == pytest.approx([given(0.67), given(0.54)])
    quality = ("after_sales.quality={ odds_per_month = 3, months = 1 }", "after_sales.consistency=[0.25]")
    assert names(*quality)[1] == pytest.approx(given(0.5) / 2)
