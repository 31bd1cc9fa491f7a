"""Dates worked out by hand. 2026 begins on a Thursday; 5, 12, 19 and 26 January are Mondays."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simfunnel import parse_scenario
from simfunnel.calendar import Calendar, add, added
from simfunnel.scenario.offers import Demo
from simfunnel.scenario.times import interval
from simfunnel.scenario.values import Interval

JAN, FEB, MAR, APR = 1, 2, 3, 4


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def calendar(
    start: dt.date = dt.date(2026, 1, 5), horizon: str = "10 working days", weekdays: str = "01234",
    holidays: tuple[dt.date, ...] = (),
) -> Calendar:  # fmt: skip
    return Calendar(start, frozenset(map(int, weekdays)), frozenset(holidays), interval(horizon))


def events(of: Calendar, every: str, weekday: int | None = None) -> tuple[int, ...]:
    return of.event_days(Demo.model_validate({"every": interval(every), "team": "t", "attended": 1}).model_copy(
        update={"weekday": weekday}
    ))  # fmt: skip


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("date", "later", "expected"),
    [
        (day(JAN, 5), "3 days", day(JAN, 8)),
        (day(JAN, 30), "2 weeks", day(FEB, 13)),
        (day(JAN, 31), "1 month", day(FEB, 28)),
        (day(JAN, 31, 2024), "1 month", day(FEB, 29, 2024)),
        (day(11, 30), "3 months", day(FEB, 28, 2027)),
        (day(12, 15), "1 month", day(JAN, 15, 2027)),
        (day(JAN, 31), "12 months", day(JAN, 31, 2027)),
        (day(FEB, 29, 2024), "1 year", day(FEB, 28, 2025)),
        (day(FEB, 29, 2024), "4 years", day(FEB, 29, 2028)),
    ],
)
def test_dates_add(date: dt.date, later: str, expected: dt.date):
    assert add(date, interval(later)) == expected


# ---------------------------------------------------------------- working days and the horizon


def test_weekends_do_not_exist():
    assert calendar(horizon="7 working days").dates == tuple(day(JAN, n) for n in (5, 6, 7, 8, 9, 12, 13))


def test_a_start_on_a_day_off_moves():
    assert calendar(day(JAN, 3), "2 working days").dates == (day(JAN, 5), day(JAN, 6))


def test_holidays_do_not_exist():
    found = calendar(day(JAN, 1), "4 working days", holidays=(day(JAN, 1), day(JAN, 6)))
    assert found.dates == (day(JAN, 2), day(JAN, 5), day(JAN, 7), day(JAN, 8))


def test_a_week_of_the_calendar_has_the_working_days_that_lie_in_it():
    found = calendar(day(JAN, 1), "1 week", holidays=(day(JAN, 1), day(JAN, 6)))
    assert found.dates == (day(JAN, 2), day(JAN, 5), day(JAN, 7))  # 1 to 7 January


@pytest.mark.parametrize(
    ("start", "horizon", "days"),
    [
        (day(JAN, 5), "10 working days", 10),
        (day(JAN, 5), "10 days", 8),  # Monday 5 to Wednesday 14
        (day(JAN, 9), "1 day", 1),  # a Friday
        (day(JAN, 10), "2 days", 0),  # a weekend
        (day(JAN, 5), "3 weeks", 15),
        (day(JAN, 31), "1 month", 20),  # Saturday 31 January up to, not with, Saturday 28 February
        (day(JAN, 5), "1 year", 261),  # 52 weeks and Monday 4 January 2027
    ],
)
def test_kinds_of_horizon(start: dt.date, horizon: str, days: int):
    assert calendar(start, horizon).days == days


def test_other_weeks_are_worked_elsewhere():
    assert calendar(day(JAN, 5), "3 working days", "56").dates == (day(JAN, 10), day(JAN, 11), day(JAN, 17))


def test_a_calendar_without_working_days_ends():
    found = calendar(weekdays="")
    assert (found.days, found.due(interval("1 week")).size, events(found, "1 week", 3)) == (0, 0, ())


def test_a_long_closure_is_slept_through():
    closed = tuple(day(JAN, 6) + dt.timedelta(days=n) for n in range(360))
    found = calendar(horizon="2 working days", holidays=closed)
    assert found.dates == (day(JAN, 5), day(JAN, 1, 2027))  # 6 January and 359 days more: 31 December is the last


@pytest.mark.parametrize(
    ("intake", "days"), [("2 working days", 2), ("1 week", 5), ("10 days", 8), ("1 year", 10), ("99 working days", 10)]
)
def test_the_intake_is_at_most_the_horizon(intake: str, days: int):
    assert calendar().length(interval(intake)) == days


def test_the_calendar_of_a_scenario_is_what_it_says():
    text = """
    start = 2026-01-01
    horizon = "1 week"
    working_days = ["monday", "wednesday", "friday"]
    holidays = [2026-01-05]
    """
    assert Calendar.of(parse_scenario(text)).dates == (day(JAN, 2), day(JAN, 7))


# ---------------------------------------------------------------- due days


@pytest.mark.parametrize(
    ("later", "due"),
    [
        ("1 working day", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("2 working days", [2, 3, 4, 5, 6, 7, 8, 9, 10, 10]),
        ("1 day", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),  # Friday: Saturday moves to Monday, tomorrow
        ("2 days", [2, 3, 4, 5, 5, 7, 8, 9, 10, 10]),  # Thursday: Saturday, Friday: Sunday, both to Monday
        ("1 week", [5, 6, 7, 8, 9, 10, 10, 10, 10, 10]),
        ("1 month", [10] * 10),
    ],
)
def test_due_days(later: str, due: list[int]):
    # Days 0-4 are 5-9 January, days 5-9 are 12-16 January; 10 stands for beyond the horizon.
    assert calendar().due(interval(later)).tolist() == due


def test_a_due_day_on_a_holiday_moves():
    # 5, 7, 8, 9, 12, 13 January: Monday + 1 day is Tuesday, off, so Wednesday; Wednesday + 6 days is Tuesday 13.
    found = calendar(horizon="6 working days", holidays=(day(JAN, 6),))
    assert found.due(interval("1 day")).tolist() == [1, 2, 3, 4, 5, 6]
    assert found.due(interval("6 days")).tolist() == [4, 5, 6, 6, 6, 6]
    assert found.due(interval("1 working day")).tolist() == [1, 2, 3, 4, 5, 6]


def test_what_is_due_after_months_and_years():
    found = calendar(day(JAN, 29), "40 working days")  # Thursday 29 January to Wednesday 25 March
    assert found.dates[-1] == day(MAR, 25)
    due = found.due(interval("1 month"))
    assert [found.dates[d] for d in due[:3]] == [day(MAR, 2)] * 3  # 28 February (three times) is a Saturday
    assert found.due(interval("1 year")).tolist() == [40] * 40


def test_nothing_is_due_today():
    found = calendar(horizon="30 working days", holidays=(day(JAN, 13), day(JAN, 14)))
    for text in ("1 day", "1 working day", "2 days", "1 week", "1 month"):
        assert (found.due(interval(text)) > np.arange(30)).all()


# ---------------------------------------------------------------- events


def test_the_first_event_is_the_first_such_weekday():
    assert events(calendar(), "1 week", 3) == (3, 8)  # Thursdays 8 and 15 January
    assert events(calendar(), "1 week", 0) == (0, 5)  # the start is such a Monday
    assert events(calendar(), "2 weeks", 2) == (2,)


def test_without_a_weekday_the_first_event_is_one_interval_after_the_start():
    assert events(calendar(horizon="15 working days"), "1 week") == (5, 10)
    assert events(calendar(), "3 working days") == (3, 6, 9)
    assert events(calendar(), "10 working days") == ()


def test_an_event_on_a_day_off_moves_and_the_next_does_not():
    off = calendar(horizon="14 working days", holidays=(day(JAN, 8),))
    assert [off.dates[d] for d in events(off, "1 week", 3)] == [day(JAN, 9), day(JAN, 15), day(JAN, 22)]


def test_events_that_move_to_the_same_day_are_one():
    assert events(calendar(), "1 day") == (1, 2, 3, 4, 5, 6, 7, 8, 9)  # Saturday, Sunday and Monday: one Monday
    closed = calendar(horizon="3 working days", holidays=tuple(day(JAN, n) for n in range(6, 30)))
    assert events(closed, "1 week", 3) == (1,)  # 5 January, 30 January, 2 February: 8, 15, 22, 29 move to the 30th


def test_events_by_working_days_from_a_weekday():
    # Wednesday 7 (day 2), then every second working day: Friday 9 (4), Tuesday 13 (6), Thursday 15 (8).
    assert events(calendar(), "2 working days", 2) == (2, 4, 6, 8)


def test_events_by_the_month_do_not_drift():
    # From Friday 30 January: 28 February is a Saturday (Monday 2 March), 30 March a Monday, 30 April a Thursday.
    found = calendar(day(JAN, 30), "70 working days")
    assert [found.dates[d] for d in events(found, "1 month", 4)] == [
        day(JAN, 30), day(MAR, 2), day(MAR, 30), day(APR, 30),
    ]  # fmt: skip
    assert [found.dates[d] for d in events(found, "1 month")] == [day(MAR, 2), day(MAR, 30), day(APR, 30)]


def test_no_event_beyond_the_horizon():
    short = calendar(horizon="5 working days")  # to Friday 9; a Saturday event would move to Monday, beyond it
    assert events(short, "1 week", 5) == ()
    assert events(short, "1 week", 4) == (4,)
    assert events(calendar(horizon="1 working day"), "1 day") == ()


# ---------------------------------------------------------------- beyond the horizon, and by month


@pytest.mark.parametrize(
    ("interval_", "expected"),
    [
        ("3 working days", (3, 3, 3, 3)),
        ("1 day", (1, 0, 1, 1)),  # Thursday 29, Friday 30 January, Monday 2, Tuesday 3 February
        ("1 week", (5, 5, 5, 5)),
        ("1 month", (21, 20, 20, 20)),  # both of January to 28 February; to 2 and 3 March
    ],
)
def test_working_days_after_a_day_go_on_beyond_the_horizon(interval_: str, expected: tuple[int, ...]):
    of = calendar(day(JAN, 29), "4 working days")
    assert tuple(of.after(interval(interval_)).tolist()) == expected


def test_days_off_are_not_worked_beyond_the_horizon_either():
    of = calendar(day(JAN, 29), "4 working days", holidays=(day(FEB, 5), day(FEB, 10)))
    assert of.after(interval("1 week")).tolist() == [4, 4, 4, 3]
    assert of.span(interval("2 weeks")) == 8
    assert of.span(interval("1 year")) > of.days == 4


def test_the_months_of_a_horizon():
    # January 2026 has 22 working days, 20 less two holidays; February 20; March 22, of which the horizon takes 2.
    of = calendar(day(JAN, 28), "3 working days", holidays=(day(JAN, 1), day(JAN, 29)))
    assert (of.months.first.tolist(), of.months.days.tolist(), of.months.working_days.tolist()) == (
        [0, 2],
        [2, 1],
        [20, 20],
    )
    of = calendar(day(JAN, 30), "23 working days")
    assert of.months.of_day.tolist() == [0, *[1] * 20, 2, 2]
    assert (of.months.first.tolist(), of.months.working_days.tolist()) == ([0, 1, 21], [22, 20, 22])
    assert of.months.until(np.array([0, 1, 5, 22, 23])).tolist() == [
        [0, 1, 1, 1, 1],
        [0, 0, 4, 20, 20],
        [0, 0, 0, 1, 2],
    ]


def test_a_december_is_followed_by_a_january():
    of = calendar(day(12, 31), "2 working days")  # 1 January 2027 is a Friday
    assert (of.months.of_day.tolist(), of.months.working_days.tolist()) == ([0, 1], [23, 21])


def test_intervals_read_as_written():
    assert (str(Interval(1, "weeks")), str(Interval(2, "working days"))) == ("1 week", "2 working days")


@given(
    days=st.lists(st.dates(dt.date(1950, 1, 1), dt.date(2150, 12, 31)), min_size=1, max_size=20),
    count=st.integers(0, 500), unit=st.sampled_from(["days", "weeks", "months", "years"]),
)  # fmt: skip
def test_many_dates_later_are_those_of_each(days: list[dt.date], count: int, unit: str) -> None:
    interval = Interval(count, unit)
    found = added(np.array(days, dtype="datetime64[D]"), interval)
    assert found.tolist() == [add(day, interval) for day in days]
