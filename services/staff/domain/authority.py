"""Who may change whom: a right to edit employees is no way to the rights of others."""

from collections.abc import Collection

from services.staff.domain.errors import HigherRightsError, RolesRightNeededError
from services.staff.domain.grants import EDITS_ROLES, Grants, covers

LOGIN_FIELDS = frozenset({"login", "email", "password", "is_active"})
"""What decides whether and how somebody gets in; whoever sets it could take his place or keep him out."""


def require_to_put_into_roles(asker: Grants) -> None:
    """RolesRightNeededError unless the asker may edit roles: membership is what gives rights."""
    if EDITS_ROLES not in asker:
        raise RolesRightNeededError


def require_to_change(asker: Grants, theirs: Grants, fields: Collection[str]) -> None:
    """HigherRightsError if one of the fields lets somebody in whose rights the asker does not have himself."""
    if LOGIN_FIELDS.intersection(fields) and not covers(asker, theirs):
        raise HigherRightsError
