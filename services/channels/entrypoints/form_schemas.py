"""Trying a form and putting it into a page, on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.channels.entrypoints.schemas import Connection

_LONGEST_TEXT = 600_000
_LONGEST_TYPE = 500

Body = Annotated[str, StringConstraints(max_length=_LONGEST_TEXT)]


class Pasted(BaseModel):
    """A body as it is sent: as text, or in base64 where its bytes matter; `connection` in place of the saved one."""

    model_config = ConfigDict(extra="forbid")

    content_type: str = Field("", max_length=_LONGEST_TYPE)
    text: Body | None = None
    base64: Body | None = None
    connection: Connection | None = None

    @model_validator(mode="after")
    def one_body(self) -> "Pasted":
        """Accept one body only."""
        if (self.text is None) == (self.base64 is None):
            raise ValueError("either text or base64")
        return self


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


class TakenFor(BaseModel):
    """What a field of the form is taken for; `name` is what a mapping calls it."""

    name: str
    meaning: str


class FormTried(BaseModel):
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
    taken: list[TakenFor] = []


class Snippet(BaseModel):
    """A form to be put into a page, and the addresses that the page must be allowed to reach."""

    html: str
    script_url: str
    hook_url: str
