"""The local store's tables. All of it can be deleted: what matters is rebuilt from the
sheet.

Times ending in ``_at`` are seconds since the epoch; ``created`` and ``done`` are the
company's wall clock, as in the sheet; money is whole kopecks.

Whoever changes anything here adds a migration, which brings stores that are in use to
the same: a new file ``migrations/versions/r<number>_<what>.py`` with ``revision``,
``down_revision`` (the one before) and ``upgrade()``, as in r0002. A migration that was
released is never changed. A new column of a table that exists needs a
``server_default``, both here and there. ``tests/record/test_store_versions.py`` fails
while one is forgotten.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.engine import Dialect

from record.values.actors import Actor, read_actor


class ActorText(TypeDecorator[Actor]):
    """Who did something: a text in the store, an actor everywhere else."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Actor | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what the column keeps."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Actor | None:  # noqa: ARG002
        """Return the actor that the column keeps."""
        return None if value is None else read_actor(value)


metadata = MetaData()
BigId = BigInteger().with_variant(Integer, "sqlite")

orders = Table(
    "orders",
    metadata,
    Column("id", String, primary_key=True),
    Column(
        "position",
        Integer,
        nullable=False,
        doc="row number in the sheet when last read; a hint, never identity",
    ),
    Column("row", JSON, nullable=False, doc="the cells as read"),
    Column("created", DateTime),
    Column("source", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", String, nullable=False),
    Column("category", String, nullable=False),
    Column("problem", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("status", String, doc="None where the cell can't be understood"),
    Column("master", String, nullable=False),
    Column("master_id", String, nullable=False),
    Column("price", BigInteger),
    Column("commission", BigInteger),
    Column("done", DateTime),
    Column("comment", Text, nullable=False),
    Column("told", String, nullable=False),
    Column("check", Text, nullable=False),
    Column("chat", BigInteger),
    Column("key", String, nullable=False),
    Column("troubles", JSON, nullable=False),
    Column(
        "rank",
        BigInteger,
        nullable=False,
        server_default="0",
        doc="place in lists: when it came, then its number",
    ),
    Column(
        "words", Text, nullable=False, server_default="", doc="what it is searched by"
    ),
    Column(
        "unclear",
        Boolean,
        nullable=False,
        server_default=false(),
        doc="«Проверка» says something",
    ),
    Column(
        "handle",
        String,
        nullable=False,
        server_default="",
        doc="what buttons and links name it by",
    ),
    Index("orders_listed", "rank", "status", "source", "master_id", "unclear", "words"),
    Index("orders_by_day", "created", "source", "status"),
    Index("orders_by_done", "done", "status", "master_id", "price", "commission"),
    Index("orders_by_status", "status", "created"),
    Index("orders_by_master", "master_id", "status"),
    Index("orders_by_chat", "chat"),
    Index("orders_by_handle", "handle"),
)

masters = Table(
    "masters",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("row", JSON, nullable=False),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("chat", BigInteger, index=True),
    Column("speciality", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("percent", String),
    Column("registered", DateTime),
    Column("troubles", JSON, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    Column("title", String, primary_key=True, doc="«Услуги», «Вопросы», «Статистика»"),
    Column("rows", JSON, nullable=False),
)

resting = Table(
    "resting",
    metadata,
    Column("title", String, primary_key=True),
    Column(
        "print",
        String,
        primary_key=True,
        doc="fingerprint of a row typed by hand that has no ID yet",
    ),
    Column("since_at", Float, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("seq", BigId, primary_key=True, autoincrement=True),
    Column("order_id", String, nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("what", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("by", ActorText, nullable=False),
    Index("history_by_time", "at"),
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
    Column("recipient", String, nullable=False, doc="a master's ID or a chat id"),
    Column("kind", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("facts", JSON, nullable=False, doc="what the text needs beside the order"),
    Column("state", String, nullable=False, doc="waiting, sent, failed or stale"),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
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
    Column("chat", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("bot", String, primary_key=True),
    Column("chat", BigInteger, primary_key=True),
    Column("state", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

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
        BigInteger,
        nullable=False,
        server_default="0",
        doc="whose turn it is by; 0 where nobody's",
    ),
    Index("updates_open", "bot", "handled_at", "chat"),
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
    Column("chat", BigInteger, primary_key=True),
    Column("to", String, primary_key=True),
    Column("reason", String, nullable=False),
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

runs = Table(
    "runs",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("job", String, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("facts", JSON, nullable=False),
    Index("runs_by_job", "job", "id"),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

buckets = Table(
    "buckets",
    metadata,
    Column("name", String, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", Float, nullable=False),
)

talks = Table(
    "talks",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column(
        "secret",
        String,
        nullable=False,
        unique=True,
        doc="what the visitor's cookie knows his talk by",
    ),
    Column("began_at", Float, nullable=False, index=True),
    Column("asked_at", Float, doc="when a person of the company was asked for"),
)

talk_lines = Table(
    "talk_lines",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("talk_id", BigId, nullable=False, index=True),
    Column("who", String, nullable=False, doc="client, assistant or staff"),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("near", JSON, nullable=False, doc="questions to go on with"),
    Column("about", Text, nullable=False, doc="the service whose price was told"),
    Column("once", String, unique=True, doc="the Telegram update that brought it"),
)

talk_messages = Table(
    "talk_messages",
    metadata,
    Column("chat", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("talk_id", BigId, nullable=False, index=True),
    Column("at", Float, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("version", String, nullable=False, doc="of the text that was agreed to"),
    Column("at", Float, nullable=False),
)

entry_links = Table(
    "entry_links",
    metadata,
    Column(
        "token", String, primary_key=True, doc="the hash of a one-time link's secret"
    ),
    Column("master_id", String, nullable=False),
    Column("chat", BigInteger, nullable=False, doc="where the link was sent"),
    Column("made_at", Float, nullable=False),
    Column("used_at", Float),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String, primary_key=True, doc="the hash of the cookie's secret"),
    Column("role", String, nullable=False, doc="admin or master"),
    Column("subject", String, nullable=False, doc="a master's ID; empty for the admin"),
    Column(
        "bound",
        String,
        nullable=False,
        doc="what must still hold: the password's print, the master's chat",
    ),
    Column("made_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("door", String, nullable=False, doc="what was tried to enter"),
    Column("address", String, nullable=False),
    Column("at", Float, nullable=False),
    Index("attempts_by_door", "door", "at"),
)

turns = Table(
    "turns",
    metadata,
    Column("kind", String, primary_key=True, doc="outbox or inbox"),
    Column(
        "key",
        String,
        primary_key=True,
        doc="whom the holder of the row's lock serves now",
    ),
)
