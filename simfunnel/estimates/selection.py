"""The best of several is named only when it is as surely the best as was asked for, by the procedure of Kim and Nelson.

Kim and Nelson 2001, A fully sequential procedure for indifference-zone selection in simulation, ACM
TOMACS 11:251. Higher is better: negate what should be low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel.estimates.units import Floats, Worlds

FEWEST = 10
"""Observations in the first stage: with fewer, variances are too uncertain, and the procedure too costly."""


@dataclass(frozen=True)
class Selection:
    """Who may still be the best, by index in ascending order, and who is, once one alone is left.

    `decided_at`: the number of observations at which that was so; None while it is not, 0 where there is
    no other to compare with.
    """

    survivors: tuple[int, ...]
    best: int | None
    decided_at: int | None


def select(
    observations: Floats, delta: float, *, confidence: float = 0.95, first: int, looks: Sequence[int]
) -> Selection:
    """Select the best of k by paired observations, or leave those that may be the best.

    `observations`, shape (k, n), in the unit of `delta`: means of worlds or of batches of histories, see
    `units`. Columns are paired and may share chance: only differences within a column count. `delta` > 0:
    the smallest difference that matters. `first`, at least 10: the observations from which the variances
    of the differences are taken, as published, once and for all. `looks`: the numbers of observations,
    each at least `first`, at which somebody may be shut out; those above n are not reached yet.

    Guarantee: if the mean of the best is above all others by `delta` or more, it is the one selected, or
    still among the survivors if none is, with a probability of at least `confidence`, where observations
    are independent and jointly normal. If the best is ahead by less than `delta`, nothing is promised.

    At a look after r observations i is shut out where a survivor l is above it in the mean by more than
    W = max(0, delta / (2 r) * (h^2 S_il^2 / delta^2 - r)), with h^2 = 2 eta (first - 1), eta = ((2 (1 -
    confidence) / (k - 1))^(-2 / (first - 1)) - 1) / 2 (c = 1 in the paper). The paper looks after every
    observation. To look more rarely keeps the guarantee: it rests on the chance that a Brownian motion
    with drift leaves a symmetric region on the wrong side, and one that is seen only now and then does so
    no more often (Jennison, Johnstone and Turnbull 1982, in Statistical Decision Theory and Related
    Topics III, vol. 2, p. 55). It costs observations alone.

    A difference without variance decides by its sign, at the first look. Equal means survive both; but of
    those whose observations are exactly the same, so far, the lowest index alone is kept.
    Raises ValueError where `first` is below 10, a look below `first`, `delta` not above 0, `confidence` not in
    (0, 1), or an observation is not finite.
    """
    _check(observations, delta, confidence, first, looks)
    alive = list(range(len(observations)))
    if len(alive) == 1:
        return Selection((0,), 0, 0)
    reach = _reach(len(alive), confidence, first)
    variances = _variances(observations[:, :first])
    for seen in sorted(look for look in looks if look <= observations.shape[1]):
        margins = np.maximum(0.0, (reach * variances / delta - delta * seen) / (2 * seen))
        alive = _left(alive, observations[:, :seen], margins)
        if len(alive) == 1:
            return Selection((alive[0],), alive[0], seen)
    return Selection(tuple(alive), None, None)


def units(values: npt.ArrayLike, worlds: Worlds | None, batch: int) -> Floats:
    """Independent observations for `select`: the mean of each world, or of each `batch` of histories.

    `values`, shape (R,), in order of histories; the result has their unit. With worlds, which must be of
    equal size and one after the other, `batch` does not matter; a last one that is not full is dropped,
    as are histories after the last full batch. A unit that holds an undefined history is undefined.
    Raises ValueError where worlds are otherwise, or a batch is below 1.
    """
    array = np.asarray(values, dtype=np.float64)
    size = batch if worlds is None else max(1, int(np.count_nonzero(worlds == worlds[:1])))
    if size < 1:
        raise ValueError(f"batch must be at least 1, found {batch}")
    number = array.size // size
    if worlds is not None:
        labels = worlds[: number * size].reshape(number, size)
        if worlds.shape != array.shape or (labels != labels[:, :1]).any() or np.unique(labels).size != number:
            raise ValueError(f"worlds must be of equal size, {size} as the first, and one after the other")
    return np.asarray(array[: number * size].reshape(number, size).mean(axis=1), dtype=np.float64)


def _check(observations: Floats, delta: float, confidence: float, first: int, looks: Sequence[int]) -> None:
    if observations.ndim != 2 or not len(observations):
        raise ValueError(f"observations must have the shape (k, n) with k at least 1, found {observations.shape}")
    if not np.isfinite(observations).all():
        raise ValueError("observations must be finite, found one that is not")
    if not delta > 0.0:
        raise ValueError(f"delta must be above 0, found {delta}")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must be above 0 and below 1, found {confidence}")
    if first < FEWEST:
        raise ValueError(f"first must be at least {FEWEST} observations, found {first}")
    if any(look < first for look in looks):
        raise ValueError(f"looks must be at least first, {first} observations, found {min(looks)}")


def _reach(number: int, confidence: float, first: int) -> float:
    """The paper's h^2 for so many to select from."""
    eta = ((2 * (1 - confidence) / (number - 1)) ** (-2 / (first - 1)) - 1) / 2
    return float(max(0.0, 2 * eta * (first - 1)))


def _variances(observations: Floats) -> Floats:
    """The variances of the paired differences, shape (k, k)."""
    return np.array([np.var(observations - row, axis=1, ddof=1) for row in observations], dtype=np.float64)


def _left(alive: list[int], observations: Floats, margins: Floats) -> list[int]:
    """Those whom no survivor beats by more than the margin, and who are not a copy of an earlier one."""
    means = observations.mean(axis=1)
    unbeaten = [i for i in alive if all(means[i] >= means[j] - margins[i, j] for j in alive)]
    return [i for i in unbeaten if not any(np.array_equal(observations[i], observations[j]) for j in unbeaten if j < i)]
