"""The local store is away for a moment: the bot stays up, and goes on as soon as the store is there again."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bots import runner
from bots.delivery.send import Delivery
from bots.telegram.door import make_bot
from bots.telegram.outgoing import TelegramChats
from record.actions.orders import Actions
from record.dispatch.notices import Notice
from record.settings import load_settings
from record.store import Store, Watch
from record.store.facts import BASELINE, Beat, alive
from tests.harness.databases import server
from tests.harness.system import wait_for


class Listened(Store):
    """A store that says when somebody has tried to watch it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.tried = threading.Event()

    def watch(self, *names: str) -> Watch:
        """Watch, well or not."""
        try:
            return super().watch(*names)
        finally:
            self.tried.set()

    def ended(self, order: str) -> bool:
        """Say whether somebody has looked at the one notice about an order."""
        with self.reading() as tx:
            return [state for _, state, _ in tx.outbox.results(order)] == ["stale"]


class Torn(Listened):
    """A store whose tables can be taken away."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "store.sqlite3"
        super().__init__(f"sqlite:///{self.path}")

    def rename(self, old: str, new: str) -> None:
        """Take a table away, or bring it back."""
        with sqlite3.connect(self.path) as other:
            other.execute(f"ALTER TABLE {old} RENAME TO {new}")
        other.close()

    def beaten(self) -> float:
        """Return when the client bot last showed a sign of life, 0 where it never did."""
        with self.reading() as tx:
            beat = tx.facts.get(alive("bot.client"))
            return beat["at"] if beat else 0.0


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    await asyncio.to_thread(wait_for, condition, what)


@pytest.fixture
def store(tmp_path: Path) -> Torn:
    """A store of one's own."""
    return Torn(tmp_path)


def test_a_sign_of_life_that_cant_be_kept_ends_nothing(store: Torn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT_S", 0.01)

    async def play() -> None:
        beating = asyncio.create_task(runner.beat(store, "bot.client", "naryad_bot", lambda: 0))
        await until(store.beaten, "the first sign of life")
        await asyncio.to_thread(store.rename, "facts", "away")
        await asyncio.wait({beating}, timeout=0.5)
        await asyncio.to_thread(store.rename, "away", "facts")
        with store.transaction() as tx:
            tx.facts.put(alive("bot.client"), Beat(at=0.0, pid=1))
        await until(store.beaten, "another sign of life")
        assert not beating.done()
        beating.cancel()

    asyncio.run(play())
    store.close()


def test_what_waits_is_sent_though_the_store_could_not_be_watched_at_first(store: Torn) -> None:
    async def play() -> None:
        store.rename("counters", "away")
        delivery, running = delivers(store)
        await until(store.tried.is_set, "the first attempt")
        store.rename("away", "counters")
        await looks_at_a_notice(store)
        delivery.stop()
        await running

    asyncio.run(play())
    store.close()


def test_what_waits_is_sent_though_the_server_of_the_store_was_away_at_first() -> None:
    url = server().new()
    store = Listened(url)

    async def play() -> None:
        with server().away(url):
            delivery, running = delivers(store)
            await until(store.tried.is_set, "the first attempt")
        await looks_at_a_notice(store)
        delivery.stop()
        await running

    asyncio.run(play())
    store.close()
    server().drop(url)


def delivers(store: Store) -> tuple[Delivery, asyncio.Task[None]]:
    """Let the client bot begin to deliver."""
    settings = load_settings("config.toml")
    sender = TelegramChats(make_bot("client", settings))
    delivery = Delivery(store, settings, Actions(store, settings), [sender], ["client"])
    return delivery, asyncio.create_task(delivery.run())


async def looks_at_a_notice(store: Listened) -> None:
    """Queue a notice, and wait until it is looked at."""
    with store.transaction() as tx:
        tx.facts.put(BASELINE, 1.0)
        tx.outbox.add(Notice("k", "client", "501", "done", "5"))
    await until(lambda: store.ended("5"), "the notice to be looked at")
