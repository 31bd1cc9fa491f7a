"""Keys that are right alone must be right together: teams exist, shares sum to 1, the event fits into the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simfunnel.scenario.keys import MAX_LEADS, Block
from simfunnel.scenario.offers import Demo
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Calling, Scenario, Team
from simfunnel.scenario.shape import BARE, Path
from simfunnel.scenario.values import DAYS_IN, LONGEST_TITLE, WEEKDAYS, one_line, show
from simfunnel.scenario.wording import Complaint, nearest

MOST_NAMED = 64
LONGEST_HORIZON = dt.timedelta(days=20 * 366)
LATEST_MINUTE = 28 * 60
UNTIL_DONE_ONLY = ("notice", "minimum_employment")
IN_HOUSE_ONLY = (
    "wage_per_hour", "overhead", "overtime_premium", "hiring", "training", "training_days", *UNTIL_DONE_ONLY,
    "commission", "hand_off_fee",
)  # fmt: skip


def complaints(scenario: Scenario) -> Iterator[Complaint]:
    """Everything that does not fit together."""
    for check in CHECKS:
        yield from check(scenario)


def _texts(scenario: Scenario) -> Iterator[Complaint]:
    name = scenario.name
    if not name.isprintable() or not 0 < len(name) <= LONGEST_TITLE:
        yield _must_be(("name",), f"one line of 1 to {LONGEST_TITLE} printable characters", name)
    if not (len(scenario.currency) == 3 and scenario.currency.isascii() and scenario.currency.isupper()):
        yield _must_be(("currency",), 'a code of three capital letters such as "EUR"', scenario.currency)


def _names(scenario: Scenario) -> Iterator[Complaint]:
    for table, named in (("segments", scenario.segments), ("teams", scenario.teams)):
        if len(named) > MOST_NAMED:
            yield Complaint((table,), f"must be at most {MOST_NAMED} tables, found {len(named)}")
        for name in named:
            if not BARE.fullmatch(name) or len(name) > MOST_NAMED:
                required = f"must have a name of 1 to {MOST_NAMED} letters, digits, _ or -"
                yield Complaint((table, name), f"{required}, found {show(name)}")


def _leads(scenario: Scenario) -> Iterator[Complaint]:
    total = sum(segment.leads for segment in scenario.segments.values())
    if total > MAX_LEADS:
        because = tuple(("segments", name, "leads") for name in scenario.segments)
        yield Complaint(("segments",), f"must have at most {MAX_LEADS:,} leads in all, found {total:,}", "", because)


def _own_teams(scenario: Scenario) -> Iterator[Complaint]:
    for name, segment in scenario.segments.items():
        if segment.team is not None:
            yield from _named_team(("segments", name, "team"), segment.team, scenario)


def _calendar(scenario: Scenario) -> Iterator[Complaint]:
    days = scenario.working_days
    if not days or len(set(days)) < len(days):
        yield Complaint(("working_days",), f"must name at least one weekday, each once, found {_weekdays(days)}")
        return
    because: tuple[Path, ...] = (("start",), ("horizon",), ("working_days",), ("holidays",))
    if _too_long(scenario):
        yield Complaint(("horizon",), f"must be at most 20 years, found {scenario.horizon}", "", because)
    elif not _working_days(scenario, _length(scenario)):
        message = f"must contain a working day, found none in {scenario.horizon} from {scenario.start}"
        yield Complaint(("horizon",), message, "", because)


def _weekdays(days: Sequence[int]) -> str:
    return ", ".join(WEEKDAYS[day] for day in days[:14]) if days else "none"


def _length(scenario: Scenario) -> dt.timedelta:
    """How many days the horizon covers at most."""
    if scenario.horizon.unit == "working days":
        return LONGEST_HORIZON
    return dt.timedelta(days=int(scenario.horizon.count * DAYS_IN[scenario.horizon.unit]))


def _too_long(scenario: Scenario) -> bool:
    if scenario.horizon.unit != "working days":
        return _length(scenario) > LONGEST_HORIZON
    return 0 < _working_days(scenario, LONGEST_HORIZON) < scenario.horizon.count


def _working_days(scenario: Scenario, length: dt.timedelta) -> int:
    holidays, weekdays = set(scenario.holidays), set(scenario.working_days)
    days = (scenario.start + dt.timedelta(days=day) for day in range(length.days))
    return sum(day.weekday() in weekdays and day not in holidays for day in days)


def _calling(scenario: Scenario) -> Iterator[Complaint]:
    if scenario.calling is None:
        return
    yield from _routing(scenario.calling)
    for name in scenario.calling.teams:
        yield from _named_team(("calling", "teams"), name, scenario)
    order = scenario.calling.order
    if sorted(order) != ["fresh", "retries"]:
        found = show(list(order))
        yield Complaint(("calling", "order"), f'must name "retries" and "fresh", each once, found {found}')


def _routing(calling: Calling) -> Iterator[Complaint]:
    path, teams = ("calling", "teams"), calling.teams
    if not teams:
        yield Complaint(path, "must name at least one team, found none")
    elif isinstance(teams, dict):
        yield from _shares(path, teams)
    elif len(set(teams)) < len(teams):
        twice = next(name for name in teams if teams.count(name) > 1)
        yield Complaint(path, f"must name each team once, found {show(twice)} {teams.count(twice)} times")


def _shares(path: Path, shares: dict[str, Quantity]) -> Iterator[Complaint]:
    total = sum(share.best for share in shares.values())
    if abs(total - 1) > 1e-9:
        yield Complaint(path, f"must have shares that sum to 1, found a sum of {total:.10g}")


def _named_team(path: Path, name: str, scenario: Scenario) -> Iterator[Complaint]:
    if name in scenario.teams:
        return
    known = f"one of {', '.join(map(one_line, scenario.teams))}" if scenario.teams else "a team, and there are no teams"
    hint = nearest(name, scenario.teams) or ("" if scenario.teams else f"add a table [teams.{one_line(name)}]")
    message = f"must name {one_line(known, 100)}, found {show(name)}"
    yield Complaint(path, message, hint, (("teams", name),))


def _teams(scenario: Scenario) -> Iterator[Complaint]:
    for name, team in scenario.teams.items():
        yield from _pause(("teams", name), team)
        yield from _prices(("teams", name), team)
        yield from _terms(("teams", name), team)
        yield from _members(("teams", name), team)


def _pause(path: Path, team: Team) -> Iterator[Complaint]:
    shift, pause = team.shift, team.pause
    if pause is None:
        return
    inside = shift.start <= pause.start and pause.end <= shift.end and pause.minutes < shift.minutes
    if not inside:
        message = (
            f'must lie inside the shift {_clock(shift.start, shift.end)}, found "{_clock(pause.start, pause.end)}"'
        )
        yield Complaint((*path, "pause"), message, "", ((*path, "shift"),))


def _members(path: Path, team: Team) -> Iterator[Complaint]:
    """Members are unlike one by one, or alike."""
    for key in ("skill", "pace"):
        given = len(getattr(team, key))
        if given not in (0, team.size):
            message = f"must be empty or one number for each of the {team.size:,} members, found {given:,}"
            yield Complaint((*path, key), message, "", ((*path, "size"),))


def _clock(*minutes: int) -> str:
    return "-".join(f"{m // 60:02d}:{m % 60:02d}" for m in minutes)


def _prices(path: Path, team: Team) -> Iterator[Complaint]:
    """Prices of the other kind of team would do nothing."""
    if team.kind == "in-house":
        idle: list[Path] = [("contract", key) for key in _changed(team.contract)]
        other = "outsourced"
    else:
        idle = [(key,) for key in IN_HOUSE_ONLY if key in _changed(team)]
        other = "in-house"
    for keys in idle:
        message = f"must be left out, as it belongs to teams of kind {other} and this one is {team.kind}"
        yield Complaint((*path, *keys), message, "", ((*path, "kind"),))


def _terms(path: Path, team: Team) -> Iterator[Complaint]:
    """Terms that rest on another key."""
    for key in UNTIL_DONE_ONLY:
        if team.kind == "in-house" and team.paid != "until_done" and key in _changed(team):
            message = f"must be left out, as it is for teams that are paid until_done and this one is paid {team.paid}"
            yield Complaint((*path, key), message, "", ((*path, "paid"), (*path, "kind")))
    contract: Path = (*path, "contract")
    if (
        team.kind == "outsourced"
        and "penalty_per_day_late" in _changed(team.contract)
        and not team.contract.done_within
    ):
        message = "must come with done_within, the time within which the list is promised to be done, found none"
        because = ((*contract, "done_within"), (*path, "kind"))
        yield Complaint((*contract, "penalty_per_day_late"), message, "", because)


def _changed(block: Block) -> list[str]:
    """The keys that were set to something else than their default."""
    fields: dict[str, Any] = dict(type(block).model_fields)
    return [key for key in fields if key in block.model_fields_set and getattr(block, key) != fields[key].default]


def _demo(scenario: Scenario) -> Iterator[Complaint]:
    demo = scenario.demo
    if demo is None:
        return
    yield from _named_team(("demo", "team"), demo.team, scenario)
    yield from _hours(demo)
    yield from _event_days(demo)
    team = scenario.teams.get(demo.team)
    if team is not None and demo.hosts > team.size:
        size: Path = ("teams", demo.team, "size")
        message = f"must be at most the size of team {demo.team}, {team.size}, found {demo.hosts}"
        yield Complaint(("demo", "hosts"), message, "", (size, ("demo", "team")))


def _event_days(demo: Demo) -> Iterator[Complaint]:
    """Events are held every so often, or on weekdays."""
    days: Path = ("demo", "weekdays")
    if len(set(demo.weekdays)) < len(demo.weekdays):
        yield Complaint(days, f"must name each weekday once, found {_weekdays(demo.weekdays)}")
    for key in ("every", "weekday") if demo.weekdays else ():
        if key in demo.model_fields_set:
            yield Complaint(("demo", key), "must be left out, as demo.weekdays says when events are held", "", (days,))


def _hours(demo: Demo) -> Iterator[Complaint]:
    begin, end = demo.at - demo.set_up, demo.at + demo.length
    if begin < 0:
        message = (
            f"must begin on the day of the event, which is at {_clock(demo.at)}, found {demo.set_up} min before it"
        )
        yield Complaint(("demo", "set_up"), message, "", (("demo", "at"),))
    if end > LATEST_MINUTE:
        message = f"must end the event by 28:00 (4 at night), found {_clock(demo.at)} and {demo.length} min"
        yield Complaint(("demo", "length"), message, "", (("demo", "at"),))


def _must_be(path: Path, required: str, found: object) -> Complaint:
    return Complaint(path, f"must be {required}, found {show(found)}")


CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (
    _texts, _names, _leads, _own_teams, _calendar, _calling, _teams, _demo,
)  # fmt: skip
