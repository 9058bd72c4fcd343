"""How many orders one form, one phone and one chat may send.

They are counted in the store, so by all processes together.
"""

import hashlib
import time
from enum import Enum

from record.errors import TooMany
from record.settings import Settings
from record.store import Tx
from record.values import Address

HOUR_S = 3600.0
# beyond the limit orders wait for the admin, beyond so many times as much they are
# refused
REFUSED_TIMES = 4
HOURLY = 30  # words of one chat that reach a person within an hour
GUESSES = 10  # wrong keys of orders that one chat may try within an hour


class Spoken(Enum):
    """Whether what somebody says is new, said before, or more than anybody reads."""

    NEW = "new"
    AGAIN = "again"
    TOO_MUCH = "too much"


class TokenUsed(ValueError):
    """A form's token that an order has come of already; the text is the order's number."""


def refuse_too_many(tx: Tx, settings: Settings, chat: Address | None) -> None:
    """Let no account fill the sheet by the bot; the site has limits for each address.

    Raises:
        TooMany: so many orders from one chat within an hour no person makes.
    """
    limit = REFUSED_TIMES * settings.web.orders_per_person
    if not limit or not chat:
        return
    sent = tx.forms.sent_by(_of_chat(chat), time.time() - HOUR_S)
    if len(sent) >= limit:
        raise TooMany("Из одного чата за час пришло слишком много заявок")


def too_often(
    tx: Tx, settings: Settings, phone: str, chat: Address | None, order_id: str
) -> bool:
    """Return whether this order is one too many of its chat or phone within an hour."""
    limits = settings.web
    if chat and _beyond(tx, limits.orders_per_person, _of_chat(chat), order_id):
        return True
    if not phone:
        return False
    return _beyond(tx, limits.orders_per_phone, _of_phone(phone), order_id)


def _beyond(tx: Tx, limit: int, mark: str, order_id: str) -> bool:
    """Return whether an order comes after the first ``limit`` of its sender in an hour.

    A limit of 0 means none. The hour is the one before the order was sent: a poll may find it much later, when
    Google was away.
    """
    if not limit:
        return False
    at = tx.forms.sent_at(mark, order_id)
    sent = tx.forms.sent_by(mark, (at or time.time()) - HOUR_S)
    if order_id in sent:
        return sent.index(order_id) >= limit
    return len(sent) > limit


def senders(phone: str, chat: Address | None) -> list[str]:
    """Return the keys under which a sender's orders are counted.

    They are hashes: nobody's phone stands there.
    """
    keys = []
    if phone:
        keys.append(_of_phone(phone))
    if chat:
        keys.append(_of_chat(chat))
    return keys


def _of_phone(phone: str) -> str:
    return _mark(f"phone {phone}")


def _of_chat(chat: Address) -> str:
    return _mark(f"chat {chat}")


def _mark(sender: str) -> str:
    return f"by:{hashlib.sha256(sender.encode()).hexdigest()[:24]}"


def spoken(tx: Tx, chat: Address, once: str) -> Spoken:
    """Count what somebody says, known by ``once``, and return how it stands."""
    mark = _mark(f"says {chat}")
    if tx.forms.order(f"{mark}:{once}"):
        return Spoken.AGAIN
    if len(tx.forms.sent_by(mark, time.time() - HOUR_S)) >= HOURLY:
        return Spoken.TOO_MUCH
    tx.forms.put(f"{mark}:{once}", "", "")
    return Spoken.NEW


def may_guess(tx: Tx, chat: Address) -> bool:
    """Return whether a chat may try another key of an order within this hour."""
    tried = tx.forms.sent_by(_mark(f"guess {chat}"), time.time() - HOUR_S)
    return len(tried) < GUESSES


def guessed(tx: Tx, chat: Address, once: str) -> None:
    """Count a wrong key of an order."""
    tx.forms.put(f"{_mark(f'guess {chat}')}:{once}", "", "")
