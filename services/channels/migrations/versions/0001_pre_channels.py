"""The tables of channels."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE channels (
        id UUID NOT NULL,
        number BIGINT GENERATED ALWAYS AS IDENTITY,
        version BIGINT NOT NULL,
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        status TEXT NOT NULL CONSTRAINT ck_channels_status CHECK (status in ('active', 'disabled')),
        lead_source BOOLEAN NOT NULL,
        responsible JSONB,
        strategy TEXT NOT NULL CONSTRAINT ck_channels_strategy CHECK (strategy in ('everyone', 'round_robin', 'least_loaded')),
        sticky BOOLEAN NOT NULL,
        repeat TEXT NOT NULL CONSTRAINT ck_channels_repeat CHECK (repeat in ('attach', 'new_lead', 'new_deal')),
        mode TEXT CONSTRAINT ck_channels_mode CHECK (mode in ('classic', 'simple')),
        reason_required BOOLEAN NOT NULL,
        connection JSONB DEFAULT '{}' NOT NULL,
        secrets TEXT DEFAULT '' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_channels PRIMARY KEY (id),
        CONSTRAINT uq_channels_number UNIQUE (number),
        CONSTRAINT uq_channels_key UNIQUE (key)
    )
    """,
    "CREATE INDEX ix_channels_updated_at_id ON channels (updated_at, id)",
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
)


def upgrade() -> None:
    """Create the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
