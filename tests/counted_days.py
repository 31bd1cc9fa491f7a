"""A team's day by the rules: hot leads first, then the list in order; nobody idles while somebody waits for them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pytest
from counted import DAY, HOUR, MINUTE, TASKS, Fact, History, Terms, inside, paid_hours

from simfunnel import facts
from simfunnel.funnel import calling, demo
from simfunnel.funnel.segments import arrived_on, is_arrival
from simfunnel.metrics import Columns
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario, Team

NEVER = (1 << 40, 0)

# ---------------------------------------------------------------- what is on whose list, and on which days


@dataclass
class Task:
    """A task of a list: its place there, the days on which each team has it, and its beginning, if it has begun."""

    place: tuple[int, int, int]
    having: dict[int, range]
    begun: Fact | None


def tasks_of(history: History) -> list[Task]:
    """All that ever was on a list, as far as the facts say on whose."""
    terms, found = history.terms, []
    for lead in history.leads:
        if terms.scenario.calling is not None and not terms.is_hot(lead):
            found += dials_of(history, lead)
    held = {fact.lead: fact for fact in history.of(facts.MEETING)}
    for agreed in history.of(facts.BOOKING):
        if agreed.outcome == demo.MEETING + demo.BOOKED:
            plan, due, begun = terms.scenario.meeting, agreed.occurrence, held.pop(agreed.lead, None)
            assert plan is not None
            assert due == terms.due(plan.after, agreed.day) > agreed.day
            last = terms.days - 1 if begun is None else begun.day
            place = (terms.classes.index("meetings"), due, agreed.lead)
            found.append(Task(place, {terms.number(plan.team): range(due, last + 1)}, begun))
    assert not held
    return found


def dials_of(history: History, lead: int) -> list[Task]:
    """The dials of a lead, and the one that it waits for."""
    terms, plan, dials = history.terms, history.terms.scenario.calling, history.dials.get(lead, [])
    assert plan is not None
    came = history.named[lead].day if lead in history.named else arrived_on(lead)[0] if is_arrival(lead) else -1
    due, owner, found = came + 1, first_team(history, lead), []
    for number, dial in enumerate(dials):
        assert dial.occurrence == number < plan.attempts
        found.append(dial_of(terms, lead, due, owner, dial, number))
        due, owner = terms.due(plan.retry_after, dial.day), dial.team
        assert dial.outcome == calling.NO_ANSWER or number == len(dials) - 1
    if len(dials) < plan.attempts and (not dials or dials[-1].outcome == calling.NO_ANSWER):
        found.append(dial_of(terms, lead, due, owner, None, len(dials)))
    return found


def first_team(history: History, lead: int) -> int | None:
    """The team that a lead is given to, if the facts say so."""
    terms, plan = history.terms, history.terms.scenario.calling
    assert plan is not None
    if is_arrival(lead):
        return (history.named if lead in history.named else history.arrival)[lead].team
    own, dials = terms.segments[terms.segment_of(lead)].team, history.dials.get(lead, [])
    if own is not None:
        return terms.number(own)
    if len(plan.teams) == 1:
        return terms.number(next(iter(plan.teams)))
    receivers = {team.overflow.to for team in terms.teams if team.overflow is not None}
    return dials[0].team if dials and terms.names[dials[0].team] not in receivers else None


def dial_of(terms: Terms, lead: int, due: int, owner: int | None, begun: Fact | None, number: int) -> Task:
    """A dial that is due on a day on the list of `owner`, who may have it until it moves to another team."""
    place = (terms.classes.index("retries" if number else "fresh"), due, lead)
    last = terms.days - 1 if begun is None else begun.day
    if not number:
        assert begun is None or begun.day < terms.intake
        last = min(last, terms.intake - 1)
    if due >= terms.days:
        assert begun is None
        return Task(place, {}, None)
    if owner is None:  # nobody knows whose it was before
        return Task(place, {} if begun is None else {begun.team: range(begun.day, begun.day + 1)}, begun)
    overflow = terms.teams[owner].overflow
    if overflow is None:
        return Task(place, {owner: range(due, last + 1)}, begun)
    moves = terms.due(overflow.after, due)
    having = {owner: range(due, min(last + 1, moves)), terms.number(overflow.to): range(moves, last + 1)}
    return Task(place, having, begun)


# ---------------------------------------------------------------- the queue of hot leads


@dataclass
class Hot:
    """A hot lead of a team: when it came, and when it was answered or found gone (day and clock; then the seat)."""

    lead: int
    came: tuple[int, int]
    found: tuple[int, int]
    seat: int

    def clock(self, day: int) -> int:
        """When it came, seen from the morning of a day; -1 if before."""
        return self.came[1] if self.came[0] == day else -1

    def served(self, day: int) -> int:
        """When it was answered or found gone on a day; DAY if later."""
        return self.found[1] if self.found[0] == day and self.found[1] != demo.NIGHT else DAY


def queue_of(history: History, team: int) -> list[Hot]:
    """The hot leads of a team, by arrival and id; who was not answered was so at NEVER."""
    answers = {fact.lead: fact for fact in history.of(facts.INBOUND)}
    assert len(answers) == len(history.of(facts.INBOUND))
    found = []
    for lead, came in history.arrival.items():
        if came.team == team and history.terms.is_hot(lead):
            fact = answers.get(lead)
            when = NEVER if fact is None else (fact.day, fact.clock)
            found.append(Hot(lead, (came.day, came.clock), when, facts.NOBODY if fact is None else fact.seat))
    return sorted(found, key=lambda hot: (hot.came, hot.lead))


def check_queue(queue: list[Hot]) -> None:
    """First come, first served; only at night one may be found gone while others before it still wait."""
    latest, answered = (-1, 0), (-1, 0, -1)
    for hot in queue:
        if hot.found[1] != demo.NIGHT and hot.found != NEVER:
            assert latest <= hot.found
            if hot.seat != facts.NOBODY:
                assert answered < (*hot.found, hot.seat)
                answered = (*hot.found, hot.seat)
        assert hot.came <= hot.found
        latest = max(latest, hot.found)


# ---------------------------------------------------------------- a day


def check_days(history: History) -> None:
    """Every team's days."""
    terms, tasks = history.terms, tasks_of(history)
    for task in tasks:
        assert task.begun is None or task.begun.day in task.having[task.begun.team]
    events = {event.day for event in history.held()}
    for number, team in enumerate(terms.teams):
        queue = queue_of(history, number)
        check_queue(queue)
        for day in range(terms.days):
            listed = [task for task in tasks if day in task.having.get(number, ())]
            hot = [each for each in queue if each.came[0] <= day <= each.found[0]]
            if not (listed or hot):
                continue
            called = terms.called if day in events and number == terms.host_team else 0
            mine = [f for f in history.work if f.team == number and f.day == day and f.kind in TASKS]
            here = Day(team, day, listed, hot, mine, called, terms.leave if called else DAY)
            here.check_list()
            here.check_hot_leads_come_first()
            here.check_nobody_idles()


@dataclass
class Day:
    """A team's day: its list, its hot leads, its tasks; `called` members leave at `leave`."""

    team: Team
    day: int
    listed: list[Task]
    hot: list[Hot]
    work: list[Fact]
    called: int
    leave: int

    @property
    def begun(self) -> list[Task]:
        """The tasks of the list that were begun today, in this order."""
        mine = [task for task in self.listed if task.begun is not None and task.begun.day == self.day]
        return sorted(mine, key=lambda task: (task.begun.clock, task.begun.seat) if task.begun is not None else (0, 0))

    def check_list(self) -> None:
        """The list is begun from its head on."""
        places = [task.place for task in self.begun]
        assert places == sorted(places)
        assert len(places) == sum(fact.kind != facts.INBOUND for fact in self.work)
        later = [task.place for task in self.listed if task.begun is None or task.begun.day > self.day]
        assert max(places, default=(-1, 0, 0)) < min(later, default=(9, 0, 0))

    def check_hot_leads_come_first(self) -> None:
        """Nobody begins a task of the list while a hot lead waits."""
        starts = [(fact.clock, fact.seat) for fact in self.work if fact.kind != facts.INBOUND]
        for hot in self.hot:
            came, served = hot.clock(self.day), (hot.served(self.day), hot.seat)
            assert not any(came <= clock and (clock, seat) < served for clock, seat in starts)

    def check_nobody_idles(self) -> None:
        """While a member is idle nothing waits, and who begins something has the lowest idle seat."""
        last = max((fact.clock for fact in self.work if fact.kind != facts.INBOUND), default=-1)
        left = len(self.begun) < len(self.listed)
        for seat in range(self.team.size):
            for begin, end in self.gaps(seat):
                assert not left
                assert last <= begin
                assert not any(max(hot.clock(self.day), begin) < min(hot.served(self.day), end) for hot in self.hot)
                assert not any(begin <= fact.clock < end and fact.seat > seat for fact in self.work)

    def gaps(self, seat: int) -> list[tuple[int, int]]:
        """When a member is there and does nothing."""
        gaps, tasks = [], [(fact.clock, fact.end) for fact in self.work if fact.seat == seat]
        for begin, end in paid_hours(self.team):
            free, until = begin, min(end, self.leave) if seat < self.called else end
            for start, finish in [*sorted(tasks), (until, until)]:
                if free < min(start, until):
                    gaps.append((free, min(start, until)))
                free = max(free, finish)
        return gaps


# ---------------------------------------------------------------- members


def needed_to_the_end(scenario: Scenario) -> set[str]:
    """Teams that answer hot leads or dial arrivals, and those with which the latter share by overflow."""
    needed: dict[bool, set[str]] = {True: set(), False: set()}
    after = scenario.after_sales
    named = after.referral.segment if after is not None and after.referral is not None else None
    for name, segment in scenario.segments.items():
        hot, comes = segment.temperature == "hot", segment.arrivals != fixed(0) or bool(segment.arrivals_by_weekday)
        comes |= name == named
        plan = scenario.inbound if hot else scenario.calling
        if plan is not None and (hot or comes):
            needed[hot] |= {segment.team} if segment.team is not None else set(plan.teams)
    for _ in scenario.teams:
        for name, team in scenario.teams.items():
            if team.overflow is not None and {name, team.overflow.to} & needed[False]:
                needed[False] |= {name, team.overflow.to}
    return needed[True] | needed[False]


def check_members(history: History, columns: Columns, row: int) -> None:
    """Nobody does two things at a time or begins outside the hours; time adds up."""
    for number, (name, team) in enumerate(history.scenario.teams.items()):
        mine = [task for task in history.work if task.team == number]
        check_seats(team, mine)
        column = {what: columns[f"teams.{name}.{what}"][row] for what in
                  ("busy_minutes", "overtime_minutes", "paid_hours", "days", "utilisation")}  # fmt: skip
        busy = sum(task.duration for task in mine)
        over = busy - sum(inside(team, task.clock, task.end) for task in mine)
        assert column["busy_minutes"] == busy / MINUTE
        assert column["overtime_minutes"] == over / MINUTE
        days = max((task.day + 1 for task in mine), default=0)
        days = max(days, history.terms.intake) if name in needed_to_the_end(history.scenario) else days
        assert column["days"] == days
        shift = sum(end - begin for begin, end in paid_hours(team))
        if team.paid == "worked":
            paid = busy
        else:
            paid = shift * team.size * (history.terms.days if team.paid == "shift" else days) + over
        assert column["paid_hours"] == paid / HOUR
        if days:
            assert 0 <= column["utilisation"] <= 1
            assert column["utilisation"] == pytest.approx((busy - over) / (days * team.size * shift), abs=1e-12)
        else:
            assert np.isnan(column["utilisation"])


def check_seats(team: Team, work: list[Fact]) -> None:
    by_member: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for task in sorted(work, key=lambda t: (t.day, t.clock)):
        assert 0 <= task.seat < team.size
        assert task.duration >= 1
        by_member[task.day, task.seat].append(task)
        if task.kind in TASKS:
            assert any(begin <= task.clock < end for begin, end in paid_hours(team))
        assert task.kind == facts.HOST or task.duration <= 4 * HOUR
    for day in by_member.values():
        for earlier, later in itertools.pairwise(day):
            assert earlier.end <= later.clock
            assert earlier.kind in TASKS or later.kind == facts.CLOSING  # who is called does not come back to the list
