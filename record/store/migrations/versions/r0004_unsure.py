"""How often a message may have arrived, and which chat an update came from, so that all
are heard in turn.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

updates = sa.table(
    "updates",
    sa.column("bot", sa.String()),
    sa.column("update_id", sa.BigInteger()),
    sa.column("body", sa.JSON()),
    sa.column("handled_at", sa.Float()),
    sa.column("chat", sa.BigInteger()),
)


def upgrade() -> None:
    """Make the columns, and fill in the chats of the updates that still wait."""
    op.add_column(
        "outbox", sa.Column("maybe", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "updates",
        sa.Column("chat", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.create_index(
        "updates_open", "updates", ["bot", "handled_at", "chat"], unique=False
    )
    connection = op.get_bind()
    waiting = sa.select(updates.c.bot, updates.c.update_id, updates.c.body).where(
        updates.c.handled_at.is_(None)
    )
    for bot, number, body in connection.execute(waiting).all():
        one = (updates.c.bot == bot) & (updates.c.update_id == number)
        connection.execute(sa.update(updates).where(one).values(chat=_chat(body)))


def _chat(body: Any) -> int:
    try:
        said: Mapping[str, Any] = (
            body.get("message") or body.get("my_chat_member") or {}
        )
        return int((said or body["callback_query"]["message"])["chat"]["id"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return 0
