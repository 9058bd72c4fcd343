"""The signed-in pages in a real browser: phone and desk, light and dark, with and without JavaScript."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from record.grid.writes import Write
from record.store import Store
from record.values import Cell, to_serial
from record.values.actors import PANEL, Actor, ActorKind
from tests.harness.system import wait_for
from tests.web.browser import (
    DESK,
    NARROWEST,
    PHONE,
    Look,
    Opens,
    Watched,
    assert_accessible,
    assert_fits,
    assert_for_everybody,
)
from tests.web.process import Process
from tests.web.staff import IVAN, PASSWORD, link, masters, password_hash, put_master
from tests.web.visitor import put_order

NUMBERS = count(7001)
SCREENS = [
    pytest.param({"viewport": PHONE, "java_script_enabled": True}, id="phone"),
    pytest.param({"viewport": DESK, "java_script_enabled": True}, id="desk"),
    pytest.param({"viewport": PHONE, "java_script_enabled": False}, id="no-js"),
]
LOOKS = [
    pytest.param({"viewport": PHONE, "color_scheme": "dark", "reduced_motion": "reduce"}, id="phone-dark"),
    pytest.param({"viewport": DESK, "color_scheme": "light", "reduced_motion": "reduce"}, id="desk-light"),
]
PAGES = (
    "/admin.html",
    "/admin/orders",
    "/admin/orders?q=зюзюзю",
    "/admin/orders/7000",
    "/admin/masters",
    "/admin/statistics",
    "/admin/health",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A site of this file's own: a master's page shows no more than thirty new orders."""
    running = Process(tmp_path_factory.mktemp("staff"), ADMIN_PASSWORD_HASH=password_hash())
    yield running
    running.end()


@pytest.fixture(scope="module", autouse=True)
def _company(site: Process) -> None:
    """Masters, one who waits, orders of all kinds, and a change that was overruled."""
    masters(site.store)
    put_master(site.store, "9", "Семён Новиков", {"Комиссия, %": 25}, active=False)
    now = datetime.now(ZoneInfo("Europe/Kaliningrad")).replace(tzinfo=None)
    done: dict[str, Cell] = {"Статус": "Выполнена", "Мастер": "Иван Петров", "Цена": 2000, "Комиссия": 600}
    for number in range(3):
        when = to_serial(now - timedelta(days=number))
        put_order(site.store, str(6990 + number), **done, **{"Дата": when, "Дата выполнения": when})
    put_order(site.store, "7000", Дата=to_serial(now), Проверка="Цена «дорого» — не число", Цена="дорого")
    with site.store.transaction() as tx:
        tx.history.add("7000", "appeared", "", "Новая", Actor(ActorKind.WEBSITE))
        tx.runs.add("poll", ok=True, seconds=0.1, facts={"rows": 4, "changes": 0})
        tx.journal.add(Write("Заявки", "set", "7000", {"Цена": 1500}, {"Цена": 1000}, by=PANEL))
        write = tx.journal.open()[-1]
        tx.journal.mark([write.id], "refused", "changed")


def new_order(store: Store, **named: str) -> str:
    """Put a fresh order into the mirror; return its number."""
    number = str(next(NUMBERS))
    put_order(store, number, Дата=to_serial(datetime.now()), **named)
    return number


def enter_panel(window: Opens, **look: object) -> Watched:
    """Open a window and enter the panel with the password."""
    one = window(**look)
    page = one.opens("/admin.html")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("h1")).to_contain_text("Сегодня")
    return one


def enter_dashboard(window: Opens, site: Process, **look: object) -> Watched:
    """Open a window and enter a master's page by a link of the bot."""
    one = window(**look)
    page = one.opens(f"/master-dashboard.html?enter={link(site.store, IVAN)}")
    page.click("button:has-text('Войти')")
    expect(page.locator("h1")).to_have_text("Иван Петров")
    return one


def cells_of(store: Store, subject: str) -> list[dict[str, object]]:
    """Return the cells of every write that waits for a row."""
    with store.reading() as tx:
        return [dict(write.cells) for write in tx.journal.open() if write.subject == subject]


@pytest.mark.parametrize("screen", SCREENS)
def test_an_order_is_found_and_changed(window: Opens, site: Process, screen: Look) -> None:
    number = new_order(site.store, Имя="Аглая Ромашкина")
    page = enter_panel(window, **screen).page
    page.click("nav >> text=Заявки")
    page.fill("#q", "аглая ромашкина")
    if screen["java_script_enabled"]:
        page.wait_for_url("**sought=1*")  # found as one types, and a reload finds it too
    else:
        page.click("text=Найти")
    page.click(f".number-link:has-text('{number}')")
    page.select_option("#status", "Выполнена")
    page.select_option("#master", label="Сергей Ким")
    page.fill("#price", "2 500 ₽")
    page.click("text=Сохранить")
    page.wait_for_selector("text=Сохранено")
    expect(page.locator("h1 .chip")).to_have_text("Выполнена")
    assert cells_of(site.store, number) == [{"Статус": "Выполнена", "Мастер": "Сергей Ким", "Цена": 2500}]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_master_is_let_in(window: Opens, site: Process, screen: Look) -> None:
    number = str(next(NUMBERS))
    put_master(site.store, number, f"Мастер {number}", active=False)
    page = enter_panel(window, **screen).page
    page.click("nav >> text=Мастера")
    page.fill(f"#percent-{number}", "20")
    page.click(f"#master-{number} >> text=Сохранить")
    page.wait_for_selector("text=Комиссия сохранена")
    page.click(f"#master-{number} >> text=Допустить к заявкам")
    page.wait_for_selector("text=Мастер допущен к заявкам")
    assert cells_of(site.store, number) == [{"Комиссия, %": 20}, {"Активен": True}]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_master_takes_an_order_and_finishes_it(window: Opens, site: Process, screen: Look) -> None:
    number = new_order(site.store)
    page = enter_dashboard(window, site, **screen).page
    page.click(f"[aria-label='Принять заказ № {number}']")
    page.wait_for_selector(f"text=Заказ № {number} ваш")
    mine = page.locator(f"article[aria-label='Заказ № {number}']")
    expect(mine.locator("a[href^='tel:']")).to_have_text("+7 900 123-45-67", use_inner_text=True)
    mine.locator("summary", has_text="Завершить").click()
    mine.locator("input[name=price]").fill("3000")
    mine.locator("button", has_text="Завершить").click()
    page.wait_for_selector("text=завершён")
    expect(page.locator("#money")).to_contain_text(f"№ {number}", use_inner_text=True)
    assert cells_of(site.store, number)[-1]["Цена"] == 3000


def test_a_master_gives_an_order_back_by_keyboard_alone(window: Opens, site: Process) -> None:
    number = new_order(site.store, Статус="В работе", Мастер="Иван Петров")
    page = enter_dashboard(window, site, viewport=PHONE).page
    mine = page.locator(f"article[aria-label='Заказ № {number}']")
    mine.locator("summary", has_text="Вернуть заказ").press("Enter")
    mine.locator("input[name=own]").fill("Сломалась машина")
    mine.locator("input[name=own]").press("Enter")
    page.wait_for_selector("text=вернули")


def test_a_new_order_appears_by_itself_but_takes_away_nothing_that_is_typed(window: Opens, site: Process) -> None:
    kept = new_order(site.store, Статус="В работе", Мастер="Иван Петров")
    one = enter_dashboard(window, site, viewport=PHONE)
    one.page.clock.install()
    page = one.opens("/master-dashboard.html")
    mine = page.locator(f"article[aria-label='Заказ № {kept}']")
    mine.locator("summary", has_text="Завершить").click()
    mine.locator("input[name=price]").fill("12")
    number = new_order(site.store)
    with page.expect_response("**/live"):
        page.clock.fast_forward(10_000)
    expect(mine.locator("input[name=price]")).to_have_value("12")
    expect(page.locator(f"article[aria-label='Новый заказ № {number}']")).to_have_count(0)
    mine.locator("summary", has_text="Завершить").click()
    page.locator("h1").click()
    with page.expect_response("**/live"):
        page.clock.fast_forward(10_000)
    expect(page.locator(f"article[aria-label='Новый заказ № {number}']")).to_be_visible()


def test_a_form_in_a_part_that_came_by_itself_is_sent_once(window: Opens, site: Process) -> None:
    number = new_order(site.store, Статус="В работе", Мастер="Иван Петров")
    one = enter_dashboard(window, site, viewport=PHONE)
    one.page.clock.install()
    page = one.opens("/master-dashboard.html")
    came = new_order(site.store)
    page.clock.fast_forward(10_000)
    page.wait_for_selector(f"article[aria-label='Новый заказ № {came}']")
    mine = page.locator(f"article[aria-label='Заказ № {number}']")
    mine.locator("summary", has_text="Вернуть заказ").click()
    mine.get_by_label("Не успеваю").check()
    button = mine.locator("button[data-busy='Возвращаем…']")
    assert button.evaluate("(one) => { one.click(); one.click(); return one.innerText; }") == "Возвращаем…"
    page.wait_for_selector("text=вернули")


def test_the_first_page_follows_the_day_and_ends_with_the_session(window: Opens, site: Process) -> None:
    one = enter_panel(window, viewport=DESK)
    one.page.clock.install()
    page = one.opens("/admin.html")
    number = new_order(site.store, Проблема="Пахнет горелым")
    with page.expect_response("**/admin/live"):
        page.clock.fast_forward(15_000)
    expect(page.locator("#live")).to_contain_text(f"№ {number}", use_inner_text=True)
    page.context.clear_cookies(name="naryad-admin")
    page.clock.fast_forward(15_000)
    page.wait_for_selector("#password")


@pytest.mark.parametrize("look", LOOKS)
def test_the_panel_is_for_everybody(window: Opens, look: Look) -> None:
    one = window(**look)
    assert_for_everybody(one.opens("/admin.html"))
    one.page.fill("#password", PASSWORD)
    one.page.press("#password", "Enter")
    for address in PAGES:
        assert_for_everybody(one.opens(address))
    open_tables(one.opens("/admin/statistics"))
    assert_accessible(one.page)


@pytest.mark.parametrize("look", LOOKS)
def test_a_masters_page_is_for_everybody(window: Opens, site: Process, look: Look) -> None:
    new_order(site.store)
    new_order(site.store, Статус="В работе", Мастер="Иван Петров", Комментарий="код 12")
    door = window(**look).opens("/master-dashboard.html?enter=x")
    assert_for_everybody(door)
    page = enter_dashboard(window, site, **look).page
    assert_for_everybody(page)
    open_tables(page)
    assert_for_everybody(page)


def open_tables(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def test_nothing_sticks_out_on_the_narrowest_phone(window: Opens, site: Process) -> None:
    one = enter_panel(window, viewport=NARROWEST)
    for address in PAGES:
        assert_fits(one.opens(address))
    assert_fits(enter_dashboard(window, site, viewport=NARROWEST).page)


def test_many_tries_are_refused_in_the_same_form(window: Opens, site: Process) -> None:
    one = window()
    page = one.opens("/admin.html")
    with site.store.transaction() as tx:
        for _ in range(6):
            tx.attempts.begin("admin", "127.0.0.1", time.time())
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_selector("text=Слишком много попыток")
    with site.store.transaction() as tx:
        tx.attempts.forgive("admin", "127.0.0.1")
    assert wait_for(lambda: page.locator("#password").is_visible(), "the form again")
    assert [bool(re.search("429", fault)) for fault in one.faults] == [True]
    one.faults.clear()
