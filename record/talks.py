"""What happens in a talk of the site's chat: the visitor speaks, the consultant answers, a person is asked for.

Once a person was asked for, the consultant is silent: what the visitor says goes to the admin's Telegram chat, and
what staff answer to those messages there stands in the talk.
"""

from collections.abc import Callable

from record.notices import Notice
from record.settings import Settings
from record.store import Line, Speech, Store, Tx

ASKED = "Передали сотруднику. Его ответ появится здесь, страницу можно закрыть и вернуться позже."
TOLD = 12  # lines of the talk that staff see when they are asked


class TalkActions:
    """All acts, on one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._admin = settings.telegram.admin_chat_id

    @property
    def has_people(self) -> bool:
        """Whether there is anybody to ask: the admin's chat is set."""
        return bool(self._admin)

    def lines(self, secret: str) -> tuple[list[Line], bool]:
        """Return what was said in a talk, and whether a person was asked for."""
        with self._store.reading() as tx:
            talk = tx.talks.get(secret)
            return (tx.talks.lines(talk.id), talk.asked) if talk else ([], False)

    def said(self, secret: str, text: str, answer: Callable[[str], Speech]) -> str:
        """Add what a visitor said and what is answered; return the secret of the talk, which may have just begun."""
        with self._store.reading() as tx:
            talk = tx.talks.get(secret)
        answered = None if talk and talk.asked else answer(text)  # outside of a transaction: a model takes its time
        with self._store.transaction() as tx:
            secret = secret if talk else tx.talks.begin()
            if talk := tx.talks.get(secret):
                tx.talks.say(talk.id, Speech("client", text))
                if answered and not talk.asked:  # he may have asked for a person while the answer was thought of
                    tx.talks.say(talk.id, answered)
                else:
                    self._tell(tx, talk.id, text)
        return secret

    def ask_person(self, secret: str, phone: str = "") -> bool:
        """Hand the talk over to the admin's chat with its last lines; False where there is nobody, or no talk."""
        with self._store.transaction() as tx:
            talk = tx.talks.get(secret)
            if talk is None or not self.has_people:
                return False
            if tx.talks.ask(talk.id):
                self._tell(tx, talk.id, _retold(tx.talks.lines(talk.id, TOLD)), phone)
                tx.talks.say(talk.id, Speech("assistant", ASKED))
        return True

    def staff_answer(self, message: tuple[int, int], text: str, once: str) -> bool:
        """Put an answer to this Telegram message (chat, number) into its talk; False where it belongs to none."""
        with self._store.transaction() as tx:
            talk = tx.talks.tied(*message)
            if talk is not None:
                tx.talks.say(talk, Speech("staff", text), once)
            return talk is not None

    def _tell(self, tx: Tx, talk: int, text: str, phone: str = "") -> None:
        key = f"talk:{talk}:{tx.counters.next('talk_line')}"
        facts = {"talk": talk, "text": text, "phone": phone}
        tx.outbox.add(Notice(key, "admin", str(self._admin), "talk", facts=facts))


def _retold(lines: list[Line]) -> str:
    signs = {"client": "🗣", "assistant": "🤖", "staff": "👤"}
    return "\n".join(f"{signs[line.speech.who]} {line.speech.text}" for line in lines)
