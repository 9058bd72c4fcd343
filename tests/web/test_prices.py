"""The price list: what stands in it, and how it is found by careless words."""

import csv
from decimal import Decimal

import pytest

from record.grid.layout import Row
from record.values.wording import percent, plural
from tests.harness.processes import ROOT
from web.present.formats import per
from web.present.prices import OTHER, PriceList, price_from


def shipped() -> PriceList:
    """Return the price list that `worker init` fills a new spreadsheet with."""
    with (ROOT / "worker" / "first" / "services.csv").open(encoding="utf-8") as file:
        return PriceList.of([(*row.values(), True) for row in csv.DictReader(file)])


def listed(*rows: Row) -> PriceList:
    return PriceList.of(rows)


def names(prices: PriceList) -> list[str]:
    return [offer.service.name for offer in prices.offers]


def test_hidden_and_nameless_lines_are_no_offers() -> None:
    prices = listed(("А", "1", "", "", 1, True), ("А", "2", "", "", 1, False), ("А", "", "", "", 1, True))
    assert names(prices) == ["1"]


def test_categories_and_services_keep_the_order_of_the_sheet() -> None:
    prices = listed(*((kind, name, "", "", "", "") for kind, name in (("Б", "1"), ("А", "2"), ("Б", "3"), ("", "4"))))
    assert prices.categories == ("Б", "А", OTHER)
    assert {name: [one.service.name for one in group] for name, group in prices.groups().items()} == {
        "Б": ["1", "3"],
        "А": ["2"],
        OTHER: ["4"],
    }


def test_a_code_lasts_while_category_and_name_do() -> None:
    one = listed(("А", "1", "описание", "шт.", 100, "")).offers[0].code
    assert listed(("Б", "0", "", "", "", ""), ("А", "1", "", "", 999, "")).offers[1].code == one
    assert listed(("А", "2", "", "", 100, "")).offers[0].code != one


def test_of_two_lines_alike_the_first_counts() -> None:
    assert [one.service.price for one in listed(("А", "1", "", "", 5, ""), ("А", "1", "", "", 7, "")).offers] == [5]


def test_the_lowest_price_counts_what_has_one() -> None:
    prices = listed(("А", "1", "", "", "договор", ""), ("А", "2", "", "", 900, ""), ("А", "3", "", "", 700, ""))
    assert (price_from(prices.offers), price_from(prices.offers[:1])) == (Decimal(700), None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("люстра", "Сборка и подвес люстры"),
        ("ЛЮСТРУ повесить", "Сборка и подвес люстры"),
        ("люсра", "Сборка и подвес люстры"),
        ("разетка", "Замена розетки"),
        ("выключатели", "Замена выключателя"),
        ("узо", "Установка УЗО или дифавтомата"),
        ("счетчик", "Замена электросчётчика"),
        ("теплый пол", "Монтаж тёплого пола"),
        ("стиралка", "Подключение стиральной или посудомоечной машины"),
        ("гениратор", "Подключение генератора"),
        ("свитильник", "Установка потолочного светильника"),
        ("кабель в стене", "Прокладка кабеля в штробе"),
        ("зарядка для электромобиля", "Зарядная станция для электромобиля"),
        ("искрит розетка", "Ремонт искрящей розетки"),
        ("ночью", "Аварийный выезд ночью"),
        ("роз", "Замена розетки"),
    ],
)
def test_careless_words_find_it(query: str, found: str) -> None:
    assert found in names(shipped().found(query))


@pytest.mark.parametrize("query", ["хлеб", "щщщщщщ", "<script>", "ъъ"])
def test_what_nobody_offers_is_not_found(query: str) -> None:
    assert names(shipped().found(query)) == []


def test_a_name_that_fits_goes_before_descriptions() -> None:
    assert all("озетк" in name for name in names(shipped().found("розетку")))


@pytest.mark.parametrize("query", ["", "  ", "!?", "я"])
def test_no_words_ask_for_everything(query: str) -> None:
    assert shipped().found(query) == shipped()


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("штука", "штуку"), ("линия", "линию"), ("час", "час"), ("м²", "м²"), ("шт.", "шт."), ("", "")],
)
def test_a_unit_after_za(unit: str, shown: str) -> None:
    assert per(unit) == shown


@pytest.mark.parametrize(
    ("count", "word"),
    [(1, "мастер"), (2, "мастера"), (5, "мастеров"), (11, "мастеров"), (21, "мастер"), (112, "мастеров")],
)
def test_a_noun_goes_with_its_number(count: int, word: str) -> None:
    assert plural(count, "мастер", "мастера", "мастеров") == word


def test_a_share_has_no_needless_zeros() -> None:
    assert [percent(Decimal(one)) for one in ("30", "12.50", "100")] == ["30\xa0%", "12,5\xa0%", "100\xa0%"]
