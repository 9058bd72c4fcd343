"""What a row means: orders, masters, services and answers, each with what could not be
understood.

Pure. A row is a tuple of cells in the order of its
:class:`~record.grid.worksheets.Worksheet` columns, however the person arranged the
columns in the sheet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from record import values
from record.dispatch.roster import Master, Roster
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS, SERVICES, WORKSHEETS
from record.values import Address, Categories, Cell, Status, UnclearCell, attempt

__all__ = [
    "NO_CLUES", "Clues", "Master", "Order", "Roster", "Row", "Service", "blank", "bygone", "carried",
    "from_before", "past", "read_master", "read_order", "read_service", "steady", "understood", "understood_master",
]  # fmt: skip

Row = tuple[Cell, ...]
# so begins the line of «Комментарий» with a client's own words about it
PHONE_SAID = "Телефон: "


@dataclass(frozen=True, slots=True)
class Order:
    """One client's request. ``master`` is what stands in the cell, ``master_id`` whom
    it means ("" = nobody).

    ``phone`` is the one to call; ``phone_said`` is its cell where that says more:
    another phone, when to call.
    """

    id: str
    created: datetime | None = None
    source: str = ""
    name: str = ""
    phone: str = ""
    phone_said: str = ""
    category: str = ""
    problem: str = ""
    address: str = ""
    status: Status | None = Status.NEW
    master: str = ""
    master_id: str = ""
    price: Decimal | None = None
    commission: Decimal | None = None
    done: datetime | None = None
    comment: str = ""
    told: str = ""
    check: str = ""
    chat: Address | None = None
    key: str = ""
    troubles: tuple[UnclearCell, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether there is enough to act on: a phone, and a problem or a category."""
        return bool(self.phone and (self.problem or self.category))

    @property
    def about_phone(self) -> str:
        """What was said beside the phone to call: in its cell, or by the client on the
        site or in a bot.
        """
        told = (
            line for line in self.comment.split("\n") if line.startswith(PHONE_SAID)
        )
        return self.phone_said or next(told, "").removeprefix(PHONE_SAID)

    @property
    def by_hand(self) -> bool:
        """Say whether staff typed the row and the system has not yet given it an ID and
        a key.
        """
        return not (self.id and self.key)

    @property
    def names_a_stranger(self) -> bool:
        """Say whether «Мастер» names somebody who is not found on «Мастера», or more
        than one of them.
        """
        return bool(self.master and not self.master_id)

    @property
    def holder(self) -> str:
        """The ID of the master who is at work on it or has finished it, "" for nobody."""
        return self.master_id if self.status in (Status.WORK, Status.DONE) else ""


@dataclass(frozen=True, slots=True)
class Service:
    """A line of the price list; ``price`` is None where the cell holds no number."""

    category: str
    name: str
    description: str
    unit: str
    price: Decimal | None
    shown: bool


@dataclass(frozen=True, slots=True)
class Clues:
    """What helps to understand a row beside the row: the day it is read on, the
    categories, how it stood before.
    """

    today: date | None = None
    categories: Categories = field(default_factory=Categories)
    was: Row | None = None


NO_CLUES = Clues()


def read_order(
    row: Row, roster: Roster, region: str = "RU", clues: Clues = NO_CLUES
) -> Order:
    """Return what a row of «Заявки» says; what can't be understood is in ``troubles``,
    never raised.
    """
    cell = dict(zip(WORKSHEETS[ORDERS].columns, row, strict=True))
    troubles = _unread(cell, PLAIN)
    phone = attempt(
        "Телефон", lambda: values.spoken_phone(_said(cell["Телефон"]), region), troubles
    )
    order = Order(
        id=values.text(cell["ID"]),
        created=attempt(
            "Дата", lambda: values.moment(cell["Дата"], today=clues.today), troubles
        ),
        source=values.text(cell["Источник"]),
        name=values.text(cell["Имя"]),
        phone=phone.phone if phone else "",
        phone_said=values.phone_words(cell["Телефон"], region)
        if phone and phone.more
        else "",
        category=_category(cell["Категория"], clues.categories, troubles),
        problem=values.text(cell["Проблема"]),
        address=values.text(cell["Адрес"]),
        status=attempt("Статус", lambda: values.status(cell["Статус"]), troubles),
        master=_named(cell["Мастер"], troubles),
        price=attempt("Цена", lambda: values.money(_said(cell["Цена"])), troubles),
        commission=attempt(
            "Комиссия", lambda: values.money(cell["Комиссия"], "Комиссия"), troubles
        ),
        done=attempt(
            "Дата выполнения",
            lambda: values.moment(
                cell["Дата выполнения"], "Дата выполнения", clues.today
            ),
            troubles,
        ),
        comment=values.text(cell["Комментарий"]),
        # an error there is no request to tell the masters again
        told=values.as_shown(cell["Оповещены"]),
        check=values.text(cell["Проверка"]),
        chat=values.address(values.text(cell["Telegram"])),
        key=values.text(cell["Ключ"]),
    )
    master = (
        attempt("Мастер", lambda: roster.find(order.master), troubles)
        if order.master
        else None
    )
    troubles.sort(key=lambda trouble: SAID.index(trouble.column))
    return replace(
        order, master_id=master.id if master else "", troubles=tuple(troubles)
    )


def _said(cell: Cell) -> Cell:
    """Return a cell, empty where a person put a dash for «nothing»."""
    return "" if values.nothing(cell) and not values.is_unread(cell) else cell


def _unread(cell: Mapping[str, Cell], columns: Iterable[str]) -> list[UnclearCell]:
    """Return which of these cells, whose text is taken as it is, show an error or are
    still loading.
    """
    unread = {
        column: values.unread(cell[column], column)
        for column in columns
        if values.is_unread(cell[column])
    }
    return [
        UnclearCell(column, str(why), isinstance(why, values.Loading))
        for column, why in unread.items()
    ]


def _named(cell: Cell, troubles: list[UnclearCell]) -> str:
    """Return the name in «Мастер», as typed."""
    troubles += _unread({"Мастер": cell}, ["Мастер"])
    return values.text(_said(cell))


def _category(cell: Cell, categories: Categories, troubles: list[UnclearCell]) -> str:
    """Return the category by its own name; one that is not known stays as typed, and is
    explained.
    """
    troubles += _unread({"Категория": cell}, ["Категория"])
    typed = values.text(_said(cell))
    return attempt("Категория", lambda: categories.find(typed), troubles) or typed


def read_master(row: Row, region: str = "RU") -> Master:
    """Return what a row of «Мастера» says; what can't be understood is in ``troubles``,
    never raised.
    """
    cell = dict(zip(WORKSHEETS[MASTERS].columns, row, strict=True))
    troubles = _unread(cell, ("Имя", "Telegram", "Специализация"))
    return Master(
        id=values.text(cell["ID"]),
        name=values.text(cell["Имя"]),
        phone=attempt(
            "Телефон", lambda: values.phone(cell["Телефон"], region), troubles
        )
        or "",
        chat=_chat(cell["Telegram"], troubles),
        speciality=values.text(cell["Специализация"]),
        active=bool(attempt("Активен", lambda: values.flag(cell["Активен"]), troubles)),
        percent=attempt(
            "Комиссия, %", lambda: values.percent(cell["Комиссия, %"]), troubles
        ),
        registered=attempt(
            "Дата регистрации",
            lambda: values.moment(cell["Дата регистрации"], "Дата регистрации"),
            troubles,
        ),
        troubles=tuple(troubles),
    )


def _chat(cell: Cell, troubles: list[UnclearCell]) -> Address | None:
    """Return a master's chat; what is no number of one is explained."""
    chat = values.address(values.text(cell))
    if chat is None and not values.is_unread(cell) and not values.nothing(cell):
        unclear = f"Telegram «{values.cut(values.text(cell))}» — не номер чата"
        mend = "очистите ячейку, номер появится сам, когда мастер напишет боту и поделится своим номером"
        troubles.append(UnclearCell("Telegram", f"{unclear}: {mend}"))
    return chat


OF_MASTER = {
    "Имя": "name",
    "Телефон": "phone",
    "Telegram": "chat",
    "Специализация": "speciality",
    "Активен": "active",
    "Комиссия, %": "percent",
    "Дата регистрации": "registered",
}


def understood_master(before: Master | None, row: Row, region: str = "RU") -> Master:
    """Return what a row of «Мастера» says, where it shows an error what it said there
    before.
    """
    after = read_master(row, region)
    if before is None:
        return after
    cell = dict(zip(WORKSHEETS[MASTERS].columns, row, strict=True))
    unread = [
        name for column, name in OF_MASTER.items() if values.is_unread(cell[column])
    ]
    return replace(after, **{name: getattr(before, name) for name in unread})


def read_service(row: Row) -> Service:
    """Return what a row of «Услуги» says; a price that is no number is left out, not
    guessed.
    """
    cell = dict(zip(WORKSHEETS[SERVICES].columns, row, strict=True))
    troubles: list[UnclearCell] = []
    shown = cell["Показывать"]
    return Service(
        category=values.text(cell["Категория"]),
        name=values.text(cell["Услуга"]),
        description=values.text(cell["Описание"]),
        unit=values.text(cell["Единица"]),
        price=attempt("Цена", lambda: values.money(cell["Цена"]), troubles),
        shown=values.is_empty(shown)
        or values.is_unread(shown)
        or bool(
            attempt("Показывать", lambda: values.flag(shown, "Показывать"), troubles)
        ),
    )


CARRIED = {
    "Дата": "created",
    "Телефон": "phone",
    "Статус": "status",
    "Мастер": "master_id",
    "Цена": "price",
    "Комиссия": "commission",
    "Дата выполнения": "done",
}
TAKEN = {
    "Источник": "source",
    "Имя": "name",
    "Категория": "category",
    "Проблема": "problem",
    "Адрес": "address",
    "Мастер": "master",
    "Комментарий": "comment",
    "Telegram": "chat",
}  # what is taken as it stands: only where nobody typed what stands there does it mean what it last meant


def carried(before: Order | None, after: Order) -> Order:
    """Return the order with what can't be understood now meaning what it last meant.

    So does an error in any cell, and one that the sheet is still loading: nothing has
    changed until it can be read.
    """
    if before is None:
        return after
    unclear = {CARRIED[t.column] for t in after.troubles if t.column in CARRIED}
    empty = {
        TAKEN[t.column]
        for t in after.troubles
        if t.column in TAKEN and not getattr(after, TAKEN[t.column])
    }
    unclear |= {"phone_said"} if "phone" in unclear else set()
    return replace(after, **{name: getattr(before, name) for name in unclear | empty})


COLUMNS = WORKSHEETS[ORDERS].columns
PLAIN = ("Источник", "Имя", "Проблема", "Адрес", "Комментарий", "Оповещены", "Telegram")
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
}  # what a cell means on its own; «Мастер» depends on «Мастера», «Оповещены» and «Проверка» are taken as they stand
SAID = (
    "Дата", "Источник", "Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус", "Цена", "Комиссия",
    "Дата выполнения", "Мастер", "Комментарий", "Оповещены", "Telegram",
)  # fmt: skip


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
    kept = _untouched(before, row, clues)
    edited = {
        column: cell
        for column, cell in zip(COLUMNS, row, strict=True)
        if column not in kept
    }
    after = read_order(row_of(ORDERS, edited), roster, region, clues)
    if (
        before
        and after.master == before.master
        and roster.get(before.master_id)
        and not _unclear(before, "Мастер")
    ):
        known = tuple(
            trouble for trouble in after.troubles if trouble.column != "Мастер"
        )
        after = replace(after, master_id=before.master_id, troubles=known)
    return carried(before, _with_untouched(before, after, kept))


def _untouched(before: Order | None, row: Row, clues: Clues) -> frozenset[str]:
    """Return the columns whose cells stand as they stood, and mean what they meant."""
    if before is None or clues.was is None:
        return frozenset()
    cells_now_then = zip(COLUMNS, row, clues.was, strict=True)
    same = {
        column
        for column, now, then in cells_now_then
        if now == then and type(now) is type(then)
    }
    known = same & MEANT.keys()
    return frozenset(known - {"Категория"} if clues.categories.known else known)


def _with_untouched(before: Order | None, after: Order, kept: frozenset[str]) -> Order:
    """Return the order with what its untouched cells meant, and what was unclear in
    them.
    """
    if before is None:
        return after
    troubles = [trouble for trouble in after.troubles if trouble.column not in kept]
    troubles += [trouble for trouble in before.troubles if trouble.column in kept]
    troubles.sort(key=lambda trouble: SAID.index(trouble.column))
    names = [name for column in kept for name in MEANT[column]]
    return replace(
        after,
        troubles=tuple(troubles),
        **{name: getattr(before, name) for name in names},
    )


def bygone(order: Order, today: date) -> bool:
    """Say whether an order that the first reading finds is from before: begun, ended,
    paid, or not of these days.
    """
    unclear = {trouble.column for trouble in order.troubles}
    begun = order.status is not Status.NEW
    paid = (order.price, order.commission, order.done) != (None, None, None)
    old = order.created is not None and order.created.date() < today - timedelta(days=1)
    return (
        begun
        or paid
        or old
        or bool(unclear & {"Дата", "Цена", "Комиссия", "Дата выполнения"})
    )


def from_before(order: Order, row: Row, today: date) -> bool:
    """Say whether a row that comes while the system is at work tells by its own cells
    that it is from the past.

    «Новая», typed, is new whatever else stands there. Of a row without a status a price
    alone is often agreed upon beforehand, and so is a master; both together are of work
    that was done.
    """
    day = today - timedelta(days=1)
    old = any(
        moment is not None and moment.date() < day
        for moment in (order.created, order.done)
    )
    if not values.is_empty(row[WORKSHEETS[ORDERS].index("Статус")]):
        return old and order.status in (Status.DONE, Status.CANCELLED)
    unclear = {trouble.column for trouble in order.troubles}
    ended = (order.commission, order.done) != (None, None) or bool(
        unclear & {"Комиссия", "Дата выполнения"}
    )
    return (
        ended
        or old
        or "Дата" in unclear
        or bool(order.price is not None and order.master)
    )


def past(order: Order, row: Row) -> Order:
    """Return an order from before the first reading: without a status, it is not simply
    Новая.
    """
    if not values.is_empty(row[WORKSHEETS[ORDERS].index("Статус")]):
        return order
    sentence = (
        "Статус не указан: напишите «Новая», если мастерам пора о ней узнать, «В работе», если мастер ещё едет, "
        "иначе «Выполнена» или «Отменена»"
    )
    return replace(
        order, status=None, troubles=(*order.troubles, UnclearCell("Статус", sentence))
    )


def steady(rows: Sequence[Row], before: Sequence[Row]) -> Sequence[Row]:
    """Return a small worksheet's rows, each cell that shows an error or is loading as
    it last stood.

    A row is known by its other cells.
    """
    return [
        _as_it_stood(row, before) if any(map(values.is_unread, row)) else row
        for row in rows
    ]


def _as_it_stood(row: Row, before: Sequence[Row]) -> Row:
    read = [place for place, cell in enumerate(row) if not values.is_unread(cell)]
    return next(
        (
            known
            for known in before
            if all(known[place] == row[place] for place in read)
        ),
        row,
    )


def _unclear(order: Order, column: str) -> bool:
    return any(trouble.column == column for trouble in order.troubles)


def blank(row: Sequence[Cell]) -> bool:
    """Say whether a row holds nothing at all."""
    return all(values.is_empty(cell) for cell in row)
