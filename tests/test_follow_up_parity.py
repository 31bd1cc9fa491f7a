"""Follow-up is the same in both engines: every habit of the firm, every trait of the undecided, to the last fact.

One shop that does it all is varied, one rule at a time. The smallest fault these tests would notice is one
fact of one history that differs in one column by 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import Facts, both_engines, of_kind

from simfunnel import facts, parse_scenario
from simfunnel.funnel import arrivals, touch, undecided
from simfunnel.simulation import Settings, live, simulate

SHOP = """
start = 2026-01-05
horizon = "120 working days"
intake = "30 working days"
[segments.list]
leads = 250
interested = 0.8
ready = { exponential = { mean = 40 } }
never_ready = 0.2
window = { exponential = { mean = 50 } }
tolerance = { gamma = { mean = 12, sd = 8 } }
walks_away = 0.15
channels = { phone = 0.7, mail = 0.3 }
returns = 0.3
qualified = 0.7
fit = 0.9
decision_maker = 0.8
[calling]
teams = ["callers"]
answered = 0.8
listened = 0.5
accepted = 0.8
attempts = 3
retry_after = "2 working days"
[teams.callers]
size = 2
[teams.sellers]
size = 2
[demo]
every = "1 weeks"
team = "sellers"
attended = 0.7
[closing]
sold_if_interested = 0.2
undecided = 0.8
[money]
revenue_per_sale = 3000
bad_fit = 1000
[follow_up]
team = "sellers"
interval = "2 weeks"
retry_after = "3 working days"
touches = 8
channel = "phone"
sold = 0.3
insist = 0.3
odds_per_touch = 0.95
odds_per_irritation = 0.7
reads_signals = 0.3
ask = true
keeps = 0.8
pressure = 1.2
decline_bad_fit = true
quota = 3
[follow_up.qualify]
sensitivity = 0.9
specificity = 0.8
[follow_up.nurture]
every = "1 weeks"
messages = 5
cost = 1
odds_returning = 3
keeps_open = 2
[follow_up.channels.phone]
reached = 0.5
[follow_up.channels.mail]
reached = 0.8
cost = 0.5
"""

HOT = """
[segments.web]
temperature = "hot"
arrivals = 4
returns = 0.5
ready = { exponential = { mean = 10 } }
arrival_hours = "08:00-19:00"
[inbound]
teams = ["sellers"]
accepted = 0.6
patience = { discrete = [20, 200, 1000] }
[inbound.waiting]
source = "made up"
odds = { "5 min" = 0.8, "2 h" = 0.4 }
"""

MEETINGS = """
[meeting]
team = "sellers"
after = "2 working days"
attended = 0.8
"""

NO_QUOTA = "follow_up.quota=0"
SLOW = ("follow_up.channels.phone.minutes.talk=150", "follow_up.channels.phone.minutes.not_reached=100")
BY_PHONE = ("calling.offer=sale", "calling.undecided=0.7", "calling.accepted=0.3")
VARIED = {
    "all of it": ("", ()),
    "no quota": ("", (NO_QUOTA,)),
    "no returns": ("", ("segments.list.returns=0",)),
    "all return": ("", ("segments.list.returns=1", "segments.list.never_ready=0", NO_QUOTA)),
    "only nurture brings them back": ("", ("segments.list.returns=0.01", "follow_up.nurture.odds_returning=200")),
    "returning with hot leads": (HOT, ()),
    "nobody waits long": (HOT, ("inbound.patience=0",)),
    "answered by others": (HOT, ('inbound.teams=["callers"]',)),
    "hot leads buy by phone or stay undecided": (HOT, ("inbound.offer=sale", "inbound.undecided=0.8")),
    "all by phone": (HOT, ("inbound.offer=sale", "inbound.undecided=0.8", *BY_PHONE)),
    "meetings": (MEETINGS, ("calling.offer=meeting",)),
    "meetings and hot leads": (HOT + MEETINGS, ("calling.offer=meeting", "inbound.offer=meeting")),
    "dialled by the team that follows up": (HOT, ('calling.teams=["sellers"]',)),
    "old before fresh": (MEETINGS, ('calling.teams=["sellers"]', "calling.offer=meeting",
                         'calling.order=["fresh", "quota", "retries", "follow_ups", "meetings"]')),
    "nobody is asked": ("", ("follow_up.ask=false", "follow_up.keeps=1")),
    "nobody is qualified first": ("", ("follow_up.decline_bad_fit=false", "follow_up.qualify.specificity=0")),
    "gatekeepers": ("", ("follow_up.insist=0", "segments.list.decision_maker=0.2")),
    "blind to signals": ("", ("follow_up.reads_signals=0", "follow_up.touches=4000")),
    "sees all signals": ("", ("follow_up.reads_signals=1", "follow_up.signals=2")),
    "forgot me": ("", ("follow_up.touches=4000", "follow_up.interval=1 working day", "follow_up.retry_after=1 day")),
    "stops soon": ("", ("follow_up.stop_after=1 month", "follow_up.first_after=1 working day")),
    "stops before it began": ("", ("follow_up.stop_after=1 week",)),
    "too much to do": ("", (*SLOW, "teams.sellers.size=1", "follow_up.interval=2 working days")),
    "too much to do, and a stop": ("", (*SLOW, "teams.sellers.size=1", "follow_up.stop_after=10 days")),
    "quota of the impossible": ("", (*SLOW, "follow_up.quota=200")),
    "quota without a horizon's rule": ("", ("follow_up.quota=1", "follow_up.interval=1 year")),
    "unlike pace": (HOT, ("teams.sellers.pace=[0.5, 1.7]", "teams.sellers.skill=[0.2, 3]")),
    "unlike skill": (HOT, ("teams.sellers.skill=[0.2, 3]",)),
    "pauses": (HOT, ("teams.sellers.pause=12:00-13:00", *SLOW)),
    "hosts and closers": (HOT, ("demo.hosts=1", "closing.closers=2", 'demo.every=1 working day', *SLOW)),
    "a short horizon": ("", ("horizon=9 working days", "intake=3 working days")),
    "one day": ("", ("horizon=1 working day", "intake=1 working day")),
    "no days off": (HOT, ('working_days=["mon","tue","wed","thu","fri","sat","sun"]', "holidays=[2026-02-03]")),
    "uncertain": (HOT, ("follow_up.sold=3 of 9", "segments.list.returns=2 of 7", "follow_up.insist=1 of 3",
                        "segments.list.fit=7 of 9", "follow_up.odds_per_touch={low=0.5, high=1.0}",
                        "segments.list.ready={exponential={mean={low=5, high=90}}}", "follow_up.keeps=1 of 2",
                        "follow_up.nurture.keeps_open={low=1, high=4}", "teams.sellers.pace=[0.5, {low=1, high=2}]",
                        "follow_up.channels.phone.minutes.talk={lognormal={mean={low=5, high=20}, sd=6}}")),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIED)
def test_engines_agree(name: str) -> None:
    more, overrides = VARIED[name]
    _, told = both_engines(SHOP + more, *overrides, replications=6, digest=True)
    assert_tasks(told)


@pytest.mark.parametrize("name", ["all of it", "returning with hot leads", "unlike pace", "hosts and closers"])
def test_engines_agree_where_clocks_tie(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes, comes at a whole hour, when talks of an hour end."""
    monkeypatch.setattr(arrivals, "GRAIN", 3_600_000)
    more, overrides = VARIED[name]
    hour = ("follow_up.channels.phone.minutes.talk=60", "follow_up.channels.phone.minutes.not_reached=60")
    both_engines(SHOP + more, *overrides, *hour, "follow_up.qualify.minutes=0", replications=6, digest=True)


def assert_tasks(told: Facts) -> None:
    """At most one task a lead a day; a file is opened once, and at most once anew; touches are counted up."""
    tasks = np.isin(told["kind"], (facts.TOUCH, facts.ANSWER)) & (told["seat"] != facts.NOBODY)
    assert_unique(told, tasks, "history", "lead", "day")
    opened = (told["kind"] == facts.FILE) & (told["outcome"] == undecided.OPENED)
    anew = (told["kind"] == facts.FILE) & (told["outcome"] == undecided.REOPENED)
    closed = (told["kind"] == facts.FILE) & ~opened & ~anew
    assert_unique(told, closed, "history", "lead", "day")
    for those in (opened, anew, closed & (told["outcome"] != undecided.GIVEN_UP), told["kind"] == facts.RETURN,
                  told["kind"] == facts.SERIES):  # fmt: skip
        assert_unique(told, those, "history", "lead")
    touches = of_kind(told, facts.TOUCH)
    assert_unique(touches, np.ones(touches["day"].size, dtype=bool), "history", "lead", "occurrence")
    won = np.isin(told["kind"], (facts.TOUCH, facts.ANSWER)) & np.isin(told["outcome"], touch.WON)
    assert np.count_nonzero(won) == np.count_nonzero(closed & (told["outcome"] == undecided.SOLD))


def assert_unique(told: Facts, which: np.ndarray, *names: str) -> None:
    keys = np.array([told[name][which] for name in names])
    assert np.unique(keys, axis=1).shape == keys.shape


def test_a_history_lives_again_alone() -> None:
    scenario = parse_scenario(SHOP + HOT)
    run = simulate(scenario, replications=5, seed=3, workers=1, digest=True)
    assert run.digests is not None
    for row in (0, 4):
        again = live(scenario, Settings(seed=3, engine="simpy", digest=True), row, 1)
        assert again["digest"].view(np.uint64)[0] == run.digests[row]
