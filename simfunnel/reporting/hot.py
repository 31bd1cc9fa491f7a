"""Hot leads are shown by how far they get, and by how long they wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simfunnel.reporting.rows import PERCENTILES, Sheet, aside, counts, empty
from simfunnel.reporting.wording import Summary, interval, number, rate

OF_PREVIOUS: Final = "of previous\n(95 % interval)"
GAVE_UP: Final = "gave up: waited for an answer in vain; of all that arrived."
SOLD_LATER: Final = "sold: of the answered, as the undecided may buy later."


def how_far(summary: Summary) -> Sheet:
    """How far hot leads get."""
    table, found = empty("", "mean", "95 % interval", *PERCENTILES, OF_PREVIOUS), summary["hot"]
    for name, share in {"arrived": None, **found["rates"]}.items():
        if name == "gave_up":
            aside(table, "- gave up", found[name], rate(share))
        else:
            table.add_row(name, *counts(found[name]), "" if share is None else rate(share))
    return table


def notes(summary: Summary) -> Iterator[str]:
    """What the percentages of the hot leads are of, where it is not the row above."""
    yield GAVE_UP
    if summary["follow_up"] and "attended" not in summary["hot"]:
        yield SOLD_LATER


def response(summary: Summary) -> Sheet:
    """How long those who were answered had waited."""
    table = empty("waited", "", "minutes", "95 % interval", left=2)
    for name, what in (("clock", "by the clock"), ("working", "working time")):
        for place, (key, kind) in enumerate(WAITED):
            known = summary["response"][f"{name}_minutes"][key]
            value, ends = number(known["value"]), interval({"mean": known["value"], "ci95": known["ci95"]})
            table.add_row("" if place else what, kind, value, ends)
    return table


WAITED: Final = (
    ("mean", "average"), ("p50", "half at most"), ("p90", "9 of 10 at most"), ("p95", "19 of 20 at most"),
)  # fmt: skip
ANSWERED: Final = (
    "Of all hot leads that were answered, all histories together; working time is within the shifts of the team that "
    "answers."
)
