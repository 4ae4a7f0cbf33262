"""The tables of contacts."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",  # a trusted one: the owner of the database may add it
    """
    CREATE TABLE contacts (
        id UUID NOT NULL,
        number BIGINT GENERATED ALWAYS AS IDENTITY,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        responsible_id UUID,
        spam BOOLEAN NOT NULL,
        search TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_contacts PRIMARY KEY (id),
        CONSTRAINT uq_contacts_number UNIQUE (number)
    )
    """,
    "CREATE INDEX ix_contacts_created_at_id ON contacts (created_at, id)",
    "CREATE INDEX ix_contacts_name_id ON contacts (name, id)",
    "CREATE INDEX ix_contacts_responsible_id ON contacts (responsible_id, name, id)",
    "CREATE INDEX ix_contacts_search ON contacts USING gin (search gin_trgm_ops)",
    "CREATE INDEX ix_contacts_updated_at_id ON contacts (updated_at, id)",
    """
    CREATE TABLE dead_letters (
        id INTEGER GENERATED ALWAYS AS IDENTITY,
        queue TEXT NOT NULL,
        topic TEXT NOT NULL,
        message_id UUID,
        reason TEXT NOT NULL,
        attempts INTEGER DEFAULT '0' NOT NULL,
        history JSONB NOT NULL,
        body BYTEA NOT NULL,
        died_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_dead_letters PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_dead_letters_died_at ON dead_letters (died_at)",
    """
    CREATE TABLE inbox (
        queue TEXT NOT NULL,
        message_id UUID NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_inbox PRIMARY KEY (queue, message_id)
    )
    """,
    "CREATE INDEX ix_inbox_received_at ON inbox (received_at)",
    """
    CREATE TABLE outbox (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        aggregate UUID NOT NULL,
        exchange TEXT DEFAULT 'voronka.events' NOT NULL,
        topic TEXT NOT NULL,
        message_id UUID NOT NULL,
        body BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_outbox PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE points (
        id UUID NOT NULL,
        contact_id UUID NOT NULL,
        kind TEXT NOT NULL CONSTRAINT ck_points_kind CHECK (kind in ('phone', 'email', 'vk', 'telegram')),
        value TEXT NOT NULL,
        key TEXT NOT NULL CONSTRAINT ck_points_canonical CHECK (case kind when 'phone' then key ~ '^[0-9]{6,15}$' when 'email' then key = lower(key) and key ~ '@' else key = lower(key) end),
        position BIGINT NOT NULL,
        is_main BOOLEAN NOT NULL,
        is_shared BOOLEAN NOT NULL,
        comment TEXT NOT NULL,
        CONSTRAINT pk_points PRIMARY KEY (id),
        CONSTRAINT fk_points_contact_id FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_points_kind_key ON points (kind, key)",
    "CREATE UNIQUE INDEX uq_points_contact_id_kind_key ON points (contact_id, kind, key)",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
