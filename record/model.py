"""What a row means: orders, masters, services and answers, each with what could not be understood.

Pure. A row is a tuple of cells in the order of its :class:`~record.worksheets.Worksheet` columns, however the
person arranged the columns in the sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from record import values
from record.values import Cell, Status, Trouble, attempt
from record.worksheets import MASTERS, ORDERS, SERVICES, WORKSHEETS, normal

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One client's request. ``master`` is what stands in the cell, ``master_id`` whom it means ("" = nobody)."""

    id: str
    created: datetime | None = None
    source: str = ""
    name: str = ""
    phone: str = ""
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
    chat: int | None = None
    key: str = ""
    troubles: tuple[Trouble, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether there is enough to act on: a phone, and a problem or a category."""
        return bool(self.phone and (self.problem or self.category))

    @property
    def by_hand(self) -> bool:
        """Say whether staff typed the row and the system has not yet given it an ID and a key."""
        return not (self.id and self.key)


@dataclass(frozen=True, slots=True)
class Master:
    """A technician. ``chat`` is the Telegram chat id, ``percent`` overrides the company's commission."""

    id: str
    name: str = ""
    phone: str = ""
    chat: int | None = None
    speciality: str = ""
    active: bool = False
    percent: Decimal | None = None
    registered: datetime | None = None
    troubles: tuple[Trouble, ...] = ()


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
class Roster:
    """The masters, to be found by the names that people type."""

    masters: tuple[Master, ...] = ()
    _by_name: dict[str, list[Master]] = field(default_factory=dict, compare=False, repr=False)
    _by_id: dict[str, Master] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, masters: Iterable[Master]) -> "Roster":
        """Return a roster of these masters."""
        roster = cls(tuple(masters))
        for master in roster.masters:
            if key := _name_key(master.name):
                roster._by_name.setdefault(key, []).append(master)
            roster._by_id[master.id] = master
        return roster

    def get(self, master_id: str) -> Master | None:
        """Return the master with this ID, or None."""
        return self._by_id.get(master_id)

    def active(self) -> tuple[Master, ...]:
        """Return the masters who take orders and can be written to."""
        return tuple(master for master in self.masters if master.active and master.chat)

    def label(self, master: Master) -> str:
        """Return what to write into «Мастер»: the name, with the ID where two masters share it."""
        alike = self._by_name.get(_name_key(master.name), [])
        return master.name if len(alike) < 2 else f"{master.name} (#{master.id})"

    def find(self, typed: str) -> Master:
        """Return the master a person meant by a name in any case, order of words and spacing.

        Raises:
            values.Unclear: nobody or more than one is called so.
        """
        name, _, tail = typed.partition("#")
        if tail and (by_id := self._by_id.get(tail.strip(" )"))):
            return by_id
        key = _name_key(name)
        found = self._by_name.get(key) or self._by_part(key)
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(f"{master.name} (#{master.id})" for master in found)
            raise values.Unclear(f"Мастеров с именем «{values.cut(typed)}» несколько, уточните: {options}")
        raise values.Unclear(f"Мастер «{values.cut(typed)}» не найден на листе «{MASTERS}»{self._nearest(key)}")

    def _by_part(self, key: str) -> list[Master]:
        words = set(key.split())
        return [m for m in self.masters if words and words <= set(_name_key(m.name).split())]

    def _nearest(self, key: str) -> str:
        near = values.nearest(key, self._by_name, at_least=60)
        return f": может быть, «{self._by_name[near[0]][0].name}»?" if near else ""


def _name_key(name: str) -> str:
    return " ".join(sorted(normal(name).replace("(", " ").split()))


def read_order(row: Row, roster: Roster, region: str = "RU") -> Order:
    """Return what a row of «Заявки» says; what can't be understood is in ``troubles``, never raised."""
    cell = dict(zip(WORKSHEETS[ORDERS].columns, row, strict=True))
    troubles: list[Trouble] = []
    order = Order(
        id=values.text(cell["ID"]),
        created=attempt("Дата", lambda: values.moment(cell["Дата"]), troubles),
        source=values.text(cell["Источник"]),
        name=values.text(cell["Имя"]),
        phone=attempt("Телефон", lambda: values.phone(cell["Телефон"], region), troubles) or "",
        category=values.text(cell["Категория"]),
        problem=values.text(cell["Проблема"]),
        address=values.text(cell["Адрес"]),
        status=attempt("Статус", lambda: values.status(cell["Статус"]), troubles),
        master=values.text(cell["Мастер"]),
        price=attempt("Цена", lambda: values.money(cell["Цена"]), troubles),
        commission=attempt("Комиссия", lambda: values.money(cell["Комиссия"], "Комиссия"), troubles),
        done=attempt("Дата выполнения", lambda: values.moment(cell["Дата выполнения"], "Дата выполнения"), troubles),
        comment=values.text(cell["Комментарий"]),
        told=values.text(cell["Оповещены"]),
        check=values.text(cell["Проверка"]),
        chat=values.number(cell["Telegram"]),
        key=values.text(cell["Ключ"]),
    )
    master = attempt("Мастер", lambda: roster.find(order.master), troubles) if order.master else None
    return replace(order, master_id=master.id if master else "", troubles=tuple(troubles))


def read_master(row: Row, region: str = "RU") -> Master:
    """Return what a row of «Мастера» says; what can't be understood is in ``troubles``, never raised."""
    cell = dict(zip(WORKSHEETS[MASTERS].columns, row, strict=True))
    troubles: list[Trouble] = []
    return Master(
        id=values.text(cell["ID"]),
        name=values.text(cell["Имя"]),
        phone=attempt("Телефон", lambda: values.phone(cell["Телефон"], region), troubles) or "",
        chat=values.number(cell["Telegram"]),
        speciality=values.text(cell["Специализация"]),
        active=bool(attempt("Активен", lambda: values.flag(cell["Активен"]), troubles)),
        percent=attempt("Комиссия, %", lambda: values.percent(cell["Комиссия, %"]), troubles),
        registered=attempt(
            "Дата регистрации", lambda: values.moment(cell["Дата регистрации"], "Дата регистрации"), troubles
        ),
        troubles=tuple(troubles),
    )


def read_service(row: Row) -> Service:
    """Return what a row of «Услуги» says; a price that is no number is left out, not guessed."""
    cell = dict(zip(WORKSHEETS[SERVICES].columns, row, strict=True))
    troubles: list[Trouble] = []
    shown = cell["Показывать"]
    return Service(
        category=values.text(cell["Категория"]),
        name=values.text(cell["Услуга"]),
        description=values.text(cell["Описание"]),
        unit=values.text(cell["Единица"]),
        price=attempt("Цена", lambda: values.money(cell["Цена"]), troubles),
        shown=values.is_empty(shown)
        or bool(attempt("Показывать", lambda: values.flag(shown, "Показывать"), troubles)),
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


def carried(before: Order | None, after: Order) -> Order:
    """Return the order with what can't be understood now meaning what it last meant."""
    if before is None:
        return after
    unclear = {CARRIED[t.column]: getattr(before, CARRIED[t.column]) for t in after.troubles if t.column in CARRIED}
    return replace(after, **unclear)


def understood(before: Order | None, row: Row, roster: Roster, region: str = "RU") -> Order:
    """Return what a row says, given what it said before: an unchanged «Мастер» means the same man by any name."""
    after = read_order(row, roster, region)
    if before and after.master == before.master and roster.get(before.master_id) and not _unclear(before, "Мастер"):
        known = tuple(trouble for trouble in after.troubles if trouble.column != "Мастер")
        after = replace(after, master_id=before.master_id, troubles=known)
    return carried(before, after)


def _unclear(order: Order, column: str) -> bool:
    return any(trouble.column == column for trouble in order.troubles)


def cells(title: str, named: dict[str, Cell]) -> Row:
    """Return a row of the worksheet with these cells by header, the others empty."""
    return tuple(named.get(column, "") for column in WORKSHEETS[title].columns)


def blank(row: Sequence[Cell]) -> bool:
    """Say whether a row holds nothing at all."""
    return all(values.is_empty(cell) for cell in row)
