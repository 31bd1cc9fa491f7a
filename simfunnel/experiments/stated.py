"""What a run assumes is every key that its scenario states: what it is, how much, and how well that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simfunnel.experiments.estimating import Summary
from simfunnel.scenario.layers import Layers
from simfunnel.scenario.quantities import FAMILIES, Quantity, Variable
from simfunnel.scenario.reference import in_scenario_language
from simfunnel.scenario.sayings import about, said
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import HOUR, MINUTE, WEEKDAYS

UNTOLD: Final = ("name", "description", "decision", "diagnostics")
"""Blocks and keys that say nothing about the world."""
KNOWN, UNSURE, VARIES = "known", "uncertain", "varies"
CODED: Final = ("weekday", "time of day", "whole minutes")
"""Units of whole numbers that stand for something else."""
CELLS: Final[dict[str, Callable[[Any], str]]] = {
    "by_hour": lambda hour: f"{hour}:00", "arrivals_by_weekday": lambda day: WEEKDAYS[day],
    "odds": lambda minutes: f"after {minutes} min",
}  # fmt: skip
"""What the cells of tables are called that have numbers for names."""
EACH_TAIL: Final = 0.05
UNKNOWN_TAIL: Final = 0.025


def inputs(scenario: Scenario, layers: Layers | None = None) -> Summary:
    """What the scenario is `about`, in its file's own words, and `stated`, each with the file's `note` beside it.

    Without `layers` the words are empty.
    """
    found = stated(scenario)
    notes = ["" if layers is None else said(layers, each["key"].split(".")) for each in found]
    text = "" if layers is None else about(layers.files[0].text)
    return {"about": text, "stated": [{**each, "note": note} for each, note in zip(found, notes, strict=True)]}


def stated(scenario: Scenario) -> list[Summary]:
    """The keys that a scenario states, in the order of the schema.

    Each has its `key`, its `meaning`, its `value` in words, and `certainty`: "known"; "uncertain", with the 95 %
    range within which a world draws it; or "varies", drawn anew for every event, with the range of nine in ten of
    these. The `range` is empty where there is none.
    """
    names = [name for name in _set(scenario) if name not in UNTOLD]
    return [found for name in names for found in _below((name,), scenario, name, scenario)]


def _set(block: BaseModel) -> list[str]:
    """The keys of a block that are stated, in the order of the schema."""
    return [name for name in type(block).model_fields if name in block.model_fields_set]


def _below(path: tuple[str, ...], block: BaseModel, name: str, scenario: Scenario) -> Iterator[Summary]:
    value: Any = getattr(block, name)
    if isinstance(value, BaseModel):
        for inner in _set(value):
            yield from _below((*path, inner), value, inner, scenario)
    elif isinstance(value, dict) and any(isinstance(each, BaseModel) for each in value.values()):
        for named, inner_block in value.items():
            for inner in _set(inner_block):
                yield from _below((*path, named, inner), inner_block, inner, scenario)
    else:
        field = type(block).model_fields[name]
        told = _told(name, value, field, scenario.currency)
        yield {"key": ".".join(path), "meaning": field.description or "", **told}


def _told(name: str, value: Any, field: FieldInfo, currency: str) -> dict[str, str]:
    extra: Any = field.json_schema_extra or {}
    unit = str(extra.get("unit", "")).replace("currency", currency)
    inner = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, tuple) else []
    if isinstance(value, Quantity | Variable):
        return _number(value, unit)
    if inner and all(isinstance(each, Quantity) for each in inner):
        cells = [f"{CELLS.get(name, str)(cell)}: " for cell in value] if isinstance(value, dict) else [""] * len(inner)
        found = [_number(each, unit) for each in inner]
        text = ", ".join(f"{cell}{each['value']}" for cell, each in zip(cells, found, strict=True))
        ranges = "; ".join(f"{cell}{each['range']}" for cell, each in zip(cells, found, strict=True) if each["range"])
        return {"value": text, "certainty": UNSURE if ranges else KNOWN, "range": ranges}
    if isinstance(value, int) and not isinstance(value, bool) and unit not in CODED:
        return {"value": _measure(value, unit), "certainty": KNOWN, "range": ""}
    text = in_scenario_language(value, str(extra.get("unit", ""))) if value != {} else "none"
    return {"value": text.strip('[]"').replace('", "', ", "), "certainty": KNOWN, "range": ""}


def _number(value: Quantity | Variable, unit: str) -> dict[str, str]:
    if isinstance(value, Variable) and value.is_constant:
        value = value.parameters[0]
    if isinstance(value, Quantity):
        if value.is_fixed:
            return {"value": _measure(value.best, unit), "certainty": KNOWN, "range": ""}
        ends = value.quantile(np.array([UNKNOWN_TAIL, 1 - UNKNOWN_TAIL])).tolist()
        return {"value": _best(value, unit), "certainty": UNSURE, "range": _ends(ends, unit)}
    best = [parameter.best for parameter in value.parameters]
    ends = FAMILIES[value.family].quantile(np.array([EACH_TAIL, 1 - EACH_TAIL]), *best).tolist()
    return {"value": f"{_measure(value.mean(), unit)} on average", "certainty": VARIES, "range": _ends(ends, unit)}


def _best(value: Quantity, unit: str) -> str:
    if value.family != "counts":
        return f"about {_measure(value.best, unit)}"
    successes, trials = value.parameters
    return f"{successes:,.0f} of {trials:,.0f} ({_measure(value.best, unit)})"


def _ends(ends: list[float], unit: str) -> str:
    return " to ".join(_measure(end, unit) for end in ends)


def _measure(value: float, unit: str) -> str:
    """A number with its unit."""
    if unit == "minutes":
        return _time(value)
    if unit.startswith("share"):
        return f"{100 * value:.3g} %"
    if value == 1:
        unit = {"people": "person", "dials": "dial", "leads": "lead", "names": "name", "days": "day"}.get(unit, unit)
    return f"{_digits(value)} {unit}".strip().removesuffix(" factor").removesuffix(" odds ratio")


def _time(value: float) -> str:
    """Milliseconds as seconds, minutes or hours."""
    if value < MINUTE:
        return f"{value / MINUTE * 60:.3g} s"
    return f"{value / MINUTE:.3g} min" if value < 2 * HOUR else f"{value / HOUR:.3g} h"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.3g}"
