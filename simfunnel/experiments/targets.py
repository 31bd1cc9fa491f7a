"""A target is one comparison of one metric with one number, read by a tiny grammar and never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.errors import RequestError
from simfunnel.metrics import Columns
from simfunnel.scenario.quantities import fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import LARGEST, show
from simfunnel.scenario.wording import nearest
from simfunnel.simulation import Settings, live

_COMPARE: Final[dict[str, Callable[..., Any]]] = {
    ">=": np.greater_equal, "<=": np.less_equal, "==": np.equal, ">": np.greater, "<": np.less,
}  # fmt: skip
_TARGET: Final = re.compile(
    r"\s*(?P<metric>[A-Za-z_][\w. -]{0,199}?)\s*(?P<comparison>>=|<=|==|>|<|=)\s*"
    r"(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)\s*(?P<percent>%?)\s*",
    re.ASCII,
)
_LOOSE: Final = re.compile(r"[^<>=]{0,200}?(?P<comparison>[<>=]{1,3})\s*(?P<number>[^<>=]{0,40}?)\s*%?\s*", re.ASCII)
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,_' ]\d{3}){1,5}", re.ASCII)
_COMMA: Final = re.compile(r"[+-]?\d{1,15},\d{1,15}", re.ASCII)


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


SHARES: Final = (
    "hot_share", "satisfaction", "survey_response_rate", "defect_rate", "referred_share", "later_share",
)  # fmt: skip
SALE: Final = Target("sold", ">=", 1.0)
GAIN: Final = Target("profit", ">", 0.0)


def parse(text: str) -> Target:
    """The target that `text` states; raises RequestError."""
    match = _TARGET.fullmatch(text)
    value = float(match["number"]) / (100 if match["percent"] else 1) if match else np.inf
    slip = _slip(text)
    if match is None or slip or not abs(value) <= LARGEST:
        raise RequestError(f"target must be metric, comparison and number such as sold>=5, found {show(text)}{slip}")
    return Target(match["metric"], {"=": "=="}.get(match["comparison"], match["comparison"]), value)


def _slip(text: str) -> str:
    """What is likely meant by a comparison turned round or a number in groups; empty if there is neither.

    A point before three digits divides thousands in half of Europe: it is refused, except in a
    percentage or after 0, where it cannot.
    """
    loose = _LOOSE.fullmatch(text)
    if loose is None:
        return ""
    turned, number = {"=>": ">=", "=<": "<="}.get(loose["comparison"]), loose["number"]
    if turned:
        return f" (did you mean `{turned}`?)"
    if _GROUPED.fullmatch(number) and not (number.count(".") == 1 and "%" in text):
        plain = re.sub(r"[^\d+-]", "", number)
        decimal = f", or {number}0 if a decimal is meant" if number.count(".") == 1 else ""
        return f" (no thousands separators: write {plain}{decimal})"
    return f" (decimals follow a point: {number.replace(',', '.')})" if _COMMA.fullmatch(number) else ""


def _check_share(target: Target, in_percent: bool) -> None:
    """Only a share is compared with a percentage, and a share never with more than 1."""
    share = target.metric.endswith((".utilisation", ".from_earlier")) or target.metric in SHARES
    if in_percent and not share:
        known = "only shares such as utilisation and hot_share have it"
        raise RequestError(f"target {show(target.text)} must have a number without %, as {known}")
    if share and target.value > 1:
        ways = f": write {target.value:g} % or {target.value / 100:g}" if 1 < target.value <= 100 else ""
        ways = "" if in_percent else ways
        raise RequestError(f"target {show(target.text)} must have a share from 0 to 1 (100 %){ways}")


def targets(texts: Sequence[str], scenario: Scenario) -> tuple[Target, ...]:
    """The targets that `texts` state, of metrics that `scenario` has; raises RequestError."""
    parsed = [parse(text) for text in texts]
    names = metric_names(scenario) if parsed else ()
    for text, target in zip(texts, parsed, strict=True):
        if target.metric not in names:
            raise RequestError(f"target {show(target.text)} names no metric{_hint(target.metric, names)}")
        _check_share(target, "%" in text)
    return tuple(parsed)


SYNONYMS: Final = {
    "sale": "sold", "sales": "sold", "sells": "sold", "customers": "sold", "buyers": "sold", "deals": "sold",
    "calls": "dials", "profits": "profit", "gain": "profit", "costs": "cost", "revenues": "revenue",
    "turnover": "revenue", "acceptances": "accepted", "bookings": "booked", "comers": "attended",
}  # fmt: skip


# The names in the tables of a run whose metric has another one.
DISPLAYED: Final = {
    "hours_worked": "busy_minutes", "hours_paid": "paid_hours", "overtime_hours": "overtime_minutes",
    "last_day": "days", "hot_answered": "answered_inbound", "left_before_closer": "left_waiting",
}  # fmt: skip
MOST_NAMED: Final = 3


def _hint(name: str, names: Sequence[str]) -> str:
    meant = " or ".join(f"`{metric}`" for metric in _meant(name, names)[:MOST_NAMED])
    hint = f"did you mean {meant}?" if meant else nearest(name, names)
    return f" ({hint})" if hint else "; metrics are those of replications.csv, such as sold, profit, cost_per_sale"


def _meant(name: str, names: Sequence[str]) -> list[str]:
    """The metrics that a synonym, a displayed name or the end of a name means: those of the shortest path."""
    *above, last = re.sub(r"\s+", "_", name.strip()).split(".")
    if not above and (synonym := SYNONYMS.get(last.casefold())):
        return [synonym]
    said = ".".join([*above, DISPLAYED.get(last.casefold(), last)]).casefold()
    found = [metric for metric in names if f".{metric}".casefold().endswith(f".{said}")]
    least = min((metric.count(".") for metric in found), default=0)
    return [metric for metric in found if metric.count(".") == least]


def metric_named(name: str, scenarios: Sequence[Scenario], where: str) -> str:
    """`name`, if it is a metric of one of the scenarios at least; raises RequestError, `where` it was asked for."""
    names = tuple(dict.fromkeys(known for scenario in scenarios for known in metric_names(scenario)))
    if name not in names:
        raise RequestError(f"{where} must name a metric, found {show(name)}{_hint(name, names)}")
    return name


def metric_names(scenario: Scenario) -> tuple[str, ...]:
    """Every metric that a run of `scenario` reports: those of one history without leads."""
    nobody = {"leads": 0, "arrivals": fixed(0), "arrivals_by_weekday": {}}
    empty = {name: segment.model_copy(update=nobody) for name, segment in scenario.segments.items()}
    unheard = scenario.marketing and scenario.marketing.model_copy(update={"arrivals": None})
    trial = scenario.model_copy(update={"segments": empty, "marketing": unheard})
    return tuple(live(trial, replace(Settings(), fix_inputs=True), 0, 1))
