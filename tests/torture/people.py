"""The people of a working day: clients at the form and in the bot, staff at the sheet, masters with their phones.

Each is a thread that does what a patient person does: asks again where there was no answer, waits for the bot.
"""

import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests

from tests.harness.system import CLIENT_BOT, HANG_S, MASTER_BOT, System, labels
from tests.torture.shift import until

ACCEPT, FINISH = "✅ ПРИНЯТЬ ЗАКАЗ 🚀", "✅ Завершить"
MASTERS = {601: "Иван Петров", 602: "Сергей Ким", 603: "Пётр Сидоров"}
PACE_S = 0.15
AGAIN_S = 5  # after which a person presses again a button that is still there
OPEN_AT_ONCE = 10
TRIES = 400
SORTED_BY = ("Имя", "Статус", "ID", "Телефон")


@dataclass
class Day:
    """What everybody did: who ordered under which number (None while unknown), and at what price it was done."""

    system: System
    site: str
    killing: Callable[[], bool]
    seed: int
    ordered: dict[str, str | None] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    resent: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: bool = False

    def play(self) -> None:
        """Let everybody work as long as processes are killed, and then until every order is done."""
        works = (by_form, by_form, by_bot, by_bot, by_hand)
        clients = [self._start(work, number) for number, work in enumerate(works)]
        masters = [self._start(lambda rng, who=who: at_work(self, rng, who), who) for who in MASTERS]
        for thread in clients:
            thread.join()
        wait_until(lambda: self.faults or len(self.prices) == len(self.ordered), "every order to be done")
        self.over = True
        for thread in masters:
            thread.join()

    def _start(self, work: Callable[..., None], number: int) -> threading.Thread:
        rng = random.Random(f"{self.seed} {number}")

        def live() -> None:
            try:
                work(rng) if number in MASTERS else work(self, rng, number)
            except Exception as error:
                self.faults.append(f"{work.__name__} {number}: {error!r}")
                raise

        thread = threading.Thread(target=live, daemon=True)
        thread.start()
        return thread

    def orders_come(self, rng: random.Random) -> bool:
        """Wait for one's turn, so that the masters can keep up; False when nobody orders any more."""
        for _ in until(lambda: not self.busy or not self.killing() or bool(self.faults), PACE_S):
            pass
        time.sleep(rng.uniform(0.05, 0.4))
        return self.killing() and not self.faults

    @property
    def busy(self) -> bool:
        """Say whether the masters have enough to do."""
        return len(self.ordered) - len(self.prices) >= OPEN_AT_ONCE

    def name_of_order(self, kind: str) -> str:
        """Return a client's name that no other order has, and count the order as made."""
        with self.lock:
            name = f"{kind} {len(self.ordered) + 1:04}"
            self.ordered[name] = None
        return name


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait as long as a patient person does."""
    deadline = time.monotonic() + HANG_S
    for _ in until(lambda: bool(condition()), PACE_S):
        assert time.monotonic() < deadline, f"not within {HANG_S} s: {what}"


def by_form(day: Day, rng: random.Random, _number: int) -> None:
    """Order on the site, one client after another."""
    while day.orders_come(rng):
        name = day.name_of_order("Сайт")
        day.ordered[name], again = order_patiently(day.site, name)
        day.resent += bool(again)


def order_patiently(site: str, name: str) -> tuple[str, int]:
    """Order with one form, sent again as it is until it is answered; return the number and how often it was."""
    visitor = requests.Session()
    visitor.trust_env = False
    visitor.headers["Connection"] = "close"
    page = _answer(lambda: visitor.get(f"{site}/", timeout=10))[0]
    form = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
    form |= {"name": name, "phone": "8 900 123-45-67", "address": "Мира 1", "consent": "y"}
    form["problem"] = f"Не работает розетка у {name}"
    sent, again = _answer(lambda: visitor.post(f"{site}/", form, timeout=10, allow_redirects=False))
    assert sent.status_code == 303, sent.text
    done = _answer(lambda: visitor.get(f"{site}/order-complete.html", timeout=10))[0]
    found = re.search(r'class="number">(\d+)<', done.text)
    assert found, done.text
    return found[1], again


def _answer(ask: Callable[[], requests.Response]) -> tuple[requests.Response, int]:
    """Ask until the site answers; return the answer and how often it had to be asked again."""
    for again in range(TRIES):
        answer = _answered(ask)
        if answer is not None:
            return answer, again
    raise AssertionError("the site never answers")


def _answered(ask: Callable[[], requests.Response]) -> requests.Response | None:
    """Return the site's answer, None where there was none and one has to ask again in a moment."""
    try:
        answer = ask()
    except requests.RequestException:
        time.sleep(PACE_S)
        return None
    if answer.status_code < 500:
        return answer
    time.sleep(PACE_S)
    return None


def by_bot(day: Day, rng: random.Random, number: int) -> None:
    """Order in the client bot, one client after another, each waiting for every answer."""
    person = 10_000 * number
    while day.orders_come(rng):
        person += 1
        name = day.name_of_order("Бот")
        day.system.person(person, name)
        talk = [("/start", "вызов"), ("⚡ Услуги электрика", "20%"), (f"Искрит щиток у {name}", "40%")]
        talk += [("Невского 47", "60%"), (name, "80%"), ("8 (900) 111-22-33", "100%")]
        talk += [("✅ Подтвердить", "Готово! 🎉")]
        for said, answer in talk:
            day.system.say(CLIENT_BOT, person, said)
            wait_until(partial(day.system.heard, CLIENT_BOT, person, answer), f"«{answer}»")
        found = re.search(r"#(\d+)", day.system.heard(CLIENT_BOT, person, "Готово! 🎉")[0]["text"])
        assert found
        day.ordered[name] = found[1]


def by_hand(day: Day, rng: random.Random, _number: int) -> None:
    """Type orders into the sheet, and sort it now and then, as staff do."""
    tab = day.system.staff().worksheet("Заявки")
    while day.orders_come(rng):
        name = day.name_of_order("Рука")
        day.system.type_row("Заявки", Имя=name, Телефон="8 900 765-43-21", Проблема=f"Выбивает автомат у {name}")
        if rng.random() < 0.5:
            column = tab.row_values(1).index(rng.choice(SORTED_BY)) + 1
            order: Any = rng.choice(("asc", "des"))
            tab.sort((column, order), range=f"A2:R{tab.row_count}")


def at_work(day: Day, rng: random.Random, who: int) -> None:
    """Press Accept on every card that has it, finish what was won, name a price."""
    pressed: dict[int, float] = {}
    while not day.over and not day.faults:
        chat = day.system.chat(MASTER_BOT, who)
        cards = [m for m in chat if m["from"] == "bot" and re.search(r"#\d+", m["text"])]
        for card in cards:
            number = card["message_id"]
            if ACCEPT in labels(card) and time.monotonic() - pressed.get(number, -AGAIN_S) >= AGAIN_S:
                pressed[number] = time.monotonic()
                _press(day, who, card, ACCEPT)
        mine = [card for card in cards if FINISH in labels(card)]
        if mine:
            _finish(day, who, rng.choice(mine), 100 * rng.randint(5, 60))
        time.sleep(PACE_S)


def _press(day: Day, who: int, card: dict[str, Any], label: str) -> bool:
    """Press a button; False where it has just vanished under the finger."""
    pressed = {"bot": MASTER_BOT, "person": who, "message_id": card["message_id"], "text": label}
    answer = day.system.http.post(f"{day.system.url}/sandbox/telegram/press", json=pressed)
    assert answer.ok or "no button" in answer.text, answer.text
    return answer.ok


def _finish(day: Day, who: int, card: dict[str, Any], price: int) -> None:
    found = re.search(r"#(\d+)", card["text"])
    assert found
    order = found[1]
    if order in day.prices:
        return
    if not _press(day, who, card, FINISH):
        return
    wait_until(
        lambda: day.system.heard(MASTER_BOT, who, f"Заказ #{order}: сколько заплатил"), f"the price of {order}"
    )
    day.system.say(MASTER_BOT, who, str(price))
    wait_until(lambda: day.system.heard(MASTER_BOT, who, f"Заказ #{order} завершён"), f"the end of {order}")
    day.prices[order] = price
