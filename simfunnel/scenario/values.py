"""The grammar of single values: what may stand behind a key, and how it is said when it may not.

Every parser takes what TOML gave (a number, text, list, table, date) and returns a frozen value, or
raises ValueError("must be ..., found ..."), which names what is required and what was found.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simfunnel.scenario.quantities import FAMILIES, Quantity, Variable, fixed

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LARGEST = 1e12
LONGEST_SPAN = 12 * HOUR
LONGEST_INTERVAL = 36_600  # days
LONGEST_WAIT = 30 * DAY
LONGEST_LAPSE = 36_500  # days
LONGEST_TITLE = 200
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CLOCK_UNITS = {
    "ms": 1, "s": 1000, "sec": 1000, "second": 1000, "seconds": 1000,
    "min": MINUTE, "minute": MINUTE, "minutes": MINUTE, "h": HOUR, "hour": HOUR, "hours": HOUR,
}  # fmt: skip
WAIT_UNITS = {**CLOCK_UNITS, "day": DAY, "days": DAY}  # of 24 hours, nights and days off included
LAPSE_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}  # in days
CALENDAR_UNITS = {
    "working day": "working days", "working days": "working days", "day": "days", "days": "days",
    "week": "weeks", "weeks": "weeks", "month": "months", "months": "months", "year": "years", "years": "years",
}  # fmt: skip

_NUMBER = re.compile(r"[+-]?([0-9]+(_[0-9]+)*(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COUNTS = re.compile(r"([0-9]+(?:[_,][0-9]+)*)\s+of\s+([0-9]+(?:[_,][0-9]+)*)")
MEASURE = re.compile(r"(?P<number>[+-]?[0-9._]+(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>[a-zA-Z][a-zA-Z ]*)")
DAYS_IN = {"working days": 1, "days": 1, "weeks": 7, "months": 30.5, "years": 366}


@dataclass(frozen=True)
class Interval:
    """A time between days: `count` working days, days, weeks, months or years."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"


@dataclass(frozen=True)
class Hours:
    """Part of a day, [start, end) in whole minutes since midnight."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start


def one_line(text: str, length: int = 60) -> str:
    """`text` on one printable line of at most `length` characters, whatever it held."""
    text = " ".join(text[: 4 * length].split())
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text if len(text) <= length else text[: length - 3] + "..."


def show(found: object, depth: int = 3) -> str:
    """What was found, as its author would recognise it, cut to one short line."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        return one_line(f'"{found}"')
    if isinstance(found, Mapping):
        return one_line(_show_table(found, depth))
    if isinstance(found, list):
        short = len(found) <= 4 and depth > 0
        return one_line("[" + ", ".join(show(v, depth - 1) for v in found) + "]") if short else "a list"
    if isinstance(found, int) and found.bit_length() > 200:
        return f"a number of about {round(found.bit_length() * math.log10(2))} digits"
    return one_line(str(found))


def _show_table(table: Mapping[str, object], depth: int) -> str:
    if len(table) > 4 or depth == 0:
        return "a table"
    if not table:
        return "{}"
    return "{ " + ", ".join(f"{one_line(k)} = {show(v, depth - 1)}" for k, v in table.items()) + " }"


def refuse(required: str, found: object) -> ValueError:
    """The one wording of a refusal."""
    return ValueError(f"must be {required}, found {show(found)}")


def number(raw: object, required: str, *, percent: bool = False) -> float:
    """A finite number: an int, a float, or (where a share stands) text such as "35 %"."""
    if isinstance(raw, str) and percent and raw.strip().endswith("%"):
        text = raw.strip()[:-1].strip()
        if _NUMBER.fullmatch(text):
            return number(float(text) / 100, required)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise refuse(required, raw)
    if not -LARGEST <= raw <= LARGEST:
        raise refuse(required, raw)
    return float(raw)


def clock_milliseconds(
    raw: object, required: str, *, bare: int | None, units: Mapping[str, int] = CLOCK_UNITS
) -> float:
    """A duration, in ms unless the units are others: text such as "30 s", or a bare number in the unit `bare`."""
    if isinstance(raw, str):
        match = MEASURE.fullmatch(raw.strip())
        unit = units.get(match["unit"].strip().lower()) if match else None
        if match is not None and unit is not None and _NUMBER.fullmatch(match["number"]):
            return number(float(match["number"]), required) * unit
        raise refuse(required, raw)
    if bare is None:
        raise refuse(required, raw)
    return number(raw, required) * bare


@dataclass(frozen=True)
class Domain:
    """What a quantity may be: how its numbers are read, its bounds, and the words for both."""

    required: str
    read: Callable[[object, str], float]
    low: float
    high: float
    open_low: bool = False
    is_share: bool = False

    def check(self, low: float, high: float, raw: object) -> None:
        """Refuse a support [low, high] that leaves the bounds."""
        if low < self.low or high > self.high or (self.open_low and low <= self.low):
            raise refuse(self.required, raw)


SHARE = Domain(
    'a share between 0 and 1 (such as 0.35, "35 %" or "20 of 1000") or a distribution',
    lambda raw, required: number(raw, required, percent=True), 0.0, 1.0, is_share=True,
)  # fmt: skip
FIXED_SHARE = Domain(
    'a fixed share between 0 and 1 (such as 0.35 or "35 %")',
    lambda raw, required: number(raw, required, percent=True), 0.0, 1.0,
)  # fmt: skip
FACTOR = Domain(
    'a number >= 0 (such as 0.35 or "35 %") or a distribution',
    lambda raw, required: number(raw, required, percent=True), 0.0, LARGEST,
)  # fmt: skip
ODDS = Domain("an odds ratio > 0 or a distribution", number, 0.0, 1e6, open_low=True)
PRESSURE = Domain("an odds ratio >= 1 or a distribution", number, 1.0, 1e6)
SPREAD_OF_LOG_ODDS = Domain("a standard deviation of log-odds between 0 and 5 or a distribution", number, 0.0, 5.0)
PACE = Domain("a factor > 0 and <= 10 or a distribution", number, 0.0, 10.0, open_low=True)
MONEY = Domain("an amount >= 0 in the scenario's currency or a distribution", number, 0.0, 1e9)
MONEY_ABOVE_ZERO = Domain("an amount > 0 in the scenario's currency or a distribution", number, 0.0, 1e9, open_low=True)
MINUTES = Domain(
    'a time between 0 and 4 hours (a number of minutes, or text such as "30 s") or a distribution',
    lambda raw, required: clock_milliseconds(raw, required, bare=MINUTE), 0.0, 4.0 * HOUR,
)  # fmt: skip
PATIENCE = Domain(
    'a time between 0 and 30 days (a number of minutes, or text such as "2 h" or "2 days") or a distribution',
    lambda raw, required: clock_milliseconds(raw, required, bare=MINUTE, units=WAIT_UNITS), 0.0, float(LONGEST_WAIT),
)  # fmt: skip
LAPSE = Domain(
    'a time between 0 and 36,500 days (a number of days, or text such as "6 weeks") or a distribution',
    lambda raw, required: clock_milliseconds(raw, required, bare=1, units=LAPSE_UNITS), 0.0, float(LONGEST_LAPSE),
)  # fmt: skip
RATE = Domain("a number >= 0 and <= 100,000 a working day or a distribution", number, 0.0, 1e5)
AVERAGE = Domain("a number >= 0 and <= 1,000 or a distribution", number, 0.0, 1e3)
POSITIVE = Domain("a number > 0 and <= 1,000,000 or a distribution", number, 0.0, 1e6, open_low=True)
SIGMA = Domain("a log-scale spread > 0 and <= 10", number, 0.0, 10.0, open_low=True)

SHORTHAND = {
    frozenset({"low", "likely", "high"}): "triangular",
    frozenset({"low", "high"}): "uniform",
}
NAMED = ("uniform", "triangular", "exponential", "lognormal", "gamma", "beta", "discrete")


def _family_of(raw: Mapping[str, object], domain: Domain) -> tuple[str, Mapping[str, object]]:
    """The family that a table means, and the table of its parameters."""
    shorthand = SHORTHAND.get(frozenset(raw))
    if shorthand is not None:
        return shorthand, raw
    if set(raw) == {"mean", "sd"}:
        return ("beta" if domain.is_share else "gamma"), raw
    if "beta" in raw and not domain.is_share:
        raise ValueError(f"must be {domain.required}; beta fits shares only, found {show(raw)}")
    if len(raw) == 1:
        name, inner = next(iter(raw.items()))
        if name == "discrete":
            return name, {"values": inner}
        if name in NAMED and isinstance(inner, Mapping):
            if name == "lognormal" and "sigma" in inner:
                name = "lognormal_sigma"
            return name, inner
    raise ValueError(
        f"must be {domain.required}; a distribution is {{ low, likely, high }}, {{ low, high }}, {{ mean, sd }} "
        f"or one of {', '.join(NAMED)}, found {show(raw)}"
    )


def _counts(raw: str, domain: Domain) -> Quantity | None:
    match = _COUNTS.fullmatch(raw.strip())
    if not match or not domain.is_share:
        return None
    successes, trials = (float(text.replace(",", "").replace("_", "")) for text in match.groups())
    if not (successes <= trials and 1 <= trials <= LARGEST):
        raise ValueError(f"must count successes of trials, successes <= trials and trials >= 1, found {show(raw)}")
    return Quantity("counts", (successes, trials))


def _parameters(family: str, table: Mapping[str, object], raw: object) -> list[tuple[str, object]]:
    names = FAMILIES[family].parameters
    if set(table) != set(names):
        other = " (or mean and sigma)" if family == "lognormal" else ""
        plain = family.removesuffix("_sigma")
        raise ValueError(f"must give {' and '.join(names)}{other} for {plain}, found {show(raw)}")
    if family == "discrete":
        values = table["values"]
        if not isinstance(values, list) or not 1 <= len(values) <= 32:
            raise ValueError(f"must give a list of 1 to 32 values for discrete, found {show(raw)}")
        return [("values", value) for value in values]
    return [(name, table[name]) for name in names]


def _plain(raw: object, domain: Domain) -> float:
    value = domain.read(raw, domain.required)
    domain.check(value, value, raw)
    return value


def quantity(raw: object, domain: Domain) -> Quantity:
    """A number, counts, or a distribution of what the firm does not know."""
    if isinstance(raw, str):
        counts = _counts(raw, domain)
        if counts is not None:
            return counts
    if not isinstance(raw, Mapping):
        return fixed(_plain(raw, domain))
    family, table = _family_of(raw, domain)
    unscaled = FAMILIES[family].unscaled
    values = tuple(
        _plain(value, SIGMA) if name in unscaled else domain.read(value, domain.required)
        for name, value in _parameters(family, table, raw)
    )
    _check_family(family, values, domain, raw)
    return Quantity(family, values)


def exact(raw: object, domain: Domain) -> Quantity:
    """A number that is known: neither counts nor a distribution."""
    return fixed(_plain(raw, domain))


def variable(raw: object, domain: Domain) -> Variable:
    """A number that differs from event to event; a parameter may be uncertain in its turn."""
    if not isinstance(raw, Mapping):
        return Variable("fixed", (quantity(raw, domain),))
    family, table = _family_of(raw, domain)
    unscaled = FAMILIES[family].unscaled
    parameters = tuple(
        quantity(value, SIGMA if name in unscaled else domain) for name, value in _parameters(family, table, raw)
    )
    _check_family(family, tuple(p.best for p in parameters), domain, raw)
    _check_extremes(family, parameters, raw)
    return Variable(family, parameters)


def _check_family(family: str, values: tuple[float, ...], domain: Domain, raw: object) -> None:
    wrong = FAMILIES[family].requirement(*values)
    if wrong:
        raise ValueError(f"{wrong}, found {show(raw)}")
    best = FAMILIES[family].best(*values)
    domain.check(best, best, raw)
    low, high = FAMILIES[family].support(*values)
    unbounded = math.isinf(high) and not domain.is_share
    domain.check(low if not (domain.open_low and unbounded) else 1.0, domain.high if unbounded else high, raw)


def _check_extremes(family: str, parameters: tuple[Quantity, ...], raw: object) -> None:
    """Uncertain parameters must fit together in every world: the ends of their ranges may not cross."""
    if family == "beta":
        mean, sd = parameters
        _check_moments(mean, sd, raw)
        return
    if family not in ("uniform", "triangular"):
        bounded = ("uniform", "triangular", "discrete")
        if family != "discrete" and any(p.family in bounded and p.support[0] <= 0 for p in parameters):
            raise ValueError(f"must have parameters > 0 in every world, found {show(raw)}")
        return
    for lower, upper in itertools.pairwise(parameters):
        if (not lower.is_fixed or not upper.is_fixed) and lower.support[1] > upper.support[0]:
            raise ValueError(f"must keep low <= likely <= high in every world, found {show(raw)}")


def _check_moments(mean: Quantity, sd: Quantity, raw: object) -> None:
    """A spread that is possible at the means of the worlds: it is least at their ends."""
    if any(FAMILIES["beta"].requirement(at, spread) for at in mean.support for spread in sd.support):
        raise ValueError(f"must have 0 < mean < 1 and 1e-6 <= sd < sqrt(mean * (1 - mean)) in every world, found "
                         f"{show(raw)}")  # fmt: skip


def word(options: tuple[str, ...]) -> Callable[[object], str]:
    """A parser of one of a few words."""

    def parse(raw: object) -> str:
        if raw not in options:
            raise refuse(f"one of {', '.join(options)}", raw)
        return str(raw)

    return parse


def overbooking(raw: object) -> float:
    """Bookings beyond the seats, as a share of them: a number from 0 to 10, or text such as "20 %"."""
    required = 'a share of the seats from 0 to 10, such as 0.2 or "20 %"'
    value = number(raw, required, percent=True)
    if not 0 <= value <= 10:
        raise refuse(required, raw)
    return round(value, 12)  # "0.7 %" is 0.007, and 7 of 1,000 seats
