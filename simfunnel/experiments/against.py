"""An alternative is judged against its base on the same chance: history by history, so that luck cancels out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.estimates import difference, estimate
from simfunnel.metrics import Columns
from simfunnel.scenario.loading import Loaded
from simfunnel.simulation import Progress, Result, Settings, simulate

Summary = dict[str, Any]
Values = npt.NDArray[Any]

FIRST: Final = ("profit", "sold")
"""Metrics that are set side by side whether they differ or not."""
THEN: Final = ("revenue", "cost")
COUNTED: Final = (
    "sold_follow_up", "came_back", "touches", "touches_wasted", "irritations", "misfits", "dials",
)  # fmt: skip
AFTER: Final = (
    "customers.kept", "repeat_purchases", "cross_sales", "sold_referred", "complaints", "contacts",
)  # fmt: skip
"""What comes after the sale, where at least one of the two looks after customers; besides the others."""
COSTS: Final = 3
"""Lines of cost that get a place: those that differ most."""
OTHER: Final = "costs.other"
"""All lines of cost that get no place, so that those shown add up."""
MOST: Final = 16
LEAST_LOSSES: Final = 2
"""The losses that differ most get the places that are left, at least so many."""


def lived_both(loaded: Loaded, progress: Progress | None = None, **options: Any) -> tuple[Result, Result | None]:
    """The run asked for, and that of its base if it is an alternative; options are the fields of `Settings`.

    `progress(done, total)` counts the histories of both. Raises RequestError as `simulate` does.
    """
    if loaded.alternative is None:
        return simulate(loaded.scenario, progress=progress, **options), None
    settings = replace(Settings(**options), digest=False, by_day=False)
    base = simulate(loaded.base, progress=_half(progress, 0), **vars(settings))
    return simulate(loaded.scenario, progress=_half(progress, settings.replications), **options), base


def _half(progress: Progress | None, before: int) -> Progress | None:
    """The progress of one of two equal runs, `before` histories of which are done already."""
    return None if progress is None else lambda done, total: progress(before + done, 2 * total)


def against_base(alternative: Result, base: Result) -> Summary:
    """By metric (the names and units of columns) the mean of either, and their paired `difference` with its `ci95`.

    The difference is the alternative's less the base's, its interval is clustered by world. What only one of the
    two has, such as touches, is 0 in the other. Of the profit it also says in how many histories the alternative's is
    higher.
    """
    worlds = base.worlds if alternative.worlds is None else alternative.worlds
    found = {}
    names = compared(alternative.columns, base.columns)
    for name in names:
        new, old = _other(names, alternative, base) if name == OTHER else _pair(name, alternative.columns, base.columns)
        paired = difference(new, old, worlds).to_json()
        means = {"base": estimate(old).mean, "alternative": estimate(new).mean}
        found[name] = {**means, "difference": paired["mean"], "ci95": paired["ci95"]}
        if name == "profit":
            found[name]["better_in"] = int(np.count_nonzero(new > old))
    return found


def compared(alternative: Columns, base: Columns) -> tuple[str, ...]:
    """The metrics worth setting side by side, at most `MOST`: but for the first, those that differ in any history.

    What comes after the sale is besides.
    """
    names = list(dict.fromkeys([*base, *alternative]))
    pairs = {name: _pair(name, alternative, base) for name in names if _may_differ(name)}
    changes = {name: abs(float(new.mean() - old.mean())) for name, (new, old) in pairs.items() if (new != old).any()}
    hours = [name for name in changes if name.startswith("teams.")]
    plain = [*(name for name in FIRST if name in pairs), *(name for name in THEN if name in changes)]
    counts = [name for name in COUNTED if name in changes]
    costs, all_costs = _largest("costs.", changes, COSTS), [name for name in changes if name.startswith("costs.")]
    others = [OTHER] if len(all_costs) > len(costs) else []
    always = [*plain, *costs, *others, *counts, *hours]
    losses = _largest("losses.", changes, max(LEAST_LOSSES, MOST - len(always)))
    after = [name for name in AFTER if name in changes]
    return (*always[: MOST - len(losses)], *after, *losses)


def _may_differ(name: str) -> bool:
    """Is it a metric that may be shown, or the time worked by a team?"""
    worked = name.startswith("teams.") and name.endswith(".busy_minutes")
    return worked or name in (*FIRST, *THEN, *COUNTED, *AFTER) or name.startswith(("costs.", "losses."))


def _other(names: tuple[str, ...], *results: Result) -> tuple[Values, Values]:
    """The lines of cost that have no name of their own here, of each."""
    shown = [name for name in names if name.startswith("costs.") and name != OTHER]
    new, old = (each.columns["cost"] - sum(each.columns.get(name, np.zeros(1)) for name in shown) for each in results)
    return new, old


def _pair(name: str, alternative: Columns, base: Columns) -> tuple[Values, Values]:
    """The numbers of both; 0 where one of them has none."""
    new, old = alternative.get(name), base.get(name)
    assert new is not None or old is not None
    return (np.zeros_like(old) if new is None else new), (np.zeros_like(new) if old is None else old)


def _largest(prefix: str, changes: dict[str, float], most: int) -> list[str]:
    """Those of one kind that change most on average, in the order in which they stand."""
    mine = [name for name in changes if name.startswith(prefix)]
    largest = sorted(mine, key=lambda name: -changes[name])[:most]
    return [name for name in mine if name in largest]
