"""The benchmark's peers keep the law of the call list: worked out on paper, and each against the other."""

import importlib.util
import sys
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest


def _load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


peers = _load("peers")
NO_ANSWER, HANG_UP, DECLINED, AGREED = peers.NO_ANSWER, peers.HANG_UP, peers.DECLINED, peers.AGREED
both = pytest.mark.parametrize("run", [peers.run_simpy, peers.run_heapq])


def row(columns):
    return {name: column.tolist()[0] for name, column in columns.items()}


@both
def test_three_leads_on_paper(run):
    """Day 0: lead 0 silent, 1 agrees, 2 hangs up; day 2: lead 0 silent; day 4: declines; event on day 5."""
    dials = [(NO_ANSWER, 0.5), (AGREED, 10.0), (HANG_UP, 1.0), (NO_ANSWER, 0.5), (DECLINED, 3.0)]
    assert row(run(1, 3, 2, 0, (dials, [peers.BOUGHT]))) == {
        "dials": 5, "answered": 3, "listened": 2, "accepted": 1, "attended": 1, "sold": 1, "busy_minutes": 15, "days": 5
    }  # fmt: skip


@both
def test_a_begun_dial_is_finished_and_the_rest_waits(run):
    """One member, dials of 300 minutes: two a day (the second ends after hours), so five leads take three days."""
    found = row(run(1, 5, 1, 0, (repeat((HANG_UP, 300.0)), [])))
    assert (found["dials"], found["days"], found["busy_minutes"]) == (5, 3, 1500)


@both
def test_a_dial_does_not_begin_at_the_end_of_the_day(run):
    found = row(run(1, 4, 2, 0, (repeat((HANG_UP, 480.0)), [])))
    assert (found["dials"], found["days"]) == (4, 2)


@both
@pytest.mark.parametrize(("leads", "days"), [(9, 1), (10, 2)])
def test_who_is_free_first_takes_the_next_lead(run, leads, days):
    """Two members, a day of 10 units: free at 4 3, 4 6, 6 6, 7 6, 7 8, 12 8, 12 9, 12 10: the tenth lead waits."""
    dials = [(HANG_UP, 48.0 * service) for service in (4, 3, 3, 2, 1, 2, 5, 1, 1, 1)]
    assert row(run(1, leads, 2, 0, (dials, [])))["days"] == days


@both
def test_retries_come_before_fresh_leads(run):
    """One dial a day: 0 silent (day 0), 1 (day 1), then 0 again on day 2, before lead 2 (day 3)."""
    dials = [(NO_ANSWER, 480.0), (HANG_UP, 480.0), (AGREED, 480.0), (AGREED, 480.0)]
    found = row(run(1, 3, 1, 0, (dials, [peers.CAME, peers.STAYED_AWAY])))
    assert (found["dials"], found["accepted"], found["attended"], found["sold"], found["days"]) == (4, 2, 1, 0, 4)


@both
def test_a_lead_is_dialled_four_times_at_most(run):
    found = row(run(1, 7, 3, 0, (repeat((NO_ANSWER, 0.5)), [])))
    assert (found["dials"], found["answered"], found["days"], found["busy_minutes"]) == (28, 0, 7, 14)


@both
def test_nothing_happens_after_the_horizon(run):
    """One dial a day: 60 dials; who agrees on days 55 to 59 is booked on the event of day 60, never held."""
    found = row(run(1, 100, 1, 0, (repeat((AGREED, 480.0)), repeat(peers.BOUGHT))))
    assert (found["dials"], found["accepted"], found["attended"], found["sold"], found["days"]) == (60, 60, 55, 55, 60)


@both
def test_no_leads(run):
    assert set(row(run(1, 0, 3, 0)).values()) == {0}


@both
def test_counts_never_grow_along_the_funnel(run):
    found = run(30, 400, 2, 11)
    for more, fewer in zip(peers.COLUMNS[:6], peers.COLUMNS[1:6], strict=False):
        assert np.all(found[more] >= found[fewer]), (more, fewer)
    assert np.all(found["dials"] <= 4 * 400)
    assert np.all(found["answered"] <= 400)


@pytest.mark.parametrize(("leads", "members"), [(1500, 3), (900, 1), (2500, 10)])
def test_equal_draws_give_equal_numbers(leads, members):
    """Both take the same draws in the same order; minutes differ by rounding of sums only."""
    one, other = peers.run_simpy(8, leads, members, 5), peers.run_heapq(8, leads, members, 5)
    for name in peers.COLUMNS:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-9 if name == "busy_minutes" else 0, err_msg=name)


def test_means_meet_theory():
    """Within 4.5 standard errors (false alarm 1e-4 for the file); 160 histories notice 0.5 % of the dials."""
    leads, a = 1500, peers.ANSWERED
    silent = 1 - a
    dials = leads * (1 - silent**4) / a
    answered = leads * (1 - silent**4)
    talk = peers.LISTENED * peers.TALK_MINUTES + (1 - peers.LISTENED) * peers.HANG_UP_MINUTES
    expected = {
        "dials": dials,
        "answered": answered,
        "listened": answered * peers.LISTENED,
        "accepted": answered * peers.LISTENED * peers.ACCEPTED,
        "attended": answered * peers.LISTENED * peers.ACCEPTED * peers.ATTENDED,
        "sold": answered * peers.LISTENED * peers.ACCEPTED * peers.ATTENDED * peers.SOLD,
        "busy_minutes": answered * talk + (dials - answered) * peers.NO_ANSWER_MINUTES,
    }
    for run, seed in ((peers.run_simpy, 1), (peers.run_heapq, 2)):
        found = run(160, leads, 3, seed)
        for name, mean in expected.items():
            error = found[name].std(ddof=1) / np.sqrt(160)
            assert abs(found[name].mean() - mean) < 4.5 * error, (run.__name__, name)
