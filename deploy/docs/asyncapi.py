"""docs/asyncapi.json: the messages as an AsyncAPI 3.0 document, for tools."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from deploy.docs.catalogue import Described
from shared.contracts.envelope import CONTENT_TYPE
from shared.messaging import topology

_TEMPLATE = "#/components/schemas/{model}"
_EXTENSIONS = ("subject", "traceparent", "correlationid", "causationid")


def document(messages: Sequence[Described]) -> str:
    """Return the document as JSON text."""
    found = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Voronka",
            "version": "1",
            "description": "Events and commands between the units of Voronka, in CloudEvents 1.0 structured JSON.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": {"host": "localhost:5672", "protocol": "amqp", "protocolVersion": "0-9-1"}},
        "channels": {item.topic: _channel(item) for item in messages},
        "operations": {name: operation for item in messages for name, operation in _operations(item).items()},
        "components": _components(messages),
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _channel(item: Described) -> dict[str, Any]:
    name = item.contract.__name__
    exchange = {"name": item.exchange, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": item.topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }


def _operations(item: Described) -> dict[str, Any]:
    """Return the operation of the unit that sends the message and one for each that receives it."""
    channel = {"$ref": f"#/channels/{item.topic}"}
    mandatory = item.exchange != topology.EVENTS
    send = {
        "action": "send",
        "channel": channel,
        "title": f"{item.unit} publishes {item.contract.__name__}",
        "bindings": {"amqp": {"deliveryMode": 2, "mandatory": mandatory}},
    }
    receive = {
        f"{listener.queue or f'{listener.unit} private'} receives {item.topic}": {
            "action": "receive",
            "channel": channel,
            "title": f"{listener.unit} listens" + (f" through {listener.queue}" if listener.queue else ""),
        }
        for listener in item.listeners
    }
    return {f"{item.unit} sends {item.topic}": send, **receive}


def _components(messages: Sequence[Described]) -> dict[str, Any]:
    names, schemas = models_json_schema(
        [(item.contract, "validation") for item in messages], ref_template=_TEMPLATE
    )
    wrapped = {
        item.contract.__name__: {
            "name": item.contract.__name__,
            "contentType": CONTENT_TYPE,
            "summary": item.meaning.partition("\n")[0],
            "payload": _envelope(item, names[item.contract, "validation"]),
        }
        for item in messages
    }
    return {"messages": wrapped, "schemas": dict(sorted(schemas.get("$defs", {}).items()))}


def _envelope(item: Described, data: Any) -> dict[str, Any]:
    """Return the schema of the CloudEvent around a contract."""
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": text,
            "type": {"const": item.topic},
            "time": {"type": "string", "format": "date-time"},
            **dict.fromkeys(_EXTENSIONS, text),
            "datacontenttype": {"const": "application/json"},
            "data": data,
        },
    }
