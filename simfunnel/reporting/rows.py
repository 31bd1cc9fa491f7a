"""Every table looks alike: words on the left, then numbers, each mean before its interval and its percentiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console
from rich.table import Table

from simfunnel.reporting.wording import Estimated, interval, number, whole

PLAIN_HEAD: Final = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def empty(to: Console, *headings: str, left: int = 1) -> Table:
    """An empty table whose first `left` columns are words, the others numbers."""
    box = PLAIN_HEAD if to.options.ascii_only else SIMPLE_HEAD
    table = Table(box=box, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, heading in enumerate(headings):
        justify: Any = "left" if place < left else "right"
        table.add_column(heading, justify=justify, no_wrap=True)
    return table


PERCENTILES: Final = ("5 %", "median", "95 %")


def aside(table: Table, name: str, estimated: Estimated, share: str = "") -> None:
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
