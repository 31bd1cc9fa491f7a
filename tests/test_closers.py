"""Closers by hand: who waits for whom after the demo is worked out on paper, and both engines must say the same.

The demo is over at 16:00. A talk takes 10 minutes, one with a freeloader 5, and who is interested buys for 100.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import pytest
from lived import Facts, both_engines, of_kind

from simfunnel import draws, facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.facts import NOBODY
from simfunnel.funnel import demo
from simfunnel.funnel.closing import CONCEDED, LEFT, NOT_CONVINCED, SOLD, UNDECIDED, WON
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import nature_of
from simfunnel.metrics import Columns

MINUTE, HOUR = 60_000, 3_600_000

# All are called on the first day, come to the demo of the second, and are talked to in order of lead.
SHOP = """
start = 2026-01-05
horizon = "2 working days"
[segments.first]
leads = 0
interested = 0
[segments.keen]
leads = 3
[segments.last]
leads = 0
interested = 0
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 1
minutes = { talk = 1 }
[teams.callers]
[teams.crew]
[demo]
every = "1 working day"
at = "15:00"
length = "60 min"
team = "crew"
attended = 1
[closing]
closers = 1
sold_if_interested = 1
minutes = { peak = 10, answer = 0, freeloader = 5 }
[money]
revenue_per_sale = 100
"""
CALLERS, CREW = 0, 1

Told = list[tuple[Any, ...]]


def shown(clock: int) -> str:
    assert clock % MINUTE == 0
    return f"{clock // MINUTE // 60:02d}:{clock // MINUTE % 60:02d}"


def closings(lived: Facts) -> Told:
    """Lead, begin, minutes and seat of each talk, and minutes waited for it."""
    some = of_kind(lived, facts.CLOSING)
    assert set(some["day"].tolist()) <= {1}
    assert set(some["team"].tolist()) <= {CREW}
    rows = zip(*(some[name].tolist() for name in ("lead", "clock", "duration", "seat", "amount")), strict=True)
    return [(lead, shown(clock), ms / MINUTE, seat, waited / MINUTE) for lead, clock, ms, seat, waited in rows]


def ends(lived: Facts) -> Told:
    """Lead, when and how it decided."""
    some = of_kind(lived, facts.TALK)
    assert set(some["day"].tolist()) <= {1}
    assert set(some["seat"].tolist()) <= {NOBODY}
    assert set(some["team"].tolist()) <= {CALLERS}  # who invited
    assert set(some["occurrence"].tolist()) <= {CREW}  # who closed
    assert some["amount"].tolist() == np.where(np.isin(some["outcome"], WON), 100_00, 0).tolist()
    rows = zip(*(some[name].tolist() for name in ("lead", "clock", "outcome")), strict=True)
    return [(lead, shown(clock), outcome) for lead, clock, outcome in rows]


def hosts(lived: Facts) -> Told:
    """Seat, begin and minutes of each member's time at the demo."""
    some = of_kind(lived, facts.HOST)
    rows = zip(*(some[name].tolist() for name in ("seat", "clock", "duration")), strict=True)
    return sorted((seat, shown(clock), ms / MINUTE) for seat, clock, ms in rows)


def run(*overrides: str, **settings: Any) -> tuple[Columns, Facts]:
    return both_engines(SHOP, *overrides, **{"replications": 1, **settings})


ONE = [(0, "16:00", 10, 0, 0), (1, "16:10", 10, 0, 10), (2, "16:20", 10, 0, 20)]
CASES: dict[str, tuple[tuple[str, ...], Told, Told]] = {
    "three comers and one closer, one after the other": (
        (), ONE, [(0, "16:10", SOLD), (1, "16:20", SOLD), (2, "16:30", SOLD)],
    ),
    "who has waited as long as it has patience stays, and leaves when that ends": (
        # Lead 1 waits 10 of 10 minutes, lead 2 would wait 20: it leaves at 16:10.
        ("closing.patience=10",), ONE[:2], [(0, "16:10", SOLD), (1, "16:20", SOLD), (2, "16:10", LEFT)],
    ),
    "a minute less, and two have left when the closer looks up": (
        ("closing.patience=9",), ONE[:1], [(0, "16:10", SOLD), (1, "16:09", LEFT), (2, "16:09", LEFT)],
    ),
    "no patience at all: as many as there are closers": (
        ("closing.patience=0", "teams.crew.size=2", "closing.closers=2"),
        [(0, "16:00", 10, 0, 0), (1, "16:00", 10, 1, 0)],
        [(0, "16:10", SOLD), (1, "16:10", SOLD), (2, "16:00", LEFT)],
    ),
    "two closers: of those who get free at once the lowest seat takes the next": (
        ("teams.crew.size=2", "closing.closers=2", "segments.keen.leads=5"),
        [(0, "16:00", 10, 0, 0), (1, "16:00", 10, 1, 0), (2, "16:10", 10, 0, 10), (3, "16:10", 10, 1, 10),
         (4, "16:20", 10, 0, 20)],
        [(0, "16:10", SOLD), (1, "16:10", SOLD), (2, "16:20", SOLD), (3, "16:20", SOLD), (4, "16:30", SOLD)],
    ),
    "more closers than comers": (
        ("teams.crew.size=5", "closing.closers=5"),
        [(0, "16:00", 10, 0, 0), (1, "16:00", 10, 1, 0), (2, "16:00", 10, 2, 0)],
        [(0, "16:10", SOLD), (1, "16:10", SOLD), (2, "16:10", SOLD)],
    ),
    "freeloaders take the closers' time, and end in no decision": (
        # Leads 0 and 1 are freeloaders.
        ("segments.first.leads=2", "segments.keen.leads=1"),
        [(0, "16:00", 5, 0, 0), (1, "16:05", 5, 0, 5), (2, "16:10", 10, 0, 10)], [(2, "16:20", SOLD)],
    ),
    "freeloaders drive the interested away": (
        ("segments.first.leads=2", "segments.keen.leads=1", "closing.patience=8"),
        [(0, "16:00", 5, 0, 0), (1, "16:05", 5, 0, 5)], [(2, "16:08", LEFT)],
    ),
    "freeloaders have no more patience than others, and nobody misses them": (
        ("segments.keen.leads=1", "segments.last.leads=2", "closing.patience=12"),
        [(0, "16:00", 10, 0, 0), (1, "16:10", 5, 0, 10)], [(0, "16:10", SOLD)],
    ),
    "a freeloader between two closers": (
        # Lead 0 is a freeloader: seat 0 is free at 16:05 and takes lead 2, seat 1 takes lead 3 at 16:10.
        ("segments.first.leads=1", "teams.crew.size=2", "closing.closers=2"),
        [(0, "16:00", 5, 0, 0), (1, "16:00", 10, 1, 0), (2, "16:05", 10, 0, 5), (3, "16:10", 10, 1, 10)],
        [(1, "16:10", SOLD), (2, "16:15", SOLD), (3, "16:20", SOLD)],
    ),
    "waiting costs odds": (
        # Odds of 1e9 for who is first, times 1e-30 for ten minutes, less for twenty.
        ("closing.sold_if_interested=0.999999999", "closing.odds_per_minute_waited=1e-3"),
        ONE, [(0, "16:10", SOLD), (1, "16:20", NOT_CONVINCED), (2, "16:30", NOT_CONVINCED)],
    ),
    "nobody buys": (
        ("closing.sold_if_interested=0",), ONE,
        [(0, "16:10", NOT_CONVINCED), (1, "16:20", NOT_CONVINCED), (2, "16:30", NOT_CONVINCED)],
    ),
    "the undecided have talked; who left has not": (
        ("closing.sold_if_interested=0", "closing.undecided=1", "closing.patience=15"),
        ONE[:2], [(0, "16:10", UNDECIDED), (1, "16:20", UNDECIDED), (2, "16:15", LEFT)],
    ),
    "who buys fills in a form, and the others wait": (
        ("closing.paper.minutes=7",),
        [(0, "16:00", 17, 0, 0), (1, "16:17", 17, 0, 17), (2, "16:34", 17, 0, 34)],
        [(0, "16:17", SOLD), (1, "16:34", SOLD), (2, "16:51", SOLD)],
    ),
    "who does not buy fills in none": (
        ("closing.paper.minutes=7", "closing.sold_if_interested=0"), ONE,
        [(0, "16:10", NOT_CONVINCED), (1, "16:20", NOT_CONVINCED), (2, "16:30", NOT_CONVINCED)],
    ),
    "haste serves more of those who wait": (
        # Asked 4 minutes before the peak: talks of 6, so waits of 6 and 12.
        ("closing.haste=4", "closing.patience=12"),
        [(0, "16:00", 6, 0, 0), (1, "16:06", 6, 0, 6), (2, "16:12", 6, 0, 12)],
        [(0, "16:06", SOLD), (1, "16:12", SOLD), (2, "16:18", SOLD)],
    ),
    "haste that costs the sale": (
        ("closing.haste=4", "closing.sold_if_interested=0.999999999", "closing.odds_per_minute_early=1e-6"),
        [(0, "16:00", 6, 0, 0), (1, "16:06", 6, 0, 6), (2, "16:12", 6, 0, 12)],
        [(0, "16:06", NOT_CONVINCED), (1, "16:12", NOT_CONVINCED), (2, "16:18", NOT_CONVINCED)],
    ),
    "a slow closer": (
        # Seat 0 takes twice as long: seat 1 gets free at 16:10 and takes lead 2.
        ("teams.crew.size=2", "closing.closers=2", "teams.crew.pace=[2, 1]"),
        [(0, "16:00", 20, 0, 0), (1, "16:00", 10, 1, 0), (2, "16:10", 10, 1, 10)],
        [(0, "16:20", SOLD), (1, "16:10", SOLD), (2, "16:20", SOLD)],
    ),
    "a skilled closer, and one who is not": (
        # Odds of 1, times 1e6 for seat 0 and times 1e-6 for seat 1.
        ("teams.crew.size=2", "closing.closers=2", "teams.crew.skill=[1e6, 1e-6]", "closing.sold_if_interested=0.5"),
        [(0, "16:00", 10, 0, 0), (1, "16:00", 10, 1, 0), (2, "16:10", 10, 0, 10)],
        [(0, "16:10", SOLD), (1, "16:10", NOT_CONVINCED), (2, "16:20", SOLD)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_is_talked_to_when(case: str):
    overrides, talked, decided = CASES[case]
    columns, lived = run(*overrides)
    assert closings(lived) == talked
    assert ends(lived) == decided
    outcomes = [outcome for _, _, outcome in decided]
    won = sum(outcome in WON for outcome in outcomes)
    assert columns["sold"].tolist() == [won]
    assert columns["revenue"].tolist() == [100 * won]
    busy = sum(minutes for _, _, minutes, _, _ in talked)
    members = len({seat for seat, _, _ in hosts(lived)})
    assert columns["teams.crew.busy_minutes"].tolist() == [60 * members + busy]


def test_a_sale_that_only_pressure_wins_is_conceded_and_is_revenue():
    # Odds of 1, times 1e-3 for paper: 1e-3 gently and 1e3 pressed. Of 400 some .4 are sold and some .4 lost, the rest
    # concedes; more than 10 of the other two have a chance of 1e-9.
    columns, lived = run(
        "segments.keen.leads=400", "closing.sold_if_interested=0.5", "closing.paper.odds=1e-3", "closing.pressure=1e6",
        "teams.crew.size=400", "closing.closers=400",
    )  # fmt: skip
    outcome = of_kind(lived, facts.TALK)["outcome"]
    assert np.isin(outcome, [SOLD, CONCEDED, NOT_CONVINCED]).all()
    assert (outcome == CONCEDED).sum() >= 390
    assert columns["revenue"].tolist() == [100 * np.isin(outcome, WON).sum()]


# ---------------------------------------------------------------- who is called


@pytest.mark.parametrize(
    ("hosting", "closers", "called", "talking"),
    [(1, 3, [0, 1, 2], [0, 1, 2]), (3, 1, [0, 1, 2], [0, 0, 0]), (0, 2, [0, 1], [0, 1, 0]), (1, 1, [0], [0, 0, 0])],
)
def test_hosts_and_closers_are_the_lowest_seats_and_all_are_at_the_demo(
    hosting: int, closers: int, called: list[int], talking: list[int]
):
    _, lived = run("teams.crew.size=4", f"demo.hosts={hosting}", f"closing.closers={closers}", "demo.set_up='30 min'")
    assert hosts(lived) == [(seat, "14:30", 90) for seat in called]
    assert [seat for _, _, _, seat, _ in closings(lived)] == talking


def test_a_closer_who_is_on_a_task_at_the_end_of_the_demo_joins_late():
    # The crew of two dials, and seat 1 needs half of the time: dials of 4 and 2 hours. On the first day seat 0 calls
    # leads 0 and 3, seat 1 calls 1, 2, 4 and 5. On the second seat 0 is on the phone 09:00-13:00-17:00, seat 1 until
    # 15:00. Talks of 40 and 20 minutes: seat 1 takes leads 0, 1, 2 from 16:00 on; at 17:00 both are free, and the
    # lowest seat chooses first.
    columns, lived = run(
        "calling.teams=['crew']", "calling.minutes.talk=240", "teams.crew.size=2", "teams.crew.pace=[1, 0.5]",
        "segments.keen.leads=30", "closing.minutes.peak=40", "closing.closers=2",
    )  # fmt: skip
    assert closings(lived) == [
        (0, "16:00", 20, 1, 0), (1, "16:20", 20, 1, 20), (2, "16:40", 20, 1, 40), (3, "17:00", 40, 0, 60),
        (4, "17:00", 20, 1, 60), (5, "17:20", 20, 1, 80),
    ]  # fmt: skip
    assert hosts(lived) == [(1, "15:00", 60)]  # seat 0 came when it was over
    assert columns["teams.crew.overtime_minutes"].tolist() == [80]
    talks = of_kind(lived, facts.TALK)
    assert set(talks["team"].tolist()) == set(talks["occurrence"].tolist()) == {CREW}


def test_who_is_late_for_the_demo_may_be_in_time_to_close():
    # Dials of 4 hours from 11:45 on: seat 0 is free at 15:45, is at the demo for its last quarter, and closes.
    _, lived = run(
        "calling.teams=['crew']", "calling.minutes.talk=240", "teams.crew.shift='11:45-19:00'", "segments.keen.leads=6"
    )
    assert hosts(lived) == [(0, "15:45", 15)]
    assert closings(lived) == [(0, "16:00", 10, 0, 0), (1, "16:10", 10, 0, 10)]


def test_closers_work_past_the_end_of_the_shift_as_overtime():
    # The shift ends at 16:15: talks 16:00-16:30, the last begun after the end. 15 minutes are overtime.
    columns, lived = run(
        "teams.crew.shift='09:00-16:15'", "teams.crew.wage_per_hour=60", "teams.crew.overtime_premium=0.5"
    )
    assert closings(lived) == ONE
    assert columns["teams.crew.overtime_minutes"].tolist() == [15]
    assert columns["teams.crew.busy_minutes"].tolist() == [90]
    # Two shifts of 7 h 15 min and 15 minutes at 60, half of that on top for the 15.
    assert columns["costs.wages"].tolist() == [2 * 7.25 * 60 + 15]
    assert columns["costs.overtime_premium"].tolist() == [7.5]


def test_a_pause_keeps_no_closer_from_its_talks():
    columns, lived = run("teams.crew.pause='16:05-16:25'")
    assert closings(lived) == ONE
    assert columns["teams.crew.overtime_minutes"].tolist() == [20]


def test_talks_may_run_past_midnight():
    # 60 talks of 10 minutes: the last begins at 25:50; tomorrow is another day, with its own demo.
    _, lived = run("segments.keen.leads=60", "horizon='3 working days'")
    assert closings(lived)[-1] == (59, "25:50", 10, 0, 590)
    assert closings(lived) == [(n, shown((960 + 10 * n) * MINUTE), 10, 0, 10 * n) for n in range(60)]


def test_a_talk_lasts_a_millisecond_at_least():
    _, lived = run("closing.minutes.peak=0")
    some = of_kind(lived, facts.CLOSING)
    assert some["clock"].tolist() == [16 * HOUR, 16 * HOUR + 1, 16 * HOUR + 2]
    assert some["duration"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("nobody", [("demo.attended=0",), ("demo.minimum=4",)])
def test_without_comers_nobody_is_talked_to(nobody: tuple[str, ...]):
    _, lived = run(*nobody)
    assert closings(lived) == ends(lived) == []
    assert hosts(lived) == ([(0, "15:00", 60)] if "attended" in nobody[0] else [])


def test_who_was_turned_away_waits_for_no_closer():
    _, lived = run("demo.seats=2", "demo.overbooking=0.5")
    assert of_kind(lived, facts.VISIT)["outcome"].tolist() == [demo.INTERESTED] * 2 + [demo.TURNED_AWAY]
    assert closings(lived) == ONE[:2]


def test_without_closers_each_has_one_at_once_and_nobodys_time_is_counted():
    columns, lived = run("closing.closers=0", "segments.first.leads=1", "closing.paper.minutes=7")
    assert closings(lived) == []
    assert ends(lived) == [(lead, "16:17", SOLD) for lead in (1, 2, 3)]
    assert columns["teams.crew.busy_minutes"].tolist() == [60]


def test_commission_of_who_called_and_of_who_closed():
    # Three sales of 100: 5 % to the callers, 10 % to the crew, which closed for them; 7 for each of 3 handed on.
    share = ("teams.callers.commission=0.05", "teams.crew.commission=0.1")
    columns, _ = run(*share, "teams.callers.hand_off_fee=7")
    assert columns["costs.commission"].tolist() == [45]
    assert columns["teams.callers.cost"].tolist() == [15 + 21]
    assert columns["teams.crew.cost"].tolist() == [30]
    # Who does both is paid once, and hands on to nobody.
    columns, _ = run(*share, "teams.crew.hand_off_fee=7", "calling.teams=['crew']", "segments.keen.team='crew'")
    assert columns["costs.commission"].tolist() == [30]
    assert columns["costs.hand_off_fee"].tolist() == [0]


# ---------------------------------------------------------------- the queue, added up by the plainest of programs


QUEUE = (
    "segments.keen.leads=40", "segments.keen.interested=0.6", "teams.crew.size=3", "closing.closers=3",
    "closing.minutes.peak={ lognormal = { mean = 12, sd = 8 } }",
    "closing.minutes.answer={ exponential = { mean = 3 } }",
    "closing.minutes.freeloader={ exponential = { mean = 6 } }", "closing.patience={ exponential = { mean = 40 } }",
    "closing.misread=5", "closing.paper.minutes=4", "closing.sold_if_interested=0.5", "closing.undecided=0.3",
    "closing.odds_per_minute_waited=0.98", "closing.odds_per_minute_late=0.8", "closing.pressure=2",
    "demo.attended=0.9", "teams.crew.skill=[0.5, 1, 3]", "teams.crew.pace=[0.7, 1, 1.4]",
)  # fmt: skip


def test_many_comers_queue_as_the_plainest_of_programs_says():
    scenario = parse_scenario(SHOP, overrides=QUEUE)
    histories = np.arange(6)
    inputs, streams = Inputs(1, histories, best_guess=False), draws.stream(1, draws.HISTORIES, histories)
    nature = nature_of(scenario, Calendar.of(scenario), inputs, streams)
    _, lived = run(*QUEUE, replications=6)
    seen = set()
    for history in range(6):
        mine = {name: values[lived["history"] == history] for name, values in lived.items()}
        visit = of_kind(mine, facts.VISIT)
        came = np.isin(visit["outcome"], [demo.INTERESTED, demo.FREELOADER])
        lead, keen = visit["lead"][came], visit["outcome"][came] == demo.INTERESTED
        column = np.full(lead.size, history)
        talks = nature.closing.talks(column, lead, keen)
        free = [(16 * HOUR, seat) for seat in range(3)]
        talked, decided = [], []
        for place in range(lead.size):
            start, seat = free[0]
            if start - 16 * HOUR > talks.patience[place]:
                end, clock = LEFT, 16 * HOUR + int(talks.patience[place])
            else:
                waited = np.array([start - 16 * HOUR])
                [end], [length] = nature.closing.decide(talks.those(np.array([place])), waited, CREW, np.array([seat]))
                ms = max(1, round(length * (0.7, 1, 1.4)[seat]))
                heapq.heapreplace(free, (start + ms, seat))
                clock = start + ms
                talked.append((int(lead[place]), start, ms, seat, start - 16 * HOUR))
            if keen[place]:
                decided.append((int(lead[place]), clock, int(end)))
            seen.add(int(end))
        for kind, names, known in (
            (facts.CLOSING, ("lead", "clock", "duration", "seat", "amount"), talked),
            (facts.TALK, ("lead", "clock", "outcome"), decided),
        ):
            some = of_kind(mine, kind)
            assert list(zip(*(some[name].tolist() for name in names), strict=True)) == known
    assert seen == {LEFT, SOLD, CONCEDED, NOT_CONVINCED, UNDECIDED}
