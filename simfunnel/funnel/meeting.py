"""A meeting is a visit and a closing talk in one task: who comes is talked to at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import demo, visits
from simfunnel.funnel.closing import ClosingLaw, Talks
from simfunnel.funnel.durations import Varying, at, one
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import Levels
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Segments
from simfunnel.scenario.offers import Meeting

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Meetings:
    """Some meetings before they begin: `visit` codes (n,), the talks with who comes, ms without them (n,)."""

    visit: Integers
    talks: Talks
    rest: Floats

    def those(self, which: Integers | slice) -> Meetings:
        """Some of them."""
        return Meetings(self.visit[which], self.talks.those(which), self.rest[which])


@dataclass(frozen=True)
class MeetingLaw:
    """The law of meetings, for one block of histories."""

    streams: draws.Words
    segments: Segments
    attended: Levels
    interested: Levels
    travel: Floats
    missed: Varying
    closing: ClosingLaw

    def prepare(self, column: Integers, lead: Integers, inviting: Integers) -> Meetings:
        """Draw meetings with leads that the team `inviting` called or answered (common shape)."""
        states, segment = draws.visit(self.streams[column], lead, visits.MEET), self.segments.of(lead)
        visit = demo.attend(
            states,
            draws.visit(self.streams[column], lead, visits.TRAITS),
            self.attended.at(segment, inviting, column),
            self.interested.at(segment, inviting, column),
        )
        absent = visit == demo.DID_NOT_COME
        alone = self.missed.at(draws.pair(states, 0)[1], column) * absent
        return Meetings(
            visit, self.closing.talks(column, lead, visit == demo.INTERESTED), alone + at(self.travel, column)
        )

    def decide(self, meetings: Meetings, team: int, seat: Integers) -> tuple[Integers, Floats]:
        """End of the talk and ms of the meeting (before pace and rounding), held by `seat` of `team`."""
        ended, length = self.closing.decide(meetings.talks, np.zeros_like(seat), team, seat)
        return ended, meetings.rest + length * (meetings.visit != demo.DID_NOT_COME)

    def column(self, column: int, closing: ClosingLaw) -> MeetingLaw:
        """The same for one history, whose closing law is given."""
        return replace(
            self,
            streams=self.streams[column : column + 1],
            attended=self.attended.column(column),
            interested=self.interested.column(column),
            travel=one(self.travel, column),
            missed=self.missed.column(column),
            closing=closing,
        )


def meeting_law(
    plan: Meeting, rates: Rates, inputs: Inputs, streams: draws.Words, segments: Segments, closing: ClosingLaw
) -> MeetingLaw:
    """The law as the scenario states it."""
    return MeetingLaw(
        streams=streams,
        segments=segments,
        attended=rates.attended_meeting(plan),
        interested=rates.interested(),
        travel=inputs.value("meeting.minutes.travel", plan.minutes.travel),
        missed=Varying.of("meeting.minutes.missed", plan.minutes.missed, inputs),
        closing=closing,
    )
