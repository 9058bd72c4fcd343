"""The way to Google: the service account's key, and gspread's client for it."""

from pathlib import Path
from typing import Any

import google.auth.exceptions
import gspread
import requests
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account

from record.errors import SheetDenied
from record.settings import Settings

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.file",
)
GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
CONNECT_TIMEOUT_S = 5
STAND_IN = "naryad"  # the bearer token for a stand-in of Google, where no key is set

Stamp = tuple[int, int, int] | None


class Door:
    """Gives one thread its client.

    A key file that was replaced is read at the next request, so that no process needs a
    restart.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: gspread.HTTPClient | None = None
        self._stamp: Stamp = None
        self.account = ""

    def client(self) -> gspread.HTTPClient:
        """Return the client, a new one where the key file has changed.

        Raises:
            SheetDenied: there is no key, or its file can't be used.
        """
        stamp = _stamp(self._settings.key_file)
        if self._client is None or stamp != self._stamp:
            # the old client would go on with its old key
            self.close()
            credentials = _credentials(self._settings)
            self.account = str(getattr(credentials, "service_account_email", ""))
            self._client, self._stamp = _client(self._settings, credentials), stamp
        return self._client

    def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            self._client.session.close()
            self._client = None


def _stamp(path: Path | None) -> Stamp:
    """Return what differs once a file was replaced or rewritten."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _client(settings: Settings, credentials: Any) -> gspread.HTTPClient:
    """Return a client for Google, or for ``sheets.api_url`` where that is set."""
    api_url = settings.sheets.api_url.rstrip("/")

    # gspread has Google's addresses built in, so they are replaced in each request
    class StandIn(gspread.HTTPClient):
        def request(
            self, method: str, endpoint: str, *args: Any, **kwargs: Any
        ) -> requests.Response:
            for host in GOOGLE:
                endpoint = endpoint.replace(host, api_url)
            return super().request(method, endpoint, *args, **kwargs)

    http = StandIn if api_url else gspread.HTTPClient
    client = gspread.Client(credentials, http_client=http).http_client
    client.set_timeout((CONNECT_TIMEOUT_S, settings.sheets.timeout_s))
    # a poll takes the bytes as they are (`answer.raw`), which are gone without this
    client.session.stream = True
    client.session.hooks["response"].append(_drain_refusal)
    if api_url:
        # a proxy from the environment would capture loopback too
        client.session.trust_env = False
    return client


def _drain_refusal(answer: requests.Response, **_: Any) -> None:
    """Read a refusal at once: who gives up on it would leave its connection taken."""
    if not answer.ok:
        answer.content  # noqa: B018  reading it is what frees the connection


def _credentials(settings: Settings) -> Any:
    path = settings.key_file
    if not path and settings.sheets.api_url:
        return user_credentials.Credentials(token=STAND_IN)
    if not path:
        raise SheetDenied(
            "Нет ключа Google: укажите в .env путь к ключу, GOOGLE_APPLICATION_CREDENTIALS=/путь/key.json",
            cause="key_file",
        )
    try:
        return service_account.Credentials.from_service_account_file(
            path, scopes=SCOPES
        )
    except (OSError, ValueError, google.auth.exceptions.GoogleAuthError) as error:
        raise SheetDenied(
            f"Ключ Google {path} не читается ({_unread(error)}){_found_by(settings.google_credentials)}: скачайте "
            "JSON-ключ сервисного аккаунта заново и положите на это же место, перезапуск не нужен. Если ключ лежит "
            "в другом месте, поправьте путь в .env, GOOGLE_APPLICATION_CREDENTIALS, и перезапустите",
            cause="key_file",
        ) from None


def _unread(error: Exception) -> str:
    """Return in Russian why a key file can't be used."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "такого файла нет"
        case IsADirectoryError():
            return "это папка, а нужен файл"
        case PermissionError():
            return "нет прав: сделайте его владельцем того, кто запускает Наряд"
        case OSError():
            return error.strerror or str(error)
        case _:
            return "в файле не JSON-ключ сервисного аккаунта"


def _found_by(written: str) -> str:
    """Return how we came to look there, "" where .env names exactly this place."""
    if Path(written).is_absolute():
        return ""
    start = "путь без / в начале считается от папки запуска"
    if written.startswith("~"):
        start = "«~» — домашняя папка"
    return f"; в .env написано {written}, {start}"
