"""`simfunnel check`, `init` and `schema`: what helps to write a scenario."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from simfunnel.cli.program import ALTERNATIVE, JSON, REFUSED, SCENARIO, SET, program
from simfunnel.errors import ScenarioError
from simfunnel.scenario.templates import STARTER, TEMPLATES


@program.command()
@SCENARIO
@SET
@ALTERNATIVE
@JSON
def check(scenario: str, overrides: tuple[str, ...], alternative: str | None, as_json: bool) -> None:
    """List all errors of SCENARIO, or its doubts."""
    from simfunnel.experiments.advice import advise
    from simfunnel.experiments.displaced import displaced
    from simfunnel.scenario.alternatives import changed_keys
    from simfunnel.scenario.loading import load

    try:
        loaded = load(scenario, overrides, alternative)
    except ScenarioError as error:
        if as_json:
            _echo_check(scenario, alternative, problems=[vars(problem) for problem in error.problems])
            raise click.exceptions.Exit(REFUSED) from None
        raise
    advice = advise(loaded.scenario, *loaded.as_written)
    warnings = [*displaced(loaded), *advice.warnings]
    if alternative is None:
        each = zip(loaded.alternatives, loaded.others, strict=True)
        told = ((name, advise(other, *loaded.as_written).warnings) for name, other in each)
        warnings += [f"{name}: {said}" for name, found in told for said in found if said not in warnings]
    others = {name: other.description for name, other in loaded.alternatives.items()}
    if as_json:
        _echo_check(scenario, alternative, odds=advice.odds, warnings=warnings, alternatives=others)
        return
    from simfunnel.reporting import tables

    to, which = tables.console(sys.stdout), "" if alternative is None else f", alternative {alternative}"
    tables.show_check(f"{scenario}{which}", advice.odds, warnings, to)
    for name, other in loaded.alternatives.items():
        tables.show_alternative(name, other.description, list(changed_keys(other.changes)), to)


def _echo_check(file: str, alternative: str | None, **found: Any) -> None:
    import json

    nothing: dict[str, Any] = {"problems": (), "odds": (), "warnings": (), "alternatives": {}}
    head = {"file": file, "alternative": alternative, "ok": not found.get("problems")}
    click.echo(json.dumps({**head, **nothing, **found}, indent=2))


@program.command()
@click.argument("file", default="scenario.toml", type=click.Path(path_type=Path))
@click.option("--template", "name", type=click.Choice(list(TEMPLATES)), default=STARTER, show_default=True)
@click.option("--list", "listed", is_flag=True, help="List the templates, and write nothing.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def init(file: Path, name: str, listed: bool, force: bool) -> None:
    """Write a first scenario to FILE (scenario.toml)."""
    if listed:
        width = max(map(len, TEMPLATES))
        click.echo("\n".join(f"{known:<{width}}  {meaning}" for known, meaning in TEMPLATES.items()))
        return
    from simfunnel.reporting.files import write_new
    from simfunnel.scenario.templates import template

    write_new(file, template(name), force=force)
    click.echo(f"{file} written. Next: simfunnel run {file}")


@program.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors."""
    import json

    from simfunnel.scenario.json_schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
