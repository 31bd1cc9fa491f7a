"""Inverse distribution functions, against closed forms and moments; corners are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simfunnel.scenario import values
from simfunnel.scenario.quantities import FAMILIES, Quantity, Variable, constant, fixed

MIDPOINTS = (np.arange(20_000) + 0.5) / 20_000
EXTREMES = np.array([0.5 / 2**32, 0.5, 1 - 0.5 / 2**32])


@pytest.mark.parametrize(
    ("family", "parameters", "mean", "sd"),
    [
        ("fixed", (3.0,), 3.0, 0.0),
        ("uniform", (2.0, 5.0), 3.5, 3 / 12**0.5),
        ("triangular", (1.0, 2.0, 6.0), 3.0, ((1 + 4 + 36 - 2 - 6 - 12) / 18) ** 0.5),
        ("exponential", (2.0,), 2.0, 2.0),
        ("lognormal", (6.0, 3.0), 6.0, 3.0),
        ("gamma", (9.0, 2.0), 9.0, 2.0),
        ("beta", (0.6, 0.08), 0.6, 0.08),
        ("counts", (20.0, 1000.0), 20.5 / 1001, (20.5 * 980.5 / 1001**2 / 1002) ** 0.5),
        ("discrete", (1.0, 2.0, 6.0), 3.0, (14 / 3) ** 0.5),
    ],
)
def test_moments(family: str, parameters: tuple[float, ...], mean: float, sd: float) -> None:
    """The midpoint rule on 20,000 uniforms is within 1 % of the textbook's moments."""
    values = Quantity(family, parameters).quantile(MIDPOINTS)
    assert values.mean() == pytest.approx(mean, rel=1e-3)
    assert values.std() == pytest.approx(sd, rel=0.01)
    assert (np.diff(values) >= 0).all()


def test_closed_forms() -> None:
    u = np.array([0.5])
    assert Quantity("exponential", (2.0,)).quantile(u) == pytest.approx(2 * np.log(2))
    assert Quantity("triangular", (0.0, 1.0, 2.0)).quantile(u) == pytest.approx(1.0)
    assert Quantity("lognormal_sigma", (3.0, 0.9)).quantile(u) == pytest.approx(3 * np.exp(-0.405))


@pytest.mark.parametrize(
    ("family", "parameters", "expected"),
    [
        ("triangular", (2.0, 2.0, 2.0), [2, 2, 2]),
        ("uniform", (2.0, 2.0), [2, 2, 2]),
        ("discrete", (1.0, 2.0), [1, 2, 2]),
        ("discrete", (7.0,), [7, 7, 7]),
        ("gamma", (1e12, 1e-12), [1e12, 1e12, 1e12]),
        ("lognormal", (1e12, 1e-12), [1e12, 1e12, 1e12]),
        ("counts", (1e12, 1e12), [1, 1, 1]),
    ],
)
def test_corners_are_exact(family: str, parameters: tuple[float, ...], expected: list[float]) -> None:
    assert Quantity(family, parameters).quantile(EXTREMES) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("gamma", (1e-12, 1e12)),
        ("gamma", (0.0, 1.0)),
        ("lognormal", (0.0, 1.0)),
        ("lognormal", (1e-12, 1e12)),
        ("lognormal_sigma", (1e9, 10.0)),
        ("beta", (0.5, 1e-9)),
        ("beta", (1e-9, 1e-6)),
        ("beta", (0.5, 0.4999999)),
        ("counts", (0.0, 1.0)),
        ("counts", (0.0, 1e12)),
    ],
)
def test_extremes_stay_finite(family: str, parameters: tuple[float, ...]) -> None:
    """A mean of 0 can arise in a world where the mean itself is uncertain."""
    values = Quantity(family, parameters).quantile(EXTREMES)
    assert np.isfinite(values).all()
    assert (values >= 0).all()


def test_best_guess_and_support() -> None:
    assert Quantity("counts", (20.0, 1000.0)).best == 0.02
    assert Quantity("triangular", (1.0, 2.0, 6.0)).best == 2
    assert Quantity("triangular", (1.0, 2.0, 6.0)).support == (1, 6)
    assert Quantity("discrete", (4.0, 1.0)).support == (1, 4)
    assert Quantity("gamma", (4.0, 1.0)).support == (0, np.inf)


def test_a_variable_knows_its_mean() -> None:
    assert Variable("triangular", (fixed(1500), fixed(2400), fixed(5000))).mean() == pytest.approx(8900 / 3, rel=1e-4)
    assert constant(5).is_fixed
    assert constant(5).mean() == 5
    assert not Variable("fixed", (Quantity("uniform", (1.0, 2.0)),)).is_fixed


@pytest.mark.parametrize(
    ("family", "parameters", "requirement"),
    [
        ("uniform", (2, 1), "must have low <= high"),
        ("triangular", (1, 3, 2), "must have low <= likely <= high"),
        ("gamma", (0, 1), "must have mean > 0"),
        ("lognormal_sigma", (1, 0), "must have sigma > 0"),
        ("counts", (2, 1), "must have 0 <= successes <= trials and trials >= 1"),
        ("uniform", (1, 1), ""),
        ("counts", (0, 1), ""),
    ],
)
def test_a_family_says_what_its_parameters_must_satisfy(
    family: str, parameters: tuple[float, ...], requirement: str
) -> None:
    assert FAMILIES[family].requirement(*parameters) == requirement


sizes = st.sampled_from([0, 1e-12, 1e-6, 0.01, 0.2, 0.5, 0.7, 0.999999, 1, 2, 5, 100, 1e6, 1e9]) | st.floats(0, 300)
tables = st.one_of(
    st.fixed_dictionaries({"low": sizes, "likely": sizes, "high": sizes}),
    st.fixed_dictionaries({"low": sizes, "high": sizes}),
    st.fixed_dictionaries({"mean": sizes, "sd": sizes}),
    st.fixed_dictionaries({"exponential": st.fixed_dictionaries({"mean": sizes})}),
    st.fixed_dictionaries({"lognormal": st.fixed_dictionaries({"mean": sizes, "sd": sizes})}),
    st.fixed_dictionaries({"lognormal": st.fixed_dictionaries({"mean": sizes, "sigma": sizes})}),
    st.fixed_dictionaries({"gamma": st.fixed_dictionaries({"mean": sizes, "sd": sizes})}),
    st.fixed_dictionaries({"beta": st.fixed_dictionaries({"mean": sizes, "sd": sizes})}),
    st.fixed_dictionaries({"discrete": st.lists(sizes, max_size=4)}),
)


@given(tables, st.sampled_from([values.SHARE, values.FACTOR, values.ODDS, values.MONEY, values.MINUTES]))
@settings(max_examples=300, deadline=None)
def test_whatever_is_accepted_has_finite_values_inside_its_support(
    raw: dict[str, object], domain: values.Domain
) -> None:
    """Warnings are errors in tests, so that a division by zero would show here too."""
    try:
        quantity = values.quantity(raw, domain)
    except ValueError:
        return
    low, high = quantity.support
    found = quantity.quantile(EXTREMES)
    assert np.isfinite(found).all()
    assert (found >= low - 1e-9 * abs(low)).all()
    assert (found <= high + 1e-9 * abs(high)).all()
    assert domain.low <= quantity.best <= domain.high
    if domain.is_share:
        assert (found >= 0).all()
        assert (found <= 1).all()


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_uncertain_parameters_give_finite_values_in_the_worst_worlds(data: st.DataObject) -> None:
    raw = data.draw(tables)
    name = next(iter(raw))
    inner = raw[name] if isinstance(raw[name], dict) else raw
    assert isinstance(inner, dict)
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(tables)
    try:
        variable = values.variable(raw, values.MONEY)
    except ValueError:
        return
    for extreme in EXTREMES:
        parameters = [p.quantile(np.array([extreme])) for p in variable.parameters]
        found = FAMILIES[variable.family].quantile(EXTREMES, *parameters)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
    assert np.isfinite(variable.mean())
