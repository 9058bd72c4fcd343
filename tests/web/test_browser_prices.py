"""Catalog, services and calculator in a real browser, with a script and without."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.web.browser import DESK, NARROWEST, PHONE, SIZES, Look, Opens, assert_for_everybody
from tests.web.process import Process
from tests.web.shop import code, stock
from tests.web.visitor import all_orders

SOCKET, LAMP = code("Замена розетки"), code("Подвес люстры")
PAGES = (
    "/catalog.html",
    "/catalog.html?q=люстра",
    "/catalog.html?q=вертолёт",
    "/services.html",
    "/calculator.html",
    f"/calculator.html?estimate={SOCKET}.12_{LAMP}.3_urgent_night",
    f"/?estimate={SOCKET}.12",
)


def test_pages_are_for_everybody(window: Opens, site: Process, look: Look) -> None:
    stock(site.store)
    one = window(**look)
    for address in PAGES:
        assert_for_everybody(one.opens(address))


def test_the_narrowest_phone_shows_everything(window: Opens, site: Process) -> None:
    stock(site.store)
    one = window(NARROWEST, reduced_motion="reduce")
    for address in PAGES:
        assert_for_everybody(one.opens(address))


@pytest.mark.parametrize("viewport", SIZES)
def test_the_catalog_finds_as_one_types(window: Opens, site: Process, viewport: dict[str, int]) -> None:
    stock(site.store)
    page = window(viewport).opens("/catalog.html?category=Свет")
    page.locator("#q").press_sequentially("люсра")
    expect(page.locator(".prices li")).to_have_count(1)
    expect(page.locator("[data-news]")).to_have_text("Показано услуг: 1")
    assert unquote(page.url).endswith("/catalog.html?category=Свет&q=люсра")
    expect(page.locator("#q")).to_be_focused()
    page.reload()
    expect(page.locator(".prices li")).to_have_count(1)
    page.click("nav[aria-label=Категории] >> text=Все")
    assert unquote(page.url).endswith("/catalog.html?q=люсра")
    page.click("text=Заказать")
    assert page.input_value("#problem") == "Подвес люстры"
    assert page.input_value("#category") == "Свет"


def test_the_catalog_without_a_script(window: Opens, site: Process) -> None:
    stock(site.store)
    page = window(PHONE, java_script_enabled=False).opens("/catalog.html")
    page.fill("#q", "перенос")
    page.click("text=Найти")
    assert page.locator(".prices li b").all_text_contents()[0] == "Перенос розетки"
    page.click("text=Заказать")
    assert page.input_value("#problem") == "Перенос розетки"


@pytest.mark.parametrize("viewport", SIZES)
def test_the_calculator_counts_while_one_chooses(window: Opens, site: Process, viewport: dict[str, int]) -> None:
    stock(site.store)
    one = window(viewport)
    page = one.opens("/calculator.html")
    page.click("summary:has-text('Свет')")
    page.click("[aria-label='Больше: Подвес люстры']")
    page.click("[aria-label='Больше: Подвес люстры']")
    page.check("input[name=urgent]")
    expect(page.locator(".lines .total dd")).to_have_text(re.compile(r"3\s380\s₽"))
    expect(page.locator("[data-news]")).to_have_text(re.compile(r"Всего 3\s380\s₽"))
    assert page.url.endswith(f"/calculator.html?estimate={LAMP}.2_urgent")
    name = f"Калькулятор {viewport['width']}"
    one.fills(problem="", name=name)
    page.click("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    [order] = [order for order in all_orders(site.store) if order.name == name]
    assert order.problem.startswith("Подвес люстры × 2, срочно")
    assert order.comment.endswith("итого 3 380 ₽")


def test_the_calculator_without_a_script(window: Opens, site: Process) -> None:
    stock(site.store)
    one = window(DESK, java_script_enabled=False)
    page = one.opens("/calculator.html")
    assert page.locator("[data-step]").first.is_hidden()
    page.fill(f"#q-{SOCKET}", "3")
    page.check("input[name=night]")
    page.click("noscript button")
    assert re.search(r"2\s025\s₽", page.locator(".lines .total dd").text_content() or "")
    one.fills(problem="Без сценария", name="Расчёт без сценария")
    page.click("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    [order] = [order for order in all_orders(site.store) if order.name == "Расчёт без сценария"]
    assert order.comment.endswith("итого 2 025 ₽")


@pytest.mark.parametrize("viewport", SIZES)
def test_services_lead_to_the_form_and_to_the_calculator(
    window: Opens, site: Process, viewport: dict[str, int]
) -> None:
    stock(site.store)
    page = window(viewport).opens("/services.html")
    assert page.locator("svg.pic").count() >= 7
    page.click("[aria-label='Заказать: Свет']")
    assert page.input_value("#category") == "Свет"
