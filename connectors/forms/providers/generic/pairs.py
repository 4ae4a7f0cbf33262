"""Names and values that came side by side, with brackets in the names where they are nested."""

import re
from typing import Any

from connectors.forms.providers.generic.entries import MOST_ENTRIES, Entry, Pair
from connectors.forms.providers.generic.flatten import flatten

_BRACKETS = re.compile(r"([^\[\]]+)((?:\[[^\[\]]{0,100}\])+)")
_DEEPEST = 12

Tree = dict[str, Any]
"""Segments of names to trees or, at the leaves, to lists of values."""


def entries_of(pairs: list[Pair]) -> list[Entry]:
    """Return the pairs as entries; `a[b][c]` is nested as senders of that style mean it."""
    pairs = pairs[:MOST_ENTRIES]
    if not any("[" in name for name, _ in pairs):
        return [Entry(name, value) for name, value in pairs]
    tree: Tree = {}
    for name, value in pairs:
        _put(tree, _path(name), name, value)
    return flatten(_object(tree))


def _path(name: str) -> list[str]:
    found = _BRACKETS.fullmatch(name)
    if not found:
        return [name]
    inner = found.group(2)[1:-1].split("][")
    if len(inner) > _DEEPEST:
        return [name]
    return [found.group(1), *(part for part in inner if part)]


def _put(tree: Tree, path: list[str], name: str, value: str) -> None:
    """Put the value where its path leads; where a value is in the way, it stays under its whole name."""
    branch: Any = tree
    for segment in path[:-1]:
        branch = branch.setdefault(segment, {})
        if not isinstance(branch, dict):
            tree.setdefault(name, []).append(value)
            return
    leaf = branch.setdefault(path[-1], [])
    if isinstance(leaf, dict):
        leaf = leaf.setdefault("", [])
    leaf.append(value)


def _object(tree: Tree) -> tuple[tuple[str, Any], ...]:
    """Return the tree as an object whose repeated names are repeated keys; its depth is limited by `_path`."""
    found: list[tuple[str, Any]] = []
    for segment, node in tree.items():
        if isinstance(node, dict):
            found.append((segment, _object(node)))
        else:
            found.extend((segment, value) for value in node)
    return tuple(found)
