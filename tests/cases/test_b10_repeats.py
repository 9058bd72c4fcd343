"""B10: the same form is one order; a second order from one phone within two hours says that it may be a repeat."""

from datetime import datetime

import pytest

from bots.cards import View, card
from record.actions.client_acts import Draft, Placed
from record.actions.forms import SentForm
from record.grid.worksheets import ORDERS
from record.store import Store
from record.values import telegram
from tests.harness.office import Office, offered
from tests.web.browser import PHONE, Opens
from tests.web.conftest import browser, site, window
from tests.web.visitor import GOOD, NewVisitor, Visitor, all_orders, put_order

__all__ = ["browser", "site", "window"]
MARK = "возможно, повтор #"


def place(office: Office, phone: str = "+79001234567", chat: int = 0, problem: str = "Искрит") -> str:
    """Let a client order by the form, or by the bot where there is a chat."""
    source = "telegram" if chat else "website"
    his = telegram(chat) if chat else None
    return office.actions.place_order(Draft("Аня", phone, "Мира 1", problem, source=source, chat=his)).id


def checks(office: Office) -> dict[str, str]:
    """Return what «Проверка» says of each order, by the order that it may repeat."""
    return {str(row["ID"]): row["Проверка"] for row in office.rows()}


def shown_to_a_master(office: Office, order_id: str) -> str:
    with office.store.reading() as tx:
        order = tx.orders.get(order_id)
    assert order
    return card(order, order_id, View("1", datetime.now()), None).text


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "0")


@pytest.mark.parametrize("second", ["site", "bot", "staff"])
def test_b10_a_likely_repeat_is_marked_in_the_sheet_and_on_the_card(office: Office, second: str) -> None:
    office.begin()
    first = place(office)
    office.settle()
    assert office.told() == offered(int(first))
    match second:
        case "site":
            place(office, problem="Нет света")
        case "bot":
            place(office, chat=777, problem="Нет света")
        case "staff":
            office.type(ORDERS, Имя="Аня", Телефон="8 (900) 123-45-67", Проблема="Нет света")
    office.settle()
    said = checks(office)
    [later] = [key for key in said if key != first]
    assert said[first] == ""
    assert f"{MARK}{first}" in said[later]
    assert office.told() == offered(int(later)), "nothing is swallowed"
    assert f"{MARK}{first}" in shown_to_a_master(office, later)
    assert MARK not in shown_to_a_master(office, first)


def test_b10_of_two_that_one_poll_brings_the_later_is_marked(office: Office) -> None:
    office.begin()
    first, other, second = place(office), place(office, phone="+79110000000"), place(office)
    office.settle()
    said = checks(office)
    assert [MARK in said[one] for one in (first, other, second)] == [False, False, True]


def test_b10_who_clears_the_cell_has_decided(office: Office) -> None:
    office.begin()
    place(office)
    second = place(office)
    office.settle()
    office.change(second, Проверка="")
    office.settle()
    office.change(second, Адрес="Мира 2")
    office.settle()
    assert checks(office)[second] == ""


def test_b10_a_deleted_store_keeps_the_mark_and_adds_none(office: Office) -> None:
    office.begin()
    first, second = place(office), place(office)
    office.settle()
    office.deliver()
    office.settle()
    before = checks(office)
    office.restart(forget=True)
    office.settle()
    assert checks(office) == before
    assert (before[first], MARK in before[second]) == ("", True)


def test_b10_a_cancelled_order_is_replaced_not_repeated(office: Office) -> None:
    office.begin()
    first = place(office)
    office.settle()
    office.change(first, Статус="Отменена")
    office.settle()
    second = place(office)
    office.settle()
    assert checks(office)[second] == ""


# The site: the same form is one order


def hidden(visitor: Visitor) -> dict[str, str]:
    """Open the form as one more tab does; return what it holds unseen."""
    visitor.opens()
    return {name: visitor.hidden(name) for name in ("csrf_token", "form_token")}


def numbers(store: Store) -> list[str]:
    return sorted(order.id for order in all_orders(store))


def test_b10_back_and_send_again_is_the_same_order(visitor: Visitor, store: Store) -> None:
    form = hidden(visitor)
    number = visitor.orders(**form)
    assert visitor.orders(**form) == number
    assert "второй раз мы её не записали" in visitor.page
    assert numbers(store) == [number]


def test_b10_a_second_tab_that_was_open_is_the_same_order(visitor: Visitor, store: Store) -> None:
    first_tab, second_tab = hidden(visitor), hidden(visitor)
    number = visitor.orders(**first_tab)
    assert visitor.orders(**second_tab) == number
    assert numbers(store) == [number]
    assert visitor.orders(**hidden(visitor)) != number, "who opens the form anew wants one more"


def test_b10_a_second_tab_with_another_problem_is_another_order(visitor: Visitor, store: Store) -> None:
    first_tab, second_tab = hidden(visitor), hidden(visitor)
    assert visitor.orders(**first_tab) != visitor.orders(**second_tab, problem="Нет света")
    assert len(numbers(store)) == 2


def test_b10_after_a_cancel_the_second_tab_makes_a_new_order(visitor: Visitor, store: Store) -> None:
    first_tab, second_tab = hidden(visitor), hidden(visitor)
    number = visitor.orders(**first_tab)
    put_order(store, number, Статус="Отменена")
    assert visitor.orders(**second_tab) != number


CORRECTED = {
    "phone": ("+7 900 123-45-68", "+79001234568"),
    "address": ("Невского 48", "Невского 48"),
    "name": ("Юлия", "Юлия"),
    "problem": ("Не работают две розетки", "Не работают две розетки"),
}


@pytest.mark.parametrize("field", CORRECTED)
def test_b10_one_answer_corrected_corrects_the_order(visitor: Visitor, store: Store, field: str) -> None:
    form = hidden(visitor)
    number = visitor.orders(**form)
    typed, kept = CORRECTED[field]
    assert visitor.orders(**form, **{field: typed}) == number
    assert "Заявку исправили" in visitor.page
    [order] = all_orders(store)
    assert getattr(order, field) == kept
    assert visitor.orders(**form, **{field: typed}) == number, "a reload of what was corrected"


@pytest.mark.parametrize("by_staff", [{"Адрес": "Мира 5"}, {"Статус": "В работе", "Мастер": "Пётр Лодочкин"}])
def test_b10_what_staff_have_touched_is_not_corrected_but_marked(
    visitor: Visitor, store: Store, by_staff: dict[str, str]
) -> None:
    form = hidden(visitor)
    number = visitor.orders(**form)
    put_order(store, number, **by_staff)
    with store.transaction() as tx:
        ids = [write.id for write in tx.journal.unechoed()]
        tx.journal.mark(ids, "written")
        tx.journal.echo(ids)
    other = visitor.orders(**form, phone="+7 900 123-45-68")
    orders = {order.id: order for order in all_orders(store)}
    assert set(orders) == {number, other}
    assert f"{MARK}{number}" in orders[other].check
    # what comes of the form next is about the last of them
    assert visitor.orders(**form, phone="+7 900 123-45-69") == other


def test_b10_another_job_in_the_same_form_is_asked_about_and_both_stay(visitor: Visitor, store: Store) -> None:
    form = hidden(visitor)
    number = visitor.orders(**form)
    assert visitor.sends(**form, problem="Нет света в ванной").status_code == 409
    assert f"заявка №{number} принята" in visitor.page
    assert "Нет света в ванной</textarea>" in visitor.page
    other = visitor.orders(problem="Нет света в ванной")
    problems = {order.id: order.problem for order in all_orders(store)}
    assert problems == {number: "Не работает розетка", other: "Нет света в ванной"}


def test_b10_a_strangers_form_corrects_nothing(new_visitor: NewVisitor, store: Store) -> None:
    one, other = new_visitor(), new_visitor()
    form = hidden(one)
    one.orders(**form)
    hidden(other)
    assert other.sends(form_token=form["form_token"], phone="+7 900 123-45-68").status_code == 409
    assert [order.phone for order in all_orders(store)] == ["+79001234567"]


def test_b10_without_cookies_one_can_order_too(visitor: Visitor, store: Store) -> None:
    form = hidden(visitor)
    asked = {"headers": {"Sec-Fetch-Site": "same-origin"}, "data": GOOD | form}
    places = []
    for _ in range(2):
        visitor.client.delete_cookie("naryad")
        answer = visitor.client.post("/", **asked)
        assert answer.status_code == 303
        visitor.client.delete_cookie("naryad")
        visitor.opens(answer.headers["Location"])
        places.append((visitor.number(), visitor.tracking_link()))
    [number] = numbers(store)
    assert places == [(number, places[0][1])] * 2
    assert visitor.opens(places[0][1]).status_code == 200


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "of ours"),
        ({"Sec-Fetch-Site": "cross-site"}, "of ours"),
        ({"Sec-Fetch-Site": "same-site"}, "of ours"),
        ({"Origin": "https://evil.example"}, "of ours"),
        ({"Sec-Fetch-Site": "same-origin"}, "made up"),
    ],
)
def test_b10_without_cookies_another_site_orders_nothing(
    visitor: Visitor, store: Store, headers: dict[str, str], token: str
) -> None:
    form = hidden(visitor)
    if token == "made up":
        form["form_token"] = "made.up.token"
    visitor.client.delete_cookie("naryad")
    answer = visitor.client.post("/", data=GOOD | form, headers=headers)
    assert answer.status_code == 400
    assert "Не работает розетка</textarea>" in answer.get_data(as_text=True)
    assert numbers(store) == []


def test_b10_a_correction_reaches_the_sheet_as_the_clients(office: Office) -> None:
    office.begin()
    first = SentForm("one", token="t", mine="m")
    number = office.actions.place_order(Draft("Аня", "+79001234567", "Мира 1", "Искрит"), first).id
    office.settle()
    office.deliver()
    office.settle()
    second = SentForm("two", token="t", mine="m")
    placed = office.actions.place_order(Draft("Аня", "+79001234568", "Мира 1", "Искрит"), second)
    assert (placed.id, placed.how) == (number, "corrected")
    office.settle()
    row = office.row(number)
    assert (row["Телефон"], row["Проверка"]) == ("+79001234568", "")
    with office.store.reading() as tx:
        last = tx.history.of(number)[-1]
    assert (last.what, last.after, str(last.by)) == ("details", "телефон", "website")


def test_b10_a_persons_edit_of_the_same_cell_wins(office: Office) -> None:
    office.begin()
    number = place_by(office, "one", "+79001234567").id
    office.settle()
    office.change(number, Телефон="+79005555555")
    office.poll()
    assert place_by(office, "two", "+79001234568").id != number
    office.settle()
    said = {str(row["ID"]): row["Телефон"] for row in office.rows()}
    assert sorted(said.values()) == ["+79001234568", "+79005555555"]


def place_by(office: Office, once: str, phone: str) -> Placed:
    form = SentForm(once, token="t", mine="m")
    return office.actions.place_order(Draft("Аня", phone, "Мира 1", "Искрит"), form)


def test_b10_back_and_send_again_in_a_browser_is_the_same_order(window: Opens) -> None:
    watched = window(PHONE)
    page = watched.opens()
    watched.fills(problem="Нет света в ванной", phone="+79005550011")
    page.get_by_role("button", name="Отправить заявку").click()
    page.wait_for_url("**/order-complete.html")
    number = page.locator(".number").first.inner_text()
    page.go_back()
    assert page.input_value("#problem") == "Нет света в ванной"
    page.fill("#phone", "+79005550012")
    page.get_by_role("button", name="Отправить заявку").click()
    page.wait_for_url("**/order-complete.html")
    assert page.locator(".number").first.inner_text() == number
