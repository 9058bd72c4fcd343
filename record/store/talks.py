"""Talks of the site's chat: who said what, and where staff may answer."""

import secrets
import time
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from record.store.schema import talk_lines, talk_messages, talks
from record.store.statements import insert_new, upsert
from record.values import Address

SHOWN = 60  # lines of each talk, where several are shown
Who = Literal["client", "assistant", "staff"]


@dataclass(frozen=True)
class Talk:
    """One visitor's talk; ``asked`` once a person of the company was asked for."""

    id: int
    asked: bool


@dataclass(frozen=True)
class Speech:
    """Something said.

    ``near`` are questions to go on with, ``about`` the service whose price was named.
    """

    who: Who
    text: str
    near: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Line:
    """A speech in its place and time."""

    id: int
    at: float
    speech: Speech


@dataclass(frozen=True)
class Asked:
    """A talk in which a person was asked for, when that was, and its last lines."""

    id: int
    at: float
    lines: list[Line]


class Talks:
    """All talks; each is known to its visitor alone by a secret."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self) -> str:
        """Begin a talk and return its secret."""
        secret, now = secrets.token_urlsafe(18), time.time()
        self._connection.execute(insert(talks).values(secret=secret, began_at=now))
        return secret

    def get(self, secret: str) -> Talk | None:
        """Return the talk of this secret."""
        if not secret:
            return None
        query = select(talks.c.id, talks.c.asked_at).where(talks.c.secret == secret)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return Talk(row.id, row.asked_at is not None)

    def lines(self, talk: int, limit: int = 200) -> list[Line]:
        """Return what was said, oldest first, no more than the last ``limit`` lines."""
        query = select(talk_lines).where(talk_lines.c.talk_id == talk)
        latest = query.order_by(talk_lines.c.id.desc()).limit(limit)
        lines: list[Line] = []
        for row in self._connection.execute(latest):
            speech = Speech(row.who, row.text, tuple(row.near), row.about)
            lines.append(Line(row.id, row.at, speech))
        lines.reverse()
        return lines

    def say(self, talk: int, speech: Speech, once: str | None = None) -> bool:
        """Add a line; return False where the same was added before, known by ``once``."""
        # the same update may be handled twice, after a kill
        values = {
            "who": speech.who,
            "text": speech.text,
            "near": list(speech.near),
            "about": speech.about,
        }
        return insert_new(
            self._connection,
            talk_lines,
            {**values, "talk_id": talk, "at": time.time(), "once": once},
        )

    def said_since(self, talk: int, since: float) -> int:
        """Return how many lines the visitor has said since then."""
        his = (
            (talk_lines.c.talk_id == talk)
            & (talk_lines.c.who == "client")
            & (talk_lines.c.at >= since)
        )
        return self._connection.execute(select(func.count()).where(his)).scalar_one()

    def asked(self, talk: int) -> bool:
        """Return whether there is such a talk, and a person was asked for in it."""
        query = select(talks.c.id).where(
            talks.c.id == talk, talks.c.asked_at.is_not(None)
        )
        return self._connection.execute(query).first() is not None

    def latest(self, limit: int) -> list[Asked]:
        """Return the talks in which a person was asked for, latest spoken in first."""
        # the newest line of a visitor, since staff answer whoever waits
        spoke = func.max(talk_lines.c.id).filter(talk_lines.c.who == "client")
        query = select(talks.c.id, talks.c.asked_at).join(
            talk_lines, talk_lines.c.talk_id == talks.c.id
        )
        query = query.where(talks.c.asked_at.is_not(None)).group_by(
            talks.c.id, talks.c.asked_at
        )
        rows = self._connection.execute(query.order_by(spoke.desc()).limit(limit)).all()
        return [Asked(row.id, row.asked_at, self.lines(row.id, SHOWN)) for row in rows]

    def ask(self, talk: int) -> bool:
        """Ask for a person; return False where one was asked for already."""
        unasked = (talks.c.id == talk) & talks.c.asked_at.is_(None)
        asked = update(talks).where(unasked).values(asked_at=time.time())
        return self._connection.execute(asked).rowcount == 1

    def tie(self, chat: Address, message_id: str, talk: int) -> None:
        """Remember that an answer to this message belongs to the talk."""
        values = {
            "chat": chat,
            "message_id": message_id,
            "talk_id": talk,
            "at": time.time(),
        }
        upsert(self._connection, talk_messages, values)

    def tied(self, chat: Address, message_id: str) -> int | None:
        """Return the talk that an answer to this message belongs to."""
        query = select(talk_messages.c.talk_id).where(
            talk_messages.c.chat == chat, talk_messages.c.message_id == message_id
        )
        return self._connection.execute(query).scalar()
