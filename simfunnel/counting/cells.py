"""Facts are added to the cells of a table that their columns name, each as often as it is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from simfunnel.facts import Integers, Scalar


def flat(counts: Integers, column: Integers, *where: Scalar) -> Integers:
    """Where the cells (*where, column) are in the memory of `counts`: numpy is several times faster with one index."""
    cell: Any = 0
    for place, size in zip(where, counts.shape[:-1], strict=True):
        cell = cell * size + place
    return np.asarray(column + cell * counts.shape[-1])


def add(counts: Integers, column: Integers, *where: Scalar, weight: Any = 1) -> None:
    """Add to the cells (*where, column), each as often as it is named."""
    np.add.at(counts.reshape(-1), flat(counts, column, *where), weight)


def those(facts_: Mapping[str, Scalar], which: npt.NDArray[np.bool_]) -> dict[str, Scalar]:
    """Some of the facts."""
    return {name: values[which] if isinstance(values, np.ndarray) and values.ndim else values
            for name, values in facts_.items()}  # fmt: skip
