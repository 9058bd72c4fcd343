"""The one door to Google Sheets. Everything that Google may answer leaves here as one of our own errors."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from json import loads
from typing import Any

import google.auth.exceptions
import gspread
import requests
import urllib3
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account
from gspread.exceptions import APIError
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL, SPREADSHEET_VALUES_BATCH_URL
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_random_exponential

from record.errors import SheetBroken, SheetBusy, SheetDenied, SheetError, SheetUnclear
from record.layout import Values
from record.settings import Settings
from record.store import Store
from record.values import Cell
from record.worksheets import WORKSHEETS

SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.file")
GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
CONNECT_TIMEOUT_S = 5
READ_TRIES = 3
READ_PATIENCE_S = 20
VALUE_FIELDS = "sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values.userEnteredValue))"


@dataclass(frozen=True)
class Reading:
    """All worksheets as Google answered at ``at`` (seconds since the epoch), not yet parsed."""

    body: bytes
    at: float

    def values(self) -> dict[str, Values]:
        """Return the rows of each worksheet by title."""
        answer = loads(self.body)
        return dict(zip(WORKSHEETS, (part.get("values", []) for part in answer["valueRanges"]), strict=True))


def client(settings: Settings) -> gspread.Client:
    """Return a gspread client for Google, or for ``sheets.api_url`` where that is set."""
    api_url = settings.sheets.api_url.rstrip("/")

    class Http(gspread.HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
            for host in GOOGLE if api_url else ():
                endpoint = endpoint.replace(host, api_url)
            return super().request(method, endpoint, *args, **kwargs)

    made = gspread.Client(_credentials(settings), http_client=Http)
    made.http_client.session.stream = True  # a big answer is then read in one piece, not in slices of 10 kB
    made.http_client.session.hooks["response"].append(_drain_refusal)
    made.set_timeout((CONNECT_TIMEOUT_S, settings.sheets.timeout_s))
    if api_url:
        made.http_client.session.trust_env = False  # a proxy from the environment would capture loopback too
    return made


def _drain_refusal(answer: requests.Response, **_: Any) -> None:
    """Read what is said with a refusal at once, so that its connection is free again whoever gives up on it."""
    if not answer.ok:
        answer.content  # noqa: B018  reading it is what frees the connection


def _credentials(settings: Settings) -> Any:
    path = settings.google_credentials
    if not path and settings.sheets.api_url:
        return user_credentials.Credentials(token="naryad")  # type: ignore[no-untyped-call]  # noqa: S106
    if not path:
        raise SheetDenied(
            "Нет ключа Google: укажите в .env путь к ключу, GOOGLE_APPLICATION_CREDENTIALS=/путь/key.json"
        )
    try:
        return service_account.Credentials.from_service_account_file(path, scopes=SCOPES)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, google.auth.exceptions.GoogleAuthError) as error:
        raise SheetDenied(
            f"Ключ Google {path} не читается ({error}): скачайте JSON-ключ сервисного аккаунта заново"
        ) from None


class Sheet:
    """The company's spreadsheet. One object a thread: a requests session is not promised to be thread-safe."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._http: gspread.HTTPClient | None = None
        self._ids: dict[str, int] = {}
        self.calls = 0

    def read(self) -> Reading:
        """Return all worksheets in one read request.

        Raises:
            SheetBroken: a worksheet is missing.
            SheetBusy, SheetDenied: see :mod:`record.errors`.
        """
        at = time.time()
        body = self._read(
            SPREADSHEET_VALUES_BATCH_URL % self._id,
            {
                "ranges": [quoted(title) for title in WORKSHEETS],
                "valueRenderOption": "UNFORMATTED_VALUE",
                "dateTimeRenderOption": "SERIAL_NUMBER",
            },
        )
        return Reading(body, at)

    def read_ranges(self, ranges: list[str]) -> list[Values]:
        """Return the values of some ranges, in their order, in one read request."""
        params = {
            "ranges": ranges,
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        answer = loads(self._read(SPREADSHEET_VALUES_BATCH_URL % self._id, params))
        return [part.get("values", []) for part in answer["valueRanges"]]

    def describe(self, fields: str = "properties,sheets.properties", ranges: Iterable[str] = ()) -> dict[str, Any]:
        """Return the spreadsheet's properties, or other ``fields`` and the cells of some ranges, in one read request.

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
        if title not in self._ids:
            found = self.describe().get("sheets", [])
            self._ids = {one["properties"]["title"]: one["properties"].get("sheetId", 0) for one in found}
        if title not in self._ids:
            raise SheetBroken(missing_tab(title))
        return self._ids[title]

    def batch_update(
        self, changes: list[dict[str, Any]], look_back: Iterable[str] = (), fields: str = VALUE_FIELDS
    ) -> dict[str, Any]:
        """Apply changes in one write request, all or none, and return the ranges ``look_back`` as they are after it.

        Raises:
            SheetUnclear: the answer was lost; the changes may have been made.
            SheetBusy: nothing was changed, later it may work.
            SheetError: Google refuses these changes.
        """
        ranges = list(look_back)
        body: dict[str, Any] = {"requests": changes}
        params: dict[str, Any] | None = None
        if ranges:
            body |= {"includeSpreadsheetInResponse": True, "responseRanges": ranges, "responseIncludeGridData": True}
            params = {"fields": f"replies,updatedSpreadsheet.{fields}"}
        with translated(writing=True, drained=lambda: self._drain("write")):
            self._take("write")
            response = self._door().request("post", SPREADSHEET_BATCH_UPDATE_URL % self._id, params, json=body)
        answer: dict[str, Any] = response.json()
        return answer

    def left(self) -> dict[str, int]:
        """Return how many reads and writes may be made now."""
        with self._store.reading() as tx:
            return {kind: int(tx.quota.left(kind, limit)) for kind, limit in self._limits().items()}

    def forget_ids(self) -> None:
        """Ask for the worksheets' ids anew next time."""
        self._ids = {}

    @property
    def _id(self) -> str:
        return self._settings.sheets.spreadsheet_id

    def _limits(self) -> dict[str, int]:
        return {"read": self._settings.sheets.reads_per_minute, "write": self._settings.sheets.writes_per_minute}

    def _door(self) -> gspread.HTTPClient:
        if self._http is None:
            self._http = client(self._settings).http_client
        return self._http

    def _read(self, url: str, params: dict[str, Any]) -> bytes:
        tries = Retrying(
            stop=stop_after_attempt(READ_TRIES) | stop_after_delay(READ_PATIENCE_S),
            wait=wait_random_exponential(multiplier=0.3, max=5),
            retry=retry_if_exception_type(_Passing),
            reraise=True,
        )
        return tries(self._read_once, url, params)

    def _read_once(self, url: str, params: dict[str, Any]) -> bytes:
        with translated(writing=False, drained=lambda: self._drain("read")):
            self._take("read")
            body: bytes = self._door().request("get", url, params).raw.read(decode_content=True)
            return body

    def _take(self, kind: str) -> None:
        """Take one request from the share of all processes.

        Raises:
            SheetBusy: it is used up.
        """
        with self._store.transaction() as tx:
            wait = tx.quota.take(kind, self._limits()[kind])
        if wait:
            word = "чтения" if kind == "read" else "записи"
            raise SheetBusy(f"Квота {word} Google на эту минуту израсходована, продолжу через {wait:.0f} с")
        self.calls += 1

    def _drain(self, kind: str) -> None:
        with self._store.transaction() as tx:
            tx.quota.drain(kind)


class _Passing(SheetBusy):
    """A read may be tried again at once."""


class translated:  # noqa: N801  used as a statement
    """Turns whatever gspread, google-auth and requests raise into our own errors."""

    def __init__(self, *, writing: bool, drained: Callable[[], None] = lambda: None) -> None:
        self._writing = writing
        self._drained = drained

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise our own error for theirs."""
        if isinstance(error, APIError):
            raise self._answered(error) from error
        if isinstance(error, google.auth.exceptions.TransportError):
            raise SheetBusy(f"Google не отвечает: {error}") from error
        if isinstance(error, google.auth.exceptions.GoogleAuthError):
            raise SheetDenied(
                f"Google не принимает ключ: проверьте, что сервисный аккаунт не удалён и ключ не отозван ({error})"
            ) from error
        if isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
            raise self._unanswered(error) from error

    def _unanswered(self, error: Exception) -> SheetError:
        if isinstance(error, requests.ConnectTimeout) or "Failed to establish" in str(error):
            return SheetBusy("Google Sheets не отвечает: нет соединения")
        if self._writing:
            return SheetUnclear("Google Sheets не ответил на запись: неизвестно, сделана ли она")
        return _Passing("Google Sheets не ответил вовремя")

    def _answered(self, error: APIError) -> SheetError:
        code, said = error.code, str(error.error.get("message", ""))[:300]
        if code == 429:
            self._drained()
            return SheetBusy("Квота Google на эту минуту израсходована (429)")
        if code >= 500 or code == -1:
            text = f"Google Sheets временно не работает ({error.response.status_code})"
            return SheetUnclear(text) if self._writing else _Passing(text)
        return refusal(code, said)


def refusal(code: int, said: str) -> SheetError:
    """Return our own error for an answer of Google that repeating does not mend."""
    if code == 401:
        return SheetDenied(
            "Google не принимает ключ (401): выпустите новый ключ сервисного аккаунта и впишите его в .env"
        )
    if code == 403:
        return SheetDenied("Нет доступа к таблице (403): откройте её сервисному аккаунту как редактору")
    if code == 404:
        return SheetDenied("Таблица не найдена (404): проверьте sheets.spreadsheet_id и не удалена ли она")
    if "Unable to parse range" in said:
        title = next((title for title in WORKSHEETS if title in said), said)
        return SheetBroken(missing_tab(title))
    return SheetError(f"Google отказал ({code}): {said}")


def missing_tab(title: str) -> str:
    """Return what to tell people when a worksheet is gone."""
    return f"Нет листа «{title}»: верните его (Ctrl+Z или история версий) или выполните python -m worker init"


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
    """Return a value as CellData: text stays text whatever it begins with; "" empties the cell.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#extendedvalue
    """
    if value == "" and isinstance(value, str):
        return {}
    kind = (
        "boolValue" if isinstance(value, bool) else "numberValue" if isinstance(value, int | float) else "stringValue"
    )
    return {"userEnteredValue": {kind: value}}


def entered(data: Mapping[str, Any]) -> Cell:
    """Return the value that CellData holds."""
    value = data.get("userEnteredValue", {})
    found: Cell = next(iter(value.values()), "")
    return found
