"""What a planner is told who wrote days, one team, a night, a weekday or a mix of methods: word for word."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from simfunnel.errors import ScenarioError
from simfunnel.scenario import times
from simfunnel.scenario.loading import parse_scenario
from simfunnel.scenario.reference import reference
from simfunnel.scenario.schema import Scenario

HOUR = 3_600_000
FROM = "arrivals_by_weekday = { mon = 9, tue = 6 }"
DESK = f"""
[segments.web]
temperature = "hot"
{FROM}
[inbound]
teams = ["desk"]
accepted = 0.5
[inbound.waiting]
source = "a guess"
odds = {{}}
[teams.desk]
size = 2
[teams.sellers]
[demo]
team = "sellers"
attended = 0.5
[closing.methods]
choice = {{ share = 0.4 }}
pros_and_cons = {{ share = 0.25 }}
stock = {{ share = 0.35 }}
"""
DAY_OF_7 = "monday, tuesday, wednesday, thursday, friday, saturday, sunday"


def good(*overrides: str) -> Scenario:
    return parse_scenario(DESK, overrides=overrides)


def problems(*overrides: str, text: str = DESK) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        parse_scenario(text, overrides=overrides)
    return [str(problem).split(": ", 1)[1] for problem in refusal.value.problems]


def test_whoever_waits_may_wait_for_days() -> None:
    closing = ("closing.closers=1", "closing.patience={ low = '1 h', high = '1.5 day' }")
    scenario = good("inbound.patience=2 days", *closing)
    assert scenario.inbound is not None
    assert scenario.inbound.patience is not None
    assert scenario.inbound.patience.best == 48 * HOUR
    assert scenario.closing.patience is not None
    assert [p.best for p in scenario.closing.patience.parameters] == [HOUR, 36 * HOUR]
    assert good("inbound.patience=30 days") == good("inbound.patience=720 h")


def test_a_curve_may_have_steps_of_days() -> None:
    scenario = good("inbound.waiting.odds={ '2 h' = 0.5, '1 day' = 0.3, '30 Days' = 0.1 }")
    assert scenario.inbound is not None
    assert sorted(scenario.inbound.waiting.odds) == [120, 24 * 60, 30 * 24 * 60]
    assert problems("inbound.waiting.odds={ '1 day' = 0.5, '24 h' = 0.4 }") == [
        'inbound.waiting.odds must name each once, found "1 day" and "24 h"'
    ]


WAIT = 'must be a time between 0 and 30 days (a number of minutes, or text such as "2 h" or "2 days") or a distribution'
STEP = 'must be whole minutes from 1 min to 30 days, such as "5 min", "2 h" or "1 day"'
HOURS = 'must be hours of a day such as "09:00-17:00", the end after the start'


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["inbound.patience=31 days"], f'inbound.patience {WAIT}, found "31 days"'),
        (["inbound.patience=2 working days"], f'inbound.patience {WAIT}, found "2 working days"'),
        (["inbound.waiting.odds={ '31 days' = 1 }"], f'inbound.waiting.odds."31 days" {STEP}, found "31 days"'),
        (["inbound.waiting.odds={ '0.0001 day' = 1 }"],
         f'inbound.waiting.odds."0.0001 day" {STEP}, found "0.0001 day"'),
        (["inbound.teams=desk"], 'inbound.teams must be a list or a table, found "desk" (write ["desk"])'),
        (["inbound.teams='desk'"], 'inbound.teams must be a list or a table, found "desk" (write ["desk"])'),
        (["inbound.teams=5"], "inbound.teams must be a list or a table, found 5"),
        (["demo.weekdays=tue"], 'demo.weekdays must be a list, found "tue" (write ["tue"])'),
        (["demo.weekdays=['tues']"],
         f'demo.weekdays[0] must be one of {DAY_OF_7}, found "tues" (did you mean `tuesday`?)'),
        (["closing.methods.offer={ share = 1 }"],
         "closing.methods must have shares that sum to 1, found a sum of 2 (choice 0.4, pros_and_cons 0.25, "
         "stock 0.35, offer 1) (--set adds to the table of the file, so choice, pros_and_cons, stock stay: set them "
         "too)"),
        (["closing.methods={ choice = { share = 0.5 }, stock = { share = 0.5 } }"],
         "closing.methods must have shares that sum to 1, found a sum of 1.25 (choice 0.5, pros_and_cons 0.25, "
         "stock 0.5) (--set adds to the table of the file, so pros_and_cons stays: set it too)"),
        (["inbound.teams={ desk = 0.5, sellers = 0.4 }"],
         "inbound.teams must have shares that sum to 1, found a sum of 0.9 (desk 0.5, sellers 0.4)"),
        (["teams.desk.shift=22:00-06:00"],
         f'teams.desk.shift {HOURS}, found "22:00-06:00" (hours end at 24:00: a night shift is two teams, '
         '"22:00-24:00" and "00:00-06:00")'),
        (["segments.web.arrival_hours=9:30 - 1:15"],
         f'segments.web.arrival_hours {HOURS}, found "9:30 - 1:15" (hours end at 24:00: a night is two segments, '
         '"09:30-24:00" and "00:00-01:15")'),
        (["teams.desk.pause=23:00-01:00"],
         f'teams.desk.pause {HOURS}, found "23:00-01:00" (hours end at 24:00)'),
        (["teams.desk.shift=14:00-00:00"],
         f'teams.desk.shift {HOURS}, found "14:00-00:00" (hours end at 24:00: write "14:00-24:00")'),
        (["teams.desk.shift=9-17"], f'teams.desk.shift {HOURS}, found "9-17"'),
        (["teams.desk.skill=1.2"],
         "teams.desk.skill must be a list, found 1.2 (write one for each member: [1.2, 1.2, 1.2] for a team of 3)"),
        (["teams.desk.pace=[1, 1, 1]"],
         "teams.desk.pace must be empty or one number for each of the 2 members, found 3"),
        (["teams.sellers.pace=[1, 1]"],
         "teams.sellers.pace must be empty or one number for the one member, found 2"),
    ],
)  # fmt: skip
def test_every_refusal_word_for_word(overrides: Sequence[str], message: str) -> None:
    assert problems(*overrides) == [message]


def test_shares_in_the_file_itself_have_nothing_to_do_with_overrides() -> None:
    assert problems(text=DESK.replace("0.35", "0.45")) == [
        "closing.methods must have shares that sum to 1, found a sum of 1.1 (choice 0.4, pros_and_cons 0.25, stock "
        "0.45)"
    ]


def test_many_shares_are_cut() -> None:
    teams = "".join(f"[teams.t{number}]\n" for number in range(12))
    shares = ", ".join(f"t{number} = 0.1" for number in range(12))
    (found,) = problems(f"inbound.teams={{ {shares} }}", text=DESK + teams)
    assert found.endswith("found a sum of 1.2 (t0 0.1, t1 0.1, t2 0.1, t3 0.1, t4 0.1, t5 0.1, t6 0.1, t7 0.1, ...)")


RATE = "must be a number >= 0 and <= 100,000 a working day or a distribution"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("arrivals_by_weekday = { mon = 9, tues = 6 }",
         f'arrivals_by_weekday.tues must be one of {DAY_OF_7}, found "tues" (did you mean `tuesday`?)'),
        ("arrivals_by_weekday = { mon = -9 }", f"arrivals_by_weekday.mon {RATE}, found -9"),
        ("arrivals_by_weekday = 9", "arrivals_by_weekday must be a table, found 9"),
        ("arrivals = -1", f"arrivals {RATE}, found -1"),
        ("arrivals_per_weekday = { mon = 9 }",
         "arrivals_per_weekday is not a known key (did you mean `arrivals_by_weekday`?)"),
        ("arrivals_per_day = 9", "arrivals_per_day is not a known key (did you mean `arrivals`?)"),
        ("leeds = 9", "leeds is not a known key (did you mean `leads`?)"),
    ],
)  # fmt: skip
def test_a_segment_whose_leads_are_written_wrong_does_not_lack_them(line: str, message: str) -> None:
    assert problems(text=DESK.replace(FROM, line)) == [f"segments.web.{message}"]


def test_a_segment_that_lacks_leads_lacks_them_beside_other_errors() -> None:
    assert [problem.split(" ")[0] for problem in problems(text=DESK.replace(FROM, "intrested = 3"))] == [
        "segments.web.leads", "segments.web.intrested"
    ]  # fmt: skip


def test_the_misspelt_table_is_not_absent() -> None:
    assert problems(text=DESK.replace("[inbound]", "[inbuond]").replace("[inbound.w", "[inbuond.w")) == [
        "inbuond is not a known key (did you mean `inbound`?)"
    ]


def test_the_parts_of_a_night() -> None:
    assert times.over_midnight("22:00-06:00") == ("22:00-24:00", "00:00-06:00")
    assert times.over_midnight("9:00-24:30") == ("09:00-24:00", "00:00-00:30")
    assert times.over_midnight("18:00-00:00") == ("18:00-24:00", "")
    for none in ("09:00-17:00", "09:00-09:00", "24:00-06:00", "09:00-24:00", "24:30-24:50", "9-17", "22:00", 9):
        assert times.over_midnight(none) is None


AMOUNT = "must be an amount >= 0 in the scenario's currency or a distribution"
RATIO = "must be an odds ratio > 0 or a distribution"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("200 EUR", "write 200"), ("EUR 200", "write 200"), ("4.200,00", "write 4200"), ("4,200.50", "write 4200.5"),
        ("€ 1'200", "write 1200"), ("12,50", "write 12.5"), ("1.234.567", "write 1234567"), ("200", "write 200"),
        ("1 200 $", "write 1200"), ("-200", ""), ("two hundred", ""), ("1.2.3", ""), ("20 %", ""),
        (f"1{' ' * 99_999}x", ""),
    ],
)  # fmt: skip
def test_an_amount_as_text_is_a_number(written: str, hint: str) -> None:
    (found,) = problems(f"money.unit_cost='''{written}'''")
    assert found.startswith(f"money.unit_cost {AMOUNT}, found ")
    assert found.endswith(f'" ({hint})') if hint else "write" not in found


@pytest.mark.parametrize(
    ("written", "hint"),
    [("20 %", " (for odds 20 % higher write 1.2)"), ("-20%", " (for odds 20 % lower write 0.8)"),
     ("12.5 percent", " (for odds 12.5 % higher write 1.125)"), ("+300 %", " (for odds 300 % higher write 4)"),
     ("-100 %", ""), ("2000 %", ""), ("twice", ""), ("2", "")],
)  # fmt: skip
def test_percents_are_no_odds_ratio(written: str, hint: str) -> None:
    override = f"segments.web.odds.accepted='{written}'"
    assert problems(override) == [f'segments.web.odds.accepted {RATIO}, found "{written}"{hint}']


def test_what_the_intake_ends_is_said() -> None:
    said = {row.path: row.description for row in reference()}
    assert said["intake"].startswith("leads arrive, and are dialled for the first time, this long only")
