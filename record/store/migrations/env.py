"""What alembic runs: the migrations on a connection that is given, in the transaction
that is open there.
"""

from alembic import context

from record.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
