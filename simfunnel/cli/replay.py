"""`simfunnel replay`: tell one history, event by event."""

from __future__ import annotations

from typing import Any

import click

from simfunnel.cli.program import ALTERNATIVE, CHANCE, SCENARIO, SET, program, say


@program.command()
@SCENARIO
@click.option("--replication", type=int, required=True, help="Which history: a row of replications.csv, from 0.")
@click.option(
    "--lead",
    help="Tell the life of this lead only: its number, or segment/day/number, or customer.number for who is named. "
    "The whole story ends with leads worth a look.",
)
@click.option("--all", "every", is_flag=True, help="Tell every dial, those that led to nothing too.")
@CHANCE
@SET
@ALTERNATIVE
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines: one an event, the last the totals.")
def replay(
    scenario: str, replication: int, lead: str | None, every: bool, overrides: tuple[str, ...], alternative: str | None,
    as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Tell one history of SCENARIO, event by event."""
    from simfunnel.experiments.displaced import displaced
    from simfunnel.experiments.naming import lead_of
    from simfunnel.experiments.replay import check_request
    from simfunnel.experiments.replay import replay as live_again
    from simfunnel.reporting import story
    from simfunnel.scenario.loading import load
    from simfunnel.simulation import Settings

    loaded, settings = load(scenario, overrides, alternative), Settings(**chosen)
    check_request(loaded.scenario, settings, replication)
    who = None if lead is None else lead_of(loaded.scenario, lead)
    lived = live_again(loaded.scenario, settings, replication, alternative)
    for warning in displaced(loaded):
        say(f"Warning: {warning}")
    for line in story.json_lines(lived, who) if as_json else story.lines(lived, who, every=every):
        click.echo(line)
