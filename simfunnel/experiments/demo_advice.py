"""What cannot fit together in a demo, though it is legal (seats, bookings, days), is said before a run with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from simfunnel.experiments.expectation import Expectation, after_odds, working_days
from simfunnel.experiments.phrasing import about, percent
from simfunnel.experiments.roles import offers
from simfunnel.funnel.demo import bookable
from simfunnel.scenario.keys import MAX_LEADS
from simfunnel.scenario.offers import Demo
from simfunnel.scenario.values import WEEKDAYS

CROWDED = 1.25


def _events(expected: Expectation) -> Iterator[str]:
    demo, days = expected.scenario.demo, expected.calendar.days
    if demo is None or (offers(expected.scenario) and "demo" not in offers(expected.scenario)):
        return
    if not expected.events:
        how = f"every {demo.every}" if not demo.weekdays else f"on {len(demo.weekdays)} weekdays"
        yield (
            f"demo has 0 events that a lead could be booked on within {days} working days: "
            f"hold it more often than {how}{_notice(demo)} or lengthen the horizon."
        )
    elif expected.bookings:
        yield from _seats(expected, demo)
        yield from _too_short_a_wait(expected, demo)


def _notice(demo: Demo) -> str:
    return (
        f", shorten the notice of {demo.notice}" if demo.notice.count > 1 or demo.notice.unit != "working days" else ""
    )


def _seats(expected: Expectation, demo: Demo) -> Iterator[str]:
    room = len(expected.events) * bookable(demo.seats, demo.overbooking)
    if expected.bookings > CROWDED * room:
        lost = "are lost" if demo.max_wait is not None else "still wait at the end"
        yield (
            f"demo.seats {demo.seats:,} at {len(expected.events)} events hold {room:,} of about "
            f"{about(expected.bookings)} bookings, the others {lost}: add seats or events."
        )


def _too_short_a_wait(expected: Expectation, demo: Demo) -> Iterator[str]:
    """Leads that are lost though there are seats."""
    if demo.max_wait is None:
        return
    scenario, wait = expected.scenario, working_days(demo.max_wait, expected.scenario)
    if not demo.weekdays and wait < working_days(demo.every, scenario) - 1:
        yield (
            f"demo.max_wait {demo.max_wait} is shorter than demo.every {demo.every}, so leads are lost while seats are "
            "free: wait longer or hold it more often."
        )
    gap = max((later - earlier for earlier, later in pairwise(expected.events)), default=0)
    if demo.weekdays and wait < gap - 1:
        yield (
            f"demo.max_wait {demo.max_wait} is shorter than the {gap} working days between some events on "
            "demo.weekdays, so leads are lost while seats are free: wait longer or hold it more often."
        )
    if wait < working_days(demo.notice, scenario):
        yield (
            f"demo.max_wait {demo.max_wait} is shorter than demo.notice {demo.notice}, so most leads find no seat: "
            "wait longer or give less notice."
        )


def _weekdays(expected: Expectation) -> Iterator[str]:
    demo, worked = expected.scenario.demo, expected.scenario.working_days
    if demo is None:
        return
    if demo.weekday is not None and demo.weekday not in worked:
        yield (
            f"demo.weekday {WEEKDAYS[demo.weekday]} is not one of the {len(worked)} "
            "working_days, so every event moves to the next working day: name a day that is worked."
        )
    for day in demo.weekdays:
        if day not in worked:
            yield (
                f"demo.weekdays names {WEEKDAYS[day]}, which is not one of the {len(worked)} working_days, so that "
                "event moves to the next working day: name days that are worked."
            )


def _bookings(expected: Expectation) -> Iterator[str]:
    """Bookings that cannot be enough, or must be too many."""
    demo = expected.scenario.demo
    if demo is None:
        return
    room = bookable(demo.seats, demo.overbooking)
    if demo.minimum > room:
        yield (
            f"demo.minimum {demo.minimum:,} is more than the {room:,} bookings that an event takes, so every event is "
            "cancelled: lower it or add seats."
        )
    elif demo.minimum > expected.bookings > 0:
        yield (
            f"demo.minimum {demo.minimum:,} is more than the about {about(expected.bookings)} bookings to expect in "
            "all, so hardly an event is held: lower it or add leads."
        )
    come = after_odds(demo.attended, demo.reminder.odds)
    if demo.overbooking and demo.seats < MAX_LEADS and room * come > CROWDED * demo.seats:
        yield (
            f"demo.overbooking {100 * demo.overbooking:g} % lets {room:,} be booked, of whom about "
            f"{about(room * come)} come to {demo.seats:,} seats ({percent(come)}), so a full event turns people away "
            "as a rule: book fewer."
        )


def _idle_keys(expected: Expectation) -> Iterator[str]:
    """Keys that do nothing beside the others, or the contrary of what they are for."""
    demo = expected.scenario.demo
    if demo is None:
        return
    if demo.overbooking and demo.seats == MAX_LEADS:
        yield f"demo.overbooking {100 * demo.overbooking:g} % has no effect while demo.seats has no limit: give seats."
    if demo.reminder.cost.best and demo.reminder.odds.best == 1:
        yield (
            f"demo.reminder costs {demo.reminder.cost.best:g} {expected.scenario.currency} a message and changes "
            "nothing, as demo.reminder.odds is 1: say what it does or remove it."
        )
    if demo.reminder.odds.best < 1:
        yield f"demo.reminder.odds {demo.reminder.odds.best:g} keeps people away: give a ratio above 1 or remove it."
    if demo.odds_per_day_waited.best > 1:
        ratio = demo.odds_per_day_waited.best
        yield f"demo.odds_per_day_waited {ratio:g} says that waiting makes people come: give a ratio of at most 1."
    if demo.cancellation_fee.best and demo.minimum == 1:
        fee = f"{demo.cancellation_fee.best:g} {expected.scenario.currency}"
        yield f"demo.cancellation_fee {fee} is never paid, as demo.minimum is 1: give a minimum or remove it."


def _shift(expected: Expectation) -> Iterator[str]:
    """Demos that are overtime for those who host them."""
    demo = expected.scenario.demo
    if demo is None or not max(demo.hosts, expected.scenario.closing.closers):
        return
    begin, end, shift = demo.at - demo.set_up, demo.at + demo.length, expected.scenario.teams[demo.team].shift
    if shift.start <= begin and end <= shift.end:
        return
    how = "partly" if begin < shift.end and shift.start < end else "wholly"
    yield (
        f"demo keeps its hosts from {_clock(begin)} to {_clock(end)}, {how} outside the shift of teams.{demo.team}, "
        f"{_clock(shift.start)}-{_clock(shift.end)}: what lies outside is overtime, and utilisation counts only hours "
        "inside; change the shift if that is not meant."
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


DEMO_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _events, _weekdays, _bookings, _idle_keys, _shift,
)  # fmt: skip
