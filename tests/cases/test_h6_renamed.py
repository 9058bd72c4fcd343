"""H6: a renamed worksheet, slid or renamed headers: said in words, and never made a second time."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from record.errors import SheetBroken
from record.grid.layout import Values
from record.grid.tabs import renamed
from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, WORKSHEETS
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.office import Office
from tests.harness.system import System
from worker.init import prepare

HEADERS = list(WORKSHEETS[ORDERS].columns)
NAMES = ["Заявки ", " Заявки", "заявки", "ЗАЯВКИ", "Зaявки", "Заявки (копия)", "Копия листа Заявки", "Заявки 2026",
         "Заявки\u00a0", "Заявки.", "Старые заявки", "Заяки", "Заказы"]  # fmt: skip


@pytest.fixture
def sheet(empty_system: System) -> Iterator[Sheet]:
    """The door to a spreadsheet in which nothing has been prepared."""
    settings = load_settings()
    assert settings.sheets.api_url == empty_system.url
    with closing(Store(settings.store.url)) as store:
        yield Sheet(settings, store)


@pytest.mark.parametrize("name", NAMES)
def test_h6_a_worksheet_is_known_by_its_name_or_its_headers(name: str) -> None:
    others: dict[str, Values] = {"Отпуска": [["Кто", "Когда"]], name: [HEADERS, [1]], "Пусто": []}
    assert renamed(ORDERS, others) == name


@pytest.mark.parametrize(
    ("name", "rows"),
    [("Склад", [["ID", "Имя", "Сколько"]]), ("Заявки поставщикам", [["Товар", "Цена"]]), ("План", [])],
)
def test_h6_another_worksheet_is_not_taken_for_it(name: str, rows: Values) -> None:
    assert renamed(ORDERS, {name: rows}) == ""


def test_h6_of_two_the_one_that_has_its_name_in_it() -> None:
    others = {"Архив": [HEADERS], "Заявки 2026": [["Сводка"], HEADERS]}
    assert renamed(ORDERS, others) == "Заявки 2026"


@pytest.mark.parametrize("name", ["Заявки ", "Заявки (копия)", "Зaявки", "Заказы"])
def test_h6_the_alarm_says_its_new_name_and_init_makes_no_second(office: Office, name: str) -> None:
    office.begin()
    office.tab().update_title(name)
    said = f"Лист «Заявки», кажется, переименован в «{name.replace(' ', '␣') if name.endswith(' ') else name}»"
    for act in (office.poll, lambda: prepare(office.sheet)):
        with pytest.raises(SheetBroken) as broken:
            act()
        assert str(broken.value).startswith(f"{said}: верните ему имя «Заявки»")
        assert broken.value.cause in ("worksheet", "")
    titles = [one.title for one in office.system.staff().worksheets()]
    assert titles.count("Заявки") == 0
    office.system.staff().worksheet(name).update_title(ORDERS)
    office.poll()
    assert office.told() == []


@pytest.mark.parametrize("above", [1, 3])
def test_h6_headers_that_slid_down(office: Office, above: int) -> None:
    office.begin()
    office.tab().insert_rows([["Наша база"]] * above)
    said = f"заголовки в строке {above + 1}, а нужны в первой: удалите"
    before = office.system.staff().worksheet(ORDERS).get_values()
    for act in (office.poll, lambda: prepare(office.sheet)):
        with pytest.raises(SheetBroken, match=said):
            act()
    assert office.system.staff().worksheet(ORDERS).get_values() == before
    office.system.staff().worksheet(ORDERS).delete_rows(1, above)
    office.poll()
    assert office.told() == []


def test_h6_init_puts_no_empty_column_beside_a_renamed_one(empty_system: System, sheet: Sheet) -> None:
    prepare(sheet)
    book = empty_system.staff()
    book.worksheet(MASTERS).update_cell(1, 3, "Тел.")
    before = book.worksheet(MASTERS).get_values()
    with pytest.raises(
        SheetBroken, match=r"нет столбца «Телефон» \(есть похожий «Тел\.»\).*в свободный столбец сами"
    ):
        prepare(sheet)
    assert book.worksheet(MASTERS).get_values() == before


def test_h6_init_makes_what_is_really_missing_beside_own_worksheets(empty_system: System, sheet: Sheet) -> None:
    prepare(sheet)
    book = empty_system.staff()
    book.add_worksheet("Вопросы поставщикам", 5, 5).update([["Кому", "О чём"]])
    book.del_worksheet(book.worksheet(QUESTIONS))
    assert prepare(sheet).made == [QUESTIONS]
