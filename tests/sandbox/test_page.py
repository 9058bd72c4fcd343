"""The page at / in a real browser: the grid, the chats, and that they stay at home."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import gspread
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import BOT, YULIA, Talk

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEADERS = ["ID", "Имя", "Статус", "Комментарий"]
ROWS = [["1", "Юля", "Новая", ""], ["2", "Пётр", "В работе", ""], ["3", "Анна", "Выполнена", ""]]
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here; not longer, as asyncio.run fails beside a living Playwright."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        pytest.fail("The browser tests need Chromium: `apt-get install chromium`, or its path in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, sandbox: Sandbox) -> Iterator[Page]:
    """A fresh page; at the end nothing may have gone wrong in it, and no request have left the machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ru-RU")
    page = context.new_page()
    page.set_default_timeout(8000)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or "inline"))
    hosts: set[str] = set()
    yield page
    context.close()
    assert wrong == []
    assert hosts <= {urlsplit(sandbox.url).hostname, "inline"}


@pytest.fixture
def orders(demo: gspread.Spreadsheet) -> gspread.Worksheet:
    """«Заявки» with three orders."""
    sheet = demo.add_worksheet("Заявки", 20, 6)
    demo.del_worksheet(demo.sheet1)
    sheet.update([HEADERS, *ROWS], "A1")
    return sheet


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """Юля has started the bot."""
    return Talk(sandbox).started(phone="+79001234567", role="клиент")


def column(page: Page, index: int, rows: int = 3) -> list[str]:
    """The texts of the first rows of a column, top to bottom."""
    return page.locator(f'#grid .tabulator-cell[tabulator-field="c{index}"]').all_inner_texts()[:rows]


def cell(page: Page, text: str) -> Locator:
    """The grid's cell with this text."""
    return page.locator("#grid .tabulator-cell").get_by_text(text, exact=True)


def typed(page: Page, where: Locator, text: str) -> None:
    """Type a text into a cell as a person does."""
    where.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def names(orders: gspread.Worksheet) -> list[str]:
    """The names in the sheet, top to bottom."""
    return [str(name or "") for name in orders.col_values(2)[1:]]


def shows(page: Page, row: int, name: str) -> None:
    """Wait until the grid shows the name in this row, counted from 0."""
    expect(page.locator('#grid .tabulator-cell[tabulator-field="c1"]').nth(row)).to_have_text(name)


def header_menu(page: Page, index: int, item: str) -> None:
    """Choose from a column's menu."""
    page.locator(f'#grid .tabulator-col[tabulator-field="c{index}"] .tabulator-header-popup-button').click()
    page.get_by_text(item, exact=True).click()


def test_empty_sandbox_says_what_to_do(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url)
    expect(page.locator("#sheet-empty")).to_contain_text("make run")
    expect(page.locator("#chats-empty")).to_contain_text("Боты ещё не запущены")
    expect(page.locator(".steps li.next")).to_contain_text("форма на сайте")


def test_an_edit_in_the_grid_reaches_the_api(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    with page.expect_response("**/values/**valueInputOption=USER_ENTERED"):
        typed(page, cell(page, "Пётр"), "Пётр Иванов")
    expect(cell(page, "Пётр Иванов")).to_be_visible()
    assert names(orders) == ["Юля", "Пётр Иванов", "Анна"]


def test_the_steps_tick_themselves_off(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    steps = page.locator(".steps li.done")
    expect(cell(page, "Юля")).to_be_visible()
    expect(steps).to_have_count(0)
    orders.append_row(["4", "Олег", "Новая"])
    expect(steps).to_have_count(1)
    orders.update([["В работе"]], "C5")
    expect(page.locator(".toast").last).to_contain_text("Заявка 4: В работе")
    expect(steps).to_have_count(2)
    orders.update([["Выполнена"]], "C5")
    expect(steps).to_have_count(3)
    page.reload()
    expect(steps).to_have_count(3)


def test_an_order_typed_into_a_new_row(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    page.get_by_role("button", name="+ Строка").click()
    expect(page.locator("#grid .tabulator-editing input")).to_be_focused()
    with page.expect_response("**/values/**valueInputOption=USER_ENTERED"):
        page.keyboard.type("4")
        page.keyboard.press("Enter")
    assert orders.row_values(5) == ["4"]


def test_the_api_shows_in_the_grid(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    expect(cell(page, "Юля")).to_be_visible()
    orders.update([[EVIL]], "D2")
    expect(cell(page, EVIL)).to_be_visible()
    assert page.locator("#grid img").count() == 0
    orders.update([[EVIL]], "D1")
    expect(page.locator("#grid .tabulator-col .title").nth(3)).to_contain_text(EVIL)


def test_sorting_moving_inserting_deleting(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    header_menu(page, 1, "Сортировать А → Я")
    expect(page.locator(".toast")).to_contain_text("Строки переставлены")
    assert column(page, 1) == names(orders) == ["Анна", "Пётр", "Юля"]
    expect(page.locator(".steps li").nth(3)).to_have_class("done")
    page.locator("#grid .row-number", has_text="2").first.click()
    with page.expect_response("**:batchUpdate"):
        page.get_by_role("button", name="Переставить ниже").click()
    shows(page, 0, "Пётр")
    assert names(orders) == ["Пётр", "Анна", "Юля"]
    with page.expect_response("**:batchUpdate"):
        page.get_by_role("button", name="Вставить выше").click()
    shows(page, 1, "")
    assert names(orders) == ["Пётр", "", "Анна", "Юля"]
    with page.expect_response("**:batchUpdate"):
        page.get_by_role("button", name="Удалить", exact=True).click()
    shows(page, 1, "Анна")
    assert names(orders) == ["Пётр", "Анна", "Юля"]


def test_a_row_is_dragged(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    numbers = page.locator("#grid .tabulator-row .row-number")
    expect(numbers.first).to_be_visible()
    with page.expect_response("**:batchUpdate"):
        drag(page, numbers.nth(0), numbers.nth(2))
    shows(page, 2, "Юля")
    assert names(orders) == ["Пётр", "Анна", "Юля"]


def drag(page: Page, what: Locator, where: Locator) -> None:
    """Drag slowly enough for the grid to notice."""
    start, end = what.bounding_box(), where.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.wait_for_timeout(400)  # the grid starts a drag only after the button was held
    page.mouse.move(end["x"] + 20, end["y"] + 10, steps=8)
    page.mouse.move(end["x"] + 20, end["y"] + 25, steps=4)
    page.mouse.up()


def test_columns_are_renamed_and_inserted(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    header_menu(page, 3, "Переименовать…")
    page.get_by_label("Столбец D").fill("Заметки")
    page.get_by_role("button", name="Переименовать").click()
    expect(page.locator("#grid .tabulator-col .title").nth(3)).to_contain_text("Заметки")
    header_menu(page, 0, "Вставить столбец слева")
    expect(page.locator("#grid .tabulator-col .title").nth(1)).to_contain_text("ID")
    assert orders.row_values(1) == ["", "ID", "Имя", "Статус", "Заметки"]


def test_typing_is_not_disturbed_by_news(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    page.goto(sandbox.url)
    cell(page, "Юля").click()
    page.keyboard.type("1")
    orders.update([["Олег"]], "B4")
    for _ in range(2):  # the second look certainly began after the edit
        with page.expect_response("**/sandbox/page/changes**"):
            pass
    assert page.locator("#grid .tabulator-cell.tabulator-editing").count() == 1
    page.keyboard.press("Escape")
    expect(cell(page, "Олег")).to_be_visible()


def test_the_page_is_not_counted_among_requests(page: Page, sandbox: Sandbox, orders: gspread.Worksheet) -> None:
    before = sandbox.get("/sandbox/requests").json()
    sandbox.control("faults", api="sheets", path=".*", times=1, status=500)
    page.goto(sandbox.url)
    typed(page, cell(page, "Пётр"), "Павел")
    expect(cell(page, "Павел")).to_be_visible()
    sandbox.call("DELETE", "/sandbox/faults")
    assert sandbox.get("/sandbox/requests").json() == before
    assert names(orders)[1] == "Павел"


def test_a_press_in_a_chat_reaches_get_updates(page: Page, sandbox: Sandbox, talk: Talk) -> None:
    page.goto(sandbox.url)
    markup = {"inline_keyboard": [[{"text": "✅ ПРИНЯТЬ ЗАКАЗ 🚀", "callback_data": "accept:1"}]]}
    talk.send("<b>Новая заявка</b>", parse_mode="HTML", reply_markup=markup)
    page.get_by_role("button", name="ПРИНЯТЬ").click()
    query = talk.updates(timeout=5)[-1]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("accept:1", YULIA)
    talk.bot("answerCallbackQuery", callback_query_id=query["id"], text="Заказ ваш", show_alert=True)
    expect(page.get_by_role("alertdialog")).to_contain_text("Заказ ваш")
    page.get_by_role("button", name="OK").click()
    talk.bot("editMessageText", chat_id=YULIA, message_id=query["message"]["message_id"], text="Ваш заказ")
    expect(page.locator(".messages li").last).to_contain_text("Ваш заказ")
    expect(page.locator(".messages li").last).to_contain_text("изменено")


def test_writing_contact_and_keyboard(page: Page, sandbox: Sandbox, talk: Talk) -> None:
    page.goto(sandbox.url)
    for number in range(12):
        talk.send(f"Сообщение {number}")
    talk.send("Меню", reply_markup={"keyboard": [["Вернуться в меню"], ["Мои заявки"], ["Позвонить"]]})
    expect(page.locator(".messages li").last).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Вернуться в меню").click()
    box = page.get_by_label("Сообщение от Юля")
    box.fill(EVIL)
    box.press("Enter")
    expect(page.locator(".messages li").last).to_contain_text(EVIL)
    expect(box).to_have_value("")
    page.get_by_role("button", name="Прикрепить").click()
    page.get_by_role("button", name="Поделиться контактом").click()
    expect(page.locator(".messages .card")).to_contain_text("79001234567")
    said = [update["message"] for update in talk.updates()]
    assert [message.get("text") for message in said] == ["Вернуться в меню", EVIL, None]
    assert said[2]["contact"]["user_id"] == YULIA


def test_people_are_invited_and_start_the_bot(page: Page, sandbox: Sandbox) -> None:
    talk = Talk(sandbox)
    talk.bot("getMe")
    page.goto(sandbox.url)
    page.get_by_role("button", name="Позвать людей").click()
    expect(page.locator(".people [role=tab]")).to_have_count(4)
    page.locator(".people [role=tab]", has_text="Ольга").click()
    page.locator(".phone", has_text="Ольга").get_by_role("button", name="СТАРТ").click()
    assert talk.updates(timeout=5)[-1]["message"]["text"] == "/start"


def test_blocking_in_the_chat(page: Page, sandbox: Sandbox, talk: Talk) -> None:
    page.goto(sandbox.url)
    page.get_by_role("button", name="Меню", exact=True).click()
    page.get_by_role("button", name="Заблокировать бота").click()
    page.get_by_role("button", name="Разблокировать").click()
    expect(page.locator(".messages .own")).to_have_count(2)
    assert [next(key for key in update if key != "update_id") for update in talk.updates()] == [
        "my_chat_member",
        "my_chat_member",
        "message",
    ]


def test_a_group_is_a_chat_too(page: Page, sandbox: Sandbox, talk: Talk) -> None:
    sandbox.control("telegram/groups", id=-100500, title="Диспетчеры", forum=False)
    talk.bot("sendMessage", chat_id=-100500, text="Тревога")
    page.goto(sandbox.url)
    page.locator(".people [role=tab]", has_text="Диспетчеры").click()
    group = page.locator(".phone", has_text="Диспетчеры")
    expect(group).to_contain_text("Тревога")
    group.get_by_label("Сообщение от Диспетчеры").fill("Вижу")
    group.get_by_role("button", name="Отправить").click()
    assert talk.updates(timeout=5)[-1]["message"]["chat"]["id"] == -100500


def test_on_a_phone_sheet_and_chats_take_turns(page: Page, sandbox: Sandbox, talk: Talk) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(sandbox.url)
    expect(page.locator(".sheet")).to_be_visible()
    expect(page.locator(".chats")).to_be_hidden()
    page.get_by_role("button", name="Чаты").click()
    expect(page.locator(".phone")).to_be_visible()
    expect(page.locator(".sheet")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert talk.token == BOT


@pytest.mark.usefixtures("orders")
def test_looks_at_the_sheet_wait_for_each_other(page: Page, sandbox: Sandbox, demo: gspread.Spreadsheet) -> None:
    masters = demo.add_worksheet("Мастера", 20, 6)
    masters.update([["ID", "Имя"], ["1", "Иван"]], "A1")
    # the grid's library builds a table in a timeout of 0: here that takes long enough for the next look to begin
    page.add_init_script("""
      const soon = window.setTimeout;
      window.setTimeout = (what, wait, ...more) => soon(what, wait || window.slowly || 0, ...more);
    """)
    page.goto(sandbox.url)
    shows(page, 0, "Юля")
    page.evaluate("window.slowly = 1500")
    with page.expect_response(lambda answer: "dataValidation" in answer.url):
        page.get_by_role("tab", name="Мастера").click()
    masters.append_row(["2", "Сергей"], table_range="A1")
    shows(page, 1, "Сергей")
