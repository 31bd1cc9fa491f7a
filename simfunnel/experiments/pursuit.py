"""Following up is summed up by what touches come to and bring, and by what a pipeline's face value turns into.

It is worth going on with as long as all that follows leaves something: one more touch is judged with those after
it, as the few sales at a single one say little. What open files turn into is known up to the horizon only: files
still open there count as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from simfunnel.by_touch import FIRSTS
from simfunnel.counting.pipeline import MEASURES
from simfunnel.counting.pursuit_tally import column_name
from simfunnel.estimates import estimate
from simfunnel.experiments.estimating import Summary, below, estimate_of, estimates_of, not_below_0, share_of
from simfunnel.funnel import touch
from simfunnel.metrics import Columns
from simfunnel.simulation import Result

ASIDE: Final = ("touches_wasted", "touches_quota", "irritations")
"""Each a share of all touches."""
COULD: Final = tuple(column_name(touch.TOUCHES[code]) for code in (touch.NOT_CONVINCED, *touch.WON))
"""Touches that came to the seller's word."""


def follow_up(result: Result) -> Summary:
    """Touches and returns by result, and under `rates` each as a share of all touches, or of all who came back.

    `could_have_sold` are touches that came to the seller's word.
    `rates.of_undecided` is the share of the undecided who came back by themselves; `by_touch` tells what touches
    bring by number, and `all_touches` what all of them do. Empty where nobody is followed up.
    """
    columns, worlds = result.columns, result.worlds
    if result.scenario.follow_up is None:
        return {}
    found: Summary = {name: estimates_of(below(columns, name), worlds) for name in ("touches", "came_back")}
    rates: Summary = {name: _shares(below(columns, name), columns[name], worlds) for name in found}
    rates.update({name: share_of(columns[name], columns["touches"], worlds) for name in ASIDE})
    could = np.sum([columns[f"touches.{name}"] for name in COULD], axis=0)
    found["could_have_sold"], rates["could_have_sold"] = (
        not_below_0(estimate(could, worlds)).to_json(), share_of(could, columns["touches"], worlds),
    )  # fmt: skip
    rates["of_undecided"] = share_of(columns["came_back"], columns["pipeline.opened"], worlds)
    return {**found, "rates": rates, "by_touch": by_touch(result), "all_touches": all_touches(result)}


def by_touch(result: Result) -> list[Summary]:
    """Of each group of touches, from `first` to `last` (None: no end), what they bring and cost.

    `left_from_here` is what these and all later ones leave, `verdict` what that says: "stop here" where all of its
    interval is below 0, "unsure" where only its mean is; once, at the first of the touches after which least is
    lost. Groups in which nobody was touched are left out.
    """
    made = {name: result.histograms[f"by_touch.{name}"] for name in ("touches", "sold", "hours", "brings", "costs")}
    left, worlds = made["brings"] - made["costs"], result.worlds
    rest = left[:, ::-1].cumsum(axis=1)[:, ::-1]
    lasts = [*(int(first) - 1 for first in FIRSTS[1:]), None]
    found = []
    for place in np.flatnonzero(made["touches"].any(axis=0)).tolist():
        counts = {n: not_below_0(estimate(made[n][:, place], worlds)) for n in ("touches", "sold", "hours", "costs")}
        signed = {"brings": made["brings"], "left": left, "left_from_here": rest}
        counts.update({name: estimate(values[:, place], worlds) for name, values in signed.items()})
        ends = {"first": int(FIRSTS[place]), "last": lasts[place]}
        found.append({**ends, **{name: each.to_json() for name, each in counts.items()}, "verdict": None})
    return _judged(found)


def _judged(found: list[Summary]) -> list[Summary]:
    """With a verdict where most is left of all before it, if less is left of the rest than nothing."""
    least = min(found, key=lambda each: float(each["left_from_here"]["mean"]), default=None)
    if least is not None and least["left_from_here"]["mean"] < 0:
        ci95 = least["left_from_here"]["ci95"]
        least["verdict"] = "stop here" if ci95 is not None and ci95[1] < 0 else "unsure"
    return found


def all_touches(result: Result) -> Summary:
    """The hours of all touches, what they bring and cost, what nurturing costs besides, and what is left."""
    hours, brings, costs = (result.histograms[f"by_touch.{name}"].sum(axis=1) for name in ("hours", "brings", "costs"))
    nurture = result.columns.get("costs.nurture", np.zeros_like(costs))
    found = {"brings": estimate(brings, result.worlds), "left": estimate(brings - costs - nurture, result.worlds)}
    paid = {"hours": hours, "costs": costs, "nurture": nurture}
    found.update({name: not_below_0(estimate(values, result.worlds)) for name, values in paid.items()})
    return {name: each.to_json() for name, each in found.items()}


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
