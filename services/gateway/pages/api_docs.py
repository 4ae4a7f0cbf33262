"""The description of the public API as a page shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_REF = "#/components/schemas/"
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    type: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of an operation."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `body` is an example in JSON, empty when none is taken."""

    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    body: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations on one kind of thing."""

    name: str
    operations: tuple[Operation, ...]


def api_groups(document: Json) -> tuple[Group, ...]:
    """Return the operations of an OpenAPI document by their first tag."""
    schemas = document.get("components", {}).get("schemas", {})
    groups: dict[str, list[Operation]] = {}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            tag = next(iter(operation.get("tags", ())), path.split("/")[3])
            groups.setdefault(tag, []).append(_operation(method, path, operation, schemas))
    return tuple(Group(name, tuple(operations)) for name, operations in sorted(groups.items()))


def _operation(method: str, path: str, operation: Json, schemas: Mapping[str, Json]) -> Operation:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = _example(content["schema"], schemas) if "schema" in content else None
    text = str(operation.get("description") or operation.get("summary") or "")
    return Operation(
        method=method.upper(),
        path=path,
        summary=text.partition("\n")[0],
        parameters=tuple(_parameter(item) for item in operation.get("parameters", ())),
        body=json.dumps(body, ensure_ascii=False, indent=2) if body is not None else "",
        answers=tuple(
            Answered(status, str(told.get("description", "")))
            for status, told in operation.get("responses", {}).items()
        ),
    )


def _parameter(item: Json) -> Parameter:
    return Parameter(
        name=str(item["name"]),
        place=str(item["in"]),
        type=_type(item.get("schema", {})),
        required=bool(item.get("required")),
        text=str(item.get("description", "")),
    )


def _type(schema: Json) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if parts := schema.get("anyOf"):
        return " | ".join(_type(part) for part in parts)
    kind = str(schema.get("format") or schema.get("type") or "any")
    return f"{_type(schema.get('items', {}))}[]" if kind == "array" else kind


def _example(schema: Json, schemas: Mapping[str, Json], depth: int = 0) -> Any:
    """Return a value that shows the shape: defaults where there are, else the names of types."""
    if depth > _DEEPEST:
        return "…"
    if "$ref" in schema:
        return _example(schemas.get(str(schema["$ref"]).removeprefix(_REF), {}), schemas, depth + 1)
    if parts := schema.get("anyOf"):
        return _example(parts[0], schemas, depth + 1)
    if "properties" in schema:
        return {name: _example(part, schemas, depth + 1) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_example(schema.get("items", {}), schemas, depth + 1)]
    return _scalar(schema)


def _scalar(schema: Json) -> Any:
    if (default := schema.get("default")) is not None:
        return default
    if values := schema.get("enum"):
        return " | ".join(map(str, values))
    return schema.get("const", _type(schema))
