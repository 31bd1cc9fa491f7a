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
    rare = {"no_seat", "back_bought_elsewhere", "customer_gave_up"}  # who sold answers complaints first thing tomorrow
    assert never <= rare, "everything is switched on, so everything happens"
    assert full_peer_after.MADE[0] in full_funnel.EVENTS
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


def test_customers_of_the_peer_add_up():
    found = full_peer.run_simpy(5, 4)

    def total(*names):
        return sum(found[name] for name in names)

    bought = total("sold", "conceded")
    assert bought.sum() > 100
    np.testing.assert_array_equal(
        bought, total("customer_stays", *(f"customer_{name}" for name in full_peer_after.ENDS))
    )
    np.testing.assert_array_equal(total("seller_done", "seller_mended"), total("asked_refused", "asked_gave"))
    np.testing.assert_array_equal(found["survey_found"], found["raised_found"])
    np.testing.assert_array_equal(found["answer_done"], found["answered_suggestion"])
    np.testing.assert_array_equal(found["answer_mended"], total("answered_complaint", "answered_found"))
    assert np.all(found["defects"] <= found["delivered"])
    assert np.all(found["delivered"] <= bought)
    assert np.all((found["satisfaction"] > 0) & (found["satisfaction"] < 1))


def customer_of(customers, day):
    customers.enter(day, 1, 2, 1000.0, conceded=True, fits=True)
    return customers.everybody[-1]


@pytest.fixture
def customers():
    return full_peer_after.Customers(full_peer.Chance(1).after, 4)


def test_a_complaint_comes_first_and_one_not_answered_loses_the_customer(customers):
    one, other = customer_of(customers, 0), customer_of(customers, 0)
    customers.raise_(2, one, full_peer_after.COMPLAINT)
    customers.mornings[3].append((full_peer_after.ANSWER, other))  # an old note, of nothing
    customers.open(3)
    assert customers.own[2][-1] == (full_peer_after.ANSWER, one)
    one.satisfaction = 0.5
    for patient in (one, other):
        customers.lose_patience(8, patient)
    assert (one.where, other.where) == (full_peer_after.GONE, full_peer_after.HERE)
    assert customers.tell()["customer_gave_up"] == 1
    assert not any(one is mine for day in range(3, 8) if customers.open(day) for _, mine in customers.own[2])


@pytest.fixture
def reached(customers, monkeypatch):
    monkeypatch.setattr(full_peer_after, "REACHED", (1, 1, 1))
    return customers


@pytest.mark.parametrize("why", [full_peer_after.SILENT, full_peer_after.LEFT])
def test_who_left_without_a_word_is_found_by_a_contact(reached, why):
    one = customer_of(reached, 0)
    reached.raise_(1, one, full_peer_after.SUGGESTION)
    reached.leave(one, why)
    assert (one.where, one.raised) == (full_peer_after.UNSEEN, full_peer_after.NOTHING)
    for _ in range(20):
        reached.ask(2, one)
    assert reached.count["survey_unanswered"] == 20
    assert not any(one is mine for mine in reached.surveys[2] + reached.occasions[2])
    assert reached.contact(3, full_peer_after.FRIENDLY, one) > 0
    assert (one.where, one.friendly) == (full_peer_after.GONE, 0)
    assert reached.tell()["friendly_found_lost"] == 1
    assert not any(reached.open(day) for day in range(2, 10))


def test_a_find_that_nobody_mends_shows(customers):
    one = customer_of(customers, 0)
    one.defect, one.satisfaction = full_peer_after.KNOWN, 0.5
    customers.show(4, one)
    assert one.raised == full_peer_after.NOTHING, "it was told before"
    customers.raise_(4, one, full_peer_after.FOUND)
    customers.show(6, one)
    assert (one.raised, one.satisfaction) == (full_peer_after.COMPLAINT, pytest.approx(0.3))


def test_an_answer_mends_and_a_suggestion_does_not(customers):
    one = customer_of(customers, 0)
    for what, left in ((full_peer_after.SUGGESTION, full_peer_after.HIDDEN), (full_peer_after.FOUND, 0)):
        one.defect = full_peer_after.HIDDEN
        customers.raise_(4, one, what)
        assert customers.contact(5, full_peer_after.ANSWER, one) > 0
        assert (one.defect, one.raised) == (left, full_peer_after.NOTHING)
    assert customers.count["answer_days"] == 6, "a Friday's is answered on Monday"


@pytest.mark.parametrize(("sold", "today", "due"), [(0, 0, 2), (0, 2, 5), (0, 5, 10), (3, 3, 5), (49, 49, 50)])
def test_the_calendar_of_contacts(sold, today, due):
    """Two days after the sale, a week after it, and then every week; a Saturday's is Monday's."""
    assert full_peer_after.NEXT[full_peer_after.SELLER][sold][today] == due


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
