"""Small pieces that all texts share. Pure."""

from datetime import datetime

from bots.markup import escaped, link
from record import consent
from record.values.phones import EXAMPLE
from record.values.wording import SHOWN_PLACE, map_url, phone

SHARE = "📱 Отправить мой номер"
WRONG_PHONE = f"Не получилось узнать номер. Нужны 11 цифр, например: {phone(EXAMPLE)}."
FAILED = "Что-то пошло не так, попробуйте ещё раз."


def agreement(doing: str, purpose: str, public_url: str) -> str:
    """Return what doing this agrees to and what it is for, with a link to the text."""
    text = link("обработку персональных данных", consent.page(public_url))
    return f"{doing}, вы соглашаетесь на {text}, {purpose}."


def safe(text: str, limit: int = 200) -> str:
    """Return what an outsider typed as text of a message, cut where too long."""
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return escaped(text)


def line(text: str, limit: int = 200) -> str:
    """Return what an outsider typed as one line of a message."""
    # a line break of an outsider could pass for a line of ours
    return safe(" ".join(text.split()), limit)


def clock(when: datetime, now: datetime) -> str:
    """Return the time of day, with the date where it is not today."""
    if when.date() == now.date():
        return f"{when:%H:%M}"
    return f"{when:%d.%m в %H:%M}"


def map_link(address: str) -> str:
    """Return the address as a link to the map."""
    where = map_url(address)
    # of a point that was sent from the map its name is enough
    shown = address.replace(where, SHOWN_PLACE).replace(f"{SHOWN_PLACE}: ", "", 1)
    return link(line(shown), where)


def of_category(category: str) -> str:
    """Return a category as cards show it."""
    return f"⚡ {category}" if category.casefold().startswith("электр") else category
