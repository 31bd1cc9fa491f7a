"""Any history of a run can be lived again alone: the SimPy engine tells it, and its totals are that history's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.errors import RequestError
from simfunnel.facts import COLUMNS, Keeper
from simfunnel.funnel import calling, demo
from simfunnel.funnel.segments import segments_of
from simfunnel.metrics import Columns
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE
from simfunnel.simulation import MOST_REPLICATIONS, Settings, live, uncertain_inputs

Integers = npt.NDArray[np.int64]

# At one clock: what was begun, then what follows from it; a lead is booked anew after the event that made it so.
RANK: Final = {facts.DIAL: 0, facts.BOOKING: 1, facts.HOST: 2, facts.EVENT: 3, facts.VISIT: 4, facts.TALK: 5}
LAST: Final = 6
OUTCOMES: Final = {
    facts.DIAL: calling.OUTCOMES, facts.BOOKING: demo.BOOKINGS, facts.VISIT: demo.VISITS, facts.TALK: demo.TALKS,
    facts.EVENT: demo.EVENTS,
}  # fmt: skip
INTERESTING: Final = (
    ("sold", facts.TALK, demo.SOLD), ("not convinced", facts.TALK, demo.NOT_CONVINCED),
    ("freeloader", facts.VISIT, demo.FREELOADER), ("turned away", facts.VISIT, demo.TURNED_AWAY),
    ("moved", facts.BOOKING, demo.MOVED), ("invited again", facts.BOOKING, demo.AGAIN),
    ("did not come", facts.VISIT, demo.DID_NOT_COME),
    ("no seat", facts.BOOKING, demo.NO_SEAT), ("refused", facts.DIAL, calling.REFUSED),
)  # fmt: skip


@dataclass(frozen=True)
class StoryEvent:
    """One fact, told. `clock` and `duration` are ms, `day` counts working days from 0, `seat` members from 0.

    `amount` is the revenue of a talk that sold (in the scenario's currency), the comers of a demo (the
    booked, if it is cancelled), else None. `lead`, `team`, `seat` are None where nobody in particular is meant.
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
    text: str


@dataclass(frozen=True)
class Replay:
    """One history: `table` holds its facts (facts, len(COLUMNS)) in the order told, `totals` its row of numbers."""

    scenario: Scenario
    replication: int
    world: int | None
    table: Integers
    totals: Columns

    @cached_property
    def calendar(self) -> Calendar:
        """The scenario's working days."""
        return Calendar.of(self.scenario)

    @cached_property
    def event_days(self) -> tuple[int, ...]:
        """The days of the demos."""
        return self.calendar.event_days(self.scenario.demo) if self.scenario.demo is not None else ()

    @property
    def leads(self) -> int:
        """Leads on all lists."""
        return segments_of(self.scenario).leads

    def column(self, name: str) -> Integers:
        """One column of the facts."""
        return np.asarray(self.table[:, COLUMNS.index(name)])

    def segment(self, lead: int) -> str:
        """The segment of a lead."""
        segments = segments_of(self.scenario)
        return segments.names[int(segments.of(np.array([lead]))[0])]


def check_request(scenario: Scenario, settings: Settings, replication: int, lead: int | None = None) -> None:
    """Refuse what cannot be lived again: settings that mean nothing, a lead that does not exist."""
    settings.check()
    if not 0 <= replication < MOST_REPLICATIONS:
        most = MOST_REPLICATIONS - 1
        raise RequestError(f"replication must be a whole number from 0 to {most:,}, found {replication}")
    leads = segments_of(scenario).leads
    if lead is not None and not 0 <= lead < leads:
        required = f"a whole number from 0 to {leads - 1:,}" if leads else "left out, as there are no leads"
        raise RequestError(f"lead must be {required}, found {lead}")


def replay(scenario: Scenario, settings: Settings, replication: int) -> Replay:
    """Live `replication` (from 0) of a run with these settings again; raises RequestError."""
    check_request(scenario, settings, replication)
    settings = replace(settings, engine="simpy", digest=True)
    keeper = Keeper()
    totals = live(scenario, settings, replication, 1, (keeper,))
    table = keeper.table()[:, 1:]
    uncertain = not settings.fix_inputs and uncertain_inputs(scenario)
    world = replication // settings.histories if uncertain else None
    return Replay(scenario, replication, world, table[_order(table)], totals)


def _order(table: Integers) -> Integers:
    """Facts by day, clock, cause before effect, lead."""
    rank = np.zeros(max(RANK) + 1, dtype=np.int64)
    rank[list(RANK)] = list(RANK.values())
    columns = {name: table[:, index] for index, name in enumerate(COLUMNS)}
    again = (columns["kind"] == facts.BOOKING) & (columns["outcome"] >= demo.MOVED)
    ranks = np.where(again, LAST, rank[columns["kind"]])
    keys = (columns["seat"], columns["lead"], ranks, columns["clock"], columns["day"])
    return np.asarray(np.lexsort(keys))


def story(lived: Replay, lead: int | None = None) -> Iterator[StoryEvent]:
    """The events of a history, or those of one lead in it, in the order in which they happened."""
    table = lived.table
    if lead is not None:
        table = table[lived.column("lead") == lead]
    teams, minor = tuple(lived.scenario.teams), minor_units(lived.scenario.currency)
    for row in table:
        yield _told(lived, dict(zip(COLUMNS, row.tolist(), strict=True)), teams, minor)


def notable(lived: Replay, most: int = 8) -> dict[str, list[int]]:
    """Leads whose story is worth reading, by how far they got; the furthest first, at most `most` of each.

    No-shows that are invited again are not told as such.
    """
    kind, outcome, lead = lived.column("kind"), lived.column("outcome"), lived.column("lead")
    again = lead[(kind == facts.BOOKING) & (outcome == demo.AGAIN)]
    over = ~((kind == facts.VISIT) & (outcome == demo.DID_NOT_COME) & np.isin(lead, again))
    found = {name: lead[(kind == k) & (outcome == o) & over][:most].tolist() for name, k, o in INTERESTING}
    return {name: ids for name, ids in found.items() if ids}


def _told(lived: Replay, fact: dict[str, int], teams: tuple[str, ...], minor: int) -> StoryEvent:
    kind, seat = fact["kind"], fact["seat"]
    outcomes = OUTCOMES.get(kind)
    amount = _amount(fact, minor)
    return StoryEvent(
        day=fact["day"],
        date=lived.calendar.dates[fact["day"]],
        clock=fact["clock"],
        lead=None if fact["lead"] == facts.NOBODY else fact["lead"],
        team=teams[fact["team"]],
        seat=None if seat == facts.NOBODY else seat,
        kind=facts.KINDS[kind],
        outcome=None if outcomes is None else outcomes[fact["outcome"]],
        duration=fact["duration"],
        amount=amount,
        text=TELLERS[kind](lived, fact, amount),
    )


def _amount(fact: dict[str, int], minor: int) -> float | None:
    if fact["kind"] == facts.TALK and fact["outcome"] == demo.SOLD:
        return fact["amount"] / minor
    return fact["amount"] if fact["kind"] == facts.EVENT else None


def _dial(_: Replay, fact: dict[str, int], __: float | None) -> str:
    again = f", attempt {fact['occurrence'] + 1}" if fact["occurrence"] else ""
    return DIALS[fact["outcome"]] + again


def _booking(lived: Replay, fact: dict[str, int], _: float | None) -> str:
    cause, seated = divmod(fact["outcome"], len(demo.SEATED))
    if seated == demo.NO_SEAT:
        return f"{ASKS[cause]}finds no seat at any demo soon enough"
    if seated == demo.WAITING:
        where = "waits for a demo after the horizon" if lived.scenario.demo is not None else "waits, there is no demo"
        return ASKS[cause] + where
    return f"{BOOKED[cause]} the demo of {_event_date(lived, fact)}"


def _event_date(lived: Replay, fact: dict[str, int]) -> str:
    return f"{lived.calendar.dates[lived.event_days[fact['occurrence']]]:%A %Y-%m-%d}"


def _visit(_: Replay, fact: dict[str, int], __: float | None) -> str:
    return VISITS[fact["outcome"]]


def _talk(lived: Replay, _: dict[str, int], amount: float | None) -> str:
    return "is not convinced" if amount is None else f"buys for {amount:,.2f} {lived.scenario.currency}"


def _event(lived: Replay, fact: dict[str, int], _: float | None) -> str:
    if fact["outcome"] == demo.HELD:
        return f"the demo begins; {fact['amount']} came"
    assert lived.scenario.demo is not None
    needed = lived.scenario.demo.minimum
    return f"the demo of {_event_date(lived, fact)} is cancelled: {fact['amount']} booked, {needed} needed"


def _host(_: Replay, fact: dict[str, int], __: float | None) -> str:
    return f"hosts the demo, {fact['duration'] / MINUTE:,.0f} min with setting up"


DIALS: Final = (
    "does not answer",
    "is answered by a gatekeeper, who ends the call",
    "hangs up",
    "listens, but refuses the invitation",
    "listens and accepts the invitation",
)
ASKS: Final = ("", "is to be moved, but ", "is invited again, but ")
BOOKED: Final = ("is booked on", "is moved to", "is invited again, to")
VISITS: Final = (
    "does not come", "comes for the coffee", "comes and is interested", "comes, but every seat is taken: turned away",
)  # fmt: skip
TELLERS: Final[dict[int, Callable[[Replay, dict[str, int], float | None], str]]] = {
    facts.DIAL: _dial, facts.BOOKING: _booking, facts.VISIT: _visit, facts.TALK: _talk, facts.EVENT: _event,
    facts.HOST: _host,
}  # fmt: skip
