"""Facts taken one by one in plain Python: what metrics are held to, and what shares no code with the tally."""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

from lived import Facts

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.funnel import referral
from simfunnel.funnel.segments import ARRIVAL, SEGMENT_SHIFT, is_arrival, is_referral
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scenario.values import Interval

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
TASKS = (facts.DIAL, facts.INBOUND, facts.MEETING, facts.TOUCH, facts.ANSWER, facts.CARE)
"""What is done from the list or the queue; called members also host and close."""


class Fact(NamedTuple):
    """One fact, with the names of its columns."""

    history: int
    kind: int
    lead: int
    day: int
    clock: int
    duration: int
    team: int
    seat: int
    occurrence: int
    outcome: int
    amount: int

    @property
    def end(self) -> int:
        return self.clock + self.duration


class Terms:
    """What a scenario says, in whole numbers."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.calendar = Calendar.of(scenario)
        self.days = self.calendar.days
        self.dates = [date.toordinal() for date in self.calendar.dates]
        self.intake = self.calendar.length(scenario.intake or scenario.horizon)
        self.names = list(scenario.teams)
        self.teams = list(scenario.teams.values())
        self.segments = list(scenario.segments.values())
        bounds = [0]
        for segment in self.segments:
            bounds.append(bounds[-1] + segment.leads)
        self.listed = [range(first, last) for first, last in itertools.pairwise(bounds)]
        named = list(scenario.calling.order) if scenario.calling is not None else ["retries", "fresh"]
        self.classes = named if "meetings" in named else ["meetings", *named]
        self._due: dict[Interval, list[int]] = {}

    def number(self, name: str) -> int:
        """The number of a team."""
        return self.names.index(name)

    def due(self, interval: Interval, day: int) -> int:
        """The day that is so much later; the number of days if that is beyond the horizon."""
        if interval not in self._due:
            self._due[interval] = self.calendar.due(interval).tolist()
        return self._due[interval][day]

    def segment_of(self, lead: int) -> int:
        if is_referral(lead):
            plan = self.scenario.after_sales
            assert plan is not None
            assert plan.referral is not None
            return list(self.scenario.segments).index(plan.referral.segment)
        if is_arrival(lead):
            return lead >> SEGMENT_SHIFT & (ARRIVAL >> SEGMENT_SHIFT) - 1
        return next(number for number, leads in enumerate(self.listed) if lead in leads)

    def is_hot(self, lead: int) -> bool:
        return self.segments[self.segment_of(lead)].temperature == "hot"

    @property
    def called(self) -> int:
        """Members that a demo calls from their list."""
        return 0 if self.scenario.demo is None else max(self.scenario.demo.hosts, self.scenario.closing.closers)

    @property
    def host_team(self) -> int:
        """The number of the team that hosts the demo; -1 without one."""
        return self.number(self.scenario.demo.team) if self.scenario.demo is not None else -1

    @property
    def leave(self) -> int:
        """When (ms) they leave it."""
        assert self.scenario.demo is not None
        return (self.scenario.demo.at - self.scenario.demo.set_up) * MINUTE

    @property
    def event_end(self) -> int:
        assert self.scenario.demo is not None
        return (self.scenario.demo.at + self.scenario.demo.length) * MINUTE


class History:
    """What happened in one history, by kind, in the order of days and clocks."""

    def __init__(self, terms: Terms, told: dict[int, list[Fact]]) -> None:
        self.terms = terms
        self.scenario = terms.scenario
        self._told = {kind: sorted(each, key=lambda f: (f.day, f.clock, f.seat, f.lead)) for kind, each in told.items()}

    def of(self, *kinds: int) -> list[Fact]:
        """The facts of some kinds, those of each kind in order."""
        return [fact for kind in kinds for fact in self._told.get(kind, [])]

    @cached_property
    def leads(self) -> list[int]:
        """All leads, listed, arrived and named."""
        listed = [lead for leads in self.terms.listed for lead in leads]
        return listed + [fact.lead for fact in self.of(facts.ARRIVAL) if is_arrival(fact.lead)] + list(self.named)

    @cached_property
    def named(self) -> dict[int, Fact]:
        """The leads whom customers have named."""
        return {fact.lead: fact for fact in self.of(facts.REFERRAL) if fact.outcome == referral.NOTED}

    @cached_property
    def arrival(self) -> dict[int, Fact]:
        """Who arrived, and hot leads on lists."""
        return {fact.lead: fact for fact in self.of(facts.ARRIVAL)}

    @cached_property
    def dials(self) -> dict[int, list[Fact]]:
        """The dials of each lead."""
        found = defaultdict(list)
        for dial in self.of(facts.DIAL):
            found[dial.lead].append(dial)
        return found

    @cached_property
    def work(self) -> list[Fact]:
        """All that members spent time on."""
        kinds = (*TASKS, facts.HOST, facts.CLOSING)
        return [f for f in self.of(*kinds) if f.seat != facts.NOBODY]

    @cached_property
    def talks(self) -> dict[int, Fact]:
        """How the talk with each lead ended, that which might leave it undecided."""
        found: dict[int, Fact] = {}
        for fact in self.of(facts.TALK):
            found.setdefault(fact.lead, fact)
        return found

    @cached_property
    def later(self) -> list[Fact]:
        """Sales to leads that had been undecided."""
        return [fact for fact in self.of(facts.TALK) if fact is not self.talks[fact.lead]]

    @cached_property
    def met(self) -> set[int]:
        """Leads that were to be met, not invited to a demo."""
        return {fact.lead for fact in self.of(facts.MEETING)}

    def moment(self, day: int, clock: int) -> int:
        """Ms since some midnight long ago, nights and days off included."""
        return self.terms.dates[day] * DAY + clock

    def arrived_at(self, lead: int) -> int:
        return self.moment(self.arrival[lead].day, self.arrival[lead].clock)

    def held(self) -> list[Fact]:
        return [event for event in self.of(facts.EVENT) if event.outcome == 0]


def histories(scenario: Scenario, lived: Facts, count: int) -> list[History]:
    """The histories of a run, each with its facts."""
    told: list[dict[int, list[Fact]]] = [defaultdict(list) for _ in range(count)]
    for row in zip(*(lived[name].tolist() for name in Fact._fields), strict=True):
        fact = Fact(*row)
        told[fact.history][fact.kind].append(fact)
    terms = Terms(scenario)
    return [History(terms, each) for each in told]


def paid_hours(team: Team) -> list[tuple[int, int]]:
    """The shift without its pause, in ms."""
    if team.pause is None:
        parts = [(team.shift.start, team.shift.end)]
    else:
        parts = [(team.shift.start, team.pause.start), (team.pause.end, team.shift.end)]
    return [(begin * MINUTE, end * MINUTE) for begin, end in parts]


def inside(team: Team, begin: int, end: int) -> int:
    """Ms of a part of a day that lie in the paid hours."""
    return sum(max(0, min(end, b) - max(begin, a)) for a, b in paid_hours(team))
