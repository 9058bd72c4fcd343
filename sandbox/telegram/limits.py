"""Telegram's sending rates: about 1/s per chat, 20/min per group, 30/s overall.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .errors import too_many_requests

PER_CHAT = (1.0, 3)
OVERALL = (30.0, 30)
GROUP_PER_MINUTE = 20


@dataclass
class _Bucket:
    """Tokens that come back at a steady rate, up to a small burst."""

    rate: float
    burst: int
    tokens: float
    since: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there."""
        self.tokens = min(self.burst, self.tokens + (now - self.since) * self.rate)
        self.since = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate

    def take(self) -> None:
        self.tokens -= 1


class Limits:
    """Counts what each bot sends; `check` refuses with 429 and the seconds to wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[int, int], _Bucket] = {}
        self._groups: dict[tuple[int, int], deque[float]] = {}

    def reset(self) -> None:
        """Forget what was sent."""
        self._buckets.clear()
        self._groups.clear()

    def check(self, bot_id: int, chat_id: int) -> None:
        """Count one message of the bot to the chat, or refuse it."""
        now = self._clock()
        overall = self._bucket((bot_id, 0), OVERALL, now)
        chat = self._bucket((bot_id, chat_id), PER_CHAT, now)
        sent = (
            self._groups.setdefault((bot_id, chat_id), deque())
            if chat_id < 0
            else deque()
        )
        while sent and now - sent[0] >= 60:
            sent.popleft()
        group_wait = 60 - (now - sent[0]) if len(sent) >= GROUP_PER_MINUTE else 0.0
        wait = max(overall.wait(now), chat.wait(now), group_wait)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        overall.take()
        chat.take()
        sent.append(now)

    def _bucket(
        self, key: tuple[int, int], limit: tuple[float, int], now: float
    ) -> _Bucket:
        rate, burst = limit
        return self._buckets.setdefault(key, _Bucket(rate, burst, burst, now))
