"""A table for a spreadsheet holds one thing a row, numbers as numbers, and nothing that a spreadsheet would run.

Files begin with a byte order mark, without which Excel takes UTF-8 for another encoding; pandas and LibreOffice skip
it, and Python's csv does so with `encoding="utf-8-sig"`. Lines end as spreadsheets end theirs (RFC 4180), so that one
within a text is always quoted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from numbers import Integral
from pathlib import Path
from typing import Any, Final

from simfunnel.reporting.units import LEADS, SHARE, unit_of
from simfunnel.reporting.wording import Estimated, Summary

METRICS: Final = "metrics.csv"
ENCODING: Final = "utf-8-sig"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a cell begins that a spreadsheet may take for a formula (OWASP, CSV injection); the last are full-width."""
INTERVAL: Final = ("ci95_low", "ci95_high")
FIELDS: Final = ("sd", "p05", "p50", "p95", "n", "undefined")
ESTIMATE: Final = ("mean", *INTERVAL, *FIELDS)
WORST: Final = "worst_5_percent"

Cell = str | float | int | None
Row = Sequence[Any]


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, a decimal point, no thousands separators, None (or NaN) as an empty cell.

    Floats read back exactly. Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([text(name) for name in header])
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Integral):
        return str(int(value))
    return repr(float(value)) if isfinite(value) else ""


def text(words: str) -> str:
    """Words that no spreadsheet takes for a formula: with an apostrophe before them where they look like one."""
    return f"'{words}" if words.lstrip(" ").startswith(FORMULA) else words


def write_metrics(summary: Summary, folder: Path) -> None:
    """Write metrics.csv of a run: its metrics, rates, costs, losses, teams and segments, one a row."""
    write_rows(folder / METRICS, ("group", "part", "name", "stage", "unit", *ESTIMATE), _metrics(summary))


def _metrics(summary: Summary) -> Iterator[Row]:
    currency = summary["currency"]
    for name, found in summary["metrics"].items():
        yield "metrics", None, name, None, unit_of(name, currency), *_estimate(found)
    for name, found in summary["rates"].items():
        yield "rates", None, name, None, SHARE, *_estimate(found)
    for name, found in summary["costs"].items():
        yield "costs", None, name, None, currency, *_estimate(found)
    for name, found in summary["losses"].items():
        yield "losses", None, name, found["stage"], LEADS, *_estimate(found)
    for group in ("teams", "segments"):
        for part, metrics in summary[group].items():
            for name, found in _within(metrics):
                yield group, part, name, None, unit_of(name, currency), *_estimate(found)


def _within(metrics: Summary, prefix: str = "") -> Iterator[tuple[str, Estimated]]:
    """The estimates of a part under their names, what is nested deeper under dotted ones."""
    for name, found in metrics.items():
        if "mean" in found:
            yield f"{prefix}{name}", found
        else:
            yield from _within(found, f"{prefix}{name}.")


def _estimate(found: Estimated) -> Iterator[Cell]:
    yield found["mean"]
    yield from _ends(found["ci95"])
    yield from (found.get(name) for name in FIELDS)


def _ends(interval: Sequence[float] | None) -> Sequence[Cell]:
    """The two ends of an interval; two empty cells for none."""
    return (None, None) if interval is None else interval


def write_comparison(comparison: Summary, folder: Path) -> None:
    """Write the tables of a comparison: policies, differences, won, lines, where and ties, each with its name."""
    for name, header, rows in _tables(comparison):
        write_rows(folder / name, header, rows)


def _tables(comparison: Summary) -> Iterator[tuple[str, Sequence[str], Iterable[Row]]]:
    yield "policies.csv", ("policy", "metric", "unit", *ESTIMATE), _policies(comparison)
    yield "differences.csv", DIFFERENCES, _differences(comparison)
    yield "won.csv", ("policy", "baseline", "direction", "cause", "unit", "mean", *INTERVAL), _won(comparison)
    yield "lines.csv", LINES, _lines(comparison)
    yield (
        "where.csv",
        (
            "key",
            "key_unit",
            "value",
            "best",
            "leading",
            "histories",
            "policy",
            "baseline",
            "unit",
            "difference",
            *INTERVAL,
        ),
        _where(comparison),
    )
    yield "ties.csv", ("key", "key_unit", "value", *INTERVAL, "leads_below", "leads_above"), _ties(comparison)


COMPARISON: Final = (
    "policies.csv", "differences.csv", "won.csv", "lines.csv", "where.csv", "ties.csv",
)  # fmt: skip
"""The files of a comparison."""
LINES: Final = ("policy", "baseline", "line", "unit", "baseline_mean", "policy_mean", "difference", *INTERVAL)
DIFFERENCES: Final = (
    "policy", "baseline", "metric", "unit", "difference", *INTERVAL, "standard_error", "sd", "pairing_gain", "verdict",
    "decision_low", "decision_high", "better_on_average", "better_on_average_low", "better_on_average_high",
    "better_same_luck", "equal_same_luck", "better_independent_luck", "equal_independent_luck",
    "worst_5_percent_difference", "worst_5_percent_low", "worst_5_percent_high",
)  # fmt: skip


def _policies(comparison: Summary) -> Iterator[Row]:
    """The outcomes of each, the chances, and what is expected of its worst histories."""
    currency, metric = comparison["currency"], comparison["metric"]
    for policy, outcomes in comparison["outcomes"].items():
        for name, found in outcomes.items():
            yield policy, name, unit_of(name, currency), *_estimate(found)
        for target, chance in comparison["chances"].get(policy, {}).items():
            yield policy, target, SHARE, chance["share"], *_ends(chance["ci95"]), *[None] * len(FIELDS)
        worst = comparison["downside"].get(policy)
        if worst is not None:
            unit = unit_of(metric, currency)
            yield policy, f"{metric}.{WORST}", unit, worst["value"], *_ends(worst["ci95"]), *[None] * len(FIELDS)


def _differences(comparison: Summary) -> Iterator[Row]:
    """Against the baseline; what is said of the decision metric alone stands in its row."""
    for policy, metrics in comparison["against"].items():
        for name, found in metrics.items():
            told = _told(comparison, policy) if name == comparison["metric"] else [None] * 12
            plain = (found["difference"], *_ends(found["ci95"]), found["standard_error"], found["sd"])
            unit = unit_of(name, comparison["currency"])
            yield policy, comparison["baseline"], name, unit, *plain, found["pairing_gain"], *told


def _told(comparison: Summary, policy: str) -> list[Cell]:
    """The verdict, the chances of being better, and the difference of the worst histories."""
    found = comparison["decision"]["verdicts"][policy]
    average, single = comparison["better_on_average"][policy], comparison["better_in_one"][policy]
    worst = comparison["downside"][policy]["difference"] or {"value": None, "ci95": None}
    chances = [(single[luck]["better"]["share"], single[luck]["equal"]) for luck in ("same_luck", "independent_luck")]
    return [
        found["verdict"], *_ends(found["interval"]), average["share"], *_ends(average["ci95"]),
        *chances[0], *chances[1], worst["value"], *_ends(worst["ci95"]),
    ]  # fmt: skip


def _won(comparison: Summary) -> Iterator[Row]:
    baseline = comparison["baseline"]
    for policy, won in comparison["won"].items():
        for direction in ("only_here", "only_there"):
            for cause, found in won[direction].items():
                yield policy, baseline, direction, cause, LEADS, found["mean"], *_ends(found["ci95"])
        found = won["difference"]
        yield policy, baseline, "difference", None, LEADS, found["mean"], *_ends(found["ci95"])


def _lines(comparison: Summary) -> Iterator[Row]:
    for policy, lines in comparison["lines"].items():
        for name, found in lines.items():
            means = (found["base"], found["alternative"], found["difference"])
            yield (
                policy,
                comparison["baseline"],
                name,
                unit_of(name, comparison["currency"]),
                *means,
                *_ends(found["ci95"]),
            )


def _where(comparison: Summary) -> Iterator[Row]:
    unit = unit_of(comparison["metric"], comparison["currency"])
    for key in comparison["where"]:
        for point in key["points"]:
            for policy, found in point["differences"].items():
                told = (policy, comparison["baseline"], unit, found["difference"], *_ends(found["ci95"]))
                which = (point["value"], point["best"], point["leading"], key["replications"])
                yield key["key"], key["unit"], *which, *told


def _ties(comparison: Summary) -> Iterator[Row]:
    for key in comparison["where"]:
        for tie in key["ties"]:
            yield key["key"], key["unit"], tie["value"], *_ends(tie["ci95"]), tie["below"], tie["above"]
