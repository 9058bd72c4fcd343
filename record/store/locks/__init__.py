"""Locks between processes and machines. They are freed when their holder dies, and when
it stands still.

    exclusive   one holder of a name: who leads, who flushes, who makes the tables
    turn        one at a time for a key out of many: who sends to this person, who answers in this chat

No library's locks: those on files know nothing of a holder that stands still, and those
of databases need a server. With SQLite ours are locks on files beside the store
(files.py). With PostgreSQL an exclusive lock is an advisory lock on a connection that is
kept for it (server.py), and a turn is a locked row, which the others pass over.

Neither the operating system nor the server takes a lock from a process that is stopped
or a container that is paused. So a holder gives a sign of life every second and a half;
who wants its lock and sees none for six, by a clock of its own, takes it away. The
holder finds out by :meth:`Lock.holds` before it acts.
"""

from contextlib import AbstractContextManager

from sqlalchemy import Engine

from record.store.locks.files import file_lock
from record.store.locks.server import server_lock
from record.store.locks.signs import Lock, Stillness
from record.store.locks.turns import Turns

__all__ = ["Lock", "Stillness", "Turns", "exclusive"]


def exclusive(
    engine: Engine, name: str, *, wait: bool = True, stillness: Stillness | None = None
) -> AbstractContextManager[Lock | None]:
    """Hold a lock between all processes on this store.

    Yields None where it is taken and ``wait`` is off. ``stillness`` remembers between
    calls what was seen of a holder.

    Raises:
        DBAPIError, OSError: the lock can't be asked for.
    """
    if stillness is None:
        stillness = Stillness()
    take = file_lock if engine.dialect.name == "sqlite" else server_lock
    return take(engine, name, wait=wait, stillness=stillness)
