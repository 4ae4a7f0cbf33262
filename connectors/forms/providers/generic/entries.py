"""What every kind of body becomes: entries with a name, a value and perhaps a label of the form's own."""

from typing import NamedTuple

MOST_ENTRIES = 20_000
_LONGEST_NAME = 200

Pair = tuple[str, str]


class Entry(NamedTuple):
    """One value of a form; the segments of a nested name are parted by dots."""

    name: str
    value: str
    label: str = ""


def name_of(path: tuple[str, ...]) -> str:
    """Return the dotted name of a nested value."""
    return ".".join(path)[:_LONGEST_NAME]


def label_of(path: tuple[str, ...]) -> str:
    """Return the name of a nested value as a person reads it."""
    return " / ".join(path)[:_LONGEST_NAME]
