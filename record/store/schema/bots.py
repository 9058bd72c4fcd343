"""What the bots have received, where each dialog is, and who can't be written to."""

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, String, Table

from record.store.schema.base import AddressText, metadata

updates = Table(
    "updates",
    metadata,
    Column("bot", String, primary_key=True),
    Column("update_id", BigInteger, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("got_at", Float, nullable=False),
    Column("handled_at", Float),
    Column("attempts", Integer, nullable=False),
    Column(
        "chat",
        AddressText,
        nullable=False,
        server_default="0",
        doc="whose turn it is by; 0 where nobody's",
    ),
    Index("updates_open", "bot", "handled_at", "chat"),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("bot", String, primary_key=True),
    Column("chat", AddressText, primary_key=True),
    Column("state", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

quiet = Table(
    "quiet",
    metadata,
    Column(
        "master_id",
        String,
        primary_key=True,
        doc="a master who asked not to be disturbed",
    ),
    Column("at", Float, nullable=False),
)

unreachable = Table(
    "unreachable",
    metadata,
    Column("chat", AddressText, primary_key=True),
    Column("to", String, primary_key=True),
    Column("reason", String, nullable=False, doc="in the channel's own words"),
    Column(
        "code",
        String,
        nullable=False,
        server_default="other",
        doc="the reason, see record/dispatch/reach.py",
    ),
    Column("at", Float, nullable=False),
)
