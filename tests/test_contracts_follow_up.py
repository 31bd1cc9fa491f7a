"""Invoices of an outsourced team that only follows up, by hand and counted again from the facts."""

from __future__ import annotations

from collections import defaultdict

import pytest
from lived import both_engines
from made_facts import Fact, counted, fact
from pursued import MINUTE, SHOP
from pursued_funnel import EAGER, PURSUED

from simfunnel import facts, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.counting.ledger import counts_per_history
from simfunnel.experiments.advice import advise
from simfunnel.funnel import calling, closing, demo, inbound, touch

HOUR = 60 * MINUTE
# From Monday 26 January, which has 22 working days, five of them from then on (0-4); February has 20.
AGENCY = (
    SHOP.replace("2026-01-08  # a Thursday", "2026-01-26").replace("leads = 1", "leads = 2")
    + """
[teams.sellers.contract]
set_up = 100
per_hour = 6
per_connect = 2
"""
).replace("[teams.sellers]", "[teams.sellers]\nkind = 'outsourced'\npaid = 'worked'")
CONTRACT = "teams.sellers.contract"
MINIMUM = f"{CONTRACT}.minimum_per_month=2200"  # 100 a day in January, 110 in February
OTHERS = ("per_dial", "per_accepted", "per_attended", "per_sale")
CALLERS, SELLERS = range(2)


def touched(day: int, outcome: int, number: int, lead: int = 0, kind: int = facts.TOUCH) -> Fact:
    """10 minutes of a touch or an answer."""
    more = {"duration": 10 * MINUTE, "team": SELLERS, "occurrence": number, "outcome": outcome}
    return fact(kind, lead, day, 9 * HOUR, **more) | {"seat": 0}


def dialled(day: int, outcome: int, lead: int, team: int = CALLERS) -> Fact:
    return fact(facts.DIAL, lead, day, 9 * HOUR, team=team, outcome=outcome, duration=MINUTE) | {"seat": 0}


# Six times 10 minutes; four of them reach somebody, a gatekeeper among them; two answers, one of whom was gone.
# One sale, to a lead that the callers had invited.
TOLD = [
    touched(1, touch.NOT_REACHED, 0), touched(2, touch.GATEKEEPER, 1), touched(3, touch.NOT_READY, 2),
    touched(5, touch.NOT_CONVINCED, 3), touched(6, touch.WALKED_AWAY, 0, lead=1),
    touched(6, touch.SOLD, 4, kind=facts.ANSWER),
    fact(facts.TALK, 0, 6, 10 * HOUR, team=CALLERS, occurrence=SELLERS, outcome=closing.SOLD, amount=100_00),
    touched(9, touch.GAVE_UP, 0, lead=1, kind=facts.ANSWER) | {"duration": 0, "seat": facts.NOBODY},
]  # fmt: skip
LINES = {"set_up": 100, "per_hour": 6, "per_connect": 10}


def invoice(told: list[Fact], *overrides: str, one_by_one: bool = False) -> dict[str, float]:
    """The lines of the bill, but for those of 0."""
    columns = counted(parse_scenario(AGENCY, overrides=overrides), told, one_by_one=one_by_one)
    lines = {name.removeprefix("costs.contract_"): float(v[0]) for name, v in columns.items() if "contract_" in name}
    assert sum(lines.values()) == pytest.approx(columns["teams.sellers.cost"][0])
    return {line: amount for line, amount in lines.items() if amount}


@pytest.mark.parametrize("one_by_one", [False, True])
def test_touches_and_answers_by_hand(one_by_one: bool):
    assert invoice(TOLD, one_by_one=one_by_one) == LINES
    # January: half an hour and two connects, 7 of 500. February: half an hour and three connects, 9 of 2 days, 220.
    found = invoice(TOLD, MINIMUM, one_by_one=one_by_one)
    assert found == {**LINES, "minimum_per_month": 493 + 211}


@pytest.mark.parametrize("key", OTHERS)
def test_what_is_about_calls_bills_no_touch(key: str):
    assert invoice(TOLD, f"{CONTRACT}.{key}=1") == LINES


def test_set_up_is_for_any_work_and_not_for_who_was_gone():
    for told in TOLD[:5]:
        assert invoice([told])["set_up"] == 100
    assert invoice([TOLD[5]])["set_up"] == 100
    assert invoice([TOLD[-1]], MINIMUM) == {}
    assert invoice([], MINIMUM) == {}


def test_a_minimum_holds_until_list_and_touches_are_done():
    dials = [dialled(day, calling.REFUSED, lead, SELLERS) for day, lead in ((0, 0), (3, 1))]
    # The list is done on day 3: 4 days, 400; a minute's work is 10 cents, a connect 2.
    assert invoice(dials, MINIMUM)["minimum_per_month"] == pytest.approx(400 - 2 * 2.1)
    # An earlier touch changes no day, a later one (on day 4) does.
    assert invoice([*dials, TOLD[0]], MINIMUM)["minimum_per_month"] == pytest.approx(400 - 2 * 2.1 - 1)
    later = [*dials, touched(4, touch.NOT_REACHED, 0)]
    assert invoice(later, MINIMUM)["minimum_per_month"] == pytest.approx(500 - 2 * 2.1 - 1)
    # While a lead waits for another attempt, to the horizon of 20 days, whatever was touched when.
    waits = [dialled(0, calling.NO_ANSWER, 0, SELLERS), *TOLD]
    found = invoice(waits, MINIMUM, "calling.attempts=2", "calling.teams=['sellers']")
    assert found["minimum_per_month"] == pytest.approx(500 - 7 - 0.1 + 15 * 110 - 9)


def test_touches_are_never_late():
    late = (f"{CONTRACT}.done_within='1 working day'", f"{CONTRACT}.penalty_per_day_late=10")
    assert invoice(TOLD, *late) == LINES


# ---------------------------------------------------------------- counted again, fact by fact

CENTRE = f"""{PURSUED.replace("[teams.sellers]", "[teams.sellers]" + chr(10) + "kind = 'outsourced'")}
[teams.sellers.contract]
set_up = 70
per_hour = 3.1
per_connect = 1.3
minimum_per_month = 5000
"""


@pytest.mark.parametrize("paid", ["shift", "until_done", "worked"])
def test_bills_counted_again_from_the_facts(paid: str):
    overrides = (*EAGER, f"teams.sellers.paid='{paid}'", f"{CONTRACT}.per_hour=0.4")
    scenario = parse_scenario(CENTRE, overrides=overrides)
    calendar = Calendar.of(scenario)
    columns, lived = both_engines(CENTRE, *overrides, replications=6)
    months = [(date.year, date.month) for date in calendar.dates]
    whole = {(2026, 1): 22, (2026, 2): 20, (2026, 3): 22}
    for history in range(6):
        mine = (lived["history"] == history) & (lived["team"] == 2)
        connects: dict[tuple[int, int], int] = defaultdict(int)
        hours: dict[tuple[int, int], float] = defaultdict(float)
        last_work = last = -1
        for kind, day, clock, lasted, code in zip(
            *(lived[name][mine].tolist() for name in ("kind", "day", "clock", "duration", "outcome")), strict=True
        ):
            if kind in (facts.TOUCH, facts.ANSWER) and code != touch.GAVE_UP:
                connects[months[day]] += code != touch.NOT_REACHED
                last = max(last, day)
            if kind in (facts.TOUCH, facts.ANSWER, facts.HOST, facts.CLOSING) and code != touch.GAVE_UP:
                last_work = max(last_work, day)
                after = max(0, clock + lasted - max(clock, 17 * HOUR))
                hours[months[day]] += (lasted if paid == "worked" else after) / HOUR
        assert last > 14, "more than one month"
        if paid != "worked":
            for month in months if paid == "shift" else months[: last_work + 1]:
                hours[month] += 8
        lacking = sum(
            max(0, 5000 * months[: last + 1].count(month) / whole[month] - 1.3 * connects[month] - 0.4 * hours[month])
            for month in dict.fromkeys(months[: last + 1])
        )
        found = {line: columns[f"costs.contract_{line}"][history] for line in ("set_up", "per_hour", "per_connect")}
        assert found == {
            "set_up": 70,
            "per_hour": pytest.approx(0.4 * sum(hours.values()), abs=0.006),
            "per_connect": pytest.approx(1.3 * sum(connects.values()), abs=0.006),
        }
        assert columns["costs.contract_minimum_per_month"][history] == pytest.approx(lacking, abs=0.006)


def test_a_ledger_counts_touches_where_somebody_follows_up():
    scenario = parse_scenario(AGENCY, overrides=(MINIMUM,))
    kinds = (
        calling.OUTCOMES,
        inbound.OUTCOMES,
        demo.BOOKINGS,
        demo.VISITS,
        closing.TALKS,
        touch.TOUCHES,
        touch.TOUCHES,
    )
    assert counts_per_history(scenario, Calendar.of(scenario)) == 2 * (sum(map(len, kinds)) + 2)


# ---------------------------------------------------------------- advice


def advice(*overrides: str) -> list[str]:
    return [line for line in advise(parse_scenario(AGENCY, overrides=overrides)).warnings if CONTRACT in line]


def test_terms_about_calls_are_said_to_do_nothing():
    assert advice() == []
    why = "as the team invites nobody and only follows up: price per_hour or per_connect, or remove"
    assert advice(f"{CONTRACT}.per_dial=1") == [f"{CONTRACT}.per_dial does nothing, {why} it."]
    assert advice(f"{CONTRACT}.per_dial=1", f"{CONTRACT}.per_sale=9") == [
        f"{CONTRACT}.per_dial and {CONTRACT}.per_sale do nothing, {why} them."
    ]
    # A team that dials as well earns by all of them.
    assert advice(f"{CONTRACT}.per_dial=1", f"{CONTRACT}.per_sale=9", "calling.teams=['sellers']") == []
