"""Asks Telegram for updates; the other way is to have them posted (bots/webhook.py)."""

import asyncio
from typing import Any

import telegram
from telegram.error import EndPointNotFound, InvalidToken, TelegramError

from bots.inbox import ALLOWED, backoff
from bots.intake import Intake
from bots.lanes import REST_S
from bots.outgoing import trouble_of
from record.logs import get_logger

log = get_logger(__name__)

METHOD = "get_Updates"  # getUpdates, in a spelling of which the library does not warn that it has a method of its own
POLL_S = 25
READ_S = POLL_S + 10


class Fetcher:
    """Asks Telegram for updates and stores them before it asks for the next."""

    def __init__(self, bot: telegram.Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake

    async def run(self) -> None:
        """Fetch until cancelled; what was not stored by then Telegram gives again."""
        offset: int | None = None
        failures = 0
        while True:
            try:
                updates = await self._ask(offset)
            except TelegramError as error:
                failures += 1
                if failures == 1:
                    log.warning("telegram_unreachable", error=str(error), kind=type(error).__name__)
                await asyncio.sleep(max(backoff(failures), trouble_of(error).wait))
                continue
            if failures:
                log.info("telegram_reachable", failures=failures)
                failures = 0
            if not updates:
                continue
            if await self._intake.take(updates):
                offset = max(update["update_id"] for update in updates) + 1
            else:
                await asyncio.sleep(REST_S)

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        """Return the next updates as Telegram words them.

        python-telegram-bot's own get_updates gives up all of them over one that it can't parse, as those of a newer
        Bot API may be; we need nothing of it but the JSON.

        Raises:
            TelegramError: Telegram gave no updates.
        """
        wanted = {"offset": offset, "timeout": POLL_S, "allowed_updates": ALLOWED}
        given = {name: value for name, value in wanted.items() if value is not None}
        try:
            said = await self._bot.do_api_request(METHOD, given, read_timeout=READ_S)
        except EndPointNotFound as error:  # a wrong token and a wrong method are answered alike
            raise InvalidToken from error
        found = said if isinstance(said, list) else [said]
        updates = [one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)]
        if found and not updates:
            raise TelegramError("Telegram answered something else than updates")
        return updates
