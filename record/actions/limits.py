"""How many orders one form, one phone and one chat may send; counted in the store, so
by all processes together.
"""

import hashlib
import time

from record.errors import TooMany
from record.settings import Settings
from record.store import Tx
from record.values import Address

HOUR_S = 3600.0
# beyond the limit orders wait for the admin, beyond so many times as much they are
# refused
REFUSED_TIMES = 4


class TokenUsed(ValueError):
    """A form's token that an order has come of already; the text is the order's number."""


def refuse_too_many(tx: Tx, settings: Settings, chat: Address | None) -> None:
    """Let no account fill the sheet by the bot; on the site each address has limits of
    its own.

    Raises:
        TooMany: so many orders from one chat within an hour no person makes.
    """
    limit = REFUSED_TIMES * settings.web.orders_per_person
    if (
        limit
        and chat
        and len(tx.forms.sent_by(_of_chat(chat), time.time() - HOUR_S)) >= limit
    ):
        raise TooMany("Из одного чата за час пришло слишком много заявок")


def too_often(
    tx: Tx, settings: Settings, phone: str, chat: Address | None, order_id: str
) -> bool:
    """Say whether this order is one too many of its chat or its phone within an hour."""
    limits = settings.web
    if chat and _beyond(tx, limits.orders_per_person, _of_chat(chat), order_id):
        return True
    if not phone:
        return False
    return _beyond(tx, limits.orders_per_phone, _of_phone(phone), order_id)


def _beyond(tx: Tx, limit: int, mark: str, order_id: str) -> bool:
    """Say whether an order comes after the first ``limit`` of its sender within an
    hour; 0 = no limit.

    The hour is the one before the order was sent: a poll may find it much later, when
    Google was away.
    """
    if not limit:
        return False
    at = tx.forms.sent_at(mark, order_id)
    sent = tx.forms.sent_by(mark, (at or time.time()) - HOUR_S)
    place = sent.index(order_id) + 1 if order_id in sent else len(sent)
    return place > limit


def senders(phone: str, chat: Address | None) -> list[str]:
    """Return what those are counted by who send orders; nobody's phone stands there."""
    by_phone = [_of_phone(phone)] if phone else []
    by_chat = [_of_chat(chat)] if chat else []
    return by_phone + by_chat


def _of_phone(phone: str) -> str:
    return _mark(f"phone {phone}")


def _of_chat(chat: Address) -> str:
    return _mark(f"chat {chat}")


def _mark(sender: str) -> str:
    return f"by:{hashlib.sha256(sender.encode()).hexdigest()[:24]}"
