"""The tables of channels."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.engine import new_metadata
from shared.messaging.dead_letters import dead_letters_table
from shared.messaging.inbox import inbox_table
from shared.messaging.outbox import outbox_table

metadata = new_metadata()

channels = Table(
    "channels",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("version", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column(
        "status", Text, CheckConstraint("status in ('active', 'disabled')", name="status"), nullable=False
    ),
    Column("lead_source", Boolean, nullable=False),
    Column("responsible", JSONB(none_as_null=True)),
    Column(
        "strategy",
        Text,
        CheckConstraint("strategy in ('everyone', 'round_robin', 'least_loaded')", name="strategy"),
        nullable=False,
    ),
    Column("sticky", Boolean, nullable=False),
    Column(
        "repeat",
        Text,
        CheckConstraint("repeat in ('attach', 'new_lead', 'new_deal')", name="repeat"),
        nullable=False,
    ),
    Column("mode", Text, CheckConstraint("mode in ('classic', 'simple')", name="mode")),
    Column("reason_required", Boolean, nullable=False),
    Column("connection", JSONB, nullable=False, server_default=text("'{}'")),
    Column("secrets", Text, nullable=False, server_default=""),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("ix_channels_updated_at_id", "updated_at", "id"),
)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
dead_letters = dead_letters_table(metadata)
