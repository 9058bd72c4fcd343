"""What orders are searched by, in a table of its own: it is every word of the row now.

As a part of the index of lists it made that one too large, and too wide for PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LISTED = ["rank", "status", "source", "master_id", "unclear"]


def upgrade() -> None:
    """Move the words; what they are is worked out afterwards."""
    op.drop_index("orders_listed", table_name="orders")
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("words")
    op.create_index("orders_listed", "orders", LISTED, unique=False)
    op.create_table(
        "order_words",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
