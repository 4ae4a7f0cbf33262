"""«Почему сюда?»: rule, evidence, candidates and who was passed over for what reason (B06, B10)."""

from dataclasses import dataclass
from typing import Any, Literal

from services.gateway.pages.reader import Json, Reader

_STRANGERS = frozenset({"new", "repeat_new_lead"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the explanation."""

    icon: str
    tone: Literal["", "warn", "no"]
    text: str
    detail: str = ""
    href: str = ""


def why(decision: Json | None, made: Json | None, reader: Reader) -> tuple[Reason, ...]:
    """Return the explanation of a decision; `made` is its full record where it could be read."""
    if not decision and not made:
        return ()
    record = {**(decision or {}), **(made or {})}
    words = reader.words
    version = words.t(
        "why.rule", rule=record.get("title") or _rule(record, reader), version=record.get("rule_version", "?")
    )
    found = [Reason("circle-check-filled", "", _title(record, reader), version)]
    found += [_matched(item, record, reader) for item in record.get("matched") or ()]
    found += [Reason("circle-check-filled", "", _text(item, reader)) for item in record.get("evidence") or ()]
    found += _assignment(record.get("assignment"), reader)
    found += [_candidate(item, reader) for item in record.get("candidates") or ()]
    return tuple(found)


def _rule(record: Json, reader: Reader) -> str:
    rule = str(record.get("rule", ""))
    key = f"rule.{rule}"
    return reader.words.t(key) if reader.words.has(key) else rule


def _title(record: Json, reader: Reader) -> str:
    key = f"rule.{record.get('rule')}.text"
    return (
        reader.words.t(key) if reader.words.has(key) else str(record.get("title") or record.get("rule") or "")
    )


def _matched(item: Json, record: Json, reader: Reader) -> Reason:
    """Say by what point; a stranger's points matched nothing, they are what was looked for."""
    kind, value = str(item.get("kind", "")), str(item.get("value", ""))
    key = f"point.{kind}"
    name = reader.words.t(key) if reader.words.has(key) else kind
    shown = reader.formats.phone(f"+{value.removeprefix('+')}") if kind == "phone" else value
    said = "why.looked" if record.get("rule") in _STRANGERS else "why.matched"
    return Reason("circle-check-filled", "", reader.words.t(said, kind=name.lower()), shown)


def _text(item: Any, reader: Reader) -> str:
    if isinstance(item, str):
        return item
    for key in ("text", "title", "detail", "reason"):
        if item.get(key):
            return str(item[key])
    what = str(item.get("what", ""))
    if reader.words.has(f"evidence.{what}"):
        return reader.words.t(f"evidence.{what}")
    kind, value = item.get("kind", ""), item.get("value", "")
    name = reader.words.t(f"point.{kind}") if reader.words.has(f"point.{kind}") else str(kind)
    return f"{name}: {value}" if value else name


def _assignment(assignment: Json | None, reader: Reader) -> list[Reason]:
    if not assignment:
        return []
    words = reader.words
    strategy = str(assignment.get("strategy", ""))
    key = f"strategy.{strategy}"
    chosen = assignment.get("chosen")
    name = str(chosen.get("name") or "") if isinstance(chosen, dict) else str(chosen or "")
    candidates = assignment.get("candidates") or ()
    if not name:
        name = ""
    else:
        name = next((str(item["name"]) for item in candidates if str(item.get("id")) == name), name)
    text = words.t(key) if words.has(key) else strategy
    found = [
        Reason(
            "circle-check-filled",
            "",
            words.t("why.assigned", name=name) if name else words.t("why.everyone"),
            text,
        )
    ]
    for item in candidates:
        if item.get("excluded"):
            reason = str(item["excluded"])
            shown = words.t(f"excluded.{reason}") if words.has(f"excluded.{reason}") else reason
            found.append(Reason("user", "no", words.t("why.excluded", name=item.get("name", "")), shown))
    return found


def _candidate(item: Json, reader: Reader) -> Reason:
    name = str(item.get("name") or item.get("title") or item.get("value") or item.get("id") or "")
    detail = str(item.get("reason") or item.get("detail") or reader.words.t("why.rival.detail"))
    href = f"/leads/{item['id']}" if item.get("type") == "lead" and item.get("id") else ""
    return Reason("alert-triangle", "warn", reader.words.t("why.rival", name=name), detail, href)
