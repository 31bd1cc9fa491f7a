"""What the firm offers, and what it takes to sell it: the demo, the meeting, the closing talk."""

from __future__ import annotations

from typing import Annotated

from simfunnel.scenario.keys import (
    MAX_INVITATIONS,
    MAX_LEADS,
    MAX_MEMBERS,
    Block,
    Days,
    FixedMinutes,
    FixedShare,
    MethodName,
    Minutes,
    Money,
    Odds,
    Overbooking,
    Patience,
    Pressure,
    Share,
    TimeOfDay,
    Weekday,
    WholeMinutes,
    key,
    whole,
)
from simfunnel.scenario.quantities import constant, fixed
from simfunnel.scenario.values import Interval


class Reminder(Block):
    """A message to each lead booked on an event that is held."""

    cost: Money = key(fixed(0), "one message, to each lead booked on an event held", "currency per message", ">= 0")
    odds: Odds = key(fixed(1), "odds ratio on coming, of the reminded: all who are booked", "odds ratio", "> 0")


class Demo(Block):
    """The event to which the invitation leads."""

    every: Days = key(Interval(1, "weeks"), "time from one event to the next", "days", ">= 1 day")
    weekday: Weekday | None = key(
        None, "day of the first event (by default that is one interval after the start)", "weekday", "monday to sunday"
    )
    weekdays: tuple[Weekday, ...] = key(
        (), "an event on each of these weekdays (instead of every and weekday); a day off moves it", "weekdays"
    )
    at: TimeOfDay = key(900, "when it begins, by default 15:00", "time of day")
    length: WholeMinutes = key(60, "how long it keeps its hosts", "whole minutes", "0 to 12 h")
    set_up: WholeMinutes = key(0, "how long before it the hosts leave their list", "whole minutes", "0 to 12 h")
    team: str = key(..., "the team that hosts it")
    hosts: Annotated[int, whole(0, MAX_MEMBERS)] = key(1, "members called to it", "people", "0 to the team's size")
    seats: Annotated[int, whole(1, MAX_LEADS)] = key(MAX_LEADS, "seats in the room", "seats", ">= 1")
    overbooking: Overbooking = key(
        0.0, "bookings beyond the seats, rounded down; the last booked are turned away", "share of seats", "0 to 10"
    )
    notice: Days = key(
        Interval(1, "working days"), "a lead is booked on an event at least that far away", "days", ">= 1 day"
    )
    max_wait: Days | None = key(
        None, "a lead offered no seat within this time is lost (default: waits); counts anew after a move", "days"
    )
    minimum: Annotated[int, whole(1, MAX_LEADS)] = key(
        1, "with fewer bookings the event is cancelled the night before, its leads are moved (as often as need be)",
        "bookings", ">= 1",
    )  # fmt: skip
    attended: Share = key(..., "of the booked: came", "share of booked", "0 to 1")
    odds_per_day_waited: Odds = key(
        fixed(1), "odds ratio on coming for each calendar day from booking to event, of 90 at most", "odds ratio", "> 0"
    )
    reminder: Reminder = key(Reminder(), "a message to the booked")
    invite_again: Annotated[int, whole(0, MAX_INVITATIONS)] = key(
        0, "times that a no-show is booked again, on the next event", "invitations", f"0 to {MAX_INVITATIONS}"
    )
    room: Money = key(fixed(0), "room hire for every event held", "currency per event", ">= 0")
    cancellation_fee: Money = key(fixed(0), "for every event cancelled", "currency per event", ">= 0")
    catering_per_head: Money = key(fixed(0), "catering for every comer who gets a seat", "currency per comer", ">= 0")


class MeetingMinutes(Block):
    """How long a meeting keeps the seller, besides the closing talk."""

    travel: FixedMinutes = key(fixed(0), "getting there and back, part of every meeting", "minutes", "0 to 4 h")
    missed: Minutes = key(constant(900_000), "waiting for a lead who does not come", "minutes", "0 to 4 h")


class Meeting(Block):
    """A talk with one lead, a task on the list of a seller: no event, no queue."""

    team: str = key(..., "the team whose members meet the leads")
    after: Days = key(Interval(1, "working days"), "time from acceptance to meeting", "days", ">= 1 day")
    attended: Share = key(..., "of those who agreed to meet: came", "share of booked", "0 to 1")
    minutes: MeetingMinutes = key(MeetingMinutes(), "how long it takes")


class Paper(Block):
    """Forms to fill in at the end of a talk."""

    minutes: FixedMinutes = key(fixed(0), "time to fill them in, if the lead buys", "minutes", "0 to 4 h")
    odds: Odds = key(fixed(1), "odds ratio on buying", "odds ratio", "> 0")


class Method(Block):
    """A way to ask for the sale: how often it is used, and what it does to whom."""

    share: FixedShare = key(..., "part of the talks in which it is used; all shares sum to 1", "share", "0 to 1")
    cold: Odds = key(fixed(1), "odds ratio on buying, of cold leads", "odds ratio", "> 0")
    warm: Odds = key(fixed(1), "odds ratio on buying, of warm leads", "odds ratio", "> 0")
    hot: Odds = key(fixed(1), "odds ratio on buying, of hot leads", "odds ratio", "> 0")


class ClosingMinutes(Block):
    """How long a talk lasts; a distribution is drawn for every talk."""

    peak: Minutes = key(
        constant(600_000), "from the begin of the talk to the hidden peak of desire: the moment to ask",
        "minutes", "0 to 4 h",
    )  # fmt: skip
    answer: Minutes = key(constant(0), "from asking to the answer", "minutes", "0 to 4 h")
    freeloader: Minutes = key(constant(300_000), "a talk with a freeloader", "minutes", "0 to 4 h")


class Closing(Block):
    """Selling face to face, after the demo or in a meeting."""

    sold_if_interested: Share = key(fixed(0), "of the interested who came: bought", "share", "0 to 1")
    undecided: Share = key(
        fixed(0), "of those who talked and did not buy: undecided, the rest are lost", "share", "0 to 1"
    )
    closers: Annotated[int, whole(0, MAX_MEMBERS)] = key(
        0, "members called to the demo, lowest seats, who talk to the comers afterwards, in order of the comers' "
        "numbers (0: each comer has one at once)",
        "people", "0 to the size of demo.team",
    )  # fmt: skip
    patience: Patience | None = key(
        None, "how long a comer waits for a closer (default: for ever)", "minutes", "0 to 30 days"
    )
    odds_per_minute_waited: Odds = key(
        fixed(1), "odds ratio on buying for each whole minute of waiting, of 60 at most", "odds ratio", "> 0"
    )
    misread: FixedMinutes = key(
        fixed(0), "how far a closer who reads no signals asks from the peak (standard deviation)", "minutes", "0 to 4 h"
    )
    reads_signals: Share = key(fixed(0), "part of that error which closers avoid by reading signals", "share", "0 to 1")
    haste: FixedMinutes = key(fixed(0), "how long before the peak closers mean to ask", "minutes", "0 to 4 h")
    odds_per_minute_early: Odds = key(
        fixed(1), "odds ratio on buying for each whole minute before the peak, of 60 at most", "odds ratio", "> 0"
    )
    odds_per_minute_late: Odds = key(
        fixed(1), "odds ratio on buying for each whole minute after the peak, of 60 at most", "odds ratio", "> 0"
    )
    pressure: Pressure = key(
        fixed(1), "odds ratio on buying that pressing gains; a sale won by it alone is conceded", "odds ratio", ">= 1"
    )
    paper: Paper = key(Paper(), "forms to fill in")
    methods: dict[MethodName, Method] = key({}, "the mix of closing methods")
    minutes: ClosingMinutes = key(ClosingMinutes(), "how long a talk lasts")
