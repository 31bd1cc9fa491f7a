"""What a file says of itself is shown as it was meant: sentences flow, and tables keep their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from textwrap import dedent
from typing import Any, Final

COLUMNS: Final = re.compile(r"[^\s.?!] {2,}\S")
ENDS: Final = ".?!:;"


def blocks(text: str) -> list[dict[str, Any]]:
    """The paragraphs of a text, and its tables and lists, of which each line is kept as it is."""
    found = []
    for kept, lines in groupby(_lines(text), key=lambda each: each[0]):
        told = "\n".join(line if kept else line.strip() for _, line in lines)
        shown = dedent(told) if kept else unwrapped(told).strip()
        if shown:
            found.append({"kept": kept, "text": shown})
    return found


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Each line, and whether it is kept: it has columns, or is indented and does not go on with a sentence."""
    goes_on = False
    for line in text.splitlines():
        indented = line.startswith(" ")
        goes_on = goes_on if indented else bool(line) and line[-1] not in ENDS
        yield bool(COLUMNS.search(line)) or (indented and not goes_on), line


def unwrapped(text: str) -> str:
    """A text without the line breaks within its sentences."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and line and lines[-1] and lines[-1][-1] not in ENDS:
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)
