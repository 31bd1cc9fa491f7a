"""Advice on hot leads, meetings, phone sales, overflow and closers, with numbers worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from simfunnel.experiments.advice import advise
from simfunnel.experiments.closing_expectation import meeting_minutes, talk_minutes
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.inbound_expectation import nights, waits
from simfunnel.scenario.loading import parse_scenario

# 10 hot leads a working day through the shift's 480 minutes, talks of 6 minutes: 60 of 480 minutes a day, 10 days.
# The list of 200: each dial takes 1 minute (answered or not), half are answered, a tenth of them listen, all accept.
FRONT = """
start = 2026-01-12
horizon = "10 working days"
[segments.web]
temperature = "hot"
arrivals = 10
arrival_hours = "09:00-17:00"
interested = 0.5
[segments.list]
leads = 200
interested = 0.5
[inbound]
teams = ["desk"]
accepted = 0.5
[inbound.waiting]
source = "a guess"
odds = { "1 h" = 0.5 }
[inbound.minutes]
talk = 5
wrap_up = 1
[calling]
teams = ["desk"]
answered = 0.5
listened = 0.1
accepted = 1
[calling.minutes]
no_answer = 1
hang_up = 1
talk = 1
[teams.desk]
size = 1
shift = "09:00-17:00"
[teams.sellers]
size = 2
[demo]
weekdays = ["tuesday", "thursday"]
team = "sellers"
attended = 0.5
[closing]
sold_if_interested = 0.5
[closing.minutes]
peak = 10
answer = 2
freeloader = 4
[closing.paper]
minutes = 6
[money]
revenue_per_sale = 100
"""
MEETING = (
    "meeting={ team = 'sellers', attended = 0.5, minutes = { travel = 20, missed = 10 } }",
    "inbound.offer=meeting",
)


def expectation(*overrides: str) -> Expectation:
    return Expectation(parse_scenario(FRONT, overrides=overrides))


def beside(overrides: Sequence[str]) -> list[str]:
    """The overrides, and what makes the rest of FRONT plausible beside them: few buy on the phone, talks take time."""
    few = [f"{room}.accepted=0.2" for room in ("calling", "inbound") if f"{room}.offer=sale" in overrides]
    timed = any(said.startswith("closing.closers=") or said.endswith(".offer=meeting") for said in overrides)
    timeless = ["closing.minutes.answer=0", "closing.minutes.freeloader=5", "closing.paper.minutes=0"]
    return [*few, *([] if timed else timeless), *overrides]


def warnings(*overrides: str) -> tuple[str, ...]:
    return advise(parse_scenario(FRONT, overrides=beside(overrides))).warnings


def test_nothing_to_say_about_a_sound_plan() -> None:
    assert warnings() == ()
    assert warnings(*MEETING) == ()
    assert warnings("calling.offer=sale", "inbound.offer=sale") == ()
    assert warnings("closing.closers=2", "closing.patience=30 min") == ()


def test_hot_leads_answered_at_once_on_paper() -> None:
    [hot] = expectation().awaited
    assert (hot.segment, hot.team, hot.listed, hot.outside, hot.stay) == ("web", "desk", 0, 0, pytest.approx(1))
    assert hot.arrivals == pytest.approx(100)
    assert hot.bookings == pytest.approx(50)
    assert hot.work_minutes == pytest.approx(600)
    expected = expectation()
    assert expected.leads == pytest.approx(300)
    assert expected.bookings == pytest.approx(50 + 200 * 0.5 * 0.1)
    assert expected.work_minutes("desk") == pytest.approx(600 + 200)
    assert [cell.segment for cell in expected.cells] == ["list"]


def test_waits_for_the_opening_on_paper() -> None:
    """Round the clock, opening 09:00, end 17:00, pause 12:00-13:00, and a Friday before two days off."""
    scenario = parse_scenario(
        FRONT, overrides=["segments.web.arrival_hours=00:00-24:00", "teams.desk.pause=12:00-13:00"]
    )
    segment, team = scenario.segments["web"], scenario.teams["desk"]
    wait, outside = waits(segment, team, 3)
    clock = 5 * np.arange(288) + 2.5
    assert wait[clock == 2.5] == [537.5]  # 00:02:30, until nine
    assert wait[clock == 12 * 60 + 2.5] == [57.5]
    assert wait[clock == 13 * 60 + 2.5] == [0]
    assert wait[clock == 17 * 60 + 2.5] == [3 * 1440 - 8 * 60 - 2.5]
    assert outside.mean() == pytest.approx(16 / 24)
    expected = Expectation(scenario)
    assert nights("web", scenario, expected.calendar) == pytest.approx({1: 8 / 9, 3: 1 / 9})  # nine nights, one weekend
    # Before nine 270 minutes on average; after five 750 on average (to nine), and two days more on a Friday.
    [hot] = expected.awaited
    assert hot.overnight == pytest.approx((9 * 270 + 7 * (750 + 2880 / 9)) / 16)
    # Of 24 hours 7 are answered at once (.5), one waits up to an hour (.5), 16 mostly longer: odds .5, a third; but
    # who comes after eight waits less than an hour.
    assert hot.accepted == pytest.approx((9 * 0.5 + 15 / 3) / 24, abs=1e-3)


def test_impatience_on_paper() -> None:
    """A patience of exactly an hour: who waits longer is gone."""
    [hot] = expectation("segments.web.arrival_hours=07:00-11:00", "inbound.patience=1 h").awaited
    assert hot.outside == pytest.approx(0.5)
    assert hot.stay == pytest.approx(0.75)
    assert hot.stay_overnight == pytest.approx(0.5)
    assert hot.accepted == pytest.approx(0.75 * 0.5)
    assert hot.work_minutes == pytest.approx(75 * 6)


def test_hot_leads_by_weekday_share_and_skill_on_paper() -> None:
    overrides = [
        "inbound.teams={ desk = 0.25, sellers = 0.75 }", "segments.web.arrivals=0", "segments.web.leads=8",
        "segments.web.arrivals_by_weekday={ mon = 4, fri = 2, sun = 99 }", "teams.desk.skill=[3]",
        "teams.desk.pace=[2]", "segments.web.odds.accepted=3", "intake=6 working days",
    ]  # fmt: skip
    desk, sellers = expectation(*overrides).awaited
    assert (desk.listed, desk.arrivals) == pytest.approx((2, 2.5))  # two Mondays and a Friday: 10, a quarter
    assert (sellers.listed, sellers.arrivals) == pytest.approx((6, 7.5))
    assert desk.at_once == pytest.approx(0.9)  # odds 1 times 3 times 3
    assert sellers.at_once == pytest.approx(0.75)
    assert desk.minutes == pytest.approx(12)


def test_talks_and_meetings_on_paper() -> None:
    """Keen: 10 + 2 + .5 * 6 = 15; freeloader 4. A meeting: 20 of travel, half wait 10 in vain, half talk."""
    scenario = parse_scenario(FRONT, overrides=MEETING)
    assert scenario.meeting is not None
    assert talk_minutes(scenario.closing, 0.5) == pytest.approx(9.5)
    assert talk_minutes(parse_scenario(FRONT, overrides=["closing.haste=20"]).closing, 1) == pytest.approx(5)
    assert meeting_minutes(scenario.meeting, scenario.closing, 0.5) == pytest.approx(20 + 5 + 4.75)
    assert Expectation(scenario).accepted("meeting") == pytest.approx(50)
    assert Expectation(scenario).work_minutes("sellers") == pytest.approx(50 * 29.75)
    assert Expectation(scenario).bookings == pytest.approx(10)


def test_closers_are_called_with_the_hosts() -> None:
    """From three o'clock on to five, three events from Thursday the 15th on: booked on Monday at the earliest."""
    assert expectation("closing.closers=2").hosting_minutes("sellers") == 4 * 2 * 120
    assert expectation("calling.offer=sale", "inbound.offer=sale").hosting_minutes("sellers") == 0


ONE_SEGMENT = ("segments.web.arrivals=0", "segments.web.arrival_hours=00:00-24:00", "calling.offer=sale")
ROUND_THE_CLOCK = "segments.web.arrival_hours=00:00-24:00"


@pytest.mark.parametrize(
    ("overrides", "warning"),
    [
        # 81 * 6 minutes a day are 486 of 480
        (
            ["segments.web.arrivals=81"],
            "teams.desk needs about 486 minutes a day for talks with hot leads, so these wait longer from day to day, "
            "but has 480: add members or answer fewer.",
        ),
        (  # 700 hot minutes a day... of which the list gets 4,800 - 4,200 = 600 minutes
            ["segments.web.arrivals=70", "segments.list.leads=601"],
            "teams.desk needs about 10 working days for its work but has 10 within the horizon: add members, lengthen "
            "it or take on less.",
        ),
        # 79 * .5 meetings * 29.75 minutes are 1,175 a day; of 960 the events of the 20 who are called take 48
        (
            [*MEETING, "segments.web.arrivals=79", "segments.list.leads=20"],
            "teams.sellers needs about 1,175 minutes a day for meetings, so these are held later from week to week, "
            "but has 912: add members or meet fewer.",
        ),
        (
            [ROUND_THE_CLOCK],
            "66.7 % of segments.web arrive outside the shift of teams.desk and wait about 10 hours on average, but "
            "inbound.waiting.odds ends at 1 h: its last step, 0.5, counts for them; add steps or lengthen the shift.",
        ),
        (
            [ROUND_THE_CLOCK, "inbound.patience=2 h", "inbound.waiting.odds={ '8 h' = 0.5 }"],
            "66.7 % of segments.web arrive outside the shift of teams.desk, and the patience of 87.5 % of them ends "
            "before it opens: lengthen the shift, or inbound.patience.",
        ),
        (
            ["inbound.waiting.odds={ '5 min' = 0.2, '1 h' = 0.5 }"],
            "inbound.waiting.odds rises from 0.2 to 0.5 at 1 h, so that who waits longer accepts more readily: give "
            "ratios that fall.",
        ),
        (
            ["inbound.waiting.odds={ '90 min' = 2 }"],
            "inbound.waiting.odds rises from 1 to 2 at 90 min, so that who waits longer accepts more readily: give "
            "ratios that fall.",
        ),
        (
            ["segments.web.arrivals=0", "segments.web.arrivals_by_weekday={ mon = 50, sun = 3 }"],
            "segments.web.arrivals_by_weekday names sunday, which is not one of the 5 working_days, so its 3 leads "
            "never come: add them to another day.",
        ),
        (
            ["segments.web.arrivals=0", "segments.web.leads=9"],
            "segments.web.arrival_hours acts on 0 leads, as none arrive: remove it.",
        ),
        (
            ["segments.list.arrivals=1", "segments.list.arrival_hours=09:00-10:00"],
            "segments.list.arrival_hours acts on 0 leads, as who is not hot is dialled from the next day on: "
            "remove it.",
        ),
        (["segments.x={ arrivals = 0 }"], "segments.x has 0 leads: give it leads or remove it."),
        (
            ["inbound.accepted=0"],
            "inbound.accepted is 0 at the best guess, so the stage `accepted` is never reached: give a share above 0.",
        ),
        (
            [*MEETING, "meeting.attended=0"],
            "meeting.attended is 0 at the best guess, so the stage `attended` is never reached: give a share above 0.",
        ),
        (
            MEETING[:1],
            'meeting is offered to 0 leads: set calling.offer or inbound.offer = "meeting", or remove [meeting].',
        ),
        (
            ["segments.list.temperature=hot"],
            "calling has 0 leads to dial, as all are hot: remove it or add a list.",
        ),
        *(
            (
                [f"segments.web.{key}"],
                f"segments.web.{key.split('=')[0]} acts on 0 leads, as hot leads are not dialled: remove it.",
            )
            for key in ("reach=1", "dead_number=0.1", "decision_maker=0.5", "odds.answered=2", "odds.listened=2")
        ),
        (
            ["calling.warm.listened=2", "segments.web.leads=5"],
            'calling.warm.listened acts on 0 leads: give a segment temperature = "warm" or remove it.',
        ),
        (
            ["calling.teams=['sellers']", "teams.desk.odds.listened=2"],
            "teams.desk.odds.listened acts on 0 leads, as the team does not dial: remove it.",
        ),
        (
            ["teams.sellers.odds.accepted=2"],
            "teams.sellers.odds.accepted acts on 0 leads, as the team does not dial or answer: remove it.",
        ),
        # phone sales: the sellers' shifts are 2 * 8 * 10 hours at 30
        (
            ["calling.offer=sale", "inbound.offer=sale", "teams.sellers.wage_per_hour=30"],
            "teams.sellers has 2 members and no work, as no offer leads to demo, but costs 4,800 EUR: "
            'set teams.sellers.paid = "worked" or remove it.',
        ),
        (
            ["teams.desk.overflow={ to = 'sellers', after = '2 weeks' }"],
            "teams.desk.overflow.after 2 weeks does not end before the horizon of 10 working days, so nothing ever "
            "moves: move sooner or remove it.",
        ),
        # the desk has 4,800 minutes, 600 for hot leads: 15,801 of 20,001 dials are left for the sellers' 9,600 - 480
        (
            ["segments.list.leads=20_001", "teams.desk.overflow.to=sellers"],
            "teams.sellers needs about 16 working days for its list but has 9.5 within the horizon: add members, "
            "lengthen it or shorten the list.",
        ),
        # 60 bookings at 4 events: 7.5 come, a talk takes 9.5; one closer begins 1 + 19 / 9.5 = 3
        (
            ["closing.closers=1", "closing.patience=19", "segments.web.leads=120", *ONE_SEGMENT],
            "closing.closers 1 can begin about 3 talks of 9.5 minutes before a patience of 19 minutes ends, but about "
            "7.5 come to an event: call more closers, invite fewer, or shorten the talk.",
        ),
        (
            ["closing.closers=1", "calling.offer=sale", "inbound.offer=sale"],
            "closing.closers 1 talk to 0 comers, as neither calling nor inbound offers the demo: set it to 0 or "
            "change an offer.",
        ),
        (
            ["closing.reads_signals=0.5"],
            "closing.reads_signals avoids an error of 0 minutes, as closing.misread is 0: give it or remove this.",
        ),
        (
            ["closing.odds_per_minute_early=0.9"],
            "closing.odds_per_minute_early acts on 0 minutes, as closers ask at the peak: give misread or haste.",
        ),
        (
            ["closing.odds_per_minute_late=0.9", "closing.haste=1"],
            "closing.odds_per_minute_late acts on 0 minutes, as no closer asks late: give misread or remove it.",
        ),
        (
            ["closing.haste=10", "closing.odds_per_minute_early=0.9"],
            "closing.haste 10 minutes is no less than the 10 minutes to the peak on average, so most are asked as "
            "soon as they sit down: hurry less.",
        ),
        (["closing.paper.odds=2"], "closing.paper.odds 2 says that forms make people buy: give a ratio of at most 1."),
        (
            ["closing.misread=1", "closing.odds_per_minute_early=2"],
            "closing.odds_per_minute_early 2 says that asking too early makes people buy: give a ratio of at most 1.",
        ),
        (
            ["closing.closers=2", "closing.odds_per_minute_waited=1.1"],
            "closing.odds_per_minute_waited 1.1 says that waiting makes people buy: give a ratio of at most 1.",
        ),
        (
            ["closing.methods={ stock = { share = 1, warm = 2 } }"],
            'closing.methods.stock.warm acts on 0 leads: give a segment temperature = "warm" that is met, or remove '
            "it.",
        ),
    ],
)
def test_every_warning_word_for_word(overrides: Sequence[str], warning: str) -> None:
    assert warnings(*overrides) == (warning,)


def test_what_is_enough_is_not_warned_of() -> None:
    assert warnings("segments.web.arrivals=70", "segments.list.leads=600") == ()
    assert warnings(ROUND_THE_CLOCK, "inbound.waiting.odds={ '3 h' = 0.5 }") == ()
    assert warnings(ROUND_THE_CLOCK, "inbound.waiting.odds={}") == ()
    assert warnings("closing.closers=1", "closing.patience=26.2") == (), "1 + 26.2 / 9.5 is 3.76, half of 7.5"
    assert warnings("segments.list.leads=12_000", "teams.desk.overflow.to=sellers") == ()
    idle = ("calling.offer=sale", "inbound.offer=sale", "teams.sellers.wage_per_hour=30", "teams.sellers.paid=worked")
    assert warnings(*idle) == (), "who is paid by the hour may have no hours"


def test_only_hot_leads_need_no_calling() -> None:
    text = FRONT[: FRONT.index("[segments.list]")] + FRONT[FRONT.index("[inbound]") : FRONT.index("[calling]")]
    assert advise(parse_scenario(text + FRONT[FRONT.index("[teams.desk]") :], overrides=beside([]))).warnings == ()
    no_demo = (
        text + FRONT[FRONT.index("[teams.desk]") : FRONT.index("[teams.sellers]")] + FRONT[FRONT.index("[money]") :]
    )
    assert advise(parse_scenario(no_demo)).warnings == (
        "demo is absent, so about 50 who accept have nowhere to come: add [demo].",
    )


def test_odds_of_the_front_are_echoed() -> None:
    overrides = [
        "inbound.waiting.odds={ '15 min' = 0.5, '24 h' = { low = 0.1, likely = 0.25, high = 1 } }", *MEETING,
        "segments.web.odds.accepted=3", "segments.web.odds.attended=3", "segments.web.odds.answered=3",
        "teams.desk.odds.accepted=1.5", "closing.pressure=3", "closing.paper.odds=0.25",
        "closing.methods={ stock = { share = 1, cold = 3 } }",
    ]  # fmt: skip
    assert advise(parse_scenario(FRONT, overrides=overrides)).odds == (
        'inbound.waiting.odds."15 min" 0.5: accepted 50.0 % → 33.3 %',
        'inbound.waiting.odds."24 h" 0.25 (best guess): accepted 50.0 % → 20.0 %',
        "segments.web.odds.accepted 3: accepted 50.0 % → 75.0 %",
        "segments.web.odds.attended 3: attended 50.0 % → 75.0 %",
        "teams.desk.odds.accepted 1.5: accepted 100.0 % → 100.0 %",
        "closing.pressure 3: sold 50.0 % → 75.0 %",
        "closing.paper.odds 0.25: sold 50.0 % → 20.0 %",
        "closing.methods.stock.cold 3: sold 50.0 % → 75.0 %",
    )


def test_nothing_is_said_of_steps_that_a_phone_sale_has_not() -> None:
    sale = ["calling.offer=sale", "inbound.offer=sale", "closing.sold_if_interested=0", "demo.attended=0"]
    sale += ["inbound.waiting.odds={}"]
    assert warnings(*sale, "segments.web.interested=0") == ()
    assert advise(parse_scenario(FRONT, overrides=[*sale, "segments.list.odds.sold=2"])).odds == ()
