"""The tables of contacts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
)

from shared.database.engine import new_metadata
from shared.kernel.canonical import canonical_check
from shared.messaging.dead_letters import dead_letters_table
from shared.messaging.inbox import inbox_table
from shared.messaging.outbox import outbox_table

metadata = new_metadata()

contacts = Table(
    "contacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("responsible_id", Uuid),
    Column("spam", Boolean, nullable=False),
    Column("search", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("ix_contacts_name_id", "name", "id"),
    Index("ix_contacts_created_at_id", "created_at", "id"),
    Index("ix_contacts_updated_at_id", "updated_at", "id"),
    Index("ix_contacts_responsible_id", "responsible_id", "name", "id"),
    Index("ix_contacts_search", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
)

points = Table(
    "points",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("contact_id", Uuid, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column(
        "kind",
        Text,
        CheckConstraint("kind in ('phone', 'email', 'vk', 'telegram')", name="kind"),
        nullable=False,
    ),
    Column("value", Text, nullable=False),
    Column(
        "key",
        Text,
        CheckConstraint(canonical_check("key", "phone", "email", "vk", "telegram"), name="canonical"),
        nullable=False,
    ),
    Column("position", BigInteger, nullable=False),
    Column("is_main", Boolean, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Index("uq_points_contact_id_kind_key", "contact_id", "kind", "key", unique=True),
    Index("ix_points_kind_key", "kind", "key"),
)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
dead_letters = dead_letters_table(metadata)
