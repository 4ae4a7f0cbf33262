"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.staff.bootstrap import Staff
from shared.http.client_address import CLIENT_ADDRESS, address_in, household
from shared.http.tokens import authenticated
from shared.kernel.errors import UnauthorizedError


def composed(request: Request) -> Staff:
    """Return the composed application."""
    app: Staff = request.app.state.app
    return app


App = Annotated[Staff, Depends(composed)]


async def client_address(request: Request) -> str:
    """Return what counts as one sender: the address that a unit passes on, else that of the peer."""
    address = address_in(request.headers.get(CLIENT_ADDRESS, ""))
    if not address or not await _is_from_unit(request):
        address = request.client.host if request.client else ""
    return household(address)


async def _is_from_unit(request: Request) -> bool:
    try:
        return (await authenticated(request)).kind == "unit"
    except UnauthorizedError:
        return False


ClientAddress = Annotated[str, Depends(client_address)]
