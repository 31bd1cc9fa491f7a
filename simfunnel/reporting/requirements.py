"""What is required stands beside what was found, the interval that decides, and the verdict in a word."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from simfunnel.experiments.targets import is_share
from simfunnel.experiments.verdicts import FAIL, PASS, UNDECIDED, WITHIN
from simfunnel.reporting.rows import Sheet, empty
from simfunnel.reporting.wording import UNKNOWN, decimals_of, number, percent

Summary = dict[str, Any]
Required = dict[str, Any]

TITLE: Final = "Requirements"
STYLES: Final = {PASS: "green", FAIL: "bold red", UNDECIDED: "yellow"}
WIDTH: Final = 80
FINEST: Final = 6
"""Decimals that are shown at most, to tell an end of an interval from what is required."""
ORDINAL: Final = {1: "st", 2: "nd", 3: "rd"}
NO_MORE: Final = "All other intervals of this run are ordinary ones of 95 %."
LEFT_OPEN: Final = f"undecided: {WITHIN}; a higher --at-most narrows it."


def headings(summary: Summary) -> tuple[str, ...]:
    """What stands above the columns; all intervals are of one confidence."""
    return "required", "found", f"{percent(summary['requirements'][0]['confidence'])} interval", "verdict"


def sheet(summary: Summary) -> Sheet:
    """The table; what is required is broken where it would not fit."""
    table = empty(*headings(summary))
    cells = [_cells(required) for required in summary["requirements"]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    heads = [len(head) for head in headings(summary)[1:]]
    room = WIDTH - 4 - sum(max(pair) for pair in zip(widths, heads, strict=True))
    for required, row in zip(summary["requirements"], cells, strict=True):
        text = "\n".join(textwrap.wrap(required["text"], max(16, room), subsequent_indent="  "))
        table.add_row(text, *row, style=STYLES[required["verdict"]])
    return table


def _cells(required: Required) -> tuple[str, str, str]:
    return _found(required), _interval(required), required["verdict"]


def _found(required: Required) -> str:
    value = required["estimate"]
    return percent(value) if _in_shares(required) else number(value, _decimals(required))


def _in_shares(required: Required) -> bool:
    return required["statistic"] == "chance" or is_share(required["text"].split(" ")[0].rpartition(".")[0])


def _decimals(required: Required) -> int:
    """As many as a mean of that size has, and none for a percentile of counts."""
    value, ends = required["estimate"], required["interval"] or []
    of_counts = required["statistic"] != "mean" and all(end == int(end) for end in [*ends, value] if end is not None)
    return 0 if of_counts else decimals_of(required["bound"] if value is None else value)


def _interval(required: Required) -> str:
    """The interval that decides, as fine as it takes to see on which side of what is required its ends lie."""
    if required["interval"] is None or required["interval"] == [None, None]:
        return UNKNOWN
    low, high = (None if end is None else _end(end, required) for end in required["interval"])
    return f"up to {high}" if low is None else f"from {low}" if high is None else f"{low} to {high}"


def _end(end: float, required: Required) -> str:
    scale = 100.0 if _in_shares(required) else 1.0
    value, bound = scale * end, scale * required["bound"]
    fine = 1 if scale > 1 else _decimals(required)
    while fine < FINEST and (value > bound) - (value < bound) != _side(round(value, fine), bound):
        fine += 1
    return percent(end, fine) if scale > 1 else number(end, fine)


def _side(value: float, bound: float) -> int:
    return (value > bound) - (value < bound)


def notes(summary: Summary) -> Iterator[str]:
    """How sure it is, where it stopped, and what does not explain itself."""
    looks, look = summary["looks"], summary["look"]
    ending = ORDINAL.get(look % 10, "th") if look % 100 not in (11, 12, 13) else "th"
    each = percent(summary["requirements"][0]["confidence"])
    which = f"at whichever of {len(looks)} looks the run stops: here the {look}{ending}, at"
    stopped = f"{which} {looks[look - 1]:,} of at most {looks[-1]:,} histories" if len(looks) > 1 else "at one look"
    yield f"Intervals of {each} each, so that all of them hold at once with 95 %, {stopped}. {NO_MORE}"
    for required in summary["requirements"]:
        if "as_chance" in required:
            yield f"{required['text']}: the same as {required['as_chance']}."
        if required.get("reason", WITHIN) != WITHIN:
            yield f"{required['text']}: {required['reason']}."
    if any(required.get("reason") == WITHIN for required in summary["requirements"]):
        yield LEFT_OPEN


def meaning(summary: Summary) -> Iterator[str]:
    """What became of the requirements, in a sentence."""
    by_verdict = {
        verdict: [required["text"] for required in summary["requirements"] if required["verdict"] == verdict]
        for verdict in STYLES
    }
    count, met = len(summary["requirements"]), len(by_verdict[PASS])
    if not count:
        return
    if met == count:
        yield "What is required is met." if count == 1 else f"All {count} requirements are met."
        return
    parts = [f"{met} {'is' if met == 1 else 'are'} met"] if met else []
    parts += _named(by_verdict[FAIL], "fails", "fail")
    parts += _named(by_verdict[UNDECIDED], "stays undecided", "stay undecided")
    told = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    of = "1 requirement" if count == 1 else f"{count} requirements"
    yield f"Of {of} {told}."


def _named(texts: list[str], one: str, several: str) -> list[str]:
    return [f"{len(texts)} {one if len(texts) == 1 else several} ({'; '.join(texts)})"] if texts else []
