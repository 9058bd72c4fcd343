"""The calculator: the sum is the server's, whatever the browser says, and it goes with the order."""

import re

import pytest

from record.grid.worksheets import SERVICES
from record.store import Store
from tests.web.shop import code, stock, text
from tests.web.visitor import Visitor, all_orders

SOCKET, LAMP, PROJECT = code("Замена розетки"), code("Подвес люстры"), code("Большой проект")
HTMX = {"HX-Request": "true"}


def chosen(*parts: str) -> str:
    return f"/calculator.html?estimate={'_'.join(parts)}"


def test_every_service_can_be_counted(visitor: Visitor, store: Store) -> None:
    prices = stock(store)
    visitor.opens("/calculator.html")
    assert re.findall(r'<input id="q-(\w+)"', visitor.page) == [offer.code for offer in prices.offers]
    assert "Пока ничего не выбрано" in visitor.page
    assert "Минимальная стоимость вызова 1 000 ₽" in text(visitor.page)


def test_the_address_of_a_choice_shows_its_sum(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{SOCKET}.2", f"{LAMP}.1"))
    said = text(visitor.page)
    assert "Замена розетки × 2 900 ₽ Подвес люстры 1 300 ₽ Всего 2 200 ₽" in said
    assert f'name="q-{SOCKET}" type="number" inputmode="numeric" min="0" max="999" placeholder="0" value="2"' in (
        visitor.page
    )


def test_little_work_costs_the_minimum_and_haste_and_night_are_added(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{SOCKET}.1", "urgent", "night"))
    assert ("До минимального вызова 1 000 ₽ + 550 ₽ Срочно, 30 % + 300 ₽ Ночью, 50 % + 500 ₽ Всего 1 800 ₽") in text(
        visitor.page
    )


def test_without_a_script_the_form_leads_to_the_address_of_its_choice(visitor: Visitor, store: Store) -> None:
    stock(store)
    answer = visitor.opens(f"/calculator.html?q-{SOCKET}=2&q-{LAMP}=&q-nothing=7&urgent=yes")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{chosen(f'{SOCKET}.2', 'urgent')}#total")


def test_with_a_script_the_total_alone_comes_with_the_address_of_the_choice(visitor: Visitor, store: Store) -> None:
    stock(store)
    answer = visitor.client.get(f"/calculator.html?q-{LAMP}=3", headers=HTMX)
    page = answer.get_data(as_text=True)
    assert page.lstrip().startswith('<div class="sum" id="total">')
    assert "Всего 3 900 ₽" in text(page)
    assert answer.headers["HX-Replace-Url"] == chosen(f"{LAMP}.3")
    assert f'name="estimate" value="{LAMP}.3" form="order-form"' in page


def test_what_has_no_price_is_left_to_talk_about(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{PROJECT}.1", f"{SOCKET}.4"))
    said = text(visitor.page)
    assert "Большой проект договоримся" in said
    assert "Всего 1 800 ₽" in said
    assert "Без работ, о цене которых договоритесь" in said


@pytest.mark.parametrize("estimate", ["zzz.5", f"{SOCKET}.-4", f"{SOCKET}.x", "%00", "_" * 500, "<script>"])
def test_a_choice_that_makes_no_sense_is_no_choice(visitor: Visitor, store: Store, estimate: str) -> None:
    stock(store)
    assert visitor.opens(f"/calculator.html?estimate={estimate}").status_code == 200
    assert "Пока ничего не выбрано" in visitor.page
    assert "<script>" not in visitor.page


def test_before_the_first_reading_the_page_is_friendly(visitor: Visitor) -> None:
    visitor.opens("/calculator.html")
    assert "Цены скоро появятся" in visitor.page


def test_the_order_says_what_was_counted(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{SOCKET}.2", f"{LAMP}.1", "urgent"))
    visitor.orders(estimate=f"{SOCKET}.2_{LAMP}.1_urgent", problem="Потолок 3 метра")
    [order] = all_orders(store)
    assert order.problem == (
        "Замена розетки × 2, Подвес люстры × 1, срочно\nПо калькулятору: 2 860 ₽\nПотолок 3 метра"
    )
    assert order.comment == (
        "Калькулятор: Замена розетки 450 ₽ × 2 = 900 ₽; Подвес люстры 1 300 ₽ × 1 = 1 300 ₽; "
        "срочно + 30 % = 660 ₽; итого 2 860 ₽"
    )


def test_who_chose_works_need_not_describe_them(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{SOCKET}.1"))
    assert not re.search(r'name="problem"[^>]*required', visitor.page)
    visitor.orders(estimate=f"{SOCKET}.1", problem="")
    assert all_orders(store)[0].problem == "Замена розетки × 1\nПо калькулятору: 1 000 ₽"


@pytest.mark.parametrize("estimate", ["", "zzz.5", f"{SOCKET}.0"])
def test_who_chose_nothing_must(visitor: Visitor, store: Store, estimate: str) -> None:
    stock(store)
    visitor.opens("/calculator.html")
    assert visitor.sends(estimate=estimate, problem="").status_code == 422
    assert all_orders(store) == []


def test_a_sum_from_the_browser_is_not_believed(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{LAMP}.1"))
    visitor.orders(estimate=f"{LAMP}.1", total="1", price="1", **{f"price-{LAMP}": "1"})
    assert "итого 1 300 ₽" in all_orders(store)[0].comment


def test_a_price_changed_meanwhile_counts_as_it_stands(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{LAMP}.1"))
    with store.transaction() as tx:
        tx.lists.put(SERVICES, [("Свет", "Подвес люстры", "", "штука", 1500, True)])
    visitor.orders(estimate=f"{LAMP}.1")
    assert "итого 1 500 ₽" in all_orders(store)[0].comment


def test_a_mistake_in_the_form_keeps_the_choice(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{LAMP}.2"))
    visitor.sends(estimate=f"{LAMP}.2", phone="нет", problem="")
    assert "Подвес люстры ×&nbsp;2" in visitor.page
    assert f'name="estimate" value="{LAMP}.2"' in visitor.page
    visitor.orders(estimate=visitor.hidden("estimate"), problem="")
    assert "итого 2 600 ₽" in all_orders(store)[0].comment


def test_another_choice_is_another_order(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(chosen(f"{LAMP}.1"))
    form = {name: visitor.hidden(name) for name in ("csrf_token", "form_token")}
    visitor.orders(**form, estimate=f"{LAMP}.1")
    visitor.orders(**form, estimate=f"{LAMP}.1")
    visitor.opens(chosen(f"{LAMP}.2"))  # a form's token is good for one order
    fresh = {name: visitor.hidden(name) for name in ("csrf_token", "form_token")}
    visitor.orders(**fresh, estimate=f"{LAMP}.2")
    assert len(all_orders(store)) == 2


def test_the_choice_can_be_changed_from_the_first_page(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens(f"/?estimate={LAMP}.2")
    assert f'href="{chosen(f"{LAMP}.2")}"' in visitor.page
    assert "2 600 ₽" in text(visitor.page)
