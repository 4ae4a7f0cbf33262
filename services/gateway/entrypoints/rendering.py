"""Rendering: one template environment for each language, and what every template is given."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import BaseLoader, Environment, StrictUndefined

from services.gateway.adapters.assets import Assets
from services.gateway.application.act_on_lead import Action
from services.gateway.entrypoints.cookies import THEME, Cookies, Flash
from services.gateway.language import formats
from services.gateway.language.catalogue import CATALOGUES, Catalogue, LanguageCode
from services.gateway.pages.reader import Reader
from services.gateway.pages.shell import Shell, theme_of
from services.gateway.version import VERSION

_NOBODY_MAY: frozenset[Action] = frozenset()


class Renderer:
    """Turns view models into HTML."""

    def __init__(self, assets: Assets, cookies: Cookies, *, loader: BaseLoader, reload: bool = False) -> None:
        self._cookies = cookies
        self._environments = {
            language: _environment(words, assets, loader, reload=reload)
            for language, words in CATALOGUES.items()
        }

    def text(self, name: str, reader: Reader, **context: Any) -> str:
        """Return a rendered piece of a page."""
        template = self._environment(reader).get_template(name)
        return template.render(
            {
                "reader": reader,
                "lang": reader.words.language,
                "now": reader.now.isoformat(),
                "may": _NOBODY_MAY,
                **context,
            }
        )

    def part(self, name: str, reader: Reader, *, code: int = 200, **context: Any) -> HTMLResponse:
        """Answer with a piece of a page."""
        return HTMLResponse(self.text(name, reader, **context), code)

    def page(
        self,
        request: Request,
        name: str,
        reader: Reader,
        *,
        shell: Shell | None = None,
        code: int = 200,
        **context: Any,
    ) -> HTMLResponse:
        """Answer with a whole page; a message that waited for it is shown once."""
        flash = self._flash(request) if shell else None
        theme = theme_of(request.cookies.get(THEME))
        frame = {"shell": shell, "theme": theme, "flash": flash, "version": VERSION}
        response = self.part(name, reader, code=code, **frame, **context)
        if flash:
            self._cookies.drop_flash(response)
        return response

    def _flash(self, request: Request) -> Flash | None:
        return self._cookies.flash(request, self._cookies.session_token(request))

    def _environment(self, reader: Reader) -> Environment:
        return self._environments[reader.words.language]


def _environment(words: Catalogue, assets: Assets, loader: BaseLoader, *, reload: bool) -> Environment:
    environment = Environment(
        autoescape=True,
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=reload,
        cache_size=-1,
    )
    language: LanguageCode = words.language
    environment.globals.update(
        t=words.t,
        n=words.n,
        words=words,
        language=language,
        formats=formats,
        static=assets.address,
        sprite=assets.named("sprite.svg"),
    )
    return environment
