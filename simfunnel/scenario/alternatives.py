"""An alternative is the base with some keys changed: it has a name, may say in words what it is, and holds no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simfunnel.errors import Problem, ScenarioError
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.shape import BARE, OFF, Shape, below, dotted
from simfunnel.scenario.values import one_line, show
from simfunnel.scenario.wording import Complaint, must_be, nearest

TABLE: Final = "alternatives"
DESCRIPTION: Final = "description"
MOST: Final = 64
LONGEST_NAME: Final = 64
Keys = tuple[str, ...]


@dataclass(frozen=True)
class Alternative:
    """A name, what its author says it is, and the keys that it changes, nested as in a scenario."""

    name: str
    description: str
    changes: Mapping[str, Any]


def alternatives(table: Any) -> tuple[dict[str, Alternative], list[Complaint]]:
    """The alternatives of a table as TOML gave it, and what is wrong with its form."""
    if not isinstance(table, dict):
        return {}, [must_be((TABLE,), f"tables such as [{TABLE}.cheaper]", table)]
    found = {
        name: Alternative(name, str(inner.get(DESCRIPTION, "")), {k: v for k, v in inner.items() if k != DESCRIPTION})
        for name, inner in table.items()
        if isinstance(inner, dict)
    }
    return found, list(_complaints(table))


def _complaints(table: Mapping[str, Any]) -> Iterator[Complaint]:
    if len(table) > MOST:
        yield Complaint((TABLE,), f"must be at most {MOST} tables, found {len(table)}")
    for name, inner in table.items():
        if not BARE.fullmatch(name) or len(name) > LONGEST_NAME:
            required = f"must have a name of 1 to {LONGEST_NAME} letters, digits, _ or -"
            yield Complaint((TABLE, name), f"{required}, found {show(name)}")
        if not isinstance(inner, dict):
            yield must_be((TABLE, name), "a table of the keys that it changes", inner)
        elif not isinstance(inner.get(DESCRIPTION, ""), str):
            yield must_be((TABLE, name, DESCRIPTION), "text", inner[DESCRIPTION])


def named(name: str, known: Mapping[str, Alternative], file: str) -> Alternative:
    """The alternative of that name; raises ScenarioError, which says the names that there are."""
    if name in known:
        return known[name]
    has = f"its alternatives are {one_line(', '.join(known), 200)}" if known else "it has none"
    raise ScenarioError([Problem(file, None, "", f"has no alternative {show(name)}: {has}", nearest(name, known))])


def changed_keys(changes: Mapping[str, Any]) -> Iterator[str]:
    """Each key that the changes of an alternative set, with its value, as the command line would have it."""
    for path, value in changed_paths(changes):
        yield f"{dotted(path)} = {value if value == OFF else show(value)}"


def changed_paths(changes: Mapping[str, Any], form: Shape = Scenario, above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """The path of each key that changes set, and its value."""
    for key, value in changes.items():
        path, inner = (*above, key), below(form, key)
        if isinstance(value, dict) and inner is not None:
            yield from changed_paths(value, inner, path)
        else:
            yield path, value
