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

from record.store.schema.base import ActorText, metadata, numbered

# append only; numbers are never given again, since notices are called by them
history = Table(
    "history",
    metadata,
    numbered("seq"),
    Column("order_id", String, nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("what", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("by", ActorText, nullable=False),
    # how much came lately, how fast orders are taken
    Index("history_by_time", "at"),
)

# the last hundred of each job and a few more, for `worker status` and the panel
runs = Table(
    "runs",
    metadata,
    numbered(),
    Column("at", Float, nullable=False),
    Column("job", String, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("facts", JSON, nullable=False),
    Index("runs_by_job", "job", "id"),
)

# small things by name, see record/store/facts.py
facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
)

# numbers of orders and masters, counts for /metrics, wake-ups
counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# our share of Google's quota, for all processes together
buckets = Table(
    "buckets",
    metadata,
    Column("name", String, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", Float, nullable=False),
)

# PostgreSQL only: a row is there while somebody holds its lock
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
