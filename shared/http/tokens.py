"""Signed tokens: who asks and what he may do, checked by every service itself."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi import Depends, Request

from shared.kernel.clock import utc_now
from shared.kernel.errors import ForbiddenError, UnauthorizedError

LIFETIME = timedelta(seconds=120)
AUDIENCE = "voronka"
_CACHED = 2_000
_OUR_CLOCK = jwt.types.Options(
    verify_exp=False, verify_iat=False, verify_nbf=False
)  # compared with `now` instead

Scope = Literal["own", "team", "all"]
_SCOPES = frozenset({"own", "team", "all"})


@dataclass(frozen=True)
class SigningKey:
    """The private key by which a unit signs its tokens; the seed is 32 bytes in base64."""

    issuer: str
    seed: str = field(repr=False)

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(self.seed))

    @property
    def public(self) -> str:
        """The public key in base64, as it stands in the ring of keys."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, subject: str, now: datetime, **claims: Any) -> str:
        """Return a token for `subject` (`employee:<id>` or `unit:<name>`) that lives for 120 s."""
        body = {
            **claims,
            "iss": self.issuer,
            "sub": subject,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(body, self._private, algorithm="EdDSA", headers={"kid": self.issuer})

    def own(self, now: datetime) -> str:
        """Return the unit's own token for calls between units."""
        return self.sign(f"unit:{self.issuer}", now, name=self.issuer)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an employee with roles and grants, or a unit."""

    kind: Literal["employee", "unit"]
    subject: str
    name: str
    roles: frozenset[UUID] = frozenset()
    heads: frozenset[UUID] = frozenset()
    grants: dict[str, Scope] = field(default_factory=dict)

    @property
    def employee_id(self) -> UUID:
        """The employee's id; ForbiddenError for a unit."""
        if self.kind != "employee":
            raise ForbiddenError("only an employee can do this")
        return UUID(self.subject)

    def require(self, target: str, action: str) -> Scope:
        """Return the scope in which the action is granted; ForbiddenError if it is not. Units may read all."""
        if self.kind == "unit" and action == "read":
            return "all"
        scope = self.grants.get(f"{target}.{action}")
        if scope is None:
            raise ForbiddenError(f"no right to {action} {target}")
        return scope

    def require_unit(self) -> None:
        """ForbiddenError unless a unit asks."""
        if self.kind != "unit":
            raise ForbiddenError("only for calls between units")


class KeyRing:
    """The public keys of all that sign tokens; verified tokens are remembered until they expire."""

    def __init__(self, keys: dict[str, Ed25519PublicKey]) -> None:
        self._keys = keys
        self._seen: dict[str, tuple[float, Principal]] = {}

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read `issuer:base64,issuer:base64`; ValueError when a key is not one."""
        pairs = [item.strip().partition(":") for item in value.split(",") if item.strip()]
        return cls(
            {name: Ed25519PublicKey.from_public_bytes(base64.b64decode(key)) for name, _, key in pairs}
        )

    def verify(self, token: str, now: datetime) -> Principal:
        """Return who the token speaks for; UnauthorizedError if it is wrong, unknown or expired."""
        known = self._seen.get(token)
        if known and known[0] > now.timestamp():
            return known[1]
        try:
            issuer = str(jwt.get_unverified_header(token).get("kid"))
            claims = jwt.decode(
                token,
                self._keys[issuer],
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=issuer,
                options=_OUR_CLOCK,
            )
            expires = float(claims["exp"])
            principal = _principal(issuer, claims)
        except (jwt.PyJWTError, AttributeError, KeyError, ValueError, TypeError) as error:
            raise UnauthorizedError from error
        if expires <= now.timestamp():
            raise UnauthorizedError
        if len(self._seen) > _CACHED:
            self._seen.clear()
        self._seen[token] = (expires, principal)
        return principal


def _principal(issuer: str, claims: dict[str, Any]) -> Principal:
    kind, _, subject = str(claims["sub"]).partition(":")
    if kind == "unit" and subject == issuer:
        return Principal("unit", subject, subject)
    if kind != "employee" or issuer != "staff":
        raise UnauthorizedError
    return Principal(
        "employee",
        str(UUID(subject)),
        str(claims.get("name", "")),
        frozenset(UUID(item) for item in claims.get("roles", ())),
        frozenset(UUID(item) for item in claims.get("heads", ())),
        {key: scope for key, scope in claims.get("grants", {}).items() if scope in _SCOPES},
    )


async def authenticated(request: Request) -> Principal:
    """FastAPI dependency: the principal of the request's bearer token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError
    ring: KeyRing = request.app.state.keys
    return ring.verify(token.strip(), utc_now())


Who = Annotated[Principal, Depends(authenticated)]
