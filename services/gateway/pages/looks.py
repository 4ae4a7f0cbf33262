"""How channels look: icon, hue and word by the kind of the inquiry and of its channel."""

from dataclasses import dataclass

from services.gateway.pages.reader import Json, Reader


@dataclass(frozen=True, slots=True)
class Look:
    """Icon, hue class and the word for people who do not see icons."""

    icon: str
    hue: str
    label: str


_BY_CHANNEL = {"vk": ("brand-vk", "vk"), "telegram": ("brand-telegram", "telegram")}
_BY_KIND = {
    "call": ("phone-incoming", "call"),
    "missed": ("phone-x", "missed"),
    "callback": ("phone-incoming", "call"),
    "email": ("mail", "mail"),
    "message": ("message-circle", "chat"),
    "chat": ("message-circle", "chat"),
    "form": ("clipboard-text", "form"),
    "manual": ("pencil", "manual"),
}


def look(kind: str, channel: Json | None, reader: Reader) -> Look:
    """Return the look of an inquiry or lead of this kind that came by this channel."""
    channel_kind = str((channel or {}).get("kind", ""))
    if channel_kind in _BY_CHANNEL and kind in {"message", "chat"}:
        icon, hue = _BY_CHANNEL[channel_kind]
        return Look(icon, hue, reader.words.t(f"channel.{channel_kind}"))
    icon, hue = _BY_KIND.get(kind, _BY_KIND["manual"])
    return Look(icon, hue, reader.words.t(f"kind.{kind if kind in _BY_KIND else 'manual'}"))
