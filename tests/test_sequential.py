"""Looking several times is as sure as claimed; looking naively is not.

References: on paper, tables of the normal distribution, theory (Armitage, McPherson and Rowe 1969).
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest

from simfunnel.estimates import confidence_each, estimate, looks


@pytest.mark.parametrize(
    ("first", "most", "expected"),
    [
        (500, 4000, (500, 1000, 2000, 4000)),
        (500, 5000, (500, 1000, 2000, 4000, 5000)),
        (500, 501, (500, 501)),
        (500, 500, (500,)),
        (500, 20, (20,)),
        (1, 1, (1,)),
        (3, 5, (3, 5)),
    ],
)
def test_histories_double_from_look_to_look_and_end_at_most(first: int, most: int, expected: tuple[int, ...]):
    assert looks(first, most) == expected


@pytest.mark.parametrize(("first", "most"), [(0, 5), (5, 0), (-1, -1)])
def test_a_look_needs_a_history(first: int, most: int):
    with pytest.raises(ValueError, match=f"first and most must be at least 1, found {first} and {most}"):
        looks(first, most)


def test_the_error_is_shared_out_equally():
    assert confidence_each(0.95, 1) == 0.95
    assert confidence_each(0.95, 5) == pytest.approx(0.99)
    assert confidence_each(0.95, 5, 2) == pytest.approx(0.995)
    assert confidence_each(0.9, 2, questions=3) == pytest.approx(1 - 0.1 / 6)


def test_six_looks_cost_2_64_standard_errors():
    # The price that the docstring names.
    each = confidence_each(0.95, 6)
    assert NormalDist().inv_cdf((1 + each) / 2) == pytest.approx(2.638, abs=5e-4)


@pytest.mark.parametrize(
    ("confidence", "number", "questions"), [(0.0, 1, 1), (1.0, 1, 1), (0.95, 0, 1), (0.95, 1, 0), (float("nan"), 1, 1)]
)
def test_nonsense_is_refused(confidence: float, number: int, questions: int):
    with pytest.raises(ValueError, match="found"):
        confidence_each(confidence, number, questions)


RUNS = 2000


def test_stopping_at_any_of_six_looks_is_wrong_at_most_one_time_in_twenty():
    # A mean of 0, 20 to 640 histories. Bonferroni's bound is 5 %, long runs give 4.0 %, so that 5 % + 3 binomial
    # standard errors (1.5 %) alarm falsely 1e-8 of the time. Naive intervals of 95 % are wrong 20 % of the time:
    # below 15 % as rarely. Noticed: error shared out over 2 looks in place of 6 (11 %), mostly over 3 (7.7 %).
    moments = looks(20, 640)
    assert len(moments) == 6
    rng, each = np.random.default_rng(21), confidence_each(0.95, 6)
    wrong = {0.95: 0, each: 0}
    for _ in range(RUNS):
        values = rng.normal(size=moments[-1])
        for confidence in wrong:
            intervals = (estimate(values[:seen], confidence=confidence).ci95 for seen in moments)
            wrong[confidence] += any(not low <= 0 <= high for low, high in intervals)
    assert wrong[each] / RUNS <= 0.05 + 3 * sqrt(0.05 * 0.95 / RUNS)
    assert wrong[0.95] / RUNS > 0.15
