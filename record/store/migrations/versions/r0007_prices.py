"""An index that tells what work of a category cost lately."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "orders_by_category", "orders", ["category", "status", "done", "price"]
    )
