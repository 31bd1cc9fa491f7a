"""A number is shown with as many digits as its size deserves, and a result in sentences that say how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from simfunnel.experiments.run import VAGUE
from simfunnel.metrics import SKIPPED, STAGES

Estimated = dict[str, Any]
Summary = dict[str, Any]

UNKNOWN: Final = "-"
WAITS: Final = ("clock", "working")
LABELS: Final = {"left_waiting": "left before closer"}
WAYS: Final = {
    "sold_by_phone": "by phone", "sold_face_to_face": "face to face", "sold_follow_up": "follow-up",
    "sold_came_back": "came back",
}  # fmt: skip
"""The ways of selling, where there are several."""
LARGE: Final = 1e7


def number(value: float | None, decimals: int | None = None) -> str:
    """A count or an amount: 1,500 or 46.1 or 4.76, and 12.3 M from ten millions on."""
    if value is None:
        return UNKNOWN
    if abs(value) >= LARGE:
        return f"{value / 1e6:,.1f} M" if abs(value) < 1e12 else f"{value:.3g}"
    return _unsigned_zero(f"{value:,.{decimals_of(value) if decimals is None else decimals}f}")


def _unsigned_zero(text: str) -> str:
    return text.removeprefix("-") if not text.strip("-0.,") else text


def decimals_of(value: float) -> int:
    """With how many decimals a number of this size is shown."""
    return 0 if abs(value) >= 1000 else 1 if abs(value) >= 2 else 2


def hexadecimal(digest: int) -> str:
    """A digest: x and 16 hexadecimal digits, as without the x a spreadsheet takes 261e482942556905 for a number."""
    return f"x{digest:016x}"


def whole(value: float | None) -> str:
    """A percentile of counts, or an amount of money without its minor units."""
    return number(value, 0)


def percent(share: float | None, decimals: int | None = None) -> str:
    """A share: 66.7 %, or two digits below 1 %; 100 % and 0 % only where it is exact."""
    if share is None:
        return UNKNOWN
    value = 100 * share
    if decimals is None and 0 < value < 1:
        return f"{value:.2f} %" if value >= 0.01 else "< 0.01 %"
    decimals = 1 if decimals is None else decimals
    if 0 < value < 100:
        step = 10.0**-decimals
        value = min(max(value, step), 100 - step)
    return f"{value:.{decimals}f} %"


def chance(share: float) -> str:
    """A share in whole percent, in a sentence: 92 %; more than 99 % and less than 1 % where rounding says 100 or 0."""
    if 0 < share < 1 and not 1 <= round(100 * share) <= 99:
        return "more than 99 %" if share > 0.5 else "less than 1 %"
    return percent(share, 0)


def chance_in_short(share: float) -> str:
    """The same where room is short: > 99 %."""
    return chance(share).replace("more than", ">").replace("less than", "<")


def interval(estimated: Estimated, decimals: int | None = None) -> str:
    """The 95 % interval of a mean: 4.6 to 4.9."""
    ci95 = estimated["ci95"]
    if ci95 is None:
        return UNKNOWN
    if decimals is None:
        decimals = decimals_of(estimated["mean"])
    return f"{number(ci95[0], decimals)} to {number(ci95[1], decimals)}"


def rate(estimated: Estimated) -> str:
    """A share of the stage before, with the 95 % interval of it: 66.7 % (66.5-66.9)."""
    mean, ci95 = percent(estimated["mean"]), estimated["ci95"]
    return f"{mean} ({between(ci95)})" if ci95 is not None and ci95[0] < ci95[1] else mean


def between(ci95: list[float], decimals: int | None = None) -> str:
    """The ends of an interval of a share, in percent and not beyond 0 and 100: 66.5-66.9."""
    low, high = (percent(min(1.0, max(0.0, share)), decimals).removesuffix(" %") for share in ci95)
    low, high = (end.replace("< ", "<") for end in (low, high))
    return f"{low}-{high}"


def spread(estimated: Estimated) -> str:
    """Where nine of ten histories fall: 1 to 10."""
    return f"{whole(estimated['p05'])} to {whole(estimated['p95'])}"


def title(summary: Summary) -> str:
    """What was run."""
    name = summary["alternative"]
    return str(summary["scenario"]) if name is None else f"{summary['scenario']}, alternative {name}"


def stages(summary: Summary) -> tuple[str, ...]:
    """The stages to show: without those that all who buy by phone skip."""
    metrics = summary["metrics"]
    skipped = SKIPPED if "sold_by_phone" in metrics else ()
    return tuple(name for name in STAGES if name not in skipped or metrics[name]["mean"])


def two_ways(summary: Summary) -> bool:
    """Are some leads offered the sale by phone, while others come to one face to face?"""
    metrics = summary["metrics"]
    return "sold_by_phone" in metrics and any(metrics[name]["mean"] for name in SKIPPED)


def ways(summary: Summary) -> tuple[str, ...]:
    """The ways to a sale that are worth telling apart, each with a share in `rates`."""
    later = "sold_follow_up" in summary["metrics"]
    by_phone = two_ways(summary) or (later and "sold_by_phone" in summary["metrics"])
    there = (by_phone, two_ways(summary), later, later)
    return tuple(name for name, shown in zip(WAYS, there, strict=True) if shown)


def step(summary: Summary, name: str) -> Estimated | None:
    """A stage as a share of the one before; None for sales of several ways, which are no share of one stage."""
    if name == "sold" and "sold_by_phone" in summary["metrics"]:
        return None if ways(summary) else dict(summary["rates"]["sold_by_phone"])
    return dict(summary["rates"][name])


def leads(summary: Summary) -> str:
    """How many leads there are, on average where they arrive."""
    return number(summary["metrics"]["leads"]["mean"], 0)


def minutes(value: float | None) -> str:
    """A wait: 0.4 min, 12 min, 15.2 h."""
    if value is None:
        return UNKNOWN
    return f"{number(value, 0 if value >= 10 else 1)} min" if value < 100 else f"{number(value / 60, 1)} h"


def meaning(summary: Summary) -> list[str]:
    """What a run means, in a few sentences with their uncertainty."""
    if summary["replications"] == 1:
        return [_one_history(summary)]
    return [*_sales(summary), *_hot(summary), *_profit(summary), *_spread(summary)]


def _one_history(summary: Summary) -> str:
    sold, profit = (summary["metrics"][name]["mean"] for name in ("sold", "profit"))
    result = f"{whole(sold)} sales and a profit of {whole(profit)} {summary['currency']}"
    return f"This one history ends with {result}; it does not say how others end."


def _sales(summary: Summary) -> Iterator[str]:
    sold, of = summary["metrics"]["sold"], "leads" if "hot_share" in summary["metrics"] else "dials"
    cancelled = summary["after_sales"]["customers"]["cancelled"]["mean"] if summary["after_sales"] else None
    cost = summary["metrics"]["cost_per_sale"]["mean"]
    at = f"{whole(cost)} {summary['currency']}"
    per_sale = summary["metrics"][of]["mean"] / sold["mean"] if sold["mean"] else None
    each = "" if cancelled else f", at {at} each"
    one_in = "" if per_sale is None else f", one in {number(per_sale, 0)} {of}{each}"
    average = f"On average {number(sold['mean'])} sales{_error(sold)}{one_in}"
    yield f"{average}; in at least 9 of 10 histories {spread(sold)}."
    if cancelled:
        others = "" if cost is None else f"; the others cost {at} each"
        yield f"Of the sales {percent(cancelled / sold['mean'])} are cancelled{others}."


def _hot(summary: Summary) -> Iterator[str]:
    """What hot leads bring, and how long they wait."""
    share, response = summary["metrics"].get("hot_share"), summary["response"]
    if share is None or share["mean"] is None:
        return
    ends = "" if share["ci95"] is None else f" (95 % interval {between(share['ci95']).replace('-', ' to ')})"
    clock, working = (response[f"{name}_minutes"]["mean"]["value"] if response else None for name in WAITS)
    wait = f"; they are answered after {minutes(clock)} on average, {minutes(working)} of it in working time"
    yield f"Hot leads make {percent(share['mean'])}{ends} of the sales{'' if clock is None else wait}."


def hot_in_short(summary: Summary) -> str:
    """The same in a few words, to be added to a line; empty where there are no hot leads."""
    share, response = summary["metrics"].get("hot_share"), summary["response"]
    clock = response["clock_minutes"]["mean"]["value"] if response else None
    parts = [f"{chance_in_short(share['mean'])} of sales hot"] if share and share["mean"] is not None else []
    if clock is not None:
        parts.append(f"hot leads answered after {minutes(clock)} on average")
    return "".join(f"; {part}" for part in parts)


def _profit(summary: Summary) -> Iterator[str]:
    profit, currency = summary["metrics"]["profit"], summary["currency"]
    gain = summary["chances"]["profit > 0"]
    yield (
        f"Profit {number(profit['mean'], 0)} {currency}{_error(profit, 0)}; in 9 of 10 histories "
        f"{whole(profit['p05'])} to {whole(profit['p95'])}. {_gain(gain)}"
    )


def _gain(gain: Estimated) -> str:
    if gain["share"] in (0.0, 1.0):
        return "Every simulated history ends in profit." if gain["share"] else "No simulated history ends in profit."
    return f"It is above 0 with a chance of {chance(gain['share'])}."


def _error(estimated: Estimated, decimals: int | None = None) -> str:
    if estimated["ci95"] is None:
        return " (no interval from so few histories)"
    return f" (95 % interval of the mean {interval(estimated, decimals)})"


def _spread(summary: Summary) -> Iterator[str]:
    """What would make the result surer: data against ignorance; nothing against luck."""
    split = summary["variance"]["sold"]
    inputs, ci95 = split["inputs"], split["inputs_ci95"]
    if inputs is None:
        return
    if ci95[1] == 0:
        yield f"The spread is luck alone, as the inputs are taken as known. {LUCK}"
    elif ci95[1] - ci95[0] > VAGUE:
        yield (
            f"There are too few worlds ({summary['worlds']:,}) to tell luck from not knowing the inputs, which is "
            f"{percent(ci95[0], 0)} to {percent(ci95[1], 0)} of the spread of sales (its variance): run more histories."
        )
    else:
        yield (
            f"Of the spread of sales (its variance) {chance(split['luck'])} is luck and {chance(inputs)} (95 % "
            f"interval {between(ci95, 0).replace('-', ' to ')}) not knowing the inputs, which data shrink, such as a "
            f"pilot.{_of_profit(summary)} {LUCK}"
        )


def _of_profit(summary: Summary) -> str:
    """The same of profit, where inputs that move no sale move what customers bring later."""
    split = summary["variance"]["profit"]
    if (
        not summary["after_sales"]
        or split["inputs"] is None
        or split["inputs_ci95"][1] - split["inputs_ci95"][0] > VAGUE
    ):
        return ""
    ends = between(split["inputs_ci95"], 0).replace("-", " to ")
    return f" Of that of profit it is {chance(split['inputs'])} (95 % interval {ends}) not knowing them."


LUCK: Final = "Nothing shrinks luck; a larger campaign makes it smaller only beside its mean."
