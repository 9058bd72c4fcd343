"""C5: whatever stands in «ID», the panel's pages and the tracking page of that order work."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from record.store import Store
from record.values import Cell, text
from record.values.handles import LENGTH, handle
from tests.harness.bot_office import MASTER, BotOffice, handles
from tests.web.staff import Person
from tests.web.test_admin_orders import writes
from tests.web.visitor import put_order

IDS: list[Cell] = [
    "Наряд № 125/12 от 05.12.2026, Ленинский пр.", "а" * 200, "🔧🔧🔧", "👩‍🔧 7", "строка\nвторая", "a\tb",
    "с  двумя пробелами", 'он сказал "да"', "д'Артаньян", "'0012", "0012", "<b>7</b>", "7&8",
    "7?x=1", "7#8", "50%", "%2F", "a/b", "a//b", "/7", "7/", "..", ".",
    "../7", "a/../b", "\\7", "7;8", "+7", "=1+1", "№ 7", "٧", "7\u00a0", "−7", "#Н/Д нет",
    17, 17.0, 1e3, 0.5, 1e21, 46144.25, True, -7,
]  # fmt: skip


@pytest.mark.parametrize("cell", IDS, ids=lambda cell: repr(cell)[:20])
def test_c5_its_page_opens_from_the_list_and_saves(admin: Person, store: Store, cell: Cell) -> None:
    order_id = text(cell)
    put_order(store, "17", ID=cell, Ключ="key-17")
    admin.opens("/admin/orders")
    (link,) = re.findall(r'class="number-link" href="([^"]*)"', admin.page)
    path = unescape(link).removeprefix("/admin/orders/")
    assert "/" not in path, "a browser or a proxy would make another address of it"
    assert path.strip("."), path
    assert admin.opens(unescape(link)).status_code == 200
    assert 'name="seen_status"' in admin.page
    sent = admin.sends(unescape(link), {
        **{name: admin.hidden(name) for name in ("seen_status", "seen_master", "seen_price")},
        "status": "Отменена", "master": "", "price": "",
    })  # fmt: skip
    assert sent.status_code == 303, admin.says()
    assert [write.subject for write in writes(store)] == [order_id]
    assert admin.follows(sent).status_code == 200


@pytest.mark.parametrize("cell", IDS, ids=lambda cell: repr(cell)[:20])
def test_c5_a_button_carries_a_short_name_that_finds_it(store: Store, cell: Cell) -> None:
    put_order(store, "17", ID=cell, Ключ="key-17")
    name = handle(text(cell))
    assert len(name) == LENGTH
    with store.reading() as tx:
        assert tx.orders.named(name) == text(cell)


@pytest.mark.parametrize("cell", IDS, ids=lambda cell: repr(cell)[:20])
def test_c5_the_button_of_its_card_is_taken(tmp_path: Path, cell: Cell) -> None:
    room = BotOffice(tmp_path)
    room.master()
    room.order(ID=cell, Оповещены="", Telegram="")
    room.queue("master", "order_new", text(cell))
    room.delivers(lambda: room.outbox(text(cell)) == {f"master:order_new:{text(cell)}": "sent"})
    (card,) = [given for name, given in room.wire.asked if name == "sendMessage"]
    markup = card["reply_markup"]
    keys = json.loads(markup) if isinstance(markup, str) else markup
    data = keys["inline_keyboard"][0][0]["callback_data"]
    assert len(data.encode()) <= 64
    with room.store.reading() as tx:
        _, message = tx.cards.get(text(cell), "1") or ("", "")
    who = {"id": MASTER, "is_bot": False, "first_name": "Иван"}
    hung = {"message_id": int(message), "date": 1, "chat": {"id": MASTER, "type": "private"}}
    press = {"id": "1", "from": who, "data": data, "chat_instance": "1", "message": hung}
    handles(room, {"update_id": 1, "callback_query": press})
    with room.store.reading() as tx:
        assert tx.claims.owner(text(cell)) == "1"
    room.store.close()
