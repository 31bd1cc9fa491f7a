"""An outsourced team's invoice: what happens in a calendar month is billed in it, and topped up to the minimum.

A dial, a touch, an acceptance and an hour are billed in the month of the work; an attendance and a
claw-back in the month of the event or meeting, whenever the lead had accepted; a sale in the month in
which it is made. A connect is an answered dial, a hot lead that is answered, a touch that reaches
somebody, or an answer to a lead that came back by itself; only the first is a dial. A sale is one to a
lead that the team invited, whoever followed it up. Who misses an event and is invited again is not
clawed back yet; who comes and is turned away is neither billed as a comer nor clawed back. Of contacts
with customers nothing is billed but the hours, and a sale is billed whether it is cancelled later or
not.

A claw-back lowers its month's bill, and so may call for a top-up; set-up and penalty are no part of it.
The minimum holds from the start until the team's list is done, and until its last touch, talk with a
lead that came back, or contact with a customer; in a month that lies only partly within by that part of
the month's working days. A list is done with the team's last dial if nobody on it waits for another
one, else not within the horizon; fresh leads that the end of the intake takes away are not waited for.
Where work overflows, the lists of the teams that share it are done together. A team that answers hot
leads, or dials leads that arrive, is needed to the end of the horizon: its minimum holds until then.
What is promised within a time is the list, and no touch: where leads arrive on it there is no such
promise, and so no penalty. A team that neither dials nor answers nor follows up nor looks after
customers owes neither minimum nor penalty. The penalty is at most the rest of the bill. Each line is
rounded once, so a minimum may be met but for a cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from simfunnel import facts
from simfunnel.calendar import Calendar, Months
from simfunnel.counting.ledger import Ledger
from simfunnel.counting.tally import Tally
from simfunnel.funnel import calling, closing, demo, inbound, touch
from simfunnel.funnel.duty import answering, dialling_arrivals, sharing
from simfunnel.hours import Hours
from simfunnel.metrics import paid_time
from simfunnel.prices import Floats, Integers, Lines, Lookup, Prices, whole
from simfunnel.scenario.schema import Contract, Scenario, Team
from simfunnel.scenario.values import HOUR

Counts = Mapping[int, Integers]

Things = Mapping[int, tuple[int, ...]]
"""Facts by kind that have one of some outcomes."""

COUNTED: Final[dict[str, Things]] = {
    "per_dial": {facts.DIAL: tuple(range(len(calling.OUTCOMES)))},
    "per_connect": {
        facts.DIAL: tuple(range(calling.GATEKEEPER, len(calling.OUTCOMES))),
        facts.INBOUND: (inbound.REFUSED, inbound.ACCEPTED),
        facts.TOUCH: tuple(range(touch.GATEKEEPER, touch.GAVE_UP)),
        facts.ANSWER: tuple(range(touch.GAVE_UP)),
    },
    "per_accepted": {facts.DIAL: (calling.ACCEPTED,), facts.INBOUND: (inbound.ACCEPTED,)},
    "per_attended": {facts.VISIT: (demo.FREELOADER, demo.INTERESTED)},
    "per_sale": {facts.TALK: closing.WON},
}
MISSED: Final[Things] = {facts.VISIT: (demo.DID_NOT_COME,)}
INVITED_AGAIN: Final[Things] = {facts.BOOKING: (demo.AGAIN + demo.BOOKED, demo.AGAIN + demo.WAITING)}


@dataclass(frozen=True)
class Service:
    """One outsourced team of a scenario: its number and block, and the prices and shares of its contract.

    `together` are the teams that share its list, itself among them; `to_the_end` says whether it is
    needed to the end of the horizon, `grows` whether leads arrive on its list.
    """

    number: int
    team: Team
    price: Lookup
    share: Lookup
    together: tuple[int, ...]
    to_the_end: bool
    grows: bool

    @classmethod
    def of(cls, number: int, name: str, scenario: Scenario, prices: Prices) -> Service:
        """The service of team `name`, the `number`th of the scenario."""
        team, path, together = scenario.teams[name], f"teams.{name}.contract", sharing(scenario, number)
        grows = not dialling_arrivals(scenario).isdisjoint(together)
        to_the_end = grows or number in answering(scenario)
        price, share = prices.of(path, team.contract), prices.shares(path, team.contract)
        return cls(number, team, price, share, together, to_the_end, grows)

    @property
    def contract(self) -> Contract:
        """Its contract."""
        return self.team.contract


def contract_lines(service: Service, calendar: Calendar, tally: Tally, ledger: Ledger) -> Lines:
    """The invoice in whole minor units, by line: `contract_` and the key's name; what is refunded is negative."""
    number, price = service.number, service.price
    counts = {
        facts.DIAL: tally.dials_by_outcome[:, :, number].sum(axis=1),
        facts.INBOUND: tally.inbound[:, :, number].sum(axis=1),
        facts.BOOKING: tally.bookings[:, :, number].sum(axis=1),
        facts.VISIT: tally.visits[:, :, number].sum(axis=1),
        facts.TALK: tally.talks[:, :, number].sum(axis=1),
    }
    if tally.pursuit is not None:
        counts[facts.TOUCH] = tally.pursuit.touches[:, :, number].sum(axis=1)
        counts[facts.ANSWER] = tally.pursuit.answers[:, :, number].sum(axis=1)
    time = paid_time(service.team, calendar, tally.busy[number], tally.overtime[number], tally.last_day[number])
    charges = charged(service, counts, time / HOUR)
    refunds = charges.pop("claw_back")
    begun = np.maximum(tally.last_call[number], last_follow_up(service, tally)) >= 0
    lines = {"set_up": whole(begun * price("set_up"))}
    lines |= {line: whole(amount) for line, amount in charges.items()}
    done, served = days_until_done(service, tally, calendar.days), days_served(service, tally, calendar.days)
    lines["minimum_per_month"] = whole(top_up(service, served, tally.last_day[number], ledger))
    lines["claw_back"] = whole(refunds)
    lines["penalty_per_day_late"] = -penalty(service, done, calendar, sum(lines.values(), np.zeros_like(done)))
    return {f"contract_{line}": amount for line, amount in lines.items()}


def charged(service: Service, counts: Counts, hours: Floats) -> dict[str, Floats]:
    """The lines that a month's bill is made of, unrounded; counts (outcomes, ...) by kind of fact, hours (...)."""
    charges = {"per_hour": hours * service.price("per_hour")}
    for line, things in COUNTED.items():
        charges[line] = _number(things, counts) * service.price(line)
    lost = _number(MISSED, counts) - _number(INVITED_AGAIN, counts)
    charges["claw_back"] = -lost * service.price("per_accepted") * service.share("claw_back")
    return charges


def _number(things: Things, counts: Counts) -> Integers:
    found = [counts[kind][list(outcomes)].sum(axis=0) for kind, outcomes in things.items() if kind in counts]
    return np.asarray(sum(found))


def last_follow_up(service: Service, tally: Tally) -> Integers:
    """The day of the team's last touch, talk with who came back or contact with a customer, else -1: (columns,)."""
    last = np.full(tally.last_call.shape[1:], -1)
    for counted in (tally.pursuit, tally.after):
        if counted is not None:
            last = np.maximum(last, counted.last[service.number])
    return last


def days_until_done(service: Service, tally: Tally, horizon: int) -> Integers:
    """Working days until the team's list is done, or `horizon` where it is not: shape (columns,)."""
    teams, last_dial = list(service.together), tally.last_dial[service.number]
    answered = tally.dials_by_outcome[calling.GATEKEEPER :, :, teams].sum(axis=0)
    waiting = (tally.dialled[:, teams] - answered - tally.given_up[:, teams]).sum(axis=(0, 1))
    return np.where((waiting == 0) | (last_dial < 0), last_dial + 1, horizon)


def days_served(service: Service, tally: Tally, horizon: int) -> Integers:
    """Working days for which the team is needed: `horizon`, or until list and follow-up are done; shape (columns,)."""
    if service.to_the_end:
        return np.full(tally.last_call.shape[1:], horizon)
    return np.maximum(days_until_done(service, tally, horizon), last_follow_up(service, tally) + 1)


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


def penalty(service: Service, done: Integers, calendar: Calendar, rest: Integers) -> Integers:
    """What is refunded for the days by which the list is late, at most `rest` of the bill: shape (columns,)."""
    promised = service.contract.done_within
    if promised is None or service.grows:
        return np.zeros_like(done)
    late = np.maximum(0, done - calendar.length(promised))
    return np.minimum(whole(late * service.price("penalty_per_day_late")), rest)
