"""The way back for a reader whose browser runs no scripts: a redirect with a message that is shown once."""

from fastapi import Response
from fastapi.responses import RedirectResponse

from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import cookies_of
from services.gateway.entrypoints.security import local_address
from services.gateway.entrypoints.visitors import Visitor


def sent_to(app: Gateway, who: Visitor, target: str, flash: Flash) -> Response:
    """Send a reader on to a page of ours, which shows the message."""
    response = RedirectResponse(target, status_code=303)
    cookies_of(app).put_flash(response, flash, who.session.token)
    return response


def sent_back(
    app: Gateway, who: Visitor, form: dict[str, str], home: str, flash: Flash, *, again: str = ""
) -> Response:
    """Send a reader where he came from, else home; `again` is the dialog that lacks something and is shown anew."""
    return sent_to(app, who, again or local_address(form.get("next"), default=home), flash)
