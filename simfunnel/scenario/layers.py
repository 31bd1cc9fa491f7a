"""A scenario is written in layers: a base, what extends it, an alternative, the command line; the upper layer wins.

Tables that are blocks merge key by key; a value is replaced whole, even if it is written as a table. "off" takes a
key or a block away that need not be there.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simfunnel.errors import Problem, ScenarioError
from simfunnel.scenario import shape
from simfunnel.scenario.alternatives import TABLE, Alternative, alternatives
from simfunnel.scenario.location import DEEPEST
from simfunnel.scenario.reading import Source, UnreadableError, read_text, source
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import show
from simfunnel.scenario.wording import Complaint, nearest

LONGEST_CHAIN = 16
COMMAND_LINE = "--set"
BEGINNINGS = ("{", "[", '"', "'")  # of TOML's tables, lists and texts
POINT_FIRST = re.compile(r"(?<![0-9\w])[.][0-9]")  # which no number of TOML may have
Tree = dict[str, Any]


@dataclass(frozen=True)
class Layers:
    """The sources of a scenario, the uppermost first, and what they set together.

    `above` is the path of the alternative's table, empty for the base.
    """

    files: tuple[Source, ...]
    overridden: frozenset[tuple[str, ...]]
    tree: Tree
    problems: tuple[Problem, ...] = ()
    above: tuple[str, ...] = ()

    def place(self, path: shape.Path) -> tuple[int, str, int | None]:
        """Rank, file and line of a path: where it is set last, else where the block stands that lacks it."""
        keys = tuple(key for key in path if isinstance(key, str))
        for depth in range(len(keys), -1 if self.above else 0, -1):
            if keys[:depth] in self.overridden:
                return len(self.files), COMMAND_LINE, None
            for rank, file in enumerate(self.files):
                if (whole := (*self.above, *keys[:depth])) in file.lines:
                    return rank, file.file, file.lines[whole]
            if any(path[:depth] == keys[:depth] for path in self.overridden):  # a table that no file has
                return len(self.files), COMMAND_LINE, None
        return 0, self.files[0].file, None

    def _at(self, path: shape.Path) -> Any:
        """What is set at a path."""
        value: Any = self.tree
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    @property
    def values_set(self) -> tuple[tuple[str, ...], ...]:
        """The paths of the values that overrides set, or of blocks that they switch off."""
        blocks = {p for p in self.overridden if isinstance(self._at(p), dict) and shape.shape_at(p) is not None}
        values = self.overridden - blocks
        return tuple(sorted(p for p in values if not any(p[:depth] in values for depth in range(len(p)))))

    def meant(self, path: shape.Path) -> str:
        """A hint at the named block that was to be switched off, if none of this name is there."""
        if self._at(path) != shape.OFF or not isinstance(shape.shape_at(path[:-1]), shape.Named):
            return ""
        return nearest(path[-1], [name for name, block in self._at(path[:-1]).items() if block != shape.OFF])

    def kept(self, path: shape.Path) -> tuple[str, ...]:
        """The names in a table of which an override set some, but not these."""
        table = self._at(path)
        names = tuple(table) if isinstance(table, dict) else ()
        added = {over[len(path)] for over in self.overridden if over[: len(path)] == path and len(over) > len(path)}
        return tuple(name for name in names if name not in added) if added else ()


def merged(base: Mapping[str, Any], upper: Mapping[str, Any], form: shape.Shape = Scenario) -> Tree:
    """`base` with the keys of `upper` laid over it; what `upper` switches off is gone."""
    result = dict(base)
    for key, value in upper.items():
        if _takes_away(value, key, base, form):
            result.pop(key, None)
            continue
        laid = _laid_over(result.get(key), value, shape.below(form, key))
        if laid or not value or key in result:  # a table that only switches off makes no block
            result[key] = laid
    return result


def _takes_away(value: Any, key: str, base: Mapping[str, Any], form: shape.Shape) -> bool:
    """Is it an "off" of something that need not be there? (One of a team that is nowhere is a misspelling.)"""
    if value != shape.OFF:
        return False
    field = shape.fields(form).get(key)
    return shape.may_be_off(field) if field is not None else isinstance(form, shape.Named) and key in base


def _laid_over(old: Any, new: Any, form: shape.Shape) -> Any:
    if form is None or not isinstance(new, dict):
        return new
    return merged(old if isinstance(old, dict) else {}, new, form)


def gathered(base: Mapping[str, Any], upper: Mapping[str, Any], form: shape.Shape) -> Tree:
    """The changes of two layers as one: as `merged`, but what is switched off stays so for the layers below."""
    result = dict(base)
    for key, value in upper.items():
        old, inner = result.get(key), shape.below(form, key)
        blocks = inner is not None and isinstance(old, dict) and isinstance(value, dict)
        result[key] = gathered(result[key], value, inner) if blocks else value
    return result


def chain(top: Source) -> tuple[Source, ...]:
    """A source and all that it extends, the uppermost first."""
    sources, seen = [top], [_identity(Path(top.file))]
    while "extends" in sources[-1].tree:
        current = sources[-1]
        path = _base_path(current)
        if _identity(path) in seen:
            names = " → ".join([*(s.file for s in sources), str(path)])
            raise _refused(current, f"must not lead back to a file of its own chain, found {names}")
        if len(sources) >= LONGEST_CHAIN:
            raise _refused(current, f"must not chain more than {LONGEST_CHAIN} files")
        sources.append(_opened(path, current))
        seen.append(_identity(path))
    return tuple(sources)


def _identity(path: Path) -> str:
    return os.path.realpath(path) if "\0" not in str(path) else str(path)


def _base_path(current: Source) -> Path:
    name = current.tree["extends"]
    if not isinstance(name, str) or not name:
        raise _refused(current, f'must be the path of a scenario file such as "base.toml", found {show(name)}')
    return Path(current.file).parent / name


def _opened(path: Path, current: Source) -> Source:
    try:
        return source(read_text(path), str(path))
    except UnreadableError as reason:
        found = show(current.tree["extends"])
        raise _refused(current, f"must be a readable scenario file, found {found}: {reason}") from None


def _refused(current: Source, message: str) -> ScenarioError:
    return ScenarioError([Problem(current.file, current.lines.get(("extends",)), "extends", message)])


def assignment(text: str) -> tuple[tuple[str, ...], Any]:
    """The path and the value of `teams.callers.size=4`; a bare word that is not TOML is text. Raises ValueError."""
    key, equals, raw = text.partition("=")
    path = _key_path(key) if equals else ()
    if not path:
        raise ValueError(f"must read key=value, such as teams.callers.size=4, found {show(text)}")
    if path == ("extends",) or path[0] == TABLE:
        raise ValueError(f"must stand in a file, not on the command line, found {show(text)}")
    return path, _value(raw.strip(), path)


def _key_path(key: str) -> tuple[str, ...]:
    """The path that a dotted TOML key means; empty if it is not one, or deeper than any scenario."""
    if key.count(".") > 4 * DEEPEST or "\n" in key:
        return ()
    try:
        table: Any = tomllib.loads(f"{key} = 0")
    except (ValueError, RecursionError):
        return ()
    path: list[str] = []
    while isinstance(table, dict) and len(table) == 1:
        name, table = next(iter(table.items()))
        path.append(name)
    return tuple(path) if table == 0 and len(path) <= DEEPEST else ()


def _value(raw: str, path: tuple[str, ...]) -> Any:
    try:
        table = tomllib.loads(f"value = {raw}")
    except (ValueError, RecursionError):
        if raw.startswith(BEGINNINGS):
            guess = "write 0.5 for .5" if POINT_FIRST.search(raw) else "is its end missing?"
            raise ValueError(
                f"{shape.dotted(path)} must have a value that parses as TOML, as it begins with {raw[0]}: {guess} "
                f"found {show(raw)}"
            ) from None
        return raw
    return table["value"] if len(table) == 1 else raw


def assigned(tree: Mapping[str, Any], path: Sequence[str], value: Any, form: shape.Shape = Scenario) -> Tree:
    """`tree` with one key set; tables on the way are made, a block is merged into the one there."""
    head, *rest = path
    old, inner = tree.get(head), shape.below(form, head)
    if not rest:
        return merged(tree, {head: value}, form)
    below = assigned(old if isinstance(old, dict) else {}, rest, value, inner)
    return {**tree, head: below} if below or head in tree else dict(tree)


@dataclass(frozen=True)
class Stack:
    """What the files of a chain say, the uppermost first: the base, its alternatives, what is wrong with their form."""

    files: tuple[Source, ...]
    base: Tree
    alternatives: Mapping[str, Alternative]
    complaints: tuple[Complaint, ...]


def stack(top: Source) -> Stack:
    """The files that a source stands on, laid over each other; raises ScenarioError."""
    files = chain(top)
    tree: Tree = {}
    changes: Any = {}
    for file in reversed(files):
        tree = merged(tree, {key: value for key, value in file.tree.items() if key not in ("extends", TABLE)})
        changes = _changed(changes, file.tree.get(TABLE, {}))
    found, complaints = alternatives(changes)
    return Stack(files, tree, found, tuple(complaints))


def _changed(known: Any, own: Any) -> Any:
    """The alternatives of the lower files with those of a file; the file may switch off some of them, or all."""
    if own == shape.OFF or not isinstance(known, dict) or not isinstance(own, dict):
        return {} if own == shape.OFF else own
    gone = {name for name, changes in own.items() if changes == shape.OFF and name in known}
    both = gathered(known, own, shape.Named(Scenario))
    return {name: changes for name, changes in both.items() if name not in gone}


def layered(stack: Stack, overrides: Sequence[str], alternative: str | None = None) -> Layers:
    """Everything the files, an alternative and the overrides set together.

    An override that is no assignment, or is of a team or segment that is nowhere, becomes one of
    `problems`, so that the rest can still be judged.
    """
    tree = stack.base if alternative is None else merged(stack.base, stack.alternatives[alternative].changes)
    paths, problems = [], []
    for text in overrides:
        try:
            path, value = assignment(text)
        except ValueError as error:
            problems.append(Problem(COMMAND_LINE, None, "", str(error)))
            continue
        if unknown := _misplaced(path, tree) or _unknown(path, tree):
            problems.append(unknown)
            continue
        paths += _set_by(path, value)
        tree = assigned(tree, path, value)
    above = () if alternative is None else (TABLE, alternative)
    return Layers(stack.files, frozenset(paths), tree, tuple(problems), above)


def _misplaced(path: tuple[str, ...], tree: Tree) -> Problem | None:
    """What is wrong with a key that begins with the name of a team or segment, and not with its table."""
    if path[0] in shape.fields(Scenario):
        return None
    homes = [table for table in ("teams", "segments") if path[0] in _named(tree, table)]
    homes.sort(key=lambda table: shape.field_at((table, *path)) is None)
    if not homes:
        return None
    meant = f"did you mean `{shape.dotted((homes[0], *path))}`?"
    return Problem(COMMAND_LINE, None, shape.dotted(path), "is not a known key", meant)


def _named(tree: Tree, table: str) -> Tree:
    named = tree.get(table)
    return named if isinstance(named, dict) else {}


def _unknown(path: tuple[str, ...], tree: Tree) -> Problem | None:
    """What is wrong with a key of a team or segment that is nowhere: mostly, its name is misspelt."""
    if len(path) < 3 or not isinstance(shape.below(Scenario, path[0]), shape.Named):
        return None
    table, name, *_ = path
    known = tree.get(table, {})
    if not isinstance(known, dict) or name in known:
        return None
    whole = shape.dotted((table, name))
    message = f"must exist, as {COMMAND_LINE} changes keys of {table} that are there; a new one is set whole: "
    return Problem(COMMAND_LINE, None, whole, f"{message}{whole}={{ ... }}", nearest(name, known))


def _set_by(path: tuple[str, ...], value: Any) -> list[tuple[str, ...]]:
    """The paths that an override sets: its own, and those inside a table that it gives."""
    inner = value.items() if isinstance(value, dict) and len(path) < DEEPEST else ()
    return [path, *(deeper for key, v in inner for deeper in _set_by((*path, key), v))]
