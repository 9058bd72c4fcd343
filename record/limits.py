"""How many orders one form, one phone and one chat may send; counted in the store, so by all processes together."""

import hashlib
import time

from record.errors import TooMany
from record.settings import Settings
from record.store import Tx

HOUR_S = 3600.0
REFUSED_TIMES = 4  # beyond the limit orders wait for the admin, beyond so many times as much they are refused


class TokenUsed(ValueError):
    """A form's token that an order has come of already; the text is the order's number."""


def refuse_too_many(tx: Tx, settings: Settings, chat: int | None) -> None:
    """Let no account fill the sheet by the bot; on the site each address has limits of its own.

    Raises:
        TooMany: so many orders from one chat within an hour no person makes.
    """
    limit = REFUSED_TIMES * settings.web.orders_per_person
    if limit and chat and most_sent(tx, "", chat) >= limit:
        raise TooMany("Из одного чата за час пришло слишком много заявок")


def most_sent(tx: Tx, phone: str, chat: int | None, upto: str = "") -> int:
    """Return how many orders came within the last hour from this phone or this chat, the greater; ``upto`` one."""
    found = [0]
    for mark in senders(phone, chat):
        sent = tx.forms.sent_by(mark, time.time() - HOUR_S)
        found.append(sent.index(upto) + 1 if upto in sent else len(sent))
    return max(found)


def senders(phone: str, chat: int | None) -> list[str]:
    """Return what those are counted by who send orders; nobody's phone stands there."""
    marks = [f"phone {phone}"] if phone else []
    marks += [f"chat {chat}"] if chat else []
    return [f"by:{hashlib.sha256(mark.encode()).hexdigest()[:24]}" for mark in marks]
