"""The hand-written model of the full funnel keeps the scenario's laws: on paper, and by its means."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def _load(name):
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


peers, call_list, _, full_peer_after, full_peer, full_funnel = (
    _load(n) for n in ("peers", "call_list", "full_peer_basics", "full_peer_after", "full_peer", "full_funnel")
)


def test_the_peer_tells_the_same_story():
    """Both means within 4.5 standard errors, in all that is counted; a fault of 2 % in touches or talks is noticed."""
    sizes = {full_funnel.VECTOR: 120, full_funnel.PEER: 40}
    vector, peer = full_funnel.contestants(sizes, engine=False)
    for number, contestant in enumerate((vector, peer)):
        contestant.piece(2000 + number)
    compared = full_funnel.gaps(vector, peer)
    assert {name: gap for name, gap in compared.items() if not abs(gap[2]) <= full_funnel.LARGEST_GAP} == {}
    never = {name for name, (mine, theirs, _) in compared.items() if not (mine and theirs)}
    assert never <= {"no_seat", "back_bought_elsewhere"}, "everything is switched on, so everything happens"
    assert min(vector.nanoseconds[0], peer.nanoseconds[0]) > 0
    assert len(list(full_funnel.table([vector, peer], peer))) == 3


def test_a_history_of_the_peer_adds_up():
    found = full_peer.run_simpy(5, 3)
    ended = sum(found[name] for name in ("sold", "conceded", "not_convinced", "undecided", "left"))
    later = sum(found[name] for name in ("touch_sold", "touch_conceded", "back_sold", "back_conceded"))
    np.testing.assert_array_equal(ended - later, found["interested"])
    np.testing.assert_array_equal(found["touch_walked_away"], found["file_irritated"])
    np.testing.assert_array_equal(found["touch_declined"], found["file_bad_fit"])
    assert np.all(found["hot_answered"] + found["hot_gave_up"] <= 1.5 * full_peer.ARRIVE_WEB * full_peer.INTAKE)


@pytest.mark.parametrize(("day", "days", "due"), [(0, 1, 1), (4, 1, 5), (4, 3, 5), (4, 4, 6), (2, 0, 3), (0, 12, 10)])
def test_the_next_working_day(day, days, due):
    """Day 0 is a Monday; 12 days after it is a Saturday, so it is done on Monday, day 10."""
    assert full_peer.day_after(day, days) == due


def test_what_is_overdue_moves_in_order():
    own, centre = full_peer.List([3 << 16 | 5, 1 << 16 | 4]), full_peer.List([1 << 16 | 9])
    own.left, centre.left = [1 << 16 | 7, 2 << 16 | 1], [1 << 16 | 8]
    own.overdue(1, centre)
    assert (own.fresh, own.left) == ([3 << 16 | 5], [2 << 16 | 1])
    assert (centre.fresh, centre.left) == ([1 << 16 | 9, 1 << 16 | 4], [1 << 16 | 7, 1 << 16 | 8])


def test_who_waited_too_long_is_gone():
    desk = full_peer.Desk()
    assert desk.open(0, [(600.0, 30.0, "b"), (540.0, 10.0, "a"), (700.0, 5000.0, "c")])
    assert desk.clock == 540
    assert desk.take(545.0) == (5.0, "a")
    assert desk.take(631.0) == (-1.0, "b")
    assert desk.close() == []
    assert desk.open(1, [])
    assert desk.take(10.0) == (750.0, "c")
