"""Writes that wait for the sheet, and what has become of them there."""

from typing import Any

from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.values.actors import Actor, ActorKind
from tests.harness.office import Office, order
from tests.harness.staff import Cells

TAKEN = {"Статус": "В работе", "Мастер": "Сергей Ким"}
FREE = {"Статус": "Новая", "Мастер": ""}
BATCH_UPDATE = ":batchUpdate"


def accept(order_id: int, master: str = "2") -> Write:
    """Return the write of a master who takes an order."""
    return Write(ORDERS, "set", str(order_id), TAKEN, FREE, by=Actor.master(master))


def append(order_id: int, **more: Any) -> Write:
    """Return the write of a new order from the site."""
    return Write(ORDERS, "append", str(order_id), order(order_id, Оповещены="", **more), by=Actor(ActorKind.WEBSITE))


def rows(company: Office) -> dict[Any, Cells]:
    """Return the orders in the sheet by ID; every row has one, and none stands twice."""
    found = company.rows()
    assert len({row["ID"] for row in found}) == len(found)
    return {row["ID"]: row for row in found}
