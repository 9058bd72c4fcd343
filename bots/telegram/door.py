"""One bot in Telegram, from start to stop.

python-telegram-bot's Application and Updater are not used: they confirm an update to
Telegram before it is handled, so that a kill in between loses it. Its bot, its errors
and its HTTP client are.
"""

import asyncio
import contextlib
from functools import partial
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bots.channel import BACKOFF, Commands
from bots.intake import Intake
from bots.telegram.files import Files
from bots.telegram.outgoing import TelegramChats
from bots.telegram.polling import Fetcher
from bots.telegram.rate_limit import Pace
from bots.telegram.request_counter import Count, CountedRequest
from bots.telegram.update_alarms import UpdateAlarms
from bots.telegram.update_health import TOKENS
from bots.telegram.webhook import Webhook
from record.errors import SettingsError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store

log = get_logger(__name__)

TELEGRAM_URL = "https://api.telegram.org"
# More than is ever at work at once: each waits for its chat's turn (rate_limit.py).
CONNECTIONS = 64


class TelegramDoor(TelegramChats):
    """One bot's door, see :class:`bots.channel.Door`."""

    def __init__(self, role: str, settings: Settings, store: Store) -> None:
        self._role = role
        self._settings = settings
        self._bot = make_bot(role, settings, partial(_count, store))
        self._alarms = UpdateAlarms(store, settings, role)
        self._files = Files(partial(make_bot, settings=settings))
        super().__init__(self._bot, self._files.fetch)

    @property
    def name(self) -> str:
        """The bot's username, once it is connected."""
        return self._bot.username

    @property
    def heard_at(self) -> float:
        """When Telegram last answered as it should, in seconds since the epoch."""
        return self._alarms.heard_at

    async def connect(self, commands: Commands) -> None:
        """Learn who we are, as often as it takes; log once that Telegram is away.

        Where we ask for updates, Telegram must not post them; those that wait there are
        kept.
        """
        failures = 0
        while True:
            try:
                await self._introduce(commands)
            # the one error that waiting does not mend
            except InvalidToken:
                mend = "проверьте токен в .env или возьмите новый у @BotFather"
                raise SettingsError(
                    f"Telegram не принимает {TOKENS[self._role]}: {mend}"
                ) from None
            except TelegramError as error:
                failures += 1
                if failures == 1:
                    kind = type(error).__name__
                    log.warning("telegram_unreachable", error=str(error), kind=kind)
                await asyncio.sleep(BACKOFF.after(failures))
                continue
            if failures:
                log.info("telegram_reachable", failures=failures)
            log.info("bot_started", bot=self._bot.username)
            return

    async def _introduce(self, commands: Commands) -> None:
        await self._bot.initialize()
        # Telegram gives no updates to who asks while a webhook is set
        if not self._settings.telegram.webhook_url:
            await self._take_off_webhook()
        await self._bot.set_my_commands(commands)

    async def _take_off_webhook(self) -> None:
        """Ask for updates from now on.

        A webhook is there after a change of telegram.webhook_url, or is a stranger's.
        """
        info = await self._bot.get_webhook_info()
        if info.url:
            log.warning("webhook_taken_off", host=urlsplit(info.url).hostname)
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def receive(self, intake: Intake) -> None:
        """Hand over updates until cancelled: asked for, or posted to us."""
        if self._settings.telegram.webhook_url:
            webhook = Webhook(
                self._role, self._bot, self._settings, intake, self._alarms
            )
            await webhook.run()
        else:
            await Fetcher(self._bot, intake, self._alarms).run()

    async def look(self) -> None:
        """Tell of what keeps people from being heard, and of its end."""
        await self._alarms.look()

    async def close(self) -> None:
        """Give connections back."""
        # RuntimeError: one that never was connected can't be shut down
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()
        await self._files.close()


def make_bot(
    role: str, settings: Settings, count: Count = lambda _method, _result: None
) -> ExtBot[None]:
    """Return the bot of a role, not yet connected.

    Raises:
        SettingsError: its token is not set.
    """
    token = settings.bot_token(role)
    if not token:
        raise SettingsError(
            f"Не задан {TOKENS[role]}: возьмите токен у @BotFather и впишите в .env"
        )
    api = settings.telegram.api_url.rstrip("/") or TELEGRAM_URL
    pace = Pace(
        settings.telegram.messages_per_second,
        settings.telegram.chat_messages_per_second,
    )
    return ExtBot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=_request(settings, CONNECTIONS, count),
        get_updates_request=_request(settings, 2, count),
        rate_limiter=pace,
    )


def _request(settings: Settings, connections: int, count: Count) -> HTTPXRequest:
    """Return a client.

    One that talks to a stand-in nearby must not go through a proxy of the environment.
    """
    direct = {"trust_env": False} if settings.telegram.api_url else {}
    return CountedRequest(
        count,
        connections,
        read_timeout=10,
        # many messages at once wait for a connection rather than fail
        pool_timeout=30,
        proxy=settings.telegram.proxy_url or None,
        httpx_kwargs=direct,
    )


def _count(store: Store, method: str, result: str) -> None:
    store.count("api_requests", api="telegram", kind=method, result=result)
