"""One picture shows risk and error apart: how single histories spread, and how surely one policy beats another."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

from simfunnel.reporting.amounts import ends, figure, in_unit, less_is_better
from simfunnel.reporting.answer import at_worst, surely
from simfunnel.reporting.comparison import heading
from simfunnel.reporting.plots.style import BLUE, GOLD, GREY, INK, PALE, RED, clear, picture, save
from simfunnel.reporting.rows import words
from simfunnel.reporting.units import SHARE, unit_of
from simfunnel.reporting.verdicts import BEST, SAID, headline, ranked, standing
from simfunnel.reporting.wording import Summary
from simfunnel.scenario.values import one_line

MOST: Final = 12
"""Policies that are drawn."""
SHORT: Final = 76
"""Letters of a title that fits on a line in large letters."""
QUESTION: Final = 90
"""Letters of a line of a longer one."""
SENTENCE: Final = 126
"""Letters of each line under the picture."""
FEW: Final = 3
"""Policies beside which there is room for more words."""
MANY: Final = 9
"""Policies from which on letters get smaller."""
MARGIN: Final = 136.0
"""The room for names on the left, in points."""
TITLE: Final = 130.0
"""The room for a name in a title, in points."""
METRIC: Final = 300.0
"""The same for a metric."""
WHOLE: Final = 870.0
"""The room for a line over the picture, in points."""
LONGEST: Final = 160
LEAST: Final = 4
"""Letters of what is fitted in."""
SPREAD: Final = "#9DB8CC"
LINE: Final = "#EEEEEE"
COLOURS: Final = {"better": BLUE, "worse": RED, "alike": GREY, "not decided": GREY}
WIDEST: Final = 5.0
"""How many times as far as the intervals the differences that do not matter may reach."""
UNDER: Final = 0.36
"""How far under the middle of a row its lower edge is: the words stand above it."""


def comparison(summary: Summary, path: Path) -> None:
    """Write the picture of a comparison to `path` (PNG, 1600 x 900 pixels)."""
    save(drawn(summary), path)


@dataclass(frozen=True)
class _Rows:
    """What is drawn of a comparison: the policies from top to bottom, and how large letters are."""

    told: Summary
    names: tuple[str, ...]

    @property
    def metric(self) -> str:
        """What is decided by."""
        return str(self.told["metric"])

    @property
    def base(self) -> str:
        """The baseline."""
        return str(self.told["baseline"])

    def letters(self, size: float) -> float:
        """The size of letters, which is less where there are many rows."""
        return size * min(1.0, MANY / len(self.names))

    def figure(self, value: float | None) -> str:
        """A value of the decision metric."""
        return figure(value, self.metric, self.told["currency"])


def drawn(summary: Summary) -> Figure:
    """The picture of a comparison: on the left what each policy comes to, on the right how it differs."""
    figure_, rows = picture(), _Rows(summary, _names(summary))
    title = textwrap.wrap(summary["question"] or summary["scenario"], QUESTION, max_lines=2, placeholder="...")
    few = len(rows.names) <= FEW
    top, bottom = 0.81 - 0.042 * (max(0, len(title) - 1)), 0.4 if few else 0.155
    grid = figure_.add_gridspec(
        1, 2, width_ratios=(1, 1.12), left=0.165, right=0.975, top=top, bottom=bottom, wspace=0.05
    )
    _outcomes(figure_.add_subplot(grid[0, 0]), rows)
    _differences(figure_.add_subplot(grid[0, 1]), rows)
    _titles(figure_, rows, title)
    if few:
        _words(figure_, summary)
    return figure_


def _names(summary: Summary) -> tuple[str, ...]:
    """The policies to draw, the best first; the baseline always."""
    names = ranked(summary)
    shown = names[:MOST]
    return tuple(shown if summary["baseline"] in shown else [*shown[:-1], summary["baseline"]])


def _titles(figure_: Figure, rows: _Rows, title: Sequence[str]) -> None:
    """The question, the answer, and what was lived."""
    y, size = 0.94, 19 if max(map(len, title), default=0) <= SHORT else 16.5
    for line in title:
        figure_.text(0.025, y, line, size=size, weight="bold", color=INK, parse_math=False)
        y -= 0.042
    answer = fitting(headline(rows.told), 14, WHOLE)
    figure_.text(0.025, y - 0.004, answer, size=14, color=INK, parse_math=False)
    left_out = len(rows.told["policies"]) - len(rows.names)
    more = f"; {left_out} more policies are not drawn" if left_out > 0 else ""
    figure_.text(0.025, 0.025, heading(rows.told) + more, size=10.5, color=GREY, parse_math=False)


def _words(figure_: Figure, summary: Summary) -> None:
    """How sure it is, in sentences, where few policies leave room."""
    y = 0.255
    for sentence in (*surely(summary), *at_worst(summary)):
        for line in textwrap.wrap(sentence, SENTENCE, max_lines=2, placeholder="..."):
            figure_.text(0.025, y, line, size=12.5, color=INK, parse_math=False)
            y -= 0.034
        y -= 0.01


def _outcomes(axes: Axes, rows: _Rows) -> None:
    """The mean of each with its interval, thick, and where nine of ten histories fall, thin."""
    for place, name in enumerate(rows.names):
        found = rows.told["outcomes"][name].get(rows.metric)
        if found is not None and found["mean"] is not None:
            _outcome(axes, rows, place, found, GOLD if standing(rows.told, name) == BEST else INK)
    unit, less = unit_of(rows.metric, rows.told["currency"]), less_is_better(rows.told)
    name = _upper(words(rows.metric)) + ("" if less else " of one campaign")
    _frame(axes, rows, f"{fitting(name, 15, METRIC)}{_in(unit)}{less}")
    size = rows.letters(13)
    labels = [fitting(name, size, MARGIN) + ("\n(baseline)" if name == rows.base else "") for name in rows.names]
    axes.set_yticks(range(len(labels)), labels, size=size, color=INK, parse_math=False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    _legend(
        axes,
        Line2D([], [], color=SPREAD, linewidth=2.2, marker="|", markersize=9, label="9 of 10 campaigns: the risk"),
        Line2D([], [], color=INK, linewidth=9, solid_capstyle="butt", label="average and its 95 % interval"),
    )


def fitting(text: str, size: float, width: float) -> str:
    """As much of a text as fits a width, both in points."""
    shown = one_line(text, LONGEST)
    with warnings.catch_warnings():  # a name may hold characters that the font lacks
        warnings.filterwarnings("ignore", message="Glyph")
        while len(shown) > LEAST and _width(shown, size) > width:
            shown = one_line(text, len(shown) - 1)
    return shown


def _width(text: str, size: float) -> float:
    """In points; a dollar would begin a formula."""
    return float(TextPath((0, 0), text.replace("$", "S"), size=size).get_extents().width)


def _in(unit: str) -> str:
    return "" if unit == "leads" else ", %" if unit == SHARE else f", {unit}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outcome(axes: Axes, rows: _Rows, place: int, found: Summary, colour: str) -> None:
    axes.plot((found["p05"], found["p95"]), (place, place), color=SPREAD, linewidth=2.2, marker="|", markersize=9)
    if found["ci95"] is not None:
        axes.plot(found["ci95"], (place, place), color=colour, linewidth=rows.letters(12), solid_capstyle="butt")
    axes.plot(found["mean"], place, "D", color="white", markeredgecolor=INK, markersize=rows.letters(5.5), zorder=3)
    axes.annotate(
        rows.figure(found["mean"]), (found["mean"], place), (0, rows.letters(9)), textcoords="offset points",
        ha="center", size=rows.letters(12.5), weight="bold", color=INK,
    )  # fmt: skip


def _differences(axes: Axes, rows: _Rows) -> None:
    """The difference of each to the baseline, its interval, and the verdict in words."""
    for place, name in enumerate(rows.names):
        if name != rows.base:
            _difference(axes, rows, name, place)
        else:
            _verdict(axes, rows, place, standing(rows.told, name), "the baseline")
    matters = rows.told["matters"]
    axes.axvline(0, color=INK, linewidth=1.4, zorder=1)
    low, high = _reach(rows)
    axes.axvspan(max(-matters, low), min(matters, high), color=PALE, zorder=0)
    axes.set_xlim(low, high + 1.1 * (high - low))
    axes.set_yticks([])
    unit, less = unit_of(rows.metric, rows.told["currency"]), less_is_better(rows.told)
    _frame(axes, rows, f"Difference{'' if less else f' to {fitting(rows.base, 15, TITLE)}'}{_in(unit)}{less}")
    ticks = MaxNLocator(nbins=4).tick_values(low, high)
    axes.set_xticks([tick for tick in ticks if low <= tick <= high])
    _legend(
        axes,
        Line2D([], [], color=GREY, linewidth=3, marker="o", markersize=7, label=_together(rows.told)),
        Patch(color=PALE, label=f"too small to matter: {in_unit(rows.told, matters)}"),
    )


def _together(summary: Summary) -> str:
    return f"average and its interval; all hold together with {100 * summary['decision']['confidence']:.0f} %"


def _difference(axes: Axes, rows: _Rows, name: str, place: int) -> None:
    told, difference = rows.told["decision"]["verdicts"][name], rows.told["against"][name][rows.metric]["difference"]
    colour = COLOURS[told["verdict"]]
    if told["interval"] is not None:
        axes.plot(told["interval"], (place, place), color=colour, linewidth=3, marker="|", markersize=11, zorder=2)
    if difference is not None:
        face = colour if told["verdict"] in ("better", "worse") else "white"
        axes.plot(difference, place, "o", color=colour, markerfacecolor=face, markersize=9, markeredgewidth=2, zorder=3)
    sign = "+" if (difference or 0) > 0 else ""
    interval = ends(told["interval"], rows.metric, rows.told["currency"])
    is_alike = told["verdict"] == "alike"
    said = ", ".join(filter(None, (SAID[told["verdict"]], "" if is_alike else standing(rows.told, name))))
    _verdict(axes, rows, place, said, f"{sign}{rows.figure(difference)}  ({interval})")


def _verdict(axes: Axes, rows: _Rows, place: int, verdict: str, numbers: str) -> None:
    """What is said of a policy, on the right: in words, and under them in numbers."""
    for text, size, weight, above in ((verdict, 13, "bold", 9), (numbers, 11.5, "normal", -7)):
        look: dict[str, Any] = {"size": rows.letters(size), "weight": weight, "color": INK}
        where, offset = (0.995, place), (0, rows.letters(above))
        axes.annotate(
            text, where, offset, xycoords=axes.get_yaxis_transform(), textcoords="offset points", ha="right",
            va="center", parse_math=False, **look,
        )  # fmt: skip


def _reach(rows: _Rows) -> tuple[float, float]:
    """From where to where the intervals reach, with what matters, and a margin."""
    intervals = [rows.told["decision"]["verdicts"][name]["interval"] for name in rows.names if name != rows.base]
    found = [0.0, *(end for interval in intervals if interval is not None for end in interval)]
    edge = min(rows.told["matters"], WIDEST * (max(found) - min(found)) or rows.told["matters"])
    low, high = min(*found, -edge), max(*found, edge)
    margin = 0.04 * (high - low)
    return low - margin, high + margin


def _frame(axes: Axes, rows: _Rows, title: str) -> None:
    """A row a policy, the first on top, with its title and the unit of its axis."""
    clear(axes, "bottom")
    axes.set_ylim(len(rows.names) - 1 + UNDER, UNDER - 1.1)
    axes.tick_params(axis="y", length=0)
    size = 13 if less_is_better(rows.told) else 15
    axes.set_title(title, loc="left", size=size, weight="bold", color=INK, pad=12, parse_math=False)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: rows.figure(value)))
    for place in range(len(rows.names) - 1):
        axes.axhline(place + UNDER, color=LINE, linewidth=1, zorder=0)


def _legend(axes: Axes, *keys: Any) -> None:
    """Under the axis, whatever its height."""
    axes.legend(
        handles=list(keys), loc="upper left", bbox_to_anchor=(0.0, -24 / axes.bbox.height * axes.figure.dpi / 72),
        ncols=1, fontsize=11, frameon=False, labelcolor=GREY, handlelength=2.4, borderpad=0.2, labelspacing=0.35,
        borderaxespad=0.0,
    )  # fmt: skip
