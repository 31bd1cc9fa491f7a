"""`simfunnel break-even`: the value of a key at which two policies tie."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from simfunnel.cli.program import CHANCE, JSON, OUT, SCENARIO, SET, WHOLE, program, progress


@program.command("break-even")
@SCENARIO
@click.option("--vary", required=True, metavar="KEY=LO:HI", help="The key, e.g. teams.callers.wage_per_hour=12:20.")
@click.option("--between", nargs=2, metavar="A B", help="The two policies (default: the only two).")
@click.option("--metric", metavar="NAME", help="What they tie in (default: decision.metric, which is profit).")
@click.option("--replications", **WHOLE, default=1000, show_default=True, help="Histories at each value.")
@CHANCE
@SET
@click.option("--out", type=OUT, metavar="DIR", help="Write break-even.json, break-even.csv, break-even.png here.")
@JSON
@click.option("--workers", type=int, help="Processes (default: one a core where that pays).")
def break_even(
    scenario: str, vary: str, between: tuple[str, str] | None, metric: str | None, overrides: tuple[str, ...],
    out: Path | None, as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Find the value of a key at which two policies of SCENARIO tie."""
    from simfunnel.experiments.break_even import POINTS, Asked
    from simfunnel.experiments.break_even import break_even as found_by
    from simfunnel.reporting import break_even as shown_by
    from simfunnel.reporting import files
    from simfunnel.simulation import BLOCK, Settings
    from simfunnel.workers import workers_for

    if chosen["workers"] is None:
        chosen["workers"] = workers_for(2 * POINTS * chosen["replications"], BLOCK)
    settings = Settings(**chosen)
    settings.check()
    with nullcontext() if out is None else files.aside(out) as draft:
        with progress() as told:
            summary = found_by(scenario, Asked(vary, between, metric), settings, overrides, told)
        if draft is not None:
            shown_by.write(summary, draft)
    if as_json:
        click.echo(files.as_json(summary), nl=False)
        return
    from simfunnel.reporting import tables

    to = tables.console(sys.stdout)
    shown_by.show(summary, to)
    if out is not None:
        click.echo(f"\n  Written to {out}: {', '.join(shown_by.FILES)}")
