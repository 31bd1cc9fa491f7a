"""`simfunnel report`: make a page of what a run has written."""

from __future__ import annotations

from pathlib import Path

import click

from simfunnel.cli.program import program


@program.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def report(folder: Path) -> None:
    """Write DIR/report.html from what `run --out DIR` wrote."""
    from simfunnel.reporting.html.stored import write_report

    click.echo(f"{write_report(folder)} written.")
