"""A row that was read before: what is unchanged, or can't be read now, keeps its meaning.

Pure. A worksheet of 50,000 rows is polled every few seconds, and a formula may be
broken for a moment: nothing has changed until the cell can be read again.

    before            the row now                      after
    В работе, Ким     Статус: В работе                 the cell is not parsed again
    В работе, Ким     Статус: #REF!                    В работе, and «Проверка» says why
    В работе, Ким     Статус: Выполнена                Выполнена
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from record import values
from record.dispatch.model import Order
from record.dispatch.reading import (
    NO_CLUES,
    Clues,
    explained,
    read_master,
    read_order,
)
from record.dispatch.roster import Master, Roster
from record.grid.layout import Row
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.values import UnclearCell

NOT_LET_IN = "Мастер «{name}» записался, но не допущен: поставьте «Активен» на листе «Мастера» или выберите другого"
COLUMNS = WORKSHEETS[ORDERS].columns
# what a cell of an order means by itself; «Мастер» depends on «Мастера» too, and
# «Оповещены» and «Проверка» are taken as they stand
MEANT = {
    "Дата": ("created",),
    "Источник": ("source",),
    "Имя": ("name",),
    "Телефон": ("phone", "phone_said"),
    "Категория": ("category",),
    "Проблема": ("problem",),
    "Адрес": ("address",),
    "Статус": ("status",),
    "Цена": ("price",),
    "Комиссия": ("commission",),
    "Дата выполнения": ("done",),
    "Комментарий": ("comment",),
    "Telegram": ("chat",),
}
# whose meaning is lost wherever they are unclear
PARSED = {
    "Дата": ("created",),
    "Телефон": ("phone", "phone_said"),
    "Статус": ("status",),
    "Мастер": ("master_id",),
    "Цена": ("price",),
    "Комиссия": ("commission",),
    "Дата выполнения": ("done",),
}
# whose meaning is what stands there: lost only where nothing readable does
TAKEN = {
    "Источник": "source",
    "Имя": "name",
    "Категория": "category",
    "Проблема": "problem",
    "Адрес": "address",
    "Мастер": "master",
    "Комментарий": "comment",
    "Telegram": "chat",
}
OF_MASTER = {
    "Имя": "name",
    "Телефон": "phone",
    "Telegram": "chat",
    "Специализация": "speciality",
    "Активен": "active",
    "Комиссия, %": "percent",
    "Дата регистрации": "registered",
}


def understood(
    before: Order | None,
    row: Row,
    roster: Roster,
    region: str = "RU",
    clues: Clues = NO_CLUES,
) -> Order:
    """Return what a row says, given what it said before.

    A cell that stands as it stood is not read again, and means what it meant, clear or
    not: «вчера» is said once. So only what was edited is parsed, here and by the acts
    that show an order with their own writes on their way. An unchanged «Мастер» means
    the same man by any name.
    """
    if before is None:
        return read_order(row, roster, region, clues)
    unchanged = _unchanged(row, clues)
    edited = {
        column: cell
        for column, cell in zip(COLUMNS, row, strict=True)
        if column not in unchanged
    }
    after = read_order(row_of(ORDERS, edited), roster, region, clues)
    after = _unless_named_since(before, after, roster)
    if _same_master(before, after, roster):
        after = _with_master_of(before, after)
    return carried(before, _with_meanings(before, after, unchanged))


def _unchanged(row: Row, clues: Clues) -> frozenset[str]:
    """Return the columns whose cells stand as they stood, and so mean what they meant."""
    if clues.was is None:
        return frozenset()
    found = set()
    for column, now, then in zip(COLUMNS, row, clues.was, strict=True):
        # 1 and True are equal, but a person who replaced one by the other has edited
        if column in MEANT and now == then and type(now) is type(then):
            found.add(column)
    if clues.categories.known:
        # a category means what «Услуги» say now
        found.discard("Категория")
    return frozenset(found)


def _same_master(before: Order, after: Order, roster: Roster) -> bool:
    """Return whether «Мастер» still means the master whom it meant, by that name."""
    if after.master != before.master or before.is_unclear("Мастер"):
        return False
    return roster.get(before.master_id) is not None


def _unless_named_since(before: Order, after: Order, roster: Roster) -> Order:
    """Return the order without a master who took the name in it later, and may not work.

    Anybody may register under a name that staff typed and nobody bore: he would get the
    client's phone and address before staff have looked at him.
    """
    master = roster.get(after.master_id)
    same_name = before.is_unclear("Мастер") and after.master == before.master
    if not same_name or master is None or master.active:
        return after
    why = UnclearCell("Мастер", NOT_LET_IN.format(name=values.cut(after.master)))
    return replace(after, master_id="", troubles=(*after.troubles, why))


def _with_master_of(before: Order, after: Order) -> Order:
    """Return the order with the master it had, though he may be called differently."""
    others = tuple(one for one in after.troubles if one.column != "Мастер")
    return replace(after, master_id=before.master_id, troubles=others)


def _with_meanings(before: Order, after: Order, unchanged: frozenset[str]) -> Order:
    """Return the order with what unchanged cells meant, and what was unclear in them."""
    troubles = [one for one in after.troubles if one.column not in unchanged]
    troubles += [one for one in before.troubles if one.column in unchanged]
    meanings = _fields(before, (MEANT[column] for column in unchanged))
    return replace(after, troubles=explained(troubles), **meanings)


def carried(before: Order | None, after: Order) -> Order:
    """Return the order with what can't be understood now meaning what it last meant.

    So does an error in any cell, and one that the sheet is still loading: nothing has
    changed until it can be read.
    """
    if before is None:
        return after
    unclear = {trouble.column for trouble in after.troubles}
    kept = [PARSED[column] for column in PARSED.keys() & unclear]
    taken = [TAKEN[column] for column in TAKEN.keys() & unclear]
    kept += [(name,) for name in taken if not getattr(after, name)]
    return replace(after, **_fields(before, kept))


def _fields(order: Order, groups: Iterable[Sequence[str]]) -> Mapping[str, Any]:
    """Return these fields of an order with their values."""
    return {name: getattr(order, name) for names in groups for name in names}


def understood_master(before: Master | None, row: Row, region: str = "RU") -> Master:
    """Return what a row of «Мастера» says; where it shows an error, what it said before."""
    after = read_master(row, region)
    if before is None:
        return after
    kept = {}
    for column, cell in zip(WORKSHEETS[MASTERS].columns, row, strict=True):
        if column in OF_MASTER and values.is_unread(cell):
            name = OF_MASTER[column]
            kept[name] = getattr(before, name)
    return replace(after, **kept)


def steady(rows: Sequence[Row], before: Sequence[Row]) -> Sequence[Row]:
    """Return a small worksheet's rows, each unreadable cell as it last stood.

    These rows have no ID: a row is known by its other cells.
    """
    return [_as_it_stood(row, before) for row in rows]


def _as_it_stood(row: Row, before: Sequence[Row]) -> Row:
    readable = [place for place, cell in enumerate(row) if not values.is_unread(cell)]
    if len(readable) == len(row):
        return row
    for known in before:
        if all(known[place] == row[place] for place in readable):
            return known
    return row
