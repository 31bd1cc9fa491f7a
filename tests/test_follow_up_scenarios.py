"""The shipped scenarios of following up answer their questions: there is a best interval, a best end, and sins cost.

Differences are paired, history by history, on the same chance. Each must lie more than 4 standard errors from 0:
a false alarm in 3e-5 of all seeds each.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simfunnel import load_scenario, simulate
from simfunnel.estimates import difference
from simfunnel.metrics import Columns
from simfunnel.scenario.loading import load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PEST, SINS = SCENARIOS / "persistent-or-pest.toml", SCENARIOS / "seven-sins.toml"


@cache
def run(path: Path, replications: int, *overrides: str, alternative: str | None = None) -> Columns:
    scenario = load_scenario(path, overrides, alternative)
    return simulate(scenario, replications=replications, workers=1).columns


def surely_more(better: Columns, worse: Columns, name: str = "profit") -> bool:
    found = difference(better[name], worse[name])
    assert found.mean is not None
    assert found.standard_error is not None
    return found.mean > 4 * found.standard_error


@pytest.mark.parametrize(
    ("key", "too_little", "best", "too_much"),
    [("interval", '"1 week"', '"2 months"', '"9 months"'), ("touches", 1, 12, 36)],
)
def test_the_profit_rises_and_falls(key, too_little, best, too_much):
    # 250 histories: differences of 15 % of the profit are noticed (touches), of 10 % (interval).
    columns = [run(PEST, 250, f"follow_up.{key}={value}") for value in (too_little, best, too_much)]
    assert surely_more(columns[1], columns[0])
    assert surely_more(columns[1], columns[2])


def test_the_pipeline_is_not_worth_its_face():
    columns = run(PEST, 250)
    assert columns["pipeline.turned_into"].sum() < 0.25 * columns["pipeline.face_value"].sum()
    assert (columns["pipeline.open"] == 0).all(), "the horizon lets all of them end"
    assert columns["pipeline.months.2026-12.open"].mean() > 20


@pytest.mark.parametrize("sin", list(load(SINS).alternatives))
def test_every_sin_costs(sin):
    # The cheapest, busywork, is dear in few histories: 600 of them.
    replications = 600 if sin == "busywork" else 200
    assert surely_more(run(SINS, replications), run(SINS, replications, alternative=sin))


def test_what_the_sins_do():
    base, sins = run(SINS, 200), {sin: run(SINS, 200, alternative=sin) for sin in load(SINS).alternatives}
    assert surely_more(sins["quota"], base, "losses.irritated")
    assert surely_more(sins["gatekeepers"], base, "touches_wasted")
    assert surely_more(sins["forgot-me"], base, "teams.sellers.busy_minutes")
    assert surely_more(sins["every-sale-is-good"], base, "misfits")
    assert surely_more(sins["busywork"], base, "losses.still_open")
    for sin in ("not-qualifying", "every-sale-is-good", "forgot-me"):
        assert surely_more(sins[sin], base, "sold"), "it sells more, and loses money all the same"
    assert np.array_equal(sins["quota"]["dials"], base["dials"]), "the same calls, on the same chance"
