"""C1: an error or «Loading...» in a cell is no content: nobody is told it, and what stood there stays in force."""

from typing import Any

import pytest

from record.dispatch.model import Order
from record.grid.worksheets import MASTERS, SERVICES
from tests.harness.company import Company
from tests.harness.office import Office
from tests.harness.sheet import PASTED, Sheet, order
from tests.harness.staff import Staff

COLUMNS = [
    "Дата", "Источник", "Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус", "Мастер", "Цена", "Комиссия",
    "Дата выполнения", "Комментарий", "Оповещены", "Telegram",
]  # fmt: skip
ERRORS = ["#ERROR!", "#N/A", "#REF!", "#ИМЯ?", "#ССЫЛКА!", "#Н/Д", "#ДЕЛ/0!"]
LOADING = ["Loading...", "Загрузка..."]


def show(sheet: Staff, order_id: object, **shown: Any) -> None:
    """Let cells show something that nobody typed, as a formula does."""
    number, header = sheet.number(order_id), sheet.header()
    line = [shown.get(name) for name in header]  # None leaves a cell as it is
    sheet.tab().update([line], f"A{number}", value_input_option=PASTED)


def test_c1_an_error_keeps_what_stood_there_and_proverka_names_the_cells(office: Office) -> None:
    shown = dict(enumerate(ERRORS, start=1))
    office.paste(*({**order(number), "Telegram": str(500 + number)} for number in shown))
    office.begin()
    known = {number: kept(office, number) for number in shown}
    for number, error in shown.items():
        show(office, number, **dict.fromkeys(["Проблема", "Адрес", "Имя", "Телефон", "Статус", "Telegram"], error))
    office.settle()
    assert office.told() == []
    for number, before in known.items():
        row = office.row(number)
        assert row["Проверка"].startswith("Ошибка формулы в ячейках Имя, Телефон, Проблема, Адрес, Статус: впишите")
        assert str(row["Telegram"]) == str(before.chat), "the system's own cell is put back, not explained"
        now = kept(office, number)
        assert (now.problem, now.address, now.name, now.phone) == (
            before.problem, before.address, before.name, before.phone,
        )  # fmt: skip
        assert (now.status, now.chat) == (before.status, before.chat)


def kept(office: Office, number: int) -> Order:
    """Return an order as it is in force."""
    with office.store.reading() as tx:
        found = tx.orders.get(str(number))
    assert found
    return found


@pytest.mark.parametrize("loading", LOADING)
def test_c1_a_value_that_is_loading_disturbs_nobody(company: Company, sheet: Sheet, loading: str) -> None:
    first = sheet.ids[0]
    before = sheet.values()
    show(sheet, first, **dict.fromkeys(COLUMNS, loading))
    company.nothing_happened()
    assert sheet.row(first)["Проверка"] == "", "it mends itself"
    sheet.overwrite(before)
    company.nothing_happened()


def test_c1_a_new_order_is_not_announced_with_an_error_in_it(company: Company, sheet: Sheet) -> None:
    new = {key: value for key, value in order(sheet.next_id).items() if key not in ("ID", "Ключ", "Оповещены")}
    sheet.paste({**new, "Проблема": "#ERROR!", "Имя": "#N/A", "Адрес": "#REF!"})
    company.rests()
    card = company.card("ivan", sheet.next_id)["text"]
    assert "#ERROR!" not in card + str(company.news("olga"))
    assert "Проблема" not in card
    said = sheet.row(sheet.next_id)["Проверка"]
    assert all(f"{column}: в ячейке ошибка" in said for column in ("Проблема", "Имя", "Адрес"))


def test_c1_a_formula_dragged_down_makes_no_orders(company: Company, sheet: Sheet) -> None:
    sheet.paste(*[{"Имя": "#N/A", "Адрес": "#N/A"}] * 30)
    company.nothing_happened()
    assert all(row["Проверка"] == "" for row in sheet.rows()[3:] if "Проверка" in row)


def test_c1_a_masters_errors_change_nothing_for_him_and_the_admin_hears_once(office: Office) -> None:
    office.paste(order(1))
    office.begin()
    with office.store.reading() as tx:
        known = tx.masters.stored()["1"]
    columns = ["Имя", "Телефон", "Telegram", "Активен", "Комиссия, %"]
    header, number = office.header(MASTERS), office.number(1, MASTERS)
    line = ["#REF!" if name in columns else None for name in header]
    office.tab(MASTERS).update([line], f"A{number}", value_input_option=PASTED)
    office.settle()
    with office.store.reading() as tx:
        now = tx.masters.stored()["1"]
    assert (now.name, now.phone, now.chat, now.active, now.percent) == (
        known.name, known.phone, known.chat, known.active, known.percent
    )  # fmt: skip
    assert {line for line in office.told() if not line.startswith("admin")} == set()


def test_c1_the_price_list_stays_while_it_shows_errors(office: Office) -> None:
    def listed() -> list[tuple[Any, ...]]:
        with office.store.reading() as tx:
            return [tuple(row) for row in tx.lists.get(SERVICES)]

    office.begin()
    known = listed()
    office.tab(SERVICES).update([["#REF!", "Loading..."]], "D2", value_input_option=PASTED)
    office.settle()
    assert listed() == known
    width, height = len(office.header(SERVICES)), len(office.values(SERVICES)) - 1
    emptied = [[""] * width for _ in range(height)]
    emptied[0][0] = "Loading..."
    office.tab(SERVICES).update(emptied, "A2", value_input_option=PASTED)
    office.settle()
    assert listed() == known, "the whole list comes from elsewhere, and is only being loaded"
