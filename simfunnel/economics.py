"""Money is a pure function of facts and prices: it changes no draw, and every line is whole minor units.

A line is rounded (half to even) once per history and team, so that the lines add up to the cost exactly.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.funnel.inputs import Inputs
from simfunnel.metrics import Columns, paid_time, stages
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Scenario, Team
from simfunnel.scenario.values import HOUR
from simfunnel.tally import Tally

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lines = dict[str, Integers]


class Prices:
    """The scenario's prices in minor units, for each column."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self.minor = minor_units(scenario.currency)
        self._inputs = inputs

    def of(self, path: str, block: object) -> Callable[[str], Floats]:
        """Looks up a price of `block`, which stands at `path`: minor units, shape (columns,) or (1,)."""

        def price(name: str) -> Floats:
            value = getattr(block, name)
            assert isinstance(value, Quantity)
            return self._inputs.value(f"{path}.{name}", value) * self.minor

        return price


def money(scenario: Scenario, calendar: Calendar, inputs: Inputs, tally: Tally) -> Columns:
    """Revenue, cost by line and team, profit, cost per sale; in the scenario's currency, shape (columns,)."""
    prices = Prices(scenario, inputs)
    sold = stages(tally)["sold"].sum(axis=(0, 1))
    by_team = {
        name: team_lines(number, name, team, calendar, prices, tally)
        for number, (name, team) in enumerate(scenario.teams.items())
    }
    lines: Lines = {"goods": whole(sold * prices.of("money", scenario.money)("unit_cost"))}
    lines.update(demo_lines(scenario, prices, tally))
    for team in by_team.values():
        for name, amount in team.items():
            lines[name] = lines.get(name, 0) + amount
    revenue = np.asarray(tally.revenue.sum(axis=(0, 1)))
    cost = np.asarray(sum(lines.values()) + np.zeros_like(revenue))
    columns: Columns = {"revenue": revenue / prices.minor, "cost": cost / prices.minor}
    columns["profit"] = (revenue - cost) / prices.minor
    columns["cost_per_sale"] = np.where(sold > 0, cost / prices.minor / np.maximum(sold, 1), np.nan)
    columns.update({f"costs.{name}": amount / prices.minor for name, amount in lines.items()})
    columns.update({f"teams.{name}.cost": _sum(team, revenue) / prices.minor for name, team in by_team.items()})
    return columns


def _sum(lines: Lines, like: Integers) -> Integers:
    return np.asarray(sum(lines.values()) + np.zeros_like(like))


def team_lines(number: int, name: str, team: Team, calendar: Calendar, prices: Prices, tally: Tally) -> Lines:
    """What one team costs: wages and what comes with them, or the lines of its contract."""
    hours = paid_time(team, calendar, tally.busy[number], tally.overtime[number], tally.last_day[number]) / HOUR
    if team.kind == "in-house":
        return in_house_lines(name, team, hours, prices)
    return contract_lines(number, name, team, hours, prices, tally)


def in_house_lines(name: str, team: Team, hours: Floats, prices: Prices) -> Lines:
    """Wages for the paid hours, overhead on them, hiring of every member."""
    price = prices.of(f"teams.{name}", team)
    wages = hours * price("wage_per_hour")
    return {
        "wages": whole(wages),
        "overhead": whole(wages * price("overhead") / prices.minor),
        "hiring": whole(np.full_like(hours, team.size) * price("hiring")),
    }


def contract_lines(number: int, name: str, team: Team, hours: Floats, prices: Prices, tally: Tally) -> Lines:
    """The invoice of an outsourced team: each line of its contract, for what the team's leads did."""
    price = prices.of(f"teams.{name}.contract", team.contract)
    reached = {stage: values[:, number].sum(axis=0) for stage, values in stages(tally).items()}
    dials = tally.dials_made[:, number].sum(axis=0)
    amounts = {
        "set_up": (dials > 0).astype(np.int64), "per_hour": hours, "per_dial": dials,
        "per_connect": reached["answered"], "per_acceptance": reached["accepted"],
        "per_attendance": reached["attended"], "per_sale": reached["sold"],
    }  # fmt: skip
    return {f"contract_{line}": whole(amount * price(line)) for line, amount in amounts.items()}


def demo_lines(scenario: Scenario, prices: Prices, tally: Tally) -> Lines:
    """Room hire for each event held, catering for each comer with a seat, reminders to all booked on it; fees."""
    if scenario.demo is None:
        return {}
    price, message = prices.of("demo", scenario.demo), prices.of("demo.reminder", scenario.demo.reminder)
    comers = stages(tally)["attended"].sum(axis=(0, 1))
    held, cancelled = tally.events
    return {
        "room": whole(held * price("room")),
        "catering": whole(comers * price("catering_per_head")),
        "reminders": whole(tally.visits.sum(axis=(0, 1, 2)) * message("cost")),
        "cancellations": whole(cancelled * price("cancellation_fee")),
    }


def whole(amount: Floats) -> Integers:
    """Whole minor units, rounded half to even."""
    return np.rint(np.asarray(amount)).astype(np.int64)
