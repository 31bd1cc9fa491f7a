"""The pictures of a comparison's report: risk and error of each policy, differences, and where the answer changes."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import cycle, pairwise
from math import ceil, floor, isfinite, log10
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from simfunnel.reporting.along_key import along, bounds, leaders, spoken, value_of
from simfunnel.reporting.amounts import ends, figure, in_unit
from simfunnel.reporting.plots.report import Picture, shortened
from simfunnel.reporting.plots.style import BLUE, GOLD, GREEN, GREY, INK, LINE, PALE, RED, clear
from simfunnel.reporting.plots.svg import as_svg, small_picture
from simfunnel.reporting.rows import words
from simfunnel.reporting.verdicts import IN_SHORT, SAID, called, ranked, standing
from simfunnel.reporting.wording import Summary

NAME: Final = 18
LETTER: Final = 8.0
"""How wide a bold letter may be."""
ROW: Final = 50
AXIS: Final = 30
BAR: Final = 0.74
"""Where in its row a bar is; the words stand above it."""
LETTERS: Final = 13
SMALL: Final = 11.5
COLOURS: Final = {"better": BLUE, "worse": RED, "alike": GREY, "not decided": GREY}
DASHES: Final = ("-", (0, (5, 2)), (0, (1.2, 1.5)), (0, (6, 2, 1, 2)))
"""Lines are told apart without colour, too."""
BEST: Final = (BLUE, GOLD, GREEN, RED)
TALL: Final = 320
LATE: Final = 0.6
"""From here on words stand before what they name, as there is no room after it."""
WIDE: Final = 8.0
"""How many times as large the end of a range is as its beginning for its scale to be logarithmic."""


def _axes(rows: float) -> tuple[Any, Axes]:
    """A picture of so many rows, from above, over one scale."""
    height = ROW * rows + AXIS
    drawing = small_picture(height)
    axes = drawing.add_axes((0.02, AXIS / height, 0.96, 1 - AXIS / height))
    clear(axes, "bottom")
    axes.spines["bottom"].set_color(LINE)
    axes.set_ylim(rows, 0)
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=SMALL, colors=GREY)
    return drawing, axes


def _say(axes: Axes, x: float, y: float, text: str, **look: Any) -> None:
    chosen: dict[str, Any] = {"size": LETTERS, "color": INK, "va": "center", "parse_math": False, **look}
    axes.text(x, y, text, transform=axes.get_yaxis_transform(), **chosen)


def _room(width: float, taken: float) -> int:
    """Letters of a name, bold, beside words that take so much of a width."""
    return max(8, int((width - taken - LETTER) / LETTER))


def _scale(axes: Axes, comparison: Summary) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _figure(comparison, value)))


def _upright(axes: Axes, at: float, rows: int, colour: str) -> None:
    """A line through all bars, but not through the words between them."""
    for place in range(rows):
        axes.plot((at, at), (place + BAR - 0.23, place + BAR + 0.23), color=colour, linewidth=1.3, zorder=1)


def _figure(comparison: Summary, value: float | None) -> str:
    return figure(value, comparison["metric"], comparison["currency"])


def _ends(comparison: Summary, interval: Sequence[float] | None) -> str:
    return ends(interval, comparison["metric"], comparison["currency"])


def policies(comparison: Summary) -> Picture:
    """What each policy comes to: where single histories fall, pale, and where the average lies, dark."""
    metric, told = comparison["metric"], []
    found = [(name, comparison["outcomes"][name].get(metric)) for name in ranked(comparison)]
    known = [(name, each) for name, each in found if each is not None and each["mean"] is not None]
    drawing, axes = _axes(len(known))
    for place, (name, each) in enumerate(known):
        y, ci95 = place + BAR, each["ci95"] or (each["mean"], each["mean"])
        best = f", {standing(comparison, name)}".removesuffix(", ")
        average = f"{_figure(comparison, each['mean'])} ({_ends(comparison, each['ci95'])})"
        named = shortened(name, _room(384, 6.5 * len(average)) - len(best))
        _say(axes, 0, place + 0.3, f"{named}{best}", weight="bold")
        _say(axes, 1, place + 0.3, average, ha="right")
        axes.plot((each["p05"], each["p95"]), (y, y), color=PALE, linewidth=12)
        axes.plot(ci95, (y, y), color=BLUE, linewidth=12)
        axes.plot((each["mean"], each["mean"]), (y - 0.18, y + 0.18), color=INK, linewidth=2)
        told.append(
            f"{name}: average and 95 % interval {average}, 9 of "
            f"10 single histories {_ends(comparison, (each['p05'], each['p95']))}"
        )
    _upright(axes, 0.0, len(known), GREY)
    _scale(axes, comparison)
    title = f"{words(metric).capitalize()} of each policy, {_unit(comparison)}"
    caption = (
        f"{title}. Pale: where 9 of 10 single histories fall (risk). Dark: where the average lies (error of the "
        "estimate). Beside the name: the average and its 95 % interval."
    )
    return Picture(as_svg(drawing, "policies", title, "; ".join(told)), caption)


def _unit(comparison: Summary) -> str:
    return in_unit(comparison, 0.0).partition(" ")[2]


def differences(comparison: Summary) -> Picture:
    """How each differs from the baseline, the interval that its verdict rests on, and the verdict."""
    base, metric, told = comparison["baseline"], comparison["metric"], []
    names = [name for name in ranked(comparison) if name != base]
    drawing, axes = _axes(len(names))
    for place, name in enumerate(names):
        found, y = comparison["decision"]["verdicts"][name], place + BAR
        difference = comparison["against"][name].get(metric, {}).get("difference")
        colour = COLOURS[found["verdict"]]
        text = f"{_figure(comparison, difference)} ({_ends(comparison, found['interval'])})"
        _say(axes, 0, place + 0.3, shortened(name, _room(280, 5.9 * len(text))), weight="bold")
        _say(axes, 0.735, place + 0.3, text, size=SMALL, color=GREY, ha="right")
        _say(axes, 1, place + 0.3, IN_SHORT[found["verdict"]], weight="bold", ha="right")
        if found["interval"] is not None:
            axes.plot(found["interval"], (y, y), color=colour, linewidth=5)
        if difference is not None:
            axes.plot(difference, y, "o", color=colour, markeredgecolor=INK, markersize=9)
        told.append(f"{name}: {text}, {SAID[found['verdict']]}")
    low, high = axes.get_xlim()
    matters = min(comparison["matters"], 3 * max(abs(low), abs(high)))
    axes.set_xlim(min(low, -1.05 * matters), max(high, 1.05 * matters))
    axes.barh(
        [place + BAR for place in range(len(names))], 2 * matters, left=-matters, height=0.46, color=PALE, zorder=0
    )
    _upright(axes, 0.0, len(names), INK)
    _scale(axes, comparison)
    title = f"Difference to {called(base)} in {words(metric)}, {_unit(comparison)}"
    caption = (
        f"{title}, on the same chance. Bars: all of them hold together with "
        f"{100 * comparison['decision']['confidence']:.0f} %. Pale: too small to matter, less than "
        f"{in_unit(comparison, comparison['matters'])} (“no difference”: none that matters, as the bar lies within)."
    )
    return Picture(as_svg(drawing, "differences", title, "; ".join(told)), caption)


def changes(comparison: Summary) -> list[Picture]:
    """For each key that was varied: the difference of each policy to the baseline, and where the lead changes."""
    return [_change(comparison, key, number) for number, key in enumerate(comparison["where"])]


def _change(comparison: Summary, key: Summary, number: int) -> Picture:
    base = called(comparison["baseline"])
    drawing = small_picture(TALL)
    axes = drawing.add_axes((0.14, 0.16, 0.84, 0.6))
    clear(axes, "bottom", "left")
    values = [_number(point["value"], place) for place, point in enumerate(key["points"])]
    ahead = {*leaders(key["points"]), *(tie[side] for tie in key["ties"] for side in ("below", "above"))}
    ahead -= {comparison["baseline"]}
    looks = zip(cycle(BEST), cycle(DASHES), strict=False)
    _along(axes, key, values)
    span, log = _span(comparison, key, ahead), axes.get_xscale() == "log"
    for name in (name for name in comparison["against"] if name not in ahead):
        axes.plot(*_cut(values, _line(key, name), span, log=log), color=LINE, linewidth=1.4, zorder=1)
    for name, (colour, dash) in zip((each for each in ranked(comparison) if each in ahead), looks, strict=False):
        drawn = _cut(values, _line(key, name), span, log=log)
        axes.plot(*drawn, color=colour, linestyle=dash, linewidth=2.4, label=shortened(name, NAME))
    axes.axhline(0, color=INK, linewidth=1.6, label=f"{shortened(base, NAME)} (baseline)")
    for tie in key["ties"]:
        axes.axvline(_number(tie["value"], 0), color=GREY, linewidth=1, linestyle=(0, (3, 3)), zorder=1)
        axes.axvspan(*bounds(key, tie), color=PALE, zorder=0)
    axes.set_ylim(*span)
    clipped = any(each < span[0] or each > span[1] for name in comparison["against"] for each in _line(key, name))
    _today(axes, key)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _figure(comparison, value)))
    axes.tick_params(length=0, labelsize=SMALL, colors=GREY)
    axes.set_xlabel(spoken(key["key"], key["unit"]), size=SMALL, color=GREY, parse_math=False)
    drawing.legend(loc="upper left", ncols=2, frameon=False, fontsize=SMALL, labelcolor=INK, handlelength=2.6)
    title = f"Where the answer changes with {key['key']}"
    caption = (
        f"Lines: difference to {base} in {words(comparison['metric'])}, {_unit(comparison)}; grey: "
        "policies that lead nowhere. Dashed upright: where the lead changes, with its 95 % interval."
        f"{' What leaves the picture is even further behind.' if clipped else ''}"
    )
    return Picture(as_svg(drawing, f"change-{number}", title, along(key)), caption)


def _span(comparison: Summary, key: Summary, ahead: Set[str]) -> tuple[float, float]:
    """From where to where the two best are, at every value, of those who lead somewhere and the baseline."""
    names = ahead or set(comparison["against"])
    columns = zip(*([0.0] * len(key["points"]), *(_line(key, name) for name in names)), strict=True)
    ordered = [sorted(filter(isfinite, column), reverse=comparison["better"] == "higher") for column in columns]
    shown = [each for column in ordered for each in column[:2]]
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


def _cut(
    values: Sequence[float], line: Sequence[float], span: tuple[float, float], *, log: bool
) -> tuple[list[float], list[float]]:
    """A line up to where it leaves the picture: a page shows what is drawn beyond it, too."""
    drawn: list[tuple[float, float]] = []
    for (x, y), (to_x, to_y) in pairwise(zip(values, line, strict=True)):
        cuts = [(edge - y) / (to_y - y) for edge in span if to_y != y]
        for part in sorted([0.0, 1.0, *(cut for cut in cuts if 0 < cut < 1)]):
            at = x * (to_x / x) ** part if log else x + part * (to_x - x)
            drawn.append((at, y + part * (to_y - y)))
    spare = 1e-9 * (span[1] - span[0])
    inside = [y if span[0] - spare <= y <= span[1] + spare else float("nan") for _, y in drawn]
    return [x for x, _ in drawn], inside


def _today(axes: Axes, key: Summary) -> None:
    """A mark at what the scenario says, if that is in the picture."""
    value = key.get("stated")
    if value is None or not float(key["from"]) <= value <= float(key["to"]):
        return
    axes.axvline(value, color=INK, linewidth=1.2, zorder=1.5)
    axes.plot([value], [1], "v", color=INK, markersize=7, transform=axes.get_xaxis_transform(), clip_on=False)
    left, right = axes.get_xlim()
    far = log10(value / left) / log10(right / left) if axes.get_xscale() == "log" else (value - left) / (right - left)
    axes.annotate(
        f"today: {value_of(value)}", (value, 1), xytext=(-7 if far > LATE else 7, 3),
        xycoords=axes.get_xaxis_transform(), textcoords="offset points", ha="right" if far > LATE else "left",
        size=SMALL, color=INK, weight="bold", annotation_clip=False,
    )  # fmt: skip


def _line(key: Summary, name: str) -> list[float]:
    found = [point["differences"].get(name, {}).get("difference") for point in key["points"]]
    return [float("nan") if each is None else each for each in found]


def _number(value: Any, place: int) -> float:
    """A value of a key, or its place where it is no number."""
    try:
        return float(value)
    except ValueError:
        return float(place)


def _along(axes: Axes, key: Summary, values: Sequence[float]) -> None:
    """The scale of the key: logarithmic where it is wide, with round numbers below it, else with its own values."""
    names = {value: value_of(point["value"]) for value, point in zip(values, key["points"], strict=True)}
    marks = list(values)
    if values and min(values) > 0 and max(values) >= WIDE * min(values):
        axes.set_xscale("log")
        low, high = min(values), max(values)
        powers = range(floor(log10(low)), ceil(log10(high)))
        rounded = (digit * 10.0**power for power in powers for digit in (1, 2, 5))
        inside = [each for each in rounded if low < each < high and _apart(axes, values, each, high)]
        marks = [low, *inside, high]
    shown: list[float] = []
    for value in marks:
        if not shown or _apart(axes, values, shown[-1], value):
            shown.append(value)
    axes.xaxis.set_major_locator(FixedLocator(shown))
    axes.xaxis.set_minor_locator(NullLocator())
    labels = [names.get(value, value_of(value)) for value in shown]
    axes.xaxis.set_major_formatter(FuncFormatter(lambda _, place: labels[place or 0]))


def _apart(axes: Axes, values: Sequence[float], one: float, other: float) -> bool:
    """Is there room for both below the scale?"""
    if axes.get_xscale() == "log":
        return log10(other / one) > 0.12 * log10(max(values) / min(values))
    return other - one > 0.12 * (max(values) - min(values))
