"""A hot lead waits for an answer; the longer it waits, the less likely it accepts, until its patience ends.

Waiting is counted by the clock, nights and days off included, in whole minutes; the curve is a step
function, given by the scenario. How long a talk takes does not depend on its end. A lead whose patience
ended is found to be gone when a member would call it, or at night.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.funnel.durations import Varying, at, one
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Segments
from simfunnel.funnel.traits import unless_qualified
from simfunnel.funnel.waiting import curve_step
from simfunnel.scenario.schema import Inbound, Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GAVE_UP: Final = 0
REFUSED: Final = 1
ACCEPTED: Final = 2
OUTCOMES: Final = ("gave up waiting", "refused", "accepted")


@dataclass(frozen=True)
class InboundLaw:
    """The law of a talk with a hot lead, for one block of histories.

    A circumstance of `accepted` is (step of the waiting curve) * `seats` + seat; `steps` are the whole
    minutes from which a step holds, ascending.
    """

    streams: draws.Words
    segments: Segments
    accepted: Levels
    seats: int
    steps: Integers
    talk: Varying
    wrap_up: Floats
    qualified: Levels | None

    def milliseconds(self, column: Integers, lead: Integers) -> Floats:
        """Ms of each talk before pace and rounding (common shape)."""
        _, minutes = draws.pair(draws.visit(self.streams[column], lead, visits.INBOUND), 0)
        return np.asarray(self.talk.at(minutes, column) + at(self.wrap_up, column))

    def outcome(self, column: Integers, lead: Integers, team: int, waited: Integers, seat: Integers) -> Integers:
        """The end of each talk, begun by `seat` of `team` after `waited` ms (common shape)."""
        word, _ = draws.pair(draws.visit(self.streams[column], lead, visits.INBOUND), 0)
        segment, teams = self.segments.of(lead), np.full(lead.shape, team)
        if self.qualified is not None:
            traits = draws.visit(self.streams[column], lead, visits.TRAITS)
            word = unless_qualified(word, traits, self.qualified.at(segment, teams, column))
        level = curve_step(self.steps, waited)
        circumstance = level * self.seats + np.minimum(seat, self.seats - 1)
        return np.where(word < self.accepted.at(segment, teams, column, circumstance), ACCEPTED, REFUSED)

    def column(self, column: int) -> InboundLaw:
        """The same for one history."""
        return replace(
            self,
            streams=self.streams[column : column + 1],
            accepted=self.accepted.column(column),
            talk=self.talk.column(column),
            wrap_up=one(self.wrap_up, column),
            qualified=None if self.qualified is None else self.qualified.column(column),
        )


def inbound_law(
    scenario: Scenario, plan: Inbound, rates: Rates, inputs: Inputs, streams: draws.Words, segments: Segments
) -> InboundLaw:
    """The law as the scenario states it."""
    return InboundLaw(
        streams=streams,
        segments=segments,
        accepted=rates.accepted_inbound(plan),
        seats=max(1, *(len(team.skill) for team in scenario.teams.values())),
        steps=np.array(sorted(plan.waiting.odds), dtype=np.int64),
        talk=Varying.of("inbound.minutes.talk", plan.minutes.talk, inputs),
        wrap_up=inputs.value("inbound.minutes.wrap_up", plan.minutes.wrap_up),
        qualified=rates.traits("qualified") if plan.offer == "sale" else None,
    )
