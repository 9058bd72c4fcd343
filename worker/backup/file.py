"""Backup files: all worksheets as people typed them, one gzipped JSON file.

    {"format": "naryad-backup", "version": 1, "spreadsheet": id, "title": …, "made": ISO time, "worksheets": [
        {"title": …, "frozen": 1, "rows": [[cell, …], …], "formulas": {"F2": "=E2*2"}, "formats": [null, {…}, …]}],
     "kept": {"quiet": [{…}, …], "consents": […], "history": […]}}

``rows`` hold values: numbers and dates as numbers, booleans, text; a formula's value
stands there, and what was typed in ``formulas``. ``formats`` are the columns' number
formats, so that dates are shown as such again. ``kept`` are rows of the local store
that the sheet does not know, by table: who asked for quiet, what clients agreed to,
histories.
"""

# Why not XLSX, which staff could open: a cell there ends at 32,767 characters and a title
# at 31, Google's at 50,000 and 100; formulas of Google's own are errors there; ``kept``
# has no place in it; and reading it would need openpyxl on every server. Whoever wants
# a workbook has «Файл → Скачать → Microsoft Excel».

import gzip
import json
import os
import re
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from record.errors import NaryadError
from record.values import Cell

Kept = dict[str, list[dict[str, Any]]]
FORMAT, VERSION = "naryad-backup", 1
NAME = re.compile(r"\d{4}-\d\d-\d\d(-\d{6})?\.json\.gz")


class BackupError(NaryadError):
    """A copy of the spreadsheet can't be made or used."""


@dataclass(frozen=True)
class Tab:
    """One worksheet as it was."""

    title: str
    rows: list[list[Cell]]
    formulas: dict[str, str]
    formats: list[dict[str, Any] | None]
    frozen: int = 0

    @property
    def width(self) -> int:
        """How many columns hold anything."""
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True)
class Copy:
    """A spreadsheet as it was.

    ``made`` is the company's clock, in ISO form with its offset.
    """

    spreadsheet: str
    title: str
    made: str
    worksheets: list[Tab]
    kept: Kept = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are, headers included."""
        return sum(len(tab.rows) for tab in self.worksheets)


def save(copy: Copy, path: Path) -> None:
    """Write a copy whole or not at all, readable by its owner only.

    Raises:
        BackupError: it can't be written.
    """
    body = {"format": FORMAT, "version": VERSION, **asdict(copy)}
    text = json.dumps(body, ensure_ascii=False).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, gzip.compress(text, mtime=0))
    except OSError as error:
        raise BackupError(
            f"Копия таблицы не записана в {path}: {error.strerror}. Проверьте место на диске и права на папку"
        ) from error


def _replace(path: Path, body: bytes) -> None:
    # clients' phones are in it: mkstemp closes the file to others from the start
    number, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(body)
            file.flush()
            # else a power failure could leave the name with nothing in it
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def load(path: Path) -> Copy:
    """Return the copy in a file.

    Raises:
        BackupError: there is no such file, it is damaged, or it is none of ours.
    """
    try:
        text = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise BackupError(f"Нет файла {path}{_others(path.parent)}") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BackupError(
            f"Файл {path} повреждён или не копия таблицы: он не распаковывается. Возьмите копию за другой день"
        ) from None
    except OSError as error:
        raise BackupError(f"Файл {path} не читается: {error.strerror}") from None
    return _parsed(path, text)


def _parsed(path: Path, text: bytes) -> Copy:
    body = _body(path, text)
    if body.get("version") != VERSION:
        raise BackupError(
            f"{path} сделан другой версией Наряда: обновите Наряд и повторите"
        )
    try:
        return Copy(
            str(body["spreadsheet"]),
            str(body["title"]),
            str(body["made"]),
            [_tab(tab) for tab in body["worksheets"]],
            # the first copies had none
            _kept(body.get("kept", {})),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BackupError(
            f"Файл {path} повреждён: возьмите копию за другой день"
        ) from None


def _body(path: Path, text: bytes) -> dict[str, Any]:
    """Return the JSON object of a file that is one of ours."""
    foreign = BackupError(
        f"{path} — не копия таблицы, сделанная Нарядом: проверьте, тот ли это файл"
    )
    try:
        body = json.loads(text)
    except ValueError:
        raise foreign from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise foreign
    return body


def _kept(body: Mapping[str, Any]) -> Kept:
    kept = {}
    for name, rows in body.items():
        kept[str(name)] = [dict(row) for row in rows]
    return kept


def _tab(body: Mapping[str, Any]) -> Tab:
    rows = [list(row) for row in body["rows"]]
    for row in rows:
        # a bool is an int
        if not all(isinstance(cell, str | int | float) for cell in row):
            raise TypeError(body["title"])
    formulas, formats = dict(body["formulas"]), list(body["formats"])
    return Tab(str(body["title"]), rows, formulas, formats, int(body["frozen"]))


def files(folder: Path) -> list[Path]:
    """Return the copies in a folder, newest first; other files there are not ours."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, reverse=True)


def _others(folder: Path) -> str:
    near = [path.name for path in files(folder)[:5]]
    if near:
        return f". В этой папке есть {', '.join(near)}"
    return ". Какие есть копии, покажет python -m worker restore"
