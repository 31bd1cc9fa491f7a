"""Desire has a hidden peak in the talk: who asks there sells best, and when one asks moves the end of the talk.

A closer means to ask `haste` before the peak, and misses that moment by an error that shrinks with
`reads_signals`. Whole minutes early or late cost odds, and so do whole minutes that the lead waited for
a closer, and paper; a method is worth what it is worth to leads of that temperature, and a cold lead that
marketing has warmed is warm. Pressure lifts the odds: a sale that it alone won is conceded. Who is not
qualified never buys. Who is interested in nothing takes a closer's time all the same, in a meeting or where
closers are called to the demo; without called closers no talk after the demo takes anybody's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.funnel.durations import Varying, at, one, patience
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.marketing import Warmth
from simfunnel.funnel.odds import LARGEST_RATIO, odds, times
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Segments
from simfunnel.funnel.traits import unless_qualified
from simfunnel.scenario.currency import minor_units
from simfunnel.scenario.quantities import Quantity, fixed
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import MINUTE

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NOT_CONVINCED: Final = 0
SOLD: Final = 1
CONCEDED: Final = 2
UNDECIDED: Final = 3
LEFT: Final = 4
UNDECIDED_BY_PHONE: Final = 5
TALKS: Final = (
    "not convinced", "sold", "sold under pressure", "undecided", "left before a closer was free", "undecided by phone",
)  # fmt: skip
WON: Final = (SOLD, CONCEDED)

MOST_MINUTES: Final = 60
TEMPERATURES: Final = ("cold", "warm", "hot")


def per_minute(ratio: Floats) -> Floats:
    """The odds ratio of 0, 1, ..., 60 minutes: shape (61, *ratio.shape)."""
    return times(ratio, MOST_MINUTES)


def asked_at(peak: Floats, haste: Floats, error: Floats) -> Floats:
    """When the closer asks (ms from the begin of the talk), never before it began."""
    return np.maximum(0.0, peak - haste + error)


def whole_minutes(ms: Floats | Integers) -> Integers:
    """Whole minutes, at most 60; none below 0."""
    return np.clip(np.floor_divide(ms, MINUTE), 0, MOST_MINUTES).astype(np.int64)


def outcome(word: Integers, undecided: Mask, gently: Floats, pressed: Floats) -> Integers:
    """The end of a talk from its word and the chances of buying without and with pressure (common shape)."""
    lost = np.where(undecided, UNDECIDED, NOT_CONVINCED)
    bought = np.where(word < draws.threshold(gently), SOLD, CONCEDED)
    return np.where(word < draws.threshold(np.maximum(gently, pressed)), bought, lost)


@dataclass(frozen=True)
class Talks:
    """What is settled of some talks before they begin: arrays (n,), times in ms.

    `keen` are the interested, `chance` their probability of buying from a closer who is free at once and
    asks at the peak, `ratio` what method, paper and the moment of asking do to it.
    """

    column: Integers
    lead: Integers
    keen: Mask
    word: Integers
    undecided: Mask
    chance: Floats
    ratio: Floats
    length: Floats
    patience: Integers
    amount: Integers

    def those(self, which: Integers | Mask | slice) -> Talks:
        """Some of them."""
        return Talks(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class ClosingLaw:
    """The law of closing, for one block of histories; the last axis are columns, or has length 1.

    `chance` is by segment, `skill` by team and seat, the ratios `waited`, `early`, `late` by minute,
    `method` by (method, temperature), `by_phone` for who is dialled and who came unasked; `temperature` is the
    number of each segment's.
    """

    streams: draws.Words
    segments: Segments
    temperature: Integers
    warmth: Warmth | None
    chance: Floats
    skill: Mapping[int, Floats]
    waited: Floats
    early: Floats
    late: Floats
    pressure: Floats
    paper: Floats
    paper_minutes: Floats
    methods: Integers
    method: Floats
    qualified: Floats
    undecided: Floats
    by_phone: Floats
    haste: Floats
    error: Floats
    peak: Varying
    answer: Varying
    freeloader: Varying
    patience: Varying | None
    revenue: Varying
    minor_units: int

    def talks(self, column: Integers, lead: Integers, keen: Mask) -> Talks:
        """Draw what is settled before the talks with these comers begin (common shape)."""
        states, segment = draws.visit(self.streams[column], lead, visits.CLOSE), self.segments.of(lead)
        traits = draws.visit(self.streams[column], lead, visits.TRAITS)
        (word, _), (high, low), (method, undecided) = (draws.pair(states, number) for number in range(3))
        limit, minutes = draws.pair(states, 3)
        peak = self.peak.at(high, column)
        asked = asked_at(peak, at(self.haste, column), at(self.error, column) * _normal(low, self.error))
        length = np.where(keen, asked + self.answer.at(minutes, column), self.freeloader.at(minutes, column))
        return Talks(
            column=column,
            lead=lead,
            keen=keen,
            word=unless_qualified(word, traits, draws.threshold(cell(self.qualified, segment, column))),
            undecided=undecided < draws.threshold(at(self.undecided, column)),
            chance=np.asarray(np.broadcast_to(cell(self.chance, segment, column), lead.shape)),
            ratio=self._ratio(asked - peak, method, self._temperature(traits, segment, column), column),
            length=length,
            patience=patience(self.patience, limit, column),
            amount=self.amount(column, lead),
        )

    def _temperature(self, traits: draws.Words, segment: Integers, column: Integers) -> Integers:
        """The number of each lead's temperature (common shape)."""
        temperature = np.asarray(self.temperature[segment])
        if self.warmth is None:
            return temperature
        return np.where(self.warmth.warmed(traits, segment, column), TEMPERATURES.index("warm"), temperature)

    def _ratio(self, late: Floats, method: Integers, temperature: Integers, column: Integers) -> Floats:
        """What the moment of asking (`late` ms after the peak), the method and paper do to the odds."""
        used = np.searchsorted(self.methods, method, side="right")
        worth = cell(self.method.reshape(-1, self.method.shape[-1]), used * 3 + temperature, column)
        moment = cell(self.early, whole_minutes(-late), column) * cell(self.late, whole_minutes(late), column)
        return np.asarray(moment * worth * at(self.paper, column))

    def decide(self, talks: Talks, waited: Integers, team: int, seat: Integers) -> tuple[Integers, Floats]:
        """End and ms (before pace and rounding) of talks begun by `seat` of `team` after `waited` ms (common shape).

        The end of a talk with a freeloader means nothing.
        """
        column, skill = talks.column, self.skill.get(team)
        ratio = talks.ratio * cell(self.waited, whole_minutes(waited), column)
        if skill is not None:
            ratio = ratio * cell(skill, seat, column)
        ratio = np.clip(ratio, 1 / LARGEST_RATIO, LARGEST_RATIO)
        pressed = np.minimum(ratio * at(self.pressure, column), LARGEST_RATIO)
        ended = outcome(talks.word, talks.undecided, odds(talks.chance, ratio), odds(talks.chance, pressed))
        won = talks.keen & ((ended == SOLD) | (ended == CONCEDED))
        return ended, talks.length + won * at(self.paper_minutes, column)

    @property
    def some_undecided_by_phone(self) -> tuple[bool, bool]:
        """Is anybody undecided who refuses the sale by phone: of who is dialled, of who came unasked?"""
        dialled, came = self.by_phone
        return bool(dialled.any()), bool(came.any())

    def undecided_by_phone(self, column: Integers, lead: Integers) -> Mask:
        """Who of those that refused the sale by phone is undecided (common shape)?"""
        word, _ = draws.pair(draws.visit(self.streams[column], lead, visits.CLOSE), 4)
        hot = self.segments.hot[self.segments.of(lead)].astype(np.int64)
        return np.asarray(word < draws.threshold(cell(self.by_phone, hot, column)))

    def amount(self, column: Integers, lead: Integers) -> Integers:
        """What each lead pays if it buys, in whole minor units (common shape)."""
        _, word = draws.pair(draws.visit(self.streams[column], lead, visits.CLOSE), 0)
        return np.rint(self.revenue.at(word, column) * self.minor_units).astype(np.int64)

    def column(self, column: int) -> ClosingLaw:
        """The same for one history."""
        arrays = (
            "chance", "waited", "early", "late", "pressure", "paper", "paper_minutes", "method", "qualified",
            "undecided", "by_phone", "haste", "error",
        )  # fmt: skip
        varying = ("peak", "answer", "freeloader", "revenue")
        narrowed: dict[str, Any] = {name: one(getattr(self, name), column) for name in arrays}
        narrowed |= {name: getattr(self, name).column(column) for name in varying}
        return replace(
            self,
            streams=self.streams[column : column + 1],
            skill={team: one(skill, column) for team, skill in self.skill.items()},
            patience=None if self.patience is None else self.patience.column(column),
            warmth=None if self.warmth is None else self.warmth.column(column),
            **narrowed,
        )


def cell(table: Any, row: Integers, column: Integers) -> Any:
    """Entries of a table (rows, columns or 1) for single talks."""
    return np.asarray(table[row, column if table.shape[1] > 1 else 0])


def _normal(word: Integers, error: Floats) -> Floats:
    """Standard normal numbers, where there is an error at all."""
    if not error.any():
        return np.zeros(word.shape)
    from scipy.special import ndtri

    return np.asarray(ndtri(draws.uniform(word)))


def closing_law(
    scenario: Scenario, rates: Rates, inputs: Inputs, streams: draws.Words, segments: Segments
) -> ClosingLaw:
    """The law as the scenario states it."""
    plan, minutes = scenario.closing, scenario.closing.minutes

    def value(name: str) -> Floats:
        return inputs.value(f"closing.{name}", getattr(plan, name))

    names = list(scenario.teams)
    skill = {names.index(n): stacked(rates.skill(n)) for n, team in scenario.teams.items() if team.skill}
    share = np.array([method.share.best for method in plan.methods.values()])
    upper = np.cumsum(share)
    if share.size:
        upper[np.flatnonzero(share)[-1] :] = 1.0
    worth = [
        [inputs.value(f"closing.methods.{name}.{t}", getattr(method, t)) for t in TEMPERATURES]
        for name, method in plan.methods.items()
    ] or [[np.ones(1)] * len(TEMPERATURES)]
    return ClosingLaw(
        streams=streams,
        segments=segments,
        temperature=np.array([TEMPERATURES.index(s.temperature) for s in scenario.segments.values()], dtype=np.int64),
        warmth=rates.warmth,
        chance=stacked(rates.sold()),
        skill=skill,
        waited=per_minute(value("odds_per_minute_waited")),
        early=per_minute(value("odds_per_minute_early")),
        late=per_minute(value("odds_per_minute_late")),
        pressure=value("pressure"),
        paper=inputs.value("closing.paper.odds", plan.paper.odds),
        paper_minutes=inputs.value("closing.paper.minutes", plan.paper.minutes),
        methods=draws.threshold(np.minimum(upper[:-1], 1.0)),
        method=np.array([stacked(each) for each in _alike(worth)]),
        qualified=stacked(rates.each_segment("qualified")),
        undecided=value("undecided"),
        by_phone=stacked([inputs.value(f"{name}.undecided", share) for name, share in _by_phone(scenario)]),
        haste=value("haste"),
        error=value("misread") * (1 - value("reads_signals")),
        peak=Varying.of("closing.minutes.peak", minutes.peak, inputs),
        answer=Varying.of("closing.minutes.answer", minutes.answer, inputs),
        freeloader=Varying.of("closing.minutes.freeloader", minutes.freeloader, inputs),
        patience=None if plan.patience is None else Varying.of("closing.patience", plan.patience, inputs),
        revenue=Varying.of("money.revenue_per_sale", scenario.money.revenue_per_sale, inputs),
        minor_units=minor_units(scenario.currency),
    )


def _alike(rows: list[list[Floats]]) -> list[list[Floats]]:
    """The same arrays, all of one width."""
    width = max(cell.size for row in rows for cell in row)
    return [[np.asarray(np.broadcast_to(cell, width)) for cell in row] for row in rows]


def _by_phone(scenario: Scenario) -> tuple[tuple[str, Quantity], ...]:
    """Of those who refuse the sale by phone, the undecided, if these are followed up: of the dialled, of who came."""
    works, nobody = (("calling", scenario.calling), ("inbound", scenario.inbound)), scenario.follow_up is None
    return tuple((name, fixed(0) if work is None or nobody else work.undecided) for name, work in works)


def stacked(each: list[Floats]) -> Floats:
    """Rows (columns or 1) of one table."""
    return np.array(_alike([each])[0] if each else [np.zeros(1)])
