"""The card of one lead: header, facts, contact points, the form's fields, source, reasons, timeline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from services.gateway.language.formats import parse_time
from services.gateway.pages.card import lead_name
from services.gateway.pages.faces import Face, face, face_of
from services.gateway.pages.lead_blocks import Fact, Point, facts_of, fields_of, points_of, source_of
from services.gateway.pages.looks import Look, look
from services.gateway.pages.reader import Json, Reader
from services.gateway.pages.timeline import Day, timeline
from services.gateway.pages.waits import Wait, wait_of
from services.gateway.pages.why import Reason, why

OPEN = frozenset({"new", "in_work"})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the lead's way, with the time spent on it."""

    text: str
    state: Literal["done", "now", "bad", ""]


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Everything the card of a lead shows."""

    id: str
    number: int
    version: int
    name: str
    status: str
    status_text: str
    status_tone: str
    look: Look
    channel: str
    owner: Face | None
    wait: Wait | None
    actions: frozenset[str]
    moves: bool
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]
    points: tuple[Point, ...]
    fields: tuple[Fact, ...]
    source: tuple[Fact, ...]
    reasons: tuple[Reason, ...]
    days: tuple[Day, ...]
    inquiries: int
    call: str
    failed: tuple[str, ...]


def lead_page(
    lead: Json,
    inquiries: Sequence[Json],
    history: Sequence[Json],
    decisions: Sequence[Json],
    reader: Reader,
    *,
    failed: Sequence[str] = (),
    may: Collection[str] = (),
    moves: bool = False,
) -> LeadPage:
    """Return the page; `failed` names the parts whose owner did not answer, `may` and `moves` what he may do at all."""
    words = reader.words
    status = str(lead["status"])
    first = inquiries[-1] if inquiries else None
    last = inquiries[0] if inquiries else None
    points = points_of(lead, inquiries, reader)
    return LeadPage(
        id=str(lead["id"]),
        number=int(lead["number"]),
        version=int(lead["version"]),
        name=lead_name(lead, reader),
        status=status,
        status_text=words.t(f"status.{status}"),
        status_tone={"new": "accent", "in_work": "ok", "converted": "ok", "rejected": "bad"}.get(
            status, "warn"
        ),
        look=look(str(lead["kind"]), lead.get("channel"), reader),
        channel=str((lead.get("channel") or {}).get("name") or ""),
        owner=face_of(lead.get("responsible")),
        wait=wait_of(lead, reader) if status in OPEN else None,
        actions=_actions(lead) & frozenset(may),
        moves=moves,
        steps=_steps(lead, reader),
        facts=facts_of(lead, reader),
        points=points,
        fields=fields_of(last),
        source=source_of(first, reader),
        reasons=why((first or {}).get("decision"), decisions[-1] if decisions else None, reader),
        days=timeline(inquiries, history, reader, lead_id=str(lead["id"])),
        inquiries=int(lead.get("inquiries_count") or len(inquiries)),
        call=next((point.href for point in points if point.href.startswith("tel:")), ""),
        failed=tuple(failed),
    )


def _actions(lead: Json) -> frozenset[str]:
    """Return what the state allows; whether the reader may do it with this lead is its owner's decision.

    An answer can be noted while the client waits, and until there is a first one: claiming a lead ends the wait of
    its client, but is no answer to him.
    """
    status = str(lead["status"])
    allowed = {
        "new": ("claim", "hand-over", "reject", "mark-spam"),
        "in_work": ("give-back", "hand-over", "reject", "mark-spam"),
        "rejected": ("reopen",),
    }.get(status, ())
    answers = status in OPEN and (lead.get("waiting_since") or not lead.get("first_response_at"))
    return frozenset((*allowed, "answered") if answers else allowed)


def _steps(lead: Json, reader: Reader) -> tuple[Step, ...]:
    words = reader.words
    created, claimed = parse_time(lead["created_at"]), parse_time(lead.get("claimed_at"))
    closed = parse_time(lead.get("closed_at"))
    status = lead["status"]
    ends = claimed or closed
    spent = reader.formats.span((ends or reader.now) - created) if created else ""
    new = words.t("step.spent", name=words.t("status.new"), time=spent)
    if status == "new":
        return (Step(new, "now"), Step(words.t("status.in_work"), ""), Step(words.t("status.converted"), ""))
    work = words.t("status.in_work")
    if claimed:
        work = words.t("step.spent", name=work, time=reader.formats.span((closed or reader.now) - claimed))
    if status == "rejected":
        steps = [Step(new, "done"), *([Step(work, "done")] if claimed else [])]
        return (*steps, Step(words.t("status.rejected"), "bad"))
    last: Literal["now", ""] = "now" if status == "converted" else ""
    middle: Literal["done", "now"] = "done" if status == "converted" else "now"
    return (Step(new, "done"), Step(work, middle), Step(words.t("status.converted"), last))


def dialog_people(items: Sequence[Json]) -> tuple[tuple[str, Face, str], ...]:
    """Return the people and roles a lead may be handed to: form value, face, second line."""
    return tuple(
        (
            f"{item['type']}:{item['id']}",
            face(str(item["id"]), str(item["name"]), is_role=item["type"] == "role"),
            str(item.get("detail") or ""),
        )
        for item in items
    )
