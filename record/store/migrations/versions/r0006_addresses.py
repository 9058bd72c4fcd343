"""Addresses of any channel instead of Telegram's numbers, and codes for why somebody
can't be written to.

Addresses are text of which Telegram's keep looking like its numbers, so nothing but the
columns' type changes. A channel may name its messages by text, too.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBERS = {
    "orders": ("chat",),
    "masters": ("chat",),
    "cards": ("chat", "message_id"),
    "dialogs": ("chat",),
    "updates": ("chat",),
    "unreachable": ("chat",),
    "talk_messages": ("chat", "message_id"),
    "entry_links": ("chat",),
}
# What the release before told the reasons by, in its order: Telegram's words.
CODES = (
    ("rights", "no_rights"),
    ("kicked", "kicked"),
    ("not a member", "not_a_member"),
    ("group chat was deleted", "gone_group"),
    ("blocked", "blocked"),
    ("deactivated", "deactivated"),
    ("can't initiate", "never_started"),
    ("chat not found", "never_started"),
)
LOST = "admin_lost"

unreachable = sa.table(
    "unreachable", sa.column("reason", sa.String()), sa.column("code", sa.String())
)
outbox = sa.table(
    "outbox",
    sa.column("state", sa.String()),
    sa.column("error", sa.Text()),
    sa.column("code", sa.String()),
)
facts = sa.table("facts", sa.column("name", sa.String()), sa.column("value", sa.JSON()))


def upgrade() -> None:
    """Turn numbers into text, make the columns, and fill in the codes."""
    for table, columns in NUMBERS.items():
        for column in columns:
            _as_text(table, column)
    op.add_column(
        "unreachable",
        sa.Column("code", sa.String(), server_default="other", nullable=False),
    )
    op.add_column(
        "outbox", sa.Column("code", sa.String(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    for words, code in reversed(CODES):
        given = unreachable.c.reason.icontains(words, autoescape=True)
        connection.execute(sa.update(unreachable).where(given).values(code=code))
        failed = outbox.c.state == "failed"
        given = failed & outbox.c.error.icontains(words, autoescape=True)
        connection.execute(sa.update(outbox).where(given).values(code=code))
    _code_of_the_admin(connection)


def _as_text(table: str, column: str) -> None:
    """Change a column's type; a default is taken off for that and put back."""
    default = "0" if table == "updates" else None
    with op.batch_alter_table(table) as batch:
        if default is not None:
            batch.alter_column(column, server_default=None)
        batch.alter_column(
            column,
            type_=sa.String(),
            existing_type=sa.BigInteger(),
            postgresql_using=f"{column}::varchar",
        )
        if default is not None:
            batch.alter_column(column, server_default=default)


def _code_of_the_admin(connection: sa.Connection) -> None:
    lost = facts.c.name == LOST
    known: dict[str, Any] | None = connection.scalar(
        sa.select(facts.c.value).where(lost)
    )
    if not known:
        return
    said = str(known["words"]).lower()
    code = next((code for words, code in CODES if words in said), "other")
    connection.execute(
        sa.update(facts).where(lost).values(value={**known, "code": code})
    )
