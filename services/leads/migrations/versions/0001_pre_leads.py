"""The tables of leads."""

from uuid import UUID

from alembic import op
from sqlalchemy import text

from shared.database.message_tables import message_tables

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
        CONSTRAINT pk_identities PRIMARY KEY (kind, value),
        CONSTRAINT ck_identities_canonical CHECK (case kind when 'phone' then length(value) between 6 and 15 and value ~ '^(7[347-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]|[1-69][0-9]+|8[0-8][0-9]+)$' and value not like all ('{810%,8800%}'::text[]) when 'email' then length(value) between 5 and 320 and value ~ '^[^] "(),:;<>@[A-ZА-ЯЁ]+@[a-z0-9.-]+[.][a-z0-9-]+$' and value not like all ('{%.%@gmail.com,%.%@yandex.ru,%.%@proton.me,%-%@proton.me}'::text[]) and split_part(value, '@', 2) <> all ('{googlemail.com,ya.ru,yandex.com,yandex.by,yandex.kz,yandex.ua,yandex.com.tr,me.com,mac.com,protonmail.com,pm.me}'::text[]) and (strpos(value, '+') = 0 or split_part(value, '@', 2) <> all ('{gmail.com,yandex.ru,icloud.com,proton.me,mail.ru,bk.ru,inbox.ru,list.ru,internet.ru,narod.ru,outlook.com,hotmail.com,live.com,msn.com,fastmail.com}'::text[])) and (strpos(value, '_') = 0 or split_part(value, '@', 2) <> all ('{proton.me}'::text[])) when 'vk' then length(value) between 1 and 32 and value ~ '^(-?[1-9][0-9]*|(?!(id|club|public|event)[0-9]+$)[0-9.]*[a-z_][a-z0-9_.]*)$' when 'telegram' then length(value) between 1 and 32 and value ~ '^(-?[1-9][0-9]*|[a-z][a-z0-9_][a-z0-9_][a-z0-9_]+)$' when 'contact' then length(value) between 36 and 36 and value ~ '^[0-9a-f-]+$' else false end)
    ) WITH (fillfactor = 50)  -- a new key is given its lead in the same page
    """,
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
    """CREATE TABLE suspects (message_id TEXT CONSTRAINT pk_suspects PRIMARY KEY,
        times SMALLINT DEFAULT '1' NOT NULL, noted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL)""",
)

_PARTITIONS = """
CREATE FUNCTION make_raw_partitions(ahead integer) RETURNS void
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
    for statement in (*_STATEMENTS, *message_tables()):
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
