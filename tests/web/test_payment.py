"""How to pay: by the QR of the bank's app, by the requisites, or to the master; nothing pretends to be confirmed."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from record.grid.worksheets import ORDERS
from record.settings.sections import Payment, Telegram
from record.store import Store
from tests.record.test_payment import COMPANY
from tests.web.browser import Look, Opens, assert_for_everybody
from tests.web.process import Process
from tests.web.visitor import Visitor, put_order, settings_for
from web import create_app

NUMBERS = count(71)
REQUISITES = Payment(**vars(COMPANY))
Site = Callable[..., Visitor]


@pytest.fixture
def visit(store: Store, tmp_path: Path) -> Site:
    """Return what makes a visitor of a site with these settings; order 7 is done for 2,000 ₽, 8 is new."""

    def make(**changed: Any) -> Visitor:
        plain = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3")
        settings = plain.model_copy(
            update={"telegram": Telegram(admin_chat_id=900), "payment": REQUISITES, **changed}
        )
        return Visitor(create_app(settings, store).test_client())

    put_order(store, "7", Статус="Выполнена", Мастер="Пётр Лодочкин", Цена=2000, Комментарий="Ключ у соседа")
    put_order(store, "8")
    return make


def test_the_sum_the_requisites_and_the_qr_of_an_order_are_shown(visit: Site) -> None:
    visitor = visit()
    page = visitor.opens("/payment.html?id=7&key=key-7").get_data(as_text=True)
    assert "К оплате 2\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₽" in page
    assert all(part in page for part in (COMPANY.account, COMPANY.bic, "Оплата по заявке №7"))
    drawn = visitor.opens("/payment/qr.svg?id=7&key=key-7")
    assert (drawn.mimetype, "<svg" in visitor.page, drawn.headers["Cache-Control"]) == (
        "image/svg+xml", True, "no-store",
    )  # fmt: skip


def test_before_there_is_a_price_nothing_asks_for_money(visit: Site) -> None:
    page = visit().opens("/payment.html?id=8&key=key-8").get_data(as_text=True)
    assert "Цена появится здесь" in page
    assert "qr.svg" not in page
    assert "Я оплатил" not in page


def test_without_requisites_one_pays_the_master(visit: Site) -> None:
    visitor = visit(payment=Payment())
    for address in ("/payment.html", "/payment.html?id=7&key=key-7"):
        assert "Заплатите мастеру после работы" in visitor.opens(address).get_data(as_text=True)
        assert "Я оплатил" not in visitor.page  # the master has the money in his hand: there is nothing to check
    assert visitor.opens("/payment/qr.svg").status_code == 404


def test_free_work_asks_for_no_money(visit: Site, store: Store) -> None:
    put_order(store, "9", Статус="Выполнена", Мастер="Пётр Лодочкин", Цена=0)
    for visitor in (visit(), visit(payment=Payment())):
        page = visitor.opens("/payment.html?id=9&key=key-9").get_data(as_text=True)
        assert "Платить не нужно" in page
        assert not any(part in page for part in ("qr.svg", COMPANY.account, "Я оплатил", "Заплатите"))
        assert "Как оплатить" not in visitor.opens("/track.html?id=9&key=key-9").get_data(as_text=True)


def test_without_an_order_the_requisites_are_shown_without_a_sum(visit: Site) -> None:
    page = visit().opens("/payment.html").get_data(as_text=True)
    assert COMPANY.account in page
    assert "Я оплатил" not in page


@pytest.mark.parametrize("key", ["", "key-8", "KEY-7"])
def test_a_strangers_order_shows_nothing(visit: Site, key: str) -> None:
    visitor = visit()
    for address in ("/payment.html", "/payment/qr.svg"):
        answer = visitor.opens(f"{address}?id=7&key={key}")
        assert (answer.status_code, "000" in visitor.page and "₽" in visitor.page) == (404, False)


def test_the_clients_word_goes_to_the_comment_and_the_admin_once_and_confirms_nothing(
    visit: Site, store: Store
) -> None:
    visitor = visit()
    for _ in range(2):
        visitor.opens("/payment.html?id=7&key=key-7")
        sent = {"csrf_token": visitor.hidden("csrf_token"), "id": "7", "key": "key-7"}
        assert sent["csrf_token"] or "Спасибо, записали" in visitor.page
        visitor.client.post("/payment.html", data=sent)
    page = visitor.opens("/payment.html?id=7&key=key-7").get_data(as_text=True)
    assert "Спасибо, записали. Сотрудник проверит поступление" in page
    assert "Ждём поступления 2\xa0000\xa0₽" in page
    assert "К оплате" not in page
    tracked = visitor.opens("/track.html?id=7&key=key-7").get_data(as_text=True)
    assert "Ждём поступления" in tracked
    assert "Как оплатить" not in tracked
    with store.reading() as tx:
        order = tx.orders.get("7")
        waiting = [write for write in tx.journal.open() if write.title == ORDERS]
        told = [w.notice for w in tx.outbox.due(("admin",), 10)]
    assert order is not None
    assert [write.cells for write in waiting] == [{"Комментарий": order.comment}]
    assert order.comment.startswith("Ключ у соседа\nКлиент сообщил об оплате 2\xa0000\xa0₽, ")
    assert [(notice.kind, notice.order_id, notice.facts["price"]) for notice in told] == [("paid", "7", "2000")]


@pytest.mark.parametrize("key", ["", "key-8"])
def test_a_stranger_can_say_nothing_about_an_order(visit: Site, store: Store, key: str) -> None:
    visitor = visit()
    visitor.opens("/payment.html?id=7&key=key-7")
    sent = {"csrf_token": visitor.hidden("csrf_token"), "id": "7", "key": key}
    assert visitor.client.post("/payment.html", data=sent).status_code == 404
    with store.reading() as tx:
        assert tx.outbox.due(("admin",), 10) == []


@pytest.fixture(scope="module")
def bank_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A running site that has requisites."""
    given = {f"NARYAD_PAYMENT__{name.upper()}": value for name, value in vars(COMPANY).items()}
    running = Process(tmp_path_factory.mktemp("bank"), **given)
    yield running
    running.end()


def test_the_page_is_for_everybody(window: Opens, bank_site: Process, look: Look) -> None:
    number = str(next(NUMBERS))
    put_order(bank_site.store, number, Статус="Выполнена", Мастер="Пётр Лодочкин", Цена=2000)
    page = window(**look, at=bank_site).opens(f"/payment.html?id={number}&key=key-{number}")
    assert page.locator("img[alt^='QR-код']").evaluate("(one) => one.naturalWidth") > 0
    assert_for_everybody(page)
    page.get_by_role("button", name="Я оплатил").click()
    page.get_by_text("Спасибо, записали").wait_for()
    assert_for_everybody(page)


def test_without_scripts_one_can_say_it_as_well(window: Opens, bank_site: Process) -> None:
    put_order(bank_site.store, "70", Статус="Выполнена", Мастер="Пётр Лодочкин", Цена=2000)
    page = window(java_script_enabled=False, at=bank_site).opens("/payment.html?id=70&key=key-70")
    page.get_by_role("button", name="Я оплатил").click()
    page.get_by_text("Спасибо, записали").wait_for()
