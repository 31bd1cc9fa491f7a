"""What a scenario may say: every key once, with its unit, its bounds and an inert default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from simfunnel.scenario import forms, times, values
from simfunnel.scenario.forms import NOTHING, Form, Numbers
from simfunnel.scenario.quantities import Quantity, Variable, constant, fixed
from simfunnel.scenario.values import Hours, Interval

MAX_LEADS = 50_000_000
MAX_ATTEMPTS = 60
MAX_MEMBERS = 10_000
MAX_INVITATIONS = 60
MAX_TRAINING = 260


@dataclass(frozen=True)
class Parsed(BeforeValidator):
    """A parser of the grammar, and the form of value that it understands."""

    form: Form = NOTHING


def parsed(parse: Callable[[Any], Any], form: Form) -> Parsed:
    """Run one of the grammar's parsers; its ValueError becomes the key's error, word for word."""

    def validate(raw: Any) -> Any:
        if isinstance(raw, Quantity | Variable | Interval | Hours):
            return raw
        try:
            return parse(raw)
        except ValueError as error:
            raise PydanticCustomError("value", "{text}", {"text": str(error)}) from None

    return Parsed(validate, form=form)


def _quantity(numbers: Numbers) -> Parsed:
    return parsed(lambda raw: values.quantity(raw, numbers.domain), numbers.quantity())


def _variable(numbers: Numbers) -> Parsed:
    return parsed(lambda raw: values.variable(raw, numbers.domain), numbers.variable())


def _interval_if_any(raw: Any) -> Interval | None:
    """A time between days, or none from "0 days", by which a scenario ends one that it inherits."""
    return None if raw == "0 days" else times.interval(raw)


def _whole(low: int, high: int) -> Parsed:
    def parse(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < low:
            raise values.refuse(f"a whole number >= {low}", raw)
        if raw > high:
            raise values.refuse(f"a whole number <= {high}", raw)
        return raw

    return parsed(parse, forms.whole(low, high))


Share = Annotated[Quantity, _quantity(forms.SHARES)]
FixedShare = Annotated[Quantity, parsed(lambda raw: values.exact(raw, values.FIXED_SHARE), forms.FIXED_SHARES.plain())]
Factor = Annotated[Quantity, _quantity(forms.FACTORS)]
Spread = Annotated[Quantity, _quantity(forms.SPREADS)]
Odds = Annotated[Quantity, _quantity(forms.ODDS_RATIOS)]
Pace = Annotated[Quantity, _quantity(forms.PACES)]
Money = Annotated[Quantity, _quantity(forms.AMOUNTS)]
MoneyPerEvent = Annotated[Variable, _variable(forms.AMOUNTS)]
FixedMinutes = Annotated[Quantity, _quantity(forms.TIMES)]
Minutes = Annotated[Variable, _variable(forms.TIMES)]
Days = Annotated[Interval, parsed(times.interval, forms.INTERVAL)]
DaysIfAny = Annotated[Interval | None, parsed(_interval_if_any, forms.INTERVAL_IF_ANY)]
WholeMinutes = Annotated[int, parsed(times.span_minutes, forms.SPAN)]
TimeOfDay = Annotated[int, parsed(times.time_of_day, forms.TIME_OF_DAY)]
PartOfDay = Annotated[Hours, parsed(times.hours, forms.HOURS)]
Weekday = Annotated[int, parsed(times.weekday, forms.WEEKDAY)]
HourOfDay = Annotated[int, parsed(times.hour_of_day, forms.HOUR_OF_DAY)]
Day = Annotated[dt.date, parsed(times.date, forms.DATE)]
Overbooking = Annotated[float, parsed(values.overbooking, forms.ratio(10))]


def key(default: Any, description: str, unit: str = "", bounds: str = "") -> Any:
    """A documented key; `...` as default makes it required."""
    return Field(default, description=description, json_schema_extra={"unit": unit, "bounds": bounds})


class Block(BaseModel):
    """A frozen block of a scenario; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class CallingOdds(Block):
    """Odds ratios on the steps of a call; 1 changes nothing."""

    answered: Odds = key(fixed(1), "odds ratio on answering the phone", "odds ratio", "> 0")
    listened: Odds = key(fixed(1), "odds ratio on listening", "odds ratio", "> 0")
    accepted: Odds = key(fixed(1), "odds ratio on accepting the invitation", "odds ratio", "> 0")


class SegmentOdds(CallingOdds):
    """Odds ratios of a segment's leads against the scenario's rates."""

    attended: Odds = key(fixed(1), "odds ratio on coming to the demo", "odds ratio", "> 0")
    sold: Odds = key(fixed(1), "odds ratio on buying", "odds ratio", "> 0")


class TeamOdds(CallingOdds):
    """Odds ratios of a team's leads against the scenario's rates."""

    attended: Odds = key(fixed(1), "odds ratio on coming, of the leads this team invited", "odds ratio", "> 0")
    interested: Odds = key(fixed(1), "odds ratio on being interested, of those leads", "odds ratio", "> 0")


class Segment(Block):
    """Leads with one temperature and one set of traits."""

    temperature: Literal["cold", "warm"] = key(
        "cold", "cold: never heard of the product; warm: knows that it exists (calling.warm applies)"
    )
    leads: Annotated[int, _whole(0, MAX_LEADS)] = key(..., "leads on the list", "leads", f"0 to {MAX_LEADS:,}")
    interested: Share = key(fixed(1), "share really interested; the rest are freeloaders", "share", "0 to 1")
    dead_number: Share = key(fixed(0), "share of numbers that never answer", "share", "0 to 1")
    reach: Spread = key(
        fixed(0),
        "how unlike leads are in being reached: spread of the log-odds around `answered`, the middle lead's",
        "log-odds",
        "0 to 5",
    )
    decision_maker: Share = key(fixed(1), "share reached directly; the others have a gatekeeper", "share", "0 to 1")
    qualified: Share = key(fixed(1), "share who can ever buy", "share", "0 to 1")
    team: str | None = key(None, "the team that dials this segment (default: by the shares of calling.teams)", "team")
    odds: SegmentOdds = key(SegmentOdds(), "odds ratios of this segment")


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
    attempts: Annotated[int, _whole(1, MAX_ATTEMPTS)] = key(
        1, "dials to one lead at most", "dials", f"1 to {MAX_ATTEMPTS}"
    )
    retry_after: Days = key(
        Interval(1, "working days"), "time from a dial without answer to the next", "days", ">= 1 day"
    )
    order: tuple[Literal["retries", "fresh"], ...] = key(
        ("retries", "fresh"), "which class of work comes first on a day's list"
    )
    answered: Share = key(..., "dials that are answered", "share of dials", "0 to 1")
    listened: Share = key(..., "of the answered: did not hang up", "share of answered", "0 to 1")
    accepted: Share = key(..., "of the listeners: accepted the invitation", "share of listened", "0 to 1")
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


class Contract(Block):
    """What an outsourced team bills; lines add up. A thing is billed in the month in which it happens."""

    set_up: Money = key(fixed(0), "once, if the team dials at all", "currency", ">= 0")
    per_hour: Money = key(fixed(0), "for every paid hour of every member", "currency per hour", ">= 0")
    per_dial: Money = key(fixed(0), "for every dial", "currency per dial", ">= 0")
    per_connect: Money = key(fixed(0), "for every answered dial", "currency per connect", ">= 0")
    per_acceptance: Money = key(fixed(0), "for every acceptance", "currency per acceptance", ">= 0")
    per_attendance: Money = key(fixed(0), "for every lead of the team's that came", "currency per comer", ">= 0")
    per_sale: Money = key(fixed(0), "for every sale to a lead of the team's", "currency per sale", ">= 0")
    minimum_per_month: Money = key(
        fixed(0), "least bill of a calendar month, set-up apart; by working days, until the team's list is done",
        "currency per month", ">= 0",
    )  # fmt: skip
    claw_back: Share = key(
        fixed(0), "part of per_acceptance that is refunded for every booked lead who does not come",
        "share of per_acceptance", "0 to 1",
    )  # fmt: skip
    done_within: DaysIfAny = key(None, "time within which the team's list is promised to be done", "days", ">= 0 days")
    penalty_per_day_late: Money = key(
        fixed(0), "refund for every working day by which the list is later; at most the rest of the bill",
        "currency per working day", ">= 0",
    )  # fmt: skip


class Team(Block):
    """People with one shift and one task list."""

    kind: Literal["in-house", "outsourced"] = key("in-house", "in-house: wages; outsourced: a contract")
    size: Annotated[int, _whole(1, MAX_MEMBERS)] = key(1, "members", "people", f"1 to {MAX_MEMBERS:,}")
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
    training_days: Annotated[int, _whole(0, MAX_TRAINING)] = key(
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
        fixed(0), "of the revenue of sales to leads that the team called or hosted (in-house)",
        "share of revenue", "0 to 1",
    )  # fmt: skip
    hand_off_fee: Money = key(
        fixed(0), "for every acceptance that is handed on to another team, which hosts the demo (in-house)",
        "currency per acceptance", ">= 0",
    )  # fmt: skip
    odds: TeamOdds = key(TeamOdds(), "odds ratios of this team")
    skill: tuple[Odds, ...] = key(
        (), "odds ratio of each member on listened and accepted, lowest seat first", "odds ratio", "one a member"
    )
    pace: tuple[Pace, ...] = key(
        (), "how long each member takes, as a multiple of the minutes, lowest seat first", "factor", "> 0, <= 10"
    )
    contract: Contract = key(Contract(), "prices (outsourced)")


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
    hosts: Annotated[int, _whole(0, MAX_MEMBERS)] = key(1, "members called to it", "people", "0 to the team's size")
    seats: Annotated[int, _whole(1, MAX_LEADS)] = key(MAX_LEADS, "seats in the room", "seats", ">= 1")
    overbooking: Overbooking = key(
        0.0, "bookings beyond the seats, rounded down; the last booked are turned away", "share of seats", "0 to 10"
    )
    notice: Days = key(
        Interval(1, "working days"), "a lead is booked on an event at least that far away", "days", ">= 1 day"
    )
    max_wait: Days | None = key(
        None, "a lead offered no seat within this time is lost (default: waits); counts anew after a move", "days"
    )
    minimum: Annotated[int, _whole(1, MAX_LEADS)] = key(
        1, "with fewer bookings the event is cancelled the night before, its leads are moved (as often as need be)",
        "bookings", ">= 1",
    )  # fmt: skip
    attended: Share = key(..., "of the booked: came", "share of booked", "0 to 1")
    odds_per_day_waited: Odds = key(
        fixed(1), "odds ratio on coming for each calendar day from booking to event, of 90 at most", "odds ratio", "> 0"
    )
    reminder: Reminder = key(Reminder(), "a message to the booked")
    invite_again: Annotated[int, _whole(0, MAX_INVITATIONS)] = key(
        0, "times that a no-show is booked again, on the next event", "invitations", f"0 to {MAX_INVITATIONS}"
    )
    room: Money = key(fixed(0), "room hire for every event held", "currency per event", ">= 0")
    cancellation_fee: Money = key(fixed(0), "for every event cancelled", "currency per event", ">= 0")
    catering_per_head: Money = key(fixed(0), "catering for every comer who gets a seat", "currency per comer", ">= 0")


class Closing(Block):
    """Selling face to face, after the demo."""

    sold_if_interested: Share = key(fixed(0), "of the interested who came: bought", "share", "0 to 1")


class MoneyBlock(Block):
    """What a sale brings and costs."""

    revenue_per_sale: MoneyPerEvent = key(
        constant(0), "revenue of one sale; a distribution is drawn for every sale", "currency", ">= 0"
    )
    unit_cost: Money = key(fixed(0), "cost of what is sold", "currency per sale", ">= 0")


class Scenario(Block):
    """One sales funnel: who is called, by whom, what is offered, what it costs."""

    name: Annotated[str, forms.TITLE] = key("unnamed", "title of tables and pictures")
    description: str = key("", "what the scenario is about")
    start: Day = key(dt.date(2026, 1, 5), "first day; a day off moves it", "date")
    horizon: Days = key(Interval(60, "working days"), "time that is simulated", "days", ">= 1 day")
    intake: Days | None = key(None, "fresh leads are dialled this long only (default: the horizon)", "days")
    working_days: tuple[Weekday, ...] = key((0, 1, 2, 3, 4), "weekdays worked, by default Monday to Friday", "weekdays")
    holidays: tuple[Day, ...] = key((), "days off", "dates")
    currency: Annotated[str, forms.CURRENCY] = key("EUR", "ISO 4217 code of all amounts")
    segments: dict[str, Segment] = key({}, "the leads, by segment")
    calling: Calling | None = key(None, "how the list is dialled")
    teams: dict[str, Team] = key({}, "the people, by team")
    demo: Demo | None = key(None, "the event to which the invitation leads")
    closing: Closing = key(Closing(), "selling face to face")
    money: MoneyBlock = key(MoneyBlock(), "what a sale brings and costs")
