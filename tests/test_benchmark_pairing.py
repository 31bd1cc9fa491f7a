"""The benchmark of common chance measures what it says, and fails where it must."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import pairing


def test_squared_errors_of_a_difference_on_paper() -> None:
    a, b, other = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.5]), np.array([4.0, 2.0, 3.5])
    paired, apart = pairing.variances(a, b, other, None)
    assert paired == pytest.approx(np.var([1.0, 1.0, 1.5], ddof=1) / 3)
    assert apart == pytest.approx((np.var(a, ddof=1) + np.var(other, ddof=1)) / 3)


def test_replications_needed_are_those_of_the_interval() -> None:
    found = pairing.Measured(2000, (50.0, 10.0), (40.0, 40.0), 16.0, (12.0, 20.0))
    assert found.needed(10.0) == np.ceil(2000 * 0.196**2)
    assert found.needed(40.0) == pytest.approx(16 * 2000 * 0.196**2, abs=1)
    assert found.agree
    assert not pairing.Measured(2000, (400.0, 10.0), (40.0, 40.0), 16.0, (12.0, 20.0)).agree


def test_common_chance_wins_on_a_pair_of_follow_up_policies() -> None:
    """With 60 replications the ratio, some 20, is known within a factor of 2; 5 is a false alarm in 1 of 10,000."""
    found = pairing.measure(pairing.PAIRS[1], 60)
    assert found.times > 5
    assert found.agree
