"""Who marked which key as spam, and the index of what was kept because of it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE spam_keys (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        lead_id UUID NOT NULL,
        marked_by UUID NOT NULL,
        marked_by_name TEXT NOT NULL,
        marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_spam_keys PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_spam_keys_kind_value ON spam_keys (kind, value)",
    "CREATE INDEX ix_spam_keys_marked_at_id ON spam_keys (marked_at, id)",
    "CREATE INDEX ix_inquiries_spam ON inquiries (received_at, id) WHERE rule = 'spam'",
)


def upgrade() -> None:
    """Create the table and the index."""
    for statement in _STATEMENTS:
        op.execute(statement)
