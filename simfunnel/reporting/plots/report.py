"""The pictures of a report are narrow enough for a phone, and each says in words what it shows.

Where a page has the same picture of several runs, each is told apart by the part of the page that it is `within`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from simfunnel.metrics import Columns
from simfunnel.reporting.plots.funnel import profit, sales
from simfunnel.reporting.plots.style import BLUE, GOLD, GREEN, GREY, INK, LINE, PALE, RED, clear
from simfunnel.reporting.plots.svg import as_svg, small_picture
from simfunnel.reporting.rows import varying, words
from simfunnel.reporting.wording import (
    LABELS,
    Estimated,
    Summary,
    chance,
    interval,
    number,
    percent,
    spread,
    stages,
    step,
    whole,
)

TEXT: Final = 13
SMALL: Final = 11.5
ROW: Final = 46
MOST_CAUSES: Final = 12
LONGEST: Final = 26
TOPS: Final = (2, 4, 10, 20, 50, 100)
"""Where a scale of percent may end."""


@dataclass(frozen=True)
class Picture:
    """A drawing to be put into a page, with what must be said under it, and over it where it is one of several."""

    svg: str
    caption: str
    title: str = ""


def shortened(name: str, longest: int = LONGEST) -> str:
    """A name that fits into a picture."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _whole_canvas(figure: Figure, rows: float) -> Axes:
    """Axes over all of a picture, a row of height 1 for each line of it, from above; 0 to 1 across."""
    axes = figure.add_axes((0.005, 0.0, 0.99, 1.0))
    clear(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(rows, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def _say(axes: Axes, x: float, y: float, text: str, **look: Any) -> None:
    chosen: dict[str, Any] = {"size": TEXT, "color": INK, "va": "center", "parse_math": False, **look}
    axes.text(x, y, text, **chosen)


def _bar(axes: Axes, y: float, length: float, colour: str, ends: tuple[float, float] | None = None) -> None:
    """A bar, and where nine of ten histories fall."""
    axes.barh(y, 1, height=0.3, color=LINE, alpha=0.4)
    axes.barh(y, length, height=0.3, color=colour)
    if ends is not None:
        axes.plot(ends, (y, y), color=INK, linewidth=1.3, solid_capstyle="butt")
        for end in ends:
            axes.plot((end, end), (y - 0.11, y + 0.11), color=INK, linewidth=1.3, solid_capstyle="butt")


def _log(most: float) -> Callable[[float | None], float]:
    """The length of a bar, 0 to 1: logarithmic from 0 (of 1 + value)."""
    return lambda value: float(np.log1p(max(0.0, value or 0.0)) / np.log1p(max(2.0, most)))


def funnel(summary: Summary, within: str = "") -> Picture:
    """How many get how far."""
    metrics, names, several = summary["metrics"], stages(summary), summary["replications"] > 1
    length = _log(max(metrics[name]["p95"] or 0.0 for name in names))
    figure = small_picture(ROW * len(names) + 4)
    axes = _whole_canvas(figure, len(names))
    told = []
    for place, name in enumerate(names):
        found, share = metrics[name], step(summary, name)
        of = f"{percent(share['mean'])} of {names[place - 1]}" if place and share and share["mean"] is not None else ""
        ends = (length(found["p05"]), length(found["p95"])) if several else None
        risk = spread(found) if several else ""
        _bar(axes, place + 0.7, length(found["mean"]), GOLD if name == "sold" else BLUE, ends)
        _say(axes, 0, place + 0.28, name, weight="bold", size=14)
        _say(axes, 0.25, place + 0.28, of, color=GREY, size=SMALL)
        _say(axes, 0.755, place + 0.28, number(found["mean"]), weight="bold", size=15, ha="right")
        _say(axes, 1, place + 0.28, risk, color=GREY, size=SMALL, ha="right")
        told.append(f"{name} {number(found['mean'])}{risk and f' ({risk})'}{of and f', {of}'}")
    risk = ", and where at least 9 of 10 single histories fall, as the thin line on the bar does" if several else ""
    caption = (
        f"In bold: {'the average' if several else 'how many'}. In grey: the share of those before{risk}. Bars are on a "
        "logarithmic scale, so that small numbers are seen beside large."
    )
    return Picture(as_svg(figure, f"{within}funnel", "How many get how far", "; ".join(told)), caption)


def outcomes(summary: Summary, columns: Columns) -> list[Picture]:
    """How sales and profit differ from history to history: the risk."""
    return [_outcome(summary, columns, "sold", sales), _outcome(summary, columns, "profit", profit)]


def _outcome(summary: Summary, columns: Columns, name: str, draw: Callable[..., None]) -> Picture:
    figure = small_picture(290)
    draw(figure.add_axes((0.115, 0.1, 0.865, 0.71)), summary, columns[name])
    found, currency = summary["metrics"][name], summary["currency"]
    what, unit = ("Sales", "") if name == "sold" else ("Profit", f" {currency}")
    text = (
        f"{what} in one history: on average {number(found['mean'])}{unit}; 1 history in 20 ends at "
        f"{whole(found['p05'])}{unit} or less, half at {whole(found['p50'])}{unit} or less, 1 in 20 at "
        f"{whole(found['p95'])}{unit} or more."
    )
    caption = "" if name == "sold" else _gain(summary["chances"]["profit > 0"]["share"])
    return Picture(as_svg(figure, f"outcome-{name}", f"{what} in one history", text + caption), text + caption)


def _gain(share: float | None) -> str:
    if share is None or share == 1:
        return ""
    return f" Losses are drawn in red: the chance of a profit above 0 is {chance(share)}."


def money(summary: Summary, within: str = "") -> Picture:
    """From revenue down to profit, line by line."""
    metrics, currency = summary["metrics"], summary["currency"]
    lines = [("revenue", metrics["revenue"], BLUE)]
    lines += [(f"– {words(name)}", found, GREY) for name, found in varying(summary["costs"])]
    gain = (metrics["profit"]["mean"] or 0) >= 0
    lines.append(("= profit" if gain else "= loss", metrics["profit"], GREEN if gain else RED))
    left, spans = 0.0, []
    for place, (_, found, _) in enumerate(lines):
        mean = found["mean"] or 0.0
        if place == 0:
            spans.append((0.0, mean))
            left = mean
        elif place == len(lines) - 1:
            spans.append((0.0, mean))
        else:
            spans.append((left - mean, left))
            left -= mean
    figure = small_picture(ROW * 0.86 * len(lines) + 4)
    axes = _whole_canvas(figure, len(lines))
    low, high = min(0.0, *(a for a, _ in spans)), max(0.0, *(b for _, b in spans))
    axes.set_xlim(low - 0.005 * (high - low or 1), high + 0.005 * (high - low or 1) + (0 if high > low else 1))
    axes.axvline(0, color=LINE, linewidth=1)
    for place, ((name, found, colour), (start, end)) in enumerate(zip(lines, spans, strict=True)):
        axes.barh(place + 0.72, end - start, left=start, height=0.32, color=colour)
        bold = "bold" if place in (0, len(lines) - 1) else "normal"
        heading: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "weight": bold}
        _say(axes, 0, place + 0.3, shortened(name, 25), **heading)
        _say(axes, 0.69, place + 0.3, f"{whole(found['mean'])} {currency}", ha="right", **heading)
        known = interval(found, 0) if found["ci95"] else ""
        _say(axes, 1, place + 0.3, known, color=GREY, size=SMALL, ha="right", transform=axes.get_yaxis_transform())
    told = "; ".join(f"{name} {whole(found['mean'])} {currency} ({interval(found, 0)})" for name, found, _ in lines)
    known = "In grey: where the average lies (95 % interval). " if summary["metrics"]["profit"]["ci95"] else ""
    caption = f"{known}Each cost begins where the line above ends."
    return Picture(as_svg(figure, f"{within}money", f"From revenue to profit, {currency}", told), caption)


def losses(summary: Summary, within: str = "") -> Picture:
    """Where the leads end, by cause."""
    total = summary["metrics"]["leads"]["mean"] or 0.0
    causes = [(name, found) for name, found in varying(summary["losses"])]
    shown = sorted(causes, key=lambda cause: -cause[1]["mean"])[:MOST_CAUSES]
    lines = [(LABELS.get(n, words(n)), f["stage"], f, RED) for n, f in causes if any(n == name for name, _ in shown)]
    lines.append(("sold", "", summary["metrics"]["sold"], GOLD))
    length = _log(max(found["mean"] or 0.0 for _, _, found, _ in lines))
    figure = small_picture(ROW * 0.86 * len(lines) + 4)
    axes = _whole_canvas(figure, len(lines))
    told = []
    for place, (name, stage, found, colour) in enumerate(lines):
        share = percent(found["mean"] / total) if total else "-"
        _bar(axes, place + 0.72, length(found["mean"]), colour)
        _say(axes, 0, place + 0.3, shortened(name, 22), weight="bold")
        _say(axes, 0.45, place + 0.3, stage and f"at {shortened(stage, 12)}", color=GREY, size=SMALL)
        _say(axes, 0.84, place + 0.3, number(found["mean"]), weight="bold", ha="right")
        _say(axes, 1, place + 0.3, share, color=GREY, size=SMALL, ha="right")
        told.append(f"{name} {number(found['mean'])} ({share})")
    caption = "On average, and as a share of all leads; bars are on a logarithmic scale."
    if len(shown) < len(causes):
        caption += f" The {len(shown)} largest of {len(causes)} causes; all are in the table."
    return Picture(as_svg(figure, f"{within}losses", "Where the leads end", "; ".join(told)), caption)


def workdays(summary: Summary, within: str = "") -> Picture | None:
    """How busy each team is, day by day; None where nobody counted that."""
    days = summary["days"]
    if not days:
        return None
    worked = {name: told for name, told in days["teams"].items() if any(each["mean"] for each in told)}
    height = 120
    figure = small_picture(height * len(worked) + 6)
    for place, (name, told) in enumerate(worked.items()):
        bottom = 1 - ((place + 1) * height - 22) / (height * len(worked) + 6)
        axes = figure.add_axes((0.125, bottom, 0.86, 74 / (height * len(worked) + 6)))
        _team(axes, shortened(name, 40), told, days["unit"])
    said = "; ".join(f"{name}: {_busiest(told, days['unit'])}" for name, told in worked.items())
    pooled = "" if days["unit"] == "days" else f" Days are pooled into {days['unit']}, as there are many."
    caption = (
        "Time worked, as a share of all shift hours of the team, overtime apart: the average of all histories; as "
        "a thin line its 95 % interval. Each team has its own scale. The last day is the last with work in any history."
        f"{pooled}"
    )
    return Picture(as_svg(figure, f"{within}workdays", f"How busy each team is, by {days['unit']}", said), caption)


def _busiest(told: Sequence[Summary], unit: str) -> str:
    most = max(told, key=lambda each: each["mean"])
    ends = "" if most["ci95"] is None else f", 95 % interval {percent(most['ci95'][0])} to {percent(most['ci95'][1])}"
    return f"at most {percent(most['mean'])} (from {most['from']}{ends}); {len(told)} {unit} from {told[0]['from']}"


def _team(axes: Axes, name: str, told: Sequence[Summary], unit: str) -> None:
    """A bar a period, up to the highest of them or a little more."""
    x, means = np.arange(len(told)), 100 * np.array([each["mean"] for each in told])
    clear(axes, "bottom")
    axes.spines["bottom"].set_color(LINE)
    axes.bar(x, means, width=0.8, color=BLUE)
    for place, each in enumerate(told):
        if each["ci95"] is not None and each["ci95"][0] < each["ci95"][1]:
            axes.plot((place, place), [100 * end for end in each["ci95"]], color=INK, linewidth=1.2)
    axes.set_xlim(-0.7, max(len(told), 5) - 0.3)
    most = max(100 * (each["ci95"] or [0, each["mean"]])[1] for each in told)
    top = next(top for top in TOPS if top >= most or top == TOPS[-1])
    axes.set_ylim(0, top)
    axes.yaxis.set_major_locator(FixedLocator([0, top / 2, top]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, colors=GREY)
    chosen = MaxNLocator(nbins=4, integer=True).tick_values(0, len(told) - 1)
    places = [int(tick) for tick in chosen if 0 <= tick < len(told) and tick == int(tick)] or [0]
    axes.set_xticks(places, [_date(told[place]["from"], unit) for place in places])
    axes.set_title(name, loc="left", size=TEXT, weight="bold", color=INK, pad=7, parse_math=False)


def _date(text: str, unit: str) -> str:
    date = dt.date.fromisoformat(text)
    return f"{date.day} {date:%b}" if unit == "days" else f"{date:%b %Y}" if unit != "years" else f"{date.year}"


def certainty(name: str, title: str, rows: Sequence[tuple[str, Estimated, str]]) -> Picture:
    """For each row (label, estimate, unit): how single histories fall, pale, and where the average lies, dark."""
    figure = small_picture(ROW * 1.5 * len(rows) + 4)
    axes = _whole_canvas(figure, 1.5 * len(rows))
    told = []
    for place, (label, found, unit) in enumerate(rows):
        y, ci95 = 1.5 * place, found["ci95"] or (found["mean"], found["mean"])
        low, high = min(found["p05"], ci95[0]), max(found["p95"], ci95[1])

        def across(value: float, low: float = low, high: float = high) -> float:
            return 0.01 + 0.98 * (value - low) / (high - low) if high > low else 0.5

        _say(axes, 0, y + 0.3, label, weight="bold")
        _say(axes, 1, y + 0.3, f"{number(found['mean'])}{unit} ({interval(found)})", ha="right")
        axes.plot((across(found["p05"]), across(found["p95"])), (y + 0.72,) * 2, color=PALE, linewidth=14,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot((across(ci95[0]), across(ci95[1])), (y + 0.72,) * 2, color=BLUE, linewidth=14, solid_capstyle="butt")
        axes.plot((across(found["mean"]),) * 2, (y + 0.5, y + 0.94), color=INK, linewidth=2)
        _say(axes, across(found["p05"]), y + 1.14, whole(found["p05"]), color=GREY, size=SMALL)
        _say(axes, across(found["p95"]), y + 1.14, whole(found["p95"]), color=GREY, size=SMALL, ha="right")
        told.append(f"{label}: average {number(found['mean'])}{unit}, 95 % interval of the average {interval(found)}; "
                    f"9 of 10 single histories {spread(found)}")  # fmt: skip
    caption = "Pale: where 9 of 10 single histories fall (risk). Dark: where the average lies (error of the estimate)."
    return Picture(as_svg(figure, name, title, "; ".join(told)), caption)
