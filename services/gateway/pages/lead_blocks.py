"""The blocks beside the timeline of a lead: facts, ways to reach the client, the form's fields, the source."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.language.formats import parse_time
from services.gateway.pages.faces import Face, face_of
from services.gateway.pages.looks import Look, look
from services.gateway.pages.reader import Json, Reader


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


def facts_of(lead: Json, reader: Reader) -> tuple[Fact, ...]:
    """Return what is known of the lead itself: channel, responsible, the times of its way."""
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


def points_of(lead: Json, inquiries: Sequence[Json], reader: Reader) -> tuple[Point, ...]:
    """Return the ways to reach the client, phones first."""
    words = reader.words
    found = [
        Point(
            "phone",
            reader.formats.phone(item),
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


def fields_of(inquiry: Json | None) -> tuple[Fact, ...]:
    """Return all fields of an inquiry in the order in which they came, the unmapped too."""
    rows = (inquiry or {}).get("fields") or ()
    return tuple(
        Fact(str(row.get("label") or row.get("name") or ""), str(row.get("value") or "")) for row in rows
    )


def source_of(inquiry: Json | None, reader: Reader) -> tuple[Fact, ...]:
    """Return whence the first inquiry came; only web addresses can be followed."""
    if inquiry is None:
        return ()
    words = reader.words
    rows = []
    for key in ("page_url", "referrer"):
        value = str(inquiry.get(key) or "")
        if value:
            safe = value if value.startswith(("https://", "http://")) else ""
            rows.append(Fact(words.t(f"source.{key}"), value, href=safe))
    rows += marks_of(inquiry)
    if inquiry.get("ip"):
        rows.append(Fact(words.t("source.ip"), str(inquiry["ip"])))
    return tuple(rows)


def marks_of(inquiry: Json) -> tuple[Fact, ...]:
    """Return the marks by which advertising is told apart."""
    return tuple(Fact(str(name), str(value)) for name, value in (inquiry.get("utm") or {}).items() if value)
