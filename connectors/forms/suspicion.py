"""What speaks for a robot beside the fields that only robots fill: a form sent sooner than a person fills it in."""

from datetime import datetime

from connectors.forms.providers.generic.understood import Understood

TOO_FAST = "too_fast"
_MILLISECONDS_FROM = 100_000_000_000  # what is greater is no count of seconds
_MOST_DIGITS = 16


def suspect_haste(said: Understood, now: datetime, least_s: float) -> None:
    """Suspect a form that our script sent within less than `least_s` seconds.

    How long it took is the script's own measure, or the time since the form was shown by the visitor's clock; a
    clock that is ahead of ours says nothing.
    """
    if not least_s or not (said.fill_ms or said.rendered_at):
        return
    if (took_ms := _number(said.fill_ms)) is not None:
        took_s = took_ms / 1000
    elif (shown_at := _number(said.rendered_at)) is not None:
        took_s = now.timestamp() - (shown_at / 1000 if shown_at >= _MILLISECONDS_FROM else shown_at)
    else:
        return
    if 0 <= took_s < least_s:
        said.suspect(TOO_FAST)


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS else None
