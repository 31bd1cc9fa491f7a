"""Every influence on a probability is an odds ratio, so influences multiply and stay bounded."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def odds(probability: npt.ArrayLike, ratio: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The probability whose odds are `ratio` times those of `probability`; the arrays broadcast.

    `p m / (1 - p + p m)`: 0 stays 0, 1 stays 1, a ratio of 1 changes nothing.
    """
    p = np.asarray(probability, dtype=np.float64)
    m = np.asarray(ratio, dtype=np.float64)
    return np.where(m == 1.0, p, p * m / (1.0 - p + p * m))
