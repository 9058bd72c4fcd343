"""A row in, an order, a master or a service out, with what can't be understood. Pure.

Nothing here raises for what people type: a cell that can't be understood is explained
in ``troubles``, and all others are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from record import values
from record.dispatch.model import Order, Service
from record.dispatch.roster import Master, Roster
from record.grid.layout import Row
from record.grid.worksheets import MASTERS, ORDERS, SERVICES, WORKSHEETS
from record.values import Address, Categories, Cell, UnclearCell, attempt
from record.values.listed import AGREED, ListedPrice, listed_price

# whose text is taken as it is: only an error of a formula is unclear there
PLAIN = ("Источник", "Имя", "Проблема", "Адрес", "Комментарий", "Оповещены", "Telegram")
# what stands behind a price, in full: 500/м
UNITS = {
    "м": "метр",
    "шт": "штука",
    "ч": "час",
    "м2": "м²",
    "кв. м": "м²",
    "кв м": "м²",
}
# in this order «Проверка» explains what is unclear
EXPLAINED = (
    "Дата", "Источник", "Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус", "Цена", "Комиссия",
    "Дата выполнения", "Мастер", "Комментарий", "Оповещены", "Telegram",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clues:
    """What helps to understand a row beside the row itself.

    ``today``: the day it is read on, for «вчера» and dates without a year. ``was``: how
    the row stood when it was read before.
    """

    today: date | None = None
    categories: Categories = field(default_factory=Categories)
    was: Row | None = None


NO_CLUES = Clues()


def read_order(
    row: Row, roster: Roster, region: str = "RU", clues: Clues = NO_CLUES
) -> Order:
    """Return what a row of «Заявки» says; ``region`` is that of phones without +."""
    cell = dict(zip(WORKSHEETS[ORDERS].columns, row, strict=True))
    troubles = _unread(cell, PLAIN)

    def date_of(column: str) -> datetime | None:
        return attempt(
            column, lambda: values.moment(cell[column], column, clues.today), troubles
        )

    phone, phone_said = _phone(cell["Телефон"], region, troubles)
    master = _named(cell["Мастер"], troubles)
    order = Order(
        id=values.text(cell["ID"]),
        created=date_of("Дата"),
        source=values.text(cell["Источник"]),
        name=values.text(cell["Имя"]),
        phone=phone,
        phone_said=phone_said,
        category=_category(cell["Категория"], clues.categories, troubles),
        problem=values.text(cell["Проблема"]),
        address=values.text(cell["Адрес"]),
        status=attempt("Статус", lambda: values.status(cell["Статус"]), troubles),
        master=master,
        master_id=_master_id(master, roster, troubles),
        price=attempt("Цена", lambda: values.money(_said(cell["Цена"])), troubles),
        commission=attempt(
            "Комиссия", lambda: values.money(cell["Комиссия"], "Комиссия"), troubles
        ),
        done=date_of("Дата выполнения"),
        comment=values.text(cell["Комментарий"]),
        # as shown: an error there is no request to tell the masters again
        told=values.as_shown(cell["Оповещены"]),
        check=values.text(cell["Проверка"]),
        chat=values.address(values.text(cell["Telegram"])),
        key=values.text(cell["Ключ"]),
    )
    return replace(order, troubles=explained(troubles))


def explained(troubles: Iterable[UnclearCell]) -> tuple[UnclearCell, ...]:
    """Return unclear cells of an order in the order in which «Проверка» explains them."""
    return tuple(sorted(troubles, key=lambda trouble: EXPLAINED.index(trouble.column)))


def _phone(cell: Cell, region: str, troubles: list[UnclearCell]) -> tuple[str, str]:
    """Return the phone to call, and the whole cell where that says more."""
    spoken = attempt(
        "Телефон", lambda: values.spoken_phone(_said(cell), region), troubles
    )
    if spoken is None:
        return "", ""
    if not spoken.more:
        return spoken.phone, ""
    return spoken.phone, values.phone_words(cell, region)


def _category(cell: Cell, categories: Categories, troubles: list[UnclearCell]) -> str:
    """Return the category by its own name; one that is not known stays as typed."""
    troubles += _unread({"Категория": cell}, ["Категория"])
    typed = values.text(_said(cell))
    return attempt("Категория", lambda: categories.find(typed), troubles) or typed


def _named(cell: Cell, troubles: list[UnclearCell]) -> str:
    """Return the name in «Мастер», as typed."""
    troubles += _unread({"Мастер": cell}, ["Мастер"])
    return values.text(_said(cell))


def _master_id(name: str, roster: Roster, troubles: list[UnclearCell]) -> str:
    """Return the ID of the master who is called so, "" where nobody is."""
    if not name:
        return ""
    master = attempt("Мастер", lambda: roster.find(name), troubles)
    if master is None:
        return ""
    return master.id


def _said(cell: Cell) -> Cell:
    """Return a cell, empty where a person put a dash for «nothing»."""
    if values.nothing(cell) and not values.is_unread(cell):
        return ""
    return cell


def _unread(cell: Mapping[str, Cell], columns: Iterable[str]) -> list[UnclearCell]:
    """Return which of these cells show an error, or are still loading."""
    found = []
    for column in columns:
        if values.is_unread(cell[column]):
            why = values.unread(cell[column], column)
            passing = isinstance(why, values.Loading)
            found.append(UnclearCell(column, str(why), passing))
    return found


def read_master(row: Row, region: str = "RU") -> Master:
    """Return what a row of «Мастера» says; ``region`` is that of phones without +."""
    cell = dict(zip(WORKSHEETS[MASTERS].columns, row, strict=True))
    troubles = _unread(cell, ("Имя", "Telegram", "Специализация"))
    phone = attempt("Телефон", lambda: values.phone(cell["Телефон"], region), troubles)
    chat = _chat(cell["Telegram"], troubles)
    active = attempt("Активен", lambda: values.flag(cell["Активен"]), troubles)
    percent = attempt(
        "Комиссия, %", lambda: values.percent(cell["Комиссия, %"]), troubles
    )
    registered = attempt(
        "Дата регистрации",
        lambda: values.moment(cell["Дата регистрации"], "Дата регистрации"),
        troubles,
    )
    return Master(
        id=values.text(cell["ID"]),
        name=values.text(cell["Имя"]),
        phone=phone or "",
        chat=chat,
        speciality=values.text(cell["Специализация"]),
        active=bool(active),
        percent=percent,
        registered=registered,
        troubles=tuple(troubles),
    )


def _chat(cell: Cell, troubles: list[UnclearCell]) -> Address | None:
    """Return a master's chat; whatever is no number is explained."""
    chat = values.address(values.text(cell))
    if chat is None and not values.is_unread(cell) and not values.nothing(cell):
        unclear = f"Telegram «{values.cut(values.text(cell))}» — не номер чата"
        mend = "очистите ячейку, номер появится сам, когда мастер напишет боту и поделится своим номером"
        troubles.append(UnclearCell("Telegram", f"{unclear}: {mend}"))
    return chat


def read_service(row: Row) -> Service:
    """Return what a row of «Услуги» says; a price that is unclear is shown as typed."""
    cell = dict(zip(WORKSHEETS[SERVICES].columns, row, strict=True))
    # «Услуги» has no «Проверка» that could explain them: the admin is told
    troubles: list[UnclearCell] = []
    listed = attempt("Цена", lambda: listed_price(cell["Цена"]), troubles)
    if listed is None:
        typed = values.cut(values.text(cell["Цена"]))
        listed = ListedPrice(typed or AGREED, None)
    unclear = next((one.sentence for one in troubles if not one.passing), "")
    return Service(
        category=values.text(cell["Категория"]),
        name=values.text(cell["Услуга"]),
        description=values.text(cell["Описание"]),
        unit=values.text(cell["Единица"]) or UNITS.get(listed.unit, listed.unit),
        price=listed.least,
        shown=_is_shown(cell["Показывать"], troubles),
        cost=listed.shown,
        is_open=listed.is_open,
        unclear=unclear,
    )


def unclear_prices(rows: Iterable[Row]) -> list[str]:
    """Return which lines of «Услуги» have a price that nobody understands, and why."""
    return [
        f"«{values.cut(service.name)}» — {service.unclear}"
        for service in map(read_service, rows)
        if service.unclear and service.name
    ]


def _is_shown(cell: Cell, troubles: list[UnclearCell]) -> bool:
    if values.is_empty(cell) or values.is_unread(cell):
        return True
    ticked = attempt("Показывать", lambda: values.flag(cell, "Показывать"), troubles)
    return bool(ticked)
