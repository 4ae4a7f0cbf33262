"""Making the demo company through the API: people, roles, channels, contacts."""

from typing import Any

from deploy.demo.client import Api
from deploy.demo.people import CHANNELS, CLIENTS, COLLEAGUES, COMPANY, FIRMS, HEADED_BY, ROLES

_KNOWN_CLIENTS = 14


def make_company(api: Api, password: str) -> dict[str, Any]:
    """Make everything once and return the channels by their demo keys."""
    api.patch("/company", {"name": COMPANY})
    people = _people(api, password)
    channels = _channels(api, _roles(api, people))
    _contacts(api, people)
    return channels


def _people(api: Api, password: str) -> dict[str, str]:
    """Create the colleagues in their built-in roles; return their ids by login."""
    built_in = {role["key"]: role["id"] for role in api.get("/roles")["items"] if role["key"]}
    found = {}
    for colleague in COLLEAGUES:
        body = {
            "login": colleague.login,
            "name": colleague.name,
            "email": colleague.email,
            "phone": colleague.phone,
            "password": password,
            "role_ids": [built_in[key] for key in colleague.roles if key in built_in],
        }
        found[colleague.login] = api.post("/employees", body)["id"]
    return found


def _roles(api: Api, people: dict[str, str]) -> dict[str, str]:
    """Create the departments with the rights of a manager; return their ids by demo key."""
    manager = api.get("/roles", key="manager")["items"][0]
    found = {}
    for key, name in ROLES.items():
        members = [people[colleague.login] for colleague in COLLEAGUES if key in colleague.roles]
        body = {
            "name": name,
            "grants": manager["grants"],
            "member_ids": members,
            "head_id": people[HEADED_BY],
        }
        found[key] = api.post("/roles", body)["id"]
    return found


def _channels(api: Api, roles: dict[str, str]) -> dict[str, Any]:
    found = {}
    for way in CHANNELS:
        body = {
            "kind": way.kind,
            "provider": way.provider,
            "name": way.name,
            "responsible": {"type": "role", "id": roles[way.role]},
            "strategy": way.strategy,
            "sticky": way.sticky,
            "reason_required": way.reason_required,
        }
        found[way.key] = api.post("/channels", body)
    return found


def _contacts(api: Api, people: dict[str, str]) -> None:
    """Create some of the clients as known contacts, each with a manager."""
    managers = [people[colleague.login] for colleague in COLLEAGUES if set(colleague.roles) & set(ROLES)]
    for place, (name, phone, email) in enumerate((*CLIENTS[:_KNOWN_CLIENTS], *FIRMS[:3])):
        points = [{"kind": "phone", "value": phone}] + ([{"kind": "email", "value": email}] if email else [])
        body = {"name": name, "points": points, "responsible_id": managers[place % len(managers)]}
        api.post("/contacts", body)
