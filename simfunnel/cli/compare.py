"""`simfunnel compare`: which of several policies is better, by how much, and how sure."""

from __future__ import annotations

from typing import Any

import click

from simfunnel.cli.program import CHANCE, JSON, SET, program, progress


@program.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--only", multiple=True, metavar="NAME", help="Compare this one with the baseline (default: all).")
@click.option("--baseline", metavar="NAME", help="What the others are compared with (default: the file, or the first).")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Tell this metric, too.")
@click.option("--replications", default=500, show_default=True, help="Histories of each before the first look.")
@click.option("--at-most", "most", default=16_000, show_default=True, help="Histories of each at the last look.")
@CHANCE
@SET
@JSON
@click.option("--workers", type=int, help="Processes (default: one a core where that pays).")
@click.option("--block-size", type=int, help="Histories computed together; changes no number.")
def compare(
    scenarios: tuple[str, ...], only: tuple[str, ...], baseline: str | None, metrics: tuple[str, ...], most: int,
    overrides: tuple[str, ...], as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Compare policies: SCENARIO and its alternatives, or several files."""
    from simfunnel.experiments.compare import Asked
    from simfunnel.experiments.compare import compare as compared_by
    from simfunnel.experiments.policies import policies
    from simfunnel.reporting import files
    from simfunnel.simulation import BLOCK, Settings
    from simfunnel.workers import workers_for

    asked = Asked(metrics, chosen["replications"], most)
    found = policies(scenarios, overrides, only=only, baseline=baseline)
    if chosen["workers"] is None:
        chosen["workers"] = workers_for(len(found.all) * most, BLOCK)
    settings = Settings(**chosen)
    settings.check()
    with progress() as told:
        compared = compared_by(found, settings, asked, told, files=scenarios, overrides=overrides)
    click.echo(files.as_json(compared.summary), nl=False)
