"""The Alembic environment of every unit: connection and tables are handed over by the caller."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    compare_type=True,
    compare_server_default=False,
)
context.run_migrations()
