"""`simfunnel run`: simulate a scenario and show what to expect."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simfunnel.cli.program import (
    ALTERNATIVE,
    CHANCE,
    INTERRUPTED,
    JSON,
    OUT,
    REPORT,
    SCENARIO,
    SET,
    program,
    progress,
    say,
)

if TYPE_CHECKING:
    from simfunnel.reporting.wording import Summary
    from simfunnel.scenario.loading import Loaded
    from simfunnel.simulation import Result


@program.command()
@SCENARIO
@click.option("--replications", default=1000, show_default=True, help="Histories to simulate.")
@CHANCE
@SET
@ALTERNATIVE
@click.option("--target", "targets", multiple=True, metavar="EXPR", help='Chance of reaching it, e.g. "sold>=5".')
@click.option("--out", type=OUT, metavar="DIR", help="Write all numbers, as JSON and CSV, and funnel.png here.")
@REPORT
@JSON
@click.option("--engine", type=click.Choice(["vector", "simpy"]), default="vector", show_default=True)
@click.option("--workers", type=int, help="Processes (default: one a core where that pays).")
@click.option("--block-size", type=int, help="Histories computed together; changes no number.")
def run(
    scenario: str, overrides: tuple[str, ...], alternative: str | None, targets: tuple[str, ...], out: Path | None,
    report: Path | None, as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Simulate SCENARIO and show what to expect."""
    from simfunnel.experiments.displaced import displaced
    from simfunnel.experiments.targets import targets as parse_targets
    from simfunnel.reporting import files
    from simfunnel.scenario.loading import load
    from simfunnel.scenario.sayings import texts
    from simfunnel.simulation import BLOCK, Settings
    from simfunnel.workers import workers_for

    if chosen["workers"] is None:
        chosen["workers"] = workers_for(chosen["replications"], BLOCK)
    Settings(**chosen).check()
    loaded = load(scenario, overrides, alternative)
    parsed = parse_targets(targets, loaded.scenario)
    with nullcontext() if out is None else files.aside(out) as draft:
        asked = {"digest": out is not None, "by_day": out is not None or report is not None}
        result, base = _simulate(loaded, **asked, **chosen)
        what: dict[str, Any] = {"file": scenario, "overrides": overrides, "alternative": loaded.alternative}
        what.update(base=base, written=loaded.as_written, told=displaced(loaded), layers=loaded.layers)
        summary = _summary(result, targets=parsed, **what)
        if draft is not None:
            files.write_run(result, summary, draft, texts(loaded.layers))
        if report is not None:
            from simfunnel.reporting.html.run import render_run

            files.write_new(report, render_run(summary, result.columns, texts(loaded.layers)), force=True)
    try:
        _show(summary, out, report, as_json)
    except KeyboardInterrupt:
        if out is None:
            raise
        say(f"stopped; the files in {out} are complete")
        raise click.exceptions.Exit(INTERRUPTED) from None


def _summary(result: Result, **how: Any) -> Summary:
    from simfunnel.experiments.run import summarise

    return summarise(result, **how)


def _simulate(loaded: Loaded, **chosen: Any) -> tuple[Result, Result | None]:
    """The run, and that of its base beside an alternative."""
    from simfunnel.experiments.against import lived_both

    with progress() as told:
        return lived_both(loaded, told, **chosen)


def _show(summary: Summary, out: Path | None, report: Path | None, as_json: bool) -> None:
    from simfunnel.reporting import files

    if as_json:
        click.echo(files.as_json(summary), nl=False)
        return
    from simfunnel.reporting import tables

    to = tables.console(sys.stdout)
    tables.show(summary, to)
    if out is not None:
        to.print()
        written = files.SUMMARY, files.METRICS, files.REPLICATIONS, files.PICTURE, files.SCENARIO
        tables.paragraphs(to, [f"Written to {out}: {', '.join(written)}"])
    if report is not None:
        to.print()
        tables.paragraphs(to, [f"Report written to {report}"])
