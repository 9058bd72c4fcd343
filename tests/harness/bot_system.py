"""A bot_system for the bots' tests: the real bots over HTTP, a mirror filled by hand, people in their chats.

There is no worker here and the sheet is unreachable, as it may be for an hour: what the bots write stays in the
journal and shows in the mirror all the same.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

from record.actions.orders import Actions
from record.dispatch.model import Master, Roster
from record.dispatch.notices import Notice
from record.dispatch.reading import read_master, read_order
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS
from record.settings import Settings, load_settings
from record.store import Store
from record.store.facts import BASELINE, RESTING, Resting
from record.values import Cell, telegram, to_serial
from tests.harness.system import ADMIN, CLIENT_BOT, MASTER_BOT, System, wait_for

T = TypeVar("T")
NOWHERE = "http://127.0.0.1:1"
PEOPLE = count(1001)
NUMBERS = count(501)


class Talker:
    """A person in a chat with one of the bots."""

    def __init__(self, system: System, bot: str, person: int) -> None:
        self.system = system
        self.bot = bot
        self.chat_id = person

    def say(self, text: str) -> None:
        """Write to the bot, or press a key of the keyboard, which is the same."""
        self.system.say(self.bot, self.chat_id, text)

    def send(self, **what: Any) -> None:
        """Send something that is not a text."""
        self.system.post("telegram/say", bot=self.bot, person=self.chat_id, **what)

    def chat(self) -> list[dict[str, Any]]:
        """Return the whole conversation."""
        return self.system.chat(self.bot, self.chat_id)

    def heard(self, text: str) -> list[dict[str, Any]]:
        """Return the bot's messages that contain a text."""
        return self.system.heard(self.bot, self.chat_id, text)

    def hears(self, text: str) -> dict[str, Any]:
        """Return the bot's last message that contains a text, once there is one."""
        return self.system.hears(self.bot, self.chat_id, text)

    def asks(self, text: str, answer: str) -> dict[str, Any]:
        """Write, and return the answer that contains a text and came after it."""
        before = len(self.chat())
        self.say(text)

        def answered() -> dict[str, Any] | None:
            found = [m for m in self.chat()[before:] if m["from"] == "bot" and answer in m["text"]]
            return found[-1] if found else None

        try:
            return wait_for(answered, f"«{answer}» after «{text}»")
        except AssertionError as error:
            talk = "\n".join(f"{m['from']}: {m['text']}" for m in self.chat())
            raise AssertionError(f"{error}; the chat is:\n{talk}") from None

    def orders(self, *said: str) -> None:
        """Begin an order and answer what the client bot asks, as far as said; each answer is another step."""
        for number, words in enumerate(("⚡ Услуги электрика", *said), start=1):
            self.asks(words, f"{number * 20}%")

    def press(self, label: str) -> dict[str, Any]:
        """Press the lowest button with this label, once there is one; return its message as it was."""

        def buttoned() -> dict[str, Any] | None:
            found = [m for m in self.chat() if any(b["text"] == label for row in m["buttons"] for b in row)]
            return found[-1] if found else None

        message = wait_for(buttoned, f"a button «{label}»")
        self.system.press(self.bot, self.chat_id, message, label)
        return message

    def toast(self, text: str) -> dict[str, Any]:
        """Return the notice over the chat that contains a text, once it has come."""
        path = f"{self.system.url}/sandbox/telegram/answers"

        def shown() -> dict[str, Any] | None:
            answers = self.system.http.get(path, params={"bot": self.bot, "person": str(self.chat_id)}).json()
            return next((answer for answer in answers if text in (answer["text"] or "")), None)

        return wait_for(shown, f"a toast «{text}»")

    def block(self, *, blocked: bool = True) -> None:
        """Block the bot, or let it in again."""
        self.system.post("telegram/block", bot=self.bot, person=self.chat_id, blocked=blocked)


class BotSystem:
    """Processes, people and a mirror to fill."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, **settings: str) -> None:
        self.system = System(folder, NARYAD_SHEETS__API_URL=NOWHERE, **settings)
        self.system.post("telegram/limits", enabled=False)
        self.settings = _settings(self.system, patch)
        self.store = Store(self.settings.store.url)
        self.actions = Actions(self.store, self.settings)
        with self.store.transaction() as tx:
            tx.facts.put(BASELINE, 1.0)

    def rests(self, *order_ids: str) -> None:
        """Let edits of just these orders rest, as the worker does."""
        with self.store.transaction() as tx:
            tx.facts.put(RESTING, {order_id: Resting(meaning="gone", since=1.0) for order_id in order_ids})

    def close(self) -> None:
        """End all processes."""
        self.store.close()
        self.system.close()

    def fault(self, **what: Any) -> None:
        """Let something go wrong between the bots and Telegram."""
        answer = self.system.http.post(f"{self.system.url}/sandbox/faults", json={"api": "telegram", **what})
        assert answer.ok, answer.text

    def mend(self) -> None:
        """Let nothing go wrong any more."""
        self.system.http.delete(f"{self.system.url}/sandbox/faults")

    def client(self, name: str = "Юля", phone: str = "+79001234567") -> Talker:
        """Let a client exist."""
        return self._person(CLIENT_BOT, name, phone)

    def stranger(self, name: str = "Иван", phone: str = "+79110000001") -> Talker:
        """Let somebody exist whom the master bot does not know."""
        return self._person(MASTER_BOT, name, phone)

    def admin(self) -> Talker:
        """Return the chat of the person who answers for everything."""
        self.system.person(ADMIN, "Админ")
        return Talker(self.system, MASTER_BOT, ADMIN)

    def _person(self, bot: str, name: str, phone: str) -> Talker:
        person = next(PEOPLE)
        self.system.person(person, name, phone)
        return Talker(self.system, bot, person)

    def master(self, name: str, *, active: bool = True, known: bool = True) -> Talker:
        """Let a master stand in the mirror; he is known to the bot, since it may write only to who wrote to it."""
        talker = self._person(MASTER_BOT, name, "+79110000001")
        self.enlist(talker, name, active=active)
        if known and active:
            talker.asks("/start", name)
        return talker

    def enlist(self, talker: Talker, name: str, *, active: bool = True) -> Master:
        """Let a master's row stand in the mirror."""
        given: dict[str, Cell] = {
            "ID": master_id(talker),
            "Имя": name,
            "Телефон": "+79110000001",
            "Telegram": str(talker.chat_id),
            "Активен": active,
        }
        row = row_of(MASTERS, given)
        master = read_master(row)
        with self.store.transaction() as tx:
            tx.masters.put(master, row, 2)
        return master

    def order(self, order_id: str = "", **given: Cell) -> str:
        """Let an order's row stand in the mirror, complete and Новая unless said otherwise; return its number."""
        order_id = order_id or str(next(NUMBERS))
        shown: dict[str, Cell] = {
            "ID": order_id,
            "Дата": to_serial(datetime.now(self.settings.zone).replace(tzinfo=None, microsecond=0)),
            "Имя": "Юля",
            "Телефон": "+79001234567",
            "Категория": "Электрика",
            "Проблема": "Не работает розетка",
            "Адрес": "Невского 47",
            "Статус": "Новая",
            "Оповещены": "да",
            "Ключ": f"secret_{order_id}",
            **given,
        }
        row = row_of(ORDERS, shown)
        with self.store.transaction() as tx:
            roster = tx.masters.roster()
            tx.orders.put(read_order(row, roster), row, int(order_id))
        return order_id

    def staff(self, order_id: str, **given: Cell) -> None:
        """Let staff have the last word on an order: its row is as given, whatever was on its way to it."""
        with self.store.transaction() as tx:
            tx.journal.mark([write.id for write in tx.journal.pending(ORDERS, order_id)], "refused")
            tx.claims.set(order_id, "")
        self.order(order_id, **given)

    def notice(self, to: str, whom: Talker, kind: str, order_id: str = "", **facts: Any) -> str:
        """Queue a notice, as the worker would; return its key."""
        recipient = master_id(whom) if to == "master" else str(whom.chat_id)
        key = f"{kind}:{order_id}:{recipient}:{next(NUMBERS)}"
        with self.store.transaction() as tx:
            assert tx.outbox.add(Notice(key, to, recipient, kind, order_id, facts))
        return key

    def state(self, order_id: str, key: str) -> str:
        """Return what became of a notice."""
        with self.store.reading() as tx:
            return next(state for notice, state, _ in tx.outbox.results(order_id) if notice.key == key)

    def ends(self, order_id: str, key: str, state: str) -> None:
        """Wait until a notice has ended in this state."""
        wait_for(lambda: self.state(order_id, key) != "waiting", f"{key} to end")
        assert self.state(order_id, key) == state

    def becomes(self, order_id: str, check: Callable[[Any], bool], what: str) -> Any:
        """Return the order once it is as wanted."""

        def shown() -> Any:
            with self.store.reading() as tx:
                order = tx.orders.get(order_id)
            return order if order and check(order) else None

        return wait_for(shown, f"order {order_id}: {what}")

    def roster(self) -> Roster:
        """Return the masters."""
        with self.store.reading() as tx:
            return tx.masters.roster()

    def orders_of(self, client: Talker) -> list[Any]:
        """Return what a client has ordered."""
        with self.store.reading() as tx:
            return tx.orders.find(chat=telegram(client.chat_id))


def master_id(talker: Talker) -> str:
    """Return the ID under which a master stands in the mirror."""
    # none that the bot gives by itself to who registers
    return str(talker.chat_id)


def _settings(system: System, patch: pytest.MonkeyPatch) -> Settings:
    """Return the settings that the system's processes have."""
    for name, value in system.env.items():
        if name.startswith("NARYAD_"):
            patch.setenv(name, value)
    settings = load_settings("config.toml")
    patch.undo()
    return settings
