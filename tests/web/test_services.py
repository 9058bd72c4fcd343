"""The page of services: what is offered, from what price, and what it looks like."""

import re

from record.grid.worksheets import SERVICES
from record.reports.price_rule import Rates
from record.store import Store
from tests.web.shop import stock, text
from tests.web.test_prices import shipped
from tests.web.visitor import Visitor
from web.present.prices import PriceList
from web.present.showcase import EXAMPLES, examples, sections


def test_every_category_has_words_a_picture_a_lowest_price_and_an_order_button(
    visitor: Visitor, store: Store
) -> None:
    stock(store)
    visitor.opens("/services.html")
    kinds = re.findall(r'<li class="card">\s*<svg class="pic".*?</li>', visitor.page, re.DOTALL)
    assert [re.findall(r"<h2>([^<]+)", kind) for kind in kinds[:3]] == [["Розетки"], ["Свет"], ["Прочее"]]
    assert [re.findall(r"от [\d\xa0]+₽", kind) for kind in kinds[:3]] == [["от 450\xa0₽"], ["от 600\xa0₽"], []]
    assert all("#order" in kind and "/catalog.html?category=" in kind for kind in kinds[:3])


def test_what_staff_typed_is_text(visitor: Visitor, store: Store) -> None:
    with store.transaction() as tx:
        tx.lists.put(SERVICES, [("<i>Новое</i>", "<b>Дело</b>", "", "", 5, "")])
    visitor.opens("/services.html")
    assert "<i>" not in visitor.page
    assert "&lt;i&gt;Новое" in visitor.page
    assert "&lt;b&gt;Дело" in visitor.page


def test_the_shipped_price_list_is_told_of_in_full() -> None:
    told = sections(shipped())
    assert len({one.picture for one in told}) == len(told) == 8
    assert all(one.least for one in told)


def test_a_kind_nobody_foresaw_is_told_by_its_services() -> None:
    [one] = sections(
        PriceList.of([("Сантехника", "Замена крана", "", "", 1, ""), ("Сантехника", "Слив", "", "", 1, "")])
    )
    assert (one.picture, one.text) == ("plug", "Замена крана, слив.")


def test_examples_cost_what_the_prices_say() -> None:
    shown = {one.example.picture: one for one in examples(shipped(), Rates())}
    made = shown["kitchen"].made
    assert made is not None
    assert made.total == 1500 + 1200 + 2 * 1900
    assert all(one.made for one in shown.values())


def test_an_example_that_is_not_all_offered_has_no_price(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/services.html")
    assert visitor.page.count("Хочу так же: ") == len(EXAMPLES)


def test_before_the_first_reading_the_page_is_friendly(visitor: Visitor) -> None:
    visitor.opens("/services.html")
    assert "Список услуг скоро появится" in text(visitor.page)
