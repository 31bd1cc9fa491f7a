"""A scenario is loaded whole or not at all, and all that is wrong in it is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simfunnel.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from simfunnel.scenario.alternatives import Alternative
    from simfunnel.scenario.layers import Layers, Stack
    from simfunnel.scenario.schema import Scenario
    from simfunnel.scenario.wording import Complaint

Placed = tuple[int, int, Problem]
MOST_REPORTED = 100
# What stands for a required key that is absent or wrong, while the rest is judged.
STAND_INS: dict[str, Any] = {
    "teams": [], "answered": 1, "listened": 1, "accepted": 1, "attended": 1, "team": "", "to": "", "share": 1,
    "source": "?", "odds": {}, "waiting": {"source": "?", "odds": {}}, "reached": 1, "sold": 1, "interval": "1 week",
    "every": "1 week", "messages": 1, "channel": "", "window": 1, "cancels": 0, "segment": "", "given": 0,
    "sells_in": 1, "r": 1, "alpha": 1, "a": 1, "b": 1, "spend": 0, "most": 0, "half": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """A file as it is to be run: the base, the alternative chosen (if any), and what alternatives there are.

    `written` is the base without overrides; None if it cannot be used without them. `others` are the alternatives that
    were not chosen, `overridden` the paths of the values that overrides set, `layers` the files as they are laid.
    """

    base: Scenario
    alternative: Alternative | None
    scenario: Scenario
    alternatives: Mapping[str, Alternative]
    written: Scenario | None
    others: tuple[Scenario, ...] = ()
    overridden: tuple[tuple[str, ...], ...] = ()
    layers: Layers | None = None

    @property
    def as_written(self) -> tuple[Scenario, ...]:
        """What the files say besides what was chosen: the base, and the other alternatives."""
        return (*(() if self.written is None else (self.written,)), *self.others)


def load_scenario(path: str | Path, overrides: Sequence[str] = (), alternative: str | None = None) -> Scenario:
    """The scenario of a TOML file, or one of its alternatives; raises ScenarioError.

    Overrides such as `teams.callers.size=4` are laid over it. All alternatives of the file must be right.
    """
    return load(path, overrides, alternative).scenario


def load(path: str | Path, overrides: Sequence[str] = (), alternative: str | None = None) -> Loaded:
    """What `load_scenario` loads, with the base beside it; raises ScenarioError."""
    return _loaded(_text(path), str(path), overrides, alternative)


def opened(path: str | Path) -> Stack:
    """A TOML file and all that it extends, to be laid out again and again, see `laid`; raises ScenarioError."""
    from simfunnel.scenario.layers import stack
    from simfunnel.scenario.reading import source

    return stack(source(_text(path), str(path)))


def laid(files: Stack, overrides: Sequence[str] = (), alternative: str | None = None) -> Scenario:
    """One scenario of files that are open, and nothing else of them is judged; raises ScenarioError."""
    from simfunnel.scenario.layers import layered

    layers = layered(files, overrides, alternative)
    scenario, complaints = _judged(layers.tree)
    if complaints or layers.problems or scenario is None:
        raise ScenarioError(_at_most(MOST_REPORTED, [*_in_order(_placed(complaints, layers)), *layers.problems]))
    return scenario


def _text(path: str | Path) -> str:
    from simfunnel.scenario.reading import UnreadableError, read_text

    try:
        return read_text(Path(path))
    except UnreadableError as reason:
        raise ScenarioError([Problem(str(path), None, "", f"cannot be read: {reason}")]) from None


def parse_scenario(
    text: str, *, file: str = "<text>", overrides: Sequence[str] = (), alternative: str | None = None
) -> Scenario:
    """The scenario of a TOML text; `file` names it in messages, and `extends` is relative to it."""
    return _loaded(text, file, overrides, alternative).scenario


def _loaded(text: str, file: str, overrides: Sequence[str], alternative: str | None) -> Loaded:
    from simfunnel.scenario.alternatives import named
    from simfunnel.scenario.layers import layered, stack
    from simfunnel.scenario.reading import source

    files = stack(source(text, file))
    chosen = None if alternative is None else named(alternative, files.alternatives, file)
    layers = layered(files, overrides)
    base, complaints = _judged(layers.tree)
    complaints = [*complaints, *_same_name(base, files.alternatives)]
    as_written = _judged(files.base) if overrides else (base, complaints)
    found = _placed([*complaints, *files.complaints], layers)
    scenario, told = base, layers.problems
    unchosen: list[Scenario] = []
    for name in files.alternatives:
        is_chosen = name == alternative
        above = layered(files, overrides if is_chosen else (), name)
        judged, others = _changed(above, *((base, complaints) if is_chosen else as_written))
        found += _placed(others, above)
        if is_chosen:
            scenario, told = judged, above.problems  # an override may be of what the alternative alone has
            layers = above
        elif judged is not None:
            unchosen.append(judged)
    if found or told or base is None or scenario is None:
        raise ScenarioError(_at_most(MOST_REPORTED, [*_in_order(found), *told]))
    written = None if as_written[1] else as_written[0]
    return Loaded(base, chosen, scenario, files.alternatives, written, tuple(unchosen), layers.values_set, layers)


def _same_name(base: Scenario | None, alternatives: Mapping[str, Alternative]) -> list[Complaint]:
    """What the file itself is called must tell it from its alternatives."""
    from simfunnel.scenario.values import show
    from simfunnel.scenario.wording import Complaint

    if base is None or base.decision.base not in alternatives:
        return []
    found = f"found {show(base.decision.base)}: rename the alternative, or say what the file itself is called"
    return [Complaint(("decision", "base"), f"must be no name of an alternative, {found}")]


def _changed(
    layers: Layers, base: Scenario | None, known: Sequence[Complaint]
) -> tuple[Scenario | None, list[Complaint]]:
    """An alternative, and the complaints about it that are not about its base."""
    from simfunnel.scenario.wording import must_be

    scenario, complaints = _judged(layers.tree)
    if scenario is not None and base is not None and scenario.currency != base.currency:
        complaints = [*complaints, must_be(("currency",), f"that of the base, {base.currency}", scenario.currency)]
    said = {(complaint.path, complaint.message) for complaint in known}
    return scenario, [c for c in complaints if (c.path, c.message) not in said]


def _judged(tree: dict[str, Any]) -> tuple[Scenario | None, list[Complaint]]:
    """The scenario, or whatever can be made of it, and all complaints about it."""
    from simfunnel.scenario import consistency

    scenario, refused = _validated(tree)
    if scenario is None:
        scenario, _ = _validated(_mended(tree, refused))
    if scenario is None:
        return None, refused
    return scenario, refused + [c for c in consistency.complaints(scenario) if not _rests_on(c, refused)]


def _validated(tree: dict[str, Any]) -> tuple[Scenario | None, list[Complaint]]:
    from pydantic import ValidationError

    from simfunnel.scenario.schema import Scenario
    from simfunnel.scenario.wording import explained

    try:
        return Scenario.model_validate(tree), []
    except ValidationError as error:
        return None, explained(error)


def _mended(tree: dict[str, Any], refused: Iterable[Complaint]) -> dict[str, Any]:
    """A copy of the tree with refused keys left out, and stand-ins for those that are required."""
    from simfunnel.scenario import shape

    for complaint in refused:
        keys = _whole(complaint.path)
        field = shape.field_at(keys)
        tree = _replaced(tree, keys, STAND_INS[keys[-1]] if field is not None and field.is_required() else None)
    return tree


def _whole(path: Iterable[str | int]) -> tuple[str, ...]:
    """The path of the value of which `path` is a part, or of the block or value itself."""
    from simfunnel.scenario import shape

    keys = tuple(key for key in path if isinstance(key, str))
    while len(keys) > 1 and shape.shape_at(keys[:-1]) is None:
        keys = keys[:-1]
    return keys


def _replaced(tree: dict[str, Any], keys: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy of the tree with another value at `keys`, or none there."""
    head, *rest = keys
    inner = tree.get(head)
    if rest:
        return {**tree, head: _replaced(inner, rest, value)} if isinstance(inner, dict) else tree
    kept = {key: old for key, old in tree.items() if key != head}
    return kept if value is None else {**kept, head: value}


def _rests_on(complaint: Complaint, refused: Iterable[Complaint]) -> bool:
    """Was it judged by something that is refused already, and so by a stand-in?"""
    grounds = (complaint.path, *complaint.because)
    return any(
        other.path[: len(complaint.path)] == complaint.path
        or other.meant in grounds
        or any(ground[: len(whole)] == whole for ground in grounds)
        for other in refused
        if (whole := _whole(other.path))
    )


def _placed(complaints: Iterable[Complaint], layers: Layers) -> list[Placed]:
    """Each complaint at its rank, line and place."""
    from simfunnel.scenario.shape import dotted

    placed = []
    for complaint in complaints:
        rank, file, line = layers.place(complaint.path)
        hint = complaint.hint or (_of_whole(layers.kept(complaint.path)) if complaint.of_whole else "")
        hint = hint or layers.meant(complaint.path)
        where = (*layers.above, *complaint.path) if rank < len(layers.files) else complaint.path
        placed.append((rank, line or 0, Problem(file, line, dotted(where), complaint.message, hint)))
    return placed


def _in_order(placed: Iterable[Placed]) -> list[Problem]:
    """The problems in file order."""
    return [problem for _, _, problem in sorted(placed, key=lambda p: p[:2])]


def _of_whole(kept: Sequence[str]) -> str:
    """What an override of a part of a table leaves there."""
    from simfunnel.scenario.values import one_line

    if not kept:
        return ""
    names = one_line(", ".join(kept), 100)
    stay = f"{names} stays: set it too" if len(kept) == 1 else f"{names} stay: set them too"
    return f"--set adds to the table of the file, so {stay}"


def _at_most(most: int, problems: list[Problem]) -> list[Problem]:
    if len(problems) <= most:
        return problems
    return [*problems[:most], Problem(problems[0].file, None, "", f"has {len(problems) - most} more problems at least")]
