"""The daily copy of all worksheets, and a lost worksheet put back beside what stands there."""

import gzip
import json
import stat
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time
from gspread.utils import ValueInputOption, ValueRenderOption

from record.errors import NaryadError, SheetBusy
from record.grid.worksheets import ORDERS, WORKSHEETS
from tests.clock import Clock
from tests.harness.office import Office, order
from worker.__main__ import main
from worker.backup.backup import BackupJob, last_due, on_demand, patiently
from worker.backup.file import BackupError, Copy, files, load, save
from worker.backup.restore import next_steps, restore

OWN = "Закупки Ольги"


@pytest.fixture
def folder(office: Office) -> Path:
    """Where the copies are kept."""
    return Path(office.settings.backup.folder)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Noon in the company's time zone, on a day in December."""
    with freeze_time("2024-12-15 10:00:00") as frozen:
        yield frozen


@pytest.fixture
def busy_office(office: Office) -> Office:
    """A company with orders, a column of its own in «Заявки», and a worksheet that is nobody's affair but staff's."""
    office.paste(
        order(1, Цена=2000.5, Комиссия=600, Дата=45641.75, Проблема="=IMPORTXML(1)", Комментарий="  007"),
        order(2, Статус="Выполнена", Телефон=79001234567, Имя="Юля 🌸"),
    )
    office.insert_column(3, "Откуда узнали")
    office.tab().update([["от соседей"], [True]], "C2:C3", value_input_option=ValueInputOption.raw)
    own = office.book.add_worksheet(OWN, rows=10, cols=4)
    own.update(
        [
            ["Что", "Когда", "Сколько", "Вдвое"],
            ["кабель", "15.12.2024", 0, "=C2*2"],
            ["=не формула", "", 2.5, "=C3*2"],
        ],
        value_input_option=ValueInputOption.user_entered,
    )
    own.update([["=не формула"]], "A3", value_input_option=ValueInputOption.raw)
    own.format("B2:B10", {"numberFormat": {"type": "DATE", "pattern": "dd.mm.yyyy"}})
    office.settle()
    return office


def kept(office: Office) -> Copy:
    """Make a copy now and read it."""
    path, _ = on_demand(office.store, office.sheet, office.settings)
    return load(path)


def job(office: Office, **backup: Any) -> BackupJob:
    """Return the job that a worker started now would have."""
    settings = office.settings
    changed = settings.model_copy(update={"backup": settings.backup.model_copy(update=backup)})
    return BackupJob(office.store, office.sheet, changed)


def typed(office: Office, title: str) -> list[list[Any]]:
    """Return what stands in a worksheet, values as numbers and text."""
    return list(office.tab(title).get_values(value_render_option=ValueRenderOption.unformatted))


def shown(office: Office, title: str) -> list[list[Any]]:
    """Return a worksheet as people see it."""
    return list(office.tab(title).get_values())


# The copy


def test_a_copy_holds_all_worksheets_as_people_typed_them(busy_office: Office) -> None:
    copy = kept(busy_office)
    assert [tab.title for tab in copy.worksheets] == [one.title for one in busy_office.book.worksheets()]
    assert {*WORKSHEETS, OWN} <= {tab.title for tab in copy.worksheets}
    for tab in copy.worksheets:
        assert (tab.rows or [[]]) == [_trimmed(row) for row in typed(busy_office, tab.title)], tab.title
    orders = next(tab for tab in copy.worksheets if tab.title == ORDERS)
    assert orders.rows[0][2] == "Откуда узнали"
    assert (orders.rows[1][2], orders.rows[2][2]) == ("от соседей", True)
    assert orders.formulas == {}, "text that looks like a formula is none"
    own = next(tab for tab in copy.worksheets if tab.title == OWN)
    assert own.formulas == {"D2": "=C2*2", "D3": "=C3*2"}
    assert own.formats[1] == {"type": "DATE", "pattern": "dd.mm.yyyy"}


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == "":
        row = row[:-1]
    return row


def test_a_copy_costs_four_reads_and_no_write(busy_office: Office) -> None:
    reads, writes = busy_office.requests()
    kept(busy_office)
    assert busy_office.requests() == (reads + 4, writes)


def test_only_the_owner_may_read_a_copy_and_no_half_of_one_is_left(busy_office: Office, folder: Path) -> None:
    kept(busy_office)
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    body = json.loads(gzip.decompress(path.read_bytes()))
    assert (body["format"], body["version"], body["spreadsheet"]) == ("naryad-backup", 1, "naryad-demo")


def test_a_disk_that_is_full_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="Проверьте место на диске и права"):
        save(Copy("id", "t", "2024-12-15T12:00:00+02:00", []), Path("/proc/nowhere/2024-12-15.json.gz"))
    assert list(tmp_path.iterdir()) == []


# When


def test_the_last_due_moment_by_the_companys_clock() -> None:
    now = datetime(2024, 12, 15, 12, tzinfo=ZoneInfo("Europe/Kaliningrad"))
    assert f"{last_due(now, '03:30'):%d %H:%M}" == "15 03:30"
    assert f"{last_due(now, '12:00'):%d %H:%M}" == "15 12:00"
    assert f"{last_due(now, '12:01'):%d %H:%M}" == "14 12:01"


def test_once_a_day_when_its_time_has_come(office: Office, folder: Path, clock: Clock) -> None:
    daily = job(office)
    assert daily.run() == {"idle": True}, "a company that has just begun has missed nothing"
    clock.tick(15 * 3600)
    assert daily.run() == {"idle": True}, "03:00"
    clock.tick(1900)
    assert daily.run()["file"] == "2024-12-16.json.gz"
    assert daily.run() == {"idle": True}
    clock.tick(86_400)
    assert daily.run()["file"] == "2024-12-17.json.gz"
    assert [path.name for path in files(folder)] == ["2024-12-17.json.gz", "2024-12-16.json.gz"]


def test_what_was_missed_is_made_at_the_next_start(office: Office, clock: Clock) -> None:
    job(office).run()
    clock.tick(5 * 86_400)
    assert job(office).run()["file"] == "2024-12-20.json.gz"
    assert job(office).run() == {"idle": True}
    office.restart(forget=True)
    assert job(office).run() == {"idle": True}, "the files themselves say when"


def test_a_copy_from_the_future_does_not_count(office: Office, clock: Clock) -> None:
    """The clock was years ahead when it was made, and has been set back since."""
    clock.tick(3650 * 86_400)
    job(office).run()
    clock.tick(86_400)
    assert job(office).run()["file"] == "2034-12-14.json.gz"
    clock.move_to("2024-12-15 10:00:00")
    assert job(office).run()["file"] == "2024-12-15.json.gz"


def test_no_copies_where_the_owner_wants_none(office: Office, folder: Path, clock: Clock) -> None:
    job(office).run()
    clock.tick(5 * 86_400)
    assert job(office, time="").run() == {"idle": True}
    assert files(folder) == []


def test_after_a_failure_it_is_tried_again_in_ten_minutes(office: Office, folder: Path, clock: Clock) -> None:
    daily = BackupJob(office.store, office.sheet, office.settings, threading.Event())
    daily.run()
    clock.tick(86_400)
    office.fault(times=1000, status=403)
    with pytest.raises(NaryadError):
        daily.run()
    office.system.http.delete(f"{office.system.url}/sandbox/faults")
    assert daily.run() == {"idle": True, "untried": True}
    clock.tick(601)
    assert daily.run()["worksheets"] == 6
    assert len(files(folder)) == 1


@pytest.mark.usefixtures("clock")
def test_old_copies_are_removed_and_the_newest_few_never(office: Office, folder: Path) -> None:
    folder.mkdir(parents=True)
    old = [f"2024-{month:02}-0{day}.json.gz" for month in (8, 9, 10) for day in range(1, 6)]
    for name in (*old, "2024-11-20.json.gz", "заметки.txt", "2024-01-01.json"):
        (folder / name).touch()
    kept(office)
    left = sorted(path.name for path in folder.iterdir())
    assert "2024-11-20.json.gz" in left
    assert {"заметки.txt", "2024-01-01.json"} <= set(left), "what is not ours stays"
    assert [name for name in left if name in old] == old[-5:], "seven stay in all, for the clock may be wrong"


# Putting back


def put_back(office: Office, copy: Copy, wanted: str = "") -> list[str]:
    """Put worksheets back; return what the person is told."""
    done = restore(office.sheet, copy, office.settings.sheets.spreadsheet_id, wanted, wait=lambda _: None)
    return [line for one in done for line in next_steps(one)]


@pytest.mark.parametrize("title", [ORDERS, OWN, "Мастера"])
def test_a_worksheet_comes_back_as_it_was(busy_office: Office, title: str) -> None:
    before, seen = typed(busy_office, title), shown(busy_office, title)
    copy = kept(busy_office)
    new = f"{title} (копия {copy.made[:10]})"
    said = put_back(busy_office, copy, f"«{title}»")
    assert typed(busy_office, new) == before
    assert shown(busy_office, new) == seen, "dates are shown as dates"
    assert typed(busy_office, title) == before, "the old one is not touched"
    assert said[0] == f"Лист «{title}»: строк {len(before)}, они на новом листе «{new}». Остальное не изменено."
    assert f"  Когда закончите, лист «{new}» можно удалить." in said


def test_types_are_kept_and_text_is_never_a_formula(busy_office: Office) -> None:
    copy = kept(busy_office)
    said = put_back(busy_office, copy, OWN) + put_back(busy_office, copy, ORDERS)
    assert "  Вместо формул стоят их значения. Формулы были: D2: =C2*2" in said
    again = {tab.title: tab for tab in kept(busy_office).worksheets}
    for title in (OWN, ORDERS):
        new = again[f"{title} (копия {copy.made[:10]})"]
        assert new.formulas == {}
        assert new.rows == again[title].rows
        assert [[type(cell) for cell in row] for row in new.rows] == [
            [type(cell) for cell in row] for row in again[title].rows
        ]
    assert busy_office.tab(f"{OWN} (копия {copy.made[:10]})").acell("B2").value == "15.12.2024"


def test_a_lost_worksheet_comes_back_without_being_named(busy_office: Office) -> None:
    copy = kept(busy_office)
    busy_office.book.del_worksheet(busy_office.tab())
    said = put_back(busy_office, copy)
    new = f"{ORDERS} (копия {copy.made[:10]})"
    assert f"  Дальше: проверьте новый лист и переименуйте его в «{ORDERS}»." in said
    with pytest.raises(NaryadError):
        busy_office.poll()
    busy_office.tab(new).update_title(ORDERS)
    busy_office.restart()
    report = busy_office.poll()
    assert (report.rows, report.changes) == (2, 0), "renamed, it is taken as if nothing had happened"
    assert busy_office.told() == []


def test_a_running_worker_does_not_see_the_new_tab(busy_office: Office) -> None:
    busy_office.told()
    put_back(busy_office, kept(busy_office))
    report = busy_office.poll()
    assert (report.changes, busy_office.told()) == (0, [])


def test_each_time_into_another_tab(busy_office: Office) -> None:
    copy = kept(busy_office)
    for _ in range(3):
        put_back(busy_office, copy)
    made = [one.title for one in busy_office.book.worksheets() if "копия" in one.title]
    first = f"{ORDERS} (копия {copy.made[:10]})"
    assert made == [first, f"{first} 2", f"{first} 3"]


def test_many_rows_go_in_several_requests(office: Office) -> None:
    office.paste(*(order(number) for number in range(1, 2501)))
    copy = kept(office)
    _, writes = office.requests()
    put_back(office, copy)
    assert office.requests()[1] == writes + 2 + 3, "the tab, its formats, three times a thousand rows"
    assert typed(office, f"{ORDERS} (копия {copy.made[:10]})") == typed(office, ORDERS)


def test_a_lost_answer_makes_nothing_twice(office: Office) -> None:
    office.paste(order(1))
    copy = kept(office)
    office.fault(path="batchUpdate", times=2, drop="after")
    put_back(office, copy)
    assert typed(office, f"{ORDERS} (копия {copy.made[:10]})") == typed(office, ORDERS)
    assert len([one for one in office.book.worksheets() if "копия" in one.title]) == 1


def test_while_google_is_away_it_waits_and_goes_on(office: Office) -> None:
    office.paste(order(1))
    copy, waited = kept(office), []
    office.fault(path="batchUpdate", times=1000, status=503)

    def wait(_seconds: float) -> None:
        waited.append(1)
        if len(waited) == 3:
            office.system.http.delete(f"{office.system.url}/sandbox/faults")

    list(restore(office.sheet, copy, copy.spreadsheet, wait=wait))
    assert len(waited) == 3
    assert typed(office, f"{ORDERS} (копия {copy.made[:10]})") == typed(office, ORDERS)


def test_told_to_end_it_asks_a_busy_google_no_more() -> None:
    asked = []

    def busy() -> None:
        asked.append(1)
        raise SheetBusy("429")

    with pytest.raises(SheetBusy):
        patiently(busy, lambda _seconds: len(asked) == 3)
    assert len(asked) == 3


def test_when_google_refuses_no_half_of_a_tab_is_left(office: Office) -> None:
    office.paste(order(1))
    copy = kept(office)
    next(tab for tab in copy.worksheets if tab.title == ORDERS).rows[1][3] = "я" * 50_001  # more than a cell holds
    tabs = [one.title for one in office.book.worksheets()]
    with pytest.raises(NaryadError, match="50000"):
        put_back(office, copy)
    assert [one.title for one in office.book.worksheets()] == tabs


# What a person sees


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run a command of the worker; return its exit code and what it said."""
    capsys.readouterr()
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out + said.err


@pytest.mark.usefixtures("busy_office")
def test_the_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "restore") == (0, f"В папке {folder} копий нет\n")
    code, said = run(capsys, "backup")
    (path,) = files(folder)
    assert (code, said) == (0, f"Копия сохранена: {path} (листов 7, строк {load(path).rows})\n")
    assert run(capsys, "restore") == (0, f"{path}\n")
    code, said = run(capsys, "restore", path.name, "--worksheet", "закупки ольги")
    assert code == 0
    assert said.startswith("Копия таблицы «")
    assert f"Лист «{OWN}»: строк 3, они на новом листе «{OWN} (копия " in said


def test_files_that_are_no_copies(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _ = run(capsys, "backup")
    (good,) = files(Path(office.settings.backup.folder))

    def told(name: str, body: bytes | None) -> str:
        path = tmp_path / name
        if body is not None:
            path.write_bytes(body)
        code, said = run(capsys, "restore", str(path))
        assert code == 1
        assert len(office.book.worksheets()) == 6, "nothing was changed"
        return said

    whole = json.loads(gzip.decompress(good.read_bytes()))
    assert "Нет файла" in told("нет.json.gz", None)
    assert "повреждён" in told("half.json.gz", good.read_bytes()[:-200])
    assert "повреждён или не копия" in told("photo.json.gz", b"\xff\xd8\xff\xe0 a photo")
    assert "не копия таблицы, сделанная Нарядом" in told("other.json.gz", gzip.compress(b'{"orders": []}'))
    assert "не копия таблицы, сделанная Нарядом" in told("list.json.gz", gzip.compress(b"[1, 2]"))
    assert "другой версией" in told("new.json.gz", gzip.compress(json.dumps({**whole, "version": 9}).encode()))
    broken = {**whole, "worksheets": [{"title": ORDERS, "rows": [[{"a": 1}]]}]}
    assert "повреждён" in told("broken.json.gz", gzip.compress(json.dumps(broken).encode()))
    elsewhere = {**whole, "spreadsheet": "another", "title": "Другая компания"}
    assert "с другой таблицы («Другая компания»" in told(
        "else.json.gz", gzip.compress(json.dumps(elsewhere).encode())
    )
    assert run(capsys, "restore", str(tmp_path / "else.json.gz"), "--from-other")[0] == 0


def test_a_worksheet_that_the_copy_does_not_hold(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "backup")
    (good,) = files(Path(office.settings.backup.folder))
    code, said = run(capsys, "restore", str(good), "--worksheet", "«Отпуска»")
    assert code == 1
    assert said.splitlines()[-1].startswith("В копии нет листа «Отпуска». В ней есть: «")
