"""Who may what: the default matrix cell by cell, and every route as each kind of asker (S261-S265)."""

import pytest

from services.staff.domain.grants import ACTIONS, DEFAULT
from services.staff.service import SERVICE
from tests.services.asking import ASKERS, Asked, routes
from tests.services.staff.people import PASSWORD, built_in, exchange, new_employee, token_of

MATRIX = """
                 administrator  head   manager  dispatcher
leads.read       all            team   own      all
leads.take       all            team   own      -
leads.assign     all            team   own      all
leads.reject     all            team   own      all
leads.move       all            team   own      all
inquiries.read   all            team   own      all
contacts.read    all            all    all      all
contacts.edit    all            all    all      all
channels.read    all            all    all      all
channels.edit    all            -      -        -
employees.read   all            all    all      all
employees.edit   all            -      -        -
roles.read       all            all    all      all
roles.edit       all            -      -        -
reasons.read     all            all    all      all
reasons.edit     all            -      -        -
company.read     all            all    all      all
company.edit     all            -      -        -
"""

_ROLES, *_ROWS = (line.split() for line in MATRIX.strip().splitlines())
CELLS = [(role, row[0], row[1 + place]) for row in _ROWS for place, role in enumerate(_ROLES)]

SOMEBODY = "0190a1b2-0000-7000-8000-000000000001"
EVERYBODY_IN = {"administrator", "head", "manager", "dispatcher", "unit"}
ROUTES: dict[tuple[str, str], set[str]] = {
    ("POST", "/api/v1/session"): set(ASKERS),
    ("DELETE", "/api/v1/session"): set(ASKERS),
    ("GET", "/api/v1/me"): {"administrator", "head", "manager", "dispatcher", "nothing granted"},
    ("POST", "/internal/token-exchange"): {"unit"},
    ("GET", "/api/v1/employees"): EVERYBODY_IN,
    ("POST", "/api/v1/employees"): {"administrator"},
    ("GET", "/api/v1/employees/{employee_id}"): EVERYBODY_IN,
    ("PATCH", "/api/v1/employees/{employee_id}"): {"administrator"},
    ("GET", "/api/v1/roles"): EVERYBODY_IN,
    ("POST", "/api/v1/roles"): {"administrator"},
    ("GET", "/api/v1/roles/{role_id}"): EVERYBODY_IN,
    ("PATCH", "/api/v1/roles/{role_id}"): {"administrator"},
    ("GET", "/api/v1/company"): EVERYBODY_IN,
    ("PATCH", "/api/v1/company"): {"administrator"},
}
BODIES = {
    "/api/v1/session": {"login": "nobody", "password": "x"},
    "/internal/token-exchange": {"token": "x"},
    "/api/v1/employees": {"login": "admin", "name": "А"},
    "/api/v1/roles": {"name": "А", "head_id": SOMEBODY},
}


def test_the_matrix_names_every_right_and_every_role() -> None:
    assert {row[0] for row in _ROWS} == {
        f"{target}.{action}" for target, do in ACTIONS.items() for action in do
    }
    assert set(_ROLES) == set(DEFAULT)


@pytest.mark.feature("S261")
@pytest.mark.feature("S263")
@pytest.mark.parametrize(("role", "right", "scope"), CELLS)
async def test_a_cell_of_the_default_matrix(staff: Asked, role: str, right: str, scope: str) -> None:
    assert (await built_in(staff, role))["grants"].get(right, "-") == scope


@pytest.mark.parametrize("role", _ROLES)
async def test_a_member_gets_exactly_the_rights_of_his_role(staff: Asked, role: str) -> None:
    found = await built_in(staff, role)
    employee = await new_employee(staff, role_ids=[found["id"]], password=PASSWORD)
    token = (await exchange(staff, await token_of(staff, employee["login"]))).json()["access_token"]
    me = await staff.ask("GET", "/api/v1/me", asker="nobody", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["grants"] == found["grants"]


def test_every_route_is_in_the_table() -> None:
    assert routes(SERVICE) == set(ROUTES)


@pytest.mark.feature("S262")
@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_route_is_open_to_whom_it_should_be(staff: Asked, method: str, path: str, asker: str) -> None:
    real = path.format(employee_id=SOMEBODY, role_id=SOMEBODY)
    body = BODIES.get(path, {}) if method != "GET" else None
    answer = await staff.ask(method, real, body, asker=asker)
    refused = answer.status_code in {401, 403} and answer.json()["title"] in {"unauthorized", "forbidden"}
    if path == "/internal/token-exchange" and asker == "unit":
        assert answer.status_code == 401  # the opaque token is wrong, the asker is right
    elif asker in ROUTES[method, path]:
        assert not refused, answer.text
    else:
        assert answer.status_code == (401 if asker == "nobody" else 403), answer.text
