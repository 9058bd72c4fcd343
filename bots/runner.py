"""One bot from start to stop, in every channel: connect, answer, deliver."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from bots.channel import Door, inbox_name
from bots.channels import CHANNELS, Opener
from bots.client.bot import ClientBot
from bots.delivery.send import Delivery
from bots.inbox import Inbox
from bots.intake import Intake
from bots.master.bot import MasterBot
from bots.watchdog import Watchdog
from record.actions.orders import Actions
from record.errors import NaryadError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store
from record.store.facts import Beat, alive

log = get_logger(__name__)

BOTS: dict[str, type[ClientBot] | type[MasterBot]] = {
    "client": ClientBot,
    "master": MasterBot,
}
RECIPIENTS = {"client": ("client",), "master": ("master", "admin", "staff")}
FINISH_S = 5.0
HEARTBEAT_S = 15.0
Look = Callable[[], Awaitable[None]]


async def run(
    role: str,
    settings: Settings,
    store: Store,
    connected: Callable[[], None],
    channels: Sequence[Opener] = CHANNELS,
) -> None:
    """Run a bot until SIGTERM or SIGINT, then finish what is in hand.

    ``connected`` is called once all channels know us.

    Raises:
        SettingsError: a channel does not know us.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # from systemd and honcho, and from a terminal
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    opened = [opener(role, settings, store) for opener in channels]
    doors = [door for door in opened if door is not None]
    try:
        if await _unless(stop, _connect(doors, role)):
            connected()
            await _Bot(role, settings, store, doors).serve(stop)
    finally:
        for door in doors:
            await door.close()


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work unless asked to stop first; return whether it was done."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        # raises what the work raised
        task.result()
        return True
    task.cancel()
    await asyncio.wait({task})
    return False


async def _connect(doors: Sequence[Door], role: str) -> None:
    await asyncio.gather(*(door.connect(BOTS[role].commands) for door in doors))


class _Bot:
    """A connected bot: its doors, and the tasks behind them."""

    def __init__(
        self, role: str, settings: Settings, store: Store, doors: Sequence[Door]
    ) -> None:
        actions = Actions(store, settings)
        self._role = role
        self._store = store
        self._handler = BOTS[role](store, settings, actions)
        self._delivery = Delivery(store, settings, actions, doors, RECIPIENTS[role])
        self._watchdog = Watchdog(store, settings)
        self._inboxes: list[Inbox] = []
        # never end by themselves, and are cancelled at the end
        self._endless: list[asyncio.Task[None]] = []
        for door in doors:
            self._open(door)

    def _open(self, door: Door) -> None:
        # one for each door, since each inbox clears its own
        stored = asyncio.Event()
        name = inbox_name(self._role, door.channel)
        self._inboxes.append(Inbox(self._store, self._handler, door, stored))
        intake = Intake(self._store, name, stored)
        self._endless.append(asyncio.create_task(door.receive(intake)))
        looks: list[Look] = [door.look]
        if self._role == "master" and len(self._inboxes) == 1:  # one watchdog is enough
            looks.append(self._watchdog.look)
        beating = beat(
            self._store, f"bot.{name}", door.name, lambda: door.heard_at, looks
        )
        self._endless.append(asyncio.create_task(beating))

    async def serve(self, stop: asyncio.Event) -> None:
        """Work until asked to stop, or until a task breaks, whose error is raised."""
        working = [asyncio.create_task(inbox.run()) for inbox in self._inboxes]
        working.append(asyncio.create_task(self._delivery.run()))
        stopping = asyncio.create_task(stop.wait())
        everything = {stopping, *self._endless, *working}
        # none ends by itself: one that did is broken, and the whole bot must restart
        await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        # first what brings in new work, then what works
        for task in (stopping, *self._endless):
            task.cancel()
        for inbox in self._inboxes:
            inbox.stop()
        self._delivery.stop()
        _, unfinished = await asyncio.wait(working, timeout=FINISH_S)
        for task in unfinished:
            task.cancel()
        ended = await asyncio.gather(*self._endless, *working, return_exceptions=True)
        log.info("bot_stopped", unfinished=len(unfinished))
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome


async def beat(
    store: Store,
    process: str,
    name: str,
    heard_at: Callable[[], float],
    looks: Sequence[Look] = (),
) -> None:
    """Note again and again that this process is alive and hears, and its bot's name.

    A store that takes nothing for a while is reported by those who have something to
    keep.
    """

    def note() -> None:
        now: Beat = {
            "at": time.time(),
            "pid": os.getpid(),
            "name": name,
            "heard": heard_at(),
        }
        with store.transaction() as tx:
            tx.facts.put(alive(process), now)

    while True:
        with contextlib.suppress(NaryadError):
            await asyncio.to_thread(note)
        for look in looks:
            await look()
        await asyncio.sleep(HEARTBEAT_S)
