"""Waves: more orders at once than on any working day wait for a person to decide. Pure.

    5,000 rows pasted ──▶ more than a working day knows? ──no──▶ announced, as ever
                                   │yes
                 «Проверка» of each row says so, the admin is asked once
                                   │
            «Разослать» ◀──────────┴──────────▶ «Не рассылать»
       announced at Telegram's pace           «Оповещены»: не рассылать

What stands in the sheet decides, so that neither a restart nor a deleted store forgets
it: a row is held as long as its «Проверка» says so, and left out as long as its
«Оповещены» says so. Who clears that cell has decided about this one row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from record.dispatch.model import Order
from record.values import Status
from record.values.comparing import normal
from record.values.wording import figure, plural

Source = Literal["rows", "orders", "intake", "person", "edits"]
State = Literal["open", "send", "leave"]
Answer = Literal["gone", "decided", "sent", "left"]
# above it a number is a person's text, and the next one could not be read back
HIGHEST = 99_999_999
LEFT = "не рассылать"
LEFT_SAID = "Мастерам не разослана: так решил администратор. Чтобы разослать, очистите «Оповещены»"
MARK = re.compile(
    r"(Пришла|Внесена|Изменена) в числе [^()]{1,60} \(пачка (\d{1,9})\): [^.]{1,80}\. [^.]{1,200}"
)
ROWS = ("строки", "строк", "строк")
ORDERS = ("заявки", "заявок", "заявок")


@dataclass(frozen=True)
class Wave:
    """Some orders that wait for one decision.

    ``source``: ``rows`` typed or pasted, without a number yet; ``orders`` that came
    with ID and key; ``intake`` by form and bots; ``person``: too many of these from one
    phone or chat; ``edits`` of orders that were there. ``first`` and ``last`` are row
    numbers of ``rows``, else IDs. ``until``: rows rested by then belong to it.
    ``told``: with which count the admin was asked. ``looked``: how the rows of
    ``edits`` looked, by ID.
    """

    number: int
    source: Source
    opened_at: float
    until: float
    count: int = 0
    first: str = ""
    last: str = ""
    told: int = 0
    state: State = "open"
    looked: Mapping[str, str] = field(default_factory=dict)

    @property
    def second(self) -> int:
        """When it was opened, in whole seconds.

        Numbers start again with a new store; moments do not.
        """
        return int(self.opened_at)


def too_many(limit: int, lately: int, now: int) -> bool:
    """Return whether ``now`` at once, after those ``lately``, are too many; 0 = never."""
    return now > 0 and 0 < limit < lately + now


def crowded(moments: Mapping[str, float], limit: int, within_s: float) -> set[str]:
    """Return those that came among more than ``limit`` within so many seconds.

    Whenever that was; a limit of 0 means never.
    """
    found: set[str] = set()
    if not limit:
        return found
    names = sorted(moments, key=lambda name: moments[name])
    first = 0
    for last, name in enumerate(names):
        while moments[name] - moments[names[first]] > within_s:
            first += 1
        if last - first >= limit:
            found.update(names[first : last + 1])
    return found


def held_in(check: str) -> int:
    """Return the number of the wave that «Проверка» says a row is held in, 0 for none."""
    found = MARK.search(check)
    if found is None:
        return 0
    number = int(found[2])
    if number > HIGHEST:
        return 0
    return number


def begun_in(check: str) -> bool:
    """Return whether «Проверка» holds a row that came with a status or a master."""
    found = MARK.search(check)
    return found is not None and found[1] == "Внесена"


def holding(check: str) -> str:
    """Return the sentence of «Проверка» by which a new order is held, "" for none."""
    found = MARK.search(check)
    if found is None or found[1] != "Пришла":
        return ""
    return found[0]


def is_news(order: Order) -> bool:
    """Return whether anybody would be told of an order that appears."""
    if not order.complete or order.status is None:
        return False
    if order.status is Status.NEW and not order.master_id:
        return not order.told
    return bool(order.master_id or order.chat)


def kept_back(order: Order) -> bool:
    """Return whether a new order is offered to nobody, by decision.

    It is held, left out, or meant for a master who is not understood.
    """
    return bool(standing_sentences(order)) or order.names_a_stranger


def standing_sentences(order: Order) -> list[str]:
    """Return what «Проверка» goes on saying of a new order that is held or left out."""
    if order.status is not Status.NEW or order.master_id:
        return []
    if left_out(order.told):
        return [LEFT_SAID]
    held = holding(order.check)
    if held and not order.told:
        return [held]
    return []


def sentence(wave: Wave, *, begun: bool = False) -> str:
    """Return what «Проверка» of each row of a wave says.

    ``begun``: the row came with a status or a master of its own.
    """
    how = "от одного человека" if wave.source == "person" else "сразу"
    waits, one = "пока никому не сообщено", "сообщить только об этой"
    if wave.source == "edits":
        came = "Изменена"
    elif begun:
        came = "Внесена"
    else:
        came = "Пришла"
        waits, one = "мастерам пока не разослана", "разослать только её"
    which = f"{came} в числе {size_in_words(wave)} {how} (пачка {wave.number})"
    ask = "Ждёт ответа администратора в Telegram"
    return f"{which}: {waits}. {ask}; чтобы {one}, сотрите эту ячейку"


def size_in_words(wave: Wave) -> str:
    """Return how many a wave holds, in words that follow «в числе» and «пришло»."""
    words = ROWS if wave.source == "rows" else ORDERS
    return f"{figure(wave.count)} {plural(wave.count, *words)}"


def left_out(told: str) -> bool:
    """Return whether «Оповещены» says that an order is left out by decision."""
    return normal(told).startswith(LEFT)


def at_once(interval_s: float, chat_messages_per_second: float) -> int:
    """Return how many orders of a wave may wait in a master's queue at once.

    That is what goes out within two polls, 100 at most.
    """
    return max(1, min(100, round(2 * interval_s * chat_messages_per_second)))
