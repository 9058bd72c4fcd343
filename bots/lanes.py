"""Work in lanes: one thing at a time for a key, different keys at once, never more than so many. No Telegram here."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable

from record.logs import get_logger

log = get_logger(__name__)

Work = Callable[[], Awaitable[None]]
REST_S = 1.0


class Lanes:
    """Runs work by key; ``ended`` is called whenever a lane is free again. Work that breaks rests for a moment."""

    def __init__(self, width: int, ended: Callable[[], None]) -> None:
        self._places = asyncio.Semaphore(width)
        self._ended = ended
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    async def fill(self, look: Callable[[], Awaitable[Iterable[tuple[Hashable, Work]]]]) -> None:
        """Look what there is to do, and begin it for every key that was free before the look.

        A key that was busy then may have ended meanwhile what the look still found undone: it waits for the next
        look, which its end asks for.
        """
        busy = set(self._tasks)
        for key, work in await look():
            if key not in busy:
                self._tasks[key] = asyncio.create_task(self._run(key, work))

    async def _run(self, key: Hashable, work: Work) -> None:
        try:
            async with self._places:
                await work()
        except Exception:
            log.exception("lane_broke")
            await asyncio.sleep(REST_S)
        finally:
            del self._tasks[key]
            self._ended()

    async def finish(self) -> None:
        """Wait for all work that has begun."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
