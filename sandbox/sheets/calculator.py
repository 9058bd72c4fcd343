"""Computes formulas, with the engine of https://github.com/PSU3D0/formualizer, loaded when the first formula is read.

The engine is told only what formulas look at, and of a later version only the rows that
differ. Results of a formula that needs too long read «Loading...» meanwhile, as with
Google.
"""

import datetime as dt
import math
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sandbox.sheets.cells import EMPTY, Cell, Formula, Row, Scalar, stored
from sandbox.sheets.failure import CIRCULAR, LOADING, failure
from sandbox.sheets.formula_text import (
    LAST_COLUMN,
    NEVER_READY,
    Area,
    Translated,
    tab_name,
    translated,
)
from sandbox.sheets.grid import Sheet
from sandbox.sheets.locales import Locale
from sandbox.sheets.serial import to_serial

PATIENCE_S = 2.0
_MOST_S = 30.0
_KEEPS_FORMAT = frozenset({"SUM", "MIN", "MAX", "AVERAGE", "ROUND"})
Place = tuple[int, int, int]
Results = Mapping[int, Mapping[int, Row]]
_NONE: Mapping[int, Row] = {}


class Book(Protocol):
    """What is computed: a version of a spreadsheet."""

    sheets: list[Sheet]

    @property
    def locale(self) -> Locale:
        """How numbers are typed there."""

    @property
    def zone(self) -> ZoneInfo:
        """What time it is there."""


class Calculator:
    """Computes versions of one spreadsheet, one at a time."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self.free = threading.Lock()
        self._stuck = False
        self._engine: _Engine | None = None

    def rows(self, book: Book) -> tuple[Results, bool]:
        """Return the rows with formulas as they are seen, and whether they stay so.

        By tab and row.
        """
        formulas = _formulas(book.sheets)
        if not formulas:
            return {}, True
        if self._stuck or not self.free.acquire(timeout=PATIENCE_S):
            return _rows(book.sheets, dict.fromkeys(formulas, Cell(LOADING))), False
        found: list[tuple[dict[Place, Cell], bool]] = []
        worker = threading.Thread(
            target=self._work,
            args=[book, formulas, found],
            daemon=True,
            name="calculator",
        )
        worker.start()
        worker.join(PATIENCE_S)
        if not found:
            self._stuck = worker.is_alive()
            return _rows(book.sheets, dict.fromkeys(formulas, Cell(LOADING))), False
        cells, lasting = found[0]
        return _rows(book.sheets, cells), lasting

    def _work(
        self,
        book: Book,
        formulas: dict[Place, Cell],
        found: list[tuple[dict[Place, Cell], bool]],
    ) -> None:
        try:
            if self._engine is None:
                self._engine = _Engine()
            found.append(self._engine.computed(book, formulas))
        except BaseException:
            self._engine = None  # what it has been told by now nobody knows
            raise
        finally:
            self._stuck = False
            self.free.release()


class _Engine:
    """What the engine has been told, so that it is told only what changed."""

    def __init__(self) -> None:
        import formualizer  # noqa: PLC0415 - it takes a while, and most sheets have no formula

        limits = formualizer.EvaluationConfig()
        limits.enable_parallel = False
        limits.max_eval_time_ms = int(_MOST_S * 1000)
        config = formualizer.WorkbookConfig(eval_config=limits, enable_changelog=False)
        self._failed: tuple[type[Exception], ...] = (
            formualizer.ExcelEvaluationError,
            RuntimeError,
        )
        self._book = formualizer.Workbook(config=config)
        for name in NEVER_READY:
            self._book.register_function(name, _never_ready)
        self._tabs: set[int] = set()
        self._texts: dict[
            tuple[str, int, bool, tuple[tuple[str, int], ...]], Translated
        ] = {}
        self._told: dict[Place, object] = {}
        self._refused: dict[Place, Cell] = {}

    def computed(
        self, book: Book, formulas: dict[Place, Cell]
    ) -> tuple[dict[Place, Cell], bool]:
        """What each formula shows, and whether that lasts until something is changed."""
        texts = self._translations(book, formulas)
        self._tell(book, formulas, texts)
        now = dt.datetime.now(dt.UTC)
        offset = book.zone.utcoffset(now.astimezone(book.zone)) or dt.timedelta()
        self._book.set_deterministic_clock(now, int(offset.total_seconds()))
        open_ = [place for place in formulas if place not in self._refused]
        values = dict(zip(open_, self._evaluated(open_), strict=True))
        shown = dict(self._refused)
        sheets = {sheet.id: sheet for sheet in book.sheets}
        for place, value in values.items():
            shown[place] = _shown(
                formulas[place], texts[place], value, sheets, book.locale
            )
        return shown, not any(text.volatile for text in texts.values())

    def _translations(
        self, book: Book, formulas: dict[Place, Cell]
    ) -> dict[Place, Translated]:
        titles = tuple((sheet.title, sheet.id) for sheet in book.sheets)
        comma = book.locale.decimal == ","
        texts = {}
        for place, cell in formulas.items():
            key = (str(cell.value), place[0], comma, titles)
            if key not in self._texts:
                self._texts[key] = translated(
                    key[0], key[1], dict(titles), decimal_comma=comma
                )
            texts[place] = self._texts[key]
        return texts

    def _tell(
        self, book: Book, formulas: dict[Place, Cell], texts: dict[Place, Translated]
    ) -> None:
        for sheet in book.sheets:
            if sheet.id not in self._tabs:
                self._book.add_sheet(tab_name(sheet.id))
                self._tabs.add(sheet.id)
        wanted: dict[Place, object] = dict(_looked_at(book.sheets, texts.values()))
        wanted.update({place: texts[place].text for place in formulas})
        for place in self._told.keys() - wanted.keys():
            self._set(place, None)
        for place, content in wanted.items():
            if place in formulas:
                self._formula(place, str(content))
            elif self._told.get(place, _UNSAID) != content or type(
                self._told[place]
            ) is not type(content):
                self._set(place, content)

    def _set(self, place: Place, value: object) -> None:
        sheet_id, row, column = place
        self._refused.pop(place, None)
        self._book.set_value(tab_name(sheet_id), row + 1, column + 1, value)
        if value is None:
            self._told.pop(place, None)
        else:
            self._told[place] = value

    def _formula(self, place: Place, text: str) -> None:
        said = ("formula", text)
        if self._told.get(place) == said:
            return
        sheet_id, row, column = place
        self._refused.pop(place, None)
        try:
            self._book.set_formula(tab_name(sheet_id), row + 1, column + 1, text)
        except self._failed as error:
            self._book.set_value(tab_name(sheet_id), row + 1, column + 1, None)
            self._refused[place] = Cell(
                CIRCULAR if "CIRC" in str(error) else failure("Error")
            )
        self._told[place] = said

    def _evaluated(self, places: Sequence[Place]) -> list[object]:
        targets = [
            (tab_name(sheet_id), row + 1, column + 1)
            for sheet_id, row, column in places
        ]
        try:
            return list(self._book.evaluate_cells(targets))
        except self._failed:
            return [self._one(*target) for target in targets]

    def _one(self, tab: str, row: int, column: int) -> object:
        try:
            return self._book.evaluate_cell(tab, row, column)
        except self._failed:
            return {"type": "Error", "kind": "Null"}


_UNSAID = object()


def _never_ready(*_: object) -> dict[str, str]:
    """The engine's name for an error nobody else raises.

    It reaches whatever refers to it.
    """
    return {"type": "Error", "kind": "Null"}


def _formulas(sheets: Sequence[Sheet]) -> dict[Place, Cell]:
    found = {}
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            for column in row.formulas:
                found[sheet.id, index, column] = row.cells[column]
    return found


def _looked_at(sheets: Sequence[Sheet], texts: Any) -> dict[Place, Scalar]:
    """The values, not formulas, in the areas that formulas look at."""
    areas: set[Area] = {area for text in texts for area in text.areas}
    by_id = {sheet.id: sheet for sheet in sheets}
    found: dict[Place, Scalar] = {}
    for area in areas:
        rows = by_id[area.sheet_id].rows
        for index in range(area.r0, min(area.r1, len(rows))):
            row = rows[index]
            for column in range(area.c0, min(area.c1, len(row.cells), LAST_COLUMN)):
                value = row.cells[column].value
                if value is not None and type(value) is not Formula:
                    found[area.sheet_id, index, column] = (
                        float(value) if type(value) is int else value
                    )
    return found


def _shown(
    cell: Cell,
    text: Translated,
    result: Any,
    sheets: Mapping[int, Sheet],
    language: Locale,
) -> Cell:
    """A formula's cell with its result in it, in the format a person sees it in."""
    value, pattern = _value(result, language)
    if text.alone:
        area = text.areas[0]
        looked_at = sheets[area.sheet_id].row(area.r0).cell(area.c0)
        value = None if looked_at.value is None else value
    if cell.number_format or isinstance(value, str | bool | None):
        return cell._replace(value=value)
    form: Mapping[str, Any] | None = pattern or _inherited(text, sheets)
    return cell._replace(
        value=value,
        format={**(cell.format or {}), "numberFormat": form} if form else cell.format,
    )


def _inherited(
    text: Translated, sheets: Mapping[int, Sheet]
) -> Mapping[str, Any] | None:
    if not text.areas or not text.functions <= _KEEPS_FORMAT:
        return None
    area = text.areas[0]
    return sheets[area.sheet_id].row(area.r0).cell(area.c0).number_format


def _value(result: Any, language: Locale) -> tuple[Scalar, Mapping[str, str] | None]:
    """A result as a cell keeps it, and the format that its kind brings."""
    while isinstance(result, list):  # an array; the cell itself shows its first value
        result = result[0] if result else None
    if isinstance(result, float) and not math.isfinite(result):
        result = {"kind": "Num"}
    if isinstance(result, dict):
        return failure(str(result.get("kind"))), None
    if isinstance(result, dt.date | dt.time | dt.timedelta):
        return _moment(result, language)
    return stored(result), None


def _moment(
    result: dt.date | dt.time | dt.timedelta, language: Locale
) -> tuple[float | int, Mapping[str, str] | None]:
    """The serial number of a moment and how it is shown; a datetime is a date too."""
    if isinstance(result, dt.timedelta):
        return result / dt.timedelta(days=1), None
    if isinstance(result, dt.time):
        seconds = result.hour * 3600 + result.minute * 60 + result.second
        return seconds / 86_400, {"type": "TIME", "pattern": language.time_pattern}
    if isinstance(result, dt.datetime):
        pattern = f"{language.date_pattern} {language.time_pattern}"
        return to_serial(result.replace(tzinfo=None)), {
            "type": "DATE_TIME",
            "pattern": pattern,
        }
    day = dt.datetime(result.year, result.month, result.day)
    return to_serial(day), {"type": "DATE", "pattern": language.date_pattern}


def _rows(sheets: Sequence[Sheet], cells: Mapping[Place, Cell]) -> Results:
    changed: dict[int, dict[int, dict[int, Cell]]] = {}
    for (sheet_id, index, column), cell in cells.items():
        changed.setdefault(sheet_id, {}).setdefault(index, {})[column] = cell
    by_id = {sheet.id: sheet for sheet in sheets}
    return {
        sheet_id: {
            index: _with(by_id[sheet_id].row(index), new) for index, new in rows.items()
        }
        for sheet_id, rows in changed.items()
    }


def _with(row: Row, new: Mapping[int, Cell]) -> Row:
    cells = list(row.cells)
    for column, cell in new.items():
        cells[column] = cell
    return Row(cells) if cells else EMPTY
