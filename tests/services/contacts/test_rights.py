"""Every route of contacts as each kind of asker (S262, S263)."""

import pytest

from services.contacts.service import SERVICE
from tests.services.asking import ASKERS, Asked, routes

CONTACTS = "/api/v1/contacts"
SOMEBODY = "0190a1b2-0000-7000-8000-000000000001"
READERS = {"administrator", "head", "manager", "dispatcher", "unit"}
WRITERS = READERS - {"unit"}
ROUTES: dict[tuple[str, str], set[str]] = {
    ("GET", CONTACTS): READERS,
    ("POST", CONTACTS): WRITERS,
    ("GET", "/api/v1/contacts/{contact_id}"): READERS,
    ("PATCH", "/api/v1/contacts/{contact_id}"): WRITERS,
}


def test_every_route_is_in_the_table() -> None:
    assert routes(SERVICE) == set(ROUTES)


@pytest.mark.feature("S262")
@pytest.mark.feature("S263")
@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_route_is_open_to_whom_it_should_be(
    contacts: Asked, method: str, path: str, asker: str
) -> None:
    body = {"name": "А", "points": [{"kind": "phone", "value": "нет"}]} if method != "GET" else None
    answer = await contacts.ask(method, path.format(contact_id=SOMEBODY), body, asker=asker)
    if asker in ROUTES[method, path]:
        assert answer.status_code in {200, 400, 404}, answer.text
    else:
        assert answer.status_code == (401 if asker == "nobody" else 403), answer.text
