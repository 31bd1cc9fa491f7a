"""A shop that follows up: one lead, called on Thursday, refuses the sale by phone and stays undecided.

A dial takes 1 minute; a touch that reaches nobody 1, one that a gatekeeper ends 2, a talk 10. The lead would pay 100.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lived import Facts, of_kind

from simfunnel import draws, parse_scenario
from simfunnel.calendar import Calendar
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.nature import Nature, nature_of

MINUTE, HOUR = 60_000, 3_600_000

SHOP = """
start = 2026-01-08  # a Thursday
horizon = "20 working days"
[segments.keen]
leads = 1
[calling]
teams = ["callers"]
offer = "sale"
answered = 1
listened = 1
accepted = 0
undecided = 1
minutes = { talk = 1 }
[teams.callers]
[teams.sellers]
[follow_up]
team = "sellers"
interval = "1 working day"
touches = 3
channel = "phone"
sold = 0
[follow_up.channels.phone]
reached = 1
minutes = { not_reached = 1, gatekeeper = 2, talk = 10 }
[follow_up.channels.mail]
reached = 1
minutes = { not_reached = 3, gatekeeper = 4, talk = 5 }
[money]
revenue_per_sale = 100
"""
CALLERS, SELLERS = range(2)
PHONE, MAIL = range(2)

Told = list[tuple[Any, ...]]


def nature(*overrides: str, columns: int = 1) -> Nature:
    """The laws of the shop, for the first histories of seed 1."""
    scenario = parse_scenario(SHOP, overrides=overrides)
    inputs = Inputs(1, np.arange(columns), best_guess=False)
    return nature_of(scenario, Calendar.of(scenario), inputs, draws.stream(1, draws.HISTORIES, np.arange(columns)))


def rows(some: Facts, *names: str) -> Told:
    """Some columns of facts."""
    return list(zip(*(some[name].tolist() for name in names), strict=True))


def clock(ms: int) -> str:
    """A time of day; 28:00 is the night."""
    assert ms % MINUTE == 0
    return f"{ms // MINUTE // 60:02d}:{ms // MINUTE % 60:02d}"


def touched(lived: Facts, kind: int) -> Told:
    """Day, begin, minutes, lead and result of each touch or answer, in order of time."""
    found = rows(of_kind(lived, kind), "day", "clock", "duration", "lead", "outcome")
    return [(day, clock(at), ms / MINUTE, lead, code) for day, at, ms, lead, code in sorted(found)]
