"""What a reader is told about what he has just done, or why it could not be done."""

from collections.abc import Callable

from services.gateway.language.formats import parse_time
from services.gateway.pages.reader import Json, Reader
from shared.kernel.errors import VoronkaError

_BY_KIND = {
    "missing": "conflict.gone",
    "gone": "conflict.gone",
    "forbidden": "conflict.forbidden",
    "busy": "conflict.busy",
}


def done_text(action: str, lead: Json, reader: Reader) -> str:
    """Return the sentence about a wish that was fulfilled."""
    owner = lead.get("responsible") or {}
    return reader.words.t(f"toast.{action}", name=str(owner.get("name") or reader.words.t("lead.nobody")))


def refusal_text(error: VoronkaError, reader: Reader) -> str:
    """Return the sentence about a wish that was refused, in the reader's words."""
    special = _BY_SLUG.get(error.slug)
    if special is not None:
        return special(error, reader)
    words = reader.words
    if error.kind in _BY_KIND:
        return words.t(_BY_KIND[error.kind])
    return words.t("conflict.invalid", detail=error.detail)


def _claimed(error: VoronkaError, reader: Reader) -> str:
    who, at = error.extra.get("claimed_by"), parse_time(error.extra.get("claimed_at"))
    if not isinstance(who, dict) or not who.get("name") or at is None:
        return _state(error, reader, status="in_work")
    return reader.words.t("conflict.claimed", name=who["name"], time=reader.formats.moment(at, reader.now))


def _state(error: VoronkaError, reader: Reader, status: str = "") -> str:
    current = error.extra.get("current")
    known = current.get("status") if isinstance(current, dict) else error.extra.get("lead_status")
    key = f"status.{known or status}"
    shown = reader.words.t(key) if reader.words.has(key) else str(known or "?")
    return reader.words.t("conflict.state", status=shown)


def _keys(error: VoronkaError, reader: Reader) -> str:
    return reader.words.t("conflict.keys", number=error.extra.get("lead_number", "?"))


def _reason(_: VoronkaError, reader: Reader) -> str:
    return reader.words.t("dialog.reject.needed")


def _target(_: VoronkaError, reader: Reader) -> str:
    return reader.words.t("dialog.move.needed")


def _move_reason(_: VoronkaError, reader: Reader) -> str:
    return reader.words.t("dialog.move.reason_needed")


def _assignee(_: VoronkaError, reader: Reader) -> str:
    return reader.words.t("dialog.hand.needed")


_BY_SLUG: dict[str, Callable[[VoronkaError, Reader], str]] = {
    "lead-already-claimed": _claimed,
    "lead-wrong-state": _state,
    "stale-version": _state,
    "key-taken": _keys,
    "rejection-reason-required": _reason,
    "assignee-unknown": _assignee,
    "move-target-needed": _target,
    "move-reason-needed": _move_reason,
}
