"""A habit of follow-up, or a trait of the undecided, that can change nothing is said before a run, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.idle import Idle, doubting
from simfunnel.experiments.pursuit_expectation import most, undecided
from simfunnel.scenario.keys import Block
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import Interval

SHORTEST: Final = {"working days": 1, "days": 1, "weeks": 7, "months": 28, "years": 365}
"""Days of a unit at least."""
TRAITS: Final = ("ready", "never_ready", "window", "tolerance", "walks_away", "channels", "returns")
"""What counts only for who is followed up; `fit` counts for every sale."""


def _without_plan(expected: Expectation) -> Iterator[Idle]:
    """Traits of the undecided where nobody follows them up; who is left undecided by phone has refused."""
    scenario = expected.scenario
    if scenario.follow_up is not None:
        return
    keys = [f"segments.{name}.{key}" for name, s in scenario.segments.items() for key in TRAITS if _given(s, key)]
    rooms = (("calling", scenario.calling), ("inbound", scenario.inbound))
    keys += [f"{name}.undecided" for name, room in rooms if room is not None and _given(room, "undecided")]
    if keys:
        do = "add a table [follow_up] or remove {them}"
        yield Idle(tuple(keys), "as nobody follows up the undecided", do)


def _given(block: Block, key: str) -> bool:
    return bool(getattr(block, key) != type(block).model_fields[key].default)


def _misfits(scenario: Scenario) -> tuple[str, ...]:
    return tuple(f"segments.{name}.fit" for name, s in scenario.segments.items() if s.fit.support[0] < 1)


def _bad_fit(expected: Expectation) -> Iterator[str]:
    """A cost that nobody causes."""
    scenario = expected.scenario
    if scenario.money.bad_fit.support[1] > 0 and not _misfits(scenario):
        yield (
            "money.bad_fit is paid for 0 sales, as the product is right for all leads: give a segment fit below 1 or "
            "remove it."
        )


def _fit(expected: Expectation) -> Iterator[Idle]:
    """Leads whom the product does not fit, which costs nothing."""
    scenario, plan = expected.scenario, expected.scenario.follow_up
    misfits = _misfits(scenario)
    declines = plan is not None and plan.decline_bad_fit and plan.qualify is not None
    satisfaction = scenario.after_sales.satisfaction if scenario.after_sales is not None else None
    disappoints = satisfaction is not None and satisfaction.bad_fit.support[1] > 0
    if misfits and not scenario.money.bad_fit.support[1] and not declines and not disappoints:
        yield Idle(misfits, "as a sale to others costs 0", "give money.bad_fit")


def _habits(expected: Expectation) -> Iterator[Idle]:
    """Habits of the firm that find nothing to act on."""
    scenario, plan = expected.scenario, expected.scenario.follow_up
    segments = _followed(expected)
    if plan is None or not segments:
        return
    for key, why, do in (*_signals(plan, segments, scenario), *_talking(plan, segments), *_returning(plan, segments)):
        yield Idle((f"follow_up.{key}",), f"as {why}", f"{do} or remove {{them}}")


def _followed(expected: Expectation) -> dict[str, Segment]:
    """The segments of which some leads are undecided."""
    files = undecided(expected)
    return {name: segment for name, segment in expected.scenario.segments.items() if files[name]}


Reasons = Iterator[tuple[str, str, str]]


def _signals(plan: FollowUp, segments: dict[str, Segment], scenario: Scenario) -> Reasons:
    """Of irritation and of what is noticed of it."""
    if _given(plan, "signals") and not plan.reads_signals.support[1]:
        yield "signals", "no signal is noticed without reads_signals", "give follow_up.reads_signals"
    if plan.odds_per_irritation != fixed(1) and not any(_irritable(plan, s, scenario) for s in segments.values()):
        yield "odds_per_irritation", "no touch irritates", "give a segment tolerance or channels"
    if plan.ask and not any(s.channels or most(s.tolerance) for s in segments.values()):
        yield "ask", "any channel and any interval is welcome", "give a segment tolerance or channels"
    if plan.keeps != fixed(1) and not plan.ask:
        yield "keeps", "only who asks can keep to the answer", "set follow_up.ask = true"


def _talking(plan: FollowUp, segments: dict[str, Segment]) -> Reasons:
    """Of the touch itself."""
    if plan.insist.support[1] and all(s.decision_maker.support[0] == 1 for s in segments.values()):
        yield "insist", "no segment has gatekeepers", "give a segment decision_maker below 1"
    if plan.retry_after is not None and all(plan.channels[c].reached.support[0] == 1 for c in _used(plan, segments)):
        yield "retry_after", "every touch reaches somebody", "give the channel reached below 1"
    misfits = any(s.fit.support[0] < 1 for s in segments.values())
    if plan.decline_bad_fit and plan.qualify is None:
        yield "decline_bad_fit", "only qualifying finds whom the product fits", "add [follow_up.qualify]"
    elif plan.decline_bad_fit and not misfits:
        yield "decline_bad_fit", "the product is right for all leads", "give a segment fit below 1"
    if plan.qualify is not None and all(s.qualified.support[0] == 1 for s in segments.values()):
        if misfits and not plan.decline_bad_fit:
            yield "qualify", "all leads are qualified, and bad fits are not declined", "set decline_bad_fit = true"
        elif not misfits:
            yield "qualify", "all leads are qualified", "give a segment qualified below 1"


def _returning(plan: FollowUp, segments: dict[str, Segment]) -> Reasons:
    """Of who is not ready, and who comes back."""
    nurture, return_ = plan.nurture, any(s.returns.support[1] for s in segments.values())
    if plan.odds_returned != fixed(1) and not return_:
        yield "odds_returned", "nobody comes back by itself", "give a segment returns"
    if nurture is None:
        return
    if all(not most(s.ready) and not s.never_ready.support[1] for s in segments.values()):
        yield "nurture", "everybody is able to buy at once", "give a segment ready or never_ready"
        return
    if nurture.keeps_open != fixed(1) and all(s.window is None for s in segments.values()):
        yield "nurture.keeps_open", "no lead ever buys elsewhere", "give a segment window"
    if nurture.odds_returning != fixed(1) and not return_:
        yield "nurture.odds_returning", "nobody comes back by itself", "give a segment returns"


def _channels(expected: Expectation) -> Iterator[Idle]:
    """Channels through which nobody is contacted."""
    plan, segments = expected.scenario.follow_up, _followed(expected)
    if plan is None or not segments:
        return
    for name in plan.channels:
        if name not in _used(plan, segments):
            why = "no lead asks for it" if plan.ask else f"follow_up.channel is {plan.channel} and leads are not asked"
            yield Idle((f"follow_up.channels.{name}",), f"as {why}", "remove {them}")


def _used(plan: FollowUp, segments: dict[str, Segment]) -> set[str]:
    """The channels that are used: the firm's own, and those that leads who are asked prefer."""
    if not plan.ask or not plan.keeps.support[1]:
        return {plan.channel}
    preferred = {name for s in segments.values() for name, share in s.channels.items() if share.best}
    return {plan.channel, *preferred} & set(plan.channels)


def _bearing(expected: Expectation) -> Iterator[Idle]:
    """Limits to what a lead bears that no touch comes near to."""
    plan, scenario = expected.scenario.follow_up, expected.scenario
    for name, segment in _followed(expected).items() if plan is not None else ():
        assert plan is not None
        longest = most(segment.tolerance)
        if longest and not plan.quota and longest <= _shortest_gap(plan, scenario):
            why = f"as no touch comes sooner (follow_up.interval is {plan.interval})"
            yield Idle((f"segments.{name}.tolerance",), why, "touch more often or remove {them}")
        elif segment.walks_away.support[1] and not _irritable(plan, segment, scenario):
            do = "give the segment tolerance or channels, or remove {them}"
            yield Idle((f"segments.{name}.walks_away",), "as no touch irritates", do)


def _irritable(plan: FollowUp, segment: Segment, scenario: Scenario) -> bool:
    """Could a touch irritate, if the lead is not asked: by coming too soon, or by a channel that is not welcome?"""
    soon = 1 if plan.quota else _shortest_gap(plan, scenario)
    unwelcome = any(share.best and name != plan.channel for name, share in segment.channels.items())
    return most(segment.tolerance) > soon or unwelcome


def _shortest_gap(plan: FollowUp, scenario: Scenario) -> int:
    """Calendar days between two contacts of the firm's own accord, at least."""
    gaps = (plan.interval, plan.first_after or plan.interval)
    return min(_at_least(interval, len(scenario.working_days)) for interval in gaps)


def _at_least(interval: Interval, working_days: int) -> int:
    if interval.unit != "working days":
        return interval.count * SHORTEST[interval.unit]
    weeks, rest = divmod(interval.count, working_days)
    return 7 * weeks + rest


PURSUIT_IDLE_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    doubting(_without_plan), _bad_fit, doubting(_fit, _habits, _channels, _bearing),
)  # fmt: skip
