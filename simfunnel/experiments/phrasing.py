"""A number in a sentence has as many digits as a reader needs."""

from __future__ import annotations

from collections.abc import Sequence

MOST_LISTED = 6


def percent(share: float) -> str:
    """A share as people read it: one decimal, or two digits below 1 %."""
    value = 100 * share
    return f"{value:.2g} %" if 0 < value < 1 else f"{value:.1f} %"


def about(number: float) -> str:
    """A rough number: whole from 10 on, else two digits."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def clock_minutes(minutes: int) -> str:
    """A whole number of minutes as a scenario writes it."""
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} h"


def listed(names: Sequence[str]) -> str:
    """Some names as a reader lists them, those beyond the first few by their number."""
    more = len(names) - MOST_LISTED
    shown = [*names[:MOST_LISTED], f"{more:,} more"] if more > 1 else list(names)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
