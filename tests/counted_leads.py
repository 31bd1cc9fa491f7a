"""Every lead ends somewhere, and each step of it follows the one before: leads = sold + losses, counted one by one."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict

import numpy as np
from counted import DAY, MINUTE, Fact, History, inside
from counted_pursuits import comes_back, does_not_fit, gets_messages, is_answered, is_filed, is_touched

from simfunnel import facts
from simfunnel.funnel import calling, closing, demo, inbound, undecided
from simfunnel.funnel.segments import arrived_on, is_arrival, is_referral
from simfunnel.metrics import LOSSES, STAGES, Columns

ORDER = (
    facts.ARRIVAL, facts.INBOUND, facts.DIAL, facts.MEETING, facts.VISIT, facts.CLOSING, facts.RETURN, facts.TOUCH,
    facts.ANSWER, facts.TALK, facts.BOOKING, facts.SERIES, facts.MISFIT, facts.FILE,
)  # fmt: skip
"""On one day a lead goes through these; who asks for a seat at night may be moved the same night."""

STILL_OPEN = (
    "listed",
    "waiting",
    "waits for an event",
    "agreed",
    "agreed beyond the horizon",
    "followed up",
    "came back",
)

# ---------------------------------------------------------------- where each lead ends


def fates(history: History) -> dict[int, str]:
    """Where each lead ended: its whole life is followed, and each step must be one that can follow the last."""
    lives = defaultdict(list)
    for fact in [*history.named.values(), *history.of(*ORDER)]:
        lives[fact.lead].append(fact)
    assert set(lives) <= set(history.leads)
    return {lead: ended(history, lead, lives[lead]) for lead in history.leads}


def ended(history: History, lead: int, life: list[Fact]) -> str:
    state = "waiting" if history.terms.is_hot(lead) else "listed"
    for fact in sorted(life, key=lambda f: (f.day, step_of_day(f), f.clock)):
        state = STEPS[fact.kind](history, state, fact)
    if state == "wants a demo":  # and there is none
        assert history.scenario.demo is None
        return "still_open"
    assert state != "undecided" or history.scenario.follow_up is None
    state = {"missed": "did_not_come", **dict.fromkeys(STILL_OPEN, "still_open")}.get(state, state)
    assert state in (*LOSSES, "sold"), (lead, state)
    return state


def step_of_day(fact: Fact) -> int:
    """Who was let go is followed up again before it comes back."""
    is_first = fact.kind == facts.FILE and fact.outcome == undecided.REOPENED
    return -1 if is_first else (facts.REFERRAL, *ORDER).index(fact.kind)


def arrives(history: History, before: str, fact: Fact) -> str:
    assert before == "waiting" or (before == "listed" and is_arrival(fact.lead))
    return before


def is_named(history: History, before: str, fact: Fact) -> str:
    assert before == "listed"
    assert fact.day < history.terms.intake - 1
    assert is_referral(fact.lead)
    return before


def answered(history: History, before: str, fact: Fact) -> str:
    assert before == "waiting"
    assert history.scenario.inbound is not None
    if fact.outcome == inbound.ACCEPTED:
        return f"wants a {history.scenario.inbound.offer}"
    return "gave_up_waiting" if fact.outcome == inbound.GAVE_UP else "refused"


def dialled(history: History, before: str, fact: Fact) -> str:
    assert before == "listed"
    assert history.scenario.calling is not None
    if fact.outcome == calling.ACCEPTED:
        return f"wants a {history.scenario.calling.offer}"
    assert {dial.amount for dial in history.dials[fact.lead]} in ({0}, {1})  # a dead number is so for good
    if fact.outcome == calling.NO_ANSWER:
        is_last = fact.occurrence == history.scenario.calling.attempts - 1
        return "listed" if not is_last else "dead_number" if fact.amount else "never_reached"
    assert fact.amount == 0
    return {calling.GATEKEEPER: "gatekeeper", calling.HUNG_UP: "hung_up", calling.REFUSED: "refused"}[fact.outcome]


def asks(history: History, before: str, fact: Fact) -> str:
    cause, seated = divmod(fact.outcome, 3)
    assert before == ("wants a demo", "booked", "missed", "wants a meeting")[cause]
    if cause == demo.MEETING // 3:
        return {demo.BOOKED: "agreed", demo.WAITING: "agreed beyond the horizon"}[seated]
    if seated == demo.NO_SEAT:
        return "did_not_come" if cause == demo.AGAIN // 3 else "no_seat"
    return "booked" if seated == demo.BOOKED else "waits for an event"


def is_met(history: History, before: str, fact: Fact) -> str:
    assert before == "agreed"
    return "met"


def visits(history: History, before: str, fact: Fact) -> str:
    assert before in ("booked", "met")
    if before == "met":
        assert fact.outcome != demo.TURNED_AWAY
    absent = "missed" if before == "booked" else "did_not_come"
    return (absent, "freeloader", "interested", "turned_away")[fact.outcome]


def is_closed(history: History, before: str, fact: Fact) -> str:
    assert before in ("interested", "freeloader")
    return before


def talks(history: History, before: str, fact: Fact) -> str:
    assert fact.amount >= 0
    assert fact.amount == 0 or fact.outcome in closing.WON
    if before == "buys later":
        assert fact.outcome in closing.WON
        return "sold later"
    by_phone = {"wants a sale": closing.SOLD, "refused": closing.UNDECIDED_BY_PHONE}
    assert before == "interested" or by_phone[before] == fact.outcome
    return ("not_convinced", "sold", "sold", "undecided", "left_waiting", "undecided")[fact.outcome]


STEPS = {
    facts.ARRIVAL: arrives, facts.INBOUND: answered, facts.DIAL: dialled, facts.BOOKING: asks, facts.MEETING: is_met,
    facts.VISIT: visits, facts.CLOSING: is_closed, facts.TALK: talks,
    facts.RETURN: comes_back, facts.TOUCH: is_touched, facts.ANSWER: is_answered, facts.FILE: is_filed,
    facts.SERIES: gets_messages, facts.MISFIT: does_not_fit, facts.REFERRAL: is_named,
}  # fmt: skip


def check_leads(history: History, columns: Columns, row: int) -> None:
    """Leads = sold + losses, in all and by segment; a list is done when nobody on it is to be dialled any more."""
    fate, terms = fates(history), history.terms
    of_segment = defaultdict(list)
    for lead in history.leads:
        of_segment[terms.segment_of(lead)].append(lead)
    places = {"": history.leads} | {
        f"segments.{name}.": of_segment[number] for number, name in enumerate(terms.scenario.segments)
    }
    for prefix, leads in places.items():
        found = Counter(fate[lead] for lead in leads)
        assert columns[f"{prefix}leads"][row] == len(leads), prefix
        assert columns[f"{prefix}sold"][row] == found["sold"], prefix
        for loss in LOSSES:
            assert columns[f"{prefix}losses.{loss}"][row] == found[loss], (prefix, loss)
        assert sum(columns[f"{prefix}losses.{loss}"][row] for loss in LOSSES) + found["sold"] == len(leads)
    settled = {lead for lead, dials in history.dials.items() if dials[-1].outcome != calling.NO_ANSWER}
    settled |= {lead for lead in history.dials if fate[lead] in ("never_reached", "dead_number")}
    listed = [lead for lead in history.leads if not terms.is_hot(lead)]
    done = bool(listed) and set(listed) <= settled
    last = max((dial.day + 1 for dial in history.of(facts.DIAL)), default=0)
    np.testing.assert_equal(columns["days_until_done"][row], float(last) if done else np.nan)


# ---------------------------------------------------------------- how far each lead got


def reached(history: History) -> dict[str, list[Fact]]:
    """The facts that bring a lead to each stage, once each."""
    dials, visited, talked = history.of(facts.DIAL), history.of(facts.VISIT), history.of(facts.TALK)
    spoken = [fact for fact in history.of(facts.INBOUND) if fact.outcome != inbound.GAVE_UP]
    came, first = (demo.FREELOADER, demo.INTERESTED), (demo.ACCEPTED + demo.BOOKED, demo.MEETING + demo.BOOKED)
    return {
        "dialled": [d for d in dials if d.occurrence == 0] + spoken,
        "answered": [d for d in dials if d.outcome != calling.NO_ANSWER] + spoken,
        "listened": [d for d in dials if d.outcome in (calling.REFUSED, calling.ACCEPTED)] + spoken,
        "accepted": accepted(history),
        "booked": [b for b in history.of(facts.BOOKING) if b.outcome in first],
        "attended": [v for v in visited if v.outcome in came],
        "interested": [v for v in visited if v.outcome == demo.INTERESTED],
        "sold": [t for t in talked if t.outcome in (closing.SOLD, closing.CONCEDED)],
        "conceded": [t for t in talked if t.outcome == closing.CONCEDED],
        "arrived": [a for a in history.of(facts.ARRIVAL) if is_arrival(a.lead)] + list(history.named.values()),
        "dials": dials,
    }  # fmt: skip


def accepted(history: History) -> list[Fact]:
    return [d for d in history.of(facts.DIAL) if d.outcome == calling.ACCEPTED] + [
        t for t in history.of(facts.INBOUND) if t.outcome == inbound.ACCEPTED
    ]


def check_stages(history: History, columns: Columns, row: int) -> None:
    """Each stage counted by segment and team; each within the one before, but for those who buy by phone."""
    terms, stages = history.terms, reached(history)
    for stage, found in stages.items():
        assert columns[stage][row] == len(found), stage
        leads = [fact.lead for fact in found]
        assert stage == "dials" or len(set(leads)) == len(leads), stage
        by_segment = Counter(terms.segment_of(lead) for lead in leads)
        for number, name in enumerate(terms.scenario.segments):
            assert columns[f"segments.{name}.{stage}"][row] == by_segment[number], (name, stage)
        by_team = Counter(fact.team for fact in found)
        for number, name in enumerate(terms.names):
            assert columns[f"teams.{name}.{stage}"][row] == by_team[number], (name, stage)
    got = {stage: {fact.lead for fact in stages[stage]} for stage in STAGES}
    for earlier, later in itertools.pairwise(STAGES[:-1]):
        assert got[later] <= got[earlier]
    later = {fact.lead for fact in history.later}
    by_phone = got["sold"] - got["interested"] - later
    assert by_phone <= got["accepted"] - got["booked"]
    offers = [w.offer for w in (history.scenario.calling, history.scenario.inbound) if w is not None]
    if "sale" in offers:
        assert columns["sold_by_phone"][row] == len(by_phone)
    else:
        assert not by_phone
    if any(segment.temperature == "hot" for segment in terms.segments):
        hot = sum(terms.is_hot(lead) for lead in got["sold"])
        assert columns["sold_hot"][row] == hot
        np.testing.assert_equal(columns["hot_share"][row], hot / len(got["sold"]) if got["sold"] else np.nan)
    for number, name in enumerate(terms.names):
        spoken = [f for f in history.of(facts.INBOUND) if f.team == number and f.seat != facts.NOBODY]
        assert columns[f"teams.{name}.answered_inbound"][row] == len(spoken)
        met = [f for f in history.of(facts.MEETING) if f.team == number]
        assert columns[f"teams.{name}.meetings"][row] == len(met)
    assert columns["meetings"][row] == len(history.of(facts.MEETING))


# ---------------------------------------------------------------- who comes when, and for how long it waits


def check_arrivals(history: History) -> None:
    """Leads come in their hours, on working days of the intake, numbered without gaps, to a team of theirs."""
    terms, numbers, bought = history.terms, defaultdict(list), history.scenario.marketing
    marketed = None
    if bought is not None and bought.arrivals is not None:
        marketed = list(history.scenario.segments).index(bought.arrivals.segment)
    assert len(history.arrival) == len(history.of(facts.ARRIVAL))
    for lead, came in history.arrival.items():
        segment = terms.segments[terms.segment_of(lead)]
        hot, work = terms.is_hot(lead), terms.scenario.inbound if terms.is_hot(lead) else terms.scenario.calling
        assert work is not None
        assert terms.names[came.team] in ([segment.team] if segment.team else work.teams)
        if not is_arrival(lead):
            opening = terms.teams[came.team].shift.start * MINUTE
            assert (hot, came.day, came.clock) == (True, 0, opening)
            continue
        day, number = arrived_on(lead)
        numbers[terms.segment_of(lead), day].append(number)
        assert came.day == day < terms.intake - (not hot)
        assert segment.arrival_hours.start * MINUTE <= came.clock < segment.arrival_hours.end * MINUTE
        weekday = terms.calendar.dates[day].weekday()
        if terms.segment_of(lead) != marketed:
            assert not segment.arrivals_by_weekday or weekday in segment.arrivals_by_weekday
    assert all(sorted(each) == list(range(len(each))) for each in numbers.values())
    hot_listed = {lead for leads in terms.listed for lead in leads if terms.is_hot(lead)}
    assert {lead for lead in history.arrival if not is_arrival(lead)} == hot_listed


def check_waits(history: History, columns: Columns, row: int) -> None:
    """Waited = start - arrival; nobody is answered after its patience, and who gave up had none left."""
    waits: dict[str, list[int]] = {"clock": [], "working": []}
    plan = history.scenario.inbound
    limit = plan.patience.best if plan is not None and plan.patience is not None and plan.patience.is_fixed else None
    for fact in history.of(facts.INBOUND):
        assert plan is not None
        assert fact.team == history.arrival[fact.lead].team
        came, now = history.arrived_at(fact.lead), history.moment(fact.day, fact.clock)
        if fact.outcome == inbound.GAVE_UP:
            check_gave_up(history, fact, came + fact.amount, now)
            assert plan.patience is not None
            assert limit is None or fact.amount == limit
            continue
        assert fact.amount == now - came >= 0
        assert limit is None or fact.amount <= limit
        waits["clock"].append(fact.amount)
        waits["working"].append(working_time(history, fact))
    if plan is None:
        return
    for what, each in waits.items():
        mean = np.nan if not each else sum(each) / len(each) / MINUTE
        np.testing.assert_allclose(columns[f"response.{what}_minutes"][row], mean, rtol=1e-12)
        for percent in (50, 90, 95):
            least = [w for w in each if sum(v <= w for v in each) * 100 >= percent * len(each)]
            found = columns[f"response.{what}_minutes_p{percent}"][row]
            np.testing.assert_equal(found, min(least) / MINUTE if least else np.nan)


def check_gave_up(history: History, fact: Fact, deadline: int, now: int) -> None:
    """Who gave up is found gone after its patience, on the first day of work whose night is later."""
    midnight = history.moment(fact.day, DAY)
    assert fact.seat == facts.NOBODY
    assert fact.duration == 0
    assert deadline < (midnight if fact.clock == demo.NIGHT else now)
    assert history.arrival[fact.lead].day <= fact.day
    if history.arrival[fact.lead].day < fact.day:
        assert deadline >= history.moment(fact.day - 1, DAY)


def working_time(history: History, fact: Fact) -> int:
    """Ms of the answering team's paid hours from the arrival to the answer."""
    team, came = history.terms.teams[fact.team], history.arrival[fact.lead]
    total = 0
    for day in range(came.day, fact.day + 1):
        begin = came.clock if day == came.day else 0
        total += inside(team, begin, fact.clock if day == fact.day else DAY)
    return total
