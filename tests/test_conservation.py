"""Nothing is lost or made up: leads, time, seats and money add up, counted again from the facts one by one.

The laws hold exactly, in varied scenarios and in ones that hypothesis makes; the counting here is plain
Python over the kept facts and shares no code with the tally.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lived import Facts, both_engines, facts_of, of_kind
from made_scenarios import scenarios

from simfunnel import facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import calling, demo
from simfunnel.metrics import LOSSES, STAGES, Columns
from simfunnel.scenario.schema import Scenario, Team

MINUTE, HOUR = 60_000, 3_600_000
Fact = dict[str, int]

PLAIN = """
horizon = "15 working days"
[segments.list]
leads = 300
interested = 0.7
[calling]
teams = ["callers"]
attempts = 3
retry_after = "2 working days"
answered = 0.4
listened = 0.6
accepted = 0.5
minutes = { no_answer = 1, hang_up = { exponential = { mean = 2 } }, talk = { lognormal = { mean = 20, sd = 10 } } }
[teams.callers]
size = 2
pause = "12:30-13:00"
wage_per_hour = 14.33
overhead = 0.35
hiring = 400
[demo]
team = "callers"
every = "2 working days"
hosts = 1
seats = 12
max_wait = "5 working days"
attended = 0.7
room = 99.99
catering_per_head = 9.5
[closing]
sold_if_interested = 0.6
[money]
revenue_per_sale = { low = 1500, likely = 2400, high = 5000 }
unit_cost = 900.1
"""


def plain(*overrides: str) -> str:
    """The plain scenario, without its interval where events are held on weekdays."""
    on_weekdays = any(override.startswith("demo.weekdays=") for override in overrides)
    return PLAIN.replace('every = "2 working days"\n', "") if on_weekdays else PLAIN


SECOND_TEAM = (
    "teams.centre={ kind = 'outsourced', size = 3 }", "teams.centre.paid='worked'",
    "teams.centre.contract={ set_up = 500, per_hour = 9.99, per_dial = 0.333, per_connect = 0.5 }",
    "calling.teams={ callers = 0.3, centre = 0.7 }",
)  # fmt: skip
SECOND_SEGMENT = ("segments.old={ leads = 150 }", "segments.old.temperature='warm'", "calling.warm.answered=2")
VARIED = {
    "plain": (),
    "two teams": SECOND_TEAM,
    "two segments": SECOND_SEGMENT,
    "fresh first": ("calling.order=['fresh', 'retries']", "intake='3 working days'", *SECOND_SEGMENT),
    "crowded": ("demo.seats=1", "demo.max_wait='1 week'", "calling.attempts=1"),
    "short": ("horizon='2 working days'", *SECOND_TEAM),
    "unknown": ("calling.answered='40 of 100'", "money.unit_cost={ low = 1, high = 100 }", "teams.callers.size=7"),
    "overbooked": (
        "demo.overbooking='50 %'",
        "demo.attended=0.9",
        "demo.seats=6",
        "demo.notice='3 days'",
        "demo.reminder={ cost = 0.333, odds = 1.5 }",
    ),
    "cancelled": (
        "demo.minimum=4",
        "demo.every='1 working day'",
        "demo.cancellation_fee=33.33",
        "demo.invite_again=2",
        "demo.odds_per_day_waited=0.8",
        "demo.max_wait='1 month'",
    ),
    "invited again": (
        "demo.weekdays=['tue', 'thu']",
        "demo.invite_again=3",
        "demo.attended=0.2",
        "demo.minimum=6",
    ),
    "unlike": (
        "segments.list={ leads = 300, dead_number = 0.2, reach = 1.5, decision_maker = 0.5, qualified = 0.6 }",
        "segments.old={ leads = 150, team = 'centre', reach = 0.5 }",
        "calling.asked_through=0.3",
        *SECOND_TEAM,
        "calling.by_attempt=[0.8, 0.5]",
        "calling.by_hour={ 9 = 0.5, 14 = 2 }",
        "teams.callers.skill=[0.5, 2]",
        "teams.callers.pace=[0.7, 1.5]",
        "teams.centre.skill=[1, 2, 3]",
    ),
    "night": ("demo.hosts=0", "teams.callers.shift='22:00-24:00'", "teams.callers.pause='23:00-23:30'"),
}

# ---------------------------------------------------------------- counted again, one by one


def one_by_one(lived: Facts, kind: int, history: int) -> list[Fact]:
    """The facts of one kind in one history, in the order of their days and clocks."""
    chosen = (lived["kind"] == kind) & (lived["history"] == history)
    rows = [
        dict(zip(lived, map(int, row), strict=True)) for row in zip(*(v[chosen] for v in lived.values()), strict=True)
    ]
    return sorted(rows, key=lambda f: (f["day"], f["clock"], f["seat"], f["lead"]))


def fates(scenario: Scenario, lived: Facts, history: int) -> dict[int, str]:
    """Where each lead ended, from the last thing that happened to it."""
    last_try = scenario.calling.attempts - 1 if scenario.calling is not None else 0
    fate = dict.fromkeys(range(sum(s.leads for s in scenario.segments.values())), "still_open")
    for dial in one_by_one(lived, facts.DIAL, history):
        given_up = "never_reached" if dial["occurrence"] == last_try else "still_open"
        fate[dial["lead"]] = (given_up, "gatekeeper", "hung_up", "refused", "still_open")[dial["outcome"]]
    for fact in stages_of_the_demo(lived, history):
        before = fate[fact["lead"]]
        if fact["kind"] == facts.VISIT:
            assert before == "still_open"
            fate[fact["lead"]] = ("did_not_come", "freeloader", "talked", "turned_away")[fact["outcome"]]
            continue
        cause, seated = divmod(fact["outcome"], 3)
        assert before == ("still_open", "still_open", "did_not_come")[cause]
        if seated != demo.NO_SEAT:
            fate[fact["lead"]] = "still_open"
        elif cause != 2:  # else it stays a no-show
            fate[fact["lead"]] = "no_seat"
    for talk in one_by_one(lived, facts.TALK, history):
        assert fate[talk["lead"]] == "talked"
        fate[talk["lead"]] = ("not_convinced", "sold")[talk["outcome"]]
    assert "talked" not in fate.values()
    return fate


def stages_of_the_demo(lived: Facts, history: int) -> list[Fact]:
    """Bookings and visits as they follow each other: on a day, first who comes, then what the night settles."""
    found = one_by_one(lived, facts.BOOKING, history) + one_by_one(lived, facts.VISIT, history)
    return sorted(found, key=lambda f: (f["day"], f["kind"] == facts.BOOKING, f["clock"]))


def check_leads(scenario: Scenario, columns: Columns, lived: Facts, history: int) -> None:
    """Leads = sold + losses, in all and by segment; each stage is within the one before."""
    fate, first = fates(scenario, lived, history), 0
    places = [("", list(fate))]
    for name, segment in scenario.segments.items():
        places.append((f"segments.{name}.", list(range(first, first + segment.leads))))
        first += segment.leads
    for prefix, leads in places:
        found = Counter(fate[lead] for lead in leads)
        assert {loss: int(columns[f"{prefix}losses.{loss}"][history]) for loss in LOSSES} == {
            loss: found[loss] for loss in LOSSES
        }
        assert columns[f"{prefix}sold"][history] == found["sold"]
        assert sum(found[loss] for loss in LOSSES) + found["sold"] == len(leads)
    for prefix in ("", *(f"segments.{n}." for n in scenario.segments), *(f"teams.{n}." for n in scenario.teams)):
        reached = [int(columns[prefix + stage][history]) for stage in STAGES]
        assert reached == sorted(reached, reverse=True)
    done = {lead for lead in fate if fate[lead] == "still_open"} <= accepted_leads(lived, history)
    last = max((f["day"] + 1 for f in one_by_one(lived, facts.DIAL, history)), default=0)
    np.testing.assert_equal(columns["days_until_done"][history], float(last) if done else np.nan)


def accepted_leads(lived: Facts, history: int) -> set[int]:
    return {d["lead"] for d in one_by_one(lived, facts.DIAL, history) if d["outcome"] == calling.ACCEPTED}


def check_dials(scenario: Scenario, lived: Facts, history: int) -> None:
    """One dial a lead a day, at most `attempts`, none after an answer, each not before its due day, by one team."""
    if scenario.calling is None:
        return
    due = Calendar.of(scenario).due(scenario.calling.retry_after)
    by_lead: dict[int, list[Fact]] = defaultdict(list)
    for dial in one_by_one(lived, facts.DIAL, history):
        by_lead[dial["lead"]].append(dial)
    for dials in by_lead.values():
        assert [dial["occurrence"] for dial in dials] == list(range(len(dials)))
        assert len(dials) <= scenario.calling.attempts
        assert len({dial["team"] for dial in dials}) == 1
        for earlier, later in itertools.pairwise(dials):
            assert earlier["outcome"] == calling.NO_ANSWER
            assert later["day"] >= due[earlier["day"]] > earlier["day"]
    intake = Calendar.of(scenario).length(scenario.intake or scenario.horizon)
    assert all(dials[0]["day"] < intake for dials in by_lead.values())


def check_lists(scenario: Scenario, lived: Facts, history: int) -> None:
    """A team's day is its list in order: (class, original due day, lead); while it lasts nobody idles."""
    if scenario.calling is None:
        return
    due = Calendar.of(scenario).due(scenario.calling.retry_after)
    intake = Calendar.of(scenario).length(scenario.intake or scenario.horizon)
    dials = one_by_one(lived, facts.DIAL, history)
    day_of = {(dial["lead"], dial["occurrence"]): dial["day"] for dial in dials}
    called = scenario.demo.hosts if scenario.demo is not None else 0
    events = one_by_one(lived, facts.EVENT, history)
    hosts = {(event["team"], event["day"], seat) for event in events for seat in range(called)}

    def due_day(dial: Fact) -> int:
        return int(due[day_of[dial["lead"], dial["occurrence"] - 1]]) if dial["occurrence"] else 0

    def place(dial: Fact) -> tuple[int, int, int]:
        assert scenario.calling is not None
        return scenario.calling.order.index("retries" if dial["occurrence"] else "fresh"), due_day(dial), dial["lead"]

    for number, team in enumerate(scenario.teams.values()):
        mine = [dial for dial in dials if dial["team"] == number]
        for day in {dial["day"] for dial in mine}:
            today = [dial for dial in mine if dial["day"] == day]
            places = [place(dial) for dial in today]
            assert places == sorted(places)
            later = [dial for dial in mine if dial["day"] > day]
            if any(due_day(dial) <= day and (dial["occurrence"] or day < intake) for dial in later):
                for seat in range(team.size):
                    if (number, day, seat) not in hosts:
                        check_full_day(team, [dial for dial in today if dial["seat"] == seat])


def check_full_day(team: Team, tasks: list[Fact]) -> None:
    """One after the other from the beginning of the shift to its end, but for the pause."""
    free = after_pause(team, team.shift.start * MINUTE)
    for task in tasks:
        assert task["clock"] == free
        free = after_pause(team, task["clock"] + task["duration"])
    assert free >= team.shift.end * MINUTE


def after_pause(team: Team, clock: int) -> int:
    resting = team.pause is not None and team.pause.start * MINUTE <= clock < team.pause.end * MINUTE
    return team.pause.end * MINUTE if resting and team.pause is not None else clock


def check_members(scenario: Scenario, columns: Columns, lived: Facts, history: int) -> None:
    """Nobody does two things at a time or begins in the pause; hours add up."""
    work = one_by_one(lived, facts.DIAL, history) + one_by_one(lived, facts.HOST, history)
    for number, (name, team) in enumerate(scenario.teams.items()):
        mine = [task for task in work if task["team"] == number]
        check_days(team, mine)
        busy, over = sum(task["duration"] for task in mine), sum(overtime(team, task) for task in mine)
        assert columns[f"teams.{name}.busy_minutes"][history] == busy / MINUTE
        assert columns[f"teams.{name}.overtime_minutes"][history] == over / MINUTE
        days = max((task["day"] + 1 for task in mine), default=0)
        assert columns[f"teams.{name}.days"][history] == days
        shift = team.shift.minutes - (team.pause.minutes if team.pause is not None else 0)
        utilisation = columns[f"teams.{name}.utilisation"][history]
        if days:
            assert 0 <= utilisation <= 1
            assert utilisation == pytest.approx((busy - over) / (days * team.size * shift * MINUTE), abs=1e-12)
        else:
            assert np.isnan(utilisation)


def check_days(team: Team, tasks: list[Fact]) -> None:
    by_member: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for task in sorted(tasks, key=lambda t: (t["day"], t["clock"])):
        assert 0 <= task["seat"] < team.size
        assert task["duration"] >= 1
        by_member[task["day"], task["seat"]].append(task)
        if task["kind"] == facts.DIAL:
            assert team.shift.start * MINUTE <= task["clock"] < team.shift.end * MINUTE
            assert team.pause is None or not team.pause.start * MINUTE <= task["clock"] < team.pause.end * MINUTE
            assert task["duration"] <= 4 * HOUR
    for day in by_member.values():
        for earlier, later in itertools.pairwise(day):
            assert earlier["clock"] + earlier["duration"] <= later["clock"]
            assert earlier["kind"] == facts.DIAL  # a host does not come back to the list


def check_hosts(scenario: Scenario, lived: Facts, history: int) -> None:
    """Each event has its hosts, lowest seats first, who join when their last task ends, or when they leave."""
    if scenario.demo is None:
        return
    leave = (scenario.demo.at - scenario.demo.set_up) * MINUTE
    end = (scenario.demo.at + scenario.demo.length) * MINUTE
    team = list(scenario.teams).index(scenario.demo.team)
    ends = {(d["day"], d["seat"]): d["clock"] + d["duration"] for d in one_by_one(lived, facts.DIAL, history)
            if d["team"] == team}  # fmt: skip
    expected = []
    held = [event for event in one_by_one(lived, facts.EVENT, history) if event["outcome"] == demo.HELD]
    for event in held:
        for seat in range(scenario.demo.hosts):
            joined = max(leave, ends.get((event["day"], seat), 0))
            if joined < end:
                expected.append((event["day"], seat, joined, end - joined))
    hosts = one_by_one(lived, facts.HOST, history)
    assert sorted((h["day"], h["seat"], h["clock"], h["duration"]) for h in hosts) == sorted(expected)
    assert all(h["team"] == team for h in hosts)


def overtime(team: Team, task: Fact) -> int:
    """Ms of a task outside the paid hours: all of it, less what lies inside them."""
    paid = [(team.shift.start, team.shift.end)]
    if team.pause is not None:
        paid = [(team.shift.start, team.pause.start), (team.pause.end, team.shift.end)]
    begin, end = task["clock"], task["clock"] + task["duration"]
    return end - begin - sum(max(0, min(end, b * MINUTE) - max(begin, a * MINUTE)) for a, b in paid)


def check_demos(scenario: Scenario, columns: Columns, lived: Facts, history: int) -> None:
    """Rooms are never overfilled, bookings come true or are moved, events are held for whom they were booked."""
    if scenario.demo is None:
        assert not one_by_one(lived, facts.BOOKING, history)
        return
    plan, calendar = scenario.demo, Calendar.of(scenario)
    days = calendar.event_days(plan)
    bookings = one_by_one(lived, facts.BOOKING, history)
    seated = [b for b in bookings if b["outcome"] % 3 == demo.BOOKED]
    taken = Counter(b["occurrence"] for b in seated)
    assert max(taken.values(), default=0) <= plan.seats + int(plan.seats * plan.overbooking)
    notice = calendar.due(plan.notice)
    limit = calendar.due(plan.max_wait) if plan.max_wait is not None else np.full(calendar.days, calendar.days)
    assert all(notice[b["day"]] <= days[b["occurrence"]] <= limit[b["day"]] for b in seated)
    check_order(bookings, len(days))
    events = one_by_one(lived, facts.EVENT, history)
    cancelled = {e["occurrence"]: e for e in events if e["outcome"] == demo.CANCELLED}
    held = {e["occurrence"]: e for e in events if e["outcome"] == demo.HELD}
    assert set(cancelled) | set(held) == set(taken)
    assert len(cancelled) + len(held) == len(events)
    for number, event in cancelled.items():
        assert event["amount"] == taken[number] < plan.minimum
        assert (event["day"], event["duration"]) == (days[number] - 1, 0)
        moved = {b["lead"] for b in bookings if b["day"] == event["day"] and b["outcome"] // 3 == 1}
        assert moved == {b["lead"] for b in seated if b["occurrence"] == number}
    visits = one_by_one(lived, facts.VISIT, history)
    expected = [(b["lead"], days[b["occurrence"]]) for b in seated if b["occurrence"] in held]
    assert sorted(expected) == sorted((v["lead"], v["day"]) for v in visits)
    for number, event in held.items():
        assert taken[number] >= plan.minimum
        assert event["day"] == days[number]
        check_room(plan.seats, event, [b for b in seated if b["occurrence"] == number], visits)
    assert columns["events"][history] == len(held)
    assert columns["events_cancelled"][history] == len(cancelled)
    check_no_shows(plan.invite_again, columns, visits, bookings, history)
    assert {b["lead"] for b in bookings if b["outcome"] // 3 == 0} == accepted_leads(lived, history)


def check_order(bookings: list[Fact], events: int) -> None:
    """Who asks first on a day sits first; who is moved asks at night."""
    never = events + 1
    asked = [b for b in bookings if b["outcome"] // 3 != 1]
    places = [(b["day"], never if b["outcome"] % 3 == demo.NO_SEAT else b["occurrence"]) for b in asked]
    assert places == sorted(places)
    assert all(b["clock"] == demo.NIGHT for b in bookings if b["outcome"] // 3 == 1)


def check_room(seats: int, event: Fact, booked: list[Fact], visits: list[Fact]) -> None:
    """Comers get the seats in the order of booking; the others are turned away."""
    outcome = {v["lead"]: v["outcome"] for v in visits if v["day"] == event["day"]}
    before_the_night = [b for b in booked if b["clock"] < demo.NIGHT]
    comers = [b for b in before_the_night if outcome[b["lead"]] != demo.DID_NOT_COME]
    assert event["amount"] == sum(code in (demo.FREELOADER, demo.INTERESTED) for code in outcome.values())
    turned_away = [lead for lead, code in outcome.items() if code == demo.TURNED_AWAY]
    came = sum(code != demo.DID_NOT_COME for code in outcome.values())
    assert len(turned_away) == max(0, came - seats)
    if len(before_the_night) == len(booked):  # the order of those who were moved is that of their first booking
        in_order = [b["lead"] for b in sorted(comers, key=lambda b: (b["day"], b["clock"], b["lead"]))]
        assert set(in_order[seats:]) == set(turned_away)


def check_no_shows(most: int, columns: Columns, visits: list[Fact], bookings: list[Fact], history: int) -> None:
    """A no-show asks again the same night until it missed `most` + 1 events; a visit counts earlier no-shows."""
    missed: Counter[int] = Counter()
    again = {(b["lead"], b["day"]): b for b in bookings if b["outcome"] // 3 == 2}
    for visit in visits:
        assert visit["occurrence"] == missed[visit["lead"]] <= most
        if visit["outcome"] == demo.DID_NOT_COME:
            missed[visit["lead"]] += 1
            if missed[visit["lead"]] <= most:
                assert again.pop((visit["lead"], visit["day"]))["clock"] == visit["clock"]
    assert not again
    found = [b for b in bookings if b["outcome"] // 3 == 2 and b["outcome"] % 3 != demo.NO_SEAT]
    assert columns["invited_again"][history] == len(found)


ELSEWHERE = ("goods", "room", "catering", "reminders", "cancellations")


def check_money(scenario: Scenario, columns: Columns, lived: Facts) -> None:
    """Lines and teams add up to the cost, and sales to the revenue, in whole minor units."""
    minor = {"EUR": 100, "JPY": 1, "KWD": 1000}[scenario.currency]

    def whole(name: str) -> np.ndarray:
        units = np.rint(columns[name] * minor)
        np.testing.assert_allclose(columns[name] * minor, units, rtol=1e-12, atol=1e-6)
        return units.astype(np.int64)

    names = [name for name in columns if name.startswith("costs.")]
    lines = [whole(name) for name in names]
    refunds = ("costs.contract_claw_back", "costs.contract_penalty_per_day_late")
    assert all((columns[name] <= 0).all() if name in refunds else (columns[name] >= 0).all() for name in names)
    assert all((columns[f"teams.{name}.cost"] >= 0).all() for name in scenario.teams)
    assert (sum(lines) == whole("cost")).all()
    elsewhere = sum(whole(f"costs.{name}") for name in ELSEWHERE if f"costs.{name}" in columns)
    assert (sum(whole(f"teams.{name}.cost") for name in scenario.teams) + elsewhere == whole("cost")).all()
    assert (whole("revenue") - whole("cost") == whole("profit")).all()
    talks = of_kind(lived, facts.TALK)
    sales = np.bincount(talks["history"], weights=talks["amount"], minlength=columns["cost"].size)
    assert (sales == whole("revenue")).all()
    assert (talks["amount"][talks["outcome"] == demo.NOT_CONVINCED] == 0).all()
    np.testing.assert_array_equal(np.isnan(columns["cost_per_sale"]), columns["sold"] == 0)


def check(scenario: Scenario, columns: Columns, lived: Facts) -> None:
    """Every law of conservation, in every history."""
    for history in range(columns["dials"].size):
        check_leads(scenario, columns, lived, history)
        check_dials(scenario, lived, history)
        check_lists(scenario, lived, history)
        check_members(scenario, columns, lived, history)
        check_hosts(scenario, lived, history)
        check_demos(scenario, columns, lived, history)
    check_money(scenario, columns, lived)


@pytest.mark.parametrize("overrides", VARIED.values(), ids=VARIED)
def test_everything_adds_up_in_varied_scenarios(overrides: tuple[str, ...]):
    columns, lived = both_engines(plain(*overrides), *overrides, replications=4)
    assert (columns["dials"] > 0).all()
    check(parse_scenario(plain(*overrides), overrides=overrides), columns, lived)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=st.booleans().flatmap(lambda coarse: scenarios(coarse=coarse)), seed=st.integers(0, 2**40))
def test_everything_adds_up_in_scenarios_nobody_would_think_of(scenario: Scenario, seed: int):
    columns, lived = facts_of(scenario, 3, seed=seed)
    check(scenario, columns, lived)


# ---------------------------------------------------------------- more staff never lengthens


def starts(size: int, **settings_: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """(day, clock) at which each lead of each history is dialled."""
    hosted_elsewhere = ("demo.team='hosts'", "teams.hosts={ size = 1 }")
    overrides = ("calling.attempts=1", f"teams.callers.size={size}", *hosted_elsewhere)
    _, lived = facts_of(parse_scenario(plain(*overrides), overrides=overrides), 20, **settings_)
    dials = of_kind(lived, facts.DIAL)
    keys = zip(dials["history"].tolist(), dials["lead"].tolist(), strict=True)
    return dict(zip(keys, zip(dials["day"].tolist(), dials["clock"].tolist(), strict=True), strict=True))


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_more_staff_never_delays_a_dial(size: int):
    # A theorem while work does not come back (one attempt) and nobody is called away: each start of the
    # recursion is not later with a member more. Not so with retries, which an earlier first dial may bring forward.
    few, many = starts(size), starts(size + 1)
    assert set(few) <= set(many)
    assert all(many[key] <= few[key] for key in few)
    assert any(many[key] < few[key] for key in few)


# ---------------------------------------------------------------- bills by hand

# Ten leads, each a talk of 70 minutes, one member, 09:00-17:00: 7 talks on Monday, the last one 16:00-17:10
# (10 minutes of overtime), 3 on Tuesday. All accept, come on Monday a week later, and 10 buy.
BY_HAND = """
start = 2026-01-05
horizon = "10 working days"
[segments.list]
leads = 10
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 1
minutes = { talk = 65, wrap_up = 5 }
[teams.callers]
[teams.hosts]
[demo]
team = "hosts"
attended = 1
room = 250.5
catering_per_head = 9.25
[closing]
sold_if_interested = 1
[money]
revenue_per_sale = 1000
unit_cost = 600
"""
WAGES = ("teams.callers.wage_per_hour=20", "teams.callers.overhead='50 %'", "teams.callers.hiring=400")


def bill(*overrides: str) -> dict[str, float]:
    columns, _ = both_engines(BY_HAND, *overrides, replications=1)
    return {name: float(values[0]) for name, values in columns.items()}


def test_days_and_hours_by_hand():
    found = bill()
    assert (found["teams.callers.days"], found["days_until_done"], found["dials"]) == (2, 2, 10)
    assert (found["teams.callers.busy_minutes"], found["teams.callers.overtime_minutes"]) == (700, 10)
    assert found["teams.callers.utilisation"] == 690 / 960
    assert (found["teams.hosts.days"], found["teams.hosts.busy_minutes"]) == (6, 60)


@pytest.mark.parametrize(
    ("paid", "minutes", "wages", "overhead"),
    [
        ("shift", 10 * 480 + 10, 1603.33, 801.67),  # ten shifts and the overtime: 80 1/6 h at 20
        ("until_done", 2 * 480 + 10, 323.33, 161.67),  # 16 1/6 h
        ("worked", 700, 233.33, 116.67),  # 11 2/3 h
    ],
)
def test_wages_by_hand(paid: str, minutes: int, wages: float, overhead: float):
    found = bill(*WAGES, f"teams.callers.paid='{paid}'")
    assert found["teams.callers.paid_hours"] == minutes / 60
    assert (found["costs.wages"], found["costs.overhead"], found["costs.hiring"]) == (wages, overhead, 400)
    # Goods 10 x 600, room 250.50 once, catering 10 x 9.25 = 92.50.
    assert (found["costs.goods"], found["costs.room"], found["costs.catering"]) == (6000, 250.5, 92.5)
    assert found["cost"] == pytest.approx(wages + overhead + 400 + 6343, abs=1e-9)
    assert found["profit"] == pytest.approx(10_000 - 6743 - wages - overhead, abs=1e-9)
    assert found["cost_per_sale"] == pytest.approx((wages + overhead + 6743) / 10, abs=1e-9)


def test_every_member_is_paid_and_hired():
    # Three members do the ten talks on Monday, two short of a full shift: 3 x 8 h, no overtime; hiring 3 x 400.
    found = bill(*WAGES, "teams.callers.paid='until_done'", "teams.callers.size=3")
    assert (found["teams.callers.paid_hours"], found["costs.wages"], found["costs.hiring"]) == (24, 480, 1200)


def test_the_pause_is_not_paid():
    # Pause 12:30-13:00: 9:00, 10:10, 11:20-12:30, then 13:00, 14:10, 15:20-16:30, 16:30-17:40; 40 min over.
    found = bill("teams.callers.paid='until_done'", "teams.callers.pause='12:30-13:00'")
    assert found["teams.callers.overtime_minutes"] == 40
    assert found["teams.callers.paid_hours"] == 2 * 7.5 + 40 / 60


def test_an_invoice_by_hand():
    # 500 + 11 2/3 h x 30 + 10 x (0.5 + 2 + 40 + 60 + 100)
    lines = (
        "{ set_up=500, per_hour=30, per_dial=0.5, per_connect=2, per_acceptance=40, per_attendance=60, per_sale=100 }"
    )
    found = bill(
        "teams.callers.kind='outsourced'", "teams.callers.paid='worked'", f"teams.callers.contract={lines}"
    )  # fmt: skip
    expected = {
        "set_up": 500, "per_hour": 350, "per_dial": 5, "per_connect": 20, "per_acceptance": 400, "per_attendance": 600,
        "per_sale": 1000,
    }  # fmt: skip
    assert {name: found[f"costs.contract_{name}"] for name in expected} == expected
    assert found["teams.callers.cost"] == 2875
    assert found["cost"] == 2875 + 6343


def test_each_line_of_an_invoice_counts_the_facts_of_its_own_team():
    prices = {
        "per_dial": 1, "per_connect": 2, "per_acceptance": 3, "per_attendance": 4, "per_sale": 5, "per_hour": 6,
        "set_up": 7,
    }  # fmt: skip
    contract = ", ".join(f"{line} = {price}" for line, price in prices.items())
    columns, lived = both_engines(PLAIN, *SECOND_TEAM, f"teams.centre.contract={{ {contract} }}", replications=6)
    for history in range(6):
        theirs = {
            kind: [fact for fact in one_by_one(lived, kind, history) if fact["team"] == 1]
            for kind in (facts.DIAL, facts.VISIT, facts.TALK)
        }
        dials = theirs[facts.DIAL]
        counts = {
            "per_dial": len(dials),
            "per_connect": sum(d["outcome"] != calling.NO_ANSWER for d in dials),
            "per_acceptance": sum(d["outcome"] == calling.ACCEPTED for d in dials),
            "per_attendance": sum(v["outcome"] != demo.DID_NOT_COME for v in theirs[facts.VISIT]),
            "per_sale": sum(t["outcome"] == demo.SOLD for t in theirs[facts.TALK]),
            "per_hour": sum(d["duration"] for d in dials) / HOUR,
            "set_up": 1,
        }
        assert len(set(counts.values())) == 7
        for line, count in counts.items():
            assert columns[f"costs.contract_{line}"][history] == round(count * prices[line], 2), line


def test_an_invoice_of_a_team_that_never_dials_is_empty():
    contract = "teams.centre.contract={ set_up = 500, per_hour = 30 }"
    found = bill("teams.centre={ kind = 'outsourced' }", "teams.centre.paid='worked'", contract)
    assert found["teams.centre.cost"] == 0


@pytest.mark.parametrize("seats", [1, 3, 10])
def test_bookings_fill_events_in_order(seats: int):
    # Monday's seven and Tuesday's three acceptances; demos every working day: from Tuesday and Wednesday on.
    columns, lived = both_engines(BY_HAND, f"demo.seats={seats}", "demo.every='1 working day'", replications=1)
    bookings = one_by_one(lived, facts.BOOKING, 0)
    days = Calendar.of(parse_scenario(BY_HAND)).days
    event, free, expected = 0, {}, []
    for booking in bookings:  # event number e is on day e + 1
        event = booking["day"]
        while free.get(event, seats) == 0:
            event += 1
        free[event] = free.get(event, seats) - 1
        expected.append(event)
    assert [b["occurrence"] for b in bookings] == [min(e, days - 1) for e in expected]
    # Events on nine days; with one seat each, the tenth lead waits for one beyond the horizon.
    assert columns["booked"][0] == sum(b["outcome"] == demo.BOOKED for b in bookings) == min(10, 9 * seats)
