"""From people and roles to what the others may know of them."""

from services.staff.domain.employee import Employee, Role
from services.staff.domain.grants import TAKES_LEADS
from shared.contracts.staff import EmployeeChanged, RoleChanged


def employee_changed(employee: Employee, roles: list[Role]) -> EmployeeChanged:
    """Return the public state of an employee; `roles` are those he is in."""
    return EmployeeChanged(
        employee_id=employee.id,
        version=employee.version,
        number=employee.number,
        name=employee.name,
        email=employee.email,
        phone=employee.phone,
        is_active=employee.is_active,
        takes_leads=any(TAKES_LEADS in role.grants for role in roles),
        role_ids=tuple(role.id for role in roles),
    )


def role_changed(role: Role) -> RoleChanged:
    """Return the public state of a role."""
    return RoleChanged(
        role_id=role.id,
        version=role.version,
        name=role.name,
        head_id=role.head_id,
        member_ids=role.member_ids,
    )
