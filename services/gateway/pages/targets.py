"""The leads to which an inquiry could be moved, as the dialog offers them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.pages.card import lead_name, shown_point
from services.gateway.pages.looks import Look, look
from services.gateway.pages.reader import Json, Reader


@dataclass(frozen=True, slots=True)
class Target:
    """One lead on offer: whose it is, and enough to tell it from the others."""

    id: str
    name: str
    look: Look
    detail: str


def targets(leads: Sequence[Json], reader: Reader) -> tuple[Target, ...]:
    """Return the leads on offer."""
    return tuple(_target(lead, reader) for lead in leads)


def _target(lead: Json, reader: Reader) -> Target:
    words, name = reader.words, lead_name(lead, reader)
    owner = str((lead.get("responsible") or {}).get("name") or words.t("lead.nobody"))
    point = shown_point(lead, reader)
    parts = (
        words.t("lead.title", number=lead["number"]),
        words.t(f"status.{lead['status']}"),
        owner,
        point if point != name else "",
    )
    return Target(
        id=str(lead["id"]),
        name=name,
        look=look(str(lead["kind"]), lead.get("channel"), reader),
        detail=" · ".join(part for part in parts if part),
    )
