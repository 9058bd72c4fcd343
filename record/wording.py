"""How sums, shares and counts are worded for people, in the bots and on the site alike.
Pure.
"""

from decimal import Decimal
from urllib.parse import quote_plus

SPACE = "\N{NO-BREAK SPACE}"


def money(value: Decimal) -> str:
    """Return roubles, thousands apart, kopecks only where there are any."""
    shown = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return shown.replace(",", SPACE).replace(".", ",") + f"{SPACE}₽"


def percent(value: Decimal) -> str:
    """Return a share, such as 30 %, without needless zeros."""
    return f"{value.normalize():f}".replace(".", ",") + f"{SPACE}%"


def plural(count: int, one: str, few: str, many: str) -> str:
    """Return the form of a Russian noun that goes with a number: 1 мастер, 2 мастера, 5
    мастеров.
    """
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if count % 10 in {2, 3, 4} and count % 100 not in {12, 13, 14} else many


def map_url(address: str) -> str:
    """Return where a map shows an address."""
    return "https://yandex.ru/maps/?text=" + quote_plus(" ".join(address.split())[:200])
