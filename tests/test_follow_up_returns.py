"""Follow-up by hand: who comes back by itself, and what messages do to it, fact by fact.

The shop of `pursued`: Thursday 8 January 2026 is day 0, Friday 9 day 1, Monday 12 day 2, ... Friday 16 day 6,
Monday 19 day 7. The sellers work from 09:00 to 17:00; a talk lasts 10 minutes.
"""

from __future__ import annotations

import pytest
from lived import Facts, of_kind
from pursued import CALLERS, HOUR, MINUTE, PHONE, SELLERS, Told, clock, rows
from pursued_by_hand import (
    INBOUND,
    NIGHT,
    NO_CURVE,
    NO_END,
    RETURNS,
    at,
    causes,
    days,
    files,
    flags,
    reopened,
    run,
    touches,
)

from simfunnel import facts
from simfunnel.facts import NOBODY
from simfunnel.funnel import closing, undecided
from simfunnel.funnel.touch import (
    BOUGHT_ELSEWHERE,
    GAVE_UP,
    NOT_CONVINCED,
    NOT_READY,
    SOLD,
)
from simfunnel.funnel.undecided import BAD_FIT, GIVEN_UP, IRRITATED

# ---------------------------------------------------------------- coming back

LATE = ("segments.keen.returns=1", "segments.keen.arrival_hours='20:00-20:01'")
NO_WAITING = (*INBOUND, NO_CURVE)


@pytest.fixture(autouse=True)
def on_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes back does so on a whole minute: within hours of one minute, at their begin."""
    monkeypatch.setattr("simfunnel.funnel.arrivals.GRAIN", MINUTE)


def came(lived: Facts) -> Told:
    """Day, clock, lead and touches made before, of each return; all to the sellers."""
    some = of_kind(lived, facts.RETURN)
    assert set(rows(some, "team", "seat")) <= {(SELLERS, NOBODY)}
    return [(day, clock(ms), *more) for day, ms, *more in rows(some, "day", "clock", "lead", "occurrence")]


def answers(lived: Facts) -> Told:
    """Day, begin, minutes, result, minutes waited and seat of each answer."""
    some = of_kind(lived, facts.ANSWER)
    assert set(some["team"].tolist()) <= {SELLERS}
    found = rows(some, "day", "clock", "duration", "outcome", "amount", "seat")
    return [(day, clock(ms), length / MINUTE, code, wait / MINUTE, seat) for day, ms, length, code, wait, seat in found]


def test_the_really_interested_come_back_when_they_are_ready():
    # Ready after 4 days, on Monday 12, day 2: it comes at 10:00, and is not touched that day.
    lived = run(*RETURNS, "segments.keen.ready=4")
    assert came(lived) == [(2, "10:00", 0, 1)]
    assert answers(lived) == [(2, "10:00", 10, NOT_CONVINCED, 0, 0)]
    assert touches(lived) == [(1, NOT_READY), (3, NOT_CONVINCED), (4, NOT_CONVINCED)]
    assert files(lived) == [(4, NIGHT, GIVEN_UP, 4, 3, 0)]


def test_who_comes_back_and_buys():
    lived = run(*RETURNS, "segments.keen.ready=4", "follow_up.sold=1")
    assert answers(lived) == [(2, "10:00", 10, SOLD, 0, 0)]
    ends = rows(of_kind(lived, facts.TALK), "day", "clock", "outcome", "amount", "team", "occurrence")
    assert ends[1:] == [(2, 10 * HOUR + 10 * MINUTE, closing.SOLD, 100_00, CALLERS, SELLERS)]
    assert files(lived) == [(2, "10:10", undecided.SOLD, 2, 1, 0)]
    assert days(lived) == [1]


@pytest.mark.parametrize(
    ("ready", "day"),
    [(0, 1), (0.5, 1), (1, 1), (1.1, 2), (2, 2), (3, 2), (4, 2), (4.1, 3), (5, 3), (25, 17), (28, None)],
)  # fmt: skip
def test_the_day_on_which_a_lead_comes_back(ready: float, day: int | None):
    # Tomorrow at the earliest; Saturday and Sunday move to Monday. Day 19 is Wednesday 4 February, 27 days later.
    lived = run(*RETURNS, f"segments.keen.ready={ready}", "follow_up.first_after='1 month'")
    assert [when for when, *_ in came(lived)] == ([] if day is None else [day])


def test_who_comes_back_is_answered_before_the_list():
    # Lead 0 is back at 10:00; by then six of the other twelve were touched.
    lived = run(
        *RETURNS, "segments.keen.leads=1", "segments.keen.ready=4", "segments.slow={ leads = 12 }",
        "follow_up.channels.phone.minutes.talk=9",
    )  # fmt: skip
    day = [(when, lead) for on, when, lead in at(lived) if on == 2]
    assert day == [(f"{9 + 9 * n // 60:02d}:{9 * n % 60:02d}", n + 1) for n in range(7)] + [
        (f"10:{12 + 9 * n:02d}", 8 + n) for n in range(5)
    ]
    assert answers(lived) == [(2, "10:03", 9, NOT_CONVINCED, 3, 0)]


def test_who_comes_back_in_the_evening_waits_overnight_and_is_not_touched_meanwhile():
    lived = run(*LATE, "segments.keen.ready=4")
    assert came(lived) == [(2, "20:00", 0, 1)]
    assert answers(lived) == [(3, "09:00", 10, NOT_CONVINCED, 13 * 60, 0)]
    assert days(lived) == [1, 4, 5]
    # Over a weekend: back on Friday 9.
    lived = run(*LATE, "segments.keen.ready=1", "follow_up.touches=1")
    assert answers(lived) == [(2, "09:00", 10, NOT_CONVINCED, 13 * 60 + 2 * 24 * 60, 0)]
    assert days(lived) == [3]


def test_who_comes_back_by_night_may_have_bought_elsewhere_by_the_morning():
    late = run(*LATE, "segments.keen.ready=4", "segments.keen.window=0.5", "follow_up.sold=1", "follow_up.touches=1")
    assert [code for _, _, _, code, *_ in answers(late)] == [BOUGHT_ELSEWHERE]
    assert files(late) == [(1, NIGHT, GIVEN_UP, 1, 1, 0), (3, NIGHT, undecided.BOUGHT_ELSEWHERE, 1, 1, 0)]
    assert reopened(late) == [(2, "00:00", 1, 0)]
    early = run(*RETURNS, "segments.keen.ready=4", "segments.keen.window=0.5", "follow_up.sold=1")
    assert [code for _, _, _, code, *_ in answers(early)] == [SOLD]


def test_patience_ends_and_the_follow_up_goes_on():
    # Back at 20:00 and gone by 21:00: told at night; touched again from the next day on.
    patience = (*NO_WAITING, "inbound.patience='1 h'")
    lived = run(*LATE, *patience, "segments.keen.ready=4")
    assert answers(lived) == [(2, NIGHT, 0, GAVE_UP, 60, NOBODY)]
    assert touches(lived) == [(1, NOT_READY), (3, NOT_CONVINCED), (4, NOT_CONVINCED)]
    # Back at 07:00: found gone at 09:00 by who would have answered.
    lived = run(
        *patience, "segments.keen.returns=1", "segments.keen.arrival_hours='07:00-07:01'", "segments.keen.ready=4"
    )
    assert answers(lived) == [(2, "09:00", 0, GAVE_UP, 60, NOBODY)]
    # Back at 08:00: exactly an hour is not too long.
    lived = run(
        *patience, "segments.keen.returns=1", "segments.keen.arrival_hours='08:00-08:01'", "segments.keen.ready=4"
    )
    assert answers(lived) == [(2, "09:00", 10, NOT_CONVINCED, 60, 0)]


def test_waiting_costs_who_comes_back_odds():
    curve = (*INBOUND, "inbound.waiting={ source = 'a guess', odds = { '1 h' = 1e-9 } }", "follow_up.sold=0.999999")
    more = ("segments.keen.ready=4", "follow_up.touches=1")
    assert [code for _, _, _, code, *_ in answers(run(*LATE, *curve, *more))] == [NOT_CONVINCED]
    assert [code for _, _, _, code, *_ in answers(run(*RETURNS, *curve, *more))] == [SOLD]


def test_the_really_interested_have_better_odds():
    more = (*RETURNS, "segments.keen.ready=4", "follow_up.sold=0.001", "follow_up.odds_returned=1e6")
    lived = run(*more)
    assert touches(lived) == [(1, NOT_READY)]
    assert [code for _, _, _, code, *_ in answers(lived)] == [SOLD]


def test_a_file_that_was_closed_is_opened_anew_when_its_lead_comes_back():
    # One touch, on Friday, and let go that night; ready on Monday 19, day 7. No touch meanwhile, and none after.
    lived = run(*RETURNS, "segments.keen.ready=11", "follow_up.touches=1")
    assert touches(lived) == [(1, NOT_READY)]
    assert came(lived) == [(7, "10:00", 0, 1)]
    assert answers(lived) == [(7, "10:00", 10, NOT_CONVINCED, 0, 0)]
    gone = [(1, NIGHT, GIVEN_UP, 1, 1, 0)]
    assert files(lived) == [*gone, (7, NIGHT, GIVEN_UP, 0, 1, 0)]
    assert reopened(lived) == [(7, "00:00", 1, 0)]
    # The quota leaves it in peace, too.
    assert days(run(*RETURNS, "segments.keen.ready=11", "follow_up.touches=1", "follow_up.quota=3")) == [1]
    # Who is back after the horizon is lost for good; who does not come back, too.
    assert files(run(*RETURNS, "segments.keen.ready=28", "follow_up.touches=1")) == gone
    assert files(run("segments.keen.ready=11", "follow_up.touches=1")) == gone
    # Let go by time, and by signals (it is irritated on Friday).
    for more in (("follow_up.stop_after='1 day'",), ("segments.keen.tolerance=2", "follow_up.reads_signals=1")):
        assert files(run(*RETURNS, "segments.keen.ready=11", *more)) == files(lived)
    # A sale then closes it for good, on the day on which it was opened anew.
    sold = run(*RETURNS, "segments.keen.ready=11", "follow_up.touches=1", "follow_up.sold=1")
    assert files(sold) == [*gone, (7, "10:10", undecided.SOLD, 0, 1, 0)]


def test_who_is_followed_up_when_it_comes_back_has_one_file():
    # Ready on Monday 12, day 2, touched before and after it: nothing is opened anew.
    lived = run(*RETURNS, "segments.keen.ready=4")
    assert (len(came(lived)), reopened(lived)) == (1, [])
    assert [day for day, *_ in files(lived)] == [4]


def test_who_gave_up_waiting_keeps_its_day():
    # Back on Monday 12 at 20:00, gone by 21:00. The next touch was due on Monday 19 and still is, on day 7.
    back = (*NO_WAITING, "inbound.patience='1 h'", *LATE, "segments.keen.ready=4", "follow_up.touches=1")
    assert days(run(*back, "follow_up.first_after='11 days'", "follow_up.interval='11 days'")) == [7]
    # Due on that Monday itself: tomorrow at the earliest. Due in a month: not later than an interval from then.
    assert days(run(*back, "follow_up.first_after='4 days'", "follow_up.interval='10 days'")) == [3]
    assert days(run(*back, "follow_up.first_after='21 days'", "follow_up.interval='3 working days'")) == [5]
    # Who was answered is touched an interval later.
    answered = ("follow_up.first_after='11 days'", "follow_up.interval='11 days'", "segments.keen.ready=4")
    assert days(run(*RETURNS, *answered, "follow_up.touches=1")) == [11]


def test_let_go_in_the_morning_it_rests_until_it_comes_back():
    # Touched too late as the team was busy: lead 1 rests from Monday's morning on.
    lived = run(
        *RETURNS, "segments.keen.leads=2", "teams.sellers.shift='09:00-09:05'", "follow_up.stop_after='1 working day'",
        "segments.keen.ready=11", "segments.keen.arrival_hours='09:00-09:01'",
    )  # fmt: skip
    assert at(lived) == [(1, "09:00", 0)]
    assert came(lived) == [(7, "09:00", 0, 1), (7, "09:00", 1, 0)]
    assert [day for day, *_ in answers(lived)] == [7, 8]
    assert sorted(files(lived)) == [
        (1, NIGHT, GIVEN_UP, 1, 1, 0), (2, "00:00", GIVEN_UP, 2, 0, 1), (7, NIGHT, GIVEN_UP, 0, 1, 0),
        (8, NIGHT, GIVEN_UP, 1, 0, 1),
    ]  # fmt: skip
    assert reopened(lived) == [(7, "00:00", 1, 0), (7, "00:00", 0, 1)]


GONE = {
    "who walked away": (("segments.keen.tolerance=9", "segments.keen.walks_away=1"), IRRITATED),
    "who was found not qualified, in error": (("follow_up.qualify={ sensitivity = 0 }",), GIVEN_UP),
    "who was declined": (
        ("follow_up.qualify={}", "segments.keen.fit=0", "follow_up.decline_bad_fit=true"), BAD_FIT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GONE)
def test_a_file_that_the_firm_closed_for_good_stays_closed(case: str):
    overrides, cause = GONE[case]
    lived = run(*RETURNS, "segments.keen.ready=11", *overrides)
    assert causes(lived) == [cause]
    assert len(touches(lived)) == 1
    assert came(lived) == []


@pytest.mark.parametrize("who", ["segments.keen.qualified=0", "segments.keen.never_ready=1"])
def test_who_can_never_buy_does_not_come_back(who: str):
    assert came(run(*RETURNS, who, NO_END)) == []


def test_who_bought_at_a_touch_does_not_come_back():
    lived = run(*RETURNS, "follow_up.sold=1", "segments.keen.ready=2", "segments.keen.arrival_hours='10:00-10:01'")
    assert len(came(lived)) == 1
    # Ready on Saturday, so back on Monday, day 2; touched on Saturday, which is worked by then.
    lived = run(*RETURNS, "follow_up.sold=1", "segments.keen.ready=1", "follow_up.interval='1 working day'")
    assert (came(lived), touches(lived)) == ([(1, "10:00", 0, 0)], [])


def test_an_answer_is_a_contact():
    # It bears a contact every second day: touched on Friday (too soon), back on Monday, touched on Tuesday (too soon).
    lived = run(*RETURNS, "segments.keen.ready=4", "segments.keen.tolerance=2", "follow_up.touches=2")
    assert days(lived) == [1, 3]
    assert flags(lived) == [(PHONE, False, True)] * 2
    assert answers(lived)[0][0] == 2


def test_after_an_answer_the_next_touch_is_an_interval_later():
    more = ("follow_up.interval='3 working days'", "follow_up.retry_after='4 working days'")
    lived = run(*RETURNS, "segments.keen.ready=4", *more, "follow_up.first_after='1 day'")
    assert (days(lived), answers(lived)[0][0]) == ([1, 5, 8], 2)


def test_a_quota_counts_an_answer_as_being_touched():
    # Lead 1 is back on day 2 and answered then; on day 3 both were last touched on day 2.
    lived = run(
        "segments.other={ leads = 1, ready = 4, returns = 1, arrival_hours = '10:00-10:01' }", NO_END,
        "follow_up.interval='1 month'", "follow_up.quota=1", "horizon='5 working days'",
    )  # fmt: skip
    assert at(lived, facts.ANSWER) == [(2, "10:00", 1)]
    assert at(lived) == [(1, "09:00", 0), (2, "09:00", 0), (3, "09:00", 0), (4, "09:00", 1)]


def test_earlier_touches_change_the_odds_of_who_comes_back():
    worn = (*RETURNS, "segments.keen.ready=4", "follow_up.sold=0.999", "follow_up.odds_per_touch=0.000001")
    assert [code for _, _, _, code, *_ in answers(run(*worn, "follow_up.touches=1"))] == [NOT_CONVINCED]
    assert [code for _, _, _, code, *_ in answers(run(*worn, "follow_up.first_after='1 month'"))] == [SOLD]


# ---------------------------------------------------------------- nurture


def series(lived: Facts) -> Told:
    return rows(of_kind(lived, facts.SERIES), "day", "lead", "occurrence", "amount", "team", "seat")


NURTURE = "follow_up.nurture={ every = '1 week', messages = 3"


def test_messages_to_who_said_that_it_was_not_ready_are_paid_once():
    # Said on Friday 9; messages on the 16th, 23rd and 30th, though it is ready on Wednesday and let go the day before.
    lived = run(NURTURE + " }", "segments.keen.ready=6")
    assert touches(lived) == [(1, NOT_READY), (2, NOT_READY), (3, NOT_READY)]
    assert series(lived) == [(1, 0, 1, 3, SELLERS, NOBODY)]
    # Two of them lie within a horizon of 12 days, which ends on Friday 23.
    assert series(run(NURTURE + " }", "segments.keen.ready=6", "horizon='12 working days'")) == [
        (1, 0, 1, 2, SELLERS, NOBODY)
    ]


@pytest.mark.parametrize(
    "who",
    [
        "segments.keen.qualified=0", "segments.keen.ready=0", "follow_up.channels.phone.reached=0",
        "segments.keen.ready=1", "segments.keen.window=0",
    ],
)  # fmt: skip
def test_nobody_else_gets_messages(who: str):
    assert series(run(NURTURE + " }", who)) == []


COMES_IF_NURTURED = (
    "segments.keen.returns=0.001",
    "segments.keen.arrival_hours='10:00-10:01'",
    "follow_up.touches=1",
)
RAISED = "odds_returning = 1e6"


@pytest.mark.parametrize(
    ("messages", "ready", "day"),
    [
        (3, 18, 12),  # Monday 26; messages until Friday 30
        (2, 18, None),  # until Friday 23
        (2, 15, 11),  # on that Friday
        (2, 15.1, None),  # the day after
        (3, 0, None),  # ready at once, never nurtured
    ],
)
def test_nurturing_that_lasts_until_it_is_ready_brings_a_lead_back(messages: int, ready: float, day: int | None):
    more = (*COMES_IF_NURTURED, f"segments.keen.ready={ready}")
    nurture = f"follow_up.nurture={{ every = '1 week', messages = {messages}, {RAISED} }}"
    lived = run(*more, nurture)
    assert [when for when, *_ in came(lived)] == ([] if day is None else [day])
    back = () if day is None else (day,)
    assert [when for when, *_ in files(lived)] == [1, *back]
    assert [when for when, *_ in reopened(lived)] == [*back]
    assert came(run(*more)) == []


def test_nurturing_keeps_the_window_open():
    # Ready on Monday, for a day; nurtured three times as long: until Thursday 15, day 5.
    overrides = ("segments.keen.ready=4", "segments.keen.window=1", "follow_up.touches=5")
    assert touches(run(*overrides)) == [
        (1, NOT_READY), (2, NOT_CONVINCED), (3, BOUGHT_ELSEWHERE), (4, BOUGHT_ELSEWHERE), (5, BOUGHT_ELSEWHERE),
    ]  # fmt: skip
    assert touches(run(*overrides, NURTURE + ", keeps_open = 3 }")) == [
        (1, NOT_READY), (2, NOT_CONVINCED), (3, NOT_CONVINCED), (4, NOT_CONVINCED), (5, BOUGHT_ELSEWHERE),
    ]  # fmt: skip
    # Ready before anybody found out that it was not: no messages, no longer window.
    late = ("follow_up.first_after='4 days'", *overrides, NURTURE + ", keeps_open = 3 }")
    assert [code for _, code in touches(run(*late))][:2] == [NOT_CONVINCED, BOUGHT_ELSEWHERE]
