"""A card as scripts get it."""

from typing import Any

from services.gateway.entrypoints.rendering import Renderer
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.pages.card import LeadCard
from services.gateway.pages.shell import Shell


def card_json(render: Renderer, card: LeadCard, who: Visitor, shell: Shell) -> dict[str, Any]:
    """Return where a card stands and how it looks."""
    return {
        "id": card.id,
        "column": card.column,
        "order": card.order,
        "version": card.version,
        "html": render.text("fragments/card.html", who.reader, shell=shell, card=card, may=who.may),
    }
