"""Writing the decisions about a batch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import orjson

from services.leads.adapters import intake_sql as sql
from services.leads.adapters.intake_events import attached_event, created_event, kept_event
from services.leads.adapters.intake_read import Connection
from services.leads.domain.inquiry import Incoming, Key
from services.leads.domain.intake import NAMELESS, Decided, Decisions, Growth, NewLead
from services.leads.domain.matching import RULE_VERSION
from services.leads.domain.search import search_text
from services.leads.domain.snapshot import CursorKey, Snapshot

_CANDIDATE_SETS = UUID("c0a1d5f2-51b4-5d0e-8a34-4d9a1f6b7c20")

Event = tuple[UUID, str, UUID, bytes]
"""Aggregate, topic, message id, body: a row of the outbox."""


def _json(value: Any) -> str:
    """Return the text for a jsonb column; ids that came from the database are of the driver's own class."""
    return orjson.dumps(value, default=str).decode()


async def write_decisions(
    connection: Connection, decisions: Decisions, snapshot: Snapshot, now: datetime, *, again: bool = False
) -> None:
    """Write everything about a batch with a fixed number of statements; `again` for inquiries that are stored."""
    if decisions.decided:
        await _write_decided(connection, decisions, snapshot, now, again=again)
    if decisions.repeats:
        await _note_conflicts(connection, decisions.repeats)


async def _write_decided(
    connection: Connection, decisions: Decisions, snapshot: Snapshot, now: datetime, *, again: bool
) -> None:
    numbers = await _add_leads(connection, decisions)
    grown = await _grow_leads(connection, decisions)
    await _take_keys(connection, decisions)
    if again:
        await _change_inquiries(connection, decisions.decided)
    else:
        await _add_inquiries(connection, decisions.decided)
    before = await _decided_before(connection, decisions.decided) if again else {}
    await _add_decisions(connection, decisions.decided, before)
    await _save_cursors(connection, snapshot.cursors)
    events = _events(decisions, numbers, grown, now)
    await _copy(connection, "outbox", sql.EVENTS, events)
    await connection.execute("notify outbox")


async def _note_conflicts(connection: Connection, repeats: list[Incoming]) -> None:
    """Keep what says something else under an id that is taken: nobody looks at it unless it is kept."""
    await connection.execute(
        sql.ADD_CONFLICTS,
        [item.id for item in repeats],
        [item.received_at for item in repeats],
        [item.text for item in repeats],
        [item.content for item in repeats],
        [item.raw for item in repeats],
        sql.OF_THE_ATTEMPT,
    )


async def _add_leads(connection: Connection, decisions: Decisions) -> dict[UUID, int]:
    """Add the new leads and return their numbers."""
    leads = list(decisions.new_leads.values())
    if not leads:
        return {}
    numbers = [row["number"] for row in await connection.fetch(sql.NUMBERS, len(leads))]
    rows = [_lead_row(lead, number) for lead, number in zip(leads, numbers, strict=True)]
    await _copy(connection, "leads", sql.LEADS_ADDED, rows)
    return {lead.id: number for lead, number in zip(leads, numbers, strict=True)}


def _lead_row(lead: NewLead, number: int) -> tuple[Any, ...]:
    """Return the columns of LEADS_ADDED."""
    responsible = lead.responsible
    return (
        lead.id,
        number,
        "new",
        lead.kind,
        lead.channel_id,
        lead.name,
        lead.phones,
        lead.emails,
        [str(key) for key in lead.keys],
        lead.contact_id,
        responsible.type if responsible else None,
        responsible.id if responsible else None,
        lead.pool_role_id,
        lead.text,
        lead.inquiries,
        lead.inquiries,
        lead.created_at,
        lead.last_inquiry_at,
        lead.created_at,
        search_text(lead.name, lead.phones, lead.emails),
    )


async def _grow_leads(connection: Connection, decisions: Decisions) -> dict[UUID, dict[str, Any]]:
    if not decisions.growths:
        return {}
    rows = [_growth_row(growth) for growth in decisions.growths.values()]
    grown = await connection.fetch(sql.GROW_LEADS, _json(rows), [NAMELESS])
    return {row["id"]: dict(row) for row in grown}


def _growth_row(growth: Growth) -> dict[str, Any]:
    return {
        "id": growth.lead_id,
        "inquiries": growth.inquiries,
        "last_inquiry_at": growth.last_inquiry_at,
        "first_at": growth.first_at,
        "text": growth.text,
        "contact_id": growth.contact_id,
        "name": growth.name,
        "phones": growth.phones,
        "emails": growth.emails,
        "keys": [str(key) for key in growth.keys],
        "search": search_text("", growth.phones, growth.emails) if growth.keys else "",
    }


async def _take_keys(connection: Connection, decisions: Decisions) -> None:
    if decisions.taken:
        keys: list[Key] = list(decisions.taken)
        await connection.execute(
            sql.TAKE_KEYS,
            [key.kind for key in keys],
            [key.value for key in keys],
            list(decisions.taken.values()),
        )


async def _add_inquiries(connection: Connection, decided: list[Decided]) -> None:
    items = [(item.inquiry, item.match, item.lead_id) for item in decided]
    await _copy(
        connection,
        "inquiries",
        sql.INQUIRIES,
        [
            (
                new.id,
                new.channel_id,
                new.kind,
                new.external_id,
                new.occurred_at,
                new.received_at,
                new.text,
                new.content,
                match.rule,
                lead_id,
                match.contact_id,
            )
            for new, match, lead_id in items
        ],
    )
    await _copy(
        connection,
        "raw_inquiries",
        sql.RAW,
        [(new.id, new.received_at, new.raw_type, new.raw) for new, _, _ in items],
    )


async def _copy(connection: Connection, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
    """Append rows; COPY costs both sides less than an insert of the same rows."""
    await connection.copy_records_to_table(table, records=rows, columns=columns)


async def _change_inquiries(connection: Connection, decided: list[Decided]) -> None:
    await connection.execute(
        sql.CHANGE_INQUIRIES,
        [item.inquiry.id for item in decided],
        [item.match.rule for item in decided],
        [item.lead_id for item in decided],
        [item.match.contact_id for item in decided],
    )


async def _decided_before(connection: Connection, decided: list[Decided]) -> dict[UUID, int]:
    """Return how many decisions there are about each of the inquiries."""
    rows = await connection.fetch(sql.DECIDED_BEFORE, [item.inquiry.id for item in decided])
    return {row["inquiry_id"]: row["seq"] for row in rows}


async def _add_decisions(connection: Connection, decided: list[Decided], before: Mapping[UUID, int]) -> None:
    sets = _candidate_sets(decided)
    if sets:
        ordered = sorted(sets.values())  # two workers that insert the same ones must not wait for each other
        await connection.execute(
            sql.ADD_CANDIDATE_SETS, [item.id for item in ordered], [item.body for item in ordered]
        )
    await _copy(
        connection,
        "decisions",
        sql.DECISIONS,
        [
            (
                item.inquiry.id,
                before.get(item.inquiry.id, 0) + 1,
                item.match.rule,
                RULE_VERSION,
                item.lead_id,
                _json(_decision_body(item, sets)),
            )
            for item in decided
        ],
    )


class _CandidateSet(NamedTuple):
    id: UUID
    body: str


def _candidate_sets(decided: list[Decided]) -> dict[int, _CandidateSet]:
    """Return the distinct sets of candidates by the identity of their object; the id follows from the content."""
    found: dict[int, _CandidateSet] = {}
    for item in decided:
        if item.assignment and (candidates := item.assignment.candidates) and id(candidates) not in found:
            body = _json(candidates)
            found[id(candidates)] = _CandidateSet(uuid5(_CANDIDATE_SETS, body), body)
    return found


def _decision_body(item: Decided, sets: dict[int, _CandidateSet]) -> dict[str, Any]:
    """Return the evidence of a decision as it is stored (B06)."""
    body: dict[str, Any] = {
        "matched": item.match.matched,
        "candidates": item.match.candidates,
        "evidence": item.match.evidence,
        "assignment": None,
    }
    if item.assignment:
        chosen_from = sets.get(id(item.assignment.candidates))
        body["assignment"] = {
            **item.assignment.record(),
            "candidate_set": chosen_from.id if chosen_from else None,
        }
    return body


async def _save_cursors(connection: Connection, cursors: dict[CursorKey, dict[UUID, int]]) -> None:
    if cursors:
        counts = [_json({str(key): n for key, n in value.items()}) for value in cursors.values()]
        roles, channels = [key[0] for key in cursors], [key[1] for key in cursors]
        await connection.execute(sql.SAVE_CURSORS, roles, channels, counts)


def _events(
    decisions: Decisions, numbers: dict[UUID, int], grown: dict[UUID, dict[str, Any]], now: datetime
) -> list[Event]:
    """One event for each inquiry at most: a lead of this batch tells of itself once, with all that it gathered."""
    events: list[Event] = []
    told: set[UUID] = set()
    for item in decisions.decided:
        lead_id = item.lead_id
        if lead_id is None:
            events.append(kept_event(item, now))
        elif lead_id not in told:
            told.add(lead_id)
            new = decisions.new_leads.get(lead_id)
            if new is not None:
                events.append(created_event(new, numbers[lead_id], item, now))
            elif lead_id in grown:
                events.append(attached_event(grown[lead_id], item, now))
    return events
