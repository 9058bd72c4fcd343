"""Numbers as people read and type them."""

from decimal import Decimal

import pytest

from record.values.wording import figure, map_url, plain


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (999, "999"), (1000, "1\xa0000"), (1234567, "1\xa0234\xa0567")],
)
def test_a_large_number_has_its_thousands_apart(value: int, shown: str) -> None:
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("30", "30"), ("12.50", "12,5"), ("0.005", "0,005"), ("1E+3", "1000"), ("-5", "-5")]
)
def test_a_plain_number_can_be_typed_back(value: str, shown: str) -> None:
    assert plain(Decimal(value)) == shown


def test_a_map_gets_an_address_in_one_line() -> None:
    assert map_url("Мира 1,\n кв. 2") == map_url("Мира 1, кв. 2")
    assert map_url("а" * 300) == map_url("а" * 200)
