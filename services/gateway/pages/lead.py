"""The card of one lead: header, facts, contact points, the form's fields, source, reasons, timeline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from services.gateway.language import formats
from services.gateway.language.formats import parse_time
from services.gateway.pages.card import Wait, lead_name, wait_of
from services.gateway.pages.faces import Face, face, face_of
from services.gateway.pages.looks import Look, look
from services.gateway.pages.reader import Json, Reader
from services.gateway.pages.timeline import Day, timeline
from services.gateway.pages.why import Reason, why

OPEN = frozenset({"new", "in_work"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a block: label and value, with an address where the value leads somewhere."""

    label: str
    value: str
    href: str = ""
    look: Look | None = None
    face: Face | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A way to reach the client."""

    icon: str
    value: str
    label: str
    href: str
    action: str


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
) -> LeadPage:
    """Return the page; `failed` names the parts whose owner did not answer, `may` what the reader may do at all."""
    words = reader.words
    status = str(lead["status"])
    first = inquiries[-1] if inquiries else None
    last = inquiries[0] if inquiries else None
    points = _points(lead, inquiries, reader)
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
        actions=_actions(status) & frozenset(may),
        steps=_steps(lead, reader),
        facts=_facts(lead, reader),
        points=points,
        fields=_fields(last),
        source=_source(first, reader),
        reasons=why((first or {}).get("decision"), decisions[-1] if decisions else None, reader),
        days=timeline(inquiries, history, reader),
        inquiries=int(lead.get("inquiries_count") or len(inquiries)),
        call=next((point.href for point in points if point.href.startswith("tel:")), ""),
        failed=tuple(failed),
    )


def _actions(status: str) -> frozenset[str]:
    """Return what the state allows; whether the reader may do it with this lead is its owner's decision."""
    return frozenset(
        {
            "new": ("claim", "hand-over", "reject"),
            "in_work": ("give-back", "hand-over", "reject"),
            "rejected": ("reopen",),
        }.get(status, ())
    )


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


def _facts(lead: Json, reader: Reader) -> tuple[Fact, ...]:
    words, show = reader.words, reader.formats
    seen = look(str(lead["kind"]), lead.get("channel"), reader)
    owner = face_of(lead.get("responsible"))
    rows = [
        Fact(words.t("fact.channel"), str((lead.get("channel") or {}).get("name") or seen.label), look=seen),
        Fact(words.t("fact.responsible"), owner.name if owner else words.t("lead.nobody"), face=owner),
    ]
    for key, field in (
        ("created", "created_at"),
        ("claimed", "claimed_at"),
        ("response", "first_response_at"),
        ("closed", "closed_at"),
    ):
        at = parse_time(lead.get(field))
        if at is not None:
            rows.append(Fact(words.t(f"fact.{key}"), show.full(at)))
    rejection = lead.get("rejection")
    if rejection:
        text = str(rejection.get("reason") or words.t("card.rejected"))
        comment = str(rejection.get("comment") or "")
        rows.append(Fact(words.t("fact.rejection"), f"{text}: {comment}" if comment else text))
    rows.append(Fact(words.t("fact.inquiries"), str(lead.get("inquiries_count") or 0)))
    return tuple(rows)


def _points(lead: Json, inquiries: Sequence[Json], reader: Reader) -> tuple[Point, ...]:
    words = reader.words
    found = [
        Point(
            "phone",
            formats.phone(item),
            words.t("point.phone"),
            f"tel:{item.partition(';')[0]}",
            words.t("action.call"),
        )
        for item in lead.get("phones") or ()
    ]
    found += [
        Point("mail", item, words.t("point.email"), f"mailto:{item}", words.t("action.write"))
        for item in lead.get("emails") or ()
    ]
    sender: Json = next((item["sender"] for item in inquiries if item.get("sender")), {})
    if sender.get("vk_id"):
        found.append(Point("brand-vk", f"id{sender['vk_id']}", words.t("point.vk"), "", ""))
    if sender.get("telegram_id"):
        found.append(Point("brand-telegram", str(sender["telegram_id"]), words.t("point.telegram"), "", ""))
    return tuple(found)


def _fields(inquiry: Json | None) -> tuple[Fact, ...]:
    """Return all fields of the last inquiry in the order in which they came, the unmapped too."""
    rows = (inquiry or {}).get("fields") or ()
    return tuple(
        Fact(str(row.get("label") or row.get("name") or ""), str(row.get("value") or "")) for row in rows
    )


def _source(inquiry: Json | None, reader: Reader) -> tuple[Fact, ...]:
    if inquiry is None:
        return ()
    words = reader.words
    rows = []
    for key in ("page_url", "referrer"):
        value = str(inquiry.get(key) or "")
        if value:
            safe = value if value.startswith(("https://", "http://")) else ""
            rows.append(Fact(words.t(f"source.{key}"), value, href=safe))
    for name, value in (inquiry.get("utm") or {}).items():
        if value:
            rows.append(Fact(str(name), str(value)))
    if inquiry.get("ip"):
        rows.append(Fact(words.t("source.ip"), str(inquiry["ip"])))
    return tuple(rows)


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
