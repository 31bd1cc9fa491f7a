"""`simfunnel run`: simulate a scenario and show what to expect."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simfunnel.cli.program import (
    ALTERNATIVE,
    CHANCE,
    FAILED,
    INTERRUPTED,
    JSON,
    OUT,
    REPORT,
    SCENARIO,
    SET,
    UNDECIDED,
    WHOLE,
    program,
    progress,
    say,
)

if TYPE_CHECKING:
    from simfunnel.experiments.gates import Gates
    from simfunnel.experiments.requirements import Requirement
    from simfunnel.reporting.wording import Summary
    from simfunnel.scenario.loading import Loaded
    from simfunnel.simulation import Result

VERDICTS: Final = {"pass": 0, "fail": FAILED, "undecided": UNDECIDED}


@program.command()
@SCENARIO
@click.option("--replications", **WHOLE, default=1000, show_default=True, help="Histories to simulate.")
@CHANCE
@SET
@ALTERNATIVE
@click.option("--target", "targets", multiple=True, metavar="EXPR", help='Chance of reaching it, e.g. "sold>=5".')
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="EXPR",
    help='What must hold, e.g. "P(sold >= 5) >= 80 %" or "cost_per_sale <= 400": pass, fail or undecided.',
)
@click.option(
    "--at-most",
    **WHOLE,
    help="With --require: double the histories until all is decided, up to N (default: 32 times --replications).",
)
@click.option("--out", type=OUT, metavar="DIR", help="Write all numbers, as JSON and CSV, and funnel.png here.")
@REPORT
@JSON
@click.option("--engine", type=click.Choice(["vector", "simpy"]), default="vector", show_default=True)
@click.option("--workers", type=int, help="Processes (default: one a core where that pays).")
@click.option("--block-size", type=int, help="Histories computed together; changes no number.")
def run(
    scenario: str, overrides: tuple[str, ...], alternative: str | None, targets: tuple[str, ...],
    required: tuple[str, ...], at_most: int | None, out: Path | None, report: Path | None, as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Simulate SCENARIO and show what to expect.

    With --require the exit code is 0 if all that is required passes, 1 if something fails, and 3 if nothing fails but
    something stays undecided.
    """
    from simfunnel.experiments.displaced import displaced
    from simfunnel.experiments.requirements import requirements
    from simfunnel.experiments.targets import targets as parse_targets
    from simfunnel.reporting import files
    from simfunnel.scenario.loading import load
    from simfunnel.scenario.sayings import texts
    from simfunnel.simulation import Settings

    Settings(**chosen).check()
    loaded = load(scenario, overrides, alternative)
    parsed, wanted = parse_targets(targets, loaded.scenario), requirements(required, loaded.scenario)
    with nullcontext() if out is None else files.aside(out) as draft:
        asked = {"digest": out is not None, "by_day": out is not None or report is not None}
        gates, result, base = _simulate(loaded, wanted, at_most, **asked, **chosen)
        what: dict[str, Any] = {"file": scenario, "overrides": overrides, "alternative": loaded.alternative}
        what.update(base=base, written=loaded.as_written, told=displaced(loaded), layers=loaded.layers, gates=gates)
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
    sys.stdout.flush()
    raise click.exceptions.Exit(VERDICTS[gates.verdict])


def _summary(result: Result, **how: Any) -> Summary:
    from simfunnel.experiments.run import summarise

    return summarise(result, **how)


def _simulate(
    loaded: Loaded, wanted: tuple[Requirement, ...], at_most: int | None, **chosen: Any
) -> tuple[Gates, Result, Result | None]:
    """What is required and found, the run, and that of its base beside an alternative."""
    from simfunnel.experiments.gates import lived

    with progress() as told:
        return lived(loaded, wanted, at_most, told, **chosen)


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
