"""One description of the public API out of those of the units."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.domain.owners import BASE, owner_of

Json = dict[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete", "head")
_REF = "#/components/schemas/"
_OPEN = {("post", f"{BASE}session")}
_PROBLEM: Json = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong (RFC 9457); some problems carry more fields.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:voronka:problem:<slug>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_DEFAULT: Json = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}},
}


def merge(documents: Mapping[str, Json], *, server: str, version: str, missing: Sequence[str]) -> Json:
    """Return the merged document; `documents` are by unit, `missing` names the units that did not answer."""
    schemas: Json = {"Problem": _PROBLEM}
    paths: Json = {}
    for unit, document in documents.items():
        names = _names(unit, document.get("components", {}).get("schemas", {}), schemas)
        for path, item in document.get("paths", {}).items():
            if owner_of(path) == unit:
                paths[path] = _path(path, _renamed(item, names))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Voronka", "version": version},
        "servers": [{"url": server}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
        **({"x-unavailable": list(missing)} if missing else {}),
    }


def _names(unit: str, own: Json, schemas: Json) -> dict[str, str]:
    """Add the schemas of a unit; return which had to be renamed because another unit has the name already."""
    renamed = {
        name: f"{unit.capitalize()}{name}"
        for name, schema in own.items()
        if name in schemas and schemas[name] != schema
    }
    for name, schema in own.items():
        if name not in {"HTTPValidationError", "ValidationError"}:
            schemas[renamed.get(name, name)] = _renamed(schema, renamed)
    return renamed


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with its references to renamed schemas changed."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _renamed(item, names) for key, item in value.items()}
    reference = changed.get("$ref")
    if isinstance(reference, str) and (name := reference.removeprefix(_REF)) in names:
        changed["$ref"] = f"{_REF}{names[name]}"
    return changed


def _path(path: str, item: Json) -> Json:
    """Return a path whose refusals are problem documents."""
    found: Json = {}
    for method, operation in item.items():
        if method not in _METHODS:
            continue
        answers = {status: told for status, told in operation.get("responses", {}).items() if status != "422"}
        found[method] = {**operation, "responses": {**answers, "default": _DEFAULT}}
        if (method, path) in _OPEN:
            found[method]["security"] = []
    return found
