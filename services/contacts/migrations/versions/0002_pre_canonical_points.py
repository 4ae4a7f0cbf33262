"""Points with canonical keys only, and dead letters that can be replayed and dropped."""

from alembic import op

from shared.database.canonical_keys import canonical_functions, drop_canonical_functions, key_check
from shared.database.message_tables import settled_dead_letters

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CANONICAL = key_check("key", "phone", "email", "vk", "telegram")

_MENDED = """
CREATE TEMPORARY TABLE mended ON COMMIT DROP AS
SELECT id, key, first_value(id) OVER (same ORDER BY is_main DESC, position, id) AS kept,
    bool_or(is_shared) OVER same AS is_shared
FROM (
    SELECT id, contact_id, kind, coalesce(canonical_key(kind, key), key) AS key, is_main, position, is_shared
    FROM points
) AS read
WINDOW same AS (PARTITION BY contact_id, kind, key)
"""
_ONE_OF_EACH = "DELETE FROM points USING mended WHERE mended.id = points.id AND mended.kept <> points.id"
_MEND = """
UPDATE points SET key = mended.key, is_shared = mended.is_shared FROM mended
WHERE mended.id = points.id AND (mended.key, mended.is_shared) <> (points.key, points.is_shared)
"""
_CHECK = f"""
ALTER TABLE points DROP CONSTRAINT ck_points_canonical,
    ADD CONSTRAINT ck_points_canonical CHECK ({_CANONICAL}) NOT VALID
"""
# A point that no statement can read is what a person left: it is not thrown away, and must not stop the migration. The
# check then holds for what is written from now on; its contact is saved again once somebody has put the point right.
_VALIDATE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM points WHERE NOT ({_CANONICAL})) THEN
        ALTER TABLE points VALIDATE CONSTRAINT ck_points_canonical;
    END IF;
END $$
"""


def upgrade() -> None:
    """Fold the keys that are there, one point for each key of a contact; check what is written from now on."""
    op.execute("LOCK TABLE points IN SHARE ROW EXCLUSIVE MODE")
    for statement in canonical_functions():
        op.execute(statement)
    for statement in (_MENDED, _ONE_OF_EACH, _MEND, _CHECK, _VALIDATE):
        op.execute(statement)
    for statement in (*drop_canonical_functions(), *settled_dead_letters()):
        op.execute(statement)
