"""The floor of an order; the rows kept as read get an empty cell for it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

PLACE = 8  # behind «Адрес»
orders = sa.table("orders", sa.column("id", sa.String()), sa.column("row", sa.JSON()))


def upgrade() -> None:
    """Make the column, and fit the rows to the worksheet's columns."""
    op.add_column(
        "orders", sa.Column("floor", sa.Text(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    for order_id, row in connection.execute(sa.select(orders.c.id, orders.c.row)).all():
        fitted = [*row[:PLACE], "", *row[PLACE:]]
        this = orders.c.id == order_id
        connection.execute(sa.update(orders).where(this).values(row=fitted))
