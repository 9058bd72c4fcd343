"""A company on an ordinary day: the sandbox, the worker and both bots as processes, people in their chats."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from record.dispatch.model import Order
from record.grid.worksheets import MASTERS, ORDERS
from record.store import Store, Tx
from tests.harness.keys import Key
from tests.harness.sheet import Sheet, order
from tests.harness.system import ADMIN, CLIENT_BOT, MASTER_BOT, System, wait_for

JULIA, IVAN, SERGEY = 501, 601, 602
PEOPLE = {
    "ivan": (MASTER_BOT, IVAN),
    "sergey": (MASTER_BOT, SERGEY),
    "olga": (MASTER_BOT, ADMIN),
    "julia": (CLIENT_BOT, JULIA),
}
TEAM: list[dict[str, Any]] = [
    {"ID": 1, "Имя": "Иван Петров", "Телефон": "+79110000601", "Telegram": str(IVAN), "Активен": True},
    {"ID": 2, "Имя": "Сергей Ким", "Телефон": "+79110000602", "Telegram": str(SERGEY), "Активен": True},
]
ACCEPT, FINISH = "✅ ПРИНЯТЬ ЗАКАЗ 🚀", "✅ Завершить"
PROCESSES = ("worker", "client", "master")
BOTS = {"client": CLIENT_BOT, "master": MASTER_BOT}
HELD_S = 60  # longer than any test, so that an order of things is made, not hoped for
# whose reading of the sheet it is; statistics are read by themselves, at any time
POLL, FLUSH = "batchGet.*Вопросы", r"batchGet\?(?!.*(Вопросы|Статистика))"
SETTLE_S = 0.3
WAVE_ROWS = 60  # each test begins with new orders, and a quick machine plays several within ten seconds
GOOGLE_S = 4
NUDGE_EACH = 4
Message = dict[str, Any]


class Company:
    """Everybody and everything but the sheet, which staff have open as ``sheet``.

    Ivan and Sergey are masters, Julia is a client with a chat, Olga answers for everything.
    """

    def __init__(self, folder: Path) -> None:
        self.system = System(
            folder,
            NARYAD_POLLING__INTERVAL_S="0.3",
            NARYAD_POLLING__SETTLE_S=str(SETTLE_S),
            NARYAD_POLLING__WAVE_ROWS=str(WAVE_ROWS),
            NARYAD_POLLING__STATISTICS_S="600",
            NARYAD_SHEETS__TIMEOUT_S=str(GOOGLE_S),
            NARYAD_WEB__ORDERS_PER_MINUTE="1000",
            NARYAD_SHEETS__UNCLEAR_REST_S="0.3",
            GOOGLE_APPLICATION_CREDENTIALS=str(folder / "key.json"),
        )
        self.key = Key(folder / "key.json", self.system.url)
        self.system.post("telegram/limits", enabled=False)
        done = self.system.run("worker", "init")
        assert done.returncode == 0, done.stderr
        for who, name in (("ivan", "Иван"), ("sergey", "Сергей"), ("olga", "Ольга"), ("julia", "Юля")):
            bot, person = PEOPLE[who]
            self.system.person(person, name)
            self.system.say(bot, person, "/start")
        self.store = Store(self.system.env["NARYAD_STORE__URL"])
        self.sheet = Sheet(self.system)
        self._days = count(1)
        self._seen: dict[str, list[Message]] = {}
        self._logged: dict[str, int] = {}
        self.sheet.fill(MASTERS, TEAM)
        self.system.start(*PROCESSES)
        self.greeted()

    def greeted(self) -> None:
        """Wait until the bots have answered everybody's /start."""
        wait_for(lambda: all(len(self._chat(who)) > 1 for who in PEOPLE), "greetings")

    def close(self) -> None:
        """End everything."""
        self.store.close()
        self.system.close()

    def begin(self, *, announce: bool = False) -> None:
        """Bring all back to the start: three new orders, with numbers never used before, that the masters know of.

        ``announce`` lets the bots announce them now, so that their cards hang in the masters' chats.
        """
        self.mend()
        first = 100 * next(self._days) + 1
        self.sheet.ids = (first, first + 1, first + 2)
        while self.sheet.height() > 6:  # a wave of removals would be an accident to the system
            self.sheet.shorten()
            self.rests()
        self.sheet.fill(MASTERS, TEAM)
        told = {"Оповещены": ""} if announce else {}
        hers = {"Telegram": str(JULIA)}
        self.sheet.fill(ORDERS, [order(first, **hers, **told), order(first + 1, **told), order(first + 2, **told)])
        self.rests()
        self.everybody_looks()
        self._logged = {name: len(self._log(name)) for name in PROCESSES}

    def restart(self, *, forget: bool = False) -> None:
        """Start the worker and the bots anew, with the store as it is or deleted."""
        self.system.end_all()
        if forget:
            self.store.close()
            self.system.forget()
            self.store = Store(self.system.env["NARYAD_STORE__URL"])
        self.system.start(*PROCESSES)

    def open_site(self) -> None:
        """Start the site, unless it runs; it runs on to the end."""
        if not self.system.runs("web"):
            self.system.start("web")

    # Rest

    def rests(self) -> None:
        """Wait until the bots have heard all that was said, and all that follows from it is written and sent.

        A poll that began after that moment has ended.
        """
        self.waits_for(self._all_heard, "the bots to hear all that people said")
        asked = time.time()
        nudges = count()

        def at_rest() -> bool:
            if next(nudges) % NUDGE_EACH == 0:
                self.nudge()
            with self.store.reading() as tx:
                return _polled_since(tx, asked) and not _waits(tx)

        wait_for(at_rest, "the system comes to rest")

    def _all_heard(self) -> bool:
        """Say whether nothing that a person said or pressed waits for a bot that runs."""
        running = [name for name in BOTS if self.system.runs(name)]
        if any(self.system.untaken(BOTS[name]) for name in running):
            return False
        with self.store.reading() as tx:
            unhandled = tx.metrics.updates_waiting()
        return not any(unhandled.get(name) for name in running)

    def nudge(self) -> None:
        """Ask the worker to poll now, as whoever journals a write does."""
        with self.store.transaction() as tx:
            tx.wake("poll")

    # The chats

    def everybody_looks(self) -> None:
        """Let everybody have read all there is in the chats."""
        self._seen = {who: self._chat(who) for who in PEOPLE}

    def _chat(self, who: str) -> list[Message]:
        return self.system.chat(*PEOPLE[who])

    def everyone_hears(self, **heard: Sequence[str]) -> None:
        """Once all is at rest, each person has got exactly these new messages, in this order; others have got none.

        A message is described by pieces of it in their order, with ``…`` between them.
        """
        self.rests()
        said = {who: self.news(who) for who in PEOPLE}
        expected = {who: heard.get(who, ()) for who in PEOPLE}
        for who in PEOPLE:
            assert len(said[who]) == len(expected[who]), f"{who} heard {said[who]}"
            for text, pieces in zip(said[who], expected[who], strict=True):
                assert _contains(text, pieces), f"{who} heard «{text}», not «{pieces}»"
        self.everybody_looks()

    def news(self, who: str) -> list[str]:
        """Return the texts of a person's new messages."""
        known = {message["message_id"] for message in self._seen[who]}
        new = [message for message in self._chat(who) if message["message_id"] not in known]
        return [message["text"].replace("\xa0", " ") for message in new if message["from"] == "bot"]

    def nobody_hears_anything(self) -> None:
        """Once all is at rest, no message has come and none has changed."""
        self.rests()
        for who in PEOPLE:
            assert self._chat(who) == self._seen[who], who

    def stranger(self, person: int, name: str) -> None:
        """Let somebody else exist who has written to the master bot."""
        self.system.person(person, name)
        self.system.say(MASTER_BOT, person, "/start")
        wait_for(lambda: len(self.chat_of(person)) > 1, "an answer")

    def chat_of(self, person: int) -> list[Message]:
        """Return somebody's conversation with the master bot."""
        return self.system.chat(MASTER_BOT, person)

    def waits_for(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something that people see."""
        wait_for(condition, what)

    def card(self, who: str, order_id: object) -> Message:
        """Return the order's card in a master's chat."""
        cards = [message for message in self._chat(who) if f"#{order_id}" in message["text"]]
        assert cards, f"{who} has no card of {order_id}"
        return cards[-1]

    def press(self, who: str, order_id: object, label: str) -> None:
        """Let a master press a button of an order's card."""
        bot, person = PEOPLE[who]
        card = next(m for m in reversed(self._chat(who)) if f"#{order_id}" in m["text"] and label in labels(m))
        self.system.press(bot, person, card, label)

    def toasts(self, who: str) -> list[str]:
        """Return what a master was answered to presses, oldest first."""
        bot, person = PEOPLE[who]
        path = f"{self.system.url}/sandbox/telegram/answers"
        answers = self.system.http.get(path, params={"bot": bot, "person": str(person)}).json()
        return [answer["text"] or "" for answer in answers if answer["answered"]]

    # The history and the log

    def nothing_happened(self) -> None:
        """Nobody hears anything, and the histories of the three orders tell nothing but that they appeared."""
        self.nobody_hears_anything()
        assert [self.history(one) for one in self.sheet.ids] == [["appeared"]] * 3

    def history(self, order_id: object) -> list[str]:
        """Return what happened to an order."""
        with self.store.reading() as tx:
            return [event.what for event in tx.history.of(str(order_id))]

    def owner(self, order_id: object) -> str:
        """Return the ID of the master who has an order."""
        with self.store.reading() as tx:
            return tx.claims.owner(str(order_id)) or ""

    def fault(self, path: str, times: int = 1, api: str = "sheets", **what: Any) -> None:
        """Let the next requests that match fail or wait."""
        body = {"api": api, "path": path, "times": times, **what}
        self.system.http.post(f"{self.system.url}/sandbox/faults", json=body).raise_for_status()

    def mend(self) -> None:
        """Let nothing fail any more."""
        self.system.http.delete(f"{self.system.url}/sandbox/faults")

    def hold(self, path: str, times: int = 1) -> None:
        """Let the next requests that match wait until :meth:`let_go`."""
        self.fault(path, times, delay_s=HELD_S)

    def held(self) -> None:
        """Wait until a request is held."""
        self.waits_for(lambda: not self.system.http.get(f"{self.system.url}/sandbox/faults").json(), "a held request")

    def let_go(self) -> None:
        """Let nothing fail any more, and what is held go on at once."""
        self.system.http.delete(f"{self.system.url}/sandbox/faults", params={"release": "1"})

    def order(self, order_id: object) -> Order:
        """Return the order as the system understands it."""
        with self.store.reading() as tx:
            found = tx.orders.get(str(order_id))
        assert found, order_id
        return found

    def wall_clock(self) -> datetime:
        """Return the time on the company's wall."""
        return datetime.now(ZoneInfo("Europe/Kaliningrad")).replace(tzinfo=None, microsecond=0)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return what all processes logged of an event since the start of the test; any may flush the journal."""
        lines = [line for name in PROCESSES for line in self._log(name)[self._logged.get(name, 0) :]]
        return [said for line in lines if line.startswith("{") and (said := json.loads(line))["event"] == event]

    def _log(self, name: str) -> list[str]:
        return self.system.log(name).splitlines()


def _polled_since(tx: Tx, moment: float) -> bool:
    """Say whether a poll began after a moment and has ended, and all rows typed by hand had rested by then.

    Polls come one after another: what the last but one ended after, the last began after.
    """
    last = tx.runs.last("poll", 2)
    rested = [at + SETTLE_S for at in tx.resting.since(ORDERS).values()]
    return len(last) == 2 and last[1].at > max([moment, *rested])


def _waits(tx: Tx) -> bool:
    return bool(tx.journal.depth()[0] or tx.outbox.depth()[0] or tx.journal.unechoed())


def _contains(text: str, pieces: str) -> bool:
    place = 0
    for piece in pieces.split("…"):
        found = text.find(piece.strip(), place)
        if found < 0:
            return False
        place = found + len(piece.strip())
    return True


def labels(message: Message) -> list[str]:
    """Return the labels of a message's buttons."""
    return [button["text"] for row in message["buttons"] or [] for button in row]
