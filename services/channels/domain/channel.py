"""A channel: one configured way in, its key, its business settings (S014, S022, S056, S066)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.channels.domain.errors import NoSuchKeyOfSettingsError, UnknownProviderError
from services.channels.domain.form_settings import check_form

Kind = Literal["form", "telephony", "mailbox", "vk", "telegram", "chat", "bitrix24", "manual"]
Strategy = Literal["everyone", "round_robin", "least_loaded"]
Repeat = Literal["attach", "new_lead", "new_deal"]
Mode = Literal["classic", "simple"]

PROVIDERS: dict[Kind, tuple[str, ...]] = {
    "form": ("generic", "tilda"),
    "telephony": ("generic", "mango", "megafon", "zadarma", "uis", "beeline", "twilio", "asterisk"),
    "mailbox": ("imap",),
    "vk": ("vk",),
    "telegram": ("telegram",),
    "chat": ("chat",),
    "bitrix24": ("bitrix24",),
    "manual": ("manual",),
}

_HOOKS: dict[Kind, str] = {
    "form": "/hooks/forms/{key}",
    "telephony": "/hooks/telephony/{key}",
    "vk": "/hooks/vk/{key}",
    "telegram": "/hooks/telegram/{key}",
    "chat": "/chat/{key}/widget.js",
    "bitrix24": "/rest/1/{key}/",
}

CHANGEABLE = frozenset(
    {
        "name",
        "status",
        "lead_source",
        "responsible",
        "strategy",
        "sticky",
        "repeat",
        "mode",
        "reason_required",
        "connection",
        "secrets",
    }
)


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for what comes in: an employee or a whole role (S057)."""

    type: Literal["employee", "role"]
    id: UUID


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in. `secrets` is ciphertext; `key` is the unguessable part of its address."""

    id: UUID
    kind: Kind
    provider: str
    name: str
    key: str
    created_at: datetime
    updated_at: datetime
    number: int = 0
    version: int = 1
    status: Literal["active", "disabled"] = "active"
    lead_source: bool = True
    responsible: Responsible | None = None
    strategy: Strategy = "everyone"
    sticky: bool = False
    repeat: Repeat = "attach"
    mode: Mode | None = None
    reason_required: bool = False
    connection: dict[str, Any] = field(default_factory=dict)
    secrets: str = ""

    def __post_init__(self) -> None:
        if self.provider not in PROVIDERS[self.kind]:
            raise UnknownProviderError(
                f"«{self.provider}» is not a provider of «{self.kind}»", allowed=PROVIDERS[self.kind]
            )

    @property
    def hook_path(self) -> str:
        """The path that the provider calls; empty where the channel is polled or typed by hand."""
        return _HOOKS.get(self.kind, "").format(key=self.key)

    def checked(self) -> "Channel":
        """Return the channel if its connection is as it should be; WrongConnectionError otherwise."""
        if self.kind == "form":
            check_form(self.connection)
        return self

    def change(self, settings: dict[str, Any], now: datetime) -> "Channel":
        """Return the channel with some settings changed and the next version."""
        unknown = settings.keys() - CHANGEABLE
        if unknown:
            raise NoSuchKeyOfSettingsError(f"not a setting of a channel: {', '.join(sorted(unknown))}")
        changed = replace(self, **settings, version=self.version + 1, updated_at=now)
        return changed.checked() if "connection" in settings else changed
