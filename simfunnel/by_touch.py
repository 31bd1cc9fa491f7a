"""When to stop is answered by number: what the first touches to leads bring and cost, the second ones, and so on.

What is brought is the revenue of the sales made at these touches, less goods and what a bad fit costs. What they
cost is the working time, at the team's wage and overhead or its contract's price of an hour, whether the time
would be paid anyway or not, and what the channels cost. Who comes back by itself is bought by no touch. What is
cancelled later is not taken off, nor is what customers buy later brought.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.counting.cells import add
from simfunnel.counting.pursuit_tally import CHANNEL_SHIFT
from simfunnel.facts import Dials, Integers, Scalar
from simfunnel.funnel import touch, undecided
from simfunnel.funnel.inputs import Inputs
from simfunnel.prices import Floats, Prices
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import HOUR

FIRSTS: Final = np.array([*range(1, 13), 13, 25, 37])
FIRSTS.flags.writeable = False
"""Touches are counted from 1; each group begins with one of these, the last has no end."""
COUNTS: Final = ("touches", "sold", "milliseconds", "revenue", "misfits")


def touches_per_history(scenario: Scenario) -> int:
    """How many numbers are kept of one history."""
    plan = scenario.follow_up
    return 0 if plan is None else FIRSTS.size * (len(COUNTS) + len(plan.channels))


class ByTouch:
    """The touches of a block of histories, by group (see `FIRSTS`) and column; money is in minor units.

    A sale is told by its touch, what it pays by its file, and that it does not fit by a misfit: they are put
    together by lead, at the end, for facts come in any order.
    """

    def __init__(self, scenario: Scenario, columns: int) -> None:
        assert scenario.follow_up is not None
        self._scenario, self._plan = scenario, scenario.follow_up
        self._counts = {name: np.zeros((FIRSTS.size, columns), dtype=np.int64) for name in COUNTS}
        self._channels = np.zeros((len(self._plan.channels), FIRSTS.size, columns), dtype=np.int64)
        self._won: list[Integers] = []
        self._paid: list[Integers] = []
        self._misfits: list[Integers] = []

    def dials(self, batch: Dials) -> None:
        """No dial is a touch."""

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Take touches, files that are sold, and misfits."""
        if facts_["kind"] == facts.TOUCH:
            self._touch(column, facts_)
        elif facts_["kind"] == facts.FILE:
            self._paid.append(_kept(column, facts_, "amount", np.asarray(facts_["outcome"]) == undecided.SOLD))
        elif facts_["kind"] == facts.MISFIT:
            self._misfits.append(_kept(column, facts_, "day", np.True_))

    def _touch(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        group = np.searchsorted(FIRSTS, np.asarray(facts_["occurrence"]) + 1, side="right") - 1
        won = np.isin(facts_["outcome"], touch.WON)
        add(self._counts["touches"], column, group)
        add(self._counts["milliseconds"], column, group, weight=facts_["duration"])
        add(self._counts["sold"], column, group, weight=won)
        add(self._channels, column, np.asarray(facts_["amount"]) >> CHANNEL_SHIFT, group)
        if won.any():
            self._won.append(_kept(column, {**facts_, "group": group}, "group", won))

    def columns(self, inputs: Inputs) -> dict[str, npt.NDArray[Any]]:
        """By name, of shape (columns, groups): touches, those that sold, their hours, what they bring and cost."""
        self._put_together()
        prices = Prices(self._scenario, inputs)
        return {
            "by_touch.touches": self._counts["touches"].T,
            "by_touch.sold": self._counts["sold"].T,
            "by_touch.hours": self._counts["milliseconds"].T / HOUR,
            "by_touch.brings": self._brings(prices).T / prices.minor,
            "by_touch.costs": self._costs(prices).T / prices.minor,
        }

    def _put_together(self) -> None:
        """What the sales at touches pay, and which of them do not fit."""
        parts = [np.concatenate([_NOTHING, *rows]) for rows in (self._won, self._paid, self._misfits)]
        named = np.unique(np.concatenate(parts)[:, :2], axis=0, return_inverse=True)[1].reshape(-1)
        won, paid, misfits = np.split(named, np.cumsum([len(part) for part in parts])[:-1])
        amount = np.zeros(named.size, dtype=np.int64)
        amount[paid] = parts[1][:, 2]
        column, group = parts[0][:, 0], parts[0][:, 2]
        add(self._counts["revenue"], column, group, weight=amount[won])
        add(self._counts["misfits"], column, group, weight=np.isin(won, misfits))
        self._won, self._paid, self._misfits = [], [], []

    def _brings(self, prices: Prices) -> Floats:
        price, counts = prices.of("money", self._scenario.money), self._counts
        sold, misfits = counts["sold"] * price("unit_cost"), counts["misfits"] * price("bad_fit")
        return np.asarray(counts["revenue"] - sold - misfits)

    def _costs(self, prices: Prices) -> Floats:
        each = [prices.of(f"follow_up.channels.{name}", way)("cost") for name, way in self._plan.channels.items()]
        channels = sum(count * price for count, price in zip(self._channels, each, strict=True))
        return np.asarray(self._counts["milliseconds"] / HOUR * self._an_hour(prices) + channels)

    def _an_hour(self, prices: Prices) -> Floats:
        """What an hour of the team costs."""
        team, path = self._scenario.teams[self._plan.team], f"teams.{self._plan.team}"
        if team.kind == "in-house":
            return prices.of(path, team)("wage_per_hour") * (1 + prices.shares(path, team)("overhead"))
        return prices.of(f"{path}.contract", team.contract)("per_hour")


_NOTHING: Final = np.zeros((0, 3), dtype=np.int64)


def _kept(column: Integers, facts_: Mapping[str, Any], name: str, which: Any) -> Integers:
    """Column, lead and one more number of some facts: shape (facts, 3)."""
    table = np.stack(
        [np.broadcast_to(np.asarray(each), column.shape) for each in (column, facts_["lead"], facts_[name])]
    )
    return np.asarray(table[:, np.broadcast_to(which, column.shape)].T)
