"""Every path of a scenario leads to a block, a family of named blocks, or a value: the schema alone says which."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from simfunnel.scenario.keys import Block
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.values import one_line

BARE = re.compile(r"[A-Za-z0-9_-]+")
OFF = "off"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Named:
    """A table of blocks of one kind, each under a name that the author chooses."""

    block: type[Block]


Shape = type[Block] | Named | None


def _members(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of an annotation, without None."""
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return tuple(m for m in typing.get_args(annotation) if m is not type(None))
    return (annotation,)


def shape_of(annotation: Any) -> Shape:
    """The block or the named blocks that an annotation means; None if it means a value."""
    for member in _members(annotation):
        if isinstance(member, type) and not typing.get_args(member) and issubclass(member, Block):
            return member
        arguments = typing.get_args(member)
        if typing.get_origin(member) is dict and isinstance(shape_of(arguments[1]), type):
            return Named(arguments[1])
    return None


def fields(shape: Shape) -> dict[str, FieldInfo]:
    """The keys of a block, in the schema's order; none of anything else."""
    return {} if shape is None or isinstance(shape, Named) else dict(shape.model_fields)


def below(shape: Shape, key: str | int) -> Shape:
    """What stands under `key` of `shape`."""
    if isinstance(shape, Named):
        return shape.block
    field = fields(shape).get(str(key))
    return None if field is None else shape_of(field.annotation)


def shape_at(path: Path) -> Shape:
    """What stands at `path`, from the top of a scenario."""
    shape: Shape = Scenario
    for key in path:
        shape = below(shape, key)
    return shape


def field_at(path: Path) -> FieldInfo | None:
    """The key of the schema at `path`, if it is one."""
    return fields(shape_at(path[:-1])).get(str(path[-1])) if path else None


def has_alternatives(field: FieldInfo) -> bool:
    """May the key be values of several kinds (a list or a table)?"""
    return len(_members(field.annotation)) > 1


def may_be_off(field: FieldInfo) -> bool:
    """May "off" return the key to its default? Not where it is required, nor where any text is meant."""
    return not field.is_required() and field.annotation is not str


def leaves(shape: Shape = Scenario, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every key that holds a value, with its path; the name of a named block stands as `<team>`."""
    for name, field in fields(shape).items():
        inner = shape_of(field.annotation)
        if inner is None:
            yield (*above, name), field
        elif isinstance(inner, Named):
            yield from leaves(inner.block, (*above, name, f"<{name.removesuffix('s')}>"))
        else:
            yield from leaves(inner, (*above, name))


def dotted(path: Sequence[str | int]) -> str:
    """A path as TOML writes it, items of lists as [0]; always one line."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += ("." if text else "") + (key if BARE.fullmatch(key) else json.dumps(key, ensure_ascii=True))
    return one_line(text, 160)
