"""Tells the admin, monitors and the log what keeps a bot from hearing people.

Each trouble once, and its end once.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError

from bots.telegram.update_health import (
    CALM_S,
    RESEALED_AT,
    UpdateHealth,
    said_host,
    taken_back,
)
from record.errors import NaryadError
from record.logs import get_logger, masked
from record.settings import Settings
from record.store import Store, Tx
from record.watch import admin_chat
from record.watch.alerts import Alerts
from record.watch.health import ears_of

log = get_logger(__name__)


class UpdateAlarms:
    """Opens and closes the alerts about one bot's updates, see record/watch/alerts.py."""

    def __init__(self, store: Store, settings: Settings, role: str) -> None:
        self._store = store
        self._settings = settings
        self._role = role
        # monotonic: a clock that is set back makes nobody deaf
        self._health = UpdateHealth(role, time.monotonic())
        self._heard_at = time.time()
        # what the store was told last
        self._shown: tuple[dict[str, str], bool] | None = None
        self._noticed: set[str] = set()

    @property
    def heard_at(self) -> float:
        """When Telegram last answered as it should, in seconds since the epoch."""
        return self._heard_at

    async def heard(self) -> None:
        """Note that Telegram answered as it should."""
        was = self._health.revoked
        self._health.heard(time.monotonic())
        self._heard_at = time.time()
        if was:
            await self.look()

    async def failed(self, error: TelegramError) -> None:
        """Note that it did not."""
        # an error may hold the address, and with it the token
        self._health.error = masked(str(error))
        if isinstance(error, InvalidToken) and not self._health.revoked:
            self._health.revoked = True
            await self.look()

    async def rivalled(self) -> None:
        """Note that somebody else asks for our updates."""
        self._health.rivalled(time.monotonic())
        await self.look()

    async def missed(self, count: int) -> None:
        """Note that so many updates went to somebody else."""
        log.warning("updates_missed", count=count)
        self._health.missed(time.monotonic())
        await self.look()

    async def hooked(self, url: str) -> None:
        """Note that the bot's webhook was foreign or taken off, and has been put right."""
        host = urlsplit(url).hostname or ""
        log.warning("webhook_foreign", host=host or "nothing")
        await self._taken_back(said_host(host))

    async def resealed(self) -> None:
        """Note that Telegram came with a stranger's secret, and was told ours again."""
        log.warning("webhook_secret_foreign")
        await self._taken_back(RESEALED_AT)

    async def shut_out(self, address: str) -> None:
        """Note that Telegram is refused at our address, and not by us."""
        log.warning("webhook_shut_out", address=address)
        self._health.shut_out(address)
        await self.look()

    async def let_in(self) -> None:
        """Note that nothing waits for us at Telegram."""
        self._health.let_in()
        await self.look()

    async def _taken_back(self, where: str) -> None:
        first = self._health.hooked(where, time.monotonic())
        if first:
            # a key of its own each time, since no notice is queued twice
            alarm = admin_chat.alarm(
                f"webhook:{self._role}:{time.time():.3f}", taken_back(self._role, where)
            )
            await self._kept(lambda tx: admin_chat.tell(tx, self._settings, alarm))
        await self.look()

    async def look(self) -> None:
        """Tell of what has begun and what is over since the last look."""
        now = time.monotonic()
        standing = self._health.troubles(now)
        # what stood before a restart is not over because we have just begun
        fresh = now - self._health.began < CALM_S
        if (standing, fresh) == self._shown:
            return
        kept = await self._kept(lambda tx: self._change(tx, standing, fresh=fresh))
        if kept:
            self._shown = standing, fresh

    def _change(self, tx: Tx, standing: dict[str, str], *, fresh: bool) -> None:
        """Tell what is new.

        What stood before this process began may stand still, so its end is left for a
        while.
        """
        alerts = Alerts(tx, self._settings, ears_of(self._role))
        for kind, said in standing.items():
            self._noticed.add(kind)
            if alerts.open(kind, said):
                log.error("bot_deaf", kind=kind, why=said)
        # what another process of this bot has noticed may still stand
        for kind in alerts.standing.keys() - standing.keys():
            if kind in self._noticed or not fresh:
                log.info("bot_hears_again", kind=kind)
                alerts.close([kind])

    async def _kept(self, change: Callable[[Tx], object]) -> bool:
        """Commit something; where the store takes nothing now, the next look does."""

        def keep() -> None:
            with self._store.transaction() as tx:
                change(tx)

        with contextlib.suppress(NaryadError):
            await asyncio.to_thread(keep)
            return True
        return False
