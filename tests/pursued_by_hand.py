"""Small histories of the shop of `pursued` are lived by both engines, and read: touches, files, days."""

from __future__ import annotations

import numpy as np
from lived import Facts, both_engines, of_kind
from pursued import SHOP, Told, clock, rows, touched

from simfunnel import facts
from simfunnel.facts import NOBODY
from simfunnel.funnel.undecided import OPENED, REOPENED

NO_END = "follow_up.touches=4000"
NIGHT = "28:00"
MET = (
    "calling.offer='meeting'", "calling.accepted=1", "closing.undecided=1", "closing.sold_if_interested=0",
    "meeting={ team = 'sellers', attended = 1 }",
)  # fmt: skip
GATEKEPT = ("segments.keen.decision_maker=0", "calling.asked_through=1")
RETURNS = ("segments.keen.returns=1", "segments.keen.arrival_hours='10:00-10:01'")
INBOUND = (
    "segments.web={ temperature = 'hot', leads = 0 }", "inbound.teams=['sellers']", "inbound.accepted=1",
    "inbound.offer='sale'",
)  # fmt: skip
NO_CURVE = "inbound.waiting={ source = 'none', odds = {} }"


def run(*overrides: str, replications: int = 1) -> Facts:
    """One history, equal in both engines."""
    return both_engines(SHOP, *overrides, replications=replications)[1]


def touches(lived: Facts) -> Told:
    """Day and result of each touch; with its begin and lead where that matters, see `touched`."""
    return [(day, code) for day, _, _, _, code in touched(lived, facts.TOUCH)]


def days(lived: Facts) -> list[int]:
    return [day for day, _ in touches(lived)]


def files(lived: Facts) -> Told:
    """Day, clock, what became of it, working days, touches and lead of each file that was closed; all are 100 worth."""
    some = of_kind(lived, facts.FILE)
    assert set(some["seat"].tolist()) <= {NOBODY}
    assert set(some["amount"].tolist()) <= {100_00}
    opened = np.isin(some["outcome"], (OPENED, REOPENED))
    assert not some["duration"][opened].any()
    assert not some["occurrence"][some["outcome"] == OPENED].any()
    closed = {name: values[~opened] for name, values in some.items()}
    anew = some["lead"][some["outcome"] == REOPENED]
    assert np.unique(closed["lead"]).size >= closed["lead"].size - anew.size
    found = rows(closed, "day", "clock", "outcome", "duration", "occurrence", "lead")
    return [(day, clock(at), *more) for day, at, *more in found]


def reopened(lived: Facts) -> Told:
    """Day, clock, touches before and lead of each file that was opened anew."""
    some = of_kind(lived, facts.FILE)
    anew = {name: values[some["outcome"] == REOPENED] for name, values in some.items()}
    return [(day, clock(ms), *more) for day, ms, *more in rows(anew, "day", "clock", "occurrence", "lead")]


def causes(lived: Facts) -> list[int]:
    return [outcome for _, _, outcome, *_ in files(lived)]


def flags(lived: Facts) -> Told:
    """Channel, whether only the quota called for it, and whether it irritated, of each touch in order of time."""
    some = of_kind(lived, facts.TOUCH)
    order = np.lexsort((some["clock"], some["day"]))
    return [(amount >> 2, bool(amount & 2), bool(amount & 1)) for amount in some["amount"][order].tolist()]


def at(lived: Facts, kind: int = facts.TOUCH) -> Told:
    """Day, begin and lead of each touch or answer, in order of time."""
    return [(day, when, lead) for day, when, _, lead, _ in touched(lived, kind)]
