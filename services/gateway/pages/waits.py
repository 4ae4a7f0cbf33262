"""How long a client waits for an answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from services.gateway.language.formats import parse_time
from services.gateway.pages.reader import Json, Reader

Tone = Literal["plain", "ok", "soon", "over"]

_SOON_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the client waits: counted up from `since`, or down to `until` where there is a target."""

    since: str
    until: str
    text: str
    tone: Tone
    share: int


def wait_of(lead: Json, reader: Reader) -> Wait | None:
    """Return the state of the wait; None when nobody waits."""
    since = parse_time(lead.get("waiting_since"))
    if since is None:
        return None
    until = parse_time(lead.get("respond_by"))
    started = since.isoformat()
    if until is None:
        return Wait(started, "", reader.formats.clock(reader.now - since), "plain", 0)
    left = until - reader.now
    if left <= timedelta():
        late = reader.formats.span(-left)
        return Wait(started, until.isoformat(), f"+{late}", "over", 100)
    share = left / max(until - since, timedelta(seconds=1))
    tone: Tone = "soon" if share < _SOON_SHARE else "ok"
    return Wait(started, until.isoformat(), reader.formats.clock(left), tone, round(share * 100))
