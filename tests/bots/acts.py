"""What a person did, for the pure tests."""

from typing import Any

from bots.client.texts import Shop
from bots.incoming import Incoming
from record.values import telegram

SHOP = Shop("Балт-Сеть", "+74012000000", "Электрика", "RU", "https://app.balt-set.ru")
PERSON = telegram(7)


def text(said: str, **more: Any) -> Incoming:
    """Return a typed text."""
    return Incoming(PERSON, "text", text=said, first_name="Юля", full_name="Юля К", **more)


def contact(phone: str, *, own: bool = True) -> Incoming:
    """Return a shared contact."""
    return Incoming(PERSON, "contact", phone=phone, own_phone=own)


STICKER = Incoming(PERSON, "other", sort="sticker")
