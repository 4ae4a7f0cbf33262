"""PostgreSQL: engine, migrations, advisory locks."""
