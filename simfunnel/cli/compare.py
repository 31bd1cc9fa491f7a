"""`simfunnel compare`: which of several policies is better, by how much, and how sure."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simfunnel.cli.program import CHANCE, JSON, OUT, REPORT, SET, WHOLE, program, progress

if TYPE_CHECKING:
    from simfunnel.reporting.wording import Summary


@program.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--only", multiple=True, metavar="NAME", help="Compare this one with the baseline (default: all).")
@click.option("--baseline", metavar="NAME", help="What the others are compared with (default: the file, or the first).")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Tell this metric, too.")
@click.option("--vary", multiple=True, metavar="KEY=LO:HI", help="Look for where the answer changes along this key.")
@click.option(
    "--replications", **WHOLE, default=500, show_default=True, help="Histories of each before the first look."
)
@click.option(
    "--at-most", "most", **WHOLE, default=16_000, show_default=True, help="Histories of each at the last look."
)
@CHANCE
@SET
@click.option("--out", type=OUT, metavar="DIR", help="Write all numbers, as JSON and CSV, and comparison.png here.")
@REPORT
@JSON
@click.option("--workers", type=int, help="Processes (default: one a core where that pays).")
@click.option("--block-size", type=int, help="Histories computed together; changes no number.")
def compare(
    scenarios: tuple[str, ...], only: tuple[str, ...], baseline: str | None, metrics: tuple[str, ...],
    vary: tuple[str, ...], most: int, overrides: tuple[str, ...], out: Path | None, report: Path | None,
    as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Compare policies: SCENARIO and its alternatives, or several files.

    Histories double from --replications until it is decided which policy is the best, and whether each of the others is
    better than the baseline, but not beyond --at-most. decision.vary in the file, and --vary, say along which keys to
    look for where the answer changes.
    """
    from simfunnel.experiments.compare import Asked
    from simfunnel.experiments.compare import compare as compared_by
    from simfunnel.experiments.policies import policies
    from simfunnel.reporting import files
    from simfunnel.scenario.sayings import texts
    from simfunnel.simulation import BLOCK, Settings
    from simfunnel.workers import workers_for

    asked = Asked(metrics, chosen["replications"], most, vary)
    found = policies(scenarios, overrides, only=only, baseline=baseline)
    if chosen["workers"] is None:
        chosen["workers"] = workers_for(len(found.all) * most, BLOCK)
    settings = Settings(**chosen, by_day=out is not None or report is not None)
    settings.check()
    with nullcontext() if out is None else files.aside(out) as draft:
        with progress() as told:
            compared = compared_by(found, settings, asked, told, files=scenarios, overrides=overrides)
        text = texts(found.all[0].layers)
        if draft is not None:
            files.write_comparison(compared, draft, text)
        if report is not None:
            from simfunnel.reporting.html.comparison import render_comparison

            files.write_new(report, render_comparison(compared.summary, compared.columns, text), force=True)
    _show(compared.summary, out, report, as_json)


def _show(summary: Summary, out: Path | None, report: Path | None, as_json: bool) -> None:
    from simfunnel.reporting import comparison, files, tables

    if as_json:
        click.echo(files.as_json(summary), nl=False)
        return
    to = tables.console(sys.stdout)
    comparison.show(summary, to)
    if out is not None or report is not None:
        to.print()
    if report is not None:
        tables.paragraphs(to, [f"Report written to {report}"])
    if out is not None:
        written = f"{files.COMPARISON}, its tables as CSV, and {files.COMPARISON_PICTURE}"
        tables.paragraphs(to, [f"Written to {out}: {written}"])
