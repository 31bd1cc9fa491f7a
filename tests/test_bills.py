"""Bills worked out on paper: ten leads, one member, a demo; what each costs is held to the cent in both engines."""

from __future__ import annotations

import pytest
from counted import histories
from lived import both_engines

from simfunnel import facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel import demo

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
    lines = "{ set_up=500, per_hour=30, per_dial=0.5, per_connect=2, per_accepted=40, per_attended=60, per_sale=100 }"
    found = bill(
        "teams.callers.kind='outsourced'", "teams.callers.paid='worked'", f"teams.callers.contract={lines}"
    )  # fmt: skip
    expected = {
        "set_up": 500, "per_hour": 350, "per_dial": 5, "per_connect": 20, "per_accepted": 400, "per_attended": 600,
        "per_sale": 1000,
    }  # fmt: skip
    assert {name: found[f"costs.contract_{name}"] for name in expected} == expected
    assert found["teams.callers.cost"] == 2875
    assert found["cost"] == 2875 + 6343


def test_an_invoice_of_a_team_that_never_dials_is_empty():
    contract = "teams.centre.contract={ set_up = 500, per_hour = 30 }"
    found = bill("teams.centre={ kind = 'outsourced' }", "teams.centre.paid='worked'", contract)
    assert found["teams.centre.cost"] == 0


@pytest.mark.parametrize("seats", [1, 3, 10])
def test_bookings_fill_events_in_order(seats: int):
    # Monday's seven and Tuesday's three acceptances; demos every working day: from Tuesday and Wednesday on.
    columns, lived = both_engines(BY_HAND, f"demo.seats={seats}", "demo.every='1 working day'", replications=1)
    bookings = histories(parse_scenario(BY_HAND), lived, 1)[0].of(facts.BOOKING)
    days = Calendar.of(parse_scenario(BY_HAND)).days
    event, free, expected = 0, {}, []
    for booking in bookings:  # event number e is on day e + 1
        event = booking.day
        while free.get(event, seats) == 0:
            event += 1
        free[event] = free.get(event, seats) - 1
        expected.append(event)
    assert [b.occurrence for b in bookings] == [min(e, days - 1) for e in expected]
    # Events on nine days; with one seat each, the tenth lead waits for one beyond the horizon.
    assert columns["booked"][0] == sum(b.outcome == demo.BOOKED for b in bookings) == min(10, 9 * seats)
