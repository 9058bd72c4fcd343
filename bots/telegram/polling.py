"""Asks Telegram for updates.

The other way is to have them posted (bots/telegram/webhook.py).
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import telegram
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bots.channel import BACKOFF
from bots.intake import Intake
from bots.keyed_tasks import REST_S
from bots.telegram.incoming import ALLOWED, arrived
from bots.telegram.outgoing import not_delivered
from bots.telegram.update_alarms import UpdateAlarms
from record.logs import get_logger

log = get_logger(__name__)

# getUpdates, in a spelling of which the library does not warn that it has a method of
# its own
METHOD = "get_Updates"
# Telegram answers at once when something comes, and else after this time
POLL_S = 25
READ_S = POLL_S + 10
Json = dict[str, Any]


class Fetcher:
    """Asks Telegram for updates and stores them before it asks for the next."""

    def __init__(self, bot: telegram.Bot, intake: Intake, alarms: UpdateAlarms) -> None:
        self._bot = bot
        self._intake = intake
        self._alarms = alarms
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Fetch until cancelled; what was not stored by then Telegram gives again."""
        while True:
            try:
                updates = await self._ask()
            except TelegramError as error:
                await self._failed(error)
                continue
            await self._count_missed(updates)
            await self._alarms.heard()
            if self._failures:
                log.info("telegram_reachable", failures=self._failures)
                self._failures = 0
            if updates:
                await self._keep(updates)

    async def _keep(self, updates: Sequence[Json]) -> None:
        """Store updates; only then the next request tells Telegram that they came."""
        stored = await self._intake.take([arrived(body) for body in updates])
        if stored:
            self._offset = max(update["update_id"] for update in updates) + 1
        else:
            await asyncio.sleep(REST_S)

    async def _failed(self, error: TelegramError) -> None:
        self._failures += 1
        if self._failures == 1:
            kind = type(error).__name__
            log.warning("telegram_unreachable", error=str(error), kind=kind)
        await self._mind(error)
        pause = max(BACKOFF.after(self._failures), not_delivered(error).wait)
        await asyncio.sleep(pause)

    async def _mind(self, error: TelegramError) -> None:
        """Take back what somebody else has taken of the bot, and note what can't be.

        A conflict is either a webhook, which is taken off while what waits with
        Telegram is kept, or somebody else who asks for the same updates.
        """
        await self._alarms.failed(error)
        if not isinstance(error, Conflict):
            return
        # then the next conflict is looked into
        with contextlib.suppress(TelegramError):
            info = await self._bot.get_webhook_info()
            if info.url:
                await self._bot.delete_webhook(drop_pending_updates=False)
                await self._alarms.hooked(info.url)
            else:
                await self._alarms.rivalled()

    async def _count_missed(self, updates: Sequence[Json]) -> None:
        """Note that somebody else got updates.

        They are numbered without gaps, and we have asked without a break.
        """
        # after a break nobody knows what the gap is of
        if self._offset is None or not updates or self._failures:
            return
        first = min(update["update_id"] for update in updates)
        if first > self._offset:
            await self._alarms.missed(first - self._offset)

    async def _ask(self) -> list[Json]:
        """Return the next updates as Telegram words them.

        python-telegram-bot's own get_updates gives up all of them over one that it
        can't parse, as those of a newer Bot API may be; we need nothing of it but the
        JSON.

        Raises:
            TelegramError: Telegram gave no updates.
        """
        given: Json = {"timeout": POLL_S, "allowed_updates": ALLOWED}
        if self._offset is not None:
            given["offset"] = self._offset
        try:
            said = await self._bot.do_api_request(METHOD, given, read_timeout=READ_S)
        except EndPointNotFound as error:
            # a wrong token and a wrong method are answered alike
            raise InvalidToken from error
        found = said if isinstance(said, list) else [said]
        updates = [one for one in found if is_update(one)]
        if found and not updates:
            raise TelegramError("Telegram answered something else than updates")
        return updates


def is_update(said: object) -> bool:
    """Return whether this JSON is an update, as far as we need to know."""
    return isinstance(said, dict) and isinstance(said.get("update_id"), int)
