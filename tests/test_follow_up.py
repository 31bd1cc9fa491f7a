"""Follow-up by hand: when leads are touched, and why their files end, fact by fact.

The shop of `pursued`: Thursday 8 January 2026 is day 0, Friday 9 day 1, Monday 12 day 2, ... Friday 16 day 6,
Monday 19 day 7. The sellers work from 09:00 to 17:00; a talk lasts 10 minutes.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import both_engines, of_kind
from pursued import CALLERS, HOUR, MINUTE, PHONE, SELLERS, SHOP, rows, touched
from pursued_by_hand import (
    GATEKEPT,
    INBOUND,
    MET,
    NIGHT,
    NO_CURVE,
    NO_END,
    RETURNS,
    at,
    causes,
    days,
    files,
    run,
    touches,
)

from simfunnel import facts
from simfunnel.facts import NOBODY
from simfunnel.funnel import closing, undecided
from simfunnel.funnel.touch import (
    BOUGHT_ELSEWHERE,
    CONCEDED,
    GATEKEEPER,
    GAVE_UP,
    NOT_CONVINCED,
    NOT_QUALIFIED,
    NOT_REACHED,
    NOT_READY,
    SOLD,
)
from simfunnel.funnel.undecided import GIVEN_UP, NEVER_READY, OPENED, REOPENED

# ---------------------------------------------------------------- a file, and its touches


def test_a_lead_that_stays_undecided_is_followed_up_from_the_next_day_on():
    # Called at 09:00 for a minute; its file is opened then. Three touches on three days, then it is let go at night.
    lived = run()
    assert rows(of_kind(lived, facts.TALK), "day", "clock", "outcome", "amount", "team", "occurrence") == [
        (0, 9 * HOUR + MINUTE, closing.UNDECIDED_BY_PHONE, 0, CALLERS, CALLERS)
    ]
    opened = rows(of_kind(lived, facts.FILE), "day", "clock", "outcome", "team", "lead")[0]
    assert opened == (0, 9 * HOUR + MINUTE, OPENED, CALLERS, 0)
    assert touched(lived, facts.TOUCH) == [(day, "09:00", 10, 0, NOT_CONVINCED) for day in (1, 2, 3)]
    some = of_kind(lived, facts.TOUCH)
    assert rows(some, "team", "seat", "occurrence", "amount") == [(SELLERS, 0, n, PHONE << 2) for n in range(3)]
    assert files(lived) == [(3, NIGHT, GIVEN_UP, 3, 3, 0)]


def test_without_follow_up_there_are_no_files():
    shop = SHOP[: SHOP.index("[follow_up]")] + "[money]\nrevenue_per_sale = 100"
    lived = both_engines(shop, *MET, "calling.undecided=0", replications=1)[1]
    assert of_kind(lived, facts.TALK)["outcome"].tolist() == [closing.UNDECIDED]
    assert set(lived["kind"].tolist()) == {facts.DIAL, facts.BOOKING, facts.VISIT, facts.MEETING, facts.TALK}


def test_a_sale_at_a_touch_is_a_talk_and_closes_the_file_when_it_ends():
    lived = run("follow_up.sold=1")
    assert touched(lived, facts.TOUCH) == [(1, "09:00", 10, 0, SOLD)]
    ends = rows(of_kind(lived, facts.TALK), "day", "clock", "outcome", "amount", "team", "occurrence", "seat")
    assert ends[1:] == [(1, 9 * HOUR + 10 * MINUTE, closing.SOLD, 100_00, CALLERS, SELLERS, NOBODY)]
    assert files(lived) == [(1, "09:10", undecided.SOLD, 1, 1, 0)]
    assert of_kind(lived, facts.MISFIT)["lead"].size == 0


def test_a_sale_under_pressure_is_conceded():
    # One in a million buys anyway, next to all if pressed.
    lived = run("follow_up.sold=0.001", "follow_up.pressure=1e6")
    assert touches(lived) == [(1, CONCEDED)]
    assert of_kind(lived, facts.TALK)["outcome"].tolist() == [closing.UNDECIDED_BY_PHONE, closing.CONCEDED]
    assert causes(lived) == [undecided.SOLD]


SALES = {
    "by phone": ("calling.accepted=1",),
    "at a touch": ("follow_up.sold=1",),
    "coming back": ("follow_up.sold=1", "follow_up.first_after='1 month'", "segments.keen.returns=1"),
    "at a meeting": (
        "calling.offer='meeting'", "calling.accepted=1", "calling.undecided=0", "closing.sold_if_interested=1",
        "meeting={ team = 'sellers', attended = 1 }",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fit", [0, 1])
@pytest.mark.parametrize("sale", SALES)
def test_a_sale_to_whom_the_product_is_not_right_for_is_a_misfit(sale: str, fit: int):
    lived = run(*SALES[sale], f"segments.keen.fit={fit}")
    ends, misfits = of_kind(lived, facts.TALK), of_kind(lived, facts.MISFIT)
    sold = ends["outcome"] == closing.SOLD
    assert np.count_nonzero(sold) == 1
    known = [] if fit else rows({n: v[sold] for n, v in ends.items()}, "lead", "day", "clock", "team", "seat")
    assert rows(misfits, "lead", "day", "clock", "team", "seat") == known


# ---------------------------------------------------------------- when


WHEN: dict[str, tuple[tuple[str, ...], list[int]]] = {
    "every working day": ((), [1, 2, 3]),
    "every third": (("follow_up.interval='3 working days'",), [3, 6, 9]),
    "every week": (("follow_up.interval='1 week'",), [5, 10, 15]),
    "a day off moves it": (("follow_up.interval='1 week'", "holidays=[2026-01-15]"), [5, 10, 15]),  # Fridays then
    "and all after it, by the day it was": (
        ("follow_up.interval='2 days'",), [2, 4, 6],  # Sat 10 is Mon 12, Wed 14, Fri 16
    ),
    "four days": (("follow_up.interval='4 days'",), [2, 6, 8]),  # Mon 12, Fri 16, Tue 20
    "a month": (("follow_up.interval='1 month'", "horizon='60 working days'"), [22, 42]),  # Sun 8 Feb, Mon 9 Mar
    "the first later": (("follow_up.first_after='1 week'",), [5, 6, 7]),
    "the first sooner": (("follow_up.first_after='1 day'", "follow_up.interval='1 week'"), [1, 6, 11]),
    "nobody reached": (("follow_up.channels.phone.reached=0", "follow_up.retry_after='2 working days'"), [1, 3, 5]),
    "only then": (("follow_up.retry_after='2 working days'",), [1, 2, 3]),
    "a gatekeeper is not nobody": (
        (*GATEKEPT, "follow_up.retry_after='2 working days'"), [1, 2, 3],
    ),
    "once": (("follow_up.touches=1",), [1]),
    "no later than 4 days": (("follow_up.stop_after='4 days'", NO_END), [1, 2]),  # Monday 12 is the fourth
    "no later than 3 days": (("follow_up.stop_after='3 days'", NO_END), [1]),
    "no later than 3 working days": (("follow_up.stop_after='3 working days'", NO_END), [1, 2, 3]),
    "not at all": (("follow_up.stop_after='3 days'", "follow_up.first_after='4 days'"), []),
    "until the end": ((NO_END,), list(range(1, 20))),
    "beyond the end": (("follow_up.interval='1 month'",), []),
}  # fmt: skip


@pytest.mark.parametrize("case", WHEN)
def test_on_which_days_a_lead_is_touched(case: str):
    overrides, known = WHEN[case]
    lived = run(*overrides)
    assert days(lived) == known


def test_holidays_move_the_due_day_itself():
    # Thursday 8 + a week is the 15th, off: Friday 16, day 5 now; a week later Friday 23.
    lived = run("follow_up.interval='1 week'", "holidays=[2026-01-15]", "horizon='20 working days'")
    assert days(lived) == [5, 10, 15]


def test_let_go_on_the_night_on_which_no_touch_can_follow():
    # By time: the touch of Monday would be the last; the next would be on day 3, too late.
    assert files(run("follow_up.stop_after='4 days'", NO_END)) == [(2, NIGHT, GIVEN_UP, 2, 2, 0)]
    # Not touched at all: on the night of the talk.
    lived = run("follow_up.stop_after='3 days'", "follow_up.first_after='4 days'")
    assert files(lived) == [(0, NIGHT, GIVEN_UP, 0, 0, 0)]
    # Still open at the horizon: not closed.
    assert files(run(NO_END)) == []
    # A sale on the last day that is allowed.
    lived = run("follow_up.stop_after='4 days'", "follow_up.first_after='4 days'", "follow_up.sold=1")
    assert touches(lived) == [(2, SOLD)]


def test_a_touch_that_comes_too_late_as_the_team_was_busy_is_not_made():
    # Two touches of 10 minutes fit into the sellers' morning of 15 minutes: of four leads 0, 1 are touched on Friday.
    # 2, 3 would be on Monday, which is too late: they are let go in its morning. 0, 1 go at Friday's night.
    lived = run(
        "segments.keen.leads=4", "teams.sellers.shift='09:00-09:15'", "follow_up.stop_after='1 working day'", NO_END
    )
    assert at(lived) == [(1, "09:00", 0), (1, "09:10", 1)]
    assert files(lived) == [
        (1, NIGHT, GIVEN_UP, 1, 1, 0), (1, NIGHT, GIVEN_UP, 1, 1, 1), (2, "00:00", GIVEN_UP, 2, 0, 2),
        (2, "00:00", GIVEN_UP, 2, 0, 3),
    ]  # fmt: skip


# ---------------------------------------------------------------- why it ended


TRUTH: dict[str, tuple[tuple[str, ...], list[int], int]] = {
    "nothing against it": ((), [NOT_CONVINCED] * 3, GIVEN_UP),
    "nobody reached": (("follow_up.channels.phone.reached=0",), [NOT_REACHED] * 3, GIVEN_UP),
    "gatekeepers": (GATEKEPT, [GATEKEEPER] * 3, GIVEN_UP),
    "insisting": ((*GATEKEPT, "follow_up.insist=1"), [NOT_CONVINCED] * 3, GIVEN_UP),
    "it can never buy": (("segments.keen.qualified=0",), [NOT_QUALIFIED] * 3, undecided.NOT_QUALIFIED),
    "nor is it reached": (
        ("segments.keen.qualified=0", "follow_up.channels.phone.reached=0"), [NOT_REACHED] * 3, undecided.NOT_QUALIFIED,
    ),
    "never ready": (("segments.keen.never_ready=1",), [NOT_READY] * 3, NEVER_READY),
    "not yet ready": (("segments.keen.ready=99",), [NOT_READY] * 3, GIVEN_UP),
    "ready on Monday": (("segments.keen.ready=4",), [NOT_READY, NOT_CONVINCED, NOT_CONVINCED], GIVEN_UP),
    "ready on Monday at noon": (("segments.keen.ready=4.5",), [NOT_READY, NOT_READY, NOT_CONVINCED], GIVEN_UP),
    "ready on Sunday": (("segments.keen.ready=3",), [NOT_READY, NOT_CONVINCED, NOT_CONVINCED], GIVEN_UP),
    "gone on Monday": (
        ("segments.keen.ready=1", "segments.keen.window=3"), [NOT_CONVINCED, BOUGHT_ELSEWHERE, BOUGHT_ELSEWHERE],
        undecided.BOUGHT_ELSEWHERE,
    ),
    "gone on Tuesday, by part of a day": (
        ("segments.keen.ready=1", "segments.keen.window=3.5"), [NOT_CONVINCED, NOT_CONVINCED, BOUGHT_ELSEWHERE],
        undecided.BOUGHT_ELSEWHERE,
    ),
    "no window at all": (
        ("segments.keen.window=0",), [BOUGHT_ELSEWHERE] * 3, undecided.BOUGHT_ELSEWHERE,
    ),
    "gone before it was let go": (
        ("follow_up.touches=1", "segments.keen.window=1"), [BOUGHT_ELSEWHERE], undecided.BOUGHT_ELSEWHERE,
    ),
    "gone after it was let go": (("follow_up.touches=1", "segments.keen.window=2"), [NOT_CONVINCED], GIVEN_UP),
}  # fmt: skip


@pytest.mark.parametrize("case", TRUTH)
def test_what_a_touch_meets_and_why_it_was_let_go_in_truth(case: str):
    overrides, codes, cause = TRUTH[case]
    lived = run(*overrides)
    assert [code for _, code in touches(lived)] == codes
    assert causes(lived) == [cause]


def test_how_long_touches_take_and_who_is_busy_with_them():
    lived = run("follow_up.channels.phone.reached=0", "teams.sellers.pace=[3]")
    assert [minutes for _, _, minutes, _, _ in touched(lived, facts.TOUCH)] == [3, 3, 3]
    lived = run(*GATEKEPT, "follow_up.channel='mail'")
    assert [minutes for _, _, minutes, _, _ in touched(lived, facts.TOUCH)] == [4, 4, 4]
    lived = run("follow_up.channels.phone.minutes.talk=0", "teams.callers.pace=[2]")
    assert of_kind(lived, facts.TOUCH)["duration"].tolist() == [1, 1, 1]
    lived = run("follow_up.channels.phone.minutes.talk='4 h'", "teams.sellers.pace=[2]", "follow_up.touches=1")
    assert of_kind(lived, facts.TOUCH)["duration"].tolist() == [4 * HOUR]


def test_busy_time_and_money():
    # Touched on Friday (not ready) and on Monday (sold), 10 minutes and 2 each; two messages of 3; a misfit of 40.
    columns, _ = both_engines(
        SHOP, "segments.keen.ready=4", "segments.keen.fit=0", "follow_up.sold=1", "follow_up.channels.phone.cost=2",
        "follow_up.nurture={ every = '1 week', messages = 2, cost = 3 }", "money.bad_fit=40", replications=1,
    )  # fmt: skip
    assert columns["teams.sellers.busy_minutes"].tolist() == [20]
    costs = {line: columns[f"costs.{line}"].tolist() for line in ("touches", "nurture", "bad_fit")}
    assert costs == {"touches": [4], "nurture": [6], "bad_fit": [40]}
    assert columns["profit"].tolist() == [50]
    # A talk with who comes back keeps a seller busy too, and is no touch.
    columns, _ = both_engines(
        SHOP, *RETURNS, "segments.keen.ready=4", "follow_up.touches=1", "follow_up.channels.phone.cost=2",
        replications=1,
    )  # fmt: skip
    assert columns["teams.sellers.busy_minutes"].tolist() == [20]
    assert columns["costs.touches"].tolist() == [2]


# ---------------------------------------------------------------- undecided after a talk face to face


def test_undecided_after_a_demo():
    # Called on Thursday, at the demo on Friday at 15:00 for an hour; a talk of 30 minutes. Touched from Monday on.
    lived = run(
        "calling.offer='demo'", "calling.accepted=1", "calling.undecided=0", "closing.undecided=1",
        "closing.sold_if_interested=0", "closing.minutes={ peak = 30, answer = 0 }", "follow_up.sold=1",
        "demo={ team = 'sellers', attended = 1, every = '1 working day', at = '15:00', length = '60 min' }",
    )  # fmt: skip
    ends = rows(of_kind(lived, facts.TALK), "day", "clock", "outcome")
    assert ends == [
        (1, 16 * HOUR + 30 * MINUTE, closing.UNDECIDED), (2, 9 * HOUR + 10 * MINUTE, closing.SOLD),
    ]  # fmt: skip
    assert touches(lived) == [(2, SOLD)]
    assert files(lived) == [(2, "09:10", undecided.SOLD, 1, 1, 0)]
    assert of_kind(lived, facts.FILE)["team"].tolist() == [CALLERS, CALLERS]


def test_undecided_after_a_meeting():
    # Met on Friday at 09:00 for 30 minutes by the team that follows up from Monday on.
    lived = run(
        "calling.offer='meeting'", "calling.accepted=1", "calling.undecided=0", "closing.undecided=1",
        "closing.sold_if_interested=0", "closing.minutes={ peak = 30, answer = 0 }",
        "meeting={ team = 'sellers', attended = 1 }",
    )  # fmt: skip
    opened = rows(of_kind(lived, facts.FILE), "day", "clock", "outcome", "team")[0]
    assert opened == (1, 9 * HOUR + 30 * MINUTE, OPENED, CALLERS)
    assert days(lived) == [2, 3, 4]
    assert files(lived) == [(4, NIGHT, GIVEN_UP, 3, 3, 0)]


def test_undecided_who_came_unasked():
    # Two hot leads on the list, answered from 09:00 on in 20 minutes each; no calling at all.
    lived = run(
        "segments.keen={ leads = 2, temperature = 'hot' }", "inbound.teams=['sellers']", "inbound.offer='sale'",
        "inbound.accepted=0", "inbound.undecided=1", "inbound.minutes={ talk = 20 }", NO_CURVE,
    )  # fmt: skip
    opened = rows(of_kind(lived, facts.FILE), "day", "clock", "outcome", "team")[::2]
    assert opened == [(0, 9 * HOUR + n * 20 * MINUTE, OPENED, SELLERS) for n in (1, 2)]
    assert at(lived)[:3] == [(1, "09:00", 0), (1, "09:10", 1), (2, "09:00", 0)]


def test_freeloaders_and_who_was_not_convinced_are_not_followed_up():
    meeting = (
        "calling.offer='meeting'", "calling.accepted=1", "calling.undecided=0", "closing.sold_if_interested=0",
        "meeting={ team = 'sellers', attended = 1 }",
    )  # fmt: skip
    assert of_kind(run(*meeting), facts.FILE)["lead"].size == 0
    assert of_kind(run(*meeting, "closing.undecided=1", "segments.keen.interested=0"), facts.FILE)["lead"].size == 0
    assert of_kind(run("calling.undecided=0"), facts.FILE)["lead"].size == 0


# ---------------------------------------------------------------- a whole shop

EVERYTHING = (
    "segments.keen.leads=60", "segments.keen.ready={ exponential = { mean = 8 } }", "segments.keen.never_ready=0.1",
    "segments.keen.window={ exponential = { mean = 10 } }", "segments.keen.tolerance={ low = 0, high = 4 }",
    "segments.keen.walks_away=0.2", "segments.keen.channels={ phone = 0.6, mail = 0.4 }", "segments.keen.returns=0.4",
    "segments.keen.qualified=0.8", "segments.keen.fit=0.7", "segments.keen.decision_maker=0.8",
    "calling.asked_through=1", "teams.sellers.size=2", "teams.sellers.shift='09:00-11:00'",
    "teams.sellers.pace=[1, 0.7]", "teams.sellers.skill=[1, 2]", "follow_up.sold=0.2", "follow_up.pressure=2",
    "follow_up.touches=7", "follow_up.stop_after='20 days'", "follow_up.reads_signals=0.5", "follow_up.signals=2",
    "follow_up.quota=4", "follow_up.interval='3 days'", "follow_up.retry_after='1 day'", "follow_up.ask=true",
    "follow_up.keeps=0.7", "follow_up.insist=0.5", "follow_up.decline_bad_fit=true",
    "follow_up.channels.phone.reached=0.6", "follow_up.channels.mail.reached=0.8",
    "follow_up.qualify={ minutes = 3, sensitivity = 0.9, specificity = 0.6 }",
    "follow_up.nurture={ every = '4 days', messages = 4, odds_returning = 3, keeps_open = 2 }",
    *INBOUND, NO_CURVE, "inbound.patience='20 h'",
)  # fmt: skip


def test_what_holds_in_any_shop():
    lived = run(*EVERYTHING, replications=8)
    task = np.isin(lived["kind"], (facts.TOUCH, facts.ANSWER)) & (lived["seat"] != NOBODY)
    # At most one task a lead a day, and no touch on the day of a return.
    keys = [*zip(*(lived[name][task].tolist() for name in ("history", "lead", "day")), strict=True)]
    assert len(set(keys)) == len(keys)
    made, back, ended = (of_kind(lived, kind) for kind in (facts.TOUCH, facts.RETURN, facts.FILE))
    touched_on = set(rows(made, "history", "lead", "day"))
    assert not touched_on & set(rows(back, "history", "lead", "day"))
    assert len(set(rows(back, "history", "lead"))) == back["lead"].size
    # Every kind of result and of end is there; a file is opened once, and at most once anew; no touch follows.
    assert set(made["outcome"].tolist()) == set(range(GAVE_UP))
    assert set(ended["outcome"].tolist()) == set(range(len(undecided.FILES)))
    opened = {
        (h, lead): day for h, lead, day, code in rows(ended, "history", "lead", "day", "outcome") if code == OPENED
    }
    assert len(opened) == np.count_nonzero(ended["outcome"] == OPENED) == 8 * 60
    lives: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for h, lead, *life in sorted(rows(ended, "history", "lead", "day", "clock", "outcome", "occurrence", "duration")):
        lives.setdefault((h, lead), []).append((*life,))
    for who, life in lives.items():
        mine = sorted(when for h, lead, when in touched_on if (h, lead) == who)
        for (begin, _, how, _, none), (day, _, why, n, long) in zip(life[::2], life[1::2], strict=False):
            assert none == 0
            assert day - begin == long
            assert len(mine) == n <= 7
            assert not mine or opened[who] < mine[0] <= mine[-1] <= day
            assert how in (OPENED, REOPENED)
            assert why not in (OPENED, REOPENED)
        assert [how for _, _, how, *_ in life[::2]] in ([OPENED], [OPENED, REOPENED])
        assert len(life) < 3 or life[1][2] == GIVEN_UP
    # Touches are numbered without gaps, and none is later than 20 days after the talk.
    for h, lead, number, day in rows(made, "history", "lead", "occurrence", "day"):
        earlier = [when for other, its, when in touched_on if (other, its) == (h, lead) and when < day]
        assert len(earlier) == number
        assert day - opened[(h, lead)] <= 14
    assert np.unique(made["seat"]).tolist() == [0, 1]
