"""The tables of leads."""

from uuid import UUID

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE TABLE assignment_cursors (
        role_id UUID NOT NULL,
        channel_id UUID NOT NULL,
        counts JSONB DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_assignment_cursors PRIMARY KEY (role_id, channel_id)
    )
    """,
    """
    CREATE TABLE candidate_sets (
        id UUID NOT NULL, candidates JSONB NOT NULL, CONSTRAINT pk_candidate_sets PRIMARY KEY (id)
    )
    """,
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
    CREATE TABLE decisions (
        inquiry_id UUID NOT NULL,
        seq SMALLINT NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        made_by UUID,
        rule TEXT NOT NULL,
        rule_version SMALLINT NOT NULL,
        lead_id UUID,
        body JSONB NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_decisions PRIMARY KEY (inquiry_id, seq)
    )
    """,
    """
    CREATE TABLE history (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        lead_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT DEFAULT '' NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        data JSONB DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_history PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_history_lead_id_id ON history (lead_id, id)",
    """
    CREATE TABLE identities (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        open_lead_id UUID,
        spam BOOLEAN DEFAULT 'false' NOT NULL,
        CONSTRAINT pk_identities PRIMARY KEY (kind, value)
    )
    """,
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
    CREATE TABLE inquiries (
        id UUID NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        channel_id UUID NOT NULL,
        kind TEXT NOT NULL,
        external_id TEXT NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        stored_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        text TEXT NOT NULL,
        content JSONB NOT NULL,
        rule TEXT NOT NULL,
        lead_id UUID,
        deal_id UUID,
        contact_id UUID,
        CONSTRAINT pk_inquiries PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_inquiries_contact_id ON inquiries (contact_id) WHERE contact_id is not null",
    "CREATE INDEX ix_inquiries_lead_id ON inquiries (lead_id, received_at) WHERE lead_id is not null",
    "CREATE INDEX ix_inquiries_received_at_id ON inquiries (received_at, id)",
    """
    CREATE TABLE known_channels (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        lead_source BOOLEAN NOT NULL,
        responsible_type TEXT,
        responsible_id UUID,
        strategy TEXT NOT NULL,
        sticky BOOLEAN NOT NULL,
        repeat TEXT NOT NULL,
        reason_required BOOLEAN NOT NULL,
        CONSTRAINT pk_known_channels PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE known_company (
        id BIGSERIAL NOT NULL,
        version BIGINT NOT NULL,
        settings JSONB DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_known_company PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE known_contacts (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        responsible_id UUID,
        spam BOOLEAN DEFAULT 'false' NOT NULL,
        deleted BOOLEAN DEFAULT 'false' NOT NULL,
        CONSTRAINT pk_known_contacts PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE known_employees (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        is_active BOOLEAN NOT NULL,
        takes_leads BOOLEAN NOT NULL,
        keys TEXT[] DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_known_employees PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_known_employees_keys ON known_employees USING gin (keys)",
    """
    CREATE TABLE known_points (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        contact_id UUID NOT NULL,
        shared BOOLEAN DEFAULT 'false' NOT NULL,
        CONSTRAINT pk_known_points PRIMARY KEY (kind, value, contact_id)
    )
    """,
    "CREATE INDEX ix_known_points_contact_id ON known_points (contact_id)",
    """
    CREATE TABLE known_roles (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        head_id UUID,
        member_ids UUID[] DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_known_roles PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE leads (
        id UUID NOT NULL,
        number BIGINT GENERATED ALWAYS AS IDENTITY,
        version BIGINT DEFAULT '1' NOT NULL,
        status TEXT NOT NULL CONSTRAINT ck_leads_status CHECK (status in ('new', 'in_work', 'converting', 'converted', 'rejected', 'absorbed')),
        kind TEXT NOT NULL,
        channel_id UUID NOT NULL,
        name TEXT NOT NULL,
        phones TEXT[] DEFAULT '{}' NOT NULL,
        emails TEXT[] DEFAULT '{}' NOT NULL,
        keys TEXT[] DEFAULT '{}' NOT NULL,
        contact_id UUID,
        deal_id UUID,
        responsible_type TEXT CONSTRAINT ck_leads_responsible CHECK (responsible_type in ('employee', 'role')),
        responsible_id UUID,
        pool_role_id UUID,
        text TEXT DEFAULT '' NOT NULL,
        inquiries_count INTEGER DEFAULT '1' NOT NULL,
        unread_count INTEGER DEFAULT '1' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        last_inquiry_at TIMESTAMP WITH TIME ZONE NOT NULL,
        waiting_since TIMESTAMP WITH TIME ZONE,
        claimed_at TIMESTAMP WITH TIME ZONE,
        first_response_at TIMESTAMP WITH TIME ZONE,
        closed_at TIMESTAMP WITH TIME ZONE,
        rejection_reason_id UUID,
        rejection_comment TEXT DEFAULT '' NOT NULL,
        search TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_leads PRIMARY KEY (id),
        CONSTRAINT uq_leads_number UNIQUE (number)
    )
    """,
    "CREATE INDEX ix_leads_contact_id ON leads (contact_id) WHERE contact_id is not null",
    "CREATE INDEX ix_leads_created_at_id ON leads (created_at, id)",
    "CREATE INDEX ix_leads_responsible_id_status ON leads (responsible_id, status, claimed_at, id)",
    "CREATE INDEX ix_leads_search ON leads USING gin (search gin_trgm_ops)",
    "CREATE INDEX ix_leads_status_created_at_id ON leads (status, created_at, id)",
    "CREATE INDEX ix_leads_updated_at_id ON leads (updated_at, id)",
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
    CREATE TABLE raw_inquiries (
        inquiry_id UUID NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        content_type TEXT NOT NULL,
        body JSONB NOT NULL,
        CONSTRAINT pk_raw_inquiries PRIMARY KEY (inquiry_id, received_at)
    )
     PARTITION BY range (received_at)
    """,
    """
    CREATE TABLE rejection_reasons (
        id UUID NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        is_active BOOLEAN DEFAULT 'true' NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_rejection_reasons PRIMARY KEY (id)
    )
    """,
)

_PARTITIONS = """
CREATE FUNCTION make_raw_partitions(ahead integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    month date;
BEGIN
    FOR n IN -1..ahead LOOP
        month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n);
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF raw_inquiries FOR VALUES FROM (%L) TO (%L)',
            'raw_inquiries_' || to_char(month, 'YYYYMM'),
            month::timestamp AT TIME ZONE 'UTC',
            (month + interval '1 month') AT TIME ZONE 'UTC'
        );
    END LOOP;
END $$
"""

_FIRST_REASON = 0x0D1F6C1E_7A5B_5C0D_9E31_000000000000
_REASONS = (
    "Спам или реклама",
    "Не наш профиль",
    "Дорого",
    "Выбрали других",
    "Не удалось связаться",
    "Нет товара или услуги",
    "Дубль",
)


def upgrade() -> None:
    """Create the tables, the partitions of the first months and the usual rejection reasons."""
    for statement in _STATEMENTS:
        op.execute(statement)
    op.execute("CREATE TABLE raw_inquiries_default PARTITION OF raw_inquiries DEFAULT")
    op.execute(_PARTITIONS)
    op.execute("SELECT make_raw_partitions(3)")
    rows = [
        {"id": UUID(int=_FIRST_REASON + position), "name": name, "position": position}
        for position, name in enumerate(_REASONS, start=1)
    ]
    op.get_bind().execute(
        text("INSERT INTO rejection_reasons (id, name, position) VALUES (:id, :name, :position)"), rows
    )
