"""Messages: what is written can be read, by readers of older and newer versions too."""

import re
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from pydantic import BaseModel, ValidationError

from deploy.docs.catalogue import contract_classes
from shared.contracts.base import Contract
from shared.contracts.envelope import Envelope, encode
from tests.contracts.examples import EXAMPLES, NOON

BY_TOPIC = {example.topic: example for example in EXAMPLES}
topics = pytest.mark.parametrize("topic", sorted(BY_TOPIC))
MODULES = {"connectors": "inquiries"}
"""A contract lies in the module of its publishing unit; all connectors share one."""


def written(example: Contract, **more: Any) -> dict[str, Any]:
    """Return the message of an example as JSON."""
    body: dict[str, Any] = orjson.loads(
        encode(example, message_id=uuid4(), source="voronka/tests", time=NOON, **more)
    )
    return body


def read(example: Contract, body: Any) -> Envelope[Any]:
    """Read a message as its subscriber does."""
    envelope: Envelope[Any] = Envelope[type(example)].model_validate(body)  # type: ignore[misc]
    return envelope


def test_every_contract_has_an_example() -> None:
    assert {contract.topic for contract in contract_classes()} == set(BY_TOPIC)
    assert {type(example) for example in EXAMPLES} == set(contract_classes())


@topics
def test_an_example_says_something_in_every_field(topic: str) -> None:
    example = BY_TOPIC[topic]
    fields = type(example).model_fields
    same = {
        name
        for name, field in fields.items()
        if not field.is_required() and getattr(example, name) == field.get_default(call_default_factory=True)
    }
    assert same == set()


@topics
def test_what_is_written_is_what_is_read(topic: str) -> None:
    example = BY_TOPIC[topic]
    assert read(example, written(example)).data == example


@topics
def test_a_message_is_a_cloudevent(topic: str) -> None:
    traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
    message_id = uuid4()
    body = orjson.loads(
        encode(
            BY_TOPIC[topic],
            message_id=message_id,
            source="voronka/tests",
            time=NOON,
            subject="s",
            traceparent=traceparent,
            correlation_id="c",
            causation_id="d",
        )
    )
    assert body.pop("data")
    assert body == {
        "specversion": "1.0",
        "id": str(message_id),
        "source": "voronka/tests",
        "type": topic,
        "time": "2026-05-01T12:00:00.123456+00:00",
        "subject": "s",
        "traceparent": traceparent,
        "correlationid": "c",
        "causationid": "d",
        "datacontenttype": "application/json",
    }


@topics
def test_a_reader_ignores_fields_that_it_does_not_know(topic: str) -> None:
    example = BY_TOPIC[topic]
    newer = _with_news(written(example))
    assert read(example, newer).data == example


@topics
def test_a_reader_of_a_newer_version_takes_older_messages_with_defaults(topic: str) -> None:
    example = BY_TOPIC[topic]
    required = {name for name, field in type(example).model_fields.items() if field.is_required()}
    body = written(example)
    body["data"] = {name: value for name, value in body["data"].items() if name in required}
    found = read(example, body).data
    assert {name: getattr(found, name) for name in required} == {
        name: getattr(example, name) for name in required
    }


@topics
def test_a_message_without_a_required_field_cannot_be_read(topic: str) -> None:
    example = BY_TOPIC[topic]
    for name, field in type(example).model_fields.items():
        if field.is_required():
            body = written(example)
            del body["data"][name]
            with pytest.raises(ValidationError):
                read(example, body)


@topics
def test_a_message_does_not_change_after_it_was_made(topic: str) -> None:
    example = BY_TOPIC[topic]
    for name in type(example).model_fields:
        with pytest.raises(ValidationError):
            setattr(example, name, None)


@topics
def test_a_topic_is_the_unit_a_noun_with_a_verb_and_a_version(topic: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(\.[a-z0-9]+)?\.[a-z]+(-[a-z]+)+\.v[1-9][0-9]*", topic)
    unit = topic.partition(".")[0]
    module = type(BY_TOPIC[topic]).__module__
    assert module == f"shared.contracts.{MODULES.get(unit, unit)}"


@topics
def test_a_contract_has_a_json_schema_and_a_meaning(topic: str) -> None:
    contract = type(BY_TOPIC[topic])
    schema = contract.model_json_schema()
    assert set(schema["properties"]) == set(contract.model_fields)
    assert schema.get("additionalProperties", True) is True
    assert (contract.__doc__ or "").strip()


@topics
def test_a_state_carries_the_id_of_its_thing_and_its_version(topic: str) -> None:
    contract = type(BY_TOPIC[topic])
    ids = [name for name, field in contract.model_fields.items() if field.annotation is UUID]
    if topic == "staff.company-changed.v1":
        assert "version" in contract.model_fields  # there is one company
    elif topic.startswith("connectors.") or topic == "leads.inquiry-kept.v1":
        assert "inquiry_id" in ids  # an inquiry never changes
    elif topic == "staff.session-closed.v1":
        assert set(contract.model_fields) == {
            "token_hash"
        }  # a session ends once, and nobody learns whose it was
    else:
        assert ids
        assert contract.model_fields["version"].is_required()


@topics
def test_a_message_stays_far_below_the_limit_of_a_body(topic: str) -> None:
    assert len(orjson.dumps(written(BY_TOPIC[topic]))) < 16 * 1024


def _with_news(value: Any) -> Any:
    """Return JSON in which every object has one more field."""
    if isinstance(value, dict):
        news = {} if set(value) & {"utm_source", "origins", "a"} else {"added_later": {"x": [1]}}
        return {**{name: _with_news(item) for name, item in value.items()}, **news}
    if isinstance(value, list):
        return [_with_news(item) for item in value]
    return value


def test_every_part_is_frozen_and_tolerant_too() -> None:
    parts = {
        item
        for example in EXAMPLES
        for value in dict(example).values()
        for item in (value if isinstance(value, tuple) else (value,))
        if isinstance(item, BaseModel)
    }
    assert parts
    for part in parts:
        assert part.model_config["frozen"] is True
        assert part.model_config["extra"] == "ignore"
