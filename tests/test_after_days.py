"""Small shops are lived by both engines, and read: who makes which contact on which day, and in which order.

Worked out on paper, exact to the minute and the day: a task too many, an hour early or by another member is noticed.
Leads buy on day 0, a Monday; days 5, 10, ... are Mondays as well.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from lived import Facts, both_engines, of_kind
from looked_after import CARING, FRIENDS, VISITED, contacts, days, ends, forgotten, run, shop, told
from pursued import clock

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.facts import NOBODY
from simfunnel.funnel import care, customers, referral
from simfunnel.funnel.segments import REFERRAL

DONE, MISSED, MENDED = "seller-initiated: done", "seller-initiated: not reached", "answer: done, and a defect mended"
SHOWS_ON_MONDAY = "after_sales.defect={ rate = 1, shows_after = 6, complains = 1, drop = 0.2 }"  # delivered on Tuesday
DIALS = (
    "segments.deaf={ leads = 3000 }", "segments.deaf.dead_number=1", "calling.minutes.no_answer=5",
    "teams.sellers.size=1",
)  # fmt: skip
TWO = ("teams.sellers.size=2", "segments.keen.leads=4")  # seat 0 sells to 0 and 2, seat 1 to 1 and 3
HOT = (
    "segments.web={ temperature = 'hot', arrivals = 3, arrival_hours = '18:00-18:01' }", "inbound.teams=['sellers']",
    "inbound.accepted=0", "inbound.offer='sale'", "inbound.minutes={ talk = 5 }",
    "inbound.waiting={ source = 'none', odds = {} }",
)  # fmt: skip


def visited(**plan: str) -> str:
    return f"after_sales.seller_initiated={{ {', '.join(f'{key} = {value}' for key, value in plan.items())} }}"


def dated(some: Facts, *overrides: str) -> list[str]:
    """The dates of all contacts."""
    dates = Calendar.of(shop(*overrides)).dates
    return [dates[day].strftime("%m-%d") for day in days(some)]


# ---------------------------------------------------------------- the calendar of a customer


@pytest.mark.parametrize(
    ("plan", "found"),
    [({"every": "'1 week'"}, [5, 10, 15, 20, 25, 30, 35]), ({"days": "['3 days']"}, [3]),
     ({"days": "['3 days', '1 week']", "every": "'2 weeks'"}, [3, 5, 15, 25, 35]),
     ({"days": "['1 day', '2 days', '3 days']"}, [1, 2, 3]), ({"every": "'1 day'"}, list(range(1, 40))),
     ({"days": "['4 days', '5 days', '6 days', '7 days']"}, [4, 5]), ({"every": "'9 working days'"}, [9, 18, 27, 36]),
     ({"days": "['5 days']", "every": "'1 week'"}, [5, 10, 15, 20, 25, 30, 35]), ({"days": "['9 weeks']"}, [])],
)  # fmt: skip
def test_first_the_stated_days_then_again_and_again(plan: dict[str, str], found: list[int]):
    # Saturday and Sunday move to Monday, and are one contact with that of Monday. Saturdays a week apart are Mondays.
    assert days(run(visited(**plan))) == found


@pytest.mark.parametrize("plan", [{"every": "'1 month'"}, {"days": "['1 month']", "every": "'1 month'"}])
@pytest.mark.parametrize(
    ("start", "found"),
    [("2026-01-30", ["03-02", "03-30", "04-30", "06-01", "06-30", "07-30"]),
     ("2026-03-31", ["04-30", "06-01", "06-30", "07-31", "08-31"])],
)  # fmt: skip
def test_months_do_not_drift(plan: dict[str, str], start: str, found: list[str]):
    # The 30th, or the last of February, a Saturday; the 31st, or the last of the month; 30 and 31 May are a weekend.
    when = (f"start={start}", "horizon='130 working days'")
    assert dated(run(*when, visited(**plan)), *when)[: len(found)] == found


@pytest.mark.parametrize(
    ("plan", "found"),
    [({"days": "['1 month']", "every": "'1 year'"}, ["03-02", "03-01"]),
     ({"days": "['8 days']", "every": "'1 month'"}, ["02-09", "03-09", "04-07", "05-07"]),
     ({"days": "['1 month']", "every": "'3 working days'"}, ["03-02", "03-05", "03-10"]),
     ({"days": "['5 working days']", "every": "'1 month'"}, ["02-06", "03-06", "04-06"])],
)  # fmt: skip
def test_stated_days_and_then_of_another_unit(plan: dict[str, str], found: list[str]):
    # From 30 January: 8 days are Saturday 7 February, so every month the 7th; 13 months are Sunday 28 February 2027.
    # Where a day is moved to Monday, working days count from Monday.
    when = ("start=2026-01-30", "horizon='300 working days'")
    assert dated(run(*when, visited(**plan)), *when)[: len(found)] == found


def test_holidays_move_it_too_and_none_is_lost():
    when = ("holidays=[2026-01-12, 2026-01-13]",)
    assert dated(run(*when, VISITED), *when)[:3] == ["01-14", "01-19", "01-26"]
    assert Calendar.of(shop()).dates[0] == dt.date(2026, 1, 5)


@pytest.mark.parametrize("kind", ["marketing", "survey"])
def test_messages_keep_to_dates_as_well(kind: str):
    some = run(f"after_sales.{kind}={{ days = ['3 days', '6 days'], every = '2 weeks' }}")
    assert days(some, facts.MESSAGE) == [3, 5, 15, 25, 35]
    assert [n for (n,) in told(some, facts.MESSAGE, "occurrence")] == [0, 1, 2, 3, 4]
    assert days(some) == []  # nobody works for it


def test_who_is_not_reached_is_tried_on_the_next_date():
    some = run(visited(every="'1 week'", reached="0"))
    assert contacts(some) == [(day, "09:00", 0, 0, MISSED) for day in range(5, 40, 5)]
    assert {ms for (ms,) in told(some, facts.CARE, "duration")} == {60_000}


# ---------------------------------------------------------------- tomorrow at the earliest


def test_what_arises_today_is_done_tomorrow():
    # Nothing takes time, and still: sold on day 0, delivered at its night's next, the defect a night later, the answer
    # on the morning after.
    some = run("after_sales.defect={ rate = 1, shows_after = 0, complains = 1 }")
    assert (days(some, facts.DELIVERY), days(some, facts.RAISED), days(some, facts.ANSWERED)) == ([1], [2], [3])


def test_the_named_are_dialled_tomorrow():
    # Who is named on day 1 is dialled on day 2, buys and is asked on day 3: too late, for no more is dialled then.
    some = run(visited(days="['1 day']", asks="true"), *FRIENDS, "after_sales.referral.names=3", "horizon='4 days'")
    named, dialled = told(some, facts.REFERRAL, "day", "lead", "outcome"), told(some, facts.DIAL, "day", "lead")
    friends = sorted(lead for day, lead, outcome in named if (day, outcome) == (1, referral.NOTED))
    assert friends
    assert all(lead & REFERRAL for lead in friends)
    assert dialled == [(0, 0), *((2, lead) for lead in friends)]
    assert {(day, outcome) for day, _, outcome in named} == {(1, referral.NOTED), (3, referral.TOO_LATE)}


@pytest.mark.parametrize("shows", [0, 3, 6])
def test_what_a_survey_finds_is_mended_from_tomorrow_on(shows: int):
    # Delivered on day 1; asked on day 4, when the defect shows on day 5 or later; else it shows first.
    some = run(f"after_sales.defect={{ rate = 1, shows_after = {shows}, complains = 1 }}",
               "after_sales.survey={ days = ['4 days'] }")  # fmt: skip
    raised = told(some, facts.RAISED, "day", "outcome")
    assert raised == [(4, care.FOUND) if shows == 6 else ({0: 2, 3: 4}[shows], care.COMPLAINT)]
    assert contacts(some) == [(raised[0][0] + 1, "09:00", 0, 0, MENDED)]


# ---------------------------------------------------------------- the order of a day


def test_a_complaint_comes_before_care_and_each_customer_is_contacted_once_a_day():
    # Both customers have one contact due on day 6; that of lead 1 complains by then. Its own date waits for day 7.
    some = run(SHOWS_ON_MONDAY, visited(days="['8 days']", finds="0"), "segments.keen.leads=2")
    assert contacts(some) == [
        (6, "09:00", 0, 0, MENDED), (6, "09:15", 1, 0, MENDED), (7, "09:00", 0, 0, DONE), (7, "09:10", 1, 0, DONE)
    ]  # fmt: skip


def test_of_two_contacts_that_are_due_the_older_comes_first_and_each_has_its_day():
    plans = ("after_sales.friendly={ days = ['3 days'] }", "after_sales.cooperative={ days = ['3 days'] }", VISITED)
    some = run(*plans, SHOWS_ON_MONDAY.replace("6", "1"))
    assert contacts(some)[:4] == [
        (3, "09:00", 0, 0, MENDED), (4, "09:00", 0, 0, "cooperative: done"), (5, "09:00", 0, 0, "friendly: done"),
        (6, "09:00", 0, 0, DONE),
    ]  # fmt: skip


def test_what_belongs_to_a_member_comes_before_its_list_but_after_waiting_hot_leads():
    # One member: hot leads of last evening, five minutes each, then its own, then the dials, which fill all days.
    some = run(
        *HOT, *DIALS, VISITED, "segments.keen.leads=3", "calling.order=['fresh', 'retries', 'complaints', 'care']"
    )
    answered = told(some, facts.INBOUND, "day", "clock")
    assert len({day for day, _ in answered}) > 10
    for day in (5, 10):
        waiting = sum(on == day for on, _ in answered)
        assert [clock(at) for on, at in answered if on == day] == [f"09:{5 * n:02d}" for n in range(waiting)]
        began = [f"09:{5 * waiting + 10 * n:02d}" for n in range(3)]
        assert [each[:3] for each in contacts(some) if each[0] == day] == [(day, at, n) for n, at in enumerate(began)]
        dials = [clock(at) for on, at in told(some, facts.DIAL, "day", "clock") if on == day]
        assert dials[0] == f"09:{5 * waiting + 30:02d}"


@pytest.mark.parametrize(
    ("order", "found"),
    [(["complaints", "care", "retries", "fresh"], [(6, MENDED), (6, DONE)]),
     (["care", "complaints", "retries", "fresh"], [(6, DONE), (6, MENDED)]),
     (["complaints", "retries", "fresh", "care"], [(6, MENDED)]), (["retries", "fresh", "complaints", "care"], [])],
)  # fmt: skip
def test_what_anyone_does_is_a_class_of_the_list(order: list[str], found: list[tuple[int, str]]):
    # Two customers, one of them with a complaint on day 6, the other with a date; dials fill the rest of all days.
    some = run("after_sales.by=anyone", *DIALS, f"calling.order={order}", "segments.keen.leads=2",
               "after_sales.delivery.days={ discrete = [1, 300] }", SHOWS_ON_MONDAY,
               visited(days="['8 days']", finds="0"), seed=7)  # fmt: skip
    some = {name: values[some["day"] <= 6] for name, values in some.items()}
    assert days(some, facts.RAISED) == [5]  # the words of this seed deliver to one of the two in time
    assert [(day, what) for day, _, _, _, what in contacts(some)] == found


@pytest.mark.parametrize("by", ["closer", "anyone"])
def test_what_was_not_begun_stays_due_and_comes_before_what_is_due_since(by: str):
    # Two visits fill Monday; that of lead 2 has been due since then, the friendly words only since Tuesday.
    some = run("segments.keen.leads=3", f"after_sales.by={by}", "after_sales.friendly={ days = ['8 days'] }",
               visited(days="['1 week']", minutes="{ talk = 240 }"))  # fmt: skip
    friendly = "friendly: done"
    assert contacts(some) == [
        (5, "09:00", 0, 0, DONE), (5, "13:00", 1, 0, DONE), (6, "09:00", 2, 0, DONE), (6, "13:00", 0, 0, friendly),
        (6, "13:10", 1, 0, friendly), (7, "09:00", 2, 0, friendly),
    ]  # fmt: skip


def test_names_are_noted_in_the_order_in_which_they_were_given():
    # Both are asked at 09:00 by who sold to them; the second member is done first: the first of its names is the lead.
    some = run(*TWO, "segments.keen.leads=2", "teams.sellers.pace=[2, 1]", visited(days="['1 week']", asks="true"),
               *FRIENDS, "after_sales.referral.names=9", "after_sales.referral.limit=1")  # fmt: skip
    named = told(some, facts.REFERRAL, "day", "amount", "occurrence", "outcome")
    first = [(parent, n) for day, parent, n, outcome in named if day == 5 and outcome == referral.NOTED]
    assert first == [(1, 0)]
    assert {parent for day, parent, _, _ in named if day == 5} == {0, 1}


# ---------------------------------------------------------------- who does it


def test_the_closer_looks_after_those_it_sold_to():
    some = run(*TWO, VISITED)
    assert contacts(some)[:4] == [(5, "09:00", 0, 0, DONE), (5, "09:00", 1, 1, DONE), (5, "09:10", 2, 0, DONE),
                                  (5, "09:10", 3, 1, DONE)]  # fmt: skip


@pytest.mark.parametrize("by", ["closer", "anyone"])
def test_the_owner_or_whoever_is_free(by: str):
    # An odd number of hot leads waits at 09:00, five minutes each, lowest seat first: seat 1 is free before seat 0.
    some = run(*TWO, *HOT, VISITED, f"after_sales.by={by}")
    answered, seen = days(some, facts.INBOUND), set()
    for day in range(5, 40, 5):
        waiting = answered.count(day)
        free = [5 * (waiting // 2 + waiting % 2), 5 * (waiting // 2)]
        seats = [0, 1, 0, 1] if by == "closer" or waiting % 2 == 0 else [1, 0, 1, 0]
        expected = {(lead, seat, f"09:{free[seat] + lead // 2 * 10:02d}") for lead, seat in enumerate(seats)}
        assert {(lead, seat, at) for on, at, lead, seat, _ in contacts(some) if on == day} == expected
        seen.add(waiting % 2)
    assert seen == {0, 1}


def test_who_was_sold_to_by_another_team_has_one_member_for_good():
    some = run(
        "calling.teams=['callers']",
        "teams.callers={ size = 1 }",
        "teams.sellers.size=3",
        "segments.keen.leads=60",
        VISITED,
    )
    seats: dict[int, set[int]] = {}
    for _, _, lead, seat, _ in contacts(some):
        seats.setdefault(lead, set()).add(seat)
    assert len(seats) == 60
    assert {len(each) for each in seats.values()} == {1}
    dealt = np.bincount([next(iter(each)) for each in seats.values()], minlength=3)
    assert dealt.min() >= 8  # 20 each on average, SD 3.7


# ---------------------------------------------------------------- who keeps to it


@pytest.mark.parametrize("by", ["closer", "anyone"])
def test_a_member_without_consistency_forgets_all_its_customers(by: str):
    some = run(*TWO, VISITED, "after_sales.consistency=[1, 0]", f"after_sales.by={by}")
    assert {lead for _, _, lead, _, _ in contacts(some)} == {0, 2}
    assert forgotten(some) == [(day, lead, n) for n, day in enumerate(range(5, 40, 5)) for lead in (1, 3)]
    lost = of_kind(some, facts.CARE)["seat"] == NOBODY
    assert not of_kind(some, facts.CARE)["duration"][lost].any()


def test_what_is_forgotten_is_made_up_for_on_the_next_date():
    some = run(VISITED, "after_sales.consistency=[0.5]", "segments.keen.leads=40")
    kept = [(day, lead) for day, _, lead, _, _ in contacts(some)]
    lost = [(day, lead) for day, lead, _ in forgotten(some)]
    assert sorted(kept + lost) == [(day, lead) for day in range(5, 40, 5) for lead in range(40)]
    assert 90 < len(kept) < 190  # 140 on average, SD 8.4


def test_complaints_are_never_forgotten():
    some = run(SHOWS_ON_MONDAY, "after_sales.consistency=[0]", VISITED)
    assert contacts(some) == [(6, "09:00", 0, 0, MENDED)]
    assert len(forgotten(some)) == 7


def test_a_quality_programme_makes_members_keep_to_it_month_by_month():
    # One in two in January (day 19 is Friday 30); practically all from February on.
    some = run(VISITED.replace("1 week", "1 day"), "after_sales.consistency=[0.5]", "segments.keen.leads=10",
               "after_sales.quality={ odds_per_month = 1e6 }")  # fmt: skip
    lost = [day for day, _, _ in forgotten(some)]
    assert 60 < len(lost) < 130  # 95 on average, SD 6.9
    assert max(lost) <= 19
    assert sum(day >= 20 for day, *_ in contacts(some)) == 10 * 20


# ---------------------------------------------------------------- gone is gone

EVERYTHING = (
    "segments.keen.leads=60", *FRIENDS, "after_sales.referral.names=0.3", "after_sales.survey={ every = '3 days' }",
    "after_sales.remorse={ window = 30, cancels = 0.3 }", "after_sales.marketing={ every = '2 days' }",
    "after_sales.defect={ rate = 0.5, shows_after = { exponential = { mean = 9 } }, complains = 0.6 }",
    "after_sales.delivery.days={ exponential = { mean = 3 } }", "after_sales.friendly={ every = '4 days' }",
    "after_sales.cooperative={ every = '5 days' }", "after_sales.consistency=[0.7]",
    visited(every="'1 week'", asks="true", finds="0.1"), "after_sales.cross_sale={ sold = 0.3, most = 9 }",
    "after_sales.customer_initiated={ minutes = 240, patience = 1 }",
    "after_sales.customer_initiated.suggestions_every={ exponential = { mean = 9 } }",
    "after_sales.repeat={ every = { exponential = { mean = 4 } }, bought = 0.5, leaves = 0.1 }",
)  # fmt: skip


Who = tuple[int, int]
SAID = (facts.CARE, facts.MESSAGE)
"""What the firm does, also to those of whom it does not know that they are lost."""


def each_of(some: Facts, *names: str) -> list[tuple[int, ...]]:
    return list(zip(*(some[name].tolist() for name in names), strict=True))


def lost_by(some: Facts) -> dict[Who, tuple[int, int]]:
    """When and why each customer of each history was lost, or that it stays."""
    found = each_of(of_kind(some, facts.CUSTOMER), "history", "lead", "day", "outcome")
    assert len({each[:2] for each in found}) == len(found)  # told once
    return {(history, lead): (day, why) for history, lead, day, why in found}


def test_nothing_happens_to_who_is_gone():
    # Of who left without a word nothing comes any more; what the firm does in vain stands in the tests below.
    some = run(*EVERYTHING, replications=3)
    gone = lost_by(some)
    assert {why for _, why in gone.values()} == set(range(len(customers.ENDS)))
    assert all(day == 39 for day, why in gone.values() if why == customers.STAYS)
    after = {name: values[some["kind"] >= facts.DELIVERY] for name, values in some.items()}
    for history, lead, day, kind in each_of(after, "history", "lead", "day", "kind"):
        who = some_parent(some, history, lead) if kind == facts.REFERRAL else lead
        last, why = gone[history, who]
        assert day <= last or (kind in SAID and why in customers.UNSEEN)


def test_who_left_without_a_word_is_on_the_calendar_until_a_contact_reaches_it():
    few = ("after_sales.seller_initiated.reached=0.3", "after_sales.defect.complains=0.1")
    some = run(*EVERYTHING, *few, replications=3)
    gone, known = lost_by(some), dict[Who, int]()
    made = each_of(of_kind(some, facts.CARE), "day", "history", "lead", "outcome")
    in_vain = set()
    for day, history, lead, code in sorted(made):
        who, (kind, result) = (history, lead), divmod(code, len(care.RESULTS))
        assert who not in known, "nobody calls again"
        unseen = gone[who][0] < day
        assert (result == care.LOST) <= unseen <= (result not in (care.DONE, care.MENDED))
        assert not (unseen and kind == care.ANSWER), "who has left waits for no answer"
        in_vain |= {result} if unseen else set()
        if result == care.LOST:
            known[who] = day
    assert in_vain == {care.FORGOTTEN, care.NOT_REACHED, care.LOST}
    assert {gone[who][1] for who in known} == set(customers.UNSEEN)
    sent = set()
    for history, lead, day, outcome in each_of(of_kind(some, facts.MESSAGE), "history", "lead", "day", "outcome"):
        assert day < known.get((history, lead), 40)
        if day > gone[history, lead][0]:
            sent.add(outcome)
    assert sent == {care.MAILING, care.UNANSWERED}


LEAVES = (
    "after_sales.repeat={ every = 3, bought = 0, leaves = 1 }",  # on Thursday, day 3
    "after_sales.marketing={ every = '1 week', cost = 1 }", "after_sales.survey={ every = '1 week', cost = 10 }",
)  # fmt: skip


@pytest.mark.parametrize("reached", [1, 0])
def test_what_is_done_for_who_left_costs_as_much_as_for_a_customer(reached: int):
    # Messages of the evening of a day whose contact found it lost are not sent.
    plan = (*LEAVES, visited(every="'1 week'", reached=str(reached), cost="100"))
    columns, some = both_engines(CARING, *plan, replications=1)
    until = [5] if reached else list(range(5, 40, 5))
    found = "seller-initiated: found lost" if reached else MISSED
    assert ends(some) == [(3, 0, customers.LEFT)]
    assert contacts(some) == [(day, "09:00", 0, 0, found) for day in until]
    assert {ms for (ms,) in told(some, facts.CARE, "duration")} == {(10 if reached else 1) * 60_000}
    sent = told(some, facts.MESSAGE, "day", "outcome")
    both = (care.UNANSWERED, care.MAILING)
    assert sorted(sent) == sorted([] if reached else [(day, outcome) for day in until for outcome in both])
    assert columns["costs.care"].tolist() == [100 * len(until)]
    assert columns["costs.messages"].tolist() == [11 * len(sent) // 2]
    assert columns["customers.left"].tolist() == [1]
    assert columns["contacts.seller_initiated.found_lost"].tolist() == [reached]


@pytest.mark.parametrize("why", [customers.CANCELLED, customers.GAVE_UP])
def test_who_says_so_is_off_the_calendar_at_once(why: int):
    plan = {
        customers.CANCELLED: ("after_sales.remorse={ window = 3, cancels = 1 }",),
        customers.GAVE_UP: (
            SHOWS_ON_MONDAY.replace("6", "0"), "after_sales.by=anyone", *DIALS,
            "calling.order=['retries', 'fresh', 'complaints', 'care']",
            "after_sales.customer_initiated.patience='1 day'",
        ),
    }[why]  # fmt: skip
    some = run(*plan, *LEAVES[1:], VISITED)
    ((last, _, found),) = ends(some)
    assert (found, last < 5) == (why, True)
    assert (days(some), days(some, facts.MESSAGE)) == ([], [])


def some_parent(some: Facts, history: int, lead: int) -> int:
    """Who named a lead."""
    named = of_kind(some, facts.REFERRAL)
    return int(named["amount"][(named["history"] == history) & (named["lead"] == lead)][0])
