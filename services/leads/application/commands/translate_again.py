"""Ask the connectors to translate again what they could not translate (B04)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Quarantine
from services.leads.domain.errors import TranslatorGoneError
from services.leads.domain.lead import Actor
from services.leads.domain.quarantined import Quarantined
from shared.contracts.inquiries import TRANSLATE_AGAIN, Raw, TranslateAgain


async def translate_again(event_id: UUID, actor: Actor, quarantine: Quarantine, now: datetime) -> None:
    """Ask for one; QuarantinedMissingError, QuarantinedSettledError, TranslatorGoneError."""
    found = await quarantine.get(event_id)
    found.require_new()
    await _ask([found], actor, quarantine, now)


async def translate_some_again(actor: Actor, quarantine: Quarantine, now: datetime, *, most: int) -> int:
    """Ask for the oldest that nobody has just asked for; return how many these were."""
    found = await quarantine.oldest(now, units=tuple(TRANSLATE_AGAIN), most=most)
    await _ask(found, actor, quarantine, now)
    return len(found)


async def _ask(events: Sequence[Quarantined], actor: Actor, quarantine: Quarantine, now: datetime) -> None:
    for event in events:
        await quarantine.send(_command(event))
    await quarantine.note_asked([event.id for event in events], actor, now)


def _command(event: Quarantined) -> TranslateAgain:
    kind = TRANSLATE_AGAIN.get(event.unit)
    if kind is None:
        raise TranslatorGoneError
    return kind(
        inquiry_id=event.id,
        channel_id=event.channel_id,
        external_id=event.external_id,
        received_at=event.received_at,
        attempts=event.attempts,
        headers=event.headers,
        ip=event.ip,
        raw=Raw(**event.raw),
    )
