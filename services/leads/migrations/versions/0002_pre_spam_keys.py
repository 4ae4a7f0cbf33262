"""Keys marked as spam, the index of what was kept because of them, and what came under an id that was taken."""

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
    """
    CREATE TABLE conflicts (
        inquiry_id UUID NOT NULL,
        digest TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        text TEXT NOT NULL,
        content JSONB NOT NULL,
        raw JSONB NOT NULL,
        CONSTRAINT pk_conflicts PRIMARY KEY (inquiry_id, digest)
    )
    """,
    "CREATE INDEX ix_inquiries_spam ON inquiries (received_at, id) WHERE rule = 'spam'",
)


def upgrade() -> None:
    """Create the tables and the indexes."""
    for statement in _STATEMENTS:
        op.execute(statement)
