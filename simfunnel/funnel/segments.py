"""Every lead has a number for good: on a list its place, as an arrival its segment, day and place in the day.

That of a referral is a hash (see `referral`); all referrals are in one segment.
Which team gets a lead is its segment's own team, else a draw of the lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.funnel.marketing import brings_to
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]

NUMBER_BITS: Final = 21
DAY_SHIFT: Final = NUMBER_BITS
SEGMENT_SHIFT: Final = DAY_SHIFT + 13
ARRIVAL: Final = 1 << (SEGMENT_SHIFT + 6)
REFERRAL_BITS: Final = SEGMENT_SHIFT + 7
REFERRAL: Final = 1 << REFERRAL_BITS
LEAD_BITS: Final = REFERRAL_BITS + 1
LIST_BITS: Final = 26


def arrival(segment: Any, day: Any, number: Any) -> Any:
    """The lead that arrives in a segment on a day as number `number` (from 0)."""
    return ARRIVAL | segment << SEGMENT_SHIFT | day << DAY_SHIFT | number


def is_arrival(lead: Any) -> Any:
    """Did the lead arrive (or was it named by a customer), so that it is on no list?"""
    return lead >= ARRIVAL


def is_referral(lead: Any) -> Any:
    """Was the lead named by a customer?"""
    return lead >= REFERRAL


def arrived_on(lead: Any) -> Any:
    """The day on which an arrival came, and its number in its segment on that day."""
    return (lead >> DAY_SHIFT) & ((1 << (SEGMENT_SHIFT - DAY_SHIFT)) - 1), lead & ((1 << NUMBER_BITS) - 1)


def arrives(scenario: Scenario, name: str) -> bool:
    """Do leads arrive in the segment, of themselves or by marketing?"""
    segment = scenario.segments[name]
    own = segment.arrivals != fixed(0) or bool(segment.arrivals_by_weekday)
    return own or brings_to(scenario, name)


def arrive(scenario: Scenario) -> bool:
    """Do leads arrive at all?"""
    return any(arrives(scenario, name) for name in scenario.segments)


@dataclass(frozen=True)
class Segments:
    """Listed leads are numbered through all segments: lead i is in segment s with bounds[s] <= i < bounds[s + 1].

    `hot` says which segments are; `arrivals` are the segments in which leads arrive, `referrals` is that of those whom
    customers name, or -1.
    """

    names: tuple[str, ...]
    bounds: Integers
    hot: npt.NDArray[np.bool_]
    arrivals: tuple[int, ...]
    referrals: int = -1

    @property
    def leads(self) -> int:
        """Leads on all lists."""
        return int(self.bounds[-1])

    @property
    def lead_bits(self) -> int:
        """Bits that a lead to be dialled takes."""
        if self.referrals >= 0:
            return LEAD_BITS
        return REFERRAL_BITS if any(not self.hot[segment] for segment in self.arrivals) else LIST_BITS

    def listed(self, *, hot: bool) -> Integers:
        """The leads on the lists of the hot segments, or of the others."""
        spans = [np.arange(self.bounds[s], self.bounds[s + 1]) for s in np.flatnonzero(self.hot == hot)]
        return np.concatenate([np.zeros(0, dtype=np.int64), *spans])

    def of(self, lead: Integers) -> Integers:
        """The segment of each lead (shape of `lead`)."""
        listed = np.asarray(np.searchsorted(self.bounds, lead, side="right") - 1)
        if not self.arrivals and self.referrals < 0:
            return listed
        segment = np.where(is_arrival(lead), (lead >> SEGMENT_SHIFT) & 63, listed)
        return segment if self.referrals < 0 else np.where(is_referral(lead), self.referrals, segment)

    def dense(self, lead: Integers) -> Integers | int:
        """The segment of each lead of a batch, one number where all are in one; listed ids are clipped to the lists.

        Lists are dialled in order, so most batches are of one segment.
        """
        if len(self.names) == 1 or not lead.size:
            return 0
        ends = np.array([lead.min(), lead.max()])
        if not is_arrival(ends[1]):
            ends = np.minimum(ends, max(0, self.leads - 1))
        first, last = self.of(ends).tolist()
        if first == last and is_arrival(ends[0]) == is_arrival(ends[1]):
            return int(first)
        if is_arrival(ends[1]):
            return self.of(np.minimum(lead, np.where(is_arrival(lead), lead, self.leads - 1)))
        segment = np.full(lead.shape, first, dtype=np.int64)
        for bound in self.bounds[first + 1 : last + 1]:
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
    def of(cls, scenario: Scenario, segments: Segments, *, hot: bool) -> Routing:
        """Of hot leads to the teams that answer, or of the others to those that dial."""
        names, work = list(scenario.teams), scenario.inbound if hot else scenario.calling
        if work is None:
            return cls((), (), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), segments)
        shares = shares_of(work.teams)
        share = np.array(list(shares.values()))
        upper = np.cumsum(share)
        upper[np.flatnonzero(share)[-1] :] = 1.0
        shared = tuple(names.index(name) for name in shares)
        owner = np.array([names.index(s.team) if s.team else -1 for s in scenario.segments.values()], dtype=np.int64)
        owners = owner[(owner >= 0) & (segments.hot == hot)].tolist()
        teams = tuple(dict.fromkeys([*shared, *owners]))
        return cls(teams, shared, draws.threshold(np.minimum(upper, 1.0)), owner, segments)

    def team(self, streams: draws.Words, lead: Integers) -> Integers:
        """The team of each lead (`streams` and `lead` broadcast)."""
        word, _ = draws.pair(draws.visit(streams, lead, visits.TRAITS), 0)
        drawn = self._drawn(word)
        if not (self.owner >= 0).any():
            return np.asarray(drawn)
        owner = self.owner[self.segments.of(lead)]
        return np.where(owner >= 0, owner, drawn)

    def _drawn(self, word: Integers) -> Integers:
        """The sharing team that each word means."""
        if len(self.shared) == 2:
            first, second = self.shared
            return np.asarray(first + (second - first) * (word >= self.thresholds[0]))
        return np.asarray(np.asarray(self.shared)[np.searchsorted(self.thresholds, word, side="right")])


def shares_of(teams: tuple[str, ...] | dict[str, Quantity]) -> dict[str, float]:
    """Each team's share of the leads: equal, where only names are given."""
    if isinstance(teams, dict):
        return {name: share.best for name, share in teams.items()}
    return {name: 1.0 / len(teams) for name in teams}


def segments_of(scenario: Scenario) -> Segments:
    """The numbering of the leads."""
    segments = scenario.segments.values()
    bounds = np.concatenate(([0], np.cumsum([s.leads for s in segments], dtype=np.int64))).astype(np.int64)
    hot = np.array([s.temperature == "hot" for s in segments], dtype=np.bool_)
    arriving = tuple(i for i, name in enumerate(scenario.segments) if arrives(scenario, name))
    return Segments(tuple(scenario.segments), bounds, hot, arriving, referred_to(scenario))


def referred_to(scenario: Scenario) -> int:
    """The number of the segment in which those are leads whom customers name, or -1."""
    plan = None if scenario.after_sales is None else scenario.after_sales.referral
    return -1 if plan is None else list(scenario.segments).index(plan.segment)
