"""Money is counted in whole minor units of its currency (ISO 4217)."""

from __future__ import annotations

from typing import Final

_MINOR_DIGITS: Final = {
    "BHD": 3, "CLP": 0, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "PYG": 0, "TND": 3, "UGX": 0,
    "VND": 0, "XAF": 0, "XOF": 0,
}  # fmt: skip


def minor_units(currency: str) -> int:
    """Minor units in one unit of `currency`: 100 for most, 1 for the yen, 1000 for some dinars."""
    return int(10 ** _MINOR_DIGITS.get(currency, 2))
