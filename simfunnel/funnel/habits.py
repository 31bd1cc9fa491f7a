"""How persistent the firm is: when a lead is touched again, by which channel, and when it is let go.

A habit sees only what a seller could have seen: what was tried and when, what the lead said when it was
asked, signals noticed. It never sees a draw or a trait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.calendar import Calendar
from simfunnel.funnel import touch
from simfunnel.funnel.segments import LIST_BITS
from simfunnel.funnel.undecided import ANY
from simfunnel.scenario.pursuit import FollowUp

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NOT_BEGUN: Final = -1
DAY_BITS: Final = 14


def channel_for(own: int, wanted: Integers, keeps: Mask) -> Integers:
    """The firm's own channel, or the one that a lead wanted when asked (ANY: none), where the firm keeps to that."""
    return np.where(keeps & (wanted != ANY), wanted, own)


def not_sooner(due: Integers, agreed: Integers, keeps: Mask) -> Integers:
    """The day of the next touch by the firm's interval, not before the agreed day where the firm keeps to it."""
    return np.where(keeps, np.maximum(due, agreed), due)


def is_over(touches: Integers, most: int, due: Integers, latest: Integers, noticed: Integers, signals: int) -> Mask:
    """Is a lead let go: by count, by time (its next touch would be too late), by signals (common shape)?"""
    return np.asarray((touches >= most) | (due > latest) | (noticed >= signals))


def lacking(quota: int, members: int, due: Integers) -> Integers:
    """How many leads a morning's list of `due` ones is topped up with (any shape)."""
    return np.asarray(np.maximum(0, quota * members - due))


def in_order(column: Integers, day: Integers, lead: Integers) -> Integers:
    """The order of leads (n,) by (history, day, lead); of listed leads it is one of packed numbers, found faster."""
    column, day = column.astype(np.int64), day.astype(np.int64)
    if lead.max(initial=0) >= 1 << LIST_BITS:
        return np.lexsort((lead, day, column))
    return np.argsort((column << DAY_BITS | day) << LIST_BITS | lead)


def longest_untouched(column: Integers, touched: Integers, lead: Integers, wanted: Integers) -> Integers:
    """Of leads (n,) by history and day of their last touch: the places of the first `wanted[column]` of each."""
    order = in_order(column, touched, lead)
    ranked = column[order]
    rank = np.arange(order.size) - np.searchsorted(ranked, ranked)
    return np.asarray(order[rank < wanted[ranked]])


def said_not_ready(code: Integers, begun: Integers) -> Mask:
    """Does a series of messages begin: the lead said it was not ready, and none has begun before (common shape)?"""
    return np.asarray((code == touch.NOT_READY) & (begun == NOT_BEGUN))


@dataclass(frozen=True)
class Timing:
    """The firm's intervals as days, (days of the horizon,) each; its length or more stands for days beyond it.

    `latest` is the last day of a touch by day of the talk; `dates` are ordinal dates, as far beyond the
    horizon as a touch may be, so that the horizon does not decide who is let go; a series of messages
    begun on a day lasts `lasts` days and sends `messages` within the horizon.
    """

    first: Integers
    again: Integers
    after_nobody: Integers
    latest: Integers
    dates: Integers
    lasts: Integers
    messages: Integers

    @classmethod
    def of(cls, plan: FollowUp, calendar: Calendar) -> Timing:
        """The intervals of a scenario's plan."""
        days, nurture, stop = calendar.days, plan.nurture, plan.stop_after
        never = np.full(days, np.iinfo(np.int64).max)
        far = calendar if stop is None else calendar.longer(stop)
        lasts, messages = np.zeros(days, dtype=np.int64), np.zeros(days, dtype=np.int64)
        if nurture is not None:
            lasts, messages = calendar.series(nurture.every, nurture.messages)
        return cls(
            first=far.due(plan.first_after or plan.interval)[:days],
            again=far.due(plan.interval)[:days],
            after_nobody=far.due(plan.retry_after or plan.interval)[:days],
            latest=never if stop is None else calendar.last_within(stop),
            dates=np.array([date.toordinal() for date in far.dates], dtype=np.int64),
            lasts=lasts,
            messages=messages,
        )

    def next_due(self, day: int, code: Integers) -> Integers:
        """The day of the next touch by the firm's own interval, after one on `day` with such results (their shape)."""
        nobody = code == touch.NOT_REACHED
        return np.asarray(np.where(nobody, self.after_nobody[day], self.again[day]))

    def day_after(self, day: Integers, days: Integers) -> Integers:
        """The working day that is so many calendar days after `day`: tomorrow at the earliest (common shape)."""
        reached = np.searchsorted(self.dates, self.dates[day] + days).astype(np.int64)
        return np.asarray(np.maximum(reached, day + 1))
