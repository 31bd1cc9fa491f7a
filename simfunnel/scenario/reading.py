"""A scenario file is UTF-8 TOML of at most a megabyte; anything else is refused with one clear message."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simfunnel.errors import Problem, ScenarioError, SimfunnelError
from simfunnel.scenario import slips
from simfunnel.scenario.location import Lines, lines_of
from simfunnel.scenario.values import one_line

LARGEST_FILE = 1_000_000
_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_KEY = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_KEY}[ \t]*+\.[ \t]*+){{32}}")


class UnreadableError(SimfunnelError):
    """Why a file's text cannot be had."""


@dataclass(frozen=True)
class Source:
    """One text that sets keys: a file, or the command line (which has no lines)."""

    file: str
    text: str
    tree: dict[str, Any]

    @cached_property
    def lines(self) -> Lines:
        """The line of each key that this text sets."""
        return lines_of(self.text)


def read_text(path: Path) -> str:
    """The text of a file; raises UnreadableError with the reason."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise UnreadableError("it is a directory") from None
    except FileNotFoundError:
        raise UnreadableError("no such file") from None
    except PermissionError:
        raise UnreadableError("permission denied") from None
    except (OSError, ValueError) as error:
        raise UnreadableError(one_line(getattr(error, "strerror", None) or str(error))) from None
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST_FILE:
        raise UnreadableError(f"it is larger than {LARGEST_FILE // 1_000_000} MB")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("it is not UTF-8 text but UTF-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableError(f"it is not UTF-8 text (byte 0x{raw[error.start]:02x} in line {line})") from None


def source(text: str, file: str) -> Source:
    """The keys that a text sets; raises ScenarioError if it is not TOML."""
    text = text.removeprefix("\ufeff")
    return Source(file, text, _parsed(text, file))


def _parsed(text: str, file: str) -> dict[str, Any]:
    if len(text) > LARGEST_FILE:
        raise ScenarioError([Problem(file, None, "", f"is larger than {LARGEST_FILE // 1_000_000} MB")])
    deep = _DEEP_KEY.search(text)
    if deep:
        raise ScenarioError([Problem(file, text.count("\n", 0, deep.start()) + 1, "", "is nested too deeply")])
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError([Problem(file, None, "", "is nested too deeply")]) from None
    except ValueError as error:
        raise ScenarioError([_not_toml(str(error), text, file)]) from None


def _not_toml(message: str, text: str, file: str) -> Problem:
    """tomllib's own words with its line, where it says one, and what to write instead."""
    match = _POSITION.search(message)
    reason = one_line(message[: match.start()] if match else message, 100)
    if match is None:
        return Problem(file, None, "", f"is not TOML: {reason}")
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")[: int(match["line"] or LARGEST_FILE)]
    column = int(match["column"] or len(lines[-1]) + 1)
    place = f"column {column}" if match["line"] else "at the end of the file"
    found = f", found: {one_line(lines[-1])}" if lines[-1].strip() else ""
    words = slips.twice(reason, lines) or f"{reason} ({place})"
    return Problem(file, len(lines), "", f"is not TOML: {words}{found}", slips.advice(lines[-1], column))
