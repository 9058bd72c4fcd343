"""What the site came to need: the panel's lists and doors, talks, consents."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make their tables, and the columns that orders are listed by; what these hold is
    worked out afterwards.
    """
    op.create_table(
        "attempts",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("attempts_by_door", "attempts", ["door", "at"], unique=False)
    op.create_table(
        "consents",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_table(
        "entry_links",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("master_id", sa.String(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("used_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("bound", sa.String(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "talk_lines",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("talk_id", BigId, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("near", sa.JSON(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_index("ix_talk_lines_talk_id", "talk_lines", ["talk_id"], unique=False)
    op.create_table(
        "talk_messages",
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("talk_id", BigId, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "message_id"),
    )
    op.create_index(
        "ix_talk_messages_talk_id", "talk_messages", ["talk_id"], unique=False
    )
    op.create_table(
        "talks",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("began_at", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret"),
    )
    op.create_index("ix_talks_began_at", "talks", ["began_at"], unique=False)
    op.create_index("history_by_time", "history", ["at"], unique=False)
    op.add_column(
        "orders", sa.Column("rank", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "orders", sa.Column("words", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "orders",
        sa.Column("unclear", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "orders_by_day", "orders", ["created", "source", "status"], unique=False
    )
    op.create_index(
        "orders_by_done",
        "orders",
        ["done", "status", "master_id", "price", "commission"],
        unique=False,
    )
    op.create_index(
        "orders_listed",
        "orders",
        ["rank", "status", "source", "master_id", "unclear", "words"],
        unique=False,
    )
