"""Who is undecided has a time at which it can buy, a window until it buys elsewhere, and limits to what it bears.

All of it is drawn once for each lead, for good, and seen by no policy. Days are calendar days since the
talk that left the lead undecided. A lead is ready from the first whole day on by which its time has come, and
has bought elsewhere from the first by which its window is over; both are counted up, so that who
becomes ready at noon is so tomorrow. Nurturing that lasts until then keeps the window open longer, and makes
more come back by themselves. Who is not qualified, or never ready, does not come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simfunnel import draws
from simfunnel.funnel import visits
from simfunnel.funnel.closing import cell, stacked
from simfunnel.funnel.durations import Varying, at, one
from simfunnel.funnel.inputs import Inputs
from simfunnel.funnel.odds import odds
from simfunnel.funnel.rates import Rates
from simfunnel.funnel.segments import Segments
from simfunnel.funnel.traits import REACH_BITS
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEVER: Final = 1 << 30
"""Days after which nothing happens any more."""
STAYS: Final = 0
IF_NURTURED: Final = 1
COMES: Final = 2
"""Does a lead come back by itself: not at all, only if it is nurtured until it is ready, in any case."""
ANY: Final = -1
"""The preferred channel of a lead that has none."""

SHARES: Final = ("qualified", "decision_maker", "never_ready", "walks_away", "returns", "fit")


@dataclass(frozen=True)
class Undecided:
    """The hidden traits of some leads: arrays (n,); `ready`, `gone` and `tolerance` in days, `amount` in minor units.

    `gone_nurtured` stands for `gone` where a lead was nurtured until it was ready; `seems_qualified` and
    `seems_fit` are what qualifying would find; `comes_back` is STAYS, IF_NURTURED or COMES.
    """

    ready: Integers
    gone: Integers
    gone_nurtured: Integers
    tolerance: Floats
    preferred: Integers
    reach: Integers
    qualified: Mask
    direct: Mask
    fit: Mask
    never_ready: Mask
    seems_qualified: Mask
    seems_fit: Mask
    comes_back: Integers
    amount: Integers


def day_reached(days: Floats) -> Integers:
    """The first whole day by which so many days are over; NEVER beyond all horizons."""
    return np.ceil(np.minimum(days, NEVER)).astype(np.int64)


OPENED: Final = 0
SOLD: Final = 1
IRRITATED: Final = 2
BOUGHT_ELSEWHERE: Final = 3
NEVER_READY: Final = 4
NOT_QUALIFIED: Final = 5
GIVEN_UP: Final = 6
BAD_FIT: Final = 7
REOPENED: Final = 8
FILES: Final = (
    "opened", "sold", "irritated", "bought elsewhere", "never ready", "not qualified", "given up", "bad fit declined",
    "reopened",
)  # fmt: skip
"""What becomes of the file of an undecided lead: opened, closed, and reopened if one that was given up returns."""


def why_not(qualified: Mask, has_gone: Mask, never_ready: Mask) -> Integers:
    """Why a lead that was let go had not bought, in truth: GIVEN_UP where it still could have (common shape)."""
    causes = (NOT_QUALIFIED, BOUGHT_ELSEWHERE, NEVER_READY)
    return np.select((~qualified, has_gone, never_ready), [np.int64(cause) for cause in causes], np.int64(GIVEN_UP))


def found(word: Integers, true: Mask, sensitivity: Integers, specificity: Integers) -> Mask:
    """Is it found to be true? A word, and the thresholds of finding true what is and false what is not."""
    return np.where(true, word < sensitivity, word >= specificity)


def comes_back(word: Integers, able: Mask, plain: Integers, nurtured: Integers) -> Integers:
    """Does a lead that is able to buy come back: a word, and the thresholds without and with nurturing."""
    return np.where(able & (word < plain), COMES, np.where(able & (word < nurtured), IF_NURTURED, STAYS))


@dataclass(frozen=True)
class UndecidedLaw:
    """The law of the undecided, for one block of histories; the last axis are columns, or has length 1.

    Shares are thresholds by segment; `ready`, `window` and `tolerance` are by segment, `window` None without end;
    `channels` are cumulated shares by segment and channel.
    """

    streams: draws.Words
    segments: Segments
    shares: dict[str, Integers]
    nurtured: Integers
    ready: tuple[Varying, ...]
    window: tuple[Varying | None, ...]
    tolerance: tuple[Varying, ...]
    channels: tuple[Integers | None, ...]
    keeps_open: Floats
    sensitivity: Integers
    specificity: Integers

    def traits(self, column: Integers, lead: Integers, amount: Integers) -> Undecided:
        """The traits of these leads, which would pay `amount` (common shape)."""
        segment = self.segments.of(lead)
        follow = draws.visit(self.streams[column], lead, visits.FOLLOW)
        (ready, window), (tolerance, never), (channel, back), (fit, able) = (draws.pair(follow, n) for n in range(4))
        seems_fit, _ = draws.pair(follow, 4)
        general = draws.visit(self.streams[column], lead, visits.TRAITS)
        (_, reach), (direct, qualified) = draws.pair(general, 1), draws.pair(general, 2)
        never_ready = never < self._share("never_ready", segment, column)
        is_qualified = qualified < self._share("qualified", segment, column)
        fits = fit < self._share("fit", segment, column)
        days = np.where(never_ready, float(NEVER), self._drawn(self.ready, ready, segment, column))
        open_ = self._drawn(self.window, window, segment, column)
        first = day_reached(days)
        seen = at(self.sensitivity, column), at(self.specificity, column)
        return Undecided(
            ready=first,
            gone=day_reached(days + open_),
            gone_nurtured=day_reached(days + np.where(open_ < NEVER, open_ * at(self.keeps_open, column), NEVER)),
            tolerance=self._drawn(self.tolerance, tolerance, segment, column),
            preferred=self._preferred(channel, segment),
            reach=reach >> (32 - REACH_BITS),
            qualified=is_qualified,
            direct=direct < self._share("decision_maker", segment, column),
            fit=fits,
            never_ready=never_ready,
            seems_qualified=found(able, is_qualified, *seen),
            seems_fit=found(seems_fit, fits, *seen),
            comes_back=comes_back(
                back, is_qualified & (first < NEVER), self._share("returns", segment, column),
                cell(self.nurtured, segment, column),
            ),
            amount=amount,
        )  # fmt: skip

    def fits(self, column: Integers, lead: Integers) -> Mask:
        """Is the product right for these leads (common shape)?"""
        word, _ = draws.pair(draws.visit(self.streams[column], lead, visits.FOLLOW), 3)
        return np.asarray(word < self._share("fit", self.segments.of(lead), column))

    def _share(self, name: str, segment: Integers, column: Integers) -> Integers:
        return np.asarray(cell(self.shares[name], segment, column))

    def _drawn(self, each: Sequence[Varying | None], word: Integers, segment: Integers, column: Integers) -> Floats:
        """Days by segment; NEVER where a segment has no limit."""
        days = np.full(word.shape, float(NEVER))
        for number, varying in enumerate(each):
            mine = segment == number
            if varying is not None and mine.any():
                days[mine] = varying.at(word[mine], column[mine])
        return days

    def _preferred(self, word: Integers, segment: Integers) -> Integers:
        preferred = np.full(word.shape, ANY)
        for number, upper in enumerate(self.channels):
            mine = segment == number
            if upper is not None:
                preferred[mine] = np.searchsorted(upper, word[mine], side="right")
        return preferred

    def column(self, column: int) -> UndecidedLaw:
        """The same for one history."""
        narrowed: dict[str, Any] = {
            name: one(getattr(self, name), column) for name in ("nurtured", "keeps_open", "sensitivity", "specificity")
        }
        for name in ("ready", "window", "tolerance"):
            narrowed[name] = tuple(v if v is None else v.column(column) for v in getattr(self, name))
        shares = {name: one(share, column) for name, share in self.shares.items()}
        return replace(self, streams=self.streams[column : column + 1], shares=shares, **narrowed)


def undecided_law(
    scenario: Scenario, plan: FollowUp | None, rates: Rates, inputs: Inputs, streams: draws.Words, segments: Segments
) -> UndecidedLaw:
    """The law as the scenario states it."""
    named = list(scenario.segments.items())

    def each(name: str) -> tuple[Any, ...]:
        variables = ((f"segments.{n}.{name}", getattr(segment, name)) for n, segment in named)
        return tuple(v if v is None else Varying.of(path, v, inputs) for path, v in variables)

    nurture, qualify = (None, None) if plan is None else (plan.nurture, plan.qualify)
    alike, certain = np.ones(1), draws.threshold(np.ones(1))
    more = alike if nurture is None else inputs.value("follow_up.nurture.odds_returning", nurture.odds_returning)
    longer = alike if nurture is None else inputs.value("follow_up.nurture.keeps_open", nurture.keeps_open)
    returns = stacked(rates.each_segment("returns"))
    seen = [certain, certain] if qualify is None else [
        draws.threshold(inputs.value(f"follow_up.qualify.{name}", getattr(qualify, name)))
        for name in ("sensitivity", "specificity")
    ]  # fmt: skip
    return UndecidedLaw(
        streams=streams,
        segments=segments,
        shares={name: draws.threshold(stacked(rates.each_segment(name))) for name in SHARES},
        nurtured=draws.threshold(odds(returns, more)),
        ready=each("ready"),
        window=each("window"),
        tolerance=each("tolerance"),
        channels=tuple(_cumulated(list(s.channels), s.channels, plan) for _, s in named),
        keeps_open=longer,
        sensitivity=seen[0],
        specificity=seen[1],
    )


def _cumulated(names: list[str], shares: dict[str, Any], plan: FollowUp | None) -> Integers | None:
    """Cumulated shares of the plan's channels, but for the last that has any; None where all are welcome."""
    if not names or plan is None:
        return None
    each = np.array([shares[name].best if name in shares else 0.0 for name in plan.channels])
    upper = np.cumsum(each)
    upper[np.flatnonzero(each)[-1] :] = 1.0
    return draws.threshold(np.minimum(upper[:-1], 1.0))
