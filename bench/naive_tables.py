"""The tables of the tutorial pattern, indexed as well as the product's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The declarative base."""


class Contact(Base):
    """A known person."""

    __tablename__ = "naive_contacts"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(index=True)


class Member(Base):
    """Somebody who takes leads."""

    __tablename__ = "naive_members"
    id: Mapped[UUID] = mapped_column(primary_key=True)


class Lead(Base):
    """A lead."""

    __tablename__ = "naive_leads"
    __table_args__ = (Index("ix_naive_leads_phone_status", "phone", "status"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    contact_id: Mapped[UUID | None]
    responsible_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_inquiry_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    inquiries_count: Mapped[int]


class Inquiry(Base):
    """An inquiry with its raw bytes."""

    __tablename__ = "naive_inquiries"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(index=True)
    text: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    raw: Mapped[dict[str, Any]] = mapped_column(JSONB)
    stored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Decision(Base):
    """Why an inquiry is where it is."""

    __tablename__ = "naive_decisions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inquiry_id: Mapped[UUID] = mapped_column(index=True)
    rule: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
