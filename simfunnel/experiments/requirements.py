"""A requirement compares one number of a run with a bound, read by a tiny grammar and never evaluated as code.

`P(<target>) <comparison> <share>` requires a chance, `<metric>[.<statistic>] <comparison> <number>` a mean (which is
meant where no statistic is named) or a percentile of single histories.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

import numpy as np

from simfunnel.errors import RequestError
from simfunnel.experiments.targets import (
    Target,
    hint,
    is_share,
    metric_names,
    read,
    slip,
    targets,
    ways_to_write,
    wrong_share,
)
from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import show

CHANCE: Final = "chance"
MEAN: Final = "mean"
LONGEST: Final = 500
COMPARE: Final[dict[str, Callable[..., Any]]] = {
    ">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less,
}  # fmt: skip
_CHANCE: Final = re.compile(r"\s*[Pp]\s*\((?P<target>[^()]*)\)(?P<rest>[^()]*)", re.ASCII)
_LIKE_CHANCE: Final = re.compile(r"\s*[Pp]\s*\(", re.ASCII)
_PERCENTILE: Final = re.compile(r"p(?P<percent>0[1-9]|[1-9][0-9])", re.ASCII)
_REQUIRED: Final = 'P(target) or metric, comparison and number such as "P(sold >= 5) >= 80 %" or "cost_per_sale <= 400"'
_OF_HISTORIES: Final = "mean, or a percentile such as p05, p50, p95"
_MEANT: Final = {"average": "mean", "avg": "mean", "expected": "mean", "median": "p50"}
_NO_INTERVAL: Final = ("sd", "std", "var", "min", "max", "sum", "total", "ci95", "standard_error", "n", "undefined")


@dataclass(frozen=True)
class Requirement:
    """`bound` compares the number required, and names the metric it is of (for a chance: none).

    `statistic` is "chance" (then `target` says of what), "mean", or a percentile from "p01" to "p99".
    """

    statistic: str
    bound: Target
    target: Target | None = None

    @property
    def text(self) -> str:
        """The requirement as it is shown."""
        comparison, value = self.bound.comparison, self.bound.value
        if self.target is not None:
            return f"P({self.target.text}) {comparison} {in_percent(value)}"
        number = in_percent(value) if is_share(self.bound.metric) else np.format_float_positional(value, trim="-")
        return f"{self.bound.metric}.{self.statistic} {comparison} {number}"

    @property
    def quantile(self) -> float:
        """Which quantile the percentile is, as a share."""
        return int(self.statistic[1:]) / 100

    @property
    def in_shares(self) -> bool:
        """Is what is required a share?"""
        return self.target is not None or is_share(self.bound.metric)

    @property
    def as_chance(self) -> str:
        """What a percentile requires, in other words: so large a share of histories on the right side."""
        share = self.quantile if self.bound.comparison in ("<", "<=") else 1 - self.quantile
        strict = self.bound.comparison if self.bound.comparison in (">=", "<=") else ">"
        return f"P({self.bound.text}) {'>' if strict == '>' else '>='} {in_percent(round(share, 2))}"

    def holds(self, value: float) -> bool:
        """Would this value do?"""
        return bool(COMPARE[self.bound.comparison](value, self.bound.value))

    def column(self, columns: Columns) -> Any:
        """The numbers that it is about, shape (replications,)."""
        return columns[self.bound.metric if self.target is None else self.target.metric]


def in_percent(share: float) -> str:
    """A share as it is written: 80 %, 99.95 %."""
    return f"{(Decimal(repr(share)) * 100).normalize():f} %"


def requirements(texts: Sequence[str], scenario: Scenario) -> tuple[Requirement, ...]:
    """The requirements that `texts` state, of metrics of `scenario`; raises RequestError with all that is wrong."""
    names = metric_names(scenario) if texts else ()
    found: list[Requirement] = []
    wrong: list[str] = []
    for text in texts:
        try:
            found.append(_chance(text, scenario) if _LIKE_CHANCE.match(text) else _of_metric(text, names))
        except RequestError as error:
            wrong.append(str(error))
    if wrong:
        raise RequestError("\n".join(wrong))
    return tuple(found)


def _chance(text: str, scenario: Scenario) -> Requirement:
    match = _CHANCE.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        nested = "" if len(text) > LONGEST or text.count("(") < 2 else " (within P( ) stands one target, no brackets)"
        raise _refusal(text, nested)
    inner, rest = match["target"], f"chance {match['rest'].strip()}"
    bound = _bound(rest, text)
    try:
        target = targets([inner], scenario)[0]
    except RequestError as error:
        raise RequestError(f"requirement {show(text)}: {error}") from None
    if not 0 <= bound.value <= 1:
        ways = "" if "%" in rest else ways_to_write(bound.value)
        raise RequestError(f"requirement {show(text)} must have a chance between 0 and 1 (100 %){ways}")
    if bound.value in (0, 1):
        raise RequestError(
            f"requirement {show(text)} must have a chance above 0 and below 1 (100 %), as no number of histories shows "
            f"that something is certain: write {'99.9 %' if bound.value else '0.1 %'}"
        )
    return Requirement(CHANCE, bound, target)


def _of_metric(text: str, names: Sequence[str]) -> Requirement:
    bound = _bound(text, text)
    metric, statistic = _apart(bound.metric, names, text)
    bound = Target(metric, bound.comparison, bound.value)
    if wrong := wrong_share(bound, "%" in text):
        raise RequestError(f"requirement {show(text)} {wrong}")
    return Requirement(statistic, bound)


def _bound(comparison: str, text: str) -> Target:
    """The comparison that stands in `text`: not of equality, which no interval ever shows."""
    bound = read(comparison) if len(comparison) <= LONGEST else None
    if bound is None:
        raise _refusal(text, slip(comparison[:LONGEST]))
    if bound.comparison == "==":
        raise RequestError(
            f"requirement {show(text)} must compare by >=, <=, > or <, as no number of histories shows that a number "
            "is exactly that"
        )
    return bound


def _refusal(text: str, why: str) -> RequestError:
    return RequestError(f"requirement must be {_REQUIRED}, found {show(text)}{why}")


def _apart(name: str, names: Sequence[str], text: str) -> tuple[str, str]:
    """A metric and its statistic, which is the last part of the name if it is a known one."""
    if name in names:
        return name, MEAN
    metric, _, last = name.rpartition(".")
    known = last == MEAN or _PERCENTILE.fullmatch(last) is not None
    if known and metric in names:
        return metric, last
    if metric in names and (meant := _meant(last)):
        raise RequestError(f"requirement {show(text)} must be of {_OF_HISTORIES}, found {show(last)}{meant}")
    raise RequestError(f"requirement {show(text)} names no metric{hint(metric if known else name, names)}")


def _meant(statistic: str) -> str:
    """What is likely to be meant by a statistic that is none; empty if it is nothing like one."""
    folded = statistic.casefold()
    if folded in _NO_INTERVAL:
        return " (which has no interval to judge it by; a chance says it too, such as P(profit >= 0) >= 95 %)"
    if re.fullmatch(r"[pq]?\d{1,3}%?", folded, re.ASCII):
        percent = int(re.sub(r"\D", "", folded))
        return f" (did you mean `p{percent:02d}`?)" if 1 <= percent <= 99 else " (percentiles are p01 to p99)"
    close = _MEANT.get(folded) or next(iter(get_close_matches(folded, [*_MEANT, MEAN])), None)
    return "" if close is None else f" (did you mean `{_MEANT.get(close, close)}`?)"
