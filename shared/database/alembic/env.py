"""The Alembic environment of every unit: connection and tables are handed over by the caller."""

from typing import Any

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
partitions = set(connection.execute(text("select inhrelid::regclass::text from pg_inherits")).scalars())


def declared(_: Any, name: str | None, kind: str, *__: Any) -> bool:
    """Leave the partitions of a table aside: they come and go by themselves."""
    return kind != "table" or name not in partitions


context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    compare_type=True,
    compare_server_default=False,
    include_object=declared,
)
context.run_migrations()
