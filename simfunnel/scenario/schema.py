"""What a scenario may say: every key once, with its unit, its bounds and an inert default."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from simfunnel.scenario import forms
from simfunnel.scenario.after_sales import AfterSales
from simfunnel.scenario.decision import Decision
from simfunnel.scenario.diagnostics import Diagnostics
from simfunnel.scenario.keys import (
    MAX_ATTEMPTS,
    MAX_MEMBERS,
    MAX_TRAINING,
    Block,
    ByMinutesWaited,
    Day,
    Days,
    DaysIfAny,
    Factor,
    FixedMinutes,
    FixedShare,
    HourOfDay,
    Minutes,
    Money,
    MoneyPerEvent,
    Odds,
    Pace,
    PartOfDay,
    Patience,
    Share,
    Weekday,
    key,
    whole,
)
from simfunnel.scenario.leads import CallingOdds, Segment
from simfunnel.scenario.marketing import Marketing
from simfunnel.scenario.offers import Closing, Demo, Meeting
from simfunnel.scenario.pursuit import FollowUp
from simfunnel.scenario.quantities import constant, fixed
from simfunnel.scenario.values import Hours, Interval


class CallMinutes(Block):
    """How long each outcome of a dial keeps the caller; a distribution is drawn for every dial."""

    ring: FixedMinutes = key(fixed(0), "ringing, part of every dial", "minutes", "0 to 4 h")
    gatekeeper: Minutes = key(constant(30_000), "a call that a gatekeeper ends", "minutes", "0 to 4 h")
    no_answer: Minutes = key(constant(30_000), "a dial that nobody answers", "minutes", "0 to 4 h")
    hang_up: Minutes = key(constant(30_000), "a call that is hung up", "minutes", "0 to 4 h")
    talk: Minutes = key(constant(300_000), "a talk, whether it ends in yes or no", "minutes", "0 to 4 h")
    wrap_up: FixedMinutes = key(fixed(0), "notes after every call that was answered", "minutes", "0 to 4 h")


class Calling(Block):
    """Dialling the list and offering the invitation."""

    teams: tuple[str, ...] | dict[str, FixedShare] = key(
        ..., "the teams that dial: a list (equal shares), or a table of shares that sum to 1"
    )
    attempts: Annotated[int, whole(1, MAX_ATTEMPTS)] = key(
        1, "dials to one lead at most", "dials", f"1 to {MAX_ATTEMPTS}"
    )
    retry_after: Days = key(
        Interval(1, "working days"), "time from a dial without answer to the next", "days", ">= 1 day"
    )
    order: tuple[Literal["meetings", "complaints", "care", "follow_ups", "quota", "retries", "fresh"], ...] = key(
        ("meetings", "complaints", "care", "follow_ups", "quota", "retries", "fresh"),
        "which class of work comes first on a day's list; those not named come before the others, in this order",
    )
    offer: Literal["demo", "meeting", "sale"] = key(
        "demo", "what is offered: a demo, a meeting on a later day, or the sale itself by phone"
    )
    answered: Share = key(..., "dials that are answered", "share of dials", "0 to 1")
    listened: Share = key(..., "of the answered: did not hang up", "share of answered", "0 to 1")
    accepted: Share = key(..., "of the listeners: accepted the offer", "share of listened", "0 to 1")
    undecided: Share = key(
        fixed(0), "of those who listened and refused the sale (offer = sale): undecided, to be followed up", "share",
        "0 to 1",
    )  # fmt: skip
    asked_through: Share = key(
        fixed(0), "of those whom a gatekeeper answers: put through to the decision maker; the others are lost for good",
        "share", "0 to 1",
    )  # fmt: skip
    by_hour: dict[HourOfDay, Odds] = key({}, "odds ratio on answered, by hour of day (9 is from 09:00)", "odds ratio")
    by_attempt: tuple[Odds, ...] = key(
        (), "odds ratio on answered at the second dial, the third, ...; the last counts for all later", "odds ratio"
    )
    warm: CallingOdds = key(CallingOdds(), "odds ratios of warm leads against cold ones")
    minutes: CallMinutes = key(CallMinutes(), "how long a dial takes, by outcome")


class Waiting(Block):
    """What waiting for an answer costs a hot lead: published curves disagree, so yours must say where it is from."""

    source: Annotated[str, forms.SOURCE] = key(..., "where the curve is from, or that it is a guess", "text")
    odds: ByMinutesWaited = key(
        ..., "odds ratio on accepting from so many minutes waited on; 1 before the first", "odds ratio"
    )


class InboundMinutes(Block):
    """How long a talk with a hot lead keeps a member; a distribution is drawn for every talk."""

    talk: Minutes = key(constant(300_000), "a talk, whether it ends in yes or no", "minutes", "0 to 4 h")
    wrap_up: FixedMinutes = key(fixed(0), "notes after every talk", "minutes", "0 to 4 h")


class Inbound(Block):
    """Hot leads wait for the next free member, who takes them before the list."""

    teams: tuple[str, ...] | dict[str, FixedShare] = key(
        ..., "the teams that answer: a list (equal shares), or a table of shares that sum to 1"
    )
    offer: Literal["demo", "meeting", "sale"] = key(
        "demo", "what is offered: a demo, a meeting on a later day, or the sale itself at once"
    )
    accepted: Share = key(..., "of those answered at once: accepted the offer", "share of answered", "0 to 1")
    undecided: Share = key(
        fixed(0), "of those who refused the sale (offer = sale): undecided, to be followed up", "share", "0 to 1"
    )
    patience: Patience | None = key(
        None, "how long a lead waits for an answer, nights and days off included (default: for ever)",
        "minutes", "0 to 30 days",
    )  # fmt: skip
    waiting: Waiting = key(..., "what waiting costs: a table with source and odds")
    minutes: InboundMinutes = key(InboundMinutes(), "how long a talk takes")


class TeamOdds(CallingOdds):
    """Odds ratios of a team's leads against the scenario's rates."""

    attended: Odds = key(fixed(1), "odds ratio on coming, of the leads this team invited", "odds ratio", "> 0")
    interested: Odds = key(fixed(1), "odds ratio on being interested, of those leads", "odds ratio", "> 0")


class Overflow(Block):
    """Work not begun in time moves to another team at night, for good; hot leads and meetings never do."""

    to: str = key(..., "the team that gets it")
    after: Days = key(
        Interval(1, "working days"), "dials not begun within this time of their due day move", "days", ">= 1 day"
    )


class Contract(Block):
    """What an outsourced team bills; lines add up. A thing is billed in the month in which it happens."""

    set_up: Money = key(fixed(0), "once, if the team dials, answers or follows up at all", "currency", ">= 0")
    per_hour: Money = key(fixed(0), "for every paid hour of every member", "currency per hour", ">= 0")
    per_dial: Money = key(fixed(0), "for every dial", "currency per dial", ">= 0")
    per_connect: Money = key(
        fixed(0),
        "for every answered dial or touch, and every hot or returned lead answered",
        "currency per connect",
        ">= 0",
    )
    per_accepted: Money = key(fixed(0), "for every acceptance", "currency per acceptance", ">= 0")
    per_attended: Money = key(
        fixed(0), "for every lead that the team invited and that came", "currency per comer", ">= 0"
    )
    per_sale: Money = key(fixed(0), "for every sale to a lead that the team invited", "currency per sale", ">= 0")
    minimum_per_month: Money = key(
        fixed(0),
        "least bill of a calendar month, set-up apart; by working days, until the team's list and touches are done",
        "currency per month", ">= 0",
    )  # fmt: skip
    claw_back: Share = key(
        fixed(0), "part of per_accepted that is refunded for every booked lead who does not come",
        "share of per_accepted", "0 to 1",
    )  # fmt: skip
    done_within: DaysIfAny = key(None, "time within which the team's list is promised to be done", "days", ">= 0 days")
    penalty_per_day_late: Money = key(
        fixed(0), "refund for every working day by which the list is later; at most the rest of the bill",
        "currency per working day", ">= 0",
    )  # fmt: skip


class Team(Block):
    """People with one shift and one task list."""

    kind: Literal["in-house", "outsourced"] = key("in-house", "in-house: wages; outsourced: a contract")
    size: Annotated[int, whole(1, MAX_MEMBERS)] = key(1, "members", "people", f"1 to {MAX_MEMBERS:,}")
    shift: PartOfDay = key(Hours(540, 1020), "working hours, by default 09:00-17:00", "time of day")
    pause: PartOfDay | None = key(None, "pause inside the shift in which no task is begun", "time of day")
    paid: Literal["shift", "until_done", "worked"] = key(
        "shift", "hours paid: every shift of the horizon, every shift until the work is done, or hours worked"
    )
    wage_per_hour: Money = key(fixed(0), "wage of one member (in-house)", "currency per hour", ">= 0")
    overhead: Factor = key(fixed(0), "overhead on wages (in-house)", "share of wages", ">= 0")
    overtime_premium: Factor = key(fixed(0), "on top of the wage, for overtime (in-house)", "share of the wage", ">= 0")
    hiring: Money = key(fixed(0), "hiring, once for each member (in-house)", "currency per member", ">= 0")
    training: Money = key(fixed(0), "training, once for each member (in-house)", "currency per member", ">= 0")
    training_days: Annotated[int, whole(0, MAX_TRAINING)] = key(
        0, "paid days of training of each member, before the start (in-house)", "working days", f"0 to {MAX_TRAINING}"
    )
    notice: DaysIfAny = key(
        None, "time paid after the team's last day of work (in-house, paid until_done)", "days", ">= 0 days"
    )
    minimum_employment: DaysIfAny = key(
        None, "time from the start that is paid at least, notice included (in-house, paid until_done)",
        "days", ">= 0 days",
    )  # fmt: skip
    commission: Share = key(
        fixed(0), "of the revenue of sales to leads that the team called, answered or closed (in-house)",
        "share of revenue", "0 to 1",
    )  # fmt: skip
    hand_off_fee: Money = key(
        fixed(0), "for every acceptance handed on to another team, which hosts the demo or meets the lead (in-house)",
        "currency per acceptance", ">= 0",
    )  # fmt: skip
    odds: TeamOdds = key(TeamOdds(), "odds ratios of this team")
    skill: tuple[Odds, ...] = key(
        (), "odds ratio of each member on listened, accepted and (closing) sold, lowest seat first",
        "odds ratio", "one a member",
    )  # fmt: skip
    overflow: Overflow | None = key(None, "where dials go that this team does not get round to")
    pace: tuple[Pace, ...] = key(
        (), "how long each member takes, as a multiple of the minutes, lowest seat first", "factor", "> 0, <= 10"
    )
    contract: Contract = key(Contract(), "prices (outsourced)")


class MoneyBlock(Block):
    """What a sale brings and costs."""

    revenue_per_sale: MoneyPerEvent = key(
        constant(0), "revenue of one sale; a distribution is drawn for every sale", "currency", ">= 0"
    )
    unit_cost: Money = key(fixed(0), "cost of what is sold", "currency per sale", ">= 0")
    bad_fit: Money = key(fixed(0), "what a sale to a lead costs for whom the product is not right", "currency per sale",
                         ">= 0")  # fmt: skip


class Scenario(Block):
    """One sales funnel: who is called, by whom, what is offered, what it costs."""

    name: Annotated[str, forms.TITLE] = key("unnamed", "title of tables and pictures")
    description: str = key("", "what the scenario is about")
    start: Day = key(dt.date(2026, 1, 5), "first day; a day off moves it", "date")
    horizon: Days = key(Interval(60, "working days"), "time that is simulated", "days", ">= 1 day")
    intake: Days | None = key(
        None, "leads arrive, and are dialled for the first time, this long only (default: the horizon)", "days"
    )
    working_days: tuple[Weekday, ...] = key((0, 1, 2, 3, 4), "weekdays worked, by default Monday to Friday", "weekdays")
    holidays: tuple[Day, ...] = key((), "days off", "dates")
    currency: Annotated[str, forms.CURRENCY] = key("EUR", "ISO 4217 code of all amounts")
    segments: dict[str, Segment] = key({}, "the leads, by segment")
    calling: Calling | None = key(None, "how the list is dialled")
    inbound: Inbound | None = key(None, "how hot leads are answered")
    teams: dict[str, Team] = key({}, "the people, by team")
    demo: Demo | None = key(None, "the event to which the invitation leads")
    meeting: Meeting | None = key(None, "the meeting to which an acceptance may lead")
    closing: Closing = key(Closing(), "selling face to face")
    follow_up: FollowUp | None = key(None, "how the undecided are followed up")
    after_sales: AfterSales | None = key(None, "how those who bought are looked after")
    marketing: Marketing | None = key(None, "what is spent on being known, and what it brings")
    money: MoneyBlock = key(MoneyBlock(), "what a sale brings and costs")
    diagnostics: Diagnostics = key(Diagnostics(), "which stage is which level of the manager's diagnostics")
    decision: Decision = key(Decision(), "what is to be decided between this file and its alternatives")
