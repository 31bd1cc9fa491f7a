"""Leads are numbered through all segments, and each belongs for good to the team that its own draw chose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Segments:
    """Leads are numbered through all segments: lead i is in the segment with bounds[s] <= i < bounds[s + 1]."""

    names: tuple[str, ...]
    bounds: Integers

    @property
    def leads(self) -> int:
        """Leads on all lists."""
        return int(self.bounds[-1])

    def of(self, lead: Integers) -> Integers:
        """The segment of each lead (shape of `lead`)."""
        return np.asarray(np.searchsorted(self.bounds, lead, side="right") - 1)

    def dense(self, lead: Integers) -> Integers | None:
        """The segment of each lead, or None where there is only one; ids beyond the last lead are clipped."""
        if len(self.names) == 1:
            return None
        segment = np.zeros(lead.shape, dtype=np.int64)
        for bound in self.bounds[1:-1]:
            segment += lead >= bound
        return segment


@dataclass(frozen=True)
class Routing:
    """The team that gets a lead for good: its segment's own team, else a draw by the teams' shares.

    `teams` are all that get leads; `shared` and `thresholds` those who share, and their cumulated
    shares; `owner` is the team of each segment, or -1.
    """

    teams: tuple[int, ...]
    shared: tuple[int, ...]
    thresholds: Integers
    owner: Integers
    segments: Segments

    @classmethod
    def of(cls, scenario: Scenario, segments: Segments) -> Routing:
        """From the scenario's calling teams (equal shares) or their shares, and its segments' teams."""
        names, calling = list(scenario.teams), scenario.calling
        if calling is None:
            return cls((), (), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), segments)
        if isinstance(calling.teams, dict):
            shares = {name: share.best for name, share in calling.teams.items()}
        else:
            shares = {name: 1.0 / len(calling.teams) for name in calling.teams}
        share = np.array(list(shares.values()))
        upper = np.cumsum(share)
        upper[np.flatnonzero(share)[-1] :] = 1.0
        shared = tuple(names.index(name) for name in shares)
        owner = np.array([names.index(s.team) if s.team else -1 for s in scenario.segments.values()], dtype=np.int64)
        teams = tuple(dict.fromkeys([*shared, *owner[owner >= 0].tolist()]))
        return cls(teams, shared, draws.threshold(np.minimum(upper, 1.0)), owner, segments)

    def team(self, streams: draws.Words, lead: Integers) -> Integers:
        """The team of each lead (`streams` and `lead` broadcast)."""
        word, _ = draws.pair(draws.visit(streams, lead, visits.TRAITS), 0)
        drawn = np.asarray(self.shared)[np.searchsorted(self.thresholds, word, side="right")]
        if not (self.owner >= 0).any():
            return np.asarray(drawn)
        owner = self.owner[self.segments.of(lead)]
        return np.where(owner >= 0, owner, drawn)


def segments_of(scenario: Scenario) -> Segments:
    """The numbering of the leads."""
    sizes = [segment.leads for segment in scenario.segments.values()]
    return Segments(tuple(scenario.segments), np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64))
