"""A lead on a list is named by its number, one that arrived by segment/day/number: web/3/12, both counted from 0.

Whom a customer names is named after the customer, and counted from 1: 17.2 is the second whom lead 17 names, 17.2.1 the
first whom that one names in turn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from simfunnel.calendar import Calendar
from simfunnel.errors import RequestError
from simfunnel.funnel.referral import referred
from simfunnel.funnel.segments import (
    ARRIVAL,
    NUMBER_BITS,
    REFERRAL,
    SEGMENT_SHIFT,
    Segments,
    arrival,
    arrived_on,
    is_arrival,
    is_referral,
    segments_of,
)
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import show

_ARRIVAL: Final = re.compile(r"(?P<segment>[\w-]{1,64})/(?P<day>\d{1,9})/(?P<number>\d{1,9})", re.ASCII)
_NAMED: Final = re.compile(r"(?P<customer>[^.]+)(?P<numbers>(\.\d{1,9})+)", re.ASCII)
COUNTED_FROM_0: Final = "day and number count from 0"
_LISTED: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def name_of(segments: Segments, lead: int, named: Mapping[int, tuple[int, int]] | None = None) -> str:
    """The name under which a lead is shown and asked for.

    `named` says by whom, and as the how-manieth (from 0), a lead is named; where it does not, the number is shown.
    """
    numbers = ""
    while named and lead in named:
        lead, number = named[lead]
        numbers = f".{number + 1}{numbers}"
    if not is_arrival(lead) or is_referral(lead):
        return f"{lead}{numbers}"
    day, number = arrived_on(lead)
    return f"{segments.names[segment_of(segments, lead)]}/{day}/{number}{numbers}"


def segment_of(segments: Segments, lead: int) -> int:
    """The segment of a lead."""
    return int(segments.of(np.array([lead]))[0])


def lead_of(scenario: Scenario, name: str) -> int:
    """The lead of that name; raises RequestError where there is none in any history."""
    segments, found = segments_of(scenario), _ARRIVAL.fullmatch(name.strip())
    chain = _NAMED.fullmatch(name.strip()) if segments.referrals >= 0 else None
    if chain is not None:
        return _referred(lead_of(scenario, chain["customer"]), chain["numbers"][1:].split("."), name)
    if found is None and _LISTED.fullmatch(name.strip()):
        return check_lead(scenario, int(name))
    if found is None or not segments.arrivals:
        raise RequestError(f"lead must be {_required(segments)}, found {show(name)}")
    arriving = [segments.names[number] for number in segments.arrivals]
    if found["segment"] not in arriving:
        raise RequestError(f"lead must name a segment in which leads arrive, {_among(arriving)}, found {show(name)}")
    day, number = int(found["day"]), int(found["number"])
    calendar = Calendar.of(scenario)
    last = calendar.length(scenario.intake or scenario.horizon) - 1
    if day > last:
        dates = f" ({calendar.dates[0]} to {calendar.dates[last]})" if last >= 0 else ""
        raise RequestError(f"lead must have a day from 0 to {last:,}{dates}, found {show(name)} ({COUNTED_FROM_0})")
    if number >= 1 << NUMBER_BITS:
        most = f"a number below {1 << NUMBER_BITS:,} on its day"
        raise RequestError(f"lead must have {most}, found {show(name)} ({COUNTED_FROM_0})")
    return int(arrival(segments.names.index(found["segment"]), day, number))


def _referred(lead: int, numbers: list[str], name: str) -> int:
    """Whom a lead names, and whom that one names, and so on."""
    for number in map(int, numbers):
        if number < 1:
            raise RequestError(f"lead must count whom a customer names from 1, found {show(name)}")
        lead = int(referred(np.array([lead]), np.array([number - 1]))[0])
    return lead


def _among(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"one of {', '.join(names)}"


def check_lead(scenario: Scenario, lead: int) -> int:
    """`lead`, if a history may have it; raises RequestError."""
    segments = segments_of(scenario)
    if is_arrival(lead) and lead < 2 * ARRIVAL:
        segment = (lead - ARRIVAL) >> SEGMENT_SHIFT
        if segment < len(segments.names):
            return lead_of(scenario, name_of(segments, lead))
    if segments.referrals >= 0 and REFERRAL <= lead < 2 * REFERRAL:
        return lead
    if not 0 <= lead < segments.leads:
        raise RequestError(f"lead must be {_required(segments)}, found {lead}")
    return lead


def _required(segments: Segments) -> str:
    """What a lead may be called."""
    ways = [f"a whole number from 0 to {segments.leads - 1:,}"] if segments.leads else []
    if segments.arrivals:
        ways.append(f"segment/day/number (counted from 0) such as {segments.names[segments.arrivals[0]]}/0/0")
    if segments.referrals >= 0 and ways:
        first = "0" if segments.leads else f"{segments.names[segments.arrivals[0]]}/0/0"
        ways.append(f"customer.number (counted from 1), for who is named, such as {first}.1")
    return " or ".join(ways) or "left out, as there are no leads"
