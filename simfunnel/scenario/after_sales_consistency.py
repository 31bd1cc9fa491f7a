"""Who is looked after has somebody who does it, at dates that there are; who is named has a segment to be a lead in."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

from simfunnel.scenario.after_sales import AfterSales, Dates, Referral, Repeat
from simfunnel.scenario.keys import Block
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import Quantity, Variable
from simfunnel.scenario.routing_consistency import COMES_FROM, has_leads, lacks_table, named_team
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.shape import Path
from simfunnel.scenario.values import DAYS_IN, Interval, one_line, show
from simfunnel.scenario.wording import Complaint, changed, must_be, nearest

MOST_DATES: Final = 1_000
MOST_OFTEN: Final = 3_900
"""Dates of one kind, occasions and suggestions of one customer within the horizon; the engines count to 4,000."""
AFTER: Final[Path] = ("after_sales",)
DATED: Final = ("seller_initiated", "cooperative", "friendly", "marketing", "survey")
"""Contacts that have dates."""


def _looking_after(scenario: Scenario) -> Iterator[Complaint]:
    """There is a team, and what is said of its members is said of each."""
    plan = scenario.after_sales
    if plan is None:
        return
    yield from named_team((*AFTER, "team"), plan.team, scenario)
    team, given = scenario.teams.get(plan.team), len(plan.consistency)
    if team is not None and given not in (0, team.size):
        whom = f"each of the {team.size:,} members" if team.size > 1 else "the one member"
        message = f"must be empty or one share for {whom} of team {plan.team}, found {given:,}"
        yield Complaint((*AFTER, "consistency"), message, "", (("teams", plan.team, "size"), (*AFTER, "team")))


def _dates(scenario: Scenario) -> Iterator[Complaint]:
    """Every kind of contact has dates, not too many, each later than the one before."""
    for kind in DATED if scenario.after_sales is not None else ():
        dates: Dates | None = getattr(scenario.after_sales, kind)
        if dates is None:
            continue
        path: Path = (*AFTER, kind, "days")
        if not dates.days and dates.every is None:
            example = '(write days = ["1 week"], every = "1 month" or both)'
            message = f"is required, or every: times after the sale {example}"
            yield Complaint(path, message, "", ((*AFTER, kind, "every"),))
        if len(dates.days) > MOST_DATES:
            yield Complaint(path, f"must be at most {MOST_DATES:,} times, found {len(dates.days):,}")
        else:
            yield from _ascending(path, dates.days, scenario)


def _ascending(path: Path, days: tuple[Interval, ...], scenario: Scenario) -> Iterator[Complaint]:
    for number, (before, after) in enumerate(itertools.pairwise(days), start=1):
        if calendar_days(after, scenario) <= calendar_days(before, scenario):
            message = f'must be later than the one before it, "{before}", found "{after}"'
            yield Complaint((*path, number), message, "", (path, ("working_days",)))


def _not_too_often(scenario: Scenario) -> Iterator[Complaint]:
    """No customer has more dates of one kind, or occasions, than can be told apart."""
    plan = scenario.after_sales
    if plan is None:
        return
    horizon = calendar_days(scenario.horizon, scenario)
    for kind in DATED:
        dates: Dates | None = getattr(plan, kind)
        if dates is not None and dates.every is not None:
            number = horizon / calendar_days(dates.every, scenario)
            yield from _at_most((*AFTER, kind, "every"), number, "dates")
    drawn = (("repeat", plan.repeat, "every", "occasions"),
             ("customer_initiated", plan.customer_initiated, "suggestions_every", "suggestions"))  # fmt: skip
    for name, block, key, what in drawn:
        time: Variable | None = getattr(block, key, None)
        if time is not None and not _may_be_0(time):
            yield from _at_most((*AFTER, name, key), horizon / time.mean(), what)


def _at_most(path: Path, number: float, what: str) -> Iterator[Complaint]:
    if number > MOST_OFTEN:
        message = f"must give a customer at most {MOST_OFTEN:,} {what} within the horizon, found about {number:,.0f}"
        yield Complaint(path, message, "", (("horizon",),))


def calendar_days(interval: Interval, scenario: Scenario) -> float:
    """About how many calendar days an interval spans."""
    if interval.unit == "working days":
        return interval.count * 7 / max(1, len(set(scenario.working_days)))
    return interval.count * DAYS_IN[interval.unit]


def _times(scenario: Scenario) -> Iterator[Complaint]:
    """Times that may not be nothing."""
    plan = scenario.after_sales
    if plan is None:
        return
    kept: tuple[tuple[str, Block | None, str], ...] = (
        ("customer_initiated", plan.customer_initiated, "suggestions_every"),
        ("marketing", plan.marketing, "half_life"), ("repeat", plan.repeat, "every"),
        ("resale", plan.resale, "sells_in"),
    )  # fmt: skip
    for name, block, key in kept:
        time: Quantity | Variable | None = getattr(block, key, None)
        if time is not None and _may_be_0(time):
            yield must_be((*AFTER, name, key), "longer than 0 days, always", _found(time))


def _may_be_0(time: Quantity | Variable) -> bool:
    """Is the time nothing, in some event or some world? (One that is drawn evenly from 0 on never is.)"""
    if isinstance(time, Variable):
        each = time.parameters if time.family in ("fixed", "discrete") else time.parameters[-1:]
        return any(map(_may_be_0, each))
    listed = time.family in ("fixed", "discrete")
    return time.support[0 if listed else 1] <= 0


def _found(time: Quantity | Variable) -> str | int:
    if time.family == "fixed":
        return 0
    numbers = (p.best if isinstance(p, Quantity) else p for p in time.parameters)
    return f"{time.family} of {', '.join(f'{number:g}' for number in numbers)}"


def _buying_again(scenario: Scenario) -> Iterator[Complaint]:
    """Customers buy again by occasions or by BG/NBD; who resells buys again at all."""
    plan = scenario.after_sales
    if plan is None:
        return
    if plan.repeat is not None:
        yield from _law_of_buying(plan.repeat)
    elif plan.resale is not None:
        message = "must come with a table [after_sales.repeat], which says when customers buy again, found none"
        yield Complaint((*AFTER, "resale"), message, "", ((*AFTER, "repeat"),))


def _law_of_buying(repeat: Repeat) -> Iterator[Complaint]:
    path: Path = (*AFTER, "repeat")
    other: Path = (*path, "bg_nbd")
    for key in ("every", "bought"):
        given = getattr(repeat, key) is not None
        if given and repeat.bg_nbd is not None:
            yield Complaint((*path, key), "must be left out, as bg_nbd says when customers buy again", "", (other,))
        elif not given and repeat.bg_nbd is None:
            what = Repeat.model_fields[key].description
            yield Complaint((*path, key), f"is required: {what}", "", (other,))
    if repeat.bg_nbd is not None and "leaves" in changed(repeat):
        message = "must be left out, as bg_nbd says by a and b how many customers drop out"
        yield Complaint((*path, "leaves"), message, "", (other,))


def _naming(scenario: Scenario) -> Iterator[Complaint]:
    """Who is named is a lead in a warm segment without others, and is dialled."""
    plan: AfterSales | None = scenario.after_sales
    if plan is None or plan.referral is None:
        return
    path: Path = (*AFTER, "referral", "segment")
    segment = scenario.segments.get(plan.referral.segment)
    if segment is None:
        yield _no_segment(path, plan.referral, scenario)
    elif segment.temperature != "warm" or (has_leads(segment) and _spare(scenario)):
        yield _not_for_the_named(path, plan.referral.segment, segment, scenario)
    else:
        yield from _of_its_own(path, plan.referral.segment, segment)
    if scenario.calling is None:
        yield lacks_table(path, "calling", "which says how those who are named are dialled")


def _no_segment(path: Path, referral: Referral, scenario: Scenario) -> Complaint:
    name, known = referral.segment, scenario.segments
    required = f"one of {', '.join(map(one_line, known))}" if known else "a segment, and there are none"
    table = f'or add a table [segments.{one_line(name)}] with temperature = "warm"'
    warm = [other for other, segment in known.items() if segment.temperature == "warm"]
    hint = nearest(name, warm, 0.75) or table
    return Complaint(path, f"must name {one_line(required, 100)}, found {show(name)}", hint, (("segments", name),))


def _spare(scenario: Scenario) -> list[str]:
    """Warm segments that say nothing of where their leads come from."""
    return [name for name, each in scenario.segments.items() if each.temperature == "warm" and not has_leads(each)]


def _not_for_the_named(path: Path, name: str, segment: Segment, scenario: Scenario) -> Complaint:
    """A segment that is there for other leads: either it is not warm, or another one is meant."""
    table: Path = ("segments", name)
    warm, spare = segment.temperature == "warm", _spare(scenario)
    message = "must be the name of a warm segment of its own, as who is named knows that the product exists"
    found = f"found {show(name)}, which {'has leads' if warm else f'is {segment.temperature}'}"
    hint = f'give segments.{name} temperature = "warm"'
    if spare:
        hint = f"did you mean `{one_line(spare[0])}`?"
    elif has_leads(segment):
        hint = 'add a segment for them, such as [segments.named] with temperature = "warm" and no leads'
    because = ((*table, "temperature"), *((*table, key) for key in COMES_FROM))
    return Complaint(path, f"{message}, {found}", hint, because)


def _of_its_own(path: Path, name: str, segment: Segment) -> Iterator[Complaint]:
    table: Path = ("segments", name)
    for key in COMES_FROM:
        if key in changed(segment):
            message = "must be left out, as the segment is for those who are named (after_sales.referral)"
            yield Complaint((*table, key), message, "", (path,))


AFTER_SALES_CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (
    _looking_after, _dates, _not_too_often, _times, _buying_again, _naming,
)  # fmt: skip
