"""An address is a channel and a number, and one of Telegram is written as its bare number."""

import pytest

from record.values import NOBODY, Address, address, telegram


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("501", telegram(501)),
        ("-1001234567890", telegram(-1001234567890)),
        ("max://77", Address("max", 77)),
        ("toy://-5", Address("toy", -5)),
        ("0", NOBODY),
    ],
)
def test_it_comes_back_as_it_was_written(written: str, found: Address) -> None:
    assert address(written) == found
    assert str(found) == written


@pytest.mark.parametrize(
    "written",
    ["", "@ivan", "+79001234567", "5.0", "https://t.me/ivan", "https://ivan.ru", "tel:7900", "max: 77"],
)
def test_nothing_else_that_people_write_is_one(written: str) -> None:
    assert address(written) is None


def test_nobody_is_none_of_them() -> None:
    assert not NOBODY
    assert telegram(-1)
    assert telegram(77) != Address("max", 77)
