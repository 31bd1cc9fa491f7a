"""A member's day by hand: when it may start, when it leaves for the demo and joins it, and what is overtime.

The law is handed plain numbers and arrays, which must say the same; then days are lived in both engines
and their facts stated by hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lived import both_engines, of_kind

from simfunnel import facts
from simfunnel.hours import GONE, SEAT_BITS, Hours, joined

MINUTE, HOUR = 60_000, 3_600_000
NINE, FIVE = 9 * HOUR, 17 * HOUR
LUNCH = Hours(NINE, FIVE, 12 * HOUR + 30 * MINUTE, 13 * HOUR)
EARLY = Hours(NINE, FIVE, NINE, NINE + 30 * MINUTE)
NEVER = Hours(NINE, FIVE, FIVE, FIVE)


def packed(clock: str | int, seat: int = 3) -> int:
    return at(clock) << SEAT_BITS | seat


def at(clock: str | int) -> int:
    """ "12:30" in ms since midnight."""
    if isinstance(clock, int):
        return clock
    hour, minute = clock.split(":")
    return int(hour) * HOUR + int(minute) * MINUTE


@pytest.mark.parametrize(
    ("hours", "free", "start"),
    [
        (LUNCH, "09:00", "09:00"), (LUNCH, "12:29", "12:29"), (LUNCH, at("12:30") - 1, at("12:30") - 1),
        (LUNCH, "12:30", "13:00"), (LUNCH, "12:45", "13:00"), (LUNCH, at("13:00") - 1, "13:00"),
        (LUNCH, "13:00", "13:00"), (LUNCH, "13:01", "13:01"), (EARLY, "09:00", "09:30"), (EARLY, "08:00", "08:00"),
        (NEVER, "09:00", "09:00"), (NEVER, "17:00", "17:00"), (NEVER, "18:00", "18:00"),
    ],
)  # fmt: skip
def test_who_gets_free_in_the_pause_starts_at_its_end(hours: Hours, free: str | int, start: str | int):
    for seat in (0, 3, (1 << SEAT_BITS) - 1):
        assert hours.resumed(packed(free, seat)) == packed(start, seat)
        assert hours.resumed(np.array([packed(free, seat)])).tolist() == [packed(start, seat)]


# Who is free at (a time of day) and called to leave at (another) may start at (a third), or has left (None), and
# joins at the last one.
CALLED = [
    (LUNCH, "09:00", "15:00", "09:00", None),
    (LUNCH, "14:59", "15:00", "14:59", None),
    (LUNCH, "15:00", "15:00", None, "15:00"),
    (LUNCH, "15:20", "15:00", None, "15:20"),  # it was on a task and joins late
    (LUNCH, "12:35", "12:30", None, "12:35"),  # it gets free in the pause, after it should leave
    (LUNCH, "12:35", "12:45", None, "12:45"),  # free and called in the pause: rests until it leaves
    (LUNCH, "12:35", "13:00", None, "13:00"),  # called when the pause ends: it does not begin again
    (LUNCH, "12:35", "13:10", "13:00", None),
    (LUNCH, "12:20", "12:45", "12:20", None),
    (EARLY, "09:00", "09:20", None, "09:20"),  # the pause is at the opening
    (EARLY, "09:00", "09:30", None, "09:30"),
    (EARLY, "09:00", "09:31", "09:30", None),
    (NEVER, "08:00", "08:00", None, "08:00"),  # called before the opening
    (NEVER, "09:00", "08:00", None, "09:00"),
    (NEVER, "09:00", "09:00", None, "09:00"),
]


@pytest.mark.parametrize(("hours", "free", "leave", "start", "join"), CALLED)
def test_who_is_called_leaves(hours: Hours, free: str, leave: str, start: str | None, join: str | None):
    of, away = packed(free), at(leave)
    found = hours.available(of, True, away)
    assert found == (GONE + of if start is None else packed(start))
    assert hours.available(of, False, away) == hours.resumed(of)
    arrays = hours.available(np.array([of, of]), np.array([True, False]), away)
    assert arrays.tolist() == [found, hours.resumed(of)]
    if start is None:
        assert join is not None
        assert hours.available(found, True, away) == found  # gone is gone
        assert hours.available(np.array([found]), np.array([True]), away).tolist() == [found]
        assert joined(found, away) == at(join)
        assert joined(np.array([found, of]), away).tolist() == [at(join)] * 2


@settings(derandomize=True, deadline=None)
@given(
    bounds=st.lists(st.integers(0, 30), min_size=4, max_size=4).map(sorted), free=st.integers(0, 40),
    leave=st.integers(0, 40), called=st.booleans(), seat=st.integers(0, 9),
)  # fmt: skip
def test_numbers_and_arrays_say_the_same(bounds: list[int], free: int, leave: int, called: bool, seat: int):
    start, pause, resume, end = bounds
    hours, of = Hours(start, end, pause, resume), free << SEAT_BITS | seat
    first = hours.available(of, called, leave)
    assert hours.available(np.array([of]), np.array([called]), leave).tolist() == [first]
    assert hours.available(first, called, leave) == first  # asked again, nothing changes
    assert int(first) & ((1 << SEAT_BITS) - 1) == seat
    assert int(joined(np.array([first]), leave)[0]) == joined(first, leave) >= leave


def test_hosts_join_when_they_are_free():
    free = np.array([GONE + packed(clock) for clock in (100, 500, 900, 1500)])
    assert joined(free, 500).tolist() == [500, 500, 900, 1500]


def test_overtime_is_work_outside_the_paid_hours():
    cases = [  # begin and end in hours, overtime in minutes
        (8.0, 9.5, 60), (7.0, 8.0, 60), (9.0, 12.5, 0), (12.0 + 1 / 3, 13.0 + 1 / 6, 30), (12.75, 12.9, 9),
        (13.0, 17.0, 0), (16.5, 17.5, 30), (18.0, 19.0, 60), (8.0, 18.0, 150),
    ]  # fmt: skip
    begin, end, overtime = (np.array(part) for part in zip(*cases, strict=True))
    clock, finish = np.rint(begin * HOUR).astype(np.int64), np.rint(end * HOUR).astype(np.int64)
    assert (LUNCH.overtime(clock, finish - clock) / MINUTE).tolist() == overtime.tolist()
    assert LUNCH.paid == 7.5 * HOUR
    assert NEVER.paid == 8 * HOUR


# ---------------------------------------------------------------- lived in both engines

# Everybody answers and accepts on Monday, in talks of 5 minutes; the first demo is on Tuesday.
DAY = """
start = 2026-01-05
horizon = "2 working days"
[segments.list]
leads = 1
[calling]
teams = ["ann"]
answered = 1
listened = 1
accepted = 1
minutes = { talk = 5 }
[teams.ann]
[demo]
every = "1 working day"
team = "ann"
attended = 1
"""


def tasks(*overrides: str, day: int = 1, replications: int = 1) -> tuple[list[Any], list[Any]]:
    """The dials (clock, seat, minutes) and the hosts (clock, seat, minutes) of a day; clocks in minutes."""
    _, lived = both_engines(DAY, *overrides, replications=replications)
    found = []
    for kind in (facts.DIAL, facts.HOST):
        of = of_kind(lived, kind)
        mine = of["day"] == day
        parts = (of["clock"][mine] / MINUTE, of["seat"][mine], of["duration"][mine] / MINUTE)
        found.append(sorted(zip(*(part.tolist() for part in parts), strict=True)))
    return found[0], found[1]


def test_members_are_not_too_few_when_hosts_leave_at_the_opening():
    # Three retries on Tuesday; seats 0 and 1 leave for the demo at 09:00, so seats 2, 3 and 4 dial one each then.
    text = DAY.replace("answered = 1", "answered = 0.5").replace("minutes = { talk = 5 }", "attempts = 2")
    overrides = ("teams.ann.size=5", "demo.hosts=2", "demo.at=09:00", "segments.list.leads=6")
    for seed in range(40):
        _, lived = both_engines(text, *overrides, replications=1, seed=seed)
        dials, hosts = of_kind(lived, facts.DIAL), of_kind(lived, facts.HOST)
        second = dials["day"] == 1
        if second.sum() == 3 and hosts["day"].size:
            break
    else:
        pytest.fail("no history with three retries and a demo")
    assert sorted(zip(dials["clock"][second].tolist(), dials["seat"][second].tolist(), strict=True)) == [
        (NINE, 2), (NINE, 3), (NINE, 4),
    ]  # fmt: skip
    assert sorted(zip(hosts["clock"].tolist(), hosts["seat"].tolist(), strict=True)) == [(NINE, 0), (NINE, 1)]
    assert (hosts["duration"] == HOUR).all()


def test_a_host_called_in_the_pause_at_the_opening_joins_when_called():
    # Pause 09:00-09:30, demo 09:20-10:20.
    dials, hosts = tasks("teams.ann.pause=09:00-09:30", "demo.at=09:20")
    assert dials == []
    assert hosts == [(9 * 60 + 20, 0, 60)]


def test_a_host_whose_talk_ends_in_the_pause_joins_at_once():
    # Talks of 43 min from 09:00 on: the fifth lasts from 11:52 to 12:35, when the pause and the demo (12:30-13:00)
    # have begun.
    dials, hosts = tasks(
        "teams.ann.pause=12:30-13:00", "demo.at=12:30", "demo.length=30 min", "calling.minutes.talk=43",
        "segments.list.leads=30",
    )  # fmt: skip
    assert [clock for clock, _, _ in dials] == [9 * 60 + 43 * number for number in range(5)]
    assert hosts == [(12 * 60 + 35, 0, 25)]


def test_a_host_called_after_the_pause_works_before_and_after_it():
    # Talks of 60 min: 09:00, 10:00, 11:00 and 12:00, the last into the pause 12:30-13:30; free at 13:00, it starts
    # again at 13:30 and 14:30 and comes to the demo of 15:00 at 15:30, when half of it is over.
    dials, hosts = tasks(
        "teams.ann.pause=12:30-13:30", "calling.minutes.talk=60", "segments.list.leads=30", "teams.ann.size=1"
    )
    assert [clock / 60 for clock, _, _ in dials] == [9, 10, 11, 12, 13.5, 14.5]
    assert hosts == [(15.5 * 60, 0, 30)]


def test_a_host_whose_talk_outlasts_the_demo_never_comes():
    dials, hosts = tasks("calling.minutes.talk=4 h", "segments.list.leads=30", "demo.at=10:00")
    assert [clock / 60 for clock, _, _ in dials] == [9]
    assert hosts == []


def test_the_others_go_on_without_the_hosts():
    # Two members, talks of 2 h; seat 0 leaves at 12:00 and joins at 13:00, seat 1 works until 17:00.
    dials, hosts = tasks(
        "teams.ann.size=2", "calling.minutes.talk=2 h", "segments.list.leads=30", "demo.at=12:30", "demo.set_up=30 min"
    )
    assert dials == [(60 * clock, seat, 120) for clock, seat in ((9, 0), (9, 1), (11, 0), (11, 1), (13, 1), (15, 1))]
    assert hosts == [(13 * 60, 0, 30)]
