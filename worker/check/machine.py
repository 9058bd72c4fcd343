"""This machine: room on the disk, modes of files, encryption to the database."""

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
    """Yield whether there is room for the store and the copies, and we may write them."""
    # both folders may be the same, or not be there yet
    for folder in dict.fromkeys(_there(one) for one in _folders(settings)):
        yield _room(folder)
    backup = _backup_folder(settings)
    if backup:
        yield _writable(backup)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    left = f"свободно {free / 1e9:.1f} ГБ ({folder})"
    if free < LEAST:
        return wrong("диск", f"{left}: освободите место")
    if free < LITTLE:
        return note("диск", f"{left}: скоро понадобится место")
    return right("диск", left)


def _writable(folder: Path) -> Finding:
    there, what = _there(folder), "копии таблицы"
    if not there.is_dir():
        said = f"{there} — файл, а не папка: поправьте backup.folder"
        return wrong(what, said)
    if not os.access(there, os.W_OK | os.X_OK):
        how = "поправьте владельца папки или backup.folder"
        return wrong(what, f"в {there} нельзя писать: {how}")
    return right(what, f"ложатся в {folder}")


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there already."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def _store_file(settings: Settings) -> Path | None:
    """Return the file of the store, None where it is a server's."""
    kind, _, path = settings.store.url.partition(":///")
    if kind != "sqlite":
        return None
    return Path(path.partition("?")[0])


def _backup_folder(settings: Settings) -> Path | None:
    if not settings.backup.time:
        return None
    return Path(settings.backup.folder)


def _folders(settings: Settings) -> list[Path]:
    """Return the folders that we write to: the store's and that of the copies."""
    folders = []
    store, backup = _store_file(settings), _backup_folder(settings)
    if store:
        folders.append(store.parent)
    if backup:
        folders.append(backup)
    return folders


def modes(settings: Settings) -> Iterator[Finding]:
    """Yield whether secrets and clients' phones are closed to other users here."""
    readable = [file for file in _private(settings) if _mode(file) & 0o077]
    folders = dict.fromkeys(one for one in _folders(settings) if one.is_dir())
    writable = [one for one in folders if _is_open(one)]
    if readable:
        how = _mended_by(readable, "chmod 600")
        said = f"открыты другим пользователям этой машины: {how}"
        yield wrong("права на файлы", said)
    if writable:
        how = _mended_by(writable, "chmod 700")
        said = f"другие пользователи могут в них писать: {how}"
        yield wrong("права на папки", said)
    if not readable and not writable:
        yield right("права на файлы", "читает только владелец")


def _is_open(folder: Path) -> bool:
    """Return whether others may put files there in place of ours."""
    mode = _mode(folder)
    # in a sticky folder, such as /tmp, nobody replaces the file of another
    return bool(mode & 0o022) and not mode & stat.S_ISVTX


def _private(settings: Settings) -> list[Path]:
    """Return the files that hold secrets or clients' data."""
    store, backup = _store_file(settings), Path(settings.backup.folder)
    files = [DOTENV]
    if store and store.parent.is_dir():
        # SQLite keeps its log beside the file, and damaged ones are put aside there
        files += sorted(store.parent.glob(f"{store.name}*"))
    if backup.is_dir():
        files += sorted(backup.glob("*.json.gz"))
    private = [file for file in files if file.is_file() and file.suffix != ".lock"]
    key = settings.key_file
    if key and _is_key(key):
        private.append(key)
    return private


def _is_key(file: Path) -> bool:
    """Return whether a file holds a key; if not, the spreadsheet's line says so."""
    try:
        return file.is_file() and b"private_key" in file.read_bytes()
    except OSError:
        return False


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _mended_by(paths: list[Path], command: str) -> str:
    """Return the paths with their modes, and the command that mends them."""
    seen = ", ".join(f"{path} ({_mode(path):04o})" for path in paths[:SHOWN])
    if len(paths) > SHOWN:
        seen += f" и ещё {len(paths) - SHOWN}"
    return f"{seen}. Выполните {command} {' '.join(map(str, paths))}"


def encryption(settings: Settings) -> Iterator[Finding]:
    """Yield whether the way to a database on another machine is encrypted.

    A file of SQLite needs none, and nothing is said of it.
    """
    kind, _, rest = settings.store.url.partition("://")
    if not kind.startswith("postgresql"):
        return
    # what stands before the last @ may hold any sign: a password
    url = urlsplit(f"//{rest.rpartition('@')[2]}")
    asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
    # libpq takes from the environment what the address does not name
    host = asked.get("host", url.hostname or os.environ.get("PGHOST", ""))
    mode = asked.get("sslmode", os.environ.get("PGSSLMODE", ""))
    what = "связь с базой"
    if not host or is_here(host):
        yield right(what, "база на этой же машине")
    elif mode in ENCRYPTED:
        yield right(what, f"шифруется, sslmode={mode}")
    else:
        how = "допишите в store.url ?sslmode=require"
        yield wrong(what, f"база на {host}, а связь может идти открытой: {how}")
