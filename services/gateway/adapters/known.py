"""What many pages need and what rarely changes: the company, channels, people, teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.gateway.adapters.recent import Recent
from services.gateway.adapters.units import Units, read_all

COMPANY_S = 30.0
LISTS_S = 15.0
ZONE = "Europe/Moscow"

Rows = list[dict[str, Any]]
Teams = Mapping[UUID, frozenset[UUID]]


@dataclass(frozen=True, slots=True)
class Company:
    """What pages need of the company's settings."""

    name: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Known:
    """The remembered lists of this process."""

    company: Recent[Company]
    channels: Recent[Rows]
    people: Recent[Rows]
    teams: Recent[Teams]


def known_of(units: Units) -> Known:
    """Return the remembered lists, still empty."""

    async def company() -> Company:
        found = await units.staff.get("/api/v1/company")
        return Company(str(found["name"]), ZoneInfo(str(found["time_zone"])))

    async def channels() -> Rows:
        return await read_all(units.channels, "/api/v1/channels", sort="name")

    async def people() -> Rows:
        items: Rows = (await units.leads.get("/api/v1/leads/assignees"))["items"]
        return items

    async def teams() -> Teams:
        roles = await read_all(units.staff, "/api/v1/roles")
        return {UUID(role["id"]): frozenset(map(UUID, role["member_ids"])) for role in roles}

    return Known(
        Recent(company, seconds=COMPANY_S, default=Company("", ZoneInfo(ZONE)), name="company"),
        Recent(channels, seconds=LISTS_S, default=[], name="channels"),
        Recent(people, seconds=LISTS_S, default=[], name="people"),
        Recent(teams, seconds=LISTS_S, default={}, name="teams"),
    )
