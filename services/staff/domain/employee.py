"""An employee and the roles that give him his rights."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.staff.domain.errors import UnknownGrantError, WeakPasswordError
from services.staff.domain.grants import Grants, known

_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 256
_COMMON = {
    "password",
    "password1",
    "12345678",
    "123456789",
    "1234567890",
    "qwerty123",
    "qwertyui",
    "11111111",
}


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody of the company; `password_hash` empty means that he cannot log in."""

    id: UUID
    login: str
    name: str
    created_at: datetime
    updated_at: datetime
    number: int = 0
    version: int = 1
    email: str = ""
    phone: str = ""
    is_active: bool = True
    language: str = "ru"
    password_hash: str = field(default="", repr=False)

    def change(self, settings: dict[str, Any], now: datetime) -> "Employee":
        """Return the employee with some fields changed and the next version."""
        return replace(self, **settings, version=self.version + 1, updated_at=now)


@dataclass(frozen=True, slots=True)
class Role:
    """A set of employees with rights (S260); `head_id` heads it."""

    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    key: str = ""
    version: int = 1
    head_id: UUID | None = None
    grants: Grants = field(default_factory=dict)
    member_ids: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        if not known(dict(self.grants)):
            raise UnknownGrantError

    def change(self, settings: dict[str, Any], now: datetime) -> "Role":
        """Return the role with some fields changed and the next version."""
        return replace(self, **settings, version=self.version + 1, updated_at=now)


def require_strong(password: str) -> None:
    """WeakPasswordError if the password is short or among the common ones; long ones are welcome."""
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD or password.lower() in _COMMON:
        raise WeakPasswordError(f"нужно от {_SHORTEST_PASSWORD} знаков, не из распространённых")
