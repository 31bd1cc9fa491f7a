"""Whether there are people for the work, and work for the people, is said before a run, in days, hours and money."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simfunnel.experiments.after_sales_expectation import care_minutes
from simfunnel.experiments.expectation import Expectation
from simfunnel.experiments.phrasing import about, listed
from simfunnel.experiments.pursuit_expectation import pursuit_minutes
from simfunnel.experiments.roles import (
    answering,
    calling_or_answering,
    caring,
    dialling,
    following,
    hosting,
    meeting,
    offers,
    receiving,
)
from simfunnel.scenario.schema import Contract, Scenario, Team
from simfunnel.scenario.wording import nearest

MOSTLY_IDLE = 0.2
MISSPELT = 0.85  # caller and callers, but not sellers and callers
FOR_CALLS = ("per_dial", "per_accepted", "per_attended", "per_sale", "claw_back", "penalty_per_day_late")
"""What nothing falls under where a team invites nobody."""
BILLED = frozenset(Contract.model_fields) - {"claw_back", "done_within", "penalty_per_day_late"}


def _work(expected: Expectation) -> Iterator[str]:
    """Teams that can never finish their work; what overflows is the other team's."""
    scenario, days = expected.scenario, expected.calendar.days
    intake = expected.calendar.length(scenario.intake or scenario.horizon)
    for name in dict.fromkeys([*dialling(scenario), *answering(scenario), *_others_at_work(scenario)]):
        rate, have = expected.minutes_a_day(name), _minutes_to_work(expected, name)
        if (pressing := _pressing(expected, name, intake, have / days if days else 0)) is not None:
            yield pressing
        elif (need := _own_work(expected, name) + _received(expected, name)) > have:
            yield _overworked(expected, name, need / rate, have / rate, "the horizon")
        elif scenario.intake is not None and scenario.teams[name].overflow is None:
            fresh = expected.dial_minutes(name, first_dials_only=True)
            if fresh > intake * rate:
                yield _overworked(expected, name, fresh / rate, intake, "the intake")


def _others_at_work(scenario: Scenario) -> list[str]:
    """The teams that only get what others leave, meet leads, follow them up, or look after customers."""
    some = (meeting(scenario), following(scenario), caring(scenario))
    return [*receiving(scenario), *(name for name in some if name)]


def _minutes_to_work(expected: Expectation, name: str) -> float:
    """Minutes of a team within the horizon, apart from the events."""
    return expected.calendar.days * expected.minutes_a_day(name) - expected.hosting_minutes(name)


def _own_work(expected: Expectation, name: str) -> float:
    """Minutes of what no other team gets."""
    dials = 0.0 if expected.scenario.teams[name].overflow is not None else expected.dial_minutes(name)
    afterwards = pursuit_minutes(expected, name) + care_minutes(expected, name)
    return dials + expected.hot_minutes(name) + expected.meeting_minutes(name) + afterwards


def _received(expected: Expectation, name: str) -> float:
    """Minutes of dialling that other teams can never get round to, and so are this team's."""
    teams = expected.scenario.teams.items()
    giving = [giver for giver, team in teams if team.overflow is not None and team.overflow.to == name]
    return sum(max(0.0, expected.work_minutes(giver) - _minutes_to_work(expected, giver)) for giver in giving)


def _pressing(expected: Expectation, name: str, intake: int, have: float) -> str | None:
    """Work that comes in by the day, faster than it can be done; `have` are minutes a day."""
    days = expected.calendar.days
    needs = (
        (expected.hot_minutes(name), intake, "talks with hot leads, so these wait longer from day to day", "answer"),
        (expected.meeting_minutes(name), intake, "meetings, so these are held later from week to week", "meet"),
        (pursuit_minutes(expected, name), days, "touches, so these are made later from week to week", "follow up"),
        (care_minutes(expected, name), days, "customers, so these are seen later from week to week", "look after"),
    )
    for minutes, period, so, verb in needs:
        if period and minutes / period > have:
            return (
                f"teams.{name} needs about {about(minutes / period)} minutes a day for {so}, but has {about(have)}: "
                f"add members or {verb} fewer."
            )
    return None


def _overworked(expected: Expectation, name: str, need: float, have: float, period: str) -> str:
    others = (expected.hot_minutes(name), expected.meeting_minutes(name), pursuit_minutes(expected, name))
    only_dials = not any((*others, care_minutes(expected, name)))
    work, less = ("list", "shorten the list") if only_dials else ("work", "take on less")
    return (
        f"teams.{name} needs about {about(need)} working days for its {work} but has {about(have)} within {period}: "
        f"add members, lengthen it or {less}."
    )


def _idle(expected: Expectation) -> Iterator[str]:
    """Teams that have no work."""
    scenario = expected.scenario
    if not expected.leads or (scenario.calling is None and scenario.inbound is None):
        return
    busy = _at_work(scenario)
    for name, team in scenario.teams.items():
        if name in busy or _stands_by(expected, name):
            continue
        if (room := _room_of(scenario, name)) is not None:
            yield from _paid_for_nothing(expected, name, room)
            continue
        meant = nearest(name, [known for known in busy if known], MISSPELT)
        if meant or scenario.demo is not None or "demo" not in offers(scenario):  # else the absent host is said
            yield f"teams.{name} has {_members(team)} and no work: {meant or _ways_out(scenario, name)}"


def _at_work(scenario: Scenario) -> set[str | None]:
    """The teams that have work."""
    others = {hosting(scenario), meeting(scenario), following(scenario), caring(scenario)}
    return calling_or_answering(scenario) | others


def _stands_by(expected: Expectation, name: str) -> bool:
    """Is it a call centre that costs nothing here, and has work in what else the files say?"""
    costs = expected.scenario.teams[name].kind == "in-house" or cost_of_no_work(expected, name)
    return not costs and any(name in _at_work(other) for other in expected.written)


def _room_of(scenario: Scenario, name: str) -> str | None:
    """The room in which a team would work, if an offer led to it."""
    if scenario.demo is not None and scenario.demo.team == name and scenario.demo.hosts:
        return "demo"
    return "meeting" if scenario.meeting is not None and scenario.meeting.team == name else None


def _ways_out(scenario: Scenario, name: str) -> str:
    """Where a team could be named to have work; not to dial, where all that is offered is the sale itself."""
    offered, demo = offers(scenario), scenario.demo
    dials = scenario.calling is not None and offered != {"sale"}
    keys = {
        "calling.teams": dials,
        "inbound.teams": scenario.inbound is not None,
        "demo.team": demo is not None and "demo" in offered and demo.team != name,
        "meeting.team": "meeting" in offered,
        "follow_up.team": scenario.follow_up is not None,
        "after_sales.team": scenario.after_sales is not None,
        "overflow.to of a team that dials": dials,
    }
    *some, last = [key for key, is_there in keys.items() if is_there] or [""]
    if not last:
        return "remove it, or offer a demo or a meeting."
    call = "set demo.hosts, " if demo is not None and demo.team == name and "demo" in offered else ""
    return f"{call}name it in {', '.join(some)}{' or ' if some else ''}{last}, or remove it."


def _members(team: Team) -> str:
    return f"{team.size:,} members" if team.size > 1 else "a member"


def _paid_for_nothing(expected: Expectation, name: str, room: str) -> Iterator[str]:
    if cost := cost_of_no_work(expected, name):
        yield (
            f"teams.{name} has {_members(expected.scenario.teams[name])} and no work, as no offer leads to {room}, but "
            f'costs {cost:,.0f} {expected.scenario.currency}: set teams.{name}.paid = "worked" or remove it.'
        )


def cost_of_no_work(expected: Expectation, name: str) -> float:
    """What a team costs though it does nothing: hiring, and all shifts if they are paid."""
    team = expected.scenario.teams[name]
    shifts = _paid_hours(expected, name) * _price_of_an_hour(team) if team.paid == "shift" else 0.0
    return shifts + team.size * team.hiring.best


def _overpaid(expected: Expectation) -> Iterator[str]:
    """Teams on the payroll for the whole horizon that work a small part of it."""
    scenario = expected.scenario
    for name, team in scenario.teams.items() if expected.leads else ():
        minutes = expected.work_minutes(name) + _received(expected, name) + expected.hosting_minutes(name)
        minutes += pursuit_minutes(expected, name) + care_minutes(expected, name)
        needed, paid = minutes / 60, _paid_hours(expected, name)
        amount = paid * _price_of_an_hour(team)
        if team.paid == "shift" and 0 < needed < MOSTLY_IDLE * paid and amount:
            yield (
                f"teams.{name} is paid for {paid:,.0f} hours ({amount:,.0f} {scenario.currency}), all shifts of the "
                f"horizon, and has work for about {about(needed)}: "
                f'set teams.{name}.paid = "until_done" or "worked", or shorten the horizon.'
            )


def _paid_hours(expected: Expectation, name: str) -> float:
    """Of all shifts of the horizon."""
    return expected.calendar.days * expected.minutes_a_day(name) / 60


def _price_of_an_hour(team: Team) -> float:
    if team.kind == "outsourced":
        return team.contract.per_hour.best
    return team.wage_per_hour.best * (1 + team.overhead.best)


def _overflow(expected: Expectation) -> Iterator[str]:
    """An overflow of what has not become late enough by the end."""
    days = expected.calendar.days
    for name, team in expected.scenario.teams.items():
        if team.overflow is not None and expected.calendar.length(team.overflow.after) >= days:
            yield (
                f"teams.{name}.overflow.after {team.overflow.after} does not end before the horizon of {days} working "
                "days, so nothing ever moves: move sooner or remove it."
            )


def _unpriced(expected: Expectation) -> Iterator[str]:
    for name, team in expected.scenario.teams.items():
        if team.kind == "outsourced" and not _billed(team):
            yield f"teams.{name} is outsourced for 0 {expected.scenario.currency}: price it in teams.{name}.contract."


def _billed(team: Team) -> bool:
    return any(getattr(team.contract, line).best > 0 for line in Contract.model_fields if line in BILLED)


def _idle_terms(expected: Expectation) -> Iterator[str]:
    """Terms of a contract or of a wage that nothing falls under."""
    for name, team in expected.scenario.teams.items():
        contract, path = team.contract, f"teams.{name}.contract"
        if contract.claw_back.best > 0 and not contract.per_accepted.best:
            yield f"{path}.claw_back is a share of a per_accepted of 0: price the acceptance or remove it."
        if contract.done_within is not None:
            yield from _idle_promise(path, contract, expected)
        if team.hand_off_fee.best > 0 and not _hands_on(expected.scenario, name):
            yield f"teams.{name}.hand_off_fee is paid for 0 acceptances, as the team hands nobody on: remove it."
        if team.overtime_premium.best > 0 and not team.wage_per_hour.best:
            yield f"teams.{name}.overtime_premium is a share of a wage_per_hour of 0: give the wage or remove it."


def _for_calls_only(expected: Expectation) -> Iterator[str]:
    """Terms about dialling, and about who was invited, for a team that only follows up."""
    scenario, name = expected.scenario, following(expected.scenario)
    if name is None or name in calling_or_answering(scenario):
        return
    contract = scenario.teams[name].contract
    keys = [key for key in FOR_CALLS if getattr(contract, key).support[1] > 0]
    if keys:
        does, them = ("does", "it") if len(keys) == 1 else ("do", "them")
        yield (
            f"{listed([f'teams.{name}.contract.{key}' for key in keys])} {does} nothing, as the team invites nobody "
            f"and only follows up: price per_hour or per_connect, or remove {them}."
        )


def _hands_on(scenario: Scenario, name: str) -> bool:
    """Does a team talk to leads whom another team meets?"""
    meets = {hosting(scenario), meeting(scenario)} - {None, name}
    return bool(meets) and name in calling_or_answering(scenario)


def _idle_promise(path: str, contract: Contract, expected: Expectation) -> Iterator[str]:
    if not contract.penalty_per_day_late.best:
        yield f"{path}.done_within costs nobody anything: give a penalty_per_day_late or remove it."
    elif contract.done_within and expected.calendar.length(contract.done_within) >= expected.calendar.days:
        yield (
            f"{path}.done_within {contract.done_within} does not end before the horizon of {expected.calendar.days} "
            "working days, so nothing is ever late: promise less or lengthen the horizon."
        )


WORK_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (_work, _overflow)
PAY_DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _idle,
    _overpaid,
    _unpriced,
    _idle_terms,
    _for_calls_only,
)
