"""Ordering on the site: what is taken, what is asked again, and what never makes two orders of one."""

import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from record.grid.worksheets import SERVICES
from record.store import Store
from record.values import Status
from tests.web.visitor import GOOD, NewVisitor, Visitor, all_orders

pytestmark = pytest.mark.timeout(30)


def test_an_order_is_saved_and_its_number_shown(visitor: Visitor, store: Store) -> None:
    number = visitor.orders()
    [order] = all_orders(store)
    assert (order.id, order.name, order.phone) == (number, "Юля", "+79001234567")
    assert (order.address, order.problem, order.category) == ("Невского 47", "Не работает розетка", "Электрика")
    assert (order.status, order.source) == (Status.NEW, "website")


def test_the_order_leads_to_its_tracking_page(visitor: Visitor) -> None:
    number = visitor.orders()
    answer = visitor.opens(visitor.tracking_link())
    assert answer.status_code == 200
    assert (visitor.number(), "Ищем мастера" in visitor.page) == (number, True)


def test_success_redirects_to_the_page_of_the_contract_with_nothing_private_in_its_address(visitor: Visitor) -> None:
    answer = visitor.sends()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/order-complete.html")


def test_reloading_shows_the_same_order_again(visitor: Visitor, store: Store) -> None:
    number = visitor.orders()
    visitor.opens("/order-complete.html")
    assert (visitor.number(), len(all_orders(store))) == (number, 1)


def test_who_lost_the_link_finds_it_on_the_first_page(visitor: Visitor) -> None:
    number = visitor.orders()
    link = visitor.tracking_link()
    visitor.opens()
    assert visitor.tracking_link() == link
    assert f"Ваша заявка №&nbsp;{number}" in visitor.page


def test_without_an_order_the_page_is_friendly(visitor: Visitor) -> None:
    answer = visitor.opens("/order-complete.html")
    assert answer.status_code == 200
    assert "Здесь появится ваша заявка" in visitor.page


@pytest.mark.parametrize("address", ["/", "/index.html", "/order"])
def test_the_form_may_be_posted_to(visitor: Visitor, address: str) -> None:
    assert visitor.sends(address).status_code == 303


@pytest.mark.parametrize("consent", ["yes", "on", "1", "true", "y"])
def test_consent_in_any_form_is_consent(visitor: Visitor, consent: str) -> None:
    assert visitor.sends(consent=consent).status_code == 303


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "   ", "Напишите, как к вам обращаться"),
        ("phone", "", "Оставьте телефон"),
        ("phone", "12-34", "Телефон «12-34» непонятен: нужны 11 цифр, например +7 900 123-45-67"),
        ("address", "", "Укажите адрес"),
        ("problem", "\u200b\x00 \n", "что случилось"),
        ("consent", "", "Без согласия"),
    ],
)
def test_a_missing_or_unclear_answer_is_asked_again(
    visitor: Visitor, store: Store, field: str, typed: str, message: str
) -> None:
    answer = visitor.sends(**{field: typed})
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">.*?<span>(.*?)</span>', visitor.page, re.DOTALL)
    assert said
    assert message in unescape(said[1])
    for mark in (f'aria-describedby="{field}-error"', 'aria-invalid="true"', "autofocus"):
        assert re.search(rf'name="{field}"[^>]*{mark}', visitor.page)
    assert all_orders(store) == []


def test_everything_typed_is_kept(visitor: Visitor) -> None:
    visitor.sends(phone="нет", problem="Искрит\nи пахнет", address="Мира 1, кв. 2")
    page = unescape(visitor.page)
    assert "Искрит\nи пахнет</textarea>" in page
    for kept in ('value="Мира 1, кв. 2"', 'value="Юля"', 'value="нет"'):
        assert kept in page
    assert re.search(r'name="consent"[^>]*checked', page)


def test_only_the_first_wrong_answer_takes_the_cursor(visitor: Visitor) -> None:
    visitor.sends(name="", phone="", address="")
    assert re.findall(r'name="(\w+)"[^>]*autofocus', visitor.page) == ["address"]


@pytest.mark.parametrize(
    "typed",
    [
        "<b>жирно</b> & <script>alert(1)</script>",
        "🔥 искрит 🔌",
        "\u202eтекст\u200f",
        '=IMPORTXML("http://x")',
        "a'\"b",
    ],
)
def test_anything_typed_is_text(visitor: Visitor, store: Store, typed: str) -> None:
    visitor.sends(problem=typed, name=typed, phone="нет")
    assert "<b>" not in visitor.page.partition("<form")[2].partition("</form>")[0]
    assert "<script>" not in visitor.page
    visitor.orders(problem=typed, name=typed)
    [order] = all_orders(store)
    assert (order.problem, order.name) == (typed, typed)


def test_control_characters_and_nul_are_left_out(visitor: Visitor, store: Store) -> None:
    visitor.orders(problem="ис\x00крит\x07\r\nсильно", name="Ю\nля\x1b")
    [order] = all_orders(store)
    assert (order.problem, order.name) == ("искрит\nсильно", "Ю ля")


def test_a_text_that_came_past_the_browsers_limit_is_cut_with_a_sign(visitor: Visitor, store: Store) -> None:
    visitor.orders(problem="ж" * 5000)
    [order] = all_orders(store)
    assert order.problem == "ж" * 1999 + "…"


def test_the_longest_text_of_emoji_fits_into_a_request(visitor: Visitor) -> None:
    assert visitor.sends(problem="🔥" * 5000).status_code == 303


def test_a_script_that_fills_every_field_is_asked_kindly(visitor: Visitor, store: Store) -> None:
    answer = visitor.sends(company_site="http://spam.example")
    assert answer.status_code == 422
    assert "просто отправьте её ещё раз" in visitor.page
    assert all_orders(store) == []
    assert visitor.sends().status_code == 303


def test_the_same_form_sent_twice_is_one_order(visitor: Visitor, store: Store) -> None:
    visitor.opens()
    form = {name: visitor.hidden(name) for name in ("csrf_token", "form_token")}
    assert visitor.orders(**form) == visitor.orders(**form)
    assert len(all_orders(store)) == 1


def test_a_second_order_in_the_same_words_is_a_second_order(visitor: Visitor, store: Store) -> None:
    first = visitor.orders()
    visitor.opens()
    assert visitor.orders() != first
    assert len(all_orders(store)) == 2


def test_a_double_click_is_one_order(new_visitor: NewVisitor, store: Store) -> None:
    visitor = new_visitor()
    visitor.opens()
    hidden = {name: visitor.hidden(name) for name in ("csrf_token", "form_token")}
    cookie = visitor.client.get_cookie("naryad")
    assert cookie

    def click() -> None:
        other = new_visitor()
        other.client.set_cookie("naryad", cookie.value)
        other.client.post("/", data=GOOD | hidden)

    in_parallel([click] * 8)
    assert len(all_orders(store)) == 1


def test_a_script_that_knows_only_the_csrf_token_makes_one_order_of_a_repeat(visitor: Visitor, store: Store) -> None:
    visitor.opens()
    sent = GOOD | {"csrf_token": visitor.hidden("csrf_token")}
    for _ in range(2):
        assert visitor.client.post("/", data=sent).status_code == 303
    visitor.client.post("/", data=sent | {"problem": "Другое"})
    assert len(all_orders(store)) == 2


def test_twenty_at_once_get_twenty_numbers(new_visitor: NewVisitor, store: Store) -> None:
    visitors = [new_visitor() for _ in range(20)]
    in_parallel([partial(one.orders, problem=f"Проблема {n}") for n, one in enumerate(visitors)])
    numbers = [one.number() for one in visitors]
    assert len(set(numbers)) == 20
    assert {order.id for order in all_orders(store)} == set(numbers)


def test_a_form_without_its_token_comes_back_with_everything_typed(visitor: Visitor, store: Store) -> None:
    answer = visitor.client.post("/", data=GOOD)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Форма устарела" in page
    assert "Не работает розетка</textarea>" in page
    assert all_orders(store) == []
    visitor.page = page
    assert visitor.sends().status_code == 303


def test_another_visitors_token_is_not_taken(new_visitor: NewVisitor, store: Store) -> None:
    other = new_visitor()
    other.opens()
    visitor = new_visitor()
    assert visitor.sends(csrf_token=other.hidden("csrf_token")).status_code == 400
    assert all_orders(store) == []


def test_too_many_orders_from_one_address_wait(new_visitor: NewVisitor, store: Store) -> None:
    visitor = new_visitor(orders_per_minute=3)
    codes = []
    for n in range(4):
        visitor.opens()
        codes.append(visitor.sends(problem=f"Проблема {n}").status_code)
    assert codes == [303, 303, 303, 429]
    assert visitor.answers[-1].headers["Retry-After"] == "60"
    assert "Подождите минуту" in visitor.page
    assert "Проблема 3</textarea>" in visitor.page
    assert len(all_orders(store)) == 3


def test_mistakes_do_not_count_against_the_limit(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(orders_per_minute=1)
    codes = [visitor.sends(phone="нет").status_code for _ in range(3)]
    assert (codes, visitor.sends().status_code) == ([422] * 3, 303)


def test_other_addresses_behind_nginx_are_other_visitors(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(orders_per_minute=1)
    for n, code in ((1, 303), (1, 429), (2, 303)):
        visitor.opens()
        sent = GOOD | {"csrf_token": visitor.hidden("csrf_token"), "problem": f"Ещё {n}"}
        answer = visitor.client.post("/", data=sent, headers={"X-Forwarded-For": f"198.51.100.{n}"})
        assert answer.status_code == code


def test_a_stranger_cannot_pretend_another_address(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(orders_per_minute=1)
    visitor.opens()
    codes = []
    for n in range(2):
        sent = GOOD | {"csrf_token": visitor.hidden("csrf_token"), "problem": f"Ещё {n}"}
        forged = {"X-Forwarded-For": f"198.51.100.{n}"}
        peer = {"REMOTE_ADDR": "203.0.113.9"}
        codes.append(visitor.client.post("/", data=sent, headers=forged, environ_base=peer).status_code)
    assert codes == [303, 429]


@pytest.mark.usefixtures("on_sqlite")
def test_the_store_away_loses_nothing_typed(visitor: Visitor, tmp_path: Path) -> None:
    visitor.opens()
    with sqlite3.connect(tmp_path / "naryad.sqlite3") as damaged:
        damaged.execute("DROP TABLE journal")
    damaged.close()
    assert visitor.sends().status_code == 503
    assert "Не получилось сохранить" in visitor.page
    assert "Не работает розетка</textarea>" in visitor.page


def test_categories_come_from_the_sheet(visitor: Visitor, store: Store) -> None:
    with store.transaction() as tx:
        rows = [("Электрика", "Розетка"), ("Сети", "Роутер"), ("Электрика", "Свет"), ("Тайное", "Нет")]
        tx.lists.put(SERVICES, [(kind, name, "", "", 100, kind != "Тайное") for kind, name in rows])
    visitor.opens("/?category=Сети&problem=Роутер")
    assert re.findall(r"<option[^>]*>([^<]+)", visitor.page) == ["Электрика", "Сети"]
    assert "<option selected>Сети" in visitor.page
    assert "Роутер</textarea>" in visitor.page


def test_an_order_that_names_no_category_has_the_companys(visitor: Visitor, store: Store) -> None:
    visitor.orders(category="")
    assert all_orders(store)[0].category == "Электрика"


def in_parallel(acts: Sequence[Callable[[], object]]) -> None:
    """Let all of them start at the same instant, and wait for their end."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
