"""What follow-up needs besides itself: each refusal word for word, and all of a file's at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from simfunnel.errors import ScenarioError
from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Interval

PLAIN = """
[segments.list]
leads = 10
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[teams.callers]
[teams.sellers]
[demo]
team = "sellers"
attended = 0.5
[closing]
sold_if_interested = 0.5
undecided = 0.5
"""
FOLLOWED = f"""{PLAIN}
[follow_up]
team = "sellers"
interval = "1 month"
channel = "phone"
sold = 0.2
[follow_up.channels.phone]
reached = 0.5
[follow_up.channels.mail]
reached = 0.9
"""
NURTURE = "follow_up.nurture={ every = '1 week', messages = 10 }"


def good(*overrides: str, text: str = FOLLOWED) -> Scenario:
    return parse_scenario(text, overrides=overrides)


def problems(*overrides: str, text: str = FOLLOWED) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(text, overrides=overrides)
    return [str(problem).split(": ", 1)[1] for problem in refusal.value.problems]


@pytest.mark.parametrize(
    "overrides",
    [
        ["follow_up.channel=mail"],
        ["segments.list.channels={ mail = '25 %', phone = 0.75 }"],
        ["follow_up.qualify={}", "follow_up.decline_bad_fit=true"],
        ["follow_up.ask=true", "follow_up.keeps=0.5"],
        ["follow_up.keeps=1"],
        ["calling.offer=sale", "calling.undecided=0.1"],
        ["calling.undecided=0"],
        [NURTURE, "follow_up.nurture.every=1 year", "follow_up.nurture.messages=100"],
        [NURTURE, "follow_up.nurture.every=7 working days", "follow_up.nurture.messages=3734"],
        ["calling.order=['fresh', 'quota', 'retries']"],
    ],
)
def test_what_fits_together_is_accepted(overrides: Sequence[str]) -> None:
    assert good(*overrides).follow_up is not None


def test_intervals_are_a_working_day_at_least() -> None:
    plan = good("follow_up.interval=1 working day", "follow_up.first_after=1 day").follow_up
    assert plan is not None
    assert (plan.interval, plan.first_after) == (Interval(1, "working days"), Interval(1, "days"))
    required = 'must be a time between days such as "2 working days", "10 days", "1 week" or "1 month"'
    assert problems("follow_up.interval=0 working days") == [
        f'follow_up.interval {required}, >= 1 and at most 100 years, found "0 working days"'
    ]
    assert problems("follow_up.retry_after=4 h") == [f'follow_up.retry_after {required}, found "4 h"']
    for bare in ("30", "'30'"):
        found = "30" if bare == "30" else '"30"'
        said = f'follow_up.interval {required}, found {found} (did you mean "30 days"?)'
        assert problems(f"follow_up.interval={bare}") == [said]
    assert problems("follow_up.interval=1")[0].endswith('(did you mean "1 day"?)')
    assert problems("follow_up.interval=40000") == [f"follow_up.interval {required}, found 40000"]
    assert problems("follow_up.interval=true") == [f"follow_up.interval {required}, found true"]
    assert problems("follow_up.interval=0.5 weeks") == [
        'follow_up.interval must be a whole number of weeks such as "2 weeks", found "0.5 weeks"'
    ]


@pytest.mark.parametrize(
    ("found", "meant"),
    [("60", "60 %"), ("'60'", "60 %"), ("'20 percent'", "20 %"), ("2.5", "2.5 %"), ("'1 pct'", "1 %"), ("1.5", ""),
     ("101", ""), ("-20", ""), ("true", ""),
     ("'a fifth'", ""), ("'120 %'", ""), ("9" * 4000, ""), ("{ low = 20, high = 30 }", "")],
)  # fmt: skip
def test_a_percentage_is_recognised_where_a_share_is_required(found: str, meant: str) -> None:
    for key in ("follow_up.sold", "follow_up.channels.phone.reached"):
        [said] = problems(f"{key}={found}")
        assert said.endswith(f'(did you mean "{meant}"?)') if meant else "did you mean" not in said


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["follow_up.team=seller"],
            'follow_up.team must name one of callers, sellers, found "seller" (did you mean `sellers`?)',
        ),
        (
            ["follow_up.channel=phon"],
            'follow_up.channel must name one of phone, mail, found "phon" (did you mean `phone`?)',
        ),
        (
            [f"follow_up.channel={'x' * 65}"],
            'follow_up.channel must name one of phone, mail, found "' + "x" * 56 + "...",
        ),
        (
            ["follow_up.channel=fax"],
            'follow_up.channel must name one of phone, mail, found "fax" (or add a table [follow_up.channels.fax] with '
            "reached)",
        ),
        (["follow_up.channel=by fax"], 'follow_up.channel must name one of phone, mail, found "by fax"'),
        (
            ["segments.list.channels={ male = 0.5, phone = 0.5 }"],
            'segments.list.channels must name one of phone, mail, found "male" (did you mean `mail`?)',
        ),
        (
            ["segments.list.channels={ mail = 0.5, phone = 0.4 }"],
            "segments.list.channels must have shares that sum to 1, found a sum of 0.9 (mail 0.5, phone 0.4)",
        ),
        (
            ["calling.undecided=0.2"],
            'calling.undecided must come with calling.offer = "sale", as only who is offered the sale can be undecided '
            'about it, found "demo"',
        ),
        (
            [NURTURE, "follow_up.nurture.every=1 month", "follow_up.nurture.messages=1201"],
            "follow_up.nurture.messages must end the series within 100 years, found 1,201 messages, 1 month apart: "
            "about 101 years",
        ),
        (
            [NURTURE, "follow_up.nurture.every=7 working days", "follow_up.nurture.messages=3740"],
            "follow_up.nurture.messages must end the series within 100 years, found 3,740 messages, 7 working days "
            "apart: about 101 years",
        ),
        (
            ["follow_up.channels={ 'by phone' = { reached = 1 } }"],
            'follow_up.channels."by phone" must have a name of 1 to 64 letters, digits, _ or -, found "by phone"',
        ),
        (
            [f"follow_up.channels.c{number}.reached=1" for number in range(15)],
            "follow_up.channels must be at most 16 tables, found 17",
        ),
        (
            ["follow_up.touches=0"],
            "follow_up.touches must be a whole number >= 1, found 0",
        ),
        (["follow_up.touches=4001"], "follow_up.touches must be a whole number <= 4000, found 4001"),
        (
            ["segments.list.tolerance=4 h"],
            "segments.list.tolerance must be a time between 0 and 36,500 days (a number of days, or text such as "
            '"6 weeks") or a distribution, found "4 h"',
        ),
        (["follow_up.pressure=0.5"], "follow_up.pressure must be an odds ratio >= 1 or a distribution, found 0.5"),
        (["follow_up.intervall='1 week'"],
         "follow_up.intervall is not a known key (did you mean `interval`?)"),
        (["follow_up.qualify=true"], "follow_up.qualify must be a table, found true"),
        (["follow_up.channels.phone=0.5"], "follow_up.channels.phone must be a table, found 0.5"),
        (["follow_up.ask=yes"], 'follow_up.ask must be true or false, found "yes"'),
        (
            ["calling.order=['retries', 'fresh', 'follow_up']"],
            'calling.order[2] must be one of "meetings", "complaints", "care", "follow_ups", "quota", "retries", '
            '"fresh", found "follow_up" (did you mean `follow_ups`?)',
        ),
    ],
)  # fmt: skip
def test_every_refusal_word_for_word(overrides: Sequence[str], message: str) -> None:
    assert problems(*overrides) == [message]


def test_without_channels_one_is_asked_for() -> None:
    text = FOLLOWED[: FOLLOWED.index("[follow_up.channels")]
    assert problems(text=text) == [
        "follow_up.channels must have at least one table, found none (add a table [follow_up.channels.phone] with "
        "reached)"
    ]


def test_a_habit_or_all_follow_up_is_switched_off_by_one_key() -> None:
    prefers = "segments.list.channels={ phone = 0.9, mail = 0.1 }"
    full = (prefers, "follow_up.ask=true", "follow_up.keeps=0.5", "follow_up.qualify={}",
            "follow_up.decline_bad_fit=true", "calling.offer=sale", "calling.undecided=0.2")  # fmt: skip
    for dropped in ("follow_up.ask=false", "follow_up.qualify=off", "follow_up=off"):
        good(*full, dropped)
    assert good(prefers, text=PLAIN).follow_up is None
    assert problems(prefers.replace("0.9", "0.8"), text=PLAIN) == [
        "segments.list.channels must have shares that sum to 1, found a sum of 0.9 (phone 0.8, mail 0.1)"
    ]


def test_what_is_required_is_said_with_what_it_is_for_and_nothing_else_is_doubted() -> None:
    assert problems(text=f"{PLAIN}\n[follow_up]\n") == [
        "follow_up.team is required: the team that follows up, and answers those who come back by themselves",
        "follow_up.interval is required: time from one touch to the next",
        "follow_up.channel is required: the channel that is used",
        "follow_up.sold is required: of the touches that reach a lead who is able to buy: sell",
        "follow_up.channels must have at least one table, found none (add a table [follow_up.channels.phone] with "
        "reached)",
    ]  # fmt: skip
    found = problems("follow_up.nurture={}", "follow_up.channels.fax={}")
    assert [problem.split(":")[0] for problem in found] == [
        "follow_up.channels.fax.reached is required", "follow_up.nurture.every is required",
        "follow_up.nurture.messages is required",
    ]  # fmt: skip


def test_all_errors_of_a_file_are_said_at_once() -> None:
    found = problems(
        "follow_up.team=nobody", "follow_up.channel=fax", "follow_up.sold=2", "segments.list.channels={ post = 1 }",
        "calling.undecided=1", "calling.order=[]",
    )  # fmt: skip
    assert sorted(problem.split(" ")[0] for problem in found) == [
        "calling.order", "calling.undecided", "follow_up.channel", "follow_up.sold", "follow_up.team",
        "segments.list.channels",
    ]  # fmt: skip


def test_a_misspelt_room_is_not_absent() -> None:
    text = FOLLOWED.replace("[follow_up", "[followup")
    assert problems("segments.list.channels={ phone = 1 }", text=text) == [
        "followup is not a known key (did you mean `follow_up`?)"
    ]
