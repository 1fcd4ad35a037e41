"""Runs migrations on the connection it is given, within that connection's transaction."""

from alembic import context

from planner.history.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
