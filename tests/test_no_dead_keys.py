"""Every key of the scenario language does something: two scenarios that differ in it alone differ as stated.

A pair is lived in both engines, which must agree to the last fact, with the same chance in both scenarios.
The keys are read off the schema, so a new key without a pair fails here.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from dead_keys_after import PAIRS as AFTER
from dead_keys_after import Pair, less, more
from lived import both_engines

from simfunnel import parse_scenario, simulate
from simfunnel.scenario.reference import reference

FUNNEL = """
start = 2026-01-05
horizon = "20 working days"
[segments.list]
leads = 120
interested = 0.7
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.6
accepted = 0.6
[teams.callers]
[teams.hosts]
[demo]
team = "hosts"
attended = 0.7
[closing]
sold_if_interested = 0.6
[money]
revenue_per_sale = 1000
"""
NAMES = {"<segment>": "list", "<team>": "callers", "<method>": "choice", "<channel>": "phone"}
OUTSOURCED = ("teams.callers.kind='outsourced'",)
RETRIES = ("calling.attempts=3",)
SLOW = ("calling.minutes.talk=60",)  # a 60-minute talk: the list outlasts several days
WAGES = ("teams.callers.wage_per_hour=20",)
UNTIL_DONE = ("teams.callers.paid='until_done'",)
LATE = (*OUTSOURCED, *SLOW, "teams.callers.contract.per_dial=10")
WARM = ("segments.list.temperature='warm'",)
FULL = ("demo.seats=4",)
HOT = (
    "segments.web={ temperature = 'hot', arrivals = 8, arrival_hours = '09:00-17:00' }",
    "inbound={ teams = ['callers'], accepted = 0.8, waiting = { source = 'made up', odds = {} } }",
)
MEETINGS = ("calling.offer='meeting'", "meeting={ team = 'hosts', attended = 0.7 }")
WAITING = ("inbound.waiting.odds={ '1 min' = 0.01 }", "calling.minutes.talk=60")
CLOSERS = ("closing.closers=1",)
LONG_TALKS = ("closing.minutes.peak='30 min'",)
MISREAD = ("closing.misread='20 min'", "closing.odds_per_minute_late=0.8", "closing.odds_per_minute_early=0.8")
PRESSED = ("closing.sold_if_interested=0.3",)
EVERY_DAY = ("demo.every='1 working day'",)
# Most of those who come are undecided, and are touched every other day until the horizon.
FOLLOWED = (
    "closing.undecided=1",
    "closing.sold_if_interested=0.1",
    "follow_up={ team = 'hosts', interval = '2 working days', channel = 'phone', sold = 0.2 }",
    "follow_up.channels={ phone = { reached = 0.7 }, mail = { reached = 0.7 } }",
)
EASILY_IRRITATED = ("segments.list.tolerance=6",)
GATEKEPT = ("segments.list.decision_maker=0.2", "calling.asked_through=1")
LATER = ("segments.list.ready=6",)
HEARD = ("marketing={ spend = 1000, arrivals = { segment = 'web', most = 9, half = 1000 } }",)
WARMED = ("marketing={ spend = 1000, warms = { most = 1, half = 1000 } }", "calling.warm.answered=9")
NURTURED = ("follow_up.nurture={ every = '1 day', messages = 90, cost = 1 }",)


PAIRS = {
    # From a Thursday, four days hold two working days; from a Monday four.
    "start": less("2026-01-05", "2026-01-08", "teams.callers.paid_hours", "horizon='4 days'"),
    "horizon": more("'2 working days'", "'6 working days'", "dialled", *SLOW),
    "intake": more("'1 working day'", "'3 working days'", "dialled", *SLOW),
    "working_days": more("['tue', 'thu']", "['mon', 'tue', 'thu']", "teams.callers.paid_hours", "horizon='2 weeks'"),
    "holidays": less("[]", "[2026-01-06]", "teams.callers.paid_hours", "horizon='2 weeks'"),
    # 0.4 of a yen is no money at all; 0.4 of a euro is.
    "currency": less("'EUR'", "'JPY'", "revenue", "money.revenue_per_sale=0.4"),
    "segments.<segment>.temperature": more("'cold'", "'warm'", "answered", "calling.warm.answered=3"),
    "segments.<segment>.leads": more("120", "240", "dialled"),
    "segments.<segment>.interested": more("0.4", "0.8", "interested"),
    "segments.<segment>.dead_number": more("0.1", "0.5", "losses.dead_number"),
    # Who is not reached at first is harder to reach: fewer are reached in the end.
    "segments.<segment>.reach": less("0", "3", "answered", "calling.attempts=5"),
    "segments.<segment>.decision_maker": less("0.4", "0.9", "losses.gatekeeper"),
    "segments.<segment>.qualified": more("0.4", "0.8", "sold"),
    "segments.<segment>.team": more("'callers'", "'hosts'", "teams.hosts.dials"),
    "segments.<segment>.arrivals": more("1", "3", "arrived"),
    "segments.<segment>.arrivals_by_weekday": more("{ mon = 1 }", "{ mon = 1, tue = 3 }", "arrived"),
    # Who comes in the evening is answered in the morning.
    "segments.<segment>.arrival_hours": more(
        "'09:00-17:00'", "'17:00-20:00'", "response.clock_minutes", *HOT, path="segments.web.arrival_hours"
    ),
    "segments.<segment>.odds.answered": more("1", "3", "answered"),
    "segments.<segment>.odds.listened": more("1", "3", "listened"),
    "segments.<segment>.odds.accepted": more("1", "3", "accepted"),
    "segments.<segment>.odds.attended": more("1", "3", "attended"),
    "segments.<segment>.odds.sold": more("1", "3", "sold"),
    "calling.teams": more("['callers']", "['callers', 'hosts']", "teams.hosts.dials"),
    "calling.attempts": more("1", "3", "dials"),
    "calling.retry_after": more("'1 working day'", "'4 working days'", "days_until_done", *RETRIES),
    # Fresh leads first: more different leads are dialled in too short a time.
    "calling.order": more(
        "['retries', 'fresh']", "['fresh', 'retries']", "dialled", *RETRIES, *SLOW, "horizon='4 working days'"
    ),
    "calling.offer": more("'demo'", "'sale'", "sold"),
    "calling.answered": more("0.3", "0.6", "answered"),
    "calling.listened": more("0.3", "0.6", "listened"),
    "calling.accepted": more("0.3", "0.6", "accepted"),
    "calling.asked_through": more("0.2", "0.8", "listened", "segments.list.decision_maker=0.3"),
    "calling.by_hour": more("{ 9 = 0.5 }", "{ 9 = 2 }", "answered"),
    "calling.by_attempt": more("[0.5]", "[2]", "answered", *RETRIES),
    "calling.warm.answered": more("1", "3", "answered", *WARM),
    "calling.warm.listened": more("1", "3", "listened", *WARM),
    "calling.warm.accepted": more("1", "3", "accepted", *WARM),
    "inbound.teams": more("['callers']", "['callers', 'hosts']", "teams.hosts.busy_minutes", *HOT),
    "inbound.offer": more("'demo'", "'sale'", "sold", *HOT),
    "inbound.accepted": more("0.4", "0.8", "accepted", *HOT),
    "inbound.patience": less("'1 min'", "'2 h'", "losses.gave_up_waiting", *HOT, *SLOW),
    # Where a curve is from changes no number, and is checked to be said.
    "inbound.waiting.odds": less("{}", "{ '1 min' = 0.1 }", "segments.web.accepted", *HOT, *SLOW),
    "inbound.minutes.talk": more("5", "6", "teams.callers.busy_minutes", *HOT),
    "inbound.minutes.wrap_up": more("0", "1", "teams.callers.busy_minutes", *HOT),
    "meeting.team": more("'hosts'", "'callers'", "teams.callers.busy_minutes", *MEETINGS),
    "meeting.after": more("'1 working day'", "'1 week'", "teams.hosts.days", *MEETINGS),
    "meeting.attended": more("0.4", "0.8", "attended", *MEETINGS),
    "meeting.minutes.travel": more("0", "30", "teams.hosts.busy_minutes", *MEETINGS),
    "meeting.minutes.missed": more("5", "30", "teams.hosts.busy_minutes", *MEETINGS),
    "teams.<team>.overflow.to": more(
        "'hosts'", "'others'", "teams.others.dials", *SLOW, "teams.others={}", "teams.callers.overflow={ to = 'hosts' }"
    ),
    "teams.<team>.overflow.after": less(
        "'1 working day'", "'3 working days'", "teams.hosts.dials", *SLOW, "teams.callers.overflow={ to = 'hosts' }"
    ),
    "calling.minutes.ring": more("0", "1", "teams.callers.busy_minutes"),
    "calling.minutes.no_answer": more("0.5", "1", "teams.callers.busy_minutes"),
    "calling.minutes.gatekeeper": more("0.5", "1", "teams.callers.busy_minutes", "segments.list.decision_maker=0.3"),
    "calling.minutes.hang_up": more("0.5", "1", "teams.callers.busy_minutes"),
    "calling.minutes.talk": more("5", "6", "teams.callers.busy_minutes"),
    "calling.minutes.wrap_up": more("0", "1", "teams.callers.busy_minutes"),
    # The prices of one kind must be left out of the other, so each kind brings its own.
    "teams.<team>.kind": Pair(
        "'in-house'", "'outsourced'", "teams.callers.cost", -1, (), WAGES, ("teams.callers.contract.per_hour=1",)
    ),
    "teams.<team>.size": less("1", "2", "days_until_done", *SLOW),
    "teams.<team>.shift": less("'09:00-13:00'", "'09:00-17:00'", "days_until_done", *SLOW),
    "teams.<team>.pause": more("'12:00-13:00'", "'10:00-13:00'", "days_until_done", *SLOW),
    "teams.<team>.paid": less("'shift'", "'until_done'", "costs.wages", *WAGES),
    "teams.<team>.wage_per_hour": more("10", "20", "costs.wages"),
    "teams.<team>.overhead": more("0", "'35 %'", "costs.overhead", *WAGES),
    # Hour-long talks run over the end of the shift.
    "teams.<team>.overtime_premium": more("0", "0.5", "costs.overtime_premium", *WAGES, *SLOW),
    "teams.<team>.hiring": more("0", "400", "costs.hiring"),
    "teams.<team>.training": more("0", "400", "costs.training"),
    "teams.<team>.training_days": more("0", "5", "costs.training", *WAGES),
    "teams.<team>.notice": more("'1 week'", "'1 month'", "costs.notice", *WAGES, *UNTIL_DONE),
    "teams.<team>.minimum_employment": more(
        "'1 week'", "'1 month'", "costs.minimum_employment", *WAGES, *UNTIL_DONE, "teams.callers.notice='1 week'"
    ),
    "teams.<team>.commission": more("0", "0.1", "costs.commission"),
    "teams.<team>.hand_off_fee": more("0", "5", "costs.hand_off_fee"),
    "teams.<team>.odds.answered": more("1", "3", "answered"),
    "teams.<team>.odds.listened": more("1", "3", "listened"),
    "teams.<team>.odds.accepted": more("1", "3", "accepted"),
    "teams.<team>.odds.attended": more("1", "3", "attended"),
    "teams.<team>.odds.interested": more("1", "3", "interested"),
    "teams.<team>.skill": more("[0.5]", "[2]", "accepted"),
    "teams.<team>.pace": more("[1]", "[2]", "teams.callers.busy_minutes"),
    **{
        f"teams.<team>.contract.{line}": more("1", "2", f"costs.contract_{line}", *OUTSOURCED)
        for line in ("set_up", "per_hour", "per_dial", "per_connect", "per_accepted", "per_attended", "per_sale")
    },
    # January from the 5th holds 20 of its 22 working days; one day of calling is billed below any minimum.
    "teams.<team>.contract.minimum_per_month": more(
        "100", "200", "costs.contract_minimum_per_month", *OUTSOURCED, "teams.callers.contract.per_sale=0.1"
    ),
    "teams.<team>.contract.claw_back": less(
        "0", "0.5", "costs.contract_claw_back", *OUTSOURCED, "teams.callers.contract.per_accepted=10"
    ),
    "teams.<team>.contract.done_within": more(
        "'1 working day'",
        "'3 working days'",
        "costs.contract_penalty_per_day_late",
        *LATE,
        "teams.callers.contract.penalty_per_day_late=5",
    ),
    "teams.<team>.contract.penalty_per_day_late": less(
        "0", "5", "costs.contract_penalty_per_day_late", *LATE, "teams.callers.contract.done_within='1 working day'"
    ),
    # All are called on the first day, so the first event is the last day of work.
    "demo.every": more("'1 week'", "'2 weeks'", "teams.hosts.days"),
    "demo.weekday": more("'tuesday'", "'thursday'", "teams.hosts.days"),
    "demo.weekdays": more("['thursday']", "['tuesday', 'thursday']", "events", *FULL),
    "demo.at": more("'15:00'", "'18:00'", "teams.hosts.overtime_minutes"),
    "demo.length": more("'60 min'", "'90 min'", "teams.hosts.busy_minutes"),
    "demo.set_up": more("'0 min'", "'30 min'", "teams.hosts.busy_minutes"),
    "demo.team": more("'hosts'", "'callers'", "teams.callers.busy_minutes"),
    "demo.hosts": more("1", "2", "teams.hosts.busy_minutes", "teams.hosts.size=2"),
    "demo.seats": less("4", "30", "events"),
    "demo.max_wait": less("'1 week'", "'2 weeks'", "losses.no_seat", *FULL),
    "demo.overbooking": more("0", "'50 %'", "losses.turned_away", *FULL, "demo.attended=0.9"),
    # Called on Monday: tomorrow's event, or one a week away.
    "demo.notice": more("'1 working day'", "'1 week'", "teams.hosts.days", *EVERY_DAY),
    # About 22 are booked, all on the first event.
    "demo.minimum": more("1", "30", "events_cancelled"),
    "demo.attended": more("0.4", "0.8", "attended"),
    "demo.odds_per_day_waited": less("1", "0.9", "attended"),
    "demo.reminder.cost": more("0", "0.5", "costs.reminders"),
    "demo.reminder.odds": more("1", "3", "attended"),
    "demo.invite_again": less("0", "2", "losses.did_not_come"),
    "demo.room": more("0", "250", "costs.room"),
    "demo.cancellation_fee": more("0", "80", "costs.cancellations", "demo.minimum=30"),
    "demo.catering_per_head": more("0", "9", "costs.catering"),
    "closing.sold_if_interested": more("0.4", "0.8", "sold"),
    "closing.undecided": more("0.2", "0.8", "losses.undecided"),
    "closing.closers": less(
        "1", "3", "losses.left_waiting", "teams.hosts.size=3", "closing.patience='1 h'", *LONG_TALKS
    ),
    "closing.patience": less("'1 min'", "'3 h'", "losses.left_waiting", *CLOSERS, *LONG_TALKS),
    "closing.odds_per_minute_waited": less("1", "0.9", "sold", *CLOSERS, *LONG_TALKS),
    "closing.misread": less("0", "'20 min'", "sold", *MISREAD[1:]),
    "closing.reads_signals": more("0", "1", "sold", *MISREAD),
    # A closer in haste asks, and ends, sooner.
    "closing.haste": less("0", "'20 min'", "teams.hosts.busy_minutes", *CLOSERS, *LONG_TALKS),
    "closing.odds_per_minute_early": less("1", "0.8", "sold", "closing.haste='10 min'"),
    "closing.odds_per_minute_late": less("1", "0.8", "sold", "closing.misread='20 min'"),
    "closing.pressure": more("1", "3", "conceded"),
    "closing.paper.minutes": more("0", "20", "teams.hosts.busy_minutes", *CLOSERS),
    "closing.paper.odds": less("1", "0.3", "sold"),
    # Shares sum to 1, so the other method's moves the other way.
    "closing.methods.<method>.share": Pair(
        "0.1",
        "0.9",
        "sold",
        1,
        ("closing.methods.choice.cold=5",),
        ("closing.methods.stock.share=0.9",),
        ("closing.methods.stock.share=0.1",),
    ),
    "closing.methods.<method>.cold": more("1", "5", "sold", "closing.methods.choice={ share = 1 }"),
    "closing.methods.<method>.warm": more("1", "5", "sold", "closing.methods.choice={ share = 1 }", *WARM),
    "closing.methods.<method>.hot": more("1", "5", "segments.web.sold", "closing.methods.choice={ share = 1 }", *HOT),
    "closing.minutes.peak": more("5", "10", "teams.hosts.busy_minutes", *CLOSERS),
    "closing.minutes.answer": more("0", "10", "teams.hosts.busy_minutes", *CLOSERS),
    "closing.minutes.freeloader": more("5", "10", "teams.hosts.busy_minutes", *CLOSERS),
    "marketing.spend": more("100", "1000", "costs.marketing", *HOT, *HEARD),
    "marketing.arrivals.segment": more(
        "'web'", "'mail'", "segments.mail.leads", *HOT, "segments.mail={ temperature = 'hot', arrivals = 1 }", *HEARD
    ),
    "marketing.arrivals.most": more("1", "9", "segments.web.leads", *HOT, *HEARD),
    "marketing.arrivals.half": less("100", "9000", "segments.web.leads", *HOT, *HEARD),
    "marketing.warms.most": more("0.1", "1", "answered", *WARMED),
    "marketing.warms.half": less("100", "9000", "answered", *WARMED),
    "money.revenue_per_sale": more("1000", "2000", "revenue"),
    "money.unit_cost": more("0", "900", "costs.goods"),
    "money.bad_fit": more("0", "500", "costs.bad_fit", "segments.list.fit=0.5"),
    "segments.<segment>.fit": less("1", "0.2", "profit", "money.bad_fit=500"),
    "segments.<segment>.ready": less("0", "'3 weeks'", "sold", *FOLLOWED),
    "segments.<segment>.never_ready": less("0", "0.8", "sold", *FOLLOWED),
    "segments.<segment>.window": more("1", "'3 weeks'", "sold", *FOLLOWED),
    "segments.<segment>.tolerance": more("0", "6", "irritations", *FOLLOWED),
    "segments.<segment>.walks_away": more("0", "1", "losses.irritated", *FOLLOWED, *EASILY_IRRITATED),
    # By phone are contacted those who would rather have mail.
    "segments.<segment>.channels": more("{ phone = 1 }", "{ mail = 1, phone = 0 }", "irritations", *FOLLOWED),
    "segments.<segment>.returns": more("0", "1", "came_back", *FOLLOWED, *LATER),
    "calling.undecided": more("0", "0.5", "touches", *FOLLOWED, "calling.offer='sale'"),
    "inbound.undecided": more("0", "0.5", "segments.web.touches", *FOLLOWED, *HOT, "inbound.offer='sale'"),
    "follow_up.team": more("'hosts'", "'callers'", "teams.callers.touches", *FOLLOWED),
    "follow_up.interval": less("'2 working days'", "'5 working days'", "touches", *FOLLOWED),
    "follow_up.first_after": less("'1 working day'", "'8 working days'", "touches", *FOLLOWED),
    "follow_up.retry_after": less("'1 working day'", "'1 week'", "touches", *FOLLOWED),
    "follow_up.touches": more("1", "4", "touches", *FOLLOWED),
    "follow_up.stop_after": more("'2 working days'", "'2 weeks'", "touches", *FOLLOWED),
    # Irritation is a signal against buying: who notices it lets the lead go.
    "follow_up.reads_signals": less("0", "1", "touches", *FOLLOWED, *EASILY_IRRITATED),
    "follow_up.signals": more("1", "3", "touches", *FOLLOWED, *EASILY_IRRITATED, "follow_up.reads_signals=1"),
    "follow_up.channel": more("'phone'", "'mail'", "costs.touches", *FOLLOWED, "follow_up.channels.mail.cost=5"),
    "follow_up.channels.<channel>.reached": more("0.2", "0.8", "sold", *FOLLOWED),
    "follow_up.channels.<channel>.cost": more("1", "5", "costs.touches", *FOLLOWED),
    "follow_up.channels.<channel>.minutes.not_reached": more("1", "9", "teams.hosts.busy_minutes", *FOLLOWED),
    "follow_up.channels.<channel>.minutes.gatekeeper": more("1", "9", "teams.hosts.busy_minutes", *FOLLOWED, *GATEKEPT),
    "follow_up.channels.<channel>.minutes.talk": more("5", "9", "teams.hosts.busy_minutes", *FOLLOWED),
    # Who was asked is not contacted sooner than it tolerates.
    "follow_up.ask": less("false", "true", "irritations", *FOLLOWED, *EASILY_IRRITATED),
    "follow_up.keeps": less("0", "1", "irritations", *FOLLOWED, *EASILY_IRRITATED, "follow_up.ask=true"),
    "follow_up.insist": more("0", "1", "sold", *FOLLOWED, *GATEKEPT),
    "follow_up.qualify.minutes": more("0", "20", "teams.hosts.busy_minutes", *FOLLOWED),
    "follow_up.qualify.sensitivity": more("0", "1", "sold", *FOLLOWED),
    # Who is found out is not touched again.
    "follow_up.qualify.specificity": less("0", "1", "touches", *FOLLOWED, "segments.list.qualified=0.3"),
    "follow_up.decline_bad_fit": more(
        "false", "true", "losses.bad_fit_declined", *FOLLOWED, "follow_up.qualify={}", "segments.list.fit=0.3"
    ),
    "follow_up.pressure": more("1", "4", "conceded", *FOLLOWED),
    "follow_up.quota": more("0", "5", "touches", *FOLLOWED, "follow_up.interval='1 week'"),
    "follow_up.nurture.every": less("'1 day'", "'1 week'", "costs.nurture", *FOLLOWED, *NURTURED, *LATER),
    "follow_up.nurture.messages": more("1", "3", "costs.nurture", *FOLLOWED, *NURTURED, *LATER),
    "follow_up.nurture.cost": more("1", "5", "costs.nurture", *FOLLOWED, *NURTURED, *LATER),
    "follow_up.nurture.odds_returning": more(
        "1", "50", "came_back", *FOLLOWED, *NURTURED, *LATER, "segments.list.returns=0.1"
    ),
    "follow_up.nurture.keeps_open": more("1", "20", "sold", *FOLLOWED, *NURTURED, *LATER, "segments.list.window=1"),
    "follow_up.sold": more("0.1", "0.5", "sold", *FOLLOWED),
    "follow_up.odds_per_touch": less("1", "0.3", "sold", *FOLLOWED),
    "follow_up.odds_per_irritation": less("1", "0.1", "sold", *FOLLOWED, *EASILY_IRRITATED),
    "follow_up.odds_returned": more("0.1", "10", "sold_came_back", *FOLLOWED, *LATER, "segments.list.returns=1"),
    **AFTER,
}
LAYERS = ("extends", "alternatives")  # no keys of the schema: the tests of layers hold what they do
# Keys that say something to the reader and nothing to the funnel: they reach what is shown, and change no number.
SHOWN_ONLY = {
    "name": "Another title", "description": "Another story", "inbound.waiting.source": "Another study",
    "diagnostics.potential": "dialled", "diagnostics.contacted": "dialled", "diagnostics.interested": "accepted",
    "diagnostics.willing": "accepted", "diagnostics.price_talk": "sold", "diagnostics.bought": "interested",
    "decision.question": "Which?", "decision.base": "as-now", "decision.metric": "sold", "decision.better": "lower",
    "decision.matters": "5", "decision.vary": "{ 'teams.callers.size' = '1:3' }",
}  # fmt: skip


def test_every_key_of_the_schema_has_a_pair():
    assert sorted([*PAIRS, *SHOWN_ONLY]) == sorted(row.path for row in reference() if row.path not in LAYERS)


def concrete(key: str) -> str:
    for pattern, name in NAMES.items():
        key = key.replace(pattern, name)
    return key


@pytest.mark.parametrize("key", PAIRS)
def test_the_key_does_what_it_says(key: str):
    pair = PAIRS[key]
    path = pair.path or concrete(key)
    first, _ = both_engines(FUNNEL, *pair.given, *pair.with_first, f"{path}={pair.first}")
    second, _ = both_engines(FUNNEL, *pair.given, *pair.with_second, f"{path}={pair.second}")
    before, after = first[pair.column], second[pair.column]
    assert np.isfinite([before, after]).all()
    assert pair.direction * (after.mean() - before.mean()) > 0


def test_each_way_of_paying_is_another_bill():
    # Twenty shifts, the one shift in which the list is done, the hours worked in it.
    shift, until_done, worked = (
        both_engines(FUNNEL, *WAGES, f"teams.callers.paid='{way}'")[0]["costs.wages"]
        for way in ("shift", "until_done", "worked")
    )
    assert (shift > until_done).all()
    assert (until_done > worked).all()
    assert (worked > 0).all()


@pytest.mark.parametrize("engine", ["vector", "simpy"])
@pytest.mark.parametrize("key", SHOWN_ONLY)
def test_what_is_only_shown_reaches_the_result_and_changes_no_number(key: str, engine: str):
    options = {"replications": 3, "digest": True, "workers": 1, "engine": engine}
    shown = SHOWN_ONLY[key] if key in ("decision.matters", "decision.vary") else f"'{SHOWN_ONLY[key]}'"
    plain = simulate(parse_scenario(FUNNEL, overrides=HOT), **options)
    other = simulate(parse_scenario(FUNNEL, overrides=[*HOT, f"{key}={shown}"]), **options)
    said, before = (reduce(getattr, key.split("."), run.scenario) for run in (other, plain))
    assert said != before
    assert str(said) == SHOWN_ONLY[key] or not isinstance(said, str)
    assert plain.digests is not None
    assert other.digests is not None
    assert plain.digests.tolist() == other.digests.tolist()
    for name, values in plain.columns.items():
        np.testing.assert_array_equal(other.columns[name], values)
