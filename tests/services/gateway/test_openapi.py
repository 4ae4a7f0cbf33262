"""Merging the units' descriptions and showing them."""

import tomllib
from pathlib import Path
from typing import Any

from services.gateway.application.merge_openapi import merge
from services.gateway.pages.api_docs import api_groups
from services.gateway.version import VERSION
from shared.http.app import create_app
from shared.http.tokens import KeyRing

ROOT = Path(__file__).parents[3]


def document(path: str, schema: dict[str, Any]) -> dict[str, Any]:
    ref = {"schema": {"$ref": "#/components/schemas/Out"}}
    answer = {"200": {"description": "Good", "content": {"application/json": ref}}}
    return {
        "paths": {path: {"get": {"responses": answer}}},
        "components": {"schemas": {"Out": schema, "Shared": {"type": "string"}}},
    }


def test_schemas_of_one_name_and_different_shape_are_kept_apart() -> None:
    found = merge(
        {
            "leads": document("/api/v1/leads", {"type": "object"}),
            "staff": document(
                "/api/v1/roles", {"type": "array", "items": {"$ref": "#/components/schemas/Out"}}
            ),
        },
        server="https://crm.example",
        version="1",
        missing=[],
    )
    schemas = found["components"]["schemas"]
    assert set(schemas) == {"Out", "StaffOut", "Shared", "Problem"}
    assert schemas["StaffOut"]["items"] == {"$ref": "#/components/schemas/StaffOut"}
    content = found["paths"]["/api/v1/roles"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/StaffOut"}


def test_only_paths_that_a_unit_owns_are_taken_from_it() -> None:
    found = merge(
        {"contacts": document("/api/v1/leads", {})}, server="http://x", version="1", missing=["leads"]
    )
    assert found["paths"] == {}
    assert found["x-unavailable"] == ["leads"]


def test_the_descriptions_of_all_units_merge_without_a_dangling_reference() -> None:
    from services.channels.service import SERVICE as CHANNELS  # noqa: PLC0415 - only here
    from services.contacts.service import SERVICE as CONTACTS  # noqa: PLC0415
    from services.leads.service import SERVICE as LEADS  # noqa: PLC0415
    from services.staff.service import SERVICE as STAFF  # noqa: PLC0415

    documents = {
        unit.name: create_app(unit.name, routers=unit.routers, checks={}, keys=KeyRing({})).openapi()
        for unit in (STAFF, CHANNELS, CONTACTS, LEADS)
    }
    found = merge(documents, server="http://x", version="1", missing=[])
    names = set(found["components"]["schemas"])
    assert set(_references(found)) <= names
    assert {"/api/v1/leads", "/api/v1/session", "/api/v1/channels", "/api/v1/contacts"} <= set(found["paths"])
    assert not [path for path in found["paths"] if not path.startswith("/api/v1/")]
    groups = {group.name: group for group in api_groups(found)}
    assert {"leads", "inquiries", "session", "channels", "contacts"} <= set(groups)
    hand_over = next(item for item in groups["leads"].operations if item.path.endswith("/hand-over"))
    assert '"to": {' in hand_over.body


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"].rpartition("/")[2]] if isinstance(value.get("$ref"), str) else []
    return own + [name for item in value.values() for name in _references(item)]


def test_an_example_shows_the_shape_of_a_body_also_where_it_holds_itself() -> None:
    schemas = {
        "Node": {
            "properties": {
                "name": {"type": "string"},
                "kind": {"enum": ["a", "b"]},
                "limit": {"type": "integer", "default": 50},
                "id": {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]},
                "fixed": {"const": "x"},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
            }
        }
    }
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}
    found = api_groups(
        {
            "paths": {"/api/v1/leads": {"post": {"requestBody": body, "responses": {}}}},
            "components": {"schemas": schemas},
        }
    )
    shown = found[0].operations[0].body
    for text in ('"name": "string"', '"kind": "a | b"', '"limit": 50', '"id": "uuid"', '"fixed": "x"', "…"):
        assert text in shown


def test_the_version_shown_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
