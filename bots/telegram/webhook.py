"""Takes the updates that Telegram posts to us.

A choice beside asking for them (bots/telegram/polling.py).

    Telegram ─POST─▶ nginx or a balancer ─▶ this ─▶ secret right? ─▶ stored (committed) ─▶ 200
                                                         └▶ 403        └▶ 503, Telegram repeats

Any number of processes of a bot may listen behind one address. An update that comes twice is stored once. Telegram
keeps the order within a chat: it posts the next update only after the one before was answered with 2xx
(https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/WebhookActor.cpp: queue_updates_).

Tornado is what python-telegram-bot itself brings for webhooks, and it lives on the
bot's own event loop; its Updater can't be used, since it answers before anything is
stored.
"""

import asyncio
import errno
import hashlib
import hmac
import json
import socket
import time
from typing import Any

from telegram import WebhookInfo
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.ext import ExtBot
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bots.channel import BACKOFF
from bots.intake import Intake
from bots.telegram.incoming import ALLOWED, arrived
from bots.telegram.outgoing import not_delivered
from bots.telegram.polling import is_update
from bots.telegram.update_alarms import UpdateAlarms
from record.errors import SettingsError
from record.logs import get_logger
from record.settings import Settings

log = get_logger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
# at once by Telegram: each waits for its commit, and the store writes one by one
CONNECTIONS = 20
# an update of Telegram's has some kilobytes
BODY_LIMIT = 1_000_000
# a stranger who sets the webhook is found out within that
WATCH_S = 20.0
SAME_S = 3.0  # Telegram tells the second in which it was refused, by a clock of its own
REMEMBERED = 1000


def secret_of(token: str) -> str:
    """Return what only Telegram and our processes know.

    It follows from the bot's token, so all have the same.
    """
    return hmac.new(token.encode(), b"naryad webhook", hashlib.sha256).hexdigest()


class Hook(RequestHandler):
    """Answers one POST of Telegram: 200 only when the update is stored."""

    def initialize(self, intake: Intake, secret: str, refusals: list[float]) -> None:
        """Remember where updates go, our secret, and where to note refusals."""
        self._intake = intake
        self._secret = secret.encode()
        self._refusals = refusals

    async def post(self) -> None:
        """Take one update."""
        given = self.request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            self._refusals[:] = [*self._refusals[-REMEMBERED:], time.time()]
            log.warning(
                "webhook_refused",
                why="the secret is missing or wrong",
                address=self.request.remote_ip,
            )
            self.set_status(403)
            return
        body = _update(self.request.body)
        if body is None:
            self.set_status(400)
            return
        stored = await self._intake.take([arrived(body)])
        if not stored:
            # Telegram posts it again, and nothing later of this chat before it.
            self.set_header("Retry-After", "1")
            self.set_status(503)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    if not is_update(said):
        return None
    found: dict[str, Any] = said
    return found


class Webhook:
    """Listens for one bot, and sees to it that Telegram knows where."""

    def __init__(
        self,
        role: str,
        bot: ExtBot[Any],
        settings: Settings,
        intake: Intake,
        alarms: UpdateAlarms,
    ) -> None:
        chosen = settings.telegram
        self._bot = bot
        self._alarms = alarms
        self._host = chosen.webhook_host
        self._port = chosen.master_webhook_port
        if role == "client":
            self._port = chosen.client_webhook_port
        self._key = f"telegram.{role}_webhook_port"
        self._url = f"{chosen.webhook_url}/{role}"
        self._refusals: list[float] = []
        known = {
            "intake": intake,
            "secret": secret_of(bot.token),
            "refusals": self._refusals,
        }
        # whatever path the proxy before us leaves in
        handlers = [(r"/(?:.*/)?" + role, Hook, known)]
        # tornado's own lines would not be of our logs' shape
        app = Application(handlers, log_function=lambda _: None)
        self._server = HTTPServer(
            app, max_body_size=BODY_LIMIT, max_buffer_size=2 * BODY_LIMIT
        )

    def _listen(self) -> None:
        try:
            sockets = bind_sockets(self._port, self._host)
        except OSError as error:
            why = str(error)
            if error.errno == errno.EADDRINUSE:
                why = "порт занят другой программой"
            keys = f"telegram.webhook_host и {self._key}"
            raise SettingsError(
                f"Бот не может слушать {self._host}:{self._port}: {why}; поправьте {keys}"
            ) from None
        self._server.add_sockets(sockets)
        log.info(
            "webhook_listening", host=self._host, port=_port(sockets[0]), url=self._url
        )

    async def run(self) -> None:
        """Take updates until cancelled.

        What was not stored by then Telegram posts to who listens next.

        Raises:
            SettingsError: we can't listen there, or Telegram does not take the address.
        """
        self._listen()
        try:
            await self._tell()
            await self._watch()
        finally:
            self._server.stop()
            await self._server.close_all_connections()

    async def _watch(self) -> None:
        """Look now and then whether Telegram still knows where we are, and reaches us."""
        noticed = 0
        while True:
            await asyncio.sleep(WATCH_S)
            try:
                info = await self._bot.get_webhook_info()
            except TelegramError as error:
                log.debug("webhook_not_looked_up", error=str(error))
                await self._alarms.failed(error)
                continue
            noticed = await self._look_at(info, noticed)

    async def _look_at(self, info: WebhookInfo, noticed: int) -> int:
        """Mind what Telegram knows of our webhook.

        Return the second of the last failure that was noticed.
        """
        if info.url != self._url:
            log.warning("webhook_lost", found=info.url or "nothing")
            await self._take_back(info.url)
        if not info.pending_update_count:
            await self._alarms.let_in()
        failed_at = 0
        if info.last_error_date:
            failed_at = int(info.last_error_date.timestamp())
        if failed_at <= noticed:
            await self._alarms.heard()
            return noticed
        log.warning(
            "webhook_fails",
            why=info.last_error_message,
            waiting=info.pending_update_count,
        )
        why = str(info.last_error_message)
        await self._fails(why, failed_at, info.pending_update_count)
        return failed_at

    async def _take_back(self, url: str) -> None:
        await self._tell()
        await self._alarms.hooked(url)

    async def _fails(self, words: str, at: int, waiting: int) -> None:
        """Mind that Telegram did not reach us at our own address."""
        if "403" in words:
            await self._forbidden(at)
        if waiting:
            await self._alarms.failed(TelegramError(words))
        else:
            await self._alarms.heard()

    async def _forbidden(self, at: int) -> None:
        """Find out who refuses Telegram.

        We do, where it comes with a secret that somebody else has given it: we remember
        that moment. Another process of this bot may have been the one; so it is told
        our secret in any case, and only where it is refused again afterwards it surely
        is something before us: a proxy, a firewall.
        """
        # Telegram says when it was refused, not by whom
        by_us = any(abs(at - refused) <= SAME_S for refused in self._refusals)
        await self._tell()
        if by_us:
            await self._alarms.resealed()
        else:
            await self._alarms.shut_out(self._url)

    async def _tell(self) -> None:
        """Tell Telegram where we are, as often as it takes."""
        failures = 0
        while True:
            try:
                await self._bot.set_webhook(
                    self._url,
                    secret_token=secret_of(self._bot.token),
                    allowed_updates=ALLOWED,
                    max_connections=CONNECTIONS,
                )
            except BadRequest as error:
                raise SettingsError(
                    f"Telegram не принимает адрес {self._url} (telegram.webhook_url): {error}"
                ) from None
            except TelegramError as error:
                failures += 1
                # All processes of a bot set it at once: being asked to wait is no trouble.
                if failures == 1 and not isinstance(error, RetryAfter):
                    kind = type(error).__name__
                    log.warning("telegram_unreachable", error=str(error), kind=kind)
                pause = max(BACKOFF.after(failures), not_delivered(error).wait)
                await asyncio.sleep(pause)
                continue
            log.info("webhook_set", url=self._url)
            return


def _port(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])
