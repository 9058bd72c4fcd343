"""What the bots have received, where each dialog is, and who can't be written to."""

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, String, Table

from record.store.schema.base import AddressText, metadata

# stored before they are confirmed to the messenger: a kill in between loses none
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
    # what is not handled yet, by chat, since each chat has its turn
    Index("updates_open", "bot", "handled_at", "chat"),
)

# the answers given so far, so that a restart asks nothing twice
dialogs = Table(
    "dialogs",
    metadata,
    Column("bot", String, primary_key=True),
    Column("chat", AddressText, primary_key=True),
    Column("state", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

# the sheet has no column for this: the daily copy takes it along
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

# by kind too: one person may be reached by one bot and have stopped the other
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
