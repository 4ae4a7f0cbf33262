"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.staff.bootstrap import Staff


def composed(request: Request) -> Staff:
    """Return the composed application."""
    app: Staff = request.app.state.app
    return app


App = Annotated[Staff, Depends(composed)]
