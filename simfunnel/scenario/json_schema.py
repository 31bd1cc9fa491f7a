"""An editor knows every key that the loader knows: the JSON Schema of a scenario is read off the models.

Draft 7, which taplo and the plug-ins made from it understand. A file that extends another need not repeat
what is required; a file that does not must have it, though the loader would also take it from `--set`.
TOML's own dates are text to taplo, so a date may be written with or without quotation marks; times of day
must have them ("15:00").
"""

from __future__ import annotations

import tomllib
import types
import typing
from collections.abc import Mapping
from typing import Any, Final

from pydantic.fields import FieldInfo

from simfunnel.scenario.alternatives import DESCRIPTION, LONGEST_NAME, MOST, TABLE
from simfunnel.scenario.consistency import MOST_NAMED
from simfunnel.scenario.forms import Form, Json, one_of, words
from simfunnel.scenario.keys import Block, Parsed
from simfunnel.scenario.pursuit import Channel
from simfunnel.scenario.pursuit_consistency import MOST_CHANNELS
from simfunnel.scenario.reference import ALTERNATIVES, NONE, row
from simfunnel.scenario.schema import Scenario
from simfunnel.scenario.shape import BARE, OFF, Named, fields, may_be_off, shape_of

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
# What is asked of a text is not asked of a table, and so the other way round: no `anyOf` that blurs what is wrong.
TABLE_OR_OFF: Final[Json] = {"type": ["object", "string"], "pattern": f"^{OFF}$"}
MOST_TABLES: Final[Mapping[type[Block], int]] = {Channel: MOST_CHANNELS}
"""Tables of a kind, where fewer are allowed than of the others."""
EXTENDS: Final[Json] = {
    "type": "string",
    "minLength": 1,
    "description": 'path of the scenario that this one changes, such as "base.toml", from the folder of this file',
}


def json_schema() -> Json:
    """The JSON Schema of a scenario file."""
    definitions: dict[str, Json] = {}
    body: Json = rendered(_block(Scenario), definitions)
    body["properties"] = {"extends": EXTENDS, **body["properties"], TABLE: _alternatives(body)}
    return {
        "$schema": DRAFT,
        "title": "simfunnel scenario",
        **body,
        "if": {"not": {"required": ["extends"]}},
        "then": _required(Scenario),
        "definitions": dict(sorted(definitions.items())),
    }


def _alternatives(body: Json) -> Json:
    """Tables of changed keys under names of the author's choice, of which none is required."""
    described = {"type": "string", "description": "what the alternative is"}
    changes = {"properties": {**body["properties"], DESCRIPTION: described}, "additionalProperties": False}
    names = {"pattern": f"^{BARE.pattern}$", "maxLength": LONGEST_NAME}
    said = {"description": ALTERNATIVES.description, "propertyNames": names, "maxProperties": MOST}
    return {**TABLE_OR_OFF, **said, "additionalProperties": {**TABLE_OR_OFF, **changes}}


def rendered(node: Any, definitions: dict[str, Json]) -> Any:
    """A copy of `node` in which named forms are references; what they refer to is put into `definitions`."""
    if isinstance(node, Form):
        if not node.name:
            return rendered(node.schema, definitions)
        if node.name not in definitions:
            definitions[node.name] = {}
            definitions[node.name] = rendered(node.schema, definitions)
        return {"$ref": f"#/definitions/{node.name}"}
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), Form):
            return {**node, **rendered(node["$ref"], definitions)}
        return {key: rendered(inner, definitions) for key, inner in node.items()}
    return [rendered(inner, definitions) for inner in node] if isinstance(node, list) else node


def _block(block: type[Block], *, may_be_off: bool = False) -> Json:
    """The keys of a block."""
    return {
        **(TABLE_OR_OFF if may_be_off else {"type": "object"}),
        "description": block.__doc__,
        "properties": {name: _key(name, field) for name, field in fields(block).items()},
        "additionalProperties": False,
    }


def _key(name: str, field: FieldInfo) -> Json:
    """What may stand behind a key, and what its author should know of it."""
    said = row((name,), field)
    notes = "; ".join(note for note in (said.unit, said.bounds) if note)
    known: Json = {"description": f"{said.description} ({notes})" if notes else said.description}
    if not field.is_required() and shape_of(field.annotation) is None and said.default != NONE:
        known["default"] = _as_json(said.default)
    form = _form(field.annotation, tuple(field.metadata))
    shape = shape_of(field.annotation)
    if isinstance(shape, type):
        return known | {"$ref": _named_block(shape, may_be_off=may_be_off(field))}
    if may_be_off(field):
        return _explained({"anyOf": [form, {"const": OFF}]} if shape is None else _or_off(form), known)
    return _explained(form.schema if isinstance(form, Form) else form, known)


def _or_off(table: Json | Form) -> Json:
    """A table of named blocks that may be switched off as a whole."""
    return {**(table.schema if isinstance(table, Form) else table), **TABLE_OR_OFF}


def _named_block(block: type[Block], *, may_be_off: bool) -> Form:
    return Form(_block(block, may_be_off=may_be_off), block.__name__)


def _explained(schema: Json, known: Json) -> Json:
    """The schema of a key with what is known of it, where taplo finds it: it shows the first alternative's words.

    (`allOf` is nowhere in the schema: taplo 0.9's language server overflows its stack on completing it.)
    """
    first, *others = _ways(schema)
    explained = {"anyOf": [{"description": known["description"], **first}, *others]} if others else {}
    return known | schema | explained


def _ways(schema: Json | Form) -> list[Any]:
    """The alternatives of a schema, the first of which is no form any more."""
    if isinstance(schema, Form):
        return _ways(schema.schema)
    if "anyOf" not in schema:
        return [schema]
    first, *others = schema["anyOf"]
    return [*_ways(first), *others]


def _as_json(toml: str) -> Any:
    """A default as a scenario writes it, as JSON has it: dates are text."""
    value = tomllib.loads(f"value = {toml}")["value"]
    return value if isinstance(value, bool | int | float | str | list | dict) else str(value)


def _form(annotation: Any, metadata: tuple[Any, ...] = ()) -> Json | Form:
    """The form of value that an annotation means; raises TypeError for one that editors cannot be told of."""
    for mark in metadata:
        if isinstance(mark, Form | Parsed):
            return mark if isinstance(mark, Form) else mark.form
    arguments, origin = typing.get_args(annotation), typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _form(arguments[0], arguments[1:])
    if origin in (types.UnionType, typing.Union):
        forms = [_form(argument) for argument in arguments if argument is not type(None)]
        return forms[0] if len(forms) == 1 else one_of(*forms)
    if origin is typing.Literal:
        return words(arguments)
    if origin is tuple and arguments[1:] == (...,):
        return {"type": "array", "items": _form(arguments[0])}
    if origin is dict:
        return _named(shape_of(annotation), *arguments)
    return _plain(annotation)


def _named(shape: Any, name: Any, annotation: Any) -> Json:
    """A table with names of the author's choice, or of a form of their own."""
    names: Json | Form = {"pattern": f"^{BARE.pattern}$", "maxLength": MOST_NAMED}
    if name is not str:
        names = _form(name)
    most = {"maxProperties": MOST_TABLES.get(shape.block, MOST_NAMED)} if isinstance(shape, Named) else {}
    return {"type": "object", "propertyNames": names, **most, "additionalProperties": _form(annotation)}


def _plain(annotation: Any) -> Json | Form:
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return _named_block(annotation, may_be_off=True)
    if annotation is bool or annotation is str:
        return {"type": "boolean" if annotation is bool else "string"}
    raise TypeError(f"{annotation} has no form in JSON Schema: give it one in scenario/schema.py")


def _required(block: type[Block]) -> Json:
    """The keys that must be there, in this block and those below it."""
    required = [name for name, field in fields(block).items() if field.is_required()]
    below = {name: inner for name, field in fields(block).items() if (inner := _required_below(field.annotation))}
    return {**({"required": required} if required else {}), **({"properties": below} if below else {})}


def _required_below(annotation: Any) -> Json:
    shape = shape_of(annotation)
    if isinstance(shape, Named):
        inner = _required(shape.block)
        return {"additionalProperties": inner} if inner else {}
    return {} if shape is None else _required(shape)
