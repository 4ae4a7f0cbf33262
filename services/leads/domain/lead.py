"""A lead and what people do with it; a wrong state raises."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.leads.domain.errors import (
    LeadAlreadyClaimedError,
    LeadWrongStateError,
    RejectionReasonRequiredError,
)
from services.leads.domain.inquiry import Key
from services.leads.domain.snapshot import Responsible
from shared.kernel.contact_points import point

Status = Literal["new", "in_work", "converting", "converted", "rejected", "absorbed"]
Kind = Literal[
    "claimed", "given_back", "handed_over", "rejected", "reopened", "moved", "answered", "answer_taken_back"
]

OPEN: frozenset[str] = frozenset({"new", "in_work", "converting"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an employee, as his token names him."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the lead's history: who, when, why."""

    kind: Kind
    at: datetime
    actor: Actor
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lead:
    """A possible sale that was not yet accepted (S051)."""

    id: UUID
    number: int
    version: int
    status: Status
    kind: str
    channel_id: UUID
    name: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    keys: frozenset[Key]
    contact_id: UUID | None
    deal_id: UUID | None
    responsible: Responsible | None
    pool_role_id: UUID | None
    inquiries_count: int
    unread_count: int
    created_at: datetime
    last_inquiry_at: datetime
    waiting_since: datetime | None = None
    claimed_at: datetime | None = None
    first_response_at: datetime | None = None
    closed_at: datetime | None = None
    rejection_reason_id: UUID | None = None
    rejection_comment: str = ""

    @property
    def is_open(self) -> bool:
        """Whether inquiries are still attached to it."""
        return self.status in OPEN

    def _require(self, *statuses: Status) -> None:
        if self.status not in statuses:
            raise LeadWrongStateError(lead_status=self.status)

    def is_claimed_by(self, employee_id: UUID) -> bool:
        """Whether this employee already has it in work."""
        return self.status == "in_work" and self.responsible == Responsible("employee", employee_id)

    def claim(self, actor: Actor, now: datetime) -> tuple["Lead", Entry]:
        """Take the lead into work; the first to claim owns it (S058)."""
        if self.status == "in_work":
            raise LeadAlreadyClaimedError(claimed_at=self.claimed_at)
        self._require("new")
        taken = replace(
            self,
            status="in_work",
            responsible=Responsible("employee", actor.id),
            claimed_at=now,
            waiting_since=None,
            unread_count=0,
        )
        return _next(taken), Entry("claimed", now, actor)

    def answer(self, actor: Actor, now: datetime) -> tuple["Lead", Entry] | None:
        """Note that the client has been answered; None when nothing waits and a first answer is known already."""
        self._require("new", "in_work", "converting")
        if self.waiting_since is None and self.first_response_at is not None:
            return None
        answered = replace(self, waiting_since=None, first_response_at=self.first_response_at or now)
        since = self.waiting_since.isoformat() if self.waiting_since else None
        before = {"waiting_since": since, "first": self.first_response_at is None}
        return _next(answered), Entry("answered", now, actor, data=before)

    def take_back_answer(self, last: Entry | None, actor: Actor, now: datetime) -> tuple["Lead", Entry]:
        """Undo an answer that is the `last` thing that was done; what the client wrote since waits anyway."""
        self._require("new", "in_work", "converting")
        if last is None or last.kind != "answered" or "first" not in last.data:
            raise LeadWrongStateError(lead_status=self.status)
        since = last.data["waiting_since"]
        waiting = replace(
            self,
            waiting_since=datetime.fromisoformat(since) if since else self.waiting_since,
            first_response_at=None if last.data["first"] else self.first_response_at,
        )
        return _next(waiting), Entry("answer_taken_back", now, actor)

    def give_back(self, actor: Actor, now: datetime, reason: str) -> tuple["Lead", Entry]:
        """Put the lead back to those it was offered to: its role, else everybody."""
        self._require("new", "in_work")
        pool = Responsible("role", self.pool_role_id) if self.pool_role_id else None
        back = replace(
            self, status="new", responsible=pool, claimed_at=None, waiting_since=self._waits_from()
        )
        return _next(back), Entry("given_back", now, actor, reason)

    def hand_over(
        self, to: Responsible, to_name: str, actor: Actor, now: datetime, reason: str
    ) -> tuple["Lead", Entry]:
        """Give the lead to another employee or role (S060, S071); a role sees it as new until one claims it."""
        self._require("new", "in_work")
        to_role = to.type == "role"
        given = replace(
            self,
            status="new" if to_role else self.status,
            responsible=to,
            pool_role_id=to.id if to_role else self.pool_role_id,
            claimed_at=None if to_role else self.claimed_at,
            waiting_since=self._waits_from() if to_role else self.waiting_since,
        )
        entry = Entry(
            "handed_over", now, actor, reason, {"to": {"type": to.type, "id": str(to.id), "name": to_name}}
        )
        return _next(given), entry

    def reject(
        self,
        actor: Actor,
        now: datetime,
        *,
        reason_id: UUID | None,
        reason: str,
        comment: str,
        required: bool,
    ) -> tuple["Lead", Entry]:
        """Close the lead without a sale; its channel may demand a reason (S065, S066)."""
        self._require("new", "in_work")
        if required and reason_id is None:
            raise RejectionReasonRequiredError
        closed = replace(
            self,
            status="rejected",
            closed_at=now,
            rejection_reason_id=reason_id,
            rejection_comment=comment,
            waiting_since=None,
            unread_count=0,
        )
        return _next(closed), Entry("rejected", now, actor, reason, {"comment": comment} if comment else {})

    def reject_as_spam(
        self, actor: Actor, now: datetime, *, reason_id: UUID, reason: str, comment: str
    ) -> tuple["Lead", Entry]:
        """Close the lead because its sender is spam (S008)."""
        closed, entry = self.reject(
            actor, now, reason_id=reason_id, reason=reason, comment=comment, required=False
        )
        return closed, replace(entry, data={**entry.data, "spam": True})

    @property
    def points(self) -> frozenset[Key]:
        """The keys of all its phones, addresses and accounts, whoever holds them; not the one of a known contact."""
        said = [("phone", value) for value in self.phones] + [("email", value) for value in self.emails]
        shown = {Key(kind, found.key) for kind, value in said if (found := point(kind, value))}
        return frozenset(key for key in self.keys if key.kind != "contact") | shown

    def reopen(self, actor: Actor, now: datetime, reason: str) -> tuple["Lead", Entry]:
        """Open a rejected lead again, where it was before: in work with whoever had claimed it, else new."""
        self._require("rejected")
        again = replace(
            self,
            status="in_work" if self.claimed_at else "new",
            closed_at=None,
            rejection_reason_id=None,
            rejection_comment="",
            waiting_since=None if self.claimed_at else self._waits_from(),
        )
        return _next(again), Entry("reopened", now, actor, reason)

    def read(self) -> "Lead":
        """Note that the responsible has seen all inquiries."""
        return _next(replace(self, unread_count=0))

    def _waits_from(self) -> datetime | None:
        """Return since when the client waits; nobody waits whose last inquiry came before the first answer."""
        if self.first_response_at and self.first_response_at >= self.last_inquiry_at:
            return self.waiting_since
        return self.waiting_since or self.last_inquiry_at


def _next(lead: Lead) -> Lead:
    return replace(lead, version=lead.version + 1)
