"""The generated pages: current, complete, and valid references."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.docs import __main__ as command
from deploy.docs.catalogue import catalogue
from shared.messaging import topology


def document() -> dict[str, Any]:
    """Return the AsyncAPI document as it would be written now."""
    found: dict[str, Any] = json.loads(command.pages()["asyncapi.json"])
    return found


def test_the_pages_in_docs_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 0, capsys.readouterr().err


def test_checking_names_the_page_that_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([], tmp_path) == 0
    assert command.main(["--check"], tmp_path) == 0
    (tmp_path / "events.md").write_text("old", encoding="utf-8")
    assert command.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "docs/events.md" in said
    assert "asyncapi" not in said


def test_a_wrong_call_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--fix"]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_document_names_every_message_and_every_queue() -> None:
    found = document()
    assert found["asyncapi"] == "3.0.0"
    assert set(found["channels"]) == {item.topic for item in catalogue()}
    assert set(found["components"]["messages"]) == {item.contract.__name__ for item in catalogue()}
    operations = " ".join(found["operations"])
    assert all(queue.name in operations for queue in topology.QUEUES)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    found = document()
    references = _references(found)
    assert references
    for reference in references:
        place: Any = found
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]


def test_every_operation_sends_or_receives_on_a_channel_of_the_document() -> None:
    found = document()
    for operation in found["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in found["channels"]


def test_the_page_tells_every_message_with_its_fields() -> None:
    page = command.pages()["events.md"]
    for item in catalogue():
        assert f"### {item.contract.__name__}\n\n`{item.topic}`" in page
        for name in item.contract.model_fields:
            assert f"| `{name}` |" in page


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [item for child in value.values() for item in _references(child)]
    if isinstance(value, list):
        return [item for child in value for item in _references(child)]
    return []
