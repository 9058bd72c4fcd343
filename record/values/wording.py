"""How sums, shares and counts are worded, in the bots and on the site alike. Pure."""

from decimal import Decimal
from urllib.parse import quote_plus

SPACE = "\N{NO-BREAK SPACE}"


def money(value: Decimal) -> str:
    """Return roubles, thousands apart, kopecks only where there are any: 2 000,50 ₽."""
    english = f"{value:,.2f}"
    if value == value.to_integral_value():
        english = f"{value:,.0f}"
    russian = english.replace(",", SPACE).replace(".", ",")
    return f"{russian}{SPACE}₽"


def percent(value: Decimal) -> str:
    """Return a share without needless zeros: 12,5 %."""
    return f"{plain(value)}{SPACE}%"


def plain(value: Decimal) -> str:
    """Return a number as people type it, without needless zeros: 12,5."""
    return f"{value.normalize():f}".replace(".", ",")


def figure(value: int) -> str:
    """Return a whole number, thousands apart: 12 345."""
    return f"{value:,}".replace(",", SPACE)


def plural(count: int, one: str, few: str, many: str) -> str:
    """Return the form of a noun for a number: 1 мастер, 2 мастера, 5 мастеров."""
    # 11 to 14 are said unlike 1 to 4: 11 мастеров, but 21 мастер
    if count % 100 in range(11, 15):
        return many
    match count % 10:
        case 1:
            return one
        case 2 | 3 | 4:
            return few
        case _:
            return many


def with_noun(count: int, one: str, few: str, many: str) -> str:
    """Return a number with the noun in its right form: 1 заказ, 2 заказа, 5 заказов."""
    return f"{count} {plural(count, one, few, many)}"


def map_url(address: str) -> str:
    """Return where a map shows an address."""
    in_one_line = " ".join(address.split())
    return "https://yandex.ru/maps/?text=" + quote_plus(in_one_line[:200])
