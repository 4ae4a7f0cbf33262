"""The tables that leads owns."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.engine import new_metadata
from shared.kernel.canonical import canonical_check
from shared.messaging.dead_letters import dead_letters_table
from shared.messaging.inbox import inbox_table
from shared.messaging.outbox import outbox_table
from shared.messaging.suspects import suspects_table

metadata = new_metadata()

STATUSES = "'new', 'in_work', 'converting', 'converted', 'rejected', 'absorbed'"

identities = Table(
    "identities",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("open_lead_id", Uuid),
    Column("spam", Boolean, nullable=False, server_default="false"),
    CheckConstraint(
        canonical_check("value", "phone", "email", "vk", "telegram", "contact"), name="canonical"
    ),
)

spam_keys = Table(
    "spam_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("lead_id", Uuid, nullable=False),
    Column("marked_by", Uuid, nullable=False),
    Column("marked_by_name", Text, nullable=False),
    Column("marked_at", DateTime(timezone=True), nullable=False),
    Index("uq_spam_keys_kind_value", "kind", "value", unique=True),
    Index("ix_spam_keys_marked_at_id", "marked_at", "id"),
)
"""Who marked which key as spam and when; intake reads the flag on the key's own row, under its lock."""

leads = Table(
    "leads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("status", Text, CheckConstraint(f"status in ({STATUSES})", name="status"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("phones", ARRAY(Text), nullable=False, server_default="{}"),
    Column("emails", ARRAY(Text), nullable=False, server_default="{}"),
    Column("keys", ARRAY(Text), nullable=False, server_default="{}"),
    Column("contact_id", Uuid),
    Column("deal_id", Uuid),
    Column(
        "responsible_type",
        Text,
        CheckConstraint("responsible_type in ('employee', 'role')", name="responsible"),
    ),
    Column("responsible_id", Uuid),
    Column("pool_role_id", Uuid),
    Column("text", Text, nullable=False, server_default=""),
    Column("inquiries_count", Integer, nullable=False, server_default="1"),
    Column("unread_count", Integer, nullable=False, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("last_inquiry_at", DateTime(timezone=True), nullable=False),
    Column("waiting_since", DateTime(timezone=True)),
    Column("claimed_at", DateTime(timezone=True)),
    Column("first_response_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("rejection_reason_id", Uuid),
    Column("rejection_comment", Text, nullable=False, server_default=""),
    Column("search", Text, nullable=False, server_default=""),
    Index("ix_leads_status_created_at_id", "status", "created_at", "id"),
    Index("ix_leads_created_at_id", "created_at", "id"),
    Index("ix_leads_updated_at_id", "updated_at", "id"),
    Index("ix_leads_responsible_id_status", "responsible_id", "status", "claimed_at", "id"),
    Index("ix_leads_contact_id", "contact_id", postgresql_where=text("contact_id is not null")),
    Index("ix_leads_search", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
)

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("channel_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("text", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("rule", Text, nullable=False),
    Column("lead_id", Uuid),
    Column("deal_id", Uuid),
    Column("contact_id", Uuid),
    Index("ix_inquiries_lead_id", "lead_id", "received_at", postgresql_where=text("lead_id is not null")),
    Index("ix_inquiries_contact_id", "contact_id", postgresql_where=text("contact_id is not null")),
    Index("ix_inquiries_received_at_id", "received_at", "id"),
    Index("ix_inquiries_spam", "received_at", "id", postgresql_where=text("rule = 'spam'")),
)

raw_inquiries = Table(
    "raw_inquiries",
    metadata,
    Column("inquiry_id", Uuid, primary_key=True),
    Column("received_at", DateTime(timezone=True), primary_key=True),
    Column("content_type", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    postgresql_partition_by="range (received_at)",
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("inquiry_id", Uuid, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("text", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("raw", JSONB, nullable=False),
)
"""What came later under the id of a stored inquiry and said something else."""

decisions = Table(
    "decisions",
    metadata,
    Column("inquiry_id", Uuid, primary_key=True),
    Column("seq", SmallInteger, primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("made_by", Uuid),
    Column("rule", Text, nullable=False),
    Column("rule_version", SmallInteger, nullable=False),
    Column("lead_id", Uuid),
    Column("body", JSONB, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
)

candidate_sets = Table(
    "candidate_sets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("candidates", JSONB, nullable=False),
)
"""Who was considered in an assignment: many decisions in a row have the same, so it is stored once."""

history = Table(
    "history",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_name", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("data", JSONB, nullable=False, server_default=text("'{}'")),
    Index("ix_history_lead_id_id", "lead_id", "id"),
)

rejection_reasons = Table(
    "rejection_reasons",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default="true"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

assignment_cursors = Table(
    "assignment_cursors",
    metadata,
    Column("role_id", Uuid, primary_key=True),
    Column("channel_id", Uuid, primary_key=True),
    Column("counts", JSONB, nullable=False, server_default=text("'{}'")),
)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
dead_letters = dead_letters_table(metadata)
suspects = suspects_table(metadata)
