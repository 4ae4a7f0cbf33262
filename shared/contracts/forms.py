"""What the forms connector tells channels, and channels whoever sets a form up: a body tried, a form to be put into a page."""

from pydantic import Field

from shared.contracts.base import Part


class TriedField(Part):
    """A field that would be shown as it came."""

    name: str
    label: str
    value: str


class TriedFile(Part):
    """A file that would be stored."""

    field: str
    name: str
    content_type: str
    size: int


class TakenFor(Part):
    """What a field of the form is taken for; `name` is what a mapping calls it."""

    name: str
    meaning: str


class FormTried(Part):
    """The inquiry that would come of a body; `event_key` makes its repeats one inquiry, empty when nothing does."""

    is_probe: bool = False
    name: str = ""
    phones: list[str] = Field(default_factory=list)
    emails: list[str] = Field(default_factory=list)
    vk_id: str | None = None
    telegram_id: str | None = None
    subject: str = ""
    text: str = ""
    fields: list[TriedField] = Field(default_factory=list)
    utm: dict[str, str] = Field(default_factory=dict)
    page_url: str = ""
    referrer: str = ""
    event_key: str = ""
    suspected_spam: bool = False
    spam_reasons: list[str] = Field(default_factory=list)
    files: list[TriedFile] = Field(default_factory=list)
    taken: list[TakenFor] = Field(default_factory=list)


class Snippet(Part):
    """A form to be put into a page, and the addresses that the page must be allowed to reach."""

    html: str
    script_url: str
    hook_url: str
