"""A channel more is a door and a line where channels are put down: here one whose chats are lines of two files.

What people do is written into one file, what they are shown is read from the other. Nothing else is new: the store,
the sheet, the worker's poll, the dialogs and the delivery are the real ones.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bots.button_tokens import Seals
from bots.channel import Commands, Failure, NotDelivered
from bots.channels import Opener
from bots.client.texts import CONFIRM, SERVICES
from bots.incoming import Incoming, Unreadable
from bots.intake import Intake, Update
from bots.markup import plain
from bots.messages import Message
from bots.runner import run
from record.dispatch.reach import Unreachable
from record.grid.worksheets import MASTERS
from record.settings import Settings
from record.store import Store
from record.values import NOBODY, Address
from tests.harness.office import Office
from tests.harness.system import wait_for
from tests.worker.conftest import empty_system, office, shared

__all__ = ["empty_system", "office", "shared"]  # fixtures

TOY = "toy"
JULIA, PETR = 5, 7
Json = dict[str, Any]


class ToyDoor:
    """The door of the toy channel."""

    channel = TOY

    def __init__(self, folder: Path, role: str, _settings: Settings, _store: Store) -> None:
        self.name = f"toy_{role}"
        self.heard_at = time.time()
        self.seals = Seals(f"secret of {role}")
        self._done = folder / f"{role}.done"
        self._shown = folder / f"{role}.shown"

    async def connect(self, commands: Commands) -> None:
        """Nothing to connect to."""
        self._write({"commands": [command for command, _ in commands]})

    async def receive(self, intake: Intake) -> None:
        """Read what people have done since the last look; a line's number is the update's."""
        taken = 0
        while True:
            lines = [line for line in _lines(self._done) if line["number"] > taken]
            if lines and await intake.take([Update(line["number"], line, self._chat(line)) for line in lines]):
                taken = lines[-1]["number"]
            self.heard_at = time.time()
            await asyncio.sleep(0.01)

    def _chat(self, line: Mapping[str, Any]) -> Address:
        return Address(TOY, line["who"]) if "who" in line else NOBODY

    def read(self, body: Mapping[str, Any]) -> Incoming | None:
        """Return what a person did."""
        try:
            chat, number = Address(TOY, body["who"]), f"{body['who']}-{body['number']}"
        except KeyError as error:
            raise Unreadable(repr(error)) from error
        if "press" in body:
            return Incoming(chat, "press", data=body["press"], query=number, message_id=body["message"])
        return Incoming(chat, "text", text=body["text"], message_id=number)

    async def send(self, chat: Address, message: Message, *, silent: bool = False) -> str:
        """Show a message."""
        if chat.id == -PETR:
            raise NotDelivered("nobody is here", Failure.UNREACHABLE, reason=Unreachable.NEVER_STARTED)
        number = f"shown-{len(_lines(self._shown))}"
        self._write({"id": number, "silent": silent} | self._look(chat, message))
        return number

    async def edit(self, chat: Address, message_id: str, message: Message) -> None:
        """Show a message's new look."""
        self._write({"id": message_id} | self._look(chat, message))

    async def strip(self, chat: Address, message_id: str) -> None:
        """Take the buttons away."""
        self._write({"to": chat.id, "id": message_id, "buttons": {}})

    async def toast(self, query: str, text: str, *, alert: bool = False) -> None:
        """Answer a press."""
        self._write({"toast": text, "of": query, "alert": alert})

    async def ask(self) -> None:
        """A file is always there."""

    async def look(self) -> None:
        """Nothing to look at."""

    async def close(self) -> None:
        """Nothing to give back."""

    def _look(self, chat: Address, message: Message) -> Json:
        buttons = {button.text: self.seals.of(chat, button) for row in message.buttons for button in row}
        return {"to": chat.id, "text": plain(message.text), "buttons": buttons}

    def _write(self, line: Json) -> None:
        with self._shown.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _lines(file: Path) -> list[Json]:
    """Return the whole lines of a file."""
    if not file.exists():
        return []
    return [
        json.loads(line) for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line[-1] == "\n"
    ]


class Person:
    """Somebody who writes to a bot by the toy channel."""

    def __init__(self, folder: Path, role: str, number: int) -> None:
        self._done = folder / f"{role}.done"
        self._shown = folder / f"{role}.shown"
        self.number = number

    def _does(self, **what: Any) -> bool:
        line = {"number": len(_lines(self._done)) + 1, "who": self.number, **what}
        with self._done.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return True

    def says(self, text: str) -> Callable[[], bool]:
        """Return the step that writes a text."""
        return partial(self._does, text=text)

    def presses(self, label: str) -> Callable[[], bool]:
        """Return the step that presses the lowest button with this label."""

        def press() -> bool:
            shown = [line for line in self.hears() if label in line["buttons"]]
            return self._does(press=shown[-1]["buttons"][label], message=shown[-1]["id"])

        return press

    def hears(self) -> list[Json]:
        """Return what he was shown."""
        return [line for line in _lines(self._shown) if line.get("to") == self.number]

    def heard(self, words: str) -> Callable[[], bool]:
        """Return the step that waits for words in the last message."""
        return lambda: bool(self.hears()) and words in self.hears()[-1].get("text", "")


@pytest.fixture
def plays(office: Office, tmp_path: Path) -> Callable[..., None]:
    """A bot that runs until each of the steps, one after another, returns something true."""

    def play(role: str, *steps: Callable[[], object]) -> None:
        async def until_done() -> None:
            channels: list[Opener] = [partial(ToyDoor, tmp_path)]  # what bots/channels.py is for the others
            running = asyncio.create_task(run(role, office.settings, office.store, lambda: None, channels))
            try:
                for number, step in enumerate(steps):
                    await asyncio.to_thread(wait_for, step, f"step {number}")
            finally:
                if not running.done():
                    os.kill(os.getpid(), signal.SIGTERM)  # as the bot is asked to stop
                await running

        asyncio.run(until_done())

    return play


def test_a_client_orders_by_it_and_a_master_gets_his_card_by_it(
    office: Office, plays: Callable[..., None], tmp_path: Path
) -> None:
    julia, petr = Person(tmp_path, "client", JULIA), Person(tmp_path, "master", PETR)
    office.type(MASTERS, ID=3, Имя="Пётр Игрушкин", Телефон="+79110000003", Telegram=f"toy://{PETR}", Активен=True)
    office.begin()
    said = ("/start", SERVICES, "Искрит <розетка>", "Мира 1", "Юля", "+79001234567", CONFIRM)
    asked = ("Здравствуйте", "20%", "40%", "60%", "80%", "100%", "принята")
    talk: list[Callable[[], bool]] = []
    for words, answer in zip(said, asked, strict=True):
        talk += [julia.says(words), julia.heard(answer)]
    plays("client", *talk)
    office.settle()
    (row,) = office.rows()
    assert (row["Источник"], row["Telegram"], row["Имя"]) == (TOY, f"toy://{JULIA}", "Юля")

    plays(
        "master",
        petr.heard("Искрит <розетка>"),
        petr.presses("✅ ПРИНЯТЬ ЗАКАЗ 🚀"),
        petr.heard("Заказ у вас в работе"),
    )
    card = petr.hears()[0]
    assert "Новая заявка для вас" in card["text"]
    assert petr.hears()[-1]["id"] == card["id"], "the card itself has changed"
    office.settle()
    assert office.rows()[0]["Мастер"] == "Пётр Игрушкин"
    assert office.rows()[0]["Оповещены"]

    plays("client", julia.heard("Пётр Игрушкин"))
    assert julia.hears()[-1]["text"].startswith(f"🚀 Заявку #{row['ID']} принял мастер")


def test_who_cant_be_written_to_by_it_is_told_staff_by_his_code(office: Office, plays: Callable[..., None]) -> None:
    office.type(MASTERS, ID=3, Имя="Пётр Игрушкин", Телефон="+79110000003", Telegram=f"toy://{-PETR}", Активен=True)
    office.begin()
    office.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит", Мастер="Пётр Игрушкин", Статус="В работе")
    office.settle()

    def lost() -> bool:
        with office.store.reading() as tx:
            return Address(TOY, -PETR) in tx.masters.reach().masters

    plays("master", lost)
    office.settle()
    assert "Пётр Игрушкин не получает сообщений в Telegram: ещё не запускал бота" in office.rows()[0]["Проверка"]


def test_a_channel_that_is_not_open_holds_up_nobody(office: Office, plays: Callable[..., None]) -> None:
    """The other masters write by Telegram, which is not put down here."""
    office.begin()
    office.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    office.settle()

    def ended() -> bool:
        with office.store.reading() as tx:
            return {state for _, state, _ in tx.outbox.results("1")} == {"failed"}

    plays("master", ended)
