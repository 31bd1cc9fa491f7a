"""Two policies are drawn over one scale, as single histories end: that is the risk, and not what is known of averages.

They are told apart by a filled shape and an outline, by a dashed line and a solid one, and only then by colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from simfunnel.experiments.targets import GAIN
from simfunnel.metrics import Columns
from simfunnel.reporting.amounts import figure
from simfunnel.reporting.plots.funnel import BINS, MOST_BARS
from simfunnel.reporting.plots.report import SMALL, TEXT, Picture, shortened
from simfunnel.reporting.plots.style import BLUE, GREY, INK, LINE, clear
from simfunnel.reporting.plots.svg import as_svg, small_picture
from simfunnel.reporting.rows import words
from simfunnel.reporting.units import SHARE, unit_of
from simfunnel.reporting.verdicts import called, foremost
from simfunnel.reporting.wording import Summary, chance, whole

HEIGHT: Final = 330
NAME: Final = 20
LOOKS: Final = ((GREY, (0, (4, 2))), (BLUE, "-"))
"""Of the baseline and the other: colour and line."""

Values = npt.NDArray[np.float64]


def outcomes(comparison: Summary, columns: Mapping[str, Columns]) -> list[Picture]:
    """How some metrics differ from history to history under two policies: `columns` of `both` policies."""
    found = [_outcome(comparison, columns, metric) for metric in metrics(comparison)]
    return [picture for picture in found if picture is not None]


def metrics(comparison: Summary) -> list[str]:
    """The metrics whose single histories are drawn."""
    return list(dict.fromkeys((comparison["metric"], "profit", "sold")))[:2]


def both(comparison: Summary) -> list[str]:
    """The policies whose single histories are drawn: the baseline, and the best or the one that comes nearest to it."""
    return [comparison["baseline"], foremost(comparison)]


def _outcome(comparison: Summary, columns: Mapping[str, Columns], metric: str) -> Picture | None:
    names = both(comparison)
    known = {name: _known(columns[name][metric]) for name in names if metric in columns[name]}
    if len(known) < len(names) or not all(values.size for values in known.values()):
        return None
    drawing = small_picture(HEIGHT)
    axes = drawing.add_axes((0.1, 0.09, 0.88, 0.7))
    _shapes(axes, comparison, metric, list(known.values()))
    told = [_told(comparison, name, metric) for name in names]
    for place, (name, (colour, line)) in enumerate(zip(names, LOOKS, strict=True)):
        found, y = comparison["outcomes"][name][metric], 0.95 - 0.09 * place
        drawing.text(0.09, y, shortened(name, NAME), size=TEXT, weight="bold", color=INK, va="center", parse_math=False)
        drawing.add_artist(_key(colour, line, y))
        text = f"{_figure(comparison, metric, found['mean'])} ({_range(comparison, metric, found)})"
        drawing.text(0.985, y, text, size=SMALL, color=INK, va="center", ha="right", parse_math=False)
    title = f"{'Sales' if metric == 'sold' else words(metric).capitalize()} in one history{_unit(comparison, metric)}"
    caption = (
        "Beside each name: the average, and where 9 of 10 single histories fall, as the bar over the shapes does (the "
        "stroke on it is the average). Height: % of histories."
    )
    losses = _chances(comparison, names) if metric == "profit" else ""
    svg = as_svg(drawing, f"outcomes-{metric.replace('.', '-')}", title, "; ".join(told) + losses)
    return Picture(svg, f"{caption}{losses}", title)


def _known(values: npt.NDArray[Any]) -> Values:
    """The histories in which there is such a number."""
    found = np.asarray(values, dtype=np.float64)
    return found[np.isfinite(found)]


def _key(colour: str, line: Any, y: float) -> Line2D:
    """A piece of the line of a shape, to stand before its name."""
    return Line2D((0.0, 0.07), (y, y), color=colour, linestyle=line, linewidth=2.4)


def _shapes(axes: Axes, comparison: Summary, metric: str, values: list[Values]) -> None:
    """The shape of each, and over them where nine of ten histories fall."""
    edges = _edges(np.concatenate(values))
    heights = [100 * np.histogram(each, bins=edges)[0] / each.size for each in values]
    axes.stairs(heights[0], edges, fill=True, color=LINE)
    for height, (colour, line) in zip(heights, LOOKS, strict=True):
        axes.stairs(height, edges, color=colour, linestyle=line, linewidth=1.8)
    top = max(float(height.max()) for height in heights)
    for name, (colour, line), y in zip(both(comparison), LOOKS, (1.25 * top, 1.12 * top), strict=True):
        found = comparison["outcomes"][name][metric]
        axes.plot((found["p05"], found["p95"]), (y, y), color=colour, linestyle=line, linewidth=2.4)
        axes.plot((found["mean"],) * 2, (y - 0.045 * top, y + 0.045 * top), color=INK, linewidth=2)
    _scale(axes, comparison, metric, edges, top)


def _scale(axes: Axes, comparison: Summary, metric: str, edges: Values, top: float) -> None:
    clear(axes, "bottom")
    axes.spines["bottom"].set_color(LINE)
    axes.set_ylim(0, 1.33 * top)
    axes.set_xlim(edges[0], edges[-1])
    if edges[0] < 0 < edges[-1]:
        axes.axvline(0, color=INK, linewidth=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=bool(edges[-1] - edges[0] >= MOST_BARS)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _figure(comparison, metric, value)))
    ticks = [tick for tick in MaxNLocator(nbins=4).tick_values(0, top) if 0 <= tick <= top]
    axes.set_yticks(ticks, [f"{tick:g} %" for tick in ticks])
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, colors=GREY)


def _edges(values: Values) -> Values:
    """Where the bars of both begin and end: one for each whole number where there are few of these."""
    low, high = float(values.min()), float(values.max())
    are_whole = bool((values == np.rint(values)).all())
    if are_whole and high - low <= MOST_BARS:
        return np.arange(low - 0.5, high + 1.0)
    step = (high - low) / min(BINS, max(8, int(np.sqrt(values.size)))) or 0.1 * abs(high) or 1.0
    step = float(np.ceil(step)) if are_whole else step
    return np.arange(np.floor(low / step), np.floor(high / step) + 2) * step


def _told(comparison: Summary, name: str, metric: str) -> str:
    found = comparison["outcomes"][name][metric]
    mean, low, half, high = (_figure(comparison, metric, found[key]) for key in ("mean", "p05", "p50", "p95"))
    return (
        f"{called(name)}: on average {mean}; 1 history in 20 ends at {low} or less, half at {half} or less, 1 in 20 at "
        f"{high} or more"
    )


def _range(comparison: Summary, metric: str, found: Summary) -> str:
    return " to ".join(_figure(comparison, metric, found[key]) for key in ("p05", "p95"))


def _figure(comparison: Summary, metric: str, value: float | None) -> str:
    """A value in its unit; where it counts something, a whole number as such."""
    currency = comparison["currency"]
    unit = unit_of(metric, currency)
    counts = unit != SHARE and not unit.startswith(currency)
    return whole(value) if counts and value == int(value or 0) else figure(value, metric, currency)


def _unit(comparison: Summary, metric: str) -> str:
    unit = unit_of(metric, comparison["currency"])
    return "" if unit == "leads" else ", %" if unit == SHARE else f", {unit}"


def _chances(comparison: Summary, names: list[str]) -> str:
    told = [f"{chance(comparison['chances'][name][GAIN.text]['share'])} ({called(name)})" for name in names]
    return f" Chance of a profit above 0: {' and '.join(told)}."
