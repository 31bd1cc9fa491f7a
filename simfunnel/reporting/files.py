"""Files appear whole or not at all: all is written aside first, then moved to its place."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel.errors import RequestError
from simfunnel.experiments.estimating import told_of
from simfunnel.reporting import tidy
from simfunnel.reporting.wording import Summary, hexadecimal
from simfunnel.scenario.currency import minor_units
from simfunnel.simulation import Result

if TYPE_CHECKING:
    from simfunnel.experiments.compare import Compared

ROWS: Final = 4096
SUMMARY: Final = "summary.json"
REPLICATIONS: Final = "replications.csv"
METRICS: Final = tidy.METRICS
PICTURE: Final = "funnel.png"
SCENARIO: Final = "scenario.txt"
REPORT: Final = "report.html"
COMPARISON: Final = "comparison.json"
COMPARISON_PICTURE: Final = "comparison.png"

Values = npt.NDArray[Any]
Writer = Callable[[Values], list[str]]
Column = tuple[str, Writer, Values]


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new folder to write in; its files are moved to `folder` at the end, and lost if anything goes wrong.

    Raises RequestError where `folder` cannot be written.
    """
    made: list[Path] = []
    try:
        draft = _draft(folder, made)
        try:
            yield draft
            _move(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except BaseException:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise


def _draft(folder: Path, made: list[Path]) -> Path:
    """A folder inside `folder`, so that moving is renaming; what had to be made for it is noted in `made`."""
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir()
            made.append(path)
        return Path(tempfile.mkdtemp(prefix=".", suffix=".partial", dir=folder))
    except (OSError, ValueError) as error:
        raise RequestError(f"{folder} cannot be written: {reason(error)}") from None


def _move(draft: Path, folder: Path) -> None:
    names = sorted(path.name for path in draft.iterdir())
    for name in names:
        if (folder / name).is_dir():
            raise RequestError(f"{folder / name} cannot be written: it is a directory")
    for name in names:
        (draft / name).replace(folder / name)


def reason(error: Exception) -> str:
    """Why the system refused, in its own words, on one line."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]


def write_new(path: Path, text: str, *, force: bool = False) -> None:
    """Write a text file that must not exist yet (or, by `force`, may); raises RequestError."""
    try:
        if path.exists() and not force:
            raise RequestError(f"{path} exists already; --force overwrites it")
        with tempfile.TemporaryDirectory(prefix=".", suffix=".partial", dir=path.parent) as folder:
            draft = Path(folder, path.name)
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
    except (OSError, ValueError) as error:
        raise RequestError(f"{path} cannot be written: {reason(error)}") from None


def write_run(result: Result, summary: Summary, folder: Path, scenario_text: str = "") -> None:
    """Write the files of a run, and its scenario's text if there is any, into `folder`, which exists."""
    from simfunnel.reporting.plots import funnel

    with (folder / REPLICATIONS).open("w", encoding="utf-8", newline="") as file:
        write_replications(result, file)
    funnel.funnel(summary, result.columns, folder / PICTURE)
    tidy.write_metrics(summary, folder)
    if scenario_text:
        (folder / SCENARIO).write_text(scenario_text, encoding="utf-8")
    (folder / SUMMARY).write_text(as_json(summary), encoding="utf-8")


def write_comparison(compared: Compared, folder: Path, scenario_text: str = "") -> None:
    """Write comparison.json, its tables (`tidy.COMPARISON`), histories, picture and scenario's text into `folder`."""
    from simfunnel.reporting.plots import comparison as picture

    with (folder / REPLICATIONS).open("w", encoding="utf-8", newline="") as file:
        write_histories(compared, file)
    tidy.write_comparison(compared.summary, folder)
    picture.comparison(compared.summary, folder / COMPARISON_PICTURE)
    if scenario_text:
        (folder / SCENARIO).write_text(scenario_text, encoding="utf-8")
    (folder / COMPARISON).write_text(as_json(compared.summary), encoding="utf-8")


def as_json(summary: Summary) -> str:
    """The summary as JSON that every parser and terminal takes: no NaN, ASCII."""
    return json.dumps(summary, indent=2, allow_nan=False) + "\n"


def write_replications(result: Result, file: IO[str]) -> None:
    """One row a replication: its number, its world (empty where inputs are known), all columns, the digest in hex.

    Equal columns give equal bytes. Memory is bounded by blocks of rows.
    """
    columns, currency = result.columns, result.scenario.currency
    written = [(name, _writer(name, values, currency), values) for name, values in columns.items()]
    last = ("digest", *_if_there(result.digests, _hexadecimals, result.settings.replications))
    _write_table(file, [*_numbered(result.settings.replications, result.worlds), *written, last])


def write_histories(compared: Compared, file: IO[str]) -> None:
    """One row a history, for all policies: its number, its world, and `<policy>.<metric>` of all that is told.

    A metric that is a ratio has the columns that it is a ratio of beside it, so that its mean can be found again.
    """
    summary = compared.summary
    worlds = next((result.worlds for result in compared.results if result.worlds is not None), None)
    found = _numbered(summary["replications"], worlds)
    for name, columns in compared.columns.items():
        for metric in told_of(summary["outcomes"][name], columns):
            values = columns[metric]
            found.append((column_of(name, metric), _writer(metric, values, summary["currency"]), values))
    _write_table(file, found)


def column_of(policy: str, metric: str) -> str:
    """What a metric of a policy is called at the head of its column."""
    return tidy.text(f"{policy}.{metric}")


def _numbered(count: int, worlds: Values | None) -> list[Column]:
    """The first columns of every table: the number of the history, and its world."""
    return [("replication", _integers, np.arange(count)), ("world", *_if_there(worlds, _integers, count))]


def _if_there(values: Values | None, write: Writer, count: int) -> tuple[Writer, Values]:
    """Values with their writer, or empty cells."""
    return (_nothing, np.zeros(count, dtype=np.int64)) if values is None else (write, values)


def _write_table(file: IO[str], columns: Sequence[Column]) -> None:
    csv.writer(file, lineterminator="\n").writerow([name for name, _, _ in columns])
    for first in range(0, columns[0][2].size, ROWS):
        cells = [_once(write, values[first : first + ROWS]) for _, write, values in columns]
        file.writelines(",".join(row) + "\n" for row in zip(*cells, strict=True))


def _writer(name: str, values: Values, currency: str) -> Writer:
    """How the cells of a column are written: whole numbers, money, or whatever it takes to read it back."""
    if values.dtype.kind == "i":
        return _integers
    return _money(minor_units(currency)) if _is_money(name) else _floats


def _is_money(name: str) -> bool:
    parts = name.split(".")
    return name in ("revenue", "cost", "profit") or parts[0] == "costs" or (parts[0] == "teams" and parts[-1] == "cost")


def _once(write: Writer, values: Values) -> list[str]:
    """The cells of a column; many are the same all the way down."""
    return write(values[:1]) * values.size if (values == values[0]).all() else write(values)


def _integers(values: Values) -> list[str]:
    return list(map(str, values.tolist()))


def _floats(values: Values) -> list[str]:
    return ["" if value != value else repr(value) for value in values.tolist()]


def _hexadecimals(values: Values) -> list[str]:
    return [hexadecimal(value) for value in values.tolist()]


def _nothing(values: Values) -> list[str]:
    return [""] * values.size


def _money(minor: int) -> Writer:
    """Writes amounts with exactly as many decimals as the currency has."""
    form = f"%.{len(str(minor)) - 1}f"
    return lambda values: [form % value for value in values.tolist()]
