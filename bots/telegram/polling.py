"""Asks Telegram for updates; the other way is to have them posted
(bots/telegram/webhook.py).
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import telegram
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bots.inbox import ALLOWED, BACKOFF
from bots.keyed_tasks import REST_S
from bots.telegram.intake import Intake
from bots.telegram.outgoing import trouble_of
from bots.telegram.update_alarms import Ears
from record.logs import get_logger

log = get_logger(__name__)

# getUpdates, in a spelling of which the library does not warn that it has a method of
# its own
METHOD = "get_Updates"
POLL_S = 25
READ_S = POLL_S + 10


class Fetcher:
    """Asks Telegram for updates and stores them before it asks for the next."""

    def __init__(self, bot: telegram.Bot, intake: Intake, ears: Ears) -> None:
        self._bot = bot
        self._intake = intake
        self._ears = ears
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch until cancelled; what was not stored by then Telegram gives again."""
        failures = 0
        while True:
            try:
                updates = await self._ask(self._offset)
            except TelegramError as error:
                failures += 1
                if failures == 1:
                    log.warning(
                        "telegram_unreachable",
                        error=str(error),
                        kind=type(error).__name__,
                    )
                await self._mind(error)
                await asyncio.sleep(
                    max(BACKOFF.after(failures), trouble_of(error).wait)
                )
                continue
            await self._count_missed(updates, well=not failures)
            await self._ears.heard()
            if failures:
                log.info("telegram_reachable", failures=failures)
                failures = 0
            if not updates:
                continue
            if await self._intake.take(updates):
                self._offset = max(update["update_id"] for update in updates) + 1
            else:
                await asyncio.sleep(REST_S)

    async def _mind(self, error: TelegramError) -> None:
        """Take back what somebody else has taken of the bot, and note what can't be.

        A conflict is either a webhook, which is taken off while what waits with
        Telegram is kept, or somebody else who asks for the same updates.
        """
        await self._ears.failed(error)
        if not isinstance(error, Conflict):
            return
        # then the next conflict is looked into
        with contextlib.suppress(TelegramError):
            info = await self._bot.get_webhook_info()
            if info.url:
                await self._bot.delete_webhook(drop_pending_updates=False)
                await self._ears.hooked(info.url)
            else:
                await self._ears.rivalled()

    async def _count_missed(
        self, updates: Sequence[dict[str, Any]], *, well: bool
    ) -> None:
        """Note that somebody else got updates: they are numbered without gaps, and we
        have asked without a break.
        """
        if self._offset is None or not updates or not well:
            return
        first = min(update["update_id"] for update in updates)
        if first > self._offset:
            await self._ears.missed(first - self._offset)

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        """Return the next updates as Telegram words them.

        python-telegram-bot's own get_updates gives up all of them over one that it
        can't parse, as those of a newer Bot API may be; we need nothing of it but the
        JSON.

        Raises:
            TelegramError: Telegram gave no updates.
        """
        wanted = {"offset": offset, "timeout": POLL_S, "allowed_updates": ALLOWED}
        given = {name: value for name, value in wanted.items() if value is not None}
        try:
            said = await self._bot.do_api_request(METHOD, given, read_timeout=READ_S)
        except (
            EndPointNotFound
        ) as error:  # a wrong token and a wrong method are answered alike
            raise InvalidToken from error
        found = said if isinstance(said, list) else [said]
        updates = [
            one
            for one in found
            if isinstance(one, dict) and isinstance(one.get("update_id"), int)
        ]
        if found and not updates:
            raise TelegramError("Telegram answered something else than updates")
        return updates
