"""J8: on the demo page the reaction is in sight at any width, and the page is for everybody."""

import gspread
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from record.grid.worksheets import ORDERS, WORKSHEETS
from tests.sandbox.conftest import Sandbox, demo, sandbox, sandbox_process
from tests.sandbox.telegram_talk import YULIA, Talk
from tests.sandbox.test_page import browser, page, talk
from tests.web.browser import assert_accessible, assert_fits

__all__ = ["browser", "demo", "page", "sandbox", "sandbox_process", "talk"]
HEADERS = list(WORKSHEETS[ORDERS].columns)
ROW = {
    "ID": "7", "Дата": "28.11.2026 12:00", "Имя": "Юля", "Телефон": "+79001234567",
    "Проблема": "Искрит розетка на кухне",
    "Адрес": "Невского 47", "Статус": "В работе", "Мастер": "Иван Петров", "Цена": "много", "Комиссия": "1 950,00 ₽",
    "Проверка": "Цена «много» непонятна: напишите число, например 1500",
}  # fmt: skip
BUTTON = {"text": "ПРИНЯТЬ", "callback_data": "x"}
# every one of these is to be seen without scrolling
IN_SIGHT = {
    1440: ("ID", "Имя", "Телефон", "Проблема", "Статус", "Мастер", "Цена", "Комиссия", "Проверка"),
    768: ("ID", "Имя", "Телефон", "Проблема", "Статус", "Мастер", "Цена", "Комиссия", "Проверка"),
    360: ("ID", "Проблема", "Статус", "Мастер", "Проверка"),
}


@pytest.fixture
def _orders(demo: gspread.Spreadsheet) -> None:
    """«Заявки» with an order that something is to be said of."""
    worksheet = demo.sheet1
    worksheet.update_title(ORDERS)
    worksheet.update([HEADERS, [ROW.get(header, "") for header in HEADERS]], "A1")


def opened(page: Page, sandbox: Sandbox, width: int) -> Page:
    page.set_viewport_size(ViewportSize(width=width, height=900))
    page.goto(sandbox.url)
    expect(page.locator("#grid .tabulator-cell").get_by_text("В работе", exact=True)).to_be_visible()
    return page


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("width", IN_SIGHT)
def test_j8_what_comes_of_an_order_is_in_sight(page: Page, sandbox: Sandbox, width: int) -> None:
    opened(page, sandbox, width)
    grid = page.locator("#grid").bounding_box()
    assert grid
    for header in IN_SIGHT[width]:
        cell = page.locator(f'#grid [tabulator-field="c{HEADERS.index(header)}"].tabulator-cell').first
        box = cell.bounding_box()
        assert box, header
        assert box["x"] + box["width"] <= grid["x"] + grid["width"] + 1, header
        assert cell.evaluate("(cell) => cell.scrollWidth <= cell.clientWidth + 1"), f"{header} is cut"
    assert_fits(page)


@pytest.mark.usefixtures("_orders")
def test_j8_all_columns_are_one_press_away(page: Page, sandbox: Sandbox) -> None:
    opened(page, sandbox, 1440)
    address = page.locator(f'#grid [tabulator-field="c{HEADERS.index("Адрес")}"].tabulator-cell').first
    expect(address).to_be_hidden()
    page.get_by_role("button", name="Все столбцы").click()
    expect(address).to_have_text("Невского 47")


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("width", [1440, 768])
def test_j8_the_page_is_for_everybody(page: Page, sandbox: Sandbox, talk: Talk, width: int) -> None:
    talk.bot("sendMessage", chat_id=YULIA, text="Новая заявка", reply_markup={"inline_keyboard": [[BUTTON]]})
    opened(page, sandbox, width)
    if width < 820:
        assert_accessible(page)
        page.get_by_role("button", name="Чаты").click()
    expect(page.locator(".messages").first).to_contain_text("Новая заявка")
    assert_accessible(page)
