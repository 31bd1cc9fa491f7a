"""A funnel whose undecided are followed up, and a history of it written by hand: five files, two of them sold."""

from __future__ import annotations

from made_facts import Fact, fact

from simfunnel import facts
from simfunnel.funnel import closing, inbound, touch, undecided
from simfunnel.funnel.segments import arrival

MINUTE, HOUR = 60_000, 3_600_000

# 2026-01-12 to 2026-03-31: 15 working days in January (0-14), 20 in February (15-34), 22 in March (35-56).
PURSUED = """
start = 2026-01-12
horizon = "57 working days"
intake = "10 working days"
[segments.list]
leads = 4
fit = 0.5
[segments.web]
temperature = "hot"
arrivals = 1
[calling]
teams = ["callers"]
answered = 0.5
listened = 0.5
accepted = 0.5
[inbound]
teams = ["desk"]
offer = "sale"
accepted = 0.5
undecided = 0.5
waiting = { source = "a guess", odds = { "5 min" = 0.5 } }
[teams.callers]
[teams.desk]
[teams.sellers]
[demo]
team = "sellers"
attended = 0.5
[closing]
sold_if_interested = 0.5
undecided = 0.5
[money]
revenue_per_sale = 1000
bad_fit = 50
[follow_up]
team = "sellers"
interval = "10 days"
channel = "phone"
sold = 0.5
nurture = { every = "14 days", messages = 4, cost = 0.25 }
[follow_up.channels.phone]
reached = 0.5
cost = 0.5
[follow_up.channels.mail]
reached = 0.5
cost = 2
"""
# More leads, of whom most stay undecided: nearly everything happens.
EAGER = (
    "segments.list.leads=60", "segments.list.walks_away=0.3", "segments.list.tolerance=20",
    "segments.list.returns=0.4", "segments.list.ready={ low = 5, high = 60 }", "segments.list.window=30",
    "segments.list.never_ready=0.1", "segments.list.qualified=0.8", "closing.sold_if_interested=0.2",
    "closing.undecided=0.9", "calling.answered=0.9", "calling.listened=0.9", "calling.accepted=0.9",
    "demo.attended=0.9", "follow_up.touches=4", "follow_up.sold=0.3", "segments.web.ready=10",
    "follow_up.insist=0.5", "segments.list.decision_maker=0.7", "follow_up.quota=2",
    "segments.web.returns=0.3", "follow_up.qualify={ sensitivity = 0.8, specificity = 0.8 }",
    "follow_up.decline_bad_fit=true",
)  # fmt: skip
CALLERS, DESK, SELLERS = range(3)
PHONE, MAIL = 0, 1
WEB = arrival(1, 0, 0)
LATE, QUOTA, IRRITATES = 17 * HOUR - 10 * MINUTE, 2, 1


def touched(lead: int, day: int, outcome: int, number: int, amount: int = 0, clock: int = 9 * HOUR) -> Fact:
    """The `number`th touch (from 0), of 20 minutes."""
    more = {"duration": 20 * MINUTE, "team": SELLERS, "occurrence": number, "outcome": outcome, "amount": amount}
    return fact(facts.TOUCH, lead, day, clock, **more) | {"seat": 0}


def filed(
    lead: int, day: int, outcome: int, amount: int, lasted: int = 0, touches: int = 0, team: int = CALLERS
) -> Fact:
    more = {"duration": lasted, "team": team, "occurrence": touches, "outcome": outcome, "amount": amount}
    return fact(facts.FILE, lead, day, 18 * HOUR, **more)


def answered(lead: int, day: int, outcome: int) -> Fact:
    """Answered at 11:00 after an hour, by the first seller, or gone by then."""
    work = {} if outcome == touch.GAVE_UP else {"duration": 10 * MINUTE, "seat": 0}
    return fact(facts.ANSWER, lead, day, 11 * HOUR, team=SELLERS, outcome=outcome, amount=HOUR) | work


def came_back(lead: int, day: int) -> Fact:
    return fact(facts.RETURN, lead, day, 10 * HOUR, team=SELLERS)


def talked(lead: int, day: int, outcome: int, amount: int = 0, team: int = CALLERS, closer: int = SELLERS) -> Fact:
    more = {"occurrence": closer, "outcome": outcome, "amount": amount}
    return fact(facts.TALK, lead, day, 18 * HOUR, team=team, **more)


HISTORY = [
    # 0 is sold at its third touch, to whom the product is not right.
    talked(0, 2, closing.UNDECIDED), filed(0, 2, undecided.OPENED, 1000_00),
    touched(0, 10, touch.NOT_REACHED, 0), touched(0, 20, touch.NOT_READY, 1),
    fact(facts.SERIES, 0, 20, 24 * HOUR - 1, team=SELLERS, occurrence=2, amount=4),
    touched(0, 40, touch.SOLD, 2), talked(0, 40, closing.SOLD, 1000_00),
    filed(0, 40, undecided.SOLD, 1000_00, 38, 3), fact(facts.MISFIT, 0, 40, 18 * HOUR, team=CALLERS),
    # 1 is irritated by a mail that only the quota called for; opened and closed in January.
    talked(1, 3, closing.UNDECIDED), filed(1, 3, undecided.OPENED, 500_00),
    touched(1, 12, touch.WALKED_AWAY, 0, MAIL * 4 + QUOTA + IRRITATES), filed(1, 12, undecided.IRRITATED, 500_00, 9, 1),
    # A hot lead refuses on the phone but is undecided, comes back by itself and buys under pressure.
    fact(facts.ARRIVAL, WEB, 0, 9 * HOUR, team=DESK),
    fact(facts.INBOUND, WEB, 0, 9 * HOUR, duration=10 * MINUTE, team=DESK, outcome=inbound.REFUSED) | {"seat": 0},
    talked(WEB, 0, closing.UNDECIDED_BY_PHONE, 0, DESK, DESK), filed(WEB, 0, undecided.OPENED, 300_00, 0, 0, DESK),
    came_back(WEB, 16), answered(WEB, 16, touch.CONCEDED), talked(WEB, 16, closing.CONCEDED, 300_00, DESK),
    filed(WEB, 16, undecided.SOLD, 300_00, 16, 0, DESK),
    # 2 comes back and waits in vain: its file is still open.
    talked(2, 16, closing.UNDECIDED), filed(2, 16, undecided.OPENED, 700_00),
    came_back(2, 30), answered(2, 30, touch.GAVE_UP),
    # 3 is given up after a touch that ended 10 minutes after the shift.
    talked(3, 5, closing.UNDECIDED), filed(3, 5, undecided.OPENED, 200_00),
    touched(3, 20, touch.NOT_CONVINCED, 0, PHONE * 4 + IRRITATES, LATE),
    filed(3, 20, undecided.GIVEN_UP, 200_00, 15, 1),
]  # fmt: skip
