"""The card of a lead on the board, and in which column it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.gateway.language.formats import parse_time
from services.gateway.pages.faces import Face, face_of
from services.gateway.pages.looks import Look, look
from services.gateway.pages.reader import Json, Reader
from services.gateway.pages.waits import Wait, wait_of

ColumnKey = Literal["new", "today", "week", "earlier", "rejected"]

WEEK_DAYS = 6
REJECTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Next:
    """The foot of a card in work: what is to be done and by when."""

    icon: str
    text: str
    tone: Literal["", "ok", "warn", "bad"]
    end: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class LeadCard:
    """Everything a card shows."""

    id: str
    number: int
    version: int
    column: ColumnKey
    order: str
    name: str
    look: Look
    unread: int
    text: str
    point: str
    call: str
    write: str
    since: str
    age: str
    wait: Wait | None
    owner: Face | None
    mine: bool
    next: Next | None
    status: str


def column_of(lead: Json, reader: Reader) -> ColumnKey | None:
    """Return the column in which the lead stands now, None when it is not on the board."""
    status = lead["status"]
    if status == "new":
        return "new"
    if status == "rejected":
        closed = parse_time(lead.get("closed_at")) or reader.now
        return (
            "rejected" if closed >= reader.formats.start_of_day(reader.now, days_ago=REJECTED_DAYS) else None
        )
    if status not in {"in_work", "converting"}:
        return None
    claimed = parse_time(lead.get("claimed_at")) or parse_time(lead["created_at"]) or reader.now
    if claimed >= reader.formats.start_of_day(reader.now):
        return "today"
    return "week" if claimed >= reader.formats.start_of_day(reader.now, days_ago=WEEK_DAYS) else "earlier"


def order_of(lead: Json, column: ColumnKey) -> str:
    """Return the text by which cards of a column are sorted: ascending in «new», descending elsewhere."""
    field = {"new": "created_at", "rejected": "closed_at"}.get(column, "claimed_at")
    return str(lead.get(field) or lead["created_at"])


def _point(lead: Json, reader: Reader) -> tuple[str, str, str]:
    phones, emails = lead.get("phones") or [], lead.get("emails") or []
    call = f"tel:{phones[0].partition(';')[0]}" if phones else ""
    write = f"mailto:{emails[0]}" if emails else ""
    shown = reader.formats.phone(phones[0]) if phones else (emails[0] if emails else "")
    return shown, call, write


def _next(lead: Json, wait: Wait | None, reader: Reader) -> Next | None:
    words = reader.words
    if lead["status"] == "rejected":
        reason = (lead.get("rejection") or {}).get("reason") or words.t("card.rejected")
        closed = parse_time(lead.get("closed_at"))
        return Next("ban", reason, "bad", reader.formats.moment(closed, reader.now) if closed else "")
    if lead["status"] == "converting":
        return Next("refresh", words.t("card.converting"), "", "")
    if wait is not None:
        tone: Literal["warn", "bad"] = "bad" if wait.tone == "over" else "warn"
        return Next("clock", words.t("card.waits"), tone, wait.text, wait.since)
    answered, created = parse_time(lead.get("first_response_at")), parse_time(lead["created_at"])
    if answered and created:
        took = reader.formats.clock(answered - created)
        return Next("circle-check-filled", words.t("card.answered"), "ok", took)
    return Next("user-check", words.t("card.taken"), "", _moment(lead.get("claimed_at"), reader))


def shown_point(lead: Json, reader: Reader) -> str:
    """Return the first phone or e-mail of a lead as people read it, empty when there is none."""
    shown, _, _ = _point(lead, reader)
    return shown


def _moment(value: str | None, reader: Reader) -> str:
    at = parse_time(value)
    return reader.formats.moment(at, reader.now) if at else ""


def lead_name(lead: Json, reader: Reader) -> str:
    """Return what a lead is called: the person, else his phone or mail, else «Без контакта»."""
    name = str(lead.get("contact_name") or lead.get("name") or "").strip()
    shown = shown_point(lead, reader)
    if name.startswith("+"):
        return reader.formats.phone(name)  # who called and left no name is called by his phone
    return name or shown or reader.words.t("lead.nameless")


def lead_card(lead: Json, reader: Reader) -> LeadCard | None:
    """Return the card of a lead; None when it is not on the board any more."""
    column = column_of(lead, reader)
    if column is None:
        return None
    shown, call, write = _point(lead, reader)
    wait = wait_of(lead, reader)
    came: datetime = parse_time(lead.get("last_inquiry_at")) or parse_time(lead["created_at"]) or reader.now
    name = lead_name(lead, reader)
    owner = face_of(lead.get("responsible"))
    return LeadCard(
        id=str(lead["id"]),
        number=int(lead["number"]),
        version=int(lead["version"]),
        column=column,
        order=order_of(lead, column),
        name=name,
        look=look(str(lead["kind"]), lead.get("channel"), reader),
        unread=int(lead.get("unread_count") or 0),
        text=str(lead.get("text") or ""),
        point=shown if shown != name else str((lead.get("channel") or {}).get("name") or ""),
        call=call,
        write=write,
        since=came.isoformat(),
        age=reader.formats.span(reader.now - came),
        wait=wait,
        owner=owner,
        mine=owner is not None and owner.id == reader.employee_id,
        next=None if column == "new" else _next(lead, wait, reader),
        status=str(lead["status"]),
    )
