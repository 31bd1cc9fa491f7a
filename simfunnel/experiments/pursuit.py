"""Following up is summed up by what touches come to, and by what a pipeline's face value turns into.

What open files turn into is known up to the horizon only: files still open there count as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from simfunnel.experiments.estimating import Summary, below, estimate_of, estimates_of, share_of
from simfunnel.metrics import Columns
from simfunnel.pipeline import MEASURES
from simfunnel.simulation import Result

ASIDE: Final = ("touches_wasted", "touches_quota", "irritations")
"""Each a share of all touches."""


def follow_up(result: Result) -> Summary:
    """Touches and returns by result, and under `rates` each as a share of all touches, or of all who came back.

    `rates.came_back` is the share of the undecided who came back by themselves. Empty where nobody is followed up.
    """
    columns, worlds = result.columns, result.worlds
    if result.scenario.follow_up is None:
        return {}
    found: Summary = {name: estimates_of(below(columns, name), worlds) for name in ("touches", "came_back")}
    rates: Summary = {name: _shares(below(columns, name), columns[name], worlds) for name in found}
    rates.update({name: share_of(columns[name], columns["touches"], worlds) for name in ASIDE})
    rates["of_undecided"] = share_of(columns["came_back"], columns["pipeline.opened"], worlds)
    return {**found, "rates": rates}


def _shares(parts: Columns, whole: Any, worlds: Any) -> Summary:
    return {name: share_of(values, whole, worlds) for name, values in parts.items()}


def pipeline(result: Result) -> Summary:
    """Files, their face value and what it turned into, over all and at the end of each of `months`.

    `share` is what all of the face value turned into; `still_open` the share of files open at the horizon.
    """
    mine, worlds = below(result.columns, "pipeline"), result.worlds
    if not mine:
        return {}
    found = {name: values for name, values in mine.items() if "." not in name}
    return {
        **estimates_of(found, worlds),
        "share": share_of(mine["turned_into"], mine["face_value"], worlds),
        "still_open": share_of(mine["open"], mine["opened"], worlds),
        "months": dict(_months(below(mine, "months"), worlds)),
    }


def _months(columns: Columns, worlds: Any) -> Iterator[tuple[str, Summary]]:
    for month in dict.fromkeys(name.split(".")[0] for name in columns):
        mine = {what: estimate_of(f"{month}.{what}", columns, worlds).to_json() for what in MEASURES}
        face_value, turned_into = columns[f"{month}.face_value"], columns[f"{month}.turned_into"]
        yield month, {**mine, "share": share_of(turned_into, face_value, worlds)}


def sold_later(columns: Columns) -> Any:
    """Sales to leads that had been undecided, of each history."""
    nothing = np.zeros_like(columns["sold"])
    return columns.get("sold_follow_up", nothing) + columns.get("sold_came_back", nothing)
