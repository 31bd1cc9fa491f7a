"""Meetings and sales by phone, by hand: both engines must say what was worked out on paper.

A dial takes 1 minute, a talk 30, one with a freeloader 10; who does not come is waited for 15. A sale brings 100.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lived import Facts, both_engines, of_kind

from simfunnel import facts
from simfunnel.facts import NOBODY
from simfunnel.funnel import calling, demo, inbound
from simfunnel.funnel.closing import NOT_CONVINCED, SOLD, UNDECIDED
from simfunnel.metrics import Columns

MINUTE, HOUR = 60_000, 3_600_000

SHOP = """
start = 2026-01-08  # a Thursday
horizon = "5 working days"
[segments.keen]
leads = 3
[segments.free]
leads = 0
interested = 0
[calling]
teams = ["callers"]
offer = "meeting"
answered = 1
listened = 1
accepted = 1
minutes = { talk = 1 }
[teams.callers]
[teams.sellers]
[meeting]
team = "sellers"
attended = 1
[closing]
sold_if_interested = 1
minutes = { peak = 30, answer = 0, freeloader = 10 }
[money]
revenue_per_sale = 100
"""
CALLERS, SELLERS, THIRD = range(3)

Told = list[tuple[Any, ...]]


def shown(clock: int) -> str:
    assert clock % MINUTE == 0
    return f"{clock // MINUTE // 60:02d}:{clock // MINUTE % 60:02d}"


def run(*overrides: str, replications: int = 1) -> tuple[Columns, Facts]:
    return both_engines(SHOP, *overrides, replications=replications)


def rows(some: Facts, *names: str) -> Told:
    return list(zip(*(some[name].tolist() for name in names), strict=True))


def tasks(lived: Facts, kind: int) -> Told:
    """Lead, day, begin, minutes and seat of each task of a kind."""
    found = rows(of_kind(lived, kind), "lead", "day", "clock", "duration", "seat")
    return sorted((lead, day, shown(clock), ms / MINUTE, seat) for lead, day, clock, ms, seat in found)


def begun(lived: Facts, kind: int) -> Told:
    """Day, begin and lead of each task of a kind, in order of time."""
    return sorted((day, at, lead) for lead, day, at, _, _ in tasks(lived, kind))


def ends(lived: Facts) -> Told:
    """Lead, day, when, how it decided and what it paid; who invited and who closed."""
    some = of_kind(lived, facts.TALK)
    assert set(some["seat"].tolist()) <= {NOBODY}
    found = rows(some, "lead", "day", "clock", "outcome", "amount", "team", "occurrence")
    return [(lead, day, shown(clock), *more) for lead, day, clock, *more in found]


# ---------------------------------------------------------------- one meeting after the other


def test_a_meeting_is_a_task_of_its_day_and_its_end_the_decision():
    # Called on Thursday at 09:00, 09:01 and 09:02, met on Friday by one seller from 09:00 on.
    columns, lived = run()
    assert tasks(lived, facts.MEETING) == [
        (0, 1, "09:00", 30, 0), (1, 1, "09:30", 30, 0), (2, 1, "10:00", 30, 0),
    ]  # fmt: skip
    assert ends(lived) == [
        (0, 1, "09:30", SOLD, 100_00, CALLERS, SELLERS), (1, 1, "10:00", SOLD, 100_00, CALLERS, SELLERS),
        (2, 1, "10:30", SOLD, 100_00, CALLERS, SELLERS),
    ]  # fmt: skip
    agreed = demo.MEETING + demo.BOOKED
    booked = rows(of_kind(lived, facts.BOOKING), "lead", "day", "clock", "occurrence", "outcome", "team", "seat")
    at = [9 * HOUR + (lead + 1) * MINUTE for lead in range(3)]
    assert booked == [(lead, 0, at[lead], 1, agreed, CALLERS, NOBODY) for lead in range(3)]
    visits = rows(of_kind(lived, facts.VISIT), "lead", "day", "clock", "outcome", "team", "seat", "duration")
    at = [9 * HOUR + lead * 30 * MINUTE for lead in range(3)]
    assert visits == [(lead, 1, at[lead], demo.INTERESTED, CALLERS, NOBODY, 0) for lead in range(3)]
    assert columns["teams.sellers.busy_minutes"].tolist() == [90]
    assert columns["teams.sellers.meetings"].tolist() == [3]
    assert columns["sold"].tolist() == [3]


LENGTHS: dict[str, tuple[tuple[str, ...], list[float], list[int]]] = {
    "who does not come is waited for": (("meeting.attended=0",), [15, 15, 15], []),
    "and is travelled to": (("meeting.attended=0", "meeting.minutes.travel=20"), [35, 35, 35], []),
    "a freeloader is talked to, and decides nothing": (
        ("segments.keen.leads=1", "segments.free.leads=2", "meeting.minutes.travel=20"), [50, 30, 30], [SOLD],
    ),
    "who buys fills in a form": (("closing.paper.minutes=7",), [37, 37, 37], [SOLD] * 3),
    "who does not buy fills in none": (
        ("closing.paper.minutes=7", "closing.sold_if_interested=0"), [30, 30, 30], [NOT_CONVINCED] * 3,
    ),
    "the undecided": (
        ("closing.sold_if_interested=0", "closing.undecided=1", "closing.minutes.answer=3"), [33] * 3, [UNDECIDED] * 3,
    ),
    "haste": (("closing.haste=12", "meeting.minutes.travel=1"), [19, 19, 19], [SOLD] * 3),
    "a slow seller": (("teams.sellers.pace=[1.5]", "meeting.minutes.travel=10"), [60, 60, 60], [SOLD] * 3),
    "a seller of no skill": (
        ("teams.sellers.skill=[1e-6]", "closing.sold_if_interested=0.5"), [30, 30, 30], [NOT_CONVINCED] * 3,
    ),
    "a task lasts 4 hours at most, travel and talk together": (
        ("meeting.minutes.travel='3 h'", "closing.minutes.peak='90 min'"), [240, 240, 240], [SOLD] * 3,
    ),
    "a task lasts a millisecond at least": (("closing.minutes.peak=0",), [1 / MINUTE] * 3, [SOLD] * 3),
    "nobody who waits for a meeting loses patience or odds by the minute": (
        ("demo={ team = 'sellers', attended = 1 }", "closing.closers=1", "closing.patience=0",
         "closing.odds_per_minute_waited=1e-6"), [30, 30, 30], [SOLD] * 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LENGTHS)
def test_how_long_a_meeting_takes(case: str):
    overrides, minutes, ended = LENGTHS[case]
    _, lived = run(*overrides)
    met = of_kind(lived, facts.MEETING)
    assert (met["duration"] / MINUTE).tolist() == minutes
    assert of_kind(lived, facts.TALK)["outcome"].tolist() == ended
    assert of_kind(lived, facts.CLOSING)["lead"].tolist() == []
    visit = of_kind(lived, facts.VISIT)
    assert met["outcome"].tolist() == visit["outcome"].tolist()
    # A decision falls at the end of its meeting.
    end, keen = met["clock"] + met["duration"], met["outcome"] == demo.INTERESTED
    assert of_kind(lived, facts.TALK)["clock"].tolist() == end[keen].tolist()


def test_unlike_sellers():
    # Seat 0 takes 30 minutes and never sells, seat 1 takes 15 and always does: 0 at 09:00 by seat 0; 1, 2 by seat 1;
    # at 09:30 both are free.
    _, lived = run(
        "segments.keen.leads=5", "teams.sellers.size=2", "teams.sellers.pace=[1, 0.5]",
        "teams.sellers.skill=[1e-6, 1e6]", "closing.sold_if_interested=0.5",
    )  # fmt: skip
    assert tasks(lived, facts.MEETING) == [
        (0, 1, "09:00", 30, 0), (1, 1, "09:00", 15, 1), (2, 1, "09:15", 15, 1), (3, 1, "09:30", 30, 0),
        (4, 1, "09:30", 15, 1),
    ]  # fmt: skip
    ended = [NOT_CONVINCED, SOLD, SOLD, NOT_CONVINCED, SOLD]
    assert of_kind(lived, facts.TALK)["outcome"].tolist() == ended


# ---------------------------------------------------------------- on which day, and in which order


@pytest.mark.parametrize(
    ("after", "day"),
    [("1 working day", 1), ("3 working days", 3), ("1 day", 1), ("2 days", 2), ("4 days", 2), ("1 week", None)],
)
def test_a_meeting_is_never_before_its_day(after: str, day: int | None):
    # Thursday 8, Friday 9, Monday 12, 13, 14: two days later is a Saturday, so Monday; a week later the run is over.
    _, lived = run(f"meeting.after={after}")
    assert [day for _, day, *_ in tasks(lived, facts.MEETING)] == ([] if day is None else [day] * 3)
    booked = of_kind(lived, facts.BOOKING)
    assert set(booked["outcome"].tolist()) == {demo.MEETING + (demo.WAITING if day is None else demo.BOOKED)}
    assert set(booked["occurrence"].tolist()) == {5 if day is None else day}


def test_a_meeting_that_was_not_begun_keeps_its_due_day():
    # Leads 0 and 1 are called by the slow team, one a day: 1 is to be met a day later than all others. Two meetings
    # a day: 0, 2 | 3, 4 | 5, 6 | 1, though 1 is the lowest number from the second day on.
    _, lived = run(
        "segments.keen={ leads = 2, team = 'slow' }", "segments.many={ leads = 5 }",
        "teams.slow={ shift = '09:00-09:01' }", "teams.sellers.shift='09:00-10:00'",
    )  # fmt: skip
    assert begun(lived, facts.DIAL) == [
        (0, "09:00", 0), (0, "09:00", 2), (0, "09:01", 3), (0, "09:02", 4), (0, "09:03", 5), (0, "09:04", 6),
        (1, "09:00", 1),
    ]  # fmt: skip
    assert begun(lived, facts.MEETING) == [
        (1, "09:00", 0), (1, "09:30", 2), (2, "09:00", 3), (2, "09:30", 4), (3, "09:00", 5), (3, "09:30", 6),
        (4, "09:00", 1),
    ]  # fmt: skip


def test_a_meeting_once_begun_is_finished():
    columns, lived = run("teams.sellers.shift='09:00-09:45'")
    assert tasks(lived, facts.MEETING) == [(0, 1, "09:00", 30, 0), (1, 1, "09:30", 30, 0), (2, 2, "09:00", 30, 0)]
    assert columns["teams.sellers.overtime_minutes"].tolist() == [15]


# One crew does all of it: three tasks of an hour a day.
CREW = (
    "segments.keen.leads=5", "calling.teams=['callers']", "meeting.team=callers", "calling.minutes.talk=60",
    "closing.minutes.peak=60", "teams.callers.shift='09:00-12:00'", "calling.minutes.no_answer=60",
)  # fmt: skip
MEETINGS_FIRST = (
    [(0, "09:00", 0), (0, "10:00", 1), (0, "11:00", 2), (2, "09:00", 3), (2, "10:00", 4)],
    [(1, "09:00", 0), (1, "10:00", 1), (1, "11:00", 2), (3, "09:00", 3), (3, "10:00", 4)],
)
FRESH_FIRST = (
    [(0, "09:00", 0), (0, "10:00", 1), (0, "11:00", 2), (1, "09:00", 3), (1, "10:00", 4)],
    [(1, "11:00", 0), (2, "09:00", 1), (2, "10:00", 2), (2, "11:00", 3), (3, "09:00", 4)],
)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), MEETINGS_FIRST), (("calling.order=['retries', 'fresh']",), MEETINGS_FIRST),
        (("calling.order=['meetings', 'fresh', 'retries']",), MEETINGS_FIRST),
        (("calling.order=['retries', 'meetings', 'fresh']",), MEETINGS_FIRST),
        (("calling.order=['fresh', 'meetings', 'retries']",), FRESH_FIRST),
        (("calling.order=['fresh', 'retries', 'meetings']",), FRESH_FIRST),
    ],
)  # fmt: skip
def test_meetings_have_their_place_in_the_class_order(order: tuple[str, ...], expected: tuple[Told, Told]):
    _, lived = run(*CREW, *order)
    assert (begun(lived, facts.DIAL), begun(lived, facts.MEETING)) == expected


@pytest.mark.parametrize(
    ("order", "dials", "met"),
    [
        # The web's two leads are met; the list of one answers nobody, and is dialled three times.
        ("['meetings', 'retries', 'fresh']", [(0, "09:00", 0), (1, "11:00", 0), (2, "09:00", 0)],
         [(1, "09:00", 1), (1, "10:00", 2)]),
        ("['retries', 'meetings', 'fresh']", [(0, "09:00", 0), (1, "09:00", 0), (2, "09:00", 0)],
         [(1, "10:00", 1), (1, "11:00", 2)]),
    ],
)  # fmt: skip
def test_meetings_before_retries_or_after_them(order: str, dials: Told, met: Told):
    web = (
        "segments.web={ temperature = 'hot', leads = 2 }",
        "inbound={ teams = ['sellers'], offer = 'meeting', accepted = 1, waiting = { source = 'none', odds = {} } }",
    )
    _, lived = run(
        *CREW, *web, "segments.keen.leads=1", "calling.answered=0", "calling.attempts=3", f"calling.order={order}"
    )
    assert (begun(lived, facts.DIAL), begun(lived, facts.MEETING)) == (dials, met)
    assert set(of_kind(lived, facts.VISIT)["team"].tolist()) == {SELLERS}  # they answered the web


def test_hot_leads_come_before_meetings():
    # Two hot leads on the list wait from 09:00 on, answered by the seller in 10 minutes each and met the day after.
    # On Friday another day's hot leads would come first too: none come, so the day begins with the meetings.
    _, lived = run(
        "segments.keen.leads=0", "segments.web={ temperature = 'hot', leads = 2 }", "inbound.teams=['sellers']",
        "inbound.offer=meeting", "inbound.accepted=1", "inbound.waiting={ source = 'none', odds = {} }",
        "inbound.minutes.talk=10",
    )  # fmt: skip
    assert begun(lived, facts.INBOUND) == [(0, "09:00", 0), (0, "09:10", 1)]
    assert begun(lived, facts.MEETING) == [(1, "09:00", 0), (1, "09:30", 1)]
    assert [team for *_, team, _ in ends(lived)] == [SELLERS] * 2
    booked = of_kind(lived, facts.BOOKING)
    assert booked["clock"].tolist() == [9 * HOUR + 10 * MINUTE, 9 * HOUR + 20 * MINUTE]


def test_no_shows_of_meetings_are_not_invited_again():
    columns, lived = run(
        "meeting.attended=0", "demo={ team = 'callers', attended = 1, invite_again = 3, every = '1 working day' }"
    )
    assert of_kind(lived, facts.BOOKING)["lead"].tolist() == [0, 1, 2]
    assert columns["attended"].tolist() == [0]


# ---------------------------------------------------------------- money


def test_commission_and_hand_off_fee_of_meetings():
    # Three sales of 100: 5 % to who called, 10 % to who met; 7 for each of three acceptances, handed on.
    share = ("teams.callers.commission=0.05", "teams.sellers.commission=0.1", "teams.callers.hand_off_fee=7")
    columns, _ = run(*share, "teams.sellers.hand_off_fee=1000")
    assert columns["costs.commission"].tolist() == [45]
    assert columns["costs.hand_off_fee"].tolist() == [21]
    assert columns["teams.callers.cost"].tolist() == [36]
    assert columns["teams.sellers.cost"].tolist() == [30]
    assert columns["profit"].tolist() == [300 - 66]
    # No fee without acceptances, one without a sale too.
    columns, _ = run(*share, "meeting.attended=0")
    assert (columns["costs.hand_off_fee"].tolist(), columns["costs.commission"].tolist()) == ([21], [0])
    columns, _ = run(*share, "calling.accepted=0")
    assert columns["costs.hand_off_fee"].tolist() == [0]
    # Who meets whom it called is paid once, and hands on to nobody.
    columns, _ = run(*share, "meeting.team=callers")
    assert (columns["costs.hand_off_fee"].tolist(), columns["costs.commission"].tolist()) == ([0], [15])


def test_meetings_cost_no_demo():
    columns, lived = run(
        "demo={ team = 'callers', attended = 1, room = 250, catering_per_head = 9, every = '1 working day', "
        "reminder = { cost = 1 }, cancellation_fee = 50, minimum = 2 }"
    )
    assert of_kind(lived, facts.EVENT)["lead"].tolist() == []
    assert [columns[f"costs.{line}"].tolist() for line in ("room", "catering", "reminders", "cancellations")] == [
        [0]
    ] * 4


# ---------------------------------------------------------------- the elephant by phone


def test_a_sale_by_phone_is_decided_at_the_end_of_the_call():
    # Calls at 09:00, 09:01 and 09:02 of a minute each; nobody hosts, meets or closes.
    columns, lived = run("calling.offer=sale", "teams.callers.commission=0.05", "teams.callers.hand_off_fee=7",
                         "teams.sellers.commission=0.1", "money.unit_cost=30",
                         "demo={ team = 'sellers', attended = 1, room = 250, every = '1 working day' }")  # fmt: skip
    assert ends(lived) == [(n, 0, f"09:0{n + 1}", SOLD, 100_00, CALLERS, CALLERS) for n in range(3)]
    assert set(lived["kind"].tolist()) == {facts.DIAL, facts.TALK}
    assert columns["revenue"].tolist() == [300]
    assert columns["sold"].tolist() == [3]
    assert columns["costs.commission"].tolist() == [15]
    assert columns["costs.hand_off_fee"].tolist() == [0]
    assert columns["costs.room"].tolist() == [0]
    assert columns["cost"].tolist() == [15 + 90]


def test_who_can_never_buy_refuses_the_sale_and_accepts_a_meeting():
    columns, lived = run("calling.offer=sale", "segments.keen.qualified=0")
    assert of_kind(lived, facts.DIAL)["outcome"].tolist() == [calling.REFUSED] * 3
    assert columns["revenue"].tolist() == [0]
    _, lived = run("segments.keen.qualified=0")
    assert of_kind(lived, facts.TALK)["outcome"].tolist() == [NOT_CONVINCED] * 3


def test_a_sale_to_who_comes_unasked():
    # Answered at 09:00, 09:10 and 09:20, sold when the talk ends; the closing talk's own chances do not count.
    columns, lived = run(
        "segments.keen.temperature=hot", "inbound.teams=['sellers']", "inbound.offer=sale", "inbound.accepted=1",
        "inbound.waiting={ source = 'none', odds = {} }", "inbound.minutes={ talk = 8, wrap_up = 2 }",
        "closing.sold_if_interested=0", "teams.sellers.commission=0.1",
    )  # fmt: skip
    assert ends(lived) == [
        (0, 0, "09:10", SOLD, 100_00, SELLERS, SELLERS), (1, 0, "09:20", SOLD, 100_00, SELLERS, SELLERS),
        (2, 0, "09:30", SOLD, 100_00, SELLERS, SELLERS),
    ]  # fmt: skip
    assert of_kind(lived, facts.INBOUND)["outcome"].tolist() == [inbound.ACCEPTED] * 3
    assert columns["costs.commission"].tolist() == [30]


def test_a_lead_pays_the_same_by_phone_at_a_meeting_and_after_a_demo():
    # What it pays is the lead's luck, and not the firm's way of selling.
    price = "money.revenue_per_sale={ low = 1000, high = 3000 }"
    paid = []
    for offer in (
        ("calling.offer=sale",),
        (),
        ("calling.offer=demo", "demo={ team = 'sellers', attended = 1, every = '1 working day' }"),
    ):
        _, lived = run(price, *offer, replications=3)
        paid.append(rows(of_kind(lived, facts.TALK), "history", "lead", "amount"))
    assert sorted(paid[0]) == sorted(paid[1]) == sorted(paid[2])
    assert len(set(paid[0])) == 9
    assert np.unique([amount for _, _, amount in paid[0]]).size == 9
