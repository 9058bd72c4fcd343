"""The one door to Google Sheets.

Whatever Google may answer leaves here as one of our own errors. Each request takes its
share of the quota first; reads that passed by are tried again, writes never, since a
write whose answer was lost may have taken effect.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from json import loads
from typing import Any, TypeVar

from gspread import HTTPClient
from gspread.exceptions import APIError
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_VALUES_BATCH_URL
from gspread.utils import absolute_range_name
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from record.errors import SheetBroken, SheetDenied, SheetError, SheetResting
from record.grid.headers import DEEP
from record.grid.layout import Values
from record.grid.worksheets import WORKSHEETS
from record.settings import Settings
from record.sheet.cells import cell_data, column_letters, entered_value
from record.sheet.door import Door
from record.sheet.refusals import (
    Passing,
    Us,
    another_spreadsheet,
    missing_tab,
    not_google,
    translated,
)
from record.sheet.tabs import Tabs
from record.store import Store
from record.store.facts import SPREADSHEET

__all__ = [
    "AFTER_POLLS", "FIRST", "SPARE", "Reading", "Sheet", "absolute_range_name", "cell_data", "column_letters",
    "entered_value",
]  # fmt: skip

T = TypeVar("T")
READ_TRIES = 3
READ_PATIENCE_S = 20
# the part of our quota that a caller leaves to more urgent ones
FIRST: Mapping[str, float] = {}
AFTER_POLLS: Mapping[str, float] = {"read": 0.25}
SPARE: Mapping[str, float] = {"read": 0.5, "write": 0.25}
# what stands in the cells, not what formats and the spreadsheet's language make of it
VALUES = {
    "valueRenderOption": "UNFORMATTED_VALUE",
    "dateTimeRenderOption": "SERIAL_NUMBER",
}
WORDS = {"read": "чтения", "write": "записи"}
VALUE_FIELDS = "sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values.userEnteredValue))"


@dataclass(frozen=True)
class Reading:
    """All worksheets as Google answered, not yet parsed; ``at`` in epoch seconds."""

    body: bytes
    at: float

    def values(self) -> dict[str, Values]:
        """Return the rows of each worksheet by title.

        Raises:
            SheetBusy: it was not Google who answered.
        """
        try:
            answer = loads(self.body)
        except ValueError as error:
            # the page of a proxy, or of a hotel's network, with status 200
            raise not_google() from error
        return dict(zip(WORKSHEETS, _values(answer), strict=True))


def _values(answer: Mapping[str, Any]) -> list[Values]:
    return [part.get("values", []) for part in answer["valueRanges"]]


class Sheet:
    """The company's spreadsheet. One object a thread: a requests session is not
    promised to be thread-safe.

    ``leaves``: the part of what may be asked at once that this caller leaves to more
    urgent ones, by kind. ``patience_s``: how long to wait where our share of Google's
    quota is used up; 0 to be told at once. ``any_one``: whether it may be written to
    though the store was filled from another; for those who prepare it.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        leaves: Mapping[str, float] = FIRST,
        patience_s: float = 0,
        *,
        any_one: bool = False,
    ) -> None:
        self._settings = settings
        self._store = store
        self._leaves = leaves
        self._patience_s = patience_s
        self._any_one = any_one
        self._door = Door(settings)
        self._ids: dict[str, int] = {}
        self.tabs = Tabs(self.describe, self._beginnings)
        self.calls = 0

    def need_ours(self) -> None:
        """Make sure that the store was filled from this spreadsheet, or is empty yet.

        Raises:
            SheetBroken: from another one, whose orders have the same numbers.
        """
        if self._any_one:
            return
        if said := self.another():
            raise SheetBroken(said, cause="another")

    def another(self) -> str:
        """Return what to tell where the store was filled from another spreadsheet, or ""."""
        with self._store.reading() as tx:
            known = tx.facts.get(SPREADSHEET)
        if known is None or known == self._id:
            return ""
        return another_spreadsheet(known, self._id)

    def read(self) -> Reading:
        """Return all worksheets in one read request.

        Raises:
            SheetBroken: a worksheet is missing.
            SheetBusy, SheetDenied: see :mod:`record.errors`.
        """
        at = time.time()
        url = SPREADSHEET_VALUES_BATCH_URL % self._id
        whole = [absolute_range_name(title) for title in WORKSHEETS]

        # not by gspread's values_batch_get, which parses the answer: a poll compares its
        # bytes with the last ones, and mostly parses nothing
        def ask(client: HTTPClient) -> bytes:
            answer = client.request("get", url, {"ranges": whole, **VALUES})
            body: bytes = answer.raw.read(decode_content=True)
            return body

        return Reading(self._ask(ask), at)

    def read_ranges(self, ranges: list[str]) -> list[Values]:
        """Return the values of some ranges, in their order, in one read request."""
        return self._read_values(ranges, VALUES)

    def read_shown(self, cells: str) -> list[list[str]]:
        """Return the cells of one range as people see them, in one read request.

        Number formats are applied.
        """
        shown = VALUES | {"valueRenderOption": "FORMATTED_VALUE"}
        (values,) = self._read_values([cells], shown)
        return [[str(cell) for cell in row] for row in values]

    def _beginnings(self, titles: list[str]) -> list[Values]:
        return self.read_ranges(
            [absolute_range_name(title, f"1:{DEEP}") for title in titles]
        )

    def describe(
        self, fields: str = "properties,sheets.properties", ranges: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Return the spreadsheet's properties, or other ``fields``, in one read request.

        With ``ranges``, fields of cells are those of these ranges only.

        https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/get
        """
        params: dict[str, Any] = {"fields": fields, "ranges": list(ranges)}

        def ask(client: HTTPClient) -> dict[str, Any]:
            return dict(client.fetch_sheet_metadata(self._id, params))

        return self._ask(ask)

    def sheet_id(self, title: str) -> int:
        """Return the id of a worksheet by title.

        Raises:
            SheetBroken: there is none.
        """
        self.learn_ids([title])
        if title not in self._ids:
            missed = SheetBroken(missing_tab(title), cause="worksheet")
            raise self._explained(missed)
        return self._ids[title]

    def learn_ids(self, titles: Iterable[str]) -> bool:
        """Ask for the worksheets' ids where one of these is not known.

        Returns whether that took a read request.
        """
        # they are kept, since each look costs a read of our quota
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
        """Apply changes in one write request, all or none.

        Returns the ``fields`` of the ranges ``look_back`` as they are after it. Last
        before the request goes out ``unless`` is called; nothing is sent when it raises.

        Raises:
            SheetUnclear: the answer was lost; the changes may have been made.
            SheetBusy: nothing was changed, later it may work.
            SheetError: Google refuses these changes.
            SheetBroken: the store was filled from another spreadsheet.
        """
        # first of all, since it may have to wait, and what is checked below must be fresh
        self._take("write")
        client = self._door.client()
        self.need_ours()
        unless()
        with self._request("write"):
            return self._apply(client, changes, list(look_back), fields)

    def _apply(
        self,
        client: HTTPClient,
        changes: list[dict[str, Any]],
        look_back: list[str],
        fields: str,
    ) -> dict[str, Any]:
        if not look_back:
            return dict(client.batch_update(self._id, {"requests": changes}))
        body = {
            "requests": changes,
            "includeSpreadsheetInResponse": True,
            "responseRanges": look_back,
            "responseIncludeGridData": True,
        }
        # gspread's own call takes no mask of fields, and without one Google sends back
        # every format of the rows that are looked at
        params: dict[str, Any] = {"fields": f"replies,updatedSpreadsheet.{fields}"}
        url = SPREADSHEET_BATCH_UPDATE_URL % self._id
        return dict(client.request("post", url, params, json=body).json())

    def left(self) -> dict[str, int]:
        """Return how many reads and writes may be made now."""
        with self._store.reading() as tx:
            return {
                kind: int(tx.quota.left(kind, limit))
                for kind, limit in self._limits().items()
            }

    def rest_s(self, *kinds: str) -> float:
        """Return in how many seconds one request of each kind may be made, 0 for now."""
        limits = self._limits()
        # no request is taken: others may be faster, and then it is said at the request
        with self._store.reading() as tx:
            return max(
                tx.quota.wait(kind, limits[kind], self._leaves.get(kind, 0.0))
                for kind in kinds
            )

    def forget_ids(self) -> None:
        """Ask for the worksheets' ids again next time."""
        self._ids = {}

    @property
    def _id(self) -> str:
        return self._settings.sheets.spreadsheet_id

    def _limits(self) -> dict[str, int]:
        sheets = self._settings.sheets
        return {"read": sheets.reads_per_minute, "write": sheets.writes_per_minute}

    def _read_values(self, ranges: list[str], how: Mapping[str, str]) -> list[Values]:
        def ask(client: HTTPClient) -> list[Values]:
            return _values(client.values_batch_get(self._id, ranges, dict(how)))

        return self._ask(ask)

    def _ask(self, ask: Callable[[HTTPClient], T]) -> T:
        """Make one read request; what passes by itself is tried again at once."""
        tries = Retrying(
            stop=stop_after_attempt(READ_TRIES) | stop_after_delay(READ_PATIENCE_S),
            wait=wait_random_exponential(multiplier=0.3, max=5),
            retry=retry_if_exception_type(Passing),
            reraise=True,
        )
        try:
            answer: T = tries(self._ask_once, ask)
        except SheetBroken as missed:
            raise self._explained(missed) from missed
        return answer

    def _explained(self, missed: SheetBroken) -> SheetBroken:
        """Return what a worksheet is called now that Google can't find."""
        said = self.tabs.told() or str(missed)
        return SheetBroken(said, cause=missed.cause)

    def _ask_once(self, ask: Callable[[HTTPClient], T]) -> T:
        # each try is a request to Google, and takes its share
        self._take("read")
        client = self._door.client()
        with self._request("read"):
            return ask(client)

    def _take(self, kind: str) -> None:
        """Take one request from the share of all processes.

        Raises:
            SheetResting: it is used up for a moment.
        """
        # no retry of tenacity's: the bucket itself says how long to wait
        deadline = time.monotonic() + self._patience_s
        while wait := self._wait_for(kind):
            if time.monotonic() + wait > deadline:
                raise SheetResting(
                    f"Своя доля квоты {WORDS[kind]} Google на миг исчерпана, продолжу через {wait:.0f} с"
                )
            time.sleep(wait)
        self.calls += 1

    def _wait_for(self, kind: str) -> float:
        """Take one request; return 0, or after how many seconds to ask again."""
        limit, leave = self._limits()[kind], self._leaves.get(kind, 0.0)
        with self._store.transaction() as tx:
            return tx.quota.take(kind, limit, leave)

    @contextmanager
    def _request(self, kind: str) -> Iterator[None]:
        """Let what a request raises be our own error; count how it ended, for ops."""
        us = Us(self._door.account, str(self._settings.key_file or ""))
        result = "ok"
        try:
            with translated(
                writing=kind == "write", drained=lambda: self._drain(kind), us=us
            ):
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
    """Return the HTTP status of Google's refusal, or a word where it did not answer."""
    cause = error.__cause__
    if isinstance(cause, APIError):
        return str(cause.response.status_code)
    if isinstance(error, SheetDenied):
        return "key_refused"
    return "no_answer"
