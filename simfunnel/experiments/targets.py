"""A target is one comparison of one metric with one number, read by a tiny grammar and never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.errors import RequestError
from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import LARGEST, show
from simfunnel.scenario.wording import nearest
from simfunnel.simulation import Settings, live

_COMPARE: Final[dict[str, Callable[..., Any]]] = {
    ">=": np.greater_equal, "<=": np.less_equal, "==": np.equal, ">": np.greater, "<": np.less,
}  # fmt: skip
_TARGET: Final = re.compile(
    r"\s*(?P<metric>[A-Za-z_][\w.-]{0,199}?)\s*(?P<comparison>>=|<=|==|>|<|=)\s*"
    r"(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)\s*(?P<percent>%?)\s*",
    re.ASCII,
)


@dataclass(frozen=True)
class Target:
    """`metric comparison value`, such as sold >= 5; `text` is its one spelling."""

    metric: str
    comparison: str
    value: float

    @property
    def text(self) -> str:
        """The target as it is shown."""
        return f"{self.metric} {self.comparison} {np.format_float_positional(self.value, trim='-')}"

    def hits(self, columns: Columns) -> npt.NDArray[np.bool_]:
        """Which histories reach it, shape (replications,); an undefined value is a miss."""
        return np.asarray(_COMPARE[self.comparison](columns[self.metric], self.value), dtype=np.bool_)


SALE: Final = Target("sold", ">=", 1.0)
GAIN: Final = Target("profit", ">", 0.0)


def parse(text: str) -> Target:
    """The target that `text` states; raises RequestError."""
    match = _TARGET.fullmatch(text)
    value = float(match["number"]) / (100 if match["percent"] else 1) if match else np.inf
    if match is None or not abs(value) <= LARGEST:
        raise RequestError(f"target must be metric, comparison and number such as sold>=5, found {show(text)}")
    return Target(match["metric"], {"=": "=="}.get(match["comparison"], match["comparison"]), value)


def targets(texts: Sequence[str], scenario: Scenario) -> tuple[Target, ...]:
    """The targets that `texts` state, of metrics that `scenario` has; raises RequestError."""
    parsed = [parse(text) for text in texts]
    names = metric_names(scenario) if parsed else ()
    for target in parsed:
        if target.metric not in names:
            raise RequestError(f"target {show(target.text)} names no metric{_hint(target.metric, names)}")
    return tuple(parsed)


SYNONYMS: Final = {
    "sale": "sold", "sales": "sold", "sells": "sold", "customers": "sold", "buyers": "sold", "deals": "sold",
    "calls": "dials", "profits": "profit", "gain": "profit", "costs": "cost", "revenues": "revenue",
    "turnover": "revenue", "acceptances": "accepted", "bookings": "booked", "comers": "attended",
}  # fmt: skip


def _hint(name: str, names: Iterable[str]) -> str:
    meant = SYNONYMS.get(name.casefold())
    hint = f"did you mean `{meant}`?" if meant is not None else nearest(name, names)
    return f" ({hint})" if hint else "; metrics are those of replications.csv, such as sold, profit, cost_per_sale"


def metric_names(scenario: Scenario) -> tuple[str, ...]:
    """Every metric that a run of `scenario` reports: those of one history without leads."""
    empty = {name: segment.model_copy(update={"leads": 0}) for name, segment in scenario.segments.items()}
    trial = scenario.model_copy(update={"segments": empty})
    return tuple(live(trial, replace(Settings(), fix_inputs=True), 0, 1))
