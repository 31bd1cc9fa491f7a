"""A task lasts a whole number of milliseconds, 1 ms to 4 hours: minutes times pace, rounded half to even."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel.inputs import Inputs
from simfunnel.scenario.quantities import FAMILIES, Variable

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SHORTEST: Final = 1.0
LONGEST: Final = 4 * 3_600_000.0
FOREVER: Final = 1 << 60
SOMETHING: Final = 1e-9
"""Ms of a task that takes no time to speak of, but is one: it lasts 1 ms."""


def whole(total: Floats, out: Integers | None = None, *, least: Any = SHORTEST) -> Integers:
    """Whole ms of tasks that take `total` ms (any shape, overwritten); `least` is 0 where there is no task."""
    np.rint(total, out=total)
    np.maximum(total, least, out=total)
    np.minimum(total, LONGEST, out=total)
    out = np.empty(total.shape, dtype=np.int64) if out is None else out
    np.copyto(out, total, casting="unsafe")
    return out


class Varying:
    """A number that differs from event to event, with its parameters for each column, (columns,) or (1,)."""

    def __init__(self, family: str, parameters: tuple[Floats, ...]) -> None:
        self.family = family
        self.parameters = parameters

    @classmethod
    def of(cls, path: str, variable: Variable, inputs: Inputs) -> Varying:
        """The variable at `path` of the scenario."""
        return cls(variable.family, inputs.variable(path, variable))

    def at(self, word: Integers, column: Integers) -> Floats:
        """Its values at the words and columns of single events (common shape)."""
        mine = (p if p.size == 1 else p[column] for p in self.parameters)
        return np.asarray(np.broadcast_to(FAMILIES[self.family].quantile(draws.uniform(word), *mine), word.shape))

    def column(self, column: int) -> Varying:
        """The same for one history."""
        return Varying(self.family, tuple(one(p, column) for p in self.parameters))


def patience(varying: Varying | None, word: Integers, column: Integers) -> Integers:
    """Whole ms that each waits at most, FOREVER without a limit (common shape)."""
    if varying is None:
        return np.full(word.shape, FOREVER)
    return np.rint(varying.at(word, column)).astype(np.int64)


def one(values: Any, column: int) -> Any:
    """The values of one history: the last axis are columns, or has length 1."""
    return values[..., column : column + 1] if values.shape[-1] > 1 else values


def at(values: Any, column: Integers) -> Any:
    """Values (..., columns or 1) of single events: shape (..., *column.shape), or (..., 1)."""
    return values[..., column] if values.shape[-1] > 1 else values
