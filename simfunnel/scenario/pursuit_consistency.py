"""Who is followed up is undecided somewhere, by a team that there is, through channels that the plan names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.scenario.pursuit import FollowUp, Nurture
from simfunnel.scenario.routing_consistency import named_team, sum_to_one
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.shape import BARE, Path
from simfunnel.scenario.values import DAYS_IN, LONGEST_INTERVAL, one_line, show
from simfunnel.scenario.wording import Complaint, changed, nearest

MOST_CHANNELS: Final = 16
LONGEST_NAME: Final = 64
CHANNELS: Final[Path] = ("follow_up", "channels")


def _plan(scenario: Scenario) -> Iterator[Complaint]:
    plan = scenario.follow_up
    if plan is None:
        return
    yield from named_team(("follow_up", "team"), plan.team, scenario)
    yield from _channels(plan)
    if plan.nurture is not None:
        yield from _series(plan.nurture, scenario)


def _channels(plan: FollowUp) -> Iterator[Complaint]:
    """There are some, not too many, and the one that is used is one of them."""
    for name in plan.channels:
        if not _may_be_named(name):
            required = f"must have a name of 1 to {LONGEST_NAME} letters, digits, _ or -"
            yield Complaint((*CHANNELS, name), f"{required}, found {show(name)}")
    if not plan.channels:
        yield Complaint(CHANNELS, "must have at least one table, found none", _first_channel(plan.channel))
    elif len(plan.channels) > MOST_CHANNELS:
        yield Complaint(CHANNELS, f"must be at most {MOST_CHANNELS} tables, found {len(plan.channels)}")
    else:
        yield from _named_channel(("follow_up", "channel"), plan.channel, plan)


def _may_be_named(name: str) -> bool:
    return BARE.fullmatch(name) is not None and len(name) <= LONGEST_NAME


def _first_channel(name: str) -> str:
    return f"add a table [follow_up.channels.{name if _may_be_named(name) else 'phone'}] with reached"


def _named_channel(path: Path, name: str, plan: FollowUp) -> Iterator[Complaint]:
    """A channel that is named is there."""
    if name not in plan.channels:
        known = one_line(", ".join(map(one_line, plan.channels)), 100)
        hint = nearest(name, plan.channels) or (f"or {_first_channel(name)}" if _may_be_named(name) else "")
        yield Complaint(path, f"must name one of {known}, found {show(name)}", hint, ((*CHANNELS, name),))


def _series(nurture: Nurture, scenario: Scenario) -> Iterator[Complaint]:
    """The dates of all messages are dates that there are."""
    days = nurture.every.count * DAYS_IN[nurture.every.unit]
    if nurture.every.unit == "working days":
        days = nurture.every.count * 7 / max(1, len(set(scenario.working_days)))
    if days * nurture.messages > LONGEST_INTERVAL:
        years = math.ceil(days * nurture.messages / DAYS_IN["years"])
        message = f"must end the series within 100 years, found {nurture.messages:,} messages, {nurture.every} apart"
        path: Path = ("follow_up", "nurture", "messages")
        because: tuple[Path, ...] = (("follow_up", "nurture", "every"), ("working_days",))
        yield Complaint(path, f"{message}: about {years:,} years", "", because)


def _preferred(scenario: Scenario) -> Iterator[Complaint]:
    """A segment prefers channels of the plan."""
    plan = scenario.follow_up
    for name, segment in scenario.segments.items():
        path: Path = ("segments", name, "channels")
        if not segment.channels:
            continue
        yield from sum_to_one(path, segment.channels)
        for channel in segment.channels if plan is not None and plan.channels else ():
            assert plan is not None
            yield from _named_channel(path, channel, plan)


def _by_phone(scenario: Scenario) -> Iterator[Complaint]:
    """Who refuses an invitation is lost; who refuses the sale may be undecided."""
    for name, room in (("calling", scenario.calling), ("inbound", scenario.inbound)):
        if room is None or "undecided" not in changed(room):
            continue
        path: Path = (name, "undecided")
        if room.offer != "sale":
            message = f'must come with {name}.offer = "sale", as only who is offered the sale can be undecided about it'
            yield Complaint(path, f"{message}, found {show(room.offer)}", "", ((name, "offer"),))


PURSUIT_CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (_plan, _preferred, _by_phone)
