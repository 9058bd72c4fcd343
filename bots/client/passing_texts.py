"""What a client is told of what he said, and who hears it. Pure."""

from collections.abc import Sequence

from bots.client.texts import Shop, call_words, menu
from bots.messages import Button, Message, buttons
from bots.wording import line, safe
from record.actions.passing_on import Heard
from record.dispatch.model import Master, Order
from record.values import Status
from record.values.wording import phone

WHICH = "К какой заявке это относится? Нажмите, и я передам."
BUSY = "Сообщений уже много, за этот час больше передать не смогу."
NOTHING_WAITS = "Передавать уже нечего. Напишите, пожалуйста, ещё раз."


def which(orders: Sequence[Order]) -> Message:
    """Return the question which of several orders was meant."""
    rows = [(Button(_short(order), "about", order=order.id),) for order in orders]
    return Message(WHICH, buttons(*rows))


def _short(order: Order) -> str:
    what = " ".join((order.problem or order.category or order.address).split())
    return f"#{order.id} · {what}"[:60]


def passed(shop: Shop, order: Order, master: Master | None, heard: Heard) -> Message:
    """Return who hears what he said of an order."""
    number = f"#{safe(order.id)}"
    match heard:
        case "master" if master:
            text = f"Передал мастеру по заявке {number}: {line(master.name, 60)} ✅"
            if master.phone:
                text = (
                    f"{text}\nЕсли срочно, позвоните ему: {line(phone(master.phone))}"
                )
        case "staff" | "noted" if order.status is Status.DONE:
            text = f"Передал диспетчеру по выполненной заявке {number} ✅{_call(shop)}"
        case "staff" | "noted" | "master":
            text = f"Передал диспетчеру по заявке {number} ✅{_call(shop)}"
        case "busy":
            text = f"{BUSY}{_call(shop)}"
        case _:
            text = f"Эту заявку я больше не нахожу.{_call(shop)}"
    return Message(text, keyboard=menu(shop))


def person(shop: Shop, heard: Heard) -> Message:
    """Return the answer to who asks for a person and has no order."""
    if heard != "staff":
        return Message(call_words(shop), keyboard=menu(shop))
    text = f"Передал диспетчеру, что вам нужен человек ✅{_call(shop)}"
    return Message(text, keyboard=menu(shop))


def _call(shop: Shop) -> str:
    if not shop.phone:
        return ""
    return f"\nЕсли срочно, позвоните нам: {line(phone(shop.phone))}"
