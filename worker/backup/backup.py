"""The daily copy of all worksheets, people's own among them, to a file; and one made on
demand.

Four read requests: which worksheets there are, their values, what was typed where a
formula stands, number formats.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from record.errors import NaryadError, SheetBusy
from record.settings import Settings
from record.sheet import Sheet, absolute_range_name, column_letters
from record.store import Store
from record.store.facts import BACKUP, CopyMade
from worker.backup.file import BackupError, Copy, Tab, files, save

T = TypeVar("T")
TOGETHER = 40  # worksheets a request, so that its address does not grow too long
LOOKED_AT = 20  # rows whose number formats are looked at
AGAIN_S = 600.0
LEAST = 7  # copies that are kept however old they are
DAY_S = 86_400
PATIENCE_S = 120.0
STEP_S = 2.0
DESCRIBED = "properties.title,sheets.properties(title,sheetType,gridProperties)"
FORMULAS = "sheets(properties.title,data.rowData.values.userEnteredValue.formulaValue)"
FORMATS = "sheets(properties.title,data.rowData.values.userEnteredFormat.numberFormat)"


# of the last copy; of a store that knows of none, when it began to count
MOMENTS: tuple[Literal["at", "since"], ...] = ("at", "since")


class BackupJob:
    """Makes a copy a day when its time has come; what was missed while the worker was
    down, at the next chance.
    """

    def __init__(
        self,
        store: Store,
        sheet: Sheet,
        settings: Settings,
        stop: threading.Event | None = None,
    ) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._stop = stop or threading.Event()
        self._not_before = 0.0

    def run(self) -> dict[str, Any]:
        """Make today's copy if it is due and not made yet; returns the figures of the
        log line.

        Raises:
            SheetError, BackupError: there is none; it is tried again in ten minutes.
        """
        now = datetime.now(self._settings.zone)
        if not self._settings.backup.time or self._made(now) >= last_due(
            now, self._settings.backup.time
        ):
            return {"idle": True}
        if time.monotonic() < self._not_before:
            return {"idle": True, "untried": True}
        try:
            path = Path(self._settings.backup.folder) / f"{now:%Y-%m-%d}.json.gz"
            return back_up(
                self._store, self._sheet, self._settings, path, self._stop.wait
            )
        except NaryadError:
            self._not_before = time.monotonic() + AGAIN_S
            raise

    def _made(self, now: datetime) -> datetime:
        """Return when the last copy was made; a store that knows of none begins to
        count now.

        What bears a moment far ahead was made before the clock was set back, and does
        not count.
        """
        with self._store.reading() as tx:
            known = tx.facts.get(BACKUP) or CopyMade()
        times = [float(known[name]) for name in MOMENTS if name in known]
        times += [
            self._named(path) for path in files(Path(self._settings.backup.folder))
        ]
        if not times:
            with self._store.transaction() as tx:
                tx.facts.put(BACKUP, CopyMade(since=now.timestamp()))
            return now
        past = [at for at in times if at < now.timestamp() + DAY_S]
        return datetime.fromtimestamp(max(past, default=0.0), now.tzinfo)

    def _named(self, path: Path) -> float:
        """Return when a copy was made by its name; that of the day, at its time of day."""
        day, clock = path.name[:10], path.name[11:17]
        at = (
            clock
            if clock.isdecimal()
            else self._settings.backup.time.replace(":", "") + "00"
        )
        try:
            return (
                datetime.strptime(f"{day} {at}", "%Y-%m-%d %H%M%S")
                .replace(tzinfo=self._settings.zone)
                .timestamp()
            )
        except ValueError:
            return 0.0  # the thirty-first of February is no day of ours


def last_due(now: datetime, at: str) -> datetime:
    """Return when a copy was last due, by the clock of ``now``."""
    hour, minute = map(int, at.split(":"))
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def on_demand(
    store: Store, sheet: Sheet, settings: Settings
) -> tuple[Path, dict[str, Any]]:
    """Make a copy now, beside that of the day, which is never written over."""
    path = (
        Path(settings.backup.folder)
        / f"{datetime.now(settings.zone):%Y-%m-%d-%H%M%S}.json.gz"
    )
    return path, back_up(store, sheet, settings, path)


def back_up(
    store: Store,
    sheet: Sheet,
    settings: Settings,
    path: Path,
    wait: Callable[[float], object] = time.sleep,
) -> dict[str, Any]:
    """Copy the spreadsheet to a file, and remove files that are too old; returns the
    figures of the log line.

    Raises:
        SheetError: see :mod:`record.errors`.
        BackupError: the file can't be written.
    """
    copy = read_copy(sheet, settings, wait)
    with store.reading() as tx:
        kept = tx.keepsakes.take()
    save(replace(copy, kept=kept), path)
    with store.transaction() as tx:
        known = tx.facts.get(BACKUP) or CopyMade()
        known |= CopyMade(
            at=time.time(),
            file=str(path),
            worksheets=len(copy.worksheets),
            rows=copy.rows,
        )
        tx.facts.put(BACKUP, known)
    removed = _remove_old(
        path.parent, datetime.now(settings.zone), settings.backup.keep_days
    )
    return {
        "file": path.name,
        "worksheets": len(copy.worksheets),
        "rows": copy.rows,
        "removed": removed,
    }


def _remove_old(folder: Path, now: datetime, keep_days: int) -> int:
    """Remove copies older than so many days by their names; the newest few stay, for
    the clock may be wrong.
    """
    oldest = f"{now - timedelta(days=keep_days):%Y-%m-%d}"
    old = [path for path in files(folder)[LEAST:] if path.name[:10] < oldest]
    for path in old:
        with suppress(OSError):
            path.unlink()
    return len(old)


def read_copy(
    sheet: Sheet, settings: Settings, wait: Callable[[float], object] = time.sleep
) -> Copy:
    """Return the spreadsheet as it is now; what people change between the requests may
    be half in it.
    """
    now = datetime.now(settings.zone).replace(microsecond=0)
    described = patiently(lambda: sheet.describe(DESCRIBED), wait)
    grids = [one["properties"] for one in described.get("sheets", [])]
    # a chart's own tab has no cells
    grids = [one for one in grids if one.get("sheetType", "GRID") == "GRID"]
    if not grids:
        raise BackupError("В таблице нет ни одного листа с ячейками: копировать нечего")
    tabs: list[Tab] = []
    for start in range(0, len(grids), TOGETHER):
        tabs += _tabs(sheet, grids[start : start + TOGETHER], wait)
    return Copy(
        settings.sheets.spreadsheet_id,
        described["properties"]["title"],
        now.isoformat(),
        tabs,
    )


def _tabs(
    sheet: Sheet, grids: list[Mapping[str, Any]], wait: Callable[[float], object]
) -> Iterator[Tab]:
    titles = [str(grid["title"]) for grid in grids]
    ranges = [absolute_range_name(title) for title in titles]
    values = patiently(lambda: sheet.read_ranges(ranges), wait)
    formulas = _formulas(patiently(lambda: sheet.describe(FORMULAS, ranges), wait))
    tops = [absolute_range_name(title, f"1:{LOOKED_AT + 1}") for title in titles]
    formats = _formats(patiently(lambda: sheet.describe(FORMATS, tops), wait))
    for grid, title, rows in zip(grids, titles, values, strict=True):
        frozen = int(grid.get("gridProperties", {}).get("frozenRowCount", 0))
        yield Tab(title, rows, formulas.get(title, {}), formats.get(title, []), frozen)


def _formulas(described: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what was typed where a formula stands, by title and cell."""
    return {
        one["properties"]["title"]: {
            f"{column_letters(column)}{line}": str(formula)
            for line, row in enumerate(_grid(one), start=1)
            for column, cell in enumerate(row)
            if (formula := cell.get("userEnteredValue", {}).get("formulaValue"))
        }
        for one in described.get("sheets", [])
    }


def _formats(described: Mapping[str, Any]) -> dict[str, list[dict[str, Any] | None]]:
    """Return the number format of each column by title, as the first cells below the
    header have it.
    """
    found: dict[str, list[dict[str, Any] | None]] = {}
    for one in described.get("sheets", []):
        rows = _grid(one)[1:]
        width = max(map(len, rows), default=0)
        found[one["properties"]["title"]] = [
            _format([row[c] for row in rows if c < len(row)]) for c in range(width)
        ]
    return found


def _grid(described: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    return [
        row.get("values", [])
        for data in described.get("data", [])
        for row in data.get("rowData", [])
    ]


def _format(cells: list[Mapping[str, Any]]) -> dict[str, Any] | None:
    shown = (cell.get("userEnteredFormat", {}).get("numberFormat") for cell in cells)
    return next((dict(number) for number in shown if number), None)


def patiently(work: Callable[[], T], wait: Callable[[float], object]) -> T:
    """Do something that Google may be too busy for, again and again for two minutes;
    doing it twice does no harm.

    ``wait`` returns true when it is time to end.

    Raises:
        SheetBusy: Google is busy for longer.
    """
    until = time.monotonic() + PATIENCE_S
    for _ in range(round(PATIENCE_S / STEP_S)):
        try:
            return work()
        except SheetBusy:
            if wait(STEP_S) or time.monotonic() > until:
                raise
    return work()
