"""A comparison shows either mean beside the paired difference, for two means alone do not say how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from simfunnel.reporting.wording import LABELS, Estimated, Summary, interval, number, whole

TITLE: Final = "Against the base, on the same chance"
HEADINGS: Final = ("", "base", "alternative", "difference", "95 % interval")
NOTE: Final = (
    "Difference: the alternative less the base, history by history, each with the same luck; an interval that holds 0 "
    "may be no difference at all."
)
MONEY: Final = ("revenue", "cost", "profit")
SAID: Final = {
    "sold_follow_up": "sold by follow-up", "touches_wasted": "touches wasted", "customers.kept": "customers kept",
    "cross_sales": "cross-sales", "sold_referred": "sold to the named", "contacts": "care contacts",
}  # fmt: skip
LONGEST: Final = 16
MINUTES_PER_HOUR: Final = 60


def rows(summary: Summary) -> Iterator[tuple[str, ...]]:
    """The cells of each metric."""
    for name, found in summary["against_base"].items():
        units = MINUTES_PER_HOUR if name.endswith(".busy_minutes") else 1
        yield (
            label(name),
            *_cells(
                {key: _divided(value, units) for key, value in found.items()},
                name in MONEY or name.startswith("costs."),
            ),
        )


def meaning(summary: Summary) -> Iterator[str]:
    """The difference in one sentence: what it gains or loses, and whether it sells more for it."""
    if not summary["against_base"] or summary["against_base"]["profit"]["ci95"] is None:
        return
    profit, sold = (summary["against_base"][name] for name in ("profit", "sold"))
    low, high = profit["ci95"]
    gains, currency = profit["difference"] > 0, summary["currency"]
    if low == high == 0:
        yield "Against the base this changes nothing of the profit."
    elif low <= 0 <= high:
        ends = f"95 % interval {whole(low)} to {whole(high)} {currency}"
        unsure = f"Against the base it is not sure whether this gains or loses ({ends} of profit)"
        yield f"{unsure}{_sells(sold, None)}.{_better(summary)}"
    else:
        ends = " to ".join(whole(end) for end in sorted((abs(low), abs(high))))
        amount = f"{whole(abs(profit['difference']))} {currency} (95 % interval {ends})"
        yield f"Against the base this {'gains' if gains else 'loses'} {amount}{_sells(sold, gains)}.{_better(summary)}"


def _better(summary: Summary) -> str:
    """In how many single histories it is better, with the same luck."""
    number_ = summary["against_base"]["profit"].get("better_in")
    histories = f"{summary['replications']:,} histories" if number_ is not None else ""
    return f" It makes more profit in {number_:,} of {histories}." if histories else ""


def _sells(sold: Estimated, gains: bool | None) -> str:
    """How many more or fewer it sells, if that is sure."""
    low, high = sold["ci95"]
    if low <= 0 <= high:
        return ""
    more = sold["difference"] > 0
    link = "; it sells" if gains is None else ", and sells" if gains == more else ", though it sells"
    return f"{link} {number(abs(sold['difference']))} {'more' if more else 'fewer'}"


def _cells(found: Estimated, is_money: bool) -> tuple[str, ...]:
    decimals = 0 if is_money else None
    change = {"mean": found["difference"], "ci95": found["ci95"]}
    means = (number(found[which], decimals) for which in ("base", "alternative", "difference"))
    return *means, interval(change, decimals)


def _divided(value: Any, units: int) -> Any:
    if isinstance(value, list):
        return [_divided(end, units) for end in value]
    return None if value is None else value / units


def label(name: str) -> str:
    """What a metric is called in a table, cut where a name of a team is long."""
    first, *rest = name.split(".")
    if first == "teams":
        return f"{_short(rest[0])}: hours worked"
    if first == "losses":
        return f"lost: {LABELS.get(rest[0], _words(rest[0]))}"
    if name == "costs.other":
        return "- other costs"
    return f"- {_words(rest[0])}" if first == "costs" else SAID.get(name, _words(name))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..."
