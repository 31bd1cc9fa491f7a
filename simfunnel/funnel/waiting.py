"""Who has waited longer than its patience is gone; who has waited exactly so long is still there.

So it is for a hot lead that waits for an answer and for a comer that waits for a closer, in both engines. All
times are ms; the functions take plain numbers and arrays that broadcast.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simfunnel.hours import SEAT_BITS, SEAT_MASK
from simfunnel.scenario.values import DAY, MINUTE

Integers = npt.NDArray[np.int64]


def gone(waited: Any, patience: Any) -> Any:
    """Is who has `waited` so long gone?"""
    return waited > patience


def gone_by_midnight(arrived: Any, patience: Any, midnight: Any) -> Any:
    """Is who waits since `arrived` gone at `midnight`, the end of the day?"""
    return gone(midnight - arrived, patience)


def deadline(clock: Integers, patience: Integers) -> Integers:
    """The last packed time of a day at which who came at `clock` (n,) is still there.

    A packed start of this day is after it exactly if who is taken then is `gone`, whichever seat starts.
    `clock` counts from the day's midnight, and is below 0 for who came on a day before.
    """
    return np.asarray((np.minimum(clock + patience, DAY) << SEAT_BITS) | SEAT_MASK)


def curve_step(steps: Integers, waited: Integers) -> Integers:
    """The step of the waiting curve, from 0, that who waited so long (ms) is on; `steps` begin at whole minutes."""
    return np.asarray(np.searchsorted(steps, waited // MINUTE, side="right"))
