"""Advice where a scenario is silent about what decides after the sale, or says more than it means; all on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cared_scenario import CARED
from click.testing import CliRunner

from simfunnel.cli import program
from simfunnel.experiments.advice import advise
from simfunnel.scenario.loading import load, parse_scenario

SHIPPED = Path(__file__).parents[1] / "scenarios"
UNHURT = "after_sales.defect={ rate = 0.2 }"
NOTHING_MORE = tuple(f"after_sales.{name}=off" for name in ("repeat", "resale", "cross_sale", "remorse", "referral"))
STAYS = ("after_sales.remorse=off", "after_sales.seller_initiated.approves=1", "after_sales.defect=off",
         "after_sales.cooperative=off", "after_sales.survey=off", "after_sales.customer_initiated=off")  # fmt: skip


def warnings(*overrides: str, text: str = CARED) -> tuple[str, ...]:
    return advise(parse_scenario(text, overrides=overrides)).warnings


def swapped(old: str, new: str) -> str:
    assert CARED.count(old) == 1
    return CARED.replace(old, new)


ODDS_OF = "is an odds ratio, by which one half becomes"


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["after_sales.satisfaction.reality=off"],
         "after_sales.satisfaction.reality is not given, so all customers start at 50 %, though "
         "after_sales.defect.satisfied, after_sales.remorse.satisfied, after_sales.repeat.satisfied and "
         "after_sales.referral.satisfied depend on satisfaction: say how good the product turns out to be."),
        (["after_sales.satisfaction={ promise = 0.1, reality = 'off' }", "after_sales.defect.satisfied=1",
          "after_sales.remorse.satisfied=1", "after_sales.referral.satisfied=1"],
         "after_sales.satisfaction.reality is not given, so all customers start at 40 %, though "
         "after_sales.repeat.satisfied depends on satisfaction: say how good the product turns out to be."),
        # The horizon of 120 working days from Monday 2026-01-05 ends on Friday 2026-06-19, 165 days later.
        (["after_sales.seller_initiated.days=['1 week', '5 months', '6 months', '200 days']"],
         'after_sales.seller_initiated.days does nothing at "6 months" and "200 days", as the horizon of 120 working '
         "days ends before: leave them out or lengthen the horizon."),
        (["after_sales.survey.days=['6 weeks', '166 days']"],
         'after_sales.survey.days does nothing at "166 days", as the horizon of 120 working days ends before: leave it '
         "out or lengthen the horizon."),
        (["after_sales.seller_initiated.lift=20"],
         f"after_sales.seller_initiated.lift 20 {ODDS_OF} 95.2 %: if odds 20 % higher are meant, give 1.2."),
        (["after_sales.customer_initiated.lift=10"],
         f"after_sales.customer_initiated.lift 10 {ODDS_OF} 90.9 %: if odds 10 % higher are meant, give 1.1."),
        (["after_sales.marketing.lift=150"],
         f"after_sales.marketing.lift 150 {ODDS_OF} 99.3 %: if odds 150 % higher are meant, give 2.5."),
        (["after_sales.quality.odds_per_month=10"],
         f"after_sales.quality.odds_per_month 10 {ODDS_OF} 90.9 %: if odds 10 % higher are meant, give 1.1."),
        (["after_sales.friendly.odds_referral=12"],
         f"after_sales.friendly.odds_referral 12 {ODDS_OF} 92.3 %: if odds 12 % higher are meant, give 1.12."),
        (["after_sales.familiar=30"],
         f"after_sales.familiar 30 {ODDS_OF} 96.8 %: if odds 30 % higher are meant, give 1.3."),
        ([*NOTHING_MORE, "segments.named=off", "after_sales.defect.drop=0"],
         "after_sales.defect.rate brings complaints to answer and nothing else, as drop and cost are 0 and customers "
         "neither buy again nor name others: give after_sales.defect.drop and cost, or add [after_sales.repeat]."),
        ([*STAYS],
         "after_sales.repeat.leaves is not given, and there is neither [after_sales.remorse] nor "
         "after_sales.defect.rate, so no customer is ever lost: give leaves, or leaves = 0 if that is meant."),
    ],
)  # fmt: skip
def test_every_silence_word_for_word(overrides: list[str], message: str) -> None:
    assert message in warnings(*overrides)


@pytest.mark.parametrize(
    "overrides",
    [
        ["after_sales.satisfaction.reality=0.5"],
        ["after_sales.seller_initiated.days=['1 week', '165 days']"],
        ["after_sales.seller_initiated.lift=9.9", "after_sales.marketing.lift=9.9", "after_sales.repeat.satisfied=20"],
        ["after_sales.defect.drop=0"],
        [*STAYS, "after_sales.repeat.leaves=0"],
        [*STAYS, "after_sales.repeat.leaves=0.2"],
        [*STAYS, "after_sales.defect.rate=0.1"],
    ],
)
def test_what_is_said_is_not_doubted(overrides: list[str]) -> None:
    assert not [said for said in warnings(*overrides) if re.search("not given|ends before|odds ratio|nothing", said)]


def test_who_has_nothing_that_depends_on_satisfaction_need_not_say_what_it_is() -> None:
    alike = [f"after_sales.{name}.satisfied=1" for name in ("defect", "remorse", "repeat", "referral")]
    assert warnings(*alike, "after_sales.satisfaction=off") == ()


def test_what_nothing_moves_is_said_once() -> None:
    """Where all customers stay at one half, what depends on satisfaction does nothing: that says it all."""
    still = ("after_sales.satisfaction=off", "after_sales.delivery=off", "after_sales.defect.drop=0",
             "after_sales.seller_initiated.lift=1", "after_sales.marketing=off",
             "after_sales.customer_initiated=off")  # fmt: skip
    assert [said for said in warnings(*still) if "reality" in said] == []


def test_who_shortens_the_horizon_for_once_is_not_told_of_dates(tmp_path: Path) -> None:
    file = tmp_path / "cared.toml"
    file.write_text(CARED, encoding="utf-8")
    for overrides, doubted in (([], False), (["horizon=30 working days"], False),
                               (["horizon=30 working days", "after_sales.seller_initiated.days=['3 days', '8 weeks']"],
                                True)):  # fmt: skip
        loaded = load(file, overrides)
        said = advise(loaded.scenario, *loaded.as_written).warnings
        assert any("ends before" in doubt for doubt in said) is doubted


# ---------------------------------------------------------------- who is named by nobody


@pytest.mark.parametrize(
    "overrides",
    [
        ["after_sales.seller_initiated.asks=false"],
        ["after_sales.consistency=[0, 0]"],
        ["after_sales.referral.given=0"],
        ["after_sales.referral.circle=false"],
    ],
)
def test_warm_leads_whom_nobody_names_are_no_slip_of_temperature(overrides: list[str]) -> None:
    warm = ["calling.warm.listened=2", "calling.listened=0.5"]
    assert warnings(*warm, text=swapped("listened = 1", "listened = 0.9")) == ()
    found = warnings(*warm, *overrides)
    assert not [said for said in found if "temperature" in said]


def test_nobody_looks_after_customers_in_an_alternative_without_a_doubt() -> None:
    loaded = load(SHIPPED / "care-or-not.toml", (), "none")
    assert advise(loaded.scenario, *loaded.as_written).warnings == ()
    off = load(SHIPPED / "care-or-not.toml", ["after_sales.seller_initiated.asks=false"])
    assert advise(off.scenario, *off.as_written).warnings == ()


# ---------------------------------------------------------------- shares by satisfaction


def shares(*overrides: str) -> list[str]:
    told = advise(parse_scenario(CARED, overrides=overrides)).odds
    start = next((number for number, said in enumerate(told) if said.startswith("by satisfaction")), len(told))
    return [said.removeprefix("after_sales.") for said in told[start:]]


def test_shares_as_customers_start() -> None:
    """Reality 0.7 less a promise of 0.06 is 0.64: odds of 55 to 45 times 6 ** 0.28 are 2.018, and times 6 are 7.33."""
    only = ("after_sales.defect.satisfied=1", "after_sales.remorse.satisfied=1", "after_sales.referral.satisfied=1")
    repeat = "after_sales.repeat={ satisfied = 6, bought = 0.55 }"
    assert shares(*only, repeat, "after_sales.satisfaction={ reality = 0.7, promise = 0.06 }") == [
        "by satisfaction, which starts at 64 % on average (reality less promise):",
        "repeat.bought 55.0 % at 50 %: 66.9 % at 64 %, 88.0 % at 100 %",
    ]
    assert shares(*only, repeat, "after_sales.satisfaction.reality=0.5")[1:] == [
        "repeat.bought 55.0 % at 50 %: 88.0 % at 100 %"
    ]
    assert shares(*only, "after_sales.repeat.satisfied=1") == []
    # The ratio of remorse is on keeping: odds of 1 to 9 against it, doubled, are 1 to 18.
    assert shares("after_sales.satisfaction.reality=1")[2] == "remorse.cancels 10.0 % at 50 %: 5.3 % at 100 %"


def test_each_share_has_one_line_of_80_columns() -> None:
    lines = CliRunner().invoke(program, ["check", str(SHIPPED / "care-or-not.toml")]).stdout.splitlines()
    shown = [line for line in lines if " at 50 %:" in line]
    assert [line.split()[0].split(".")[1] for line in shown] == [
        "defect", "remorse", "repeat", "cross_sale", "referral"
    ]  # fmt: skip
    assert all(line.endswith(" at 100 %") for line in shown)
    assert max(map(len, lines)) <= 80
