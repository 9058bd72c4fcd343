"""Small pieces that all texts share. Pure."""

import html
from datetime import datetime

from record.wording import map_url, plural


def safe(text: str, limit: int = 200) -> str:
    """Return what an outsider typed as HTML text, cut with a sign where it is too long."""
    return html.escape(
        text if len(text) <= limit else text[: limit - 1].rstrip() + "…", quote=False
    )


def line(text: str, limit: int = 200) -> str:
    """Return what an outsider typed as one line of HTML text."""
    return safe(" ".join(text.split()), limit)


def clock(when: datetime, now: datetime) -> str:
    """Return the time of day, with the date where it is not today."""
    return f"{when:%H:%M}" if when.date() == now.date() else f"{when:%d.%m в %H:%M}"


def map_link(address: str) -> str:
    """Return the address as a link to the map."""
    return f'<a href="{html.escape(map_url(address))}">{line(address)}</a>'


def of_category(category: str) -> str:
    """Return a category as cards show it."""
    return f"⚡ {category}" if category.casefold().startswith("электр") else category


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return a number with the noun in its right form: 1 заказ, 2 заказа, 5 заказов."""
    return f"{number} {plural(number, one, few, many)}"
