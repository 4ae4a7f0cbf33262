"""Whose inquiry is it: the first rule that fits decides, and says why (B06)."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from services.leads.domain.inquiry import Incoming, Key, contact_key
from services.leads.domain.snapshot import Channel, OpenLead, Point, Snapshot

RULE_VERSION = 1

Rule = Literal[
    "employee",
    "spam",
    "suspected_spam",
    "not_a_source",
    "contact_lead",
    "same_key",
    "known_contact",
    "new",
    "no_contact",
    "repeat_new_lead",
    "manual",
]


@dataclass(slots=True)
class Match:
    """The outcome for one inquiry: keep it, attach it to a lead, or open one (perhaps for a known contact)."""

    rule: Rule
    outcome: Literal["keep", "attach", "open"]
    lead_id: UUID | None = None
    contact_id: UUID | None = None
    keys: tuple[Key, ...] = ()
    """Keys that the lead is to hold from now on."""
    matched: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)


def match(inquiry: Incoming, channel: Channel, snapshot: Snapshot) -> Match:
    """Apply the rules in their order to one inquiry; the snapshot is only read."""
    kept = _keep(inquiry, channel, snapshot)
    if kept is not None:
        return kept
    keys, contacts = _identify(inquiry, snapshot)
    contact_id = contacts[0] if contacts else None
    held = (*keys, contact_key(contact_id)) if contact_id else keys
    candidates = [{"type": "contact", "id": str(item)} for item in contacts[1:]]
    if channel.repeat == "new_lead" and keys:
        return Match(
            "repeat_new_lead",
            "open",
            contact_id=contact_id,
            keys=held,
            matched=_pairs(keys),
            candidates=candidates,
        )
    for contact in contacts:
        identity = snapshot.identities.get(contact_key(contact))
        if identity and identity.open_lead_id in snapshot.leads:
            found = _attach(
                "contact_lead", snapshot.leads[identity.open_lead_id], contact, (*keys, contact_key(contact))
            )
            found.matched = _of_contact(keys, contact, snapshot)
            found.candidates = [{"type": "contact", "id": str(item)} for item in contacts if item != contact]
            return found
    leads = _leads_by_key(keys, snapshot)
    if leads:
        found = _attach("same_key", leads[0], contact_id or leads[0].contact_id, held)
        found.matched = [
            {"kind": key.kind, "value": key.value, "target": str(leads[0].id)}
            for key in keys
            if key in leads[0].keys
        ]
        found.candidates = [*candidates, *({"type": "lead", "id": str(item.id)} for item in leads[1:])]
        return found
    if contact_id:
        return Match(
            "known_contact",
            "open",
            contact_id=contact_id,
            keys=held,
            matched=_of_contact(keys, contact_id, snapshot),
            candidates=candidates,
        )
    return Match("new" if keys else "no_contact", "open", keys=held, matched=_pairs(keys))


def _keep(inquiry: Incoming, channel: Channel, snapshot: Snapshot) -> Match | None:
    """Rules 0 and 1, and the switches by which an inquiry is kept without a lead (S008, S014)."""
    for key in inquiry.keys:
        employee = snapshot.employee_keys.get(key)
        if employee:
            hit = {"kind": key.kind, "value": key.value, "target": str(employee)}
            return Match("employee", "keep", matched=[hit])
    for key in inquiry.keys:
        identity = snapshot.identities.get(key)
        owners = () if _is_shared(key, snapshot) else snapshot.points.get(key, ())
        if (identity and identity.spam) or any(_is_spam(owner, snapshot) for owner in owners):
            return Match("spam", "keep", matched=_pairs((key,)))
    if inquiry.suspected_spam:
        return Match("suspected_spam", "keep", evidence=[{"what": "honeypot_or_too_fast"}])
    if not channel.lead_source:
        return Match(
            "not_a_source", "keep", evidence=[{"what": "channel_is_no_source", "id": str(channel.id)}]
        )
    return None


def _is_spam(owner: Point, snapshot: Snapshot) -> bool:
    contact = snapshot.contacts.get(owner.contact_id)
    return contact is not None and contact.spam


def _is_shared(key: Key, snapshot: Snapshot) -> bool:
    return any(item.shared for item in snapshot.points.get(key, ()))


def _identify(inquiry: Incoming, snapshot: Snapshot) -> tuple[tuple[Key, ...], list[UUID]]:
    """Return the keys that may identify a person, and the known contacts, the best first.

    A shared key counts only when the sender left no other: it joins inquiries, but never names a person.
    """
    own = tuple(key for key in inquiry.keys if not _is_shared(key, snapshot))
    hits: dict[UUID, int] = {}
    for key in own:
        for owner in snapshot.points.get(key, ()):
            if owner.contact_id in snapshot.contacts:
                hits[owner.contact_id] = hits.get(owner.contact_id, 0) + 1
    contacts = sorted(hits, key=lambda item: (-hits[item], str(item)))
    return own or inquiry.keys, contacts


def _leads_by_key(keys: tuple[Key, ...], snapshot: Snapshot) -> list[OpenLead]:
    """Return the open leads that hold any of the keys, the most recently active first.

    A shared key finds no lead of a known contact, even if it led there before it was marked.
    """
    found: dict[UUID, OpenLead] = {}
    for key in keys:
        identity = snapshot.identities.get(key)
        lead = snapshot.leads.get(identity.open_lead_id) if identity and identity.open_lead_id else None
        if lead and not (lead.contact_id and _is_shared(key, snapshot)):
            found[lead.id] = lead
    return sorted(found.values(), key=lambda lead: (lead.last_inquiry_at, str(lead.id)), reverse=True)


def _attach(rule: Rule, lead: OpenLead, contact_id: UUID | None, keys: tuple[Key, ...]) -> Match:
    return Match(rule, "attach", lead_id=lead.id, contact_id=contact_id, keys=keys)


def _pairs(keys: tuple[Key, ...]) -> list[dict[str, Any]]:
    return [{"kind": key.kind, "value": key.value} for key in keys]


def _of_contact(keys: tuple[Key, ...], contact_id: UUID, snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {"kind": key.kind, "value": key.value, "target": str(contact_id)}
        for key in keys
        if any(owner.contact_id == contact_id for owner in snapshot.points.get(key, ()))
    ]
