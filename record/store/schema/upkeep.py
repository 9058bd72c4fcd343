"""What the system remembers about itself."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    String,
    Table,
    Text,
)

from record.store.schema.base import ActorText, BigId, metadata

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
