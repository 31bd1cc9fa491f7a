"""What a minimum per calendar month is compared with is counted by month, for the teams whose contract has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.counting.work import begun_time, worked
from simfunnel.facts import Dials, Integers, Scalar, count_outcomes
from simfunnel.funnel import calling, closing, demo, inbound, touch
from simfunnel.hours import Hours
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scratch import Scratch

OUTCOMES: Final = {
    facts.DIAL: len(calling.OUTCOMES), facts.INBOUND: len(inbound.OUTCOMES), facts.BOOKING: len(demo.BOOKINGS),
    facts.VISIT: len(demo.VISITS), facts.TALK: len(closing.TALKS),
}  # fmt: skip
PURSUED: Final = {facts.TOUCH: len(touch.TOUCHES), facts.ANSWER: len(touch.TOUCHES)}


def has_minimum(team: Team) -> bool:
    """Does the team's contract have a minimum per month?"""
    return team.contract.minimum_per_month != fixed(0)


def outcomes_of(scenario: Scenario) -> dict[int, int]:
    """The kinds of facts that are counted in a scenario, and how many outcomes each has."""
    return OUTCOMES if scenario.follow_up is None else OUTCOMES | PURSUED


def counts_per_history(scenario: Scenario, calendar: Calendar) -> int:
    """How many numbers a ledger keeps of one history: it must fit into memory for a whole block."""
    teams = sum(map(has_minimum, scenario.teams.values()))
    return teams and teams * calendar.months.first.size * (sum(outcomes_of(scenario).values()) + 2)


class Ledger:
    """Counts of some teams by month: `counts[kind]` (outcomes, months, teams, columns), ms (months, teams, columns).

    `teams` are the numbers of these teams; with none of them it need not be a sink.
    """

    def __init__(self, scenario: Scenario, calendar: Calendar, columns: int) -> None:
        teams = [(number, team) for number, team in enumerate(scenario.teams.values()) if has_minimum(team)]
        self.teams = tuple(number for number, _ in teams)
        self.months = calendar.months
        self._hours = tuple(Hours.of(team) for _, team in teams)
        self._scratch = Scratch()
        shape = (self.months.first.size, len(teams), columns)
        self.counts = {kind: np.zeros((n, *shape), dtype=np.int64) for kind, n in outcomes_of(scenario).items()}
        self.busy = np.zeros(shape, dtype=np.int64)
        self.overtime = np.zeros(shape, dtype=np.int64)

    def dials(self, batch: Dials) -> None:
        """Count a batch of dials, all of one month."""
        if batch.team not in self.teams:
            return
        month, slot = int(self.months.of_day[batch.day]), self.teams.index(batch.team)
        self.counts[facts.DIAL][:, month, slot] += count_outcomes(batch.codes, batch.begun, len(calling.OUTCOMES))
        self.busy[month, slot] += begun_time(batch, self._scratch)
        overtime = batch.overtime(self._hours[slot])
        if overtime is not None:
            self.overtime[month, slot] += overtime

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Count facts of one kind."""
        kind = int(facts_["kind"])
        if kind in self.counts:
            for slot, those_, mine in self._by_team(column, facts_):
                np.add.at(self.counts[kind][:, :, slot], (mine["outcome"], self.months.of_day[mine["day"]], those_), 1)
        work = worked(column, facts_)
        if work is None:
            return
        for slot, those_, mine in self._by_team(*work):
            where = self.months.of_day[mine["day"]], those_
            np.add.at(self.busy[:, slot], where, mine["duration"])
            np.add.at(self.overtime[:, slot], where, self._hours[slot].overtime(mine["clock"], mine["duration"]))

    def _by_team(
        self, column: Integers, facts_: Mapping[str, Scalar]
    ) -> Iterator[tuple[int, Integers, dict[str, Integers]]]:
        """The slot of each team, and its facts."""
        named = ("team", "day", "clock", "duration", "outcome")
        flat = {name: np.broadcast_to(np.asarray(facts_.get(name, 0)), column.shape) for name in named}
        for slot, number in enumerate(self.teams):
            mine = flat["team"] == number
            yield slot, column[mine], {name: values[mine] for name, values in flat.items()}
