"""From the entries of a form to what it says: pure, in one pass, whatever the entries hold."""

import re
from collections.abc import Iterable, Mapping

from connectors.forms.providers.generic.addresses import add_marks, marks_of, web_address
from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import HONEYPOT, SERVICE, UNKNOWN, UTM, FieldTable
from connectors.forms.providers.generic.points import Points
from connectors.forms.providers.generic.shown import Shown
from connectors.forms.providers.generic.understood import Understood
from shared.kernel.contact_points import point
from shared.kernel.text import safe_text

_LONGEST_NAME = 300
_LONGEST_SUBJECT = 300
_LONGEST_ID = 200
_NAME_PARTS = ("name", "first_name", "middle_name", "last_name")
_NO_PHONES_IN = frozenset({"number", "tracking", "consent", "consent_version", "page", "referrer"})
_OUR_TRAP, _RENDERED_AT, _FILL_MS = "website", "form_rendered_at", "form_fill_ms"
_OUR_MARKS = frozenset({_RENDERED_AT, _FILL_MS})
_AS_IT_CAME = "field"
_RECORD_ID = re.compile(r"[0-9a-f]{24}")  # quiz builders number a post by the id of its record, under `_id`


def translate(
    entries: list[Entry],
    table: FieldTable,
    traps: Iterable[str] = (),
    mapping: Mapping[str, str] | None = None,
) -> Understood:
    """Return what the form says.

    `traps` are the channel's own hidden fields that robots fill, `mapping` is what its fields mean where the table
    does not know it or is wrong; names in both are in lower case.
    """
    return _Reading(table, frozenset(traps), mapping).read(entries)


def meanings(
    entries: list[Entry], table: FieldTable, mapping: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Return what each field is taken for, by its name; `field` where it is shown as it came."""
    reading = _Reading(table, frozenset(), mapping)
    return [(entry.name, reading.meaning(entry) or _AS_IT_CAME) for entry in entries]


class _Reading:
    """One form being read."""

    def __init__(self, table: FieldTable, traps: frozenset[str], mapping: Mapping[str, str] | None) -> None:
        self._table = table
        self._traps = traps
        self._mapping = mapping
        self._said = Understood()
        self._names: dict[str, str] = {}
        self._texts: list[str] = []
        self._points = Points()
        self._shown = Shown()

    def read(self, entries: list[Entry]) -> Understood:
        self._read_marks(entries)
        for entry in entries:
            self._take(entry)
        said = self._said
        said.name = self._whole_name()
        said.phones, said.emails = self._points.phones, self._points.emails
        said.fields = self._shown.fields
        said.text = "\n\n".join(self._texts) or self._shown.summary() or said.subject
        add_marks(said.utm, marks_of(said.page_url))
        return said

    def _whole_name(self) -> str:
        """Return the name put together of its parts, each word of it once."""
        words: list[str] = []
        for key in _NAME_PARTS:
            part = self._names.get(key, "")
            if part and part.lower() not in " ".join(words).lower():
                words.append(part)
        return " ".join(words)[:_LONGEST_NAME]

    def _read_marks(self, entries: list[Entry]) -> None:
        """Take the marks of our own script; the trap of its form has an everyday name."""
        marks = {entry.name: entry.value for entry in entries if entry.name in _OUR_MARKS}
        if marks:
            self._said.rendered_at, self._said.fill_ms = marks.get(_RENDERED_AT, ""), marks.get(_FILL_MS, "")
            self._traps |= {_OUR_TRAP}

    def meaning(self, entry: Entry) -> str:
        """Return what the field means: to the channel, by its name, by its label."""
        if self._mapping and (given := self._mapping.get(entry.name.strip().lower())):
            return UNKNOWN if given == _AS_IT_CAME else given
        meaning = self._table.meaning(entry.name)
        if meaning == UNKNOWN and entry.label and entry.label != entry.name:
            return self._table.meaning(entry.label)
        return meaning

    def _take(self, entry: Entry) -> None:
        if not entry.value:
            return
        meaning = self.meaning(entry)
        value = safe_text(entry.value).strip()
        if entry.name == "_id" and _RECORD_ID.fullmatch(value):
            meaning = "submission"
        if self._traps and entry.name.lower() in self._traps:
            meaning = HONEYPOT
        if not value or meaning == SERVICE:
            return
        if meaning == HONEYPOT:
            self._said.suspect(HONEYPOT)
        elif not self._place(meaning, value):
            self._show(entry, meaning, value)

    def _place(self, meaning: str, value: str) -> bool:
        """Put the value where it belongs; say whether nothing of it is left to be shown as a field."""
        if meaning == UNKNOWN:
            return False
        if meaning in {"phone", "email"}:
            return self._points.take(meaning, value)
        if meaning == "text":
            self._texts.append(value)
            self._points.search(value)
            return True
        if meaning in _NAME_PARTS:
            self._points.search(value)
            return self._names.setdefault(meaning, value) == value
        if meaning in {"vk", "telegram"}:
            self._take_social(meaning, value)
            return False
        return self._place_once(meaning, value)

    def _place_once(self, meaning: str, value: str) -> bool:
        """Put a value whose place holds only one; a second one, or one that does not fit, is shown as a field."""
        said = self._said
        if meaning.startswith(UTM):
            add_marks(said.utm, {meaning: value})
            return True
        if meaning == "subject" and not said.subject:
            said.subject = value[:_LONGEST_SUBJECT]
        elif meaning == "page" and not said.page_url and (address := web_address(value)):
            said.page_url = address
        elif meaning == "referrer" and not said.referrer and (address := web_address(value)):
            said.referrer = address
        elif meaning == "submission" and not said.submission_id:
            said.submission_id = value[:_LONGEST_ID]
        elif meaning == "redirect" and not said.redirect:
            said.redirect = value
        else:
            return False
        return True

    def _take_social(self, meaning: str, value: str) -> None:
        found = point(meaning, value)
        if found is None or self._points.is_phone(value):
            self._points.search(value)
        elif meaning == "vk":
            self._said.vk_id = self._said.vk_id or found.key
        else:
            self._said.telegram_id = self._said.telegram_id or found.key

    def _show(self, entry: Entry, meaning: str, value: str) -> None:
        if meaning not in _NO_PHONES_IN and meaning not in {"phone", "email", "vk", "telegram"}:
            self._points.search(value)
        label = entry.label or self._table.label(meaning) or entry.name
        self._shown.add(safe_text(entry.name), safe_text(label), value, meaning)
