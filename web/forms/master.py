"""A master's answers on his page: a price, a reason or a friendly explanation. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from record import values
from record.dispatch.model import LONGEST_REASON, REASONS_TO_GIVE_BACK
from web.forms.order import clean

NO_PRICE = "Напишите, сколько заплатил клиент, например 2000"
SURE = (
    "Точно 0 ₽? Если работа бесплатная, отправьте ещё раз, а если нет, напишите сумму"
)
NO_REASON = "Выберите причину или напишите свою"
REFUSED = {
    "taken": "Заказ № {id} уже взял {owner}.",
    "not_yours": "Заказ № {id} сейчас не у вас.",
    "cancelled": "Заказ № {id} отменён.",
    "done": "Заказ № {id} уже выполнен.",
    "not_active": "Вы пока не включены в работу, спросите администратора.",
    "gone": "Заказа № {id} больше нет в таблице.",
    "not_listed": "Вас больше нет в списке мастеров, спросите администратора.",
    "not_done": "Заказ № {id} ещё в работе: сначала завершите его.",
    "late": "По заказу № {id} сумму теперь меняет диспетчер. Вашу просьбу ему передали.",
    "unclear": "У заказа № {id} непонятный статус или мастер. Спросите диспетчера: он поправит, и кнопка сработает.",
    "unfinished": "Заявка № {id} ещё не заполнена: диспетчер допишет её и пришлёт снова.",
}


@dataclass(frozen=True)
class MasterAnswer:
    """What a master answered.

    ``said`` is the sum with the words beside it, ``field`` the field that is ``wrong``;
    ``zero``: he was asked whether the work was free.
    """

    typed: str = ""
    wrong: str = ""
    field: str = ""
    price: Decimal | None = None
    said: str = ""
    reason: str = ""
    zero: bool = False


def read_price(sent: Mapping[str, str]) -> MasterAnswer:
    """Return the price; 0 must be said twice, as in the bot."""
    typed = clean(sent.get("price", ""), 40)
    try:
        found = values.spoken_sum(typed)
    except values.Unclear as unclear:
        return MasterAnswer(typed, str(unclear), "price")
    if found is None:
        return MasterAnswer(typed, NO_PRICE, "price")
    # free work is rare, a price forgotten is not
    if not found.roubles and sent.get("zero") != "yes":
        return MasterAnswer(typed, SURE, "price", zero=True)
    said = ""
    if found.beside:
        said = typed
    return MasterAnswer(typed, price=found.roubles, said=said)


def read_reason(sent: Mapping[str, str]) -> MasterAnswer:
    """Return the reason: what he wrote, else what he chose."""
    own = clean(sent.get("own", ""), LONGEST_REASON)
    reason = own or _chosen_reason(sent)
    if len(reason) > 1:
        return MasterAnswer(own, reason=reason)
    return MasterAnswer(own, NO_REASON, "own")


def _chosen_reason(sent: Mapping[str, str]) -> str:
    chosen = clean(sent.get("reason", ""), LONGEST_REASON)
    # a browser may send anything as the value of a radio button
    if chosen not in REASONS_TO_GIVE_BACK:
        return ""
    return chosen


def refused(refusal: str, order_id: str, owner: str) -> str:
    """Return in one sentence why nothing was done."""
    sentence = REFUSED.get(refusal, REFUSED["gone"])
    # a cell may hold a novel in place of a name
    return sentence.format(id=order_id, owner=owner[:60] or "другой мастер")
