"""A price is taken in minor units of its currency, in the world of each history; a line of money is rounded once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from simfunnel.funnel.inputs import Inputs
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.keys import Block
from simfunnel.scenario.quantities import Quantity
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lines = dict[str, Integers]
Lookup = Callable[[str], Floats]


class Prices:
    """The scenario's prices, for each column."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self.minor = minor_units(scenario.currency)
        self._inputs = inputs

    def shares(self, path: str, block: Block) -> Lookup:
        """Looks up a share of `block`, which stands at `path`: shape (columns,) or (1,)."""

        def share(name: str) -> Floats:
            value = getattr(block, name)
            assert isinstance(value, Quantity)
            return self._inputs.value(f"{path}.{name}", value)

        return share

    def of(self, path: str, block: Block) -> Lookup:
        """Looks up a price of `block`, which stands at `path`: minor units, shape (columns,) or (1,)."""
        plain = self.shares(path, block)
        return lambda name: plain(name) * self.minor


def whole(amount: Floats | Integers) -> Integers:
    """Whole minor units, rounded half to even."""
    return np.rint(np.asarray(amount)).astype(np.int64)
