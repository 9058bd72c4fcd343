"""One bot from start to stop: connect, handle what people write, send what waits in the
outbox.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bots.client.bot import ClientBot
from bots.delivery.send import Delivery
from bots.inbox import BACKOFF, Inbox
from bots.master.bot import MasterBot
from bots.telegram.intake import Intake
from bots.telegram.outgoing import Sender
from bots.telegram.polling import Fetcher
from bots.telegram.rate_limit import Pace
from bots.telegram.request_counter import Count, CountedRequest
from bots.telegram.update_alarms import Ears
from bots.telegram.webhook import Webhook
from bots.watchdog import Watchdog
from record.actions.orders import Actions
from record.errors import NaryadError, SettingsError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store
from record.store.facts import Beat, ProcessName, alive

log = get_logger(__name__)

BOTS: dict[str, type[ClientBot] | type[MasterBot]] = {
    "client": ClientBot,
    "master": MasterBot,
}
PROCESSES: dict[str, ProcessName] = {"client": "bot.client", "master": "bot.master"}
RECIPIENTS = {"client": ("client",), "master": ("master", "admin")}
TOKENS = {"client": "TELEGRAM_CLIENT_BOT_TOKEN", "master": "TELEGRAM_MASTER_BOT_TOKEN"}
FINISH_S = 5.0
HEARTBEAT_S = 15.0
TELEGRAM = "https://api.telegram.org"


def make_bot(
    role: str, settings: Settings, count: Count = lambda _method, _result: None
) -> ExtBot[None]:
    """Return the bot of a role, not yet connected.

    Raises:
        SettingsError: its token is not set.
    """
    secret = (
        settings.client_bot_token if role == "client" else settings.master_bot_token
    )
    token, api = secret.get_secret_value(), settings.telegram.api_url.rstrip("/")
    if not token:
        raise SettingsError(
            f"Не задан {TOKENS[role]}: возьмите токен у @BotFather и впишите в .env"
        )
    return ExtBot(
        token,
        base_url=f"{api or TELEGRAM}/bot",
        base_file_url=f"{api or TELEGRAM}/file/bot",
        request=_request(settings, 64, count),
        get_updates_request=_request(settings, 2, count),
        rate_limiter=Pace(
            settings.telegram.messages_per_second,
            settings.telegram.chat_messages_per_second,
        ),
    )


def _request(settings: Settings, connections: int, count: Count) -> HTTPXRequest:
    """Return a client; one that talks to a stand-in nearby must not go through a proxy
    of the environment.
    """
    direct = {"trust_env": False} if settings.telegram.api_url else {}
    proxy = settings.telegram.proxy_url or None
    return CountedRequest(
        count,
        connections,
        read_timeout=10,
        pool_timeout=30,
        proxy=proxy,
        httpx_kwargs=direct,
    )


async def run(
    role: str, settings: Settings, store: Store, connected: Callable[[], None]
) -> None:
    """Run a bot until SIGTERM or SIGINT, then finish what is in hand; ``connected`` is
    called once Telegram knows us.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    bot = make_bot(role, settings, partial(_count, store))
    try:
        if await _unless(stop, _connect(bot, role, settings)):
            connected()
            await _serve(bot, role, settings, store, stop)
    finally:
        with contextlib.suppress(TelegramError, RuntimeError):
            await bot.shutdown()


def _count(store: Store, method: str, result: str) -> None:
    store.count("api_requests", api="telegram", kind=method, result=result)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work unless told to stop first; say whether it was done."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        task.result()
        return True
    task.cancel()
    await asyncio.wait({task})
    return False


async def _connect(bot: ExtBot[None], role: str, settings: Settings) -> None:
    """Learn who we are, as often as it takes; say so once when Telegram is away.

    Where we ask for updates, Telegram must not post them; those that wait there are
    kept.
    """
    failures = 0
    while True:
        try:
            await bot.initialize()
            if not settings.telegram.webhook_url:
                await _take_off_webhook(bot)
            await bot.set_my_commands(BOTS[role].commands)
        except InvalidToken:
            raise SettingsError(
                f"Telegram не принимает {TOKENS[role]}: проверьте токен в .env или возьмите новый у @BotFather"
            ) from None
        except TelegramError as error:
            failures += 1
            if failures == 1:
                log.warning(
                    "telegram_unreachable", error=str(error), kind=type(error).__name__
                )
            await asyncio.sleep(BACKOFF.after(failures))
            continue
        if failures:
            log.info("telegram_reachable", failures=failures)
        log.info("bot_started", bot=bot.username)
        return


async def _take_off_webhook(bot: ExtBot[None]) -> None:
    """Ask for updates from now on; a webhook is there after a change of
    telegram.webhook_url, or is a stranger's.
    """
    if (info := await bot.get_webhook_info()).url:
        log.warning("webhook_taken_off", host=urlsplit(info.url).hostname)
        await bot.delete_webhook(drop_pending_updates=False)


async def _serve(
    bot: ExtBot[None], role: str, settings: Settings, store: Store, stop: asyncio.Event
) -> None:
    actions, sender, stored = Actions(store, settings), Sender(bot), asyncio.Event()
    handler = BOTS[role](store, settings, actions)
    inbox = Inbox(store, handler, sender, stored)
    delivery = Delivery(store, settings, actions, sender, RECIPIENTS[role])
    ears, intake = Ears(store, settings, role), Intake(store, role, stored)
    hooked = bool(settings.telegram.webhook_url)
    source = (
        Webhook(role, bot, settings, intake, ears)
        if hooked
        else Fetcher(bot, intake, ears)
    )
    fetching = asyncio.create_task(source.run())
    looks = (
        [ears.look, Watchdog(store, settings).look] if role == "master" else [ears.look]
    )
    beating = asyncio.create_task(
        beat(store, PROCESSES[role], bot.username, ears, looks)
    )
    working = [asyncio.create_task(inbox.run()), asyncio.create_task(delivery.run())]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait(
        {fetching, beating, stopping, *working}, return_when=asyncio.FIRST_COMPLETED
    )
    for task in (fetching, beating, stopping):
        task.cancel()
    inbox.stop()
    delivery.stop()
    _, unfinished = await asyncio.wait(working, timeout=FINISH_S)
    for task in unfinished:
        task.cancel()
    ended = await asyncio.gather(fetching, beating, *working, return_exceptions=True)
    log.info("bot_stopped", unfinished=len(unfinished))
    for outcome in ended:
        if isinstance(outcome, Exception):
            raise outcome


Look = Callable[[], Coroutine[Any, Any, None]]


async def beat(
    store: Store,
    process: ProcessName,
    name: str,
    ears: Ears,
    looks: Sequence[Look] = (),
) -> None:
    """Note again and again that this process is alive and hears, as the worker does for
    itself, and the bot's name.

    A store that takes nothing for a while is told of by those who have something to
    keep.
    """

    def note() -> None:
        with store.transaction() as tx:
            now: Beat = {
                "at": time.time(),
                "pid": os.getpid(),
                "name": name,
                "heard": ears.heard_at,
            }
            tx.facts.put(alive(process), now)

    while True:
        with contextlib.suppress(NaryadError):
            await asyncio.to_thread(note)
        for look in looks:
            await look()
        await asyncio.sleep(HEARTBEAT_S)
