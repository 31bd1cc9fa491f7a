"""A case of follow-up is its number of contacts and what ended it: so two very different files are read alike.

Where the files are from, and their terms: see `fit_follow_up.py`. Nothing of them is part of the project.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CONTACTS = 8
"""So many contacts are compared; later ones are counted as another contact after the last of these."""
WON, LOST, NEXT = range(3)

Ends = list[tuple[int, int]]
"""Of every case: its number of contacts, and WON or LOST, or NEXT where it is unknown what came of the last."""


def read(path: Path, delimiter: str = ",") -> Iterable[dict[str, str]]:
    """The rows of a file with a header."""
    with path.open(newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def bank_ends(directory: Path) -> Ends:
    """A client's `campaign` counts the contacts, the last included; `y` is the success at the last."""
    rows = read(directory / "bank-full.csv", ";")
    return [(int(row["campaign"]), WON if row["y"] == "yes" else LOST) for row in rows]


def moment(text: str) -> dt.datetime:
    """A time stamp on the Dutch calendar."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZoneInfo("Europe/Amsterdam"))


@dataclass(frozen=True)
class Offer:
    """The days of contacts of one offer, the day of sending first, and how and when it ended."""

    contacts: tuple[dt.date, ...]
    end: int
    ended: dt.date


def offers(directory: Path) -> list[Offer]:
    """All offers that were sent; see `offer` for what counts as a contact."""
    calls: dict[str, list[tuple[dt.datetime, float]]] = defaultdict(list)
    for row in read(directory / "bpi2012_followup_calls.csv"):
        if row["kind"] == "offer":
            calls[row["case"]].append((moment(row["start"]), float(row["handle_s"] or 0)))
    sent = (row for row in read(directory / "bpi2012_cases.csv") if row["offer_sent"])
    return [offer(row, calls[row["case"]]) for row in sent]


def offer(row: dict[str, str], calls: list[tuple[dt.datetime, float]]) -> Offer:
    """A contact is the day of sending, or a later day with work on a call before the offer's end.

    The piece of work in which the return is booked (every return has one) is the return, not a call; the one in
    which a cancellation is booked is the call that ended it. What the bank declined is left out at its last contact.
    """
    how = next(name for name in ("offer_returned", "cancelled", "declined") if row[name])
    end = moment(row[how])
    before = [(start, seconds) for start, seconds in calls if start <= end]
    if how == "offer_returned":
        before = [(start, seconds) for start, seconds in before if (end - start).total_seconds() > seconds + 60]
    sent = moment(row["offer_sent"]).date()
    later = sorted({start.date() for start, _ in before if start.date() > sent})
    code = {"offer_returned": WON, "cancelled": LOST, "declined": NEXT}[how]
    return Offer((sent, *later), code, end.date())


def loan_ends(directory: Path) -> Ends:
    """Contacts and end of every offer."""
    return [(len(each.contacts), each.end) for each in offers(directory)]


def waits(directory: Path) -> list[Floats]:
    """Days from the n-th contact to the next, of those who had one, for each n up to CONTACTS."""
    days: list[list[float]] = [[] for _ in range(CONTACTS)]
    for each in offers(directory):
        for n, (contact, following) in enumerate(pairwise(each.contacts)):
            if n < CONTACTS:
                days[n].append((following - contact).days)
    return [np.array(some, dtype=np.float64) for some in days]


def counted(ends: Ends) -> Floats:
    """Cases (contacts, 3) won and lost at or after each contact, and with another one."""
    table = np.zeros((CONTACTS, 3))
    for (contacts, end), cases in Counter(ends).items():
        table[: min(contacts - 1, CONTACTS), NEXT] += cases
        if contacts <= CONTACTS and end != NEXT:
            table[contacts - 1, end] += cases
    return table
