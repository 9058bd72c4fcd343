"""What prices of the price list mean, as people write them."""

import pytest

from record.values import Unclear
from record.values.listed import listed_price


@pytest.mark.parametrize(
    ("cell", "shown", "least", "is_open"),
    [
        (450, "450 ₽", 450, False), ("450 руб.", "450 ₽", 450, False), ("2т.р.", "2 000 ₽", 2000, False),
        ("от 500 ₽", "от 500 ₽", 500, True), ("От\xa01\xa0500 руб", "от 1 500 ₽", 1500, True),
        ("от500", "от 500 ₽", 500, True), ("500+", "от 500 ₽", 500, True), ("500 р и выше", "от 500 ₽", 500, True),
        ("не менее 500", "от 500 ₽", 500, True), ("от 2 тыс.", "от 2 000 ₽", 2000, True),
        ("500–900", "500–900 ₽", 500, True), ("500-900 руб", "500–900 ₽", 500, True),
        ("500 - 900", "500–900 ₽", 500, True), ("от 500 до 900", "500–900 ₽", 500, True),
        ("500₽ — 1 900₽", "500–1 900 ₽", 500, True), ("1-2 тыс", "1 000–2 000 ₽", 1000, True),
        ("500...900", "500–900 ₽", 500, True), ("~500", "около 500 ₽", 500, True),
        ("≈ 500 ₽", "около 500 ₽", 500, True), ("около 500", "около 500 ₽", 500, True),
        ("до 900", "до 900 ₽", None, False), ("до 900 руб.", "до 900 ₽", None, False),
        ("бесплатно", "бесплатно", 0, False), (0, "бесплатно", 0, False), ("0", "бесплатно", 0, False),
        ("договорная", "по договорённости", None, False), ("по договорённости", "по договорённости", None, False),
        ("договор", "по договорённости", None, False), ("по запросу", "по договорённости", None, False),
        ("", "по договорённости", None, False), ("—", "по договорённости", None, False),
    ],
)  # fmt: skip
def test_a_listed_price_is_shown_as_it_is_meant(
    cell: str | int, shown: str, least: int | None, *, is_open: bool
) -> None:
    found = listed_price(cell)
    assert (found.shown.replace("\xa0", " "), found.least, found.is_open, found.unit) == (shown, least, is_open, "")


@pytest.mark.parametrize(
    ("cell", "shown", "unit"),
    [
        ("500/м", "500 ₽", "м"), ("500 руб/м", "500 ₽", "м"), ("500 ₽ за метр", "500 ₽", "метр"),
        ("500р./шт.", "500 ₽", "шт"), ("от 500 за м²", "от 500 ₽", "м2"), ("500-900 руб/час", "500–900 ₽", "час"),
        ("15-20 руб/м", "15–20 ₽", "м"),
    ],
)  # fmt: skip
def test_what_it_is_for_stands_behind_it(cell: str, shown: str, unit: str) -> None:
    found = listed_price(cell)
    assert (found.shown.replace("\xa0", " "), found.unit.replace("²", "2")) == (shown, unit)


@pytest.mark.parametrize(
    "cell", ["скоро", "с 9 до 18", "9-18", "900-500", "500 300", "как договоримся потом", True, "#REF!", "500 кг"]
)
def test_what_nobody_understands_is_said(cell: str | bool) -> None:  # noqa: FBT001  a cell
    with pytest.raises(Unclear):
        listed_price(cell)
