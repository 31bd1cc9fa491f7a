"""A funnel with a list, arrivals and hot leads, and one history of it written by hand, in which every loss happens."""

from __future__ import annotations

from made_facts import Fact, fact

from simfunnel import facts
from simfunnel.funnel import calling, closing, demo, inbound
from simfunnel.funnel.segments import arrival

MINUTE, HOUR = 60_000, 3_600_000

# Two leads on the list, two that come onto it, nine hot ones; callers invite to the sellers' demo, the desk agrees on
# meetings with the sellers.
MIXED = """
start = 2026-01-12
horizon = "10 working days"
intake = "4 working days"
[segments.list]
leads = 2
[segments.fair]
temperature = "warm"
arrivals = 1
[segments.web]
temperature = "hot"
arrivals = 3
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[inbound]
teams = ["desk"]
offer = "meeting"
accepted = 0.5
waiting = { source = "a guess", odds = { "5 min" = 0.5 } }
[teams.callers]
[teams.desk]
[teams.sellers]
[demo]
team = "sellers"
attended = 0.5
catering_per_head = 10
reminder = { cost = 1 }
[meeting]
team = "sellers"
attended = 0.5
[closing]
sold_if_interested = 0.5
"""
CALLERS, DESK, SELLERS = range(3)
FAIR = [arrival(1, day, 0) for day in (0, 1)]
WEB = [arrival(2, 0, number) for number in range(9)]


def came(lead: int, day: int = 0, team: int = DESK) -> Fact:
    return fact(facts.ARRIVAL, lead, day, 9 * HOUR, team=team)


def dial(lead: int, day: int, outcome: int) -> Fact:
    return fact(facts.DIAL, lead, day, 10 * HOUR, duration=5 * MINUTE, team=CALLERS, outcome=outcome) | {"seat": 0}


def call_in(lead: int, outcome: int, day: int = 0) -> Fact:
    """Answered at 11:00 by the first member, or found gone."""
    gone, waited = outcome == inbound.GAVE_UP, (2 + 24 * day) * HOUR
    work = {} if gone else {"duration": 10 * MINUTE, "seat": 0}
    return fact(facts.INBOUND, lead, day, 11 * HOUR, team=DESK, outcome=outcome, amount=waited) | work


def booked(lead: int, day: int, outcome: int, team: int = DESK) -> Fact:
    return fact(facts.BOOKING, lead, day, 12 * HOUR, team=team, outcome=outcome)


def expected(lead: int, day: int, outcome: int, team: int = DESK) -> Fact:
    return fact(facts.VISIT, lead, day, 15 * HOUR, team=team, outcome=outcome)


def met(lead: int, day: int, outcome: int) -> list[Fact]:
    """A meeting of half an hour: the visit and the work."""
    work = fact(facts.MEETING, lead, day, 15 * HOUR, duration=30 * MINUTE, team=SELLERS, outcome=outcome)
    return [expected(lead, day, outcome), work | {"seat": 0}]


def talk(lead: int, day: int, outcome: int, amount: int = 0, team: int = DESK, closer: int = SELLERS) -> Fact:
    more = {"occurrence": closer, "outcome": outcome, "amount": amount}
    return fact(facts.TALK, lead, day, 16 * HOUR, team=team, **more)


HISTORY = [
    *(came(lead) for lead in WEB), came(FAIR[0], 0, CALLERS), came(FAIR[1], 1, CALLERS),
    # 0 buys after the demo, 1 waits in vain for a closer there; one fair lead hangs up, the other is a freeloader.
    dial(0, 0, calling.ACCEPTED), dial(1, 0, calling.ACCEPTED), dial(FAIR[0], 1, calling.HUNG_UP),
    dial(FAIR[1], 2, calling.ACCEPTED),
    *(booked(lead, 2, demo.BOOKED, CALLERS) for lead in (0, 1, FAIR[1])),
    fact(facts.EVENT, day=4, clock=15 * HOUR, team=SELLERS, outcome=demo.HELD, amount=3),
    fact(facts.HOST, day=4, clock=15 * HOUR, duration=HOUR, team=SELLERS) | {"seat": 0},
    expected(0, 4, demo.INTERESTED, CALLERS), expected(1, 4, demo.INTERESTED, CALLERS),
    expected(FAIR[1], 4, demo.FREELOADER, CALLERS),
    fact(facts.CLOSING, 0, 4, 16 * HOUR, duration=2 * HOUR, team=SELLERS, amount=0) | {"seat": 0},
    talk(0, 4, closing.SOLD, 1000_00, CALLERS), talk(1, 4, closing.LEFT, 0, CALLERS),
    # Of the hot ones 0 gives up, 1 refuses, 2-7 agree to meet, 8 still waits.
    call_in(WEB[0], inbound.GAVE_UP), call_in(WEB[1], inbound.REFUSED, day=1),
    *(call_in(lead, inbound.ACCEPTED) for lead in WEB[2:8]),
    *(booked(lead, 0, demo.MEETING + demo.BOOKED) for lead in WEB[2:7]),
    booked(WEB[7], 0, demo.MEETING + demo.WAITING),
    *met(WEB[2], 1, demo.DID_NOT_COME), *met(WEB[3], 1, demo.INTERESTED), *met(WEB[4], 2, demo.INTERESTED),
    *met(WEB[5], 2, demo.INTERESTED), *met(WEB[6], 2, demo.INTERESTED),
    talk(WEB[3], 1, closing.SOLD, 500_00), talk(WEB[4], 2, closing.CONCEDED, 300_00),
    talk(WEB[5], 2, closing.UNDECIDED), talk(WEB[6], 2, closing.NOT_CONVINCED),
]  # fmt: skip


def called_in(number: int) -> list[Fact]:
    """More hot leads, which are answered on the second day and refuse."""
    leads = [arrival(2, 1, place) for place in range(number)]
    return [*(came(lead, 1) for lead in leads), *(call_in(lead, inbound.REFUSED, 1) for lead in leads)]
