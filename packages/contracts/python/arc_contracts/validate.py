from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from .formats import is_date_time, is_uuid
from .pointer import below

Direction = Literal["publish", "receive"]
"""
- `publish`: properties that the schema does not know are refused
- `receive`: they are ignored, so that a publisher may be a version ahead
"""


@dataclass(frozen=True)
class Violation:
    """Where data breaks a schema, and which keyword. The message names no value, since that may be personal."""

    path: str
    rule: str
    message: str


def first_violation(
    schema: Mapping[str, Any], value: object, direction: Direction, path: str = ""
) -> Violation | None:
    """Where a value first breaks a schema; None if it keeps it."""
    match schema["type"], value:
        case "object", dict():
            return _object(schema, value, direction, path)
        case "array", list() | tuple():
            return _list(schema, value, direction, path)
        case "string", str():
            return _text(schema, value, path)
        case "boolean", bool():
            return None
        case ("integer" | "number"), bool():
            return Violation(path, "type", f"it is not {_WORDS[schema['type']]}")
        case "integer", int() if abs(value) <= _LARGEST:
            return _number(schema, value, path)
        case "number", int() | float() if math.isfinite(value):
            return _number(schema, value, path)
        case kind, _:
            return Violation(path, "type", f"it is not {_WORDS[kind]}")


_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}

# Whole numbers are within 53 bits, so that every language reads the same.
_LARGEST = 2**53 - 1


def _object(
    schema: Mapping[str, Any], value: dict[str, Any], direction: Direction, path: str
) -> Violation | None:
    for name in schema["required"]:
        if name not in value:
            return Violation(below(path, name), "required", "it is required")
    others = schema["additionalProperties"]
    for name, inner in value.items():
        known = schema["properties"].get(name, others)
        if known is True:
            continue
        if known is False:
            if direction == "receive":
                continue
            return Violation(below(path, name), "additionalProperties", "the contract does not know it")
        found = first_violation(known, inner, direction, below(path, name))
        if found is not None:
            return found
    return None


def _list(
    schema: Mapping[str, Any],
    value: list[Any] | tuple[Any, ...],
    direction: Direction,
    path: str,
) -> Violation | None:
    if len(value) < schema.get("minItems", 0):
        return Violation(path, "minItems", f"it has less than {schema['minItems']} items")
    if len(value) > schema.get("maxItems", math.inf):
        return Violation(path, "maxItems", f"it has more than {schema['maxItems']} items")
    for index, item in enumerate(value):
        found = first_violation(schema["items"], item, direction, below(path, str(index)))
        if found is not None:
            return found
    return None


def _text(schema: Mapping[str, Any], value: str, path: str) -> Violation | None:
    if "const" in schema and value != schema["const"]:
        return Violation(path, "const", f"it is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        return Violation(path, "enum", f"it is none of {', '.join(schema['enum'])}")
    if schema.get("format") == "date-time" and not is_date_time(value):
        return Violation(path, "format", "it is not a time such as 2026-01-31T13:30:00Z")
    if schema.get("format") == "uuid" and not is_uuid(value):
        return Violation(path, "format", "it is not a UUID")
    if "pattern" in schema and _compiled(schema["pattern"]).search(value) is None:
        return Violation(path, "pattern", f"it does not match {schema['pattern']}")
    if len(value) < schema.get("minLength", 0):
        return Violation(path, "minLength", f"it has less than {schema['minLength']} characters")
    if len(value) > schema.get("maxLength", math.inf):
        return Violation(path, "maxLength", f"it has more than {schema['maxLength']} characters")
    return None


def _number(schema: Mapping[str, Any], value: float, path: str) -> Violation | None:
    if value < schema.get("minimum", -math.inf):
        return Violation(path, "minimum", f"it is less than {schema['minimum']}")
    if value > schema.get("maximum", math.inf):
        return Violation(path, "maximum", f"it is more than {schema['maximum']}")
    return None


@lru_cache(maxsize=None)
def _compiled(pattern: str) -> re.Pattern[str]:
    # `$` of Python also stands before a last line end; that of JSON Schema does not.
    ends = re.sub(r"\\.|\[(?:\\.|[^\]])*\]|\$", lambda match: r"\Z" if match[0] == "$" else match[0], pattern)
    return re.compile(ends, re.ASCII)
