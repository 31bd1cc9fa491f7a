"""The demo on paper: who is booked on which event, who is moved, turned away, invited again, and what it costs.

The office is handed acceptances at chosen clocks. 5 January 2026 is a Monday: days 0-4 are that week, 5-9
the next. Who comes is certain (a share of 0 or 1) unless a law is handed its words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from lived import both_engines

from simfunnel import Settings, draws, facts, load_scenario, parse_scenario, simulate
from simfunnel.calendar import Calendar
from simfunnel.engines.accepted import Night
from simfunnel.engines.office import Office
from simfunnel.experiments.replay import notable, replay, story
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.funnel import demo
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import Nature, nature_of
from simfunnel.reporting import story as told
from simfunnel.scenario.schema import Scenario

HOUR = 3_600_000
PLAN = """
start = 2026-01-05
horizon = "15 working days"
[segments.list]
leads = 20
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 1
[teams.callers]
[demo]
team = "callers"
every = "1 working day"
hosts = 0
attended = 1
[closing]
sold_if_interested = 1
"""
ON_WEEKDAYS = PLAN.replace('every = "1 working day"\n', "")
Asking = Sequence[tuple[float, int]]  # hour of acceptance, lead


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def nature(scenario: Scenario, columns: int = 1) -> Nature:
    replications = np.arange(columns)
    inputs = Inputs(1, replications, best_guess=True)
    return nature_of(scenario, Calendar.of(scenario), inputs, draws.stream(1, draws.HISTORIES, replications))


def plan(*overrides: str) -> str:
    """The plan, without its interval where events are held on weekdays."""
    return ON_WEEKDAYS if any(override.startswith("demo.weekdays=") for override in overrides) else PLAN


def lived(asking: Mapping[int, Asking], *overrides: str) -> np.ndarray:
    """The facts of an office at which leads accept as told, by day: rows of all columns, in the order reported."""
    scenario = parse_scenario(plan(*overrides), overrides=overrides)
    keeper = Keeper()
    office = Office(scenario, Calendar.of(scenario), nature(scenario), [keeper])
    for day in range(Calendar.of(scenario).days):
        guests = office.guests(day)
        if guests is not None:
            office.close_at_once(day, office.hold(day, guests))
        night = Night()
        for hour, lead in asking.get(day, ()):
            night.accepted["demo"].add(array(0), array(int(hour * HOUR)), array(lead), 0, array(-1))
        office.settle(day, night)
    return keeper.table()[:, 1:]


def told_of(kind: int, table: np.ndarray, *names: str) -> list[tuple[int, ...]]:
    """Chosen columns of the facts of one kind, by day, clock, and as asked for."""
    chosen = table[table[:, 0] == kind]
    return sorted(tuple(row[[COLUMNS.index(name) for name in names]].tolist()) for row in chosen)


def bookings(table: np.ndarray, cause: int = demo.ACCEPTED) -> list[tuple[int, int, int, int]]:
    """Day, lead, event and what came of it, of those who asked for that cause."""
    found = told_of(facts.BOOKING, table, "day", "lead", "occurrence", "outcome")
    return [(day, lead, event, code - cause) for day, lead, event, code in found if cause <= code < cause + 3]


def visits(table: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Day, lead, earlier no-shows and outcome."""
    return told_of(facts.VISIT, table, "day", "lead", "occurrence", "outcome")  # type: ignore[return-value]


# ---------------------------------------------------------------- when


def days_of(weekdays: str, *overrides: str) -> list[dt.date]:
    scenario = parse_scenario(ON_WEEKDAYS, overrides=[f"demo.weekdays={weekdays}", *overrides])
    assert scenario.demo is not None
    calendar = Calendar.of(scenario)
    return [calendar.dates[day] for day in calendar.event_days(scenario.demo)]


def january(*days: int) -> list[dt.date]:
    return [dt.date(2026, 1, day) for day in days]


def test_events_on_several_weekdays():
    assert days_of("['thursday', 'tuesday']") == january(6, 8, 13, 15, 20, 22)
    assert days_of("['mon']") == january(5, 12, 19)  # the start is one of them


def test_an_event_on_a_day_off_moves_and_meets_another_there():
    assert days_of("['tue', 'thu']", "holidays=[2026-01-13]", "horizon='9 working days'") == january(6, 8, 14, 15)
    assert days_of("['tue', 'wed']", "holidays=[2026-01-06]") == january(7, 13, 14, 20, 21)
    assert days_of("['sat', 'mon']", "horizon='1 week'") == january(5)  # Saturday moves beyond the horizon


@pytest.mark.parametrize(
    ("notice", "day", "event_day"),
    [
        ("1 working day", 4, 5),  # Friday: Monday is tomorrow
        ("1 day", 4, 5),
        ("2 working days", 4, 6),
        ("2 days", 3, 5),  # Thursday: Saturday is off, so Monday; Friday is too soon
        ("3 days", 3, 5),
        ("4 days", 3, 5),  # Monday itself
        ("5 days", 3, 6),
        ("1 week", 0, 5),
    ],
)
def test_notice_across_a_weekend(notice: str, day: int, event_day: int):
    table = lived({day: [(10, 0)]}, f"demo.notice='{notice}'")
    assert visits(table) == [(event_day, 0, 0, demo.INTERESTED)]


def test_notice_beyond_the_horizon_or_beyond_the_longest_wait():
    assert bookings(lived({9: [(10, 0)]}, "demo.notice='6 working days'")) == [(9, 0, 14, demo.WAITING)]
    too_long = ("demo.notice='3 working days'", "demo.max_wait='2 working days'")
    assert bookings(lived({0: [(10, 0)]}, *too_long)) == [(0, 0, -1, demo.NO_SEAT)]
    just = ("demo.notice='2 working days'", "demo.max_wait='2 working days'")
    assert bookings(lived({0: [(10, 0)]}, *just)) == [(0, 0, 1, demo.BOOKED)]


@pytest.mark.parametrize(
    ("horizon", "day", "max_wait", "seated"),
    [(1, 0, 4, demo.NO_SEAT), (1, 0, 5, demo.WAITING), (2, 1, 3, demo.NO_SEAT), (2, 1, 4, demo.WAITING)],
)
def test_an_event_beyond_the_horizon_is_waited_for_only_as_long_as_the_lead_waits(
    horizon: int, day: int, max_wait: int, seated: int
):
    """The only event in reach is on working day 5, after the horizon."""
    reach = (
        "demo.every='5 working days'",
        f"horizon='{horizon} working days'",
        f"demo.max_wait='{max_wait} working days'",
    )
    assert [row[3] for row in bookings(lived({day: [(10, 0)]}, *reach))] == [seated]


# ---------------------------------------------------------------- how many


@pytest.mark.parametrize(
    ("seats", "overbooking", "room"),
    [(40, 0.0, 40), (100, 0.15, 115), (100, 0.29, 129), (3, 0.5, 4), (7, 2.5, 24), (1, 0.999, 1), (1, 10.0, 11)],
)
def test_room_is_rounded_down_from_the_share_as_written(seats: int, overbooking: float, room: int):
    assert demo.bookable(seats, overbooking) == room


def test_the_last_booked_of_the_comers_are_turned_away():
    # Two histories with two seats: of the first's leads the second stays away, so only its fourth is too many.
    came, keen, away = demo.FREELOADER, demo.INTERESTED, demo.DID_NOT_COME
    outcome, column = array(keen, away, came, keen, keen, came, came), array(0, 0, 0, 0, 1, 1, 1)
    late = demo.TURNED_AWAY
    assert demo.turn_away(outcome, column, 2).tolist() == [keen, away, came, late, keen, came, late]
    assert demo.turn_away(outcome, column, 3).tolist() == outcome.tolist()
    assert demo.turn_away(array(), array(), 1).tolist() == []


def test_turned_away_by_clock_of_acceptance_then_lead():
    # Two seats, three bookings: 9 at 9:00, then 2 and 5 both at 11:00, in this order; 1 at 12:00 finds no room.
    table = lived({0: [(12, 1), (11, 5), (9, 9), (11, 2)]}, "demo.seats=2", "demo.overbooking=0.5")
    assert bookings(table) == [(0, 1, 1, 0), (0, 2, 0, 0), (0, 5, 0, 0), (0, 9, 0, 0)]
    assert [v for v in visits(table) if v[0] == 1] == [
        (1, 2, 0, demo.INTERESTED), (1, 5, 0, demo.TURNED_AWAY), (1, 9, 0, demo.INTERESTED),
    ]  # fmt: skip
    assert told_of(facts.EVENT, table, "day", "outcome", "amount") == [(1, demo.HELD, 2), (2, demo.HELD, 1)]


def test_who_was_booked_on_an_earlier_day_sits_before_who_accepted_at_an_earlier_clock():
    # Monday at 17:00 comes before Tuesday at 9:00.
    table = lived({0: [(17, 3)], 1: [(9, 1)]}, "demo.notice='2 days'", "demo.every='3 working days'", "demo.seats=1",
                  "demo.overbooking='100 %'")  # fmt: skip
    assert visits(table) == [(3, 1, 0, demo.TURNED_AWAY), (3, 3, 0, demo.INTERESTED)]


# ---------------------------------------------------------------- too few


def test_an_event_is_cancelled_under_its_minimum_but_not_without_bookings():
    assert demo.cancelled(array(0, 1, 2, 3), 3).tolist() == [False, True, True, False]
    assert demo.cancelled(array(0, 1, 2), 1).tolist() == [False, False, False]


# Tuesdays (days 1, 6, 11) and Thursdays (3, 8, 13), at two working days' notice: Thursday's event takes who asks on
# Monday and Tuesday, the next Tuesday's who asks from Wednesday to Friday.
TWICE = ("demo.weekdays=['tue', 'thu']", "demo.notice='2 working days'")


def test_a_cancelled_event_moves_its_leads_past_a_full_one():
    # Lead 0 is alone on Thursday; that night the next Tuesday is full already, so it gets the Thursday after.
    table = lived({1: [(9, 0)], 2: [(9, 1), (9, 2)]}, *TWICE, "demo.seats=2", "demo.minimum=2")
    assert bookings(table) == [(1, 0, 1, 0), (2, 1, 2, 0), (2, 2, 2, 0)]
    assert bookings(table, demo.MOVED) == [(2, 0, 3, demo.BOOKED), (7, 0, 4, demo.BOOKED), (10, 0, 5, demo.BOOKED),
                                           (12, 0, 6, demo.WAITING)]  # fmt: skip
    events = told_of(facts.EVENT, table, "day", "clock", "duration", "occurrence", "outcome", "amount")
    assert events == [
        (2, demo.NIGHT, 0, 1, demo.CANCELLED, 1), (6, 15 * HOUR, HOUR, 2, demo.HELD, 2),
        (7, demo.NIGHT, 0, 3, demo.CANCELLED, 1), (10, demo.NIGHT, 0, 4, demo.CANCELLED, 1),
        (12, demo.NIGHT, 0, 5, demo.CANCELLED, 1),
    ]  # fmt: skip
    assert visits(table) == [(6, 1, 0, demo.INTERESTED), (6, 2, 0, demo.INTERESTED)]


def test_the_moved_keep_their_order_behind_all_who_asked_that_day():
    # Thursday has lead 5 (9:00) and lead 3 (10:00); the next Tuesday one free seat of three, which 5 gets.
    asking = {1: [(10, 3), (9, 5)], 2: [(16, 1), (17, 2)]}
    table = lived(asking, *TWICE, "demo.seats=3", "demo.minimum=3", "demo.max_wait='8 days'")
    assert bookings(table, demo.MOVED)[:2] == [(2, 3, 3, demo.BOOKED), (2, 5, 2, demo.BOOKED)]
    assert [v[:2] for v in visits(table)] == [(6, 1), (6, 2), (6, 5)]
    # Within a week from Wednesday there is no event with notice but the Tuesday: 3 is lost for want of a seat.
    table = lived(asking, *TWICE, "demo.seats=3", "demo.minimum=3", "demo.max_wait='1 week'")
    assert bookings(table, demo.MOVED) == [(2, 3, -1, demo.NO_SEAT), (2, 5, 2, demo.BOOKED)]


def test_moved_leads_are_the_last_booked_of_their_new_event():
    # Overbooked by one, all come: the moved lead 0 came last, though it accepted first.
    table = lived({1: [(9, 0)], 2: [(9, 1), (9, 2)]}, *TWICE, "demo.seats=2", "demo.overbooking=0.5", "demo.minimum=2")
    assert bookings(table, demo.MOVED) == [(2, 0, 2, demo.BOOKED)]
    assert visits(table) == [(6, 0, 0, demo.TURNED_AWAY), (6, 1, 0, demo.INTERESTED), (6, 2, 0, demo.INTERESTED)]


def test_nobody_is_called_to_a_cancelled_event():
    scenario = parse_scenario(PLAN, overrides=["demo.minimum=2", "demo.hosts=1"])
    office = Office(scenario, Calendar.of(scenario), nature(scenario, columns=2), [])
    night = Night()
    night.accepted["demo"].add(array(0, 0, 1), array(9, 9, 9), array(0, 1, 0), 0, array(-1, -1, -1))
    office.settle(0, night)
    guests = office.guests(1)
    assert guests is not None
    assert (guests.column.tolist(), guests.lead.tolist()) == ([0, 0], [0, 1])
    assert office.hosts(guests).tolist() == [1, 0]
    assert office.waits  # for the lead that was moved


# ---------------------------------------------------------------- no-shows


def test_who_is_invited_again():
    outcome, missed = array(0, 0, 0, 1, 2, 3), array(0, 1, 2, 0, 0, 0)
    assert demo.invited_again(outcome, missed, 2).tolist() == [True, True, False, False, False, False]
    assert not demo.invited_again(outcome, missed, 0).any()


def test_a_no_show_is_invited_again_until_the_last_time():
    table = lived({0: [(9, 0)]}, "demo.attended=0", "demo.invite_again=2")
    assert visits(table) == [(1, 0, 0, 0), (2, 0, 1, 0), (3, 0, 2, 0)]
    assert bookings(table, demo.AGAIN) == [(1, 0, 1, 0), (2, 0, 2, 0)]
    assert told_of(facts.BOOKING, table, "day", "clock")[1:] == [(1, 15 * HOUR), (2, 15 * HOUR)]


def test_a_second_invitation_is_a_chance_of_its_own():
    # Half of them come each time: of 20 leads some come at first, some at last, and each draw has its own address.
    table = lived({0: [(9, lead) for lead in range(20)]}, "demo.attended=0.5", "demo.invite_again=3")
    streams = draws.stream(1, draws.HISTORIES, 0)
    for _, lead, missed, outcome in visits(table):
        word, _ = draws.pair(draws.visit(streams, array(lead), demo_visit(), missed), 0)
        assert (outcome == demo.DID_NOT_COME) == (word[0] >= 2**31)
    assert len({missed for _, _, missed, outcome in visits(table) if outcome}) >= 3


def demo_visit() -> int:
    from simfunnel.funnel import visits as addresses

    return addresses.ATTEND


def test_a_no_show_asks_at_the_clock_of_the_event():
    # Nobody comes. Lead 4 missed Tuesday's event at 15:00, and asks after 7 (14:00) and before 1 (16:00). One seat.
    table = lived({0: [(9, 4)], 1: [(16, 1), (14, 7)]}, "demo.seats=1", "demo.attended=0", "demo.invite_again=1")
    assert [(lead, event) for day, lead, event, _ in bookings(table) if day == 1] == [(1, 3), (7, 1)]
    assert bookings(table, demo.AGAIN)[0] == (1, 4, 2, demo.BOOKED)


def test_a_no_show_that_finds_no_seat_did_not_come():
    # Wednesday's one seat is taken at 14:00, and it may wait for one day.
    one = ("demo.seats=1", "demo.attended=0", "demo.invite_again=5", "demo.max_wait='1 working day'")
    table = lived({0: [(9, 4)], 1: [(14, 7)]}, *one)
    assert bookings(table, demo.AGAIN)[0] == (1, 4, -1, demo.NO_SEAT)
    assert [v for v in visits(table) if v[1] == 4] == [(1, 4, 0, demo.DID_NOT_COME)]


def test_who_was_moved_missed_nothing():
    # Alone on Tuesday, cancelled; with two more on Wednesday; none comes, and the first visit is the first address.
    table = lived({0: [(9, 0)], 1: [(9, 1), (9, 2)]}, "demo.minimum=2", "demo.attended=0", "demo.invite_again=1")
    assert bookings(table, demo.MOVED) == [(0, 0, 1, demo.BOOKED)]
    assert [v for v in visits(table) if v[1] == 0] == [(2, 0, 0, 0), (3, 0, 1, 0)]


# ---------------------------------------------------------------- coming


def test_days_waited_are_calendar_days_to_a_limit():
    # Monday, Tuesday, Friday; the event is on the Monday after.
    dates = array(100, 101, 104, 107)
    assert demo.days_waited(array(0, 1, 2), 3, dates, 90).tolist() == [7, 6, 3]
    assert demo.days_waited(array(0, 1, 2), 3, dates, 5).tolist() == [5, 5, 3]


def test_the_table_of_days_waited():
    assert demo.waiting_ratio(np.array([0.5]), 3)[:, 0].tolist() == [1, 0.5, 0.25, 0.125]
    assert demo.waiting_ratio(np.array([0.5, 1.0]), 2).tolist() == [[1, 1], [0.5, 1], [0.25, 1]]


def test_odds_fall_for_each_day_waited_and_rise_by_the_reminder():
    scenario = parse_scenario(PLAN, overrides=["demo.attended=0.5", "demo.odds_per_day_waited=0.5"])
    # Thursday to Friday: odds 1/2, so 1/3. Friday to Monday, three days: odds 1/8, so 1/9.
    coming, zero = nature(scenario).coming, array(0)
    assert coming(zero, zero, zero, array(3), 4).tolist() == [2**32 // 3]
    assert coming(zero, zero, zero, array(4), 5).tolist() == [2**32 // 9]
    reminded = parse_scenario(PLAN, overrides=["demo.attended=0.5", "demo.reminder.odds=3"])
    assert nature(reminded).coming(zero, zero, zero, array(4), 5).tolist() == [3 * 2**30]
    assert nature(reminded).attended.table.shape == (1, 1, 1, 1)  # waiting changes nothing: one row


def test_the_table_is_as_long_as_a_wait_can_be():
    falling = "demo.odds_per_day_waited=0.9"
    for overrides, rows in (
        (("demo.max_wait='3 days'",), 1 + 5),  # from Wednesday: Saturday is off, so Monday
        (("horizon='1 year'",), 1 + demo.MOST_DAYS_WAITED),
        (("horizon='1 working day'",), 1),
    ):
        table = nature(parse_scenario(PLAN, overrides=[falling, *overrides])).attended.table
        assert table.shape == (1, 1, rows, 1)
        assert (np.diff(table[0, 0, :, 0]) <= 0).all()


# ---------------------------------------------------------------- in both engines

# Six leads called on Monday, ten minutes each; a room with two seats, for which three are booked, every working day.
ROOM = (
    "segments.list.leads=6", "calling.minutes.talk=10", "demo.seats=2", "demo.overbooking=0.5", "demo.room=100",
    "demo.catering_per_head=9.25", "demo.reminder={ cost = 0.35 }", "demo.cancellation_fee=40",
)  # fmt: skip


def test_overbooking_in_money_by_hand():
    # Two events with three bookings: four sit and eat, two are turned away, six were reminded.
    columns, _ = both_engines(PLAN, *ROOM, replications=2)
    found = {name: values[0] for name, values in columns.items()}
    assert (found["events"], found["events_cancelled"], found["invited_again"]) == (2, 0, 0)
    assert (found["booked"], found["attended"], found["losses.turned_away"], found["sold"]) == (6, 4, 2, 4)
    assert (found["costs.room"], found["costs.catering"], found["costs.reminders"]) == (200, 37, 2.1)
    assert (found["costs.cancellations"], found["cost"]) == (0, 239.1)


def test_cancellations_in_money_by_hand():
    # Seven leads: three on Tuesday, three on Wednesday, one moved from Thursday to each working day after: 12 more.
    columns, _ = both_engines(PLAN, *ROOM, "segments.list.leads=7", "demo.minimum=2", replications=2)
    found = {name: values[0] for name, values in columns.items()}
    assert (found["events"], found["events_cancelled"]) == (2, 12)
    assert (found["costs.cancellations"], found["costs.room"], found["costs.reminders"]) == (480, 200, 2.1)
    assert (found["booked"], found["losses.still_open"]) == (7, 1)  # it waits for an event beyond the horizon


def test_no_shows_in_losses_by_hand():
    columns, _ = both_engines(PLAN, *ROOM, "demo.attended=0", "demo.invite_again=1", replications=2)
    found = {name: values[0] for name, values in columns.items()}
    assert (found["invited_again"], found["losses.did_not_come"], found["booked"]) == (6, 6, 6)
    assert found["costs.reminders"] == 4.2  # twelve at 0.35


def test_luck_does_not_hang_on_the_rules_of_booking():
    """Who comes to the first event it is booked on is the same under any overbooking, and so with more seats."""
    half = ("segments.list.leads=20", "demo.attended=0.5")
    few, _ = both_engines(PLAN, *half, "demo.seats=3")
    many, _ = both_engines(PLAN, *half, "demo.seats=30")
    moved, _ = both_engines(PLAN, *half, "demo.seats=30", "demo.minimum=6", "demo.every='3 working days'")
    assert few["attended"].tolist() == many["attended"].tolist() == moved["attended"].tolist()


def test_the_shipped_scenario_answers_its_question():
    """Overbooking and reminders pay, alone and together, but not without end: means far apart, against itself."""
    path = Path(__file__).parents[1] / "scenarios" / "demo-evenings.toml"
    plain, unreminded, too_many = "demo.overbooking=0", "demo.reminder={ cost = 0, odds = 1 }", "demo.overbooking=1.5"
    neither, reminded, overbooked, both, over_the_top = (
        simulate(load_scenario(path, overrides=overrides), replications=100, workers=1).columns["profit"].mean()
        for overrides in ((plain, unreminded), (plain,), (unreminded,), (), (too_many,))
    )
    assert neither + 10_000 < reminded < overbooked < both - 10_000
    assert over_the_top < both - 5_000


# ---------------------------------------------------------------- told


def text(*overrides: str) -> str:
    scenario = parse_scenario(plan(*overrides), overrides=[*ROOM, *overrides])
    return "\n".join(told.lines(replay(scenario, Settings(), 0), None))


def test_a_story_tells_of_all_of_it():
    overbooked = text()
    assert "15:00:00  the demo begins; 2 came" in overbooked
    assert "15:00:00  lead 2 comes, but every seat is taken: turned away" in overbooked
    assert "turned away: 2, 5" in overbooked
    cancelled = text("segments.list.leads=7", "demo.minimum=2", "horizon='4 working days'")
    assert "at night  the demo of Thursday 2026-01-08 is cancelled: 1 booked, 2 needed" in cancelled
    assert "at night  lead 6 is to be moved, but waits for a demo after the horizon" in cancelled
    assert "at night  lead 6 is moved to the demo of Thursday 2026-01-08" in text(
        "segments.list.leads=1", "demo.minimum=2", "horizon='6 working days'"
    ).replace("lead 0", "lead 6")
    again = text("demo.attended=0", "demo.invite_again=1", "segments.list.leads=1")
    assert "lead 0 is invited again, to the demo of Wednesday 2026-01-07" in again
    rarely = ("demo.weekdays=['tue']", "demo.max_wait='1 working day'")
    nowhere = text("demo.attended=0", "demo.invite_again=1", *rarely)
    assert "is invited again, but finds no seat at any demo soon enough" in nowhere


def test_what_follows_from_an_event_is_told_after_it():
    scenario = parse_scenario(PLAN, overrides=["demo.attended=0", "demo.invite_again=1", "segments.list.leads=1"])
    again = replay(scenario, Settings(), 0)
    life = [(event.kind, event.outcome) for event in story(again, 0)]
    assert notable(again) == {"invited again": [0]}
    assert life == [
        ("dial", "accepted"), ("booking", "booked"), ("visit", "did not come"), ("booking", "invited again: booked"),
        ("visit", "did not come"),
    ]  # fmt: skip


def test_a_lead_that_waits_is_said_to_wait():
    short = ("horizon='2 working days'", "demo.attended=0", "demo.invite_again=1", "segments.list.leads=1")
    lines = list(told.lines(replay(parse_scenario(PLAN, overrides=short), Settings(), 0), 0))
    assert "Lead 0 is still waiting for its demo at the horizon." in lines
