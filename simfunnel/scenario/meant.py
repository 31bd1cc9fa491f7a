"""A value that is refused is often a slip of the unit, and then the hint is what was likely meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from simfunnel.scenario import times
from simfunnel.scenario.values import LONGEST_INTERVAL, show

_NUMBER: Final = re.compile(r"(?P<number>[0-9]{1,9}(\.[0-9]{1,9})?)\s*(%|percent|per cent|pct)?", re.IGNORECASE)


def meant(message: str, found: object) -> str:
    """A hint for what is refused with such a message; empty if nothing can be guessed."""
    likely = next((guess(found) for beginning, guess in GUESSES.items() if message.startswith(beginning)), "")
    return f'did you mean "{likely}"?' if likely else ""


def _days(found: object) -> str:
    """A bare number where a time between days is required."""
    number = _text(found)
    if not (number.isascii() and number.isdigit() and len(number) < 6 and 1 <= int(number) <= LONGEST_INTERVAL):
        return ""
    return str(times.interval(f"{number} days"))


def _text(found: object) -> str:
    """A number or text as text, numbers as in messages; empty for all else."""
    if isinstance(found, str):
        return found.strip()
    return show(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def _percent(found: object) -> str:
    """A number that is a share only in percent; 1.5 or 2 is as likely to be a ratio."""
    number = _NUMBER.fullmatch(_text(found))
    if number is None:
        return ""
    value = float(number["number"])
    in_words = isinstance(found, str) and number[3] is not None
    return f"{value:.9g} %" if 2 < value <= 100 or (in_words and value <= 100) else ""


GUESSES: Final[Mapping[str, Callable[[object], str]]] = {
    "must be a time between days": _days,
    "must be a share between": _percent,
    "must be a fixed share between": _percent,
}
