"""An employee and the roles that give him his rights."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.staff.domain.errors import UnknownGrantError, WeakPasswordError
from services.staff.domain.grants import Grants, known

_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 256
_COMMON = frozenset(
    "password password1 password12 password123 passw0rd p@ssw0rd p@ssword letmein1 welcome1 welcome123 administrator "  # noqa: SIM905 - a list would fill two pages
    "admin123 admin1234 admin12345 adminadmin 12345678 123456789 1234567890 12345678910 0123456789 987654321 "
    "0987654321 87654321 12121212 11223344 12341234 qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop qwer1234 "
    "1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx qazwsxedc asdfghjk asdfghjkl zxcvbnm1 abcd1234 abc12345 a1b2c3d4 "
    "iloveyou sunshine football baseball princess superman trustno1 starwars computer whatever parol123 parolparol "
    "пароль12 пароль123 парольпароль йцукен12 йцукен123 йцукенгш йцукенгшщз".split()
)


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


def require_strong(password: str, login: str = "") -> None:
    """WeakPasswordError if the password is short, common or the login itself; long ones are welcome."""
    plain = password.strip().lower()
    fits = len(plain) >= _SHORTEST_PASSWORD and len(password) <= _LONGEST_PASSWORD
    if not fits or plain in _COMMON or plain == login.lower() or len(set(plain)) == 1:
        raise WeakPasswordError(f"нужно от {_SHORTEST_PASSWORD} знаков, не из распространённых")
