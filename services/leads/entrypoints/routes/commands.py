"""What people do with a lead, over HTTP; each answer is the lead as it is then."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.leads.adapters.unit_of_work import SqlWork
from services.leads.adapters.views import read_lead as read_seen
from services.leads.application.commands.answer_lead import AnswerLead, answer_lead
from services.leads.application.commands.claim_lead import ClaimLead, claim_lead
from services.leads.application.commands.give_back_lead import GiveBackLead, give_back_lead
from services.leads.application.commands.hand_over_lead import HandOverLead, hand_over_lead
from services.leads.application.commands.mark_spam import MarkSpam, mark_spam
from services.leads.application.commands.read_lead import ReadLead, read_lead
from services.leads.application.commands.reject_lead import RejectLead, reject_lead
from services.leads.application.commands.reopen_lead import ReopenLead, reopen_lead
from services.leads.application.commands.take_back_answer import TakeBackAnswer, take_back_answer
from services.leads.application.commands.take_off_spam import decide_spam_again
from services.leads.bootstrap import Leads
from services.leads.domain.access import Viewer, may_see
from services.leads.domain.inquiry import Key
from services.leads.domain.lead import Lead
from services.leads.domain.snapshot import Responsible
from services.leads.entrypoints.dependencies import App, actor_of, viewer_of
from services.leads.entrypoints.schemas import GiveBack, HandOver, LeadOut, Reject, Reopen, Spam
from shared.http.etag import put_etag, version_seen
from shared.http.tokens import Principal, Who
from shared.kernel.errors import StaleVersionError

router = APIRouter(prefix="/api/v1/leads/{lead_id}", tags=["leads"])

_ANYBODY = UUID(int=0)

Wish = Callable[[SqlWork, Viewer], Awaitable[Lead]]


async def _do(
    lead_id: UUID, action: str, wish: Wish, app: Leads, who: Principal, request: Request
) -> LeadOut:
    """Fulfil a wish in one transaction; with If-Match only if nobody changed the lead meanwhile (B25).

    The version is compared without a lock first and by its outcome at the end: a command takes its locks in its own
    order, keys before the lead, and nothing may lock the lead before it does.
    """
    seen = version_seen(request)
    async with app.work() as work:
        viewer = await viewer_of(who, "leads", action, work.connection)
        if seen is not None:
            before = await work.leads.peek(lead_id)
            if before.version != seen and may_see(viewer, before.responsible):
                raise await _stale(work, lead_id)
        after = await wish(work, viewer)
        if seen is not None and after.version not in {seen, seen + 1}:
            raise await _stale(work, lead_id)
        return await _shown(work, lead_id)


async def _stale(work: SqlWork, lead_id: UUID) -> StaleVersionError:
    return StaleVersionError(current=await _shown(work, lead_id))


async def _shown(work: SqlWork, lead_id: UUID) -> LeadOut:
    return LeadOut.of(await read_seen(work.connection, lead_id, Viewer(_ANYBODY, frozenset(), "all")))


@router.post("/claim")
async def claim(lead_id: UUID, request: Request, response: Response, app: App, who: Who) -> LeadOut:
    """Take the lead into work; the first one owns it (S058)."""
    actor = actor_of(who)

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await claim_lead(ClaimLead(lead_id, actor, viewer), work, app.clock())

    return _answered(response, await _do(lead_id, "take", wish, app, who, request))


@router.post("/answered")
async def answer(lead_id: UUID, request: Request, response: Response, app: App, who: Who) -> LeadOut:
    """Note that the client has been answered: his wait ends, and the first answer is kept with its time.

    Where nobody waits and a first answer is known already, nothing changes.
    """
    actor = actor_of(who)

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await answer_lead(AnswerLead(lead_id, actor, viewer), work, app.clock())

    return _answered(response, await _do(lead_id, "take", wish, app, who, request))


@router.post("/not-answered")
async def take_back(lead_id: UUID, request: Request, response: Response, app: App, who: Who) -> LeadOut:
    """Take back an answer noted by mistake, as long as nothing else was done since; the client waits as before."""
    actor = actor_of(who)

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await take_back_answer(TakeBackAnswer(lead_id, actor, viewer), work, app.clock())

    return _answered(response, await _do(lead_id, "take", wish, app, who, request))


@router.post("/give-back")
async def give_back(
    lead_id: UUID, request: Request, response: Response, app: App, who: Who, body: GiveBack | None = None
) -> LeadOut:
    """Put the lead back into the common list."""
    actor, reason = actor_of(who), body.reason if body else ""

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await give_back_lead(GiveBackLead(lead_id, actor, viewer, reason), work, app.clock())

    return _answered(response, await _do(lead_id, "assign", wish, app, who, request))


@router.post("/hand-over")
async def hand_over(
    lead_id: UUID, body: HandOver, request: Request, response: Response, app: App, who: Who
) -> LeadOut:
    """Give the lead to another employee or role (S060)."""
    actor, to = actor_of(who), Responsible(body.to.type, body.to.id)

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await hand_over_lead(HandOverLead(lead_id, to, actor, viewer, body.reason), work, app.clock())

    return _answered(response, await _do(lead_id, "assign", wish, app, who, request))


@router.post("/reject")
async def reject(
    lead_id: UUID, request: Request, response: Response, app: App, who: Who, body: Reject | None = None
) -> LeadOut:
    """Close the lead without a sale; its channel may demand a reason (S065, S066)."""
    actor, given = actor_of(who), body or Reject()

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        command = RejectLead(lead_id, actor, viewer, given.reason_id, given.comment)
        return await reject_lead(command, work, app.clock())

    return _answered(response, await _do(lead_id, "reject", wish, app, who, request))


@router.post("/mark-spam")
async def spam(
    lead_id: UUID, request: Request, response: Response, app: App, who: Who, body: Spam | None = None
) -> LeadOut:
    """Close the lead as spam and mark its phones and addresses: what comes from them opens no leads (S008)."""
    actor, comment = actor_of(who), body.comment if body else ""

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await mark_spam(MarkSpam(lead_id, actor, viewer, comment), work, app.clock())

    return _answered(response, await _do(lead_id, "reject", wish, app, who, request))


@router.post("/reopen")
async def reopen(
    lead_id: UUID, request: Request, response: Response, app: App, who: Who, body: Reopen | None = None
) -> LeadOut:
    """Open a rejected lead again; what its client wrote while he counted as spam comes to it."""
    actor, reason = actor_of(who), body.reason if body else ""
    freed: set[Key] = set()

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        opened = await reopen_lead(ReopenLead(lead_id, actor, viewer, reason), work, app.clock())
        freed.update(opened.points)
        return opened

    lead = await _do(lead_id, "reject", wish, app, who, request)
    if await decide_spam_again(freed, app.intake, app.clock):
        async with app.work() as work:
            lead = await _shown(work, lead_id)
    return _answered(response, lead)


@router.post("/read")
async def read(lead_id: UUID, request: Request, response: Response, app: App, who: Who) -> LeadOut:
    """Note that the asker has seen what came; it counts only for the lead's own responsible."""

    async def wish(work: SqlWork, viewer: Viewer) -> Lead:
        return await read_lead(ReadLead(lead_id, viewer), work)

    return _answered(response, await _do(lead_id, "read", wish, app, who, request))


def _answered(response: Response, lead: LeadOut) -> LeadOut:
    put_etag(response, lead.version)
    return lead
