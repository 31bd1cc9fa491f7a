"""The facts of a simulation are counted by number of contacts, as the data are: had it, won, lost, had another.

The first contact is the dial that is heard out, every touch is another. A lead is won at, or after, so many contacts
as it had when its file was closed by a sale; it is lost where no file was opened, or where it was closed otherwise and
not opened anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from follow_up_data import CONTACTS, LOST, NEXT, WON
from follow_up_models import BANK_INTERVAL

from simfunnel import facts, load_scenario
from simfunnel.estimates import ratio
from simfunnel.funnel import calling, touch, undecided
from simfunnel.scenario.schema import Scenario
from simfunnel.simulation import Settings, live

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BLOCK = 250  # histories
LONGEST = 64  # contacts that are counted; more than either scenario allows


class Contacts:
    """Counts, of every history, the leads that `had` their n-th contact, were `won` or `lost` after it: (histories, n).

    For scenarios in which a dial and a touch always reach the lead.
    """

    def __init__(self, histories: int) -> None:
        self.had, self.won, self.lost = (np.zeros((histories, LONGEST), dtype=np.int64) for _ in range(3))

    def dials(self, batch: facts.Dials) -> None:
        """Count a batch of dials."""
        self.rows(*batch.rows())

    def rows(self, column: Integers, facts_: Mapping[str, facts.Scalar]) -> None:
        """Count facts of one kind."""
        kind, outcome, occurrence = (_each(facts_, name, column) for name in ("kind", "outcome", "occurrence"))
        dial, touched, file = (kind == wanted for wanted in (facts.DIAL, facts.TOUCH, facts.FILE))
        sold, refused = outcome == calling.ACCEPTED, outcome == calling.REFUSED
        if (dial & ~(sold | refused)).any() or (touched & (outcome == touch.NOT_REACHED)).any():
            raise ValueError("a contact is a dial that is heard out, or a touch that reaches the lead")
        first, opened, closed = np.zeros_like(column), outcome == undecided.OPENED, outcome == undecided.SOLD
        anew = outcome == undecided.REOPENED
        self._add(self.had, column, first, dial)
        self._add(self.had, column, occurrence + 1, touched)
        self._add(self.won, column, first, dial & sold)
        self._add(self.won, column, occurrence, file & closed)
        self._add(self.lost, column, first, dial & refused)
        self._add(self.lost, column, first, file & opened, -1)
        self._add(self.lost, column, occurrence, file & ~opened & ~anew & ~closed)
        self._add(self.lost, column, occurrence, file & anew, -1)

    @staticmethod
    def _add(counts: Integers, column: Integers, contact: Integers, which: npt.NDArray[np.bool_], by: int = 1) -> None:
        np.add.at(counts, (column[which], contact[which]), by)

    def cases(self) -> Integers:
        """Leads (histories, CONTACTS, 3) won, lost, and with another contact; all who had it, or it is an error."""
        another = np.pad(self.had[:, 1:], ((0, 0), (0, 1)))
        if not np.array_equal(self.had, self.won + self.lost + another):
            raise ValueError("some leads are still open at the horizon, or were counted twice")
        cases = np.empty((len(self.had), CONTACTS, 3), dtype=np.int64)
        for place, counts in ((WON, self.won), (LOST, self.lost), (NEXT, another)):
            cases[:, :, place] = counts[:, :CONTACTS]
        return cases


def _each(columns: Mapping[str, Any], name: str, like: Integers) -> Integers:
    return np.broadcast_to(np.asarray(columns.get(name, 0), dtype=np.int64), like.shape)


def simulated(scenario: Scenario, histories: int, seed: int) -> Integers:
    """Cases (histories, CONTACTS, 3) of a simulation, lived in blocks so that memory stays small."""
    settings, blocks = Settings(replications=histories, seed=seed), []
    for first in range(0, histories, BLOCK):
        contacts = Contacts(size := min(BLOCK, histories - first))
        live(scenario, settings, first, size, (contacts,))
        blocks.append(contacts.cases())
    return np.concatenate(blocks)


def shares_of(cases: Integers) -> tuple[Floats, Floats]:
    """Simulated shares (CONTACTS, 3) of those who had the n-th contact, and their errors: a unit is a history."""
    shares, errors = np.zeros((CONTACTS, 3)), np.zeros((CONTACTS, 3))
    had = cases.sum(axis=2)
    for n, outcome in np.ndindex(CONTACTS, 3):
        found = ratio(cases[:, n, outcome], had[:, n])
        if found.mean is None or found.standard_error is None:
            raise ValueError(f"too few histories for contact {n + 1}")
        shares[n, outcome], errors[n, outcome] = found.mean, found.standard_error
    return shares, errors


def differs(shares: Floats, errors: Floats, closed_form: Floats) -> Floats:
    """Simulation minus closed form, in standard errors of the simulation; infinite where it has none, yet differs."""
    gap = shares - closed_form
    certain = np.where(np.abs(gap) < 1e-12, 0.0, np.inf)
    return np.where(errors > 0, gap / np.where(errors > 0, errors, 1.0), certain)


def shipped(name: str) -> Scenario:
    """A scenario of the project, by the name of its file."""
    return load_scenario(SCENARIOS / name)


def bank_numbers_of(scenario: Scenario) -> Floats:
    """The `bank_numbers` that a scenario has."""
    plan = scenario.follow_up
    assert scenario.calling is not None
    assert plan is not None
    (mean,) = scenario.segments["clients"].tolerance.parameters
    irritable = np.exp(-BANK_INTERVAL / mean.best)
    shares = (scenario.calling.accepted, plan.odds_per_touch, plan.reads_signals, scenario.calling.undecided, plan.sold)
    accepted, per_touch, reads, stay, sold = (each.best for each in shares)
    return np.array([accepted, per_touch, irritable, reads, stay, sold])


def loan_numbers_of(scenario: Scenario) -> Floats:
    """The numbers of `loan_model` that a scenario has."""
    assert scenario.follow_up is not None
    segment = scenario.segments["offers"]
    mean, sd = (parameter.best for parameter in segment.ready.parameters)
    return np.array([segment.qualified.best, mean, sd, scenario.follow_up.reads_signals.best])
