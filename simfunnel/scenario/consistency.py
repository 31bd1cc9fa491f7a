"""Keys that are right alone must be right together: teams exist, shares sum to 1, the event fits into the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from simfunnel.scenario.after_sales_consistency import AFTER_SALES_CHECKS
from simfunnel.scenario.diagnostics_consistency import DIAGNOSTICS_CHECKS
from simfunnel.scenario.keys import MAX_LEADS
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.marketing_consistency import MARKETING_CHECKS
from simfunnel.scenario.offers import Demo
from simfunnel.scenario.pursuit_consistency import PURSUIT_CHECKS
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.routing_consistency import ROUTING_CHECKS, named_team
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scenario.selling_consistency import SELLING_CHECKS, called_of_team
from simfunnel.scenario.shape import BARE, OFF, Path
from simfunnel.scenario.values import DAYS_IN, LONGEST_TITLE, WEEKDAYS, Interval, show
from simfunnel.scenario.wording import Complaint, changed, must_be

MOST_NAMED = 64
LONGEST_HORIZON = dt.timedelta(days=20 * 366)
LATEST_MINUTE = 28 * 60
MOST_ARRIVALS = 1_000_000
CALENDAR: Final[tuple[Path, ...]] = (("start",), ("horizon",), ("working_days",), ("holidays",))
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
        yield must_be(("name",), f"one line of 1 to {LONGEST_TITLE} printable characters", name)
    if not (len(scenario.currency) == 3 and scenario.currency.isascii() and scenario.currency.isupper()):
        yield must_be(("currency",), 'a code of three capital letters such as "EUR"', scenario.currency)


def _names(scenario: Scenario) -> Iterator[Complaint]:
    for table, named in (("segments", scenario.segments), ("teams", scenario.teams)):
        if len(named) > MOST_NAMED:
            yield Complaint((table,), f"must be at most {MOST_NAMED} tables, found {len(named)}")
        for name in named:
            if not BARE.fullmatch(name) or len(name) > MOST_NAMED:
                required = f"must have a name of 1 to {MOST_NAMED} letters, digits, _ or -"
                yield Complaint((table, name), f"{required}, found {show(name)}")
    if OFF in scenario.teams:
        yield Complaint(("teams", OFF), f'must have another name, as team = "{OFF}" means none')


def _leads(scenario: Scenario) -> Iterator[Complaint]:
    total = sum(segment.leads for segment in scenario.segments.values())
    if total > MAX_LEADS:
        because = tuple(("segments", name, "leads") for name in scenario.segments)
        yield Complaint(("segments",), f"must have at most {MAX_LEADS:,} leads in all, found {total:,}", "", because)


def _arrivals(scenario: Scenario) -> Iterator[Complaint]:
    """The leads that arrive in a history must fit into memory, those too whom endless marketing would bring."""
    arriving = [(name, s) for name, s in scenario.segments.items() if s.arrivals_by_weekday or s.arrivals != fixed(0)]
    marketed = scenario.marketing.arrivals if scenario.marketing is not None else None
    if not (arriving or marketed) or _too_long(scenario):
        return
    days = min((_by_weekday(scenario, time) for time in (scenario.horizon, scenario.intake) if time), key=Counter.total)
    total = sum(_mean(segment, day) * number for _, segment in arriving for day, number in days.items())
    total += marketed.most.best * days.total() if marketed is not None else 0.0
    if total > MOST_ARRIVALS:
        keys = [("segments", name, key) for name, _ in arriving for key in ("arrivals", "arrivals_by_weekday")]
        keys += [("marketing", "arrivals", "most")] if marketed is not None else []
        message = f"must have at most {MOST_ARRIVALS:,} arrivals in all on average, found {total:,.0f}"
        yield Complaint(("segments",), message, "", (*keys, *CALENDAR, ("intake",)))


def _mean(segment: Segment, weekday: int) -> float:
    """The best guess of a segment's arrivals on a weekday."""
    if segment.arrivals_by_weekday:
        return segment.arrivals_by_weekday[weekday].best if weekday in segment.arrivals_by_weekday else 0.0
    return segment.arrivals.best


def _calendar(scenario: Scenario) -> Iterator[Complaint]:
    days = scenario.working_days
    if not days or len(set(days)) < len(days):
        yield Complaint(("working_days",), f"must name at least one weekday, each once, found {_weekdays(days)}")
        return
    if _too_long(scenario):
        yield Complaint(("horizon",), f"must be at most 20 years, found {scenario.horizon}", "", CALENDAR)
    elif not _working_days(scenario, _length(scenario.horizon)):
        message = f"must contain a working day, found none in {scenario.horizon} from {scenario.start}"
        yield Complaint(("horizon",), message, "", CALENDAR)


def _weekdays(days: Sequence[int]) -> str:
    return ", ".join(WEEKDAYS[day] for day in days[:14]) if days else "none"


def _length(interval: Interval) -> dt.timedelta:
    """How many days an interval covers at most."""
    if interval.unit == "working days":
        return LONGEST_HORIZON
    return dt.timedelta(days=int(interval.count * DAYS_IN[interval.unit]))


def _too_long(scenario: Scenario) -> bool:
    if scenario.horizon.unit != "working days":
        return _length(scenario.horizon) > LONGEST_HORIZON
    return 0 < _working_days(scenario, LONGEST_HORIZON) < scenario.horizon.count


def _working_days(scenario: Scenario, length: dt.timedelta) -> int:
    return sum(1 for _ in _worked(scenario, length))


def _worked(scenario: Scenario, length: dt.timedelta) -> Iterator[int]:
    """The weekday of each working day within `length` of the start."""
    holidays, weekdays = set(scenario.holidays), set(scenario.working_days)
    days = (scenario.start + dt.timedelta(days=day) for day in range(length.days))
    return (day.weekday() for day in days if day.weekday() in weekdays and day not in holidays)


def _by_weekday(scenario: Scenario, interval: Interval) -> Counter[int]:
    """How many working days an interval has, by weekday."""
    most = interval.count if interval.unit == "working days" else None
    return Counter(islice(_worked(scenario, min(_length(interval), LONGEST_HORIZON)), most))


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
            whom = f"each of the {team.size:,} members" if team.size > 1 else "the one member"
            message = f"must be empty or one number for {whom}, found {given:,}"
            yield Complaint((*path, key), message, "", ((*path, "size"),))


def _clock(*minutes: int) -> str:
    return "-".join(f"{m // 60:02d}:{m % 60:02d}" for m in minutes)


def _prices(path: Path, team: Team) -> Iterator[Complaint]:
    """Prices of the other kind of team would do nothing."""
    if team.kind == "in-house":
        idle: list[Path] = [("contract", key) for key in changed(team.contract)]
        other = "outsourced"
    else:
        idle = [(key,) for key in IN_HOUSE_ONLY if key in changed(team)]
        other = "in-house"
    for keys in idle:
        message = f"must be left out, as it belongs to teams of kind {other} and this one is {team.kind}"
        yield Complaint((*path, *keys), message, "", ((*path, "kind"),))


def _terms(path: Path, team: Team) -> Iterator[Complaint]:
    """Terms that rest on another key."""
    for key in UNTIL_DONE_ONLY:
        if team.kind == "in-house" and team.paid != "until_done" and key in changed(team):
            message = f"must be left out, as it is for teams that are paid until_done and this one is paid {team.paid}"
            yield Complaint((*path, key), message, "", ((*path, "paid"), (*path, "kind")))
    contract: Path = (*path, "contract")
    if team.kind == "outsourced" and "penalty_per_day_late" in changed(team.contract) and not team.contract.done_within:
        message = "must come with done_within, the time within which the list is promised to be done, found none"
        because = ((*contract, "done_within"), (*path, "kind"))
        yield Complaint((*contract, "penalty_per_day_late"), message, "", because)


def _demo(scenario: Scenario) -> Iterator[Complaint]:
    demo = scenario.demo
    if demo is None:
        return
    yield from named_team(("demo", "team"), demo.team, scenario)
    yield from _hours(demo)
    yield from _event_days(demo)
    yield from called_of_team(("demo", "hosts"), demo.hosts, scenario)


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


CHECKS: tuple[Callable[[Scenario], Iterator[Complaint]], ...] = (
    _texts, _names, _leads, _arrivals, _calendar, *ROUTING_CHECKS, _teams, _demo, *SELLING_CHECKS,
    *PURSUIT_CHECKS, *AFTER_SALES_CHECKS, *MARKETING_CHECKS, *DIAGNOSTICS_CHECKS,
)  # fmt: skip
