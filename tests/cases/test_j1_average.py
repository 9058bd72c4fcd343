"""J1: the average check is of the orders that have a price, and the number of the others is shown."""

from datetime import datetime
from zoneinfo import ZoneInfo

from record.store import Store
from record.values import Cell, to_serial
from tests.web.staff import Person
from tests.web.visitor import put_order


def test_j1_in_the_panel_and_in_the_sheet(admin: Person, store: Store) -> None:
    done = to_serial(datetime.now(ZoneInfo("Europe/Kaliningrad")).replace(tzinfo=None))
    prices: list[Cell] = [2000, 2000, "", ""]
    for number, price in enumerate(prices, 1):
        put_order(store, str(number), Статус="Выполнена", Цена=price, **{"Дата выполнения": done})
    admin.opens("/admin/statistics?days=7")
    said = admin.says().replace("\xa0", " ")
    assert "средний чек" in said
    assert "без цены 2" in said
    assert "2 000 ₽" in said
    assert "1 000 ₽" not in said
    with store.reading() as tx:
        assert [line.priced for line in tx.orders.lines()].count(False) == 2
