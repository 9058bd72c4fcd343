"""Who was told something twice on a day of kills, and whether a kill in the stated window explains it.

The window of a notice is the time between Telegram's yes and its mark, that of an answer the time between Telegram's
yes and the mark of the update. What logs and store tell of it is exact: a notice that was marked is never sent again,
and an answer that comes again is that of an update which was begun more than once.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from record.grid.worksheets import ORDERS
from tests.harness.system import CLIENT_BOT, MASTER_BOT, System
from tests.torture.people import MASTERS, Day
from tests.torture.query import query
from tests.torture.shift import Kill

BOTS = {"client": CLIENT_BOT, "master": MASTER_BOT}
CARD = "card"  # a notice even where none was marked: an order that was taken meanwhile is offered no more
WHOLE_S = 1  # Telegram dates messages in whole seconds
SLACK_S = 0.5  # until a kill that has happened is noticed, on a machine that has much else to do
MILLISECONDS_S = 0.5  # how long the window is at most for half of all messages; without a load it is hundredths
Message = dict[str, Any]


@dataclass(frozen=True)
class Repeat:
    """A message that somebody got again, and the kill that explains it, if one does."""

    bot: str
    person: int
    said: str
    kill: Kill | None


class Mark(NamedTuple):
    """A notice that was marked as sent: its row, the message, and when that was logged, just after the commit."""

    notice: int
    message: int
    at: float


class Begun(NamedTuple):
    """An update whose handling was begun more than once: when it came, and when its handling had ended."""

    got_at: float
    handled_at: float


@dataclass(frozen=True)
class Chat:
    """What a bot and a person said, and what is known of the bot."""

    bot: str
    person: int
    messages: Sequence[Message]
    kills: Sequence[Kill]
    marks: Sequence[Mark]
    begun: Sequence[Begun]
    mark_s: float


def marks(system: System, bot: str) -> list[Mark]:
    """Return all that a bot has marked as sent, as its log tells; edits of cards are no messages of their own."""
    lines = (json.loads(line) for line in system.log(bot).splitlines() if line.startswith("{"))
    return [
        Mark(line["notice"], line["message"], datetime.fromisoformat(line["timestamp"]).timestamp())
        for line in lines
        if line["event"] == "delivered" and line["kind"] != "card"
    ]


def nothing_marked_was_sent_again(system: System) -> None:
    """No row of the outbox was delivered twice: what was marked stays marked, whoever dies."""
    for bot in BOTS:
        times = Counter(mark.notice for mark in marks(system, bot))
        assert times, f"{bot} has delivered nothing"
        assert [notice for notice, count in times.items() if count > 1] == [], bot


def the_window_is_short(day: Day) -> float:
    """Half of all notices at least are marked at once; return how long it took, in seconds."""
    waited = [late for bot in BOTS for late in _lateness(day, bot)]
    usual = max(0.0, median(waited) - WHOLE_S / 2)
    assert usual < MILLISECONDS_S, f"it takes {usual:.2f} s to mark a notice that Telegram has taken"
    return usual


def _lateness(day: Day, bot: str) -> list[float]:
    """Return how long after the date of its message each notice was marked, which is up to a second too much."""
    dates = {one["message_id"]: one["date"] for who in _people(day)[bot] for one in day.system.chat(BOTS[bot], who)}
    return [mark.at - dates[mark.message] for mark in marks(day.system, bot) if mark.message in dates]


def repeats(day: Day, kills: Iterable[Kill], url: str) -> list[Repeat]:
    """Return all messages that somebody got twice, each with the kill of its bot that explains it, if one does."""
    killed = list(kills)
    found: list[Repeat] = []
    for bot, people in _people(day).items():
        mine = [kill for kill in killed if kill.process == bot]
        marked, begun = marks(day.system, bot), _begun(url, bot)
        mark_s = max(_lateness(day, bot)) + SLACK_S
        for person in people:
            messages = [one for one in day.system.chat(BOTS[bot], person) if one["from"] == "bot"]
            found += _repeats(Chat(bot, person, messages, mine, marked, begun, mark_s))
    return found


def _people(day: Day) -> dict[str, list[int]]:
    clients = [int(row["Telegram"]) for row in day.system.rows(ORDERS) if row["Telegram"]]
    return {"client": clients, "master": list(MASTERS)}


def _begun(url: str, bot: str) -> list[Begun]:
    rows = query(url, f"select got_at, handled_at from updates where bot = '{bot}' and attempts > 1")
    return [Begun(*row) for row in rows]


def _repeats(chat: Chat) -> list[Repeat]:
    said: defaultdict[str, list[Message]] = defaultdict(list)
    for message in chat.messages:
        said[meaning(message["text"])].append(message)
    marked = {mark.message for mark in chat.marks}
    found: list[Repeat] = []
    for words, same in said.items():
        notice = words.startswith(CARD) or any(one["message_id"] in marked for one in same)
        for first, second in pairwise(same):
            if notice:
                kill = None if first["message_id"] in marked else _unmarked(chat, first, second)
            else:
                kill = _answered_again(chat, first, second)
            found.append(Repeat(chat.bot, chat.person, words, kill))
    return found


def _unmarked(chat: Chat, first: Message, second: Message) -> Kill | None:
    """Return the kill after which a notice could not be marked: it came no later than marks do on this day.

    Where all stands still for a while, on a machine that is busy with something else, or where a death is noticed
    late, it may come later; then nothing else was marked in between either.
    """
    kill = _between(chat, first["date"], second["date"] + WHOLE_S)
    if kill is None:
        return None
    late = first["date"] + chat.mark_s
    passed_over = [one for one in chat.marks if one.message > first["message_id"] and late < one.at < kill.at]
    return None if passed_over else kill


def _answered_again(chat: Chat, first: Message, second: Message) -> Kill | None:
    """Return the kill during an update that was begun again, whose answers these are."""
    for one in chat.begun:
        if one.got_at < first["date"] + WHOLE_S and second["date"] <= one.handled_at:
            return _between(chat, first["date"], second["date"] + WHOLE_S)
    return None


def _between(chat: Chat, begin: float, end: float) -> Kill | None:
    return next((kill for kill in chat.kills if begin <= kill.at <= end), None)


def meaning(text: str) -> str:
    """Return what a message is about, the same for a card in all its looks."""
    number = re.search(r"Заказ #(\d+)", text)
    if number is None:
        return text
    kind = next((mark for mark in ("сколько заплатил", "завершён") if mark in text), CARD)
    return f"{kind} {number[1]}"
