"""What staff read in the master bot who enter the panel. Pure."""

from collections.abc import Mapping
from typing import Any

from bots.messages import Button, Message, buttons
from bots.wording import line
from record.actions.second_factor import Word

ENTRY = "entry:"
MINE, NOT_MINE = "✅ Это я", "⛔ Это не я"
BAD_CODE = "Этот код уже не действует. Откройте страницу входа в панель снова, там будет новый."
TIED = "🔗 Готово, {name}: теперь вход в панель подтверждаете вы, кнопкой в этом чате."
TIED_AND_IN = f"{TIED} Вернитесь на страницу входа, она уже открывается."
TOASTS = {
    Word.LET_IN: "Вход открыт",
    Word.REFUSED: "Не впустили",
    Word.LATE: "Время вышло, войдите в панель ещё раз",
    Word.NOT_HIS: "Эта кнопка не для вас",
}
OUTCOMES = {
    Word.LET_IN: "✅ Вход в панель открыт. Вернитесь в браузер.",
    Word.REFUSED: (
        "⛔ Не впустили. Ваш пароль кто-то знает: попросите того, кто ведёт сервер, сменить его "
        "(python -m web set-password). Администратору мы сказали."
    ),
    Word.LATE: "⌛ Этот вход уже не подтвердить: прошло больше 5 минут. Если это были вы, войдите ещё раз.",
}


def question(facts: Mapping[str, Any]) -> Message:
    """Return the question whether it is he who enters."""
    which = f"{ENTRY}{int(facts['entry'])}:{int(facts['made'])}"
    text = (
        f"🔑 Вход в панель под именем «{line(str(facts['name']), 60)}».\n"
        f"Откуда: адрес {line(str(facts['place']), 60)}, {line(str(facts['browser']), 60)}\n"
        f"Когда: {line(str(facts['when']), 40)}\n\n"
        "Это вы? Ответьте в течение 5 минут."
    )
    yes, no = Button(MINE, data=f"{which}:yes"), Button(NOT_MINE, data=f"{which}:no")
    return Message(text, buttons=buttons((yes, no)))
