"""Advice on follow-up: what its odds mean, what never stops or begins, what does nothing; worked out on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner

from simfunnel import simulate
from simfunnel.cli import program
from simfunnel.experiments.advice import advise
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.pursuit_expectation import opening_days, pursued, touch_days, undecided
from simfunnel.experiments.run import summarise
from simfunnel.scenario.loading import parse_scenario

# 100 leads answer and listen, half accept: 50 booked, half come (25), 4 in 5 are interested (20), half buy: 10 are
# not convinced, 8 in 10 of them undecided: 8 files. All are dialled on the first day (100 x 1 of 480 minutes).
FOLLOWED = """
start = 2026-01-05
horizon = "40 working days"
intake = "20 working days"
[segments.list]
leads = 100
interested = 0.8
tolerance = { discrete = [2, 2, 3] }
walks_away = 0.5
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 0.5
[calling.minutes]
talk = 1
[teams.callers]
[demo]
every = "5 working days"
team = "callers"
attended = 0.5
[closing]
sold_if_interested = 0.5
undecided = 0.8
[follow_up]
team = "callers"
interval = "2 working days"
touches = 5
channel = "phone"
sold = 0.2
[follow_up.channels.phone]
reached = 0.5
[follow_up.channels.phone.minutes]
not_reached = 2
talk = 10
[money]
revenue_per_sale = 100
"""
PLAIN = FOLLOWED[: FOLLOWED.index("[follow_up]")].replace(
    "tolerance = { discrete = [2, 2, 3] }\nwalks_away = 0.5\n", ""
) + ("[money]\nrevenue_per_sale = 100\n")
PHONE = (
    FOLLOWED[: FOLLOWED.index("[demo]")].replace("interested = 0.8\n", "") + FOLLOWED[FOLLOWED.index("[follow_up]") :]
)
SALE = ("calling.offer=sale", "calling.accepted=0.1", "calling.undecided=0.5")


def expectation(*overrides: str, text: str = FOLLOWED) -> Expectation:
    return Expectation(parse_scenario(text, overrides=overrides))


def warnings(*overrides: str, text: str = FOLLOWED) -> tuple[str, ...]:
    return advise(parse_scenario(text, overrides=overrides)).warnings


def odds(*overrides: str) -> tuple[str, ...]:
    return advise(parse_scenario(FOLLOWED, overrides=overrides)).odds


def test_nothing_to_say_about_a_sound_follow_up() -> None:
    assert warnings() == ()
    assert warnings(text=PLAIN) == ()
    assert warnings(*SALE, text=PHONE) == ()


def test_files_worked_out_on_paper() -> None:
    assert undecided(expectation())["list"] == pytest.approx(8)
    # 100 are asked, 10 buy at once, half of the others are undecided.
    assert undecided(expectation(*SALE, text=PHONE))["list"] == pytest.approx(45)
    # A quarter is qualified: of the 20 who are interested 2.5 buy, 17.5 do not, 14 of them undecided.
    assert undecided(expectation("segments.list.qualified=0.25"))["list"] == pytest.approx(14)


def test_touches_worked_out_on_paper() -> None:
    # Half of the touches reach somebody, a fifth of these sell: each sells to a tenth of those who are left.
    [each] = pursued(expectation())
    stays = [1.0, 0.9, 0.81, 0.729, 0.6561]
    assert each.touches_each == pytest.approx(sum(stays))
    assert each.sold == pytest.approx(8 * (1 - 0.9**5))
    assert each.minutes_each == pytest.approx(sum(stays) * 6)
    # Half are never ready and get all five; nobody is able to buy before the second day of two weeks.
    [each] = pursued(expectation("segments.list.never_ready=0.5"))
    assert each.touches_each == pytest.approx((5 + sum(stays)) / 2)
    assert each.sold_each == pytest.approx((1 - 0.9**5) / 2)
    [each] = pursued(expectation("segments.list.ready=7"))  # touched on calendar days 2.8, 5.6, 8.4, 11.2, 14
    assert each.sold_each == pytest.approx(1 - 0.9**3)


def test_days_of_touches_worked_out_on_paper() -> None:
    def days(*overrides: str, within: float = 20) -> list[float]:
        scenario = parse_scenario(FOLLOWED, overrides=overrides)
        assert scenario.follow_up is not None
        return touch_days(scenario.follow_up, scenario, within).tolist()

    assert days() == [2, 4, 6, 8, 10]
    assert days(within=7) == [2, 4, 6]
    assert days("follow_up.first_after=1 week") == [5, 7, 9, 11, 13]
    assert days("follow_up.stop_after=5 working days") == [2, 4]
    assert days("follow_up.retry_after=4 working days", "follow_up.touches=3") == [2, 5, 8]


def test_files_are_opened_until_the_dialling_ends() -> None:
    # The list is done within a day, and 40 days have 7 events (on days 5, 10, ..., 35).
    assert opening_days(expectation()) == pytest.approx(1 + 100 / 480 + 40 / 7)
    assert opening_days(expectation("segments.list.arrivals=1")) == pytest.approx(20 + 40 / 7)


def test_odds_are_told_with_the_share_before_and_after() -> None:
    assert odds(
        "follow_up.odds_per_touch=0.5", "follow_up.odds_per_irritation=0.25", "follow_up.pressure=4",
        "follow_up.odds_returned=4", "segments.list.returns=0.2",
    ) == (
        "follow_up.odds_per_touch 0.5: sold 20.0 % → 11.1 %",
        "follow_up.odds_per_irritation 0.25: sold 20.0 % → 5.9 %",
        "follow_up.pressure 4: sold 20.0 % → 50.0 %",
        "follow_up.odds_returned 4: sold 20.0 % → 50.0 %",
    )  # fmt: skip
    nurtured = odds(
        "follow_up.nurture={ every = '1 week', messages = 9, odds_returning = 4 }", "segments.list.returns=0.2"
    )
    assert nurtured == ("follow_up.nurture.odds_returning 4: returns 20.0 % → 50.0 %",)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["follow_up.touches=4000"],
            "follow_up has no stop rule (neither touches nor stop_after nor reads_signals), so who never buys is "
            "touched until the horizon, about 20 times: give one of them.",
        ),
        (
            ["closing.undecided=0"],
            "follow_up follows up 0 leads, as nobody is left undecided: give a share above 0 in closing.undecided, or "
            "remove it.",
        ),
        (
            ["follow_up.stop_after=1 working day"],
            "follow_up.stop_after 1 working day leaves no room for a touch, as the first is due 2 working days after "
            "the talk (follow_up.interval): stop later.",
        ),
        (
            ["follow_up.stop_after=1 week", "follow_up.first_after=2 weeks"],
            "follow_up.stop_after 1 week leaves no room for a touch, as the first is due 2 weeks after the talk "
            "(follow_up.first_after): stop later.",
        ),
        (
            ["follow_up.interval=1 year"],
            "no touch fits into the horizon of 40 working days, as the first is due 1 year after the talk "
            "(follow_up.interval): touch sooner or lengthen it.",
        ),
        (
            ["follow_up.interval=10 working days"],
            "follow_up.touches is 5, but only about 3 fit into the horizon of 40 working days: touch more often or "
            "lengthen the horizon, or allow fewer.",
        ),
        (
            ["follow_up.stop_after=5 working days"],
            "follow_up.touches is 5, but only about 2 fit before stop_after 5 working days: stop later, or allow "
            "fewer.",
        ),
        (
            ["follow_up.touches=17"],
            "follow_up lasts up to about 34 working days, and talks go on until about day 6.9 of 40, so later ones are "
            "cut short by the horizon: lengthen it, or end the intake sooner.",
        ),
        (
            ["follow_up.quota=100", "segments.list.tolerance=5", "follow_up.interval='1 week'"],
            "follow_up.quota 100 is about 600 minutes a day for each member, who has 480: ask for fewer.",
        ),
        (
            ["follow_up.quota=8", "segments.list.tolerance=5", "follow_up.interval='1 week'"],
            "follow_up.quota 8 touches each open lead about every 1.4 days, even if all 8 undecided were open at "
            "once, but half of them tolerate a touch only every 5 days or more: lower it.",
        ),
        (
            ["segments.list.tolerance=9"],
            "follow_up.interval 2 working days is sooner than 100 % of the undecided tolerate (half of all only every "
            "9 days or more), so it irritates them: touch later, or ask them and keep to the answer (follow_up.ask).",
        ),
        (
            ["segments.list.tolerance={ low = 2.8, high = 10 }", "follow_up.interval='1 week'",
             "follow_up.first_after=2 working days"],
            "follow_up.first_after 2 working days is sooner than 100 % of the undecided tolerate (half of all only "
            "every 6.4 days or more), so it irritates them: touch later, or ask them and keep to the answer "
            "(follow_up.ask).",
        ),
        (
            ["follow_up.retry_after=1 week"],
            "follow_up.retry_after 1 week is longer than follow_up.interval 2 working days, so who is not reached is "
            "tried later than who is: retry sooner or remove it.",
        ),
        (
            # Bought elsewhere by day 4: of 15 touches on days 2.8, 5.6, ... 14 come too late, two until one
            # reaches the lead.
            ["segments.list.window=4", "follow_up.touches=15"],
            "nobody lets go of a lead that says it has bought elsewhere, as follow_up.reads_signals is 0, so each of "
            "these is called about 12 more times: give it a share above 0.",
        ),
        (
            ["segments.list.qualified=0.5", "follow_up.touches=15"],
            "nobody lets go of a lead that says it can never buy, as follow_up.reads_signals is 0, so each of these is "
            "called about 13 more times: give it a share above 0.",
        ),
        (["follow_up.sold=0"], "follow_up.sold is 0 at the best guess, so no touch ever sells: give a share above 0."),
        (
            ["follow_up.odds_per_irritation=1.5"],
            "follow_up.odds_per_irritation 1.5 says that irritation makes people buy: give at most 1.",
        ),
        (
            ["segments.list.ready=30"],
            "none of the about 40 touches can sell, as the leads of segments.list are able to buy before the first "
            "touch, after the last or never: check ready, window, never_ready and the interval.",
        ),
        (
            ["teams.sellers={}", "follow_up.team=sellers", "follow_up.channels.phone.minutes.talk=4 h",
             "segments.list.leads=9000", "teams.callers.size=10"],
            "teams.sellers needs about 8,919 minutes a day for touches, so these are made later from week to week, but "
            "has 480: add members or follow up fewer.",
        ),
    ],
)  # fmt: skip
def test_every_doubt_of_the_policy_word_for_word(overrides: list[str], message: str) -> None:
    if "follow_up.touches=4000" in overrides:
        overrides = [*overrides, "follow_up.channels.phone.minutes.talk=1"]
    assert message in warnings(*overrides)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["follow_up.signals=2"],
         "follow_up.signals does nothing, as no signal is noticed without reads_signals: give follow_up.reads_signals "
         "or remove it."),
        (["segments.list.tolerance=2"],
         "segments.list.tolerance does nothing, as no touch comes sooner (follow_up.interval is 2 working days): touch "
         "more often or remove it."),
        (["segments.list.tolerance=0"],
         "segments.list.walks_away does nothing, as no touch irritates: give the segment tolerance or channels, or "
         "remove it."),
        (["segments.list.tolerance=0", "follow_up.odds_per_irritation=0.5"],
         "follow_up.odds_per_irritation does nothing, as no touch irritates: give a segment tolerance or channels or "
         "remove it."),
        (["segments.list.tolerance=0", "follow_up.ask=true"],
         "follow_up.ask does nothing, as any channel and any interval is welcome: give a segment tolerance or channels "
         "or remove it."),
        (["follow_up.insist=0.5"],
         "follow_up.insist does nothing, as no segment has gatekeepers: give a segment decision_maker below 1 or "
         "remove it."),
        (["follow_up.retry_after=1 day", "follow_up.channels.phone.reached=1"],
         "follow_up.retry_after does nothing, as every touch reaches somebody: give the channel reached below 1 or "
         "remove it."),
        (["follow_up.qualify={}"],
         "follow_up.qualify does nothing, as all leads are qualified: give a segment qualified below 1 or remove it."),
        (["follow_up.qualify={}", "segments.list.fit=0.5", "money.bad_fit=9"],
         "follow_up.qualify does nothing, as all leads are qualified, and bad fits are not declined: set "
         "decline_bad_fit = true or remove it."),
        (["follow_up.qualify={}", "segments.list.qualified=0.5", "follow_up.decline_bad_fit=true"],
         "follow_up.decline_bad_fit does nothing, as the product is right for all leads: give a segment fit below 1 or "
         "remove it."),
        (["follow_up.nurture={ every = '1 week', messages = 3 }"],
         "follow_up.nurture does nothing, as everybody is able to buy at once: give a segment ready or never_ready or "
         "remove it."),
        (["follow_up.nurture={ every = '1 week', messages = 3, keeps_open = 2 }", "segments.list.ready=5"],
         "follow_up.nurture.keeps_open does nothing, as no lead ever buys elsewhere: give a segment window or remove "
         "it."),
        (["follow_up.nurture={ every = '1 week', messages = 3, odds_returning = 2 }", "segments.list.ready=5"],
         "follow_up.nurture.odds_returning does nothing, as nobody comes back by itself: give a segment returns or "
         "remove it."),
        (["follow_up.odds_returned=2"],
         "follow_up.odds_returned does nothing, as nobody comes back by itself: give a segment returns or remove it."),
        (["follow_up.channels.mail.reached=1"],
         "follow_up.channels.mail does nothing, as follow_up.channel is phone and leads are not asked: remove it."),
        (["follow_up.channels.mail.reached=1", "follow_up.ask=true"],
         "follow_up.channels.mail does nothing, as no lead asks for it: remove it."),
        (["follow_up.keeps=0.5"],
         "follow_up.keeps does nothing, as only who asks can keep to the answer: set follow_up.ask = true or remove "
         "it."),
        (["follow_up.decline_bad_fit=true", "segments.list.fit=0.5", "money.bad_fit=9"],
         "follow_up.decline_bad_fit does nothing, as only qualifying finds whom the product fits: add "
         "[follow_up.qualify] or remove it."),
        (["money.bad_fit=9"],
         "money.bad_fit is paid for 0 sales, as the product is right for all leads: give a segment fit below 1 or "
         "remove it."),
        (["segments.list.fit=0.5"],
         "segments.list.fit does nothing, as a sale to others costs 0: give money.bad_fit."),
    ],
)  # fmt: skip
def test_every_key_that_does_nothing_word_for_word(overrides: list[str], message: str) -> None:
    assert message in warnings(*overrides)


@pytest.mark.parametrize(
    "overrides",
    [
        ["follow_up.signals=2", "follow_up.reads_signals=0.5"],
        ["follow_up.ask=true"],
        ["segments.list.tolerance=2", "follow_up.quota=1"],
        ["segments.list.tolerance=0", "segments.list.channels={ mail = 1 }", "follow_up.channels.mail.reached=1",
         "follow_up.ask=true", "follow_up.keeps=0.5"],
        ["follow_up.insist=0.5", "segments.list.decision_maker=0.5", "calling.asked_through=0.5"],
        ["follow_up.retry_after=1 day"],
        ["follow_up.qualify={}", "segments.list.qualified=0.5"],
        ["follow_up.qualify={}", "segments.list.fit=0.5", "follow_up.decline_bad_fit=true"],
        ["segments.list.fit=0.5", "money.bad_fit=9"],
        ["follow_up.nurture={ every = '1 week', messages = 3, odds_returning = 2, keeps_open = 2 }",
         "segments.list.ready=5", "segments.list.window=30", "segments.list.returns=0.5"],
        ["follow_up.odds_returned=2", "segments.list.returns=0.5"],
        ["closing.sold_if_interested=0"],
        ["segments.list.reach=1"],
        ["segments.list.tolerance=9", "follow_up.ask=true"],
        ["segments.list.tolerance=9", "follow_up.ask=true", "follow_up.keeps=0.5"],
        ["segments.list.tolerance=9", "segments.list.walks_away=0"],
        ["segments.list.tolerance=9", "follow_up.first_after=2 weeks", "follow_up.touches=1"],
        ["segments.list.window=4", "follow_up.touches=15", "follow_up.reads_signals=0.1"],
        ["segments.list.window=4"],
        ["segments.list.qualified=0.5", "follow_up.touches=15", "follow_up.qualify={}"],
        ["segments.list.never_ready=0.5", "follow_up.touches=15"],
    ],
)  # fmt: skip
def test_keys_that_act_are_not_doubted(overrides: list[str]) -> None:
    assert warnings(*overrides) == ()


def test_traits_of_the_undecided_do_nothing_without_follow_up_but_bad_fits_cost() -> None:
    assert warnings("segments.list.ready=5", text=PLAIN) == (
        "segments.list.ready does nothing, as nobody follows up the undecided: add a table [follow_up] or remove it.",
    )
    all_ = ["ready=5", "never_ready=0.1", "window=9", "tolerance=3", "walks_away=0.1", "returns=0.1"]
    assert warnings(*(f"segments.list.{key}" for key in all_), text=PLAIN) == (
        "segments.list.ready, segments.list.never_ready, segments.list.window, segments.list.tolerance, "
        "segments.list.walks_away and segments.list.returns do nothing, as nobody follows up the undecided: add a "
        "table [follow_up] or remove them.",
    )
    assert warnings("segments.list.fit=0.5", "money.bad_fit=9", text=PLAIN) == ()
    sale = PLAIN[: PLAIN.index("[demo]")].replace("interested = 0.8\n", "")
    assert warnings(
        *SALE, "segments.list.channels={ phone = 1 }", "money.revenue_per_sale=1", "money.unit_cost=0", text=sale
    ) == (
        "segments.list.channels and calling.undecided do nothing, as nobody follows up the undecided: add a table "
        "[follow_up] or remove them.",
    )


ALL_HABITS = (
    "follow_up.reads_signals=0.5", "follow_up.signals=2", "follow_up.ask=true", "follow_up.keeps=0.3",
    "follow_up.qualify={}", "follow_up.decline_bad_fit=true", "segments.list.fit=0.5", "segments.list.ready=3",
    "segments.list.window=60", "segments.list.channels={ mail = 0.5, phone = 0.5 }", "money.bad_fit=9",
    "follow_up.channels.mail.reached=1", "segments.list.returns=0.1", "follow_up.odds_returned=2",
    "follow_up.odds_per_irritation=0.5", "follow_up.retry_after=1 working day",
)  # fmt: skip


@pytest.mark.parametrize(
    "dropped",
    ["follow_up=off", "follow_up.ask=false", "follow_up.qualify=off", "follow_up.decline_bad_fit=false",
     "segments.list.returns=0", "segments.list.fit=1", "follow_up.channels.phone.reached=1",
     "follow_up.interval=2 weeks"],
)  # fmt: skip
def test_what_an_override_left_without_effect_is_not_doubted(dropped: str) -> None:
    base = parse_scenario(FOLLOWED, overrides=ALL_HABITS)
    assert advise(base, base).warnings == ()
    without = parse_scenario(FOLLOWED, overrides=[*ALL_HABITS, dropped])
    assert not [said for said in advise(without, base).warnings if "nothing" in said]


def test_what_does_nothing_in_the_base_either_is_doubted() -> None:
    base = parse_scenario(FOLLOWED, overrides=["follow_up.signals=2"])
    [said] = advise(base).warnings
    other = parse_scenario(FOLLOWED, overrides=["follow_up.signals=2", "teams.callers.size=2"])
    assert advise(other, base).warnings == (said,)
    # A key that is changed itself, or is new, is its author's doing.
    reads = parse_scenario(FOLLOWED, overrides=["follow_up.signals=2", "follow_up.reads_signals=1"])
    changed = parse_scenario(FOLLOWED, overrides=["follow_up.signals=3"])
    assert advise(changed, reads).warnings == (said,)
    plain = parse_scenario(PLAIN, overrides=["segments.list.ready=3"])
    some = advise(plain, parse_scenario(PLAIN, overrides=["segments.list.window=9"])).warnings
    assert [w.split(",")[0] for w in some] == ["segments.list.ready does nothing"]


def test_what_is_for_dialling_acts_on_touches_too() -> None:
    hot = (
        "segments.web={ temperature = 'hot', leads = 9, decision_maker = 0.5, reach = 1 }",
        "inbound={ teams = ['callers'], accepted = 0.5, waiting = { source = 'a guess', odds = {} } }",
    )
    assert [w for w in warnings(*hot) if "web" in w] == []
    assert len([w for w in warnings(*hot, text=PLAIN) if "web" in w]) == 2
    assert [w for w in warnings(*SALE, "segments.list.odds.sold=2", text=PHONE) if "odds" in w] == []


def test_the_team_that_follows_up_has_work_to_do() -> None:
    sellers = ("teams.sellers={ wage_per_hour = 20, paid = 'worked' }",)
    assert any("teams.sellers has a member and no work" in w for w in warnings(*sellers))
    assert "follow_up.team" in next(w for w in warnings(*sellers) if "no work" in w)
    assert warnings(*sellers, "follow_up.team=sellers") == ()


def test_without_follow_up_who_refuses_by_phone_is_not_undecided() -> None:
    def counted(*overrides: str, engine: Literal["vector", "simpy"]) -> dict[str, list[float]]:
        scenario = parse_scenario(PHONE, overrides=[*SALE, *overrides])
        columns = simulate(scenario, replications=3, engine=engine, workers=1).columns
        return {name: values.tolist() for name, values in columns.items() if "days" not in name}

    nobody = counted("follow_up=off", "calling.undecided=0", engine="vector")
    assert nobody["losses.undecided"] == [0, 0, 0]
    for engine in ("vector", "simpy"):
        found = counted("follow_up=off", engine=engine)  # type: ignore[arg-type]
        assert str(found) == str(nobody)


def test_a_run_of_an_alternative_does_not_doubt_what_it_left_without_effect(tmp_path: Path) -> None:
    file = tmp_path / "habits.toml"
    less = '\n[alternatives.plain]\nfollow_up = "off"\n[alternatives.silent]\nfollow_up.ask = false\n'
    asking = FOLLOWED.replace("touches = 5", "touches = 5\nask = true\nkeeps = 0.9")
    file.write_text(asking + less)
    for how in (["--alternative", "plain"], ["--alternative", "silent"], ["--set", "follow_up=off"],
                ["--set", "follow_up.ask=false"], []):  # fmt: skip
        done = CliRunner().invoke(program, ["check", str(file), *how])
        assert (done.exit_code, "nothing" in done.output) == (0, False), done.output
    done = CliRunner().invoke(program, ["run", str(file), "--alternative", "silent", "--replications", "2"])
    assert (done.exit_code, "does nothing" in done.output) == (0, False)
    file.write_text(FOLLOWED.replace("touches = 5", "touches = 5\nkeeps = 0.9"))
    assert "follow_up.keeps does nothing" in CliRunner().invoke(program, ["check", str(file)]).output


def told(*overrides: str) -> list[str]:
    """What a run of 200 histories says of what is open at its end."""
    result = simulate(parse_scenario(FOLLOWED, overrides=overrides), replications=200, engine="vector", workers=1)
    return [warning for warning in summarise(result)["warnings"] if " open " in warning or "followed up at" in warning]


def test_a_run_tells_of_files_that_are_open_at_its_end() -> None:
    assert told() == []
    # Nobody is ever able to buy, and nobody gives a signal: all of about 16 files are open.
    [warning] = told("follow_up.touches=4000", "follow_up.reads_signals=1", "segments.list.never_ready=1",
                     "segments.list.tolerance=0", "segments.list.leads=1000",
        "calling.accepted=0.1")  # fmt: skip
    assert "undecided leads (100 %) are still being followed up at the horizon" in warning
    assert warning.endswith(
        "at the horizon: who gives no signal is never let go, as follow_up has no stop rule, so what they buy later is "
        "not counted: give follow_up.touches or follow_up.stop_after."
    )
    # Of 100 leads, of whom 80 are left undecided, that is said of the leads as well.
    many = ["calling.accepted=1", "demo.attended=1", "closing.undecided=1", "closing.sold_if_interested=0"]
    never = ("segments.list.never_ready=1", "segments.list.tolerance=0", "follow_up.reads_signals=1")
    assert len(told(*many, "follow_up.touches=4000", *never)) == 1  # a longer horizon would close none
    both = told(*many, "follow_up.stop_after=1 year", "follow_up.touches=4000", *never)
    assert len(both) == 2
    assert both[0].endswith("of them undecided and not let go), so results are cut short: lengthen the horizon.")
    assert both[1].endswith("so what they buy later is not counted: lengthen the horizon.")


def test_what_advice_says_of_open_files_a_run_does_not_say_again() -> None:
    assert told("follow_up.touches=4000") == []
    assert any("no stop rule" in warning for warning in warnings("follow_up.touches=4000"))
