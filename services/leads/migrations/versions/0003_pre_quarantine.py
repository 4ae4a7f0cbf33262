"""What cannot be read is set aside, dead letters can be settled, and the months of raw inquiries make room."""

from alembic import op

from shared.database.message_tables import settled_dead_letters

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE quarantined (
        id UUID NOT NULL,
        unit TEXT NOT NULL,
        channel_id UUID NOT NULL,
        external_id TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reason TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        headers JSONB NOT NULL,
        ip TEXT NOT NULL,
        raw JSONB NOT NULL,
        state TEXT DEFAULT 'new' NOT NULL CONSTRAINT ck_quarantined_state CHECK (state in ('new', 'translated', 'dropped')),
        acts JSONB DEFAULT '[]' NOT NULL,
        asked_at TIMESTAMP WITH TIME ZONE,
        settled_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_quarantined PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_quarantined_new ON quarantined (received_at, id) WHERE state = 'new'",
    "CREATE INDEX ix_quarantined_received_at_id ON quarantined (received_at, id)",
    """
    CREATE TABLE suspects (
        message_id TEXT NOT NULL,
        times SMALLINT DEFAULT '1' NOT NULL,
        noted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_suspects PRIMARY KEY (message_id)
    )
    """,
)

_PARTITIONS = """
CREATE OR REPLACE FUNCTION make_raw_partitions(ahead integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    month date;
    first timestamptz;
    beyond timestamptz;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(7362004);
    FOR n IN -1..ahead LOOP
        month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n);
        first := month::timestamp AT TIME ZONE 'UTC';
        beyond := (month + interval '1 month') AT TIME ZONE 'UTC';
        name := 'raw_inquiries_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE raw_inquiries INCLUDING ALL)', name);
        EXECUTE format(
            'WITH moved AS (DELETE FROM raw_inquiries_default WHERE received_at >= %L AND received_at < %L RETURNING *) '
            'INSERT INTO %I SELECT * FROM moved', first, beyond, name
        );
        EXECUTE format(
            'ALTER TABLE raw_inquiries ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first, beyond
        );
    END LOOP;
END $$
"""
"""Months to come, one caller at a time; what a wrong clock has put into the default partition moves to its month."""


def upgrade() -> None:
    """Create the tables, alter the dead letters, and have the months made in the new way."""
    for statement in (*_STATEMENTS, *settled_dead_letters(), _PARTITIONS):
        op.execute(statement)
    op.execute("SELECT make_raw_partitions(3)")
