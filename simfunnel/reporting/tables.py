"""A run fits one screen of 80 columns, and every mean on it stands beside its interval and its percentiles."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import IO, Final

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simfunnel.reporting import after_sales, against, pursuit
from simfunnel.reporting.rows import Sheet
from simfunnel.reporting.sheets import sheets
from simfunnel.reporting.wording import Summary, meaning, stages, title
from simfunnel.scenario.values import one_line

WIDTH: Final = 80
WIDEST: Final = 300
UNBROKEN: Final = "\u00a0"
MOST_KEYS: Final = 8
"""Keys of an alternative that are shown."""
PLAIN_HEAD: Final = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
ASCII: Final = str.maketrans({"→": "->", "–": "-", "…": "..."})


class Screen(Console):
    """A console that lets its caller say what happens when nobody reads on."""

    def on_broken_pipe(self) -> None:
        """Pass the error on."""
        raise


def console(file: IO[str]) -> Console:
    """A console on `file`: no markup in names, colours only on a terminal without NO_COLOR.

    It is wider than what is shown, for a table may be: a number is never cut.
    """
    return Screen(file=file, width=WIDEST, markup=False, highlight=False, emoji=False)


def show(summary: Summary, to: Console) -> None:
    """The whole run, what to doubt about it first."""
    to.print(_line(to, title(summary), "bold"))
    paragraphs(to, [summary["alternative_description"]], "dim")
    to.print(_line(to, _how(summary), "dim"))
    paragraphs(to, [f"Warning: {warning}" for warning in summary["warnings"]], "yellow")
    paragraphs(to, [f"{LEGEND} {CUT}" if _is_cut(summary) else LEGEND], "dim")
    for _, heading, sheet, note in sheets(summary):
        to.print()
        to.print(_line(to, heading, "bold cyan"))
        to.print(drawn(sheet, to))
        paragraphs(to, note.splitlines(), "dim")
    to.print()
    to.print(_line(to, "What it means", "bold cyan"))
    told = (pursuit, after_sales, against) if summary["replications"] > 1 else ()
    more = (sentence for each in told for sentence in each.meaning(summary))
    paragraphs(to, [*meaning(summary), *more])


def drawn(sheet: Sheet, to: Console) -> Table:
    """A table as it is printed, narrowed where it is too wide."""
    box = PLAIN_HEAD if to.options.ascii_only else SIMPLE_HEAD
    table = Table(box=box, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, heading in enumerate(sheet.headings):
        table.add_column(heading, justify="left" if place < sheet.left else "right", no_wrap=True)
    for row in sheet.rows:
        table.add_row(*row.cells, style=row.style)
    fit(table, to)
    return table


def fit(table: Table, to: Console) -> None:
    """Narrow a table that is too wide; heads that would run together keep two spaces where there is room."""
    if to.measure(table).maximum <= WIDTH:
        return
    table.padding = 0
    for column in table.columns[1:]:
        head = column.header
        column.header = "\n".join(f" {line}" for line in str(head).split("\n"))
        if to.measure(table).maximum > WIDTH:
            column.header = head


def show_check(file: str, odds: Sequence[str], warnings: Sequence[str], to: Console) -> None:
    """A scenario that can be used: what its odds ratios mean, and what is probably not meant."""
    to.print(_line(to, f"{file}: OK" + (f", {len(warnings)} to think about" if warnings else ""), "bold"))
    if odds:
        to.print(_line(to, "What the odds ratios mean", "bold cyan"))
        paragraphs(to, odds)
    paragraphs(to, [f"Warning: {warning}" for warning in warnings], "yellow")


def show_alternative(name: str, description: str, keys: Sequence[str], to: Console) -> None:
    """What an alternative is, and the keys that it changes: each on one line, as many as fit on it."""
    paragraphs(to, [f"Alternative {name}{description and ': '}{description}"])
    more = len(keys) - MOST_KEYS
    shown = [*keys[:MOST_KEYS], f"{more:,} more"] if more > 1 else keys
    paragraphs(to, [", ".join(one_line(key, WIDTH - 6).replace(" ", UNBROKEN) for key in shown)], indent="    ")


def paragraphs(to: Console, texts: Iterable[str], style: str = "", indent: str = "  ") -> None:
    """Each text as an indented paragraph."""
    for text in texts:
        unbroken = text.replace(" %", f"{UNBROKEN}%")
        for line in textwrap.wrap(unbroken, WIDTH, initial_indent=indent, subsequent_indent=indent):
            to.print(_line(to, line.replace(UNBROKEN, " "), style))


def _line(to: Console, text: str, style: str = "") -> Text:
    """`text`, in ASCII where the file cannot carry more."""
    return Text(text.translate(ASCII) if to.options.ascii_only else text, style=style)


def _how(summary: Summary) -> str:
    histories, worlds = _many(summary["replications"], "history", "histories"), "with known inputs"
    if summary["worlds"] is not None:
        worlds = f"in {_many(summary['worlds'], 'world', 'worlds')}"
    return f"{histories} {worlds}, {summary['horizon']} from {summary['first_day']}, seed {summary['seed']}"


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


LEGEND: Final = (
    "95 % interval: where the mean lies; more histories narrow it. 5 %, median, 95 %: where single histories fall, "
    "at least nine of ten between the outer two; this is the risk, and more histories do not narrow it."
)


CUT: Final = "Intervals of what cannot be below 0 are cut there."


def _is_cut(summary: Summary) -> bool:
    """Does an interval of a count or a cost end at 0, as it would go below?"""
    stages_ = [summary["metrics"][name] for name in ("conceded", *stages(summary))]
    shown = [*stages_, *summary["losses"].values(), *summary["costs"].values()]
    return any(estimated["mean"] and (estimated["ci95"] or [1])[0] == 0 for estimated in shown)
