"""What people say to a bot that is for a person: it reaches a master, or staff.

A client's words about an order go to the master who has it, and into «Комментарий»;
where nobody has it, or nothing can be sent to him, to the admin's chat. Files that a
client sent are kept with the order, and shown to whoever takes it later.
"""

from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Literal

from record.actions import limits
from record.actions.access import owner_of
from record.actions.base import BaseActions, noted
from record.dispatch.model import Master, Order
from record.dispatch.notices import Notice
from record.store import Tx
from record.store.order_files import OrderFile
from record.values import Address, Status
from record.values.actors import Actor
from record.watch import admin_chat

LONGEST_NOTED = 1000
# of a message, in which a messenger takes 4,000 with what stands around them
LONGEST_TOLD = 3000
# the facts of what was sent beside words
OF_FILE = frozenset({"what", "detail", "sort", "file", "name"})
Heard = Literal["master", "staff", "noted", "busy", "nobody"]


@dataclass(frozen=True)
class Words:
    """What somebody said.

    ``what`` is what he sent beside words, as one says «прислал …», and ``detail`` what
    can be said of it; ``file`` and ``sort`` are what his bot knows it by. ``corrected``:
    he changed a message that he had sent before. ``noting``: it is worth a line of
    «Комментарий».
    """

    text: str = ""
    what: str = ""
    detail: str = ""
    sort: str = ""
    file: str = ""
    corrected: bool = False
    noting: bool = True


class PassingOn(BaseActions):
    """The acts of passing words on."""

    def client_says(
        self, order_id: str, chat: Address, words: Words, once: str
    ) -> Heard:
        """Pass on what a client says of his order; return who hears it.

        ``once`` names the message, which is passed on once.
        """
        with self._store.transaction() as tx:
            order = tx.orders.get(order_id)
            if order is None or order.chat != chat:
                return "nobody"
            master = _reader(tx, order)
            heard: Heard = "master" if master else "staff"
            if not master and admin_chat.chat_of(tx, self._settings) is None:
                heard = "noted"
            spoken = limits.spoken(tx, chat, once)
            if spoken is limits.Spoken.AGAIN:
                return heard
            if spoken is limits.Spoken.TOO_MUCH:
                return "busy"
            if words.noting:
                line = _line(words, f"{self._now():%d.%m %H:%M}")
                comment = noted(order, line)
                if heard == "noted" and not comment.endswith(line):
                    return "busy"
                if comment != order.comment:
                    cells = {"Комментарий": comment}
                    self._set(tx, order_id, cells, by=Actor.client(chat))
            number = keep_file(tx, order_id, words, once)
            key = _key(number, once)
            facts = _facts(words, number)
            if master:
                notice = Notice(
                    f"{key}:{master.id}",
                    "master",
                    master.id,
                    "client_says",
                    order_id,
                    facts,
                )
                for part in _parts(notice):
                    tx.outbox.add(part)
            else:
                notice = Notice(key, "admin", "", "client_says", order_id, facts)
                self._tell_staff(tx, notice)
            return heard

    def stranger_says(self, chat: Address, who: str, words: Words, once: str) -> Heard:
        """Pass on to staff what somebody says who has no order, or of none."""
        return self._to_staff("stranger_says", chat, {"who": who}, words, once)

    def master_says(
        self, master: Master, chat: Address, words: Words, once: str
    ) -> Heard:
        """Pass on to staff what a master says who was asked nothing."""
        facts = {"who": master.name, "phone": master.phone, "bot": "master"}
        return self._to_staff("master_says", chat, facts, words, once)

    def _to_staff(
        self, kind: str, chat: Address, who: dict[str, str], words: Words, once: str
    ) -> Heard:
        with self._store.transaction() as tx:
            if admin_chat.chat_of(tx, self._settings) is None:
                return "nobody"
            spoken = limits.spoken(tx, chat, once)
            if spoken is limits.Spoken.TOO_MUCH:
                return "busy"
            if spoken is limits.Spoken.NEW:
                facts = {**_facts(words, None), **who, "chat": str(chat)}
                notice = Notice(f"{kind}:{once}", "admin", "", kind, facts=facts)
                self._tell_staff(tx, notice)
            return "staff"

    def _tell_staff(self, tx: Tx, notice: Notice) -> None:
        for part in _parts(notice):
            admin_chat.tell(tx, self._settings, part)


def keep_file(tx: Tx, order_id: str, words: Words, once: str) -> int | None:
    """Keep a file with its order; return its number, None where there is no file."""
    if not words.file:
        return None
    given = OrderFile(0, words.sort, words.file, words.detail, "client")
    return tx.files.add(order_id, given, once)


def hand_over_files(tx: Tx, order_id: str, master_id: str) -> None:
    """Show the files of an order to the master who has it now; each once."""
    for given in tx.files.of(order_id):
        facts = {
            "sort": given.sort,
            "file": given.file,
            "name": given.name,
            "bot": given.bot,
        }
        key = f"{_key(given.id, '')}:{master_id}"
        tx.outbox.add(Notice(key, "master", master_id, "client_sent", order_id, facts))


def _key(number: int | None, once: str) -> str:
    """Return what a notice is known by: a file is shown to each master once."""
    return f"client_says:{once}" if number is None else f"file:{number}"


def _facts(words: Words, number: int | None) -> dict[str, str]:
    facts = {"text": words.text, "what": words.what, "detail": words.detail}
    if number is not None or words.file:
        facts |= {"sort": words.sort, "file": words.file, "name": words.detail}
    if words.corrected:
        facts["corrected"] = "yes"
    return {name: value for name, value in facts.items() if value}


def _parts(notice: Notice) -> list[Notice]:
    """Return the notice, as several where its words are too many for one message."""
    text = notice.facts.get("text", "")
    texts = wrap(text, LONGEST_TOLD, replace_whitespace=False, expand_tabs=False)
    if len(texts) <= 1:
        return [notice]
    parts = [replace(notice, facts={**notice.facts, "text": texts[0]})]
    # what was sent beside the words is shown once
    rest = {name: fact for name, fact in notice.facts.items() if name not in OF_FILE}
    for number, words in enumerate(texts[1:], start=2):
        facts = {**rest, "text": words, "goes_on": "yes"}
        parts.append(replace(notice, key=f"{notice.key}:{number}", facts=facts))
    return parts


def _reader(tx: Tx, order: Order) -> Master | None:
    """Return the master at work on an order, if messages reach him."""
    master = owner_of(tx, order)
    if master is None or not master.chat or order.status is Status.DONE:
        return None
    if master.chat in tx.masters.unreachable("master"):
        return None
    return master


def _line(words: Words, when: str) -> str:
    """Return what is said as one line of «Комментарий»."""
    # a line break of an outsider could pass for a line of ours
    said = " ".join(words.text.split())[:LONGEST_NOTED]
    sent = " ".join(f"прислал {words.what}: {words.detail}".split()).rstrip(": ")
    if not words.what:
        return f"Клиент, {when}: {said}"
    if not said:
        return f"Клиент, {when}, {sent}"
    return f"Клиент, {when}, {sent}: {said}"
