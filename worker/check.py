"""Verifies every connection and setting, one line each: what is right, what is not and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import requests

from record.errors import NaryadError
from record.layout import find_columns
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.worksheets import WORKSHEETS

TELEGRAM = "https://api.telegram.org"
TIMEOUT_S = 10


@dataclass(frozen=True)
class Finding:
    """One line of the check: what was looked at, whether it is right, and what was seen or must be done."""

    what: str
    right: bool
    said: str


def check(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each thing that Naryad depends on."""
    yield Finding("настройки", right=True, said=f"прочитаны, пояс {settings.company.timezone}")
    store = None
    try:
        store = Store(settings.store.url)
        yield Finding("локальная база", right=True, said=settings.store.url.partition("@")[2] or settings.store.url)
    except NaryadError as error:
        yield Finding("локальная база", right=False, said=str(error))
    if store:
        yield from _sheets(settings, store)
        store.close()
    for name, token, variable in (
        ("бот клиентов", settings.client_bot_token, "TELEGRAM_CLIENT_BOT_TOKEN"),
        ("бот мастеров", settings.master_bot_token, "TELEGRAM_MASTER_BOT_TOKEN"),
    ):
        yield _telegram(settings, name, token.get_secret_value(), variable)
    yield _secret(settings)


def _sheets(settings: Settings, store: Store) -> Iterator[Finding]:
    sheet = Sheet(settings, store)
    try:
        title = sheet.describe("properties.title").get("properties", {}).get("title", "")
        yield Finding("таблица", right=True, said=f"«{title}» открыта")
        values = sheet.read().values()
    except NaryadError as error:
        yield Finding("таблица", right=False, said=str(error))
        return
    for name in WORKSHEETS:
        rows = values[name]
        yield _attempt(f"лист «{name}»", lambda rows=rows, name=name: _worksheet(name, rows))  # type: ignore[misc]


def _worksheet(title: str, rows: list[list[object]]) -> str:
    find_columns(title, rows[0] if rows else [])
    return f"строк: {max(0, len(rows) - 1)}"


def _attempt(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, right=True, said=look())
    except NaryadError as error:
        return Finding(what, right=False, said=str(error))


def _telegram(settings: Settings, name: str, token: str, variable: str) -> Finding:
    if not token:
        return Finding(
            name, right=False, said=f"нет токена: возьмите его у @BotFather и впишите в .env как {variable}"
        )
    host = settings.telegram.api_url.rstrip("/") or TELEGRAM
    session = requests.Session()
    session.trust_env = not settings.telegram.api_url
    try:
        answer = session.post(f"{host}/bot{token}/getMe", timeout=TIMEOUT_S)
    except requests.RequestException:
        return Finding(
            name, right=False, said=f"Telegram не отвечает по адресу {host}: проверьте сеть и telegram.api_url"
        )
    if answer.status_code in (401, 404):
        return Finding(name, right=False, said=f"Telegram не знает такого токена: проверьте {variable} в .env")
    if not answer.ok:
        return Finding(name, right=False, said=f"Telegram ответил {answer.status_code}, попробуйте позже")
    return Finding(name, right=True, said=f"@{answer.json()['result'].get('username', '?')} отвечает")


def _secret(settings: Settings) -> Finding:
    live = not settings.sheets.api_url
    if live and not settings.secret_key.get_secret_value():
        return Finding("ключ сайта", right=False, said="впишите SECRET_KEY в .env (как сделать — в .env.example)")
    return Finding("ключ сайта", right=True, said="есть" if settings.secret_key.get_secret_value() else "временный")
