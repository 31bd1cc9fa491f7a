"""A touch is checked in a fixed order, and where it ends is its result.

Reached, then past the gatekeeper, then borne or not, then (where the seller asks) found worth it, then
qualified, ready, not bought elsewhere, and at last convinced. A contact that comes sooner than the lead
tolerates, or by a channel that it does not want, irritates it as soon as it is reached: it may end all
there, and else it counts at once. Only who is reached has been in contact. Odds fall with
each irritation and with each earlier touch, reached or not. Who comes back by itself is reached, is the
decision maker's own call, and is not irritated by it; waiting for an answer costs it odds as it costs a hot lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.funnel.closing import MOST_MINUTES, cell, per_minute, stacked
from simfunnel.funnel.durations import Varying, at, one, patience
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.levels import rows_of
from simfunnel.funnel.odds import LARGEST_RATIO, odds
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Segments
from simfunnel.funnel.traits import reach_odds
from simfunnel.funnel.undecided import ANY, Undecided, UndecidedLaw
from simfunnel.funnel.waiting import curve_step
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NOT_REACHED: Final = 0
GATEKEEPER: Final = 1
WALKED_AWAY: Final = 2
DISQUALIFIED: Final = 3
DECLINED: Final = 4
NOT_QUALIFIED: Final = 5
NOT_READY: Final = 6
BOUGHT_ELSEWHERE: Final = 7
NOT_CONVINCED: Final = 8
SOLD: Final = 9
CONCEDED: Final = 10
GAVE_UP: Final = 11
TOUCHES: Final = (
    "reached nobody", "ended by a gatekeeper", "walked away", "found not qualified", "bad fit declined",
    "not qualified", "not ready", "bought elsewhere", "not convinced", "sold", "sold under pressure", "gave up waiting",
)  # fmt: skip
WON: Final = (SOLD, CONCEDED)
WASTED: Final = (GATEKEEPER, WALKED_AWAY, DISQUALIFIED, DECLINED, NOT_QUALIFIED, NOT_READY, BOUGHT_ELSEWHERE)
"""Touches that could not sell, whatever the seller said."""

MOST_TOUCHES: Final = MOST_MINUTES
"""Touches and irritations beyond so many change no odds."""


def irritates(since: Integers, tolerance: Floats, unwanted: Mask) -> Mask:
    """Does a contact irritate, so many days `since` the last one (common shape)?"""
    return np.asarray((since < tolerance) | unwanted)


def checked(*failed: Mask) -> Integers:
    """The result of each touch: the first check, in the contract's order, that it failed; else NOT_CONVINCED."""
    return np.select(failed, [np.int64(code) for code in range(len(failed))], np.int64(NOT_CONVINCED))


def convinced(code: Integers, word: Integers, gently: Floats, pressed: Floats) -> Integers:
    """The results of touches, of which those that failed no check are decided by a word and two chances."""
    bought = np.where(word < draws.threshold(gently), SOLD, CONCEDED)
    won = (code == NOT_CONVINCED) & (word < draws.threshold(np.maximum(gently, pressed)))
    return np.where(won, bought, code)


@dataclass(frozen=True)
class Moment:
    """When and how leads are touched: arrays (n,).

    `days` since the talk, `since` the last contact; `touches` and `irritations` before this one; `gone`
    is the day at which the lead has bought elsewhere; `asks` says whether the seller qualifies.
    """

    column: Integers
    lead: Integers
    days: Integers
    since: Integers
    touches: Integers
    irritations: Integers
    gone: Integers
    channel: Integers
    asks: Mask


@dataclass(frozen=True)
class Contact:
    """Touches before it is known who makes them: arrays (n,).

    `code` is the result so far, `noticed` whether a signal is; `length` is ms before pace and rounding.
    """

    column: Integers
    code: Integers
    channel: Integers
    irritated: Mask
    noticed: Mask
    word: Integers
    chance: Floats
    ratio: Floats
    length: Floats

    def those(self, which: Any) -> Contact:
        """Some of them."""
        return Contact(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Minutes:
    """How long a touch by one channel takes, by what comes of it."""

    not_reached: Varying
    gatekeeper: Varying
    talk: Varying

    def column(self, column: int) -> Minutes:
        """The same for one history."""
        return Minutes(*(getattr(self, name).column(column) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class TouchLaw:
    """The law of follow-up, for one block of histories; the last axis are columns, or has length 1.

    `reached` are thresholds by (segment, channel, level of reach); `per_touch`, `per_irritation` odds ratios by
    count; `waited` by step of the waiting curve, whose steps begin at `steps` (minutes); `patience` is None without.
    """

    streams: draws.Words
    segments: Segments
    undecided: UndecidedLaw
    reached: Integers
    insist: Integers
    keeps: Integers
    notices: Integers
    declines: bool
    chance: Floats
    skill: Mapping[int, Floats]
    pressure: Floats
    returned: Floats
    per_touch: Floats
    per_irritation: Floats
    steps: Integers
    waited: Floats
    minutes: tuple[Minutes, ...]
    qualifying: Varying | None
    patience: Varying | None
    channel: int

    def prepare(self, who: Undecided, when: Moment) -> Contact:
        """Draw touches of leads with these traits (common shape)."""
        column, segment = when.column, self.segments.of(when.lead)
        touch = draws.visit(self.streams[column], when.lead, visits.TOUCH, when.touches)
        (reached, through), (walks, sold), (minutes, signal), (asking, _) = (draws.pair(touch, n) for n in range(4))
        is_reached = reached < self._reached(segment, when.channel, who.reach, column)
        passes = who.direct | (through < at(self.insist, column))
        unwanted = (who.preferred != ANY) & (who.preferred != when.channel)
        irritated = is_reached & passes & irritates(when.since, who.tolerance, unwanted)
        gone = when.days >= when.gone
        code = checked(
            ~is_reached,
            ~passes,
            irritated & (walks < cell(self.undecided.shares["walks_away"], segment, column)),
            when.asks & ~who.seems_qualified,
            when.asks & ~who.seems_fit if self.declines else np.zeros_like(gone),
            ~who.qualified,
            when.days < who.ready,
            gone,
        )
        hopeless = (code == NOT_QUALIFIED) | (code == BOUGHT_ELSEWHERE)
        return Contact(
            column=column,
            code=code,
            channel=when.channel,
            irritated=irritated,
            noticed=(irritated | hopeless) & (signal < at(self.notices, column)),
            word=sold,
            chance=np.asarray(np.broadcast_to(cell(self.chance, segment, column), code.shape)),
            ratio=self._ratio(column, when.touches, when.irritations + irritated),
            length=self._length(column, when, code, minutes, asking),
        )

    def decide(self, contact: Contact, team: int, seat: Integers) -> Integers:
        """The result of touches by the members `seat` of `team` (common shape)."""
        column, skill = contact.column, self.skill.get(team)
        ratio = contact.ratio if skill is None else contact.ratio * cell(skill, seat, column)
        ratio = np.clip(ratio, 1 / LARGEST_RATIO, LARGEST_RATIO)
        pressed = np.minimum(ratio * at(self.pressure, column), LARGEST_RATIO)
        return convinced(contact.code, contact.word, odds(contact.chance, ratio), odds(contact.chance, pressed))

    def came_back(self, who: Undecided, when: Moment, waited: Integers) -> Contact:
        """Talks with leads that came back by themselves, and waited so many ms (common shape)."""
        column, segment = when.column, self.segments.of(when.lead)
        word, _ = draws.pair(draws.visit(self.streams[column], when.lead, visits.FOLLOW), 6)
        no = np.zeros(word.shape, dtype=np.bool_)
        level = curve_step(self.steps, waited)
        ratio = self._ratio(column, when.touches, when.irritations)
        return Contact(
            column=column,
            channel=when.channel,
            code=checked(no, no, no, no, no, ~who.qualified, no, when.days >= when.gone),
            irritated=no,
            noticed=no,
            word=word,
            chance=np.asarray(np.broadcast_to(cell(self.chance, segment, column), word.shape)),
            ratio=ratio * at(self.returned, column) * cell(self.waited, level, column),
            length=np.zeros(word.shape),
        )

    def coming(self, column: Integers, lead: Integers) -> tuple[Integers, Integers, Floats]:
        """Of leads that come back: the clock's word, patience (whole ms) and the talk's ms (common shape)."""
        follow = draws.visit(self.streams[column], lead, visits.FOLLOW)
        (_, clock), (limit, minutes) = draws.pair(follow, 4), draws.pair(follow, 5)
        return clock, patience(self.patience, limit, column), self.minutes[self.channel].talk.at(minutes, column)

    def keeps_to_it(self, column: Integers, lead: Integers, touches: Integers) -> Mask:
        """Does the firm keep to what the lead answered, at the touch after `touches` others (common shape)?"""
        _, word = draws.pair(draws.visit(self.streams[column], lead, visits.TOUCH, touches), 3)
        return np.asarray(word < at(self.keeps, column))

    def _reached(self, segment: Integers, channel: Integers, reach: Integers, column: Integers) -> Integers:
        level = reach if self.reached.shape[2] > 1 else 0
        return np.asarray(self.reached[segment, channel, level, column if self.reached.shape[3] > 1 else 0])

    def _ratio(self, column: Integers, touches: Integers, irritations: Integers) -> Floats:
        tired = cell(self.per_touch, np.minimum(touches, MOST_TOUCHES), column)
        return np.asarray(tired * cell(self.per_irritation, np.minimum(irritations, MOST_TOUCHES), column))

    def _length(self, column: Integers, when: Moment, code: Integers, word: Integers, asking: Integers) -> Floats:
        """Ms of the touches, before pace and rounding."""
        length = np.zeros(code.shape)
        for number, minutes in enumerate(self.minutes):
            ends = ((minutes.not_reached, code == NOT_REACHED), (minutes.gatekeeper, code == GATEKEEPER),
                    (minutes.talk, code > GATEKEEPER))  # fmt: skip
            for varying, chosen in ends:
                mine = np.flatnonzero(chosen & (when.channel == number))
                if mine.size:
                    length[mine] = varying.at(word[mine], column[mine])
        asked = np.flatnonzero(when.asks & (code >= DISQUALIFIED))
        if self.qualifying is not None and asked.size:
            length[asked] += self.qualifying.at(asking[asked], column[asked])
        return length

    def column(self, column: int) -> TouchLaw:
        """The same for one history."""
        arrays = (
            "reached", "insist", "keeps", "notices", "chance", "pressure", "returned", "per_touch", "per_irritation",
            "waited",
        )  # fmt: skip
        narrowed: dict[str, Any] = {name: one(getattr(self, name), column) for name in arrays}
        return replace(
            self,
            streams=self.streams[column : column + 1],
            undecided=self.undecided.column(column),
            skill={team: one(skill, column) for team, skill in self.skill.items()},
            minutes=tuple(minutes.column(column) for minutes in self.minutes),
            qualifying=None if self.qualifying is None else self.qualifying.column(column),
            patience=None if self.patience is None else self.patience.column(column),
            **narrowed,
        )


def touch_law(
    scenario: Scenario, plan: FollowUp, rates: Rates, inputs: Inputs, streams: draws.Words, segments: Segments,
    undecided: UndecidedLaw,
) -> TouchLaw:  # fmt: skip
    """The law as the scenario states it."""
    names, inbound = list(scenario.teams), scenario.inbound
    curve = [] if inbound is None else sorted(inbound.waiting.odds.items())
    limit = None if inbound is None else inbound.patience

    def value(name: str) -> Floats:
        return inputs.value(f"follow_up.{name}", getattr(plan, name))

    def varying(path: str, block: Any, name: str) -> Varying:
        return Varying.of(f"follow_up.{path}.{name}", getattr(block, name), inputs)

    return TouchLaw(
        streams=streams,
        segments=segments,
        undecided=undecided,
        reached=_reached(plan, rates, inputs),
        insist=draws.threshold(value("insist")),
        keeps=draws.threshold(value("keeps")) if plan.ask else draws.threshold(np.zeros(1)),
        notices=draws.threshold(value("reads_signals")),
        declines=plan.decline_bad_fit,
        chance=stacked(rates.sold_later(plan)),
        skill={names.index(n): stacked(rates.skill(n)) for n, team in scenario.teams.items() if team.skill},
        pressure=value("pressure"),
        returned=value("odds_returned"),
        per_touch=per_minute(value("odds_per_touch")),
        per_irritation=per_minute(value("odds_per_irritation")),
        steps=np.array([minutes for minutes, _ in curve], dtype=np.int64),
        waited=rows_of([np.ones(1), *(inputs.value(f"inbound.waiting.odds.{m}", ratio) for m, ratio in curve)]),
        minutes=tuple(
            Minutes(*(varying(f"channels.{name}.minutes", channel.minutes, n) for n in Minutes.__dataclass_fields__))
            for name, channel in plan.channels.items()
        ),
        qualifying=None if plan.qualify is None else varying("qualify", plan.qualify, "minutes"),
        patience=None if limit is None else Varying.of("inbound.patience", limit, inputs),
        channel=list(plan.channels).index(plan.channel),
    )


def _reached(plan: FollowUp, rates: Rates, inputs: Inputs) -> Integers:
    """Thresholds by (segment, channel, level of reach, columns or 1); one level where leads are alike."""
    spreads = rates.each_segment("reach")
    alike = not any(spread.any() for spread in spreads)
    found = []
    for spread in spreads:
        levels = [np.ones(1)] if alike else reach_odds(spread)
        for name, channel in plan.channels.items():
            rate = inputs.value(f"follow_up.channels.{name}.reached", channel.reached)
            found.append(rows_of([odds(rate, level) for level in levels]))
    width = max(table.shape[1] for table in found)
    table = np.array([np.broadcast_to(each, (len(each), width)) for each in found])
    return draws.threshold(table.reshape(len(spreads), len(plan.channels), *table.shape[1:]))
