"""The tables that every unit with a database has for its messages, as the first migration of each makes them."""

from collections.abc import Iterator

_INBOX = """
CREATE TABLE inbox (
    queue TEXT NOT NULL,
    message_id UUID NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (queue, message_id)
)
"""
_OUTBOX = """
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
"""
_DEAD_LETTERS = """
CREATE TABLE dead_letters (
    id UUID NOT NULL,
    queue TEXT NOT NULL,
    topic TEXT NOT NULL,
    message_id UUID,
    reason TEXT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    history JSONB NOT NULL,
    body BYTEA NOT NULL,
    died_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    replayed_at TIMESTAMP WITH TIME ZONE,
    dropped_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dead_letters PRIMARY KEY (id)
)
"""


def message_tables() -> Iterator[str]:
    """Yield the statements that make inbox, outbox and dead letters; what changes later is a migration of its own."""
    yield _INBOX
    yield "CREATE INDEX ix_inbox_received_at ON inbox (received_at)"
    yield _OUTBOX
    yield _DEAD_LETTERS
    yield "CREATE INDEX ix_dead_letters_died_at_id ON dead_letters (died_at, id)"
    yield "CREATE INDEX ix_dead_letters_message_id ON dead_letters (message_id)"
    yield (
        "CREATE INDEX ix_dead_letters_waiting ON dead_letters (died_at, id) "
        "WHERE replayed_at is null AND dropped_at is null"
    )
