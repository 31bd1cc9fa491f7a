"""A run fits one screen of 80 columns, and every mean on it stands beside its interval and its percentiles."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simfunnel.reporting import after_sales, against, hot, manager, pursuit, requirements
from simfunnel.reporting.rows import PERCENTILES, amounts, aside, counts, empty, uncertainty, varying, words
from simfunnel.reporting.wording import (
    LABELS,
    UNKNOWN,
    WAYS,
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
    title,
    two_ways,
    ways,
)
from simfunnel.scenario.values import one_line

WIDTH: Final = 80
WIDEST: Final = 300
UNBROKEN: Final = "\u00a0"
NAME: Final = 16
MOST_KEYS: Final = 8
"""Keys of an alternative that are shown."""
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
    for heading, table, note in _tables(summary, to):
        to.print()
        to.print(_line(to, heading, "bold cyan"))
        fit(table, to)
        to.print(table)
        paragraphs(to, note.splitlines(), "dim")
    to.print()
    to.print(_line(to, "What it means", "bold cyan"))
    told = (pursuit, after_sales, against) if summary["replications"] > 1 else ()
    more = (sentence for each in told for sentence in each.meaning(summary))
    paragraphs(to, [*meaning(summary), *more, *requirements.meaning(summary)])


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


def _tables(summary: Summary, to: Console) -> Iterator[tuple[str, Table, str]]:
    """Each table with its title, and what must be said under it."""
    yield "Funnel", _funnel(summary, to), "\n".join(_funnel_notes(summary))
    if summary["hot"] and summary["hot"]["arrived"]["mean"]:
        yield "Hot leads", hot.how_far(summary, to), "\n".join(hot.notes(summary))
    if summary["follow_up"]:
        yield "Follow-up", pursuit.follow_up(summary, to), pursuit.FOLLOW_UP
        if summary["follow_up"]["by_touch"]:
            notes = "\n".join(pursuit.when_to_stop_notes(summary))
            yield f"When to stop, {summary['currency']}", pursuit.when_to_stop(summary, to), notes
        yield f"Pipeline, {summary['currency']}", pursuit.pipeline(summary, to), "\n".join(pursuit.notes(summary))
    yield from after_sales.tables(summary, to)
    yield f"Money, {summary['currency']}", _money(summary, to), _cost_per_sale(summary)
    if any(waits["mean"]["value"] is not None for waits in summary["response"].values()):
        yield "Response to hot leads", hot.response(summary, to), hot.ANSWERED
    yield "Teams", _teams(summary, to), ""
    yield f"Where the {leads(summary)} leads end", _losses(summary, to), ""
    if summary["diagnostics"]:
        table = manager.filled(empty(to, *manager.HEADINGS, left=2), summary["diagnostics"])
        yield manager.TITLE, table, "\n".join(manager.notes(summary["diagnostics"]))
    yield "Chances", _chances(summary, to), ""
    if summary["against_base"]:
        yield against.TITLE, _against(summary, to), against.NOTE
    if summary["requirements"]:
        table = requirements.filled(empty(to, *requirements.headings(summary)), summary)
        yield requirements.TITLE, table, "\n".join(requirements.notes(summary))


def _against(summary: Summary, to: Console) -> Table:
    table = empty(to, *against.HEADINGS)
    for row in against.rows(summary):
        table.add_row(*row)
    return table


def _funnel(summary: Summary, to: Console) -> Table:
    table = empty(to, "stage", "mean", "95 % interval", *PERCENTILES, hot.OF_PREVIOUS)
    metrics, rates = summary["metrics"], summary["rates"]
    if metrics["dials"]["mean"] != metrics["dialled"]["mean"]:
        aside(table, "(dials)", metrics["dials"])
    if metrics["arrived"]["mean"]:
        aside(table, "(leads)", metrics["leads"])
    for name in stages(summary):
        estimated = metrics[name]
        share = step(summary, name)
        table.add_row(name, *counts(estimated), "" if share is None else rate(share))
    for name in ways(summary):
        told = _of_sold if name in OF_SOLD else rate
        aside(table, f"- {WAYS[name]}", metrics[name], told(rates[name]))
    if "hot_share" in metrics:
        aside(table, "- hot", metrics["sold_hot"], _of_sold(metrics["hot_share"]))
    if metrics["conceded"]["mean"]:
        aside(table, "- conceded", metrics["conceded"], _of_sold(rates["conceded"]))
    return table


def _of_sold(estimated: Estimated) -> str:
    """A share that is not of the row before, which it says instead of its interval."""
    return UNKNOWN if estimated["mean"] is None else f"{percent(estimated['mean'])} of sold"


OF_SOLD: Final = ("sold_follow_up", "sold_came_back")


def _funnel_notes(summary: Summary) -> Iterator[str]:
    """What the percentages of the funnel are of, where it is not the row above."""
    metrics = summary["metrics"]
    if two_ways(summary):
        yield BY_PHONE
    if "hot_share" in metrics:
        yield ANSWERED_HOT
    of_sales = {
        LATER: "sold_follow_up" in metrics,
        "hot (sold to hot leads)": "hot_share" in metrics,
        CONCEDED: metrics["conceded"]["mean"],
    }
    if any(of_sales.values()):
        yield f"Of sales: {', '.join(what for what, there in of_sales.items() if there)}."


BY_PHONE: Final = (
    "booked: of those who accepted and did not buy by phone; by phone: of the accepted; face to face: of the "
    "interested."
)
LATER: Final = "follow-up (sold to the undecided later), came back (so did these by themselves)"
CONCEDED: Final = "conceded (won by pressure alone)"
ANSWERED_HOT: Final = "Hot leads that were answered count as dialled, answered and listened."


def _money(summary: Summary, to: Console) -> Table:
    table, metrics = empty(to, "", "mean", "95 % interval", *PERCENTILES), summary["metrics"]
    table.add_row("revenue", *amounts(metrics["revenue"]))
    for label, estimated in after_sales.revenue(summary):
        table.add_row(label, *amounts(estimated), style="dim")
    for name, estimated in varying(summary["costs"]):
        table.add_row(f"- {words(name)}", *amounts(estimated), style="dim")
    for name in ("cost", "profit", "cost_per_sale"):
        table.add_row(words(name), *amounts(metrics[name]), style="bold" if name == "profit" else "")
    return table


def _cost_per_sale(summary: Summary) -> str:
    """What the row of that name says, where there is one to explain."""
    estimated, histories = summary["metrics"]["cost_per_sale"], summary["replications"]
    if estimated["mean"] is None or histories == 1:
        return ""
    which = f"the {estimated['n']:,} of {histories:,} histories that sell" if estimated["undefined"] else ""
    percentiles = which and f"; the percentiles are of {which}"
    if "cost_of_sales" in summary["metrics"]:
        return f"Cost per sale: all cost but the goods of later purchases, over the sales kept{percentiles}."
    return f"Cost per sale: the mean is all cost over all sales{percentiles}."


def _name(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 3]}..."


def _teams(summary: Summary, to: Console) -> Table:
    table = empty(to, "team", "", "mean", "95 % interval", *PERCENTILES, left=2)
    several = sum(bool(team["dials"]["mean"]) for team in summary["teams"].values()) > 1
    did = DID if several else DID[1:]
    for name, team in summary["teams"].items():
        rows = [("utilisation", *_shares(team["utilisation"]))]
        rows += [(what, *counts(team[column])) for what, column in did if column in team and team[column]["mean"]]
        for what, column, units in WORK:
            estimated = {key: _divided(value, units) for key, value in team[column].items()}
            if estimated["mean"] or column != "overtime_minutes":
                rows.append((what, number(estimated["mean"]), *_fine(estimated)))
        rows.append(("cost", *amounts(team["cost"])))
        for place, row in enumerate(rows):
            table.add_row("" if place else _name(name), *row)
    return table


DID: Final = (
    ("dials", "dials"),
    ("hot answered", "answered_inbound"),
    ("meetings", "meetings"),
    ("touches", "touches"),
    ("care contacts", "contacts"),
    ("forgotten", "forgotten"),
)
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
    """Where the leads end, by stage and cause."""
    table = empty(to, "stage", "", "mean", "share", "95 % interval", *PERCENTILES, left=2)
    total, before = summary["metrics"]["leads"]["mean"], ""
    for name, estimated in [*varying(summary["losses"]), ("", {**summary["metrics"]["sold"], "stage": "sold"})]:
        share, stage = percent(estimated["mean"] / total) if total else "-", estimated["stage"]
        cells = LABELS.get(name, words(name)), number(estimated["mean"]), share, *uncertainty(estimated)
        table.add_row("" if stage == before else stage, *cells)
        before = stage
    return table


def _chances(summary: Summary, to: Console) -> Table:
    table = empty(to, "target", "chance", "95 % interval")
    for target, chance in summary["chances"].items():
        between = "-" if chance["ci95"] is None else " to ".join(map(percent, chance["ci95"]))
        table.add_row(target, percent(chance["share"]), between)
    return table
