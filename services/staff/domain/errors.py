"""What can be wrong about people and their rights."""

from shared.kernel.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    MissingError,
    UnauthorizedError,
)


class EmployeeMissingError(MissingError):
    """There is no such employee."""

    slug = "employee-not-found"


class RoleMissingError(MissingError):
    """There is no such role."""

    slug = "role-not-found"


class LoginTakenError(ConflictError):
    """Somebody else already has this login."""

    slug = "login-taken"


class WrongCredentialsError(UnauthorizedError):
    """Login or password is wrong."""

    slug = "wrong-credentials"


class TooManyAttemptsError(BusyError):
    """Too many attempts; try again in some minutes."""

    slug = "too-many-attempts"


class WeakPasswordError(InvalidError):
    """The password is too short or too common."""

    slug = "weak-password"


class PersonUnknownError(InvalidError):
    """The role names an employee who does not exist."""

    slug = "employee-unknown"


class RoleUnknownError(InvalidError):
    """The employee is put into a role that does not exist."""

    slug = "role-unknown"


class UnknownGrantError(InvalidError):
    """The role names a right or a scope that does not exist."""

    slug = "unknown-grant"


class LastAdministratorError(ConflictError):
    """Somebody must be left who can administer the company."""

    slug = "last-administrator"


class RolesRightNeededError(ForbiddenError):
    """Чтобы менять роли сотрудника, нужно право изменять роли."""


class HigherRightsError(ForbiddenError):
    """Пароль, почту и доступ сотрудника меняет только тот, у кого есть все его права."""
