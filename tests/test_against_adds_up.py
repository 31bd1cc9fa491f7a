"""Against the base, the lines of cost that are shown add up to the cost, and profit says how often it is better."""

from __future__ import annotations

import numpy as np
import pytest
from after_funnel import AFTER

from simfunnel import parse_scenario, simulate
from simfunnel.experiments.against import OTHER, against_base
from simfunnel.simulation import Result


@pytest.fixture(scope="module")
def both() -> tuple[Result, Result]:
    """A firm that looks after its customers, and one that does not."""
    none = ("after_sales.consistency=[0, 0, 0]", "after_sales.seller_initiated.asks=false")
    return tuple(simulate(parse_scenario(AFTER, overrides=each), replications=8) for each in ((), none))


def test_the_lines_of_cost_add_up(both: tuple[Result, Result]) -> None:
    found = against_base(*both)
    lines = [row for name, row in found.items() if name.startswith("costs.")]
    assert OTHER in found
    for what in ("base", "alternative", "difference"):
        assert sum(row[what] for row in lines) == pytest.approx(found["cost"][what])


def test_profit_says_in_how_many_histories_it_is_higher(both: tuple[Result, Result]) -> None:
    new, old = (result.columns["profit"] for result in both)
    assert against_base(*both)["profit"]["better_in"] == np.count_nonzero(new > old)
