"""One thing at a time for a key, different keys at once, never more than so many."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable
from contextlib import asynccontextmanager

from record.errors import NaryadError
from record.logs import get_logger
from record.store import Store

log = get_logger(__name__)

Work = Callable[[], Awaitable[None]]
REST_S = 1.0
TAKEN_S = 0.2


@asynccontextmanager
async def turn(store: Store, kind: str, key: str) -> AsyncIterator[bool]:
    """Yield whether it is this process's turn with somebody.

    Where another has it, that is said after a moment.
    """
    taken = store.turn(kind, key)
    # it may wait for the database, and must not hold up the event loop
    mine = await asyncio.to_thread(taken.__enter__)
    try:
        if not mine:
            await asyncio.sleep(TAKEN_S)
        yield mine
    finally:
        await asyncio.to_thread(taken.__exit__, None, None, None)


class KeyedTasks:
    """Runs work by key; ``ended`` is called whenever a key is free again.

    Work that breaks rests for a moment. What stands in the way of all, such as a full
    disk, is logged once, and so is its end.
    """

    def __init__(self, width: int, ended: Callable[[], None]) -> None:
        self._room = asyncio.Semaphore(width)
        self._ended = ended
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._trouble = ""

    async def fill(
        self, look: Callable[[], Awaitable[Iterable[tuple[Hashable, Work]]]]
    ) -> None:
        """Look what there is to do, and start it for every key that is free.

        A key that was busy then may have ended meanwhile what the look still found
        undone: it waits for the next look, which its end asks for.
        """
        busy = set(self._tasks)
        try:
            found = await look()
        except NaryadError as error:
            self._stuck(error)
            asyncio.get_running_loop().call_later(REST_S, self._ended)
            return
        for key, work in found:
            if key not in busy:
                self._tasks[key] = asyncio.create_task(self._run(key, work))

    async def _run(self, key: Hashable, work: Work) -> None:
        try:
            # each key has its task at once; only so many of them work
            async with self._room:
                await work()
            self._freed()
        except NaryadError as error:
            self._stuck(error)
            await asyncio.sleep(REST_S)
        except Exception:
            log.exception("lane_broke")
            await asyncio.sleep(REST_S)
        finally:
            # before the wake-up, so that the next look finds the key free
            del self._tasks[key]
            self._ended()

    def _stuck(self, error: NaryadError) -> None:
        if str(error) != self._trouble:
            # events keep their first names: people's monitors know them
            log.error("lanes_stuck", error=str(error))
        self._trouble = str(error)

    def _freed(self) -> None:
        if self._trouble:
            log.info("lanes_free")
        self._trouble = ""

    async def finish(self) -> None:
        """Wait for all work that was started."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
