"""What a scenario file says of itself in its comments: at its head, and beside single keys."""

from __future__ import annotations

from collections.abc import Sequence

from simfunnel.scenario.layers import Layers
from simfunnel.scenario.reading import Source

QUOTES = "\"'"


def about(text: str) -> str:
    """The comment at the head of a text, its paragraphs apart by an empty line; of it no line for editors (`#:`)."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("#:"):
            lines.append(line.removeprefix("#").removeprefix(" ").rstrip())
    return "\n".join(lines).strip("\n")


def texts(layers: Layers | None) -> str:
    """The files of a scenario as they are, each under its name; nothing of a scenario that is of no file."""
    if layers is None:
        return ""
    return "\n".join(f"# {source.file}\n\n{source.text}" for source in layers.files)


def beside(line: str) -> str:
    """The comment at the end of a line of TOML; empty where there is none."""
    quote, after = "", ""
    for place, letter in enumerate(line):
        if quote:
            escaped = quote == '"' and after == "\\"
            quote = "" if letter == quote and not escaped else quote
        elif letter in QUOTES:
            quote = letter
        elif letter == "#":
            return line[place + 1 :].strip()
        after = letter
    return ""


def said(layers: Layers, path: Sequence[str]) -> str:
    """What the file that sets a key says beside it, on the line where its value begins."""
    _, name, number = layers.place(tuple(path))
    if number is None:
        return ""
    source = next(each for each in layers.files if each.file == name)
    return _said(source, number, path)


def _said(source: Source, number: int, path: Sequence[str]) -> str:
    """Nothing of a line that does not name the key: a header speaks of a whole table."""
    line = source.text.replace("\r\n", "\n").split("\n")[number - 1]
    return beside(line) if path[-1] in line.partition("=")[0] else ""
