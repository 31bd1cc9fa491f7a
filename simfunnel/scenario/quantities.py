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
_TINY = 1e-100


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


def fixed_quantile(u: Floats, value: Floats) -> Floats:
    """The same value at every uniform."""
    return np.add(np.multiply(u, 0.0), value)


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

    log_ratio = np.multiply(sigma, ndtri(u)) - np.multiply(0.5, np.square(sigma))
    return np.asarray(np.multiply(mean, np.exp(log_ratio)))


def lognormal_sd_quantile(u: Floats, mean: Floats, sd: Floats) -> Floats:
    """Lognormal with the given mean and standard deviation."""
    spread = np.divide(np.maximum(sd, _TINY), np.maximum(mean, _TINY))
    return lognormal_quantile(u, mean, np.sqrt(np.log1p(np.square(spread))))


def gamma_quantile(u: Floats, mean: Floats, sd: Floats) -> Floats:
    """Gamma with the given mean and standard deviation (shape (mean/sd)^2)."""
    from scipy.special import gammaincinv

    mean, sd = np.maximum(mean, _TINY), np.maximum(sd, _TINY)
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


def _first(*parameters: float) -> float:
    return parameters[0]


def _second(*parameters: float) -> float:
    return parameters[1]


def _middle(*parameters: float) -> float:
    return float(np.mean(parameters))


def _ratio(successes: float, trials: float) -> float:
    return successes / trials


def _ends(*parameters: float) -> tuple[float, float]:
    return min(parameters), max(parameters)


def _above_zero(*_parameters: float) -> tuple[float, float]:
    return 0.0, np.inf


def _zero_to_one(*_parameters: float) -> tuple[float, float]:
    return 0.0, 1.0


def _any(*_parameters: float) -> str:
    return ""


def _ordered_ends(low: float, high: float) -> str:
    return "" if low <= high else "must have low <= high"


def _ordered(low: float, likely: float, high: float) -> str:
    return "" if low <= likely <= high else "must have low <= likely <= high"


def _positive(*names: str) -> Callable[..., str]:
    def requirement(*parameters: float) -> str:
        wrong = [name for name, value in zip(names, parameters, strict=True) if not value > 0]
        return f"must have {' and '.join(wrong)} > 0" if wrong else ""

    return requirement


def _possible_moments(mean: float, sd: float) -> str:
    if 0 < mean < 1 and sd >= 1e-6 and sd * sd < mean * (1 - mean):
        return ""
    return "must have 0 < mean < 1 and 1e-6 <= sd < sqrt(mean * (1 - mean))"


def _countable(successes: float, trials: float) -> str:
    return "" if 0 <= successes <= trials and trials >= 1 else "must have 0 <= successes <= trials and trials >= 1"


def _families(*families: Family) -> dict[str, Family]:
    return {family.name: family for family in families}


FAMILIES: dict[str, Family] = _families(
    Family("fixed", ("value",), fixed_quantile, _first, _any, _ends),
    Family("uniform", ("low", "high"), uniform_quantile, _middle, _ordered_ends, _ends),
    Family("triangular", ("low", "likely", "high"), triangular_quantile, _second, _ordered, _ends),
    Family("exponential", ("mean",), exponential_quantile, _first, _positive("mean"), _above_zero),
    Family("lognormal", ("mean", "sd"), lognormal_sd_quantile, _first, _positive("mean", "sd"), _above_zero),
    Family(
        "lognormal_sigma", ("mean", "sigma"), lognormal_quantile, _first, _positive("mean", "sigma"), _above_zero,
        unscaled=("sigma",),
    ),
    Family("gamma", ("mean", "sd"), gamma_quantile, _first, _positive("mean", "sd"), _above_zero),
    Family("beta", ("mean", "sd"), beta_moments_quantile, _first, _possible_moments, _zero_to_one),
    Family(
        "counts", ("successes", "trials"), counts_quantile, _ratio, _countable, _zero_to_one,
        unscaled=("successes", "trials"),
    ),
    Family("discrete", ("values",), discrete_quantile, _middle, _any, _ends),
)  # fmt: skip


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
