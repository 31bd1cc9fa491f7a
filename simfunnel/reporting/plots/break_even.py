"""One picture shows where the better policy changes, and how surely: the difference, its band, and the tie in it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from simfunnel.reporting import break_even as told
from simfunnel.reporting.along_key import spoken
from simfunnel.reporting.plots.style import BLUE, GREY, INK, RED, clear, picture, save
from simfunnel.reporting.rows import words
from simfunnel.reporting.units import unit_of
from simfunnel.reporting.wording import Summary, chance_in_short
from simfunnel.scenario.values import one_line

WIDE: Final = 84
WIDER: Final = 100
"""Letters of the answer in a line, and of a long one."""
NARROW: Final = 0.15
"""Part of the width below which a name stands upright."""
LATE: Final = 0.85
"""From here on a number stands before the tie, as there is no room after it."""
NAME: Final = 24
SHADE: Final = "#F8EED6"
MARGIN: Final = 0.1


def break_even(summary: Summary, path: Path) -> None:
    """Write the picture of a break-even to `path` (PNG, 1600 x 900 pixels)."""
    figure = picture()
    lines, size = textwrap.wrap(summary["verdict"], WIDE), 17
    if len(lines) > 3:
        lines, size = textwrap.wrap(summary["verdict"], WIDER)[:4], 14
    figure.text(0.04, 0.965, "\n".join(lines), size=size, weight="bold", color=INK, va="top", parse_math=False)
    figure.text(0.04, 0.83, told.how(summary), size=12, color=GREY, va="top", parse_math=False)
    axes = figure.add_axes((0.1, 0.155, 0.87, 0.595 if summary["worlds"] is None else 0.52))
    _difference(axes, summary)
    if summary["worlds"] is not None:
        _chances(axes, summary)
    for tie in summary["ties"]:
        _tie(axes, summary, tie)
    for low, high, who in _sides(summary):
        _side(axes, summary, low, high, who)
    _finish(axes, summary)
    figure.text(0.04, 0.025, _legend(summary), size=10.5, color=GREY, parse_math=False)
    save(figure, path)


def _difference(axes: Axes, summary: Summary) -> None:
    """The difference at every value at which both were lived, in its band, and 0."""
    points = [point for point in summary["points"] if point["difference"] is not None]
    at, means = [point["value"] for point in points], [point["difference"] for point in points]
    ends = np.array([point["ci95"] or [np.nan, np.nan] for point in points]).reshape(-1, 2)
    axes.fill_between(at, ends[:, 0], ends[:, 1], color=BLUE, alpha=0.22, linewidth=0, zorder=2)
    axes.plot(at, means, color=BLUE, linewidth=2.4, zorder=3)
    on_grid = [point for point in points if point["on_grid"]]
    axes.plot([p["value"] for p in on_grid], [p["difference"] for p in on_grid], "o", color=BLUE, zorder=4)
    axes.axhline(0, color=INK, linewidth=1.4, zorder=2.5)


def _chances(axes: Axes, summary: Summary) -> None:
    """Along the top, at each value of the grid, how sure of the second policy one may be at all."""
    other = _name(summary["between"][1])
    text = f"Chance that {other} is better on average, as the inputs are uncertain:"
    look: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom", "color": RED, "parse_math": False, "zorder": 7}
    axes.text(0, 1.085, text, size=12, **look)
    for point in told.grid(summary):
        share = point["better_on_average"]["share"]
        if share is not None:
            place = _place(summary, point["value"])
            axes.text(place, 1.02, chance_in_short(share), size=14, weight="bold", ha="center", **look)


def _tie(axes: Axes, summary: Summary, tie: Summary) -> None:
    """The tie, in words, and its interval as a shade, up to the end of the range where it is open."""
    low, high = (end if end is not None else edge for end, edge in zip(tie["ci95"], summary["range"], strict=True))
    axes.axvspan(low, high, color=SHADE, zorder=0, linewidth=0)
    start, end = (_place(summary, value) for value in (low, high))
    if end - start > NARROW:
        text = f"not decided: {_ends(summary, tie)}"
        axes.text(
            (start + end) / 2,
            0.025,
            text,
            transform=axes.transAxes,
            ha="center",
            size=12,
            color=INK,
            zorder=6,
            bbox={"facecolor": SHADE, "edgecolor": "none", "pad": 2.0},
        )
    axes.axvline(tie["value"], color=INK, linewidth=1.6, linestyle="--", zorder=2.6)
    axes.plot([tie["value"]], [0], "D", color=RED, markersize=10, zorder=5)
    late = _place(summary, tie["value"]) > LATE
    axes.annotate(
        told.value(summary, tie["value"]), (tie["value"], 0), xytext=(-9 if late else 9, 9), textcoords="offset points",
        ha="right" if late else "left", size=15,
        weight="bold", color=INK, zorder=6,
    )  # fmt: skip


def _ends(summary: Summary, tie: Summary) -> str:
    """The ends of the interval of a tie; one that lies beyond the range is told by the other alone."""
    low, high = (None if end is None else told.value(summary, end) for end in tie["ci95"])
    if low is None or high is None:
        return f"from {low} on" if low else f"up to {high}" if high else "at any value"
    return f"{low} to {high}"


def _sides(summary: Summary) -> Iterator[tuple[float, float, str]]:
    """From where to where who is better; nobody on that side of a tie where its interval is open."""
    low, high = summary["range"]
    ties = summary["ties"]
    if not ties:
        points = told.grid(summary)
        sure = {point["better"] for point in points}
        name = next(iter(sure)) if len(sure) == 1 else None
        looked = f"is better at all {len(points)} values"
        yield low, high, told.OPEN if name is None else f"{_name(name)} {looked}"
        return
    if all(tie["ci95"] == [None, None] for tie in ties):
        yield low, high, told.OPEN
        return
    stops = [low, *map(_stop, ties), high]
    names = [told.surely_below(ties[0]), *map(told.surely_above, ties)]
    for start, end, name in zip(stops, stops[1:], names, strict=False):
        yield start, end, told.OPEN if name is None else f"{_name(name)} is better"


def _stop(tie: Summary) -> float:
    """Where the words of one side end: at the tie, or where its interval ends if it is open on the other side."""
    low, high = tie["ci95"]
    return float(tie["value"] if (low is None) == (high is None) else low if high is None else high)


def _name(name: str) -> str:
    return one_line(name, NAME)


def _side(axes: Axes, summary: Summary, low: float, high: float, text: str) -> None:
    """Words above a part of the axis; upright where it is narrow."""
    start, end = (_place(summary, value) for value in (low, high))
    narrow, middle = end - start < NARROW, (start + end) / 2
    if narrow:
        axes.text(middle, 0.03, text, transform=axes.transAxes, rotation=90, ha="center", va="bottom", size=11,
                  color=INK, parse_math=False, zorder=7)  # fmt: skip
        return
    height = 1.025 if summary["worlds"] is None else 1.145
    axes.text(middle, height, text, transform=axes.transAxes, ha="center", va="bottom", size=15, weight="bold",
              color=INK, parse_math=False)  # fmt: skip


def _place(summary: Summary, value: float) -> float:
    low, high = summary["range"]
    if summary["geometric"]:
        return float(np.log(value / low) / np.log(high / low))
    return float((value - low) / (high - low))


def _finish(axes: Axes, summary: Summary) -> None:
    """Axes with their units."""
    one, other = summary["between"]
    metric, currency = summary["metric"], summary["currency"]
    clear(axes, "bottom", "left")
    axes.tick_params(labelsize=12)
    if summary["geometric"]:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator([point["value"] for point in told.grid(summary)]))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=10, steps=[1, 2, 5, 10], integer=summary["whole"]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{float(f'{value:.3g}'):,}".removesuffix(".0")))
    axes.set_xlim(*summary["range"])
    axes.margins(y=MARGIN)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value)))
    axes.set_xlabel(spoken(summary["key"], summary["unit"]), size=13, color=INK, parse_math=False)
    better = "" if summary["better"] == "higher" else "; lower is better"
    label = f"{words(metric)}: {_name(other)} less {_name(one)} ({unit_of(metric, currency)}{better})"
    axes.set_ylabel(textwrap.fill(label, 44), size=13, color=INK, parse_math=False)
    axes.grid(axis="y", color="#E4E4E4", linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)


def _signed(value: float) -> str:
    text = f"{float(f'{value:.4g}'):,}".removesuffix(".0")
    return f"+{text}" if value > 0 else "0" if value == 0 else text.replace("-", "\u2212")


def _legend(summary: Summary) -> str:
    band = "Line and band: difference of the means, with its 95 % interval (of the simulation)."
    if not summary["ties"]:
        return band
    ties = "ties" if len(summary["ties"]) > 1 else "tie"
    return f"{band} Diamond, dashed, and shade: the {ties}, with the 95 % interval of where it may be."
