"""Follow-up by hand: irritation, qualifying, the order of the day's list, the quota, fact by fact.

The shop of `pursued`: Thursday 8 January 2026 is day 0, Friday 9 day 1, Monday 12 day 2, ... Friday 16 day 6,
Monday 19 day 7. The sellers work from 09:00 to 17:00; a talk lasts 10 minutes.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import of_kind
from pursued import MAIL, PHONE, touched
from pursued_by_hand import GATEKEPT, NIGHT, NO_END, at, causes, days, files, flags, run, touches

from simfunnel import facts
from simfunnel.funnel import undecided
from simfunnel.funnel.touch import (
    DECLINED,
    DISQUALIFIED,
    NOT_CONVINCED,
    NOT_QUALIFIED,
    SOLD,
    WALKED_AWAY,
)
from simfunnel.funnel.undecided import BAD_FIT, GIVEN_UP, IRRITATED, NEVER_READY

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
