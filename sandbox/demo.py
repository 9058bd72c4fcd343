"""Fills an empty sandbox with a small company: a newcomer has something to press.

It acts as a person with a browser and a telephone would: over HTTP, through the
sandbox's own doors.
"""

import os
import subprocess
import sys
import time
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import gspread
import requests
from google.oauth2.credentials import Credentials
from gspread.utils import ValueInputOption

PATIENCE_S = 30
SHIPPED = Path(__file__).parents[1] / "config.toml"
CLIENT_BOT = os.environ.get("TELEGRAM_CLIENT_BOT_TOKEN") or "1001:sandbox-client"
MASTER_BOT = os.environ.get("TELEGRAM_MASTER_BOT_TOKEN") or "1002:sandbox-master"
CLIENT, ADMIN = (501, "Юля", "+79001234567"), (900, "Ольга", "+74012000000")
MASTERS = (
    (601, "Иван", "Петров", "+79110000601", "Электрик, щиты"),
    (602, "Сергей", "Ким", "+79110000602", "Электрик, освещение"),
)
PAST = (
    (9, "website", "Марина", "+79114567801", "Искрит розетка на кухне", "Театральная 12, кв. 4", "Иван Петров", 1200),
    (6, "phone", "Борис Львович", "+79114567802", "Заменить два автомата", "Гагарина 99", "Сергей Ким", 2400),
    (4, "telegram", "Аня", "+79114567803", "Повесить люстру", "Ленинский проспект 30", "Иван Петров", 1300),
    (2, "website", "Тимур", "+79114567804", "Нет света в ванной", "Киевская 71", "", 0),
    (1, "direct", "Кафе «Бриз»", "+79114567805", "Собрать щит", "Зеленоградск, Курортный 3", "Сергей Ким", 6500),
)  # fmt: skip


def main() -> int:
    """Wait for the sandbox, prepare the spreadsheet, seed it if it is empty.

    The site says where to look.
    """
    url = _setting("sheets", "api_url")
    if not url:
        print(
            "В настройках указан настоящий Google: песочница и показ не нужны",
            file=sys.stderr,
        )
        return 1
    http = requests.Session()
    http.trust_env = False
    _wait(http, url)
    done = subprocess.run([sys.executable, "-m", "worker", "init"], check=False)
    if done.returncode:
        return done.returncode
    spreadsheet = _open(url, _setting("sheets", "spreadsheet_id"))
    if len(spreadsheet.worksheet("Мастера").get_values()) < 2:
        _people(http, url)
        _masters(spreadsheet)
        _orders(spreadsheet)
    return 0


def _setting(section: str, key: str) -> str:
    """Return a setting: the environment's, else the owner's file's, else the shipped one."""
    if (name := f"NARYAD_{section}__{key}".upper()) in os.environ:
        return os.environ[name]
    files = (Path(name) for name in (os.environ.get("NARYAD_CONFIG"), SHIPPED) if name)
    tables = (
        tomllib.loads(file.read_text(encoding="utf-8")).get(section, {})
        for file in files
    )
    return next(str(table[key]) for table in tables if key in table)


def _wait(http: requests.Session, url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            http.get(f"{url}/sandbox/requests", timeout=2)
        except requests.RequestException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _open(url: str, spreadsheet_id: str) -> gspread.Spreadsheet:
    class Http(gspread.HTTPClient):
        def request(
            self, method: str, endpoint: str, *args: Any, **kwargs: Any
        ) -> requests.Response:
            for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                endpoint = endpoint.replace(host, url)
            return super().request(method, endpoint, *args, **kwargs)

    client = gspread.Client(Credentials(token="olga"), http_client=Http)
    client.http_client.session.trust_env = False
    return client.open_by_key(spreadsheet_id)


def _people(http: requests.Session, url: str) -> None:
    def post(path: str, **body: Any) -> None:
        http.post(
            f"{url}/sandbox/telegram/{path}", json=body, timeout=5
        ).raise_for_status()

    for (person, name, phone), role in ((CLIENT, "клиент"), (ADMIN, "диспетчер")):
        post("people", id=person, first_name=name, phone=phone, role=role)
    for person, name, surname, phone, _ in MASTERS:
        post(
            "people",
            id=person,
            first_name=name,
            last_name=surname,
            phone=phone,
            role="мастер",
        )
    post("say", bot=CLIENT_BOT, person=CLIENT[0], text="/start")
    for person in (MASTERS[0][0], MASTERS[1][0], ADMIN[0]):
        post("say", bot=MASTER_BOT, person=person, text="/start")


def _masters(spreadsheet: gspread.Spreadsheet) -> None:
    registered = f"{datetime.now() - timedelta(days=60):%d.%m.%Y}"
    rows: list[list[Any]] = [
        [
            number,
            f"{name} {surname}",
            f"'{phone}",
            str(person),
            skill,
            True,
            "",
            registered,
        ]
        for number, (person, name, surname, phone, skill) in enumerate(MASTERS, start=1)
    ]
    spreadsheet.worksheet("Мастера").append_rows(
        rows, value_input_option=ValueInputOption.user_entered, table_range="A1:K1"
    )


def _orders(spreadsheet: gspread.Spreadsheet) -> None:
    rows = [_order(number, past) for number, past in enumerate(PAST, start=1)]
    spreadsheet.worksheet("Заявки").append_rows(
        rows, value_input_option=ValueInputOption.user_entered, table_range="A1:R1"
    )


def _order(
    number: int, past: tuple[int, str, str, str, str, str, str, int]
) -> list[Any]:
    days, source, name, phone, problem, address, master, price = past
    came = datetime.now() - timedelta(days=days, hours=number % 3)
    done = f"{came + timedelta(hours=3):%d.%m.%Y %H:%M}" if master else ""
    status = "Выполнена" if master else "Отменена"
    money = [price, price * 0.3] if master else ["", ""]
    told = f"{came + timedelta(minutes=1):%d.%m.%Y %H:%M}"
    begin = [
        number,
        f"{came:%d.%m.%Y %H:%M}",
        source,
        name,
        f"'{phone}",
        "Электрика",
        problem,
        address,
        status,
        master,
    ]
    return [*begin, *money, done, "", told, "", "", f"past{number}{days}key"]


if __name__ == "__main__":
    sys.exit(main())
