"""Talks of the site's chat, who may sign in, and who has."""

from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table, Text

from record.store.schema.base import AddressText, BigId, metadata, numbered

# a visitor has no name: the secret in his cookie is all that ties him to a talk
talks = Table(
    "talks",
    metadata,
    numbered(),
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
    numbered(),
    Column("talk_id", BigId, nullable=False, index=True),
    Column("who", String, nullable=False, doc="client, assistant or staff"),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("near", JSON, nullable=False, doc="questions to go on with"),
    Column("about", Text, nullable=False, doc="the service whose price was named"),
    Column("once", String, unique=True, doc="the update that brought it"),
)

# messages in the admin's chat: a reply to one of them belongs to its talk
talk_messages = Table(
    "talk_messages",
    metadata,
    Column("chat", AddressText, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("talk_id", BigId, nullable=False, index=True),
    Column("at", Float, nullable=False),
)

# hashes only: who reads the store can't enter with what stands there
entry_links = Table(
    "entry_links",
    metadata,
    Column(
        "token", String, primary_key=True, doc="the hash of a one-time link's secret"
    ),
    Column("master_id", String, nullable=False),
    Column("chat", AddressText, nullable=False, doc="where the link was sent"),
    Column("made_at", Float, nullable=False),
    Column("used_at", Float),
)

# kept here and not in the cookie, so that they can be ended from our side
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

# entries in vain, counted by address and in all
attempts = Table(
    "attempts",
    metadata,
    numbered(),
    Column("door", String, nullable=False, doc="what was tried to enter"),
    Column("address", String, nullable=False),
    Column("at", Float, nullable=False),
    Index("attempts_by_door", "door", "at"),
)

# who enters the panel under a name; here, and not in the sheet, since all staff open that
staff = Table(
    "staff",
    metadata,
    Column("key", String, primary_key=True, doc="the name as people compare it"),
    Column("name", String, nullable=False),
    Column("password", String, nullable=False, doc="its hash"),
    Column("chat", AddressText, doc="where the person confirms that he enters"),
    Column("code", String, nullable=False, doc="the hash of a one-time code, or empty"),
    Column("code_until", Float, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("entered_at", Float),
)

# a right password waits here for the person's word in his own chat
staff_entries = Table(
    "staff_entries",
    metadata,
    numbered(),
    Column(
        "token",
        String,
        nullable=False,
        unique=True,
        doc="the hash of what the browser that asks is known by",
    ),
    Column("key", String, nullable=False, index=True, doc="of whom in staff"),
    Column("bound", String, nullable=False, doc="the password's print, as of then"),
    Column("code", String, nullable=False, doc="the hash of the code that ties a chat"),
    Column("place", String, nullable=False, doc="the address it came from"),
    Column("browser", String, nullable=False),
    Column(
        "state",
        String,
        nullable=False,
        doc="waiting, approved, refused, used or over",
    ),
    Column("tries", Integer, nullable=False, doc="codes typed in vain"),
    Column("made_at", Float, nullable=False),
)
