"""The laws of one history are those of a block, with the axis of its columns cut down to one."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from simfunnel.funnel.durations import Varying, one

STREAMS = "streams"


def of_column(law: Any, column: int) -> Any:
    """`law`, a dataclass whose arrays all have the columns (or 1) last, for one history; `streams` are (columns,)."""
    return replace(
        law, **{field.name: _narrowed(field.name, getattr(law, field.name), column) for field in fields(law)}
    )


def _narrowed(name: str, value: Any, column: int) -> Any:
    if name == STREAMS:
        return value[column : column + 1]
    if isinstance(value, np.ndarray):
        return one(value, column)
    if isinstance(value, Varying):
        return value.column(column)
    if isinstance(value, tuple):
        return tuple(_narrowed("", each, column) for each in value)
    return value
