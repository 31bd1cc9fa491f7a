"""One place for all that can go wrong, and the options that commands share.

Exit codes: 0 done, and all that `run --require` asks for passes; 1 a requirement fails; 3 none fails, but one
stays undecided; 2 a scenario or request that cannot be used, or a file that cannot be written; 130
stopped by Ctrl-C, 143 by SIGTERM, 141 when nobody reads on. Heavy rooms are imported inside the
commands, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from simfunnel import __version__
from simfunnel.errors import RequestError, SimfunnelError

if TYPE_CHECKING:
    from simfunnel.simulation import Progress

Command = TypeVar("Command", bound=Callable[..., Any])

FAILED: Final = 1
REFUSED: Final = 2
UNDECIDED: Final = 3
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
            say(str(error))
        except KeyboardInterrupt:
            stop_workers()
            say("stopped; nothing was written")
            ctx.exit(INTERRUPTED)
        except MemoryError:
            say("not enough memory: lower --block-size, --workers or --replications")
        except OSError as error:
            silence_stdout()
            if error.errno == errno.EPIPE:
                ctx.exit(BROKEN_PIPE)
            where = f"{error.filename}: " if isinstance(error.filename, str) else ""
            say(f"{where}{error.strerror or error}")
        except RuntimeError as error:
            if type(error).__name__ != "BrokenProcessPool":
                raise
            say("a worker process died, perhaps for want of memory: lower --workers or --block-size")
        return ctx.exit(REFUSED)


def say(message: str) -> None:
    """One message on stderr, where it is still there."""
    try:
        click.echo("\n".join(f"simfunnel: {line}" for line in message.splitlines()), err=True)
    except OSError:
        return


def silence_stdout() -> None:
    """Whatever is still in stdout's buffer goes nowhere, lest Python complain at its exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def stop_workers() -> None:
    """End the worker processes."""
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


class _Page(click.Path):
    """A file to be written, refused before anything is computed if it cannot be."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            raise RequestError("--report must name a file")
        path = Path(str(super().convert(value, param, ctx)))
        if path.is_dir():
            raise RequestError(f"{path} cannot be written: it is a directory")
        if not path.parent.is_dir():
            raise RequestError(f"{path} cannot be written: there is no directory {path.parent}")
        return path


def _whole(_: click.Context, __: click.Parameter, value: str | int | None) -> int | None:
    """A whole number, written without separators."""
    text = str(value).strip()
    if value is None or re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return None if value is None else int(text)
    plain = re.sub(r"[,_'. ](?=[0-9]{3}(?![0-9]))", "", text)
    hint = f": no thousands separators, write {plain}" if plain.isdigit() else ""
    raise click.BadParameter(f"{text!r} is not a valid integer{hint}.")


WHOLE: Final[Any] = {"type": str, "callback": _whole, "metavar": "N"}
"""An option that takes such a number: behind `**`."""
OUT: Final = _Folder(path_type=Path)
REPORT: Final = click.option(
    "--report", type=_Page(), metavar="FILE", help="Write one HTML page here that needs nothing else."
)
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


@contextmanager
def progress() -> Iterator[Progress | None]:
    """A bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("histories", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
