"""What the system writes into an order's row because of how the row stands now. Pure.

It writes only its own columns and empty cells; a commission typed by hand stays until
the price changes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from record.dispatch.commission import commission
from record.dispatch.lacks import lacks
from record.dispatch.model import Master, Order
from record.dispatch.own_words import kept
from record.dispatch.price_questions import words_beside
from record.dispatch.repeats import standing_repeat
from record.dispatch.waves import left_out, standing_sentences
from record.grid.tail import TOTAL
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Cell, Status, cut, in_cell, is_empty, text, to_serial
from record.values.cells import BROKEN

CHECK_LIMIT = 500
WHO_GOES = "Кто едет? Статус «В работе», а мастера нет: впишите его в «Мастер» или верните статус «Новая»"
# so many errors of formulas are named together, so that none is cut off
MANY = 4
# what only an order has
ORDERLY = frozenset({"Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус"})
RULES = re.compile(r"[-–—=_*#•·~\s]{2,}|[-–—=_*#•~].*[-–—=_*#•~]", re.DOTALL)


def cells_to_follow(  # noqa: PLR0913, PLR0917  all that a row may have to follow
    before: Order | None,
    after: Order,
    master: Master | None,
    percent: Decimal,
    now: datetime,
    unreached: Iterable[str] = (),
) -> dict[str, Cell]:
    """Return header → value of the cells that have to follow; none where all is right.

    ``unreached`` are sentences about people who do not get our messages about the order.
    """
    cells: dict[str, Cell] = {}
    # one that is offered to all again needs nobody to say who goes
    offered_again = bool(_status_and_master(before or Order(after.id), after))
    asked = replace(after, status=Status.NEW) if offered_again else after
    check = explanation(asked, [*lacks(before, asked), *unreached])
    if check != after.check:
        cells["Проверка"] = check
        # unchanged since the last poll, it is our own sentence: nothing to keep
        if before is None or before.check != after.check:
            cells |= kept(words_beside(before, after), after.comment)
    before = before or Order(after.id)
    due = _status_and_master(before, after)
    due |= _money(before, after, master, percent)
    due |= _finish(before, after, now)
    due |= _no_more_left_out(before, after)
    for column, value in due.items():
        # what a person typed there stays, understood or not
        if not after.is_unclear(column):
            cells[column] = value
    return cells


def _status_and_master(before: Order, after: Order) -> dict[str, Cell]:
    """Let «Статус» and «Мастер» agree where a person changed only one of them."""
    if after.status is Status.WORK and before.master_id and not after.master:
        # nobody is on it any more: offered to all again
        return {"Статус": Status.NEW.value}
    if after.status is not Status.NEW:
        return {}
    if before.status is Status.NEW:
        if after.master_id and after.master_id != before.master_id:
            # a master typed on a new order has it
            return {"Статус": Status.WORK.value}
        return {}
    reopened = before.status in (Status.WORK, Status.DONE)
    if reopened and after.master and after.master == before.master:
        # an order that is offered to all belongs to nobody
        return {"Мастер": ""}
    return {}


def _no_more_left_out(before: Order, after: Order) -> dict[str, Cell]:
    """Take «не рассылать» away once somebody has the order.

    Reopened later, it is to be offered like any other.
    """
    begun = before.status is Status.NEW and after.status not in (Status.NEW, None)
    if begun and left_out(after.told):
        return {"Оповещены": ""}
    return {}


def explanation(order: Order, unreached: Iterable[str] = ()) -> str:
    """Return what «Проверка» has to say of a row, "" for nothing."""
    standing = [*standing_sentences(order), *standing_repeat(order)]
    return _joined([*standing, *_sentences(order), *_who_goes(order), *unreached])


def _who_goes(order: Order) -> list[str]:
    """Return the question that an order in work without a master puts to staff."""
    if order.status is not Status.WORK or order.master or order.master_id:
        return []
    if order.is_unclear("Статус") or order.is_unclear("Мастер"):
        return []
    return [WHO_GOES]


def waiting(order: Order, sentence: str) -> str:
    """Return what «Проверка» has to say of a row that is held for this reason."""
    return _joined([sentence, *standing_repeat(order), *_sentences(order)])


def missing(order: Order) -> str:
    """Return what a row typed by hand lacks to be an order, and what is unclear in it.

    A cell that the sheet is still loading is named here: the row has rested, and what
    it lacks may be just that. A phone that can't be understood is not missing: a
    sentence of its own says what stands there and what to do.
    """
    lacks = []
    if not order.phone:
        unclear = order.is_unclear("Телефон")
        lacks.append("понятного телефона" if unclear else "телефона")
    if not order.problem and not order.category:
        lacks.append("проблемы или категории")
    sentence = f"Заявка не заполнена: нет {' и '.join(lacks)}"
    return _joined([sentence, *_sentences(order, passing=True)])


def _sentences(order: Order, *, passing: bool = False) -> list[str]:
    """Return what is unclear; with ``passing``, what mends itself too.

    Mostly nobody need hear of that: the cell itself says that it is loading.
    """
    broken, sentences, others = [], [], []
    for trouble in order.troubles:
        if trouble.passing and not passing:
            continue
        sentence = trouble.sentence.rstrip(".")
        sentences.append(sentence)
        if BROKEN in trouble.sentence:
            broken.append(trouble.column)
        else:
            others.append(sentence)
    if len(broken) < MANY:
        return sentences
    together = f"Ошибка формулы в ячейках {', '.join(broken)}: впишите заново, без «+» и «=» в начале"
    return [together, *others]


def _joined(sentences: Iterable[str]) -> str:
    return cut(". ".join(sentences), CHECK_LIMIT)


def is_note(row: Mapping[str, Cell]) -> bool:
    """Return whether a row is plainly no order: a heading, a subtotal, or a note.

    «Проверка» has nothing to say of it.
    """
    own = WORKSHEETS[ORDERS].own - {"ID"}
    filled = {}
    for column, cell in row.items():
        if column not in own and not is_empty(cell):
            filled[column] = text(cell)
    if len(filled) == 1 and _any_like(filled, RULES.fullmatch):
        return True
    if "Телефон" not in filled and _any_like(filled, TOTAL.match):
        return True
    return ORDERLY.isdisjoint(filled)


def _any_like(filled: Mapping[str, str], match: Callable[[str], object]) -> bool:
    return any(match(shown) for shown in filled.values())


def _money(
    before: Order, after: Order, master: Master | None, percent: Decimal
) -> dict[str, Cell]:
    """Let «Комиссия» follow the price; what a person typed with it stays."""
    if after.commission != before.commission:
        return {}
    if not _earned(after) or after.price is None:
        if _outlived(before, after, master, percent):
            return {"Комиссия": ""}
        return {}
    due = commission(after.price, master, percent)
    if due == after.commission:
        return {}
    # counted before, typed or left empty on purpose, or older than the system
    settled = _earned(before) or after.commission is not None
    if before.price == after.price and settled:
        return {}
    return {"Комиссия": in_cell(due)}


def _outlived(
    before: Order, after: Order, master: Master | None, percent: Decimal
) -> bool:
    """Return whether a commission stands that nothing is due for any more.

    It was counted by us, or belongs to a price that is gone or to a master who is not
    on the order any more.
    """
    if before.price is None or after.commission is None or not _earned(before):
        return False
    if after.price != before.price or after.master_id != before.master_id:
        return True
    return after.commission == commission(before.price, master, percent)


def _earned(order: Order) -> bool:
    return order.status is Status.DONE


def _finish(before: Order, after: Order, now: datetime) -> dict[str, Cell]:
    if (
        after.status is Status.DONE
        and before.status is not Status.DONE
        and after.done is None
    ):
        return {"Дата выполнения": to_serial(now)}
    if (
        before.status is Status.DONE
        and after.status is not Status.DONE
        and after.done == before.done is not None
    ):
        return {"Дата выполнения": ""}
    return {}


def first_cells(
    row: Mapping[str, Cell],
    order_id: Cell,
    key: str,
    now: datetime | None,
    master_id: str = "",
) -> dict[str, Cell]:
    """Return what a row typed by hand lacks to be an order: ID, key, and whatever of
    the rest is empty.

    Of a row that is older than the first reading ``now`` is None, and so are its date,
    source and status. ``master_id`` is the master whom its «Мастер» was understood to
    name: a name that was not leaves the order new.
    """
    status = Status.WORK if master_id else Status.NEW
    empty: dict[str, Cell] = {}
    if now:
        empty = {"Дата": to_serial(now), "Источник": "phone", "Статус": status.value}
    return {"ID": order_id, "Ключ": key} | {
        column: value
        for column, value in empty.items()
        if not str(row.get(column, "")).strip()
    }
