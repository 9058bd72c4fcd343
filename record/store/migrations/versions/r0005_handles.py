"""What buttons and links name an order by; it is worked out of the number afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the column and its index."""
    op.add_column(
        "orders", sa.Column("handle", sa.String(), server_default="", nullable=False)
    )
    op.create_index("orders_by_handle", "orders", ["handle"], unique=False)
