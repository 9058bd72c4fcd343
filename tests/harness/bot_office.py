"""The wire to Telegram without a network: what a bot asks is written down, and answered as a test wants.

It stands where python-telegram-bot's HTTP client does, and refuses, hangs up or stays silent as that one reports it.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bots.delivery.send import Delivery
from bots.inbox import Inbox
from bots.intake import Intake
from bots.master.bot import MasterBot
from bots.telegram.incoming import arrived
from bots.telegram.outgoing import TelegramChats
from record.actions.orders import Actions
from record.dispatch.notices import Notice
from record.dispatch.reading import read_master, read_order
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS
from record.settings import Settings, load_settings
from record.store import Store
from record.store.facts import BASELINE
from record.values import Cell
from tests.harness.system import wait_for

ADMIN, CLIENT, MASTER = 900, 501, 601
Json = dict[str, Any]
Answer = tuple[int, Json] | Exception | None


class Wire(BaseRequest):
    """Telegram as a bot's HTTP client sees it; ``answers`` says how, None stands for "as usual"."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Json]] = []
        self.answers: Callable[[str, Json], Answer] = lambda _method, _given: None
        self.content = b""

    @property
    def read_timeout(self) -> float | None:
        """Return how long an answer is waited for."""
        return 1

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to free."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Answer one request."""
        if method == "GET":
            self.asked.append(("download", {"url": url}))
            return 200, self.content
        assert method == "POST"
        name = url.rpartition("/")[2]
        given = dict(request_data.json_parameters) if request_data else {}
        self.asked.append((name, given))
        await asyncio.sleep(0)
        answer = self.answers(name, given)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer or (200, {"ok": True, "result": self._usual(name, given)})
        return status, json.dumps(body).encode()

    def _usual(self, name: str, given: Json) -> Any:
        if name == "getMe":
            return {"id": 99, "is_bot": True, "first_name": "B", "username": "b_bot"}
        if name == "getUpdates":
            return []
        if name == "getFile":
            return {"file_id": given["file_id"], "file_unique_id": "u", "file_path": f"files/{given['file_id']}"}
        chat = {"id": int(given.get("chat_id", 0)), "type": "private"}
        return {"message_id": len(self.asked), "date": 1, "chat": chat, "text": given.get("text", "")}

    def said(self, chat: int = 0) -> list[str]:
        """Return the texts that were to be shown, to everybody or in one chat."""
        shown = [given for name, given in self.asked if name in {"sendMessage", "editMessageText"}]
        return [given["text"] for given in shown if not chat or given["chat_id"] == str(chat)]

    def count(self, name: str) -> int:
        """Return how often something was asked."""
        return [asked for asked, _ in self.asked].count(name)


def refusal(code: int, words: str, **parameters: Any) -> Answer:
    """Return Telegram's refusal."""
    return code, {"ok": False, "error_code": code, "description": words, "parameters": parameters}


def late() -> Exception:
    """Return what is raised when Telegram had the request and did not answer in time."""
    error = TimedOut()
    error.__cause__ = httpx.ReadTimeout("")
    return error


def unconnected() -> Exception:
    """Return what is raised when there was no connection in time."""
    error = TimedOut()
    error.__cause__ = httpx.ConnectTimeout("")
    return error


def refused() -> Exception:
    """Return what is raised when nobody listens."""
    return NetworkError("httpx.ConnectError: All connection attempts failed")


class BotOffice:
    """A store, and bots in this process that talk over a wire."""

    def __init__(self, folder: Path, *, known: bool = True) -> None:
        self.store = Store(f"sqlite:///{folder}/store.sqlite3")
        self.wire = Wire()
        loaded = load_settings("config.toml")
        quick = {"chat_messages_per_second": 1000.0, "admin_chat_id": ADMIN}
        telegram = loaded.telegram.model_copy(update=quick)
        self.settings: Settings = loaded.model_copy(update={"telegram": telegram})
        self.bot: ExtBot[None] = ExtBot("1:test", request=self.wire, get_updates_request=self.wire)
        self.sender = TelegramChats(self.bot)
        self.actions = Actions(self.store, self.settings)
        if known:
            self.reads_the_sheet()

    def reads_the_sheet(self) -> None:
        """Let the first poll have been."""
        with self.store.transaction() as tx:
            tx.facts.put(BASELINE, 1.0)

    def master(self, telegram: str = str(MASTER)) -> None:
        """Let a master be on the list, with this in his cell «Telegram»."""
        given: dict[str, Cell] = {"ID": 1, "Имя": "Иван Петров", "Телефон": "+79110000001", "Активен": True}
        row = row_of(MASTERS, {**given, "Telegram": telegram})
        with self.store.transaction() as tx:
            tx.masters.put(read_master(row), row, 2)

    def order(self, **given: Cell) -> None:
        """Let order 5 stand in the sheet."""
        shown: dict[str, Cell] = {"ID": 5, "Телефон": "+79001234567", "Проблема": "Искрит", "Статус": "Новая"}
        row = row_of(ORDERS, {**shown, "Ключ": "k", "Telegram": str(CLIENT), "Оповещены": "да", **given})
        with self.store.transaction() as tx:
            tx.orders.put(read_order(row, tx.masters.roster()), row, 2)

    def queue(self, to: str, kind: str, order: str = "", key: str = "", **facts: Any) -> str:
        """Queue a notice; return its key."""
        recipient = {"client": str(CLIENT), "master": "1", "admin": str(self.settings.telegram.admin_chat_id)}[to]
        key = key or f"{to}:{kind}:{order}"
        with self.store.transaction() as tx:
            assert tx.outbox.add(Notice(key, to, recipient, kind, order, facts))
        return key

    def outbox(self, order: str = "") -> dict[str, str]:
        """Return the state of each notice about an order, or about none."""
        with self.store.reading() as tx:
            return {notice.key: state for notice, state, _ in tx.outbox.results(order)}

    def hurry(self) -> None:
        """Let the time have come for all that waits."""
        with self.store.transaction() as tx:
            tx.outbox.hurry()

    def postponed(self) -> bool:
        """Say whether something waits, and all of it for its time to come."""
        with self.store.reading() as tx:
            return tx.outbox.depth()[0] > 0 and tx.outbox.heads(["client", "master", "admin"]) == []

    def tries_again(self) -> None:
        """Let what waits be tried once more, as if its time had come."""
        asked = len(self.wire.asked)

        def more() -> bool:
            return len(self.wire.asked) > asked

        self.hurry()
        self.delivers(more)

    def delivers(self, *steps: Callable[[], object]) -> None:
        """Let all that waits be delivered until each of the steps, one after another, returns something true."""

        async def play() -> None:
            to = ("client", "master", "admin", "staff")
            delivery = Delivery(self.store, self.settings, self.actions, [self.sender], to)
            await beside(delivery.run(), delivery.stop, steps)

        asyncio.run(play())


async def beside(work: Coroutine[Any, Any, None], stop: Callable[[], None], steps: Any) -> None:
    """Run work until each of the steps, one after another, has returned something true."""
    running = asyncio.create_task(work)
    try:
        for step in steps:
            await asyncio.to_thread(wait_for, step, getattr(step, "__name__", "a step"))
    finally:
        stop()
        await running


def handles(room: BotOffice, *updates: Json) -> None:
    """Let the master bot take these updates at once, and handle them all."""

    async def play() -> None:
        stored = asyncio.Event()
        assert await Intake(room.store, "master", stored).take([arrived(one) for one in updates])
        inbox = Inbox(room.store, MasterBot(room.store, room.settings, room.actions), room.sender, stored)

        def handled() -> bool:
            with room.store.reading() as tx:
                return tx.inbox.open("master") == []

        await beside(inbox.run(), inbox.stop, [handled])

    asyncio.run(play())
