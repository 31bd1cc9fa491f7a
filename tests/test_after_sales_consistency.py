"""What after-sales needs besides itself: each refusal word for word, and all of a file's at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from simfunnel.errors import ScenarioError
from simfunnel.scenario.after_sales_consistency import DATED
from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.schema import Scenario

PLAIN = """
[segments.list]
leads = 10
[segments.warmed]
temperature = "warm"
leads = 5
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[teams.callers]
[teams.sellers]
size = 3
[demo]
team = "sellers"
attended = 0.5
[closing]
sold_if_interested = 0.5
"""
CARED = f"""{PLAIN}
[segments.named]
temperature = "warm"
[after_sales]
team = "sellers"
[after_sales.remorse]
window = "14 days"
cancels = 0.1
[after_sales.customer_initiated]
suggestions_every = {{ exponential = {{ mean = "26 weeks" }} }}
[after_sales.seller_initiated]
days = ["3 days", "1 week", "1 month"]
every = "6 months"
asks = true
[after_sales.friendly]
every = "1 year"
[after_sales.repeat]
every = "13 weeks"
bought = "3 of 10"
[after_sales.referral]
segment = "named"
given = 0.3
[after_sales.resale]
share = 0.2
sells_in = "8 weeks"
"""
BG_NBD = "after_sales.repeat={ bg_nbd = { r = 0.243, alpha = 4.414, a = 0.793, b = 2.426 } }"
OCCASIONS = """every = "13 weeks"
bought = "3 of 10"
"""


def good(*overrides: str, text: str = CARED) -> Scenario:
    return parse_scenario(text, overrides=overrides)


def problems(*overrides: str, text: str = CARED) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(text, overrides=overrides)
    return [str(problem).split(": ", 1)[1] for problem in refusal.value.problems]


@pytest.mark.parametrize(
    "overrides",
    [
        ["after_sales.consistency=[1, '80 %', { low = 0.3, high = 0.6 }]"],
        ["after_sales.by=anyone", "after_sales.seller_initiated.days=[]"],
        ["after_sales.seller_initiated.days=['4 working days', '6 days', '7 days', '1 month', '31 days']"],
        ["after_sales.seller_initiated.every=off"],
        ["after_sales.survey={ every = '1 day' }", "after_sales.marketing={ days = ['100 years'] }"],
        ["after_sales.resale.sells_in={ low = 0, high = '8 weeks' }"],
        ["after_sales.repeat.every={ discrete = [30, 60] }", "after_sales.repeat.leaves=0.1"],
        ["segments.named.leads=0", "segments.named.arrivals=0"],
        ["segments.named.team=sellers", "after_sales.referral.circle=false"],
        ["after_sales.remorse.window={ low = 0, high = 14 }"],
        ["after_sales.remorse.window={ mean = 14, sd = 3 }"],
        ["after_sales.remorse.window=0"],
        ["calling.order=['care', 'complaints', 'fresh', 'retries']"],
    ],
)
def test_what_fits_together_is_accepted(overrides: Sequence[str]) -> None:
    assert good(*overrides).after_sales is not None


def test_customers_may_buy_again_by_bg_nbd_instead() -> None:
    plan = good(BG_NBD, text=CARED.replace(OCCASIONS, "")).after_sales
    assert plan is not None
    assert plan.repeat is not None
    assert plan.repeat.bg_nbd is not None
    assert (plan.repeat.bg_nbd.per, plan.repeat.bg_nbd.alpha.best) == ("week", 4.414)


LAPSE = 'must be a time between 0 and 36,500 days (a number of days, or text such as "6 weeks") or a distribution'
SHARE = 'must be a share between 0 and 1 (such as 0.35, "35 %" or "20 of 1000") or a distribution'
DAYS = 'must be a time between days such as "2 working days", "10 days", "1 week" or "1 month"'
OF_ITS_OWN = "must be left out, as the segment is for those who are named (after_sales.referral)"
WARM = ("after_sales.referral.segment must be the name of a warm segment of its own, as who is named knows that the "
        "product exists")  # fmt: skip
LACKS = "segments.named.leads is required: leads on the list, or arrivals, new leads a working day"
MISSING_DATES = 'days is required, or every: times after the sale (write days = ["1 week"], every = "1 month" or both)'


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["after_sales.team=seller"],
         'after_sales.team must name one of callers, sellers, found "seller" (did you mean `sellers`?)'),
        (["after_sales.consistency=[0.5, 0.6]"],
         "after_sales.consistency must be empty or one share for each of the 3 members of team sellers, found 2"),
        (["after_sales.consistency=[0.5, 0.6]", "after_sales.team=callers"],
         "after_sales.consistency must be empty or one share for the one member of team callers, found 2"),
        (["after_sales.consistency=[0.5, 60, 1]"],
         f'after_sales.consistency[1] {SHARE}, found 60 (did you mean "60 %"?)'),
        (["after_sales.consistency=0.5"],
         "after_sales.consistency must be a list, found 0.5 (write one for each member: [0.5, 0.5, 0.5] for a team of "
         "3)"),
        (["after_sales.consistency=80 %"],
         'after_sales.consistency must be a list, found "80 %" (write one for each member: ["80 %", "80 %", "80 %"] '
         "for a team of 3)"),
        (["after_sales.consistency=true"], "after_sales.consistency must be a list, found true"),
        (["after_sales.by=closers"],
         'after_sales.by must be one of "closer", "anyone", found "closers" (did you mean `closer`?)'),
        (["after_sales.satisfaction.promise=1.5"], f"after_sales.satisfaction.promise {SHARE}, found 1.5"),
        (["after_sales.satisfaction.reality={ mean = 0.5, sd = 0.5 }"],
         "after_sales.satisfaction.reality must have 0 < mean < 1 and 1e-6 <= sd < sqrt(mean * (1 - mean)), found "
         "{ mean = 0.5, sd = 0.5 }"),
        (["after_sales.delivery.days=2 h"], f'after_sales.delivery.days {LAPSE}, found "2 h"'),
        (["after_sales.seller_initiated.days=['1 week', '3 days']"],
         'after_sales.seller_initiated.days[1] must be later than the one before it, "1 week", found "3 days"'),
        (["after_sales.seller_initiated.days=['5 working days', '1 week']"],
         'after_sales.seller_initiated.days[1] must be later than the one before it, "5 working days", found "1 week"'),
        (["after_sales.seller_initiated.days=['1 week', 30]"],
         f'after_sales.seller_initiated.days[1] {DAYS}, found 30 (did you mean "30 days"?)'),
        (["after_sales.seller_initiated.days=1 week"],
         'after_sales.seller_initiated.days must be a list, found "1 week" (write ["1 week"])'),
        (["after_sales.friendly.every=off"], f"after_sales.friendly.{MISSING_DATES}"),
        (["after_sales.survey={}"], f"after_sales.survey.{MISSING_DATES}"),
        (["after_sales.survey.days=[" + ", ".join(f"'{day} days'" for day in range(1, 1_002)) + "]"],
         "after_sales.survey.days must be at most 1,000 times, found 1,001"),
        (["after_sales.survey={ every = '1 day' }", "horizon=20 years"],
         "after_sales.survey.every must give a customer at most 3,900 dates within the horizon, found about 7,320"),
        (["after_sales.repeat.every={ exponential = { mean = 0.01 } }", "horizon=50 days"],
         "after_sales.repeat.every must give a customer at most 3,900 occasions within the horizon, found about 5,000"),
        (["after_sales.repeat.every={ discrete = [0, 7] }"],
         'after_sales.repeat.every must be longer than 0 days, always, found "discrete of 0, 7"'),
        (["after_sales.customer_initiated.suggestions_every=0"],
         "after_sales.customer_initiated.suggestions_every must be longer than 0 days, always, found 0"),
        (["after_sales.marketing={ every = '1 week', half_life = 0 }"],
         "after_sales.marketing.half_life must be longer than 0 days, always, found 0"),
        (["after_sales.repeat.every=0"], "after_sales.repeat.every must be longer than 0 days, always, found 0"),
        (["after_sales.resale.sells_in={ low = 0, high = 0 }"],
         'after_sales.resale.sells_in must be longer than 0 days, always, found "uniform of 0, 0"'),
        (["after_sales.resale.sells_in=-1"], f"after_sales.resale.sells_in {LAPSE}, found -1"),
        (["after_sales.repeat.every=off"],
         "after_sales.repeat.every is required: from the sale to the first occasion to buy again, and from each to the "
         "next; drawn for each (or give "
         "bg_nbd)"),
        (["after_sales.repeat.bought=off"],
         "after_sales.repeat.bought is required: of the occasions: taken, at satisfaction one half (or give bg_nbd)"),
        (["after_sales.repeat=off"],
         "after_sales.resale must come with a table [after_sales.repeat], which says when customers buy again, found "
         "none"),
        (["after_sales.referral.segment=name"],
         'after_sales.referral.segment must name one of list, warmed, named, found "name" (did you mean `named`?)'),
        (["after_sales.referral.segment=friends", "segments.named=off"],
         'after_sales.referral.segment must name one of list, warmed, found "friends" (or add a table '
         '[segments.friends] with temperature = "warm")'),
        (["segments.named.temperature=cold"],
         f'{WARM}, found "named", which is cold (give segments.named temperature = "warm")'),
        (["after_sales.referral.segment=list"], f'{WARM}, found "list", which is cold (did you mean `named`?)'),
        (["after_sales.referral.segment=warmed"], f'{WARM}, found "warmed", which has leads (did you mean `named`?)'),
        (["after_sales.referral.segment=list", "segments.named=off"],
         f'{WARM}, found "list", which is cold (add a segment for them, such as [segments.named] with temperature = '
         '"warm" and no leads)'),
        (["segments.named.leads=5"], f"segments.named.leads {OF_ITS_OWN}"),
        (["segments.named.arrivals=5"], f"segments.named.arrivals {OF_ITS_OWN}"),
        (["segments.named.arrivals_by_weekday={ mon = 5 }"], f"segments.named.arrivals_by_weekday {OF_ITS_OWN}"),
        (["calling=off"],
         "after_sales.referral.segment must come with a table [calling], which says how those who are named are "
         "dialled, found none"),
        (["after_sales.referral=off"],
         f"{LACKS} (or, for those whom customers name, a table [after_sales.referral] with segment = "
         '"named")'),
        (["after_sales.referral=off", "segments.named.temperature=cold"],
         f"{LACKS} (or, for those whom customers name, a table [after_sales.referral] with segment = "
         '"named" and temperature = "warm" here)'),
        (["after_sales.referral=off", "after_sales.seller_initiated.asks=false"], LACKS),
        (["after_sales.seller_initiated.lift=20 %"],
         'after_sales.seller_initiated.lift must be an odds ratio > 0 or a distribution, found "20 %" (for odds 20 % '
         "higher write 1.2)"),
        (["after_sales.referral.limit=2000000"],
         "after_sales.referral.limit must be a whole number <= 1000000, found 2000000"),
        (["after_sales.referral.names=1001"],
         "after_sales.referral.names must be a number >= 0 and <= 1,000 or a distribution, found 1001"),
        (["after_sales.seller_initiated.asks=yes"],
         'after_sales.seller_initiated.asks must be true or false, found "yes"'),
        (["after_sales.seller_initiated.ask=true"],
         "after_sales.seller_initiated.ask is not a known key (did you mean `asks`?)"),
        (["after_sales.quality={ odds_per_month = 0 }"],
         "after_sales.quality.odds_per_month must be an odds ratio > 0 or a distribution, found 0"),
    ],
)  # fmt: skip
def test_every_refusal_word_for_word(overrides: Sequence[str], message: str) -> None:
    assert problems(*overrides) == [message]


def test_two_laws_of_buying_again_are_one_too_many() -> None:
    bg_nbd = BG_NBD.replace("={", ".bg_nbd={ ", 1).replace(" bg_nbd = {", "").replace("} }", "}")
    assert problems(bg_nbd, "after_sales.repeat.leaves=0.2") == [
        "after_sales.repeat.every must be left out, as bg_nbd says when customers buy again",
        "after_sales.repeat.bought must be left out, as bg_nbd says when customers buy again",
        "after_sales.repeat.leaves must be left out, as bg_nbd says by a and b how many customers drop out",
    ]
    neither = problems(text=CARED.replace(OCCASIONS, ""))
    assert [said.split(":")[0] for said in neither] == [
        "after_sales.repeat.every is required", "after_sales.repeat.bought is required"
    ]  # fmt: skip
    number = "must be a number > 0 and <= 1,000,000 or a distribution"
    without = CARED.replace(OCCASIONS, "")
    assert problems(BG_NBD, "after_sales.repeat.bg_nbd.r=0", text=without) == [
        f"after_sales.repeat.bg_nbd.r {number}, found 0"
    ]
    assert problems(BG_NBD, "after_sales.repeat.bg_nbd.per=month", text=without) == [
        'after_sales.repeat.bg_nbd.per must be one of "day", "week", found "month"'
    ]


def test_what_is_required_is_said_with_what_it_is_for_and_nothing_else_is_doubted() -> None:
    empty = "[after_sales]\n[after_sales.remorse]\n[after_sales.cross_sale]\n[after_sales.referral]\n"
    assert problems(text=f"{PLAIN}\n{empty}[after_sales.resale]\n[after_sales.repeat.bg_nbd]\n") == [
        "after_sales.team is required: the team that looks after customers",
        "after_sales.remorse.window is required: time from the sale in which a customer may cancel",
        "after_sales.remorse.cancels is required: of the customers: cancel, at satisfaction one half",
        "after_sales.cross_sale.sold is required: of the offers: taken, at satisfaction one half",
        'after_sales.referral.segment is required: the segment in which they are leads: temperature = "warm", and no '
        "others in it",
        "after_sales.referral.given is required: of the times that a customer is asked: names are given, at "
        "satisfaction one half",
        "after_sales.resale.share is required: of the customers: resell",
        "after_sales.resale.sells_in is required: time in which an order sells through, from the day it is made; "
        "drawn for every customer",
        "after_sales.repeat.bg_nbd.r is required: shape of the gamma distribution of purchase rates over customers",
        "after_sales.repeat.bg_nbd.alpha is required: its rate: r / alpha purchases per day or week (`per`) on average",
        "after_sales.repeat.bg_nbd.a is required: first parameter of the beta distribution of dropping out after a "
        "purchase: a / (a + b) on average",
        "after_sales.repeat.bg_nbd.b is required: second parameter of it",
    ]  # fmt: skip


def test_all_errors_of_a_file_are_said_at_once() -> None:
    found = problems(
        "after_sales.team=nobody", "after_sales.seller_initiated.days=['2 weeks', '1 week', '2 days']",
        "after_sales.survey={}", "after_sales.remorse.cancels=2", "after_sales.referral.segment=list",
        "after_sales.repeat.bought=off", "segments.named.leads=3",
    )  # fmt: skip
    assert sorted(problem.split(" ")[0] for problem in found) == [
        "after_sales.referral.segment", "after_sales.remorse.cancels", "after_sales.repeat.bought",
        "after_sales.seller_initiated.days[1]", "after_sales.seller_initiated.days[2]", "after_sales.survey.days",
        "after_sales.team",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("called", "meant"),
    [("aftersales", ""), ("after-sales", ""), ("Aftercare", ""), ("care", ""), ("loyalty", ""),
     ("referrals", "referral"), ("nps", "survey"), ("complaints", "customer_initiated"), ("newsletter", "marketing"),
     ("churn", "repeat"), ("upselling", "cross_sale"), ("survey", "survey"), ("satisfaction", "satisfaction"),
     ("remorse", "remorse")],
)  # fmt: skip
def test_other_words_for_it_lead_to_it(called: str, meant: str) -> None:
    whole = f"after_sales.{meant}" if meant else "after_sales"
    assert problems(text=f"{PLAIN}\n[{called}]\n") == [f"{called} is not a known key (did you mean `{whole}`?)"]


def test_other_words_inside_of_it() -> None:
    said = "is not a known key (did you mean"
    assert problems("after_sales.complaints={}") == [
        f"after_sales.complaints {said} `after_sales.customer_initiated`?)"
    ]
    assert problems("after_sales.nps={}") == [f"after_sales.nps {said} `after_sales.survey`?)"]
    assert problems("after_sales.repeat_purchases={}") == [
        f"after_sales.repeat_purchases {said} `after_sales.repeat`?)"
    ]
    assert problems("teams.sellers.care=1")[0].startswith("teams.sellers.care is not a known key (known here: kind")


def test_a_misspelt_room_is_not_absent() -> None:
    for old, new in (("[after_sales", "[aftersales"), ("[after_sales", "[after_slaes"),
                     ("[after_sales.referral", "[after_sales.referrals")):  # fmt: skip
        [said] = problems(text=CARED.replace(old, new))
        assert "is not a known key (did you mean `after_sales" in said


def test_off_takes_away_what_a_lower_layer_has() -> None:
    blocks = ("remorse", "seller_initiated", "friendly", "referral", "customer_initiated")
    for block in blocks:
        rest = ["segments.named=off"] if block == "referral" else []
        plan = good(f"after_sales.{block}=off", *rest).after_sales
        assert plan is not None
        bare = good(text=f"{PLAIN}\n[after_sales]\nteam = 'sellers'\n").after_sales
        assert getattr(plan, block) == getattr(bare, block)
    both = good("after_sales.resale=off", "after_sales.repeat=off").after_sales
    assert both is not None
    assert (both.resale, both.repeat) == (None, None)
    assert good("after_sales=off", "segments.named=off").after_sales is None
    by_bg_nbd = good("after_sales.repeat=off", BG_NBD).after_sales
    assert by_bg_nbd is not None
    assert by_bg_nbd.repeat is not None
    assert by_bg_nbd.repeat.every is None


def test_an_alternative_may_drop_a_habit() -> None:
    text = f"""{CARED}
[alternatives.silent.after_sales]
seller_initiated = "off"
[alternatives.forgotten]
after_sales = "off"
segments.named = "off"
"""
    silent = parse_scenario(text, alternative="silent").after_sales
    assert silent is not None
    assert silent.seller_initiated is None
    assert parse_scenario(text, alternative="forgotten").after_sales is None


def test_every_kind_of_contact_with_dates_is_judged() -> None:
    found = problems(*(f"after_sales.{kind}={{ days = ['2 days', '1 day'] }}" for kind in DATED))
    assert sorted(problem.split(".days")[0] for problem in found) == sorted(f"after_sales.{kind}" for kind in DATED)
