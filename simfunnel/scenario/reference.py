"""The reference of the scenario language is read off the schema, so it cannot lag behind it."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic.fields import FieldInfo

from simfunnel.scenario.keys import MAX_LEADS, MAX_TOUCHES, FixedShare, Parsed
from simfunnel.scenario.quantities import Quantity, Variable
from simfunnel.scenario.shape import leaves
from simfunnel.scenario.values import MINUTE, WEEKDAYS, Hours, Interval

REQUIRED = "required"
NONE = "none"
NO_LIMIT = "no limit"
KNOWN = typing.get_args(FixedShare)[1].form


@dataclass(frozen=True)
class Row:
    """One key: its path (names as `<team>`), meaning, unit, bounds, and its default as a scenario writes it.

    `default` is "required" where there is none, "none" where the key is simply absent, and "no limit" where
    it is the most that is possible. `uncertain`
    is "no", "world" (counts and distributions of what is not known) or "event" (drawn every time).
    """

    path: str
    description: str
    unit: str
    bounds: str
    default: str
    uncertain: str


ALTERNATIVES: Final = Row(
    "alternatives", "tables of keys changed against this scenario, by name; in each a `description`, if you like",
    "tables", "at most 64", NONE, "no",
)  # fmt: skip
EXTENDS: Final = Row("extends", "scenario to build on; its path is seen from this file", "path", "", NONE, "no")


def reference() -> list[Row]:
    """Every key of the scenario language, in the schema's order; around them what is no part of a scenario."""
    return [EXTENDS, *(_limitless(row(path, field)) for path, field in leaves()), ALTERNATIVES]


def _limitless(told: Row) -> Row:
    return replace(told, default=NO_LIMIT) if told.default in (str(MAX_LEADS), str(MAX_TOUCHES)) else told


def row(path: tuple[str, ...], field: FieldInfo) -> Row:
    """What is to be known of one key."""
    extra: Any = field.json_schema_extra or {}
    unit = str(extra.get("unit", ""))
    default = REQUIRED if field.is_required() else in_scenario_language(field.default, unit)
    name = ".".join(path)
    return Row(name, field.description or "", unit, _bounds(field, extra), default, _uncertain(field))


def _bounds(field: FieldInfo, extra: dict[str, Any]) -> str:
    """The stated bounds; for a key that is one of a few words, these."""
    if field.annotation is bool:
        return "true or false"
    words = [word for member in _inside(field.annotation) for word in _words(member)]
    return str(extra.get("bounds") or ", ".join(f'"{word}"' for word in words))


def _words(annotation: Any) -> tuple[Any, ...]:
    return typing.get_args(annotation) if typing.get_origin(annotation) is typing.Literal else ()


def _inside(annotation: Any) -> Iterable[Any]:
    return (annotation, *typing.get_args(annotation))


def _uncertain(field: FieldInfo) -> str:
    kinds = set(_kinds(field.annotation, tuple(field.metadata)))
    return "event" if Variable in kinds else "world" if Quantity in kinds else "no"


def _kinds(annotation: Any, marks: tuple[Any, ...] = ()) -> Iterator[Any]:
    """Every kind of number in an annotation that need not be known."""
    if any(isinstance(mark, Parsed) and mark.form is KNOWN for mark in marks):
        return
    arguments = typing.get_args(annotation)
    if annotation in (Quantity, Variable):
        yield annotation
    elif typing.get_origin(annotation) is typing.Annotated:
        yield from _kinds(arguments[0], arguments[1:])
    else:
        for inner in arguments:
            yield from _kinds(inner)


def in_scenario_language(value: Any, unit: str) -> str:
    """A default as it would be written into a scenario file; `unit` is its key's."""
    if value is None:
        return NONE
    if isinstance(value, Variable):
        return in_scenario_language(value.parameters[0], unit)
    if isinstance(value, Quantity):
        return f"{value.best / (MINUTE if unit == 'minutes' else 1):g}"
    if isinstance(value, tuple):
        return "[" + ", ".join(in_scenario_language(item, unit.removesuffix("s")) for item in value) + "]"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return _whole(value, unit)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if isinstance(value, dt.date) else f'"{_text(value)}"'


def _whole(value: int, unit: str) -> str:
    if unit == "weekday":
        return f'"{WEEKDAYS[value]}"'
    if unit == "time of day":
        return f'"{_clock(value)}"'
    return f'"{value} min"' if unit == "whole minutes" else str(value)


def _text(value: str | Interval | Hours) -> str:
    return f"{_clock(value.start)}-{_clock(value.end)}" if isinstance(value, Hours) else str(value)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def reference_markdown() -> str:
    """The reference as a Markdown table; † marks keys that take counts or distributions, ‡ those drawn every time."""
    marks = {"no": "", "world": " †", "event": " ‡"}
    lines = ["| key | what it says | unit | bounds | default |", "|---|---|---|---|---|"]
    for row in reference():
        cells = (f"`{row.path}`{marks[row.uncertain]}", row.description, row.unit, row.bounds, f"`{row.default}`")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
