"""What a manager would look at is one row a level, and one line for each row that gives a reason to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.table import Table

from simfunnel.reporting.wording import between, rate

Diagnosed = dict[str, Any]

TITLE: Final = "What a manager would look at"
HEADINGS: Final = ("", "", "share\n(95 % interval)", "healthy", "verdict")
STYLES: Final = {"low": "yellow", "high": "yellow", "undecided": "dim"}
FAIR: Final = "fair: outside the healthy range, but no reason to look."
UNDECIDED: Final = "undecided: the interval lies on both sides of a border; more histories narrow it."


def filled(table: Table, diagnostics: Sequence[Diagnosed]) -> Table:
    """The table with its rows: level, stages, share and interval, healthy range, verdict."""
    for found in diagnostics:
        share = rate({"mean": found["share"], "ci95": found["ci95"]})
        stages = f"{found['stage']} of {found['of']}"
        table.add_row(
            _words(found["name"]), stages, share, _range(found["healthy"]), found["verdict"],
            style=STYLES.get(found["verdict"]),
        )  # fmt: skip
    return table


def notes(diagnostics: Sequence[Diagnosed]) -> Iterator[str]:
    """Where to look, and what a verdict means that does not explain itself."""
    for found in diagnostics:
        if found["look_at"] is not None:
            yield f"{_words(found['name']).capitalize()}: {found['look_at']}."
    verdicts = {found["verdict"] for found in diagnostics}
    yield from (said for said in (FAIR, UNDECIDED) if said.split(":")[0] in verdicts)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _range(healthy: Sequence[float]) -> str:
    """A healthy range: 10-15 %, or what is enough: 50 % or more."""
    span = between(list(healthy), 0)
    return f"{span} %" if healthy[1] < 1 else f"{span.partition('-')[0]} % or more"
