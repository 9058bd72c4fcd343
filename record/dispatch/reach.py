"""Who does not get what is sent to him in Telegram, and what staff are told of it.
Pure.

An order's «Проверка» says it as long as the order is open; a note on the cell
«Telegram» of «Мастера» says it of a master. Both go by themselves once the person can
be written to again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from record.dispatch.model import Master, Order
from record.values import Status, UnclearCell

BLOCKED, UNKNOWN, DELETED = (
    "остановил бота",
    "ещё не запускал бота",
    "удалил свой Telegram",
)
# https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp
WORDS = {
    "blocked": BLOCKED,
    "chat not found": UNKNOWN,
    "can't initiate": UNKNOWN,
    "deactivated": DELETED,
}
UNCONNECTED = "не подключён к боту"
MARK = "Наряд: "


@dataclass(frozen=True)
class Reach:
    """The chats that can't be written to, with Telegram's words, and the moment since
    when masters' can't.
    """

    clients: Mapping[int, str] = field(default_factory=dict)
    masters: Mapping[int, str] = field(default_factory=dict)
    since: Mapping[int, float] = field(default_factory=dict, compare=False)

    def unheard(self, order: Order, master: Master | None) -> list[str]:
        """Return what «Проверка» has to say of an order whose client or master does not
        hear of it.
        """
        if order.status not in (Status.NEW, Status.WORK):
            return []
        said = []
        if words := self.clients.get(order.chat or 0):
            said.append(
                f"Клиент не получает сообщений в Telegram: {why(words)}. Позвоните ему"
            )
        if master and order.status is Status.WORK:
            said += self._unheard_by(master)
        return said

    def _unheard_by(self, master: Master) -> list[str]:
        if not master.chat:
            return [f"Мастер {master.name} {UNCONNECTED}. Позвоните ему"]
        if words := self.silent(master):
            return [
                f"Мастер {master.name} не получает сообщений в Telegram: {why(words)}. Позвоните ему"
            ]
        return []

    def silent(self, master: Master) -> str:
        """Return Telegram's words on why a master can't be written to, "" where he can."""
        return self.masters.get(master.chat or 0, "")

    def changed(self, before: "Reach | None") -> tuple[set[int], set[int]]:
        """Return the chats of clients and of masters that were lost or found since
        before.
        """
        before = before or Reach()
        return set(self.clients) ^ set(before.clients), set(self.masters) ^ set(
            before.masters
        )


def why(words: str) -> str:
    """Return in plain words why Telegram does not deliver."""
    said = words.lower()
    return next(
        (reason for mark, reason in WORDS.items() if mark in said),
        "Telegram ему не доставляет",
    )


def alarm(master: Master, words: str) -> str:
    """Return what the admin is told of a master who can't be written to any more."""
    call = f" Позвоните ему: {master.phone}." if master.phone else " Позвоните ему."
    return f"Мастер {master.name} {why(words)}: заявки до него не доходят.{call}"


def uncancelled(order: Order, words: str) -> str:
    """Return what the admin is told of a client who waits for a master who will not
    come.
    """
    call = f" Позвоните ему: {order.phone}." if order.phone else " Позвоните ему."
    return f"Клиент не узнал, что заявка #{order.id} отменена: {why(words)}.{call}"


def unclear_in(master: Master) -> list[UnclearCell]:
    """Return what staff are told of a master's row, in Telegram and by notes: what
    can't be understood in it.

    What is still loading mends itself; a chat that an error covers is put back.
    """
    return [
        trouble
        for trouble in master.troubles
        if not trouble.passing and not (trouble.column == "Telegram" and master.chat)
    ]


def notes(master: Master, words: str) -> dict[str, str]:
    """Return the notes on a master's cells, by column; ``words``: Telegram's own on why
    he can't be written to.
    """
    found = {trouble.column: trouble_note(trouble) for trouble in unclear_in(master)}
    return found | ({"Telegram": note(words)} if words else {})


def trouble_note(trouble: UnclearCell) -> str:
    """Return the note on a cell of a master's row that can't be understood."""
    return (
        f"{MARK}{trouble.sentence.rstrip('.')}. Исправьте, и эта заметка исчезнет сама."
    )


def note(words: str) -> str:
    """Return the note on a master's cell «Telegram»."""
    return (
        f"{MARK}сообщения не доходят, мастер {why(words)}. "
        "Пусть откроет бота и нажмёт «Запустить», тогда эта заметка исчезнет сама."
    )
