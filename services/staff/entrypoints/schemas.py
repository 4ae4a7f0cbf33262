"""People and roles on the wire."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    field_validator,
)

from services.staff.domain.company import Company
from services.staff.domain.employee import Employee, Role
from shared.kernel.contact_points import point
from shared.kernel.text import safe_text

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00]*$")]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]+$")
]
Login = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w.@+-]{2,100}$")]
Password = Annotated[str, StringConstraints(max_length=256)]
Typed = Annotated[str, StringConstraints(max_length=200), AfterValidator(safe_text)]


@cache
def _zones() -> frozenset[str]:
    """Return the names of all zones; looking them up reads hundreds of files."""
    return frozenset(available_timezones())


class EmployeePatch(BaseModel):
    """What can be changed about an employee; the password is write-only."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    email: EmailStr | Literal[""] = ""
    phone: Text = ""
    is_active: bool = True
    language: Literal["ru", "en"] = "ru"
    password: Password | None = None
    role_ids: list[UUID] | None = Field(default=None, max_length=100)

    @field_validator("phone")
    @classmethod
    def normal_phone(cls, value: str) -> str:
        """Keep the phone in the form that is dialled."""
        if not value:
            return ""
        found = point("phone", value)
        if found is None:
            raise ValueError("not a phone")
        return found.value

    def changed(self) -> dict[str, Any]:
        """Return the fields that were given, without password and roles."""
        given = {
            name: getattr(self, name) for name in self.model_fields_set - {"password", "role_ids", "login"}
        }
        return {name: value for name, value in given.items() if value is not None}


class EmployeeCreate(EmployeePatch):
    """A new employee."""

    login: Login
    name: Name


class EmployeeOut(BaseModel):
    """An employee as he is shown."""

    id: UUID
    number: int
    name: str
    login: str
    email: str
    phone: str
    is_active: bool
    language: str
    role_ids: list[UUID]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, employee: Employee, role_ids: list[UUID]) -> "EmployeeOut":
        """Return the employee on the wire."""
        values = {name: getattr(employee, name) for name in cls.model_fields if name != "role_ids"}
        return cls(**values, role_ids=role_ids)


class RolePatch(BaseModel):
    """What can be changed about a role."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    head_id: UUID | None = None
    member_ids: list[UUID] = Field(default_factory=list, max_length=2000)
    grants: dict[str, Literal["own", "team", "all"]] = Field(default_factory=dict)

    def changed(self) -> dict[str, Any]:
        """Return the fields that were given, in the words of the domain."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        if given.get("name", "") is None:
            del given["name"]
        if "member_ids" in given:
            given["member_ids"] = tuple(sorted(set(given["member_ids"]), key=str))
        return given


class RoleCreate(RolePatch):
    """A new role."""

    name: Name


class RoleOut(BaseModel):
    """A role as it is shown."""

    id: UUID
    key: str
    name: str
    head_id: UUID | None
    member_ids: list[UUID]
    grants: dict[str, str]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, role: Role) -> "RoleOut":
        """Return the role on the wire."""
        return cls(**{name: getattr(role, name) for name in cls.model_fields})


class CompanyBody(BaseModel):
    """What can be changed about the company."""

    model_config = ConfigDict(extra="forbid")

    name: Name = "Компания"
    time_zone: str = "Europe/Moscow"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "RUB"
    mode: Literal["classic", "simple"] = "classic"

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        """Accept IANA names only."""
        if value not in _zones():
            raise ValueError("not an IANA time zone")
        return value

    def changed(self) -> dict[str, Any]:
        """Return the settings that were given."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class CompanyOut(BaseModel):
    """The company's settings with their version."""

    name: str
    time_zone: str
    currency: str
    mode: Literal["classic", "simple"]
    version: int

    @classmethod
    def of(cls, company: Company) -> "CompanyOut":
        """Return the settings on the wire."""
        return cls(**asdict(company))


class SessionCreate(BaseModel):
    """Login and password."""

    login: Typed
    password: Password
    remember: bool = False


class SessionOut(BaseModel):
    """An opened session; the token is shown only here."""

    token: str
    expires_at: datetime
    employee: dict[str, Any]


class Exchange(BaseModel):
    """An opaque token to be exchanged."""

    token: Annotated[str, StringConstraints(max_length=200)]


class Exchanged(BaseModel):
    """A signed token for 120 s."""

    access_token: str
    expires_at: datetime
    employee_id: UUID
