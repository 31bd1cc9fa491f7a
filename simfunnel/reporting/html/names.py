"""A page has room for the whole name of a policy, which a screen of 80 columns has not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from simfunnel.reporting.comparison import HEAD, NAME
from simfunnel.reporting.rows import Sheet
from simfunnel.reporting.sheets import Shown
from simfunnel.reporting.verdicts import called
from simfunnel.reporting.wording import Summary

ROOM: Final = 40
"""Letters of a name in a table of a page."""
ONLY: Final = "only "


def whole(comparison: Summary, shown: Shown) -> Shown:
    """A part of a comparison with the names of its policies in full."""
    return shown._replace(sheet=whole_names(comparison, shown.sheet))


def whole_names(comparison: Summary, sheet: Sheet) -> Sheet:
    """The same table with the names of policies in full, at the head of its rows and of its columns."""
    names = _cut(comparison)
    rows = [replace(row, cells=(names.get(row.cells[0], row.cells[0]), *row.cells[1:])) for row in sheet.rows]
    return replace(sheet, headings=tuple(_heading(names, text) for text in sheet.headings), rows=rows)


def _heading(names: dict[str, str], text: str) -> str:
    name = text.removeprefix(ONLY)
    return f"{text[: len(text) - len(name)]}{names.get(name, name)}"


def _cut(comparison: Summary) -> dict[str, str]:
    """What each name was cut to; none that two names were cut to."""
    found: dict[str, str] = {}
    for most in (HEAD, NAME):
        cut = [(called(policy["name"], most), called(policy["name"], ROOM)) for policy in comparison["policies"]]
        short = [each for each, _ in cut]
        found |= {each: name for each, name in cut if each != name and short.count(each) == 1}
    return found
