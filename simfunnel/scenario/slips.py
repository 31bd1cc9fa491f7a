"""A slip of the pen in a line that is not TOML has a pattern, and the pattern has its one-line advice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from simfunnel.scenario.values import one_line

LONGEST: Final = 30
SMART: Final = "“”„‟‘’‚«»"
_TWICE: Final = re.compile(r"twice|overwrite|Duplicate")
_HEADER: Final = re.compile(r"\s*\[+\s*([^\[\]\n]+?)\s*\]+\s*(?:#.*)?")
Advice = Callable[[re.Match[str]], str]


def _date(match: re.Match[str]) -> str:
    day, month, year = (int(match[name] or 0) for name in ("day", "month", "year"))
    try:
        return f"dates are written {date(year, month, day).isoformat()}"
    except ValueError:
        return "dates are written 2026-04-01"


def _word(match: re.Match[str]) -> str:
    word = match[0].strip()
    if word.casefold() in ("true", "false"):
        return f"it is written {word.casefold()}"
    return f'text goes in quotes: "{one_line(word, LONGEST)}"'


def _whole_number(match: re.Match[str]) -> str:
    return f"no thousands separators: {re.sub('[^0-9+-]', '', match[0])}"


_END: Final = r"(?![\w.,:'%])"
SLIPS: Final[tuple[tuple[re.Pattern[str], Advice], ...]] = (
    (re.compile(f"[{SMART}]"), lambda _: 'quotes must be straight: "'),
    (re.compile(r"[+-]?\d[\d.,]{0,30}\s?%"), lambda m: f'put it in quotes: "{m[0]}"'),
    (re.compile(r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})" + _END), _date),
    (re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)" + _END), _date),
    (re.compile(r"\d\d?/\d\d?/\d{4}" + _END), lambda _: "dates are written 2026-04-01"),
    (re.compile(r"\d\d?:\d\d" + _END), lambda m: f'times go in quotes: "{m[0]}"'),
    (re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){1,5}|(?:\.\d{3}){2,5}|(?:[' ]\d{3}){1,5})" + _END), _whole_number),
    (re.compile(r"[+-]?\d{1,15},\d{1,15}" + _END), lambda m: f"decimals follow a point: {m[0].replace(',', '.')}"),
    (re.compile(r"\d[\d.]{0,15}\s?[^\W\d_]{2}[^\"'=\[\]{}#,]{0,200}"), _word),
    (re.compile(r"[^\W\d][^\"'=\[\]{}#,]{0,200}"), _word),
)  # fmt: skip


def advice(line: str, column: int) -> str:
    """What to write instead in a line that tomllib refuses at `column` (from 1); empty if no pattern fits."""
    if line.lstrip()[:1] in tuple(SMART):
        return 'quotes must be straight: "'
    start = line.rfind("=", 0, column)
    if start < 0 or any(bracket in line[start:column] for bracket in "[\"'"):
        return ""
    value = line[start + 1 :].strip()
    found = ((pattern.match(value), say) for pattern, say in SLIPS)
    return next((say(match) for match, say in found if match), "")


def twice(reason: str, lines: list[str]) -> str:
    """Which key or table stands twice, in words, if that is what tomllib's `reason` means; else empty.

    `lines` end with the line refused.
    """
    if not lines or not _TWICE.search(reason):
        return ""
    last = lines[-1]
    if header := _HEADER.fullmatch(last):
        return f"{one_line(header[1])} stands twice"
    if "inline" in reason:
        return f"{one_line(reason.split()[-1])} stands twice"
    table = next((match[1] for line in reversed(lines[:-1]) if (match := _HEADER.fullmatch(line))), "")
    key = last.partition("=")[0].strip()
    return f"{one_line(f'{table}.{key}' if table else key)} stands twice"
