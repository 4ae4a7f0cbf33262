"""The tables of contacts."""

from alembic import op

from shared.database.message_tables import message_tables

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
    CREATE TABLE points (
        id UUID NOT NULL,
        contact_id UUID NOT NULL,
        kind TEXT NOT NULL CONSTRAINT ck_points_kind CHECK (kind in ('phone', 'email', 'vk', 'telegram')),
        value TEXT NOT NULL,
        key TEXT NOT NULL CONSTRAINT ck_points_canonical CHECK (case kind when 'phone' then length(key) between 6 and 15 and key ~ '^(7[347-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]|[1-69][0-9]+|8[0-8][0-9]+)$' and key not like all ('{810%,8800%}'::text[]) when 'email' then length(key) between 5 and 320 and key ~ '^[^] "(),:;<>@[A-ZА-ЯЁ]+@[a-z0-9.-]+[.][a-z0-9-]+$' and key not like all ('{%.%@gmail.com,%.%@yandex.ru,%.%@proton.me,%-%@proton.me}'::text[]) and split_part(key, '@', 2) <> all ('{googlemail.com,ya.ru,yandex.com,yandex.by,yandex.kz,yandex.ua,yandex.com.tr,me.com,mac.com,protonmail.com,pm.me}'::text[]) and (strpos(key, '+') = 0 or split_part(key, '@', 2) <> all ('{gmail.com,yandex.ru,icloud.com,proton.me,mail.ru,bk.ru,inbox.ru,list.ru,internet.ru,narod.ru,outlook.com,hotmail.com,live.com,msn.com,fastmail.com}'::text[])) and (strpos(key, '_') = 0 or split_part(key, '@', 2) <> all ('{proton.me}'::text[])) when 'vk' then length(key) between 1 and 32 and key ~ '^(-?[1-9][0-9]*|(?!(id|club|public|event)[0-9]+$)[0-9.]*[a-z_][a-z0-9_.]*)$' when 'telegram' then length(key) between 1 and 32 and key ~ '^(-?[1-9][0-9]*|[a-z][a-z0-9_][a-z0-9_][a-z0-9_]+)$' else false end),
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
    for statement in (*_STATEMENTS, *message_tables()):
        op.execute(statement)
