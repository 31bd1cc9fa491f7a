"""A run fits one screen of 80 columns, and every mean on it stands beside its interval and its percentiles."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simfunnel.reporting import manager
from simfunnel.reporting.wording import (
    LABELS,
    UNKNOWN,
    Estimated,
    Summary,
    interval,
    leads,
    meaning,
    number,
    percent,
    rate,
    stages,
    step,
    two_ways,
    whole,
)

WIDTH: Final = 80
WIDEST: Final = 300
UNBROKEN: Final = "\u00a0"
NAME: Final = 16
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
    to.print(_line(to, summary["scenario"], "bold"))
    to.print(_line(to, _how(summary), "dim"))
    paragraphs(to, [f"Warning: {warning}" for warning in summary["warnings"]], "yellow")
    paragraphs(to, [f"{LEGEND} {CUT}" if _is_cut(summary) else LEGEND], "dim")
    for title, table, note in _tables(summary, to):
        to.print()
        to.print(_line(to, title, "bold cyan"))
        if to.measure(table).maximum > WIDTH:
            table.padding = 0
        to.print(table)
        paragraphs(to, note.splitlines(), "dim")
    to.print()
    to.print(_line(to, "What it means", "bold cyan"))
    paragraphs(to, meaning(summary))


def show_check(file: str, odds: Sequence[str], warnings: Sequence[str], to: Console) -> None:
    """A scenario that can be used: what its odds ratios mean, and what is probably not meant."""
    to.print(_line(to, f"{file}: OK" + (f", {len(warnings)} to think about" if warnings else ""), "bold"))
    if odds:
        to.print(_line(to, "What the odds ratios mean", "bold cyan"))
        paragraphs(to, odds)
    paragraphs(to, [f"Warning: {warning}" for warning in warnings], "yellow")


def paragraphs(to: Console, texts: Iterable[str], style: str = "") -> None:
    """Each text as an indented paragraph."""
    for text in texts:
        unbroken = text.replace(" %", f"{UNBROKEN}%")
        for line in textwrap.wrap(unbroken, WIDTH, initial_indent="  ", subsequent_indent="  "):
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


def _tables(summary: Summary, to: Console) -> Iterator[tuple[str, Table, str]]:
    """Each table with its title, and what must be said under it."""
    yield "Funnel", _funnel(summary, to), "\n".join(_funnel_notes(summary))
    if summary["hot"] and summary["hot"]["arrived"]["mean"]:
        yield "Hot leads", _hot(summary, to), GAVE_UP
    yield f"Money, {summary['currency']}", _money(summary, to), _cost_per_sale(summary)
    if any(waits["mean"]["value"] is not None for waits in summary["response"].values()):
        yield "Response to hot leads", _response(summary, to), ANSWERED
    yield "Teams", _teams(summary, to), ""
    yield f"Where the {leads(summary)} leads end", _losses(summary, to), ""
    if summary["diagnostics"]:
        table = manager.filled(_table(to, *manager.HEADINGS, left=2), summary["diagnostics"])
        yield manager.TITLE, table, "\n".join(manager.notes(summary["diagnostics"]))
    yield "Chances", _chances(summary, to), ""


def _table(to: Console, *headings: str, left: int = 1) -> Table:
    """An empty table whose first `left` columns are words, the others numbers."""
    box = PLAIN_HEAD if to.options.ascii_only else SIMPLE_HEAD
    table = Table(box=box, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, heading in enumerate(headings):
        justify: Any = "left" if place < left else "right"
        table.add_column(heading, justify=justify, no_wrap=True)
    return table


PERCENTILES: Final = ("5 %", "median", "95 %")


def _funnel(summary: Summary, to: Console) -> Table:
    table = _table(to, "stage", "mean", "95 % interval", *PERCENTILES, OF_PREVIOUS)
    metrics, rates = summary["metrics"], summary["rates"]
    if metrics["dials"]["mean"] != metrics["dialled"]["mean"]:
        _aside(table, "(dials)", metrics["dials"])
    if metrics["arrived"]["mean"]:
        _aside(table, "(leads)", metrics["leads"])
    for name in stages(summary):
        estimated = metrics[name]
        share = step(summary, name)
        table.add_row(name, *_counts(estimated), "" if share is None else rate(share))
    if two_ways(summary):
        _aside(table, "- by phone", metrics["sold_by_phone"], rate(rates["sold_by_phone"]))
        _aside(table, "- face to face", metrics["sold_face_to_face"], rate(rates["sold_face_to_face"]))
    if "hot_share" in metrics:
        _aside(table, "- hot", metrics["sold_hot"], rate(metrics["hot_share"]))
    if metrics["conceded"]["mean"]:
        _aside(table, "- conceded", metrics["conceded"], rate(rates["conceded"]))
    return table


def _funnel_notes(summary: Summary) -> Iterator[str]:
    """What the percentages of the funnel are of, where it is not the row above."""
    metrics = summary["metrics"]
    if two_ways(summary):
        yield BY_PHONE
    if "hot_share" in metrics:
        yield ANSWERED_HOT
    of_sales = {"hot (sold to hot leads)": "hot_share" in metrics, CONCEDED: metrics["conceded"]["mean"]}
    if any(of_sales.values()):
        yield f"Of sales: {', '.join(what for what, there in of_sales.items() if there)}."


OF_PREVIOUS: Final = "of previous\n(95 % interval)"
BY_PHONE: Final = (
    "booked: of those who accepted and did not buy by phone; by phone: of the accepted; face to face: of the "
    "interested."
)
CONCEDED: Final = "conceded (won by pressure alone)"
ANSWERED_HOT: Final = "Hot leads that were answered count as dialled, answered and listened."
GAVE_UP: Final = "gave up: waited for an answer in vain; of all that arrived."


def _aside(table: Table, name: str, estimated: Estimated, share: str = "") -> None:
    """A number that is no stage."""
    table.add_row(name, *_counts(estimated), share, style="dim")


def _hot(summary: Summary, to: Console) -> Table:
    """How far hot leads get."""
    table, hot = _table(to, "", "mean", "95 % interval", *PERCENTILES, OF_PREVIOUS), summary["hot"]
    for name, share in {"arrived": None, **hot["rates"]}.items():
        if name == "gave_up":
            _aside(table, "- gave up", hot[name], rate(share))
        else:
            table.add_row(name, *_counts(hot[name]), "" if share is None else rate(share))
    return table


def _response(summary: Summary, to: Console) -> Table:
    table = _table(to, "waited", "", "minutes", "95 % interval", left=2)
    for name, what in (("clock", "by the clock"), ("working", "working time")):
        for place, (key, kind) in enumerate(WAITED):
            known = summary["response"][f"{name}_minutes"][key]
            value, ends = number(known["value"]), interval({"mean": known["value"], "ci95": known["ci95"]})
            table.add_row("" if place else what, kind, value, ends)
    return table


WAITED: Final = (
    ("mean", "average"), ("p50", "half at most"), ("p90", "9 of 10 at most"), ("p95", "19 of 20 at most"),
)  # fmt: skip
ANSWERED: Final = (
    "Of all hot leads that were answered, all histories together; working time is within the shifts of the team that "
    "answers."
)


def _counts(estimated: Estimated) -> tuple[str, ...]:
    return number(estimated["mean"]), *_uncertainty(estimated)


def _uncertainty(estimated: Estimated) -> tuple[str, str, str, str]:
    return interval(estimated), whole(estimated["p05"]), whole(estimated["p50"]), whole(estimated["p95"])


def _amounts(estimated: Estimated) -> tuple[str, ...]:
    percentiles = (whole(estimated[name]) for name in ("p05", "p50", "p95"))
    return whole(estimated["mean"]), interval(estimated, 0), *percentiles


def _money(summary: Summary, to: Console) -> Table:
    table, metrics = _table(to, "", "mean", "95 % interval", *PERCENTILES), summary["metrics"]
    table.add_row("revenue", *_amounts(metrics["revenue"]))
    for name, estimated in _varying(summary["costs"]):
        table.add_row(f"- {_words(name)}", *_amounts(estimated), style="dim")
    for name in ("cost", "profit", "cost_per_sale"):
        table.add_row(_words(name), *_amounts(metrics[name]), style="bold" if name == "profit" else "")
    return table


def _cost_per_sale(summary: Summary) -> str:
    """What the row of that name says, where there is one to explain."""
    estimated, histories = summary["metrics"]["cost_per_sale"], summary["replications"]
    if estimated["mean"] is None or histories == 1:
        return ""
    which = f"the {estimated['n']:,} of {histories:,} histories that sell" if estimated["undefined"] else ""
    percentiles = which and f"; the percentiles are of {which}"
    return f"Cost per sale: the mean is all cost over all sales{percentiles}."


def _varying(estimates: Mapping[str, Estimated]) -> list[tuple[str, Estimated]]:
    """Lines that are not 0 in all histories."""
    return [(name, estimated) for name, estimated in estimates.items() if estimated["mean"] or estimated["sd"]]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _name(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 3]}..."


def _teams(summary: Summary, to: Console) -> Table:
    table = _table(to, "team", "", "mean", "95 % interval", *PERCENTILES, left=2)
    several = sum(bool(team["dials"]["mean"]) for team in summary["teams"].values()) > 1
    did = DID if several else DID[1:]
    for name, team in summary["teams"].items():
        rows = [("utilisation", *_shares(team["utilisation"]))]
        rows += [(what, *_counts(team[column])) for what, column in did if team[column]["mean"]]
        for what, column, units in WORK:
            estimated = {key: _divided(value, units) for key, value in team[column].items()}
            if estimated["mean"] or column != "overtime_minutes":
                rows.append((what, number(estimated["mean"]), *_fine(estimated)))
        rows.append(("cost", *_amounts(team["cost"])))
        for place, row in enumerate(rows):
            table.add_row("" if place else _name(name), *row)
    return table


DID: Final = (("dials", "dials"), ("hot answered", "answered_inbound"), ("meetings", "meetings"))
WORK: Final = (
    ("hours worked", "busy_minutes", 60), ("hours paid", "paid_hours", 1), ("overtime hours", "overtime_minutes", 60),
    ("last day", "days", 1),
)  # fmt: skip


def _divided(value: Any, units: int) -> Any:
    """An estimate's field in larger units."""
    if isinstance(value, list):
        return [_divided(end, units) for end in value]
    return None if value is None else value / units


def _fine(estimated: Estimated) -> tuple[str, ...]:
    return interval(estimated), *(number(estimated[name]) for name in ("p05", "p50", "p95"))


def _shares(estimated: Estimated) -> tuple[str, ...]:
    """A share of time, with its uncertainty."""
    percentiles = (percent(estimated[name], 0) for name in ("p05", "p50", "p95"))
    ends = UNKNOWN if estimated["ci95"] is None else " to ".join(percent(end) for end in estimated["ci95"])
    return percent(estimated["mean"]), ends, *percentiles


def _losses(summary: Summary, to: Console) -> Table:
    table, total = (
        _table(to, "", "mean", "of leads", "95 % interval", *PERCENTILES),
        summary["metrics"]["leads"]["mean"],
    )
    for name, estimated in [*_varying(summary["losses"]), ("sold", summary["metrics"]["sold"])]:
        share = percent(estimated["mean"] / total) if total else "-"
        table.add_row(LABELS.get(name, _words(name)), number(estimated["mean"]), share, *_uncertainty(estimated))
    return table


def _total(summary: Summary) -> float:
    """Leads in all."""
    return float(summary["metrics"]["leads"]["mean"])


def _chances(summary: Summary, to: Console) -> Table:
    table = _table(to, "target", "chance", "95 % interval")
    for target, chance in summary["chances"].items():
        between = "-" if chance["ci95"] is None else " to ".join(map(percent, chance["ci95"]))
        table.add_row(target, percent(chance["share"]), between)
    return table
