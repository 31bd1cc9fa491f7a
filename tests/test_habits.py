"""The firm's habits on paper: when a lead is touched again, by which channel, when it is let go; days as dates.

January 2026: the 1st is a Thursday; Saturdays and Sundays are off, and Tuesday the 6th is a holiday.
"""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from pursued import MAIL, PHONE, SHOP
from test_laws import array

from simfunnel import parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import touch
from simfunnel.funnel.habits import (
    NOT_BEGUN,
    Timing,
    channel_for,
    is_over,
    lacking,
    longest_untouched,
    not_sooner,
    said_not_ready,
)
from simfunnel.funnel.undecided import ANY
from simfunnel.scenario.times import interval

YES, NO = True, False
FOREVER = np.iinfo(np.int64).max


def test_the_channel_is_the_firms_or_where_it_keeps_to_that_the_leads():
    wanted = array(ANY, ANY, PHONE, PHONE, MAIL, MAIL)
    keeps = np.array([NO, YES] * 3)
    assert channel_for(PHONE, wanted, keeps).tolist() == [PHONE, PHONE, PHONE, PHONE, PHONE, MAIL]
    assert channel_for(MAIL, wanted, keeps).tolist() == [MAIL, MAIL, MAIL, PHONE, MAIL, MAIL]


def test_not_sooner_than_agreed():
    due, agreed = array(5, 5, 5, 5, 5, 5), array(3, 5, 9, 3, 5, 9)
    keeps = np.array([YES] * 3 + [NO] * 3)
    assert not_sooner(due, agreed, keeps).tolist() == [5, 5, 9, 5, 5, 5]


def test_a_lead_is_let_go_by_count_time_or_signals():
    # At most 3 touches, none after day 10, 2 signals: each border is met exactly.
    cases = [(2, 10, 1, NO), (3, 10, 1, YES), (2, 11, 1, YES), (2, 10, 2, YES), (4, 99, 5, YES), (0, 0, 0, NO)]
    touches, due, noticed, over = (np.array(column) for column in zip(*cases, strict=True))
    latest = np.full(len(cases), 10)
    assert is_over(touches, 3, due, latest, noticed, 2).tolist() == over.tolist()


def test_what_a_list_lacks():
    assert lacking(5, 2, array(0, 9, 10, 11)).tolist() == [10, 1, 0, 0]
    assert lacking(0, 2, array(0, 3)).tolist() == [0, 0]


def test_who_was_untouched_longest_comes_first():
    # History 0 wants two of four, history 1 none, history 2 three of two. Ties go by lead.
    column, touched, lead = array(0, 2, 0, 1, 0, 2, 0), array(4, 3, 2, 0, 4, 2, 9), array(8, 1, 9, 0, 5, 2, 0)
    assert longest_untouched(column, touched, lead, array(2, 0, 3)).tolist() == [2, 4, 5, 1]
    nobody = array()
    assert longest_untouched(nobody, nobody, nobody, array(5, 5)).tolist() == []


def test_a_series_begins_once_when_the_lead_says_that_it_is_not_ready():
    code = np.arange(len(touch.TOUCHES))
    begun = said_not_ready(code, np.full(code.size, NOT_BEGUN))
    assert np.flatnonzero(begun).tolist() == [touch.NOT_READY]
    assert not said_not_ready(code, np.zeros(code.size, dtype=np.int64)).any()


# ---------------------------------------------------------------- days

JANUARY = ("start=2026-01-01", "horizon='2 weeks'", "holidays=[2026-01-06]")
#          day 0 Thu 1, 1 Fri 2, 2 Mon 5, 3 Wed 7, 4 Thu 8, 5 Fri 9, 6 Mon 12, 7 Tue 13, 8 Wed 14; 9 is beyond.


def timing(*overrides: str, calendar: tuple[str, ...] = JANUARY) -> Timing:
    scenario = parse_scenario(SHOP, overrides=(*calendar, *overrides))
    assert scenario.follow_up is not None
    return Timing.of(scenario.follow_up, Calendar.of(scenario))


def january() -> Calendar:
    return Calendar.of(parse_scenario(SHOP, overrides=JANUARY))


def test_the_days_of_january():
    assert [date.day for date in january().dates] == [1, 2, 5, 7, 8, 9, 12, 13, 14]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("1 working day", [1, 2, 3, 4, 5, 6, 7, 8, 9]), ("3 working days", [3, 4, 5, 6, 7, 8, 9, 9, 9]),
        ("1 day", [1, 2, 3, 4, 5, 6, 7, 8, 9]), ("5 days", [3, 3, 6, 6, 7, 8, 9, 9, 9]),
        ("1 week", [4, 5, 6, 8, 9, 9, 9, 9, 9]), ("1 month", [9] * 9),
    ],
)  # fmt: skip
def test_the_next_touch_is_an_interval_later_and_moved_by_days_off(every: str, days: list[int]):
    # 1 Jan + 5 days = Tue 6, a holiday: Wed 7. 2 Jan + 5 days = Wed 7. 5 Jan + 5 = Sat 10: Mon 12.
    plan = timing(f"follow_up.interval='{every}'")
    for same in (plan.first, plan.again, plan.after_nobody):
        assert same.tolist() == days


def test_three_intervals():
    plan = timing("follow_up.interval='1 week'", "follow_up.first_after='2 days'", "follow_up.retry_after='1 day'")
    assert plan.first.tolist()[:3] == [2, 2, 3]
    assert plan.again.tolist()[:3] == [4, 5, 6]
    assert plan.after_nobody.tolist()[:3] == [1, 2, 3]
    codes = np.arange(len(touch.TOUCHES))
    assert plan.next_due(1, codes).tolist() == [2] + [5] * (codes.size - 1)


def test_months_end_with_their_last_day():
    plan = timing("follow_up.interval='1 month'", calendar=("start=2026-01-30", "horizon='3 months'"))
    days = Calendar.of(parse_scenario(SHOP, overrides=("start=2026-01-30", "horizon='3 months'"))).dates
    assert days[plan.again[0]] == dt.date(2026, 3, 2)  # 28 February is a Saturday


@pytest.mark.parametrize(
    ("within", "last"),
    [
        ("1 day", [1, 1, 2, 4, 5, 5, 7, 8, 9]), ("4 days", [2, 2, 5, 5, 6, 7, 10, 10, 10]),
        ("1 week", [4, 5, 6, 8, 9, 10, 11, 12, 13]), ("2 working days", [2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ],
)  # fmt: skip
def test_the_last_day_of_a_touch(within: str, last: list[int]):
    # 1 Jan + 4 days = Mon 5, day 2; 2 Jan + 4 days = the holiday, so the day before: Mon 5; 7 Jan + 4 = a Sunday.
    # Beyond the horizon days are counted on: Thu 15 is 9, Fri 16 is 10, Mon 19 is 11.
    assert january().last_within(interval(within)).tolist() == last
    assert timing(f"follow_up.stop_after='{within}'").latest.tolist() == last


def test_without_a_stop_no_touch_is_too_late():
    assert set(timing().latest.tolist()) == {FOREVER}


def test_a_touch_that_is_due_is_never_later_than_a_stop_after_the_same_time():
    for count, unit in itertools.product((1, 2, 3, 9), ("days", "weeks", "working days", "months")):
        time = interval(f"{count} {unit}")
        calendar = january()
        due, last, days = calendar.due(time), calendar.last_within(time), calendar.dates
        inside = due < len(days)
        exact = np.array([inside[d] and (unit == "working days" or days[due[d]] == _plus(days[d], count, unit))
                          for d in range(len(days))])  # fmt: skip
        assert (last[exact] == due[exact]).all()
        assert (last[inside & ~exact] == due[inside & ~exact] - 1).all()  # it moved past the end of its time


def _plus(date: dt.date, count: int, unit: str) -> dt.date:
    if unit == "months":
        return date.replace(month=1 + count) if count < 12 else date
    return date + dt.timedelta(days=count * (7 if unit == "weeks" else 1))


@pytest.mark.parametrize(
    ("every", "most", "lasts", "within"),
    [
        # 1 Jan + 4, 8, 12 days: the 5th, 9th and 13th, off or not; from the 5th on: 9th and 13th, and 17th.
        ("4 days", 3, [12] * 9, [3, 3, 2, 1, 1, 1, 0, 0, 0]),
        ("1 week", 2, [14] * 9, [1, 1, 1, 1, 0, 0, 0, 0, 0]),
        ("1 day", 1, [1] * 9, [1, 1, 1, 1, 1, 1, 1, 1, 0]),
        # Working days as they lie in a usual week: 3 from Thu on is Tue, 5 days later; a holiday does not count.
        ("3 working days", 1, [5, 5, 3, 5, 5, 5, 3, 3, 5], [1, 1, 1, 1, 1, 1, 0, 0, 0]),
        ("1 working day", 2, [4, 4, 2, 2, 4, 4, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 1, 0]),
        ("5 working days", 2, [14] * 9, [1, 1, 1, 1, 0, 0, 0, 0, 0]),
    ],
)  # fmt: skip
def test_a_series_of_messages(every: str, most: int, lasts: list[int], within: list[int]):
    found = january().series(interval(every), most)
    assert [days.tolist() for days in found] == [lasts, within]
    plan = timing(f"follow_up.nurture={{ every = '{every}', messages = {most} }}")
    assert (plan.lasts.tolist(), plan.messages.tolist()) == (lasts, within)


def test_a_series_by_months_does_not_drift():
    # 31 January, and 1, 2, 3 months later: 28 February, 31 March, 30 April.
    calendar = Calendar.of(parse_scenario(SHOP, overrides=("start=2026-01-31", "working_days=['saturday']")))
    days = {most: int(calendar.series(interval("1 month"), most)[0][0]) for most in (1, 2, 3)}
    assert days == {1: 28, 2: 59, 3: 89}


def test_without_nurture_no_message_is_sent():
    assert (timing().lasts.tolist(), timing().messages.tolist()) == ([0] * 9, [0] * 9)


def test_a_day_so_many_days_after():
    # Tomorrow at the earliest; a day off moves it; beyond the horizon is 9.
    plan = timing()
    cases = [(0, 0, 1), (0, 1, 1), (0, 2, 2), (0, 4, 2), (0, 5, 3), (0, 6, 3), (0, 13, 8), (0, 14, 9), (8, 0, 9),
             (2, 1, 3), (2, 2, 3), (0, 1 << 30, 9)]  # fmt: skip
    day, days, known = (np.array(column) for column in zip(*cases, strict=True))
    assert plan.day_after(day, days).tolist() == known.tolist()
