"""Verifies every connection and setting, one line each: what is wrong, and what to do."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from record.settings import Settings
from record.settings.files import DOTENV
from record.store import Store
from worker.check import chats, google, machine, site
from worker.check.finding import Finding, bounded, right
from worker.check.google import PATIENCE_S

__all__ = ["PATIENCE_S", "Finding", "check"]

# beside a running worker our share of Google's quota may have to come back first
GOOGLE_LIMIT_S = 180.0


def check(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each thing that Naryad depends on.

    A probe that fails or hangs hides no other.
    """
    yield _settings(settings)
    yield from google.rhythm(settings)
    store = bounded("локальная база", partial(_store, settings))
    yield from store
    # without a store there is no quota, so Google can't be asked
    if all(one.right for one in store):
        yield from bounded("таблица", partial(google.look, settings), GOOGLE_LIMIT_S)
    yield from machine.encryption(settings)
    yield from bounded("Telegram", partial(chats.look, settings))
    yield from bounded("диск", partial(machine.disk, settings))
    yield from bounded("права на файлы", partial(machine.modes, settings))
    yield from bounded("адрес сайта", partial(site.address, settings))
    yield from site.operator(settings)
    yield from site.password(settings)
    yield from site.key(settings)


def _settings(settings: Settings) -> Finding:
    said = "прочитаны и .env"
    if not DOTENV.is_file():
        said = f"прочитаны без .env: в {Path.cwd()} его нет"
    return right("настройки", f"{said}, пояс {settings.company.timezone}")


def _store(settings: Settings) -> Iterator[Finding]:
    with closing(Store(settings.store.url)):
        # without the user and the password
        yield right("локальная база", settings.store.url.rpartition("@")[2])
