"""Avatars: initials on one of six pale tones, fixed by person."""

import zlib
from dataclasses import dataclass

from services.gateway.pages.reader import Json

TONES = 6


@dataclass(frozen=True, slots=True)
class Face:
    """A person or a role as small pages show it."""

    id: str
    name: str
    initials: str
    tone: int
    is_role: bool = False


def initials(name: str) -> str:
    """Return up to two capital letters of a name; quotes and legal forms do not count."""
    words = [word.strip("«»\"'()") for word in name.split()]
    letters = [
        word[0] for word in words if word and word[0].isalnum() and word not in {"ООО", "АО", "ИП", "ПАО"}
    ]
    return "".join(letters[:2]).upper() or "?"


def face(identity: str, name: str, *, is_role: bool = False) -> Face:
    """Return the face of somebody."""
    return Face(identity, name, initials(name), zlib.crc32(identity.encode()) % TONES + 1, is_role)


def face_of(who: Json | None) -> Face | None:
    """Return the face of `{type, id, name}`, None for nobody."""
    if not who or not who.get("id"):
        return None
    return face(str(who["id"]), str(who.get("name") or "?"), is_role=who.get("type") == "role")
