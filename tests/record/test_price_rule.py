"""One rule for what is added to a price list, and what is not asked for."""

from decimal import Decimal

import pytest

from record.dispatch.model import Service
from record.reports.estimate import Choice, estimate
from record.reports.price_rule import Rates, free_from, least_beside, offered_rates, rule_in_words

RATES = Rates(Decimal(1000), Decimal(30), Decimal(50))
FREE = "Приедем и посмотрим. При заказе работ от 2 000 ₽ — бесплатно"


def service(name: str, price: int | None, unit: str = "штука", category: str = "Свет", about: str = "") -> Service:
    return Service(category, name, about, unit, None if price is None else Decimal(price), shown=True)


VISIT = service("Выезд по городу", 500, "выезд", "Вызов и диагностика", FREE)
SERVICES = {
    "visit": VISIT,
    "far": service("Выезд за город", 900, "выезд", "Вызов и диагностика"),
    "lamp": service("Люстра", 1350),
    "socket": service("Розетка", 450),
    "urgent": service("Аварийный выезд днём", 1500, "выезд", "Аварийный выезд"),
    "night": service("Аварийный выезд ночью", 2500, "выезд", "Аварийный выезд"),
    "free": service("Консультация", 0),
    "from": Service("Свет", "Проект", "", "", Decimal(3000), shown=True, cost="от 3 000 ₽", is_open=True),
}


@pytest.mark.parametrize(
    ("works", "total"),
    [
        ({"lamp": 2}, 2700), ({"lamp": 2, "visit": 1}, 2700), ({"lamp": 1, "visit": 1}, 1850),
        ({"socket": 1, "visit": 1}, 1000), ({"visit": 1}, 500), ({"lamp": 2, "far": 1}, 3600),
        # another visit is no work that makes this one free
        ({"visit": 1, "urgent": 1, "lamp": 1}, 3350), ({"free": 1}, 0), ({"socket": 1}, 1000),
    ],
)  # fmt: skip
def test_a_visit_is_free_with_works_of_that_sum(works: dict[str, int], total: int) -> None:
    assert estimate(Choice(works), SERVICES, RATES).total == total


@pytest.mark.parametrize(
    ("works", "names"),
    [({"lamp": 1}, ["Срочно", "Ночью"]), ({"lamp": 1, "urgent": 1}, ["Ночью"]), ({"lamp": 1, "night": 1}, [])],
)
def test_haste_that_is_paid_for_is_not_added_again(works: dict[str, int], names: list[str]) -> None:
    made = estimate(Choice(works, urgent=True, night=True), SERVICES, RATES)
    assert [one.name for one in made.surcharges] == names


def test_haste_is_not_sold_as_a_category_and_as_a_tick() -> None:
    own = service("Приедем за час", 1500, "выезд", "Срочно")
    assert offered_rates(RATES, [own]).urgent_percent == 0
    assert offered_rates(RATES, SERVICES.values()) == RATES
    made = estimate(Choice({"own": 1, "lamp": 1}, urgent=True), SERVICES | {"own": own}, RATES)
    assert made.surcharges == ()


@pytest.mark.parametrize(
    ("about", "least"),
    [
        (FREE, 2000), ("Бесплатно при заказе от 1500 руб.", 1500), ("От 3\xa0000 ₽ работ выезд бесплатный", 3000),
        ("Бесплатно", None), ("от 2 000 ₽. Консультация бесплатно", None), ("", None),
    ],
)  # fmt: skip
def test_from_which_sum_on_is_read_from_its_own_line(about: str, least: int | None) -> None:
    assert free_from(service("Выезд", 500, "выезд", about=about)) == least
    assert free_from(service("Розетка", 500, about=about)) is None


def test_the_minimum_is_said_beside_what_is_less() -> None:
    assert least_beside(SERVICES["socket"], RATES) == 1000
    for other in (SERVICES["lamp"], VISIT, service("Проект", None)):
        assert least_beside(other, RATES) is None
    assert least_beside(SERVICES["socket"], Rates()) is None


def test_the_rule_is_said_in_words() -> None:
    said = " ".join(rule_in_words(RATES, SERVICES.values())).replace("\xa0", " ")
    assert said == (
        "Минимальная стоимость вызова 1 000 ₽. Выезд по городу — бесплатно при работах от 2 000 ₽. "
        "Срочный вызов: + 30 % к работам. Ночью, с 22:00 до 7:00: + 50 % к работам."
    )


def test_a_price_that_may_be_more_makes_the_total_one() -> None:
    assert estimate(Choice({"from": 1, "lamp": 1}), SERVICES, RATES).is_open
    assert not estimate(Choice({"lamp": 1}), SERVICES, RATES).is_open
