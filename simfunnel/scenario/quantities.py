"""A number may be known, counted or uncertain: every form of it is one inverse distribution function.

A `Quantity` is one number that the firm may not know exactly; a world draws it once (MODEL.md
section 7 calls these inputs). A `Variable` differs from event to event (a talk's length, a sale's
revenue); its parameters are quantities. Both are turned from one uniform by the inverse CDF.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Quantile = Callable[..., Floats]


@dataclass(frozen=True)
class Family:
    """A named distribution: parameters, inverse CDF, best guess and what its parameters must satisfy.

    `quantile(u, *parameters)` and `best(*parameters)` are pure and elementwise. `unscaled` names the
    parameters that have no unit. `requirement(*parameters)` says what is wrong, or is empty.
    """

    name: str
    parameters: tuple[str, ...]
    quantile: Quantile
    best: Callable[..., float]
    requirement: Callable[..., str]
    support: Callable[..., tuple[float, float]]
    unscaled: tuple[str, ...] = ()


def _special() -> object:
    import scipy.special

    return scipy.special


def uniform_quantile(u: Floats, low: Floats, high: Floats) -> Floats:
    """Uniform on [low, high]."""
    return np.add(low, np.multiply(u, np.subtract(high, low)))


def triangular_quantile(u: Floats, low: Floats, likely: Floats, high: Floats) -> Floats:
    """Triangular on [low, high] with mode `likely` (Law, Simulation Modeling and Analysis, 8.3.15)."""
    width = np.subtract(high, low)
    safe = np.where(width > 0, width, 1.0)
    rising = np.add(low, np.sqrt(u * width * np.subtract(likely, low)))
    falling = np.subtract(high, np.sqrt((1.0 - u) * width * np.subtract(high, likely)))
    return np.where(u < np.subtract(likely, low) / safe, rising, falling)


def exponential_quantile(u: Floats, mean: Floats) -> Floats:
    """Exponential with the given mean."""
    return np.multiply(np.log(np.subtract(1.0, u)), np.negative(mean))


def lognormal_quantile(u: Floats, mean: Floats, sigma: Floats) -> Floats:
    """Lognormal with the given mean and log-scale standard deviation sigma."""
    from scipy.special import ndtri

    return np.multiply(mean, np.exp(np.multiply(sigma, ndtri(u)) - np.multiply(0.5, np.square(sigma))))


def lognormal_sd_quantile(u: Floats, mean: Floats, sd: Floats) -> Floats:
    """Lognormal with the given mean and standard deviation."""
    return lognormal_quantile(u, mean, np.sqrt(np.log1p(np.square(np.divide(sd, mean)))))


def gamma_quantile(u: Floats, mean: Floats, sd: Floats) -> Floats:
    """Gamma with the given mean and standard deviation (shape (mean/sd)^2)."""
    from scipy.special import gammaincinv

    shape = np.square(np.divide(mean, sd))
    return np.asarray(np.multiply(gammaincinv(shape, u), np.divide(np.square(sd), mean)))


def beta_quantile(u: Floats, a: Floats, b: Floats) -> Floats:
    """Beta(a, b)."""
    from scipy.special import betaincinv

    return np.asarray(betaincinv(a, b, u))


def beta_moments_quantile(u: Floats, mean: Floats, sd: Floats) -> Floats:
    """Beta with the given mean and standard deviation, by the method of moments."""
    size = np.subtract(np.divide(np.multiply(mean, np.subtract(1.0, mean)), np.square(sd)), 1.0)
    return beta_quantile(u, np.multiply(mean, size), np.multiply(np.subtract(1.0, mean), size))


def counts_quantile(u: Floats, successes: Floats, trials: Floats) -> Floats:
    """Posterior of a share after `successes` of `trials` under Jeffreys' prior: Beta(k + 1/2, n - k + 1/2)."""
    return beta_quantile(u, np.add(successes, 0.5), np.subtract(trials, successes) + 0.5)


def discrete_quantile(u: Floats, *values: Floats) -> Floats:
    """One of the given values, each equally often."""
    index = np.minimum((np.asarray(u) * len(values)).astype(np.intp), len(values) - 1)
    return np.choose(index, list(values)) if len(values) <= 32 else np.asarray(values)[index]


def _ordered(low: float, likely: float, high: float) -> str:
    return "" if low <= likely <= high else "must have low <= likely <= high"


def _positive(**values: float) -> str:
    wrong = [name for name, value in values.items() if not value > 0]
    return f"must have {' and '.join(wrong)} > 0" if wrong else ""


def _beta_moments(mean: float, sd: float) -> str:
    if 0 < mean < 1 and 0 < sd and sd * sd < mean * (1 - mean):
        return ""
    return "must have 0 < mean < 1 and 0 < sd < sqrt(mean * (1 - mean))"


_NON_NEGATIVE = (0.0, np.inf)

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "fixed",
            ("value",),
            lambda u, value: np.add(np.multiply(u, 0.0), value),
            lambda v: v,
            lambda v: "",
            lambda v: (v, v),
        ),
        Family(
            "uniform",
            ("low", "high"),
            uniform_quantile,
            lambda low, high: (low + high) / 2,
            lambda low, high: "" if low <= high else "must have low <= high",
            lambda low, high: (low, high),
        ),
        Family(
            "triangular",
            ("low", "likely", "high"),
            triangular_quantile,
            lambda low, likely, high: likely,
            _ordered,
            lambda low, likely, high: (low, high),
        ),
        Family(
            "exponential",
            ("mean",),
            exponential_quantile,
            lambda mean: mean,
            lambda mean: _positive(mean=mean),
            lambda mean: _NON_NEGATIVE,
        ),
        Family(
            "lognormal",
            ("mean", "sd"),
            lognormal_sd_quantile,
            lambda mean, sd: mean,
            lambda mean, sd: _positive(mean=mean, sd=sd),
            lambda mean, sd: _NON_NEGATIVE,
        ),
        Family(
            "lognormal_sigma",
            ("mean", "sigma"),
            lognormal_quantile,
            lambda mean, sigma: mean,
            lambda mean, sigma: _positive(mean=mean, sigma=sigma),
            lambda mean, sigma: _NON_NEGATIVE,
            unscaled=("sigma",),
        ),
        Family(
            "gamma",
            ("mean", "sd"),
            gamma_quantile,
            lambda mean, sd: mean,
            lambda mean, sd: _positive(mean=mean, sd=sd),
            lambda mean, sd: _NON_NEGATIVE,
        ),
        Family(
            "beta",
            ("mean", "sd"),
            beta_moments_quantile,
            lambda mean, sd: mean,
            _beta_moments,
            lambda mean, sd: (0.0, 1.0),
        ),
        Family(
            "counts",
            ("successes", "trials"),
            counts_quantile,
            lambda k, n: k / n,
            lambda k, n: "" if 0 <= k <= n and n > 0 else "must have 0 <= successes <= trials and trials >= 1",
            lambda k, n: (0.0, 1.0),
            unscaled=("successes", "trials"),
        ),
        Family(
            "discrete",
            ("values",),
            discrete_quantile,
            lambda *values: float(np.mean(values)),
            lambda *values: "" if values else "must have at least one value",
            lambda *values: (min(values), max(values)),
        ),
    )
}


@dataclass(frozen=True)
class Quantity:
    """A number the firm knows, or knows only as a distribution.

    `parameters` are plain numbers in the unit of the key (milliseconds for durations of tasks).
    """

    family: str
    parameters: tuple[float, ...]

    @property
    def is_fixed(self) -> bool:
        """Is it known exactly?"""
        return self.family == "fixed"

    @property
    def best(self) -> float:
        """The best guess: k/n for counts, the likely value, else the mean."""
        return float(FAMILIES[self.family].best(*self.parameters))

    def quantile(self, u: Floats) -> Floats:
        """The value at each uniform of `u` (same shape)."""
        return np.asarray(FAMILIES[self.family].quantile(u, *self.parameters), dtype=np.float64)

    @property
    def support(self) -> tuple[float, float]:
        """Lowest and highest possible value."""
        low, high = FAMILIES[self.family].support(*self.parameters)
        return float(low), float(high)


def fixed(value: float) -> Quantity:
    """A number known exactly."""
    return Quantity("fixed", (float(value),))


@dataclass(frozen=True)
class Variable:
    """A number that differs from event to event; each of its parameters may itself be uncertain."""

    family: str
    parameters: tuple[Quantity, ...]

    @property
    def is_fixed(self) -> bool:
        """Is every event alike, and the value known?"""
        return self.family == "fixed" and self.parameters[0].is_fixed

    @property
    def is_constant(self) -> bool:
        """Is every event of a world alike?"""
        return self.family == "fixed"

    @property
    def best(self) -> float:
        """The value at the best guess of every parameter (the mean or the likely value)."""
        return float(FAMILIES[self.family].best(*(p.best for p in self.parameters)))

    def mean(self) -> float:
        """The mean over events, by the midpoint rule on 4,096 uniforms, at the best guess."""
        u = (np.arange(4096) + 0.5) / 4096
        return float(np.mean(FAMILIES[self.family].quantile(u, *(p.best for p in self.parameters))))


def constant(value: float) -> Variable:
    """Every event alike."""
    return Variable("fixed", (fixed(value),))
