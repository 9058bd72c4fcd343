"""Verifies every connection and setting, one line each: what is right, what is not and what to do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests

from record.errors import NaryadError, SheetProtected
from record.layout import find_columns
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.worksheets import WORKSHEETS

TELEGRAM = "https://api.telegram.org"
TIMEOUT_S = 10
PATIENCE_S = 60  # for our share of Google's quota to come back while a worker runs beside
DESCRIBED = "properties.title,sheets(properties.title,protectedRanges(range,warningOnly,requestingUserCanEdit))"
Guard = dict[str, Any]


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
    sheet = Sheet(settings, store, patience_s=PATIENCE_S)
    try:
        seen = sheet.describe(DESCRIBED)
        yield Finding("таблица", right=True, said=f"«{seen.get('properties', {}).get('title', '')}» открыта")
        values = sheet.read().values()
    except NaryadError as error:
        yield Finding("таблица", right=False, said=str(error))
        return
    guards = {one["properties"]["title"]: one.get("protectedRanges", []) for one in seen.get("sheets", [])}
    for name in WORKSHEETS:
        look = partial(_worksheet, name, values[name], guards.get(name, []))
        yield _attempt(f"лист «{name}»", look)


def _worksheet(title: str, rows: list[list[object]], guards: list[Guard]) -> str:
    """Return what is said of a worksheet that is as it must be.

    Raises:
        SheetError: it is not.
    """
    layout = find_columns(title, rows[0] if rows else [])
    if any(_bars(guard, layout.places) for guard in guards):
        raise SheetProtected(
            "защищены ячейки, куда пишет Наряд: «Данные → Защитить листы и диапазоны», разрешите правку сервисному "
            "аккаунту"
        )
    return f"строк: {max(0, len(rows) - 1)}"


def _bars(guard: Guard, places: Iterable[int | None]) -> bool:
    """Say whether a protected range keeps us out of one of our columns; one that only warns keeps nobody out.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#ProtectedRange
    """
    if guard.get("warningOnly") or guard.get("requestingUserCanEdit"):
        return False
    first, end = guard.get("range", {}).get("startColumnIndex", 0), guard.get("range", {}).get("endColumnIndex")
    return any(place is not None and place >= first and (end is None or place < end) for place in places)


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
