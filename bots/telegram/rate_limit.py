"""Keeps a bot under Telegram's rates.

30 messages a second overall, 1 a second to a chat, 20 a minute to a group:

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

python-telegram-bot's own limiter knows no rate of a private chat, and lets twice the
overall rate through in the first second.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import BaseRateLimiter

# times slower than to a person: with a burst of two, never more than twenty within a
# minute
GROUP = 3.4
# what Telegram lets pass at once to a person who talks with the bot: nobody likes to
# wait in a talk
BURST = 3
GROUP_BURST = 2
MANY = 1000

Answer = bool | dict[str, Any] | list[dict[str, Any]]


class Rate:
    """One every ``interval`` seconds in the long run, a burst after a rest."""

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self._free = 0.0

    def wait(self, now: float, burst: int = 1) -> float:
        """Return how many seconds are left until the next one is due."""
        return max(0.0, self._free - (burst - 1) * self.interval - now)

    def take(self, now: float) -> None:
        """Count one."""
        self._free = max(self._free, now) + self.interval

    def rested(self, now: float) -> bool:
        """Say whether nothing is remembered any more."""
        return self._free <= now


class _Chat:
    def __init__(self, number: int, interval: float) -> None:
        self.rate, self.burst = Rate(interval), BURST
        # Telegram numbers groups below zero
        if number < 0:
            self.rate, self.burst = Rate(interval * GROUP), GROUP_BURST
        self.turn = asyncio.Lock()


class Pace(BaseRateLimiter[None]):
    """Lets calls about a chat wait their turn.

    Those of a chat in order, and chats do not wait for each other.

    What Telegram refuses all the same is left to whoever called.
    """

    def __init__(self, per_second: float, per_chat: float) -> None:
        self._overall = Rate(1 / per_second)
        self._interval = 1 / per_chat
        self._chats: dict[int, _Chat] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to free."""

    async def process_request(  # noqa: PLR0913, PLR0917  the signature is python-telegram-bot's own
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002  as above
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002  as above
    ) -> Answer:
        """Make a call when its turn has come; calls about no chat at once."""
        if (chat := data.get("chat_id")) is not None:
            await self._turn(int(chat))
        return await callback(*args, **kwargs)

    async def _turn(self, number: int) -> None:
        clock = asyncio.get_running_loop().time
        chat = self._chat(number)
        async with chat.turn:
            await _sleep(chat.rate.wait(clock(), chat.burst))
            due = self._overall.wait(clock())
            # taken before the wait, so that the next chat waits behind this one
            self._overall.take(clock())
            await _sleep(due)
            chat.rate.take(clock())

    def _chat(self, number: int) -> _Chat:
        if len(self._chats) > MANY:
            now = asyncio.get_running_loop().time()
            self._chats = {
                n: chat
                for n, chat in self._chats.items()
                # who waits, or has written lately, is still counted
                if chat.turn.locked() or not chat.rate.rested(now)
            }
        return self._chats.setdefault(number, _Chat(number, self._interval))


async def _sleep(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
