"""What an offer makes of other keys is said before a run: acceptances that are sales, talks that take no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import listed, percent
from simfunnel.experiments.roles import FACE_TO_FACE, offers
from simfunnel.scenario.offers import Closing
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.wording import changed

MOST_BUY = 0.2


def _bought(expected: Expectation) -> Iterator[str]:
    """An acceptance that was one of an invitation, and now is a sale."""
    scenario = expected.scenario
    rooms = (("calling", scenario.calling, "listeners"), ("inbound", scenario.inbound, "hot leads answered at once"))
    for name, room, who in rooms:
        if room is not None and room.offer == "sale" and room.accepted.best > MOST_BUY and _has_leads(expected, name):
            yield (
                f'{name}.accepted now means bought, as {name}.offer is "sale": {percent(room.accepted.best)} of the '
                f"qualified {who} buy; lower it unless so many did."
            )


def _has_leads(expected: Expectation, room: str) -> bool:
    return any(hot.leads for hot in expected.awaited) if room == "inbound" else any(c.leads for c in expected.cells)


def _timeless(expected: Expectation) -> Iterator[str]:
    """Keys of how long a talk lasts, and when one asks, where neither time nor moment counts."""
    scenario = expected.scenario
    if not offers(scenario) & FACE_TO_FACE or _takes_time(scenario):
        return
    plan = scenario.closing
    minutes = [f"closing.minutes.{key}" for key in changed(plan.minutes)]
    minutes += ["closing.paper.minutes"] * ("minutes" in changed(plan.paper))
    moment = [f"closing.{key}" for key in _of_the_moment(plan)]
    if plan.odds_per_minute_early == plan.odds_per_minute_late == fixed(1):
        why = "and asking early or late costs nothing" if moment else ""
        idle, do = [*moment, *minutes], "closing.odds_per_minute_early or _late, " if moment else ""
    else:
        why, idle, do = "", [key for key in minutes if key != "closing.minutes.peak"], ""
    if idle:
        one = len(idle) == 1
        yield (
            f"{listed(idle)} {'does' if one else 'do'} nothing, as no member is kept by a talk without closing.closers "
            f"or meetings{f', {why}' if why else ''}: give {do}closing.closers, or remove {'it' if one else 'them'}."
        )


def _takes_time(scenario: Scenario) -> bool:
    """Is a member kept by closing talks?"""
    offered = offers(scenario)
    return "meeting" in offered or bool("demo" in offered and scenario.demo is not None and scenario.closing.closers)


def _of_the_moment(plan: Closing) -> list[str]:
    """The keys that say when closers ask; of signals where there is no error another warning speaks."""
    given = [key for key in ("misread", "reads_signals", "haste") if key in changed(plan)]
    return [key for key in given if key != "reads_signals" or "misread" in given]


OFFER_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_bought, _timeless)
