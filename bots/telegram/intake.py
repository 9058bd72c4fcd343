"""Where updates are stored before Telegram is told that they arrived, whether we asked
for them or it posted them.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bots.telegram.incoming import chat_of
from record import failpoints
from record.errors import NaryadError
from record.logs import get_logger
from record.store import Store

log = get_logger(__name__)


class Intake:
    """Stores the updates of one bot, and sets ``stored`` for whoever handles them."""

    def __init__(self, store: Store, role: str, stored: asyncio.Event) -> None:
        self._store = store
        self._role = role
        self._stored = stored
        self._refusing = False

    async def take(self, updates: Sequence[dict[str, Any]]) -> bool:
        """Store updates; False when the store can't take them now, so that Telegram
        must give them again.
        """
        try:
            await asyncio.to_thread(self._keep, updates)
        except NaryadError as error:
            if not self._refusing:
                log.warning("updates_not_stored", error=str(error))
            self._refusing = True
            return False
        if self._refusing:
            log.info("updates_stored_again")
        self._refusing = False
        self._stored.set()
        return True

    def _keep(self, updates: Sequence[dict[str, Any]]) -> None:
        failpoints.passing("update.fetched")
        with self._store.transaction() as tx:
            for body in updates:
                tx.inbox.add(self._role, body["update_id"], body, chat_of(body))
        failpoints.passing("update.stored")
