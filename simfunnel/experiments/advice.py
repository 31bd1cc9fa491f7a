"""What is legal but surely wrong is said before a run, with numbers and with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simfunnel.experiments.demo_advice import DEMO_DOUBTS
from simfunnel.experiments.expectation import Expectation, after_odds, routes, step, working_days
from simfunnel.experiments.phrasing import about, percent
from simfunnel.experiments.slip_advice import SLIP_DOUBTS
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Calling, Contract, Scenario, Team
from simfunnel.scenario.wording import nearest

MOSTLY_IDLE = 0.2
MISSPELT = 0.85  # caller and callers, but not sellers and callers
BILLED = frozenset(Contract.model_fields) - {"claw_back", "done_within", "penalty_per_day_late"}


@dataclass(frozen=True)
class Advice:
    """One sentence for each doubt, and for each odds ratio what it means."""

    warnings: tuple[str, ...]
    odds: tuple[str, ...]


def advise(scenario: Scenario) -> Advice:
    """What a planner should know about a valid scenario before running it."""
    expected = Expectation(scenario)
    warnings = [warning for doubt in DOUBTS for warning in doubt(expected)]
    return Advice(tuple(warnings), tuple(_echoes(scenario)))


def _echoes(scenario: Scenario) -> Iterator[str]:
    """Each odds ratio that is not 1, with the share before and after at the best guess."""
    calling, demo = scenario.calling, scenario.demo
    base: dict[str, Quantity] = {"sold": scenario.closing.sold_if_interested}
    if calling is not None:
        base |= {name: getattr(calling, name) for name in ("answered", "listened", "accepted")}
        for name, ratio in _ratios(calling.warm):
            yield _echo(f"calling.warm.{name}", ratio, name, base[name].best)
    if demo is not None:
        base["attended"] = demo.attended
        for name, ratio in (("reminder.odds", demo.reminder.odds), ("odds_per_day_waited", demo.odds_per_day_waited)):
            if ratio.best != 1:
                yield _echo(f"demo.{name}", ratio, "attended", demo.attended.best)
    for path, name, ratio in _ratios_of(scenario):
        if name == "interested" and (interested := _interested(scenario)) is not None:
            yield _echo(path, ratio, name, interested)
        elif name in base:
            yield _echo(path, ratio, name, _base(scenario, path, name, base[name]))


def _base(scenario: Scenario, path: str, name: str, share: Quantity) -> float:
    """The share before the ratio: a warm segment's calls are warm already."""
    kind, owner, *_ = path.split(".")
    if kind == "segments" and name in ("answered", "listened", "accepted"):
        return step(scenario, scenario.segments[owner], name)
    return share.best


def _interested(scenario: Scenario) -> float | None:
    """The share of all leads that is interested."""
    leads = sum(segment.leads for segment in scenario.segments.values())
    interested = sum(segment.leads * segment.interested.best for segment in scenario.segments.values())
    return interested / leads if leads else None


def _echo(path: str, ratio: Quantity, name: str, before: float) -> str:
    after = after_odds(Quantity("fixed", (before,)), ratio)
    doubt = "" if ratio.is_fixed else " (best guess)"
    return f"{path} {ratio.best:g}{doubt}: {name} {percent(before)} → {percent(after)}"


def _ratios(block: Block) -> Iterator[tuple[str, Quantity]]:
    for name, ratio in block:
        if ratio.best != 1:
            yield name, ratio


def _ratios_of(scenario: Scenario) -> Iterator[tuple[str, str, Quantity]]:
    """Path, step and ratio of every odds ratio of segments and teams that is not 1."""
    blocks: list[tuple[str, Block]] = [(f"segments.{n}.odds", s.odds) for n, s in scenario.segments.items()]
    blocks += [(f"teams.{n}.odds", t.odds) for n, t in scenario.teams.items()]
    for path, block in blocks:
        for name, ratio in _ratios(block):
            yield f"{path}.{name}", name, ratio


def _stages(expected: Expectation) -> Iterator[str]:
    """Stages that nothing reaches, because a room of the funnel is absent."""
    scenario = expected.scenario
    if not expected.leads:
        said = f"segments hold 0 leads, so nothing happens{_paid_all_the_same(expected)}: "
        yield f"{said}add a table [segments.list] with leads = 1500."
    elif scenario.calling is None:
        yield f"calling is absent, so none of the {expected.leads:,} leads is ever dialled: add a table [calling]."
    elif scenario.demo is None:
        yield f"demo is absent, so about {about(expected.bookings)} who accept have nowhere to come: add [demo]."
    if scenario.demo is not None and scenario.calling is None:
        yield "demo invites 0 leads, because calling is absent: add a table [calling] or remove [demo]."


def _paid_all_the_same(expected: Expectation) -> str:
    """What is spent though nobody is called."""
    teams = expected.scenario.teams.items()
    shifts = sum(_paid_hours(expected, name) * _price_of_an_hour(team) for name, team in teams if team.paid == "shift")
    spent = shifts + sum(team.size * team.hiring.best for _, team in teams)
    return f", but hiring and shifts are paid, {spent:,.0f} {expected.scenario.currency}" if spent else ""


def _empty_segments(expected: Expectation) -> Iterator[str]:
    for name, segment in expected.scenario.segments.items():
        if expected.leads and not segment.leads:
            yield f"segments.{name} has 0 leads: give it leads or remove it."


def _shares_of_zero(expected: Expectation) -> Iterator[str]:
    """Stages that nothing reaches, because a share is 0."""
    scenario = expected.scenario
    steps: list[tuple[str, Quantity, str]] = []
    if scenario.calling is not None:
        steps += [(f"calling.{n}", getattr(scenario.calling, n), n) for n in ("answered", "listened", "accepted")]
    if scenario.demo is not None:
        steps.append(("demo.attended", scenario.demo.attended, "attended"))
        steps.append(("closing.sold_if_interested", scenario.closing.sold_if_interested, "sold"))
    for name, segment in scenario.segments.items():
        steps.append((f"segments.{name}.interested", segment.interested, "interested"))
        steps.append((f"segments.{name}.qualified", segment.qualified, "sold"))
    for path, share, stage in steps:
        if share.best == 0:
            yield f"{path} is 0 at the best guess, so the stage `{stage}` is never reached: give a share above 0."


def _work(expected: Expectation) -> Iterator[str]:
    """Teams that can never finish their list."""
    scenario, days = expected.scenario, expected.calendar.days
    for name in _calling_teams(scenario):
        rate = expected.minutes_a_day(name)
        have = days * rate - expected.hosting_minutes(name)
        need = expected.work_minutes(name)
        if need > have:
            yield _overworked(name, need / rate, have / rate, "the horizon")
        elif scenario.intake is not None:
            fresh = expected.work_minutes(name, first_dials_only=True)
            intake = expected.calendar.length(scenario.intake) * rate
            if fresh > intake:
                yield _overworked(name, fresh / rate, intake / rate, "the intake")


def _overworked(name: str, need: float, have: float, period: str) -> str:
    return (
        f"teams.{name} needs about {about(need)} working days for its list but has {about(have)} within {period}: "
        "add members, lengthen it or shorten the list."
    )


def _calling_teams(scenario: Scenario) -> list[str]:
    calling = scenario.calling
    if calling is None:
        return []
    routed = [routes(calling, segment) for segment in scenario.segments.values()] or [routes(calling)]
    return list(dict.fromkeys(name for shares in routed for name, share in shares.items() if share > 0))


def _retries(expected: Expectation) -> Iterator[str]:
    calling, days = expected.scenario.calling, expected.calendar.days
    if calling is None or calling.attempts == 1:
        return
    gap = max(1.0, working_days(calling.retry_after, expected.scenario))
    most = 1 + int((days - 1) / gap)
    if most < calling.attempts:
        yield (
            f"calling.attempts is {calling.attempts}, but with retry_after {calling.retry_after} only {most} fit into "
            f"the horizon of {days} working days: retry sooner or lengthen the horizon."
        )


def _intake(expected: Expectation) -> Iterator[str]:
    scenario, days = expected.scenario, expected.calendar.days
    if scenario.intake is not None and expected.calendar.length(scenario.intake) >= days:
        yield f"intake {scenario.intake} does not end before the horizon of {days} working days: remove or shorten it."


def _money(expected: Expectation) -> Iterator[str]:
    money, currency = expected.scenario.money, expected.scenario.currency
    revenue, cost = money.revenue_per_sale.mean(), money.unit_cost.best
    if revenue == 0:
        yield f"money.revenue_per_sale is 0 {currency}, so there is no revenue: say what a sale brings."
    elif revenue < cost:
        yield (
            f"money.revenue_per_sale is {revenue:,.2f} {currency} on average, below money.unit_cost "
            f"{cost:,.2f}, so every sale loses money: check both."
        )


def _idle(expected: Expectation) -> Iterator[str]:
    """Teams that have no work, and odds that act on nobody."""
    scenario, calling = expected.scenario, _calling_teams(expected.scenario)
    if not expected.leads or scenario.calling is None:
        return
    hosts = scenario.demo.team if scenario.demo is not None and scenario.demo.hosts else None
    for name, team in scenario.teams.items():
        if name not in calling and name != hosts:
            meant = nearest(name, [*calling, *([hosts] if hosts else [])], MISSPELT)
            if meant or scenario.demo is not None:  # that there is no demo, and so no host, is said already
                yield _without_work(name, team, meant)
        elif name not in calling:
            for odd, _ in _ratios(team.odds):
                yield f"teams.{name}.odds.{odd} acts on 0 leads, as the team does not dial: remove it."


def _without_work(name: str, team: Team, meant: str) -> str:
    members = f"{team.size:,} members" if team.size > 1 else "a member"
    return f"teams.{name} has {members} and no work: {meant or 'name it in calling.teams or demo.team, or remove it.'}"


def _overpaid(expected: Expectation) -> Iterator[str]:
    """Teams on the payroll for the whole horizon that work a small part of it."""
    scenario = expected.scenario
    for name, team in scenario.teams.items() if expected.leads else ():
        needed = (expected.work_minutes(name) + expected.hosting_minutes(name)) / 60
        paid = _paid_hours(expected, name)
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


def _idle_warmth(expected: Expectation) -> Iterator[str]:
    calling: Calling | None = expected.scenario.calling
    warm = sum(segment.leads for segment in expected.scenario.segments.values() if segment.temperature == "warm")
    if calling is not None and not warm:
        for name, _ in _ratios(calling.warm):
            yield f'calling.warm.{name} acts on 0 leads: give a segment temperature = "warm" or remove it.'


def _gatekeepers(expected: Expectation) -> Iterator[str]:
    calling, segments = expected.scenario.calling, expected.scenario.segments.values()
    if calling is None or calling.asked_through.best == 0:
        return
    if all(segment.decision_maker.support[0] == 1 for segment in segments):
        yield (
            "calling.asked_through acts on 0 leads, as no segment has gatekeepers: "
            "give a segment decision_maker below 1 or remove it."
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
        if contract.claw_back.best > 0 and not contract.per_acceptance.best:
            yield f"{path}.claw_back is a share of a per_acceptance of 0: price the acceptance or remove it."
        if contract.done_within is not None:
            yield from _idle_promise(path, contract, expected)
        hosts = expected.scenario.demo is None or expected.scenario.demo.team == name
        if team.hand_off_fee.best > 0 and (hosts or name not in _calling_teams(expected.scenario)):
            yield f"teams.{name}.hand_off_fee is paid for 0 acceptances, as the team hands nobody on: remove it."
        if team.overtime_premium.best > 0 and not team.wage_per_hour.best:
            yield f"teams.{name}.overtime_premium is a share of a wage_per_hour of 0: give the wage or remove it."


def _idle_promise(path: str, contract: Contract, expected: Expectation) -> Iterator[str]:
    if not contract.penalty_per_day_late.best:
        yield f"{path}.done_within costs nobody anything: give a penalty_per_day_late or remove it."
    elif contract.done_within and expected.calendar.length(contract.done_within) >= expected.calendar.days:
        yield (
            f"{path}.done_within {contract.done_within} does not end before the horizon of {expected.calendar.days} "
            "working days, so nothing is ever late: promise less or lengthen the horizon."
        )


DOUBTS: tuple[Callable[[Expectation], Iterator[str]], ...] = (
    _stages, _empty_segments, _shares_of_zero, _work, _retries, _intake, *DEMO_DOUBTS, _money,
    _idle, _overpaid, _idle_warmth, _gatekeepers, _unpriced, _idle_terms, *SLIP_DOUBTS,
)  # fmt: skip
