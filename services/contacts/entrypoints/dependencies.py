"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.contacts.bootstrap import Contacts


def composed(request: Request) -> Contacts:
    """Return the composed application."""
    app: Contacts = request.app.state.app
    return app


App = Annotated[Contacts, Depends(composed)]
