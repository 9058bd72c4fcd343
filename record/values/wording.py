"""How sums, shares, counts, phones and places are worded, for all who read. Pure."""

from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote_plus

import phonenumbers

SPACE = "\N{NO-BREAK SPACE}"
# Towns of Russia whose numbers have seven figures. The library has no longer codes than
# these of any town, and would write Kaliningrad's 4012 as «401 2…».
SEVEN_FIGURES = frozenset(
    [
        "343",
        "342",
        "347",
        "351",
        "383",
        "391",
        "473",
        "495",
        "498",
        "499",
        "812",
        "831",
        "843",
        "846",
        "861",
        "863",
    ]
)
# the codes of other large towns have four figures, mostly with a 2 behind the region's
FOUR_FIGURES = frozenset(["3843", "3435", "3519", "8553", "8555", "8617", "8793"])
SHOWN_PLACE = "Точка на карте"
MAPS = "https://yandex.ru/maps/"


def money(value: Decimal) -> str:
    """Return roubles, thousands apart, kopecks only where there are any: 2 000,50 ₽."""
    english = f"{value:,.2f}"
    if value == value.to_integral_value():
        english = f"{value:,.0f}"
    russian = english.replace(",", SPACE).replace(".", ",")
    return f"{russian}{SPACE}₽"


def known_money(value: Decimal | None) -> str:
    """Return roubles, or that nobody has said how many."""
    return "не указана" if value is None else money(value)


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
    _, has_point, point = in_one_line.partition(f"{MAPS}?pt=")
    if has_point:
        return f"{MAPS}?pt={point.split(' ')[0]}"
    return f"{MAPS}?text=" + quote_plus(in_one_line[:200])


def point_url(latitude: float, longitude: float) -> str:
    """Return where a map shows a point."""
    # the map wants them the other way round
    point = f"{longitude:.6f},{latitude:.6f}"
    return f"{MAPS}?pt={point}&z=17&l=map"


@lru_cache(maxsize=4096)
def phone(e164: str) -> str:
    """Return a phone as people read it: +7 900 123-45-67, +7 4012 20-00-00.

    What is none stays as it is. Its spaces are plain ones: with others messengers don't
    dial it by a touch.
    """
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    national = str(parsed.national_number)
    if parsed.country_code == 7 and len(national) == 10:
        code = _area_code(national)
        local = national[len(code) :]
        parts = [local[:-4], local[-4:-2], local[-2:]]
        return f"+7 {code} {'-'.join(filter(None, parts))}"
    return phonenumbers.format_number(
        parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def _area_code(national: str) -> str:
    """Return the first figures of a number of +7 that stand apart: 911, 4012, 40151."""
    # mobile and free numbers, and Kazakhstan's, have three
    town = national[0] in "348" and not national.startswith("80")
    if not town or national[:3] in SEVEN_FIGURES:
        return national[:3]
    if national[3] == "2" or national[:4] in FOUR_FIGURES:
        return national[:4]
    return national[:5]
