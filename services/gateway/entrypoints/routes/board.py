"""The board «Мои продажи» and its pieces (S070-S073)."""

import asyncio
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from services.gateway.application.read_board import IDS_MOST, BoardReads
from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import as_part, is_part
from services.gateway.entrypoints.cards import card_json
from services.gateway.entrypoints.dependencies import App, Render, SignedIn
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.pages.board import board_view
from services.gateway.pages.card import ColumnKey, lead_card
from services.gateway.pages.columns import COLUMNS, MOST_IN_PAGE, column_view, counter_view
from services.gateway.pages.filters import Filter, parse_filter

router = APIRouter(include_in_schema=False)

_AWAY = 503


def filter_of(request: Request, who: Visitor) -> Filter:
    """Return the filter of the address, no wider than the reader's scope."""
    home = who.scopes[-1]
    chosen = parse_filter(request.query_params, home=home)
    return chosen if chosen.assigned in who.scopes else replace(chosen, assigned=home)


def reads_of(request: Request, app: Gateway, who: Visitor) -> BoardReads:
    """Return the reads of this reader under his filter."""
    return BoardReads(app.units.leads, who.token, filter_of(request, who), who.reader)


def _column_key(key: str) -> ColumnKey:
    for known in COLUMNS:
        if known == key:
            return known
    raise HTTPException(404)


def _shown(request: Request) -> int:
    value = request.query_params.get("shown", "")
    return next((number for number in range(MOST_IN_PAGE + 1) if str(number) == value), 0)


@router.get("/")
async def board(request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Show the board; a column whose owner does not answer in time stays away alone."""
    reads = reads_of(request, app, who)
    answers, channels, people = await asyncio.gather(
        reads.columns(), app.known.channels.get(), app.known.people.get()
    )
    everybody = people if len(who.scopes) > 1 else ()
    view = board_view(answers, reads.chosen, channels, everybody, who.reader, scopes=who.scopes)
    shell = who.shell(request, "board", fresh=answers["new"].count or 0)
    return render.page(request, "board.html", who.reader, shell=shell, board=view, may=who.may)


@router.get("/board/columns/{key}")
async def more_cards(key: str, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Show the next cards of a column: as a piece for scripts, as a page of the column without them."""
    column, reads = _column_key(key), reads_of(request, app, who)
    answer = await reads.column(column, request.query_params.get("cursor", ""))
    view = column_view(column, answer, reads.chosen, who.reader, shown=_shown(request))
    code = _AWAY if answer.failed else 200
    context: dict[str, Any] = {"column": view, "chosen": reads.chosen, "may": who.may}
    context["shell"] = who.shell(request, "board")
    if is_part(request):
        return render.part("fragments/cards.html", who.reader, code=code, **context)
    return render.page(request, "column_page.html", who.reader, code=code, **context)


@router.get("/board/columns/{key}/whole", dependencies=[Depends(as_part)])
async def whole_column(key: str, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Show a column anew from its first card on."""
    column, reads = _column_key(key), reads_of(request, app, who)
    answer = await reads.column(column)
    view = column_view(column, answer, reads.chosen, who.reader)
    return render.part(
        "fragments/column.html",
        who.reader,
        code=_AWAY if answer.failed else 200,
        shell=who.shell(request, "board"),
        column=view,
        chosen=reads.chosen,
        may=who.may,
    )


@router.get("/board/cards", dependencies=[Depends(as_part)])
async def cards(request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Answer a gathered change: the cards that still fit, the ids that do not, and the counters."""
    reads, ids = reads_of(request, app, who), _ids(request)
    leads = await reads.cards(ids)
    found = [card for lead in leads if (card := lead_card(lead, who.reader))]
    named = {key for key in request.query_params.get("columns", "").split(",") if key in COLUMNS}
    wanted = [
        key for key in COLUMNS if not named or key in named or any(card.column == key for card in found)
    ]
    counts = await reads.counts(wanted)
    shown, shell = {card.id for card in found}, who.shell(request, "board")
    body: dict[str, Any] = {
        "cards": [card_json(render, card, who, shell) for card in found],
        "gone": [identity for identity in ids if identity not in shown],
        "columns": {key: asdict(counter_view(key, counts[key], who.reader)) for key in wanted},
    }
    return JSONResponse(body)


def _ids(request: Request) -> list[str]:
    """Return the ids that were asked for, each once, without what is none."""
    found: dict[str, None] = {}
    for value in request.query_params.get("ids", "").split(","):
        try:
            found[str(UUID(value))] = None
        except ValueError:
            continue
    return list(found)[:IDS_MOST]
