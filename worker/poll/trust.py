"""Which readings can't be trusted, though Google gave them."""

import time

from record.errors import SheetBroken
from record.flush.unanswered import may_have_hit
from record.grid.identity import Identified, Known
from record.grid.layout import Table
from record.grid.worksheets import ORDERS
from record.logs import get_logger
from record.settings import Settings
from record.store import Tx

log = get_logger(__name__)

FEW = 3
VANISHED_PATIENCE_S = 600


def is_being_mended(tx: Tx, tables: dict[str, Table], read_at: float) -> bool:
    """Return whether the reading may show a write of ours that hit a wrong row."""
    # such a row looks as if a write without an answer had hit it: a flush mends it
    return tx.journal.repaired_since(read_at) or may_have_hit(tx, tables)


class Vanishing:
    """Most orders gone at once: an accident, until it has lasted or is explained."""

    def __init__(self, settings: Settings) -> None:
        self._share = settings.polling.vanished_share
        self._since: float | None = None

    def check(self, tx: Tx, known: dict[str, Known], identified: Identified) -> None:
        """Let the loss of orders pass, unless it looks like an accident.

        Raises:
            SheetBroken: most are gone, and neither did as many come, nor had those that
                are gone just come.
        """
        lost = {order_id for order_id in known if not identified.has(order_id)}
        if len(lost) < FEW or len(lost) <= self._share * len(known):
            self._since = None
            return

        came = _count_new(known, identified)
        if came * 2 >= len(lost) or _undone(tx, known, lost):
            self._since = None
            log.warning("orders_replaced", gone=len(lost), came=came)
            return

        self._wait(len(lost), len(known))

    def _wait(self, gone: int, known: int) -> None:
        """Refuse the reading until the loss has lasted for so long that it is meant."""
        now = time.monotonic()
        self._since = self._since or now
        if now - self._since >= VANISHED_PATIENCE_S:
            log.warning("vanished_accepted", gone=gone)
            return

        minutes = VANISHED_PATIENCE_S // 60
        raise SheetBroken(
            f"Лист «{ORDERS}»: сразу исчезли {gone} из {known} заявок. Если случайно, верните их (Ctrl+Z). "
            f"Если так и задумано, ничего не делайте: через {minutes} минут Наряд это примет"
        )


def _count_new(known: dict[str, Known], identified: Identified) -> int:
    numbered = sum(order_id not in known for order_id in identified.orders)
    return numbered + len(identified.typed)


def _undone(tx: Tx, known: dict[str, Known], lost: set[str]) -> bool:
    """Return whether a person took back what he had put in minutes ago.

    All that was there before must still be there.
    """
    since = time.time() - VANISHED_PATIENCE_S
    lately = tx.history.came_lately(since) | tx.journal.adopted_since(since)
    return lost <= lately and not known.keys() <= lately
