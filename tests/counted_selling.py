"""Hosts, closers, sellers: who is called to a demo and when, who talks to whom; each acceptance is settled."""

from __future__ import annotations

from collections import defaultdict

from counted import TASKS, Fact, History

from simfunnel import facts
from simfunnel.funnel import calling, closing, demo, inbound


def check_called(history: History) -> None:
    """An event's hosts and closers are the lowest seats; they join when they leave, or their last task ends."""
    terms = history.terms
    if terms.scenario.demo is None:
        assert not history.of(facts.HOST, facts.EVENT, facts.CLOSING)
        return
    team, expected, closed = terms.host_team, [], []
    ends = {(f.day, f.seat): f.end for f in sorted(history.of(*TASKS), key=lambda f: f.clock) if f.team == team}
    for event in history.held():
        joined = [max(terms.leave, ends.get((event.day, seat), 0)) for seat in range(terms.called)]
        expected += [(event.day, seat, clock, terms.event_end - clock) for seat, clock in enumerate(joined)
                     if clock < terms.event_end]  # fmt: skip
        closed += check_closers(history, event.day, joined[: terms.scenario.closing.closers])
    hosts = history.of(facts.HOST)
    assert sorted((h.day, h.seat, h.clock, h.duration) for h in hosts) == sorted(expected)
    assert all(fact.team == team for fact in history.of(facts.HOST, facts.CLOSING))
    assert sorted(closed) == sorted(history.of(facts.CLOSING))


def check_closers(history: History, day: int, joined: list[int]) -> list[Fact]:
    """Each comer, in order of lead, gets the closer free first, or has left by then; the talks of the evening."""
    terms, free = history.terms, [max(clock, history.terms.event_end) for clock in joined]
    plan, talks = terms.scenario.closing, {fact.lead: fact for fact in history.of(facts.CLOSING) if fact.day == day}
    limit = plan.patience.best if plan.patience is not None and plan.patience.is_fixed else None
    told = {lead: fact for lead, fact in history.talks.items() if fact.day == day}
    for visit in sorted(history.of(facts.VISIT), key=lambda v: v.lead):
        if visit.day != day or visit.lead in history.met or visit.outcome not in (demo.FREELOADER, demo.INTERESTED):
            continue
        told_ = told.get(visit.lead) if visit.outcome == demo.INTERESTED else None
        assert (visit.outcome == demo.INTERESTED) == (told_ is not None)
        if told_ is not None:
            assert (told_.team, told_.occurrence) == (visit.team, terms.host_team)
        if not joined:
            assert told_ is None or (told_.clock > terms.event_end and told_.outcome != closing.LEFT)
            continue
        start = min(free)
        waited, talk = start - terms.event_end, talks.get(visit.lead)
        too_late = start > demo.NIGHT  # nobody waits beyond it
        assert limit is None or (talk is None) == (too_late or waited > limit)
        if talk is None:
            assert too_late or plan.patience is not None
            assert told_ is None or (told_.outcome == closing.LEFT and terms.event_end <= told_.clock < start)
            continue
        seat = free.index(start)
        assert (talk.clock, talk.seat, talk.amount) == (start, seat, waited)
        assert told_ is None or (told_.outcome != closing.LEFT and told_.clock == talk.end)
        free[seat] = talk.end
    return list(talks.values())


def check_meetings(history: History) -> None:
    """A meeting is a visit and a talk in one task of its team."""
    terms, plan = history.terms, history.scenario.meeting
    visits = {v.lead: v for v in history.of(facts.VISIT) if v.lead in history.met}
    talks = {lead: talk for lead, talk in history.talks.items() if lead in history.met}
    inviting = {b.lead: b.team for b in history.of(facts.BOOKING)}
    for fact in history.of(facts.MEETING):
        assert plan is not None
        visit, talk = visits.pop(fact.lead), talks.pop(fact.lead, None)
        assert terms.names[fact.team] == plan.team
        assert (visit.day, visit.clock, visit.outcome) == (fact.day, fact.clock, fact.outcome)
        assert (visit.team, visit.occurrence) == (inviting[fact.lead], 0)
        assert (talk is not None) == (visit.outcome == demo.INTERESTED)
        if talk is not None:
            assert (talk.day, talk.clock, talk.team, talk.occurrence) == (fact.day, fact.end, visit.team, fact.team)
            assert talk.outcome != closing.LEFT
    assert not visits
    assert not talks


def check_acceptances(history: History) -> None:
    """Who accepts asks that night at the clock of the end of the call; who buys by phone has bought then."""
    works = ((history.scenario.calling, facts.DIAL, calling.ACCEPTED),
             (history.scenario.inbound, facts.INBOUND, inbound.ACCEPTED))  # fmt: skip
    expected: dict[str, list[tuple[int, ...]]] = {"demo": [], "meeting": [], "sale": []}
    for work, kind, code in works:
        calls = [fact for fact in history.of(kind) if fact.outcome == code]
        assert work is not None or not calls
        if work is not None:
            expected[work.offer] += [(fact.lead, fact.day, fact.end, fact.team) for fact in calls]
    asked = defaultdict(list)
    for fact in history.of(facts.BOOKING):
        asked[fact.outcome // 3 * 3].append((fact.lead, fact.day, fact.clock, fact.team))
    assert sorted(asked[demo.ACCEPTED]) == (sorted(expected["demo"]) if history.scenario.demo is not None else [])
    assert sorted(asked[demo.MEETING]) == sorted(expected["meeting"])
    seen = {visit.lead for visit in history.of(facts.VISIT)}
    by_phone = [t for t in history.talks.values() if t.lead not in seen]
    sales = [t for t in by_phone if t.outcome != closing.UNDECIDED_BY_PHONE]
    assert sorted((t.lead, t.day, t.clock, t.team) for t in sales) == sorted(expected["sale"])
    assert all(t.occurrence == t.team and t.outcome == closing.SOLD for t in sales)
