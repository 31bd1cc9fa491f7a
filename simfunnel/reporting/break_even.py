"""A break-even is told in one sentence first; the table under it shows what the sentence rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from simfunnel.reporting import tidy
from simfunnel.reporting.files import as_json
from simfunnel.reporting.rows import Sheet, empty, words
from simfunnel.reporting.tables import drawn, paragraphs
from simfunnel.reporting.units import unit_of
from simfunnel.reporting.wording import UNKNOWN, Summary, chance_in_short, number
from simfunnel.scenario.values import one_line

JSON: Final = "break-even.json"
TABLE: Final = "break-even.csv"
PICTURE: Final = "break-even.png"
FILES: Final = (JSON, TABLE, PICTURE)
NAME: Final = 12
"""Letters of the name of a policy in a table."""
COLUMNS: Final = (
    "row", "key", "key_unit", "value", "value_low", "value_high", "metric", "unit", "a", "a_mean", "b", "b_mean",
    "difference", "ci95_low", "ci95_high", "better", "better_above", "b_better_on_average",
    "b_better_on_average_low", "b_better_on_average_high",
)  # fmt: skip


def show(summary: Summary, to: Console) -> None:
    """The answer, what to doubt about it, and the difference at each value."""
    paragraphs(to, [summary["verdict"]], "bold", indent="")
    paragraphs(to, [summary["question"]], "dim")
    paragraphs(to, [how(summary)], "dim")
    paragraphs(to, [f"Note: {note}" for note in summary["notes"]], "dim")
    paragraphs(to, [f"Warning: {warning}" for warning in summary["warnings"]], "yellow")
    to.print()
    paragraphs(to, [_title(summary)], "bold cyan", indent="")
    to.print(drawn(sheet(summary), to))
    paragraphs(to, _notes(summary), "dim")


def how(summary: Summary) -> str:
    """How it was found."""
    worlds, many = "with known inputs", summary["worlds"]
    if many is not None:
        worlds = f"in {many:,} {'world' if many == 1 else 'worlds'}"
    histories = "history" if summary["replications"] == 1 else "histories"
    return (
        f"{summary['scenario']}: {summary['replications']:,} {histories} at each value, the same ones, {worlds}, "
        f"seed {summary['seed']}"
    )


def in_key(summary: Summary) -> str:
    """The key, with its unit."""
    return f"{summary['key']} ({summary['unit']})" if summary["unit"] else str(summary["key"])


def in_metric(summary: Summary) -> str:
    """The metric, with its unit."""
    return f"{words(summary['metric'])} ({unit_of(summary['metric'], summary['currency'])})"


def grid(summary: Summary) -> list[Summary]:
    """The values that were looked at first, evenly over the range."""
    return [point for point in summary["points"] if point["on_grid"]]


def _title(summary: Summary) -> str:
    metric = in_metric(summary)
    return f"{metric[:1].upper()}{metric[1:]} by {in_key(summary)}"


def sheet(summary: Summary) -> Sheet:
    """The difference at each value of the grid, and the ties among them."""
    one, other = (one_line(name, NAME) for name in summary["between"])
    table = empty("value", one, other, "difference", "95 % interval", "better", "chance", left=0)
    rows = [*((point["value"], _point(summary, point), "") for point in grid(summary)),
            *((tie["value"], _tie(summary, tie), "bold") for tie in summary["ties"])]  # fmt: skip
    for _, cells, style in sorted(rows, key=lambda row: row[0]):
        table.add_row(*cells, style=style)
    return table


def _point(summary: Summary, point: Summary) -> tuple[str, ...]:
    ends = UNKNOWN if point["ci95"] is None else " to ".join(_amount(end) for end in point["ci95"])
    share = point["better_on_average"]["share"]
    return (
        value(summary, point["value"]), *(_amount(mean) for mean in point["means"].values()),
        _amount(point["difference"]), ends, one_line(point["better"] or OPEN, NAME),
        UNKNOWN if share is None else chance_in_short(share),
    )  # fmt: skip


OPEN: Final = "not decided"


def _amount(found: float | None) -> str:
    return number(found, 2 if found is not None and abs(found) < 10 else None)


def _tie(summary: Summary, tie: Summary) -> tuple[str, ...]:
    return value(summary, tie["value"]), "", "", "tie", "", "", ""


def value(summary: Summary, found: float) -> str:
    """A value of the key."""
    if summary["whole"]:
        return f"{found:,.0f}"
    if summary["geometric"]:
        return f"{float(f'{found:.4g}'):,}".removesuffix(".0")
    return f"{found:,.{summary['decimals']}f}"


def surely_below(tie: Summary) -> str | None:
    """Who is better below a tie; None where that is not decided, as its interval is open there."""
    return None if tie["ci95"][0] is None else str(tie["below"])


def surely_above(tie: Summary) -> str | None:
    """Who is better above a tie, in the same way."""
    return None if tie["ci95"][1] is None else str(tie["above"])


def _notes(summary: Summary) -> Iterator[str]:
    one, other = summary["between"]
    yield (
        f"difference: {other} less {one}, with the 95 % interval of its mean. better: who surely is, in "
        "the mean of all worlds; more histories decide what is not decided, and narrow the interval of a tie."
    )
    if summary["worlds"] is not None:
        yield (
            f"chance: that {other} is better on average, as the inputs are uncertain; only data on them move it. It "
            "counts the worlds that the inputs allow, the difference weighs them: so a chance near 50 % may stand "
            "beside a policy that is surely better."
        )


def write(summary: Summary, folder: Path) -> None:
    """Write break-even.json, break-even.csv and break-even.png into `folder`, which exists."""
    from simfunnel.reporting.plots.break_even import break_even

    break_even(summary, folder / PICTURE)
    tidy.write_rows(folder / TABLE, COLUMNS, _rows(summary))
    (folder / JSON).write_text(as_json(summary), encoding="utf-8")


def _rows(summary: Summary) -> Iterator[list[Any]]:
    """Every value at which both were lived, then the ties: who is better at a value, or below and above a tie."""
    one, other = summary["between"]
    key, metric = [summary["key"], summary["unit"]], summary["metric"]
    measured = [metric, unit_of(metric, summary["currency"])]
    for point in summary["points"]:
        surely = point["better_on_average"]
        first, second = point["means"].values()
        yield [
            "value", *key, point["value"], None, None, *measured, one, first, other, second, point["difference"],
            *(point["ci95"] or (None, None)), point["better"], None, surely["share"], *(surely["ci95"] or (None, None)),
        ]  # fmt: skip
    for tie in summary["ties"]:
        sides = [surely_below(tie), surely_above(tie)]
        yield ["tie", *key, tie["value"], *tie["ci95"], *measured, one, None, other, *[None] * 4, *sides, *[None] * 3]
