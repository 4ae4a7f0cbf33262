"""One timeline of a lead: inquiries and transitions, newest first, under the headings of their days."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from services.gateway.language.formats import parse_time
from services.gateway.pages.lead_blocks import Fact, fields_of, marks_of
from services.gateway.pages.looks import look
from services.gateway.pages.reader import Json, Reader

_LONGEST_CONFLICT = 500
_MARKS = {
    "created": ("user-plus", "accent"),
    "claimed": ("check", "ok"),
    "answered": ("circle-check-filled", "ok"),
    "answer_taken_back": ("arrow-back-up", "warn"),
    "given_back": ("arrow-back-up", "warn"),
    "handed_over": ("arrows-exchange", "accent"),
    "assigned": ("user-check", "accent"),
    "rejected": ("ban", "bad"),
    "reopened": ("refresh", "warn"),
    "moved": ("route", "warn"),
}
_HIDDEN = {"attached"}  # the inquiry itself stands in the timeline


@dataclass(frozen=True, slots=True)
class Conflict:
    """What came once more under the same number and said something else."""

    text: str
    phones: tuple[Fact, ...]
    """Its phones, each with the address that dials it."""
    said: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: an inquiry in a box or a transition in one line."""

    at: datetime
    time: str
    icon: str
    hue: str = ""
    tone: str = ""
    title: str = ""
    note: str = ""
    text: str = ""
    reason: str = ""
    details: tuple[str, ...] = ()
    inquiry_id: str = ""
    href: str = ""
    """Where a transition leads: the other lead of an inquiry that was moved."""
    fields: tuple[Fact, ...] = ()
    """Everything that the form held, in the order in which it came, and its marks of the source."""
    why: str = ""
    """Why the inquiry is in this lead."""
    whole: str = ""
    """The address of the whole text where only its beginning is here."""
    conflicts: tuple[Conflict, ...] = ()
    files: tuple[Fact, ...] = ()
    """The files that came with the inquiry, each with the address that gives it."""


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day."""

    heading: str
    entries: tuple[Entry, ...] = field(default=())


def timeline(
    inquiries: Sequence[Json], history: Sequence[Json], reader: Reader, *, lead_id: str = ""
) -> tuple[Day, ...]:
    """Return the days of the timeline of a lead."""
    entries = [_inquiry(item, reader) for item in inquiries]
    entries += [_transition(item, reader, lead_id) for item in history if item["kind"] not in _HIDDEN]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return tuple(
        Day(heading, tuple(group))
        for heading, group in groupby(
            entries, key=lambda entry: reader.formats.day_heading(entry.at, reader.now)
        )
    )


def _inquiry(item: Json, reader: Reader) -> Entry:
    at = parse_time(item.get("received_at")) or reader.now
    happened = parse_time(item.get("occurred_at")) or at
    seen = look(str(item["kind"]), item.get("channel"), reader)
    details = []
    if item.get("page_url"):
        details.append(str(item["page_url"]))
    if abs((at - happened).total_seconds()) > 60:  # noqa: PLR2004 - a minute of delay is worth saying
        details.append(reader.words.t("timeline.happened", time=reader.formats.moment(happened, reader.now)))
    if item.get("suspected_spam"):
        details.append(reader.words.t("timeline.suspected"))
        reasons = [f"timeline.suspected.{reason}" for reason in item.get("spam_reasons") or ()]
        details += [reader.words.t(key) for key in reasons if reader.words.has(key)]
    sender = str((item.get("sender") or {}).get("name") or "") or seen.label
    channel = str((item.get("channel") or {}).get("name") or seen.label)
    return Entry(
        at=at,
        time=reader.formats.time(at),
        icon=seen.icon,
        hue=seen.hue,
        title=sender,
        note=channel,
        text=str(item.get("text") or "") or reader.words.t("timeline.no_text"),
        details=tuple(details),
        inquiry_id=str(item["id"]),
        fields=(*fields_of(item), *marks_of(item)),
        why=_why(item, reader),
        whole=f"/leads/{item['lead_id']}/inquiries/{item['id']}/text" if item.get("text_key") else "",
        conflicts=tuple(_conflict(other, reader) for other in item.get("conflicts") or ()),
        files=_files(item, reader),
    )


def _conflict(other: Json, reader: Reader) -> Conflict:
    """Return what came under the same id and said something else."""
    sender = other.get("sender") or {}
    at = parse_time(other["received_at"]) or reader.now
    parts = (sender.get("name"), *(sender.get("emails") or ()), other.get("text"))
    return Conflict(
        text=reader.words.t("timeline.conflict", time=reader.formats.moment(at, reader.now)),
        phones=tuple(
            Fact("", reader.formats.phone(str(phone)), href=f"tel:{str(phone).partition(';')[0]}")
            for phone in sender.get("phones") or ()
        ),
        said=", ".join(str(part) for part in parts if part)[:_LONGEST_CONFLICT],
    )


def _files(item: Json, reader: Reader) -> tuple[Fact, ...]:
    base = f"/leads/{item['lead_id']}/inquiries/{item['id']}/attachments"
    return tuple(
        Fact(
            str(file["name"]),
            _size(int(file["size"]), reader),
            href=f"{base}/{number}",
        )
        for number, file in enumerate(item.get("attachments") or (), 1)
    )


def _size(size: int, reader: Reader) -> str:
    """Return a size as people read it: whole kilobytes, from 1 024 of them on megabytes with one digit."""
    kilobytes = -(-size // 1024)
    if kilobytes < 1024:  # noqa: PLR2004 - of kilobytes in a megabyte
        return reader.words.t("lead.feed.size", size=str(kilobytes))
    return reader.words.t("lead.feed.size.mb", size=reader.formats.decimal(kilobytes / 1024))


def _why(item: Json, reader: Reader) -> str:
    key = f"rule.{(item.get('decision') or {}).get('rule')}.text"
    return reader.words.t(key) if reader.words.has(key) else ""


def _transition(item: Json, reader: Reader, lead_id: str) -> Entry:
    words = reader.words
    at = parse_time(item["at"]) or reader.now
    kind = str(item["kind"])
    icon, tone = _MARKS.get(kind, ("history", ""))
    data = item.get("data") or {}
    target = data.get("to") or data.get("responsible") or {}
    name = str(target.get("name") or "") if isinstance(target, dict) else ""
    way, href = _moved(data, lead_id) if kind == "moved" else (_way(data, name), "")
    key = f"history.{kind}.{way}" if way and words.has(f"history.{kind}.{way}") else f"history.{kind}"
    actor = item.get("actor") or {}
    who = str(actor.get("name") or "") if actor.get("type") == "employee" else words.t("history.system")
    return Entry(
        at=at,
        time=reader.formats.time(at),
        icon=icon,
        tone=tone,
        title=words.t(key, name=name) if words.has(key) else kind,
        note=who,
        reason=str(item.get("reason") or ""),
        href=href,
    )


def _way(data: Json, name: str) -> str:
    """Return which of the sentences about a transition fits."""
    return "spam" if data.get("spam") else "to" if name else ""


def _moved(data: Json, lead_id: str) -> tuple[str, str]:
    """Return which way an inquiry was moved, seen from this lead, and the address of the lead at the other end."""
    source, target = str(data.get("from") or ""), str(data.get("to") or "")
    if not source or not target or lead_id not in {source, target}:
        return "", ""
    return ("away", f"/leads/{target}") if source == lead_id else ("here", f"/leads/{source}")
