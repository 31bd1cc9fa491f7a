"""Which of two is better, in one history, on average and at its worst, is told as surely as it is known and no surer.

References: worked on paper, brute force over all pairs, theory (normal distributions). Tests that roll dice have a
fixed seed; "false alarm" is the share of seeds that would fail although the code is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simfunnel.estimates import (
    Chance,
    Interval,
    Known,
    Superiority,
    better_in_one,
    better_on_average,
    chance,
    difference,
    estimate,
    linearised,
    ratio,
    shortfall,
    shortfall_difference,
)

NAN = float("nan")
PHI = NormalDist().cdf
NOTHING = Superiority(Chance(None, None), None)


def worlds_of(*sizes: int) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


# ---------------------------------------------------------------- ratios as means


def test_linearised_values_as_worked_on_paper():
    # 12 / 4 = 3, mean of the denominators 1; 3 + (2 - 3) = 2, 3 + (4 - 6) = 1, 3 + (6 - 3) = 6, 3 + 0 = 3.
    assert linearised([2, 4, 6, 0], [1, 2, 1, 0]).tolist() == [2, 1, 6, 3]
    assert np.array_equal(
        linearised([2, 4, 6, 0, 5, NAN], [1, 2, 1, 0, NAN, 7]), [2, 1, 6, 3, NAN, NAN], equal_nan=True
    )
    assert np.isnan(linearised([1, 2], [1, -1])).all()
    assert linearised([], []).shape == (0,)


@pytest.mark.parametrize("worlds", [None, worlds_of(*[3] * 13, 1)])
@pytest.mark.parametrize("sign", [1, -1])
def test_linearised_values_have_the_mean_and_the_error_of_the_ratio(worlds: np.ndarray | None, sign: int):
    rng = np.random.default_rng(31)
    below = sign * rng.poisson(3, size=40)
    above = 5 * below + rng.normal(size=40)
    above[7] = NAN
    found, expected = estimate(linearised(above, below), worlds), ratio(above, below, worlds)
    for name in ("mean", "standard_error", "ci95"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-12)


# ---------------------------------------------------------------- better in one history


def test_better_in_the_same_history_is_a_share_of_histories():
    a, b = [3, 1, 2, 5, NAN, 4], [1, 3, 2, NAN, 1, 0]
    found = better_in_one(a, b, luck="same")
    assert found == (chance(np.array([1, 0, 0, 0, 0, 1], dtype=bool)), 1 / 6)
    assert better_in_one(a, b, higher=False, luck="same").better.share == 1 / 6
    worlds = worlds_of(2, 2, 2)
    assert better_in_one(a, b, worlds, luck="same").better == chance(np.array([1, 0, 0, 0, 0, 1], dtype=bool), worlds)


def test_better_in_another_history_as_worked_on_paper():
    # a 3 1 2, b 1 3 2: a0 beats b2 (2) of b1, b2; a1 none; a2 beats b0: 2 of 6; equal: a0 = b1, a1 = b0.
    # V10: 1/2 0 1/2; V01: b0 by a2 1/2, b1 0, b2 by a0 1/2. Residuals V10 + V01 - 2/3: 1/3 -2/3 1/3, squares 2/3;
    # se^2 = (3/2)(2/3)/9 = 1/9, p(1-p)/3 = 2/27, effect 3/2, held at the worst possible, 1. k = t2^2/3.
    k = 4.302652730**2 / 3
    centre, half = (1 / 3 + k / 2) / (1 + k), sqrt(k * (2 / 9 + k / 4)) / (1 + k)
    better, equal = better_in_one([3, 1, 2], [1, 3, 2], luck="independent")
    assert better.share == pytest.approx(1 / 3)
    assert better.ci95 == pytest.approx((max(0, centre - half), centre + half))
    assert equal == pytest.approx(1 / 3)


def test_worlds_count_by_their_histories_and_lone_ones_not_at_all():
    # World A: a 5 1 1, b 0 4 0: of 6 pairs only a2 > b1 fails: 5/6. B: a 0 0, b 1 1: 0. C alone.
    # Share (3 * 5/6 + 2 * 0) / 5.
    found = better_in_one([5, 1, 1, 0, 0, 9], [0, 4, 0, 1, 1, 0], worlds_of(3, 2, 1), luck="independent")
    assert found.better.share == pytest.approx(0.5)
    assert found.equal == 0
    assert better_in_one([1, 2], [0, 0], worlds_of(1, 1), luck="independent") == NOTHING
    assert better_in_one([1.0], [0.0], luck="independent") == NOTHING
    for luck in ("same", "independent"):
        assert better_in_one([], [], luck=luck) == NOTHING
    assert better_in_one([1, 2], [0, 0], worlds_of(2), luck="independent").better == Chance(1.0, None)


def test_a_policy_against_itself_is_better_in_half_of_other_histories():
    a = np.random.default_rng(32).normal(size=50)
    better, equal = better_in_one(a, a, luck="independent")
    assert (better.share, equal) == (pytest.approx(0.5), 0)
    assert better.ci95 is not None
    assert better.ci95[1] - better.ci95[0] > 0.15  # worth 100 values, and no more
    assert better_in_one(a, a, luck="same") == (chance(np.zeros(50, dtype=bool)), 1.0)


rows = st.lists(
    st.tuples(*[st.sampled_from([NAN, np.inf, -2.0, 0.0, 1.0, 1.5])] * 2, st.integers(0, 3)), min_size=1, max_size=14
)


@settings(max_examples=150, deadline=None)
@given(rows, st.booleans(), st.booleans())
def test_pairs_are_those_that_counting_one_by_one_finds(found: list[tuple[float, float, int]], known: bool, high: bool):
    a, b = (np.array([row[k] for row in found]) for k in (0, 1))
    worlds = np.array([0 if known else row[2] for row in found])
    shares, ties = [], []
    for i in range(a.size):
        others = [j for j in range(a.size) if j != i and worlds[j] == worlds[i]]
        pairs = [(a[i], b[j]) for j in others]
        if pairs:
            defined = [np.isfinite(x) and np.isfinite(y) for x, y in pairs]
            wins = [d and ((x > y) if high else (x < y)) for d, (x, y) in zip(defined, pairs, strict=True)]
            shares.append(np.mean(wins))
            ties.append(np.mean([d and x == y for d, (x, y) in zip(defined, pairs, strict=True)]))
    better, equal = better_in_one(a, b, None if known else worlds, higher=high, luck="independent")
    assert better.share == (pytest.approx(np.mean(shares)) if shares else None)
    assert equal == (pytest.approx(np.mean(ties)) if ties else None)
    if better.ci95 is not None:
        assert 0 <= better.ci95[0] <= better.share <= better.ci95[1] <= 1
        assert better.ci95[1] - better.ci95[0] > 0.05
    json.dumps(better_in_one(a, b, luck="same").to_json(), allow_nan=False)


def test_a_chance_seen_in_no_pair_or_in_all_keeps_its_width():
    a, b = np.arange(30.0), -1 - np.arange(30.0)
    for worlds, k in ((None, 2.045229642**2 / 30), (worlds_of(*[3] * 10), 2.262157163**2 / 10)):
        assert better_in_one(a, b, worlds, luck="independent").better == Chance(1, pytest.approx((1 / (1 + k), 1)))
        assert better_in_one(b, a, worlds, luck="independent").better == Chance(0, pytest.approx((0, k / (1 + k))))


RUNS = 800
# 4 standard errors of a coverage of 95 % in 800 runs are 3.1 %: false alarm 6e-5 where the claim is exact; intervals
# that are meant to be wider have no upper bound. Noticed with even odds: a coverage of 92 %.
MARGIN = 4 * sqrt(0.95 * 0.05 / RUNS)


def coverage(truth: float, run: Callable[[], Interval | None]) -> float:
    intervals = (run() for _ in range(RUNS))
    return float(np.mean([interval is not None and interval[0] <= truth <= interval[1] for interval in intervals]))


def two(rng: np.random.Generator, worlds: np.ndarray, gap: float, shared: float, between: float) -> list[np.ndarray]:
    """a and b with luck of variance 1, of which they share a part; a is better by `gap` -+ `between` by world."""
    luck = [rng.normal(size=worlds.size) for _ in range(3)]
    a, b = (sqrt(shared) * luck[0] + sqrt(1 - shared) * own for own in luck[1:])
    return [a + gap + between * rng.normal(size=worlds[-1] + 1)[worlds], b]


@pytest.mark.parametrize(("gap", "shared"), [(0, 0.0), (1, 0.0), (2, 0.9)])
def test_better_in_another_history_covers_with_known_inputs(gap: float, shared: float):
    # Long runs: 94.4, 94.6 and 98.9 % (shared chance is not trusted to tell more than 2 R values do). Without V01 in
    # the error the first two would cover 83 %: noticed.
    rng, truth = np.random.default_rng(33), PHI(gap / sqrt(2))
    lone = worlds_of(*[1] * 200)
    found = coverage(truth, lambda: better_in_one(*two(rng, lone, gap, shared, 0), luck="independent").better.ci95)
    assert found > 0.95 - MARGIN
    assert shared or found < 0.95 + MARGIN


@pytest.mark.parametrize(("gap", "size", "between"), [(0, 2, 3.0), (1, 2, 1.0), (1, 10, 1.0)])
def test_better_in_another_history_covers_with_worlds(gap: float, size: int, between: float):
    # Long runs: 94.2 to 96.3 %. Counting histories as independent would cover 65 % with ten a world: noticed.
    rng, worlds, truth = np.random.default_rng(34), worlds_of(*[size] * 50), PHI(gap / sqrt(2 + between**2))
    found = coverage(
        truth, lambda: better_in_one(*two(rng, worlds, gap, 0, between), worlds, luck="independent").better.ci95
    )
    assert found == pytest.approx(0.95, abs=MARGIN)


# ---------------------------------------------------------------- better on average


def test_with_known_inputs_the_share_says_how_sure_the_simulation_is():
    # d = 1 2 3: mean 2, se 1/sqrt(3).
    expected = Chance(pytest.approx(PHI(2 * sqrt(3))), None)
    assert better_on_average([2, 3, 4, NAN], [1, 1, 1, 0]) == expected
    assert better_on_average([1, 1, 1], [2, 3, 4], higher=False) == expected
    assert better_on_average([1, 1], [0, 0]) == Chance(1.0, None)
    assert better_on_average([0, 0], [1, 1]) == Chance(0.0, None)


def test_true_means_of_worlds_as_worked_on_paper():
    # d: 2 4, 5 7, -1 1: mean 3, world means 3 6 0, MSW 2, MSB 2 * 18 / 2 = 18, inputs 8.
    # Kept: sqrt(8 / (8 + 2/2)) = sqrt(8/9) of 0, 3, -3; error sqrt(2/6).
    d, worlds = np.array([2, 4, 5, 7, -1, 1]), worlds_of(2, 2, 2)
    kept, error = sqrt(8 / 9), sqrt(1 / 3)
    share, ci95 = better_on_average(d, np.zeros(6), worlds)
    assert share == pytest.approx(sum(PHI((3 + kept * x) / error) for x in (0, 3, -3)) / 3)
    # Highest: mean 3 + t2 * sqrt(18/6); spread from F = 9 over its .975 quantile, 16.044: none, so all above 0.
    # Lowest: mean 3 - 4.303 * 1.732 = -4.45, below 0 for sure if there is no spread: 0.
    assert ci95 == pytest.approx((0, 1))


def test_without_visible_ignorance_worlds_count_for_nothing():
    # World means 2 2: inputs 0; within (2 + 8) / 2 = 5, error sqrt(5/4).
    assert better_on_average([1, 3, 0, 4], np.zeros(4), worlds_of(2, 2)).share == pytest.approx(PHI(2 / sqrt(5 / 4)))


def test_without_luck_it_is_the_share_of_worlds():
    share, ci95 = better_on_average([1, 1, 0, 0, -1, -1, 2, 2], np.zeros(8), worlds_of(2, 2, 2, 2))
    assert share == 0.5
    assert ci95 is not None
    assert 0 <= ci95[0] < 0.3 < 0.7 < ci95[1] <= 1


def test_where_it_cannot_be_told_who_is_better_on_average():
    unknown: tuple[tuple[list[float], np.ndarray | None], ...] = (
        ([], None), ([5], None), ([0, 0], None), ([0, 0, 0, 0], worlds_of(2, 2)), ([1, 2], worlds_of(2)),
        ([1, 2], worlds_of(1, 1)), ([NAN, NAN], None), ([1, 2, NAN, NAN], worlds_of(2, 2)),
    )  # fmt: skip
    assert [better_on_average(d, np.zeros(len(d)), worlds) for d, worlds in unknown] == [Chance(None, None)] * 8


@pytest.mark.parametrize(("gap", "luck"), [(0.0, 1.0), (1.0, 0.3), (1.0, 4.0), (2.0, 8.0)])
def test_better_on_average_covers_where_all_is_normal(gap: float, luck: float):
    # Truth: Phi(gap). 200 worlds of 2. Long runs: 97, 100, 99 and 97 %: above 92 % (false alarm below 1e-4).
    # Wilson with n = worlds alone covers 91, 94, 27 and 8 %, with a jackknife added 95, 95, 77 and 57 %.
    rng, worlds = np.random.default_rng(35), worlds_of(*[2] * 200)

    def run() -> Interval | None:
        d = (gap + rng.normal(size=200))[worlds] + luck * rng.normal(size=400)
        return better_on_average(d, np.zeros(400), worlds).ci95

    assert coverage(PHI(gap), run) > 0.92


def test_shrinking_finds_the_share_of_true_means_and_raw_means_do_not():
    # Luck twice the spread of worlds, gap 1: Phi(1) = .841; unshrunk, Phi(1 / sqrt(3)) = .718. With 5,000 worlds the
    # error of the share is .014 (measured): .056 is 4 of these, false alarm 1e-4.
    rng, worlds = np.random.default_rng(36), worlds_of(*[2] * 5000)
    d = (1 + rng.normal(size=5000))[worlds] + 2 * rng.normal(size=10_000)
    assert better_on_average(d, np.zeros(10_000), worlds).share == pytest.approx(PHI(1), abs=0.056)
    assert np.mean(d.reshape(-1, 2).mean(axis=1) > 0) < 0.75


# ---------------------------------------------------------------- the worst


def test_shortfall_as_worked_on_paper():
    # Worst 30 % of ten: (1 + 2 + 3) / 3. Excess to 3 over share: (-2 - 1) / .3, that is -20/3, -10/3, 0..., mean -1.
    # Residuals -17/3, -7/3, 1 eight times: squares 410/9; se = sqrt(10/9 * 410/9) / 10; t with 3 - 1 df.
    values = [1, 2, 3, 9, 9, 9, 9, 9, 9, 9, NAN]
    half = 4.302652730 * sqrt(10 / 9 * 410 / 9) / 10
    assert shortfall(values, share=0.3) == Known(pytest.approx(2), pytest.approx((2 - half, 2 + half)))
    mirrored = shortfall([-value for value in values], share=0.3, worst="high")
    assert mirrored == Known(pytest.approx(-2), pytest.approx((-2 - half, -2 + half)))
    # Worst quarter: 2.5 histories, (1 + 2 + 3/2) / 2.5.
    assert shortfall(values, share=0.25).value == pytest.approx(1.8)
    # t2 .995: 9.924843.
    wide = shortfall(values, share=0.3, confidence=0.99).ci95
    assert wide == pytest.approx((2 - 9.924843201 * half / 4.302652730, 2 + 9.924843201 * half / 4.302652730))


def test_shortfall_of_few_histories_is_the_worst_one_without_an_interval():
    assert shortfall([4, 2, 9]) == Known(2, None)
    assert shortfall([4, 2, 9], worst="high") == Known(9, None)
    assert shortfall(np.arange(20.0)) == Known(0, None)
    assert shortfall(np.arange(40.0)).ci95 is not None
    assert shortfall([NAN]) == Known(None, None)
    assert shortfall(np.arange(40.0), worlds_of(40)).ci95 is None
    assert shortfall(np.full(40, 0.1)) == Known(0.1, (0.1, 0.1))


def test_the_whole_is_the_mean_and_its_error():
    values, worlds = np.random.default_rng(37).normal(size=60), worlds_of(*[3] * 20)
    for labels in (None, worlds):
        whole, mean = shortfall(values, labels, share=1), estimate(values, labels)
        assert (whole.value, whole.ci95) == (pytest.approx(mean.mean), pytest.approx(mean.ci95))
        gap, paired = shortfall_difference(values, values**2, labels, share=1), difference(values, values**2, labels)
        assert (gap.value, gap.ci95) == (pytest.approx(paired.mean), pytest.approx(paired.ci95))


def test_a_difference_of_shortfalls_leaves_out_what_either_lacks_and_gains_from_pairing():
    a = np.random.default_rng(38).normal(size=200)
    assert shortfall_difference(a, a).ci95 == (0, 0)
    low, high = shortfall_difference(a + 3, a).ci95
    assert low == pytest.approx(3)
    assert high == pytest.approx(3)
    one, other = np.append(a, [-99, NAN]), np.append(a - 1, [NAN, -99])
    assert shortfall_difference(one, other).value == pytest.approx(1)
    assert shortfall_difference(one, other, worst="high").value == pytest.approx(1)


TAIL = NormalDist().pdf(NormalDist().inv_cdf(0.05)) / 0.05  # the mean of the worst 5 % of a normal variable, 2.063


@pytest.mark.parametrize("sizes", [[1] * 500, [2] * 500])
def test_shortfalls_cover_nearly(sizes: list[int]):
    # Long runs: 93.4 % in 500 histories, 94.5 % in 500 worlds of 2; bounds of 95 % -+ 3.1 %, and a percent more
    # below for the bias of tails: false alarm below 1e-3 for each. Noticed: 90 %. (Tails make the histories of a
    # world nearly independent here: worlds passed over cover 92.5 %; the test of the whole tells these apart.)
    rng, labels, apart = np.random.default_rng(39), worlds_of(*sizes), len(sizes) < sum(sizes)
    worlds = labels if apart else None
    spread = sqrt(1 + apart)

    def both() -> tuple[np.ndarray, np.ndarray]:
        shared = apart * rng.normal(size=len(sizes))[labels] + rng.normal(size=labels.size)
        return 2 * shared, shared + 1

    alone = coverage(-2 * spread * TAIL, lambda: shortfall(both()[0], worlds).ci95)
    paired = coverage(-spread * TAIL - 1, lambda: shortfall_difference(*both(), worlds).ci95)
    for found in (alone, paired):
        assert 0.95 - MARGIN - 0.01 < found < 0.95 + MARGIN
