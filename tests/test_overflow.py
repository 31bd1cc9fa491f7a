"""Overflow by hand: dials not begun in time move to another team at night, and both engines must say the same.

A dial takes an hour and nobody answers, so that a member makes 8 of them a day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lived import Facts, both_engines, of_kind

from simfunnel import facts
from simfunnel.facts import NOBODY
from simfunnel.funnel import demo
from simfunnel.funnel.arrivals import Arrivals, Arrived
from simfunnel.funnel.segments import ARRIVAL, arrival

MINUTE, HOUR = 60_000, 3_600_000

# Leads 0-19 are the small team's, 20-29 the big one's own.
SHOP = """
start = 2026-01-07  # a Wednesday
horizon = "8 working days"
[segments.list]
leads = 20
[segments.own]
leads = 10
team = "big"
[segments.fair]
temperature = "warm"
arrivals = 0
[segments.web]
temperature = "hot"
leads = 0
team = "small"
[calling]
teams = ["small"]
answered = 0
listened = 1
accepted = 1
minutes = { no_answer = 60, talk = 60 }
[inbound]
teams = ["small"]
accepted = 1
offer = "sale"
waiting = { source = "none", odds = {} }
minutes = { talk = 60 }
[teams.small]
[teams.big]
[teams.third]
[demo]
team = "third"
attended = 1
"""
OVERFLOW = "teams.small.overflow={ to = 'big', after = '1 working day' }"
SMALL, BIG, THIRD = range(3)
FAIR = 2

Told = dict[int, list[Any]]


def run(*overrides: str) -> Facts:
    return both_engines(SHOP, OVERFLOW, *overrides, replications=1)[1]


def dials(lived: Facts, team: int, kind: int = facts.DIAL) -> Told:
    """The leads that a team dials on each day, in order; with the attempt, where it is not the first."""
    some = of_kind(lived, kind)
    found: Told = {}
    order = np.lexsort((some["seat"], some["clock"], some["day"]))
    for row in order[some["team"][order] == team].tolist():
        lead, attempt = int(some["lead"][row]), int(some["occurrence"][row])
        found.setdefault(int(some["day"][row]), []).append((lead, attempt) if attempt else lead)
    return found


def span(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


# ---------------------------------------------------------------- fresh leads


def test_without_overflow_each_team_keeps_its_own():
    _, lived = both_engines(SHOP, replications=1)
    assert dials(lived, SMALL) == {0: span(0, 7), 1: span(8, 15), 2: span(16, 19)}
    assert dials(lived, BIG) == {0: span(20, 27), 1: span(28, 29)}


def test_fresh_leads_move_after_a_day_and_stand_in_the_order_of_the_receivers_own():
    # The small team begins 0-7; 8-19 move in the first night. They are due as long as 28 and 29, which the big team
    # has not begun either, and have lower numbers: 8-15, then 16-19 before 28 and 29.
    lived = run()
    assert dials(lived, SMALL) == {0: span(0, 7)}
    assert dials(lived, BIG) == {0: span(20, 27), 1: span(8, 15), 2: [*span(16, 19), 28, 29]}


@pytest.mark.parametrize(
    ("after", "small", "big"),
    [
        # Two working days: 16-19 move in the second night.
        ("2 working days", {0: span(0, 7), 1: span(8, 15)}, {0: span(20, 27), 1: span(28, 29), 2: span(16, 19)}),
        ("3 working days", {0: span(0, 7), 1: span(8, 15), 2: span(16, 19)}, {0: span(20, 27), 1: span(28, 29)}),
        ("1 day", {0: span(0, 7)}, {0: span(20, 27), 1: span(8, 15), 2: [*span(16, 19), 28, 29]}),
        # Wednesday and three days are a Saturday, so Monday, the fourth day: not before the night to it.
        ("3 days", {0: span(0, 7), 1: span(8, 15), 2: span(16, 19)}, {0: span(20, 27), 1: span(28, 29)}),
    ],
)  # fmt: skip
def test_fresh_leads_move_after_some_days(after: str, small: Told, big: Told):
    lived = run(f"teams.small.overflow.after={after}")
    assert (dials(lived, SMALL), dials(lived, BIG)) == (small, big)


def test_days_off_are_waited_through():
    # 40 leads, 8 a day. Due on Wednesday the 7th: three days later is a Saturday, so Monday the 12th: on Friday night.
    lived = run("segments.list.leads=40", "segments.own.leads=0", "teams.small.overflow.after=3 days")
    assert dials(lived, SMALL) == {0: span(0, 7), 1: span(8, 15), 2: span(16, 23)}
    assert dials(lived, BIG) == {3: span(24, 31), 4: span(32, 39)}


def test_two_teams_may_move_work_to_the_same_third():
    # 0-9 are the small team's, 10-19 the big one's: either begins two a day, the third team five.
    lived = run(
        "segments.list={ leads = 10, team = 'small' }", "segments.own={ leads = 10, team = 'big' }",
        "teams.small.overflow={ to = 'third', after = '1 working day' }",
        "teams.big={ overflow = { to = 'third', after = '2 working days' }, shift = '09:00-11:00' }",
        "teams.small.shift='09:00-11:00'", "teams.third.shift='09:00-14:00'",
    )  # fmt: skip
    assert dials(lived, SMALL) == {0: [0, 1]}
    assert dials(lived, BIG) == {0: [10, 11], 1: [12, 13]}
    # 2-9 come in the first night, 14-19 in the second: by number, five a day.
    assert dials(lived, THIRD) == {1: span(2, 6), 2: [7, 8, 9, 14, 15], 3: span(16, 19)}


def test_the_intake_ends_for_who_moved_as_well():
    lived = run("intake=2 working days")
    assert dials(lived, SMALL) == {0: span(0, 7)}
    assert dials(lived, BIG) == {0: span(20, 27), 1: span(8, 15)}


def test_who_receives_may_have_no_work_of_its_own():
    lived = run("segments.own.leads=0", "teams.small.overflow.to=third")
    assert dials(lived, THIRD) == {1: span(8, 15), 2: span(16, 19)}
    assert dials(lived, BIG) == {}


# ---------------------------------------------------------------- retries


@pytest.fixture
def fair(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """(day, number) of leads that come to the fair, at 10:00, to be dialled from the next day on."""
    come: list[tuple[int, int]] = []

    def of_day(_: Arrivals, day: int) -> Arrived | None:
        lead = np.array([arrival(FAIR, day, number) for when, number in come if when == day], dtype=np.int64)
        return Arrived.of(np.zeros_like(lead), np.full_like(lead, 10 * HOUR), lead)

    monkeypatch.setattr(Arrivals, "of_day", of_day)
    return come


def named(found: Told) -> Told:
    """Arrivals by their number in the day's fair: -1, -2, ... stand for 0, 1, ..."""

    def name(task: Any) -> Any:
        lead, *more = task if isinstance(task, tuple) else (task,)
        lead = -1 - (lead & (2**21 - 1)) if lead >= ARRIVAL else lead
        return (lead, *more) if more else lead

    return {day: [name(task) for task in tasks] for day, tasks in found.items()}


def test_retries_move_with_their_attempts_and_stay(fair: list[tuple[int, int]]):
    # 0-7 are dialled on day 0 and again on day 2, after 4 from the fair that came on day 1 (fresh first): 0-3 by the
    # small team. 4-7 were due on day 2 and move in that night; the big team dials them a second time on day 3, and
    # a third time on day 5, since they stay. The small team dials 0-3 a third time on day 4, and the fair as well.
    fair += [(1, number) for number in range(4)]
    lived = run(
        "segments.list.leads=8", "segments.own.leads=0", "calling.attempts=3", "calling.retry_after=2 working days",
        "calling.order=['fresh', 'retries']", "segments.fair.arrivals=1",
    )  # fmt: skip
    again = [(-1, 1), (-2, 1), (-3, 1), (-4, 1)]
    assert named(dials(lived, SMALL)) == {
        0: span(0, 7), 2: [-1, -2, -3, -4, (0, 1), (1, 1), (2, 1), (3, 1)],
        4: [(0, 2), (1, 2), (2, 2), (3, 2), *again], 6: [(lead, 2) for lead, _ in again],
    }  # fmt: skip
    assert dials(lived, BIG) == {
        3: [(4, 1), (5, 1), (6, 1), (7, 1)], 5: [(4, 2), (5, 2), (6, 2), (7, 2)],
    }  # fmt: skip


def test_retries_that_move_stand_by_their_due_day_among_the_receivers_own(fair: list[tuple[int, int]]):
    # As before, 4-7 move in the night of day 2, on which they were due. The big team's own are 8-23, six a day, fresh
    # first: 8-13 on day 0, 14-19 on day 1, 20-23 on day 2 and the first two that are due again, 8 and 9.
    fair += [(1, number) for number in range(4)]
    lived = run(
        "segments.list.leads=8", "segments.own.leads=16", "calling.attempts=2", "calling.retry_after=2 working days",
        "calling.order=['fresh', 'retries']", "segments.fair.arrivals=1", "teams.big.shift='09:00-15:00'",
    )  # fmt: skip
    # Left of day 2 are 10-13, and 4-7 join them: on day 3, when 14-19 are due too, 4-7, 10 and 11 are dialled; on day
    # 4 12 and 13, then 14-17 of day 3; on day 5 18 and 19, then 20-23 of day 4.
    once = [[(lead, 1) for lead in leads] for leads in ([4, 5, 6, 7, 10, 11], [12, 13, 14, 15, 16, 17], span(18, 23))]
    assert dials(lived, BIG) == {
        0: span(8, 13), 1: span(14, 19), 2: [*span(20, 23), (8, 1), (9, 1)], 3: once[0], 4: once[1], 5: once[2],
    }  # fmt: skip


def test_fresh_arrivals_that_move_keep_their_due_day(fair: list[tuple[int, int]]):
    # Four come on day 0, due on day 1, when the small team still dials its list. Moved after a day: 8-19, due on day
    # 0, in the first night; the fair is begun on day 1, as nothing is left. With 2 days: on day 1 8-15, in that night
    # 16-19 move, on day 2 the fair is begun.
    fair += [(0, number) for number in range(4)]
    some = ("segments.own.leads=0", "segments.fair.arrivals=1")
    lived = run(*some)
    assert named(dials(lived, SMALL)) == {0: span(0, 7), 1: [-1, -2, -3, -4]}
    assert named(dials(lived, BIG)) == {1: span(8, 15), 2: span(16, 19)}
    lived = run(*some, "teams.small.overflow.after=2 working days")
    assert named(dials(lived, SMALL)) == {0: span(0, 7), 1: span(8, 15), 2: [-1, -2, -3, -4]}
    assert named(dials(lived, BIG)) == {2: span(16, 19)}
    # A shift of two hours and a day: 0, 1 | the fair 1, 2 | and its others move, behind who was due before.
    lived = run(*some, "teams.small.shift='09:00-11:00'", "teams.big.shift='09:00-16:00'")
    assert named(dials(lived, SMALL)) == {0: [0, 1], 1: [-1, -2]}
    assert named(dials(lived, BIG)) == {1: span(2, 8), 2: span(9, 15), 3: [16, 17, 18, 19, -3, -4]}


# ---------------------------------------------------------------- what never moves


def test_hot_leads_never_move():
    # 20 hot leads on the list of the small team: 8 a day, before its list; the whole list moves in the first night.
    lived = run("segments.web.leads=20", "segments.own.leads=0")
    assert dials(lived, SMALL, facts.INBOUND) == {0: span(20, 27), 1: span(28, 35), 2: span(36, 39)}
    assert dials(lived, SMALL) == {}
    assert dials(lived, BIG) == {1: span(0, 7), 2: span(8, 15), 3: span(16, 19)}
    assert dials(lived, BIG, facts.INBOUND) == {}


def test_meetings_never_move():
    # Five accept on the first morning: 0-4 at an hour each; the small team meets them on the second day, two a day
    # of 4 hours each, before its list, which moves.
    lived = run(
        "segments.list.leads=9", "segments.own.leads=0", "calling.answered=1", "calling.offer=meeting",
        "meeting={ team = 'small', attended = 0, minutes = { missed = '4 h' } }", "teams.small.shift='09:00-14:00'",
    )  # fmt: skip
    assert dials(lived, SMALL) == {0: span(0, 4)}
    assert dials(lived, BIG) == {1: span(5, 8)}
    # 0-4 are met two a day (the second begun at 13:00); 5-8, agreed on day 1 by the big team, behind them.
    assert dials(lived, SMALL, facts.MEETING) == {1: [0, 1], 2: [2, 3], 3: [4, 5], 4: [6, 7], 5: [8]}
    assert dials(lived, BIG, facts.MEETING) == {}
    visits = of_kind(lived, facts.VISIT)
    inviting = dict(zip(visits["lead"].tolist(), visits["team"].tolist(), strict=True))
    assert inviting == {lead: SMALL if lead < 5 else BIG for lead in range(9)}


def test_who_moved_is_the_lead_of_who_calls_it():
    # Odds of the team that dials count: the big team's are never answered, the small team's always.
    lived = run(
        "calling.answered=0.5", "teams.small.odds.answered=1e6", "teams.big.odds.answered=1e-6", "calling.attempts=1"
    )
    some = of_kind(lived, facts.DIAL)
    assert (some["outcome"] > 0).tolist() == (some["team"] == SMALL).tolist()
    booked = of_kind(lived, facts.BOOKING)
    assert set(booked["team"].tolist()) == {SMALL}
    assert set(booked["seat"].tolist()) == {NOBODY}
    assert set(booked["outcome"].tolist()) == {demo.BOOKED}


def test_in_the_last_night_nothing_is_lost():
    columns, lived = both_engines(SHOP, OVERFLOW, "horizon='1 working day'", replications=1)
    assert dials(lived, SMALL) == {0: span(0, 7)}
    assert dials(lived, BIG) == {0: span(20, 27)}
    assert columns["dialled"].tolist() == [16]
