"""This machine: room on the disk, files that only their owner may read, a database that
is talked to in secret.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from record.settings import Settings
from record.settings.files import DOTENV
from record.whereabouts import is_here
from worker.check.finding import Finding, note, right, wrong

LITTLE, LEAST = 1_000_000_000, 200_000_000
ENCRYPTED = {"require", "verify-ca", "verify-full"}
SHOWN = 10


def disk(settings: Settings) -> Iterator[Finding]:
    """Yield whether there is room where the store and the copies of the sheet are, and
    whether we may write there.
    """
    folders = [
        one for one in (_store_folder(settings), _backup_folder(settings)) if one
    ]
    for folder in dict.fromkeys(_there(one) for one in folders):
        free = shutil.disk_usage(folder).free
        left = f"свободно {free / 1e9:.1f} ГБ ({folder})"
        if free < LEAST:
            yield wrong("диск", f"{left}: освободите место")
        elif free < LITTLE:
            yield note("диск", f"{left}: скоро понадобится место")
        else:
            yield right("диск", left)
    backup = _backup_folder(settings)
    if backup:
        yield _writable(backup)


def _writable(folder: Path) -> Finding:
    there = _there(folder)
    if not there.is_dir():
        return wrong(
            "копии таблицы", f"{there} — файл, а не папка: поправьте backup.folder"
        )
    if not os.access(there, os.W_OK | os.X_OK):
        return wrong(
            "копии таблицы",
            f"в {there} нельзя писать: поправьте владельца папки или backup.folder",
        )
    return right("копии таблицы", f"ложатся в {folder}")


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there already."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def _store_file(settings: Settings) -> Path | None:
    kind, _, path = settings.store.url.partition(":///")
    return Path(path.partition("?")[0]) if kind == "sqlite" else None


def _store_folder(settings: Settings) -> Path | None:
    file = _store_file(settings)
    return file.parent if file else None


def _backup_folder(settings: Settings) -> Path | None:
    return Path(settings.backup.folder) if settings.backup.time else None


def modes(settings: Settings) -> Iterator[Finding]:
    """Yield whether only their owner can read secrets and clients' phones, and nobody
    else can put files there.
    """
    readable = [file for file in _private(settings) if _mode(file) & 0o077]
    folders = [
        one
        for one in (_store_folder(settings), _backup_folder(settings))
        if one and one.is_dir()
    ]
    open_ones = [
        one
        for one in dict.fromkeys(folders)
        if _mode(one) & 0o022 and not _mode(one) & stat.S_ISVTX
    ]
    if readable:
        yield wrong(
            "права на файлы",
            f"открыты другим пользователям этой машины: {_orders(readable, 'chmod 600')}",
        )
    if open_ones:
        yield wrong(
            "права на папки",
            f"другие пользователи могут в них писать: {_orders(open_ones, 'chmod 700')}",
        )
    if not readable and not open_ones:
        yield right("права на файлы", "читает только владелец")


def _private(settings: Settings) -> list[Path]:
    """Return the files that hold secrets or clients' data."""
    store, backup = _store_file(settings), Path(settings.backup.folder)
    key = settings.key_file
    beside = (
        sorted(store.parent.glob(f"{store.name}*"))
        if store and store.parent.is_dir()
        else []
    )
    copies = sorted(backup.glob("*.json.gz")) if backup.is_dir() else []
    kept = [
        file
        for file in [DOTENV, *beside, *copies]
        if file.is_file() and file.suffix != ".lock"
    ]
    return [*kept, key] if key and _is_key(key) else kept


def _is_key(file: Path) -> bool:
    """Say whether a file holds a key; of one that is something else the spreadsheet's
    line speaks.
    """
    try:
        return file.is_file() and b"private_key" in file.read_bytes()
    except OSError:
        return False


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _orders(paths: list[Path], command: str) -> str:
    """Return the paths with their modes, and the command that mends them."""
    seen = ", ".join(f"{path} ({_mode(path):04o})" for path in paths[:SHOWN])
    more = f" и ещё {len(paths) - SHOWN}" if len(paths) > SHOWN else ""
    return f"{seen}{more}. Выполните {command} {' '.join(map(str, paths))}"


def encryption(settings: Settings) -> Iterator[Finding]:
    """Yield whether what goes to a database on another machine is encrypted and reaches
    that machine only.
    """
    kind, _, rest = settings.store.url.partition("://")
    if not kind.startswith("postgresql"):
        return
    url = urlsplit(f"//{rest.rpartition('@')[2]}")  # a password may hold any sign
    asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
    host = asked.get("host", url.hostname or os.environ.get("PGHOST", ""))
    mode = asked.get("sslmode", os.environ.get("PGSSLMODE", ""))
    if not host or is_here(host):
        yield right("связь с базой", "база на этой же машине")
    elif mode in ENCRYPTED:
        yield right("связь с базой", f"шифруется, sslmode={mode}")
    else:
        yield wrong(
            "связь с базой",
            f"база на {host}, а связь может идти открытой: допишите в store.url ?sslmode=require",
        )
