"""When several sendings of the site's form are one order: repeated, or corrected.

    the same form, the same words      that order (pressed twice, Back, a reload)
    another tab, the same words        that order, if the tab was open before it came
    the same form, the same job        that order is corrected while it is as the form
                                       left it; else another order, marked as a repeat
    the same form, another job         asked again: with a new token it is one more order

All of it is kept in the store as hashes: what people typed stands in the sheet only.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from record.actions import limits
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.store import Tx
from record.values import Cell, Status, text

# what a form fills in; after a correction each is as the form says now
FILLED = ("Имя", "Телефон", "Категория", "Проблема", "Адрес", "Комментарий")
# more than anybody mistypes in one form
CORRECTIONS = 5


@dataclass(frozen=True)
class SentForm:
    """By what a sent form is known again; each is a hash, "" where there is none.

    ``once``: this form of this visitor with these very words. ``token``: good for one
    order, whoever sends it. ``mine``: this form of this visitor, whatever it says.
    ``words``: these words of this visitor in any form; ``shown_at`` is when this one
    was shown to him, in epoch seconds.
    """

    once: str = ""
    token: str = ""
    mine: str = ""
    words: str = ""
    shown_at: float = 0.0


def same_order(tx: Tx, sent: SentForm) -> tuple[str, str] | None:
    """Return ID and key of the order that has come of just this, or None."""
    if sent.once and (known := tx.forms.order(sent.once)):
        return known
    if not sent.words or not sent.shown_at:
        return None
    # who opened the form after he had ordered wants one more
    known = tx.forms.order(_words(sent), since=sent.shown_at)
    if known is None:
        return None
    order = tx.orders.get(known[0])
    is_open = order is not None and order.status in {Status.NEW, Status.WORK}
    return known if is_open else None


def corrected_order(tx: Tx, sent: SentForm) -> tuple[str, str] | None:
    """Return the order that has come of this form with other words, None for none.

    Raises:
        TokenUsed: it was somebody else's, or is corrected without an end.
    """
    if not sent.token:
        return None
    used = tx.forms.order(_token(sent))
    if used is None:
        return None
    mine = tx.forms.order(_mine(sent)) if sent.mine else None
    if mine is None or not tx.forms.count(f"{_mine(sent)}:", CORRECTIONS):
        raise limits.TokenUsed(used[0])
    return mine


def remember(tx: Tx, sent: SentForm, order_id: str, key: str) -> None:
    """Remember which order has come of a form."""
    if sent.once:
        tx.forms.put(sent.once, order_id, key)
    if sent.token:
        tx.forms.put_again(_token(sent), order_id, key)
    if sent.mine:
        tx.forms.put_again(_mine(sent), order_id, key)
    if sent.words:
        tx.forms.put_again(_words(sent), order_id, key)


def leave(tx: Tx, order_id: str, key: str, cells: Mapping[str, Cell]) -> None:
    """Remember how a form has left an order's row."""
    tx.forms.put(_left(order_id, cells), order_id, key)


def is_as_left(tx: Tx, order_id: str, row: Row | None) -> bool:
    """Return whether nobody has touched an order since its form was sent.

    It is new and nobody's, and says what the form said.
    """
    if row is None:
        return False
    cells = dict(zip(WORKSHEETS[ORDERS].columns, row, strict=True))
    if text(cells["Статус"]) != Status.NEW or text(cells["Мастер"]):
        return False
    return tx.forms.order(_left(order_id, cells)) is not None


def _left(order_id: str, cells: Mapping[str, Cell]) -> str:
    said = [text(cells.get(column, "")) for column in FILLED]
    digest = hashlib.sha256("\0".join(said).encode()).hexdigest()
    return f"left:{order_id}:{digest}"


def _token(sent: SentForm) -> str:
    return f"token:{sent.token}"


def _mine(sent: SentForm) -> str:
    return f"mine:{sent.mine}"


def _words(sent: SentForm) -> str:
    return f"words:{sent.words}"
