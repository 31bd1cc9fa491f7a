"""A numeric key from one value to another is an axis: its values are written as an author would write them."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic.fields import FieldInfo

from simfunnel.errors import Problem, RequestError, ScenarioError
from simfunnel.experiments.crossing import NEAR, Line
from simfunnel.experiments.policies import Policy
from simfunnel.scenario.decision import Range, value_range
from simfunnel.scenario.layers import COMMAND_LINE, assignment
from simfunnel.scenario.loading import laid, opened
from simfunnel.scenario.shape import dotted, field_at
from simfunnel.scenario.values import Interval, show

OPTION: Final = "--vary"
MEASURED: Final = re.compile(r"(?P<number>[+-]?[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>%|[A-Za-z ]*)")
_DASHED: Final = re.compile(r"(?P<low>[0-9][0-9.]*[^-–:]*)[-–](?P<high>\s*[0-9][0-9.]*[^-–:]*)")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:[,' ][0-9]{3})+(?:\s*[%A-Za-z ]+)?")
_SEPARATOR: Final = re.compile(r"(?<=[0-9])[,' ](?=[0-9]{3})")
CENTS: Final = 2
ENOUGH: Final = 4
"""Digits that a value is shown with, where equal ratios count."""


@dataclass(frozen=True)
class Axis(Line):
    """The values of a key. `written` is the unit behind its numbers ("%", "days", none), `unit` that told."""

    key: str = ""
    written: str = ""
    unit: str = ""
    is_money: bool = False

    def override(self, value: float) -> str:
        """The key set to a value, as the command line has it."""
        number = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
        return f"{self.key}={number} {self.written}".rstrip()

    def number(self, value: float) -> str:
        """A value as it is read, without its unit."""
        if self.whole:
            return f"{value:,.0f}"
        if self.is_geometric and not (self.is_money and value < 1000):
            return f"{float(f'{value:.{ENOUGH}g}'):,}".removesuffix(".0")
        return f"{value:,.{CENTS if self.is_geometric else self.decimals}f}"

    @property
    def decimals(self) -> int:
        """Those with which values that are not near each other look different; money has none or two."""
        step, decimals = NEAR * (self.high - self.low), 0
        while step < 0.999 and decimals < 9:
            step, decimals = 10 * step, decimals + 1
        return CENTS if self.is_money and decimals else decimals

    def told(self, value: float) -> str:
        """A value as it is read, with its unit."""
        unit = self.unit.removesuffix("s") if value == 1 else self.unit
        return f"{self.number(value)} {unit}".rstrip()


def axis(text: str, currency: str) -> Axis:
    """The axis that `teams.callers.wage_per_hour=12:20` means; raises RequestError."""
    return along(*key_and_range(text), currency)


def key_and_range(text: str) -> tuple[str, Range]:
    """The two parts of `teams.callers.wage_per_hour=12:20`; raises RequestError."""
    key, equals, raw = text.rpartition("=")
    try:
        if not equals:
            raise ValueError(f"must read key=low:high, such as teams.callers.wage_per_hour=12:20, found {show(text)}")
        return key.strip(), value_range(raw)
    except ValueError as error:
        raise RequestError(f"{OPTION} {error}{_dashed(raw)}") from None


def _dashed(raw: str) -> str:
    """A hint at the range that `10-50` is meant to be."""
    found = _DASHED.fullmatch(raw.strip())
    return f" (did you mean {found['low'].strip()}:{found['high'].strip()}?)" if found else ""


def _grouped(between: Range) -> str:
    """A hint at thousands that are set apart: a number is written without."""
    ends = [_SEPARATOR.sub("", end) if _GROUPED.fullmatch(end.strip()) else end for end in (between.low, between.high)]
    return "" if ends == [between.low, between.high] else f" (no thousands separators: write {':'.join(ends)})"


def along(key: str, between: Range, currency: str, where: str = OPTION) -> Axis:
    """A key and its range, which were asked for at `where`; raises RequestError."""
    try:
        return _along(key, between, currency)
    except ValueError as error:
        raise RequestError(f"{where} {error}") from None


def _along(key: str, between: Range, currency: str) -> Axis:
    path, _ = assignment(f"{key}=0")
    low, high = (MEASURED.fullmatch(end.strip()) for end in (between.low, between.high))
    if low is None or high is None or low["unit"].strip().rstrip("s") not in ("", high["unit"].strip().rstrip("s")):
        raise ValueError(
            "must be two numbers such as 300:12000, 20 %:50 % or 10 days:30 days, "
            f"found {show(str(between))}{_grouped(between)}"
        )
    start, end = (float(found["number"].replace("_", "")) for found in (low, high))
    if not start < end:
        turned = f" (did you mean {between.high}:{between.low}?)" if end < start else ""
        raise ValueError(f"must be a range from a lower to a higher value, found {show(str(between))}{turned}")
    field, written = field_at(path), high["unit"].strip()
    unit = written or _unit(field)
    told = unit.replace("currency", currency)
    return Axis(start, end, _is_whole(field), key=dotted(path), written=written, unit=told, is_money=told != unit)


def _is_whole(field: FieldInfo | None) -> bool:
    """Does the key take whole numbers only, of things or of days?"""
    annotation: Any = None if field is None else field.annotation
    union = isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union
    members = typing.get_args(annotation) if union else (annotation,)
    return any(member in (int, Interval) for member in members)


def _unit(field: FieldInfo | None) -> str:
    """What the numbers of a key are told in; none of a share or an odds ratio."""
    extra: Any = (field.json_schema_extra if field is not None else None) or {}
    unit = str(extra.get("unit", ""))
    return "" if unit.startswith(("share", "odds", "log-odds", "factor")) else unit


def followers(policies: Sequence[Policy], overrides: Sequence[str], along_: Axis) -> tuple[int, ...]:
    """The places of the policies that have the key; raises ScenarioError, with all that is wrong at either end.

    A policy has no such key if it lacks the block or the team that the key is of, or if it does not say it, and
    refuses any value of it that another policy takes.
    """
    path, _ = assignment(along_.override(along_.low))
    there = [place for place, policy in enumerate(policies) if _has(policy.scenario, path)] or range(len(policies))
    refused = {place: _refusals(policies[place], overrides, along_) for place in there}
    willing = [place for place in there if not any(refused[place])]
    foreign = [p for p in there if willing and all(refused[p]) and not _says(policies[p].scenario, path)]
    problems = [problem for place in there if place not in foreign for end in refused[place] for problem in end]
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return tuple(place for place in there if place not in foreign)


def _refusals(policy: Policy, overrides: Sequence[str], along_: Axis) -> tuple[list[Problem], ...]:
    """What is wrong with a policy at either end."""
    files = opened(policy.file)
    found: list[list[Problem]] = []
    for end in (along_.low, along_.high):
        try:
            laid(files, (*overrides, along_.override(end)), policy.alternative)
            found.append([])
        except ScenarioError as error:
            found.append([_of_option(problem, along_.key) for problem in error.problems])
    return tuple(found)


def _of_option(problem: Problem, key: str) -> Problem:
    """A problem of the key is one of the option that gave it, not of --set."""
    if problem.file != COMMAND_LINE or not (key.startswith(problem.path) or problem.path.startswith(key)):
        return problem
    return replace(problem, file=OPTION, message=problem.message.replace(f"as {COMMAND_LINE} ", f"as {OPTION} "))


def _has(scenario: Any, path: Sequence[str]) -> bool:
    """Is the block there that a key is of?"""
    at = scenario
    for name in path[:-1]:
        if isinstance(at, dict):
            if name not in at:
                return not hasattr(next(iter(at.values()), None), "model_fields_set")
            at = at[name]
        elif not hasattr(at, name):
            return True  # no key of the schema: to be refused by name
        else:
            at = getattr(at, name)
        if at is None:
            return False
    return True


def _says(scenario: Any, path: Sequence[str]) -> bool:
    """Does the policy set the key itself?"""
    at = scenario
    for name in path:
        if isinstance(at, dict):
            if name not in at:
                return True
        elif name not in getattr(at, "model_fields_set", (name,)):
            return False
        at = at[name] if isinstance(at, dict) else getattr(at, name, None)
    return True
