"""A scenario is loaded whole or not at all, and all that is wrong in it is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simfunnel.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from simfunnel.scenario.layers import Layers
    from simfunnel.scenario.schema import Scenario
    from simfunnel.scenario.wording import Complaint

MOST_REPORTED = 100
# What stands for a required key that is absent or wrong, while the rest is judged.
STAND_INS: dict[str, Any] = {
    "teams": [], "answered": 1, "listened": 1, "accepted": 1, "attended": 1, "team": "", "to": "", "share": 1,
    "source": "?", "odds": {}, "waiting": {"source": "?", "odds": {}},
}  # fmt: skip


def load_scenario(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """The scenario of a TOML file, with overrides such as `teams.callers.size=4`; raises ScenarioError."""
    from simfunnel.scenario.reading import UnreadableError, read_text

    try:
        text = read_text(Path(path))
    except UnreadableError as reason:
        raise ScenarioError([Problem(str(path), None, "", f"cannot be read: {reason}")]) from None
    return parse_scenario(text, file=str(path), overrides=overrides)


def parse_scenario(text: str, *, file: str = "<text>", overrides: Sequence[str] = ()) -> Scenario:
    """The scenario of a TOML text; `file` names it in messages, and `extends` is relative to it."""
    from simfunnel.scenario.layers import layered
    from simfunnel.scenario.reading import source

    layers = layered(source(text, file), overrides)
    scenario, complaints = _judged(layers.tree)
    problems = [*_placed(complaints, layers), *layers.problems]
    if problems or scenario is None:
        raise ScenarioError(_at_most(MOST_REPORTED, problems))
    return scenario


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
        keys = tuple(key for key in complaint.path if isinstance(key, str))
        while len(keys) > 1 and shape.shape_at(keys[:-1]) is None:  # a part of a value: the value as a whole
            keys = keys[:-1]
        field = shape.field_at(keys)
        tree = _replaced(tree, keys, STAND_INS[keys[-1]] if field is not None and field.is_required() else None)
    return tree


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
        or any(ground[: len(other.path)] == other.path for ground in grounds)
        for other in refused
    )


def _placed(complaints: Iterable[Complaint], layers: Layers) -> list[Problem]:
    """Each complaint at its file and line, in file order."""
    from simfunnel.scenario.shape import dotted

    placed = []
    for complaint in complaints:
        rank, file, line = layers.place(complaint.path)
        problem = Problem(file, line, dotted(complaint.path), complaint.message, complaint.hint)
        placed.append((rank, line or 0, problem))
    return [problem for _, _, problem in sorted(placed, key=lambda p: p[:2])]


def _at_most(most: int, problems: list[Problem]) -> list[Problem]:
    if len(problems) <= most:
        return problems
    return [*problems[:most], Problem(problems[0].file, None, "", f"has {len(problems) - most} more problems at least")]
