"""What Google's refusals mean: what libraries raise becomes one of our own errors here.

Each kind of trouble has a ``cause`` of its own, and one Russian line that says what to
do:

    network   no connection        silent   no answer in time, or it was lost      down      5xx
    quota     429, by others       key      revoked, deleted                       clock     ours is wrong
    unshared  403                  api_off  403, never switched on                 missing   404
    office    an Excel file        protected  cells we may not write               worksheet  one is gone
    full      no room for rows     another   not the spreadsheet that the store is of
"""

from collections.abc import Callable
from dataclasses import dataclass

import google.auth.exceptions
import requests
import urllib3
from gspread.exceptions import APIError

from record.errors import (
    SheetBroken,
    SheetBusy,
    SheetDenied,
    SheetError,
    SheetFull,
    SheetProtected,
    SheetUnclear,
)
from record.grid.worksheets import WORKSHEETS

CALM = "Делать ничего не нужно: заявки принимаются и попадут в таблицу, когда Google ответит"
# as urllib3 says it; nothing was sent then
NEVER_CONNECTED = ("Failed to establish", "Failed to resolve")
API_PAGE = "https://console.cloud.google.com/apis/library/sheets.googleapis.com"


class Passing(SheetBusy):
    """A read may be tried again at once."""


def not_google() -> Passing:
    """Return what is wrong where something between us and Google has answered."""
    said = f"Вместо Google Sheets ответил кто-то другой: похоже, прокси или сеть провайдера. {CALM}"
    return Passing(said, cause="silent")


@dataclass(frozen=True)
class Us:
    """Our service account's address and the place of its key, "" where not known."""

    account: str
    key: str

    @property
    def named(self) -> str:
        """The account as people are told of it."""
        return f"сервисному аккаунту {self.account}".rstrip()

    @property
    def place(self) -> str:
        """Where a new key has to be put."""
        return f"положите его на место {self.key or 'прежнего'}"


class translated:  # noqa: N801  used as a statement
    """Turns whatever gspread, google-auth and requests raise into our own errors."""

    def __init__(
        self, *, writing: bool, us: Us, drained: Callable[[], None] = lambda: None
    ) -> None:
        self._writing = writing
        self._us = us
        self._drained = drained

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, _kind: object, error: BaseException | None, _trace: object
    ) -> None:
        """Raise our own error for theirs."""
        if isinstance(error, APIError):
            raise self._answered(error) from error
        if isinstance(error, google.auth.exceptions.TransportError):
            raise _no_connection() from error
        if isinstance(error, google.auth.exceptions.GoogleAuthError):
            raise _key_refused(error, self._us) from error
        if isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
            raise self._unanswered(error) from error

    def _unanswered(self, error: Exception) -> SheetError:
        if isinstance(error, requests.ConnectTimeout):
            return _no_connection()
        # requests has one class for both: not connected at all, and cut off on the way
        if any(sign in str(error) for sign in NEVER_CONNECTED):
            return _no_connection()
        said = f"Google Sheets не отвечает вовремя или связь обрывается. {CALM}"
        return self._unknown_outcome(said, "silent")

    def _unknown_outcome(self, said: str, cause: str) -> SheetError:
        # a read may simply be repeated; a write may have taken effect
        if self._writing:
            return SheetUnclear(said, cause=cause)
        return Passing(said, cause=cause)

    def _answered(self, error: APIError) -> SheetError:
        status = error.response.status_code
        if status == 429:
            # somebody else uses our account too: let all our processes pause
            self._drained()
            return SheetBusy(
                "Квота Google на эту минуту исчерпана (429): тем же сервисным аккаунтом пользуется что-то ещё. "
                "Остановите лишнее или убавьте sheets.reads_per_minute; Наряд продолжит сам",
                cause="quota",
            )
        # -1 is gspread's code for a refusal that is no JSON
        if status >= 500 or error.code == -1:
            said = f"Сбой на стороне Google ({status}). {CALM}; как дела у Google, видно на google.com/appsstatus"
            return self._unknown_outcome(said, "down")
        return _refusal(status, str(error.error.get("message", ""))[:300], self._us)


def _no_connection() -> SheetError:
    return SheetBusy(
        "Нет связи с Google: проверьте интернет на этой машине. Заявки принимаются и попадут в таблицу, когда связь "
        "вернётся",
        cause="network",
    )


def _key_refused(error: google.auth.exceptions.GoogleAuthError, us: Us) -> SheetError:
    """Return what it means that no access token was given for our key.

    https://developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes
    """
    said = str(error)
    if getattr(error, "retryable", False):
        return SheetBusy(
            f"Сбой на стороне Google: не выдаёт доступ по ключу. {CALM}", cause="down"
        )
    if "short-lived token" in said or "iat and exp" in said:
        return SheetDenied(
            "Часы этой машины идут неверно, и Google не принимает ключ: включите сверку времени, timedatectl "
            "set-ntp true",
            cause="clock",
        )
    return _key_dead(us)


def _key_dead(us: Us) -> SheetError:
    return SheetDenied(
        "Google не принимает ключ: он отозван или сервисный аккаунт удалён. Выпустите новый JSON-ключ в Google Cloud "
        f"Console и {us.place}; перезапуск не нужен. Заявки принимаются и подождут",
        cause="key",
    )


def _refusal(code: int, said: str, us: Us) -> SheetError:
    """Return our own error for a refusal that repeating does not mend.

    https://developers.google.com/workspace/sheets/api/troubleshoot-api-errors
    """
    found = None
    match code:
        case 400:
            found = _bad_request(said, us)
        case 401:
            found = _key_dead(us)
        case 403:
            found = _forbidden(said, us)
        case 404:
            found = _not_found()
    return found or SheetError(f"Google отказал ({code}): {said}")


def _not_found() -> SheetError:
    return SheetDenied(
        "Таблица не найдена (404): проверьте sheets.spreadsheet_id; если её удалили, владелец вернёт её из корзины "
        "Google Диска. Заявки принимаются и подождут",
        cause="missing",
    )


def _bad_request(said: str, us: Us) -> SheetError | None:
    if "Unable to parse range" in said:
        title = next((title for title in WORKSHEETS if title in said), said)
        return SheetBroken(missing_tab(title), cause="worksheet")
    if "not supported for this document" in said:
        return SheetDenied(
            "Это файл Excel, а не Google Таблица: откройте его, «Файл → Сохранить как Google Таблицу», и впишите "
            "новый адрес в sheets.spreadsheet_id",
            cause="office",
        )
    if "protected cell" in said:
        return SheetProtected(
            "В таблице защищены ячейки, куда пишет Наряд: «Данные → Защитить листы и диапазоны», разрешите правку "
            f"{us.named}. Потом всё запишется само",
            cause="protected",
        )
    if "increase the number of cells" in said:
        return SheetFull(
            "В таблице кончилось место: в ней может быть не больше 10 млн ячеек, считая пустые. Удалите ненужные "
            "листы, пустые строки и столбцы или перенесите старые заявки в другую таблицу. Новые заявки "
            "принимаются и подождут",
            cause="full",
        )
    return None


def _forbidden(said: str, us: Us) -> SheetError:
    if "has not been used in project" in said or "is disabled" in said:
        return SheetDenied(
            f"В проекте Google не включён Google Sheets API (403): нажмите «Включить» на {API_PAGE} и подождите пару "
            "минут. Заявки принимаются и подождут",
            cause="api_off",
        )
    return SheetDenied(
        f"Нет доступа к таблице (403): откройте её {us.named} как редактору, кнопкой «Настройки доступа». Заявки "
        "принимаются и подождут",
        cause="unshared",
    )


def another_spreadsheet(known: str, now: str) -> str:
    """Return what to tell where the settings name another spreadsheet than the store's."""
    return (
        f"В настройках другая таблица: {now}, а Наряд вёл {known}. Если это ошибка, верните прежний "
        "sheets.spreadsheet_id. Если таблица и вправду новая, выполните python -m worker switch. До этого Наряд "
        "ничего не меняет; новые заявки принимаются и подождут"
    )


def missing_tab(title: str) -> str:
    """Return what to tell people when a worksheet is gone."""
    return f"Нет листа «{title}»: верните его (Ctrl+Z или история версий) или выполните python -m worker init"
