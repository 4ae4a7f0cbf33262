"""One dead letter, or one post in quarantine, with its body and its history."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.language.formats import parse_time
from services.gateway.pages.reader import Json, Reader
from services.gateway.pages.undelivered import BASE, Tab
from services.gateway.pages.undelivered_reasons import why_letter, why_post

_LONGEST_SHOWN = 100_000  # characters; no browser enjoys more in one block


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of what is known; `address` where it leads somewhere."""

    label: str
    value: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the history."""

    time: str
    icon: str
    tone: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UndeliveredOne:
    """The whole page; `act` and `drop` are empty once it is settled, `act` also where it could not succeed."""

    tab: Tab
    back: str
    title: str
    why: str
    reason: str
    facts: tuple[Fact, ...]
    same: tuple[Fact, ...]
    steps: tuple[Step, ...]
    body: str
    body_kind: str
    body_cut: bool
    headers: str
    act: str = ""
    drop: str = ""
    queue: str = ""
    """The queue of which all that wait can be thrown away with it."""


def letter_page(unit: str, item: Json, reader: Reader) -> UndeliveredOne:
    """Return the page of a dead letter."""
    words, waiting = reader.words, item["state"] == "waiting"
    address = f"{BASE}/dead-letters/{unit}/{item['id']}"
    kind, body, cut = _body(item["body"], reader) if item["state"] != "dropped" else ("", "", False)
    return UndeliveredOne(
        tab="dead-letters",
        back=f"{BASE}/dead-letters",
        title=str(item["topic"] or item["queue"]),
        why=why_letter(item, reader),
        reason=str(item["reason"]),
        facts=(
            Fact(words.t("undelivered.fact.unit"), words.t(f"undelivered.unit.{unit}")),
            Fact(words.t("undelivered.fact.queue"), str(item["queue"])),
            Fact(words.t("undelivered.fact.state"), words.t(f"undelivered.is.{item['state']}")),
            Fact(words.t("undelivered.fact.retries"), str(item["attempts"])),
            Fact(words.t("undelivered.fact.message"), str(item["message_id"] or "—")),
        ),
        same=tuple(
            Fact("", str(other), f"{BASE}/dead-letters/{unit}/{other}") for other in item["same_message"]
        ),
        steps=_steps(item["acts"], item["died_at"], words.t("undelivered.act.died"), reader),
        body=body,
        body_kind=kind,
        body_cut=cut,
        headers=_pretty(item["headers"]) if item["headers"] else "",
        act=f"{address}/replay" if waiting and not item["queue_gone"] else "",
        drop=f"{address}/drop" if waiting else "",
        queue=str(item["queue"]) if waiting else "",
    )


def post_page(item: Json, reader: Reader) -> UndeliveredOne:
    """Return the page of a post in quarantine."""
    words, waiting = reader.words, item["state"] == "new"
    address = f"{BASE}/quarantine/{item['id']}"
    kind, body, cut = _body(item, reader) if item["state"] != "dropped" else ("", "", False)
    channel = str(item["channel"]["name"] or words.t("undelivered.channel.unknown"))
    return UndeliveredOne(
        tab="quarantine",
        back=f"{BASE}/quarantine",
        title=channel,
        why=why_post(item, reader),
        reason=str(item["reason"]),
        facts=(
            Fact(words.t("undelivered.fact.state"), words.t(f"undelivered.is.{item['state']}")),
            Fact(words.t("undelivered.fact.tries"), str(item["attempts"])),
            Fact(words.t("undelivered.fact.type"), str(item["content_type"] or "—")),
            Fact(words.t("undelivered.fact.address"), str(item["ip"] or "—")),
            Fact(words.t("undelivered.fact.inquiry"), str(item["id"])),
        ),
        same=(),
        steps=_steps(item["acts"], item["received_at"], words.t("undelivered.act.received"), reader),
        body=body,
        body_kind=kind,
        body_cut=cut,
        headers=_pretty(item["headers"]) if item["headers"] else "",
        act=f"{address}/translate-again" if waiting else "",
        drop=f"{address}/drop" if waiting else "",
    )


_MARKS = {
    "replayed": ("refresh", "accent"),
    "asked": ("refresh", "accent"),
    "failed": ("alert-triangle", "warn"),
    "dropped": ("x", "bad"),
}


def _steps(acts: list[Json], begun: str, first: str, reader: Reader) -> tuple[Step, ...]:
    found = [Step(_time(begun, reader), "alert-triangle", "warn", first)]
    for act in acts:
        icon, tone = _MARKS.get(act["kind"], ("history", ""))
        key = f"undelivered.act.{act['kind']}"
        text = reader.words.t(key, name=act["by"]) if reader.words.has(key) else str(act["kind"])
        found.append(Step(_time(act["at"], reader), icon, tone, text, str(act.get("reason") or "")))
    return tuple(reversed(found))


def _time(value: str, reader: Reader) -> str:
    return reader.formats.full(parse_time(value) or reader.now)


def _body(body: Mapping[str, Any], reader: Reader) -> tuple[str, str, bool]:
    """Return what kind the body is, how it is shown, and whether only its beginning is."""
    if "json" in body:
        kind, text = "json", _pretty(body["json"])
    elif body.get("text") is not None:
        kind, text = "text", str(body["text"])
    else:
        kind, text = "base64", str(body.get("base64") or "")
    return reader.words.t(f"undelivered.body.{kind}"), text[:_LONGEST_SHOWN], len(text) > _LONGEST_SHOWN


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
