"""Signing keys of all units for tests, and the tokens that come of them."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from uuid import UUID

from shared.http.tokens import Scope, SigningKey
from shared.kernel.clock import utc_now

UNITS = ("staff", "channels", "contacts", "leads", "gateway", "forms")


class TestKeys:
    """A key for each unit, new in every session."""

    __test__ = False

    def __init__(self) -> None:
        self._keys = {
            name: SigningKey(name, base64.b64encode(secrets.token_bytes(32)).decode()) for name in UNITS
        }
        self.secrets = f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}"
        """The ring of sealing keys, as `VORONKA_SECRET_KEYS` has it."""

    @property
    def ring(self) -> str:
        """The public keys, as `VORONKA_PUBLIC_KEYS` has them."""
        return ",".join(f"{name}:{key.public}" for name, key in self._keys.items())

    def seed(self, unit: str) -> str:
        """Return the unit's private key, as `<UNIT>_SIGNING_KEY` has it."""
        return self._keys[unit].seed

    def unit(self, name: str) -> dict[str, str]:
        """Return the headers of a request by a unit."""
        return _bearer(self._keys[name].own(utc_now()))

    def employee(
        self,
        employee: UUID,
        *,
        name: str = "Анна Смирнова",
        grants: Mapping[str, Scope] | None = None,
        roles: Iterable[UUID] = (),
        heads: Iterable[UUID] = (),
    ) -> dict[str, str]:
        """Return the headers of a request by an employee with these grants (`{"leads.read": "own"}`)."""
        token = self._keys["staff"].sign(
            f"employee:{employee}",
            utc_now(),
            name=name,
            roles=[str(item) for item in roles],
            heads=[str(item) for item in heads],
            grants=dict(grants or {}),
        )
        return _bearer(token)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
