"""The queue of updates and long polling.

https://core.telegram.org/bots/api#getupdates
"""

import json
import time

from .errors import ApiError
from .model import Bot, Json, Update
from .params import Params
from .state import State

RETENTION_S = 24 * 3600
CALLBACK_RETENTION_S = 150
LONGEST_POLL_S = 50
CONFLICT_PAUSE_S = 3.0
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}

OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "Conflict: terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class _Poll:
    """One waiting long poll.

    Being another object than the bot's latest means it was overtaken.
    """


class Updates:
    """Queues updates and hands them out until they are confirmed."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._polls: dict[int, _Poll] = {}
        self._next_conflict: dict[int, float] = {}

    def reset(self) -> None:
        """Forget who waits; the waiters find nothing and leave."""
        self._polls.clear()
        self._next_conflict.clear()

    def push(self, bot: Bot, kind: str, body: Json) -> None:
        """Queue an update, unless the bot does not want its kind."""
        if not _wanted(bot, kind):
            return
        bot.queue.append(Update(bot.next_update, kind, self._state.clock(), body))
        bot.next_update += 1
        self._state.save_bot(bot)

    def fetch(self, bot: Bot, params: Params) -> list[Json]:
        """Answer getUpdates, at once or after waiting up to `timeout`."""
        offset = params.number("offset")
        limit = params.clamped("limit", 100, 1, 100)
        timeout = params.clamped("timeout", 0, 0, LONGEST_POLL_S)
        with self._state.lock:
            if bot.webhook:
                raise ApiError(409, WEBHOOK_ACTIVE)
            self.remember_allowed(bot, params)
            self.confirm(bot, offset)
            ready = self.pending(bot)[:limit]
            if ready or not timeout:
                return [update_json(update) for update in ready]
            conflict = self._wait(bot, timeout)
            if not conflict:
                return [update_json(update) for update in self.pending(bot)[:limit]]
            pause = self._conflict_pause(bot)
        time.sleep(pause)
        raise ApiError(409, conflict)

    def _wait(self, bot: Bot, timeout: float) -> str:
        """Wait for an update.

        The text of the conflict when something else ended the poll.
        """
        poll = self._polls[bot.id] = _Poll()
        self._state.changed.notify_all()
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            self._state.changed.wait(left)
            latest = self._polls.get(bot.id)
            if latest is not poll:
                return OTHER_POLL if latest is not None else ""
            if bot.webhook:
                return WEBHOOK_SET
            if bot.queue:
                break
        self._polls.pop(bot.id, None)
        return ""

    def _conflict_pause(self, bot: Bot) -> float:
        """Answer repeated conflicts late, so that two fighting pollers do not spin."""
        now = time.monotonic()
        if now < self._next_conflict.get(bot.id, 0.0):
            return CONFLICT_PAUSE_S
        self._next_conflict[bot.id] = now + CONFLICT_PAUSE_S
        return 0.0

    def remember_allowed(self, bot: Bot, params: Params) -> None:
        """Keep `allowed_updates`; when omitted the previous setting persists."""
        if not params.text("allowed_updates"):
            return
        try:
            kinds = json.loads(params.text("allowed_updates"))
        except ValueError:
            return
        if isinstance(kinds, list):
            bot.allowed_updates = [str(kind).lower() for kind in kinds] or None
            self._state.save_bot(bot)

    def confirm(self, bot: Bot, offset: int) -> None:
        """Forget everything below the offset.

        A negative one keeps only that many of the newest.
        """
        before = len(bot.queue)
        if offset < 0:
            bot.queue = bot.queue[offset:]
        elif offset > 0:
            bot.queue = [update for update in bot.queue if update.id >= offset]
        if len(bot.queue) != before:
            self._state.save_bot(bot)

    def pending(self, bot: Bot) -> list[Update]:
        """What waits for the bot, without what has grown too old."""
        now = self._state.clock()
        fresh = [
            update
            for update in bot.queue
            if now - update.happened <= _retention(update.kind)
        ]
        if len(fresh) != len(bot.queue):
            bot.queue = fresh
            self._state.save_bot(bot)
        return fresh


def update_json(update: Update) -> Json:
    """An Update object (https://core.telegram.org/bots/api#update)."""
    return {"update_id": update.id, update.kind: update.body}


def _wanted(bot: Bot, kind: str) -> bool:
    if bot.allowed_updates is None:
        return kind not in NOT_BY_DEFAULT
    return kind in bot.allowed_updates


def _retention(kind: str) -> float:
    return CALLBACK_RETENTION_S if kind == "callback_query" else RETENTION_S
