"""A report of what is over is made of the files that it wrote, or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final

import numpy as np

from simfunnel.errors import RequestError
from simfunnel.metrics import Columns
from simfunnel.reporting.files import (
    COMPARISON,
    REPLICATIONS,
    REPORT,
    SCENARIO,
    SUMMARY,
    column_of,
    reason,
    write_new,
)
from simfunnel.reporting.html.comparison import render_comparison
from simfunnel.reporting.html.run import render_run
from simfunnel.reporting.plots.report_outcomes import both, metrics
from simfunnel.reporting.wording import Summary

SHOWN: Final = ("sold", "profit")
"""The columns that the pictures need."""
NEEDED: Final = frozenset(
    ("scenario", "question", "version", "metrics", "chances", "warnings", "inputs", "days", "losses", "replications")
)
COMPARED: Final = frozenset(
    ("policies", "baseline", "outcomes", "against", "decision", "won", "where", "lines", "warnings", "replications",
     "runs")
)  # fmt: skip


def write_report(folder: Path) -> Path:
    """Write the report of the run or comparison in `folder` beside its files: where it is. Raises RequestError."""
    is_comparison = (folder / COMPARISON).is_file()
    try:
        page = render_comparison(*stored_comparison(folder)) if is_comparison else render_run(*stored_run(folder))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _unlike(folder / (COMPARISON if is_comparison else SUMMARY), f"{type(error).__name__}: {error}") from None
    write_new(folder / REPORT, page, force=True)
    return folder / REPORT


def stored_comparison(folder: Path) -> tuple[Summary, dict[str, Columns], str]:
    """What `compare --out` wrote of a comparison, the columns that are drawn of its policies, its scenario's text."""
    comparison = _summary(folder / COMPARISON, COMPARED)
    if not (folder / REPLICATIONS).is_file():
        raise RequestError(f"{folder} has no {REPLICATIONS}: name one that `simfunnel compare --out` wrote")
    wanted = {name: [each for each in metrics(comparison) if each in told] for name, told in _drawn(comparison)}
    names = [column_of(name, metric) for name, each in wanted.items() for metric in each]
    found = _columns(folder / REPLICATIONS, comparison["replications"], names, undefined=True)
    return comparison, {n: {m: found[column_of(n, m)] for m in each} for n, each in wanted.items()}, _text(folder)


def _drawn(comparison: Summary) -> list[tuple[str, Summary]]:
    """The policies whose histories are drawn, with what is told of them."""
    return [(name, comparison["outcomes"][name]) for name in both(comparison)]


def _text(folder: Path) -> str:
    return _read(folder / SCENARIO) if (folder / SCENARIO).is_file() else ""


def stored_run(folder: Path) -> tuple[Summary, Columns, str]:
    """The summary of a run, its columns of sales and profit, and its scenario's text, from what `run --out` wrote."""
    if not folder.is_dir():
        raise RequestError(f"{folder} is not a directory: name one that `simfunnel run --out` or `compare --out` wrote")
    missing = [name for name in (SUMMARY, REPLICATIONS) if not (folder / name).is_file()]
    if missing:
        written = "name one that `simfunnel run --out` or `compare --out` wrote"
        raise RequestError(f"{folder} has no {' and no '.join(missing)}: {written}")
    summary = _summary(folder / SUMMARY, NEEDED)
    return summary, _columns(folder / REPLICATIONS, summary["replications"], SHOWN), _text(folder)


def _unlike(path: Path, what: str) -> RequestError:
    found = " ".join(what.split())[:120]
    return RequestError(f"{path} is not what this version of `simfunnel --out` writes ({found}): run it again")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RequestError(f"{path} cannot be read: {reason(error)}") from None


def _summary(path: Path, needed: frozenset[str]) -> Summary:
    try:
        found: Any = json.loads(_read(path))
    except (ValueError, RecursionError):
        raise _unlike(path, "it is not JSON") from None
    if not isinstance(found, dict):
        raise _unlike(path, "it is no table")
    if needed - found.keys():
        raise _unlike(path, f"it has no {', no '.join(sorted(needed - found.keys()))}")
    return found


def _columns(path: Path, histories: int, names: Sequence[str], *, undefined: bool = False) -> Columns:
    """Some columns of a table of histories; where they may be `undefined`, NaN for an empty cell."""
    header, *rows = list(csv.reader(StringIO(_read(path), newline=""))) or [[]]
    if set(names) - set(header):
        raise _unlike(path, f"it has no {', no '.join(name for name in names if name not in header)}")
    if len(rows) != histories:
        raise _unlike(path, f"it has {len(rows):,} rows for {histories} histories")
    empty = "nan" if undefined else ""
    try:
        return {name: np.array([float(row[header.index(name)] or empty) for row in rows]) for name in names}
    except (ValueError, IndexError):
        raise _unlike(path, f"a row has no {' or no '.join(names)}") from None
