"""An outsourced team's invoice: what happens in a calendar month is billed in it, and topped up to the minimum.

A dial, an acceptance and an hour are billed in the month of the work; an attendance, a sale and a
claw-back in the month of the event, whenever the lead had accepted. Who misses an event and is invited
again is not clawed back yet; who comes and is turned away is neither billed as a comer nor clawed back.

A claw-back lowers its month's bill, and so may call for a top-up; set-up and penalty are no part of
it. The minimum holds from the start until the team's list is done, in a month that lies only partly
within by that part of the month's working days. A list is done with the team's last dial if nobody on
it waits for another one, else not within the horizon; fresh leads that the end of the intake takes
away are not waited for. A team that never dials owes neither minimum nor penalty. The penalty is at
most the rest of the bill. Each line is rounded once, so a minimum may be met but for a cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from simfunnel import facts
from simfunnel.calendar import Calendar, Months
from simfunnel.funnel import calling, demo
from simfunnel.hours import Hours
from simfunnel.ledger import Ledger
from simfunnel.metrics import paid_time, stages
from simfunnel.prices import Floats, Integers, Lines, Lookup, Prices, whole
from simfunnel.scenario.schema import Contract, Team
from simfunnel.scenario.values import HOUR
from simfunnel.tally import Tally

Counts = Mapping[int, Integers]

Things = tuple[int, tuple[int, ...]]
"""Facts of one kind that have one of some outcomes."""

COUNTED: Final[dict[str, Things]] = {
    "per_dial": (facts.DIAL, tuple(range(len(calling.OUTCOMES)))),
    "per_connect": (facts.DIAL, tuple(range(calling.GATEKEEPER, len(calling.OUTCOMES)))),
    "per_acceptance": (facts.DIAL, (calling.ACCEPTED,)),
    "per_attendance": (facts.VISIT, (demo.FREELOADER, demo.INTERESTED)),
    "per_sale": (facts.TALK, (demo.SOLD,)),
}
MISSED: Final = (facts.VISIT, (demo.DID_NOT_COME,))
INVITED_AGAIN: Final = (facts.BOOKING, (demo.AGAIN + demo.BOOKED, demo.AGAIN + demo.WAITING))


@dataclass(frozen=True)
class Service:
    """One outsourced team of a scenario: its number and block, and the prices and shares of its contract."""

    number: int
    team: Team
    price: Lookup
    share: Lookup

    @classmethod
    def of(cls, number: int, name: str, team: Team, prices: Prices) -> Service:
        """The service of team `name`, the `number`th of the scenario."""
        path = f"teams.{name}.contract"
        return cls(number, team, prices.of(path, team.contract), prices.shares(path, team.contract))

    @property
    def contract(self) -> Contract:
        """Its contract."""
        return self.team.contract


def contract_lines(service: Service, calendar: Calendar, tally: Tally, ledger: Ledger) -> Lines:
    """The invoice in whole minor units, by line: `contract_` and the key's name; what is refunded is negative."""
    number, price = service.number, service.price
    counts = {
        facts.DIAL: tally.dials_by_outcome[:, :, number].sum(axis=1),
        facts.BOOKING: tally.bookings[:, :, number].sum(axis=1),
        facts.VISIT: tally.visits[:, :, number].sum(axis=1),
        facts.TALK: tally.talks[:, :, number].sum(axis=1),
    }
    time = paid_time(service.team, calendar, tally.busy[number], tally.overtime[number], tally.last_day[number])
    charges = charged(service, counts, time / HOUR)
    refunds = charges.pop("claw_back")
    lines = {"set_up": whole((tally.last_dial[number] >= 0) * price("set_up"))}
    lines |= {line: whole(amount) for line, amount in charges.items()}
    served = days_served(tally, number, calendar.days)
    lines["minimum_per_month"] = whole(top_up(service, served, tally.last_day[number], ledger))
    lines["claw_back"] = whole(refunds)
    lines["penalty_per_day_late"] = -penalty(service, served, calendar, sum(lines.values(), np.zeros_like(served)))
    return {f"contract_{line}": amount for line, amount in lines.items()}


def charged(service: Service, counts: Counts, hours: Floats) -> dict[str, Floats]:
    """The lines that a month's bill is made of, unrounded; counts (outcomes, ...) by kind of fact, hours (...)."""
    charges = {"per_hour": hours * service.price("per_hour")}
    for line, things in COUNTED.items():
        charges[line] = _number(things, counts) * service.price(line)
    lost = _number(MISSED, counts) - _number(INVITED_AGAIN, counts)
    charges["claw_back"] = -lost * service.price("per_acceptance") * service.share("claw_back")
    return charges


def _number(things: Things, counts: Counts) -> Integers:
    kind, outcomes = things
    return np.asarray(counts[kind][list(outcomes)].sum(axis=0))


def days_served(tally: Tally, number: int, horizon: int) -> Integers:
    """Working days until the team's list is done, or `horizon` where it is not: shape (columns,)."""
    answered = stages(tally)["answered"][:, number]
    waiting = (tally.dialled[:, number] - answered - tally.never_reached[:, number]).sum(axis=0)
    return np.where(waiting == 0, tally.last_dial[number] + 1, horizon)


def top_up(service: Service, served: Integers, last_day: Integers, ledger: Ledger) -> Floats:
    """What the months' bills lack of the minimum, unrounded: shape (columns,)."""
    if service.number not in ledger.teams:
        return np.zeros(served.shape)
    slot, months = ledger.teams.index(service.number), ledger.months
    counts = {kind: counted[:, :, slot] for kind, counted in ledger.counts.items()}
    time = monthly_time(service.team, months, ledger.busy[:, slot], ledger.overtime[:, slot], last_day)
    bill = sum(charged(service, counts, time / HOUR).values(), np.zeros(time.shape))
    part = months.until(served) / months.working_days[:, None]
    lacking = np.maximum(0, service.price("minimum_per_month") * part - bill)
    return sum(np.where(part > 0, lacking, 0), np.zeros(served.shape))


def monthly_time(team: Team, months: Months, busy: Integers, overtime: Integers, last_day: Integers) -> Integers:
    """Paid ms of the whole team by month; its sum over the months is `metrics.paid_time`."""
    if team.paid == "worked":
        return busy
    end = np.full_like(last_day, months.of_day.size) if team.paid == "shift" else last_day + 1
    return np.asarray(Hours.of(team).paid * team.size * months.until(end) + overtime)


def penalty(service: Service, served: Integers, calendar: Calendar, rest: Integers) -> Integers:
    """What is refunded for the days by which the list is late, at most `rest` of the bill: shape (columns,)."""
    promised = service.contract.done_within
    if promised is None:
        return np.zeros_like(served)
    late = np.maximum(0, served - calendar.length(promised))
    return np.minimum(whole(late * service.price("penalty_per_day_late")), rest)
