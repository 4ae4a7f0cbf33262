"""What a pasted body would become, on the wire."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel

from connectors.forms.providers.generic.files import File
from connectors.forms.providers.generic.understood import Understood

_MOST_TAKEN = 500


class TriedField(BaseModel):
    """A field that would be shown as it came."""

    name: str
    label: str
    value: str


class TriedFile(BaseModel):
    """A file that would be stored."""

    field: str
    name: str
    content_type: str
    size: int


class Taken(BaseModel):
    """What a field of the form is taken for; `name` is what a mapping would call it."""

    name: str
    meaning: str


class Tried(BaseModel):
    """The inquiry that would come of a body; `event_key` makes its repeats one inquiry, empty when nothing does."""

    is_probe: bool = False
    name: str = ""
    phones: list[str] = []
    emails: list[str] = []
    vk_id: str | None = None
    telegram_id: str | None = None
    subject: str = ""
    text: str = ""
    fields: list[TriedField] = []
    utm: dict[str, str] = {}
    page_url: str = ""
    referrer: str = ""
    event_key: str = ""
    suspected_spam: bool = False
    spam_reasons: list[str] = []
    files: list[TriedFile] = []
    taken: list[Taken] = []

    @classmethod
    def of(
        cls, said: Understood, event_key: str, files: Sequence[File], taken: Sequence[tuple[str, str]]
    ) -> Self:
        """Return what was understood."""
        plain = {name: getattr(said, name) for name in cls.model_fields if hasattr(said, name)}
        found = {
            "fields": [TriedField(name=one.name, label=one.label, value=one.value) for one in said.fields],
            "event_key": event_key,
            "files": [
                TriedFile(
                    field=one.field, name=one.name, content_type=one.content_type, size=len(one.content)
                )
                for one in files
            ],
            "taken": [Taken(name=name, meaning=meaning) for name, meaning in taken[:_MOST_TAKEN]],
        }
        return cls(**{**plain, **found})
