"""The cookies of the gateway: the session, how pages look, and a message for the next page."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson
from fastapi import Request, Response

THEME = "voronka-theme"
LANGUAGE = "voronka-language"
FLASH = "voronka-flash"

_YEAR_S = 365 * 24 * 3600
_FLASH_S = 30
_LONGEST_FLASH = 500

Tone = Literal["ok", "bad"]


@dataclass(frozen=True, slots=True)
class Flash:
    """What the next page says about what was just done."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Cookies:
    """Sets and reads cookies; over https the session's name binds it to this host."""

    secure: bool

    @property
    def session(self) -> str:
        """The name of the session cookie."""
        return "__Host-voronka" if self.secure else "voronka"

    def session_token(self, request: Request) -> str:
        """Return the opaque token that the browser holds, or an empty text."""
        return request.cookies.get(self.session, "")

    def put_session(self, response: Response, token: str, until: datetime | None) -> None:
        """Keep the token in the browser: until then, or until it is closed."""
        response.set_cookie(
            self.session, token, expires=until, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def drop_session(self, response: Response) -> None:
        """Take the token out of the browser."""
        response.delete_cookie(self.session, path="/", secure=self.secure, httponly=True, samesite="lax")

    def put_preference(self, response: Response, name: str, value: str) -> None:
        """Keep how the reader wants his pages."""
        response.set_cookie(
            name, value, max_age=_YEAR_S, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def put_flash(self, response: Response, flash: Flash, session_token: str) -> None:
        """Keep a message for the next page, signed for this session."""
        sealed = base64.urlsafe_b64encode(orjson.dumps([flash.tone, flash.text[:_LONGEST_FLASH]])).decode()
        response.set_cookie(
            FLASH,
            f"{sealed}.{_sign(sealed, session_token)}",
            max_age=_FLASH_S,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def flash(self, request: Request, session_token: str) -> Flash | None:
        """Return the message if it was signed for this session."""
        sealed, _, signature = request.cookies.get(FLASH, "").rpartition(".")
        if not sealed or not hmac.compare_digest(signature.encode(), _sign(sealed, session_token).encode()):
            return None
        tone, text = orjson.loads(base64.urlsafe_b64decode(sealed))
        return Flash(tone, text)

    def drop_flash(self, response: Response) -> None:
        """Forget the message: it was shown."""
        response.delete_cookie(FLASH, path="/", secure=self.secure, httponly=True, samesite="lax")


def _sign(text: str, session_token: str) -> str:
    return hmac.new(session_token.encode(), b"voronka flash" + text.encode(), hashlib.sha256).hexdigest()[:40]
