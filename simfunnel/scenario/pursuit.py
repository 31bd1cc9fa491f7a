"""How the undecided are followed up: the firm's habits, and what each contact is worth.

A signal against it is an irritation, "bought elsewhere" or "not qualified". Who is never ready looks like one
that is not ready yet, and gives none: only a stop rule lets go of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StrictBool

from simfunnel.scenario.keys import (
    MAX_MEMBERS,
    MAX_TOUCHES,
    Block,
    Days,
    Factor,
    Minutes,
    Money,
    Odds,
    Pressure,
    Share,
    key,
    whole,
)
from simfunnel.scenario.quantities import constant, fixed


class ChannelMinutes(Block):
    """How long a touch keeps the seller, by what comes of it; a distribution is drawn for every touch."""

    not_reached: Minutes = key(constant(60_000), "a touch that reaches nobody", "minutes", "0 to 4 h")
    gatekeeper: Minutes = key(constant(60_000), "a touch that a gatekeeper ends", "minutes", "0 to 4 h")
    talk: Minutes = key(constant(600_000), "a touch that reaches the lead, whatever it ends in", "minutes", "0 to 4 h")


class Channel(Block):
    """A way to contact the undecided."""

    reached: Share = key(..., "of the touches: reach somebody", "share of touches", "0 to 1")
    cost: Money = key(fixed(0), "of a touch, besides time", "currency per touch", ">= 0")
    minutes: ChannelMinutes = key(ChannelMinutes(), "how long a touch takes")


class Qualify(Block):
    """Asking, at the first touch that reaches the lead, whether it can buy at all and whether the product fits it."""

    minutes: Minutes = key(constant(300_000), "what asking adds to that touch", "minutes", "0 to 4 h")
    sensitivity: Share = key(fixed(1), "of those of whom it is true: are found so", "share", "0 to 1")
    specificity: Share = key(fixed(1), "of those of whom it is not true: are found so", "share", "0 to 1")


class Nurture(Block):
    """A series of cheap messages to each lead who said it was not ready; once begun, it is paid to its end."""

    every: Days = key(..., "time from one message to the next", "days", ">= 1 day")
    messages: Annotated[int, whole(1, MAX_TOUCHES)] = key(
        ..., "messages in a series", "messages", f"1 to {MAX_TOUCHES}"
    )
    cost: Money = key(fixed(0), "of one message", "currency per message", ">= 0")
    odds_returning: Pressure = key(
        fixed(1), "odds ratio on coming back by itself, if the series lasts until the lead is able to buy",
        "odds ratio", ">= 1",
    )  # fmt: skip
    keeps_open: Factor = key(fixed(1), "how long the window is then, as a multiple", "factor", ">= 0")


class FollowUp(Block):
    """Persistent, or a pest: how often, how long, and in which way the undecided are contacted."""

    team: str = key(..., "the team that follows up, and answers those who come back by themselves")
    interval: Days = key(..., "time from one touch to the next", "days", ">= 1 day")
    first_after: Days | None = key(None, "time from the talk to the first touch (default: interval)", "days")
    retry_after: Days | None = key(
        None, "time from a touch that reached nobody to the next (default: interval)", "days"
    )
    touches: Annotated[int, whole(1, MAX_TOUCHES)] = key(
        MAX_TOUCHES, "touches to one lead at most (default: no such rule)", "touches", f"1 to {MAX_TOUCHES}"
    )
    stop_after: Days | None = key(None, "no touch later than this after the talk (default: no such rule)", "days")
    reads_signals: Share = key(
        fixed(0), "of the signals against it: are noticed (irritation, bought elsewhere, not qualified; a lead that is "
        "never ready gives none, as it looks like not yet)", "share", "0 to 1",
    )  # fmt: skip
    signals: Annotated[int, whole(1, 100)] = key(1, "after so many noticed the lead is let go", "signals", "1 to 100")
    channel: str = key(..., "the channel that is used")
    channels: dict[str, Channel] = key({}, "the channels that can be used")
    ask: StrictBool = key(
        False, "ask the lead for interval and channel: not sooner than it tolerates, by what it prefers"
    )
    keeps: Share = key(fixed(1), "of the touches to leads who were asked: keep to the answer", "share", "0 to 1")
    insist: Share = key(
        fixed(0), "of the gatekeepers met: passed by insisting on the decision maker", "share", "0 to 1"
    )
    qualify: Qualify | None = key(None, "asking first whether a lead can buy at all (default: not asked)")
    decline_bad_fit: StrictBool = key(False, "let go of leads whom qualifying found the product not right for")
    pressure: Pressure = key(
        fixed(1), "odds ratio on buying that pressing gains; a sale won by it alone is conceded", "odds ratio", ">= 1"
    )
    quota: Annotated[int, whole(0, MAX_MEMBERS)] = key(
        0, "touches a member a day: a shorter list is topped up with leads not yet due, longest untouched first",
        "touches", ">= 0",
    )  # fmt: skip
    nurture: Nurture | None = key(None, "messages to those not ready (default: none)")
    sold: Share = key(..., "of the touches that reach a lead who is able to buy: sell", "share of touches", "0 to 1")
    odds_per_touch: Odds = key(
        fixed(1), "odds ratio on buying for each earlier touch, of 60 at most", "odds ratio", "> 0"
    )
    odds_per_irritation: Odds = key(
        fixed(1), "odds ratio on buying for each irritation, of 60 at most", "odds ratio", "> 0"
    )
    odds_returned: Odds = key(fixed(1), "odds ratio on buying of who comes back by itself", "odds ratio", "> 0")
