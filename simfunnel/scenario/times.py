"""The grammar of times: of the day, between days, and days themselves."""

from __future__ import annotations

import contextlib
import datetime as dt
import re

from simfunnel.scenario.values import (
    CALENDAR_UNITS,
    DAYS_IN,
    LONGEST_INTERVAL,
    LONGEST_SPAN,
    LONGEST_WAIT,
    MEASURE,
    MINUTE,
    WAIT_UNITS,
    WEEKDAYS,
    Hours,
    Interval,
    clock_milliseconds,
    refuse,
)

_WHOLE = re.compile(r"[0-9]{1,6}")
_FRACTION = re.compile(r"[0-9]*\.[0-9]+")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")


def interval(raw: object) -> Interval:
    """A time between days, such as "2 working days" or "1 week"; at most 100 years."""
    required = 'a time between days such as "2 working days", "10 days", "1 week" or "1 month"'
    match = MEASURE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    unit = CALENDAR_UNITS.get(" ".join(match["unit"].lower().split())) if match else None
    if match is not None and unit is not None and _FRACTION.fullmatch(match["number"]):
        raise refuse(f'a whole number of {unit} such as "{Interval(2, unit)}"', raw)
    if match is None or unit is None or not _WHOLE.fullmatch(match["number"]):
        raise refuse(required, raw)
    count = int(match["number"])
    if not 1 <= count * DAYS_IN[unit] <= LONGEST_INTERVAL:
        raise refuse(f"{required}, >= 1 and at most 100 years", raw)
    return Interval(count, unit)


def date(raw: object) -> dt.date:
    """A day of the calendar between 1950 and 2150: a TOML date, or text such as "2026-01-12"."""
    required = "a date such as 2026-01-12, from 1950 to 2150"
    if isinstance(raw, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", raw.strip()):
        with contextlib.suppress(ValueError):
            raw = dt.date.fromisoformat(raw.strip())
    if not isinstance(raw, dt.date) or isinstance(raw, dt.datetime) or not 1950 <= raw.year <= 2150:
        raise refuse(required, raw)
    return raw


def span_minutes(raw: object) -> int:
    """A whole number of minutes up to half a day, such as "30 min" or "2 h"."""
    required = 'a time in whole minutes up to 12 hours, such as "30 min" or "2 h"'
    ms = clock_milliseconds(raw, required, bare=None)
    if ms % MINUTE or not 0 <= ms <= LONGEST_SPAN:
        raise refuse(required, raw)
    return int(ms // MINUTE)


def minutes_waited(raw: object) -> int:
    """A TOML key that says from how many whole minutes on something holds, such as "5 min" or "1 day"."""
    required = 'whole minutes from 1 min to 30 days, such as "5 min", "2 h" or "1 day"'
    ms = raw * MINUTE if type(raw) is int else clock_milliseconds(raw, required, bare=None, units=WAIT_UNITS)
    if ms % MINUTE or not MINUTE <= ms <= LONGEST_WAIT:
        raise refuse(required, raw)
    return int(ms // MINUTE)


def time_of_day(raw: object) -> int:
    """A time of day in minutes since midnight, such as "15:00"."""
    if isinstance(raw, dt.time) and not raw.second and not raw.microsecond:
        return raw.hour * 60 + raw.minute
    match = _CLOCK.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None or (minutes := int(match[1]) * 60 + int(match[2])) > 24 * 60:
        raise refuse('a time of day such as "15:00"', raw)
    return minutes


def hours(raw: object) -> Hours:
    """Part of a day, such as "09:00-17:00"."""
    required = 'hours of a day such as "09:00-17:00", the end after the start'
    parts = raw.split("-") if isinstance(raw, str) else []
    if len(parts) != 2 or not all(_CLOCK.fullmatch(part.strip()) for part in parts):
        raise refuse(required, raw)
    start, end = (60 * int(hour) + int(minute) for hour, minute in (part.split(":") for part in parts))
    if not start < end <= 24 * 60:
        raise refuse(required, raw)
    return Hours(start, end)


def over_midnight(raw: object) -> tuple[str, str] | None:
    """The parts before and after midnight of hours that end on the next day, such as "22:00-06:00"; None of others."""
    parts = raw.split("-") if isinstance(raw, str) else []
    clocks = [match for part in parts if (match := _CLOCK.fullmatch(part.strip()))]
    if len(parts) != 2 or len(clocks) != 2:
        return None
    start, end = (60 * int(clock[1]) + int(clock[2]) for clock in clocks)
    if not (end < start < 24 * 60 or start < 24 * 60 < end):
        return None
    return f"{_as_clock(start)}-24:00", f"00:00-{_as_clock(end % (24 * 60))}" if end % (24 * 60) else ""


def _as_clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def weekday(raw: object) -> int:
    """A day of the week, Monday 0, from its English name or the name's first three letters."""
    if isinstance(raw, str):
        name = raw.strip().lower()
        for index, full in enumerate(WEEKDAYS):
            if name in (full, full[:3]):
                return index
    raise refuse(f"one of {', '.join(WEEKDAYS)}", raw)


def hour_of_day(raw: object) -> int:
    """An hour of the day, 0 to 23: a TOML key such as 9 or 14, and not 09, so that no hour has two keys."""
    for hour in range(24):
        if raw == str(hour) or (raw == hour and type(raw) is int):
            return hour
    raise refuse("an hour of the day from 0 to 23", raw)
