"""Copies of what other units own, each written only when the version is greater."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.leads.adapters.tables import metadata

known_channels = Table(
    "known_channels",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("lead_source", Boolean, nullable=False),
    Column("responsible_type", Text),
    Column("responsible_id", Uuid),
    Column("strategy", Text, nullable=False),
    Column("sticky", Boolean, nullable=False),
    Column("repeat", Text, nullable=False),
    Column("reason_required", Boolean, nullable=False),
)

known_employees = Table(
    "known_employees",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("takes_leads", Boolean, nullable=False),
    Column("keys", ARRAY(Text), nullable=False, server_default="{}"),
    Index("ix_known_employees_keys", "keys", postgresql_using="gin"),
)

known_roles = Table(
    "known_roles",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("head_id", Uuid),
    Column("member_ids", ARRAY(Uuid), nullable=False, server_default="{}"),
)

known_contacts = Table(
    "known_contacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("responsible_id", Uuid),
    Column("spam", Boolean, nullable=False, server_default="false"),
    Column("deleted", Boolean, nullable=False, server_default="false"),
)

known_points = Table(
    "known_points",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("contact_id", Uuid, primary_key=True),
    Column("shared", Boolean, nullable=False, server_default="false"),
    Index("ix_known_points_contact_id", "contact_id"),
)

known_company = Table(
    "known_company",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("settings", JSONB, nullable=False, server_default=text("'{}'")),
)
