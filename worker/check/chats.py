"""Telegram: the two bots, where their updates go, the admin's chat, the clock.

python-telegram-bot is not used here: it keeps the headers of an answer to itself, and
``Date`` says what time it is at Telegram.
"""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bots.telegram.refusals import row_of
from record.settings import Settings
from record.settings.names import SECRETS
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
    """Telegram did not do what was asked; the text says why.

    ``parameters`` are those of Telegram's answer.
    """

    def __init__(self, said: str, parameters: Json | None = None) -> None:
        super().__init__(said)
        self.parameters = parameters or {}


# by role: what the bot is called, what its updates are called
NAMES = {
    "client": ("бот клиентов", "сообщения боту клиентов"),
    "master": ("бот мастеров", "сообщения боту мастеров"),
}


class Bot:
    """One bot as the check sees it."""

    def __init__(self, settings: Settings, role: str) -> None:
        self.name, self.updates = NAMES[role]
        self.variable = SECRETS[f"{role}_bot_token"]
        self.token = settings.bot_token(role)
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
        answer = self._answer(method, values)
        self.date = (time.time(), answer.headers.get("date", ""))
        if answer.status_code in (401, 404):
            raise self._unknown()
        body = _body(answer)
        if answer.is_success and "result" in body:
            return body["result"]
        said = str(body.get("description", ""))
        status = f"Telegram ответил {answer.status_code}, попробуйте позже"
        raise Away(said or status, _parameters(body))

    def _answer(self, method: str, values: Json) -> httpx.Response:
        url = f"{self._host}/bot{self.token}/{method}"
        try:
            return self._client.post(url, json=values)
        except httpx.InvalidURL:
            # a token with a line break in it
            raise self._unknown() from None
        except httpx.HTTPError:
            way = ", telegram.proxy_url" if self._proxy else ""
            raise Away(
                f"Telegram не отвечает по адресу {self._host}: проверьте сеть и telegram.api_url{way}"
            ) from None

    def _unknown(self) -> Away:
        return Away(
            f"Telegram не знает такого токена: проверьте {self.variable} в .env"
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def _body(answer: httpx.Response) -> Json:
    """Return what an answer says, {} where a proxy or a page answered instead."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _parameters(body: Json) -> Json:
    found = body.get("parameters")
    return found if isinstance(found, dict) else {}


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of both bots, of the admin's chat, and of the clock."""
    clients, masters = Bot(settings, "client"), Bot(settings, "master")
    try:
        yield _who(clients)
        yield _who(masters)
        if clients.me and clients.me.get("id") == masters.me.get("id"):
            said = "это тот же бот, что у клиентов: заведите у @BotFather второго"
            yield wrong("бот мастеров", said)
        for bot in (clients, masters):
            if bot.me:
                yield _updates(bot)
        yield from _admin(masters, settings)
        yield from _half_live(settings)
        yield from _too_fast(settings)
        yield from _clock(clients.date or masters.date)
    finally:
        clients.close()
        masters.close()


def _who(bot: Bot) -> Finding:
    if not bot.token:
        said = (
            f"нет токена: возьмите его у @BotFather и впишите в .env как {bot.variable}"
        )
        return wrong(bot.name, said)
    try:
        bot.me = bot.ask("getMe")
    except Away as away:
        return wrong(bot.name, str(away))
    return right(bot.name, f"@{bot.me.get('username', '?')} отвечает")


def _updates(bot: Bot) -> Finding:
    """Return whether what people write to a bot comes to us, as the settings have it."""
    try:
        info = bot.ask("getWebhookInfo")
    except Away as away:
        return wrong(bot.updates, str(away))
    found = str(info.get("url", ""))
    if found and found != bot.expected:
        return wrong(
            bot.updates,
            f"Telegram шлёт их на {found}, а не нам: работающий бот вернёт их себе сам, а если адрес появляется "
            f"снова, токен знает кто-то ещё — смените его у @BotFather (/revoke) и в .env ({bot.variable})",
        )
    if not bot.expected:
        return right(bot.updates, "бот спрашивает их у Telegram сам")
    if not found:
        said = f"адрес {bot.expected} Telegram ещё не знает: бот скажет его при запуске"
        return note(bot.updates, said)
    # Telegram goes on naming its last failure when it is long mended
    failed = float(info.get("last_error_date", 0))
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
        # in the sandbox nobody is there to hear them anyway
        demo = bool(settings.telegram.api_url)
        yield note(what, said) if demo else wrong(what, said)
        return
    if not masters.me:
        return
    try:
        masters.ask(
            "sendMessage", chat_id=chat.id, text=HELLO, disable_notification=True
        )
    except Away as away:
        yield wrong(what, _unwritable(away))
    else:
        yield right(what, f"«Проверка связи» отправлена в чат {chat}, без звука")


def _unwritable(away: Away) -> str:
    """Return why the admin can't be written to, and what to do."""
    moved = away.parameters.get("migrate_to_chat_id")
    if moved:
        return f"группа стала супергруппой, у неё новый номер: впишите telegram.admin_chat_id = {moved}"
    said = str(away)
    return admin_chat.what_to_do(row_of(said).reason, said)


def _half_live(settings: Settings) -> Iterator[Finding]:
    """Yield a finding where one half is real, and the other half the sandbox."""
    google, telegram = not settings.sheets.api_url, not settings.telegram.api_url
    if telegram and not google:
        address = settings.sheets.api_url
        said = f"Telegram настоящий, а вместо Google песочница: опустошите и sheets.api_url ({address})"
        yield wrong("песочница", said)
        return
    # a Bot API server of the company's own has real tokens
    demo = settings.bot_token("client") in SANDBOX_TOKENS.values()
    if google and not telegram and demo:
        address = settings.telegram.api_url
        said = "таблица настоящая, а вместо Telegram песочница: опустошите и telegram.api_url"
        yield wrong("песочница", f"{said} ({address}), и впишите токены в .env")


def _too_fast(settings: Settings) -> Iterator[Finding]:
    """Yield a finding where more messages are to be sent than Telegram takes."""
    rate = settings.telegram.messages_per_second
    if not settings.telegram.api_url and rate > TELEGRAM_PER_SECOND:
        said = f"telegram.messages_per_second = {rate:g}, а Telegram пускает около {TELEGRAM_PER_SECOND}: убавьте"
        yield wrong("частота сообщений", said)


def _clock(seen: tuple[float, str] | None) -> Iterator[Finding]:
    """Yield whether this machine's clock agrees with Telegram's, where that is known."""
    at, said = seen or (0.0, "")
    try:
        theirs = parsedate_to_datetime(said).timestamp()
    except (TypeError, ValueError):
        return
    off_s = at - theirs
    if abs(off_s) <= CLOCK_S:
        yield right("часы", "идут верно")
        return
    which = "спешат" if off_s > 0 else "отстают"
    said = f"{which} на {abs(off_s):.0f} с против Telegram"
    yield wrong("часы", f"{said}: включите сверку времени, timedatectl set-ntp true")
