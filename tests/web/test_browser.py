"""The site in a real browser: phone and desk, light and dark, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from record.values import Status
from tests.web.browser import DESK, NARROWEST, PHONE, Look, Opens, assert_for_everybody
from tests.web.process import Process
from tests.web.visitor import all_orders, put_order

FIRST_VIEW = 150_000
PAGES = (
    "/",
    "/catalog.html",
    "/order-complete.html",
    "/privacy.html",
    "/consent.html",
    "/track.html?id=503&key=key-503",
    "/track.html?id=1",
)


@pytest.mark.parametrize(
    ("viewport", "javascript"), [(PHONE, True), (DESK, True), (PHONE, False)], ids=["phone", "desk", "no-js"]
)
def test_ordering_and_following_the_order(
    window: Opens, site: Process, viewport: dict[str, int], *, javascript: bool
) -> None:
    one = window(viewport, java_script_enabled=javascript)
    page = one.opens()
    one.fills(name=f"Юля {viewport['width']} {javascript}")
    page.click("text=Отправить заявку")
    number = page.text_content(".number")
    page.click("text=Следить за заявкой")
    assert page.text_content("h1") == "Ищем мастера"
    assert page.text_content(".number") == number
    [order] = [order for order in all_orders(site.store) if order.name == f"Юля {viewport['width']} {javascript}"]
    assert order.id == number
    if not javascript:
        assert page.is_visible("noscript a")


def test_a_form_with_a_mistake_and_an_order_taken_are_for_everybody(window: Opens, look: Look) -> None:
    one = window(**look)
    page = one.opens()
    one.fills(phone="12-34")
    page.click("text=Отправить заявку")
    page.wait_for_selector("#phone-error")
    assert_for_everybody(page)
    page.fill("#phone", "+79001234567")
    page.click("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    assert_for_everybody(page)
    one.faults.clear()  # the browser itself logs an answer of 422


def test_a_double_click_is_one_order(window: Opens, site: Process) -> None:
    one = window()
    page = one.opens()
    one.fills(name="Дважды")
    page.dblclick("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    assert len([order for order in all_orders(site.store) if order.name == "Дважды"]) == 1


def test_a_mistake_takes_the_cursor_and_keeps_the_rest(window: Opens) -> None:
    one = window()
    page = one.opens()
    one.fills(phone="12-34")
    page.click("text=Отправить заявку")
    expect(page.locator("#phone")).to_be_focused()
    assert page.locator("#phone").get_attribute("aria-describedby") == "phone-error"
    assert page.is_visible("#phone-error")
    assert (page.input_value("#problem"), page.is_checked("input[name=consent]")) == ("Искрит", True)
    one.faults.clear()  # the browser itself logs an answer of 422


def test_back_to_a_corrected_form_shows_it_as_it_was_sent(window: Opens, site: Process) -> None:
    one = window()
    page = one.opens()
    one.fills(name="Вернулась", phone="12-34")
    page.click("text=Отправить заявку")
    page.wait_for_selector("#phone-error")
    page.fill("#phone", "+79001234567")
    page.click("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    page.go_back()
    assert (page.input_value("#name"), page.input_value("#phone")) == ("Вернулась", "+79001234567")
    page.click("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    assert len([order for order in all_orders(site.store) if order.name == "Вернулась"]) == 1
    one.faults.clear()  # the browser itself logs an answer of 422


def test_the_tracking_page_follows_the_order_by_itself(window: Opens, site: Process) -> None:
    put_order(site.store, "501")
    one = window()
    one.page.clock.install()
    page = one.opens("/track.html?id=501&key=key-501")
    put_order(site.store, "501", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
    page.clock.fast_forward(5000)
    page.wait_for_selector("text=Пётр Лодочкин")
    assert page.locator(".steps .now").text_content() == "В работе"
    assert page.locator("[data-news]").text_content() == "Мастер найден"
    assert "мастер найден" in page.title()
    put_order(site.store, "501", Статус=Status.DONE.value, Мастер="Пётр Лодочкин", Цена=2000)
    page.clock.fast_forward(5000)
    page.wait_for_selector("h1:has-text('Работа выполнена')")
    assert page.locator("[hx-get]").count() == 0


def test_a_tracking_page_without_a_network_says_so(window: Opens, site: Process) -> None:
    put_order(site.store, "502")
    one = window()
    one.page.clock.install()
    page = one.opens("/track.html?id=502&key=key-502")
    assert page.is_hidden("text=Нет связи")
    page.context.set_offline(offline=True)
    page.clock.fast_forward(5000)
    page.wait_for_selector("text=Нет связи")
    page.context.set_offline(offline=False)
    page.clock.fast_forward(5000)
    page.wait_for_selector("text=Нет связи", state="hidden")
    one.faults.clear()  # the browser itself logs the lost connection


def test_pages_are_for_everybody(window: Opens, site: Process, look: Look) -> None:
    put_order(site.store, "503", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
    one = window(**look)
    for address in PAGES:
        assert_for_everybody(one.opens(address))
    one.faults.clear()  # the browser itself logs an answer of 404


def test_the_narrowest_phone_shows_everything(window: Opens, site: Process) -> None:
    put_order(site.store, "504", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
    one = window(NARROWEST, reduced_motion="reduce")
    for address in PAGES:
        assert_for_everybody(one.opens(address))
    one.faults.clear()


def test_nothing_moves_for_people_who_asked_for_that(window: Opens) -> None:
    moving = "document.getAnimations().length"
    assert window(reduced_motion="reduce").opens().evaluate(moving) == 0
    assert window(reduced_motion="no-preference").opens().evaluate(moving) > 0


def test_the_first_view_is_small(window: Opens) -> None:
    one = window()
    wire = one.page.context.new_cdp_session(one.page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    one.page.goto(one.url, wait_until="networkidle")
    assert len(sizes) >= 4
    assert sum(sizes) <= FIRST_VIEW


def test_the_font_is_ours(window: Opens) -> None:
    page = window().opens()
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px Onest', 'Щука и pike')")


def tab_to(page: Page, what: str) -> None:
    """Go on by the Tab key until this has the focus; what lies between depends on the price list."""
    for _ in range(8):
        if page.locator(what).evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{what} is not reached by the Tab key")


def test_the_form_can_be_sent_by_keyboard_alone(window: Opens) -> None:
    page = window().opens()
    page.focus("#problem")
    typed = {"#problem": "Искрит", "#address": "Мира 1", "#name": "Юля", "#phone": "89001234567"}
    for field, text in typed.items():
        tab_to(page, field)
        page.keyboard.type(text)
    tab_to(page, "input[name=consent]")
    page.keyboard.press("Space")
    tab_to(page, "form[data-once] button[data-busy]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/order-complete.html")


@pytest.mark.parametrize(
    ("viewport", "javascript"), [(PHONE, True), (DESK, True), (PHONE, False)], ids=["phone", "desk", "no-js"]
)
def test_calling_an_order_off(window: Opens, site: Process, viewport: dict[str, int], *, javascript: bool) -> None:
    number = str(510 + viewport["width"] + javascript)
    put_order(site.store, number)
    page = window(viewport, java_script_enabled=javascript).opens(f"/track.html?id={number}&key=key-{number}")
    page.click("text=Отменить заявку")
    page.click("text=Да, отменить")
    page.wait_for_selector("h1:has-text('Заявка отменена')")
    assert page.url.endswith(f"/track.html?id={number}&key=key-{number}")
