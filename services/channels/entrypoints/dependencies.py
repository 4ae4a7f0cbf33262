"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.channels.bootstrap import Channels


def composed(request: Request) -> Channels:
    """Return the composed application."""
    app: Channels = request.app.state.app
    return app


App = Annotated[Channels, Depends(composed)]
