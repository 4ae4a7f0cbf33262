"""Keys marked as spam over HTTP (S008): what was kept without a lead is for those who see everything."""

from fastapi import APIRouter, Request

from services.leads.adapters.spam import LISTING, list_marked
from services.leads.application.commands.take_off_spam import decide_spam_again, take_off_spam
from services.leads.domain.inquiry import Key
from services.leads.entrypoints.dependencies import App
from services.leads.entrypoints.schemas import PointKind, PointValue, SpamKeyOut, TakenOff
from shared.http.pages import Page, parse
from shared.http.tokens import Principal, Who
from shared.kernel.errors import ForbiddenError

router = APIRouter(prefix="/api/v1/spam-keys", tags=["spam-keys"])


def _require_all(who: Principal, target: str, action: str) -> None:
    if who.require(target, action) != "all":
        raise ForbiddenError(f"only who may {action} all {target}")


@router.get("")
async def list_spam_keys(request: Request, app: App, who: Who) -> Page[SpamKeyOut]:
    """List the keys marked as spam, the latest first."""
    _require_all(who, "inquiries", "read")
    query = parse(request, LISTING)
    async with app.engine.connect() as connection:
        rows, cursor = await list_marked(connection, query)
    return Page(items=[SpamKeyOut(**row) for row in rows], next_cursor=cursor)


@router.delete("/{kind}/{value:path}")
async def take_off(kind: PointKind, value: PointValue, app: App, who: Who) -> TakenOff:
    """Take the mark off; what was kept because of it in the last 30 days is decided again. Can be repeated."""
    _require_all(who, "leads", "reject")
    key = Key(kind, value)
    async with app.work() as work:
        await take_off_spam(key, work)
    return TakenOff(decided=await decide_spam_again([key], app.intake, app.clock))
