"""A value that is refused is often a slip of the unit, and then the hint is what was likely meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from simfunnel.scenario import times
from simfunnel.scenario.values import LONGEST_INTERVAL, show

_NUMBER: Final = re.compile(r"(?P<number>[0-9]{1,9}(\.[0-9]{1,9})?)\s*(%|percent|per cent|pct)?", re.IGNORECASE)
_CHANGE: Final = re.compile(r"(?P<number>[+-]?[0-9]{1,9}(\.[0-9]{1,9})?)\s*(%|percent|per cent|pct)", re.IGNORECASE)
_CURRENCY: Final = r"\s*([A-Za-z]{3,4}|[$€£¥])?\s*"
_WHOLE: Final = r"(?P<whole>[0-9]{1,3}([.,' ][0-9]{3}){1,4}|[0-9]{1,12})"
_AMOUNT: Final = re.compile(rf"{_CURRENCY}{_WHOLE}([.,](?P<cents>[0-9]{{1,2}}))?{_CURRENCY}")
_LONGEST: Final = 40


def meant(message: str, found: object) -> str:
    """A hint for what is refused with such a message; empty if nothing can be guessed."""
    return next((guess(found) for beginning, guess in GUESSES.items() if message.startswith(beginning)), "")


def _asked(likely: str) -> str:
    return f'did you mean "{likely}"?'


def _days(found: object) -> str:
    """A bare number where a time between days is required."""
    number = _text(found)
    if not (number.isascii() and number.isdigit() and len(number) < 6 and 1 <= int(number) <= LONGEST_INTERVAL):
        return ""
    return _asked(str(times.interval(f"{number} days")))


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
    return _asked(f"{value:.9g} %") if 2 < value <= 100 or (in_words and value <= 100) else ""


def _amount(found: object) -> str:
    """An amount as text: with a currency, or with signs between thousands or before cents."""
    amount = _AMOUNT.fullmatch(found.strip()) if isinstance(found, str) and len(found) <= _LONGEST else None
    if amount is None:
        return ""
    whole, cents = re.sub(r"[.,' ]", "", amount["whole"]), (amount["cents"] or "").rstrip("0")
    return f"write {whole}{cents and '.'}{cents}"


def _ratio(found: object) -> str:
    """So many percent, where an odds ratio is required."""
    number = _CHANGE.fullmatch(_text(found))
    if number is None or not -100 < float(number["number"]) <= 1000:
        return ""
    change = float(number["number"])
    higher = f"{abs(change):.9g} % {'higher' if change >= 0 else 'lower'}"
    return f"for odds {higher} write {1 + change / 100:.9g}"


GUESSES: Final[Mapping[str, Callable[[object], str]]] = {
    "must be a time between days": _days,
    "must be a share between": _percent,
    "must be a fixed share between": _percent,
    "must be an amount": _amount,
    "must be an odds ratio": _ratio,
}
