"""«Это я»: staff confirm in their own chat with the master bot that they enter the panel.

Apart from the masters' talk: staff need not be masters, and a press counts whatever is
being asked in the chat.
"""

import re
from collections.abc import Mapping
from typing import Any

from bots.incoming import Incoming
from bots.messages import Button, Message, Reply, buttons, say
from bots.wording import line
from record.actions.second_factor import SecondFactor, Word
from record.settings import Settings
from record.store import Store
from record.values.codes import may_be_words, typed_code

ENTRY = "entry:"
ASKED = re.compile(r"(?P<number>\d{1,9}):(?P<made>\d{1,10}):(?P<word>yes|no)", re.ASCII)
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


class EntryTalk:
    """Answers what staff press and send to enter the panel."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._acts = SecondFactor(store, settings)

    def answer(self, said: Incoming) -> list[Reply] | None:
        """Return the replies, None for what is not about an entry."""
        if not said.private:
            return None
        if said.kind == "press" and said.data.startswith(ENTRY):
            return self._pressed(said)
        if said.kind == "text":
            return self._said(said)
        return None

    def _pressed(self, said: Incoming) -> list[Reply]:
        asked = ASKED.fullmatch(said.data.removeprefix(ENTRY))
        word = Word.LATE
        if asked:
            number, made = int(asked["number"]), int(asked["made"])
            mine = asked["word"] == "yes"
            word = self._acts.decide(said.chat, number, made, mine=mine)
        toast = Reply(
            query=said.query, toast=TOASTS[word], alert=word is not Word.LET_IN
        )
        if word not in OUTCOMES:
            return [toast]
        return [toast, Reply(Message(OUTCOMES[word]), edit=said.message_id)]

    def _said(self, said: Incoming) -> list[Reply] | None:
        code = typed_code(said.text)
        if not code:
            return None
        tied = self._acts.tie(said.chat, code, said.known_as)
        if tied is None:
            # a name with a year or a car's number goes on to whom it is for
            return None if may_be_words(said.text) else [say(BAD_CODE)]
        text = TIED_AND_IN if tied.entry else TIED
        return [say(text.format(name=line(tied.member.name, 60)))]
