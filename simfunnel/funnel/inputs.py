"""What the firm does not know exactly is drawn once a world, at the address of the input's own path.

So an input has the same luck in every scenario that has it, whatever else is uncertain there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.scenario.quantities import FAMILIES, Quantity, Variable

Floats = npt.NDArray[np.float64]


class Inputs:
    """The inputs of the histories in a block: column c lives in world `worlds[c]`.

    With `best_guess`, every input takes its best guess instead (`--fix-inputs`).
    """

    def __init__(self, seed: int, worlds: npt.NDArray[np.int64], *, best_guess: bool) -> None:
        self._best_guess = best_guess
        self._worlds, self._column_world = np.unique(worlds, return_inverse=True)
        self._streams = draws.stream(seed, draws.WORLDS, self._worlds)

    @classmethod
    def guessed(cls) -> Inputs:
        """The inputs of one history in which all are as guessed best."""
        return cls(0, np.zeros(1, dtype=np.int64), best_guess=True)

    def value(self, path: str, quantity: Quantity) -> Floats:
        """The input's value for each column: shape (columns,), or (1,) where all are alike."""
        if quantity.is_fixed or self._best_guess:
            return np.array([quantity.best])
        high, _ = draws.pair(draws.visit(self._streams, draws.subject_of(path), 0), 0)
        return quantity.quantile(draws.uniform(high))[self._column_world]

    def variable(self, path: str, variable: Variable) -> tuple[Floats, ...]:
        """The parameters of a variable for each column, each of shape (columns,) or (1,)."""
        names = FAMILIES[variable.family].parameters
        return tuple(
            self.value(f"{path}.{names[min(i, len(names) - 1)]}.{i}", parameter)
            for i, parameter in enumerate(variable.parameters)
        )
