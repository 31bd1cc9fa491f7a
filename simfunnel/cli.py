"""A command parses, calls one function and renders; what goes wrong is a clean message and an exit code.

Exit codes: 0 done; 2 a scenario or request that cannot be used, or a file that cannot be written; 130
stopped by Ctrl-C, 143 by SIGTERM, 141 when nobody reads on. Heavy rooms are imported inside the
commands, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from simfunnel import __version__
from simfunnel.errors import RequestError, ScenarioError, SimfunnelError
from simfunnel.scenario.templates import STARTER, TEMPLATES

if TYPE_CHECKING:
    from simfunnel.reporting.wording import Summary
    from simfunnel.scenario.loading import Loaded
    from simfunnel.simulation import Progress, Result

Command = TypeVar("Command", bound=Callable[..., Any])

REFUSED: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
TERMINATED: Final = 143


class Program(click.Group):
    """The group of commands, with one place for all that can go wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn errors into messages and exit codes."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
            return answer
        except SimfunnelError as error:
            _say(str(error))
        except KeyboardInterrupt:
            _stop_workers()
            _say("stopped; nothing was written")
            ctx.exit(INTERRUPTED)
        except MemoryError:
            _say("not enough memory: lower --block-size, --workers or --replications")
        except OSError as error:
            _silence_stdout()
            if error.errno == errno.EPIPE:
                ctx.exit(BROKEN_PIPE)
            where = f"{error.filename}: " if isinstance(error.filename, str) else ""
            _say(f"{where}{error.strerror or error}")
        except RuntimeError as error:
            if type(error).__name__ != "BrokenProcessPool":
                raise
            _say("a worker process died, perhaps for want of memory: lower --workers or --block-size")
        return ctx.exit(REFUSED)


def _say(message: str) -> None:
    """One message on stderr, where it is still there."""
    try:
        click.echo("\n".join(f"simfunnel: {line}" for line in message.splitlines()), err=True)
    except OSError:
        return


def _silence_stdout() -> None:
    """Whatever is still in stdout's buffer goes nowhere, lest Python complain at its exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _stop_workers() -> None:
    from multiprocessing import active_children

    for child in active_children():
        child.kill()


def options(*added: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options at once, shown in this order."""

    def add(command: Command) -> Command:
        for option in reversed(added):
            command = option(command)
        return command

    return add


class _Folder(click.Path):
    """A directory, named."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            raise RequestError("--out must name a directory")
        return super().convert(value, param, ctx)


OUT: Final = _Folder(path_type=Path)
SCENARIO: Final = click.argument("scenario")
SET: Final = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key, e.g. teams.callers.size=4."
)
ALTERNATIVE: Final = click.option("--alternative", metavar="NAME", help="Take this one of SCENARIO's alternatives.")
JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
CHANCE: Final = options(
    click.option("--seed", default=1, show_default=True, help="Number of the chance: same seed, same histories."),
    click.option(
        "--histories", default=2, show_default=True, help="Histories in each world, where inputs are uncertain."
    ),
    click.option("--fix-inputs", is_flag=True, help="Take every uncertain input at its best guess."),
)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="simfunnel")
def program() -> None:
    """Simulate a sales funnel: how many sales, at what cost, and how sure."""


@program.command()
@SCENARIO
@click.option("--replications", default=1000, show_default=True, help="Histories to simulate.")
@CHANCE
@SET
@ALTERNATIVE
@click.option("--target", "targets", multiple=True, metavar="EXPR", help='Chance of reaching it, e.g. "sold>=5".')
@click.option("--out", type=OUT, metavar="DIR", help="Write summary.json, replications.csv, funnel.png here.")
@JSON
@click.option("--engine", type=click.Choice(["vector", "simpy"]), default="vector", show_default=True)
@click.option("--workers", type=int, help="Processes (default: one a core where that pays).")
@click.option("--block-size", type=int, help="Histories computed together; changes no number.")
def run(
    scenario: str, overrides: tuple[str, ...], alternative: str | None, targets: tuple[str, ...], out: Path | None,
    as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Simulate SCENARIO and show what to expect."""
    from simfunnel.experiments.displaced import displaced
    from simfunnel.experiments.targets import targets as parse_targets
    from simfunnel.reporting import files
    from simfunnel.scenario.loading import load
    from simfunnel.simulation import Settings, workers_for

    if chosen["workers"] is None:
        chosen["workers"] = workers_for(chosen["replications"])
    Settings(**chosen).check()
    loaded = load(scenario, overrides, alternative)
    parsed = parse_targets(targets, loaded.scenario)
    with nullcontext() if out is None else files.aside(out) as draft:
        result, base = _simulate(loaded, digest=out is not None, **chosen)
        what: dict[str, Any] = {"file": scenario, "overrides": overrides, "alternative": loaded.alternative}
        what.update(base=base, written=loaded.as_written, told=displaced(loaded))
        summary = _summary(result, targets=parsed, **what)
        if draft is not None:
            files.write_run(result, summary, draft)
    try:
        _show(summary, out, as_json)
    except KeyboardInterrupt:
        if out is None:
            raise
        _say(f"stopped; the files in {out} are complete")
        raise click.exceptions.Exit(INTERRUPTED) from None


def _summary(result: Result, **how: Any) -> Summary:
    from simfunnel.experiments.run import summarise

    return summarise(result, **how)


def _simulate(loaded: Loaded, **chosen: Any) -> tuple[Result, Result | None]:
    """The run, and that of its base beside an alternative."""
    from simfunnel.experiments.against import lived_both

    with _progress() as progress:
        return lived_both(loaded, progress, **chosen)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("histories", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _show(summary: Summary, out: Path | None, as_json: bool) -> None:
    from simfunnel.reporting import files

    if as_json:
        click.echo(files.as_json(summary), nl=False)
        return
    from simfunnel.reporting import tables

    to = tables.console(sys.stdout)
    tables.show(summary, to)
    if out is not None:
        to.print()
        tables.paragraphs(to, [f"Written to {out}: {files.SUMMARY}, {files.REPLICATIONS}, {files.PICTURE}"])


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
    warnings = (*displaced(loaded), *advice.warnings)
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
        _say(f"Warning: {warning}")
    for line in story.json_lines(lived, who) if as_json else story.lines(lived, who, every=every):
        click.echo(line)


def _terminate(*_: object) -> None:
    _stop_workers()
    sys.exit(TERMINATED)


def main() -> None:
    """The command `simfunnel`."""
    signal.signal(signal.SIGTERM, _terminate)
    program(prog_name="simfunnel")
