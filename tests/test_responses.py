"""Response times by hand: by the clock and in working time, over nights, pauses, weekends and holidays."""

from __future__ import annotations

import numpy as np
import pytest
from made_facts import Fact, counted, fact

from simfunnel import facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import inbound
from simfunnel.funnel.segments import arrival
from simfunnel.simulation import LEADS_IN_BLOCK, Settings, arrivals_per_history, blocks

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

# From Thursday 8 January on; Monday the 12th is a holiday. Working days: 0 Thu 8, 1 Fri 9, 2 Tue 13, 3 Wed 14.
WEB = """
start = 2026-01-08
horizon = "4 working days"
holidays = [2026-01-12]
[segments.web]
temperature = "hot"
arrivals = 10
[inbound]
teams = ["desk"]
offer = "sale"
accepted = 0.5
waiting = { source = "none", odds = { "5 min" = 1 } }
[teams.desk]
shift = "09:00-17:00"
pause = "12:00-13:00"
[teams.late]
shift = "12:00-20:00"
"""
SCENARIO = parse_scenario(WEB)


def answered(day: int, clock: float, waited: float, *, team: int = 0, history: int = 0, outcome: int = 1) -> Fact:
    """A lead answered on `day` at `clock` after `waited` (hours)."""
    ms = {"clock": round(clock * HOUR), "amount": round(waited * HOUR)}
    more = {"duration": MINUTE, "team": team, "seat": 0, "history": history, "outcome": outcome}
    return fact(facts.INBOUND, arrival(0, 0, 0), day, **ms, **more)


@pytest.mark.parametrize(
    ("day", "clock", "waited", "working", "team"),
    [
        (0, 10, 0, 0, 0),
        (0, 10, 0.5, 0.5, 0),
        (0, 9, 9, 0, 0),  # came at midnight, answered at the opening
        (0, 9.25, 1.25, 0.25, 0),  # came at 8:00
        (0, 13, 0.5, 0, 0),  # came in the pause
        (0, 13.5, 2, 1, 0),  # 11:30 to 13:30, an hour of it pause
        (0, 14, 6, 4, 0),  # 8:00 to 14:00
        (1, 9, 13, 0, 0),  # from 20:00 the day before
        (1, 9.5, 17, 1, 0),  # from 16:30
        (1, 13.5, 24, 7, 0),  # from one day to the next: a shift
        (2, 9, 4 * 24 - 4, 4, 0),  # from Friday 13:00 over the weekend and the holiday to Tuesday 9:00
        (3, 9, 6 * 24, 3 * 7, 0),  # from Thursday's opening to Wednesday's: three shifts
        (0, 13, 4, 1, 1),  # the other team's shift: 12:00 to 13:00
        (1, 12, 24, 8, 1),
    ],
)
def test_a_wait_by_the_clock_and_in_working_time(day: int, clock: float, waited: float, working: float, team: int):
    found = counted(SCENARIO, [answered(day, clock, waited, team=team)])
    for suffix in ("", "_p50", "_p90", "_p95"):
        assert found[f"response.clock_minutes{suffix}"] == waited * 60
        assert found[f"response.working_minutes{suffix}"] == working * 60


def test_means_and_percentiles_of_each_history():
    """In history 0 waits of 1 to 20 minutes, in 1 one of 3, in 2 nobody; the k-th smallest, k = ceil(q n)."""
    told = [answered(0, 14, minutes / 60) for minutes in range(20, 0, -1)] + [answered(0, 14, 0.05, history=1)]
    found = counted(SCENARIO, told, 3)
    for what in ("clock", "working"):
        np.testing.assert_array_equal(found[f"response.{what}_minutes"], [10.5, 3, np.nan])
        for percentile, value in ((50, 10), (90, 18), (95, 19)):
            np.testing.assert_array_equal(found[f"response.{what}_minutes_p{percentile}"], [value, 3, np.nan])


def test_who_gave_up_is_not_among_the_answered():
    gone = fact(facts.INBOUND, arrival(0, 0, 1), 0, 15 * HOUR, team=-1, outcome=inbound.GAVE_UP, amount=7 * HOUR)
    found = counted(SCENARIO, [gone, answered(0, 14, 1)])
    assert found["response.clock_minutes"] == 60
    found = counted(SCENARIO, [gone])
    assert np.isnan(found["response.clock_minutes_p95"]).all()
    assert found["losses.gave_up_waiting"] == 1
    assert found["teams.desk.busy_minutes"] == 0


def test_a_random_crowd_against_numpy():
    """Against itself: numpy's inverted-CDF quantile, history by history."""
    generator = np.random.default_rng(4)
    waits = [generator.integers(0, 5000, size) / 600 for size in (1, 2, 19, 100, 333)]
    told = [answered(1, 16, w, history=history) for history, each in enumerate(waits) for w in each]
    order = generator.permutation(len(told))
    found = counted(SCENARIO, [told[i] for i in order], len(waits))
    for history, each in enumerate(waits):
        exact = np.rint(each * HOUR) / MINUTE
        assert found["response.clock_minutes"][history] == pytest.approx(exact.mean())
        for percentile in (50, 90, 95):
            expected = np.quantile(exact, percentile / 100, method="inverted_cdf")
            assert found[f"response.clock_minutes_p{percentile}"][history] == expected


def test_arrivals_make_smaller_blocks():
    by_weekday = "segments.fairs={ arrivals_by_weekday = { friday = 100000, sunday = 5 } }"
    calling = "calling={ teams = ['desk'], answered = 1, listened = 1, accepted = 1 }"
    scenario = parse_scenario(WEB, overrides=[by_weekday, calling])
    assert arrivals_per_history(scenario, Calendar.of(scenario)) == 4 * 10 + 100_000
    sizes = {size for _, size in blocks(scenario, Settings(replications=10_000))}
    assert max(sizes) == LEADS_IN_BLOCK // 100_040
    short = parse_scenario(WEB, overrides=[by_weekday, calling, "intake='1 working day'"])
    assert arrivals_per_history(short, Calendar.of(short)) == 10
