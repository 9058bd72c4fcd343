"""Telegram: who the two bots are, where their updates go, whether the admin can be
written to, what time it is.
"""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bots.telegram.refusals import row_of
from record.settings import Settings
from record.settings.whole import SANDBOX_TOKENS
from record.watch import admin_chat
from worker.check.finding import Finding, note, right, wrong

TELEGRAM = "https://api.telegram.org"
TIMEOUT_S = 10
CLOCK_S = 60.0
TELEGRAM_PER_SECOND = 30
FAILED_LATELY_S = 600.0
HELLO = "Проверка связи: Наряд пишет сюда тревоги и вопросы. Отвечать не нужно."
Json = dict[str, Any]


class Away(Exception):
    """Telegram did not do what was asked; the text says why, ``parameters`` are
    Telegram's own.
    """

    def __init__(self, said: str, parameters: Json | None = None) -> None:
        super().__init__(said)
        self.parameters = parameters or {}


class Bot:
    """One bot as the check sees it."""

    def __init__(self, settings: Settings, role: str) -> None:
        clients = role == "client"
        self.name = "бот клиентов" if clients else "бот мастеров"
        self.variable = (
            "TELEGRAM_CLIENT_BOT_TOKEN" if clients else "TELEGRAM_MASTER_BOT_TOKEN"
        )
        self.updates = (
            "сообщения боту клиентов" if clients else "сообщения боту мастеров"
        )
        self.token = (
            settings.client_bot_token if clients else settings.master_bot_token
        ).get_secret_value()
        base = settings.telegram.webhook_url
        self.expected = f"{base}/{role}" if base else ""
        self.me: Json = {}
        self.date: tuple[float, str] | None = None
        self._host = settings.telegram.api_url or TELEGRAM
        self._proxy = settings.telegram.proxy_url
        # a proxy from the environment would capture loopback too
        direct = bool(settings.telegram.api_url)
        self._client = httpx.Client(
            timeout=TIMEOUT_S, proxy=self._proxy or None, trust_env=not direct
        )

    def ask(self, method: str, **values: Any) -> Any:
        """Return Telegram's answer.

        Raises:
            Away: there is none, or a refusal.
        """
        try:
            answer = self._client.post(
                f"{self._host}/bot{self.token}/{method}", json=values
            )
        except httpx.InvalidURL:
            raise Away(
                f"Telegram не знает такого токена: проверьте {self.variable} в .env"
            ) from None
        except httpx.HTTPError:
            way = ", telegram.proxy_url" if self._proxy else ""
            raise Away(
                f"Telegram не отвечает по адресу {self._host}: проверьте сеть и telegram.api_url{way}"
            ) from None
        self.date = (time.time(), answer.headers.get("date", ""))
        if answer.status_code in (401, 404):
            raise Away(
                f"Telegram не знает такого токена: проверьте {self.variable} в .env"
            )
        try:
            said = answer.json()
        except ValueError:
            said = {}
        if answer.is_success and isinstance(said, dict) and "result" in said:
            return said["result"]
        words = str(said.get("description", "")) if isinstance(said, dict) else ""
        raise Away(
            words or f"Telegram ответил {answer.status_code}, попробуйте позже",
            _parameters(said),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def _parameters(said: Any) -> Json:
    found = said.get("parameters") if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of both bots, of the admin's chat, and of the clock by
    Telegram's.
    """
    clients, masters = Bot(settings, "client"), Bot(settings, "master")
    try:
        for bot in (clients, masters):
            yield _who(bot)
        if clients.me and clients.me.get("id") == masters.me.get("id"):
            yield wrong(
                "бот мастеров",
                "это тот же бот, что у клиентов: заведите у @BotFather второго",
            )
        for bot in (clients, masters):
            yield from [_updates(bot)] if bot.me else []
        yield from _admin(masters, settings)
        yield from _half_live(settings)
        yield from _too_fast(settings)
        yield from _clock(clients.date or masters.date)
    finally:
        clients.close()
        masters.close()


def _who(bot: Bot) -> Finding:
    if not bot.token:
        return wrong(
            bot.name,
            f"нет токена: возьмите его у @BotFather и впишите в .env как {bot.variable}",
        )
    try:
        bot.me = bot.ask("getMe")
    except Away as away:
        return wrong(bot.name, str(away))
    return right(bot.name, f"@{bot.me.get('username', '?')} отвечает")


def _updates(bot: Bot) -> Finding:
    """Say whether what people write to a bot comes to us, by asking or by webhook as
    the settings have it.
    """
    try:
        info = bot.ask("getWebhookInfo")
    except Away as away:
        return wrong(bot.updates, str(away))
    found, failed = str(info.get("url", "")), float(info.get("last_error_date", 0))
    if found and found != bot.expected:
        return wrong(
            bot.updates,
            f"Telegram шлёт их на {found}, а не нам: работающий бот вернёт их себе сам, а если адрес появляется "
            f"снова, токен знает кто-то ещё — смените его у @BotFather (/revoke) и в .env ({bot.variable})",
        )
    if not bot.expected:
        return right(bot.updates, "бот спрашивает их у Telegram сам")
    if not found:
        return note(
            bot.updates,
            f"адрес {bot.expected} Telegram ещё не знает: бот скажет его при запуске",
        )
    if failed > time.time() - FAILED_LATELY_S:
        return wrong(
            bot.updates,
            f"Telegram не достучался до {found}: «{info.get('last_error_message', '')}». Проверьте, что бот запущен, "
            "и nginx с сертификатом перед ним",
        )
    return right(bot.updates, f"Telegram шлёт их на {found}")


def _admin(masters: Bot, settings: Settings) -> Iterator[Finding]:
    """Yield whether alarms reach somebody, by a silent message to the admin's chat."""
    chat, what = admin_chat.named(settings), "чат администратора"
    if not chat:
        how = "впишите telegram.admin_chat_id (номер чата бот мастеров скажет на /id)"
        said = f"не задан: тревог никто не услышит, {how}"
        yield note(what, said) if settings.telegram.api_url else wrong(what, said)
    elif masters.me:
        try:
            masters.ask(
                "sendMessage", chat_id=chat.id, text=HELLO, disable_notification=True
            )
        except Away as away:
            yield wrong(what, _unwritable(away))
        else:
            yield right(what, f"«Проверка связи» отправлена в чат {chat}, без звука")


def _unwritable(away: Away) -> str:
    """Return why the admin can't be written to, in the words of the alarms, and what to
    do.
    """
    if moved := away.parameters.get("migrate_to_chat_id"):
        return f"группа стала супергруппой, у неё новый номер: впишите telegram.admin_chat_id = {moved}"
    said = str(away)
    return admin_chat.what_to_do(row_of(said).reason, said)


def _half_live(settings: Settings) -> Iterator[Finding]:
    """Yield a finding where one half talks to the real thing, and the other to the
    sandbox.
    """
    google, telegram = not settings.sheets.api_url, not settings.telegram.api_url
    demo = settings.client_bot_token.get_secret_value() in SANDBOX_TOKENS.values()
    if telegram and not google:
        address = settings.sheets.api_url
        said = f"Telegram настоящий, а вместо Google песочница: опустошите и sheets.api_url ({address})"
        yield wrong("песочница", said)
    elif google and not telegram and demo:
        said = "таблица настоящая, а вместо Telegram песочница: опустошите и telegram.api_url"
        yield wrong(
            "песочница",
            f"{said} ({settings.telegram.api_url}), и впишите токены в .env",
        )


def _too_fast(settings: Settings) -> Iterator[Finding]:
    """Yield a finding where more messages are to be sent than Telegram takes."""
    rate = settings.telegram.messages_per_second
    if not settings.telegram.api_url and rate > TELEGRAM_PER_SECOND:
        said = f"telegram.messages_per_second = {rate:g}, а Telegram пускает около {TELEGRAM_PER_SECOND}: убавьте"
        yield wrong("частота сообщений", said)


def _clock(seen: tuple[float, str] | None) -> Iterator[Finding]:
    """Yield whether this machine's clock agrees with Telegram's, where Telegram has
    said what time it is.
    """
    at, said = seen or (0.0, "")
    try:
        theirs = parsedate_to_datetime(said).timestamp()
    except (TypeError, ValueError):
        return
    off = at - theirs
    if abs(off) <= CLOCK_S:
        yield right("часы", "идут верно")
        return
    which = "спешат" if off > 0 else "отстают"
    yield wrong(
        "часы",
        f"{which} на {abs(off):.0f} с против Telegram: включите сверку времени, timedatectl set-ntp true",
    )
