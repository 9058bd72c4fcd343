"""Who may enter the signed-in pages: one-time links, sessions, attempts in vain.

Tokens are kept as hashes only: who reads the store can't enter with what stands there.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from record.store.schema import attempts, entry_links, sessions
from record.values import Address

Role = Literal["admin", "master"]
LINK_S = 600
KEPT_S = 86_400  # links and attempts, for as long as anything counts them


@dataclass(frozen=True)
class Session:
    """Somebody who has entered: a master by ID, or the admin, "".

    ``bound`` is what must still hold: the password's print, the master's chat.
    """

    role: str
    subject: str
    bound: str
    made_at: float
    seen_at: float


class Links:
    """Links by which a master enters once, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make(self, master_id: str, chat: Address, now: float) -> str:
        """Return the secret of a new link, good once within ten minutes.

        Links that the master got before are good no more.
        """
        token = secrets.token_urlsafe(24)
        old = (entry_links.c.master_id == master_id) | (
            entry_links.c.made_at < now - KEPT_S
        )
        self._connection.execute(delete(entry_links).where(old))
        values = {
            "token": hashed(token),
            "master_id": master_id,
            "chat": chat,
            "made_at": now,
        }
        self._connection.execute(entry_links.insert().values(values))
        return token

    def take(self, token: str, now: float) -> tuple[str, Address] | None:
        """Use a link up; return whose it was and the chat that it went to.

        Returns None where it is used, old or made up.
        """
        mine = (entry_links.c.token == hashed(token)) & entry_links.c.used_at.is_(None)
        fresh = entry_links.c.made_at.between(now - LINK_S, now + LINK_S)
        used = update(entry_links).where(mine, fresh).values(used_at=now)
        # one statement looks and uses up: of two presses at once one enters
        whose = used.returning(entry_links.c.master_id, entry_links.c.chat)
        row = self._connection.execute(whose).first()
        if row is None:
            return None
        return row.master_id, row.chat


class Sessions:
    """Who has entered, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, role: Role, subject: str, bound: str, now: float) -> str:
        """Return the secret of a new session, never one that a browser brought along."""
        token = secrets.token_urlsafe(32)
        values = {
            "token": hashed(token),
            "role": role,
            "subject": subject,
            "bound": bound,
        }
        self._connection.execute(
            sessions.insert().values(**values, made_at=now, seen_at=now)
        )
        return token

    def find(self, role: Role, token: str) -> Session | None:
        """Return the session of this secret, or None."""
        columns = (
            sessions.c.role,
            sessions.c.subject,
            sessions.c.bound,
            sessions.c.made_at,
            sessions.c.seen_at,
        )
        query = select(*columns).where(
            sessions.c.token == hashed(token), sessions.c.role == role
        )
        row = self._connection.execute(query).mappings().first()
        return Session(**row) if row else None

    def seen(self, token: str, now: float) -> None:
        """Note that the person did something, so that the session goes on."""
        self._connection.execute(
            update(sessions)
            .where(sessions.c.token == hashed(token))
            .values(seen_at=now)
        )

    def close(self, token: str) -> None:
        """End a session."""
        self._connection.execute(
            delete(sessions).where(sessions.c.token == hashed(token))
        )

    def forget(self, role: Role, made_before: float, seen_before: float) -> None:
        """Forget the sessions of a role that have ended by their age or by idleness."""
        old = (sessions.c.made_at < made_before) | (sessions.c.seen_at < seen_before)
        self._connection.execute(delete(sessions).where(sessions.c.role == role, old))


class Attempts:
    """Entries tried in vain, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, door: str, address: str, now: float) -> int:
        """Count an attempt and return its number.

        It is counted before it is judged, so that many at once can't slip through.
        """
        self._connection.execute(delete(attempts).where(attempts.c.at < now - KEPT_S))
        made = (
            attempts.insert()
            .values(door=door, address=address, at=now)
            .returning(attempts.c.id)
        )
        return int(self._connection.execute(made).scalar_one())

    def take_back(self, attempt: int) -> None:
        """Let an attempt not count, since it was not judged."""
        self._connection.execute(delete(attempts).where(attempts.c.id == attempt))

    def forgive(self, door: str, address: str) -> None:
        """Forget the attempts of an address: the person turned out to be the right one."""
        self._connection.execute(
            delete(attempts).where(
                attempts.c.door == door, attempts.c.address == address
            )
        )

    def count(self, door: str, since: float, address: str | None = None) -> int:
        """Return how many attempts a door has seen since then, of all or one address."""
        query = select(func.count()).where(
            attempts.c.door == door, attempts.c.at >= since
        )
        if address is not None:
            query = query.where(attempts.c.address == address)
        return self._connection.execute(query).scalar_one()


def hashed(token: str) -> str:
    """Return what the store knows of a secret."""
    # secrets are random and long, so a plain hash can't be guessed back
    return hashlib.sha256(token.encode()).hexdigest()
