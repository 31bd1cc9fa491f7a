"""Every table looks alike: words on the left, then numbers, each mean before its interval and its percentiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from simfunnel.reporting.wording import Estimated, interval, number, whole


@dataclass(frozen=True)
class Row:
    """The cells of a row as they are shown, and how: "dim" for a part of what stands above, "bold", "yellow", plain."""

    cells: tuple[str, ...]
    style: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table as data, for whoever draws it: its first `left` columns are words, the others numbers."""

    headings: tuple[str, ...]
    left: int = 1
    rows: list[Row] = field(default_factory=list)

    def add_row(self, *cells: str, style: str = "") -> None:
        """One more row at the end."""
        self.rows.append(Row(cells, style))


def empty(*headings: str, left: int = 1) -> Sheet:
    """An empty table whose first `left` columns are words, the others numbers."""
    return Sheet(headings, left)


PERCENTILES: Final = ("5 %", "median", "95 %")


def aside(table: Sheet, name: str, estimated: Estimated, share: str = "") -> None:
    """A number that is no stage."""
    table.add_row(name, *counts(estimated), share, style="dim")


def counts(estimated: Estimated) -> tuple[str, ...]:
    """A count: mean, interval, percentiles."""
    return number(estimated["mean"]), *uncertainty(estimated)


def uncertainty(estimated: Estimated) -> tuple[str, str, str, str]:
    """Interval and percentiles of a count."""
    return interval(estimated), whole(estimated["p05"]), whole(estimated["p50"]), whole(estimated["p95"])


def amounts(estimated: Estimated) -> tuple[str, ...]:
    """An amount of money: mean, interval, percentiles."""
    percentiles = (whole(estimated[name]) for name in ("p05", "p50", "p95"))
    return whole(estimated["mean"]), interval(estimated, 0), *percentiles


def varying(estimates: Mapping[str, Estimated]) -> list[tuple[str, Estimated]]:
    """Lines that are not 0 in all histories."""
    return [(name, estimated) for name, estimated in estimates.items() if estimated["mean"] or estimated["sd"]]


def words(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")
