"""Satisfaction on paper: what it starts with, what takes from it, what moves it, and who counts as satisfied.

Exact: thousandths and hundredths worked out by hand, and bounds and order for whatever numbers hypothesis finds. The
smallest fault noticed is one thousandth, or one hundredth where a law reads levels.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_laws import array

from simfunnel.funnel import satisfaction
from simfunnel.funnel.odds import times
from simfunnel.funnel.satisfaction import (
    LEVELS,
    MOST,
    MOST_DAYS,
    fading,
    level,
    lowered,
    moved,
    of_the_satisfied,
    started,
)

SHARES = st.floats(0, 1)
POINTS = st.integers(0, MOST)
RATIOS = st.floats(5e-324, 1.7e308)
EVERY = np.arange(MOST + 1)


# ---------------------------------------------------------------- starting and losing


def test_it_starts_with_reality_less_promise_pressure_and_bad_fit():
    reality = np.array([0.5, 0.8, 0.8, 0.8, 0.8, 0.8])
    promise, pressure = np.array([0, 0.1, 0, 0, 0.1, 0.5]), np.array([0, 0, 0.2, 0, 0.2, 0.5])
    found = started(reality, promise, pressure, np.array([0, 0, 0, 0.3, 0.3, 0.5]))
    assert found.tolist() == [500, 700, 600, 500, 200, 0]


@pytest.mark.parametrize(
    ("reality", "points"),
    [(0.0, 0), (0.0004, 0), (0.0006, 1), (0.4994, 499), (0.4996, 500), (0.9996, 1000), (1.0, 1000)],
)
def test_it_is_kept_in_whole_thousandths(reality: float, points: int):
    assert started(np.array([reality]), 0, 0, 0).tolist() == [points]


def test_a_share_of_all_is_lost_but_never_more_than_there_is():
    assert lowered(array(500, 500, 500, 100, 0, 1000), np.array([0, 0.2, 1, 0.2, 0.1, 0.001])).tolist() == [
        500, 300, 0, 0, 0, 999
    ]  # fmt: skip


@given(POINTS, SHARES, SHARES)
def test_losing_more_never_leaves_more(points: int, share: float, other: float):
    less, more = (int(lowered(array(points), s)[0]) for s in sorted((share, other)))
    assert 0 <= more <= less <= points
    assert abs(less - max(0, points - 1000 * min(share, other))) <= 0.5 + 1e-9


@given(SHARES, SHARES, SHARES, SHARES)
def test_it_starts_within_its_bounds(reality: float, promise: float, pressure: float, bad_fit: float):
    found = int(started(np.array([reality]), promise, pressure, bad_fit)[0])
    assert 0 <= found <= round(1000 * reality)
    exact = 1000 * (Fraction(reality) - Fraction(promise) - Fraction(pressure) - Fraction(bad_fit))
    assert abs(found - max(0, exact)) <= 0.5 + 1e-9


# ---------------------------------------------------------------- moving


@pytest.mark.parametrize(
    ("points", "ratio", "after"),
    [(500, 1, 500), (500, 3, 750), (500, 1 / 3, 250), (800, 2, 889), (200, 2, 333), (1, 2, 2), (999, 0.5, 998),
     (750, 1 / 3, 500), (0, 1e9, 0), (1000, 1e-9, 1000), (500, 999, 999), (500, 1e9, 1000), (500, 1e-9, 0)],
)  # fmt: skip
def test_an_odds_ratio_moves_it(points: int, ratio: float, after: int):
    # 800 has odds 4, twice that are 8, which are 8/9; 200 has odds 1/4, twice that are 1/2, which are 1/3.
    assert moved(array(points), ratio).tolist() == [after]


def test_a_ratio_of_one_moves_nothing():
    assert moved(EVERY, 1.0).tolist() == EVERY.tolist()


def test_ratios_of_each_are_their_own():
    assert moved(array(500, 500, 500), np.array([1.0, 3.0, 1 / 3])).tolist() == [500, 750, 250]


@given(POINTS, POINTS, RATIOS, RATIOS)
@example(0, 1000, 5e-324, 1.7e308)
def test_it_stays_in_its_bounds_and_in_order(points: int, others: int, ratio: float, greater: float):
    low, high = sorted((points, others))
    ratio, greater = sorted((ratio, greater))
    with np.errstate(all="raise", under="ignore"):
        table = moved(array(low, high)[:, None], np.array([ratio, greater]))
    assert (table >= 0).all()
    assert (table <= MOST).all()
    assert (np.diff(table, axis=0) >= 0).all()
    assert (np.diff(table, axis=1) >= 0).all()
    assert (table[:, 0] <= (low, high)).all() or ratio > 1
    assert moved(array(0, MOST), ratio).tolist() == [0, MOST]  # nothing moves who is wholly satisfied, or not at all


@given(POINTS, st.floats(0.1, 10))
def test_moving_there_and_back_is_nearly_nothing(points: int, ratio: float):
    # Rounding to thousandths loses half a thousandth, which a ratio enlarges at most tenfold on the way back.
    there = moved(array(points), ratio)
    assert abs(int(moved(there, 1 / ratio)[0]) - points) <= 0.5 * 10 + 0.5


# ---------------------------------------------------------------- levels, and the satisfied


def test_laws_read_it_in_whole_hundredths_rounded_half_up():
    assert level(array(0, 4, 5, 14, 15, 494, 495, 504, 505, 994, 995, 1000)).tolist() == [
        0, 0, 1, 1, 2, 49, 50, 50, 51, 99, 100, 100
    ]  # fmt: skip
    found = level(EVERY)
    assert (np.diff(found) >= 0).all()
    assert np.unique(found).tolist() == list(range(LEVELS))


def test_the_satisfied_have_their_ratio_and_the_dissatisfied_its_inverse():
    found = of_the_satisfied(np.array([4.0, 1.0, 0.25]))
    assert found.shape == (LEVELS, 3)
    np.testing.assert_array_equal(found[[0, 50, 100], 0], [0.25, 1, 4])
    np.testing.assert_allclose(found[[25, 75], 0], [0.5, 2], rtol=1e-15)
    np.testing.assert_array_equal(found[:, 1], 1)
    np.testing.assert_allclose(found[:, 2], 1 / found[:, 0], rtol=1e-14)
    np.testing.assert_allclose(found[:, 0] * found[::-1, 0], 1, rtol=1e-14)
    np.testing.assert_allclose(np.diff(np.log(found[:, 0])), np.log(4) / 50, rtol=1e-10)


@given(RATIOS)
@example(5e-324)
@example(1.7e308)
def test_no_ratio_is_too_large_for_it(ratio: float):
    with np.errstate(all="raise", under="ignore"):
        table, several = of_the_satisfied(np.array([ratio])), times(np.array([ratio]), 1000)
        for found in (table, several):
            assert np.isfinite(found).all()
            assert (found > 0).all()
            rises = np.diff(found, axis=0)
            assert (rises >= 0).all() if ratio >= 1 else (rises <= 0).all()
            assert np.isfinite(found.max() * found.max() * found.max())
    assert table[50, 0] == 1
    assert several[0, 0] == 1


def test_several_contacts_multiply():
    found = times(np.array([0.5, 1.0, 2.0]), 4)
    np.testing.assert_array_equal(found, np.array([[1, 0.5, 0.25, 0.125, 0.0625], [1] * 5, [1, 2, 4, 8, 16]]).T)


# ---------------------------------------------------------------- what fades


def test_the_logarithm_of_a_lift_halves_in_each_half_life():
    found = fading(np.array([16.0]), np.array([7.0]))
    assert found.shape == (MOST_DAYS + 1, 1)
    np.testing.assert_allclose(found[[0, 7, 14, 21, 28], 0], [16, 4, 2, 2**0.5, 2**0.25], rtol=1e-14)
    np.testing.assert_allclose(np.log(found[:-1] / 1) * 2 ** (-1 / 7), np.log(found[1:]), rtol=1e-9, atol=1e-14)
    assert found[MOST_DAYS, 0] == 1


def test_what_annoys_fades_as_well():
    np.testing.assert_allclose(fading(np.array([1 / 16]), np.array([7.0]))[[0, 7, 14], 0], [1 / 16, 1 / 4, 1 / 2])
    np.testing.assert_array_equal(fading(np.array([1.0]), np.array([7.0])), 1)


@given(RATIOS, st.floats(5e-324, 36_500))
@example(2.0, 5e-324)
def test_a_lift_only_fades(ratio: float, half_life: float):
    with np.errstate(all="raise", under="ignore"):
        found = fading(np.array([ratio]), np.array([half_life]))[:, 0]
    assert np.isfinite(found).all()
    assert found[0] == pytest.approx(ratio, rel=1e-12) or ratio < 1e-300
    size = np.abs(np.log(found))
    assert (np.diff(size) <= 1e-12 * size[:-1]).all()
    assert ((found >= 1) == (ratio >= 1)).all() or size.min() < 1e-12


def test_whole_thousandths_of_anything():
    assert satisfaction.whole(np.array([-1.0, -0.0, 0.0005, 0.0015, 0.5, 2.0])).tolist() == [0, 0, 0, 2, 500, 1000]
