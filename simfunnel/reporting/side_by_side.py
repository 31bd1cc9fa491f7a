"""The whole runs of all policies stand side by side, a column each, the baseline and the best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from simfunnel.metrics import STAGES
from simfunnel.reporting.rows import Sheet, empty, varying
from simfunnel.reporting.verdicts import called, cause, foremost, ranked
from simfunnel.reporting.wording import Summary, number, stages

HEAD: Final = 22
"""Letters of a policy's name at the head of a column."""
SHARED: Final = ("currency", "replications", "worlds", "histories", "horizon", "first_day", "last_day", "seed")
"""What is the same for all runs of a comparison."""


def order(comparison: Summary) -> list[str]:
    """All policies: the baseline, the best or the one that comes nearest to it, and the others, best first."""
    first = [comparison["baseline"], foremost(comparison)]
    return [*first, *(name for name in ranked(comparison) if name not in first)]


def run_of(comparison: Summary, name: str) -> Summary:
    """The run of a policy as the summary of a run has it, as far as it is told there."""
    shared = {key: comparison[key] for key in SHARED}
    return {**shared, **comparison["runs"][name], "against_base": {}, "requirements": []}


def funnel(comparison: Summary) -> Sheet:
    """How many leads there are, how often they are dialled, and how many get how far, on average."""
    runs = _runs(comparison)
    table = empty("stage", *_heads(comparison))
    for name in ("leads", "dials"):
        table.add_row(f"({name})", *(number(run["metrics"][name]["mean"]) for run in runs), style="dim")
    for name in STAGES:
        there = [name in stages(run) for run in runs]
        if any(there):
            told = zip(runs, there, strict=True)
            cells = [number(run["metrics"][name]["mean"]) if has else "" for run, has in told]
            table.add_row(name, *cells, style="bold" if name == "sold" else "")
    return table


def losses(comparison: Summary) -> Sheet:
    """How many leads end where, on average; the sales and all leads last."""
    runs = _runs(comparison)
    table = empty("cause", "stage", *_heads(comparison), left=2)
    for name, stage in _causes(runs):
        found = [run["losses"].get(name) for run in runs]
        cells = ["" if each is None or not each["mean"] else number(each["mean"]) for each in found]
        table.add_row(cause(name), stage, *cells)
    for name, title in (("sold", "sold"), ("leads", "all leads")):
        table.add_row(title, "", *(number(run["metrics"][name]["mean"]) for run in runs), style="bold")
    return table


def _runs(comparison: Summary) -> list[Summary]:
    return [run_of(comparison, name) for name in order(comparison)]


def _heads(comparison: Summary) -> list[str]:
    return [called(name, HEAD) for name in order(comparison)]


def _causes(runs: Sequence[Summary]) -> Iterator[tuple[str, Any]]:
    """The causes by which any policy loses a lead, each with its stage, in the order of the funnel."""
    known = {name: found["stage"] for run in runs for name, found in run["losses"].items()}
    there = {name for run in runs for name, _ in varying(run["losses"])}
    yield from ((name, stage) for name, stage in known.items() if name in there)
