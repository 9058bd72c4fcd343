"""What the admin reads of a wave, and what his two buttons are answered. Pure."""

from collections.abc import Mapping
from typing import Any

from bots.messages import Button, Message, buttons
from bots.wording import safe
from record.dispatch.waves import Answer, Wave
from record.values.wording import figure, plural

SEND, LEAVE = "Разослать", "Не рассылать"
ROWS, ORDERS = ("строка", "строки", "строк"), ("заявка", "заявки", "заявок")
WHERE = {
    "rows": "внесены в лист «Заявки», строки",
    "orders": "вставлены в лист «Заявки» уже с номерами, заявки",
    "intake": "пришли с сайта и из бота, заявки",
    "person": "приходят слишком часто с одного телефона или из одного чата, заявки",
    "edits": "изменены в листе «Заявки», заявки",
}
UNDO = "Если это ошибка, верните как было (Ctrl+Z): решать станет нечего."
FLOOD = "Если это накрутка, нажмите «Не рассылать» и отмените или удалите лишние строки в таблице."
GONE = "Этой пачки уже нет: строки убрали или разобрали вручную"
DECIDED = {"send": "Уже решено: рассылаем", "leave": "Уже решено: не рассылаем"}


def question(facts: Mapping[str, Any]) -> Message:
    """Return the question what to do with a wave."""
    number, count = int(facts["number"]), int(facts["count"])
    source = str(facts["source"])
    first, last = safe(str(facts["first"]), 40), safe(str(facts["last"]), 40)
    sends, leaves = _offers(count, source, float(facts.get("pace") or 1))
    came = "Придержано" if source == "person" else "Сразу"
    mend = FLOOD if source in {"intake", "person"} else UNDO
    lines = [
        f"✋ {came} {_many(count, source)}, пачка {number}. Жду вашего решения.",
        f"Откуда: {WHERE[source]} с {first} по {last}.",
        "Об этих пока никому не сообщаю, остальное идёт как обычно.",
        "",
        f"«{SEND}»: {sends}",
        f"«{LEAVE}»: {leaves}",
        "",
        mend,
    ]
    # 0: it was queued before questions named their moment
    which = f"wave:{number}:{int(facts.get('opened', 0))}"
    choice = Button(SEND, data=f"{which}:send"), Button(LEAVE, data=f"{which}:leave")
    return Message("\n".join(lines), buttons=buttons(choice))


def _many(count: int, source: str) -> str:
    # rows have no numbers yet, and may prove to be no orders
    forms = ROWS if source == "rows" else ORDERS
    return f"{figure(count)} {plural(count, *forms)}"


def _offers(count: int, source: str, pace: float) -> tuple[str, str]:
    """Return what each of the two buttons will do; ``pace``: cards a second to a master."""
    if source == "edits":
        return (
            "сообщу об изменениях мастерам и клиентам.",
            "приму изменения, никому ничего не сообщая.",
        )
    minutes = round(count / pace / 60)
    lasts = ""
    if minutes > 1:
        lasts = f", это займёт около {figure(minutes)} мин"
    return (
        f"сообщу мастерам обо всех, которые ещё «Новая»{lasts}; новые заявки пойдут вперёд.",
        "никому не сообщу, заявки останутся в таблице, «Проверка» скажет почему.",
    )


def decided(answer: Answer, wave: Wave | None) -> str:
    """Return what a press is answered in a toast."""
    if wave is None:
        return GONE
    if answer == "decided":
        return DECIDED[wave.state]
    if answer == "sent":
        return "Рассылаю"
    return "Хорошо, не рассылаю"


def outcome(wave: Wave | None, number: int) -> Message:
    """Return the new look of the question, once it is decided.

    It names no number: some rows may have been dealt with by hand or deleted since it
    was asked.
    """
    if wave is None:
        return Message(f"✋ Пачка {number}. {GONE}.")
    if wave.state == "send":
        return Message(
            f"📣 Пачка {number}: рассылаю всё, что в ней ещё ждёт; новые заявки идут вперёд."
        )
    return Message(
        f"🤫 Пачка {number}: не рассылаю. О том, что в ней ещё ждало, никому ничего не сообщаю."
    )
