"""What a run is shown by is a row of tables, as data: each with its title, and with what must be said under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from simfunnel.reporting import after_sales, against, hot, manager, pursuit
from simfunnel.reporting.rows import PERCENTILES, Sheet, amounts, aside, counts, empty, uncertainty, varying, words
from simfunnel.reporting.wording import (
    LABELS,
    UNKNOWN,
    WAYS,
    Estimated,
    Summary,
    interval,
    leads,
    number,
    percent,
    rate,
    stages,
    step,
    two_ways,
    ways,
)

NAME: Final = 16


class Shown(NamedTuple):
    """A table of a run: what part of the run it tells, its title, and what must be said under it, by paragraph."""

    part: str
    title: str
    sheet: Sheet
    note: str


def sheets(summary: Summary) -> Iterator[Shown]:
    """The tables of a run, in the order in which a terminal shows them."""
    currency = summary["currency"]
    yield Shown("funnel", "Funnel", _funnel(summary), "\n".join(_funnel_notes(summary)))
    if summary["hot"] and summary["hot"]["arrived"]["mean"]:
        yield Shown("hot", "Hot leads", hot.how_far(summary), "\n".join(hot.notes(summary)))
    if summary["follow_up"]:
        yield Shown("follow_up", "Follow-up", pursuit.follow_up(summary), pursuit.FOLLOW_UP)
        if summary["follow_up"]["by_touch"]:
            notes = "\n".join(pursuit.when_to_stop_notes(summary))
            yield Shown("follow_up", f"When to stop, {currency}", pursuit.when_to_stop(summary), notes)
        title = f"Pipeline, {currency}"
        yield Shown("follow_up", title, pursuit.pipeline(summary), "\n".join(pursuit.notes(summary)))
    yield from (Shown("after_sales", *table) for table in after_sales.tables(summary))
    yield Shown("money", f"Money, {currency}", _money(summary), _cost_per_sale(summary))
    if any(waits["mean"]["value"] is not None for waits in summary["response"].values()):
        yield Shown("hot", "Response to hot leads", hot.response(summary), hot.ANSWERED)
    yield Shown("teams", "Teams", _teams(summary), "")
    yield Shown("losses", f"Where the {leads(summary)} leads end", _losses(summary), "")
    if summary["diagnostics"]:
        notes = "\n".join(manager.notes(summary["diagnostics"]))
        yield Shown("manager", manager.TITLE, manager.levels(summary["diagnostics"]), notes)
    yield Shown("chances", "Chances", _chances(summary), "")
    if summary["against_base"]:
        yield Shown("against", against.TITLE, _against(summary), against.NOTE)


def _against(summary: Summary) -> Sheet:
    table = empty(*against.HEADINGS)
    for row in against.rows(summary):
        table.add_row(*row)
    return table


def _funnel(summary: Summary) -> Sheet:
    table = empty("stage", "mean", "95 % interval", *PERCENTILES, hot.OF_PREVIOUS)
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


def _money(summary: Summary) -> Sheet:
    table, metrics = empty("", "mean", "95 % interval", *PERCENTILES), summary["metrics"]
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


def _teams(summary: Summary) -> Sheet:
    table = empty("team", "", "mean", "95 % interval", *PERCENTILES, left=2)
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


def _losses(summary: Summary) -> Sheet:
    """Where the leads end, by stage and cause."""
    table = empty("stage", "", "mean", "share", "95 % interval", *PERCENTILES, left=2)
    total, before = summary["metrics"]["leads"]["mean"], ""
    for name, estimated in [*varying(summary["losses"]), ("", {**summary["metrics"]["sold"], "stage": "sold"})]:
        share, stage = percent(estimated["mean"] / total) if total else "-", estimated["stage"]
        cells = LABELS.get(name, words(name)), number(estimated["mean"]), share, *uncertainty(estimated)
        table.add_row("" if stage == before else stage, *cells)
        before = stage
    return table


def _chances(summary: Summary) -> Sheet:
    table = empty("target", "chance", "95 % interval")
    for target, chance in summary["chances"].items():
        between = "-" if chance["ci95"] is None else " to ".join(map(percent, chance["ci95"]))
        table.add_row(target, percent(chance["share"]), between)
    return table
