"""What the grammar of single values understands is told to editors as well, as JSON Schema (draft 7).

A form accepts nothing that its parser refuses, but for what JSON Schema cannot say: numbers that must fit
together (low <= likely, successes <= trials, the start before the end), dates that do not exist, and 40.0,
which is a whole number there. It is a little narrower where a text may be written in many ways: units and
weekdays are lower case, numbers in texts have no exponent, a spread is no larger than the largest value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simfunnel.scenario.quantities import FAMILIES
from simfunnel.scenario.values import (
    AVERAGE,
    CALENDAR_UNITS,
    CLOCK_UNITS,
    DAY,
    DAYS_IN,
    FACTOR,
    FIXED_SHARE,
    HOUR,
    LAPSE,
    LAPSE_UNITS,
    LONGEST_INTERVAL,
    LONGEST_LAPSE,
    LONGEST_SPAN,
    LONGEST_TITLE,
    LONGEST_WAIT,
    MINUTE,
    MINUTES,
    MONEY,
    MONEY_ABOVE_ZERO,
    NAMED,
    ODDS,
    PACE,
    PATIENCE,
    POSITIVE,
    PRESSURE,
    RATE,
    SHARE,
    SHORTHAND,
    SIGMA,
    SPREAD_OF_LOG_ODDS,
    WAIT_UNITS,
    WEEKDAYS,
    Domain,
)  # fmt: skip

Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Form:
    """The JSON Schema of one form of value, in which other forms may stand.

    A form with a name is defined once and referred to; one without stands wherever it is used.
    """

    schema: Json
    name: str = ""


def _up_to(most: int) -> str:
    """A regular expression of the whole numbers from 0 to `most`."""
    digits = str(most)
    ways = [digits, *([f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else [])]
    for place, digit in enumerate(digits):
        lowest = 1 if place == 0 and len(digits) > 1 else 0
        if int(digit) > lowest:
            ways.append(f"{digits[:place]}[{lowest}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return "(?:" + "|".join(ways) + ")"


def _decimals_up_to(most: int) -> str:
    """A regular expression of the numbers from 0 to `most`, with or without decimals."""
    return rf"(?:{most}(?:\.0+)?|{_up_to(most - 1)}(?:\.[0-9]+)?|\.[0-9]+)"


def _either(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(patterns) + ")"


def _units(units: Mapping[str, Any], meant: object) -> str:
    return _either(unit for unit, meaning in units.items() if meaning == meant)


def text(pattern: str, *, positive: bool = False) -> Json:
    """Text that matches, blanks around it apart; if positive, with a digit other than 0."""
    matching: Json = {"type": "string", "pattern": f"^ *{pattern} *$"}
    return {**matching, "not": {"pattern": "^[^1-9]*$"}} if positive else matching


SHARE_PERCENT: Final = f"{_decimals_up_to(100)} *%"
PERCENT: Final = r"[0-9]{1,9}(?:\.[0-9]+)? *%"
COUNT: Final = "[0-9]{1,3}(?:[,_][0-9]{3}){0,3}"
COUNTS: Final = f"(?:[0-9]{{1,12}}|{COUNT}) +of +(?:[1-9][0-9]{{0,11}}|(?=[1-9]){COUNT})"
TASK_TIME: Final = _either(
    f"{_decimals_up_to(4 * HOUR // size)} *{_units(CLOCK_UNITS, size)}" for size in sorted({*CLOCK_UNITS.values()})
)
WAIT_TIME: Final = _either(
    f"{_decimals_up_to(LONGEST_WAIT // size)} *{_units(WAIT_UNITS, size)}" for size in sorted({*WAIT_UNITS.values()})
)
LAPSE_TIME: Final = _either(
    f"{_decimals_up_to(LONGEST_LAPSE // size)} *{_units(LAPSE_UNITS, size)}" for size in sorted({*LAPSE_UNITS.values()})
)
_HOURS: Final = LONGEST_SPAN // HOUR
SPAN_TEXT: Final = _either(
    [
        f"{_up_to(LONGEST_SPAN // MINUTE)} *{_units(CLOCK_UNITS, MINUTE)}",
        rf"(?:{_HOURS}|{_up_to(_HOURS - 1)}(?:\.(?:0|25|5|75))?) *{_units(CLOCK_UNITS, HOUR)}",
    ]
)
CLOCK: Final = "(?:(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)"
DATE_TEXT: Final = "(?:19[5-9][0-9]|20[0-9]{2}|21[0-4][0-9]|2150)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"


def _intervals() -> str:
    lengths = {unit: int(LONGEST_INTERVAL / days) for unit, days in DAYS_IN.items()}
    return _either(f"{_up_to(most)} *{_units(CALENDAR_UNITS, unit)}" for unit, most in lengths.items())


def whole(low: int, high: int) -> Form:
    """A whole number in [low, high]."""
    return Form({"type": "integer", "minimum": low, "maximum": high})


def ratio(high: int) -> Form:
    """A number in [0, high], or a percentage."""
    return Form(one_of({"type": "number", "minimum": 0, "maximum": high}, text(f"{_decimals_up_to(100 * high)} *%")))


def words(options: Iterable[str]) -> Form:
    """One of a few words."""
    return Form({"enum": list(options)})


def one_of(*schemas: Json | Form) -> Json:
    """Whatever one of the schemas accepts."""
    return {"anyOf": list(schemas)}


def table(inner: Mapping[str, Json | Form]) -> Json:
    """A table that has all of these keys and no others."""
    return {
        "type": "object", "properties": dict(inner), "required": list(inner), "additionalProperties": False,
    }  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """How the plain numbers of a domain are written: bare in `unit`, or as a text."""

    name: str
    domain: Domain
    text: str | None = None
    unit: int = 1

    def plain(self, *, positive: bool = False) -> Form:
        """A number of the domain, known exactly; above zero if positive."""
        positive = positive or self.domain.open_low
        low = "exclusiveMinimum" if positive else "minimum"
        bare: Json = {"type": "number", low: int(self.domain.low), "maximum": int(self.domain.high) // self.unit}
        if self.text is None:
            return Form(bare)
        return Form(one_of(bare, text(self.text, positive=positive)), f"{self.name}_plain{'_above_zero' * positive}")

    def quantity(self, *, positive: bool = False) -> Form:
        """What `values.quantity` reads: a number, counts, or a distribution of what the firm does not know."""
        plain, above = self.plain(positive=positive), self.plain(positive=True)
        name = f"{self.name}{'_above_zero' * (positive and not self.domain.open_low)}"
        counts = [text(COUNTS)] if self.domain.is_share else []
        tables = Form(one_of(*_distributions(self.domain, plain, above, SPREAD.plain())), f"{name}_distribution")
        return Form(one_of(*_ways(plain), *counts, tables), name)

    def variable(self) -> Form:
        """What `values.variable` reads: the same, where each parameter of a distribution may be uncertain."""
        plain, above = self.quantity(), self.quantity(positive=True)
        tables = _distributions(self.domain, plain, above, SPREAD.quantity())
        name = f"{self.name}_each"
        counts = [text(COUNTS)] if self.domain.is_share else []
        return Form(one_of(*_ways(self.plain()), *counts, Form(one_of(*tables), f"{name}_distribution")), name)


def _ways(form: Form) -> list[Json]:
    """The alternatives of a form."""
    ways: list[Json] = form.schema.get("anyOf", [form.schema])
    return ways


def _distributions(domain: Domain, plain: Form, above: Form, spread: Form) -> list[Json]:
    """The tables of the families that fit the domain, in short and by name."""
    named: dict[str, list[Json]] = {name: [] for name in NAMED}
    for family in FAMILIES.values():
        name = family.name.removesuffix("_sigma")
        if name == "discrete":
            named[name] = [{"type": "array", "items": plain, "minItems": 1, "maxItems": 32}]
        elif name in named and _fits(family.name, domain):
            inner = above if family.requirement(*np.zeros(len(family.parameters))) else plain
            named[name].append(table({p: spread if p in family.unscaled else inner for p in family.parameters}))
    moments = [table({"mean": above, "sd": above})] if domain.is_share or _fits("gamma", domain) else []
    short = [table(dict.fromkeys(FAMILIES[name].parameters, plain)) for name in SHORTHAND.values()]
    return [*short, *moments, *(table({name: _any_of(ways)}) for name, ways in named.items() if ways)]


def _any_of(ways: list[Json]) -> Json:
    return ways[0] if len(ways) == 1 else one_of(*ways)


def _fits(family: str, domain: Domain) -> bool:
    """A family must stay inside the bounds: shares below 1, pressure above it; the beta fits shares only."""
    low, high = FAMILIES[family].support(*np.ones(len(FAMILIES[family].parameters)))
    if not domain.is_share:
        return family != "beta" and low >= domain.low
    return bool(high <= 1)


NOTHING: Final = Form({"not": {}})
SPREAD: Final = Numbers("spread", SIGMA)
SHARES: Final = Numbers("share", SHARE, SHARE_PERCENT)
FIXED_SHARES: Final = Numbers("fixed_share", FIXED_SHARE, SHARE_PERCENT)
FACTORS: Final = Numbers("factor", FACTOR, PERCENT)
ODDS_RATIOS: Final = Numbers("odds_ratio", ODDS)
PRESSURES: Final = Numbers("odds_ratio_from_1", PRESSURE)
SPREADS: Final = Numbers("log_odds_spread", SPREAD_OF_LOG_ODDS)
PACES: Final = Numbers("pace", PACE)
AMOUNTS: Final = Numbers("amount", MONEY)
AMOUNTS_ABOVE_ZERO: Final = Numbers("amount_spent", MONEY_ABOVE_ZERO)
TIMES: Final = Numbers("minutes", MINUTES, TASK_TIME, unit=MINUTE)

WAITS: Final = Numbers("patience", PATIENCE, WAIT_TIME, unit=MINUTE)
LAPSES: Final = Numbers("lapse", LAPSE, LAPSE_TIME)
RATES: Final = Numbers("rate", RATE)
AVERAGES: Final = Numbers("average", AVERAGE)
POSITIVES: Final = Numbers("positive", POSITIVE)

INTERVAL: Final = Form(text(_intervals(), positive=True), "interval")
INTERVAL_IF_ANY: Final = Form(one_of(INTERVAL, {"const": "0 days"}))
SPAN: Final = Form(text(SPAN_TEXT), "span")
TIME_OF_DAY: Final = Form(text(CLOCK), "time_of_day")
HOURS: Final = Form(text(f"{CLOCK} *- *{CLOCK}"), "hours")
DATE: Final = Form(text(DATE_TEXT), "date")
WEEKDAY: Final = Form(
    one_of({"enum": list(WEEKDAYS)}, text(_either(name[:3] for name in WEEKDAYS))), "weekday"
)  # fmt: skip
HOUR_OF_DAY: Final = Form({"type": "string", "pattern": "^(?:1?[0-9]|2[0-3])$"})
MINUTES_WAITED: Final = Form(
    text(
        _either(
            f"{_up_to(LONGEST_WAIT // size)} *{_units(WAIT_UNITS, size)}" for size in (MINUTE, HOUR, DAY)
        ),
        positive=True,
    )
)  # fmt: skip
RANGE: Final = Form({"type": "string", "pattern": "^[^:]*[^: ][^:]*:[^:]*[^: ][^:]*$"})
KEY_PATH: Final = Form({"type": "string", "pattern": r"^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$"})
SOURCE: Final = Form({"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE})
CURRENCY: Final = Form({"type": "string", "pattern": "^[A-Z]{3}$"})
TITLE: Final = Form({"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE})
