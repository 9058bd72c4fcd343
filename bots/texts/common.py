"""Small pieces that all texts share. Pure."""

import html
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote_plus

from record.values import Status

MAP = "https://yandex.ru/maps/?text="
STATUS_SIGNS = {Status.NEW: "🆕", Status.WORK: "🛠", Status.DONE: "✅", Status.CANCELLED: "❌"}


def safe(text: str, limit: int = 200) -> str:
    """Return what an outsider typed as HTML text, cut with a sign where it is too long."""
    return html.escape(text if len(text) <= limit else text[: limit - 1].rstrip() + "…", quote=False)


def line(text: str, limit: int = 200) -> str:
    """Return what an outsider typed as one line of HTML text."""
    return safe(" ".join(text.split()), limit)


def roubles(money: Decimal) -> str:
    """Return money as people write it: ``2 000 ₽``, kopecks only where there are any."""
    whole = money == money.to_integral_value()
    shown = f"{money:,.0f}" if whole else f"{money:,.2f}"
    return shown.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",") + "\N{NO-BREAK SPACE}₽"


def percent(share: Decimal) -> str:
    """Return a percentage without a tail of zeros: ``30 %``."""
    return f"{share.normalize():f}".replace(".", ",") + "\N{NO-BREAK SPACE}%"


def clock(when: datetime, now: datetime) -> str:
    """Return the time of day, with the date where it is not today."""
    return f"{when:%H:%M}" if when.date() == now.date() else f"{when:%d.%m в %H:%M}"


def map_link(address: str) -> str:
    """Return the address as a link to the map."""
    url = html.escape(MAP + quote_plus(" ".join(address.split())[:200]))
    return f'<a href="{url}">{line(address)}</a>'


def of_category(category: str) -> str:
    """Return a category as cards show it."""
    return f"⚡ {category}" if category.casefold().startswith("электр") else category


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return a number with the noun in its right form: 1 заказ, 2 заказа, 5 заказов."""
    if number % 10 == 1 and number % 100 != 11:
        return f"{number} {one}"
    if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14:
        return f"{number} {few}"
    return f"{number} {many}"
