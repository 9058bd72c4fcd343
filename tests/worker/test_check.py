"""`worker check` and every start-up: what is wrong and what to do, one Russian line each, exit code 1."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from record.grid.worksheets import ORDERS
from tests.harness.office import Office
from tests.harness.processes import ROOT
from tests.harness.staff import google_of
from tests.harness.system import ADMIN, HANG_S, MASTER_BOT, System
from worker.__main__ import main

Lines = Callable[..., list[str]]
PARTS = ["настройки", "локальная база", "таблица", "запись в таблицу", "язык таблицы", "пояс таблицы",
         "лист «Заявки»", "лист «Мастера»", "лист «Статистика»", "лист «Услуги»", "лист «Вопросы»",
         "бот клиентов", "бот мастеров", "сообщения боту клиентов", "сообщения боту мастеров", "чат администратора",
         "часы", "диск", "копии таблицы", "права на файлы", "адрес сайта", "ключ сайта"]  # fmt: skip


# what a public site has to name
COMPANY = {
    "LEGAL_NAME": "ИП Петрова О. С.", "INN": "390600000000", "OGRN": "300000000000000", "ADDRESS": "Калининград",
    "EMAIL": "a@example.com", "HOSTING": "ООО «Хостинг»",
}  # fmt: skip


@pytest.fixture
def checked(
    empty_system: System, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Lines:
    """Run `worker check` in another environment; return its lines, after asserting its exit code.

    The admin has written to the master bot; the .env of this machine's owner has no say.
    """
    monkeypatch.chdir(tmp_path)
    for name, value in COMPANY.items():
        monkeypatch.setenv(f"NARYAD_COMPANY__{name}", value)
    empty_system.person(ADMIN, "Ольга")
    empty_system.say(MASTER_BOT, ADMIN, "/start")

    def run(code: int, **environment: str) -> list[str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        assert main(["check"]) == code
        said = capsys.readouterr()
        assert said.err == "" or code == 1
        return (said.out + said.err).splitlines()

    return run


def wrong(lines: list[str]) -> list[str]:
    """Return the lines that say that something is wrong; each tells a person in Russian what to do."""
    found = [line for line in lines if line.startswith("✗")]
    assert all(re.search(r"[а-я]{3}", line) for line in found)
    return found


def test_all_is_right(office: Office, checked: Lines) -> None:
    before = office.requests()
    lines = checked(0)
    assert [line.partition(":")[0] for line in lines] == [f"✓ {part}" for part in PARTS]
    reads, writes = office.requests()
    assert (reads - before[0], writes - before[1]) == (2, 1)
    (hello,) = office.system.heard(MASTER_BOT, ADMIN, "Проверка связи")
    assert hello["silent"]


def test_unset_tokens_and_wrong_tokens(office: Office, checked: Lines) -> None:
    assert office
    lines = wrong(checked(1, TELEGRAM_CLIENT_BOT_TOKEN="not a token", TELEGRAM_MASTER_BOT_TOKEN="55 unknown"))
    assert len(lines) == 2
    assert "бот клиентов: Telegram не знает такого токена: проверьте TELEGRAM_CLIENT_BOT_TOKEN в .env" in lines[0]
    assert "TELEGRAM_MASTER_BOT_TOKEN" in lines[1]
    assert "not a token" not in str(lines)


def test_the_real_telegram_needs_tokens(office: Office, checked: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office
    monkeypatch.setenv("TELEGRAM_CLIENT_BOT_TOKEN", "")
    monkeypatch.setenv("TELEGRAM_MASTER_BOT_TOKEN", "")
    lines = wrong(checked(1, NARYAD_TELEGRAM__API_URL=""))
    assert "нет токена: возьмите его у @BotFather и впишите в .env как TELEGRAM_CLIENT_BOT_TOKEN" in lines[0]


def test_nobody_answers(office: Office, checked: Lines) -> None:
    assert office
    nobody = "http://127.0.0.1:9"
    lines = wrong(checked(1, NARYAD_SHEETS__API_URL=nobody, NARYAD_TELEGRAM__API_URL=nobody))
    assert lines[0].startswith("✗ таблица: Нет связи с Google: проверьте интернет на этой машине")
    assert f"Telegram не отвечает по адресу {nobody}: проверьте сеть и telegram.api_url" in lines[1]
    assert len(lines) == 3


def test_a_spreadsheet_that_is_not_there_or_not_shared(office: Office, checked: Lines) -> None:
    (line,) = wrong(checked(1, NARYAD_SHEETS__SPREADSHEET_ID="nobody"))
    assert line.startswith("✗ таблица: Таблица не найдена (404): проверьте sheets.spreadsheet_id")
    book = office.settings.sheets.spreadsheet_id
    office.system.post("access", spreadsheet=book, token_user="naryad", allowed=False)
    (line,) = wrong(checked(1, NARYAD_SHEETS__SPREADSHEET_ID=book))
    assert line.startswith("✗ таблица: Нет доступа к таблице (403): откройте её сервисному аккаунту как редактору")


def test_a_missing_worksheet_and_a_missing_header(office: Office, checked: Lines) -> None:
    office.tab().update_cell(1, 9, "Состояние")
    (line,) = wrong(checked(1))
    assert line.startswith("✗ лист «Заявки»: Лист «Заявки»: нет столбца «Статус»")
    office.tab().update_title("Заявки 2024")
    (line,) = wrong(checked(1))
    assert line.startswith(f"✗ таблица: Лист «{ORDERS}», кажется, переименован в «Заявки 2024»: верните ему имя")
    office.system.staff().del_worksheet(office.system.staff().worksheet("Заявки 2024"))
    (line,) = wrong(checked(1))
    assert line.startswith(f"✗ таблица: Нет листа «{ORDERS}»: верните его (Ctrl+Z или история версий)")
    assert line.endswith("или выполните python -m worker init")


@pytest.mark.parametrize(
    ("area", "cells"),
    [("J3:J5", "J3:J5"), ("A1:B1", "A1:B1"), ("D4:F4", "D4:F4"), ("A2:R2", "A2:R2"), ("T2:U3", "")],
)
def test_merged_cells_hide_what_stands_in_them(office: Office, checked: Lines, area: str, cells: str) -> None:
    office.tab().merge_cells(area)
    code = int(bool(cells))
    found = [line for line in wrong(checked(code)) if "объединённые" in line]
    assert bool(found) == bool(cells)
    if found:
        assert found[0].startswith(f"✗ объединённые ячейки листа «Заявки»: {cells}: значение есть только в левой")


def test_a_column_that_we_can_do_without_is_named(office: Office, checked: Lines) -> None:
    office.tab().update_cell(1, office.header().index("Комментарий") + 1, "")
    (line,) = [line for line in checked(0) if "столбцы листа" in line]
    assert "«Заявки»" in line
    assert "без «Комментарий»" in line


def test_a_worksheet_that_is_protected_from_us(office: Office, checked: Lines) -> None:
    """An own column of staff may be protected; ours may not."""
    own = {"sheetId": office.sheet_id, "startColumnIndex": 18, "endColumnIndex": 19}
    for where, problems in ((own, 0), ({"sheetId": office.sheet_id, "startRowIndex": 5}, 1)):
        protected = {"range": where, "editors": {"users": ["owner@example.com"]}}
        office.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protected}}]})
        lines = wrong(checked(min(problems, 1)))
        assert len(lines) == problems
    assert lines[0].startswith("✗ лист «Заявки»: защищены ячейки, куда пишет Наряд: «Данные → Защитить листы")


def test_a_store_that_cant_be_used(office: Office, checked: Lines, tmp_path: Path) -> None:
    assert office
    (tmp_path / "file").write_text("")
    (line,) = wrong(checked(1, NARYAD_STORE__URL=f"sqlite:///{tmp_path}/file/store.sqlite3"))
    assert line.startswith("✗ локальная база: Локальная база (sqlite:")


@pytest.mark.parametrize("content", [None, "", "{}", "не ключ", '{"type": "service_account"}'])
def test_a_bad_key_file(office: Office, checked: Lines, tmp_path: Path, content: str | None) -> None:
    assert office
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    (line,) = wrong(checked(1, GOOGLE_APPLICATION_CREDENTIALS=str(file)))
    assert line.startswith(f"✗ таблица: Ключ Google {file} не читается")
    assert "скачайте JSON-ключ сервисного аккаунта заново" in line
    assert ("такого файла нет" in line) == (content is None)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("keys/key.json", "/keys/key.json не читается (такого файла нет); в .env написано keys/key.json, путь без /"),
        ("~/no/key.json", "/no/key.json не читается (такого файла нет); в .env написано ~/no/key.json, «~» — дом"),
        ("folder", "/folder не читается (это папка, а нужен файл); в .env написано folder"),
    ],
)
def test_the_key_is_named_by_the_place_where_it_is_looked_for(
    office: Office, checked: Lines, tmp_path: Path, written: str, said: str
) -> None:
    assert office
    (tmp_path / "folder").mkdir()
    (line,) = wrong(checked(1, GOOGLE_APPLICATION_CREDENTIALS=written))
    home = Path.home() if written.startswith("~") else tmp_path
    assert line.startswith(f"✗ таблица: Ключ Google {home}{said}")
    assert "положите на это же место" in line
    assert "поправьте путь в .env, GOOGLE_APPLICATION_CREDENTIALS" in line


def test_a_spreadsheet_that_may_only_be_read(office: Office, checked: Lines) -> None:
    """It opens, and that is not enough."""
    office.system.post("access", spreadsheet=office.settings.sheets.spreadsheet_id, token="naryad", role="reader")
    (line,) = wrong(checked(1))
    assert line.startswith("✗ запись в таблицу: Нет доступа к таблице (403): откройте её сервисному аккаунту как")
    assert line.endswith("Сейчас он может её только читать, писать нельзя")


@pytest.mark.parametrize("role", ["writer", "reader"])
def test_a_spreadsheet_that_was_never_prepared_has_one_line_with_the_command(
    empty_system: System, checked: Lines, role: str
) -> None:
    """What `init` would mend is not listed piece by piece; that nothing may be written is said beside."""
    book = google_of("naryad", empty_system.url).create("Пустая").id
    empty_system.post("access", spreadsheet=book, token="naryad", role=role)
    lines = checked(1, NARYAD_SHEETS__SPREADSHEET_ID=book)
    found = [line.partition(":")[0] for line in wrong(lines)]
    assert found == (["✗ запись в таблицу"] if role == "reader" else []) + ["✗ листы"]
    (line,) = [line for line in lines if line.startswith("✗ листы")]
    assert "сначала выполните python -m worker init" in line


def test_the_real_google_needs_a_key(office: Office, checked: Lines) -> None:
    assert office
    lines = wrong(checked(1, NARYAD_SHEETS__API_URL="", GOOGLE_APPLICATION_CREDENTIALS="", SECRET_KEY=""))
    assert lines[0].startswith("✗ таблица: Нет ключа Google: укажите в .env путь к ключу")
    assert lines[-1].startswith("✗ ключ сайта: впишите SECRET_KEY в .env")


BAD_SETTINGS = {"NARYAD_POLLING__INTERVAL_S": "часто", "NARYAD_WEB__PORT": "70000", "NARYAD_COMPANY__TIMEZONE": "МСК"}
COMMANDS: list[list[str]] = [["worker", "run"], ["worker", "init"], ["worker", "check"], ["worker", "status"],
                             ["bots", "client"], ["bots", "master"], ["web"]]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_bad_settings_end_every_command_with_one_line_that_names_them_all(
    empty_system: System, tmp_path: Path, command: list[str]
) -> None:
    program, environment = [sys.executable, "-m", *command], empty_system.env | BAD_SETTINGS
    said = subprocess.run(
        program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=HANG_S, check=False
    )
    assert (said.returncode, said.stdout) == (1, "")
    (line,) = said.stderr.splitlines()
    assert line.startswith("Настройки (config.toml) не годятся: ")
    assert all(key in line for key in ("polling.interval_s", "web.port", "company.timezone"))
    assert list(tmp_path.iterdir()) == [], "nothing is half-written"


@pytest.mark.usefixtures("on_sqlite")
@pytest.mark.parametrize("command", [["worker", "run"], ["bots", "client"], ["bots", "master"], ["web"]])
def test_an_unusable_store_ends_every_process_with_one_line(
    empty_system: System, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "store.sqlite3").mkdir()
    said = empty_system.run(*command)
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    line = said.stderr.splitlines()[-1]
    assert line.startswith("Локальная база (sqlite:")
    assert "проверьте путь и права на папку" in line


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (None, "Нет файла настроек"),
        ("[sheets", "записан не по правилам TOML"),
        ('[sheets]\nspreadsheet_id = ""', "sheets.spreadsheet_id — непустая строка"),
    ],
)
def test_a_bad_settings_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, toml: str | None, said: str
) -> None:
    file = tmp_path / "config.toml"
    if toml is not None:
        file.write_text(toml, encoding="utf-8")
    monkeypatch.setenv("NARYAD_CONFIG", str(file))
    assert main(["run"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert str(file) in line


def test_the_shipped_settings_are_those_of_the_sandbox() -> None:
    assert "naryad-demo" in (ROOT / "config.toml").read_text(encoding="utf-8")
