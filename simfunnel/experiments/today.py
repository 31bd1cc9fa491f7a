"""What a scenario says of a key today is told beside every range of it, as units left out make another question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simfunnel.experiments.axis import MEASURED, Axis
from simfunnel.experiments.policies import Policy
from simfunnel.scenario.layers import assignment, layered
from simfunnel.scenario.loading import laid, opened
from simfunnel.scenario.quantities import Quantity, Variable
from simfunnel.scenario.shape import field_at
from simfunnel.scenario.values import Interval


@dataclass(frozen=True)
class Today:
    """A key as a policy says it: in the unit of the axis (None: not to be told in it), in words, and how it is known.

    `meant` is the range in the unit that the policy writes, if its number lies in the range only so; `is_known` is
    false of a distribution.
    """

    value: float | None
    text: str
    meant: str = ""
    is_known: bool = True


def today(policy: Policy, overrides: tuple[str, ...], axis: Axis) -> Today | None:
    """What a policy that follows an axis says of its key; None where it says nothing."""
    path, _ = assignment(axis.override(axis.low))
    written: Any = layered(opened(policy.file), overrides, policy.alternative).tree
    for name in path:
        written = written.get(name) if isinstance(written, dict) else None
    if written is None or isinstance(written, bool):
        return None
    if isinstance(written, int | float) and not axis.written:
        return Today(float(written), axis.number(written), "")
    found = _at(policy.scenario, path)
    value, is_known = _value(policy, overrides, axis, path), _is_known(found)
    return Today(value, _text(written, value, axis, path), _meant(written, value, axis), is_known)


def doubts(said: Mapping[str, Today], axis: Axis) -> Iterator[str]:
    """Ranges that are surely not meant, as what the scenario says lies outside."""
    told = {each.text: each for each in said.values() if each.value is not None}
    for text, each in told.items():
        assert each.value is not None
        if not axis.low <= each.value <= axis.high:
            hint = f": did you mean {each.meant}?" if each.meant else "."
            between = f"{axis.number(axis.low)} to {axis.told(axis.high)}"
            yield f"{axis.key} is {text} in the scenario, which lies outside of {between}{hint}"


def notes(said: Mapping[str, Today], axis: Axis) -> Iterator[str]:
    """What a range takes the place of, if that is no single value."""
    for text in dict.fromkeys(each.text for each in said.values() if not each.is_known):
        yield f"Each value of {axis.key} replaces {text}, and is taken as known."


def _value(policy: Policy, overrides: tuple[str, ...], axis: Axis, path: tuple[str, ...]) -> float | None:
    """Its place between the ends of the axis, whatever unit either is written in."""
    files = opened(policy.file)
    ends = (laid(files, (*overrides, axis.override(end)), policy.alternative) for end in (axis.low, axis.high))
    low, high, found = (_number(_at(scenario, path)) for scenario in (*ends, policy.scenario))
    if low is None or high is None or found is None or low == high:
        return None
    return float(f"{axis.low + (found - low) / (high - low) * (axis.high - axis.low):.9g}")


def _at(scenario: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        scenario = scenario.get(name) if isinstance(scenario, dict) else getattr(scenario, name, None)
    return scenario


def _number(found: Any) -> float | None:
    if isinstance(found, Variable):
        return found.mean()
    if isinstance(found, Quantity):
        return found.best
    if isinstance(found, Interval):
        return float(found.count) if found.unit == "days" else 7.0 * found.count if found.unit == "weeks" else None
    return float(found) if isinstance(found, int | float) else None


def _is_known(found: Any) -> bool:
    return found.is_fixed if isinstance(found, Quantity | Variable) else True


def _text(written: Any, value: float | None, axis: Axis, path: tuple[str, ...]) -> str:
    """As it is written, and what that is in the unit of the axis if it is written otherwise."""
    found = MEASURED.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is not None and found["unit"].strip() == axis.written:
        return axis.number(float(found["number"].replace("_", "")))
    extra: Any = getattr(field_at(path), "json_schema_extra", None) or {}
    is_share = not axis.unit and str(extra.get("unit", "")).startswith("share")
    same = "" if value is None else f"{100 * value:.3g} %" if is_share else f"{value:.3g} {axis.unit}".rstrip()
    if isinstance(written, dict):
        return f"a distribution with mean {same}" if same else "a distribution"
    return f"{written} ({same})" if same and same != str(written) else str(written)


def _meant(written: Any, value: float | None, axis: Axis) -> str:
    found = MEASURED.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None or value is None or axis.low <= value <= axis.high:
        return ""
    unit, number = found["unit"].strip(), float(found["number"].replace("_", ""))
    if unit == axis.written or not axis.low <= number <= axis.high:
        return ""
    return f"{axis.low:g} {unit}:{axis.high:g} {unit}"
