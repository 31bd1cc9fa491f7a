"""Ignorance and luck are told apart: a world draws the uncertain inputs once, its histories share them.

Against theory: a binomial count with a share that is not known. Tolerances are 4 standard errors from
independent batches (Student's t with 39 degrees of freedom: false alarm 2.7e-4 each); a luck wrong by
8 % of its variance, an ignorance wrong by 8 to 12 % (60 % where it is 5 % of all) would be noticed.
"""

from __future__ import annotations

import numpy as np
import pytest
from lived import both_engines
from scipy import stats

from simfunnel import parse_scenario, simulate
from simfunnel.estimates import estimate
from simfunnel.simulation import uncertain_inputs

LEADS = 50
FUNNEL = f"""
[segments.list]
leads = {LEADS}
[calling]
teams = ["callers"]
answered = 0.4
listened = 1
accepted = 1
[teams.callers]
[demo]
team = "callers"
attended = 1
[closing]
sold_if_interested = 1
[money]
revenue_per_sale = 100
"""
UNIFORM = "calling.answered={ low = 0.2, high = 0.6 }"
COUNTS = "calling.answered='20 of 1000'"
BATCHES, WORLDS, HISTORIES = 40, 100, 4


def answered(*overrides: str, replications: int = BATCHES * WORLDS * HISTORIES, histories: int = HISTORIES):
    scenario = parse_scenario(FUNNEL, overrides=overrides)
    result = simulate(scenario, replications=replications, histories=histories, workers=1)
    return result.columns["answered"].astype(float), result.worlds


def moments(shares: stats.rv_frozen) -> tuple[float, float, float]:
    """Mean, luck's variance n E[p(1-p)] and ignorance's n^2 Var(p) of a count with an unknown share p."""
    mean, variance = float(shares.mean()), float(shares.var())
    return LEADS * mean, LEADS * (mean - mean**2 - variance), LEADS**2 * variance


@pytest.mark.parametrize(
    ("override", "shares"),
    [
        (UNIFORM, stats.uniform(0.2, 0.4)),
        (COUNTS, stats.beta(20.5, 980.5)),
        ("calling.answered={ mean = 0.3, sd = 0.1 }", stats.beta(0.3 * 20, 0.7 * 20)),
    ],
    ids=["uniform", "counts", "mean and sd"],
)
def test_variance_splits_into_luck_and_ignorance_as_theory_says(override: str, shares: stats.rv_frozen):
    # 16,000 histories in 4,000 worlds. The split is that of one estimate of all of them; its standard errors come
    # from 40 batches, split by hand (not cut off at 0, so that batches of small ignorance stay unbiased).
    values, worlds = answered(override)
    mean, luck, ignorance = moments(shares)
    whole = estimate(values, worlds)
    assert whole.sd_luck is not None
    assert whole.sd_inputs is not None
    parts = values.reshape(BATCHES, WORLDS, HISTORIES)
    within = parts.var(axis=2, ddof=1).mean(axis=1)
    between = parts.mean(axis=2).var(axis=1, ddof=1) - within / HISTORIES
    for found, batches, known, largest in (
        (whole.mean, parts.mean(axis=(1, 2)), mean, 0.01),
        (whole.sd_luck**2, within, luck, 0.02),
        (whole.sd_inputs**2, between, ignorance, 0.03 if override != COUNTS else 0.2),
    ):
        error = float(np.std(batches, ddof=1) / np.sqrt(BATCHES))
        assert error <= largest * known
        assert found is not None
        assert abs(found - known) <= 4 * error


def test_known_inputs_leave_no_ignorance():
    values, worlds = answered("calling.answered=0.4")
    assert worlds is None
    found = estimate(values)
    assert found.sd_inputs is None
    assert found.sd == found.sd_luck
    # Binomial: 50 * .4 * .6 = 12; the variance's standard error is 12 * sqrt(2/16000) = .13.
    assert abs(values.var(ddof=1) - 12) <= 4 * 12 * np.sqrt(2 / values.size)


def test_errors_that_forget_the_worlds_are_too_small():
    # Ignorance 33.3, luck 11.3: four histories of a world are worth 44.7 / (33.3 + 11.3/4) = 1.24 of them,
    # so the clustered error is 1.80 times the naive one; with 4,000 worlds this ratio is known to some 1.5 %.
    values, worlds = answered(UNIFORM)
    clustered, naive = estimate(values, worlds).standard_error, estimate(values).standard_error
    assert clustered is not None
    assert naive is not None
    assert clustered / naive == pytest.approx(np.sqrt(4 * (33.333 + 11.333 / 4) / 44.667), rel=0.06)


@pytest.mark.parametrize("histories", [2, 3, 7])
def test_worlds_follow_each_other(histories: int):
    _, worlds = answered(UNIFORM, replications=20, histories=histories)
    assert worlds is not None
    assert worlds.tolist() == [r // histories for r in range(20)]


def unit_costs(*overrides: str, **settings: object) -> np.ndarray:
    """The unit cost in which each history lives, seen in its costs."""
    columns, _ = both_engines(FUNNEL, "calling.answered=1", *overrides, **settings)
    assert (columns["sold"] == LEADS).all()
    return columns["costs.goods"] / LEADS


def test_histories_of_a_world_share_their_inputs_and_worlds_differ():
    costs = unit_costs("money.unit_cost={ low = 10, high = 90 }", replications=12, histories=3)
    by_world = costs.reshape(4, 3)
    assert (by_world == by_world[:, :1]).all()
    assert np.unique(by_world[:, 0]).size == 4
    assert ((costs >= 10) & (costs <= 90)).all()


def test_histories_of_a_world_differ_in_luck():
    # Fifty leads at the same share: two of 2,000 worlds' histories are often equal, never all.
    values, _ = answered(UNIFORM, replications=8000)
    assert (np.ptp(values.reshape(-1, HISTORIES), axis=1) > 0).mean() > 0.95


def test_an_input_is_drawn_alike_whatever_else_is_uncertain():
    money = "money.unit_cost={ low = 10, high = 90 }"
    alone = unit_costs(money)
    with_more = unit_costs(
        money, "teams.callers.wage_per_hour={ low = 1, high = 2 }", "segments.list.odds.sold={low=1,high=2}"
    )
    assert alone.tolist() == with_more.tolist()
    assert alone.tolist() != unit_costs(money, seed=2).tolist()


@pytest.mark.parametrize(
    ("override", "best"),
    [
        (COUNTS, "calling.answered=0.02"),
        ("calling.answered={ low = 0.1, likely = 0.3, high = 0.9 }", "calling.answered=0.3"),
        ("calling.answered={ low = 0.25, high = 0.75 }", "calling.answered=0.5"),
        ("calling.answered={ mean = 0.3, sd = 0.1 }", "calling.answered=0.3"),
        ("money.unit_cost={ low = 1, likely = 2.5, high = 9 }", "money.unit_cost=2.5"),
        (
            "calling.minutes.talk={ exponential = { mean = { low = 2, high = 6 } } }",
            "calling.minutes.talk={ exponential = { mean = 4 } }",
        ),
    ],
)
def test_fixed_inputs_take_the_best_guess(override: str, best: str):
    known, unknown = (parse_scenario(FUNNEL, overrides=[text]) for text in (best, override))
    assert (uncertain_inputs(known), len(uncertain_inputs(unknown))) == ((), 1)
    options = {"replications": 50, "digest": True, "workers": 1}
    found, expected = simulate(unknown, fix_inputs=True, **options), simulate(known, **options)
    assert found.worlds is None
    assert found.digests is not None
    assert expected.digests is not None
    assert found.digests.tolist() == expected.digests.tolist()
    for name, values in expected.columns.items():
        np.testing.assert_array_equal(found.columns[name], values)
    free = simulate(unknown, **options)
    assert any((free.columns[name] != values).any() for name, values in expected.columns.items())
