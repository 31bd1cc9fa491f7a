"""Invoices and payrolls by hand: every line of a contract and of what members cost, over months and at the corners."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from lived import Facts, both_engines, facts_of
from made_facts import Fact, counted, fact

from simfunnel import Settings, facts, load_scenario, parse_scenario, simulate
from simfunnel.calendar import Calendar
from simfunnel.funnel import calling, closing, demo, inbound
from simfunnel.funnel.segments import arrival
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import LEADS_IN_BLOCK, blocks

MINUTE, HOUR = 60_000, 3_600_000

# From Monday 26 January, which has 22 working days, five of them from then on; February has 20. One agent
# makes two talks of four hours a day: leads 0-9 in January (days 0-4), leads 10-13 on 2 and 3 February.
# All accept. Leads 0-3 are booked for Wednesday 28 January, the others for Wednesday 4 February. The first six,
# whose odds of coming are one in a million, stay away, two of them on 4 February; the other eight come and buy.
UNPRICED = """
start = 2026-01-26
horizon = "20 working days"
[segments.away]
leads = 6
odds = { attended = 1e-6 }
[segments.guests]
leads = 8
odds = { attended = 1e6 }
[calling]
teams = ["centre"]
answered = 1
listened = 1
accepted = 1
minutes = { talk = 240 }
[teams.centre]
kind = "outsourced"
paid = "worked"
[teams.sellers]
[demo]
team = "sellers"
weekday = "wednesday"
attended = 0.5
[closing]
sold_if_interested = 1
[money]
revenue_per_sale = 1000
"""
TWO_MONTHS = f"""{UNPRICED}
[teams.centre.contract]
set_up = 500
per_hour = 10
per_dial = 1
per_connect = 2
per_accepted = 30
per_attended = 20
per_sale = 50
minimum_per_month = 4400
claw_back = "50 %"
"""
# hours                     56 x 10 =  560   (January 40 h: 400, February 16 h: 160)
# dials                     14 x  1 =   14   (10, 4)
# connects                  14 x  2 =   28   (20, 8)
# acceptances               14 x 30 =  420   (300, 120)
# attendances                8 x 20 =  160   (0, 160)
# sales                      8 x 50 =  400   (0, 400)
# claw-back, half of 30      6 x 15 =  -90   (4 on 28 January: -60, 2 on 4 February: -30)
# bill of January 670; minimum for 5 of 22 days 4400 x 5 / 22 = 1000: topped up by 330
# bill of February 822; minimum for 2 of 20 days (the list is done on the 3rd) 440: met
LINES = {
    "set_up": 500, "per_hour": 560, "per_dial": 14, "per_connect": 28, "per_accepted": 420, "per_attended": 160,
    "per_sale": 400, "minimum_per_month": 330, "claw_back": -90, "penalty_per_day_late": 0,
}  # fmt: skip
CONTRACT = "teams.centre.contract"


def bill(text: str, *overrides: str) -> dict[str, float]:
    columns, _ = both_engines(text, *overrides, replications=1)
    return {name: float(values[0]) for name, values in columns.items()}


def invoice(*overrides: str, text: str = TWO_MONTHS) -> dict[str, float]:
    found = bill(text, *overrides)
    lines = {name.removeprefix("costs.contract_"): v for name, v in found.items() if name.startswith("costs.contract_")}
    assert sum(lines.values()) == pytest.approx(found["teams.centre.cost"], abs=1e-9)
    return lines


def test_an_invoice_over_two_months_by_hand():
    found = invoice()
    assert found == LINES
    assert list(found) == list(LINES)
    assert sum(LINES.values()) == 2322 == bill(TWO_MONTHS)["cost"]


@pytest.mark.parametrize(
    ("overrides", "minimum"),
    [
        # Without claw-back January's bill is 730.
        ((f"{CONTRACT}.claw_back=0",), 270),
        # February: 2 days of 20 call for 1000, and the bill of 822 has the claw-back of January's acceptances in it.
        ((f"{CONTRACT}.minimum_per_month=10000",), 10000 * 5 / 22 - 670 + 1000 - 822),
        # Every shift of the horizon is paid: January's 40 hours as before, February's 120 far above its minimum.
        (("teams.centre.paid='shift'",), 330),
        (("teams.centre.paid='until_done'",), 330),
        # Two agents are done on Thursday 29 January, 4 days of 22 (800); leads 0-7 are booked for the 28th: 560 + 14 +
        # 28 + 420 + 40 + 100 - 90 = 1072. Of shifts until the horizon 800 fall in January, until the list is done 640.
        (("teams.centre.size=2",), 0),
        (("teams.centre.size=2", f"{CONTRACT}.minimum_per_month=11000"), 2000 - 1072),
        (("teams.centre.size=2", f"{CONTRACT}.minimum_per_month=11000", "teams.centre.paid='shift'"), 2000 - 1312),
        (("teams.centre.size=2", f"{CONTRACT}.minimum_per_month=11000", "teams.centre.paid='until_done'"), 2000 - 1152),
        # Holidays leave January 21 working days, 4 of them from the start: leads 0-7 (320 + 8 + 16 + 240), no-shows 0
        # and 1 on the 28th (-30). They leave February 19: leads 8-13 on three days, no-shows 2-5 on the 4th.
        (
            ("holidays=[2026-01-26, 2026-02-16]", f"{CONTRACT}.minimum_per_month=19000"),
            19000 * 4 / 21 - 554 + 19000 * 3 / 19 - (240 + 6 + 12 + 180 + 160 + 400 - 60),
        ),
        # The horizon ends on 2 February, before the list is done and the second event: one day of 20.
        (("horizon='6 working days'",), 330 + 220 - (80 + 2 + 4 + 60)),
    ],
)
def test_minimums_pro_rata(overrides: tuple[str, ...], minimum: float):
    assert invoice(*overrides)["minimum_per_month"] == round(minimum, 2)


def test_a_minimum_alone():
    # Of nothing else billed, and a claw-back that is a share of nothing: 5/22 and 2/20 of 4400.
    found = invoice(f"{CONTRACT}={{ minimum_per_month = 4400, claw_back = 1 }}", text=UNPRICED)
    assert {line: amount for line, amount in found.items() if amount} == {"minimum_per_month": 1440}


def test_a_minimum_ends_with_the_list_and_does_not_swallow_a_later_claw_back():
    # Ten leads, all done in January; the six booked for 4 February stay away: -90 in a month without a minimum.
    # January: 40 h, 10 dials, 10 connects, 10 acceptances = 730, and -60: topped up by 330.
    found = invoice("segments.away.leads=10", "segments.guests.leads=0")
    assert (found["minimum_per_month"], found["claw_back"]) == (330, -150)


def test_a_whole_month_between_two_parts():
    # 60 leads last 30 days: 5 in January (of 22), 20 in February, 5 in March (of 22), two dials a day.
    # 440 x 5/22 - 10 = 90 twice, and 440 - 40 = 400.
    only = f"{CONTRACT}={{ per_dial = 1, minimum_per_month = 440 }}"
    found = invoice(only, "segments.guests.leads=54", "horizon='3 months'", text=UNPRICED)
    assert (found["per_dial"], found["minimum_per_month"]) == (60, 580)


def test_while_a_lead_waits_for_another_attempt_the_list_is_not_done():
    # Nobody answers on 26 January, all are due again in March: 14 dials of a second on the first day, none within the
    # horizon; the minimum runs to its end on 20 February, 5 of 22 and 15 of 20 days.
    patient = ("calling.answered=0", "calling.attempts=2", "calling.retry_after='5 weeks'")
    only = f"{CONTRACT}={{ minimum_per_month = 440, done_within = '1 week', penalty_per_day_late = 10 }}"
    found = invoice(only, "calling.minutes.no_answer=0", *patient, text=UNPRICED)
    assert found["minimum_per_month"] == 100 + 330
    assert found["penalty_per_day_late"] == -150
    found = invoice(only, "calling.minutes.no_answer=0", *patient[:1], text=UNPRICED)
    assert (found["minimum_per_month"], found["penalty_per_day_late"]) == (20, 0)


def test_a_team_that_never_dials_owes_neither_minimum_nor_penalty():
    idle = "{ set_up = 5, minimum_per_month = 440, done_within = '1 working day', penalty_per_day_late = 10 }"
    found = bill(TWO_MONTHS, "teams.idle={ kind = 'outsourced', paid = 'worked' }", f"teams.idle.contract={idle}")
    assert found["teams.idle.cost"] == 0
    assert found["teams.centre.cost"] == 2322


@pytest.mark.parametrize(
    ("promise", "price", "penalty"),
    [
        ("'7 working days'", 25.5, 0),  # done on the seventh day
        ("'5 working days'", 25.5, -51),
        ("'1 week'", 25.5, -51),
        ("'1 working day'", 25.5, -153),
        ("'1 working day'", 386.99, -2321.94),
        ("'1 working day'", 387.01, -2322),  # at most the rest of the bill
        ("'1 year'", 1000, 0),
    ],
)
def test_a_penalty_for_each_working_day_late(promise: str, price: float, penalty: float):
    found = invoice(f"{CONTRACT}.done_within={promise}", f"{CONTRACT}.penalty_per_day_late={price}")
    assert found == {**LINES, "penalty_per_day_late": penalty}


def test_an_undone_list_is_late_until_the_horizon():
    # Six days, twelve of fourteen leads dialled.
    late = (f"{CONTRACT}.done_within='2 working days'", f"{CONTRACT}.penalty_per_day_late=10")
    assert invoice("horizon='6 working days'", *late)["penalty_per_day_late"] == -40


def test_who_is_invited_again_is_clawed_back_at_the_last_event_missed():
    # Leads 0-3 miss 28 January, are booked for 4 February and miss it too; 4 and 5 miss that one and the 11th.
    found = invoice("demo.invite_again=1")
    assert found["claw_back"] == -90
    assert found["minimum_per_month"] == 330 - 60
    # Until the horizon, 3 February, the event of the 4th is not held: nobody is lost for good.
    assert invoice("demo.invite_again=1", "horizon='7 working days'")["claw_back"] == 0


def test_who_is_turned_away_is_neither_billed_as_a_comer_nor_clawed_back():
    # Two seats and four times the bookings: on 4 February leads 4 and 5 stay away, six guests are turned away.
    found = invoice("demo.seats=2", "demo.overbooking=4")
    assert (found["per_attended"], found["per_sale"], found["claw_back"]) == (40, 100, -90)


@pytest.mark.parametrize("share", [0, 0.333, 1])
def test_a_claw_back_of_all_leaves_nothing_to_pay_for_those_who_stayed_away(share: float):
    found = invoice(f"{CONTRACT}={{ per_accepted = 30.01, claw_back = {share} }}", "segments.guests.leads=0")
    assert found["per_accepted"] == 180.06
    assert found["claw_back"] == -round(6 * 30.01 * share, 2)


# ---------------------------------------------------------------- counted again, fact by fact

BUSY = """
start = 2026-01-20
horizon = "30 working days"
holidays = [2026-01-22]
[segments.list]
leads = 160
interested = 0.7
[calling]
teams = { own = 0.3, centre = 0.7 }
attempts = 3
answered = 0.4
listened = 0.8
accepted = 0.6
minutes = { no_answer = 20, hang_up = 30, talk = { lognormal = { mean = 60, sd = 30 } } }
[teams.own]
[teams.centre]
kind = "outsourced"
size = 2
pause = "12:00-12:30"
[teams.centre.contract]
per_hour = 3.1
per_dial = 0.7
per_connect = 1.3
per_accepted = 8.5
per_attended = 11
per_sale = 17
minimum_per_month = 4000
claw_back = 0.6
[demo]
team = "own"
every = "3 working days"
attended = 0.6
[closing]
sold_if_interested = 0.6
"""
CENTRE = 1


def lacking(scenario: Scenario, columns: dict[str, np.ndarray], lived: Facts, history: int) -> float:
    """What the months' bills lack of the minimum, in plain Python; it shares no code with the ledger."""
    team, calendar = scenario.teams["centre"], Calendar.of(scenario)
    month_of = [(date.year, date.month) for date in calendar.dates]
    bills: dict[tuple[int, int], float] = defaultdict(float)
    paid: dict[tuple[int, int], float] = defaultdict(float)
    mine = (lived["history"] == history) & (lived["team"] == CENTRE)
    rows = list(
        zip(*(lived[name][mine].tolist() for name in ("kind", "day", "clock", "duration", "outcome")), strict=True)
    )
    dial_days = [day for kind, day, *_ in rows if kind == facts.DIAL]
    for kind, day, clock, duration, outcome in rows:
        month = month_of[day]
        if kind == facts.DIAL:
            bills[month] += 0.7 + 1.3 * (outcome != calling.NO_ANSWER) + 8.5 * (outcome == calling.ACCEPTED)
            inside = sum(
                max(0, min(clock + duration, end * MINUTE) - max(clock, begin * MINUTE))
                for begin, end in ((540, 720), (750, 1020))
            )
            paid[month] += duration if team.paid == "worked" else duration - inside
        elif kind == facts.VISIT:
            bills[month] += -0.6 * 8.5 if outcome == demo.DID_NOT_COME else 11
        elif kind == facts.TALK:
            bills[month] += 17 * (outcome == closing.SOLD)
    if team.paid != "worked":
        for month in month_of if team.paid == "shift" else month_of[: max(dial_days) + 1]:
            paid[month] += 2 * 7.5 * HOUR
    open_ = any(columns[f"teams.centre.{name}"][history] for name in ("waiting",))
    served = len(month_of) if open_ else max(dial_days) + 1
    whole = {(2026, 1): 21, (2026, 2): 20, (2026, 3): 22}
    total = 0.0
    for month in dict.fromkeys(month_of[:served]):
        part = month_of[:served].count(month) / whole[month]
        total += max(0.0, 4000 * part - bills[month] - 3.1 * paid[month] / HOUR)
    return total


@pytest.mark.parametrize("paid", ["shift", "until_done", "worked"])
@pytest.mark.parametrize("more", [(), ("horizon='12 working days'",), ("calling.attempts=1",)], ids=str)
def test_the_minimum_counted_again_from_the_facts(paid: str, more: tuple[str, ...]):
    overrides = (f"teams.centre.paid='{paid}'", *more)
    scenario = parse_scenario(BUSY, overrides=overrides)
    columns, lived = both_engines(BUSY, *overrides, replications=8)
    columns["teams.centre.waiting"] = waiting(scenario, lived, 8)
    found = columns["costs.contract_minimum_per_month"]
    assert (found > 0).any()
    for history in range(8):
        assert found[history] == pytest.approx(lacking(scenario, columns, lived, history), abs=0.005001)


def waiting(scenario: Scenario, lived: Facts, histories: int) -> np.ndarray:
    """Leads of the centre that wait for another dial at the end, by history."""
    assert scenario.calling is not None
    found = np.zeros(histories, dtype=np.int64)
    dials = (lived["kind"] == facts.DIAL) & (lived["team"] == CENTRE)
    for history in range(histories):
        mine = dials & (lived["history"] == history)
        last = dict(sorted(zip(zip(lived["lead"][mine].tolist(), lived["occurrence"][mine].tolist(), strict=True),
                               lived["outcome"][mine].tolist(), strict=True)))  # fmt: skip
        fate = {lead: (attempt, outcome) for (lead, attempt), outcome in last.items()}
        found[history] = sum(
            outcome == calling.NO_ANSWER and attempt + 1 < scenario.calling.attempts
            for attempt, outcome in fate.values()
        )
    return found


@pytest.mark.parametrize("block", [1, 3])
def test_blocks_change_no_cent(block: int):
    scenario = parse_scenario(BUSY)
    whole = simulate(scenario, replications=7, workers=1)
    cut = simulate(scenario, replications=7, workers=1, block_size=block)
    for name, values in whole.columns.items():
        np.testing.assert_array_equal(cut.columns[name], values, err_msg=name)


def test_a_long_ledger_makes_smaller_blocks():
    # 64 centres with a minimum over 20 years: 241 months of some 30 counts each in every history.
    centres = "\n".join(f"[teams.t{n}]\nkind = 'outsourced'\ncontract = {{ minimum_per_month = 1 }}" for n in range(64))
    text = f"horizon = '20 years'\n{centres}"
    outcomes = (calling.OUTCOMES, inbound.OUTCOMES, demo.BOOKINGS, demo.VISITS, closing.TALKS)
    cells = 64 * 241 * (sum(map(len, outcomes)) + 2)
    sizes = {size for _, size in blocks(parse_scenario(text), Settings(replications=10_000))}
    assert max(sizes) * cells <= LEADS_IN_BLOCK < (max(sizes) + 1) * cells


# ---------------------------------------------------------------- hot leads, meetings and arrivals, from facts by hand

# From Monday 26 January, five working days of 22; February has 20.
DESK = """
start = 2026-01-26
horizon = "10 working days"
intake = "6 working days"
[segments.list]
leads = 2
[segments.web]
temperature = "hot"
arrivals = 1
[calling]
teams = ["own"]
answered = 0.5
listened = 0.5
accepted = 0.5
[inbound]
teams = ["desk"]
offer = "meeting"
accepted = 0.5
waiting = { source = "a guess", odds = { "5 min" = 0.5 } }
[teams.own]
[teams.desk]
kind = "outsourced"
paid = "worked"
[teams.desk.contract]
set_up = 100
per_hour = 10
per_dial = 1
per_connect = 2
per_accepted = 30
per_attended = 20
per_sale = 50
claw_back = 0.5
[meeting]
team = "own"
attended = 0.5
[closing]
sold_if_interested = 0.5
"""
HOT = [arrival(1, 0, number) for number in range(5)]
MINIMUM = "teams.desk.contract.minimum_per_month=2200"


def call_in(lead: int, outcome: int, day: int = 0) -> Fact:
    """A talk of 15 minutes; one that gave up is found gone after the shift."""
    gone = outcome == inbound.GAVE_UP
    what = {"clock": 28 * HOUR, "team": -1} if gone else {"clock": 10 * HOUR, "duration": 15 * MINUTE, "team": 1}
    return fact(facts.INBOUND, lead, day, outcome=outcome, **what)


def dial(lead: int, day: int, outcome: int, team: int = 1, attempt: int = 0) -> Fact:
    return fact(facts.DIAL, lead, day, 10 * HOUR, duration=MINUTE, team=team, outcome=outcome, occurrence=attempt)


# One gives up, one refuses, three agree to meet in February: one stays away, two buy, one of them under pressure.
ANSWERED = [
    call_in(HOT[0], inbound.GAVE_UP), call_in(HOT[1], inbound.REFUSED),
    *(call_in(lead, inbound.ACCEPTED) for lead in HOT[2:]),
    *(fact(facts.VISIT, lead, 5, 10 * HOUR, team=1, outcome=outcome)
      for lead, outcome in zip(HOT[2:], (demo.DID_NOT_COME, demo.INTERESTED, demo.INTERESTED), strict=True)),
    fact(facts.TALK, HOT[3], 5, 11 * HOUR, team=1, outcome=closing.SOLD),
    fact(facts.TALK, HOT[4], 5, 11 * HOUR, team=1, outcome=closing.CONCEDED),
]  # fmt: skip


def desk(told: list[Fact], *overrides: str) -> dict[str, float]:
    """The invoice, but for lines of 0."""
    columns = counted(parse_scenario(DESK, overrides=overrides), told)
    lines = {name.removeprefix("costs.contract_"): float(v[0]) for name, v in columns.items() if "contract_" in name}
    return {line: amount for line, amount in lines.items() if amount}


def test_an_answered_hot_lead_is_a_connect_and_no_dial():
    lines = {"set_up": 100, "per_hour": 10, "per_connect": 8, "per_accepted": 90, "per_attended": 40,
             "per_sale": 100, "claw_back": -15}  # fmt: skip
    assert desk(ANSWERED) == lines
    # January 10 + 8 + 90 = 108 of 500, February 40 + 100 - 15 = 125 of 550: the desk is needed to the horizon.
    assert desk(ANSWERED, MINIMUM) == {**lines, "minimum_per_month": 392 + 425}


def test_a_desk_that_nobody_calls_was_there_all_the_same():
    assert desk([call_in(HOT[0], inbound.GAVE_UP)], MINIMUM) == {"minimum_per_month": 500 + 550}


LATE = ("teams.desk.contract.done_within='1 working day'", "teams.desk.contract.penalty_per_day_late=10")


def test_a_desk_that_dials_too_is_late_with_its_list_and_needed_to_the_end():
    both = ("calling.teams=['desk']", *LATE, "teams.desk.contract.per_hour=0", "teams.desk.contract.per_connect=0")
    told = [dial(0, 0, calling.HUNG_UP), dial(1, 2, calling.HUNG_UP), call_in(HOT[0], inbound.REFUSED, day=7)]
    assert desk(told, *both) == {"set_up": 100, "per_dial": 2, "penalty_per_day_late": -20}
    assert desk(told, *both, MINIMUM)["minimum_per_month"] == 498 + 550


def test_where_leads_arrive_on_a_list_no_day_is_late():
    grows = ("calling.teams=['desk']", *LATE, "segments.fair={ arrivals = 1 }", "segments.web.team='own'")
    told = [dial(0, 0, calling.HUNG_UP), dial(1, 2, calling.HUNG_UP), dial(arrival(2, 5, 0), 6, calling.HUNG_UP)]
    found = desk(told, *grows, MINIMUM)
    assert "penalty_per_day_late" not in found
    # Two dials and connects in January (6, and a minute each at 10 an hour), one in February.
    assert found["minimum_per_month"] == pytest.approx(1050 - 9 - 0.5)


def test_lists_between_which_work_overflows_are_done_together():
    """The own team dials lead 0 in vain, its retry moves to the desk at night; the desk reaches it, or not."""
    shared = ("calling.attempts=3", "teams.own.overflow={ to = 'desk' }", *LATE, "segments.list.leads=1")
    plain = ("calling.teams=['own']", "segments.web.team='own'", "inbound.teams=['own']", *shared)
    tried = dial(0, 0, calling.NO_ANSWER, team=0)
    done = [tried, dial(0, 3, calling.HUNG_UP, attempt=1)]
    assert desk(done, *plain)["penalty_per_day_late"] == -30
    assert desk([tried, dial(0, 3, calling.NO_ANSWER, attempt=1)], *plain)["penalty_per_day_late"] == -90
    assert "penalty_per_day_late" not in desk([tried], *plain)


# ---------------------------------------------------------------- payrolls

# One member makes ten talks of 70 minutes: seven on Monday 5 January, the last one ten minutes over, three on
# Tuesday. All accept, come to the hosts' demo on Monday the 12th, and buy for 1,000.
TEN_TALKS = """
start = 2026-01-05
horizon = "10 working days"
[segments.list]
leads = 10
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 1
minutes = { talk = 70 }
[teams.callers]
paid = "until_done"
wage_per_hour = 20
[teams.hosts]
[demo]
team = "hosts"
attended = 1
[closing]
sold_if_interested = 1
[money]
revenue_per_sale = 1000
"""


@pytest.mark.parametrize(
    ("overrides", "lines"),
    [
        ((), {"wages": 323.33}),  # 16 1/6 h at 20
        # 1/6 h at 20 x 50 % = 1.666...; the overhead is on both.
        (("overtime_premium='50 %'", "overhead=1"), {"wages": 323.33, "overtime_premium": 1.67, "overhead": 325}),
        (("overtime_premium=0.5", "paid='worked'"), {"wages": 233.33, "overtime_premium": 1.67}),
        # Nobody works over: five talks on each of two days.
        (("overtime_premium=0.5", "shift='09:00-14:50'"), {"wages": 233.33}),
        (("hiring=400", "training=100", "size=3"), {"wages": 480, "hiring": 1200, "training": 300}),
        # Two days of eight hours at 20, and a course.
        (("training=100", "training_days=2"), {"wages": 323.33, "training": 420}),
        (("training_days=2", "overhead=0.5"), {"wages": 323.33, "training": 320, "overhead": 321.67}),
        # A week from Tuesday the 6th holds five working days, to the 13th; a month 23, to 6 February.
        (("notice='1 week'",), {"wages": 323.33, "notice": 5 * 160}),
        (("notice='1 month'", "overhead=0.1"), {"wages": 323.33, "notice": 3680, "overhead": 400.33}),
        (("notice='3 working days'",), {"wages": 323.33, "notice": 480}),
        (("notice='0 days'",), {"wages": 323.33}),
        # A month from the start holds 23 working days: two were worked, five are paid as notice, 16 are left.
        (("minimum_employment='1 month'",), {"wages": 323.33, "minimum_employment": 21 * 160}),
        (("minimum_employment='1 month'", "notice='1 week'"),
         {"wages": 323.33, "notice": 800, "minimum_employment": 2560}),
        (("minimum_employment='1 week'", "notice='1 week'"), {"wages": 323.33, "notice": 800}),
        (("commission='10 %'",), {"wages": 323.33, "commission": 1000}),
        (("hand_off_fee=5.5",), {"wages": 323.33, "hand_off_fee": 55}),
    ],
)  # fmt: skip
def test_what_members_cost_by_hand(overrides: tuple[str, ...], lines: dict[str, float]):
    found = bill(TEN_TALKS, *(f"teams.callers.{override}" for override in overrides))
    assert {name.removeprefix("costs."): v for name, v in found.items() if name.startswith("costs.") and v} == lines
    assert found["teams.callers.cost"] == pytest.approx(sum(lines.values()), abs=1e-9)


def test_notice_is_paid_where_there_was_work_and_minimum_employment_anyhow():
    idle = ("calling.teams=['hosts']", "teams.callers.notice='1 week'", "teams.callers.minimum_employment='1 week'")
    found = bill(TEN_TALKS, *idle)
    assert (found["costs.wages"], found["costs.notice"], found["costs.minimum_employment"]) == (0, 0, 5 * 160)


def test_commission_is_earned_by_who_called_and_by_who_closed_and_once_by_who_did_both():
    shares = ("teams.callers.commission=0.1", "teams.hosts.commission=0.05")
    found = bill(TEN_TALKS, *shares)
    assert (found["teams.callers.cost"], found["teams.hosts.cost"]) == (1323.33, 500)
    found = bill(TEN_TALKS, *shares, "demo.team='callers'")
    assert (found["teams.callers.cost"], found["teams.hosts.cost"]) == (1963.33, 0)  # paid for 6 days, until the demo


def test_two_calling_teams_earn_commission_on_their_own_leads():
    half = ("calling.teams=['callers', 'hosts']", "teams.callers.commission=0.1")
    columns, _ = both_engines(TEN_TALKS, *half, replications=6)
    assert columns["costs.commission"].tolist() == (100 * columns["teams.callers.sold"]).tolist()
    assert len(set(columns["teams.callers.sold"].tolist())) > 1


@pytest.mark.parametrize(("text", "fee"), [("demo.team='callers'", 0), ("demo.team='hosts'", 50)])
def test_only_what_goes_to_another_team_is_handed_off(text: str, fee: float):
    assert bill(TEN_TALKS, "teams.callers.hand_off_fee=5", text)["costs.hand_off_fee"] == fee


def test_whole_minor_units_of_a_currency_without_them():
    found = bill(TEN_TALKS, "currency='JPY'", "teams.callers.commission=0.00123", "teams.callers.overtime_premium=0.5")
    assert (found["costs.wages"], found["costs.overtime_premium"], found["costs.commission"]) == (323, 2, 12)


# ---------------------------------------------------------------- money is no fact

PRICED = (
    "teams.own={ paid='until_done', wage_per_hour=20, overtime_premium=1, training=9, training_days=3 }",
    "teams.own={ notice='1 week', minimum_employment='1 year', commission=0.5, hand_off_fee=7 }",
    "teams.centre.contract={ minimum_per_month=9999, claw_back=1, per_accepted=5, done_within='1 week', "
    "penalty_per_day_late=3 }",
)


@pytest.mark.parametrize("engine", ["vector", "simpy"])
def test_money_changes_no_fact(engine: str):
    plain, priced = (
        simulate(parse_scenario(BUSY, overrides=overrides), replications=4, engine=engine, digest=True, workers=1)
        for overrides in ((), PRICED)
    )
    assert plain.digests is not None
    assert priced.digests is not None
    assert plain.digests.tolist() == priced.digests.tolist()
    assert (plain.columns["cost"] < priced.columns["cost"]).all()


def test_prices_that_are_not_known_exactly_are_drawn_once_a_world():
    # From 1 January a minimum of the whole month, and nothing else: each world's own.
    unknown = f"{CONTRACT}={{ minimum_per_month = {{ low = 100, high = 200 }} }}"
    text = UNPRICED.replace("2026-01-26", "2026-01-01")
    scenario = parse_scenario(text, overrides=[unknown, "segments.away.leads=60", "horizon='22 working days'"])
    paid = facts_of(scenario, 8, histories=2)[0]["costs.contract_minimum_per_month"].reshape(4, 2)
    assert (paid[:, 0] == paid[:, 1]).all()
    assert len(set(paid[:, 0].tolist())) == 4
    assert ((paid >= 100) & (paid <= 200)).all()


def test_the_shipped_contract_is_billed():
    columns, _ = facts_of(load_scenario("scenarios/call-centre.toml", ["segments.region.leads=1500"]), 2)
    assert (columns["costs.contract_claw_back"] < 0).all()


def test_a_gatekeeper_who_answers_is_a_connect():
    """24 leads answer, each through a gatekeeper who ends the call: 24 connects at 1."""
    scenario = parse_scenario(
        """
        [segments.list]
        leads = 24
        decision_maker = 0
        [calling]
        teams = ["centre"]
        answered = 1
        listened = 1
        accepted = 1
        [teams.centre]
        kind = "outsourced"
        contract = { per_connect = 1 }
        """
    )
    columns = simulate(scenario, replications=2).columns
    assert columns["losses.gatekeeper"].tolist() == [24, 24]
    assert columns["costs.contract_per_connect"].tolist() == [24.0, 24.0]
