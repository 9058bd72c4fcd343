"""A5: a price of «Услуги» that is no single number is shown as it is meant, everywhere alike."""

import pytest

from record.grid.layout import Row
from record.grid.worksheets import SERVICES
from record.store import Store
from tests.harness.office import Office
from tests.web.shop import text
from tests.web.visitor import Visitor
from web.present.prices import PriceList

LISTED = [
    ("от 500 ₽", "от 500 ₽", "от 1 000 ₽"), ("500–900", "500–900 ₽", "от 1 000 ₽"),
    ("от 1500 до 2500", "1 500–2 500 ₽", "от 1 500 ₽"), ("~2000", "около 2 000 ₽", "от 2 000 ₽"),
    ("до 900", "до 900 ₽", "0 ₽"), ("договорная", "по договорённости", "0 ₽"), ("1500/м", "1 500 ₽", "1 500 ₽"),
    ("бесплатно", "бесплатно", "0 ₽"), ("как карта ляжет", "как карта ляжет", "0 ₽"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "shown", "total"), LISTED)
def test_a5_catalog_calculator_and_chat_say_what_is_meant(
    visitor: Visitor, store: Store, typed: str, shown: str, total: str
) -> None:
    rows: list[Row] = [("Свет", "Подвес люстры", "На крюк", "", typed, True)]
    with store.transaction() as tx:
        tx.lists.put(SERVICES, rows)
    (offer,) = PriceList.of(tuple(rows)).offers
    for page in ("/catalog.html", "/services.html", "/calculator.html"):
        visitor.opens(page)
        assert shown in text(visitor.page), page
    visitor.opens(f"/calculator.html?estimate={offer.code}.1")
    assert f"Всего {total}" in text(visitor.page)


def test_a5_staff_hear_of_what_nobody_understands(office: Office) -> None:
    office.begin()
    office.type(SERVICES, Категория="Свет", Услуга="Люстра", Цена="как карта ляжет")
    office.type(SERVICES, Категория="Свет", Услуга="Бра", Цена="от 500 ₽")
    office.settle()
    with office.store.reading() as tx:
        due = [one.notice for one in tx.outbox.due(["admin"])]
    (alarm,) = [one for one in due if "Услуги" in str(one.facts)]
    assert "«Люстра» — Цена «как карта ляжет» непонятна" in str(alarm.facts)
    assert "Бра" not in str(alarm.facts)
