"""How a reader wants his pages: theme and language."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.entrypoints.cookies import LANGUAGE, THEME
from services.gateway.entrypoints.dependencies import App, Posted, cookies_of
from services.gateway.entrypoints.security import local_address, require_own_origin
from services.gateway.language.catalogue import LANGUAGES
from services.gateway.pages.shell import THEMES

router = APIRouter(include_in_schema=False)


@router.post("/preferences")
async def keep_preferences(request: Request, app: App, form: Posted) -> Response:
    """Keep theme or language in a cookie; nobody has to be signed in, and nothing but looks can change."""
    require_own_origin(request, app.settings.public_url)
    response = RedirectResponse(local_address(form.get("next")), status_code=303)
    cookies = cookies_of(app)
    if form.get("theme") in THEMES:
        cookies.put_preference(response, THEME, form["theme"])
    if form.get("language") in LANGUAGES:
        cookies.put_preference(response, LANGUAGE, form["language"])
    return response
