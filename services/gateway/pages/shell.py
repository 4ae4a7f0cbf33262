"""The frame around a page: who is at work, in which theme and language, and the link to the live stream."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.gateway.pages.faces import Face, face
from services.gateway.pages.reader import Json

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of a signed-in reader shows around itself."""

    user: Face
    subtitle: str
    login: str
    theme: Theme
    csrf: str
    here: str
    address: str
    fresh: int = 0
    team: bool = False
    administers: bool = False


def theme_of(value: str | None) -> Theme:
    """Return the theme of a cookie; by the system when it names none of ours."""
    return next((theme for theme in THEMES if theme == value), "auto")


def csrf_token(session_token: str) -> str:
    """Return the token that unsafe requests of this session carry: only who reads our pages knows it."""
    return hmac.new(session_token.encode(), b"voronka csrf", hashlib.sha256).hexdigest()[:40]


def shell(
    me: Json,
    *,
    theme: Theme,
    session_token: str,
    here: str,
    address: str,
    fresh: int = 0,
    administers: bool = False,
) -> Shell:
    """Return the frame for this employee."""
    roles: Sequence[Json] = me.get("roles") or ()
    return Shell(
        user=face(str(me["id"]), str(me["name"])),
        subtitle=", ".join(str(role["name"]) for role in roles) or str(me.get("email") or ""),
        login=str(me.get("login") or ""),
        theme=theme,
        csrf=csrf_token(session_token),
        here=here,
        address=address,
        fresh=fresh,
        administers=administers,
    )
