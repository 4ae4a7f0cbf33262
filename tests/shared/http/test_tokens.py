"""Signed tokens: only what the right unit signed, for us, in time, says who asks."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from fastapi import APIRouter

from shared.http.tokens import LIFETIME, KeyRing, Principal, SigningKey, Who
from shared.kernel.errors import ForbiddenError, UnauthorizedError
from tests.shared.http.asking import asked

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def new_key(issuer: str) -> SigningKey:
    """Return a signing key of a unit."""
    return SigningKey(issuer, base64.b64encode(secrets.token_bytes(32)).decode())


STAFF, LEADS, STRANGER = new_key("staff"), new_key("leads"), new_key("staff")
RING = f"staff:{STAFF.public},leads:{LEADS.public}"


@pytest.fixture
def ring() -> KeyRing:
    """Return a fresh ring with the keys of staff and leads."""
    return KeyRing.parse(RING)


def employee(key: SigningKey = STAFF, *, now: datetime = NOW, **claims: Any) -> str:
    """Return a token of an employee."""
    return key.sign(f"employee:{claims.pop('id', uuid4())}", now, **claims)


def test_an_employee_comes_with_his_name_roles_and_grants(ring: KeyRing) -> None:
    person, role, headed = uuid4(), uuid4(), uuid4()
    token = employee(
        id=person, name="Анна", roles=[str(role)], heads=[str(headed)], grants={"leads.read": "team"}
    )
    found = ring.verify(token, NOW)
    assert (found.kind, found.employee_id, found.name) == ("employee", person, "Анна")
    assert (found.roles, found.heads) == (frozenset({role}), frozenset({headed}))
    assert found.require("leads", "read") == "team"


def test_a_unit_reads_everything_and_changes_nothing(ring: KeyRing) -> None:
    found = ring.verify(LEADS.own(NOW), NOW)
    assert (found.kind, found.subject) == ("unit", "leads")
    assert found.require("anything", "read") == "all"
    found.require_unit()
    with pytest.raises(ForbiddenError):
        found.require("contacts", "edit")
    with pytest.raises(ForbiddenError):
        _ = found.employee_id


def test_an_employee_is_no_unit_and_has_only_what_was_granted(ring: KeyRing) -> None:
    found = ring.verify(employee(grants={"leads.read": "own"}), NOW)
    with pytest.raises(ForbiddenError):
        found.require_unit()
    with pytest.raises(ForbiddenError):
        found.require("contacts", "read")


def test_a_token_lives_for_two_minutes(ring: KeyRing) -> None:
    token = employee()
    assert ring.verify(token, NOW + LIFETIME - timedelta(seconds=1)).kind == "employee"
    with pytest.raises(UnauthorizedError):
        ring.verify(token, NOW + LIFETIME)


def test_a_remembered_token_expires_all_the_same(ring: KeyRing) -> None:
    token = employee()
    ring.verify(token, NOW)
    with pytest.raises(UnauthorizedError):
        ring.verify(token, NOW + timedelta(hours=1))


def test_a_clock_that_is_a_little_behind_the_signers_is_no_reason_to_refuse(ring: KeyRing) -> None:
    assert ring.verify(employee(), NOW - timedelta(seconds=30)).kind == "employee"


def test_only_staff_speaks_for_employees(ring: KeyRing) -> None:
    with pytest.raises(UnauthorizedError):
        ring.verify(employee(LEADS), NOW)


def test_a_unit_speaks_only_for_itself(ring: KeyRing) -> None:
    with pytest.raises(UnauthorizedError):
        ring.verify(LEADS.sign("unit:staff", NOW), NOW)


def test_a_stranger_under_a_known_name_is_refused(ring: KeyRing) -> None:
    with pytest.raises(UnauthorizedError):
        ring.verify(employee(STRANGER), NOW)


def forged(**changes: Any) -> str:
    """Return a token of staff with some claims or headers changed; None takes one away."""
    headers = {"kid": changes.pop("kid", "staff")}
    claims = {
        "iss": "staff",
        "sub": f"employee:{uuid4()}",
        "aud": "voronka",
        "iat": NOW,
        "exp": NOW + LIFETIME,
    }
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(claims, STAFF._private, algorithm="EdDSA", headers=headers)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody else"},
        {"aud": None},
        {"iss": "leads"},
        {"iss": None},
        {"kid": "leads"},
        {"kid": "nobody"},
        {"exp": None},
        {"exp": "tomorrow"},
        {"sub": None},
        {"sub": "employee:me"},
        {"sub": "admin"},
        {"sub": 5},
        {"roles": ["x"]},
        {"roles": 5},
        {"grants": ["leads.read"]},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(ring: KeyRing, changes: dict[str, Any]) -> None:
    with pytest.raises(UnauthorizedError):
        ring.verify(forged(**changes), NOW)


def test_the_same_token_without_a_change_is_accepted(ring: KeyRing) -> None:
    assert ring.verify(forged(), NOW).kind == "employee"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.ü.ß", "." * 500, "\x00", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(ring: KeyRing, token: str) -> None:
    with pytest.raises(UnauthorizedError):
        ring.verify(token, NOW)


def test_a_changed_letter_anywhere_is_refused(ring: KeyRing) -> None:
    token = employee()
    for place in range(0, len(token) - 1, 7):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(UnauthorizedError):
            ring.verify(token[:place] + other + token[place + 1 :], NOW)


def test_an_unsigned_token_is_refused(ring: KeyRing) -> None:
    claims = {"iss": "staff", "sub": f"employee:{uuid4()}", "aud": "voronka", "exp": NOW + LIFETIME}
    with pytest.raises(UnauthorizedError):
        ring.verify(jwt.encode(claims, key="", algorithm="none", headers={"kid": "staff"}), NOW)


def test_a_scope_that_does_not_exist_grants_nothing(ring: KeyRing) -> None:
    found = ring.verify(employee(grants={"leads.read": "everything", "leads.take": "own"}), NOW)
    assert found.grants == {"leads.take": "own"}


@pytest.mark.parametrize("value", ["staff", "staff:", "staff:AAAA", "staff:не ключ"])
def test_a_ring_with_a_wrong_key_cannot_be_read(value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        KeyRing.parse(value)


def test_the_seed_of_a_key_is_not_shown() -> None:
    assert STAFF.seed not in repr(STAFF)


router = APIRouter()


@router.get("/who")
async def who_asks(who: Who) -> str:
    """Say who asks."""
    return who.name


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "bearer\twrong"]
)
async def test_without_a_good_bearer_token_the_answer_is_401(ring: KeyRing, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    async with asked(router, ring=ring) as client:
        answer = await client.get("/who", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_with_a_good_bearer_token_the_route_knows_who_asks(ring: KeyRing) -> None:
    token = employee(now=datetime.now(UTC), name="Анна")
    async with asked(router, ring=ring) as client:
        answer = await client.get("/who", headers={"authorization": f"bearer {token}"})
    assert answer.json() == "Анна"


def test_a_principal_is_who_the_token_says() -> None:
    person = Principal("employee", str(uuid4()), "Анна")
    assert isinstance(person.employee_id, UUID)
