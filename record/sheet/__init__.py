"""The one door to Google Sheets. Everything that Google may answer leaves here as one
of our own errors.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from json import loads
from typing import Any

from gspread.exceptions import APIError
from gspread.urls import (
    SPREADSHEET_BATCH_UPDATE_URL,
    SPREADSHEET_URL,
    SPREADSHEET_VALUES_BATCH_URL,
)
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from record.errors import SheetBroken, SheetDenied, SheetError, SheetResting
from record.grid.layout import Values
from record.grid.worksheets import WORKSHEETS
from record.settings import Settings
from record.sheet.door import Door
from record.sheet.refusals import Passing, Us, missing_tab, translated
from record.store import Store
from record.values import Cell

READ_TRIES = 3
READ_PATIENCE_S = 20
FIRST: Mapping[str, float] = {}
AFTER_POLLS: Mapping[str, float] = {"read": 0.25}
SPARE: Mapping[str, float] = {"read": 0.5, "write": 0.25}
VALUE_FIELDS = "sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values.userEnteredValue))"


@dataclass(frozen=True)
class Reading:
    """All worksheets as Google answered at ``at`` (seconds since the epoch), not yet
    parsed.
    """

    body: bytes
    at: float

    def values(self) -> dict[str, Values]:
        """Return the rows of each worksheet by title."""
        return dict(zip(WORKSHEETS, _values(self.body), strict=True))


def _values(body: bytes) -> list[Values]:
    return [part.get("values", []) for part in loads(body)["valueRanges"]]


class Sheet:
    """The company's spreadsheet. One object a thread: a requests session is not
    promised to be thread-safe.

    ``leaves``: the part of what may be asked at once that this caller leaves to more
    urgent ones, by kind. ``patience_s``: how long to wait where our share of Google's
    quota is used up; 0 to be told at once.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        leaves: Mapping[str, float] = FIRST,
        patience_s: float = 0,
    ) -> None:
        self._settings = settings
        self._store = store
        self._leaves = leaves
        self._patience_s = patience_s
        self._door = Door(settings)
        self._ids: dict[str, int] = {}
        self.calls = 0

    def read(self) -> Reading:
        """Return all worksheets in one read request.

        Raises:
            SheetBroken: a worksheet is missing.
            SheetBusy, SheetDenied: see :mod:`record.errors`.
        """
        at = time.time()
        return Reading(self._read_values([quoted(title) for title in WORKSHEETS]), at)

    def read_ranges(self, ranges: list[str]) -> list[Values]:
        """Return the values of some ranges, in their order, in one read request."""
        return _values(self._read_values(ranges))

    def read_shown(self, cells: str) -> list[list[str]]:
        """Return the cells of one range as people see them, number formats applied, in
        one read request.
        """
        values = _values(self._read_values([cells], "FORMATTED_VALUE"))[0]
        return [[str(cell) for cell in row] for row in values]

    def describe(
        self, fields: str = "properties,sheets.properties", ranges: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Return the spreadsheet's properties, or other ``fields`` and the cells of
        some ranges, in one read request.

        https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/get
        """
        params = {"fields": fields, "ranges": list(ranges)}
        answer: dict[str, Any] = loads(self._read(SPREADSHEET_URL % self._id, params))
        return answer

    def sheet_id(self, title: str) -> int:
        """Return the id of a worksheet by title.

        Raises:
            SheetBroken: there is none.
        """
        self.learn_ids([title])
        if title not in self._ids:
            raise SheetBroken(missing_tab(title), cause="worksheet")
        return self._ids[title]

    def learn_ids(self, titles: Iterable[str]) -> bool:
        """Ask for the worksheets' ids where one of these is not known; say whether that
        took a read request.
        """
        if all(title in self._ids for title in titles):
            return False
        found = self.describe().get("sheets", [])
        self._ids = {
            one["properties"]["title"]: one["properties"].get("sheetId", 0)
            for one in found
        }
        return True

    def batch_update(
        self,
        changes: list[dict[str, Any]],
        look_back: Iterable[str] = (),
        fields: str = VALUE_FIELDS,
        unless: Callable[[], object] = lambda: None,
    ) -> dict[str, Any]:
        """Apply changes in one write request, all or none, and return the ranges
        ``look_back`` as they are after it.

        ``unless`` is called last before the request goes out; nothing is sent when it
        raises.

        Raises:
            SheetUnclear: the answer was lost; the changes may have been made.
            SheetBusy: nothing was changed, later it may work.
            SheetError: Google refuses these changes.
        """
        ranges = list(look_back)
        body: dict[str, Any] = {"requests": changes}
        params: dict[str, Any] | None = None
        if ranges:
            body |= {
                "includeSpreadsheetInResponse": True,
                "responseRanges": ranges,
                "responseIncludeGridData": True,
            }
            params = {"fields": f"replies,updatedSpreadsheet.{fields}"}
        self._take("write")
        client = self._door.client()
        unless()
        with (
            self._counted("write"),
            translated(writing=True, drained=lambda: self._drain("write"), us=self._us),
        ):
            response = client.request(
                "post", SPREADSHEET_BATCH_UPDATE_URL % self._id, params, json=body
            )
            # here the connection may still break
            answer: dict[str, Any] = response.json()
            return answer

    def left(self) -> dict[str, int]:
        """Return how many reads and writes may be made now."""
        with self._store.reading() as tx:
            return {
                kind: int(tx.quota.left(kind, limit))
                for kind, limit in self._limits().items()
            }

    def rest_s(self, *kinds: str) -> float:
        """Return after how many seconds a request of each kind, read and write, may be
        made; 0 for at once.
        """
        limits = self._limits()
        with self._store.reading() as tx:
            return max(
                tx.quota.wait(kind, limits[kind], self._leaves.get(kind, 0.0))
                for kind in kinds
            )

    def forget_ids(self) -> None:
        """Ask for the worksheets' ids anew next time."""
        self._ids = {}

    @property
    def _id(self) -> str:
        return self._settings.sheets.spreadsheet_id

    def _limits(self) -> dict[str, int]:
        return {
            "read": self._settings.sheets.reads_per_minute,
            "write": self._settings.sheets.writes_per_minute,
        }

    @property
    def _us(self) -> Us:
        return Us(self._door.account, str(self._settings.key_file or ""))

    def _read_values(
        self, ranges: list[str], render: str = "UNFORMATTED_VALUE"
    ) -> bytes:
        params = {
            "ranges": ranges,
            "valueRenderOption": render,
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        return self._read(SPREADSHEET_VALUES_BATCH_URL % self._id, params)

    def _read(self, url: str, params: dict[str, Any]) -> bytes:
        tries = Retrying(
            stop=stop_after_attempt(READ_TRIES) | stop_after_delay(READ_PATIENCE_S),
            wait=wait_random_exponential(multiplier=0.3, max=5),
            retry=retry_if_exception_type(Passing),
            reraise=True,
        )
        return tries(self._read_once, url, params)

    def _read_once(self, url: str, params: dict[str, Any]) -> bytes:
        self._take("read")
        client = self._door.client()
        with (
            self._counted("read"),
            translated(writing=False, drained=lambda: self._drain("read"), us=self._us),
        ):
            body: bytes = client.request("get", url, params).raw.read(
                decode_content=True
            )
            return body

    def _take(self, kind: str) -> None:
        """Take one request from the share of all processes.

        Raises:
            SheetResting: it is used up for a moment.
        """
        deadline = time.monotonic() + self._patience_s
        while wait := self._wait_for(kind):
            if time.monotonic() + wait <= deadline:
                time.sleep(wait)
                continue
            word = "чтения" if kind == "read" else "записи"
            raise SheetResting(
                f"Своя доля квоты {word} Google на миг исчерпана, продолжу через {wait:.0f} с"
            )
        self.calls += 1

    def _wait_for(self, kind: str) -> float:
        """Take one request; return 0, or after how many seconds to ask again."""
        with self._store.transaction() as tx:
            return tx.quota.take(
                kind, self._limits()[kind], self._leaves.get(kind, 0.0)
            )

    @contextmanager
    def _counted(self, kind: str) -> Iterator[None]:
        """Count a request and how it ended, for ops."""
        result = "ok"
        try:
            yield
        except SheetError as error:
            result = _result(error)
            raise
        finally:
            self._store.count("api_requests", api="sheets", kind=kind, result=result)

    def _drain(self, kind: str) -> None:
        with self._store.transaction() as tx:
            tx.quota.drain(kind)


def _result(error: SheetError) -> str:
    """Return the HTTP status that Google refused with, or a word where it did not
    answer.
    """
    cause = error.__cause__
    if isinstance(cause, APIError):
        return str(cause.response.status_code)
    return "key_refused" if isinstance(error, SheetDenied) else "no_answer"


def quoted(title: str, cells: str = "") -> str:
    """Return an A1 range of a worksheet."""
    name = "'" + title.replace("'", "''") + "'"
    return f"{name}!{cells}" if cells else name


def letters(column: int) -> str:
    """Return the letters of a 0-based column."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_data(value: Cell) -> dict[str, Any]:
    """Return a value as CellData: text stays text whatever it begins with; "" empties
    the cell.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#extendedvalue
    """
    if value == "":
        return {}
    kind = (
        "boolValue"
        if isinstance(value, bool)
        else "numberValue"
        if isinstance(value, int | float)
        else "stringValue"
    )
    return {"userEnteredValue": {kind: value}}


def entered(data: Mapping[str, Any]) -> Cell:
    """Return the value that CellData holds."""
    value = data.get("userEnteredValue", {})
    found: Cell = next(iter(value.values()), "")
    return found
