"""Identities with canonical keys only."""

from alembic import op

from shared.database.canonical_keys import KINDS, canonical_functions, drop_canonical_functions, key_check

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What cannot be folded is deleted: no inquiry comes under such a key any more, so that nothing would find its row, and
# neither could a row that breaks the check be given another lead. The lead and the contact keep their points as written.
_IDENTITIES = (
    """
    CREATE TEMPORARY TABLE mended ON COMMIT DROP AS
    SELECT kind, value, canonical_key(kind, value) AS canonical, open_lead_id, spam FROM identities
    WHERE canonical_key(kind, value) IS DISTINCT FROM value
    """,
    "DELETE FROM identities i USING mended m WHERE (m.kind, m.value) = (i.kind, i.value)",
    """
    INSERT INTO identities (kind, value, open_lead_id, spam)
    SELECT kind, canonical, (array_agg(open_lead_id ORDER BY value) FILTER (WHERE open_lead_id IS NOT NULL))[1],
        bool_or(spam)
    FROM mended WHERE canonical IS NOT NULL GROUP BY kind, canonical
    ON CONFLICT (kind, value) DO UPDATE SET
        open_lead_id = coalesce(identities.open_lead_id, excluded.open_lead_id),
        spam = identities.spam OR excluded.spam
    """,
)
_THE_SAME_ELSEWHERE = (
    """
    INSERT INTO known_points (kind, value, contact_id, shared)
    SELECT kind, canonical_key(kind, value), contact_id, bool_or(shared) FROM known_points
    WHERE canonical_key(kind, value) <> value GROUP BY 1, 2, 3
    ON CONFLICT (kind, value, contact_id) DO UPDATE SET shared = known_points.shared OR excluded.shared
    """,
    "DELETE FROM known_points WHERE canonical_key(kind, value) IS DISTINCT FROM value",
    "UPDATE leads SET keys = canonical_keys(keys) WHERE keys <> canonical_keys(keys)",
    "UPDATE known_employees SET keys = canonical_keys(keys) WHERE keys <> canonical_keys(keys)",
)
_SHAPE = (
    f"ALTER TABLE identities ADD CONSTRAINT ck_identities_canonical CHECK ({key_check('value', *KINDS)})",
    "ALTER TABLE identities SET (fillfactor = 50)",  # a new key is given its lead in the same page
)


def upgrade() -> None:
    """Fold the keys that are there, and check what is written from now on."""
    op.execute("LOCK TABLE identities IN SHARE ROW EXCLUSIVE MODE")
    for statement in canonical_functions():
        op.execute(statement)
    for statement in (*_IDENTITIES, *_THE_SAME_ELSEWHERE, *_SHAPE):
        op.execute(statement)
    for statement in drop_canonical_functions():
        op.execute(statement)
