"""Every lead has somebody who works on it, and every work a team: segments, calling, inbound and overflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.schema import Overflow, Scenario
from simfunnel.scenario.shape import Path
from simfunnel.scenario.values import LONGEST_TITLE, one_line, show
from simfunnel.scenario.wording import Complaint, must_be, nearest

Teams = tuple[str, ...] | dict[str, Quantity]
COMES_FROM: Final = ("leads", "arrivals", "arrivals_by_weekday")
NAMED: Final[tuple[Path, ...]] = (
    ("after_sales",), ("after_sales", "referral"), ("after_sales", "referral", "segment"),
)  # fmt: skip
"""By what a segment without leads is judged: it may be for those whom customers name."""
MOST_LISTED: Final = 8


def _segments(scenario: Scenario) -> Iterator[Complaint]:
    """A segment has leads, is worked on, and by a team that there is."""
    for name, segment in scenario.segments.items():
        path: Path = ("segments", name)
        if not is_for_the_named(name, scenario):
            hint = _for_the_named(name, segment, scenario)
            yield from _sources(path, segment, hint, marketed=_marketed(scenario) == name)
        yield from _worked_on(path, segment, scenario)
        if segment.team is not None:
            yield from named_team((*path, "team"), segment.team, scenario)


def _marketed(scenario: Scenario) -> str | None:
    """The segment to which marketing brings leads."""
    plan = scenario.marketing
    return None if plan is None or plan.arrivals is None else plan.arrivals.segment


def has_leads(segment: Segment) -> bool:
    """Is anything said of where its leads come from?"""
    return bool(segment.model_fields_set.intersection(COMES_FROM))


def _for_the_named(name: str, segment: Segment, scenario: Scenario) -> str:
    """A hint at whom a segment without leads may be for, where customers are asked for names."""
    plan = scenario.after_sales
    if plan is None or plan.referral is not None or plan.seller_initiated is None or not plan.seller_initiated.asks:
        return ""
    warm = "" if segment.temperature == "warm" else ' and temperature = "warm" here'
    return f"or, for those whom customers name, a table [after_sales.referral] with segment = {show(name)}{warm}"


def _sources(path: Path, segment: Segment, hint: str, *, marketed: bool) -> Iterator[Complaint]:
    if not marketed and not has_leads(segment):
        message = "is required: leads on the list, or arrivals, new leads a working day"
        because = (*((*path, key) for key in COMES_FROM), *NAMED)
        yield Complaint((*path, "leads"), message, hint, because)
    if segment.arrivals != fixed(0) and segment.arrivals_by_weekday:
        message = "must be left out, as arrivals_by_weekday says how many come on which weekday"
        yield Complaint((*path, "arrivals"), message, "", ((*path, "arrivals_by_weekday"),))


def is_for_the_named(name: str, scenario: Scenario) -> bool:
    """Is a segment there for those whom customers name (or may it be, where the one that is to be is misspelt)?"""
    referral = scenario.after_sales.referral if scenario.after_sales is not None else None
    if referral is None:
        return False
    meant, segment = scenario.segments.get(referral.segment), scenario.segments[name]
    wrong = meant is None or meant.temperature != "warm" or has_leads(meant)
    return referral.segment == name or (wrong and segment.temperature == "warm" and not has_leads(segment))


def _worked_on(path: Path, segment: Segment, scenario: Scenario) -> Iterator[Complaint]:
    hot = segment.temperature == "hot"
    if hot and scenario.inbound is None:
        yield lacks_table((*path, "temperature"), "inbound", "which says how hot leads are answered")
    arriving = next((key for key in COMES_FROM[1:] if getattr(segment, key) not in ({}, fixed(0))), None)
    if arriving and not hot and scenario.calling is None:
        purpose = f"which says how {segment.temperature} leads are dialled"
        yield lacks_table((*path, arriving), "calling", purpose, (*path, "temperature"))


def _calling(scenario: Scenario) -> Iterator[Complaint]:
    if scenario.calling is None:
        return
    yield from _teams_that("calling", scenario.calling.teams, scenario)
    order = scenario.calling.order
    if not {"retries", "fresh"} <= set(order) or len(set(order)) < len(order):
        required = 'must name "retries" and "fresh" each once, the other classes at most once'
        yield Complaint(("calling", "order"), f"{required}, found {show(list(order))}")


def _inbound(scenario: Scenario) -> Iterator[Complaint]:
    plan = scenario.inbound
    if plan is None:
        return
    yield from _teams_that("inbound", plan.teams, scenario)
    if not any(segment.temperature == "hot" for segment in scenario.segments.values()):
        because = (("segments",), *(("segments", name, "temperature") for name in scenario.segments))
        message = "must come with a segment of hot leads, found none"
        yield Complaint(("inbound",), message, 'give a segment temperature = "hot"', because)
    source = plan.waiting.source
    if not source.strip() or not source.isprintable() or len(source) > LONGEST_TITLE:
        required = f"one line of 1 to {LONGEST_TITLE} printable characters"
        yield must_be(("inbound", "waiting", "source"), required, source)


def _teams_that(work: str, teams: Teams, scenario: Scenario) -> Iterator[Complaint]:
    """The teams of calling or inbound: there are some, each once, their shares are the whole."""
    path: Path = (work, "teams")
    if not teams:
        yield Complaint(path, "must name at least one team, found none")
    elif isinstance(teams, dict):
        yield from sum_to_one(path, teams)
    elif len(set(teams)) < len(teams):
        twice = next(name for name in teams if teams.count(name) > 1)
        yield Complaint(path, f"must name each team once, found {show(twice)} {teams.count(twice)} times")
    for name in teams:
        yield from named_team(path, name, scenario)


def _overflow(scenario: Scenario) -> Iterator[Complaint]:
    dialling = dialling_teams(scenario)
    for name, team in scenario.teams.items():
        if team.overflow is None:
            continue
        path: Path = ("teams", name, "overflow")
        yield from _receiver(path, name, team.overflow, scenario)
        if name not in dialling:
            because = (("calling", "teams"), *(("segments", segment, "team") for segment in scenario.segments))
            message = "must be left out, as the team dials nobody: name it in calling.teams, or a segment's team"
            yield Complaint(path, message, "", because)


def _receiver(path: Path, name: str, overflow: Overflow, scenario: Scenario) -> Iterator[Complaint]:
    to = overflow.to
    yield from named_team((*path, "to"), to, scenario)
    if to == name:
        yield must_be((*path, "to"), "another team", to)
    elif to in scenario.teams and scenario.teams[to].overflow is not None:
        because: tuple[Path, ...] = (("teams", to, "overflow"),)
        yield Complaint((*path, "to"), f"must be a team without overflow of its own, found {show(to)}", "", because)


def dialling_teams(scenario: Scenario) -> set[str]:
    """The teams to which leads are given to dial: those who share, and those who have a segment of their own."""
    if scenario.calling is None:
        return set()
    own = {segment.team for segment in scenario.segments.values() if segment.team and segment.temperature != "hot"}
    return {*scenario.calling.teams, *own}


def sum_to_one(path: Path, shares: Mapping[str, Quantity]) -> Iterator[Complaint]:
    """Fixed shares are parts of a whole."""
    total = sum(share.best for share in shares.values())
    if abs(total - 1) > 1e-9:
        each = [f"{one_line(name, 30)} {share.best:.9g}" for name, share in shares.items()]
        named = ", ".join(each[:MOST_LISTED] + ["..."] * (len(each) > MOST_LISTED))
        yield Complaint(path, f"must have shares that sum to 1, found a sum of {total:.10g} ({named})", of_whole=True)


def named_team(path: Path, name: str, scenario: Scenario) -> Iterator[Complaint]:
    """A team that is named is there."""
    if name in scenario.teams:
        return
    known = f"one of {', '.join(map(one_line, scenario.teams))}" if scenario.teams else "a team, and there are no teams"
    hint = nearest(name, scenario.teams) or ("" if scenario.teams else f"add a table [teams.{one_line(name)}]")
    message = f"must name {one_line(known, 100)}, found {show(name)}"
    yield Complaint(path, message, hint, (("teams", name),))


def lacks_table(path: Path, table: str, purpose: str, *because: Path) -> Complaint:
    """What a key says needs a table that is absent."""
    return Complaint(path, f"must come with a table [{table}], {purpose}, found none", "", ((table,), *because))


ROUTING_CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (_segments, _calling, _inbound, _overflow)
