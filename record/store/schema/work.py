"""What is under way between people, the sheet and the messenger."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from record.store.schema.base import ActorText, AddressText, BigId, metadata

journal = Table(
    "journal",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("title", String, nullable=False, doc="the worksheet"),
    Column("kind", String, nullable=False, doc="append, set or adopt"),
    Column("subject", String, nullable=False, doc="the ID of the row"),
    Column("cells", JSON, nullable=False, doc="header → value"),
    Column(
        "seen",
        JSON,
        nullable=False,
        doc="header → value that must still stand there, else the write is refused",
    ),
    Column("by", ActorText, nullable=False),
    Column(
        "state",
        String,
        nullable=False,
        doc="waiting, unclear, written, refused, dismissed or parked",
    ),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("written_at", Float, doc="when it landed"),
    Column(
        "echoed",
        Boolean,
        nullable=False,
        doc="a poll begun after the write has been committed",
    ),
    Index("journal_by_state", "state", "id"),
    Index("journal_by_subject", "title", "subject"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column(
        "key",
        String,
        nullable=False,
        unique=True,
        doc="the same notice is never queued twice",
    ),
    Column("to", String, nullable=False, doc="master, client or admin"),
    Column("recipient", String, nullable=False, doc="a master's ID or an address"),
    Column("kind", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("facts", JSON, nullable=False, doc="what the text needs beside the order"),
    Column("state", String, nullable=False, doc="waiting, sent, failed or stale"),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column(
        "code",
        String,
        nullable=False,
        server_default="",
        doc="why the person can't be written to, if that is why it failed",
    ),
    Column("queued_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("ended_at", Float),
    Column(
        "maybe",
        Integer,
        nullable=False,
        server_default="0",
        doc="how often it may have arrived unconfirmed",
    ),
    Index("outbox_waiting", "state", "to", "due_at"),
    Index("outbox_by_order", "order_id"),
)

claims = Table(
    "claims",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("master_id", String, nullable=False),
    Column("at", Float, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("master_id", String, primary_key=True),
    Column("chat", AddressText, nullable=False),
    Column("message_id", String, nullable=False),
    Column("at", Float, nullable=False),
)

forms = Table(
    "forms",
    metadata,
    Column(
        "once",
        String,
        primary_key=True,
        doc="what the sender's form or dialog is known by",
    ),
    Column("order_id", String, nullable=False),
    Column("key", String, nullable=False),
    Column("at", Float, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("version", String, nullable=False, doc="of the text that was agreed to"),
    Column("at", Float, nullable=False),
)
