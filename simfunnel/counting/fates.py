"""A lead's fate is a sum of what its facts change, so it is the same in whatever order they are told.

Fates have numbers, and a fact changes the fate of its lead by a difference of two of them: a no-show adds that it
did not come, being invited again takes it away. What a lead's facts add up to is the number of the last thing
that decided its fate, for each of them changes what those before it left; a lead of which nothing is left is
still open. Sums are bytes, so that what is taken away may be told before it is added.

Leads on lists are rows of a table. Those who arrived or were named are packed numbers: column, lead, change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import facts
from simfunnel.calendar import Calendar
from simfunnel.counting.causes import LET_GO, LOSSES
from simfunnel.facts import Dials, Integers, Scalar, count_rows
from simfunnel.funnel import calling, closing, demo, inbound, referral, undecided
from simfunnel.funnel.arrivals import arrivals_expected
from simfunnel.funnel.segments import LEAD_BITS, is_arrival, segments_of
from simfunnel.scenario.schema import Scenario
from simfunnel.scratch import Scratch

Bytes = npt.NDArray[np.uint8]
Columns = dict[str, Integers]

FATES: Final = ("still_open", *LOSSES[:-1], "sold")
"""How a lead may end; its number is its place."""
SOLD: Final = FATES.index("sold")
CAUSES: Final = (*LOSSES, "not_there")
"""Why one policy did not win what another did."""
NOT_THERE: Final = len(FATES)
FATE_BITS: Final = 8
MANY: Final = 1 << 20
"""Packed numbers that wait, at least, until those of a lead are added up."""
BYTES: Final = 8
"""A number is as large as so many leads on a list."""
PACKED: Final = 2
"""Numbers that one lead that comes or is named takes, with those that wait."""


def _changes(outcomes: tuple[str, ...], fates: Mapping[int, str], undone: Mapping[int, str] | None = None) -> Bytes:
    """By outcome: the number of the fate that it brings, less that of the one that it undoes."""
    changes = np.zeros(len(outcomes), dtype=np.int64)
    for outcome, fate in fates.items():
        changes[outcome] += FATES.index(fate)
    for outcome, fate in (undone or {}).items():
        changes[outcome] -= FATES.index(fate)
    return changes.astype(np.uint8)


CHANGES: Final = {
    facts.DIAL: _changes(
        calling.OUTCOMES, {calling.GATEKEEPER: "gatekeeper", calling.HUNG_UP: "hung_up", calling.REFUSED: "refused"}
    ),
    facts.ARRIVAL: _changes(("arrived",), {}),
    facts.REFERRAL: _changes(referral.REFERRALS, {}),
    facts.INBOUND: _changes(inbound.OUTCOMES, {inbound.GAVE_UP: "gave_up_waiting", inbound.REFUSED: "refused"}),
    facts.BOOKING: _changes(
        demo.BOOKINGS,
        {demo.NO_SEAT: "no_seat", demo.MOVED + demo.NO_SEAT: "no_seat"},
        dict.fromkeys((demo.AGAIN + demo.BOOKED, demo.AGAIN + demo.WAITING), "did_not_come"),
    ),
    facts.VISIT: _changes(
        demo.VISITS,
        {demo.DID_NOT_COME: "did_not_come", demo.TURNED_AWAY: "turned_away", demo.FREELOADER: "freeloader"},
    ),
    facts.TALK: _changes(
        closing.TALKS,
        {
            closing.LEFT: "left_waiting", closing.NOT_CONVINCED: "not_convinced",
            **dict.fromkeys((closing.UNDECIDED, closing.UNDECIDED_BY_PHONE), "undecided"),
            **dict.fromkeys(closing.WON, "sold"),
        },
        {closing.UNDECIDED_BY_PHONE: "refused"},
    ),
    facts.FILE: _changes(
        undecided.FILES,
        {why: cause for cause, why in LET_GO.items()},
        {undecided.OPENED: "undecided", undecided.REOPENED: "given_up"},
    ),
}  # fmt: skip
"""What each outcome of each kind of fact changes."""
NEVER_REACHED: Final = np.uint8(FATES.index("never_reached"))
DEAD: Final = np.uint8(FATES.index("dead_number") - FATES.index("never_reached"))
"""What a number that is dead changes of who was never reached."""


def fates_per_history(scenario: Scenario, calendar: Calendar, named: float) -> int:
    """How many numbers are kept of one history in which customers name so many leads: it must fit into memory."""
    listed = sum(segment.leads for segment in scenario.segments.values())
    come = sum(arrivals_expected(scenario, calendar, name) for name in scenario.segments)
    return int(np.ceil(listed / BYTES + PACKED * (come + named)))


class Fates:
    """How every lead of a block of histories ended.

    `listed` are the numbers of the fates (see `FATES`) of the leads on lists, (leads, columns).
    """

    def __init__(self, scenario: Scenario, columns: int) -> None:
        self._last = scenario.calling.attempts - 1 if scenario.calling is not None else 0
        self._scratch = Scratch()
        self._column = np.arange(columns)
        self.listed = np.zeros((segments_of(scenario).leads, columns), dtype=np.uint8)
        self._packed: list[Integers] = [np.zeros(0, dtype=np.int64)]
        self._waiting = 0

    def dials(self, batch: Dials) -> None:
        """Take a batch of dials: each lead of a history is in it once, at most."""
        change = self._of_dials(batch)
        fits = batch.all_begun and int(batch.lead.max(initial=0)) < len(self.listed)
        if fits and 2 * np.count_nonzero(change) > change.size:
            where = np.multiply(batch.lead, self._column.size, out=self._scratch.take("where", change.shape, np.int64))
            self.listed.reshape(-1)[np.add(where, self._column, out=where)] += change
            return
        some = np.flatnonzero(change)
        self._change(some % self._column.size, batch.lead.ravel().take(some), change.ravel().take(some))

    def _of_dials(self, batch: Dials) -> Bytes:
        """What the dials change: nothing where none was begun. Scratch memory."""
        shape, last = batch.codes.shape, batch.attempt == self._last
        change: Bytes = self._scratch.take("change", shape, np.uint8)
        CHANGES[facts.DIAL].take(batch.codes, out=change, mode="clip")
        if np.any(last):
            unanswered = np.equal(batch.codes, calling.NO_ANSWER, out=self._scratch.take("none", shape, np.bool_))
            np.logical_and(unanswered, last, out=unanswered)
            spare = np.multiply(unanswered, NEVER_REACHED, out=self._scratch.take("spare", shape, np.uint8))
            np.add(change, spare, out=change)
            if batch.dead is not None:
                np.logical_and(unanswered, batch.dead, out=unanswered)
                np.add(change, np.multiply(unanswered, DEAD, out=spare), out=change)
        return change if batch.all_begun else np.multiply(change, batch.begun, out=change)

    def rows(self, column: Integers, facts_: Mapping[str, Scalar]) -> None:
        """Take facts of one kind."""
        kind = int(facts_["kind"])
        if kind not in CHANGES:
            return
        lead, outcome, attempt, amount = (
            np.broadcast_to(np.asarray(facts_.get(name, 0)), column.shape)
            for name in ("lead", "outcome", "occurrence", "amount")
        )
        change = CHANGES[kind][outcome]
        if kind == facts.DIAL:
            unreached = (attempt == self._last) & (outcome == calling.NO_ANSWER)
            change = change + unreached * (NEVER_REACHED + DEAD * (amount > 0))
        comes = kind == facts.ARRIVAL or ((kind == facts.REFERRAL) & (outcome == referral.NOTED))
        some = np.flatnonzero((change > 0) | comes)
        self._change(column[some], lead[some], change[some].astype(np.uint8))

    def _change(self, column: Integers, lead: Integers, change: Bytes) -> None:
        """Change the fates of some leads; the same may be among them again."""
        comes = is_arrival(lead)
        if comes.any():
            key = column[comes] << LEAD_BITS | lead[comes]
            self._packed.append(key << FATE_BITS | change[comes])
            self._waiting += self._packed[-1].size
            if self._waiting > max(MANY, self._packed[0].size):
                self._add_up()
            column, lead, change = column[~comes], lead[~comes], change[~comes]
        np.add.at(self.listed.reshape(-1), lead * self._column.size + column, change)

    def _add_up(self) -> None:
        """One packed number for each lead that came or was named, ascending."""
        packed = np.sort(np.concatenate(self._packed))
        key = packed >> FATE_BITS
        first = np.flatnonzero(np.diff(key, prepend=-1))
        fate = np.add.reduceat(packed.astype(np.uint8), first, dtype=np.uint8) if first.size else packed
        self._packed, self._waiting = [key[first] << FATE_BITS | fate], 0

    def others(self) -> tuple[Integers, Integers]:
        """Who came or was named: column and lead of each, packed into one number, ascending; the number of its fate."""
        self._add_up()
        return self._packed[0] >> FATE_BITS, self._packed[0] & (1 << FATE_BITS) - 1

    @property
    def columns(self) -> int:
        """The histories of the block."""
        return int(self._column.size)


def won_apart(here: Fates, there: Fates) -> tuple[Columns, Columns]:
    """Leads that only `here` sold, by their fate `there`, and the other way round; each of shape (columns,).

    In every history the sum of the first less that of the second is the difference of leads sold. "not_there" is a
    lead that the other policy never had. A lead is known by its number: what is on lists is comparable
    only as far as both policies have the same segments, in the same order, with the same leads on all lists but the
    last, and who arrives or is named only where the segments are in the same order. Where they are not the sums
    still add up, but causes are told of other leads.
    """
    return _only(here, there), _only(there, here)


def _only(winner: Fates, loser: Fates) -> Columns:
    counts = np.zeros((NOT_THERE + 1, winner.columns), dtype=np.int64)
    both = min(len(winner.listed), len(loser.listed))
    won = winner.listed == SOLD
    counts[NOT_THERE] = count_rows(won[both:])
    place = np.flatnonzero(won[:both] & (loser.listed[:both] != SOLD))
    counts += _counted(loser.listed[:both].ravel().take(place), place % winner.columns, winner.columns)
    key, fate = winner.others()
    key = key[fate == SOLD]
    counts += _counted(_fate_of(key, *loser.others()), key >> LEAD_BITS, winner.columns)
    return {cause: counts[(*FATES, "not_there").index(cause)] for cause in CAUSES}


def _fate_of(key: Integers, known: Integers, fate: Integers) -> Integers:
    """The fates of some leads that came or were named, where those of all `known` (ascending) are these."""
    place = np.searchsorted(known, key)
    known, fate = np.append(known, -1), np.append(fate, NOT_THERE)
    return np.where(known[place] == key, fate[place], NOT_THERE)


def _counted(fate: npt.NDArray[np.integer], column: Integers, columns: int) -> Integers:
    """How many leads of each history have each fate: (fates and not there, columns)."""
    cells = (NOT_THERE + 1) * columns
    return np.bincount(fate.astype(np.int64) * columns + column, minlength=cells).reshape(-1, columns)
