"""What has changed in the message tables of every unit with a database since its first revision made them."""

from collections.abc import Iterator

_WHOLE_HISTORY = """
UPDATE dead_letters
SET history = '{"headers": {}, "deaths": [], "content_type": null, "acts": []}'::jsonb || history
WHERE jsonb_typeof(history) = 'object'
"""
_SHAPE = """
ALTER TABLE dead_letters
    ALTER COLUMN id TYPE UUID USING gen_random_uuid(),
    ADD COLUMN replayed_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN dropped_at TIMESTAMP WITH TIME ZONE
"""


def settled_dead_letters() -> Iterator[str]:
    """Yield the statements after which dead letters can be replayed and dropped; those that are there wait for it.

    The table is altered and not made anew: its rows, and the rights of the role that runs, stay. A drain of the
    version before gives no ids: what dies between this and its end stays in the dead queue.
    """
    yield _WHOLE_HISTORY
    yield "ALTER TABLE dead_letters ALTER COLUMN id DROP IDENTITY"
    yield _SHAPE
    yield "DROP INDEX ix_dead_letters_died_at"
    yield "CREATE INDEX ix_dead_letters_died_at_id ON dead_letters (died_at, id)"
    yield "CREATE INDEX ix_dead_letters_message_id ON dead_letters (message_id)"
    yield (
        "CREATE INDEX ix_dead_letters_waiting ON dead_letters (died_at, id) "
        "WHERE replayed_at is null AND dropped_at is null"
    )
