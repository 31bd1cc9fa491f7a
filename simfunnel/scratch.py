"""Working memory is taken by name and reused, so that inner loops allocate nothing.

Names are the owner's own: two laws that share a name share memory, which is a bug, so each law
prefixes its names. What was taken is valid until the same name is taken again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt


class Scratch:
    """Named buffers that grow to the largest shape asked for."""

    def __init__(self) -> None:
        self._buffers: dict[Hashable, npt.NDArray[Any]] = {}
        self._views: dict[Hashable, npt.NDArray[Any]] = {}

    def take(self, name: Hashable, shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """An uninitialised array of `shape` and `dtype`, the same memory each time."""
        view = self._views.get(name)
        if view is not None and view.shape == shape:
            return view
        size = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name] = np.empty(size, dtype)
        view = self._views[name] = buffer[:size].reshape(shape)
        return view
