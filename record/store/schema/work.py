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

from record.store.schema.base import ActorText, AddressText, metadata, numbered

# writes on their way to the sheet, and for a while those that reached it
journal = Table(
    "journal",
    metadata,
    numbered(),
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
    Column("written_at", Float, doc="when Google confirmed it"),
    Column(
        "echoed",
        Boolean,
        nullable=False,
        doc="a poll that began after Google confirmed it has read the sheet",
    ),
    # what waits is asked for at each flush, what is on its way to a row with each order
    Index("journal_by_state", "state", "id"),
    Index("journal_by_subject", "title", "subject"),
)

# notices on their way to people; a row stays, since its key must never be queued again
outbox = Table(
    "outbox",
    metadata,
    numbered(),
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
    # the deliveries of each bot ask for what is due, offers for what an order has had
    Index("outbox_waiting", "state", "to", "due_at"),
    Index("outbox_by_order", "order_id"),
)

# the primary key decides which of two masters wins an order
claims = Table(
    "claims",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("master_id", String, nullable=False),
    Column("at", Float, nullable=False),
)

# the latest card only: an older one of the same order is edited no more
cards = Table(
    "cards",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("master_id", String, primary_key=True),
    Column("chat", AddressText, nullable=False),
    Column("message_id", String, nullable=False),
    Column("at", Float, nullable=False),
)

# the primary key makes one order of a form that is sent twice
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

# kept for good, and taken along by the daily copy
consents = Table(
    "consents",
    metadata,
    Column("order_id", String, primary_key=True, doc="or master:ID, talk:NUMBER"),
    Column("version", String, nullable=False, doc="of the text that was agreed to"),
    Column("at", Float, nullable=False),
    Column(
        "channel",
        String,
        nullable=False,
        server_default="website",
        doc="where it was given",
    ),
)

# proof of who was forgotten, and that nobody comes back by an old copy; names nobody
# once it is done, and is taken along by the daily copy
forgets = Table(
    "forgets",
    metadata,
    numbered(),
    Column(
        "print",
        String,
        nullable=False,
        doc="keyed hash of the phone; empty where orders were too old to keep",
    ),
    Column("asked_at", Float, nullable=False),
    Column("by", String, nullable=False, doc="who asked for it"),
    Column(
        "state", String, nullable=False, doc="writing, cleaning, compacting or done"
    ),
    Column("whom", JSON, nullable=False, doc="the person, until it is done"),
    Column("counts", JSON, nullable=False, doc="how many places, by kind"),
    Column("ended_at", Float),
)

# a messenger keeps the files themselves; what stands here is the name it gave to our bot
order_files = Table(
    "order_files",
    metadata,
    numbered(),
    Column("order_id", String, nullable=False, index=True),
    Column("sort", String, nullable=False, doc="photo, voice, video …"),
    Column("file", String, nullable=False, doc="what the bot knows it by"),
    Column("name", String, nullable=False, doc="as its sender called it"),
    Column("bot", String, nullable=False, doc="the bot that it was sent to"),
    Column("at", Float, nullable=False),
    Column("once", String, unique=True, doc="the message that brought it"),
)
