"""Who does not get what is sent to him, and what staff are told of it. Pure.

The door of a channel says why it can't deliver by a code (``Unreachable``); only here
and in record/watch/admin_chat.py it becomes words, for masters and clients here.

An order's «Проверка» says it as long as the order is open; a note on the cell
«Telegram» of «Мастера» says it of a master. Both go by themselves once the person can
be written to again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from record.dispatch.model import Master, Order
from record.values import NOBODY, Address, Status, UnclearCell
from record.values.wording import phone as shown_phone


class Unreachable(StrEnum):
    """Why a person or a group can't be written to.

    The values are kept in the store, so they never change.
    """

    BLOCKED = "blocked"
    NEVER_STARTED = "never_started"
    DEACTIVATED = "deactivated"
    NO_RIGHTS = "no_rights"
    KICKED = "kicked"
    NOT_A_MEMBER = "not_a_member"
    GONE_GROUP = "gone_group"
    OTHER = "other"


# Up to the person himself: once he is back, he is sent what failed for such a reason.
OF_PEOPLE = {
    Unreachable.BLOCKED: "остановил бота",
    Unreachable.NEVER_STARTED: "ещё не запускал бота",
    Unreachable.DEACTIVATED: "удалил свой Telegram",
}
UNCONNECTED = "не подключён к боту"
MARK = "Наряд: "


@dataclass(frozen=True)
class Reach:
    """The chats that can't be written to, with the reason.

    ``since``: from which moment on those of masters can't.
    """

    clients: Mapping[Address, Unreachable] = field(default_factory=dict)
    masters: Mapping[Address, Unreachable] = field(default_factory=dict)
    since: Mapping[Address, float] = field(default_factory=dict, compare=False)

    def unreached(self, order: Order, master: Master | None) -> list[str]:
        """Return what «Проверка» says of an order whose client or master is not reached."""
        if order.status not in (Status.NEW, Status.WORK):
            return []
        said = []
        if reason := self.clients.get(order.chat or NOBODY):
            said.append(
                f"Клиент не получает сообщений в Telegram: {why(reason)}. Позвоните ему"
            )
        if master and order.status is Status.WORK:
            said += self._master_unreached(master)
        return said

    def _master_unreached(self, master: Master) -> list[str]:
        if not master.chat:
            return [f"Мастер {master.name} {UNCONNECTED}. Позвоните ему"]
        if reason := self.silent(master):
            return [
                f"Мастер {master.name} не получает сообщений в Telegram: {why(reason)}. Позвоните ему"
            ]
        return []

    def silent(self, master: Master) -> Unreachable | None:
        """Return why a master can't be written to, None where he can."""
        return self.masters.get(master.chat or NOBODY)

    def changed(self, before: "Reach | None") -> tuple[set[Address], set[Address]]:
        """Return the chats of clients and of masters lost or found since before."""
        before = before or Reach()
        of_clients = set(self.clients) ^ set(before.clients)
        of_masters = set(self.masters) ^ set(before.masters)
        return of_clients, of_masters


def without_master(order: Order, master: Master | None) -> list[str]:
    """Return what «Проверка» says of an order in work whose master works here no more.

    ``master`` is his row, None where that is gone.
    """
    if order.status is not Status.WORK or not order.master_id:
        return []
    # then the cell says so by itself
    if order.is_unclear("Мастер"):
        return []
    if master is None:
        who = f"Мастера «{order.master}» больше нет на листе «Мастера»"
        return [f"{who}: впишите другого или верните его строку"]
    if not master.active:
        return [
            f"Мастер {master.name} больше не активен: впишите другого, если он не доделает"
        ]
    return []


def why(reason: Unreachable) -> str:
    """Return in plain words why nothing is delivered."""
    return OF_PEOPLE.get(reason, "Telegram ему не доставляет")


def alarm(master: Master, reason: Unreachable) -> str:
    """Return what the admin is told of a master who can't be written to any more."""
    call = (
        f" Позвоните ему: {shown_phone(master.phone)}."
        if master.phone
        else " Позвоните ему."
    )
    return f"Мастер {master.name} {why(reason)}: заявки до него не доходят.{call}"


def uncancelled(order: Order, reason: Unreachable) -> str:
    """Return what the admin is told of a client who waits for nobody."""
    call = (
        f" Позвоните ему: {shown_phone(order.phone)}."
        if order.phone
        else " Позвоните ему."
    )
    return f"Клиент не узнал, что заявка #{order.id} отменена: {why(reason)}.{call}"


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


def notes(master: Master, reason: Unreachable | None) -> dict[str, str]:
    """Return the notes on a master's cells, by column; ``reason`` is why he can't be
    written to.
    """
    found = {trouble.column: trouble_note(trouble) for trouble in unclear_in(master)}
    if reason:
        found["Telegram"] = note(reason)
    return found


def trouble_note(trouble: UnclearCell) -> str:
    """Return the note on a cell of a master's row that can't be understood."""
    return (
        f"{MARK}{trouble.sentence.rstrip('.')}. Исправьте, и эта заметка исчезнет сама."
    )


def note(reason: Unreachable) -> str:
    """Return the note on a master's cell «Telegram»."""
    return (
        f"{MARK}сообщения не доходят, мастер {why(reason)}. "
        "Пусть откроет бота и нажмёт «Запустить», тогда эта заметка исчезнет сама."
    )
