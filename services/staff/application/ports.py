"""What the use cases need from outside."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.staff.domain.company import Company
from services.staff.domain.employee import Employee, Role
from shared.contracts.base import Contract


class Passwords(Protocol):
    """Hashes passwords and checks them, slowly on purpose."""

    async def hash(self, password: str) -> str:
        """Return the hash of a password."""
        ...

    async def matches(self, hashed: str, password: str) -> bool:
        """Say whether the password fits the hash; takes as long when there is none."""
        ...


class People(Protocol):
    """Employees and roles."""

    async def add(self, employee: Employee) -> Employee:
        """Store a new employee; LoginTakenError if his login is in use."""
        ...

    async def get(self, employee_id: UUID) -> Employee:
        """Return the employee, locked; EmployeeMissingError if there is none."""
        ...

    async def save(self, employee: Employee) -> None:
        """Store a changed employee."""
        ...

    async def by_login(self, login: str) -> Employee | None:
        """Return the employee with this login or e-mail."""
        ...

    async def roles_of(self, employee_id: UUID) -> list[Role]:
        """Return the roles of an employee."""
        ...

    async def add_role(self, role: Role) -> None:
        """Store a new role with its members; PersonUnknownError if one of them does not exist."""
        ...

    async def get_role(self, role_id: UUID) -> Role:
        """Return the role, locked; RoleMissingError if there is none."""
        ...

    async def role_by_key(self, key: str) -> Role | None:
        """Return a built-in role."""
        ...

    async def save_role(self, role: Role) -> None:
        """Store a changed role with its members; PersonUnknownError if one of them does not exist."""
        ...

    async def administrators(self) -> int:
        """Return how many employees can log in and edit employees and roles."""
        ...

    async def end_sessions(self, employee_id: UUID) -> None:
        """End all sessions of an employee."""
        ...


class CompanySettings(Protocol):
    """The company's settings."""

    async def get(self) -> Company:
        """Return the settings; defaults until somebody sets them."""
        ...

    async def save(self, settings: Company, now: datetime) -> None:
        """Store the settings."""
        ...


class Work(Protocol):
    """One transaction."""

    @property
    def people(self) -> People:
        """Employees and roles."""
        ...

    @property
    def company(self) -> CompanySettings:
        """The company's settings."""
        ...

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        ...
