"""Who is at a page: a signed-in employee with his rights, or somebody of whom nothing is known."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from services.gateway.adapters.sessions import Session
from services.gateway.application.act_on_lead import Action, offered
from services.gateway.application.move_inquiry import RIGHT
from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import page_of, words_of
from services.gateway.entrypoints.cookies import THEME
from services.gateway.language.formats import Formats
from services.gateway.pages.filters import ASSIGNED, Assigned
from services.gateway.pages.reader import Reader
from services.gateway.pages.shell import Shell, shell, theme_of
from shared.http.tokens import Scope
from shared.kernel.errors import ForbiddenError

_WIDTH: dict[Scope, int] = {"own": 1, "team": 2, "all": 3}


def anonymous(request: Request, app: Gateway) -> Reader:
    """Return a reader of whom nothing is known."""
    words = words_of(request)
    return Reader("", words, Formats(words, app.known.company.value.zone), app.clock())


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in employee at a page."""

    session: Session
    me: dict[str, Any]
    reader: Reader

    @property
    def token(self) -> str:
        """The signed token under which the owners are asked."""
        return self.session.signed

    @property
    def may(self) -> frozenset[Action]:
        """What he may do with leads at all."""
        return offered(self.session.principal.grants)

    @property
    def moves(self) -> bool:
        """Whether he may move inquiries between leads at all."""
        return RIGHT in self.session.principal.grants

    @property
    def scopes(self) -> tuple[Assigned, ...]:
        """Whose leads he may look at; ForbiddenError when he may not read leads."""
        scope = self.session.principal.grants.get("leads.read")
        if scope is None:
            raise ForbiddenError
        return ASSIGNED[: _WIDTH[scope]]

    @property
    def administers(self) -> bool:
        """Whether he may edit roles, by which he could give himself any right."""
        return "roles.edit" in self.session.principal.grants

    def shell(self, request: Request, here: str, *, fresh: int = 0) -> Shell:
        """Return the frame of his page."""
        return shell(
            self.me,
            theme=theme_of(request.cookies.get(THEME)),
            session_token=self.session.token,
            here=here,
            address=page_of(request),
            fresh=fresh,
            administers=self.administers,
        )
