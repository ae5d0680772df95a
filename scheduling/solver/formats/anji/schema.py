"""The document's JSON Schema, from the same classes that read it."""

from datetime import date
from inspect import getdoc

from scheduling.solver.formats.anji.encode import Json, encoded
from scheduling.solver.formats.anji.shape import (
    RULE_KINDS,
    Hint,
    choices,
    columns,
    fields_of,
    is_rule,
    items,
    optional,
)
from scheduling.solver.instance import Instance

Schema = dict[str, Json]
_SCALARS: dict[Hint, Schema] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
}


def anji_schema() -> Schema:
    """Return the JSON Schema (2020-12) of version 1 of the house's own form."""
    schema = _object(Instance)
    properties: Schema = {
        "format": {"const": "anji"},
        "version": {"const": 1},
        **_mapping(schema["properties"]),
    }
    required = ["format", "version", *_names(schema["required"])]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "anji",
        **schema,
        "properties": properties,
        "required": [*required],
    }


def _schema(hint: Hint) -> Schema:
    inner = optional(hint)
    if inner is not None:
        return {"anyOf": [_schema(inner), {"type": "null"}]}
    if items(hint) is not None:
        return {"type": "array", "items": _schema(items(hint))}
    if columns(hint):
        fixed = [_schema(one) for one in columns(hint)]
        return {"type": "array", "prefixItems": [*fixed], "items": False}
    if is_rule(hint):
        return {"oneOf": [_rule(kind) for kind in RULE_KINDS]}
    if choices(hint):
        return {"enum": [*choices(hint)]}
    return dict(_SCALARS[hint]) if hint in _SCALARS else _object(hint)


def _rule(kind: str) -> Schema:
    schema = _object(RULE_KINDS[kind])
    properties: Schema = {"kind": {"const": kind}, **_mapping(schema["properties"])}
    required = ["kind", *_names(schema["required"])]
    return {**schema, "properties": properties, "required": [*required]}


def _object(kind: type) -> Schema:
    properties: Schema = {}
    for one in fields_of(kind):
        schema = _schema(one.hint)
        if not one.is_needed:
            schema["default"] = encoded(one.default)
        properties[one.name] = schema
    return {
        "type": "object",
        "description": getdoc(kind) or "",
        "properties": properties,
        "required": [one.name for one in fields_of(kind) if one.is_needed],
        "additionalProperties": False,
    }


def _mapping(value: Json) -> Schema:
    return value if isinstance(value, dict) else {}


def _names(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
