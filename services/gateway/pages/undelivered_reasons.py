"""Why a message was not handled, in the reader's words: the line above what the machine itself said of it."""

import re

from services.gateway.pages.reader import Json, Reader

_LETTERS = (
    (re.compile(r"^delivery_limit$|^opened \d+ times"), "killed"),
    (re.compile(r"^unreadable: "), "unreadable"),
    (re.compile(r"^(rejected|expired|maxlen)$"), "rejected"),
)
_REFUSED = re.compile(r"^[a-z][a-z0-9-]*: ")
"""How a connector tells what it refused from what broke in it: with the name of the refusal before its words."""


def why_letter(item: Json, reader: Reader) -> str:
    """Return why a letter died."""
    reason = str(item["reason"])
    kind = next((name for pattern, name in _LETTERS if pattern.search(reason)), "")
    if not kind:
        kind = "retried" if item["attempts"] else "failed"
    return reader.words.t(f"undelivered.why.{kind}")


def why_post(item: Json, reader: Reader) -> str:
    """Return why a post was not translated."""
    kind = "refused" if _REFUSED.search(str(item["reason"])) else "broken"
    return reader.words.t(f"undelivered.why.{kind}")
