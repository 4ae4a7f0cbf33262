"""One example of every message, full of everything that it can carry."""

from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.base import Contract
from shared.contracts.channels import ChannelChanged, Responsible
from shared.contracts.contacts import ContactChanged, ContactPoint
from shared.contracts.inquiries import (
    Attachment,
    EventQuarantined,
    Field,
    InquiryReceived,
    Raw,
    Sender,
    TranslateFormAgain,
)
from shared.contracts.leads import (
    Audience,
    InquiryAttached,
    InquiryKept,
    LeadAssigned,
    LeadChanged,
    LeadClaimed,
    LeadCreated,
    LeadEvent,
    LeadRejected,
    LeadReopened,
    LeadResponsible,
)
from shared.contracts.staff import CompanyChanged, EmployeeChanged, RoleChanged, SessionClosed

NOON = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)


def one(number: int) -> UUID:
    """Return an id."""
    return UUID(int=number)


def _lead(kind: type[LeadEvent]) -> LeadEvent:
    return kind(
        lead_id=one(1),
        version=3,
        number=1284,
        status="in_work",
        kind="form",
        channel_id=one(2),
        name="Фёдор Ёлкин",
        phones=("+79214471863",),
        emails=("fedor@example.com",),
        contact_id=one(3),
        deal_id=one(4),
        responsible=LeadResponsible(type="employee", id=one(5)),
        inquiries_count=2,
        created_at=NOON,
        last_inquiry_at=NOON,
        inquiry_id=one(6),
        actor_id=one(5),
        reason="Дорого",
        audience=Audience(employees=(one(5),), roles=(one(7),)),
    )


EXAMPLES: tuple[Contract, ...] = (
    *map(
        _lead,
        (LeadCreated, InquiryAttached, LeadAssigned, LeadClaimed, LeadRejected, LeadReopened, LeadChanged),
    ),
    InquiryKept(inquiry_id=one(1), channel_id=one(2), rule="spam", audience=Audience(everyone=True)),
    ChannelChanged(
        channel_id=one(1),
        version=2,
        number=7,
        kind="telephony",
        provider="mango",
        name="Городской номер",
        key="k" * 24,
        status="disabled",
        lead_source=False,
        responsible=Responsible(type="role", id=one(2)),
        strategy="round_robin",
        sticky=True,
        repeat="new_lead",
        mode="simple",
        reason_required=True,
        connection={"origins": ["https://example.com"], "timeout": 5, "more": {"a": None}},
        secrets="k1:AAAA",
        deleted=True,
    ),
    ContactChanged(
        contact_id=one(1),
        version=2,
        number=9,
        type="company",
        name="ООО «Ромашка»",
        points=(
            ContactPoint(
                id=one(2),
                kind="phone",
                value="+74951234567;ext=101",
                key="74951234567",
                is_main=True,
                is_shared=True,
            ),
        ),
        responsible_id=one(3),
        spam=True,
        deleted=True,
    ),
    InquiryReceived(
        inquiry_id=one(1),
        channel_id=one(2),
        kind="form",
        external_id="form1:tran1",
        occurred_at=NOON,
        received_at=NOON,
        sender=Sender(
            name="Фёдор",
            phones=("8 921 447-18-63",),
            emails=("f@example.com",),
            vk_id="7",
            telegram_id="f_el",
        ),
        subject="Заявка",
        text="Перезвоните «сегодня» 🙂",
        text_key="texts/1",
        fields=(Field(name="phone", label="Телефон", value="8 921 447-18-63"),),
        utm={"utm_source": "yandex"},
        page_url="https://example.com/?a=1",
        referrer="https://ya.ru/",
        ip="203.0.113.7",
        user_agent="Mozilla/5.0",
        suspected_spam=True,
        spam_reasons=("honeypot",),
        attachments=(Attachment(name="план.pdf", content_type="application/pdf", size=7, key="files/1"),),
        raw=Raw(content_type="application/json", text="{}", base64="e30=", file_key="raw/1"),
    ),
    EventQuarantined(
        inquiry_id=one(1),
        unit="forms",
        channel_id=one(2),
        external_id="form1:tran1",
        received_at=NOON,
        reason="KeyError at connectors.forms.reading:1",
        attempts=2,
        headers={"utm_source": "https://example.com/"},
        ip="203.0.113.7",
        raw=Raw(content_type="application/json", text="{}", base64="e30=", file_key="raw/1"),
    ),
    TranslateFormAgain(
        inquiry_id=one(1),
        channel_id=one(2),
        external_id="form1:tran1",
        received_at=NOON,
        attempts=2,
        headers={"utm_source": "https://example.com/"},
        ip="203.0.113.7",
        raw=Raw(content_type="application/json", text="{}", base64="e30=", file_key="raw/1"),
    ),
    EmployeeChanged(
        employee_id=one(1),
        version=4,
        number=2,
        name="Анна Смирнова",
        email="anna@example.com",
        phone="+79214471863",
        is_active=False,
        takes_leads=False,
        role_ids=(one(2), one(3)),
        deleted=True,
    ),
    RoleChanged(role_id=one(2), version=2, name="Отдел", head_id=one(1), member_ids=(one(1),), deleted=True),
    CompanyChanged(version=3, name="ООО «Ромашка»", time_zone="Asia/Omsk", currency="KZT", mode="simple"),
    SessionClosed(token_hash="5e" * 32),
)
