"""What clients sent to a bot beside words, so that it reaches the master of the order."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "order_files",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("once", sa.String(), unique=True),
    )
    op.create_index("ix_order_files_order_id", "order_files", ["order_id"])
