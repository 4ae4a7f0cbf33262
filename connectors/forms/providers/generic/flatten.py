"""Nested values into entries, in their order, without recursion and with an end."""

from typing import Any

from connectors.forms.providers.generic.entries import MOST_ENTRIES, Entry, label_of, name_of

Object = tuple[tuple[str, Any], ...]
"""A JSON object as its pairs, so that repeated keys stay; arrays are lists, everything else is text or a constant."""

_WIRE_NAMES = ("name", "key", "field", "id", "code")
_LABELS = ("title", "label", "question", "q")
_VALUES = ("value", "val", "values", "answer", "answers", "a", "raw_value")
_BESIDE = ("type", "required", "position", "placeholder", "slug")
_PAIR_KEYS = frozenset((*_WIRE_NAMES, *_LABELS, *_VALUES, *_BESIDE))
_DEEPEST = 32
_LONGEST_KEY = 200
_WORDS = {True: "да", False: "нет", None: ""}

Path = tuple[str, ...]


def flatten(root: Object | list[Any]) -> list[Entry]:
    """Return the leaves as entries; an object that only names a field and its value is that field."""
    entries: list[Entry] = []
    waiting: list[tuple[Path, Any]] = [((), root)]
    while waiting and len(entries) < MOST_ENTRIES:
        path, node = waiting.pop()
        room = max(0, MOST_ENTRIES - len(entries) - len(waiting))
        if len(path) >= _DEEPEST:
            entries.append(Entry(name_of(path), "" if isinstance(node, (list, tuple)) else _text(node), ""))
        elif isinstance(node, tuple):
            if path and (entry := _as_field(path, node)):
                entries.append(entry)
            else:
                waiting.extend(
                    ((*path, str(key)[:_LONGEST_KEY]), value) for key, value in reversed(node[:room])
                )
        elif isinstance(node, list) and not _is_flat(node):
            waiting.extend(
                ((*path, str(at)), value) for at, value in reversed(list(enumerate(node[:room], 1)))
            )
        else:
            entries.append(Entry(name_of(path), _text(node), label_of(path) if len(path) > 1 else ""))
    return entries


def _as_field(path: Path, node: Object) -> Entry | None:
    """Return the field that the object describes ({name, value}, {q, a}, {title, value} …), None if it is no such."""
    if not all(key in _PAIR_KEYS for key, _ in node):
        return None
    given = dict(node)
    values = [given[key] for key in _VALUES if key in given]
    label = next((_text(given[key]) for key in _LABELS if given.get(key)), "")
    wire = next((_text(given[key]) for key in _WIRE_NAMES if given.get(key)), "")
    if not values or not (label or wire) or not _is_flat(values[0]):
        return None
    return Entry(wire or label or name_of(path), _text(values[0]), label)


def _is_flat(node: Any) -> bool:
    if isinstance(node, list):
        return not any(isinstance(item, (list, tuple)) for item in node)
    return not isinstance(node, tuple)


def _text(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return ", ".join(part for item in node if (part := _text(item)))
    return _WORDS.get(node, "")
