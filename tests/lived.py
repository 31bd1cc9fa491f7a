"""Scenarios written in a test, lived, and their facts by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from simfunnel import Settings, parse_scenario
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import live

Facts = dict[str, np.ndarray]


def facts_of(scenario: Scenario, replications: int = 1, **settings: Any) -> tuple[Columns, Facts]:
    """The columns of a run and all its facts: one array per fact column, and `history`; sorted by all of them."""
    keeper = Keeper()
    columns = live(scenario, Settings(replications=replications, **settings), 0, replications, (keeper,))
    return columns, dict(zip(("history", *COLUMNS), keeper.table().T, strict=True))


def of_kind(facts: Facts, kind: int) -> Facts:
    """The facts of one kind."""
    return {name: values[facts["kind"] == kind] for name, values in facts.items()}


def both_engines(text: str, *overrides: str, replications: int = 10, **settings: Any) -> tuple[Columns, Facts]:
    """Live a scenario in both engines, hold them equal to the last fact and number, and return what they say."""
    scenario = parse_scenario(text, overrides=overrides)
    columns, facts = facts_of(scenario, replications, engine="vector", **settings)
    told_columns, told = facts_of(scenario, replications, engine="simpy", **settings)
    assert_same(told, facts)
    assert_same(told_columns, columns)
    return columns, facts


def assert_same(mine: Columns, other: Columns) -> None:
    """The same names in the same order, and equal numbers."""
    assert list(mine) == list(other)
    for name, values in mine.items():
        assert_equal(values, other[name], name)


def assert_equal(mine: np.ndarray, other: np.ndarray, name: str = "") -> None:
    """Equal numbers; numpy's own comparison is slow, and needed only to say what differs."""
    if not (mine.shape == other.shape and mine.dtype == other.dtype and mine.tobytes() == other.tobytes()):
        np.testing.assert_array_equal(mine, other, err_msg=name)
