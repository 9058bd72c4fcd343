"""The copy of all worksheets, people's own among them, to a file: daily and on demand.

Four read requests: which worksheets there are, their values, what was typed where a
formula stands, number formats.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from worker.jobs import untried

T = TypeVar("T")
Json = dict[str, Any]
Wait = Callable[[float], object]
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
    """Makes a copy a day when its time has come, or as soon after as the worker runs.

    A daily trigger of APScheduler would forget what was missed while the worker was
    down: its list of jobs is gone with the process. The copies in the folder are not.
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
        self._folder = Path(settings.backup.folder)
        self._stop = stop or threading.Event()
        self._not_before = 0.0

    def run(self) -> dict[str, Any]:
        """Make today's copy if it is due and not made yet; return its figures.

        Raises:
            SheetError, BackupError: there is none; it is tried again in ten minutes.
        """
        now = datetime.now(self._settings.zone)
        if not self._is_due(now):
            return {"idle": True}
        if time.monotonic() < self._not_before:
            return untried()
        path = self._folder / f"{now:%Y-%m-%d}.json.gz"
        try:
            return back_up(
                self._store, self._sheet, self._settings, path, self._stop.wait
            )
        except NaryadError:
            self._not_before = time.monotonic() + AGAIN_S
            raise

    def _is_due(self, now: datetime) -> bool:
        at = self._settings.backup.time
        if not at:
            return False
        return self._made(now) < last_due(now, at)

    def _made(self, now: datetime) -> datetime:
        """Return when the last copy was made; where none is known, counting begins now."""
        with self._store.reading() as tx:
            known = tx.facts.get(BACKUP) or CopyMade()
        times = [float(known[name]) for name in MOMENTS if name in known]
        # a store that was deleted knows of no copy
        times += [self._named(path) for path in files(self._folder)]
        if not times:
            with self._store.transaction() as tx:
                tx.facts.put(BACKUP, CopyMade(since=now.timestamp()))
            return now
        # what bears a moment far ahead was made before the clock was set back
        past = [at for at in times if at < now.timestamp() + DAY_S]
        return datetime.fromtimestamp(max(past, default=0.0), now.tzinfo)

    def _named(self, path: Path) -> float:
        """Return when a copy was made by its name; that of the day, at its time of day."""
        day, clock = path.name[:10], path.name[11:17]
        if not clock.isdecimal():
            clock = self._settings.backup.time.replace(":", "") + "00"
        zone = self._settings.zone
        try:
            made = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H%M%S").replace(
                tzinfo=zone
            )
        except ValueError:
            # the thirty-first of February is no day of ours
            return 0.0
        return made.timestamp()


def last_due(now: datetime, at: str) -> datetime:
    """Return when a copy was last due, by the clock of ``now``."""
    hour, minute = map(int, at.split(":"))
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if today > now:
        return today - timedelta(days=1)
    return today


def on_demand(
    store: Store, sheet: Sheet, settings: Settings
) -> tuple[Path, dict[str, Any]]:
    """Make a copy now, beside that of the day, which is never written over."""
    now = datetime.now(settings.zone)
    path = Path(settings.backup.folder) / f"{now:%Y-%m-%d-%H%M%S}.json.gz"
    return path, back_up(store, sheet, settings, path)


def back_up(
    store: Store,
    sheet: Sheet,
    settings: Settings,
    path: Path,
    wait: Wait = time.sleep,
) -> dict[str, Any]:
    """Copy the spreadsheet to a file, and remove files that are too old.

    Return the figures of the log line.

    Raises:
        SheetError: see :mod:`record.errors`.
        BackupError: the file can't be written.
    """
    # with it goes what the store alone knows of these orders
    sheet.need_ours()
    # whoever is forgotten meanwhile would stand in a copy that nobody looks through
    with store.exclusive("forget"):
        copy = read_copy(sheet, settings, wait)
        with store.reading() as tx:
            kept = tx.keepsakes.take()
        save(replace(copy, kept=kept), path)
    counts = {"worksheets": len(copy.worksheets), "rows": copy.rows}
    with store.transaction() as tx:
        known = tx.facts.get(BACKUP) or CopyMade()
        known |= CopyMade(
            at=time.time(),
            file=str(path),
            worksheets=len(copy.worksheets),
            rows=copy.rows,
        )
        tx.facts.put(BACKUP, known)
    today = datetime.now(settings.zone)
    removed = _remove_old(path.parent, today, settings.backup.keep_days)
    return {"file": path.name, **counts, "removed": removed}


def _remove_old(folder: Path, today: datetime, keep_days: int) -> int:
    """Remove copies that are too old by their names; return how many."""
    oldest = f"{today - timedelta(days=keep_days):%Y-%m-%d}"
    # the newest few stay, for the clock may be wrong
    old = [path for path in files(folder)[LEAST:] if path.name[:10] < oldest]
    for path in old:
        with suppress(OSError):
            path.unlink()
    return len(old)


def read_copy(sheet: Sheet, settings: Settings, wait: Wait = time.sleep) -> Copy:
    """Return the spreadsheet as it is now.

    What people change between the requests may be half in it.
    """
    now = datetime.now(settings.zone).replace(microsecond=0)
    described = patiently(lambda: sheet.describe(DESCRIBED), wait)
    properties = [one["properties"] for one in described.get("sheets", [])]
    # a chart's own tab has no cells
    grids = [one for one in properties if one.get("sheetType", "GRID") == "GRID"]
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


def _tabs(sheet: Sheet, grids: list[Mapping[str, Any]], wait: Wait) -> Iterator[Tab]:
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
    found = {}
    for one in described.get("sheets", []):
        found[one["properties"]["title"]] = dict(_formulas_of(_rows(one)))
    return found


def _formulas_of(rows: Iterable[list[Json]]) -> Iterator[tuple[str, str]]:
    for line, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            formula = cell.get("userEnteredValue", {}).get("formulaValue")
            if formula:
                yield f"{column_letters(column)}{line}", str(formula)


def _formats(described: Mapping[str, Any]) -> dict[str, list[Json | None]]:
    """Return the number format of each column by title, None where it has none."""
    found: dict[str, list[Json | None]] = {}
    for one in described.get("sheets", []):
        # a header may be formatted otherwise
        rows = list(_rows(one))[1:]
        width = max(map(len, rows), default=0)
        formats = [_format(rows, column) for column in range(width)]
        found[one["properties"]["title"]] = formats
    return found


def _format(rows: list[list[Json]], column: int) -> Json | None:
    """Return the first number format in a column."""
    for cells in rows:
        if column < len(cells):
            number = cells[column].get("userEnteredFormat", {}).get("numberFormat")
            if number:
                return dict(number)
    return None


def _rows(described: Mapping[str, Any]) -> Iterator[list[Json]]:
    for data in described.get("data", []):
        for row in data.get("rowData", []):
            yield row.get("values", [])


def patiently(work: Callable[[], T], wait: Wait) -> T:
    """Do something that Google may be too busy for, again and again for two minutes.

    Doing it twice must do no harm. ``wait`` returns true when it is time to end. That is
    why tenacity does not do this: it would ask Google once more before it looks.

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
