"""A sheet as careless people keep it, read for the first time: understood or explained, and nobody is disturbed.

``tests/data/messy.csv`` was put together from hand-written scraps. Its columns that begin with ``=`` are not
imported: they say what the author of the row meant, and how the row has to be taken (``= вид``). A problem typed
with «=» before it is an error in the sheet: Google takes it for a formula.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from gspread.utils import ValueInputOption

from record.dispatch.model import Order
from record.grid.worksheets import MASTERS, ORDERS, SERVICES, WORKSHEETS
from record.settings import load_settings
from record.values import text
from tests.harness.office import Office, order
from tests.harness.staff import CALLER

MESSY = Path(__file__).parent.parent / "data" / "messy.csv"
COLUMNS = WORKSHEETS[ORDERS].columns
KINDS = {"заявка": 256, "неясно": 46, "не заполнена": 14, "заметка": 20, "пусто": 20}


@dataclass(frozen=True)
class Line:
    """A row of the file, and the same row of the sheet before and after."""

    meant: dict[str, str]
    before: dict[str, Any]
    after: dict[str, Any]
    order: Order | None

    @property
    def kind(self) -> str:
        """How the row has to be taken."""
        return self.meant["= вид"].removeprefix("повтор, ").replace("повтор", "заявка").partition(":")[0]

    @property
    def where(self) -> list[str]:
        """The columns that can't be understood."""
        columns = self.meant["= вид"].partition(": ")[2]
        return columns.split(", ") if columns else []


class Imported:
    """The office whose sheet was messy before the system came."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.type(MASTERS, ID=3, Имя="Ольга Власова", Телефон="+79110000003", Telegram="603", Активен="да")
        self.file = list(csv.DictReader(MESSY.read_text(encoding="utf-8").splitlines(keepends=True)))
        typed = [[row.get(column, "") for column in COLUMNS] for row in self.file]
        office.tab().resize(rows=len(typed) + 50)
        office.tab().update(typed, "A2", value_input_option=ValueInputOption.user_entered)
        self.before = self.read()
        office.settle()
        self.after = self.read()
        with office.store.reading() as tx:
            orders = {str(row["ID"]): tx.orders.get(text(row["ID"])) for row in self.after if row["Ключ"]}
        self.lines = [
            Line(meant, before, after, orders.get(str(after["ID"])) if after["Ключ"] else None)
            for meant, before, after in zip(self.file, self.before, self.after, strict=True)
        ]

    def read(self) -> list[dict[str, Any]]:
        """Return the rows as they stand, blank ones included."""
        rows = self.office.values()[1:]
        rows += [[]] * (len(self.file) - len(rows))
        return [dict(zip(COLUMNS, [*row, *[""] * len(COLUMNS)], strict=False)) for row in rows]

    def lines_of(self, *kinds: str) -> list[Line]:
        """Return the rows that have to be taken so."""
        return [line for line in self.lines if line.kind in kinds]


@pytest.fixture
def messy(office: Office) -> Imported:
    """A messy sheet that has been read for the first time, with all that followed."""
    return Imported(office)


def test_a_messy_sheet_is_understood_or_explained_and_nobody_is_disturbed(messy: Imported) -> None:
    assert Counter(line.kind for line in messy.lines) == KINDS
    assert messy.office.told() == [], "nothing is sent"
    nothing_typed_is_changed(messy)
    assert [said for line in messy.lines_of("заявка", "неясно") if (said := misread(line))] == []
    for line in messy.lines_of("не заполнена"):
        assert (line.order, line.after["Ключ"]) == (None, "")
        assert line.after["Проверка"].startswith("Заявка не заполнена: нет ")
    for line in messy.lines_of("заметка", "пусто"):
        assert (line.order, line.after) == (None, line.before), "headings, subtotals and notes are left in peace"
    explained = Counter(column for line in messy.lines_of("неясно") for column in line.where)
    assert explained == {
        "Цена": 14, "Дата": 9, "Статус": 8, "Мастер": 6, "Проблема": 6, "Категория": 3, "Комиссия": 2,
        "Дата выполнения": 1,
    }  # fmt: skip
    it_rests(messy)
    mending_clears(messy)


def misread(line: Line) -> str:
    """Return what was understood otherwise than it was meant, or explained without need, of an order."""
    if line.order is None:
        return f"not taken for an order: {line.after}"
    meant = {name: value for name, value in line.meant.items() if name.startswith("= ") and name != "= вид"}
    read = understood(line.order)
    wrong = [
        f"{name[2:]} {line.before[name[2:].capitalize()]!r} → {read[name]!r}"
        for name in meant
        if meant[name] != read[name]
    ]
    if [trouble.column for trouble in line.order.troubles] != line.where:
        wrong.append(f"explained: {line.after['Проверка']!r} instead of {line.where!r}")
    elif bool(line.after["Проверка"]) is not bool(line.where):
        wrong.append(f"said: {line.after['Проверка']!r}")
    return ", ".join(wrong)


def nothing_typed_is_changed(messy: Imported) -> None:
    """Only empty cells of the system's own columns are filled; a number that stood twice is given anew once."""
    filled = Counter[str]()
    for line in messy.lines:
        again = line.meant["= вид"].startswith("повтор")
        changed = {column for column in COLUMNS if line.after[column] != line.before[column]}
        assert all(line.before[column] == "" or (column == "ID" and again) for column in changed), line
        assert changed <= {"ID", "Ключ", "Проверка"}, line
        filled.update(changed)
    assert filled["Ключ"] == KINDS["заявка"] + KINDS["неясно"]
    ids = [str(line.after["ID"]) for line in messy.lines if line.after["Ключ"]]
    assert len(ids) == len(set(ids)), "every order has a number of its own"


def understood(order: Order) -> dict[str, str]:
    """Return what has been understood of an order, as the file says it."""
    return {
        "= телефон": order.phone,
        "= дата": order.created.date().isoformat() if order.created else "",
        "= статус": order.status.value if order.status else "",
        "= мастер": order.master_id,
        "= цена": "" if order.price is None else f"{order.price:g}",
        "= категория": order.category,
    }


def it_rests(messy: Imported) -> None:
    """What was said is said once: the next poll finds nothing to do, also in a worker that has been started anew."""
    office = messy.office
    writes = office.requests()[1]
    assert office.poll().idle
    office.restart()
    assert office.poll().changes == 0
    assert (office.flush().rounds, office.requests()[1]) == (0, writes)
    office.restart(forget=True)
    office.settle()
    assert (office.told(), office.requests()[1]) == ([], writes)
    assert messy.read() == messy.after


def mending_clears(messy: Imported) -> None:
    """Five rows are mended; what was said of them goes, and all the others stay as they are."""
    mended = {"Цена": "2500", "Дата": "15.03.2025", "Статус": "Отменена", "Мастер": "Ким", "Категория": "Освещение"}
    numbers = []
    for column, value in mended.items():
        line = next(line for line in messy.lines_of("неясно") if line.where == [column])
        numbers.append(line.after["ID"])
        messy.office.change(line.after["ID"], **{column: value})
    messy.office.settle()
    assert [messy.office.row(number)["Проверка"] for number in numbers] == [""] * 5
    told = sum(bool(row["Проверка"]) for row in messy.read())
    assert told == KINDS["неясно"] + KINDS["не заполнена"] - 5


# Rows older than the system, one by one


@pytest.mark.parametrize("settle_s", ["0", "20"])
def test_of_the_past_only_what_is_new_and_untold_is_announced(
    office: Office, monkeypatch: pytest.MonkeyPatch, settle_s: str
) -> None:
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", settle_s)
    office.settings = load_settings()
    office.restart()
    office.type(**CALLER, Статус="В работе", Мастер="Ким")
    office.type(**CALLER, Статус="Выполнена", Цена=2000, Мастер="Ким")
    office.type(**CALLER, Дата="01.12.2024")
    office.type(**CALLER, Дата="01.12.2024", Статус="Новая")
    office.type(**CALLER)
    with freeze_time("2026-12-15 12:00:00", tick=True) as clock:
        office.settle()
        clock.tick(21)
        office.settle()
        told = office.told()
    assert told == [f"master {master}: order_new {number}" for number in (4, 5) for master in (1, 2)]
    rows = office.rows()
    assert [row["ID"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["Статус"] for row in rows] == ["В работе", "Выполнена", "", "Новая", "Новая"]
    assert [bool(row["Дата"]) for row in rows] == [False, False, True, True, True]
    assert [(row["Комиссия"], row["Дата выполнения"]) for row in rows] == [("", "")] * 5
    assert [row["Проверка"][:17] for row in rows] == ["", "", "Статус не указан:", "", ""]
    office.change(3, Статус="Новая")
    office.settle()
    assert (office.row(3)["Проверка"], len(office.told())) == ("", 2)


def test_an_order_that_lost_its_status_before_a_restart_is_asked_about(office: Office) -> None:
    office.paste(order(1, Статус="", Оповещены=""))
    office.settle()
    assert office.row(1)["Проверка"].startswith("Статус не указан: напишите «Новая»")
    office.change(1, Адрес="Невского 50")
    office.settle()
    assert office.told() == []


def test_yesterday_is_the_day_before_it_was_typed(office: Office) -> None:
    office.begin()
    with freeze_time("2026-12-15 12:00:00", tick=True) as clock:
        office.type(**CALLER, Дата="вчера")
        office.settle()
        clock.tick(5 * 86400)
        office.change(1, Адрес="Невского 47")
        office.settle()
    assert (office.row(1)["Дата"], office.row(1)["Проверка"]) == ("вчера", "")
    with office.store.reading() as tx:
        found = tx.orders.get("1")
    assert found
    assert str(found.created) == "2026-12-14 00:00:00"


def test_a_category_is_understood_once_it_stands_in_the_price_list(office: Office) -> None:
    office.begin()
    office.type(**CALLER, Категория="сантехник")
    office.settle()
    assert office.row(1)["Проверка"].startswith("Категории «сантехник» нет на листе «Услуги»")
    office.type(SERVICES, Категория="Сантехника", Услуга="Прочистка", Цена=900)
    office.settle()
    assert (office.row(1)["Проверка"], office.row(1)["Категория"]) == ("", "сантехник")
    with office.store.reading() as tx:
        found = tx.orders.get("1")
    assert found
    assert found.category == "Сантехника"
