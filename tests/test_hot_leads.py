"""Hot leads by hand: when they come is given to the minute, and who answers them when is worked out on paper.

Every talk lasts 10 minutes and every dial 7. Both engines must say the same as the paper.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from simfunnel import draws, facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.funnel import demo, inbound
from simfunnel.funnel.arrivals import Arrivals, Arrived
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import nature_of
from simfunnel.funnel.segments import ARRIVAL, arrival, arrived_on

MINUTE = 60_000
GONE = inbound.GAVE_UP

SHOP = """
start = 2026-01-08  # a Thursday
horizon = "3 working days"

[segments.list]
leads = 0

[segments.callers]
temperature = "hot"
arrivals = 1

[calling]
teams = ["crew"]
answered = 0
listened = 1
accepted = 1
minutes = { no_answer = 7, talk = 7 }

[inbound]
teams = ["crew"]
accepted = 0
minutes = { talk = 10 }
waiting = { source = "a guess", odds = { "5 min" = 0.5 } }

[teams.crew]
size = 2
shift = "09:00-17:00"

[demo]
every = "1 working day"
at = "15:00"
length = "60 min"
set_up = "30 min"
team = "crew"
attended = 1
"""

Come = list[tuple[int, str]]
Told = list[tuple[Any, ...]]


def ms(clock: str) -> int:
    hour, minute = clock.split(":")
    return (int(hour) * 60 + int(minute)) * MINUTE


def shown(clock: int) -> str:
    assert clock % MINUTE == 0
    return f"{clock // MINUTE // 60:02d}:{clock // MINUTE % 60:02d}"


@pytest.fixture(params=["simpy", "vector"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lived(engine: str, monkeypatch: pytest.MonkeyPatch, come: Come, *overrides: str) -> dict[str, np.ndarray]:
    """The facts of one history in which hot leads come on the days and at the clocks given, numbered in this order."""

    def of_day(_: Arrivals, day: int) -> Arrived | None:
        clock = np.array([ms(at) for when, at in come if when == day], dtype=np.int64)
        lead = arrival(1, day, np.array([n for n, (when, _) in enumerate(come) if when == day], dtype=np.int64))
        return Arrived.of(np.zeros_like(clock), clock, lead)

    monkeypatch.setattr("simfunnel.funnel.arrivals.Arrivals.of_day", of_day)
    return run(engine, *overrides)


def run(engine: str, *overrides: str) -> dict[str, np.ndarray]:
    """The facts of one history of the shop, one array for each fact column."""
    scenario, keeper = parse_scenario(SHOP, overrides=overrides), Keeper()
    calendar, world = Calendar.of(scenario), np.zeros(1, dtype=np.int64)
    inputs = Inputs(1, world, best_guess=False)
    nature = nature_of(scenario, calendar, inputs, draws.stream(1, draws.HISTORIES, world))
    importlib.import_module(f"simfunnel.engines.{engine}_engine").run(scenario, calendar, nature, [keeper])
    return dict(zip(("history", *COLUMNS), keeper.table().T, strict=True))


def talks(told: dict[str, np.ndarray]) -> Told:
    """Number, day, clock and seat of each talk, and minutes waited; or when the lead was found gone, and its patience.

    A lead found gone has no seat (-1); at night it is found at 28:00.
    """
    found = []
    for row in np.flatnonzero(told["kind"] == facts.INBOUND):
        fact = {name: int(values[row]) for name, values in told.items()}
        gone = fact["outcome"] == GONE
        assert fact["duration"] == (0 if gone else 10 * MINUTE)
        assert gone == (fact["seat"] == facts.NOBODY)
        assert fact["amount"] % MINUTE == 0
        number = arrived_on(fact["lead"])[1]
        found.append((number, fact["day"], shown(fact["clock"]), fact["seat"], fact["amount"] // MINUTE))
    return sorted(found)


def dials(told: dict[str, np.ndarray]) -> Told:
    """Lead, day, clock and seat of each dial."""
    mine = told["kind"] == facts.DIAL
    columns = (told[name][mine].tolist() for name in ("lead", "day", "clock", "seat"))
    return sorted((lead, day, shown(clock), seat) for lead, day, clock, seat in zip(*columns, strict=True))


CASES: dict[str, tuple[Come, Told]] = {
    "into an idle shop, to the lowest free seat and not to the longest idle": (
        [(0, "10:00"), (0, "10:05"), (0, "10:20"), (0, "10:25"), (0, "16:59")],
        [(0, 0, "10:00", 0, 0), (1, 0, "10:05", 1, 0), (2, 0, "10:20", 0, 0), (3, 0, "10:25", 1, 0),
         (4, 0, "16:59", 0, 0)],
    ),
    "at the opening": ([(0, "09:00")], [(0, 0, "09:00", 0, 0)]),
    "all busy: the first who comes is the first answered": (
        [(0, "10:00"), (0, "10:04"), (0, "10:07"), (0, "10:06")],
        [(0, 0, "10:00", 0, 0), (1, 0, "10:04", 1, 0), (2, 0, "10:14", 1, 7), (3, 0, "10:10", 0, 4)],
    ),
    "at the same clock by id": (
        [(0, "10:00"), (0, "10:00"), (0, "10:00"), (0, "10:00"), (0, "10:00")],
        [(0, 0, "10:00", 0, 0), (1, 0, "10:00", 1, 0), (2, 0, "10:10", 0, 10), (3, 0, "10:10", 1, 10),
         (4, 0, "10:20", 0, 20)],
    ),
    "when a member gets free: it comes before a longer idle one with a higher seat": (
        [(0, "10:00"), (0, "10:10")], [(0, 0, "10:00", 0, 0), (1, 0, "10:10", 0, 0)],
    ),
    "when both get free: both are, before either chooses": (
        [(0, "10:00"), (0, "10:00"), (0, "10:10"), (0, "10:10"), (0, "10:10")],
        [(0, 0, "10:00", 0, 0), (1, 0, "10:00", 1, 0), (2, 0, "10:10", 0, 0), (3, 0, "10:10", 1, 0),
         (4, 0, "10:20", 0, 10)],
    ),
    "when the higher seat gets free, the lower one idle takes it": (
        [(0, "10:00"), (0, "10:05"), (0, "10:15")],
        [(0, 0, "10:00", 0, 0), (1, 0, "10:05", 1, 0), (2, 0, "10:15", 0, 0)],
    ),
    "outside the shift: overnight ones first, and a weekend is waited through": (
        [(0, "17:00"), (1, "08:30"), (1, "03:00"), (1, "23:00"), (2, "00:00"), (2, "08:00")],
        [(0, 1, "09:00", 0, 16 * 60), (1, 1, "09:10", 0, 40), (2, 1, "09:00", 1, 6 * 60),
         (3, 2, "09:00", 0, 2 * 24 * 60 + 10 * 60), (4, 2, "09:00", 1, 9 * 60), (5, 2, "09:10", 0, 70)],
    ),
    "not begun by the end of the shift, begun first tomorrow; begun tasks are finished": (
        [(0, "16:55"), (0, "16:56"), (0, "16:57"), (1, "09:00")],
        [(0, 0, "16:55", 0, 0), (1, 0, "16:56", 1, 0), (2, 1, "09:00", 0, 16 * 60 + 3), (3, 1, "09:00", 1, 0)],
    ),
    "on the last evening: nobody answers": ([(2, "17:00")], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_answers_when(case: str, engine: str, monkeypatch: pytest.MonkeyPatch):
    come, expected = CASES[case]
    told = lived(engine, monkeypatch, come)
    assert talks(told) == expected
    arrivals = told["kind"] == facts.ARRIVAL
    assert sorted(zip(told["day"][arrivals], told["clock"][arrivals], strict=True)) == sorted(
        (day, ms(at)) for day, at in come
    )
    assert set(told["seat"][arrivals].tolist()) == {facts.NOBODY}
    assert (told["lead"][arrivals] >= ARRIVAL).all()


PAUSED = [
    ([(0, "12:29"), (0, "12:30"), (0, "12:40"), (0, "13:00")],
     [(0, 0, "12:29", 0, 0), (1, 0, "13:00", 0, 30), (2, 0, "13:00", 1, 20), (3, 0, "13:10", 0, 10)]),
    ([(0, "12:25"), (0, "12:26")], [(0, 0, "12:25", 0, 0), (1, 0, "12:26", 1, 0)]),
    ([(0, "12:25"), (0, "12:31")], [(0, 0, "12:25", 0, 0), (1, 0, "13:00", 0, 29)]),
    ([(0, "13:00")], [(0, 0, "13:00", 0, 0)]),
    ([(0, "12:31"), (0, "14:00")], [(0, 0, "13:00", 0, 29), (1, 0, "14:00", 0, 0)]),
]  # fmt: skip


@pytest.mark.parametrize(("come", "expected"), PAUSED)
def test_nobody_answers_in_the_pause(come: Come, expected: Told, engine: str, monkeypatch: pytest.MonkeyPatch):
    assert talks(lived(engine, monkeypatch, come, "teams.crew.pause=12:30-13:00")) == expected


def test_a_pause_may_end_with_the_shift(engine: str, monkeypatch: pytest.MonkeyPatch):
    told = lived(engine, monkeypatch, [(0, "16:40"), (0, "16:29")], "teams.crew.pause=16:30-17:00")
    assert talks(told) == [(0, 1, "09:00", 0, 16 * 60 + 20), (1, 0, "16:29", 0, 0)]


def test_hot_leads_come_before_the_list(engine: str, monkeypatch: pytest.MonkeyPatch):
    come = [(0, "09:03"), (0, "09:17"), (0, "09:40")]
    told = lived(engine, monkeypatch, come, "teams.crew.size=1", "segments.list.leads=3")
    assert talks(told) == [(0, 0, "09:07", 0, 4), (1, 0, "09:17", 0, 0), (2, 0, "09:41", 0, 1)]
    assert dials(told) == [(0, 0, "09:00", 0), (1, 0, "09:27", 0), (2, 0, "09:34", 0)]


def test_who_waits_overnight_comes_before_the_list(engine: str, monkeypatch: pytest.MonkeyPatch):
    told = lived(engine, monkeypatch, [(0, "18:00"), (1, "09:00")], "teams.crew.size=1", "segments.list.leads=70")
    assert talks(told) == [(0, 1, "09:00", 0, 15 * 60), (1, 1, "09:10", 0, 10)]
    assert dials(told)[-1] == (69, 1, "09:20", 0)  # 69 dials of 7 minutes begin in the 480 of the first day


IMPATIENT: dict[str, tuple[int, Come, Told]] = {
    "a lead waits as long as its patience, and not longer": (
        1, [(0, "10:00"), (0, "10:00"), (0, "10:04"), (0, "10:05")],
        [(0, 0, "10:00", 0, 0), (1, 0, "10:10", 0, 10), (2, 0, "10:20", -1, 15), (3, 0, "10:20", 0, 15)],
    ),
    "at night, strictly before midnight": (
        2, [(0, "17:00"), (0, "23:44"), (0, "23:45"), (0, "23:50"), (1, "08:45"), (1, "08:44")],
        [(0, 0, "28:00", -1, 15), (1, 0, "28:00", -1, 15), (2, 1, "09:00", -1, 15), (3, 1, "09:00", -1, 15),
         (4, 1, "09:00", 0, 15), (5, 1, "09:00", -1, 15)],
    ),
    "on the last night": (2, [(2, "17:00"), (2, "23:50")], [(0, 2, "28:00", -1, 15)]),
}  # fmt: skip


@pytest.mark.parametrize("case", IMPATIENT)
def test_patience_ends(case: str, engine: str, monkeypatch: pytest.MonkeyPatch):
    size, come, expected = IMPATIENT[case]
    told = lived(engine, monkeypatch, come, "inbound.patience=15 min", f"teams.crew.size={size}")
    assert talks(told) == expected


def test_who_finds_a_lead_gone_goes_on_at_once(engine: str, monkeypatch: pytest.MonkeyPatch):
    overrides = ("inbound.patience=5 min", "teams.crew.size=1", "segments.list.leads=2")
    told = lived(engine, monkeypatch, [(0, "09:01"), (0, "08:54"), (0, "08:55")], *overrides)
    assert talks(told) == [(0, 0, "09:10", -1, 5), (1, 0, "09:00", -1, 5), (2, 0, "09:00", 0, 5)]
    assert dials(told) == [(0, 0, "09:10", 0), (1, 0, "09:17", 0)]


# On the first day the shop dials one lead, who comes to the demo of the second day: 14:30 to 16:00 with set-up.
HOSTING = ("segments.list.leads=1", "calling.answered=1", "demo.hosts=1")
CALLED: list[tuple[int, Come, Told, str]] = [
    (1, [], [], "14:30"),
    (1, [(1, "14:00")], [(0, 1, "14:00", 0, 0)], "14:30"),
    (1, [(1, "14:29")], [(0, 1, "14:29", 0, 0)], "14:39"),  # on a talk, joins late
    (1, [(1, "14:30")], [(0, 2, "09:00", 0, 18 * 60 + 30 + 2 * 24 * 60)], "14:30"),  # idle, called as the lead comes
    (1, [(1, "14:20"), (1, "14:25"), (1, "16:30")],  # gets free and is called at once; who comes later waits too
     [(0, 1, "14:20", 0, 0), (1, 2, "09:00", 0, 18 * 60 + 35 + 2 * 24 * 60),
      (2, 2, "09:10", 0, 16 * 60 + 40 + 2 * 24 * 60)], "14:30"),
    (2, [(1, "14:30"), (1, "14:31")], [(0, 1, "14:30", 1, 0), (1, 1, "14:40", 1, 9)], "14:30"),
    (2, [(1, "14:29"), (1, "14:30")], [(0, 1, "14:29", 0, 0), (1, 1, "14:30", 1, 0)], "14:39"),
    (2, [(1, "14:28"), (1, "14:29"), (1, "14:33")],  # seat 0 is free first, but has left
     [(0, 1, "14:28", 0, 0), (1, 1, "14:29", 1, 0), (2, 1, "14:39", 1, 6)], "14:38"),
]  # fmt: skip


@pytest.mark.parametrize(("size", "come", "expected", "joined"), CALLED)
def test_the_called_leave_hot_leads_to_the_others(
    size: int, come: Come, expected: Told, joined: str, engine: str, monkeypatch: pytest.MonkeyPatch
):
    told = lived(engine, monkeypatch, come, *HOSTING, f"teams.crew.size={size}")
    assert talks(told) == expected
    host = told["kind"] == facts.HOST
    assert (told["day"][host].tolist(), told["seat"][host].tolist()) == ([1], [0])
    assert shown(told["clock"][host][0]) == joined
    assert shown(told["clock"][host][0] + told["duration"][host][0]) == "16:00"


def test_a_call_in_the_pause(engine: str, monkeypatch: pytest.MonkeyPatch):
    """A host that is idle when its pause begins does not start again if it is called by the end of the pause."""
    overrides = (*HOSTING, "teams.crew.size=1", "teams.crew.pause=14:10-14:30")
    told = lived(engine, monkeypatch, [(1, "14:15")], *overrides)
    assert talks(told) == [(0, 2, "09:00", 0, 18 * 60 + 45 + 2 * 24 * 60)]
    assert told["clock"][told["kind"] == facts.HOST].tolist() == [ms("14:30")]


def test_waiting_costs_acceptances_and_who_accepts_is_booked(engine: str, monkeypatch: pytest.MonkeyPatch):
    """With odds of nothing after 5 minutes only the first two accept; they are booked when their talks have ended."""
    come = [(0, "10:00"), (0, "10:01"), (0, "10:02")]
    told = lived(
        engine,
        monkeypatch,
        come,
        "inbound.accepted=0.999999999",
        'inbound.waiting.odds={ "5 min" = 1e-9, "8 min" = 1e-15 }',
    )
    assert told["outcome"][told["kind"] == facts.INBOUND].tolist() == [inbound.ACCEPTED] * 2 + [inbound.REFUSED]
    booked = told["kind"] == facts.BOOKING
    assert told["clock"][booked].tolist() == [ms("10:10"), ms("10:11")]
    assert told["outcome"][booked].tolist() == [demo.BOOKED] * 2


def test_hot_leads_on_a_list_wait_from_the_first_opening_on(engine: str):
    told = run(engine, "segments.callers.leads=3", "segments.callers.arrivals=0")
    assert talks(told) == [(0, 0, "09:00", 0, 0), (1, 0, "09:00", 1, 0), (2, 0, "09:10", 0, 10)]
    assert told["clock"][told["kind"] == facts.ARRIVAL].tolist() == [ms("09:00")] * 3


def test_who_arrives_is_told_in_order_whatever_list_or_segment_it_is_from(monkeypatch: pytest.MonkeyPatch):
    """On a grid of minutes many arrive at once: by clock, then by id; listed leads have the lowest ids."""
    monkeypatch.setattr("simfunnel.funnel.arrivals.GRAIN", MINUTE)
    more = ("segments.callers.leads=50", "segments.callers.arrivals=200", "segments.callers.arrival_hours=08:30-09:30")
    other = 'segments.web={ temperature = "hot", arrivals = 200, arrival_hours = "08:30-09:30" }'
    scenario, worlds = parse_scenario(SHOP, overrides=(*more, other)), np.arange(3)
    inputs, streams = Inputs(1, worlds, best_guess=False), draws.stream(1, draws.HISTORIES, worlds)
    arrivals = nature_of(scenario, Calendar.of(scenario), inputs, streams).arrivals
    for day in (0, 1):
        arrived = arrivals.of_day(day)
        assert arrived is not None
        order = np.lexsort((arrived.lead, arrived.clock, arrived.column))
        assert order.tolist() == list(range(arrived.lead.size))
        assert (np.diff(arrived.clock) == 0).any()
