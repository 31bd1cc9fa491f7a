"""Advice on what follows the sale: who multiplies, what does nothing, what odds mean; worked out on paper."""

from __future__ import annotations

import pytest
from cared_scenario import CARED

from simfunnel.experiments.advice import advise
from simfunnel.scenario.loading import parse_scenario

BARE = CARED[: CARED.index("[after_sales]")].replace('[segments.named]\ntemperature = "warm"\n', "") + (
    '[after_sales]\nteam = "sellers"\n'
)
VISITED = "after_sales.seller_initiated={ every = '1 month' }"
NO_VISITS = tuple(f"after_sales.{kind}=off" for kind in ("seller_initiated", "cooperative", "friendly"))
ADD = "add one of [after_sales.seller_initiated], [after_sales.cooperative], [after_sales.friendly] or remove it."
NO_DEFECTS = "as no delivery has a defect: give after_sales.defect.rate or remove"
ALIKE = (
    "after_sales.satisfaction=off", "after_sales.delivery=off", "after_sales.defect.drop=0",
    "after_sales.seller_initiated.lift=1", "after_sales.marketing=off", "after_sales.customer_initiated=off",
)  # fmt: skip


def warnings(*overrides: str, text: str = CARED) -> tuple[str, ...]:
    return advise(parse_scenario(text, overrides=overrides)).warnings


def test_nothing_to_say_about_sound_care() -> None:
    assert warnings() == ()


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        # Asked after a week and two months, each customer names 0.9 * 2 / 3 * 3 = 1.8 leads the first time, and a
        # little more the second, as the quality programme goes on; a quarter buys.
        (["after_sales.referral={ given = 0.5, names = 3, satisfied = 1 }"],
         "after_sales.referral makes each customer bring about 0.91 new ones (it is asked about 2 times, names about "
         "1.8 leads each time, and of these 25.0 % buy), which is near 1: a little more, and customers multiply until "
         "the horizon ends, or 20,000 leads are named (after_sales.referral.limit): check given and names, or ask less "
         "often."),
        (["after_sales.referral={ given = 0.5, names = 30, satisfied = 1, limit = 500 }", "intake=110 working days"],
         "after_sales.referral makes each customer bring about 9.1 new ones (it is asked about 2 times, names about 18 "
         "leads each time, and of these 25.0 % buy), so customers multiply until the intake ends, or 500 leads are "
         "named (after_sales.referral.limit): check given and names, or ask less often."),
        (["after_sales.customer_initiated.odds_per_day=1.1"],
         "after_sales.customer_initiated.odds_per_day 1.1 says that waiting for an answer satisfies: give at most 1."),
        (["after_sales.seller_initiated.approves=2"],
         "after_sales.seller_initiated.approves 2 says that approving the choice makes customers cancel: give at most "
         "1."),
        (["after_sales.cooperative.odds_defect=1.5"],
         "after_sales.cooperative.odds_defect 1.5 says that working on the product together makes it worse: give at "
         "most 1."),
        (["after_sales.repeat.revenue=0"],
         "after_sales.repeat.revenue is 0 EUR, so purchases bring nothing: say what one brings."),
        (["after_sales.repeat.unit_cost=60"],
         "after_sales.repeat.revenue is 50.00 EUR on average, below its unit_cost 60.00, so every purchase loses "
         "money: check both."),
        (["after_sales.cross_sale.revenue=0"],
         "after_sales.cross_sale.revenue is 0 EUR, so purchases bring nothing: say what one brings."),
        (["after_sales.repeat.every={ low = 200, high = 900 }"],
         "after_sales.repeat.every is 200 days at least, but the horizon has 165, so nobody buys again: lengthen the "
         "horizon or check it."),
        (["closing.closers=0", "after_sales.familiar=1"],
         'after_sales.by is "closer", but no member of teams.sellers is the face that sells, so customers are dealt '
         "out among its 2 members by chance: give closing.closers, or set anyone."),
        (["after_sales.team=callers", "after_sales.familiar=1", "teams.callers.size=2"],
         'after_sales.by is "closer", but no member of teams.callers is the face that sells, so customers are dealt '
         "out among its 2 members by chance: let a team that sells look after them, or set anyone."),
    ],
)  # fmt: skip
def test_every_doubt_word_for_word(overrides: list[str], message: str) -> None:
    assert warnings(*overrides) == (message,)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["after_sales.seller_initiated.asks=false", "after_sales.friendly=off"],
         "after_sales.referral does nothing, as nobody is asked for names: set after_sales.seller_initiated.asks = "
         "true or remove it."),
        (["after_sales.seller_initiated=off", "after_sales.friendly=off", "after_sales.cross_sale=off"],
         "after_sales.referral does nothing, as nobody is asked for names: add [after_sales.seller_initiated] and set "
         "after_sales.seller_initiated.asks = true or remove it."),
        (["after_sales.referral.given=0"],
         "after_sales.referral does nothing, as nobody gives a name: give given and names above 0 or remove it."),
        (["after_sales.referral=off", "segments.named=off", "after_sales.friendly=off"],
         "after_sales.seller_initiated.asks does nothing, as nothing is said of who is named: add a table "
         "[after_sales.referral] or remove it."),
        (["intake=5 working days"],
         "after_sales.referral does nothing, as customers are first asked when the intake of 5 working days has ended: "
         "ask sooner, lengthen the intake or remove it."),
        (["after_sales.friendly.odds_referral=1"],
         "after_sales.friendly does nothing, as odds_referral is 1: give it or remove it."),
        (["after_sales.referral=off", "segments.named=off", "after_sales.seller_initiated.asks=false"],
         "after_sales.friendly.odds_referral does nothing, as nobody is asked for names: add [after_sales.referral] or "
         "remove it."),
        (["after_sales.seller_initiated=off", "after_sales.referral=off", "segments.named=off",
          "after_sales.friendly=off"],
         "after_sales.cross_sale does nothing, as it is offered at seller-initiated contacts only: add "
         "[after_sales.seller_initiated] or remove it."),
        (["after_sales.cross_sale.sold=0"],
         "after_sales.cross_sale does nothing, as nobody takes it: give sold above 0 or remove it."),
        (["after_sales.resale.share=0"],
         "after_sales.resale does nothing, as nobody resells: give share above 0 or remove it."),
        (["after_sales.marketing.lift=1"],
         "after_sales.marketing does nothing, as lift is 1: give it or remove it."),
        (["after_sales.consistency=[]"],
         "after_sales.quality does nothing, as no contact is forgotten: give after_sales.consistency below 1 or remove "
         "it."),
        (["after_sales.consistency=[0, 0]"],
         "after_sales.seller_initiated, after_sales.cooperative, after_sales.friendly, after_sales.cross_sale and "
         "after_sales.referral do nothing, as every contact is forgotten: give after_sales.consistency above 0 or "
         "remove them."),
        (["after_sales.consistency=[0, 1]"],
         "after_sales.quality does nothing, as odds of 0 stay 0: give after_sales.consistency above 0 or remove it."),
        (["after_sales.quality.odds_per_month=1"],
         "after_sales.quality does nothing, as odds_per_month is 1: give it or remove it."),
        (["after_sales.survey.responds=0"],
         "after_sales.survey does nothing, as it finds no defect: give responds and finds above 0 or remove it."),
        (["after_sales.cooperative.odds_defect=1"],
         "after_sales.cooperative does nothing, as odds_defect is 1: give it or remove it."),
        (["after_sales.satisfaction.pressure=0.1"],
         "after_sales.satisfaction.pressure does nothing, as nobody is pressed: give closing.pressure above 1 or "
         "remove it."),
        (["after_sales.remorse.conceded=2"],
         "after_sales.remorse.conceded does nothing, as nobody is pressed: give closing.pressure above 1 or remove "
         "it."),
        (["after_sales.satisfaction.bad_fit=0.1"],
         "after_sales.satisfaction.bad_fit does nothing, as the product is right for all leads: give a segment fit "
         "below 1 or remove it."),
        (["after_sales.delivery.days={ low = 5, high = 10 }"],
         "after_sales.delivery.per_day_late does nothing, as no delivery is late: give after_sales.delivery.days above "
         "promised or remove it."),
        (["after_sales.delivery.per_day_late=0"],
         "after_sales.delivery.promised does nothing, as lateness costs no satisfaction: give "
         "after_sales.delivery.per_day_late or remove it."),
        (["after_sales.remorse=off"],
         "after_sales.seller_initiated.approves does nothing, as nobody cancels: add [after_sales.remorse] or remove "
         "it."),
        (["after_sales.remorse.cancels=0", "after_sales.seller_initiated.approves=1"],
         "after_sales.remorse does nothing, as nobody cancels: give cancels and window above 0 or remove it."),
        (["after_sales.remorse.window=0"],
         "after_sales.remorse and after_sales.seller_initiated.approves do nothing, as nobody cancels: give cancels "
         "and window above 0 or remove them."),
        (["after_sales.remorse.window=7", "after_sales.seller_initiated.days=['3 weeks']"],
         "after_sales.seller_initiated.approves does nothing, as the first contact is due 3 weeks after the sale, and "
         "by then nobody may cancel any more: contact customers within after_sales.remorse.window or remove it."),
        (["closing.closers=0", "after_sales.by=anyone"],
         "after_sales.familiar does nothing, as no member of teams.sellers is the face that sells: give "
         "closing.closers or remove it."),
        (["after_sales.cooperative.every=6 months"],
         "after_sales.cooperative does nothing, as the first is due 6 months after the sale, and the horizon has 120 "
         "working days: contact customers sooner, lengthen the horizon or remove it."),
        (["after_sales.defect.complains=0", "after_sales.survey=off"],
         "after_sales.customer_initiated.lift and after_sales.customer_initiated.odds_per_day do nothing, as no "
         "customer calls: give after_sales.defect.rate or after_sales.customer_initiated.suggestions_every or remove "
         "them."),
        (["after_sales.defect.complains=0"],
         "after_sales.customer_initiated.patience does nothing, as nobody complains: give after_sales.defect.rate and "
         "complains or remove it."),
        (["after_sales.defect.rate=0", "after_sales.customer_initiated=off", "after_sales.defect.cost=9"],
         f"after_sales.defect.shows_after, after_sales.defect.drop, after_sales.defect.complains, "
         "after_sales.defect.satisfied, after_sales.defect.cost, after_sales.cooperative and after_sales.survey do "
         f"nothing, {NO_DEFECTS} them."),
        ([*ALIKE],
         "after_sales.defect.satisfied, after_sales.remorse.satisfied, after_sales.repeat.satisfied and "
         "after_sales.referral.satisfied do nothing, as every customer's satisfaction is one half: give "
         "after_sales.satisfaction or remove them."),
    ],
)  # fmt: skip
def test_every_key_that_does_nothing_word_for_word(overrides: list[str], message: str) -> None:
    assert message in warnings(*overrides)


@pytest.mark.parametrize(
    "overrides",
    [
        ["after_sales.consistency=[]", "after_sales.quality=off"],
        ["after_sales.consistency=[0, 0.5]"],
        ["after_sales.by=anyone"],
        ["closing.pressure=1.5", "after_sales.satisfaction.pressure=0.1", "after_sales.remorse.conceded=2"],
        ["segments.list.fit=0.8", "after_sales.satisfaction.bad_fit=0.1"],
        ["after_sales.delivery=off"],
        ["after_sales.defect.complains=0", "after_sales.customer_initiated.patience=off"],
        ["after_sales.defect.complains=0", "after_sales.customer_initiated.patience=off", "after_sales.survey=off",
         "after_sales.customer_initiated.suggestions_every=90"],
        ["after_sales.referral.circle=false", "after_sales.referral.given=1", "after_sales.referral.names=99"],
        [*ALIKE, "after_sales.satisfaction={ reality = 0.5, promise = 0.1 }"],
        [*ALIKE, "after_sales.satisfaction.reality=0.5", "after_sales.seller_initiated.lift=1.1"],
        ["after_sales.remorse=off", "after_sales.seller_initiated.approves=1"],
        ["after_sales=off", "segments.named=off"],
        ["after_sales.repeat.every={ exponential = { mean = 400 } }"],
        ["calling.warm.accepted=2", "after_sales.referral.given=0.1"],
    ],
)  # fmt: skip
def test_keys_that_act_are_not_doubted(overrides: list[str]) -> None:
    assert warnings(*overrides) == ()


def test_without_contacts_there_is_nothing_to_keep_to() -> None:
    assert warnings(*NO_VISITS, "after_sales.cross_sale=off", "after_sales.referral=off", "segments.named=off") == (
        f"after_sales.consistency does nothing, as no contacts are due: {ADD}",
        f"after_sales.quality does nothing, as no contacts are due: {ADD}",
    )


def test_the_team_that_cares_has_work_to_do() -> None:
    care = ("teams.care={ wage_per_hour = 20, paid = 'worked' }", "after_sales.team=care")
    assert warnings(*care, VISITED, text=BARE) == ()
    [idle] = warnings(*care, text=BARE)
    assert idle.startswith("teams.care has a member and no work: name it in ")
    assert "after_sales.team" in idle
    assert warnings(*care, "after_sales.defect={ rate = 0.1, cost = 5 }", text=BARE) == ()


def test_too_much_care_is_said_in_minutes() -> None:
    care = ("teams.care={}", "after_sales.team=care", "segments.list.leads=9000", "teams.callers.size=30",
            "after_sales.seller_initiated={ every = '1 day', minutes = { talk = 30 } }")  # fmt: skip
    [said] = [w for w in warnings(*care, text=BARE) if "teams.care" in w]
    assert "minutes a day for customers, so these are seen later from week to week, but has 480" in said
    assert said.endswith("add members or look after fewer.")


def test_those_who_are_named_are_leads_to_dial() -> None:
    """Nothing is said of a list that is empty, of a warmth without leads, of a segment that gets none at first."""
    hot = ("segments.list.temperature=hot", "segments.list.leads=100",
           "inbound={ teams = ['sellers'], accepted = 0.5, waiting = { source = 'a guess', odds = {} } }")  # fmt: skip
    assert [said for said in warnings(*hot) if "0 leads" in said] == []
    cut = warnings("after_sales.referral.given=0")
    assert len(cut) == 1


def test_what_an_override_left_without_effect_is_not_doubted() -> None:
    base = parse_scenario(CARED)
    for dropped in ("after_sales.seller_initiated=off", "after_sales.defect.rate=0", "after_sales.remorse=off",
                    "after_sales.consistency=[]", "after_sales.satisfaction=off", "horizon=30 working days",
                    "closing.closers=0"):  # fmt: skip
        without = parse_scenario(CARED, overrides=[dropped])
        assert not [said for said in advise(without, base).warnings if "nothing" in said], dropped


def test_what_odds_mean() -> None:
    told = [said.removeprefix("after_sales.") for said in advise(parse_scenario(CARED)).odds]
    assert told == [
        "seller_initiated.lift 1.2: satisfaction 50.0 % → 54.5 %",
        "customer_initiated.lift 1.5: satisfaction 50.0 % → 60.0 %",
        "marketing.lift 1.1: satisfaction 50.0 % → 52.4 %",
        "customer_initiated.odds_per_day 0.9: satisfaction 50.0 % → 47.4 %",
        "cooperative.odds_defect 0.9: defects 20.0 % → 18.4 %",
        "seller_initiated.approves 0.5: cancelled 10.0 % → 5.3 %",
        "friendly.odds_referral 1.2: gave names 20.0 % → 23.1 %",
        "quality.odds_per_month 1.1: kept to 90.0 % → 90.8 %",
        "by satisfaction, which starts at 60 % on average (reality less promise):",
        "defect.complains 40.0 % at 50 %: 36.7 % at 60 %, 25.0 % at 100 %",
        "remorse.cancels 10.0 % at 50 %: 8.8 % at 60 %, 5.3 % at 100 %",
        "repeat.bought 30.0 % at 50 %: 33.0 % at 60 %, 46.2 % at 100 %",
        "referral.given 20.0 % at 50 %: 22.3 % at 60 %, 33.3 % at 100 %",
    ]
