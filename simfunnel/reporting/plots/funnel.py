"""One picture shows the funnel and the risk: 1,500 dials and 5 sales both legible, each with its uncertainty."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from simfunnel.metrics import Columns
from simfunnel.reporting.plots.style import BLUE, GOLD, GREEN, GREY, INK, PALE, RED, clear, picture, save
from simfunnel.reporting.wording import (
    UNKNOWN,
    Estimated,
    Summary,
    chance_in_short,
    hot_in_short,
    interval,
    number,
    percent,
    spread,
    stages,
    step,
    title,
    two_ways,
)

BINS: Final = 40
MOST_BARS: Final = 45
LONGEST: Final = 100
# Amounts that differ by less than this are told apart by their minor units.
FINE: Final = 5.0
# Where the columns of numbers end, in lengths of the longest bar.
NUMBERS: Final = (1.42, 2.12, 2.8)


def funnel(summary: Summary, columns: Columns, path: Path) -> None:
    """Write the picture of a run to `path` (PNG, 1600 x 900 pixels)."""
    figure = picture()
    grid = figure.add_gridspec(
        2, 2, width_ratios=(1.65, 1), left=0.09, right=0.975, top=0.79, bottom=0.1, wspace=0.16, hspace=0.55
    )
    _bars(figure.add_subplot(grid[:, 0]), summary)
    sales(figure.add_subplot(grid[0, 1]), summary, columns["sold"])
    profit(figure.add_subplot(grid[1, 1]), summary, columns["profit"])
    _titles(figure, summary)
    save(figure, path)


def _titles(figure: Figure, summary: Summary) -> None:
    name = title(summary)
    name = name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..."
    figure.text(
        0.025, 0.935, name, size=21 if len(name) <= LONGEST // 2 else 14, weight="bold", color=INK, parse_math=False
    )
    histories = f"{summary['replications']:,} simulated {'history' if summary['replications'] == 1 else 'histories'}"
    text = f"{histories} of {summary['horizon']} from {summary['first_day']}, seed {summary['seed']}"
    figure.text(0.025, 0.895, text + hot_in_short(summary), size=12, color=GREY, parse_math=False)


def _bars(axes: Axes, summary: Summary) -> None:
    """The funnel: bar lengths on a logarithmic scale, so that each step is seen, with the numbers in words."""
    metrics, names = summary["metrics"], stages(summary)
    most = max(2.0, max(metrics[name]["p95"] or 0.0 for name in names))
    for place, name in enumerate(names):
        _bar(axes, place, name, metrics[name], most)
        if place:
            share = step(summary, name)
            _between(axes, place - 0.5, _ways(summary) if share is None else _share(share))
    _later(axes, names.index("sold"), metrics, most)
    labels = [*names, *_become(axes, len(names), summary, most)]
    for x, heading in zip(NUMBERS, ("mean", "95 % interval", "9 of 10 histories"), strict=True):
        axes.text(x, -0.62, heading, size=10.5, color=GREY, ha="right", va="center")
    clear(axes)
    axes.set_xlim(0, NUMBERS[-1])
    axes.set_ylim(len(labels) - 0.5, -0.8)
    axes.set_yticks(range(len(labels)), labels, size=14, color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.set_title("How many get how far", loc="left", size=15, weight="bold", color=INK, pad=24)
    parts = PARTS if axes.get_legend() or labels[-1] == CUSTOMERS else ""
    note = f"{BARS}\n{TWO_WAYS if two_ways(summary) else OF_PREVIOUS}{parts}"
    axes.set_xlabel(note, size=10.5, color=GREY, loc="left")


BARS: Final = "Bars: mean, on a logarithmic scale. Whiskers: where at least 9 of 10 single histories fall."
PARTS: Final = " Parts of a bar: by its length."
OF_PREVIOUS: Final = "Percentages: of the stage before, with the 95 % interval of the mean."
TWO_WAYS: Final = (
    "Percentages: of the stage before (95 % interval of the mean); booked: of those who accepted and did\n"
    "not buy by phone; by phone: of the accepted; face to face: of the interested."
)


def _bar(axes: Axes, place: int, name: str, estimated: Estimated, most: float) -> None:
    """One stage: its bar, its whiskers and its numbers."""
    axes.barh(place, _length(estimated["mean"], most), height=0.6, color=GOLD if name == "sold" else BLUE)
    ends = (_length(estimated["p05"], most), _length(estimated["p95"], most))
    axes.plot(ends, (place, place), color=INK, linewidth=1.6, solid_capstyle="butt")
    axes.plot(ends, (place, place), "|", color=INK, markersize=9, markeredgewidth=1.6)
    texts = (number(estimated["mean"]), interval(estimated), spread(estimated))
    for x, text, size in zip(NUMBERS, texts, (16, 11.5, 11.5), strict=True):
        weight = "bold" if size > 12 else "normal"
        axes.text(x, place, text, size=size, weight=weight, color=INK, ha="right", va="center")


LATER: Final = (("sold_follow_up", "follow-up", "///", "#F6C566"), ("sold_came_back", "came back", "...", "#FBE7BF"))
"""Sales to leads that had been undecided: shade and hatch, which tell them apart without colour too."""


def _later(axes: Axes, place: int, metrics: Summary, most: float) -> None:
    """The part of the sold that bought later, at the end of their bar, and a legend; the parts are true to scale."""
    sold, shown = metrics["sold"], [each for each in LATER if metrics.get(each[0], {}).get("mean")]
    if not shown or not sold["mean"]:
        return
    end, whole_bar = _length(sold["mean"], most), _length(sold["mean"], most)
    bars = []
    for name, label, hatch, colour in reversed(shown):
        width = whole_bar * metrics[name]["mean"] / sold["mean"]
        end -= width
        look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": 0.0}
        bars.append(axes.barh(place, width, left=end, height=0.6, label=label, **look))
    at_once = Patch(color=GOLD, label="at once")
    right = max(whole_bar, _length(sold["p95"], most)) + 0.02
    axes.legend(
        handles=[at_once, *reversed(bars)], loc="center left", bbox_to_anchor=(min(right, 0.95), place),
        bbox_transform=axes.transData, fontsize=9.5, frameon=False, labelspacing=0.15, handlelength=1.6, borderpad=0.2,
    )  # fmt: skip


LONG: Final = 0.65
"""A bar beside which the words need two lines."""
CUSTOMERS: Final = "customers"
BECOME: Final = (
    ("kept", ("kept",), "", GREEN), ("lost", ("lost_in_silence", "left", "gave_up"), "///", "#BDBDBD"),
    ("cancelled", ("cancelled",), "xxx", "#F2B48C"),
)  # fmt: skip
"""What becomes of who bought, until the horizon: shade and hatch again."""


def _become(axes: Axes, place: int, summary: Summary, most: float) -> tuple[str, ...]:
    """Under the sold what becomes of them, true to scale and in words; the label of the row, none without customers."""
    if not summary["after_sales"] or not summary["metrics"]["customers"]["mean"]:
        return ()
    all_, ends = summary["metrics"]["customers"]["mean"], summary["after_sales"]["customers"]
    whole_bar, left, bars = _length(all_, most), 0.0, []
    for label, names, hatch, colour in BECOME:
        those = sum(ends[name]["mean"] for name in names)
        if those:
            width = whole_bar * those / all_
            look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": 0.0}
            text = f"{label} {number(those)} ({percent(those / all_, 0)})"
            bars.append(axes.barh(place, width, left=left, height=0.6, label=text, **look))
            left += width
    texts = [str(bar.get_label()) for bar in bars]
    beside = len(bars) if whole_bar < LONG else 2
    axes.add_artist(
        Legend(
            axes, bars, texts, loc="center right", bbox_to_anchor=(NUMBERS[-1] + 0.04, place), ncols=beside,
            bbox_transform=axes.transData, fontsize=9.5, frameon=False, handlelength=1.6, borderpad=0.0,
            labelspacing=0.15, columnspacing=1.0, handletextpad=0.5,
        )
    )  # fmt: skip
    _between(axes, place - 0.5, "what becomes of them until the horizon")
    return (CUSTOMERS,)


def _length(value: float | None, most: float) -> float:
    """The length of a bar, 0 to 1: logarithmic from 0 (of 1 + value)."""
    return float(np.log1p(max(0.0, value or 0.0)) / np.log1p(most))


def _between(axes: Axes, place: float, text: str) -> None:
    """What is said between two stages."""
    axes.text(0.012, place, text, size=10.5, color=GREY, va="center")


def _share(rate: Estimated) -> str:
    """A share with its interval; empty if there is none."""
    if rate["mean"] is None:
        return ""
    ends = "" if not rate["standard_error"] else f"  ({_bare(rate['ci95'][0])} to {_bare(rate['ci95'][1])})"
    return f"{percent(rate['mean'])}{ends}"


def _ways(summary: Summary) -> str:
    """How many buy by phone, and how many face to face."""
    by_phone, met = (_share(summary["rates"][f"sold_{way}"]) or UNKNOWN for way in ("by_phone", "face_to_face"))
    return f"by phone {by_phone};  face to face {met}"


def _bare(share: float) -> str:
    return percent(min(1.0, max(0.0, share))).removesuffix(" %")


def sales(axes: Axes, summary: Summary, sold: npt.NDArray[Any]) -> None:
    """How sales differ from history to history, with their mean and the range of nine in ten."""
    low, high = int(sold.min()), int(sold.max())
    if low == high:
        _one_bar(axes, low, 2.0, GOLD)
    elif high - low <= MOST_BARS:
        counts = np.bincount(sold.astype(np.int64) - low)
        axes.bar(np.arange(low, high + 1), 100 * counts / sold.size, width=0.85, color=GOLD)
        axes.set_xlim(low - 0.8, high + 0.8)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=9))
    else:
        _histogram(axes, sold, GOLD)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=9))
    _finish(axes, summary, "sold", "Sales in one history")


def profit(axes: Axes, summary: Summary, amounts: npt.NDArray[Any]) -> None:
    """The same of profit: gains and losses in two colours, with an edge of the bars at 0."""
    low, high = float(amounts.min()), float(amounts.max())
    if np.isclose(low, high, rtol=1e-9, atol=1e-6):
        _one_bar(axes, low, max(1.0, 0.1 * abs(low)), BLUE)
    else:
        _histogram(axes, amounts, BLUE)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=high - low >= FINE))
    for bar in axes.patches:
        if bar.get_x() + bar.get_width() / 2 < 0:  # type: ignore[attr-defined]
            bar.set_facecolor(RED)
    if low < 0 < high:
        axes.axvline(0, color=INK, linewidth=1)
    above = chance_in_short(summary["chances"]["profit > 0"]["share"])
    title = f"Profit, {summary['currency']} (above 0 in {above})"
    _finish(axes, summary, "profit", title, 0 if low == high or high - low >= FINE else 2)


def _one_bar(axes: Axes, value: float, around: float, colour: str) -> None:
    """All histories alike: one bar and one tick, amid a range of `around` to both sides."""
    axes.bar([value], [100.0], width=0.4 * around, color=colour)
    axes.set_xlim(value - around, value + around)
    axes.xaxis.set_major_locator(FixedLocator([value]))


def _histogram(axes: Axes, values: npt.NDArray[Any], colour: str) -> None:
    low, high = float(values.min()), float(values.max())
    step = (high - low) / min(BINS, max(8, int(2 * np.sqrt(values.size))))
    if (values == np.rint(values)).all():  # bins of whole numbers hold equally many of them
        step = np.ceil(step)
    edges = np.arange(np.floor(low / step), np.floor(high / step) + 2) * step
    counts, edges = np.histogram(values, bins=edges)
    axes.bar(edges[:-1], 100 * counts / values.size, width=np.diff(edges) * 0.95, align="edge", color=colour)


def _finish(axes: Axes, summary: Summary, name: str, title: str, decimals: int = 0) -> None:
    """Title, units, the mean and the range of nine in ten."""
    estimated = summary["metrics"][name]
    clear(axes, "bottom", "left")
    axes.set_title(title, loc="left", size=15, weight="bold", color=INK, pad=24, parse_math=False)
    text = f"dashed: mean {number(estimated['mean'])}; shaded: 9 of 10, {spread(estimated)}"
    axes.text(0, 1.05, text, transform=axes.transAxes, size=10.5, color=GREY)
    axes.axvspan(estimated["p05"], estimated["p95"], color=PALE, zorder=0)
    axes.axvline(estimated["mean"], color=INK, linewidth=1.6, linestyle="--")
    axes.set_ylabel("% of histories", size=11, color=GREY)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals)))
    axes.margins(y=0.12)
