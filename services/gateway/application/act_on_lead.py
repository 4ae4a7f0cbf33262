"""Wishes about a lead: what may be asked for, how it is asked, and what undoes it."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from services.gateway.application.ports import Owner
from services.gateway.pages.reader import Json
from shared.kernel.errors import InvalidError

Action = Literal[
    "claim", "answered", "not-answered", "give-back", "hand-over", "reject", "mark-spam", "reopen"
]

WITHIN_S = 5.0
UNDO: dict[Action, Action] = {
    "claim": "give-back",
    "answered": "not-answered",
    "give-back": "claim",
    "reject": "reopen",
    "mark-spam": "reopen",
}
NEEDS: dict[Action, str] = {
    "claim": "leads.take",
    "answered": "leads.take",
    "not-answered": "leads.take",
    "give-back": "leads.assign",
    "hand-over": "leads.assign",
    "reject": "leads.reject",
    "mark-spam": "leads.reject",
    "reopen": "leads.reject",
}
"""The right that the owner will ask for: without it an action is not even offered."""


class AssigneeNeededError(InvalidError):
    """Choose to whom the lead is handed over."""

    slug = "assignee-unknown"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done with a lead; `version` only if it may not have changed since."""

    action: Action
    lead_id: UUID
    body: dict[str, Any]
    version: int | None = None


def action_of(value: str) -> Action | None:
    """Return the action of that name."""
    return next((action for action in NEEDS if action == value), None)


def body_of(action: Action, form: dict[str, str]) -> dict[str, Any]:
    """Return what the owner is told; AssigneeNeededError when a hand-over names nobody."""
    if action == "hand-over":
        kind, _, identity = form.get("to", "").partition(":")
        if kind not in {"employee", "role"} or not identity:
            raise AssigneeNeededError
        return {"to": {"type": kind, "id": identity}, "reason": form.get("reason", "")}
    if action == "reject":
        return {"reason_id": form.get("reason_id") or None, "comment": form.get("comment", "")}
    if action == "mark-spam":
        return {"comment": form.get("comment", "")}
    return {} if action in {"claim", "answered", "not-answered"} else {"reason": form.get("reason", "")}


async def act(leads: Owner, token: str, wish: Wish) -> Json:
    """Ask the owner; return the lead as it is then. His refusals are raised."""
    path = f"/api/v1/leads/{wish.lead_id}/{wish.action}"
    headers = None if wish.version is None else {"If-Match": f'"{wish.version}"'}
    lead: Json = await leads.request(
        "POST", path, token=token, json=wish.body, headers=headers, within_s=WITHIN_S
    )
    return lead


def offered(grants: dict[str, Any]) -> frozenset[Action]:
    """Return the actions that somebody with these grants may ask for at all."""
    return frozenset(action for action, right in NEEDS.items() if right in grants)
