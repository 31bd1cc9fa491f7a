"""A break-even in words: no more than one sentence for each tie, and never surer than its interval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simfunnel.experiments.axis import Axis
from simfunnel.experiments.estimating import Summary
from simfunnel.experiments.phrasing import listed

MONEY: Final = ("profit", "revenue", "cost", "cost_per_sale")
OPEN: Final = "it is not decided"
UNSURE: Final = 0.05
"""A chance that is nearer than this to 0 or 1 at both ends needs no word."""
SMALL: Final = 10.0
"""From here on, amounts are told in whole numbers."""


def verdict(summary: Summary, axis: Axis) -> str:
    """The answer."""
    found = summary["ties"]
    if not found:
        return " ".join([_none(summary, axis), *_stated(summary, axis), *_chances(summary, axis)])
    first = _one(summary, axis, found[0]) if len(found) == 1 else _several(summary, axis)
    return " ".join([first, *_undecided(summary, axis), *_stated(summary, axis), *_chances(summary, axis)])


def interval(axis: Axis, ci95: list[float | None]) -> str:
    """The ends of the interval of a tie, open ones by the end of the range that they lie beyond."""
    low, high = ci95
    lowest = f"below {axis.number(axis.low)}" if low is None else axis.number(low)
    return f"{lowest} to {f'beyond {axis.number(axis.high)}' if high is None else axis.number(high)}"


def amount(value: float) -> str:
    """A difference of the metric, as a number."""
    return f"{value:,.0f}" if abs(value) >= SMALL else f"{value:,.2f}"


def measured(summary: Summary, low: float, high: float) -> str:
    """From one amount of the metric to another, with its unit."""
    ends = dict.fromkeys((amount(low), amount(high)))
    return f"{' to '.join(ends)}{unit_of_metric(summary)}"


def unit_of_metric(summary: Summary) -> str:
    """What the metric is counted in, after a number."""
    metric = summary["metric"]
    return f" {summary['currency']}" if metric in MONEY or metric.startswith("costs.") else ""


def words(metric: str) -> str:
    """The name of a metric in a sentence."""
    return metric.replace("_", " ")


def _both(summary: Summary) -> str:
    return " and ".join(summary["between"])


def _one(summary: Summary, axis: Axis, tie: Summary) -> str:
    below, above, ends = tie["below"], tie["above"], interval(axis, tie["ci95"])
    cross, (low, high) = f"the means cross at {axis.number(tie['value'])}", tie["ci95"]
    if low is None and high is None:
        return (
            f"Not decided between {axis.number(axis.low)} and {axis.told(axis.high)}: {cross}, but the difference in "
            f"{words(summary['metric'])} stays within {_within(summary)} (95 % at each value)."
        )
    if low is None:
        return f"Above {axis.told(high)} {above} is better; below it is not decided ({cross})."
    if high is None:
        return f"Below {axis.told(low)} {below} is better; above it is not decided ({cross})."
    if axis.whole:
        start = f"From {axis.told(tie['value'])} on {above} is better than {below}, below that {below} is"
        return f"{start} (95 % interval of the tie {ends})."
    start = f"{_both(summary)} tie at {axis.told(tie['value'])} (95 % interval {ends})"
    return f"{start}: below it {below} is better, above it {above}."


def _several(summary: Summary, axis: Axis) -> str:
    """Who is better on either side of each; nobody is where an interval is open, for there it is sure of nobody."""
    found = summary["ties"]
    places = [f"{axis.number(tie['value'])} (95 % interval {interval(axis, tie['ci95'])})" for tie in found]
    first = found[0]["below"] if found[0]["ci95"][0] is not None else None
    parts = [f"below {axis.number(found[0]['value'])} {OPEN if first is None else f'{first} is better'}"]
    for tie, following in zip(found, [*found[1:], None], strict=True):
        up_to = "above it" if following is None else f"from there to {axis.number(following['value'])}"
        parts.append(f"{up_to} {OPEN if tie['ci95'][1] is None else tie['above']}")
    at = f"at {listed(places)} {axis.unit}".rstrip()
    return f"{_both(summary)} tie {len(found)} times, {at}: {', '.join(parts)}."


def _none(summary: Summary, axis: Axis) -> str:
    between = f"between {axis.number(axis.low)} and {axis.told(axis.high)}"
    grid = [point for point in summary["points"] if point["on_grid"]]
    looked = f"at all {len(grid)} values looked at"
    if summary["throughout"] is not None:
        leads = sorted(abs(point["difference"]) for point in grid)
        return (
            f"No tie is seen {between}: {summary['throughout']} is better {looked}, in {words(summary['metric'])} by "
            f"{measured(summary, leads[0], leads[-1])} on average (sure of all at once, 95 %)."
        )
    if all(point["difference"] is None for point in grid):
        return f"Not decided {between}: the {words(summary['metric'])} of one of them is defined in no history."
    if not any(point["difference"] for point in grid):
        same = f"both policies have the same {words(summary['metric'])} on average"
        return f"No difference is seen {between}: {same} {looked}."
    better = {point["better"] for point in grid}
    surely = better - {None}
    if len(surely) != 1:
        return (
            f"Not decided {between}: the difference in {words(summary['metric'])} stays within {_within(summary)} "
            "(95 % at each value)."
        )
    name = surely.pop()
    if None not in better:
        return f"No tie is seen {between}: {name} is better {looked}, at each by itself, but not surely at all at once."
    return " ".join([f"No tie is seen {between}: {name} is better where that is decided.", *_undecided(summary, axis)])


def _chances(summary: Summary, axis: Axis) -> Iterator[str]:
    """How sure one may be at the ends, as far as the inputs are unknown; nothing where that is sure enough."""
    grid = [point for point in summary["points"] if point["on_grid"]]
    if not grid or summary["worlds"] is None:
        return
    low, high = (point["better_on_average"]["share"] for point in (grid[0], grid[-1]))
    if None in (low, high) or all(min(share, 1 - share) <= UNSURE for share in (low, high)):
        return
    least, most = (f"{_percent(share)} at {axis.number(end)}" for share, end in ((low, axis.low), (high, axis.high)))
    name = summary["between"][1]
    yield f"But as the inputs are uncertain, the chance that {name} is better on average is {least} and {most}."


def _percent(share: float) -> str:
    """A chance that is not quite sure is never told as 0 or 100 %."""
    rounded = round(100 * share)
    return f"{rounded if share in (0, 1) else min(max(rounded, 1), 99)} %"


def _within(summary: Summary) -> str:
    ends = [end for point in summary["points"] if point["ci95"] for end in point["ci95"]]
    if not ends:
        return "bounds that too few histories tell"
    return measured(summary, min(ends), max(ends))


def _stated(summary: Summary, axis: Axis) -> Iterator[str]:
    """What the scenario says, and who is better there, if it says one value that is told by the ties."""
    said = summary["said"]
    if len(set(said.values())) != 1:
        if said:
            yield f"{'; '.join(f'{name} says {text}' for name, text in said.items())}."
        return
    name, text = next(iter(said.items()))
    value, where = summary["stated"][name], f"The scenario says {text}"
    open_ = all(tie["ci95"] == [None, None] for tie in summary["ties"])
    if value is None or open_ or not axis.low <= value <= axis.high:
        yield f"{where}." if value is None or axis.low <= value <= axis.high else f"{where}, which lies outside."
        return
    before = [tie for tie in summary["ties"] if tie["value"] <= value]
    who = before[-1]["above"] if before else summary["ties"][0]["below"]
    yield f"{where}, where that is not decided." if _is_covered(summary, value) else f"{where}: there {who} is better."


def _is_covered(summary: Summary, value: float) -> bool:
    """Is a value inside the interval of a tie?"""
    ends = [tie["ci95"] for tie in summary["ties"]]
    return any((low is None or low <= value) and (high is None or value <= high) for low, high in ends)


def _undecided(summary: Summary, axis: Axis) -> Iterator[str]:
    """Values of the grid at which nothing is decided though they are in no interval of a tie."""
    grid = [point for point in summary["points"] if point["on_grid"]]
    open_ = [axis.number(p["value"]) for p in grid if p["better"] is None and not _is_covered(summary, p["value"])]
    if open_:
        yield f"It is not decided at {listed(open_)}{f' {axis.unit}' if axis.unit else ''}."
