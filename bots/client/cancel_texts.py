"""What a client reads who cancels his order. Pure."""

from bots.messages import Button, Message, buttons
from bots.wording import safe
from record.dispatch.model import REASONS_TO_CANCEL, Order

CANCELLED = "Заявка #{id} отменена"
NOT_NEW = "Эту заявку здесь уже не отменить. Если планы изменились, позвоните нам, пожалуйста."
RESTS = "Диспетчер сейчас меняет эту заявку. Попробуйте через полминуты, а если не выйдет, позвоните нам, пожалуйста."
SAID = "Спасибо, передали диспетчеру."
KEPT = "Хорошо. Если понадобимся, мы рядом."
CHANGED_MEANWHILE = (
    "Заявка #{id} тем временем изменилась. Как она сейчас, видно в «📋 Мои заявки»."
)


def ask_cancel(order: Order) -> Message:
    """Return the question before an order is cancelled."""
    yes = Button("Да, отменить", "cancelled", order=order.id)
    return Message(
        f"Отменить заявку #{safe(order.id)}?",
        buttons((yes, Button("Нет, оставить", "mine"))),
    )


def ask_why(order_id: str) -> Message:
    """Return the question why an order was cancelled, which may stay unanswered."""
    rows = [
        (Button(reason, f"why:{number}", order=order_id),)
        for number, reason in enumerate(REASONS_TO_CANCEL)
    ]
    skip = Button("Пропустить", "why", order=order_id)
    return Message(
        f"Заявка #{safe(order_id)} отменена. Почему, если не секрет? Нажмите или напишите.",
        buttons(*rows, (skip,)),
    )


def reason_taken(order_id: str, reason: str, *, in_time: bool) -> Message:
    """Return what becomes of that question once it is answered."""
    if not in_time:
        return Message(CHANGED_MEANWHILE.format(id=safe(order_id)))
    return Message(SAID if reason else KEPT)
