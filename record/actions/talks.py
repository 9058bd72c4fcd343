"""What happens in a talk of the site's chat: the visitor speaks, the consultant
answers, a person is asked for.

Once a person was asked for, the consultant is silent: what the visitor says goes to the
admin's Telegram chat, and what staff answer to those messages there stands in the talk.
Neither one visitor nor many can fill that chat: what goes beyond the limits is kept in
the talk, which staff read in the panel.
"""

import time
from collections.abc import Callable
from typing import TypedDict

from record import consent
from record.assistant.calling import calls_person
from record.dispatch.notices import Notice
from record.settings import Settings
from record.store import Line, Speech, Store, Tx
from record.store.consents import of_talk
from record.store.facts import Fact
from record.values import Address
from record.values.wording import phone as shown_phone
from record.watch import admin_chat

ASKED = "Передали сотруднику. Его ответ появится здесь, страницу можно закрыть и вернуться позже."
BUSY = "Сообщений уже много, сотрудник прочитает их все, но не сразу.{call}"
TOLD = 12  # lines of the talk that staff see when they are asked
HOURLY = 20  # lines of one talk that go to the admin's chat in an hour
HOUR_S = 3600.0
A_MINUTE = 10  # messages of all talks together; what goes beyond is counted in one
MINUTE_S = 60.0
GATHERED_S = 45.0


class Minute(TypedDict):
    """How many messages went to the admin's chat since a moment."""

    since: float
    told: int


THIS_MINUTE = Fact[Minute]("talks.minute")


class TalkActions:
    """All acts, on one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._phone = settings.company.phone

    @property
    def has_people(self) -> bool:
        """Whether there is anybody to ask: the admin's chat is set."""
        return bool(admin_chat.named(self._settings))

    def lines(self, secret: str) -> tuple[list[Line], bool]:
        """Return what was said in a talk, and whether a person was asked for."""
        with self._store.reading() as tx:
            talk = tx.talks.get(secret)
            if talk is None:
                return [], False
            return tx.talks.lines(talk.id), talk.asked

    def said(self, secret: str, text: str, answer: Callable[[str], Speech]) -> str:
        """Add what a visitor said and the answer; return the secret of the talk.

        The talk may have just begun. Who asks for a person in words gets one, as by the button.
        """
        calls = self.has_people and calls_person(text)
        with self._store.reading() as tx:
            talk = tx.talks.get(secret)
        silent = calls or (talk is not None and talk.asked)
        # outside of a transaction: a model takes its time
        answered = None if silent else answer(text)
        with self._store.transaction() as tx:
            secret = secret if talk else tx.talks.begin()
            if talk := tx.talks.get(secret):
                tx.talks.say(talk.id, Speech("client", text))
                if calls and not talk.asked:
                    self._hand_over(tx, talk.id)
                # a person may have been asked for while the answer was thought of
                elif answered and not talk.asked:
                    tx.talks.say(talk.id, answered)
                else:
                    self._pass_on(tx, talk.id, text)
        return secret

    def ask_person(self, secret: str, phone: str = "") -> bool:
        """Hand the talk over to the admin's chat, with its last lines.

        Returns False where there is nobody, or no talk.
        """
        with self._store.transaction() as tx:
            talk = tx.talks.get(secret)
            if talk is None or not self.has_people:
                return False
            self._hand_over(tx, talk.id, phone)
        return True

    def staff_answer(self, message: tuple[Address, str], text: str, once: str) -> bool:
        """Put an answer to this message (chat, number) into its talk.

        Returns False where it belongs to none.
        """
        with self._store.transaction() as tx:
            talk = tx.talks.tied(*message)
            if talk is not None:
                tx.talks.say(talk, Speech("staff", text), once)
            return talk is not None

    def panel_answer(self, talk: int, text: str) -> bool:
        """Put an answer into a talk in which a person was asked for.

        Returns False where there is none of this number.
        """
        with self._store.transaction() as tx:
            asked = tx.talks.asked(talk)
            if asked:
                tx.talks.say(talk, Speech("staff", text))
            return asked

    def _hand_over(self, tx: Tx, talk: int, phone: str = "") -> None:
        """Let a person take over a talk, once; a phone given later is passed on too."""
        first = tx.talks.ask(talk)
        said = f"Мой телефон: {phone}" if phone else ""
        if said:
            tx.talks.say(talk, Speech("client", said))
            # sent by the button beside which the text on personal data is named
            tx.consents.put(of_talk(talk), consent.VERSION, "website")
        if first:
            self._tell(tx, talk, _retold(tx.talks.lines(talk, TOLD)), phone)
            tx.talks.say(talk, Speech("assistant", ASKED))
        elif said:
            self._tell(tx, talk, said, phone)

    def _pass_on(self, tx: Tx, talk: int, text: str) -> None:
        """Tell the admin what a visitor said; one who says too much is asked to call."""
        lately = tx.talks.said_since(talk, time.time() - HOUR_S)
        if lately <= HOURLY:
            self._tell(tx, talk, text)
        if lately == HOURLY:
            call = (
                f" Если срочно, позвоните: {shown_phone(self._phone)}"
                if self._phone
                else ""
            )
            tx.talks.say(talk, Speech("assistant", BUSY.format(call=call)))

    def _tell(self, tx: Tx, talk: int, text: str, phone: str = "") -> None:
        number = tx.counters.next("talk_line")
        if _has_room(tx, time.time()):
            facts = {"talk": talk, "text": text, "phone": phone}
            one = Notice(f"talk:{talk}:{number}", "admin", "", "talk", facts=facts)
            admin_chat.tell(tx, self._settings, one)
            return
        more = Notice(f"talks:{number}", "admin", "", "talks", facts={"count": 1})
        admin_chat.count(tx, self._settings, more, GATHERED_S)


def _has_room(tx: Tx, now: float) -> bool:
    """Count one more message to the admin's chat in this minute, if there is room.

    Returns whether there was.
    """
    minute = tx.facts.get(THIS_MINUTE) or Minute(since=0.0, told=0)
    if not 0 <= now - minute["since"] < MINUTE_S:
        minute = Minute(since=now, told=0)
    if minute["told"] >= A_MINUTE:
        return False
    tx.facts.put(THIS_MINUTE, Minute(since=minute["since"], told=minute["told"] + 1))
    return True


def _retold(lines: list[Line]) -> str:
    signs = {"client": "🗣", "assistant": "🤖", "staff": "👤"}
    return "\n".join(f"{signs[line.speech.who]} {line.speech.text}" for line in lines)
