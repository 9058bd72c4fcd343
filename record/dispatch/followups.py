"""What the system itself writes into an order's row because of how the row stands now.
Pure.

It writes only its own columns and empty cells; a commission typed by hand stays until
the price changes.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from record.dispatch.commission import commission
from record.dispatch.model import Master, Order
from record.dispatch.own_words import kept
from record.dispatch.waves import left_out
from record.dispatch.waves import said as standing
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Cell, Status, cut, in_cell, is_empty, text, to_serial
from record.values.cells import BROKEN

CHECK_LIMIT = 500
MANY = 4  # errors from which they are named together, so that none is cut off
# what only an order has
ORDERLY = frozenset({"Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус"})
TOTAL = re.compile(
    r"\W*(?:итог|(?:всего|сумма|остаток|баланс)\b[^а-яё]*$)", re.IGNORECASE
)
RULES = re.compile(r"[-–—=_*#•·~\s]{2,}|[-–—=_*#•~].*[-–—=_*#•~]", re.DOTALL)


def answers(  # noqa: PLR0913, PLR0917  all that a row may have to follow
    before: Order | None,
    after: Order,
    master: Master | None,
    percent: Decimal,
    now: datetime,
    unheard: Iterable[str] = (),
) -> dict[str, Cell]:
    """Return header → value of the cells that have to follow; nothing where all is as
    it must be.

    ``unheard`` are sentences about people who do not get our messages about the order.
    """
    cells: dict[str, Cell] = {}
    if (said := explanation(after, unheard)) != after.check:
        cells["Проверка"] = said
        # else it is what was said there last
        typed = before is None or before.check != after.check
        cells |= kept(after.check, after.comment) if typed else {}
    before = before or Order(after.id)
    due = (
        _hands(before, after)
        | _money(before, after, master, percent)
        | _finish(before, after, now)
    )
    due |= _no_more_left_out(before, after)
    # what a person typed there is his, understood or not
    unclear = {trouble.column for trouble in after.troubles}
    return cells | {
        column: value for column, value in due.items() if column not in unclear
    }


def _hands(before: Order, after: Order) -> dict[str, Cell]:
    """Let «Статус» and «Мастер» agree where a person changed only one of them."""
    if after.status is Status.WORK and before.master_id and not after.master:
        # nobody is on it any more: offered to all again
        return {"Статус": Status.NEW.value}
    if before.status is after.status is Status.NEW and after.master_id not in (
        "",
        before.master_id,
    ):
        return {"Статус": Status.WORK.value}  # a master typed on a new order has it
    reopened = after.status is Status.NEW and before.status in (
        Status.WORK,
        Status.DONE,
    )
    if reopened and after.master and after.master == before.master:
        return {"Мастер": ""}  # an order that is offered to all belongs to nobody
    return {}


def _no_more_left_out(before: Order, after: Order) -> dict[str, Cell]:
    """Take «не рассылать» away once somebody has the order: reopened later, it is to be
    offered like any other.
    """
    begun = before.status is Status.NEW and after.status not in (Status.NEW, None)
    return {"Оповещены": ""} if begun and left_out(after.told) else {}


def explanation(order: Order, unheard: Iterable[str] = ()) -> str:
    """Return what «Проверка» has to say of a row; empty where all is understood and
    everybody hears of it.
    """
    return _joined([*standing(order), *_sentences(order), *unheard])


def waiting(order: Order, sentence: str) -> str:
    """Return what «Проверка» has to say of a row that is held, which this sentence
    says.
    """
    return _joined([sentence, *_sentences(order)])


def missing(order: Order) -> str:
    """Return what a row typed by hand lacks to be an order, with whatever else can't be
    understood in it.

    A cell that the sheet is still loading is named here: the row has rested, and what
    it lacks may be just that. A phone that can't be understood is not missing: a
    sentence of its own says what stands there and what to do.
    """
    unclear = any(trouble.column == "Телефон" for trouble in order.troubles)
    no_phone = "понятного телефона" if unclear else "телефона"
    lacks = [] if order.phone else [no_phone]
    lacks += [] if order.problem or order.category else ["проблемы или категории"]
    return _joined(
        [
            f"Заявка не заполнена: нет {' и '.join(lacks)}",
            *_sentences(order, passing=True),
        ]
    )


def _sentences(order: Order, *, passing: bool = False) -> list[str]:
    """Return what is unclear; of what mends itself nobody need hear, for the cell says
    so, and it mostly is brief.
    """
    troubles = [trouble for trouble in order.troubles if passing or not trouble.passing]
    broken = [trouble.column for trouble in troubles if BROKEN in trouble.sentence]
    said = [trouble.sentence.rstrip(".") for trouble in troubles]
    if len(broken) < MANY:
        return said
    others = [sentence for sentence in said if BROKEN not in sentence]
    return [
        f"Ошибка формулы в ячейках {', '.join(broken)}: впишите заново, без «+» и «=» в начале",
        *others,
    ]


def _joined(sentences: Iterable[str]) -> str:
    return cut(". ".join(sentences), CHECK_LIMIT)


def is_note(row: Mapping[str, Cell]) -> bool:
    """Say whether a row is plainly no order: a heading, a subtotal, or a note beside
    the orders.

    «Проверка» has nothing to say of it.
    """
    own = WORKSHEETS[ORDERS].own - {"ID"}
    filled = {
        column: text(cell)
        for column, cell in row.items()
        if column not in own and not is_empty(cell)
    }
    if len(filled) == 1 and any(RULES.fullmatch(shown) for shown in filled.values()):
        return True
    if "Телефон" not in filled and any(TOTAL.match(shown) for shown in filled.values()):
        return True
    return not ORDERLY & filled.keys()


def _money(
    before: Order, after: Order, master: Master | None, percent: Decimal
) -> dict[str, Cell]:
    """Let «Комиссия» follow the price; what a person typed there in the same moment
    stays.
    """
    if after.commission != before.commission:
        return {}
    due = (
        commission(after.price, master, percent)
        if _earned(after) and after.price is not None
        else None
    )
    if due == after.commission:
        return {}
    if due is None:
        return {"Комиссия": ""} if _outlived(before, after, master, percent) else {}
    if before.price == after.price and _earned(before):
        return {}  # counted before, or left empty on purpose, or older than the system
    if after.commission is None or before.price != after.price:
        return {"Комиссия": in_cell(due)}
    return {}


def _outlived(
    before: Order, after: Order, master: Master | None, percent: Decimal
) -> bool:
    """Say whether a commission stands that nothing is due for any more.

    It was counted by us, or belongs to a price that is gone or to a master who is not
    on the order any more.
    """
    if before.price is None or after.commission is None or not _earned(before):
        return False
    other = after.price != before.price or after.master_id != before.master_id
    return other or after.commission == commission(before.price, master, percent)


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
