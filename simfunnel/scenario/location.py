"""A key stands on the line where its statement begins.

TOML is cut into statements by taking lines until they parse alone, so that tomllib stays the only
judge of what a statement is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

Lines = dict[tuple[str, ...], int]
DEEPEST = 8


def statements(text: str) -> Iterator[tuple[int, dict[str, object], bool]]:
    """Each statement of a valid TOML text: its first line (from 1), what it sets, and whether it is a header.

    Parsing is linear for lines that are statements; long multi-line values cost the square of their
    lines, so the work has a budget, beyond which nothing more is found.
    """
    budget = 20 * len(text) + 1_000_000
    first, chunk = 1, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        chunk += line + "\n"
        budget -= len(chunk)
        if budget < 0:
            return
        try:
            found = tomllib.loads(chunk)
        except (ValueError, RecursionError):
            continue
        if found:
            yield first, found, chunk.lstrip().startswith("[")
        first, chunk = number + 1, ""


def lines_of(text: str) -> Lines:
    """The line of every key and table of a valid TOML text: of a table its header, else where it is first named."""
    lines: Lines = {}
    header: tuple[str, ...] = ()
    for number, found, is_header in statements(text):
        if is_header:
            header = _only_path(found)
            lines[header] = number
            for depth in range(1, len(header)):
                lines.setdefault(header[:depth], number)
        else:
            for path in _paths(found, header):
                lines.setdefault(path, number)
    return lines


def _only_path(found: Mapping[str, object]) -> tuple[str, ...]:
    """The path that a header names: one key in each table, the last one empty (or a list of one)."""
    path: tuple[str, ...] = ()
    table: object = found
    while isinstance(table, dict) and table and len(path) < DEEPEST:
        key, table = next(iter(table.items()))
        path = (*path, key)
    return path


def _paths(table: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        path = (*above, key)
        yield path
        if isinstance(value, dict) and len(path) < DEEPEST:
            yield from _paths(value, path)
