"""Rooms are never overfilled, bookings come true or are moved, events are held for whom they were booked."""

from __future__ import annotations

from collections import Counter

from counted import Fact, History

from simfunnel import facts
from simfunnel.funnel import demo
from simfunnel.metrics import Columns

CAUSES = {"accepted": 0, "moved": 1, "again": 2}


def check_demos(history: History, columns: Columns, row: int) -> None:
    """Every event, and who is booked on it."""
    terms, plan = history.terms, history.scenario.demo
    bookings = [b for b in history.of(facts.BOOKING) if b.outcome < demo.MEETING]
    if plan is None:
        assert not bookings
        return
    days = terms.calendar.event_days(plan)
    seated = [b for b in bookings if b.outcome % 3 == demo.BOOKED]
    taken = Counter(b.occurrence for b in seated)
    assert max(taken.values(), default=0) <= plan.seats + int(plan.seats * plan.overbooking)
    for booking in seated:
        assert days[booking.occurrence] >= terms.due(plan.notice, booking.day)
        assert plan.max_wait is None or days[booking.occurrence] <= terms.due(plan.max_wait, booking.day)
    check_order(bookings, len(days))
    events = history.of(facts.EVENT)
    cancelled = {e.occurrence: e for e in events if e.outcome == demo.CANCELLED}
    held = {e.occurrence: e for e in events if e.outcome == demo.HELD}
    assert set(cancelled) | set(held) == set(taken)
    assert len(cancelled) + len(held) == len(events)
    for number, event in cancelled.items():
        assert event.amount == taken[number] < plan.minimum
        assert (event.day, event.duration) == (days[number] - 1, 0)
        moved = {b.lead for b in bookings if b.day == event.day and b.outcome // 3 == CAUSES["moved"]}
        assert moved == {b.lead for b in seated if b.occurrence == number}
    visits = [v for v in history.of(facts.VISIT) if v.lead not in history.met]
    expected = [(b.lead, days[b.occurrence], b.team) for b in seated if b.occurrence in held]
    assert sorted(expected) == sorted((v.lead, v.day, v.team) for v in visits)
    for number, event in held.items():
        assert taken[number] >= plan.minimum
        assert event.day == days[number]
        check_room(plan.seats, event, [b for b in seated if b.occurrence == number], visits)
    assert columns["events"][row] == len(held)
    assert columns["events_cancelled"][row] == len(cancelled)
    check_no_shows(plan.invite_again, visits, bookings)
    found = [b for b in bookings if b.outcome // 3 == CAUSES["again"] and b.outcome % 3 != demo.NO_SEAT]
    assert columns["invited_again"][row] == len(found)


def check_order(bookings: list[Fact], events: int) -> None:
    """Who asks first on a day sits first; who is moved asks at night."""
    never = events + 1
    asked = [b for b in bookings if b.outcome // 3 != CAUSES["moved"]]
    places = [(b.day, never if b.outcome % 3 == demo.NO_SEAT else b.occurrence) for b in asked]
    assert places == sorted(places)
    assert all(b.clock == demo.NIGHT for b in bookings if b.outcome // 3 == CAUSES["moved"])


def check_room(seats: int, event: Fact, booked: list[Fact], visits: list[Fact]) -> None:
    """Comers get the seats in the order of booking; the others are turned away."""
    outcome = {v.lead: v.outcome for v in visits if v.day == event.day}
    before_the_night = [b for b in booked if b.clock < demo.NIGHT]
    comers = [b for b in before_the_night if outcome[b.lead] != demo.DID_NOT_COME]
    assert event.amount == sum(code in (demo.FREELOADER, demo.INTERESTED) for code in outcome.values())
    turned_away = [lead for lead, code in outcome.items() if code == demo.TURNED_AWAY]
    came = sum(code != demo.DID_NOT_COME for code in outcome.values())
    assert len(turned_away) == max(0, came - seats)
    if len(before_the_night) == len(booked):  # the order of those who were moved is that of their first booking
        in_order = [b.lead for b in sorted(comers, key=lambda b: (b.day, b.clock, b.lead))]
        assert set(in_order[seats:]) == set(turned_away)


def check_no_shows(most: int, visits: list[Fact], bookings: list[Fact]) -> None:
    """A no-show asks again the same night until it missed `most` + 1 events; a visit counts earlier no-shows."""
    missed: Counter[int] = Counter()
    again = {(b.lead, b.day): b for b in bookings if b.outcome // 3 == CAUSES["again"]}
    for visit in visits:
        assert visit.occurrence == missed[visit.lead] <= most
        if visit.outcome == demo.DID_NOT_COME:
            missed[visit.lead] += 1
            if missed[visit.lead] <= most:
                assert again.pop((visit.lead, visit.day)).clock == visit.clock
    assert not again
