"""The company's share of a price."""

from dataclasses import replace
from decimal import Decimal

import pytest

from record.dispatch.commission import commission
from tests.record.notation import KIM, PETROV


@pytest.mark.parametrize(
    ("price", "percent", "roubles"),
    [
        ("2000", "30", "600"),
        ("0", "30", "0"),
        ("1999.99", "30", "600.00"),
        ("0.05", "30", "0.02"),  # 1.5 kopecks: half a kopeck goes up
        ("0.01", "50", "0.01"),
        ("0.03", "50", "0.02"),
        ("33.33", "33.3", "11.10"),
        ("100000000", "100", "100000000"),
        ("2000", "0", "0"),
    ],
)
def test_the_share_of_a_price_to_the_kopeck(price: str, percent: str, roubles: str) -> None:
    share = commission(Decimal(price), None, Decimal(percent))
    assert share == Decimal(roubles)
    assert share.as_tuple().exponent == -2


def test_the_masters_own_percent_goes_before_the_companys() -> None:
    assert commission(Decimal(2000), KIM, Decimal(30)) == Decimal(400)
    assert commission(Decimal(2000), PETROV, Decimal(30)) == Decimal(600)
    assert commission(Decimal(2000), replace(KIM, percent=Decimal(0)), Decimal(30)) == Decimal(0)
