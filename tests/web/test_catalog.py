"""The catalog: all prices, by category and by words, and how one orders from it."""

import re
from urllib.parse import quote

import pytest

from record.store import Store
from tests.web.shop import ROWS, stock, text
from tests.web.visitor import Visitor

HTMX = {"HX-Request": "true"}


def names(page: str) -> list[str]:
    return re.findall(r"<li>\s*<div><b>([^<]+)</b>", page)


def test_services_are_listed_with_prices_and_units(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html")
    said = text(visitor.page)
    for shown in ("Замена розетки В готовый подрозетник 450 ₽ за штуку", "600 ₽ за метр", "по договорённости"):
        assert shown in said
    assert "Тайная" not in said
    assert re.findall(r"<h2[^>]*>([^<]+)", visitor.page) == ["Розетки", "Свет", "Прочее"]


def test_what_staff_typed_is_text(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html")
    assert "Лента &lt;b&gt;RGB&lt;/b&gt; &amp; блок" in visitor.page


def test_a_category_shows_its_own(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html?category=Розетки")
    assert names(visitor.page) == ["Замена розетки", "Перенос розетки"]
    assert re.findall(r'<a href="[^"]*" aria-current="true">([^<]+)', visitor.page) == ["Розетки"]


def test_a_query_shows_what_fits_even_with_a_slip(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html?q=люсра")
    assert names(visitor.page) == ["Подвес люстры"]
    assert 'value="люсра"' in visitor.page


def test_category_and_query_hold_each_other(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html?category=Розетки&q=перенос")
    assert names(visitor.page) == ["Перенос розетки"]
    assert '<input type="hidden" name="category" value="Розетки">' in visitor.page
    assert f"/catalog.html?category={quote('Свет')}&amp;q={quote('перенос')}" in visitor.page


@pytest.mark.parametrize("query", ["category=Нет+такой", "category=&q=", "q=%00", "page=7"])
def test_nonsense_shows_everything(visitor: Visitor, store: Store, query: str) -> None:
    stock(store)
    visitor.opens(f"/catalog.html?{query}")
    assert len(names(visitor.page)) == len(ROWS) - 1


def test_nothing_found_offers_to_describe_the_task(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html?q=вертолёт")
    assert "Такого в списке нет" in visitor.page
    assert f'?problem={quote("вертолёт")}#order"' in visitor.page


def test_as_one_types_the_list_alone_comes(visitor: Visitor, store: Store) -> None:
    stock(store)
    answer = visitor.client.get("/catalog.html?q=люстра", headers=HTMX)
    page = answer.get_data(as_text=True)
    assert page.lstrip().startswith('<div id="found">')
    assert names(page) == ["Подвес люстры"]
    assert "HX-Request" in answer.headers["Vary"]


def test_the_order_button_opens_the_form_filled_in(visitor: Visitor, store: Store) -> None:
    stock(store)
    visitor.opens("/catalog.html?q=люстра")
    [link] = re.findall(r'href="(/[^"?]*\?category=[^"]+)#order"', visitor.page)
    visitor.opens(link.replace("&amp;", "&"))
    assert "<option selected>Свет" in visitor.page
    assert "Подвес люстры</textarea>" in visitor.page
    assert visitor.sends(category="Свет").status_code == 303


def test_before_the_first_reading_the_page_is_friendly(visitor: Visitor) -> None:
    visitor.opens("/catalog.html")
    assert "Список услуг скоро появится" in visitor.page
    assert 'href="/#order"' in visitor.page


def test_products_lead_to_the_catalog_with_what_was_asked(visitor: Visitor) -> None:
    answer = visitor.opens("/products.html?q=свет&x=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/catalog.html?q={quote('свет')}")


def test_a_query_is_cut_not_refused(visitor: Visitor, store: Store) -> None:
    stock(store)
    assert visitor.opens("/catalog.html?q=" + "ж" * 500).status_code == 200
    assert "ж" * 79 + "…" in visitor.page
