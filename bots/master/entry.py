"""«Это я»: staff confirm in their own chat with the master bot that they enter the panel.

Apart from the masters' talk: staff need not be masters, and a press counts whatever is
being asked in the chat.
"""

import re

from bots.incoming import Incoming
from bots.master import entry_texts as texts
from bots.messages import Message, Reply, say
from bots.wording import line
from record.actions.second_factor import SecondFactor, Word
from record.settings import Settings
from record.store import Store
from record.values.codes import may_be_words, typed_code

ASKED = re.compile(r"(?P<number>\d{1,9}):(?P<made>\d{1,10}):(?P<word>yes|no)", re.ASCII)


class EntryTalk:
    """Answers what staff press and send to enter the panel."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._acts = SecondFactor(store, settings)

    def answer(self, said: Incoming) -> list[Reply] | None:
        """Return the replies, None for what is not about an entry."""
        if not said.private:
            return None
        if said.kind == "press" and said.data.startswith(texts.ENTRY):
            return self._pressed(said)
        if said.kind == "text":
            return self._said(said)
        return None

    def _pressed(self, said: Incoming) -> list[Reply]:
        asked = ASKED.fullmatch(said.data.removeprefix(texts.ENTRY))
        word = Word.LATE
        if asked:
            number, made = int(asked["number"]), int(asked["made"])
            mine = asked["word"] == "yes"
            word = self._acts.decide(said.chat, number, made, mine=mine)
        toast = Reply(
            query=said.query, toast=texts.TOASTS[word], alert=word is not Word.LET_IN
        )
        if word not in texts.OUTCOMES:
            return [toast]
        return [toast, Reply(Message(texts.OUTCOMES[word]), edit=said.message_id)]

    def _said(self, said: Incoming) -> list[Reply] | None:
        code = typed_code(said.text)
        if not code:
            return None
        tied = self._acts.tie(said.chat, code, said.known_as)
        if tied is None:
            # a name with a year or a car's number goes on to whom it is for
            return None if may_be_words(said.text) else [say(texts.BAD_CODE)]
        text = texts.TIED_AND_IN if tied.entry else texts.TIED
        return [say(text.format(name=line(tied.member.name, 60)))]
