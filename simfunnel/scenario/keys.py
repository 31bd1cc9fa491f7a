"""What may stand behind a key: each kind of value is a parser of the grammar with the form that it understands."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from simfunnel.scenario import forms, times, values
from simfunnel.scenario.forms import NOTHING, Form, Numbers
from simfunnel.scenario.quantities import Quantity, Variable
from simfunnel.scenario.values import Hours, Interval

MAX_LEADS = 50_000_000
MAX_ATTEMPTS = 60
MAX_MEMBERS = 10_000
MAX_INVITATIONS = 60
MAX_TRAINING = 260
MAX_TOUCHES = 4_000
MAX_REFERRED = 1_000_000
METHODS = ("choice", "stock", "pros_and_cons", "inventory", "yes_chain", "complement", "offer")


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


def whole(low: int, high: int) -> Parsed:
    """A whole number in [low, high]."""

    def parse(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < low:
            raise values.refuse(f"a whole number >= {low}", raw)
        if raw > high:
            raise values.refuse(f"a whole number <= {high}", raw)
        return raw

    return parsed(parse, forms.whole(low, high))


def once(parse: Callable[[Any], Any]) -> BeforeValidator:
    """A table in which no key means what another one means already, as "1 h" and "60 min" do."""

    def meaning(name: Any) -> Any:
        with contextlib.suppress(ValueError):  # which is said of the key itself
            return parse(name)
        return name

    def validate(raw: Any) -> Any:
        seen: dict[Any, Any] = {}
        for name in raw if isinstance(raw, dict) else ():
            if (first := seen.setdefault(meaning(name), name)) != name:
                text = f"must name each once, found {values.show(first)} and {values.show(name)}"
                raise PydanticCustomError("value", "{text}", {"text": text})
        return raw

    return BeforeValidator(validate)


Share = Annotated[Quantity, _quantity(forms.SHARES)]
ShareEach = Annotated[Variable, _variable(forms.SHARES)]
FixedShare = Annotated[Quantity, parsed(lambda raw: values.exact(raw, values.FIXED_SHARE), forms.FIXED_SHARES.plain())]
Factor = Annotated[Quantity, _quantity(forms.FACTORS)]
Pressure = Annotated[Quantity, _quantity(forms.PRESSURES)]
Spread = Annotated[Quantity, _quantity(forms.SPREADS)]
Odds = Annotated[Quantity, _quantity(forms.ODDS_RATIOS)]
Pace = Annotated[Quantity, _quantity(forms.PACES)]
Money = Annotated[Quantity, _quantity(forms.AMOUNTS)]
MoneyAboveZero = Annotated[Quantity, _quantity(forms.AMOUNTS_ABOVE_ZERO)]
MoneyPerEvent = Annotated[Variable, _variable(forms.AMOUNTS)]
FixedMinutes = Annotated[Quantity, _quantity(forms.TIMES)]
Minutes = Annotated[Variable, _variable(forms.TIMES)]
Days = Annotated[Interval, parsed(times.interval, forms.INTERVAL)]
DaysIfAny = Annotated[Interval | None, parsed(_interval_if_any, forms.INTERVAL_IF_ANY)]
Patience = Annotated[Variable, _variable(forms.WAITS)]
Lapse = Annotated[Variable, _variable(forms.LAPSES)]
FixedLapse = Annotated[Quantity, _quantity(forms.LAPSES)]
Average = Annotated[Quantity, _quantity(forms.AVERAGES)]
Positive = Annotated[Quantity, _quantity(forms.POSITIVES)]
Rate = Annotated[Quantity, _quantity(forms.RATES)]
MinutesWaited = Annotated[int, parsed(times.minutes_waited, forms.MINUTES_WAITED)]
WholeMinutes = Annotated[int, parsed(times.span_minutes, forms.SPAN)]
TimeOfDay = Annotated[int, parsed(times.time_of_day, forms.TIME_OF_DAY)]
PartOfDay = Annotated[Hours, parsed(times.hours, forms.HOURS)]
Weekday = Annotated[int, parsed(times.weekday, forms.WEEKDAY)]
HourOfDay = Annotated[int, parsed(times.hour_of_day, forms.HOUR_OF_DAY)]
Day = Annotated[dt.date, parsed(times.date, forms.DATE)]
Overbooking = Annotated[float, parsed(values.overbooking, forms.ratio(10))]
ByWeekday = Annotated[dict[Weekday, Rate], once(times.weekday)]
ByMinutesWaited = Annotated[dict[MinutesWaited, Odds], once(times.minutes_waited)]
MethodName = Annotated[str, parsed(values.word(METHODS), forms.words(METHODS))]


def key(default: Any, description: str, unit: str = "", bounds: str = "") -> Any:
    """A documented key; `...` as default makes it required."""
    return Field(default, description=description, json_schema_extra={"unit": unit, "bounds": bounds})


class Block(BaseModel):
    """A frozen block of a scenario; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
