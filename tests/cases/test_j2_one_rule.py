"""J2: catalog, calculator, chat and services say one thing of what a visit costs."""

import csv
from pathlib import Path

import pytest

from record.grid.overlay import row_of
from record.grid.worksheets import SERVICES
from record.store import Store
from tests.web.shop import text
from tests.web.visitor import Visitor
from web.present.prices import PriceList

FIRST = Path(__file__).parents[2] / "worker" / "first" / "services.csv"


@pytest.fixture
def shipped(store: Store) -> dict[str, str]:
    """The price list as it is shipped, and the codes of its services by name."""
    with FIRST.open(encoding="utf-8") as file:
        rows = [row_of(SERVICES, {**row, "Цена": float(row["Цена"])}) for row in csv.DictReader(file)]
    with store.transaction() as tx:
        tx.lists.put(SERVICES, rows)
    return {offer.service.name: offer.code for offer in PriceList.of(rows).offers}


def test_j2_the_visit_is_free_as_the_catalog_says(visitor: Visitor, shipped: dict[str, str]) -> None:
    visitor.opens("/catalog.html")
    assert "Выезд электрика по Калининграду — бесплатно при работах от 2 000 ₽" in text(visitor.page)
    visit, lamp = shipped["Выезд электрика по Калининграду"], shipped["Сборка и подвес люстры"]
    visitor.opens(f"/calculator.html?estimate={visit}.1_{lamp}.2")
    assert "Всего 2 600 ₽" in text(visitor.page)
    visitor.opens(f"/calculator.html?estimate={visit}.1_{lamp}.1")
    assert "Всего 1 800 ₽" in text(visitor.page)


@pytest.mark.parametrize("page", ["/catalog.html", "/services.html", "/calculator.html", "/"])
def test_j2_a_small_price_never_stands_without_the_minimum(
    visitor: Visitor, shipped: dict[str, str], page: str
) -> None:
    assert shipped
    visitor.opens(page)
    said = text(visitor.page)
    assert "1 000 ₽" in said
    if page == "/catalog.html":
        assert "450 ₽ за штуку вызов от 1 000 ₽" in said


def test_j2_the_chat_names_it_too(visitor: Visitor, shipped: dict[str, str]) -> None:
    assert shipped
    visitor.opens("/ai-chat.html")
    visitor.opens(visitor.sends("/ai-chat.html", text="сколько стоит замена розетки?").headers["Location"])
    assert "450 ₽ за штуку" in text(visitor.page)
    assert "Минимальная стоимость вызова 1 000 ₽" in text(visitor.page)


def test_j2_haste_is_one_thing(visitor: Visitor, shipped: dict[str, str]) -> None:
    visitor.opens("/catalog.html")
    assert ">Срочно<" not in visitor.page
    code = shipped["Аварийный выезд днём"]
    visitor.opens(f"/calculator.html?estimate={code}.1_urgent")
    assert "Всего 1 500 ₽" in text(visitor.page)
