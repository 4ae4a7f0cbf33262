"""The tables of staff."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE attempts (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        login TEXT NOT NULL,
        address TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_attempts PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_attempts_login_at ON attempts (login, at)",
    "CREATE INDEX ix_attempts_address_at ON attempts (address, at)",
    "CREATE INDEX ix_attempts_at ON attempts (at)",
    """
    CREATE TABLE company (
        id BIGINT NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        currency TEXT NOT NULL,
        mode TEXT NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_company PRIMARY KEY (id)
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
    CREATE TABLE employees (
        id UUID NOT NULL,
        number BIGINT GENERATED ALWAYS AS IDENTITY,
        version BIGINT NOT NULL,
        login TEXT NOT NULL,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        phone TEXT NOT NULL,
        is_active BOOLEAN NOT NULL,
        language TEXT DEFAULT 'ru' NOT NULL,
        password_hash TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_employees PRIMARY KEY (id),
        CONSTRAINT uq_employees_number UNIQUE (number),
        CONSTRAINT uq_employees_login UNIQUE (login)
    )
    """,
    "CREATE INDEX ix_employees_updated_at_id ON employees (updated_at, id)",
    "CREATE UNIQUE INDEX uq_employees_email ON employees (lower(email)) WHERE email <> ''",
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
    CREATE TABLE roles (
        id UUID NOT NULL,
        key TEXT NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        head_id UUID,
        grants JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_roles PRIMARY KEY (id),
        CONSTRAINT fk_roles_head_id FOREIGN KEY(head_id) REFERENCES employees (id)
    )
    """,
    "CREATE INDEX ix_roles_updated_at_id ON roles (updated_at, id)",
    "CREATE UNIQUE INDEX uq_roles_key ON roles (key) WHERE key <> ''",
    """
    CREATE TABLE sessions (
        token_hash BYTEA NOT NULL,
        employee_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
        CONSTRAINT fk_sessions_employee_id FOREIGN KEY(employee_id) REFERENCES employees (id)
    )
    """,
    "CREATE INDEX ix_sessions_employee_id ON sessions (employee_id)",
    "CREATE INDEX ix_sessions_expires_at ON sessions (expires_at)",
    """
    CREATE TABLE members (
        role_id UUID NOT NULL,
        employee_id UUID NOT NULL,
        CONSTRAINT pk_members PRIMARY KEY (role_id, employee_id),
        CONSTRAINT fk_members_role_id FOREIGN KEY(role_id) REFERENCES roles (id),
        CONSTRAINT fk_members_employee_id FOREIGN KEY(employee_id) REFERENCES employees (id)
    )
    """,
    "CREATE INDEX ix_members_employee_id ON members (employee_id)",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
