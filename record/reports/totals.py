"""Figures for today, this week, this month and all time. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from record.dispatch.model import Roster
from record.reports.earnings import Sum, begins
from record.values import Cell, Status, in_cell
from record.values.sources import source_name

UNPRICED = "Выполнено без цены"
PERIODS = ("Сегодня", "Неделя", "Месяц", "Всего")


@dataclass(frozen=True)
class Line:
    """What statistics need of one order; money in roubles.

    ``priced`` is False where no price is known: ``price`` is 0 then.
    """

    created: datetime | None
    done: datetime | None
    status: str
    source: str
    master_id: str
    price: Decimal
    commission: Decimal
    priced: bool = True


@dataclass(frozen=True)
class Totals:
    """The rows of «Статистика», and what each master has finished in all, by his ID."""

    rows: list[tuple[Cell, ...]]
    masters: dict[str, Sum]


# by the name of a row, its figure for each period
Table = dict[str, Sequence[Decimal]]
Starts = tuple[date, date, date, date]
NONE_YET = (Decimal(0),) * len(PERIODS)


def count(lines: Iterable[Line], roster: Roster, now: datetime) -> Totals:
    """Return all totals at ``now``, the company's wall clock; weeks begin on Monday.

    Orders are counted by the day they came, finished work and money by the day it was
    done.
    """
    table: Table = defaultdict(lambda: NONE_YET)
    masters: dict[str, Sum] = defaultdict(Sum)
    starts = (*begins(now.date()), date.min)
    for line in lines:
        _count_arrival(table, line, starts)
        if line.status == Status.DONE:
            _count_done(table, masters, line, starts)
    return Totals(_rows(table, masters, roster), dict(masters))


def _add(
    table: Table,
    name: str,
    when: datetime | None,
    starts: Starts,
    value: Decimal = Decimal(1),
) -> None:
    # an order without a date counts in «Всего» only
    day = when.date() if when else date.min
    totals = list(table[name])
    for place, start in enumerate(starts):
        if day >= start:
            totals[place] += value
    table[name] = totals


def _count_arrival(table: Table, line: Line, starts: Starts) -> None:
    _add(table, "Заявок", line.created, starts)
    _add(table, f"Источник: {source_name(line.source)}", line.created, starts)
    if line.status != Status.DONE:
        known = Status.named(line.status)
        _add(table, f"Статус: {known or 'непонятен'}", line.created, starts)


def _count_done(
    table: Table, masters: dict[str, Sum], line: Line, starts: Starts
) -> None:
    when = line.done or line.created
    _add(table, "Выполнено", when, starts)
    if not line.priced:
        _add(table, UNPRICED, when, starts)
    _add(table, "Оборот, ₽", when, starts, line.price)
    _add(table, "Комиссия, ₽", when, starts, line.commission)
    if line.master_id:
        _add(table, f"id:{line.master_id}", when, starts)
        _add(table, f"money:{line.master_id}", when, starts, line.price)
        before = masters[line.master_id]
        masters[line.master_id] = before.plus(line.price, line.commission)


def _rows(
    table: Table, masters: dict[str, Sum], roster: Roster
) -> list[tuple[Cell, ...]]:
    def row(title: str, name: str) -> tuple[Cell, ...]:
        return (title, *[in_cell(value) for value in table.get(name, NONE_YET)])

    fixed = [
        "Заявок",
        "Статус: Новая",
        "Статус: В работе",
        "Выполнено",
        "Статус: Отменена",
        "Оборот, ₽",
        "Комиссия, ₽",
    ]
    rows = [row(name.removeprefix("Статус: "), name) for name in fixed]
    rows.insert(6, ("Средний чек, ₽", *_averages(table)))
    if UNPRICED in table:
        rows.insert(7, row(UNPRICED, UNPRICED))
    rows += [row(name, name) for name in sorted(table) if name.startswith("Источник: ")]
    names = {master.id: roster.label(master) for master in roster.masters}
    for master_id in sorted(masters, key=lambda one: names.get(one, one)):
        name = names.get(master_id, f"мастер {master_id}")
        rows.append(row(f"{name}: выполнено", f"id:{master_id}"))
        rows.append(row(f"{name}: оборот, ₽", f"money:{master_id}"))
    return rows


def _averages(table: Table) -> list[Cell]:
    turnover = table.get("Оборот, ₽", NONE_YET)
    done = table.get("Выполнено", NONE_YET)
    unpriced = table.get(UNPRICED, NONE_YET)
    return [_average(*one) for one in zip(turnover, done, unpriced, strict=True)]


def _average(money: Decimal, done: Decimal, unpriced: Decimal) -> Cell:
    """Return the average price of the orders that have one."""
    priced = done - unpriced
    if not priced:
        return 0
    return in_cell((money / priced).quantize(Decimal("0.01")))
