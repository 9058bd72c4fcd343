"""What must be true of a day once all has come to rest, whoever was killed meanwhile."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text

from record.store import Store
from record.worksheets import ORDERS
from tests.house import CLIENT_BOT, MASTER_BOT, House
from tests.torture.people import MASTERS, Day
from tests.torture.shift import Kill

WINDOW_S = 5  # Telegram dates messages in whole seconds; on a busy machine the mark may take some more
AT_ONCE = 2  # messages to one chat that can be under way: a notice, and the answer to a press
PERCENT = 30
Message = dict[str, Any]


@dataclass(frozen=True)
class Repeat:
    """A message that somebody got again, and the kill that explains it, if one does."""

    bot: str
    person: int
    said: str
    kill: Kill | None


def at_rest(store: Store) -> bool:
    """Say whether nothing waits to be written, sent, seen or answered."""
    with store.reading() as tx:
        waits = tx.journal.depth()[0] or tx.outbox.depth()[0] or tx.journal.unechoed() or tx.resting.count()
        return not (waits or tx.inbox.open("client") or tx.inbox.open("master"))


def all_rows_are_right(day: Day) -> None:
    """Orders made = rows in the sheet, each with its own number, its client, its price and its commission."""
    rows = day.house.rows(ORDERS)
    assert sorted(row["Имя"] for row in rows) == sorted(day.ordered)
    numbers = [str(row["ID"]) for row in rows]
    assert len(set(numbers)) == len({row["Ключ"] for row in rows}) == len(rows)
    for row in rows:
        number = day.ordered[row["Имя"]]
        assert number in (None, str(row["ID"])), row
        assert row["Имя"] in row["Проблема"], row
        assert (row["Статус"], row["Цена"]) == ("Выполнена", day.prices[str(row["ID"])]), row
        assert row["Комиссия"] == row["Цена"] * PERCENT / 100, row
        assert row["Мастер"] in MASTERS.values(), row


def all_were_told(day: Day, url: str) -> None:
    """Every order was offered to each master, at least one got its card; every client in a chat heard the end."""
    told = _query(url, "select order_id, state from outbox where kind = 'order_new'")
    assert Counter(order for order, _ in told) == dict.fromkeys(day.prices, len(MASTERS))
    assert {state for _, state in told} <= {"sent", "stale"}
    shown = {meaning(m["text"]) for who in MASTERS for m in day.house.chat(MASTER_BOT, who)}
    assert {f"card {order}" for order in day.prices} <= shown
    appeared = _query(url, "select order_id, count(*) from history where what = 'appeared' group by 1")
    assert dict(appeared) == dict.fromkeys(day.prices, 1)
    for row in day.house.rows(ORDERS):
        if row["Telegram"]:
            end = f"Работа по заявке #{row['ID']} выполнена"
            assert day.house.heard(CLIENT_BOT, int(row["Telegram"]), end), row


def claims_and_masters_agree(day: Day, url: str) -> None:
    """Every claim has an owner, who is the master that the sheet names."""
    names = {str(place): name for place, name in enumerate(MASTERS.values(), start=1)}
    claims = {order: names[master] for order, master in _query(url, "select order_id, master_id from claims")}
    assert claims == {str(row["ID"]): row["Мастер"] for row in day.house.rows(ORDERS)}


def the_store_is_sound(url: str) -> None:
    """A file is whole, and nothing in the store is half done."""
    if url.startswith("sqlite"):
        assert _query(url, "pragma integrity_check") == [("ok",)]
    assert _query(url, "select count(*) from updates where handled_at is null") == [(0,)]
    assert _query(url, "select count(*) from journal where state not in ('written')") == [(0,)]
    assert _query(url, "select count(*) from outbox where state = 'failed'") == [(0,)]


def repeats(day: Day, kills: Iterable[Kill]) -> list[Repeat]:
    """Return all messages that somebody got twice, each with the kill of its bot that came between the two."""
    killed = list(kills)
    people = [(CLIENT_BOT, "client", who) for who in _clients(day)] + [(MASTER_BOT, "master", who) for who in MASTERS]
    found: list[Repeat] = []
    for bot, process, person in people:
        before: dict[str, Message] = {}
        for message in day.house.chat(bot, person):
            if message["from"] != "bot":
                continue
            said = meaning(message["text"])
            if said in before:
                mine = [kill for kill in killed if kill.process == process]
                found.append(Repeat(process, person, said, _between(mine, before[said], message)))
            before[said] = message
    return found


def _between(kills: list[Kill], first: Message, second: Message) -> Kill | None:
    """Return the kill that came just after Telegram took the first message, and before it was given the second."""
    late = min(first["date"] + WINDOW_S, second["date"] + 1)
    return next((kill for kill in kills if first["date"] <= kill.at <= late), None)


def meaning(text: str) -> str:
    """Return what a message is about, the same for a card in all its looks."""
    number = re.search(r"Заказ #(\d+)", text)
    if number is None:
        return text
    kind = next((mark for mark in ("сколько заплатил", "завершён") if mark in text), "card")
    return f"{kind} {number[1]}"


def _clients(day: Day) -> list[int]:
    rows = day.house.rows(ORDERS)
    return [int(row["Telegram"]) for row in rows if row["Telegram"]]


def _query(url: str, sql: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]
    finally:
        engine.dispose()


def masters_stand_in_the_sheet(house: House) -> None:
    """Let the masters be on the list and in their chats."""
    house.masters(*((who, name, f"+7900000{who:04}") for who, name in MASTERS.items()))
