"""A report of a run that is over is made of the files that it wrote, or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from simfunnel.errors import RequestError
from simfunnel.metrics import Columns
from simfunnel.reporting.files import REPLICATIONS, REPORT, SCENARIO, SUMMARY, reason, write_new
from simfunnel.reporting.html.run import render_run
from simfunnel.reporting.wording import Summary

SHOWN: Final = ("sold", "profit")
"""The columns that the pictures need."""
NEEDED: Final = frozenset(
    ("scenario", "question", "version", "metrics", "chances", "warnings", "inputs", "days", "losses", "replications")
)


def write_report(folder: Path) -> Path:
    """Write the report of the run in `folder` beside its files: where it is. Raises RequestError."""
    summary, columns, text = stored_run(folder)
    try:
        page = render_run(summary, columns, text)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _unlike(folder / SUMMARY, f"{type(error).__name__}: {error}") from None
    write_new(folder / REPORT, page, force=True)
    return folder / REPORT


def stored_run(folder: Path) -> tuple[Summary, Columns, str]:
    """The summary of a run, its columns of sales and profit, and its scenario's text, from what `run --out` wrote."""
    if not folder.is_dir():
        raise RequestError(f"{folder} is not a directory: name one that `simfunnel run --out` wrote")
    missing = [name for name in (SUMMARY, REPLICATIONS) if not (folder / name).is_file()]
    if missing:
        raise RequestError(f"{folder} has no {' and no '.join(missing)}: name one that `simfunnel run --out` wrote")
    summary = _summary(folder / SUMMARY)
    columns = _columns(folder / REPLICATIONS, summary["replications"])
    text = _read(folder / SCENARIO) if (folder / SCENARIO).is_file() else ""
    return summary, columns, text


def _unlike(path: Path, what: str) -> RequestError:
    found = " ".join(what.split())[:120]
    return RequestError(f"{path} is not what this version of `simfunnel run --out` writes ({found}): run it again")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RequestError(f"{path} cannot be read: {reason(error)}") from None


def _summary(path: Path) -> Summary:
    try:
        found: Any = json.loads(_read(path))
    except (ValueError, RecursionError):
        raise _unlike(path, "it is not JSON") from None
    if not isinstance(found, dict):
        raise _unlike(path, "it is no table")
    if NEEDED - found.keys():
        raise _unlike(path, f"it has no {', no '.join(sorted(NEEDED - found.keys()))}")
    return found


def _columns(path: Path, histories: int) -> Columns:
    header, *rows = list(csv.reader(_read(path).splitlines())) or [[]]
    if set(SHOWN) - set(header):
        raise _unlike(path, f"it has no {', no '.join(name for name in SHOWN if name not in header)}")
    if len(rows) != histories:
        raise _unlike(path, f"it has {len(rows):,} rows for {histories} histories")
    try:
        return {name: np.array([float(row[header.index(name)]) for row in rows]) for name in SHOWN}
    except (ValueError, IndexError):
        raise _unlike(path, "a row has no sales or no profit") from None
