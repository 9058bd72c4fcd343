"""A master's answers on his page: a price, a reason or a friendly explanation. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from record import values
from record.dispatch.model import LONGEST_REASON, REASONS_TO_GIVE_BACK
from record.dispatch.plausible import is_unusual
from record.values.wording import money
from web.forms.order import clean

NO_PRICE = "Напишите, сколько заплатил клиент, например 2000"
TOO_MUCH = "Слишком большая сумма, проверьте"
FREE = (
    "Точно 0 ₽? Если работа бесплатная, отправьте ещё раз, а если нет, напишите сумму"
)
RIGHT = "{price}, верно? {why}Если да, отправьте ещё раз, а если нет, исправьте сумму"
NO_REASON = "Выберите причину или напишите свою"
REFUSED = {
    "taken": "Заказ № {id} занят: {owner}.",
    "not_yours": "Заказ № {id} сейчас не у вас.",
    "cancelled": "Заказ № {id} отменён.",
    "done": "Заказ № {id} уже выполнен.",
    "not_active": "Заказы вам пока не открыты, спросите администратора.",
    "gone": "Заказа № {id} больше нет в таблице.",
    "not_listed": "Вас больше нет в списке мастеров, спросите администратора.",
    "not_done": "Заказ № {id} ещё в работе: сначала завершите его.",
    "late": "По заказу № {id} сумму теперь меняет диспетчер. Вашу просьбу ему передали.",
    "unclear": "У заказа № {id} непонятный статус или мастер. Спросите диспетчера: он поправит, и кнопка сработает.",
    "rests": "Диспетчер сейчас меняет этот заказ. Попробуйте через полминуты, а если не выйдет, позвоните ему.",
    "unfinished": "Заказ № {id} ещё не заполнен: диспетчер допишет его и пришлёт снова.",
}


@dataclass(frozen=True)
class MasterAnswer:
    """What a master answered.

    ``said`` is the sum with the words beside it, ``field`` the field that is ``wrong``;
    ``sure``: the sum of which he was asked whether it is right.
    """

    typed: str = ""
    wrong: str = ""
    field: str = ""
    price: Decimal | None = None
    said: str = ""
    reason: str = ""
    sure: str = ""


def read_price(sent: Mapping[str, str], usual: Decimal | None = None) -> MasterAnswer:
    """Return the price; 0 and one that is unusual must be said twice, as in the bot.

    ``usual`` is what such orders cost.
    """
    typed = clean(sent.get("price", ""), 40)
    try:
        found = values.spoken_sum(typed)
    except values.TooMuch:
        return MasterAnswer(typed, TOO_MUCH, "price")
    except values.Unclear as unclear:
        return MasterAnswer(typed, str(unclear), "price")
    if found is None:
        return MasterAnswer(typed, NO_PRICE, "price")
    # free work is rare, a price forgotten is not
    is_doubtful = not found.roubles or is_unusual(found.roubles, usual)
    sure = str(found.roubles)
    if is_doubtful and sent.get("sure") != sure:
        asked = ask_if_right(found.roubles, usual)
        return MasterAnswer(typed, asked, "price", sure=sure)
    said = ""
    if found.beside:
        said = typed
    return MasterAnswer(typed, price=found.roubles, said=said)


def ask_if_right(price: Decimal, usual: Decimal | None) -> str:
    """Return the question whether a price that is far from usual is right."""
    if not price:
        return FREE
    why = ""
    if usual is not None:
        why = f"Обычно такие заказы стоят около {money(usual)}. "
    return RIGHT.format(price=money(price), why=why)


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
