"""What needs several keys at once: each refusal word for word."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from simfunnel.errors import ScenarioError
from simfunnel.scenario.loading import parse_scenario

GOOD = """
[segments.list]
leads = 10
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[teams.callers]
size = 2
[teams.centre]
kind = "outsourced"
contract = { per_dial = 1 }
[demo]
team = "callers"
attended = 0.5
"""


def problems(*overrides: str, text: str = GOOD) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(text, overrides=overrides)
    return [str(problem).split(": ", 1)[1] for problem in refusal.value.problems]


ROUTED = 'calling.teams={ callers = 0.5, centre = "50 %" }'


ANSWERED = f"""{GOOD}
[segments.web]
temperature = "hot"
arrivals = 3
[inbound]
teams = ["callers"]
accepted = 0.5
[inbound.waiting]
source = "a guess"
odds = {{ "5 min" = 0.5, "1 h" = 0.2 }}
"""
ORDER = 'calling.order must name "retries" and "fresh" each once, the other classes at most once, found'


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["inbound.teams=['caller']"],
            'inbound.teams must name one of callers, centre, found "caller" (did you mean `callers`?)',
        ),
        (["inbound.teams=[]"], "inbound.teams must name at least one team, found none"),
        (["inbound.teams=5"], "inbound.teams must be a list or a table, found 5"),
        (
            ["inbound.teams={ callers = 0.5, centre = 0.4 }"],
            "inbound.teams must have shares that sum to 1, found a sum of 0.9 (callers 0.5, centre 0.4)",
        ),
        (
            ["inbound.teams=['callers', 'callers']"],
            'inbound.teams must name each team once, found "callers" 2 times',
        ),
        (
            ["segments.web.temperature=warm"],
            'inbound must come with a segment of hot leads, found none (give a segment temperature = "hot")',
        ),
        (
            ["inbound.offer=meeting"],
            "inbound.offer must come with a table [meeting], which says who meets the leads, and when, found none",
        ),
        (
            ["inbound.waiting.source=' '"],
            'inbound.waiting.source must be one line of 1 to 200 printable characters, found " "',
        ),
        (
            ["inbound.waiting.source='''a\nb'''"],
            'inbound.waiting.source must be one line of 1 to 200 printable characters, found "a b"',
        ),
        (
            ["inbound.waiting.odds={ '60 min' = 0.5, '1 h' = 0.4 }"],
            'inbound.waiting.odds must name each once, found "60 min" and "1 h"',
        ),
        (
            ["inbound.waiting.odds={ '30 s' = 0.5 }"],
            'inbound.waiting.odds."30 s" must be whole minutes from 1 min to 30 days, such as "5 min", "2 h" or '
            '"1 day", found "30 s"',
        ),
        (
            ["inbound.patience=1 month"],
            'inbound.patience must be a time between 0 and 30 days (a number of minutes, or text such as "2 h" or '
            '"2 days") or a distribution, found "1 month"',
        ),
        (
            ["teams.centre.overflow.to=callers", "segments.web.team=centre"],
            "teams.centre.overflow must be left out, as the team dials nobody: name it in calling.teams, or a "
            "segment's team",
        ),
    ],
)
def test_every_refusal_of_hot_leads_word_for_word(overrides: Sequence[str], message: str) -> None:
    assert parse_scenario(ANSWERED).inbound is not None
    assert problems(*overrides, text=ANSWERED) == [message]


def test_what_waiting_costs_must_be_said() -> None:
    without = ANSWERED[: ANSWERED.index("[inbound.waiting]")]
    assert problems(text=without) == ["inbound.waiting is required: what waiting costs: a table with source and odds"]
    nameless = ANSWERED.replace('source = "a guess"', "")
    assert problems(text=nameless) == [
        "inbound.waiting.source is required: where the curve is from, or that it is a guess"
    ]


def test_leads_that_arrive_must_be_dialled() -> None:
    text = "[segments.new]\narrivals = 3\n[segments.old]\nleads = 3\n"
    assert problems(text=text) == [
        "segments.new.arrivals must come with a table [calling], which says how cold leads are dialled, found none"
    ]
    warm = text.replace("arrivals = 3", 'temperature = "warm"\narrivals_by_weekday = { mon = 3 }')
    assert problems(text=warm) == [
        "segments.new.arrivals_by_weekday must come with a table [calling], which says how warm leads are dialled, "
        "found none"
    ]


def test_closers_talk_to_the_comers_of_a_demo() -> None:
    assert problems("closing.closers=1", text=GOOD[: GOOD.index("[demo]")]) == [
        "closing.closers must come with a table [demo], whose comers they talk to, found none"
    ]


def test_arrivals_end_with_the_intake() -> None:
    """20,000 a day for 50 of 60 days, or for 10 Mondays of 12 as many as may be, are a million."""
    for arrivals in ("arrivals=20_000", "arrivals_by_weekday={ mon = 100_000, sun = 100_000 }"):
        assert parse_scenario(GOOD, overrides=[f"segments.list.{arrivals}", "intake=50 working days"]).intake
    assert len(problems("segments.list.arrivals=20_001", "intake=50 working days")) == 1
    assert len(problems("segments.list.arrivals=20_001", "intake=1 year", "horizon=50 working days")) == 1


def test_the_edges_of_the_front_are_inside() -> None:
    overrides = [
        "segments.list.arrivals=0", "segments.list.arrivals_by_weekday={ mon = 3 }",
        "calling.order=['fresh', 'retries']",
        "closing.closers=2", "closing.patience=720 h", "closing.odds_per_minute_waited=0.9",
        "closing.pressure={ low = 1, high = 3 }", "teams.callers.overflow={ to = 'centre', after = '1 week' }",
        "closing.methods={ choice = { share = 0.3333333333 }, stock = { share = 0.6666666667 } }",
        "meeting={ team = 'callers', attended = 1 }", "calling.offer=meeting",
    ]  # fmt: skip
    assert parse_scenario(GOOD, overrides=overrides).closing.closers == 2
    owner = ["teams.centre.overflow.to=callers", "segments.list.team=centre"]
    assert parse_scenario(GOOD, overrides=owner).teams["centre"].overflow is not None


def test_what_rests_on_a_wrong_key_of_the_front_is_not_judged() -> None:
    for wrong in (
        ["inbound=5"], ["segments.web.temperature=luke"], ["inbound.teams=5"], ["inbound.waiting=5"],
        ["inbound.waiting.odds=5"],
    ):  # fmt: skip
        assert len(problems(*wrong, text=ANSWERED)) == 1, wrong
    for wrong in (
        ["meeting=5", "calling.offer=meeting"], ["closing.closers=-1", "closing.patience=5"],
        ["teams.centre=5", "teams.callers.overflow.to=centre"],
    ):  # fmt: skip
        assert len(problems(*wrong)) == 1, wrong


def test_the_good_one_is_good() -> None:
    assert parse_scenario(GOOD, overrides=[ROUTED]).calling is not None


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["calling.teams=['caller']"],
            'calling.teams must name one of callers, centre, found "caller" (did you mean `callers`?)',
        ),
        (["calling.teams={ xyz = 1 }"], 'calling.teams must name one of callers, centre, found "xyz"'),
        (["demo.team=center"], 'demo.team must name one of callers, centre, found "center" (did you mean `centre`?)'),
        (["calling.teams=[]"], "calling.teams must name at least one team, found none"),
        (["calling.teams={}"], "calling.teams must name at least one team, found none"),
        (
            ["calling.teams=['callers', 'centre', 'callers']"],
            'calling.teams must name each team once, found "callers" 2 times',
        ),
        (
            ["calling.teams={ callers = 0.5, centre = 0.4 }"],
            "calling.teams must have shares that sum to 1, found a sum of 0.9 (callers 0.5, centre 0.4)",
        ),
        (
            ["calling.teams={ callers = 0.5, centre = 0.50000001 }"],
            "calling.teams must have shares that sum to 1, found a sum of 1.00000001 (callers 0.5, centre 0.50000001)",
        ),
        (
            ["calling.teams={ callers = 0.5, centre = '1 of 2' }"],
            'calling.teams.centre must be a fixed share between 0 and 1 (such as 0.35 or "35 %"), found "1 of 2"',
        ),
        (
            ["calling.teams={ callers = 0.5, centre = { low = 0.4, high = 0.6 } }"],
            'calling.teams.centre must be a fixed share between 0 and 1 (such as 0.35 or "35 %"), '
            "found { low = 0.4, high = 0.6 }",
        ),
        (
            ["calling.teams={ callers = 0.5, centre = 1.5 }"],
            'calling.teams.centre must be a fixed share between 0 and 1 (such as 0.35 or "35 %"), found 1.5',
        ),
        (
            ["calling.order=['fresh']"],
            f'{ORDER} ["fresh"]',
        ),
        (
            ["calling.order=[]"],
            f"{ORDER} []",
        ),
        (
            ["calling.order=['meetings', 'fresh', 'retries', 'meetings']"],
            f'{ORDER} ["meetings", "fresh", "retries", "meetings"]',
        ),
        (
            ["segments.x={}"],
            "segments.x.leads is required: leads on the list, or arrivals, new leads a working day",
        ),
        (
            ["segments.list.arrivals=2", "segments.list.arrivals_by_weekday={ mon = 3 }"],
            "segments.list.arrivals must be left out, as arrivals_by_weekday says how many come on which weekday",
        ),
        (
            ["segments.list.arrivals_by_weekday={ mon = 3, monday = 4 }"],
            'segments.list.arrivals_by_weekday must name each once, found "mon" and "monday"',
        ),
        (
            ["segments.list.arrivals_by_weekday={ mon = 3, thirsday = 4 }"],
            "segments.list.arrivals_by_weekday.thirsday must be one of monday, tuesday, wednesday, thursday, friday, "
            'saturday, sunday, found "thirsday" (did you mean `thursday`?)',
        ),
        (
            ["segments.list.arrivals=100_001"],
            "segments.list.arrivals must be a number >= 0 and <= 100,000 a working day or a distribution, found 100001",
        ),
        (
            ["segments.list.arrivals=20_000"],  # a working day, of 60
            "segments must have at most 1,000,000 arrivals in all on average, found 1,200,000",
        ),
        (
            ["segments.list.arrivals_by_weekday={ mon = 90_000 }"],  # 12 Mondays
            "segments must have at most 1,000,000 arrivals in all on average, found 1,080,000",
        ),
        (
            ["segments.list.temperature=hot"],
            "segments.list.temperature must come with a table [inbound], which says how hot leads are answered, "
            "found none",
        ),
        (
            ["calling.offer=meeting"],
            "calling.offer must come with a table [meeting], which says who meets the leads, and when, found none",
        ),
        (
            ["meeting={ team = 'seller', attended = 1 }"],
            'meeting.team must name one of callers, centre, found "seller" (did you mean `callers`?)',
        ),
        (
            ["teams.callers.overflow.to=center"],
            'teams.callers.overflow.to must name one of callers, centre, found "center" (did you mean `centre`?)',
        ),
        (["teams.callers.overflow.to=callers"], 'teams.callers.overflow.to must be another team, found "callers"'),
        (["teams.callers.overflow.after=1 week"], "teams.callers.overflow.to is required: the team that gets it"),
        (["teams.callers.overflow=centre"], 'teams.callers.overflow must be a table, found "centre"'),
        (
            [ROUTED, "teams.callers.overflow.to=centre", "teams.centre.overflow.to=third", "teams.third={}"],
            'teams.callers.overflow.to must be a team without overflow of its own, found "centre"',
        ),
        (
            ["teams.centre.overflow.to=callers"],
            "teams.centre.overflow must be left out, as the team dials nobody: name it in calling.teams, or a "
            "segment's team",
        ),
        (["closing.closers=3"], "closing.closers must be at most the size of team callers, 2, found 3"),
        (
            ["closing.patience=20 min"],
            "closing.patience must come with closers, the members for whom a comer waits, found 0",
        ),
        (
            ["closing.odds_per_minute_waited=0.9"],
            "closing.odds_per_minute_waited must come with closers, the members for whom a comer waits, found 0",
        ),
        (["closing.pressure=0.9"], "closing.pressure must be an odds ratio >= 1 or a distribution, found 0.9"),
        (
            ["closing.pressure={ low = 0.9, high = 2 }"],
            "closing.pressure must be an odds ratio >= 1 or a distribution, found { low = 0.9, high = 2 }",
        ),
        (
            ["closing.pressure={ mean = 1.5, sd = 0.1 }"],  # a gamma may be below 1
            "closing.pressure must be an odds ratio >= 1 or a distribution, found { mean = 1.5, sd = 0.1 }",
        ),
        (
            ["closing.methods={ choice = { share = 0.5 }, stock = { share = '40 %' } }"],
            "closing.methods must have shares that sum to 1, found a sum of 0.9 (choice 0.5, stock 0.4)",
        ),
        (
            ["closing.methods={ chioce = { share = 1 } }"],
            "closing.methods.chioce must be one of choice, stock, pros_and_cons, inventory, yes_chain, complement, "
            'offer, found "chioce" (did you mean `choice`?)',
        ),
        (
            ["closing.methods={ choice = { cold = 2 } }"],
            "closing.methods.choice.share is required: part of the talks in which it is used; all shares sum to 1",
        ),
        (
            ["teams.callers.pause=08:00-09:30"],
            'teams.callers.pause must lie inside the shift 09:00-17:00, found "08:00-09:30"',
        ),
        (
            ["teams.callers.pause=09:00-17:00"],
            'teams.callers.pause must lie inside the shift 09:00-17:00, found "09:00-17:00"',
        ),
        (
            ["demo.weekdays=['tue', 'tuesday']"],
            "demo.weekdays must name each weekday once, found tuesday, tuesday",
        ),
        (
            ["demo.weekdays=['tue', 'thu']", "demo.weekday=tue"],
            "demo.weekday must be left out, as demo.weekdays says when events are held",
        ),
        (
            ["demo.weekdays=['tue', 'thu']", "demo.every='2 weeks'"],
            "demo.every must be left out, as demo.weekdays says when events are held",
        ),
        (  # its default, but said
            ["demo.weekdays=['tue', 'thu']", "demo.every='1 week'"],
            "demo.every must be left out, as demo.weekdays says when events are held",
        ),
        (["demo.hosts=3"], "demo.hosts must be at most the size of team callers, 2, found 3"),
        (["working_days=[]"], "working_days must name at least one weekday, each once, found none"),
        (
            ["working_days=['mon', 'monday']"],
            "working_days must name at least one weekday, each once, found monday, monday",
        ),
        (["horizon=21 years"], "horizon must be at most 20 years, found 21 years"),
        (["horizon=5300 working days"], "horizon must be at most 20 years, found 5300 working days"),
        (
            ["horizon=1100 working days", "working_days=['mon']"],
            "horizon must be at most 20 years, found 1100 working days",
        ),
        (
            ["start=2026-01-10", "horizon=2 days"],
            "horizon must contain a working day, found none in 2 days from 2026-01-10",
        ),
        (
            ["start=2026-01-09", "horizon=1 day", "holidays=[2026-01-09]"],
            "horizon must contain a working day, found none in 1 day from 2026-01-09",
        ),
        (
            ["teams.callers.contract.per_sale=5"],
            "teams.callers.contract.per_sale must be left out, as it belongs to teams of kind "
            "outsourced and this one is in-house",
        ),
        (
            ["teams.centre.wage_per_hour=5"],
            "teams.centre.wage_per_hour must be left out, as it belongs to teams of kind "
            "in-house and this one is outsourced",
        ),
        (
            ["teams.centre.overhead=1"],
            "teams.centre.overhead must be left out, as it belongs to teams of kind "
            "in-house and this one is outsourced",
        ),
        (
            ["teams.centre.hiring=1"],
            "teams.centre.hiring must be left out, as it belongs to teams of kind in-house and this one is outsourced",
        ),
        *(
            (
                [f"teams.centre.{key}"],
                f"teams.centre.{key.split('=')[0]} must be left out, as it belongs to teams of kind in-house and this "
                "one is outsourced",
            )
            for key in (
                "overtime_premium=1",
                "training=1",
                "training_days=1",
                "notice=1 week",
                "minimum_employment=1 week",
                "commission=0.1",
                "hand_off_fee=1",
            )
        ),
        *(
            (
                [f"teams.callers.contract.{key}"],
                f"teams.callers.contract.{key.split('=')[0]} must be left out, as it belongs to teams of kind "
                "outsourced and this one is in-house",
            )
            for key in ("minimum_per_month=1", "claw_back=0.5", "done_within=1 week", "penalty_per_day_late=1")
        ),
        (
            ["teams.callers.notice=1 week"],
            "teams.callers.notice must be left out, as it is for teams that are paid until_done and this one is paid "
            "shift",
        ),
        (
            ["teams.callers.minimum_employment=1 month", "teams.callers.paid=worked"],
            "teams.callers.minimum_employment must be left out, as it is for teams that are paid until_done and this "
            "one is paid worked",
        ),
        (
            ["teams.centre.contract.penalty_per_day_late=5"],
            "teams.centre.contract.penalty_per_day_late must come with done_within, the time within which the list is "
            "promised to be done, found none",
        ),
        (
            ["segments.list.team=calers"],
            'segments.list.team must name one of callers, centre, found "calers" (did you mean `callers`?)',
        ),
        (
            ["teams.callers.skill=[1]"],
            "teams.callers.skill must be empty or one number for each of the 2 members, found 1",
        ),
        (
            ["teams.callers.pace=[1, 2, 1]"],
            "teams.callers.pace must be empty or one number for each of the 2 members, found 3",
        ),
        (
            ["teams.callers.pace=[1, 11]"],
            "teams.callers.pace[1] must be a factor > 0 and <= 10 or a distribution, found 11",
        ),
        (["calling.by_hour.24=2"], 'calling.by_hour.24 must be an hour of the day from 0 to 23, found "24"'),
        (
            ["calling.by_hour={ 9 = 1, 09 = 2 }"],
            'calling.by_hour.09 must be an hour of the day from 0 to 23, found "09"',
        ),
        (
            ["calling.by_hour={ nine = 1 }"],
            'calling.by_hour.nine must be an hour of the day from 0 to 23, found "nine"',
        ),
        (["currency=eur"], 'currency must be a code of three capital letters such as "EUR", found "eur"'),
        (["currency=EURO"], 'currency must be a code of three capital letters such as "EUR", found "EURO"'),
        (["name='''a\nb'''"], 'name must be one line of 1 to 200 printable characters, found "a b"'),
        (
            ["segments.'my list'={ leads = 1 }"],
            'segments."my list" must have a name of 1 to 64 letters, digits, _ or -, found "my list"',
        ),
        (["segments.x={ leads = 49_999_991 }"], "segments must have at most 50,000,000 leads in all, found 50,000,001"),
        (
            ["demo.at=00:30", "demo.set_up=1 h"],
            "demo.set_up must begin on the day of the event, which is at 00:30, found 60 min before it",
        ),
        (
            ["demo.at=22:00", "demo.length=361 min"],
            "demo.length must end the event by 28:00 (4 at night), found 22:00 and 361 min",
        ),
    ],
)
def test_every_refusal_word_for_word(overrides: Sequence[str], message: str) -> None:
    assert problems(*overrides) == [message]


def test_the_edges_are_inside() -> None:
    scenario = parse_scenario(
        GOOD,
        overrides=[
            "calling.teams={ callers = 0.3333333333, centre = 0.6666666667 }",
            "teams.callers.pause=16:30-17:00",
            "demo.hosts=2",
            "horizon=20 years",
            "segments.x={ leads = 49_999_990 }",
            "demo.at=22:00",
            "demo.length=360 min",
            "teams.centre.wage_per_hour=0",  # a price of the other kind may be set to nothing, to end an inherited one
            "teams.centre.notice=0 days",
            "teams.callers.contract.done_within=0 days",
        ],
    )
    assert scenario.horizon.count == 20
    assert parse_scenario(GOOD, overrides=["demo.at=01:00", "demo.set_up=1 h"]).demo is not None


def test_no_teams_at_all_is_said_so() -> None:
    text = "[calling]\nteams = ['a']\nanswered = 1\nlistened = 1\naccepted = 1\n"
    assert problems(text=text) == [
        'calling.teams must name a team, and there are no teams, found "a" (add a table [teams.a])'
    ]


def test_too_many_tables() -> None:
    text = "\n".join(f"[teams.t{i}]\n[segments.s{i}]\nleads = 1" for i in range(65))
    assert problems(text=text) == [
        "teams must be at most 64 tables, found 65",
        "segments must be at most 64 tables, found 65",
    ]


def test_consistency_is_judged_beside_wrong_keys() -> None:
    """A misspelt key and a wrong type elsewhere do not hide that a team is missing."""
    found = problems("teams.callers.szie=3", "calling.answered=2", "demo.team=callrs", "teams.centre.pause=01:00-02:00")
    assert sorted(found) == [
        "calling.answered must be a share between 0 and 1 "
        '(such as 0.35, "35 %" or "20 of 1000") or a distribution, found 2',
        'demo.team must name one of callers, centre, found "callrs" (did you mean `callers`?)',
        "teams.callers.szie is not a known key (did you mean `size`?)",
        'teams.centre.pause must lie inside the shift 09:00-17:00, found "01:00-02:00"',
    ]


def test_what_rests_on_a_wrong_key_is_not_judged() -> None:
    assert len(problems("teams.callers.shift=9-5", "teams.callers.pause=18:00-19:00")) == 1
    assert len(problems("teams.callers.size=0", "demo.hosts=2")) == 1
    assert len(problems("start=5", "horizon=1 day", "working_days=['sun']")) == 1


def test_what_rests_on_a_wrong_term_is_not_judged() -> None:
    assert len(problems("teams.callers.paid=never", "teams.callers.notice=1 week")) == 1
    late = ("teams.centre.contract.done_within=soon", "teams.centre.contract.penalty_per_day_late=5")
    assert len(problems(*late)) == 1
