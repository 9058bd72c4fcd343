"""Tells the admin where a person undid, in the sheet, that a client was forgotten."""

from record.actions.emptied import is_emptied, telling
from record.grid.identity import Found
from record.grid.worksheets import ORDERS
from record.store import Stored
from worker.poll.step import PollStep

WHAT_NOW = (
    "Похоже, правку отменили (Ctrl+Z) или вставили старые ячейки. Сотрите их ещё раз: «Данные клиента, удалить» "
    "на странице заявки в панели. Если в строку записали нового клиента, ничего делать не нужно"
)


def warn_of_forgotten(step: PollStep, found: Found, stored: Stored | None) -> None:
    """Let the admin know, once, that a row tells of a client again who was forgotten."""
    if stored is None or not is_emptied(ORDERS, stored.order.id, stored.row):
        return
    again = telling(ORDERS, stored.order.id, found.row)
    if again:
        step.alert_admin(
            f"unforgotten:{stored.order.id}:{step.read_at:.3f}",
            f"В строке заявки #{stored.order.id} снова данные человека, которого просили забыть: "
            f"{', '.join(again)}. {WHAT_NOW}",
        )
