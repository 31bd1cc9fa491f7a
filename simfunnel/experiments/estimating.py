"""Every column of a result has one estimate, whoever asks for it: what is per something is a ratio of sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import nan
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.estimates import Estimate, chance, estimate, linearised, ratio
from simfunnel.metrics import Columns

Summary = dict[str, Any]
Worlds = npt.NDArray[np.int64] | None

RATIOS: Final = {
    "cost_per_sale": ("cost", "sold"), "hot_share": ("sold_hot", "sold"), "satisfaction": ("", "customers.kept"),
    "answer_days": ("days_waited", "answers"), "survey_response_rate": ("surveys_answered", "surveys_sent"),
    "defect_rate": ("defects", "deliveries"), "repeat_per_customer": ("repeat_purchases", "customers"),
    "referred_share": ("sold_referred", "sold"),
    "customer_value": ("", "customers"), "later_share": ("later_revenue_earlier", "later_revenue"),
    "response.clock_minutes": ("", "response.answered"), "response.working_minutes": ("", "response.answered"),
}  # fmt: skip
"""What is per something: all of one over all of the other; the first is left out where it is the ratio's own sum."""
NET_SHARES: Final = ("later_share",)
"""Shares of what may be paid back, see `net_share_of`."""
FOR_GOOD: Final = ("cost_of_sales", "sold_for_good")
"""What the cost per sale is made of where some sales are cancelled, and customers buy again."""
SIGNED: Final = (
    "profit", "contract_claw_back", "contract_penalty_per_day_late", "goods_returned", "customer_value",
    "later_revenue", "later_revenue_earlier",
)  # fmt: skip
"""All that may lie below 0."""


AVERAGES: Final = ("days_until_done", "utilisation")
"""Last words of averages that are no `RATIOS`."""


def missing(metric: str) -> float:
    """What a metric is of who has no such thing: a count or an amount is 0, but a share or an average is no number."""
    first, _, last = metric.rpartition(".")
    if first == "response":
        return 0.0 if last == "answered" else nan
    per_one = last in (*RATIOS, *AVERAGES) or last.endswith(("_rate", "_share")) or first == "customer_value"
    return nan if per_one else 0.0


def below(columns: Columns, path: str) -> Columns:
    """The columns under `path`, by what follows it."""
    return {name.removeprefix(f"{path}."): values for name, values in columns.items() if name.startswith(f"{path}.")}


def not_below_0(found: Estimate) -> Estimate:
    """Its interval without what cannot be: t intervals of rare things begin below 0."""
    return found if found.ci95 is None else replace(found, ci95=(max(0.0, found.ci95[0]), max(0.0, found.ci95[1])))


def rate_of(part: npt.NDArray[Any], whole: npt.NDArray[Any], worlds: Worlds) -> Summary:
    """All of one over all of the other."""
    return not_below_0(ratio(part, whole, worlds)).to_json()


def share_of(part: npt.NDArray[Any], whole: npt.NDArray[Any], worlds: Worlds) -> Summary:
    """All of a part over all of its whole, see `share`."""
    return share(part, whole, worlds).to_json()


def share(part: npt.NDArray[Any], whole: npt.NDArray[Any], worlds: Worlds) -> Estimate:
    """All of a part over all of its whole, with an interval inside [0, 1]; None where there is no whole.

    Both of shape (R,), 0 <= part <= whole. Where the share is 0 or 1 in all histories, a t interval has no
    width, however few they are; it is then that of a chance that each history with a whole had hit, or missed.
    """
    found = ratio(part, whole, worlds)
    if found.mean in (0.0, 1.0):
        there = whole > 0
        return replace(found, ci95=chance(part[there] > 0, None if worlds is None else worlds[there]).ci95)
    return found if found.ci95 is None else replace(found, ci95=(max(0.0, found.ci95[0]), min(1.0, found.ci95[1])))


def net_share(part: npt.NDArray[Any], whole: npt.NDArray[Any], worlds: Worlds, *, confidence: float = 0.95) -> Estimate:
    """All of a part over all of its whole, both less what is paid back, so that a history may have less than nothing.

    Every history counts in both sums; mean and interval are cut to [0, 1]. None where there is no whole on average.
    """
    found = ratio(part, whole, worlds, confidence=confidence)
    if found.mean is None or whole.sum() <= 0:
        return replace(found, mean=None, standard_error=None, ci95=None)
    ends = None if found.ci95 is None else (_within(found.ci95[0]), _within(found.ci95[1]))
    return replace(found, mean=_within(found.mean), ci95=ends)


def _within(share_: float) -> float:
    return min(1.0, max(0.0, share_))


def estimate_of(name: str, columns: Columns, worlds: Worlds, *, confidence: float = 0.95) -> Estimate:
    """A mean over histories; what is per sale is a ratio of means, for a mean of ratios forgets who sold nothing."""
    above, under = sums_of(name, columns)
    if under is None:
        found = estimate(above, worlds, confidence=confidence)
    elif name in NET_SHARES:
        return net_share(above, under, worlds, confidence=confidence)
    else:
        found = ratio(above, under, worlds, confidence=confidence)
    return found if may_be_below_0(name, columns) else not_below_0(found)


def may_be_below_0(name: str, columns: Columns) -> bool:
    """May a metric lie below 0, by its name or by what is seen of it?"""
    above, _ = sums_of(name, columns)
    return name.removeprefix("costs.") in SIGNED or bool((above < 0).any())


def sums_of(name: str, columns: Columns) -> tuple[npt.NDArray[Any], npt.NDArray[Any] | None]:
    """What is added up over histories, and what its sum is divided by: None stands for the histories themselves."""
    above, under = _ratio(name, columns)
    if not under:
        return columns[name], None
    return columns[above] if above else all_of(columns[name], columns[under]), columns[under]


def told_of(metrics: Iterable[str], columns: Columns) -> list[str]:
    """The columns of some metrics, and with a ratio those that it is one of; each once."""
    found: dict[str, None] = {}
    for name in metrics:
        found.update(dict.fromkeys((name, *filter(None, _ratio(name, columns)))))
    return list(found)


def _ratio(name: str, columns: Columns) -> tuple[str, str]:
    """Of which columns it is a ratio, if it is one."""
    return FOR_GOOD if name == "cost_per_sale" and FOR_GOOD[1] in columns else RATIOS.get(name, (name, ""))


def weighted(per_one: npt.NDArray[Any], of: npt.NDArray[Any], worlds: Worlds) -> Estimate:
    """What is per one in each history, NaN where there is none, over all `of` them in all histories; both (R,)."""
    return ratio(all_of(per_one, of), of, worlds)


def all_of(per_one: npt.NDArray[Any], of: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What all `of` them come to in each history, 0 where there is none; both (R,)."""
    return np.where(of != 0, per_one * of, 0.0)


def values_of(name: str, columns: Columns, histories: int) -> npt.NDArray[Any]:
    """The same of one that may lack the metric: it is `missing` in each of so many histories then."""
    return per_history(name, columns) if name in columns else np.full(histories, missing(name))


def per_history(name: str, columns: Columns) -> npt.NDArray[Any]:
    """A number for each history, (R,), the mean of which is the metric's and has its error: a ratio is made linear."""
    above, under = sums_of(name, columns)
    return above if under is None else linearised(above, under)


def estimates_of(columns: Columns, worlds: Worlds) -> Summary:
    """The estimates of all columns, by name."""
    return {name: estimate_of(name, columns, worlds).to_json() for name in columns}
