"""Any history of a run can be lived again alone: the SimPy engine tells it, and its totals are that history's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.errors import RequestError
from simfunnel.experiments import naming
from simfunnel.experiments.telling import OUTCOMES, Teller, waited
from simfunnel.experiments.telling_after import named_by, satisfaction
from simfunnel.facts import COLUMNS, KINDS, Keeper
from simfunnel.funnel import calling, care, closing, customers, demo, inbound, loyalty, referral, touch, undecided
from simfunnel.funnel.segments import NUMBER_BITS, Segments, arrived_on, is_arrival, is_referral, segments_of
from simfunnel.metrics import Columns
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import MOST_REPLICATIONS, Settings, live, uncertain_inputs

Integers = npt.NDArray[np.int64]

# At one clock: what was begun, then what follows from it.
RANK: Final = (
    facts.ARRIVAL, facts.RETURN, facts.DIAL, facts.INBOUND, facts.TOUCH, facts.ANSWER, facts.CARE, facts.BOOKING,
    facts.HOST, facts.EVENT, facts.VISIT, facts.MEETING, facts.CLOSING, facts.TALK, facts.MISFIT, facts.SERIES,
    facts.FILE, facts.ANSWERED, facts.PURCHASE, facts.ASKED,
)  # fmt: skip
# Then who is booked anew, after the event that made it so, and the night of the customers: (kind, outcomes) by turn.
TURNS: Final[tuple[tuple[int, Sequence[int]], ...]] = (
    (facts.BOOKING, range(demo.MOVED, len(demo.BOOKINGS))),
    (facts.DELIVERY, range(len(customers.DELIVERIES))),
    (facts.CUSTOMER, (customers.CANCELLED,)),
    (facts.RAISED, (care.COMPLAINT,)),
    (facts.CUSTOMER, (customers.SILENT,)),
    (facts.MESSAGE, (care.UNANSWERED, care.ANSWERED, care.FOUND_BY)),
    (facts.RAISED, (care.FOUND,)),
    (facts.MESSAGE, (care.MAILING,)),
    (facts.PURCHASE, (loyalty.REPEAT, loyalty.PASSED)),
    (facts.CUSTOMER, (customers.LEFT,)),
    (facts.RAISED, (care.SUGGESTION,)),
    (facts.CUSTOMER, (customers.GAVE_UP,)),
    (facts.REFERRAL, range(len(referral.REFERRALS))),
    (facts.CUSTOMER, (customers.STAYS,)),
)
FEW: Final = 5
MOST_NAMES: Final = 1000
MOST_OUTCOMES: Final = max(map(len, OUTCOMES.values()))
INTERESTING: Final = (
    ("named others", facts.ASKED, referral.GAVE), ("named by a customer", facts.REFERRAL, referral.NOTED),
    ("bought again", facts.PURCHASE, loyalty.REPEAT), ("complained", facts.RAISED, care.COMPLAINT),
    *((name, facts.CUSTOMER, code) for code, name in enumerate(customers.ENDS) if code != customers.STAYS),
    ("sold", facts.TALK, closing.SOLD), ("sold under pressure", facts.TALK, closing.CONCEDED),
    ("followed up and sold", facts.TOUCH, touch.SOLD),
    ("followed up and sold under pressure", facts.TOUCH, touch.CONCEDED),
    ("came back and bought", facts.ANSWER, touch.SOLD), ("came back", facts.RETURN, 0),
    ("bought what is not right for it", facts.MISFIT, 0),
    *((f"followed up, {name}", facts.FILE, code) for code, name in enumerate(undecided.FILES) if code > undecided.SOLD),
    ("undecided", facts.TALK, closing.UNDECIDED), ("undecided on the phone", facts.TALK, closing.UNDECIDED_BY_PHONE),
    ("not convinced", facts.TALK, closing.NOT_CONVINCED),
    ("left before a closer was free", facts.TALK, closing.LEFT),
    ("freeloader", facts.VISIT, demo.FREELOADER), ("turned away", facts.VISIT, demo.TURNED_AWAY),
    ("moved", facts.BOOKING, demo.MOVED), ("invited again", facts.BOOKING, demo.AGAIN),
    ("did not come", facts.VISIT, demo.DID_NOT_COME),
    ("no seat", facts.BOOKING, demo.NO_SEAT), ("refused", facts.DIAL, calling.REFUSED),
    ("answered, refused", facts.INBOUND, inbound.REFUSED), ("gave up waiting", facts.INBOUND, inbound.GAVE_UP),
)  # fmt: skip


@dataclass(frozen=True)
class StoryEvent:
    """One fact, told. `clock` and `duration` are ms, `day` counts working days from 0, `seat` members from 0.

    The duration of a file that is closed is the working days since it was opened.

    `amount` is money in the scenario's currency, or what is counted (see `telling.Teller.amount`), else None; `waited`
    the ms that a lead waited for an answer or a closer; `touch` the number, channel and so on of a touch (see
    `telling.Teller.touch`); `satisfaction` a customer's afterwards, from 0 to 1; `named_by` the customer that names
    the lead. `lead`, `team`, `seat` are None where nobody in particular is meant.
    """

    day: int
    date: dt.date
    clock: int
    lead: int | None
    team: str | None
    seat: int | None
    kind: str
    outcome: str | None
    duration: int
    amount: float | None
    waited: int | None
    touch: dict[str, Any] | None
    satisfaction: float | None
    named_by: int | None
    text: str


@dataclass(frozen=True)
class Replay:
    """One history: `table` holds its facts (facts, len(COLUMNS)) in the order told, `totals` its row of numbers."""

    scenario: Scenario
    replication: int
    world: int | None
    table: Integers
    totals: Columns
    alternative: str | None = None

    @cached_property
    def calendar(self) -> Calendar:
        """The scenario's working days."""
        return Calendar.of(self.scenario)

    @cached_property
    def event_days(self) -> tuple[int, ...]:
        """The days of the demos."""
        return self.calendar.event_days(self.scenario.demo) if self.scenario.demo is not None else ()

    @cached_property
    def segments(self) -> Segments:
        """The numbering of the leads."""
        return segments_of(self.scenario)

    @cached_property
    def named(self) -> dict[int, tuple[int, int]]:
        """Who names each lead that is named, and as the how-manieth of its names (from 0)."""
        which = self.column("kind") == facts.REFERRAL
        lead, parent, number = (self.column(name)[which].tolist() for name in ("lead", "amount", "occurrence"))
        return dict(zip(lead, zip(parent, number, strict=True), strict=True))

    @cached_property
    def teller(self) -> Teller:
        """Who tells its facts."""
        meetings = self.column("kind") == facts.MEETING
        met = zip(*(self.column(name)[meetings].tolist() for name in ("lead", "day")), strict=True)
        found = (self.column("kind") == facts.TOUCH) & (self.column("outcome") == touch.DISQUALIFIED)
        disqualified = frozenset(self.column("lead")[found].tolist())
        again = (self.column("kind") == facts.FILE) & (self.column("outcome") == undecided.REOPENED)
        reopened = dict(zip(self.column("lead")[again].tolist(), self.column("day")[again].tolist(), strict=True))
        return Teller(
            self.scenario, self.calendar, self.segments, self.named, self.event_days, frozenset(met), disqualified,
            reopened,
        )  # fmt: skip

    def column(self, name: str) -> Integers:
        """One column of the facts."""
        return np.asarray(self.table[:, COLUMNS.index(name)])

    def segment(self, lead: int) -> str:
        """The segment of a lead."""
        return self.segments.names[naming.segment_of(self.segments, lead)]

    def name(self, lead: int) -> str:
        """The name under which a lead is shown."""
        return naming.name_of(self.segments, lead, self.named)


def check_request(scenario: Scenario, settings: Settings, replication: int, lead: int | None = None) -> None:
    """Refuse what cannot be lived again: settings that mean nothing, a lead that does not exist."""
    settings.check()
    if not 0 <= replication < MOST_REPLICATIONS:
        most = MOST_REPLICATIONS - 1
        raise RequestError(f"replication must be a whole number from 0 to {most:,}, found {replication}")
    if lead is not None:
        naming.check_lead(scenario, lead)


def check_came(lived: Replay, lead: int) -> None:
    """Refuse a lead that might have arrived in a history, or might have been named, and was not."""
    if not is_arrival(lead) or (lived.column("lead") == lead).any():
        return
    if is_referral(lead):
        raise RequestError(_not_named(lived, lead))
    segment, (day, _) = naming.segment_of(lived.segments, lead), arrived_on(lead)
    arrived = lived.column("lead")[lived.column("kind") == facts.ARRIVAL]
    came = int(np.count_nonzero((arrived >> NUMBER_BITS) == (lead >> NUMBER_BITS)))
    numbers = f"a number from 0 to {came - 1}" if came > 1 else "the number 0" if came else "another day"
    arrivals = f"{came} {'lead arrives' if came == 1 else 'leads arrive'} in segment {lived.segments.names[segment]}"
    when = f"on working day {day + 1}, {lived.calendar.dates[day]}, of replication {lived.replication}"
    raise RequestError(
        f"lead must have {numbers}, as {arrivals} {when}, found {lived.name(lead)} ({naming.COUNTED_FROM_0})"
    )


def _not_named(lived: Replay, lead: int) -> str:
    """Why nobody of that name lives: its customer names fewer, or nobody."""
    where, found = f"in replication {lived.replication}", "one whom nobody names"
    if not lived.named:
        return f"lead must be on a list or arrive, as no customer names anybody {where}, found {found}"
    customers_ = np.unique(lived.column("lead")[lived.column("kind") == facts.CUSTOMER])
    for customer, number in np.argwhere(referral.referred(customers_[:, None], np.arange(MOST_NAMES)) == lead).tolist():
        name = lived.name(int(customers_[customer]))
        if most := sum(parent == customers_[customer] for parent, _ in lived.named.values()):
            those = f"from {name}.1 to {name}.{most}" if most > 1 else f"{name}.1"
            return f"lead must be {those}, as that is whom lead {name} names {where}, found {name}.{number + 1}"
        found = f"{name}.{number + 1}"
    some = ", ".join(lived.name(each) for each in list(lived.named)[:FEW])
    those = f"such as {some}" if len(lived.named) > FEW else f"one of {some}"
    return f"lead must be one whom a customer names {where}, {those}, found {found}"


def replay(scenario: Scenario, settings: Settings, replication: int, alternative: str | None = None) -> Replay:
    """Live `replication` (from 0) of a run with these settings again; raises RequestError.

    `alternative` is the name of the alternative that the scenario is, for the title.
    """
    check_request(scenario, settings, replication)
    settings = replace(settings, engine="simpy", digest=True)
    keeper = Keeper()
    totals = live(scenario, settings, replication, 1, (keeper,))
    table = keeper.table()[:, 1:]
    uncertain = not settings.fix_inputs and uncertain_inputs(scenario)
    world = replication // settings.histories if uncertain else None
    return Replay(scenario, replication, world, table[order(table)], totals, alternative)


def order(table: Integers) -> Integers:
    """The order in which facts are told: by day, clock, cause before effect, lead.

    Who is named comes in the order of who names them.
    """
    rank = np.zeros((len(KINDS) + 1, MOST_OUTCOMES), dtype=np.int64)
    rank[list(RANK)] = np.arange(len(RANK))[:, None]
    for turn, (kind, outcomes) in enumerate(TURNS, start=len(RANK)):
        rank[kind, list(outcomes)] = turn
    columns = {name: table[:, index] for index, name in enumerate(COLUMNS)}
    ranks = rank[columns["kind"], columns["outcome"]]
    who = np.where(columns["kind"] == facts.REFERRAL, columns["amount"], columns["lead"])
    keys = (columns["occurrence"], columns["seat"], who, ranks, columns["clock"], columns["day"])
    return np.asarray(np.lexsort(keys))


def story(lived: Replay, lead: int | None = None) -> Iterator[StoryEvent]:
    """The events of a history, or those of one lead in it, in the order in which they happened.

    A lead's events are its own, and those in which it names others.
    """
    table = lived.table
    if lead is not None:
        names = (lived.column("kind") == facts.REFERRAL) & (lived.column("amount") == lead)
        table = table[(lived.column("lead") == lead) | names]
    teams = tuple(lived.scenario.teams)
    for row in table:
        yield _told(lived, dict(zip(COLUMNS, row.tolist(), strict=True)), teams)


def notable(lived: Replay, most: int = 8) -> dict[str, list[int]]:
    """Leads whose story is worth reading, by how far they got; the furthest first, at most `most` of each.

    No-shows that are invited again are not told as such.
    """
    kind, outcome, lead = lived.column("kind"), lived.column("outcome"), lived.column("lead")
    again = lead[(kind == facts.BOOKING) & (outcome == demo.AGAIN)]
    over = ~((kind == facts.VISIT) & (outcome == demo.DID_NOT_COME) & np.isin(lead, again))
    found = {"named by a customer, and bought": lead[(kind == facts.CUSTOMER) & is_referral(lead)].tolist()}
    found |= {name: lead[(kind == k) & (outcome == o) & over].tolist() for name, k, o in INTERESTING}
    return {name: list(dict.fromkeys(ids))[:most] for name, ids in found.items() if ids}


def _told(lived: Replay, fact: dict[str, int], teams: tuple[str, ...]) -> StoryEvent:
    kind, seat, team = fact["kind"], fact["seat"], fact["team"]
    outcomes = OUTCOMES.get(kind)
    return StoryEvent(
        day=fact["day"],
        date=lived.calendar.dates[fact["day"]],
        clock=fact["clock"],
        lead=None if fact["lead"] == facts.NOBODY else fact["lead"],
        team=None if team == facts.NOBODY else teams[team],
        seat=None if seat == facts.NOBODY else seat,
        kind=facts.KINDS[kind],
        outcome=None if outcomes is None else outcomes[fact["outcome"]],
        duration=fact["duration"],
        amount=lived.teller.amount(fact),
        waited=waited(fact),
        touch=lived.teller.touch(fact),
        satisfaction=satisfaction(fact),
        named_by=named_by(fact),
        text=lived.teller.text(fact),
    )
