"""The administrators' page of the quarantine: what could not be read, raw, and reading it again (B04)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.gateway.entrypoints.administering import Administrator, Desk, dropped, settled, told
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, OwnForm, Render
from services.gateway.pages.undelivered import BASE, Asked, page_of
from services.gateway.pages.undelivered_one import post_page

router = APIRouter(prefix=f"{BASE}/quarantine", include_in_schema=False)

_HERE = f"{BASE}/quarantine"


@router.get("")
async def quarantine(request: Request, render: Render, who: Administrator, desk: Desk) -> Response:
    """Show what is in quarantine."""
    asked = Asked.of("quarantine", request.query_params)
    found = await desk.quarantined(asked.state, cursor=asked.cursor)
    page = page_of(asked, [found], await desk.waiting(), who.reader)
    return render.page(
        request, "undelivered.html", who.reader, shell=who.shell(request, "undelivered"), page=page
    )


@router.get("/{post_id}")
async def post(post_id: UUID, request: Request, render: Render, who: Administrator, desk: Desk) -> Response:
    """Show one post with its bytes."""
    one = post_page(await desk.post(post_id), who.reader)
    shell = who.shell(request, "undelivered")
    return render.page(request, "undelivered_one.html", who.reader, shell=shell, one=one)


@router.post("/translate-again")
async def translate_all_again(app: App, who: Administrator, desk: Desk, _: OwnForm) -> Response:
    """Let the connectors read everything again."""

    async def do() -> Flash:
        asked = await desk.translate_all_again()
        return Flash("ok", who.reader.words.t("undelivered.done.all_asked", done=asked))

    return await told(app, who, _HERE, do())


@router.post("/{post_id}/translate-again")
async def translate_again(post_id: UUID, app: App, who: Administrator, desk: Desk, _: OwnForm) -> Response:
    """Let the connector read one again."""
    return await settled(app, who, _HERE, desk.translate_again(post_id), "asked")


@router.post("/{post_id}/drop")
async def drop(post_id: UUID, app: App, who: Administrator, desk: Desk, form: OwnForm) -> Response:
    """Throw one away, with a reason."""

    async def do(reason: str) -> Flash:
        await desk.drop_post(post_id, reason)
        return Flash("ok", who.reader.words.t("undelivered.done.dropped"))

    return await dropped(app, who, _HERE, {**form, "here": f"{_HERE}/{post_id}"}, do)
