"""What must be true of a day once all has come to rest, whoever was killed meanwhile."""

from collections import Counter

from record.grid.worksheets import ORDERS
from record.store import Store
from tests.harness.system import CLIENT_BOT, MASTER_BOT, System
from tests.torture.people import MASTERS, Day
from tests.torture.query import query
from tests.torture.repeats import meaning

AT_ONCE = 2  # messages to one chat that can be under way: a notice, and the answer to a press
PERCENT = 30


def at_rest(store: Store) -> bool:
    """Say whether nothing waits to be written, sent, seen or answered."""
    with store.reading() as tx:
        waits = tx.journal.depth()[0] or tx.outbox.depth()[0] or tx.journal.unechoed() or tx.resting.count()
        return not (waits or tx.inbox.open("client") or tx.inbox.open("master"))


def all_rows_are_right(day: Day) -> None:
    """Orders made = rows in the sheet, each with its own number, its client, its price and its commission."""
    rows = day.system.rows(ORDERS)
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
    told = query(url, "select order_id, state from outbox where kind = 'order_new'")
    assert Counter(order for order, _ in told) == dict.fromkeys(day.prices, len(MASTERS))
    assert {state for _, state in told} <= {"sent", "stale"}
    shown = {meaning(m["text"]) for who in MASTERS for m in day.system.chat(MASTER_BOT, who)}
    assert {f"card {order}" for order in day.prices} <= shown
    appeared = query(url, "select order_id, count(*) from history where what = 'appeared' group by 1")
    assert dict(appeared) == dict.fromkeys(day.prices, 1)
    for row in day.system.rows(ORDERS):
        if row["Telegram"]:
            end = f"Работа по заявке #{row['ID']} выполнена"
            assert day.system.heard(CLIENT_BOT, int(row["Telegram"]), end), row


def claims_and_masters_agree(day: Day, url: str) -> None:
    """Every claim has an owner, who is the master that the sheet names."""
    names = {str(place): name for place, name in enumerate(MASTERS.values(), start=1)}
    claims = {order: names[master] for order, master in query(url, "select order_id, master_id from claims")}
    assert claims == {str(row["ID"]): row["Мастер"] for row in day.system.rows(ORDERS)}


def the_store_is_sound(url: str) -> None:
    """A file is whole, and nothing in the store is half done."""
    if url.startswith("sqlite"):
        assert query(url, "pragma integrity_check") == [("ok",)]
    assert query(url, "select count(*) from updates where handled_at is null") == [(0,)]
    assert query(url, "select count(*) from journal where state not in ('written')") == [(0,)]
    assert query(url, "select count(*) from outbox where state = 'failed'") == [(0,)]


def masters_stand_in_the_sheet(system: System) -> None:
    """Let the masters be on the list and in their chats."""
    system.masters(*((who, name, f"+7900000{who:04}") for who, name in MASTERS.items()))
