"""Where updates are stored before the channel is told that they arrived."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from record import failpoints
from record.errors import NaryadError
from record.logs import get_logger
from record.store import Store
from record.values import Address

log = get_logger(__name__)


class Update(NamedTuple):
    """What a channel gave: its number there, its JSON, and whose turn it is by.

    ``chat`` is NOBODY where no bot here reacts to it.
    """

    number: int
    body: Mapping[str, Any]
    chat: Address


class Intake:
    """Stores the updates of one bot, and sets ``stored`` for whoever handles them."""

    def __init__(self, store: Store, inbox: str, stored: asyncio.Event) -> None:
        self._store = store
        self._inbox = inbox
        self._stored = stored
        self._refusing = False

    async def take(self, updates: Sequence[Update]) -> bool:
        """Store updates.

        False when the store can't take them now, so that the channel must give them
        again.
        """
        try:
            await asyncio.to_thread(self._keep, updates)
        except NaryadError as error:
            # once, not for every update while the disk is full
            if not self._refusing:
                log.warning("updates_not_stored", error=str(error))
            self._refusing = True
            return False
        if self._refusing:
            log.info("updates_stored_again")
        self._refusing = False
        self._stored.set()
        return True

    def _keep(self, updates: Sequence[Update]) -> None:
        # where tests kill the process: nothing may be lost or done twice
        failpoints.passing("update.fetched")
        with self._store.transaction() as tx:
            for update in updates:
                tx.inbox.add(self._inbox, update.number, dict(update.body), update.chat)
        failpoints.passing("update.stored")
