"""Follow-up by hand: small histories say what was worked out on paper, fact by fact.

The shop of `pursued`: Thursday 8 January 2026 is day 0, Friday 9 day 1, Monday 12 day 2, ... Friday 16 day 6,
Monday 19 day 7. The sellers work from 09:00 to 17:00; a talk lasts 10 minutes.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, both_engines, of_kind
from pursued import CALLERS, HOUR, MAIL, MINUTE, PHONE, SELLERS, SHOP, Told, clock, rows, touched

from simfunnel import facts
from simfunnel.facts import NOBODY
from simfunnel.funnel import closing, undecided
from simfunnel.funnel.touch import (
    BOUGHT_ELSEWHERE,
    CONCEDED,
    DECLINED,
    DISQUALIFIED,
    GATEKEEPER,
    GAVE_UP,
    NOT_CONVINCED,
    NOT_QUALIFIED,
    NOT_REACHED,
    NOT_READY,
    SOLD,
    WALKED_AWAY,
)
from simfunnel.funnel.undecided import BAD_FIT, GIVEN_UP, IRRITATED, NEVER_READY, OPENED, REOPENED

NO_END = "follow_up.touches=4000"
NIGHT = "28:00"
MET = (
    "calling.offer='meeting'", "calling.accepted=1", "closing.undecided=1", "closing.sold_if_interested=0",
    "meeting={ team = 'sellers', attended = 1 }",
)  # fmt: skip
GATEKEPT = ("segments.keen.decision_maker=0", "calling.asked_through=1")


def run(*overrides: str, replications: int = 1) -> Facts:
    """One history, equal in both engines."""
    return both_engines(SHOP, *overrides, replications=replications)[1]


def touches(lived: Facts) -> Told:
    """Day and result of each touch; with its begin and lead where that matters, see `touched`."""
    return [(day, code) for day, _, _, _, code in touched(lived, facts.TOUCH)]


def days(lived: Facts) -> list[int]:
    return [day for day, _ in touches(lived)]


def files(lived: Facts) -> Told:
    """Day, clock, what became of it, working days, touches and lead of each file that was closed; all are 100 worth."""
    some = of_kind(lived, facts.FILE)
    assert set(some["seat"].tolist()) <= {NOBODY}
    assert set(some["amount"].tolist()) <= {100_00}
    opened = np.isin(some["outcome"], (OPENED, REOPENED))
    assert not some["duration"][opened].any()
    assert not some["occurrence"][some["outcome"] == OPENED].any()
    closed = {name: values[~opened] for name, values in some.items()}
    anew = some["lead"][some["outcome"] == REOPENED]
    assert np.unique(closed["lead"]).size >= closed["lead"].size - anew.size
    found = rows(closed, "day", "clock", "outcome", "duration", "occurrence", "lead")
    return [(day, clock(at), *more) for day, at, *more in found]


def reopened(lived: Facts) -> Told:
    """Day, clock, touches before and lead of each file that was opened anew."""
    some = of_kind(lived, facts.FILE)
    anew = {name: values[some["outcome"] == REOPENED] for name, values in some.items()}
    return [(day, clock(ms), *more) for day, ms, *more in rows(anew, "day", "clock", "occurrence", "lead")]


def causes(lived: Facts) -> list[int]:
    return [outcome for _, _, outcome, *_ in files(lived)]


def flags(lived: Facts) -> Told:
    """Channel, whether only the quota called for it, and whether it irritated, of each touch in order of time."""
    some = of_kind(lived, facts.TOUCH)
    order = np.lexsort((some["clock"], some["day"]))
    return [(amount >> 2, bool(amount & 2), bool(amount & 1)) for amount in some["amount"][order].tolist()]


def at(lived: Facts, kind: int = facts.TOUCH) -> Told:
    """Day, begin and lead of each touch or answer, in order of time."""
    return [(day, when, lead) for day, when, _, lead, _ in touched(lived, kind)]


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


# ---------------------------------------------------------------- irritation


def test_too_soon_for_a_lead_irritates_it():
    # It bears a contact every 3 days. Thursday to Friday is 1 day, to Monday 3: not sooner; Tuesday 1.
    lived = run("segments.keen.tolerance=3", "follow_up.touches=4")
    assert days(lived) == [1, 2, 3, 4]
    assert [irritated for *_, irritated in flags(lived)] == [True, False, True, True]
    lived = run("segments.keen.tolerance=3.1", "follow_up.touches=4")
    assert [irritated for *_, irritated in flags(lived)] == [True] * 4


def test_who_was_not_reached_was_not_in_contact():
    # Gatekeepers end all touches until Wednesday of the next week; the lead itself was last spoken to on Thursday.
    lived = run(*GATEKEPT, "segments.keen.tolerance=99", "follow_up.touches=4")
    assert [irritated for *_, irritated in flags(lived)] == [False] * 4


def test_the_irritated_may_walk_away():
    lived = run("segments.keen.tolerance=3", "segments.keen.walks_away=1", "follow_up.first_after='3 working days'")
    # Tuesday 13 is 5 days later, fine; Wednesday is too soon.
    assert touches(lived) == [(3, NOT_CONVINCED), (4, WALKED_AWAY)]
    assert files(lived) == [(4, "09:10", IRRITATED, 4, 2, 0)]


def test_each_irritation_costs_odds():
    # Even odds at first, next to none after one irritation, which counts at once; a tolerant lead in 30 buys sooner.
    nervous = run("segments.keen.tolerance=2", "follow_up.sold=0.999999", "follow_up.odds_per_irritation=1e-15")
    assert touches(nervous) == [(1, NOT_CONVINCED), (2, NOT_CONVINCED), (3, NOT_CONVINCED)]
    assert touches(run("segments.keen.tolerance=1", "follow_up.sold=0.999999")) == [(1, SOLD)]


def test_each_earlier_touch_changes_the_odds():
    lived = run("follow_up.sold=0.001", "follow_up.odds_per_touch=1e6")
    assert touches(lived) == [(1, NOT_CONVINCED), (2, SOLD)]
    # Reached or not: the second touch is by then the second.
    lived = run("follow_up.sold=0.999999", "follow_up.odds_per_touch=1e-15")
    assert touches(lived) == [(1, SOLD)]


def test_an_unwanted_channel_irritates():
    wants_mail = "segments.keen.channels={ mail = 1 }"
    lived = run(wants_mail)
    assert flags(lived) == [(PHONE, False, True)] * 3
    lived = run(wants_mail, "follow_up.channel='mail'")
    assert flags(lived) == [(MAIL, False, False)] * 3
    assert [minutes for _, _, minutes, _, _ in touched(lived, facts.TOUCH)] == [5] * 3
    assert touches(run(wants_mail, "segments.keen.walks_away=1")) == [(1, WALKED_AWAY)]


def test_who_asks_comes_by_the_channel_and_at_the_time_that_the_lead_wants():
    wants = ("segments.keen.channels={ mail = 1 }", "segments.keen.tolerance=5.5")
    # Thursday + 6 days is Wednesday 14, day 4; + 6 is Tuesday 20, day 8; + 6 is Monday 26, day 12.
    lived = run(*wants, "follow_up.ask=true")
    assert days(lived) == [4, 8, 12]
    assert flags(lived) == [(MAIL, False, False)] * 3
    # An interval that is longer is kept.
    assert days(run(*wants, "follow_up.ask=true", "follow_up.interval='2 weeks'")) == [10]
    # Asked, but not kept to.
    lived = run(*wants, "follow_up.ask=true", "follow_up.keeps=0")
    assert days(lived) == [1, 2, 3]
    assert flags(lived) == [(PHONE, False, True)] * 3


def test_who_asks_keeps_to_the_time_since_the_last_contact():
    # Nobody is reached: the lead was last spoken to on Thursday, so from day 4 on each day is late enough.
    lived = run("segments.keen.tolerance=5.5", "follow_up.ask=true", "follow_up.channels.phone.reached=0")
    assert days(lived) == [4, 5, 6]


def test_keeping_half_of_the_time_keeps_time_and_channel_together():
    # A touch that keeps to the answer keeps to both, one that does not to neither.
    lived = run(
        "segments.keen.leads=40", "segments.keen.channels={ mail = 1 }", "segments.keen.tolerance=7",
        "follow_up.ask=true", "follow_up.keeps=0.5", "follow_up.touches=5", "follow_up.channels.mail.minutes.talk=1",
        "follow_up.channels.phone.minutes.talk=1",
    )  # fmt: skip
    some = of_kind(lived, facts.TOUCH)
    kept, seen = some["amount"] >> 2 == MAIL, []
    for lead in range(40):
        mine = some["lead"] == lead
        order = np.argsort(some["day"][mine])
        came, keeps = some["day"][mine][order], kept[mine][order]
        gaps = np.diff(came, prepend=0)
        assert gaps[keeps].tolist() == [5] * np.count_nonzero(keeps)
        assert gaps[~keeps].tolist() == [1] * np.count_nonzero(~keeps)
        assert ((some["amount"][mine][order] & 1) == ~keeps).all()
        seen += keeps.tolist()
    assert 60 < sum(seen) < 140  # of 200


SIGNALS: dict[str, tuple[tuple[str, ...], list[int]]] = {
    "blind": (("segments.keen.qualified=0",), [1, 2, 3, 4, 5]),
    "it will never buy": (("segments.keen.qualified=0", "follow_up.reads_signals=1"), [1]),
    "three of them": (("segments.keen.qualified=0", "follow_up.reads_signals=1", "follow_up.signals=3"), [1, 2, 3]),
    "bought elsewhere on Tuesday": (("segments.keen.window=5", "follow_up.reads_signals=1"), [1, 2, 3]),
    "not ready is none": (("segments.keen.never_ready=1", "follow_up.reads_signals=1"), [1, 2, 3, 4, 5]),
    "not convinced is none": (("follow_up.reads_signals=1",), [1, 2, 3, 4, 5]),
    "irritated on Tuesday first": (
        ("segments.keen.tolerance=3", "follow_up.first_after='4 days'", "follow_up.reads_signals=1"), [2, 3],
    ),
    "irritated twice": (("segments.keen.tolerance=3", "follow_up.reads_signals=1", "follow_up.signals=2"), [1, 2, 3]),
    "nobody reached, none seen": (
        ("segments.keen.qualified=0", "follow_up.reads_signals=1", "follow_up.channels.phone.reached=0"),
        [1, 2, 3, 4, 5],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SIGNALS)
def test_signals_let_a_lead_go(case: str):
    overrides, known = SIGNALS[case]
    lived = run("follow_up.touches=5", *overrides)
    assert days(lived) == known


# ---------------------------------------------------------------- qualifying


def test_qualifying_takes_its_minutes_at_the_first_touch_that_reaches_the_lead():
    asks = "follow_up.qualify={ minutes = 7 }"
    lived = run(asks)
    assert [minutes for _, _, minutes, _, _ in touched(lived, facts.TOUCH)] == [17, 10, 10]
    lived = run(asks, "follow_up.channels.phone.reached=0")
    assert [minutes for _, _, minutes, _, _ in touched(lived, facts.TOUCH)] == [1, 1, 1]
    lived = run(asks, *GATEKEPT)
    assert [minutes for _, _, minutes, _, _ in touched(lived, facts.TOUCH)] == [2, 2, 2]


def test_a_touch_that_reached_nobody_asked_nobody():
    # Each lead's first touch that reaches it takes the seven minutes, and no other.
    lived = run("segments.keen.leads=15", "follow_up.qualify={ minutes = 7 }", "follow_up.channels.phone.reached=0.5")
    for lead in range(15):
        minutes = [length for _, _, length, who, _ in touched(lived, facts.TOUCH) if who == lead]
        talks = [length for length in minutes if length != 1]
        assert len(minutes) == 3
        assert talks == [17, 10, 10][: len(talks)]


QUALIFYING: dict[str, tuple[tuple[str, ...], list[int], int]] = {
    "it can": (("follow_up.qualify={}",), [NOT_CONVINCED] * 3, GIVEN_UP),
    "it cannot": (("follow_up.qualify={}", "segments.keen.qualified=0"), [DISQUALIFIED], undecided.NOT_QUALIFIED),
    "it can, and is taken for one that cannot": (("follow_up.qualify={ sensitivity = 0 }",), [DISQUALIFIED], GIVEN_UP),
    "the same, but it never would": (
        ("follow_up.qualify={ sensitivity = 0 }", "segments.keen.never_ready=1"), [DISQUALIFIED], NEVER_READY,
    ),
    "it cannot, and is taken for one that can": (
        ("follow_up.qualify={ specificity = 0 }", "segments.keen.qualified=0"), [NOT_QUALIFIED] * 3,
        undecided.NOT_QUALIFIED,
    ),
    "every sale is good": (("follow_up.qualify={}", "segments.keen.fit=0"), [NOT_CONVINCED] * 3, GIVEN_UP),
    "bad fits are declined": (
        ("follow_up.qualify={}", "segments.keen.fit=0", "follow_up.decline_bad_fit=true"), [DECLINED], BAD_FIT,
    ),
    "good fits are not": (
        ("follow_up.qualify={}", "follow_up.decline_bad_fit=true"), [NOT_CONVINCED] * 3, GIVEN_UP,
    ),
    "but some by mistake": (
        ("follow_up.qualify={ sensitivity = 0 }", "follow_up.decline_bad_fit=true"), [DISQUALIFIED], GIVEN_UP,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", QUALIFYING)
def test_qualifying_lets_go_at_once_of_what_it_finds(case: str):
    overrides, codes, cause = QUALIFYING[case]
    lived = run(*overrides)
    assert [code for _, code in touches(lived)] == codes
    assert causes(lived) == [cause]
    if len(codes) == 1:
        assert files(lived)[0][:2] == (1, "09:15")  # at the end of the talk, five minutes of it asking


# ---------------------------------------------------------------- the day's list

# The sellers touch two leads a day, in 15 minutes.
SHORT = "teams.sellers.shift='09:00-09:15'"


def test_what_was_not_done_keeps_its_due_day_and_its_place():
    # Three leads are due on Friday; 2 is left for Monday, and comes first there though 0 and 1 are due too;
    # 1 is left then, for Tuesday, and so on.
    lived = run("segments.keen.leads=3", SHORT, NO_END, "horizon='5 working days'")
    assert at(lived) == [
        (1, "09:00", 0), (1, "09:10", 1), (2, "09:00", 2), (2, "09:10", 0), (3, "09:00", 1), (3, "09:10", 0),
        (4, "09:00", 2), (4, "09:10", 0),
    ]  # fmt: skip


def test_a_touch_once_begun_is_finished():
    lived = run(SHORT, "follow_up.channels.phone.minutes.talk=60", "segments.keen.leads=2", "horizon='3 working days'")
    assert touched(lived, facts.TOUCH)[0][:4] == (1, "09:00", 60, 0)
    assert at(lived) == [(1, "09:00", 0), (2, "09:00", 1)]


# One crew of one does all of it, an hour each, three a day: leads are called (fresh), and touched.
CREW = (
    "follow_up.team='callers'", "teams.callers.shift='09:00-12:00'", "calling.minutes.talk=60", "segments.keen.leads=4",
    "follow_up.channels.phone.minutes.talk=60", "horizon='4 working days'", NO_END,
)  # fmt: skip


@pytest.mark.parametrize("order", ["", "calling.order=['follow_ups', 'retries', 'fresh']"])
def test_follow_ups_come_before_fresh_leads_if_nothing_is_said(order: str):
    lived = run(*CREW, *((order,) if order else ()))
    assert at(lived, facts.DIAL) == [(0, "09:00", 0), (0, "10:00", 1), (0, "11:00", 2)]
    assert at(lived)[:3] == [(1, "09:00", 0), (1, "10:00", 1), (1, "11:00", 2)]


def test_fresh_leads_before_old_ones():
    lived = run(*CREW, "calling.order=['fresh', 'retries', 'follow_ups']")
    assert at(lived, facts.DIAL) == [(0, "09:00", 0), (0, "10:00", 1), (0, "11:00", 2), (1, "09:00", 3)]
    assert at(lived)[:4] == [(1, "10:00", 0), (1, "11:00", 1), (2, "09:00", 2), (2, "10:00", 0)]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("['meetings', 'follow_ups', 'quota', 'retries', 'fresh']", "follow_ups"),
        ("['meetings', 'quota', 'follow_ups', 'retries', 'fresh']", "quota"),
        ("['retries', 'fresh']", "follow_ups"),
        ("['quota', 'retries', 'fresh', 'follow_ups']", "quota"),
        ("['follow_ups', 'retries', 'fresh', 'quota']", "follow_ups"),
    ],
)
def test_the_quota_is_a_class_of_its_own(order: str, first: str):
    # A quota of 4, six leads that are due every second day: on day 2 4 and 5 are due, 0 and 1 topped up.
    lived = run(
        "segments.keen.leads=6", "follow_up.interval='2 working days'", "follow_up.quota=4", NO_END,
        "horizon='3 working days'", f"calling.order={order}",
    )  # fmt: skip
    leads = [lead for day, _, lead in at(lived) if day == 2]
    assert leads == ([4, 5, 0, 1] if first == "follow_ups" else [0, 1, 4, 5])


# ---------------------------------------------------------------- the quota


def test_a_short_list_is_topped_up_with_who_was_untouched_longest():
    # A quota of 2 for one seller; due once in 5 working days. Four leads, all called on Thursday: on Friday nobody is
    # due, so 0 and 1; on Monday 2 and 3; on Tuesday again 0 and 1.
    lived = run(
        "segments.keen.leads=4", "follow_up.interval='5 working days'", "follow_up.quota=2", NO_END,
        "horizon='5 working days'",
    )  # fmt: skip
    assert at(lived) == [
        (1, "09:00", 0), (1, "09:10", 1), (2, "09:00", 2), (2, "09:10", 3), (3, "09:00", 0), (3, "09:10", 1),
        (4, "09:00", 2), (4, "09:10", 3),
    ]  # fmt: skip
    assert [quota for _, quota, _ in flags(lived)] == [True] * 8


def test_a_quota_is_per_member_of_the_team():
    lived = run(
        "segments.keen.leads=9", "follow_up.interval='1 month'", "follow_up.quota=2", "teams.sellers.size=3", NO_END,
        "horizon='3 working days'",
    )  # fmt: skip
    assert [lead for day, _, lead in at(lived) if day == 1] == [0, 1, 2, 3, 4, 5]
    assert [lead for day, _, lead in at(lived) if day == 2] == [6, 7, 8, 0, 1, 2]


def test_a_quota_adds_only_what_the_list_lacks():
    # Six leads due on day 2 by two days: then a quota of 4 adds nobody; on day 1 it takes 0 to 3 ahead, who are then
    # due on day 3, while 4 and 5 are still due on day 2.
    lived = run(
        "segments.keen.leads=6", "follow_up.interval='2 working days'", "follow_up.quota=4", NO_END,
        "horizon='4 working days'",
    )  # fmt: skip
    by_day = {day: [lead for on, _, lead in at(lived) if on == day] for day in (1, 2, 3)}
    assert by_day == {1: [0, 1, 2, 3], 2: [4, 5, 0, 1], 3: [2, 3, 0, 1]}
    # On day 2 4 and 5 are due and 0 and 1 topped up; on day 3 2 and 3 are due; 0, 1, 4, 5 were all touched on day 2.
    quota = [(day, lead) for (day, _, lead), (_, of_quota, _) in zip(at(lived), flags(lived), strict=True) if of_quota]
    assert quota == [(1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1), (3, 0), (3, 1)]


def test_who_was_topped_up_is_due_an_interval_later_and_not_on_its_old_day():
    # Due on day 5; topped up on day 1 (a quota that lasts as long as its one lead), each day anew: the quota takes it
    # daily. With at most 2 touches it is let go on day 2.
    lived = run("follow_up.interval='5 working days'", "follow_up.quota=1", "follow_up.touches=2")
    assert touches(lived) == [(1, NOT_CONVINCED), (2, NOT_CONVINCED)]
    assert files(lived) == [(2, NIGHT, GIVEN_UP, 2, 2, 0)]
    # Two leads, a quota of one: 0 on day 1, 1 on day 2, 0 on day 3 (then due on day 6, no more on day 3), 1 on day 4.
    lived = run(
        "segments.keen.leads=2", "follow_up.interval='3 working days'", "follow_up.quota=1", NO_END,
        "horizon='6 working days'",
    )  # fmt: skip
    assert at(lived) == [(1, "09:00", 0), (2, "09:00", 1), (3, "09:00", 0), (4, "09:00", 1), (5, "09:00", 0)]


def test_who_was_topped_up_and_not_reached_by_the_day_keeps_its_due_day():
    # Two a day fit; a quota of 3 takes 0, 1, 2 on Friday, but 2 is not begun. Due on day 3 all: 0, 1 now on day 4.
    lived = run(
        "segments.keen.leads=3", SHORT, "follow_up.interval='3 working days'", "follow_up.quota=3", NO_END,
        "horizon='4 working days'",
    )  # fmt: skip
    # Monday: 2 untouched longest, then 0. Tuesday (day 3): 2 was touched on Monday: due on day 5; nobody is due.
    assert at(lived) == [
        (1, "09:00", 0), (1, "09:10", 1), (2, "09:00", 2), (2, "09:10", 0), (3, "09:00", 1), (3, "09:10", 0),
    ]  # fmt: skip


def test_a_quota_takes_leads_whose_own_touch_would_come_after_the_horizon():
    lived = run("follow_up.interval='1 year'", "follow_up.quota=1", "horizon='4 working days'", NO_END)
    assert days(lived) == [1, 2, 3]


def test_what_a_quota_does_to_one_history_does_not_depend_on_the_others_of_its_block():
    # Half of the leads are undecided: histories with nobody, with one, with two.
    lived = run(
        "segments.keen.leads=2", "calling.undecided=0.5", "follow_up.interval='1 year'", "follow_up.quota=1", NO_END,
        "horizon='4 working days'", replications=12,
    )  # fmt: skip
    files_of, made = of_kind(lived, facts.FILE)["history"], of_kind(lived, facts.TOUCH)["history"]
    counts = np.bincount(files_of, minlength=12)
    assert set(counts.tolist()) == {0, 1, 2}
    assert np.bincount(made, minlength=12).tolist() == [3 if count else 0 for count in counts.tolist()]


def test_a_quota_stops_where_touches_stop():
    lived = run("follow_up.interval='1 month'", "follow_up.quota=1", "follow_up.stop_after='2 months'", NO_END)
    assert days(lived) == list(range(1, 20))
    lived = run("follow_up.interval='3 working days'", "follow_up.quota=1", "follow_up.stop_after='4 working days'")
    # Day 1, then due on day 4, which is allowed; on day 2 the next would be day 5: let go that night.
    assert days(lived) == [1, 2]
    assert files(lived) == [(2, NIGHT, GIVEN_UP, 2, 2, 0)]


def test_a_quota_does_not_ask_whether_a_lead_bears_it():
    # Nobody was asked: the quota comes daily, and irritates who bears 30 days.
    quota = ("segments.keen.tolerance=30", "follow_up.quota=1", "follow_up.touches=3", "follow_up.interval='1 month'")
    lived = run(*quota)
    assert days(lived) == [1, 2, 3]
    assert flags(lived) == [(PHONE, True, True)] * 3
    # Asked, and promised, but not kept: the same.
    assert flags(run(*quota, "follow_up.ask=true", "follow_up.keeps=0")) == flags(lived)


def test_a_quota_leaves_who_was_asked_in_peace_until_the_agreed_day():
    # Bears a contact every fifth day: from Thursday 8 it is Tuesday 13, day 3, then Monday 19 (the 18th is a Sunday),
    # day 7, and Monday 26 (the 24th is a Saturday), day 12, though the firm's own interval is a month; it bears them.
    quota = ("segments.keen.tolerance=5", "follow_up.quota=1", "follow_up.interval='1 month'", "follow_up.ask=true")
    lived = run(*quota)
    assert days(lived) == [3, 7, 12]
    assert flags(lived) == [(PHONE, True, False)] * 3
    # The other lead, which bears a contact a day, is taken meanwhile: one a day, the longest untouched first.
    both = run(*quota, "segments.other={ leads = 1, tolerance = 1 }", "horizon='5 working days'", NO_END)
    assert at(both) == [(1, "09:00", 1), (2, "09:00", 1), (3, "09:00", 0), (4, "09:00", 1)]


# ---------------------------------------------------------------- coming back

RETURNS = ("segments.keen.returns=1", "segments.keen.arrival_hours='10:00-10:01'")
LATE = ("segments.keen.returns=1", "segments.keen.arrival_hours='20:00-20:01'")
INBOUND = (
    "segments.web={ temperature = 'hot', leads = 0 }", "inbound.teams=['sellers']", "inbound.accepted=1",
    "inbound.offer='sale'",
)  # fmt: skip
NO_CURVE = "inbound.waiting={ source = 'none', odds = {} }"
NO_WAITING = (*INBOUND, NO_CURVE)


@pytest.fixture(autouse=True)
def on_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes back does so on a whole minute: within hours of one minute, at their begin."""
    monkeypatch.setattr("simfunnel.engines.pipeline.GRAIN", MINUTE)


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
