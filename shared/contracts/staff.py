"""Events of staff: whole public state with a version, never a difference."""

from typing import ClassVar, Literal
from uuid import UUID

from shared.contracts.base import Contract


class EmployeeChanged(Contract):
    """An employee was created or changed. `takes_leads` follows from the rights of his roles."""

    topic: ClassVar[str] = "staff.employee-changed.v1"

    employee_id: UUID
    version: int
    number: int
    name: str
    email: str = ""
    phone: str = ""
    is_active: bool = True
    takes_leads: bool = True
    role_ids: tuple[UUID, ...] = ()
    deleted: bool = False


class RoleChanged(Contract):
    """A role was created or changed; `member_ids` is the whole membership (S260)."""

    topic: ClassVar[str] = "staff.role-changed.v1"

    role_id: UUID
    version: int
    name: str
    head_id: UUID | None = None
    member_ids: tuple[UUID, ...] = ()
    deleted: bool = False


class CompanyChanged(Contract):
    """The company's settings: IANA time zone, currency, mode (S266)."""

    topic: ClassVar[str] = "staff.company-changed.v1"

    version: int
    name: str
    time_zone: str = "Europe/Moscow"
    currency: str = "RUB"
    mode: Literal["classic", "simple"] = "classic"


class SessionClosed(Contract):
    """Somebody logged out: what is remembered of his session is worth nothing from now on.

    `token_hash` is the SHA-256 of the opaque token in hex, as staff stores it: who does not have the token learns
    nothing from it.
    """

    topic: ClassVar[str] = "staff.session-closed.v1"

    token_hash: str
