"""Dead letters that can be replayed and dropped."""

from alembic import op

from shared.database.message_tables import settled_dead_letters

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Alter the table."""
    for statement in settled_dead_letters():
        op.execute(statement)
