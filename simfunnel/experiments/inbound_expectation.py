"""What hot leads lead one to expect if a member is always free: they wait for the opening, never in a queue.

The wait runs from the arrival to the next opening of the team, pause, nights and days off included; the
patience of some ends in it, and the others accept by the step of the curve that they have come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.funnel.arrivals import arrivals_on
from simfunnel.funnel.odds import odds
from simfunnel.scenario.leads import Segment
from simfunnel.scenario.quantities import Variable
from simfunnel.scenario.schema import Inbound, Scenario, Team
from simfunnel.scenario.values import MINUTE

Floats = npt.NDArray[np.float64]

GRID = 5  # minutes between the points of a day at which an arrival is looked at
LEVELS = (np.arange(1024) + 0.5) / 1024
A_DAY = 24 * 60


@dataclass(frozen=True)
class Awaited:
    """The hot leads of one segment that one team answers.

    `stay` is the share of those who arrive whose patience lasts to the opening, `accepted` the share who
    accept; `outside` is the share who arrive outside the shift, and `overnight`, `stay_overnight` are
    their mean wait (minutes) and the share of them who stay. `minutes` is the working time of a talk.
    """

    segment: str
    team: str
    listed: float
    arrivals: float
    stay: float
    accepted: float
    at_once: float
    outside: float
    overnight: float
    stay_overnight: float
    minutes: float

    @property
    def leads(self) -> float:
        """All of them."""
        return self.listed + self.arrivals

    @property
    def bookings(self) -> float:
        """Leads who accept the offer."""
        return self.listed * self.at_once + self.arrivals * self.accepted

    @property
    def work_minutes(self) -> float:
        """Minutes of all talks."""
        return (self.listed + self.arrivals * self.stay) * self.minutes


def arrivals_of(name: str, scenario: Scenario, calendar: Calendar) -> float:
    """The best guess of all arrivals of a segment, until the intake ends; for who is to be dialled a day earlier."""
    days = calendar.dates[: calendar.length(scenario.intake or scenario.horizon)]
    days = days if scenario.segments[name].temperature == "hot" else days[:-1]
    return sum(arrivals_on(scenario, name, date.weekday()) for date in days)


def nights(name: str, scenario: Scenario, calendar: Calendar) -> dict[int, float]:
    """By calendar days until the next working day: the share of arrivals that come on such a day."""
    weights: dict[int, float] = {}
    for date, following in zip(calendar.dates, calendar.dates[1:], strict=False):
        gap = (following - date).days
        weights[gap] = weights.get(gap, 0.0) + arrivals_on(scenario, name, date.weekday())
    total = sum(weights.values())
    return {gap: weight / total for gap, weight in weights.items()} if total else {1: 1.0}


def waits(segment: Segment, team: Team, gap: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Minutes until the next opening, for arrivals at equal steps of their hours, and which come outside the shift."""
    hours, shift, pause = segment.arrival_hours, team.shift, team.pause
    points = max(1, hours.minutes // GRID)
    clock = hours.start + (np.arange(points) + 0.5) * hours.minutes / points
    late = clock >= shift.end
    wait = np.where(late, gap * A_DAY + shift.start - clock, np.maximum(0.0, shift.start - clock))
    if pause is not None:
        wait += np.where((clock >= pause.start) & (clock < pause.end), pause.end - clock, 0.0)
    return wait, late | (clock < shift.start)


def staying(patience: Variable | None, wait: Floats) -> Floats:
    """The share whose patience lasts for each wait (minutes)."""
    if patience is None:
        return np.ones(wait.shape)
    limits = np.sort(np.broadcast_to(patience_at(patience), LEVELS.shape)) / MINUTE
    return np.asarray(1 - np.searchsorted(limits, wait, side="left") / limits.size)


def patience_at(patience: Variable) -> Floats:
    """Patience (ms) at equal steps of its distribution, at the best guess of its parameters."""
    from simfunnel.scenario.quantities import FAMILIES

    return np.asarray(FAMILIES[patience.family].quantile(LEVELS, *(p.best for p in patience.parameters)))


def accepting(plan: Inbound, segment: Segment, team: Team, wait: Floats) -> Floats:
    """The share of the answered who accept after each wait (minutes), over the team's members alike busy."""
    steps = sorted(plan.waiting.odds)
    curve = np.array([1.0, *(plan.waiting.odds[step].best for step in steps)])
    ratio = curve[np.searchsorted(steps, np.floor(wait), side="right")] if steps else np.ones(wait.shape)
    base = odds(plan.accepted.best, ratio * (segment.odds.accepted.best * team.odds.accepted.best))
    skills = [skill.best for skill in team.skill] or [1.0]
    return np.asarray(np.mean([odds(base, skill) for skill in skills], axis=0))


def shares(plan: Inbound, segment: Segment) -> dict[str, float]:
    """The share of a hot segment's leads that each team answers."""
    if segment.team is not None:
        return {segment.team: 1.0}
    if isinstance(plan.teams, dict):
        return {name: share.best for name, share in plan.teams.items()}
    return {name: 1 / len(plan.teams) for name in plan.teams}


def awaited(scenario: Scenario, calendar: Calendar, pace: dict[str, float]) -> Iterator[Awaited]:
    """Each hot segment in each team that answers it; `pace` is the teams'."""
    plan = scenario.inbound
    if plan is None:
        return
    for name, segment in scenario.segments.items():
        if segment.temperature == "hot":
            for team, share in shares(plan, segment).items():
                yield _awaited(scenario, plan, calendar, (name, team), share, pace[team])


def _awaited(
    scenario: Scenario, plan: Inbound, calendar: Calendar, names: tuple[str, str], share: float, pace: float
) -> Awaited:
    segment, team = scenario.segments[names[0]], scenario.teams[names[1]]
    nightly = nights(names[0], scenario, calendar)
    found = [waits(segment, team, gap) for gap in nightly]
    wait, outside = (np.concatenate(each) for each in zip(*found, strict=True))
    weight = np.repeat([part / len(found[0][0]) for part in nightly.values()], len(found[0][0]))
    stay, late = staying(plan.patience, wait), weight * outside
    beyond = float(late.sum()) or 1.0
    minutes = (plan.minutes.talk.mean() + plan.minutes.wrap_up.best) / MINUTE
    return Awaited(
        segment=names[0], team=names[1], listed=segment.leads * share,
        arrivals=arrivals_of(names[0], scenario, calendar) * share, stay=float(weight @ stay),
        accepted=float(weight @ (stay * accepting(plan, segment, team, wait))),
        at_once=float(accepting(plan, segment, team, np.zeros(1))[0]), outside=float(late.sum()),
        overnight=float(late @ wait) / beyond, stay_overnight=float(late @ stay) / beyond, minutes=minutes * pace,
    )  # fmt: skip
