"""The sheet as last read, and the rows in it that are not orders yet."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from record.store.schema.base import AddressText, metadata

# rank, unclear and handle are derived, so that a database can list
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
    Column("chat", AddressText),
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
    # holds all that lists filter by, so that they read no rows to count them
    Index("orders_listed", "rank", "status", "source", "master_id", "unclear"),
    # sums of a day, of statuses and of masters: each is answered by its index alone
    Index("orders_by_day", "created", "source", "status"),
    Index("orders_by_done", "done", "status", "master_id", "price", "commission"),
    Index("orders_by_status", "status", "created"),
    # what work of a category cost lately
    Index("orders_by_category", "category", "status", "done", "price"),
    Index("orders_by_master", "master_id", "status"),
    # what a client, or the holder of a link or a button, asks for
    Index("orders_by_chat", "chat"),
    Index("orders_by_handle", "handle"),
)

# what orders are searched by: apart, since each search reads all of it and nothing else
order_words = Table(
    "order_words",
    metadata,
    Column("id", String, primary_key=True),
    Column("rank", BigInteger, nullable=False, doc="that of its order"),
    Column("words", Text, nullable=False, doc="narrow, see record/dispatch/listing.py"),
)

# few rows, read whole at each step
masters = Table(
    "masters",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("row", JSON, nullable=False),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("chat", AddressText, index=True),
    Column("speciality", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("percent", String),
    Column("registered", DateTime),
    Column("troubles", JSON, nullable=False),
)

# small worksheets that nothing searches: kept as they were read
lists = Table(
    "lists",
    metadata,
    Column("title", String, primary_key=True, doc="«Услуги», «Вопросы», «Статистика»"),
    Column("rows", JSON, nullable=False),
)

# a row without an ID is known by what stands in it; see record/grid/identity.py
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
