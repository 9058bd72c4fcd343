"""Each line of the masters' tables of docs/permissions.md, played by pressing real buttons of the running bot.

The buttons are sealed as if he had been shown them earlier, when he might: what counts is how things stand now.
"""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from bots.button_tokens import Seals
from bots.messages import Button
from record.dispatch.model import Order
from record.dispatch.permissions import Act, Stands, Who
from record.dispatch.rereading import understood
from record.grid.overlay import row_of
from record.grid.worksheets import ORDERS
from record.values import Cell as Value
from record.values import Status, telegram, to_serial
from tests.bots.permissions import TABLES, WORDS, Cell, at_rest
from tests.harness.bot_system import NUMBERS, BotSystem, Talker, master_id
from tests.harness.system import MASTER_BOT, wait_for

MASTERS_OF = (Who.ACTIVE, Who.INACTIVE, Who.FORMER, Who.STRANGER)
ABOUT_ORDERS = [cell for table in TABLES for cell in table.cells if cell.who in MASTERS_OF and cell.stands]
LINES = [list(group) for _, group in groupby(ABOUT_ORDERS, key=lambda cell: (cell.who, cell.stands))]
PHONE, SHOWN = "+79001234567", "+7 900 123-45-67"
BUTTONS = {
    Act.OPEN: "card",
    Act.CONTACTS: "card",
    Act.ACCEPT: "accept",
    Act.FINISH: "done",
    Act.CORRECT: "fix",
    Act.GIVE_BACK: "why:0",
}


def typed(stands: Stands, me: str, now: datetime) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return what was typed into an order before, and what is typed over it, so that it stands so for ``me``."""
    done: dict[str, Value] = {"Статус": "Выполнена", "Цена": 2000, "Комиссия": 600}
    work: dict[str, Value] = {"Статус": "В работе", "Мастер": me}
    lately, earlier = to_serial(now - timedelta(minutes=30)), to_serial(now - timedelta(days=9))
    others: dict[str, Value] = {"Мастер": "Другой Мастер"}
    nothing: dict[str, Value] = {}
    table: dict[Stands, tuple[dict[str, Value], dict[str, Value]]] = {
        Stands.GONE: ({}, {}),
        Stands.UNFINISHED: ({}, {"Телефон": ""}),
        Stands.NEW: ({}, {}),
        Stands.HIS: (work, {}),
        Stands.HIS_DOUBTED: (work, {"Мастер": "Вася"}),
        Stands.HIS_UNCLEAR: (work, {"Статус": "дубль"}),
        Stands.OTHERS: (work | others, nothing),
        Stands.DONE_LATELY: (done | {"Мастер": me, "Дата выполнения": lately}, nothing),
        Stands.DONE_EARLIER: (done | {"Мастер": me, "Дата выполнения": earlier}, nothing),
        Stands.DONE_OTHERS: (done | others | {"Дата выполнения": lately}, nothing),
        Stands.CANCELLED: ({"Статус": "Отменена"}, {}),
        Stands.UNCLEAR: ({}, {"Статус": "дубль"}),
    }
    return table[stands]


class Scene:
    """A master who is somebody now, and orders that stand so for him."""

    def __init__(self, bot_system: BotSystem, who: Who, stands: Stands) -> None:
        self.bot_system, self.who, self.stands = bot_system, who, stands
        self.name = f"Мастер {next(NUMBERS)}"
        self.me = bot_system.master(self.name)
        self._seals = Seals(MASTER_BOT)
        if not any(master.name == "Другой Мастер" for master in bot_system.roster().masters):
            bot_system.master("Другой Мастер")

    def order(self) -> str:
        """Let one more order stand so, with its card in his chat; return its number."""
        order_id, id_ = str(next(NUMBERS)), master_id(self.me)
        now = datetime.now(self.bot_system.settings.zone).replace(tzinfo=None, microsecond=0)
        first, over = typed(self.stands, self.name, now)
        start: dict[str, Value] = {
            "ID": order_id, "Имя": "Юля", "Телефон": PHONE, "Проблема": "Нет света", "Адрес": "Невского 47",
            "Статус": "Новая", "Оповещены": "да", "Ключ": f"secret_{order_id}", **first,
        }  # fmt: skip
        row = row_of(ORDERS, start)
        with self.bot_system.store.transaction() as tx:
            before = understood(None, row, tx.masters.roster())
            tx.orders.put(before, row, int(order_id))
            if over:
                row = row_of(ORDERS, start | over)
                tx.orders.put(understood(before, row, tx.masters.roster()), row, int(order_id))
            tx.cards.put(order_id, id_, telegram(self.me.chat_id), str(self.me.chat()[-1]["message_id"]))
            if self.stands is Stands.GONE:
                tx.orders.drop([order_id])
        return order_id

    def becomes(self) -> None:
        """Let him be from now on who he is."""
        if self.who is Who.INACTIVE:
            self.bot_system.enlist(self.me, self.name, active=False)
        if self.who in {Who.FORMER, Who.STRANGER}:
            with self.bot_system.store.transaction() as tx:
                tx.masters.drop([master_id(self.me)])

    def press(self, act: str, order_id: str) -> str:
        """Press a button; return the toast."""
        data = self._seals.of(telegram(self.me.chat_id), Button("", act, order=order_id))
        before = len(self.answers())
        under = self.me.chat()[-1]["message_id"]
        self.bot_system.system.post(
            "telegram/press", bot=MASTER_BOT, person=self.me.chat_id, message_id=under, data=data
        )  # fmt: skip
        wait_for(lambda: len(self.answers()) > before, f"an answer to {act}")
        return str(self.answers()[-1]["text"] or "")

    def answers(self) -> list[dict[str, Any]]:
        """Return what he was answered to presses."""
        path = f"{self.bot_system.system.url}/sandbox/telegram/answers"
        found = self.bot_system.system.http.get(
            path, params={"bot": MASTER_BOT, "person": str(self.me.chat_id)}
        ).json()
        return [one for one in found if one["answered"]]

    def stored(self, order_id: str) -> Order | None:
        """Return the order as it stands."""
        with self.bot_system.store.reading() as tx:
            return tx.orders.get(order_id)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line[0].who}-{line[0].stands}")
def test_a_line_of_the_document(bot_system: BotSystem, line: list[Cell]) -> None:
    scene = Scene(bot_system, line[0].who, line[0].stands or Stands.GONE)
    numbers = [scene.order() for _ in line]
    scene.becomes()
    for cell, order_id in zip(line, numbers, strict=True):
        play(scene, cell, order_id)


def play(scene: Scene, cell: Cell, order_id: str) -> None:
    """Let him try, and see what comes of it."""
    before, heard = scene.stored(order_id), len(scene.me.chat())
    toast = scene.press(BUTTONS[cell.act], order_id)
    if cell.act in {Act.OPEN, Act.CONTACTS}:
        looks(scene, cell, order_id, toast)
    elif cell.expected == "yes":
        succeeds(scene, cell, order_id)
    elif cell.expected == "late":
        scene.me.hears(f"По заказу #{order_id} сумму теперь меняет диспетчер")
        scene.me.asks("300", "Вашу просьбу ему передаю")
        assert scene.stored(order_id) == before
    else:
        said = toast or wait_for(lambda: spoken(scene.me, heard), "a refusal in the chat")
        named = cell.expected == "not_yours" and cell.stands is Stands.OTHERS
        assert WORDS["taken" if named else cell.expected] in said
        assert scene.stored(order_id) == before


def spoken(me: Talker, since: int) -> str:
    """Return what the bot has said meanwhile."""
    return "\n".join(one["text"] for one in me.chat()[since:] if one["from"] == "bot")


def looks(scene: Scene, cell: Cell, order_id: str, toast: str) -> None:
    """He sees a card of the order or none, with the client's contacts or without."""
    if cell.act is Act.OPEN and cell.expected != "yes":
        assert WORDS[cell.expected] in toast
        scene.press("none", order_id)  # whatever the press before brought is there by now
        if scene.who is not Who.ACTIVE:  # who works here may know that an order was deleted
            assert f"#{order_id}" not in spoken(scene.me, 0)
    elif cell.act is Act.OPEN:
        scene.me.hears(f"#{order_id}")
    elif cell.expected == "yes":
        assert SHOWN in scene.me.hears(f"#{order_id}")["text"]
    else:
        scene.press("none", order_id)
        assert not any(PHONE in one["text"] or SHOWN in one["text"] for one in scene.me.heard(f"#{order_id}"))


def succeeds(scene: Scene, cell: Cell, order_id: str) -> None:
    """What he wanted is done."""
    if cell.act is Act.ACCEPT:
        scene.bot_system.becomes(order_id, lambda order: order.status is Status.WORK, "in work")
        return
    if cell.act is Act.GIVE_BACK:
        scene.bot_system.becomes(order_id, lambda order: order.status is Status.NEW, "given back")
        return
    scene.me.hears(f"#{order_id}: сколько заплатил клиент")
    scene.me.say("300")
    done = scene.bot_system.becomes(
        order_id, lambda order: order.status is Status.DONE and order.price == 300, "done"
    )
    assert done.master_id == master_id(scene.me)


@pytest.mark.parametrize(
    ("act", "stands"),
    [
        (Act.OPEN, Stands.HIS),
        (Act.CONTACTS, Stands.HIS),
        (Act.ACCEPT, Stands.NEW),
        (Act.FINISH, Stands.HIS),
        (Act.CORRECT, Stands.DONE_LATELY),
        (Act.GIVE_BACK, Stands.HIS),
    ],
)
def test_while_an_edit_by_staff_rests(bot_system: BotSystem, act: Act, stands: Stands) -> None:
    scene = Scene(bot_system, Who.ACTIVE, stands)
    order_id = scene.order()
    bot_system.rests(order_id)
    play(scene, Cell(Who.ACTIVE, stands, act, at_rest()[act]), order_id)


@pytest.mark.parametrize("who", [Who.ACTIVE, Who.INACTIVE])
def test_the_menu_of_the_document(bot_system: BotSystem, who: Who) -> None:
    scene = Scene(bot_system, who, Stands.NEW)
    scene.becomes()
    scene.order()
    keys = {
        Act.LIST_NEW: ("🆕 Новые заказы", "Ждут мастера"),
        Act.LIST_MINE: ("🧰 Мои заказы", "нет заказов в работе"),
        Act.EARNINGS: ("💰 Заработок", "Ваш заработок"),
        Act.QUIET: ("🔕 Не беспокоить", "пока не присылаю"),
        Act.DASHBOARD: ("🌐 Кабинет на сайте", "enter="),
    }
    menu = [cell for cell in TABLES[-1].cells if cell.who is who]
    assert len(menu) == len(keys)
    for cell in menu:
        key, shown = keys[cell.act]
        scene.me.asks(key, shown if cell.expected == "yes" else WORDS[cell.expected])
