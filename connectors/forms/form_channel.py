"""A channel as this connector needs it, from the event or from the answer of channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, get_args
from urllib.parse import urlsplit
from uuid import UUID

from shared.contracts.channels import ChannelChanged, FormMeaning

KIND = "form"
TILDA = "tilda"
_MOST = 100
_ANY = "*"
_MEANINGS = frozenset(get_args(FormMeaning))
_LEAST_FILL_S = 2.0
_LONGEST_FILL_S = 3_600
_MOST_POSTS = 1_000_000
_LONGEST_VERSION = 100


@dataclass(frozen=True, slots=True)
class FormChannel:
    """One address that forms are sent to.

    `origins` are the sites that may post from a browser; None means any. `traps` are hidden fields of its own
    form, in lower case, that only robots fill. `mapping` is from its fields' names, in lower case, to what they mean.
    A form that took less than `least_fill_s` to fill in is suspected; 0 suspects none. `posts_per_minute` is 0 when
    the channel has no limit. `consent_version` names the text that its visitors agree to.
    """

    id: UUID
    version: int
    key: str
    provider: str
    is_active: bool
    origins: frozenset[str] | None = None
    redirect_url: str = ""
    traps: frozenset[str] = frozenset()
    mapping: Mapping[str, str] = field(default_factory=dict)
    least_fill_s: float = _LEAST_FILL_S
    posts_per_minute: int = 0
    consent_version: str = ""

    @classmethod
    def of(cls, event: ChannelChanged) -> Self:
        """Return the channel of an event; settings that are not what they should be count as absent."""
        connection = event.connection
        return cls(
            id=event.channel_id,
            version=event.version,
            key=event.key,
            provider=event.provider,
            is_active=event.status == "active",
            origins=_origins(_texts(connection.get("origins"))),
            redirect_url=next(iter(_texts(connection.get("redirect_url"))), ""),
            traps=frozenset(name.lower() for name in _texts(connection.get("honeypot"))),
            mapping=_mapping(connection.get("mapping")),
            least_fill_s=_number(connection.get("min_fill_seconds"), _LONGEST_FILL_S, _LEAST_FILL_S),
            posts_per_minute=int(_number(connection.get("posts_per_minute"), _MOST_POSTS, 0)),
            consent_version=_text(connection.get("consent_version"))[:_LONGEST_VERSION],
        )

    @classmethod
    def unknown(cls, channel_id: UUID) -> Self:
        """Return a channel of which nothing is known any more, with the settings that one has by default."""
        return cls(channel_id, version=0, key="", provider="", is_active=False)

    @classmethod
    def of_answer(cls, answer: dict[str, Any]) -> Self:
        """Return the channel that channels described over HTTP; ValueError when it did not."""
        return cls.of(ChannelChanged.model_validate({**answer, "channel_id": answer.get("id")}))

    def lets(self, origin: str) -> bool:
        """Say whether a page of that origin may post."""
        return self.origins is None or origin.lower() in self.origins


def _texts(value: Any) -> list[str]:
    """Return a setting as a list of texts, whether it was given as one text with commas or as a list."""
    given = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(given, list):
        return []
    return [text for item in given[:_MOST] if isinstance(item, str) and (text := item.strip())]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any, most: float, otherwise: float) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most
    return value if fits else otherwise


def _mapping(value: Any) -> dict[str, str]:
    """Return what the fields mean by their names in lower case; a meaning that there is not counts as absent."""
    given = value if isinstance(value, dict) else {}
    return {name.strip().lower(): meaning for name, meaning in given.items() if meaning in _MEANINGS}


def _origins(given: list[str]) -> frozenset[str] | None:
    """Return the origins in the form in which browsers send them; a bare host means both schemes."""
    if not given or _ANY in given:
        return None
    found: set[str] = set()
    for item in given:
        for address in [item] if "://" in item else [f"https://{item}", f"http://{item}"]:
            found.add(origin_of(address))
    return frozenset(found - {""})


def origin_of(url: str) -> str:
    """Return scheme, host and port of an http(s) address, in lower case; empty when it has none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != default else "")
