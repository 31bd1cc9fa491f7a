"""Nothing is lost or made up: leads, time, seats and money add up, counted again from the facts one by one.

The laws hold exactly, in varied scenarios and in ones that hypothesis makes; the counting (`counted` and
the modules named after it) is plain Python over the kept facts and shares no code with the tally.
"""

from __future__ import annotations

from typing import Any

import pytest
from counted import HOUR, histories
from counted_after import check_after
from counted_days import check_days, check_members
from counted_demos import check_demos
from counted_leads import check_arrivals, check_leads, check_stages, check_waits
from counted_money import Prices, check_lines, check_sums
from counted_pursuits import check_misfits, check_pursuits, check_refusals_by_phone, check_waits_to_return
from counted_selling import check_acceptances, check_called, check_meetings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lived import Facts, both_engines, facts_of, of_kind
from made_scenarios import Tree, hot_days, scenarios
from pursued_funnel import EAGER, PURSUED

from simfunnel import facts, parse_scenario
from simfunnel.funnel import arrivals, calling, closing, demo
from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario

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


HOT = (
    "segments.web={ temperature = 'hot', arrivals = 12, arrival_hours = '08:00-20:00' }",
    "segments.web.interested=0.9",
    "inbound={ teams = ['callers'], accepted = 0.6, minutes = { talk = { exponential = { mean = 9 } }, wrap_up = 2 } }",
    "inbound.waiting={ source = 'made up', odds = { '5 min' = 0.5, '2 h' = 0.1 } }",
)
DAILY = (
    "segments.daily={ temperature = 'warm', arrivals_by_weekday = { mon = 60, wed = 30 } }",
    "segments.daily.arrival_hours='12:00-24:00'",
    "intake='11 working days'",
)
MEETING = (
    "meeting={ team = 'sellers', after = '2 days', attended = 0.7 }",
    "meeting.minutes={ travel = 20, missed = { exponential = { mean = 10 } } }",
    "teams.sellers={ size = 2, skill = [0.5, 2], pace = [1, 0.7], commission = 0.05, shift = '10:00-16:00' }",
    "closing.minutes={ peak = { gamma = { mean = 12, sd = 6 } }, answer = 3 }",
)
OVERFLOW = (
    "teams.centre={ kind = 'outsourced', size = 2, shift = '08:00-20:00', paid = 'worked' }",
    "teams.centre.contract={ set_up = 500, per_dial = 0.333, per_connect = 0.5, per_accepted = 7, per_sale = 20 }",
    "teams.callers.overflow={ to = 'centre', after = '2 working days' }",
    "segments.list.leads=900",
)
KEEN = (
    "closing.undecided=0.4", "closing.pressure=2", "closing.misread=5", "closing.reads_signals=0.3", "closing.haste=2",
    "closing.odds_per_minute_early=0.9", "closing.odds_per_minute_late=0.95",
    "closing.paper={ minutes = 10, odds = 0.8 }",
    "closing.methods={ choice = { share = 0.4, warm = 2 }, offer = { share = 0.6, cold = 0.7, hot = 3 } }",
)  # fmt: skip
CLOSERS = (
    *KEEN,
    "closing.closers=2",
    "closing.odds_per_minute_waited=0.98",
    "closing.minutes={ peak = { gamma = { mean = 14, sd = 6 } }, freeloader = 6 }",
    "demo.every='3 working days'",
    "demo.seats=40",
    "teams.callers.size=3",
    "teams.callers.commission=0.03",
)
BY_PHONE = ("calling.offer='sale'", "segments.list.qualified=0.6", "teams.callers.commission=0.1")
ALL = (*HOT, *DAILY, *MEETING, *OVERFLOW, *CLOSERS)

FRONT = {
    "hot leads": (HOT, ("teams.callers.answered_inbound", "sold_hot", "losses.still_open")),
    "impatient": (
        (*HOT, "segments.list.leads=900", "inbound.patience={ exponential = { mean = '50 min' } }"),
        ("losses.gave_up_waiting",),
    ),
    "patient for 3 hours": ((*HOT, "inbound.patience='3 h'", "demo.at='10:00'"), ("losses.gave_up_waiting",)),
    "hot on a list": (
        (*HOT, *SECOND_TEAM, "segments.old={ temperature = 'hot', leads = 90 }", "teams.centre.shift='13:00-22:00'",
         "inbound.teams={ callers = 0.3, centre = 0.7 }"),
        ("teams.centre.answered_inbound", "segments.old.sold"),
    ),
    "a centre answers": (
        (*HOT, "inbound.teams=['centre']", "teams.centre={ kind = 'outsourced', paid = 'worked' }",
         "teams.centre.contract={ set_up = 50, per_hour = 9, per_connect = 0.5, per_accepted = 7, claw_back = 0.5 }"),
        ("costs.contract_set_up", "costs.contract_per_connect", "costs.contract_per_accepted"),
    ),
    "arrivals": (
        (*DAILY, "calling.order=['fresh', 'retries']"),
        ("segments.daily.sold", "segments.daily.losses.never_reached"),
    ),
    "meetings": (
        (*MEETING, "calling.offer='meeting'", "teams.callers.hand_off_fee=3"),
        ("teams.sellers.meetings", "losses.did_not_come", "costs.commission", "costs.hand_off_fee"),
    ),
    "own meetings": (
        (*MEETING, "calling.offer='meeting'", "meeting.team='callers'", "segments.list.leads=900",
         "calling.order=['retries', 'meetings', 'fresh']"),
        ("teams.callers.meetings", "losses.still_open"),
    ),
    "by phone": (BY_PHONE, ("sold_by_phone", "costs.commission")),
    "hot by phone": ((*HOT, "inbound.offer='sale'", "segments.web.qualified=0.5"), ("sold_by_phone", "attended")),
    "hot are met": (
        (*HOT, *MEETING, "inbound.offer='meeting'", "meeting.team='callers'", "calling.order=['fresh', 'retries']",
         "segments.list.leads=900"),
        ("teams.callers.meetings", "events"),
    ),
    "overflow": (OVERFLOW, ("teams.centre.dialled", "teams.centre.sold", "costs.contract_per_connect")),
    "overflow to one who dials": (
        (*OVERFLOW, *DAILY, "calling.teams={ callers = 0.7, centre = 0.3 }", "teams.callers.size=1",
         "segments.list.leads=200", "segments.daily.arrivals_by_weekday={ mon = 60, tue = 60, wed = 60, thu = 60 }",
         "segments.more={ arrivals = 60 }", "teams.centre.size=1", "teams.callers.overflow.after='1 working day'"),
        ("teams.centre.dialled", "losses.never_reached"),
    ),
    "dead numbers overflow": (
        (*OVERFLOW, *DAILY, "segments.list.dead_number=0.3", "segments.list.reach=1",
         "segments.daily.dead_number='2 of 9'", "teams.callers.size=1", "teams.callers.skill=[0.7]",
         "calling.by_hour={ 10 = 2 }"),
        ("losses.dead_number", "losses.never_reached", "segments.daily.losses.dead_number", "teams.centre.dialled"),
    ),
    "overflow of fresh leads": (
        (*OVERFLOW, "calling.order=['retries', 'fresh']", "teams.callers.overflow.after='1 working day'",
         "teams.centre.size=1", "intake='4 working days'"),
        ("teams.centre.dialled", "losses.still_open"),
    ),
    "closing at once": (KEEN, ("losses.undecided", "losses.not_convinced", "conceded")),
    "closers": (CLOSERS, ("losses.undecided", "conceded", "teams.callers.overtime_minutes")),
    "closers and the impatient": (
        (*CLOSERS, "closing.patience={ discrete = [5, 30] }", "demo.hosts=0", "demo.length='1 min'",
         "segments.list.leads=900"),
        ("losses.left_waiting", "losses.undecided"),
    ),
    "closers of another team": (
        (*CLOSERS, "closing.patience=20", "demo.team='hosts'", "demo.hosts=2", "demo.at='20:00'",
         "teams.hosts={ size = 3, skill = [1, 2, 3], commission = 0.05, shift = '12:00-20:00' }"),
        ("losses.left_waiting", "teams.hosts.overtime_minutes", "costs.commission"),
    ),
    "all at once": ((*ALL, "inbound.offer='meeting'", "inbound.patience='2 h'", "closing.patience=20"),
                    ("losses.gave_up_waiting", "meetings", "teams.centre.dialled", "losses.left_waiting", "sold_hot")),
    "all the other way round": ((*ALL, "calling.offer='meeting'", "inbound.teams=['centre']", "meeting.team='callers'",
                                 "calling.order=['fresh', 'meetings', 'retries']", "demo.minimum=3"),
                                ("teams.callers.meetings", "teams.centre.answered_inbound", "events", "sold_hot")),
}  # fmt: skip


def check(scenario: Scenario, columns: Columns, lived: Facts, seed: int = 1) -> None:
    """Every law of conservation, in every history."""
    count = columns["dials"].size
    prices = Prices(scenario, count, seed)
    for row, history in enumerate(histories(scenario, lived, count)):
        check_leads(history, columns, row)
        check_stages(history, columns, row)
        check_arrivals(history)
        check_waits(history, columns, row)
        check_acceptances(history)
        check_pursuits(history, columns, row)
        check_misfits(history, columns, row)
        check_refusals_by_phone(history)
        check_waits_to_return(history)
        check_after(history, columns, row, prices)
        if scenario.follow_up is None and scenario.after_sales is None:
            # whose list a touch or a contact is on depends on more than the facts say
            check_days(history)
        check_members(history, columns, row)
        check_called(history)
        check_meetings(history)
        check_demos(history, columns, row)
        check_lines(history, columns, row, prices)
    check_sums(scenario, columns)


@pytest.mark.parametrize("overrides", VARIED.values(), ids=VARIED)
def test_everything_adds_up_in_varied_scenarios(overrides: tuple[str, ...]):
    columns, lived = both_engines(plain(*overrides), *overrides, replications=4)
    assert (columns["dials"] > 0).all()
    check(parse_scenario(plain(*overrides), overrides=overrides), columns, lived)


@pytest.mark.parametrize(("overrides", "happens"), FRONT.values(), ids=FRONT)
def test_everything_adds_up_when_leads_come_meet_and_overflow(overrides: tuple[str, ...], happens: tuple[str, ...]):
    columns, lived = both_engines(plain(*overrides), *overrides, replications=4)
    for name in happens:
        assert columns[name].sum() > 0, f"{name}: nothing is shown"
    check(parse_scenario(plain(*overrides), overrides=overrides), columns, lived)


PURSUITS = {
    "touches and returns": (),
    "gone for good": ("segments.list.window=3", "segments.web.ready=3", "segments.web.window=5", "follow_up.quota=0"),
    "billed": ("teams.sellers.kind='outsourced'", "teams.sellers.contract={ set_up = 7, per_hour = 30, "
               "per_connect = 2, minimum_per_month = 900 }"),
}  # fmt: skip


@pytest.mark.parametrize("overrides", PURSUITS.values(), ids=PURSUITS)
def test_everything_adds_up_when_the_undecided_are_followed_up(overrides: tuple[str, ...]):
    columns, lived = both_engines(PURSUED, *EAGER, *overrides, replications=6)
    for name in ("touches", "came_back", "sold_follow_up", "sold_came_back", "misfits", "undecided_by_phone"):
        assert columns[name].sum() > 0, f"{name}: nothing is shown"
    check(parse_scenario(PURSUED, overrides=[*EAGER, *overrides]), columns, lived)


made = settings(max_examples=180, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@made
@given(scenario=st.booleans().flatmap(lambda coarse: scenarios(coarse=coarse)), seed=st.integers(0, 2**40))
def test_everything_adds_up_in_scenarios_nobody_would_think_of(scenario: Scenario, seed: int):
    columns, lived = facts_of(scenario, 3, seed=seed)
    check(scenario, columns, lived, seed)


@pytest.fixture
def whole_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads arrive at whole minutes, so that they tie with the ends of tasks."""
    monkeypatch.setattr(arrivals, "GRAIN", 60_000)


@made
@given(tree=hot_days(), seed=st.integers(0, 2**40))
@pytest.mark.usefixtures("whole_minutes")
def test_everything_adds_up_on_days_of_a_shop_that_does_everything(tree: Tree, seed: int):
    scenario = Scenario.model_validate(tree)
    columns, lived = facts_of(scenario, 3, seed=seed)
    check(scenario, columns, lived, seed)


def test_each_line_of_an_invoice_counts_the_facts_of_its_own_team():
    prices = {
        "per_dial": 1, "per_connect": 2, "per_accepted": 3, "per_attended": 4, "per_sale": 5, "per_hour": 6,
        "set_up": 7,
    }  # fmt: skip
    contract = ", ".join(f"{line} = {price}" for line, price in prices.items())
    columns, lived = both_engines(PLAIN, *SECOND_TEAM, f"teams.centre.contract={{ {contract} }}", replications=6)
    for row, history in enumerate(histories(parse_scenario(PLAIN, overrides=SECOND_TEAM), lived, 6)):
        dials, visits, talks = (
            [fact for fact in history.of(kind) if fact.team == 1] for kind in (facts.DIAL, facts.VISIT, facts.TALK)
        )
        counts = {
            "per_dial": len(dials),
            "per_connect": sum(d.outcome != calling.NO_ANSWER for d in dials),
            "per_accepted": sum(d.outcome == calling.ACCEPTED for d in dials),
            "per_attended": sum(v.outcome != demo.DID_NOT_COME for v in visits),
            "per_sale": sum(t.outcome in closing.WON for t in talks),
            "per_hour": sum(d.duration for d in dials) / HOUR,
            "set_up": 1,
        }
        assert len(set(counts.values())) == 7
        for line, count in counts.items():
            assert columns[f"costs.contract_{line}"][row] == round(count * prices[line], 2), line


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
