"""A page is a template and data; all data is text, and escaped, but for the pictures that were drawn here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simfunnel.reporting.plots.report import Picture
from simfunnel.reporting.rows import Sheet

HEADINGS: Final = {
    "mean": "average", "95 % interval": "95 % interval of the average", "5 %": "1 in 20 is at or below",
    "median": "half are at or below", "95 %": "1 in 20 is at or above",
}  # fmt: skip
"""What columns are called for who has never read such a table."""
MEAN: Final = re.compile(r"(?<=\b[Tt]he )mean\b|\bMeans(?= of\b)")
"""The noun, in what is said under tables, and not the verb."""


@dataclass(frozen=True)
class Table:
    """A table to be shown, its title, and the paragraphs under it; the names of rows of a wide one stay in sight."""

    title: str
    sheet: Sheet
    notes: tuple[str, ...] = ()
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a page: what it is about in a sentence or two, its pictures, its tables."""

    name: str
    title: str
    lead: str = ""
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pictures or self.tables)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("simfunnel.reporting.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.filters["heading"] = heading
    found.filters["drawn"] = drawn
    found.filters["unbroken"] = unbroken
    return found


def page(template: str, **data: Any) -> str:
    """A whole page."""
    return _templates().get_template(template).render(**data)


def heading(text: str) -> str:
    """A column's heading in plain words."""
    return HEADINGS.get(text, text)


def averages(text: str) -> str:
    """A text that says average, as the tables do."""
    return MEAN.sub(lambda found: "average" if found[0] == "mean" else "Averages", text)


def unbroken(text: str) -> str:
    """A text in which no line ends between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")


def drawn(picture: Picture) -> Markup:
    """A picture, which is markup already."""
    return Markup(picture.svg)


def present(sections: Iterable[Section]) -> list[Section]:
    """Those parts that have anything to show."""
    return [section for section in sections if section]
