"""What a manager would look at is one row a level, and one line for each row that gives a reason to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from simfunnel.reporting.rows import Sheet, empty
from simfunnel.reporting.wording import between, rate

Diagnosed = dict[str, Any]

TITLE: Final = "What a manager would look at"
HEADINGS: Final = ("", "", "share (95 % interval)", "healthy", "verdict")
STYLES: Final = {"low": "yellow", "high": "yellow", "undecided": "dim"}
FAIR: Final = "fair: outside the healthy range, but no reason to look."
UNDECIDED: Final = "undecided: there is no interval that lies on one side of all borders; more histories narrow it."


def levels(diagnostics: Sequence[Diagnosed]) -> Sheet:
    """The table: level, stages, share and interval, healthy range, verdict."""
    table = empty(*HEADINGS, left=2)
    for found in diagnostics:
        share = rate({"mean": found["share"], "ci95": found["ci95"]})
        stages = f"{found['stage']} of {found['of']}"
        table.add_row(
            _level(found["name"]), stages, share, _range(found["healthy"]), found["verdict"],
            style=STYLES.get(found["verdict"], ""),
        )  # fmt: skip
    return table


def notes(diagnostics: Sequence[Diagnosed]) -> Iterator[str]:
    """Where to look, and what a verdict means that does not explain itself."""
    for found in diagnostics:
        if found["look_at"] is not None:
            yield f"{_level(found['name'])}: {found['look_at']}."
    verdicts = {found["verdict"] for found in diagnostics}
    yield from (said for said in (FAIR, UNDECIDED) if said.split(":")[0] in verdicts)


def _level(name: str) -> str:
    """A level with a capital letter, lest it be taken for the stage of that name."""
    return name.replace("_", " ").capitalize()


def _range(healthy: Sequence[float]) -> str:
    """A healthy range, 10-15 %, or the least that is healthy, from 50 %."""
    span = between(list(healthy), 0)
    return f"{span} %" if healthy[1] < 1 else f"from {span.partition('-')[0]} %"
