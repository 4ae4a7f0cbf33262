"""docs/events.md: who tells whom what, readable without any tool."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from deploy.docs.catalogue import Described, Listener
from shared.messaging import topology

_WORDS: dict[Any, str] = {
    str: "text",
    int: "number",
    bool: "yes or no",
    UUID: "uuid",
    datetime: "time (RFC 3339)",
    Any: "any JSON",
    NoneType: "null",
}

_HEAD = """# Messages

Written by `make docs` from `shared/contracts` and `shared/messaging/topology.py`; do not edit. The same in AsyncAPI 3.0:
[asyncapi.json](asyncapi.json).

Every message is CloudEvents 1.0 structured JSON (`application/cloudevents+json`): `id`, `source`, `type` (the topic),
`time`, `subject`, `traceparent`, `correlationid`, `causationid`, and the fields below in `data`. Readers ignore fields that
they do not know. Events carry the whole public state and its `version`: a copy is written only if the version is greater.
"""


def page(messages: Sequence[Described]) -> str:
    """Return the whole page."""
    parts = [_HEAD, _overview(messages)]
    for unit, described in groupby(messages, lambda item: item.unit):
        parts.append(f"## {unit}\n")
        parts += [_section(item) for item in described]
    parts += ["## Parts\n", *(_part(part) for part in _parts(messages)), _queues(), _delays()]
    return "\n".join(parts)


def _overview(messages: Sequence[Described]) -> str:
    rows = [
        f"| [`{item.topic}`](#{item.contract.__name__.lower()}) | {item.exchange} | {_names(item.listeners)} |"
        for item in messages
    ]
    return "\n".join(["| topic | exchange | heard by |", "|---|---|---|", *rows, ""])


def _names(listeners: Sequence[Listener]) -> str:
    if not listeners:
        return "nobody yet"
    return ", ".join(
        f"{item.unit} (`{item.queue}`)" if item.queue else f"{item.unit} (private)" for item in listeners
    )


def _section(item: Described) -> str:
    head = f"### {item.contract.__name__}\n\n`{item.topic}`: {' '.join(item.meaning.split())}\n"
    return f"{head}\n{_fields(item.contract)}"


def _part(part: type[BaseModel]) -> str:
    return f"### {part.__name__}\n\n{' '.join((part.__doc__ or '').split())}\n\n{_fields(part)}"


def _fields(model: type[BaseModel]) -> str:
    rows = [
        f"| `{name}` | {readable(field.annotation)} | {_default(field)} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join(["| field | type | default |", "|---|---|---|", *rows, ""])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, BaseModel):
        return "all defaults"
    return f"`{value}`" if value else "empty"


def readable(annotation: Any) -> str:
    """Return a type in words."""
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " · ".join(f"`{value}`" for value in arguments)
    if origin is tuple:
        return f"list of {readable(arguments[0])}"
    if origin is dict:
        return f"object of {readable(arguments[1])}"
    if arguments:
        return " or ".join(readable(argument) for argument in arguments)
    return f"[{annotation.__name__}](#{annotation.__name__.lower()})"


def _parts(messages: Sequence[Described]) -> list[type[BaseModel]]:
    """Return the models inside the contracts, by name."""
    found: dict[str, type[BaseModel]] = {}
    waiting = [field.annotation for item in messages for field in item.contract.model_fields.values()]
    while waiting:
        annotation = waiting.pop()
        waiting += get_args(annotation)
        if (
            isinstance(annotation, type)
            and issubclass(annotation, BaseModel)
            and annotation.__name__ not in found
        ):
            found[annotation.__name__] = annotation
            waiting += [field.annotation for field in annotation.model_fields.values()]
    return [found[name] for name in sorted(found)]


def _queues() -> str:
    rows = [
        f"| `{item.name}` | {item.exchange} | {', '.join(f'`{topic}`' for topic in item.topics)} |"
        for item in topology.QUEUES
    ]
    rows += [
        f"| `{topology.dead_queue(unit)}` | {topology.DEAD_LETTERS} | `{unit}.#` |"
        for unit in topology.units()
    ]
    return "\n".join(["## Queues\n", "| queue | exchange | bound to |", "|---|---|---|", *rows, ""])


def _delays() -> str:
    rows = [f"| `{delay.name}` | {delay.milliseconds // 1000} s |" for delay in topology.DELAYS]
    text = "A failed message waits in these one after another and comes back to its queue; after the last it is dead.\n"
    return "\n".join(["## Delays\n", text, "| queue | waits |", "|---|---|", *rows, ""])
