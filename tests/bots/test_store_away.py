"""The local store is away for a moment: the bot stays up, and goes on as soon as the store is there again."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bots import runner
from bots.delivery import Delivery
from bots.outgoing import Sender
from record.actions import Actions
from record.notices import Notice
from record.settings import load_settings
from record.store import Store, Watch
from tests.house import wait_for


class Listened(Store):
    """A store that says when somebody has tried to watch it, and whose tables can be taken away."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "store.sqlite3"
        super().__init__(f"sqlite:///{self.path}")
        self.tried = threading.Event()

    def watch(self, *names: str) -> Watch:
        """Watch, well or not."""
        try:
            return super().watch(*names)
        finally:
            self.tried.set()

    def rename(self, old: str, new: str) -> None:
        """Take a table away, or bring it back."""
        with sqlite3.connect(self.path) as other:
            other.execute(f"ALTER TABLE {old} RENAME TO {new}")
        other.close()

    def fact(self, name: str) -> object:
        """Return a small fact."""
        with self.reading() as tx:
            return tx.facts.get(name)


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    await asyncio.to_thread(wait_for, condition, what)


@pytest.fixture
def store(tmp_path: Path) -> Listened:
    """A store of one's own."""
    return Listened(tmp_path)


def test_a_sign_of_life_that_cant_be_kept_ends_nothing(store: Listened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT_S", 0.01)

    async def play() -> None:
        beating = asyncio.create_task(runner.beat(store, "bot.client", "naryad_bot"))
        await until(lambda: store.fact("alive.bot.client"), "the first sign of life")
        await asyncio.to_thread(store.rename, "facts", "away")
        await asyncio.wait({beating}, timeout=0.5)
        await asyncio.to_thread(store.rename, "away", "facts")
        with store.transaction() as tx:
            tx.facts.put("alive.bot.client", None)
        await until(lambda: store.fact("alive.bot.client"), "another sign of life")
        assert not beating.done()
        beating.cancel()

    asyncio.run(play())
    store.close()


def test_what_waits_is_sent_though_the_store_could_not_be_watched_at_first(store: Listened) -> None:
    settings = load_settings("config.toml")
    sender = Sender(runner.make_bot("client", settings))
    delivery = Delivery(store, settings, Actions(store, settings), sender, ["client"])

    def ended() -> bool:
        with store.reading() as tx:
            return [state for _, state, _ in tx.outbox.results("5")] == ["stale"]

    async def play() -> None:
        store.rename("counters", "away")
        running = asyncio.create_task(delivery.run())
        await until(store.tried.is_set, "the first attempt")
        store.rename("away", "counters")
        with store.transaction() as tx:
            tx.outbox.add(Notice("k", "client", "501", "done", "5"))
        await until(ended, "the notice to be looked at")
        delivery.stop()
        await running

    asyncio.run(play())
    store.close()
